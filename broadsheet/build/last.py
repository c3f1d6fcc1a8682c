"""What the last build of a site did, and whether it need be done again.

Nothing here imports what a build needs, so that a build with nothing to do is over before that would be loaded.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from broadsheet.build.cache import FOLDER, Cache, CacheDamagedError, existing
from broadsheet.build.inputs import Inputs, look, program
from broadsheet.build.manifest import MANIFEST, workspaces
from broadsheet.build.stamps import packed, stamp
from broadsheet.digest import digest

FOREVER = "9999"
"""After all instants."""
MANY = 2_000
"""Files of an output that are worth a process to look at them."""
_YES, _NO = b"y", b"n"


class Asked(NamedTuple):
    """What a build is asked for, as far as another answer has a cache of its own."""

    source: Path
    config: Path
    output: Path
    base_url: str | None
    drafts: bool
    future: bool

    def cache_file(self) -> Path:
        """Where its cache lies."""
        said = [str(self.config.absolute()), str(self.output.absolute()), self.base_url, self.drafts, self.future]
        return self.source / FOLDER / f"build-{digest(repr(said).encode('utf-8', 'surrogatepass')).hex()}.sqlite"


class Last(NamedTuple):
    """A build that published everything it was asked to."""

    inputs: str
    """Digest of what it was made from; empty where that cannot be told by stamps."""
    settings: str
    """Digest of what every article was prepared by."""
    since: str
    """Instants from which and before which a build would do the same."""
    before: str
    articles: int
    files: int
    drafts: int
    future: tuple[str, ...]
    """Instants at which articles are due, as people read them."""
    left: str = ""
    """Digest of its output, as `Noted` has that."""


class Noted(NamedTuple):
    """What a build noted."""

    last: Last
    files: bytes
    """Those of its output, one a line."""
    stamps: bytes
    """Theirs, as `stamps_of` has them."""


class Glance(NamedTuple):
    """What lies there now, and what the last build left."""

    inputs: Inputs
    noted: Noted | None = None
    """None where its output is not as it left it, or where what is due has changed."""

    @property
    def unchanged(self) -> Last | None:
        """The last build, where another would do nothing."""
        digest = self.inputs.digest.hex()
        return self.noted.last if self.noted and digest and self.noted.last.inputs == digest else None


def glance(asked: Asked, now: datetime, *, is_alone: bool = False) -> Glance | None:
    """Look around; None where that fails, so that the build may say why. `is_alone`: this process has one thread."""
    try:
        found = _lasting(asked, instant(now))
        if found is None:
            return Glance(look(asked.source, asked.config))
        files = files_in(found.files)
        ask = partial(_is_left, asked.output, files, found.stamps)
        is_left = meanwhile(ask) if is_alone and len(files) >= MANY else ask
        inputs = look(asked.source, asked.config)
        is_held = any(map(os.path.lexists, workspaces(asked.output)))
        return Glance(inputs, found if is_left() and not is_held else None)
    except (OSError, sqlite3.Error, CacheDamagedError):
        return None


def _lasting(asked: Asked, now: str) -> Noted | None:
    """What the last build noted, where time alone does not ask for another. Raises `CacheDamagedError`."""
    cache = existing(asked.cache_file(), program())
    if cache is None:
        return None
    with cache:
        found = noted(cache)
    return found if found and found.last.since <= now < found.last.before else None


def _is_left(output: Path, files: list[str], stamps: bytes) -> bool:
    return stamps_of(output, files) == stamps


def meanwhile(ask: Callable[[], bool]) -> Callable[[], bool]:
    """A question, which a process of its own answers meanwhile; where there can be none, who asks it answers it.

    For a process of one thread only: another could hold a lock that nobody in the new process would ever let go.
    """
    if not hasattr(os, "fork"):  # on Windows
        return ask
    reading, writing = os.pipe()
    try:
        child = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        return ask
    if child == 0:
        try:
            os.write(writing, _YES if ask() else _NO)
        finally:
            os._exit(0)
    os.close(writing)

    def answer() -> bool:
        with open(reading, "rb") as pipe:  # noqa: PTH123 -- it has no path
            said = pipe.read()
        os.waitpid(child, 0)
        return said == _YES if said else ask()

    return answer


def noted(cache: Cache) -> Noted | None:
    """What the last build noted, where it can be relied on. Raises `CacheDamagedError`."""
    last = _last(cache)
    return Noted(last, cache.sealed("files"), cache.sealed("stamps")) if last else None


def is_still_noted(cache: Cache, before: Noted) -> bool:
    """Whether no other build has ended since that was noted. Raises `CacheDamagedError`."""
    return _last(cache) == before.last


def _last(cache: Cache) -> Last | None:
    data = cache.sealed("last")
    if not data:
        return None
    last = Last(*json.loads(data))
    return last._replace(future=tuple(last.future))


def remember(cache: Cache, done: Noted) -> None:
    """Note what a build did."""
    last = done.last._replace(left=digest(done.files, done.stamps).hex())
    cache.put_sealed("last", json.dumps(last).encode())
    cache.put_sealed("files", done.files)
    cache.put_sealed("stamps", done.stamps)


def forget(cache: Cache) -> None:
    """Note that there is no build to rely on."""
    cache.put_sealed("last", b"")


def named(files: Iterable[str]) -> bytes:
    """Files of an output, one a line."""
    return "\n".join(files).encode("utf-8", "surrogatepass")


def files_in(names: bytes) -> list[str]:
    """The files of an output, and its manifest at the end."""
    return [*names.decode("utf-8", "surrogatepass").split("\n"), MANIFEST]


def stamps_of(output: Path, files: Iterable[str]) -> bytes:
    """The stamps of files in an output as they are now, as `packed` has them."""
    root = str(output)
    return packed(*[stamp(f"{root}/{file}") for file in files])


def stamped_anew(output: Path, before: Noted, changed: Iterable[str]) -> bytes:
    """As `stamps_of`, where only these files and the manifest have changed since `before` was noted."""
    places = {file: n for n, file in enumerate(files_in(before.files))}
    size = len(before.stamps) // len(places)
    made = bytearray(before.stamps)
    for file in (*changed, MANIFEST):
        at = places[file] * size
        made[at : at + size] = stamps_of(output, [file])
    return bytes(made)


def instant(moment: datetime) -> str:
    """An instant as a text that sorts by time."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
