"""Outputs -> the published folder, so that whoever reads it meanwhile never sees half a file or half a site for long.

What differs is staged beside the output, in `.NAME.broadsheet/`, which one build at a time holds by a lock. A journal
then names what is moved and what is removed. The moves are by rename, in an order in which nothing refers to what is
not there:

1. what is new, which nothing that can be reached refers to yet: assets, articles, other pages, feeds;
2. what is replaced: assets, articles, listings, the home page, then feeds, the sitemap and what else machines read;
3. what has gone is removed, then the manifest is moved, then the journal is dropped.

Where there is no output yet, the stage itself, with the manifest in it, becomes the output by one rename.

**A kill**, at any instant: each file is whole, old or new. Before the journal the output is as it was, and the next run
throws the stage away; from then on the next run first does what the journal still has to do. **An error** of the system
before the journal: the same at once. After it: it is tried again, twice; then `output/unfinished` says that the site is
between two states, and the next run goes on. **A power cut**: what is staged, the manifest and the journal are
flushed before the first move, so that what was whole is whole afterwards, on file systems that keep the order of
changes to names (ext4, XFS, Btrfs, ZFS, APFS, NTFS). An output that is made for the first time is not flushed: nothing
was whole before, and the next build compares it with what it makes.

Only files that the manifest lists are ever replaced or removed, and no link leads out of the output.
"""

from __future__ import annotations

import errno
import os
import signal
import stat
import threading
import time
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache, partial
from pathlib import Path

from msgspec import Struct

from broadsheet.build import ground, journal, lock
from broadsheet.build.ground import Folders, Lies, parents, status
from broadsheet.build.journal import Journal
from broadsheet.build.manifest import MANIFEST, Manifest, first_ids, load, manifest, workspaces
from broadsheet.build.refusal import PublishError, leads_out, not_ours, not_writable, unfinished
from broadsheet.build.stage import Stage, write

__all__ = [
    "MANIFEST",
    "Press",
    "PublishError",
    "Published",
    "clean",
    "first_ids",
    "is_pending",
    "manifest",
    "publishing",
]

_PAUSES = (0.0, 0.1, 0.4)
"""Seconds before each time that the moves are tried: another program may hold a file for a moment."""
_NO_PLACE = (errno.EXDEV, errno.EBUSY, errno.EEXIST, errno.ENOTEMPTY)
"""The stage cannot become the output as a whole, but its files may move there."""
_DATED = 4, 2
"""Digits of the year and the month that an article's address begins with."""


class Published(Struct, frozen=True):
    """What was done."""

    files: int
    changed: tuple[str, ...]
    """The files that were written, in order."""
    removed: int

    @property
    def written(self) -> int:
        """How many were written."""
        return len(self.changed)


