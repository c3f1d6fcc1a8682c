"""Where each article stands among the others, kept from a build that planned the whole site.

A plan is made from entries alone. Where texts were edited and no entry has changed, the plan is as it was: only the
pages of those articles, and the feeds that hold their items, can be others. So an edit costs what it touches, not the
site.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import replace

from broadsheet import bill
from broadsheet.build import codec
from broadsheet.build.cache import Cache, Kept
from broadsheet.build.files import ARTICLES, FINGERPRINT, MARKDOWN
from broadsheet.build.inputs import Inputs
from broadsheet.build.shelf import Retaken, entry_of
from broadsheet.build.stamps import STAMP_SIZE, packed
from broadsheet.digest import digest
from broadsheet.site import urls, wording
from broadsheet.site.assemble import Group, Site
from broadsheet.site.entry import Compared, Entry
from broadsheet.site.plan import Amended, Placed, Target
from broadsheet.site.sources import proof, sources_page
from broadsheet.site.syndication import Document, FeedOf
from broadsheet.site.views import SiteView, SourcesPage

MOST = 100
"""Edited articles from which on the whole site is planned again."""


_APART = b"\0"
"""Before and after each path in the order of articles, of those withdrawn after all others: no path holds it."""


class Plan(Struct, frozen=True):
    """What of a plan is not about one article."""

    masthead: SiteView
    feeds: tuple[tuple[Document, tuple[str, ...]], ...]
    """Each document of a feed, and the paths of its articles."""
    sources: SourcesPage
    compared: dict[Compared, int]
    """As the site has it."""


class Seen(Struct, frozen=True):
    """What lies in a site's folders, as `Inputs` has it, in a form that is quickly compared."""

    paths: bytes
    """Of the files in `content/`, `\\0` between them."""
    stamps: bytes
    """Theirs, as `packed` has them."""
    unsure: tuple[int, ...]
    """The numbers of those that were too fresh to be relied on."""
    others: bytes
    """Digest of what stands for all other files; empty where one was too fresh."""

    def is_link(self, number: int) -> bool:
        """Whether this one is a link."""
        return self.stamps[number * STAMP_SIZE : (number + 1) * STAMP_SIZE] == packed(None)


Stories = dict[str, tuple[str, tuple[str, ...]]]
"""By name, the address and the paths of all articles of each story."""


class Edit(Struct, frozen=True):
    """What can be others where only texts have changed."""

    targets: tuple[Target, ...]
    articles: Mapping[str, Kept]
    """All that they show, by path."""
    masthead: SiteView
    feeds: tuple[str, ...]
    """As `subscribed` has them, of the whole site."""
    plan: Plan | None
    """What is to be kept of it, where that is another."""


def subscribed(documents: Iterable[Document]) -> tuple[str, ...]:
    """Addresses, within the site, of those that readers subscribe to."""
    return tuple(document.address for document in documents if not document.is_archive)


def keep(cache: Cache, site: Site, targets: Iterable[Target], masthead: SiteView, inputs: Inputs) -> None:
    """Keep a plan that has been published, and what it was made from."""
    planned = [target.content for target in targets]
    cache.put_sealed(
        "order", _APART.join(map(str.encode, ["", *_paths(site.articles), "", *_paths(site.withdrawn), ""]))
    )
    stories = {group.name: (group.address, _paths(group.articles)) for group in site.stories}
    cache.put_sealed("stories", codec.pack(stories))
    feeds = ((it.document, _paths(it.entries)) for it in planned if isinstance(it, FeedOf))
    keep_plan(cache, Plan(masthead, tuple(feeds), sources_page(site), dict(site.compared)))
    keep_seen(cache, seen(inputs))


def keep_plan(cache: Cache, plan: Plan) -> None:
    """Keep what of a plan is not about one article."""
    cache.put_sealed("plan", codec.pack(plan))


def keep_seen(cache: Cache, seen: Seen) -> None:
    """Keep what it was made from."""
    cache.put_sealed("seen", codec.pack(seen))


def seen(inputs: Inputs) -> Seen:
    """What was looked at, as it is kept."""
    paths = "\0".join([path for path, _ in inputs.content]).encode("utf-8", "surrogatepass")
    fresh = inputs.fresh()
    is_sure = fresh.isdisjoint(stamp for _, stamp in inputs.others)
    return Seen(
        paths=paths,
        stamps=packed(*[stamp for _, stamp in inputs.content]),
        unsure=tuple(n for n, (_, stamp) in enumerate(inputs.content) if stamp in fresh) if fresh else (),
        others=digest(repr(inputs.others).encode("utf-8", "surrogatepass")) if is_sure else b"",
    )


