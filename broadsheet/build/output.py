"""A settled site -> its files, staged: those whose keys have changed, and those that are not as they were left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path

from msgspec import Struct

from broadsheet import bill
from broadsheet.build import codec
from broadsheet.build.cache import Cache
from broadsheet.build.content import Progress, original, with_data
from broadsheet.build.files import Content
from broadsheet.build.pages import Keys, Reason, key_of, reason
from broadsheet.build.preparing import Desk, feed_items
from broadsheet.build.profile import Profile
from broadsheet.build.publish import Press
from broadsheet.build.rendering import FeedJob, Job, Look, Place, Proof, render_all
from broadsheet.build.shelf import in_chunks
from broadsheet.build.stamps import packed, stamp
from broadsheet.build.workers import Crew
from broadsheet.problem import Problem
from broadsheet.site.plan import BillOf, Copy, FeedOf, Placed, Target, story_of


class ChangedError(Exception):
    """An article's file was changed while the site was built; carries the problem."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        message = "it was changed while the site was built"
        self.problem = Problem(path, 1, 1, "file/changed", message, "Build again")


class Shop(Struct, frozen=True):
    """What files are made with."""

    source: Path
    content: Content
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
    """Make and stage what is stale. Raises `ThemeError`, `PublishError`, `ChangedError`, `CacheDamagedError`."""
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
    feeds: list[Stale] = []
    jobs = (job for stale in looked_at() if (job := _job(shop, stale, feeds, changed)) is not None)
    for proof in chain(_printed(shop, jobs), _printed(shop, _feed_jobs(shop, feeds))):
        shop.profile.rendered(proof.template, proof.seconds, articles.get(proof.file, ""))
        is_staged = proof.is_staged if proof.data is None else shop.press.put(proof.file, proof.data)
        changed += [proof.file] if is_staged else []
    return Staged(keys, reasons, tuple(changed))


def _stale(shop: Shop, targets: tuple[Target, ...]) -> Iterator[Stale]:
    """What has another key than it had, or is not in the output as it was left there."""
    for n, target in enumerate(targets, 1):
        shop.progress("Writing", n, len(targets))
        file, kind, record = target.file, None, b""
        if callable(target.content):
            whole = target.content()
            kind, record = type(whole), codec.pack(whole)
        key = key_of(target, kind, record, shop.keys)
        known_key, known_stamp = shop.cache.page_keys(file)
        if key != known_key or not (shop.is_as_left or known_stamp == packed(stamp(f"{shop.press.output}/{file}"))):
            why = reason(key, known_key) if known_key else Reason.NEW
            yield Stale(target, key, why, kind.__name__ if kind else "", record)


def _job(shop: Shop, stale: Stale, feeds: list[Stale], changed: list[str]) -> Job | None:
    """What a worker does of it; feeds wait for their items, and what needs no worker is done at once."""
    content, file = stale.target.content, stale.target.file
    if isinstance(content, Placed):
        page = shop.cache.page_of(content.entry.path, shop.keys.articles[content.entry.path].page)
        return Job(file, "ArticlePage", page, codec.pack(_place(shop, content)))
    if isinstance(content, FeedOf):
        feeds.append(stale)
        return None
    if isinstance(content, BillOf):
        changed += [file] if shop.press.put_pieces(file, _bill(shop, content)) else []
        return None
    if isinstance(content, Copy):
        changed += [file] if shop.press.put(file, (shop.source / content.path).read_bytes()) else []
        return None
    return Job(file, stale.kind, stale.record)


def _place(shop: Shop, content: Placed) -> Place:
    older, newer = content.older, content.newer
    story = story_of(shop.desk.imprint, content)
    return Place(story, older.card if older else None, newer.card if newer else None)


def _bill(shop: Shop, content: BillOf) -> Iterator[bytes]:
    def line(path: str, wanted: str, picture: str | None) -> str:
        made = shop.cache.bill_of(path, wanted)
        return bill.with_picture(made, shop.keys.copies(picture).hex()) if picture else made

    return bill.dump(
        content.cover,
        (line(entry.path, entry.bill, entry.picture.file if entry.picture else None) for entry in content.entries),
    )


def _printed(shop: Shop, jobs: Iterable[Job]) -> Iterator[Proof]:
    for proofs in shop.crew.each(render_all, shop.look, in_chunks(jobs)):
        yield from proofs


def _feed_jobs(shop: Shop, feeds: list[Stale]) -> Iterator[Job]:
    wanted = [stale.target.content for stale in feeds if isinstance(stale.target.content, FeedOf)]
    items = _items(shop, list(dict.fromkeys(entry.path for content in wanted for entry in content.entries)))
    for stale in feeds:
        content = stale.target.content
        assert isinstance(content, FeedOf)
        job = FeedJob(content.name, content.address, tuple(items[entry.path] for entry in content.entries))
        yield Job(stale.target.file, FeedJob.__name__, codec.pack(job))


def _items(shop: Shop, paths: list[str]) -> dict[str, bytes]:
    """The items of articles, packed. The articles are read again: their texts are in no cache but their pages'."""
    made: dict[str, bytes] = {}
    originals = [original(shop.content, path) for path in paths]
    chunks = in_chunks(with_data(shop.source, it) if shop.crew.is_far else it for it in originals)
    found = (pair for chunk in shop.crew.each(feed_items, shop.desk, chunks) for pair in chunk)
    for path, (source, item) in zip(paths, found, strict=True):
        if source != shop.keys.articles[path].source or not item:
            raise ChangedError(path)
        made[path] = item
    return made