class Press(Struct, frozen=True):
    """An output that is held by this process, and a stage for what it is to become."""

    output: Path
    workspace: str
    stage: Stage
    """May be sent to other processes (it pickles to two paths), which then stage files themselves."""
    staging: Path
    manifest: Callable[[], Manifest]
    """Reads the output's, once, where it is asked for. Raises `PublishError`."""
    has_waited: bool = False
    """Another process published there just before."""

    @property
    def known(self) -> Manifest:
        """What the manifest says."""
        return self.manifest()

    @property
    def ours(self) -> frozenset[str]:
        """The files that the manifest lists."""
        return self.known.files

    @property
    def ids(self) -> Mapping[str, str]:
        """The first id in feeds that each page had, by its file."""
        return self.known.ids

    def scratch(self) -> str:
        """A folder for what is wanted as long as the output is held. Raises `PublishError`."""
        folder = Path(self.workspace, _staging())
        try:
            folder.mkdir()
        except OSError as error:
            raise not_writable(str(self.output), error) from error
        return str(folder)

    def put(self, file: str, data: bytes) -> bool:
        """Stage the file, unless the output has these bytes at its path already; True where it is staged.

        Raises `PublishError`.
        """
        return self.stage.put(file, data)

    def put_pieces(self, file: str, pieces: Iterable[bytes]) -> bool:
        """As `put`, of a file that is too long to be in memory."""
        return self.stage.put_pieces(file, pieces)

    def commit(self, files: Collection[str], changed: Iterable[str], ids: Mapping[str, str] | None = None) -> Published:
        """Make the output hold these files and no other of ours; `changed` are those that were staged.

        `ids` are those of the items in feeds, by the file of the page. The manifest keeps the first that a page had, so
        that the audit sees where one changes. Raises `PublishError`: see `is_unfinished` there.
        """
        wanted = frozenset(files) - {MANIFEST}
        moves = frozenset(changed) - {MANIFEST}
        kept = {file: number for file, number in {**(ids or {}), **self.ids}.items() if file in wanted}
        new = Manifest(wanted, kept)
        gone = self.ours - wanted
        if moves or gone or new != self.known:
            try:
                self._commit(new, moves, gone)
            except OSError as error:
                raise not_writable(str(self.output), error) from error
        return Published(len(wanted), tuple(sorted(moves)), len(gone))

    def renew(self, changed: Iterable[str], files: int) -> Published:
        """As `commit`, where the output has the same files of ours, so many, and ids as before: its manifest stays."""
        moves = frozenset(changed)
        if moves:
            try:
                with _uninterrupted():
                    self._replace(moves, ours=moves)
            except OSError as error:
                raise not_writable(str(self.output), error) from error
        return Published(files, tuple(sorted(moves)), 0)

    def _commit(self, new: Manifest, moves: frozenset[str], gone: frozenset[str]) -> None:
        is_told = new != self.known
        if is_told:
            write(f"{self.staging}/{MANIFEST}", bytes(new))
        with _uninterrupted():
            if self.stage.is_first and _found(self.staging, self.output):
                return
            self.output.mkdir(parents=True, exist_ok=True)
            before, after = _removals(str(self.output), new.files, moves, gone)
            self._replace(moves, self.ours, before, after, [MANIFEST] if is_told else [])

    def _replace(
        self,
        moves: frozenset[str],
        ours: frozenset[str],
        before: frozenset[str] = frozenset(),
        after: frozenset[str] = frozenset(),
        last: Sequence[str] = (),
    ) -> None:
        """Move what is staged into place, by a journal: what goes before, what after, and what is moved last."""
        output = str(self.output)
        _check(output, ours, moves, before)
        order = sorted(moves, key=lambda file: _rank(file, is_new=file not in ours))
        staged = tuple((file, self.stage.find(file)) for file in order)
        plan = Journal(self.staging.name, tuple(sorted(before)), staged, tuple(_last_first(after)))
        journal.flush(str(self.staging), [*(place for _, place in staged), *last])
        journal.record(self.workspace, plan)
        _carry_out(output, self.workspace, plan)


@contextmanager
def publishing(output: Path, on_wait: lock.Waiting | None = None) -> Iterator[Press]:
    """Hold the output, end what a killed run began, and stage what the output is to become.

    Waits while another process publishes there; `on_wait` is then called once, with that one's number (0 where it is
    not known). What is staged and not committed is thrown away. Raises `PublishError`.
    """
    with _held(output, on_wait) as (workspace, has_waited):
        try:
            staging = Path(workspace, _staging())
            staging.mkdir()
            stage = Stage(str(output), str(staging), is_first=ground.is_empty(str(output)))
            press = Press(output, workspace, stage, staging, cache(partial(_manifest, output)), has_waited)
        except OSError as error:
            raise not_writable(str(output), error) from error
        yield press


def _manifest(output: Path) -> Manifest:
    try:
        return load(output)
    except OSError as error:
        raise not_writable(str(output), error) from error


def _staging() -> str:
    """A name of a folder that is removed when the output is let go, or by the next to hold it (`journal.STAGING`)."""
    return f"staged-{os.urandom(4).hex()}"


def is_pending(output: Path) -> bool:
    """A build is publishing there, or was killed while it did: what the output holds is not to be relied on."""
    try:
        return status(_workspace(output)) is not None
    except OSError:
        return True


