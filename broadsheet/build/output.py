"""A settled site -> its files, staged: those whose keys have changed, and those that are not as they were left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter
from pathlib import Path

from msgspec import Struct

from broadsheet import bill
from broadsheet.bill import BillError
from broadsheet.build import codec
from broadsheet.build.cache import Cache, CacheDamagedError
from broadsheet.build.content import Progress
from broadsheet.build.pages import Keys, Reason, key_of, reason
from broadsheet.build.preparing import Desk
from broadsheet.build.profile import Profile
from broadsheet.build.publish import Press
from broadsheet.build.rendering import FeedJob, Job, Look, Packed, Place, Proof, render_all
from broadsheet.build.shelf import in_chunks
from broadsheet.build.stamps import packed, stamp
from broadsheet.build.workers import Crew
from broadsheet.site.entry import Entry
from broadsheet.site.plan import Amended, BillOf, Copy, Placed, Target, story_of
from broadsheet.site.syndication import FeedOf


class Shop(Struct, frozen=True):
    """What files are made with."""

    source: Path
    cache: Cache
    crew: Crew
    desk: Desk
    look: Look
    keys: Keys
    press: Press
    is_as_left: bool
    """Somebody has just seen that the output is as the last build left it."""
    progress: Progress
    profile: Profile


class Stale(Struct, frozen=True):
    """A file that is made anew."""

    target: Target
    key: bytes
    reason: Reason
    kind: str
    """Of its record, and that packed, where it is a `Whole`; else empty."""
    record: bytes


class Staged(Struct, frozen=True):
    """What was made anew."""

    keys: Mapping[str, bytes]
    """By file, of all that were looked at anew, also of those that turned out to be the same."""
    reasons: Mapping[str, Reason]
    """By file."""
    changed: tuple[str, ...]
    """Files that are staged."""


def stage_all(shop: Shop, targets: tuple[Target, ...]) -> Staged:
    """Make and stage what is stale. Raises `ThemeError`, `PublishError`, `CacheDamagedError`."""
    keys: dict[str, bytes] = {}
    reasons: dict[str, Reason] = {}
    changed: list[str] = []

    def looked_at() -> Iterator[Stale]:
        for stale in _stale(shop, targets):
            keys[stale.target.file], reasons[stale.target.file] = stale.key, stale.reason
            yield stale

    articles: dict[str, str] = {}
    if shop.profile.names_articles:
        articles = {target.file: target.source for target in targets if isinstance(target.content, Placed)}
    jobs = (job for stale in looked_at() if (job := _job(shop, stale, changed)) is not None)
    for proof in _printed(shop, jobs):
        shop.profile.rendered(proof.template, proof.seconds, articles.get(proof.file, ""))
        is_staged = proof.is_staged if proof.data is None else shop.press.put(proof.file, proof.data)
        changed += [proof.file] if is_staged else []
    return Staged(keys, reasons, tuple(changed))


def _stale(shop: Shop, targets: tuple[Target, ...]) -> Iterator[Stale]:
    """What has another key than it had, or is not in the output as it was left there."""
    known = shop.cache.page_keys([target.file for target in targets])
    for n, target in enumerate(targets, 1):
        shop.progress("Writing", n, len(targets))
        file, kind, record = target.file, None, b""
        if callable(target.content):
            whole = target.content()
            kind, record = type(whole), codec.pack(whole)
        key = key_of(target, kind, record, shop.keys)
        known_key, known_stamp = known.get(file, (b"", b""))
        if key != known_key or not (shop.is_as_left or known_stamp == packed(stamp(f"{shop.press.output}/{file}"))):
            why = reason(key, known_key) if known_key else Reason.NEW
            yield Stale(target, key, why, kind.__name__ if kind else "", record)


def _job(shop: Shop, stale: Stale, changed: list[str]) -> Job | None:
    """What a worker does of it; what needs no worker is done at once."""
    content, file = stale.target.content, stale.target.file
    if isinstance(content, Placed):
        return Job(file, "ArticlePage", _page(shop, content.entry), codec.pack(_place(shop, content)))
    if isinstance(content, FeedOf):
        items = tuple((entry, _page(shop, entry)) for entry in content.entries)
        made = codec.pack(FeedJob(content.document, items))
        return Job(file, FeedJob.__name__, Packed(made), cost=1 + len(items) // 2)
    if isinstance(content, BillOf):
        changed += [file] if shop.press.put_pieces(file, _bill(shop, content)) else []
        return None
    if isinstance(content, Amended):
        changed += [file] if shop.press.put_pieces(file, _amended(shop, file, content)) else []
        return None
    if isinstance(content, Copy):
        changed += [file] if shop.press.put(file, (shop.source / content.path).read_bytes()) else []
        return None
    return Job(file, stale.kind, Packed(stale.record))


def _page(shop: Shop, entry: Entry) -> Packed:
    """An article's page; one that lies on a sheet is read by whoever renders it, if it can."""
    kept = shop.keys.articles[entry.path]
    if kept.leaf and not shop.crew.is_far:
        return Packed(leaf=kept.leaf, digest=b"" if shop.cache.is_new else kept.page)
    return Packed(shop.cache.page_of(entry.path, kept))


def _place(shop: Shop, content: Placed) -> Place:
    older, newer = content.older, content.newer
    story = story_of(shop.desk.imprint, content)
    return Place(story, older.card if older else None, newer.card if newer else None)


def _bill(shop: Shop, content: BillOf) -> Iterator[bytes]:
    def line(entry: Entry) -> str:
        made = shop.cache.bill_of(entry.path, shop.keys.articles[entry.path])
        return _pictured(shop, made, entry.picture.file if entry.picture else "")

    return bill.dump(content.cover, map(line, content.entries))


def _amended(shop: Shop, file: str, content: Amended) -> Iterator[bytes]:
    lines = {_pictured(shop, old, picture): _pictured(shop, new, picture) for old, new, picture in content.lines}
    try:
        with (shop.press.output / file).open("rb") as published:
            yield from bill.amend(published, lines)
    except BillError as error:
        raise CacheDamagedError(file) from error


def _pictured(shop: Shop, line: str, picture: str) -> str:
    return bill.with_picture(line, shop.keys.copies(picture).hex()) if picture else line


def _printed(shop: Shop, jobs: Iterable[Job]) -> Iterator[Proof]:
    for proofs in shop.crew.each(render_all, shop.look, in_chunks(jobs, attrgetter("cost"))):
        yield from proofs
