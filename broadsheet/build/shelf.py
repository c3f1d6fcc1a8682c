"""The articles of a site, prepared: from the cache where nothing has changed, else by the workers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from broadsheet.build import codec
from broadsheet.build.cache import Cache, CacheDamagedError, Kept
from broadsheet.build.content import Progress, original, with_data
from broadsheet.build.files import FINGERPRINT, MARKDOWN, Content
from broadsheet.build.inputs import Inputs
from broadsheet.build.preparing import STEPS, Desk, Made, prepare_all
from broadsheet.build.profile import Profile
from broadsheet.build.sheets import thin
from broadsheet.build.workers import CHUNK, Crew
from broadsheet.problem import Problem
from broadsheet.site.entry import Compared, Entry

T = TypeVar("T")


class Shelf(Struct, frozen=True):
    """All articles of a site."""

    kept: Mapping[str, Kept]
    """By path, without their entries; drafts that are not asked for are among them."""
    entries: Mapping[str, Entry]
    """By path, of those that may be published."""
    problems: tuple[Problem, ...]

    def compared(self, path: str) -> Compared:
        """What could be compared of an article."""
        return compared_of(self.kept[path])

    @property
    def drafts(self) -> int:
        """How many drafts are held back."""
        return len(self.kept) - len(self.entries)


class Preparing(Struct, frozen=True):
    """What articles are prepared with."""

    cache: Cache
    crew: Crew
    desk: Desk
    settings: bytes
    """What stands for all that they are prepared by, apart from their files and the program."""
    inputs: Inputs
    content: Content
    progress: Progress
    profile: Profile


def fill(given: Preparing) -> Shelf:
    """The articles of a site; what is new goes into the cache. Raises `CacheDamagedError`."""
    paths = given.content.articles
    kept: dict[str, Kept] = {}
    entries: dict[str, Entry] = {}
    gone: list[str] = []
    wanted = dict.fromkeys(paths, b"")
    before = dict(given.cache.articles())
    scattered = thin(known.leaf for known in before.values() if known.leaf)
    for path, known in before.items():
        if path not in wanted:
            gone.append(path)
        elif known.leaf not in scattered and known.settings == given.settings:
            kept[path] = known
            wanted[path] = known.source
            if known.stamp == _stamp(given, path) != b"":
                del wanted[path]
    problems: list[Problem] = []
    done = 0
    desk = given.desk if given.crew.is_far else replace(given.desk, sheets=given.cache.sheets.folder)
    for chunk in _prepared(given, desk, wanted):
        done += len(chunk)
        given.progress("Reading", done, len(wanted))
        problems += [problem for made in chunk for problem in made.problems]
        gone += [made.path for made in chunk if made.problems]
        _keep(given, kept, chunk)
        _unpack([made.path for made in chunk if not made.problems], kept, entries)  # while the next ones are prepared
    for path in gone:
        kept.pop(path, None)
    given.cache.drop(gone)
    _unpack(kept, kept, entries)
    return Shelf(kept, {path: entries[path] for path in paths if path in entries}, tuple(problems))


def _unpack(paths: Iterable[str], kept: dict[str, Kept], entries: dict[str, Entry]) -> None:
    """Take the entries of these articles, drafts apart, out of what is kept: each is in memory once."""
    for path in paths:
        if kept[path].entry:
            entries[path] = entry_of(path, kept[path])
            kept[path] = kept[path]._replace(entry=b"")


class Retaken(Struct, frozen=True):
    """Articles prepared again, of which the rest of the site need not know."""

    kept: Mapping[str, Kept]
    """By path."""
    lines: Mapping[str, tuple[str, str]]
    """By path, the line of the bill as it was and as it is, where it is another."""
    compared: Mapping[str, tuple[Compared, Compared]]
    """By path, what could be compared before and now, where it is another; of withdrawn ones there is nothing."""


def retake(given: Preparing, changed: Iterable[str]) -> Retaken | None:
    """The articles to which files belong, prepared again.

    None where the rest of the site has to know of it: one has problems, is new, or is not what it was in listings.
    """
    paths = dict.fromkeys(path.removesuffix(FINGERPRINT).removesuffix(MARKDOWN) + MARKDOWN for path in changed)
    known = {path: it for path in paths if path in given.content.stamps and (it := given.cache.article(path))}
    if len(known) < len(paths):
        return None
    kept, lines, compared = dict(known), {}, {}
    wanted = {path: it.source if it.settings == given.settings else b"" for path, it in known.items()}
    for made in (one for chunk in _prepared(given, given.desk, wanted) for one in chunk):
        path, before = made.path, known[made.path]
        if made.problems or not (made.is_same or made.entry == before.entry):
            return None
        if not made.is_same and made.billed != before.bill:
            lines[path] = (given.cache.bill_of(path, before), made.bill.decode())
        _keep(given, kept, [made])
        if kept[path].compared != before.compared:
            compared[path] = (compared_of(before), compared_of(kept[path]))
    return Retaken(kept, lines, compared)


def entry_of(path: str, kept: Kept) -> Entry:
    """The entry of an article that is no draft. Raises `CacheDamagedError`."""
    try:
        entry = codec.unpack(Entry, kept.entry)
    except ValueError as error:
        raise CacheDamagedError(path) from error
    if entry.path != path:
        raise CacheDamagedError(path)
    return entry


def compared_of(kept: Kept) -> Compared:
    """What could be compared of an article."""
    return Compared(kept.compared.decode())


def in_chunks(things: Iterable[T], cost: Callable[[T], int] = lambda _: 1) -> Iterator[list[T]]:
    """As they are handed to workers. `cost` is in articles."""
    chunk: list[T] = []
    costs = 0
    for thing in things:
        chunk.append(thing)
        costs += cost(thing)
        if costs >= CHUNK:
            yield chunk
            chunk, costs = [], 0
    if chunk:
        yield chunk


def _prepared(given: Preparing, desk: Desk, wanted: Mapping[str, bytes]) -> Iterator[list[Made]]:
    originals = (original(given.content, path, known) for path, known in wanted.items())
    if given.crew.is_far:
        originals = (with_data(Path(desk.source), it) for it in originals)
    for chunk in given.crew.each(prepare_all, desk, in_chunks(originals)):
        for made in chunk:
            given.profile.worked(STEPS, made.seconds, made.path)
        yield chunk


def _keep(given: Preparing, kept: dict[str, Kept], chunk: list[Made]) -> None:
    """Keep what was made; where it is still the same, that its files are as old as they are now."""
    fresh: list[tuple[str, Kept]] = []
    prepared: list[tuple[str, bytes, bytes]] = []
    for made in chunk:
        if made.problems:
            continue
        if made.is_same:
            new = kept[made.path]._replace(stamp=_stamp(given, made.path))
        else:
            new = Kept(
                _stamp(given, made.path),
                made.source,
                given.settings,
                made.entry,
                made.listed,
                made.shown,
                made.billed,
                made.leaf,
                made.compared,
            )
            if made.page:
                prepared.append((made.path, made.bill, made.page))
        kept[made.path] = new
        fresh.append((made.path, new))
    given.cache.put(fresh)
    given.cache.put_prepared(prepared)


def _stamp(given: Preparing, path: str) -> bytes:
    return given.inputs.settled(given.content.stamps_of(path))