def clean(output: Path) -> int:
    """Remove what is ours from the output; how many files. Raises OSError and `PublishError`."""
    if not output.is_dir():
        return 0
    with _held(output, None):
        ours = load(output).files
        journal.remove(str(output), [*_last_first(ours), *([MANIFEST] if ours else [])])
    return len(ours)


@contextmanager
def _held(output: Path, on_wait: lock.Waiting | None) -> Iterator[tuple[str, bool]]:
    """The workspace of an output, locked, with nothing in it that an earlier run left; and whether we waited for it."""
    try:
        workspace = _workspace(output)
        made = [folder for folder in Path(workspace).parents if status(str(folder)) is None]
        held = _acquired(workspace, on_wait)
    except OSError as error:
        raise not_writable(str(output), error) from error
    try:
        try:
            Path(workspace).mkdir(parents=True, exist_ok=True)  # the lock lies elsewhere where the file system has none
            _recover(str(output), workspace)
        except OSError as error:
            raise not_writable(str(output), error) from error
        yield workspace, held.has_waited
    finally:
        _leave(held, workspace, made)


def _acquired(workspace: str, on_wait: lock.Waiting | None) -> lock.Lock:
    try:
        return lock.acquire(workspace, on_wait)
    except BaseException:  # an interrupt, too, leaves nothing behind
        with suppress(OSError):
            Path(workspace).rmdir()
        raise


def _workspace(output: Path) -> str:
    """Beside the output, or within it where a file cannot be moved from there to here, or nobody may write there."""
    path = str(output)
    beside, within = workspaces(output)
    found = status(os.path.realpath(path))
    if found is not None and not stat.S_ISDIR(found.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path)
    is_apart = found is not None and (
        not os.access(beside.parent, os.W_OK | os.X_OK) or _is_apart(beside.parent, output)
    )
    workspace = str(within if is_apart else beside)
    found = status(workspace)
    if found is not None and not stat.S_ISDIR(found.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), workspace)
    return workspace


def _is_apart(above: Path, output: Path) -> bool:
    """The output is a mount: of another file system, or a part of the same one, which only a rename tells.

    So we ask to rename what is not there. Linux looks at the mounts before it looks for the file.
    """
    if above.stat().st_dev != output.stat().st_dev:
        return True
    nothing = f".broadsheet-{os.urandom(4).hex()}"
    try:
        (above / nothing).rename(output / nothing)
    except OSError as error:
        return error.errno == errno.EXDEV
    return False


def _recover(output: str, workspace: str) -> None:
    """End what a journal says, and throw away what has none."""
    plan = journal.recorded(workspace)
    if plan is not None and status(output) is not None:
        try:
            left = journal.left(workspace, plan)
            _check(output, load(Path(output)).files, left, frozenset(plan.before))
        except OSError as error:
            raise unfinished(output, error) from error
        with _uninterrupted():
            _carry_out(output, workspace, plan)
    journal.drop(workspace)
    _clear(workspace)


def _carry_out(output: str, workspace: str, plan: Journal) -> None:
    failure = None
    for pause in _PAUSES:
        time.sleep(pause)
        try:
            journal.carry_out(output, workspace, plan)
        except OSError as error:
            failure = error
        else:
            journal.drop(workspace)
            return
    if failure is not None:
        raise unfinished(output, failure) from failure


def _leave(held: lock.Lock, workspace: str, made: Iterable[Path]) -> None:
    """Remove the stage, unless a journal needs it; the lock; and the folders that were made for them and are empty."""
    with _uninterrupted():
        with suppress(OSError):
            if status(f"{workspace}/{journal.NAME}") is None:
                _clear(workspace)
        lock.release(held)
        with suppress(OSError):
            for folder in (Path(workspace), *made):
                folder.rmdir()


def _clear(workspace: str) -> None:
    """Remove stages. Nothing else in the folder is touched, for anybody may have made it."""
    for folder in Path(workspace).iterdir():
        if journal.STAGING.fullmatch(folder.name):
            ground.remove(str(folder))


