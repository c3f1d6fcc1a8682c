"""Seeing that a site was edited: as the system tells, where the library watchfiles is there, else by looking again.

What is told is only that something changed. What that was, the build finds out.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct

from broadsheet.build.stamps import Stamp, stamp_of

QUIET = 5
"""Milliseconds without a change, after which an editor is done. What it does still later is another change."""
LONGEST = 100
"""Milliseconds for which a burst of changes is waited for."""
PATIENCE = 200
"""Milliseconds after which a look is taken, though nothing was told, at what came while the watch was being set up."""
SHARE = 10
"""When looking again, what part of the time is spent on it: 1 of 10."""
SHORTEST, SLOWEST = 0.05, 2.0
"""Seconds between two looks."""
LATEST = 8
"""Files that changed last, which are likely to change next: when looking again, they are looked at each time."""


class Sources(Struct, frozen=True):
    """What a site is made of. Paths are absolute, and need not exist."""

    trees: tuple[Path, ...]
    files: tuple[Path, ...]

    def concern(self, path: Path) -> bool:
        """Whether a change of this path may change the site."""
        tree = next((tree for tree in self.trees if path.is_relative_to(tree)), None)
        return path in self.files if tree is None else not any(map(is_noise, path.relative_to(tree).parts))

    def folders(self) -> list[Path]:
        """The folders that are there, with those in which a tree or a file may appear. Links are not followed."""
        above = {path.parent for path in (*self.trees, *self.files)}
        below = (Path(folder) for tree in self.trees for folder, _ in _walk(str(tree)))
        return sorted({*(folder for folder in above if folder.is_dir()), *below})

    def look(self) -> dict[str, Stamp]:
        """Each file with its stamp."""
        found = {entry.path: _stamp(entry) for tree in self.trees for _, files in _walk(str(tree)) for entry in files}
        return found | {str(path): _stamp(path) for path in self.files}


def sources(source: Path, config: Path, themes: list[Path]) -> Sources:
    """Of a site in the folder `source`; `themes` are the folders where themes are looked for.

    The configuration and themes may be links: what these lead to now is watched too.
    """
    own = [source / name for name in ("content", "themes", "templates", "static")]
    each = [theme for folder in themes if folder.is_dir() for theme in folder.iterdir()]
    behind = [theme.resolve() for theme in each if theme.is_symlink()]
    described = [file.resolve() for theme in each if (file := theme / "theme.yaml").is_symlink()]
    trees = dict.fromkeys(Path(os.path.abspath(path)) for path in (*own, *themes, *behind))  # noqa: PTH100 -- links stay
    files = dict.fromkeys([Path(os.path.abspath(config)), config.resolve(), *described])  # noqa: PTH100
    return Sources(tuple(trees), tuple(files))


def is_noise(name: str) -> bool:
    """Whether a file of this name is an editor's: a backup, a lock, a copy that is about to be renamed.

    What else is hidden is of no interest either; a hidden file in `static/` is published by the next build.
    """
    return (name.startswith((".", "#")) and name != ".well-known") or name.endswith(_BACKUPS) or name == _PROBE


_BACKUPS = ("~", ".bak", ".orig", ".swp", ".tmp", "___jb_tmp___", "___jb_old___")
_PROBE = "4913"  # by which vim finds out whether it can write


def _walk(tree: str) -> Iterator[tuple[str, list[os.DirEntry[str]]]]:
    """Each folder of a tree with its files."""
    if os.path.islink(tree):  # noqa: PTH114 -- paths are text here, as the system hands them out
        return
    try:
        entries = [entry for entry in os.scandir(tree) if not is_noise(entry.name)]
    except OSError:
        return
    yield tree, [entry for entry in entries if not entry.is_dir(follow_symlinks=False)]
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path)


def _stamp(of: os.DirEntry[str] | Path) -> Stamp:
    try:
        found = of.stat(follow_symlinks=False)
    except OSError:
        return 0, 0, 0, 0  # gone since
    return stamp_of(found)


def watch(
    watched: Sources, changed: threading.Event, *, is_polling: bool = False, say: Callable[[str], None] = lambda _: None
) -> Callable[[], None]:
    """Set `changed` from now on whenever a source changed, until what is returned is called.

    `say` is told once how that is done, a sentence.
    """
    seen = watched.look()  # before anything else, so that no change is missed
    stop = threading.Event()

    def follow() -> None:
        try:
            if not is_polling:
                _be_told(watched, changed, stop, seen, say)
                return
            why = ""
        except ModuleNotFoundError:
            from broadsheet import extras

            why = f" The library watchfiles would tell at once. {extras.remedy('serve')}."
        except (OSError, RuntimeError) as error:  # too many folders for the system, a name that is not UTF-8
            why = f" The system does not tell of changes: {error}."
        say(f"Looking for changes again and again.{why}")
        _look_again(watched, changed, stop, seen)

    threading.Thread(target=follow, name="watch", daemon=True).start()
    return stop.set


def _be_told(
    watched: Sources,
    changed: threading.Event,
    stop: threading.Event,
    seen: dict[str, Stamp],
    say: Callable[[str], None],
) -> None:
    """By watchfiles. Raises ModuleNotFoundError, OSError, RuntimeError where that cannot be.

    Each folder is watched for itself: a watch of whole trees would follow links out of them.
    """
    import watchfiles

    say("The system tells of changes.")
    while not stop.is_set():
        folders = watched.folders()
        is_new = True
        for changes in watchfiles.watch(
            *folders,
            watch_filter=None,
            debounce=LONGEST,
            step=QUIET,
            stop_event=stop,
            rust_timeout=PATIENCE,
            yield_on_timeout=True,
            raise_interrupt=False,
            recursive=False,
            ignore_permission_denied=True,
        ):
            paths = [Path(path) for _, path in changes]
            if any(map(watched.concern, paths)) or (is_new and watched.look() != seen):
                changed.set()
            is_new = False
            if any(path in folders or path.is_dir() for path in paths if watched.concern(path)):
                # Of a new folder, what was put into it at once was not told: so there is a difference in any case.
                seen = {}
                break


def _look_again(watched: Sources, changed: threading.Event, stop: threading.Event, seen: dict[str, Stamp]) -> None:
    pause = 0.0
    latest: list[str] = []
    while not stop.wait(SHORTEST):
        pause -= SHORTEST
        if pause > 0:
            few = {path: _stamp(Path(path)) for path in latest}
            now = seen if few.items() <= seen.items() else seen | few
        else:
            started = time.thread_time()  # of the processor: a look that had to wait for a build cost no more
            now = watched.look()
            pause = min((SHARE - 1) * (time.thread_time() - started), SLOWEST)
        if now is not seen and now != seen:
            new = [path for path, stamp in now.items() if seen.get(path) != stamp]
            latest = list(dict.fromkeys([*new, *latest]))[:LATEST]
            seen = now
            changed.set()