def edited(cache: Cache, now: Seen) -> tuple[str, ...] | None:
    """The files in `content/articles/` that may have changed, where nothing else has since the plan was kept."""
    kept = cache.sealed("seen")
    before = codec.unpack(Seen, kept) if kept else None
    if before is None or not before.others or before.others != now.others or before.paths != now.paths:
        return None
    changed = {*_differing(before.stamps, now.stamps, 0, len(now.stamps) // STAMP_SIZE), *before.unsure}
    if len(changed) > MOST or any(map(before.is_link, changed)) or any(map(now.is_link, changed)):
        return None
    paths = now.paths.decode("utf-8", "surrogatepass").split("\0")
    files = tuple(paths[n] for n in sorted(changed))
    return (
        files if all(path.startswith(ARTICLES) and path.endswith((MARKDOWN, FINGERPRINT)) for path in files) else None
    )


def _differing(then: bytes, now: bytes, first: int, end: int) -> Iterator[int]:
    """The numbers of the stamps from `first` to before `end` that are not the same."""
    start, stop = first * STAMP_SIZE, end * STAMP_SIZE
    if then[start:stop] == now[start:stop]:
        return
    if end - first == 1:
        yield first
        return
    middle = (first + end) // 2
    yield from _differing(then, now, first, middle)
    yield from _differing(then, now, middle, end)


def edit(cache: Cache, retaken: Retaken) -> Edit:
    """What can be others where these articles have changed, and their entries have not. Raises `CacheDamagedError`."""
    changed = {path: it for path, it in retaken.kept.items() if it.entry}
    shown = dict(changed)

    def entry(path: str) -> Entry:
        shown[path] = kept = shown.get(path) or cache.known(path)
        return entry_of(path, kept)

    def neighbour(path: str) -> Entry | None:
        return entry(path) if path else None

    def placed(path: str) -> Placed | None:
        own, around = entry(path), _neighbours(order, path)
        if around is None:  # it is not due
            return None
        newer, older = around if own.withdrawn is None else ("", "")
        name = own.story or ""
        address, paths = stories.get(name, ("", ()))
        story = Group(name, wording.story(name), address, tuple(map(entry, paths))) if path in paths else None
        return Placed(own, story, neighbour(older), neighbour(newer))

    order, stories = cache.sealed("order"), codec.unpack(Stories, cache.sealed("stories"))
    plan, recounted = codec.unpack(Plan, cache.sealed("plan")), None
    all_placed = {path: it for path in changed if (it := placed(path)) is not None}
    targets = [Target(it.entry.address, path, it, ("slug",)) for path, it in all_placed.items()]
    if lines := tuple(_lines(retaken, all_placed)):
        targets.append(Target(bill.ADDRESS, "", Amended(lines)))
    if moved := [both for path, both in retaken.compared.items() if path in all_placed]:
        recounted = _recounted(plan, moved)
        targets.append(Target(urls.SOURCES, "", partial(attrgetter("sources"), recounted)))
    for document, paths in plan.feeds:
        if not changed.keys().isdisjoint(paths):
            targets.append(Target(document.address, "", FeedOf(document, tuple(map(entry, paths)))))
    return Edit(tuple(targets), shown, plan.masthead, subscribed(document for document, _ in plan.feeds), recounted)


def _lines(retaken: Retaken, placed: Mapping[str, Placed]) -> Iterator[tuple[str, str, str]]:
    """Those of the bill that are others, as `Amended` has them."""
    for path, lines in retaken.lines.items():
        if path in placed:
            picture = placed[path].entry.picture
            yield (*lines, picture.file if picture else "")


def _recounted(plan: Plan, moved: Iterable[tuple[Compared, Compared]]) -> Plan:
    """The plan where of some articles another thing could be compared than before."""
    counts = Counter(plan.compared)
    for was, now in moved:
        counts[was] -= 1
        counts[now] += 1
    return replace(plan, sources=replace(plan.sources, proof=proof(counts)), compared=counts)


def _neighbours(order: bytes, path: str) -> tuple[str, str] | None:
    """The paths of the next newer and the next older article, empty where there is none; None where it has no place."""
    own = path.encode()
    at = order.find(_APART + own + _APART)
    if at < 0:
        return None
    newer = order[order.rfind(_APART, 0, at) + 1 : at] if at else b""
    after = at + len(own) + 2
    return newer.decode(), order[after : max(order.find(_APART, after), after)].decode()


def _paths(entries: Iterable[Entry]) -> tuple[str, ...]:
    return tuple(entry.path for entry in entries)