def _found(staging: Path, output: Path) -> bool:
    """Let the stage become the output; False where that cannot be, and its files are to be moved. Raises OSError."""
    place = status(str(output))
    if place is not None:
        ours = staging.lstat()
        # Somebody made the folder as they wanted it.
        if any(getattr(place, name) != getattr(ours, name) for name in ("st_mode", "st_uid", "st_gid")):
            return False
    try:
        staging.rename(output)
    except OSError as error:
        if error.errno in _NO_PLACE:
            return False
        raise
    return True


def _removals(
    output: str, files: frozenset[str], moves: frozenset[str], gone: frozenset[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """What goes before anything is moved, and what goes after.

    Before: that in whose place a folder comes, that in whose folder's place a file comes, and a name that the file
    system takes for that of a file that comes (`A.html` and `a.html`). Where that file is there already, nothing goes.
    """
    folders = {folder for file in moves for folder in parents(file)}
    before = {file for file in gone if file in folders or not moves.isdisjoint(parents(file))}
    stays: set[str] = set()
    for old, file in _twins(gone, files):
        there, here = status(f"{output}/{old}"), status(f"{output}/{file}")
        if there is not None and here is not None and os.path.samestat(there, here):
            (before if file in moves else stays).add(old)
    return frozenset(before), gone - before - stays


def _twins(gone: frozenset[str], files: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Those that go, each with the one that a file system may take for it."""
    by_name = {_folded(file): file for file in gone}
    if by_name:
        for file in files:
            old = by_name.get(_folded(file))
            if old is not None:
                yield old, file


def _folded(file: str) -> str:
    return unicodedata.normalize("NFC", file).casefold()


def _check(output: str, ours: frozenset[str], moves: Iterable[str], before: frozenset[str]) -> None:
    """Raises `PublishError` where what is not ours is in the way of a move, or a link leads out; and OSError."""
    folders = Folders(output)
    emptied = {folder for file in before for folder in parents(file)}
    for file in sorted(moves):
        for folder in parents(file):
            lies = folders.lies(folder)
            if lies is Lies.HERE:
                break
            if lies is Lies.OUTSIDE:
                raise leads_out(output, f"{output}/{folder}")
            if lies is Lies.FILE and folder not in before:
                raise not_ours(output, folder)
        found = status(f"{output}/{file}")
        if found is None:
            continue
        if stat.S_ISDIR(found.st_mode):
            _check_folder(output, file, before, emptied)
        elif file not in ours:
            raise not_ours(output, file)


def _check_folder(output: str, folder: str, before: frozenset[str], emptied: Collection[str]) -> None:
    """All in it goes, and so it can go itself."""
    folders = [folder]
    for path in folders:
        if path not in emptied:
            raise not_ours(output, f"{path}/")
        with os.scandir(f"{output}/{path}") as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                name = f"{path}/{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    folders.append(name)
                elif name not in before:
                    raise not_ours(output, name)


def _rank(file: str, is_new: bool) -> tuple[bool, int, str]:
    """Sorts before whatever refers to it."""
    return not is_new, _kind(file), file


def _last_first(files: Iterable[str]) -> list[str]:
    """In the order in which they go: nothing before what refers to it."""
    return sorted(files, key=lambda file: (-_kind(file), file))


def _kind(file: str) -> int:
    """An asset, an article's page, another page, the home page, or what machines read."""
    if file.endswith(".html"):
        year, _, rest = file.partition("/")
        month, _, name = rest.partition("/")
        is_article = (len(year), len(month)) == _DATED and (year + month).isdigit() and name.endswith("/index.html")
        return 1 if is_article else 3 if file == "index.html" else 2
    return 4 if file.endswith((".xml", ".json", ".txt")) else 0


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C waits until the files that belong together are all in place."""
    pressed = []
    is_main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, lambda *_: pressed.append(True)) if is_main else None
    try:
        yield
    finally:
        if is_main:
            signal.signal(signal.SIGINT, before)
    if pressed:
        raise KeyboardInterrupt
