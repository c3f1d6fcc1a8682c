"""Where each article stands among the others, kept from a build that planned the whole site.

A plan is made from entries alone. Where texts were edited and no entry has changed, the plan is as it was: only the
pages of those articles, and the feeds that hold their items, can be others. So an edit costs what it touches, not the
site.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from broadsheet import bill
from broadsheet.build import codec
from broadsheet.build.cache import Cache, Kept
from broadsheet.build.files import ARTICLES, FINGERPRINT, MARKDOWN
from broadsheet.build.inputs import Inputs
from broadsheet.build.shelf import Retaken, entry_of
from broadsheet.site import wording
from broadsheet.site.assemble import Group, Site
from broadsheet.site.entry import Entry
from broadsheet.site.plan import Amended, Placed, Target
from broadsheet.site.syndication import Document, FeedOf
from broadsheet.site.views import SiteView

MOST = 100
"""Edited articles from which on the whole site is planned again."""


_APART = b"\0"
"""Before and after each path in the order of articles, of those withdrawn after all others: no path holds it."""


class Plan(Struct, frozen=True):
    """What of a plan is not about one article."""

    masthead: SiteView
    feeds: tuple[tuple[Document, tuple[str, ...]], ...]
    """Each document of a feed, and the paths of its articles."""


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
    cache.put_sealed("plan", codec.pack(Plan(masthead, tuple(feeds))))
    keep_inputs(cache, inputs)


def keep_inputs(cache: Cache, inputs: Inputs) -> None:
    """Keep what it was made from."""
    cache.put_sealed("inputs", codec.pack(inputs))


def edited(cache: Cache, inputs: Inputs) -> tuple[str, ...] | None:
    """The files in `content/articles/` that may have changed, where nothing else has since the plan was kept."""
    kept = cache.sealed("inputs")
    before = codec.unpack(Inputs, kept) if kept else None
    if before is None or before.others != inputs.others or len(before.content) != len(inputs.content):
        return None
    unsure = before.fresh()
    if not unsure.isdisjoint(stamp for _, stamp in before.others):
        return None
    changed = []
    for then, now in zip(before.content, inputs.content, strict=True):
        if then != now or then[1] in unsure:
            if then[0] != now[0] or then[1] is None or now[1] is None:
                return None
            changed.append(now[0])
    is_text = all(path.startswith(ARTICLES) and path.endswith((MARKDOWN, FINGERPRINT)) for path in changed)
    return tuple(changed) if is_text and len(changed) <= MOST else None


def edit(cache: Cache, retaken: Retaken) -> Edit:
    """What can be others where these articles have changed, and their entries have not. Raises `CacheDamagedError`."""
    changed = {path: it for path, it in retaken.kept.items() if it.entry}
    shown = dict(changed)

    def entry(path: str) -> Entry:
        shown[path] = kept = shown.get(path) or cache.known(path)
        return entry_of(path, kept)

    def neighbour(path: str) -> Entry | None:
        return entry(path) if path else None

    targets: list[Target] = []
    amended = []
    order, stories = cache.sealed("order"), codec.unpack(Stories, cache.sealed("stories"))
    for path in changed:
        own, around = entry(path), _neighbours(order, path)
        if around is None:  # it is not due
            continue
        newer, older = around if own.withdrawn is None else ("", "")
        name = own.story or ""
        address, paths = stories.get(name, ("", ()))
        story = Group(name, wording.story(name), address, tuple(map(entry, paths))) if path in paths else None
        placed = Placed(own, story, neighbour(older), neighbour(newer))
        targets.append(Target(own.address, path, placed, ("slug",)))
        if path in retaken.lines:
            amended.append((*retaken.lines[path], own.picture.file if own.picture else ""))
    if amended:
        targets.append(Target(bill.ADDRESS, "", Amended(tuple(amended))))
    plan = codec.unpack(Plan, cache.sealed("plan"))
    for document, paths in plan.feeds:
        if not changed.keys().isdisjoint(paths):
            targets.append(Target(document.address, "", FeedOf(document, tuple(map(entry, paths)))))
    return Edit(tuple(targets), shown, plan.masthead, subscribed(document for document, _ in plan.feeds))


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
