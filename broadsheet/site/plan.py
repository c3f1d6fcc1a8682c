"""`Site` -> every file of the output, planned before anything is rendered: two for one address are seen first."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache, partial
from itertools import chain
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import force_setattr

from broadsheet import bill
from broadsheet.bill import Bill
from broadsheet.model import Page
from broadsheet.problem import Finding, Pointer
from broadsheet.site import listings, opml, pages, sources, syndication, urls
from broadsheet.site.assemble import Group, Site
from broadsheet.site.bill import cover
from broadsheet.site.entry import Entry
from broadsheet.site.head import feed_link
from broadsheet.site.imprint import Imprint
from broadsheet.site.opml import Opml
from broadsheet.site.reservation import RSL, TDMREP, Reserved, TdmRep, reserved
from broadsheet.site.syndication import FeedOf
from broadsheet.site.views import StoryView, View

SITEMAP = "/sitemap.xml"
MOST_IN_SITEMAP = 50_000
"""Addresses, by the protocol."""
FEED_STYLE = "/theme/feed.css"
"""By which browsers show a feed, where the theme has it."""


class Copy(Struct, frozen=True):
    """A file that is published as it is."""

    path: str
    """Where the shell finds it: relative to the site's folder, or absolute."""
    name: str
    """For people: its path within the site or its theme."""


class Sitemap(Struct, frozen=True):
    """The sitemap. https://www.sitemaps.org/protocol.html."""

    entries: tuple[tuple[str, datetime | None], ...]
    """Addresses in full, with the time of the last change where there is one."""


class SitemapIndex(Struct, frozen=True):
    """What stands at the sitemap's address where one file cannot hold all."""

    sitemaps: tuple[str, ...]
    """Addresses in full."""


class Robots(Struct, frozen=True):
    """robots.txt (RFC 9309)."""

    sitemap: str
    """Address in full."""
    licence: str
    """Address in full of the RSL document, at a host's root, where there is one; else empty."""


class BillSchema(Struct, frozen=True):
    """The JSON Schema of the bill of materials."""


class BillOf(Struct, frozen=True):
    """The bill of materials: its cover, and whose items follow."""

    cover: Bill
    entries: tuple[Entry, ...]


class Amended(Struct, frozen=True):
    """The bill of materials as it was published last, but for some lines."""

    lines: tuple[tuple[str, str, str], ...]
    """As it was, as it is, and the file of the article's picture; that is empty where there is none."""


class Placed(Struct, frozen=True):
    """The page of an article, which is prepared, among the others."""

    entry: Entry
    story: Group | None
    older: Entry | None
    newer: Entry | None


Whole = View | Opml | Sitemap | SitemapIndex | Robots | BillSchema | Reserved | TdmRep
"""What is made of the site alone, without the text of an article."""
Content = Placed | FeedOf | BillOf | Amended | Copy | Callable[[], Whole]
"""Where it is a function: how its record is made when it is wanted, so that not all are in memory at once."""


class Target(Struct, frozen=True):
    """A file of the output to be."""

    address: str
    source: str
    """Path of the file that claims the address, or "" where the site itself does."""
    content: Content
    at: Pointer = ()
    """What in the front matter of `source` asks for it."""
    file: str = ""
    """Its path in the output."""

    def __post_init__(self) -> None:
        """Work the file out once: a plan is sorted, checked and compared by it."""
        force_setattr(self, "file", urls.file_of(self.address))

    @property
    def owner(self) -> str:
        """Who claims the address, for people."""
        return self.source or "a page that every site has"


def plan(site: Site, files: Mapping[str, Copy]) -> tuple[Target, ...]:
    """All targets, by file. `files` are those of theme and site that are copied, by address."""
    targets = [
        *_articles(site),
        *_listings(site),
        *_pages(site),
        *_feeds(site, files),
        *_sitemaps(site),
        *_for_machines(site),
        Target(bill.ADDRESS, "", _bill(site)),
        Target(bill.SCHEMA_ADDRESS, "", BillSchema),
        *(Target(address, copy.name, copy) for address, copy in files.items()),
    ]
    return tuple(sorted(targets, key=attrgetter("file", "source")))


def story_of(imprint: Imprint, placed: Placed) -> StoryView | None:
    """The rest of an article's story, or None where there is no rest."""
    group = placed.story
    others = tuple(entry.card for entry in group.articles if entry.path != placed.entry.path) if group else ()
    if group is None or not others:
        return None
    feed = feed_link(imprint, group.title, group.address)
    return StoryView(group.title, imprint.base.href(group.address), others, feed)


def check(targets: Iterable[Target]) -> dict[str, list[Finding]]:
    """Two targets for one file, by source; names that a file system takes for one, and a file for a folder, count."""
    targets = tuple(targets)
    return {} if _are_apart(targets) else check_each(targets)


def _are_apart(targets: Sequence[Target]) -> bool:
    """Whether `check_each` would find nothing: all names are different, and none is that of a folder."""
    names = {_one_name(target.file) for target in targets}
    nearest = {name.rpartition("/")[0] for name in names}
    above = {folder for name in nearest for folder in _above(name.rpartition("/")[0])}
    return len(names) == len(targets) and names.isdisjoint(nearest) and names.isdisjoint(above)


def check_each(targets: Iterable[Target]) -> dict[str, list[Finding]]:
    """As `check`, target by target."""
    found: dict[str, list[Finding]] = defaultdict(list)
    files: dict[str, Target] = {}
    folders: dict[str, Target] = {}
    for target in targets:
        name = _one_name(target.file)
        parents = _folders(name)
        clashes = [files.get(name), folders.get(name), *(files.get(parent) for parent in parents)]
        for other in [other for other in clashes if other is not None][:1]:
            first, second = sorted((target, other), key=_blame)
            found[first.source].append(_taken(first, second))
        files[name] = target
        for parent in parents:
            folders.setdefault(parent, target)
    return dict(found)


def _one_name(file: str) -> str:
    """What a file system that does not tell letters apart makes of a name."""
    return file.lower() if file.isascii() else unicodedata.normalize("NFC", file).casefold()


@lru_cache(maxsize=1024)
def _above(folder: str) -> tuple[str, ...]:
    return (folder, *_above(folder.rpartition("/")[0])) if folder else ()


def _folders(name: str) -> tuple[str, ...]:
    """All folders in which a file lies, the nearest first."""
    folder = name.rpartition("/")[0]
    return (folder, *_above(folder.rpartition("/")[0])) if folder else ()


def _blame(target: Target) -> int:
    """Who is to give way: an alias before a picture, a picture before a page, a page before what every site has."""
    return ("aliases", "image", "slug", "").index(str(target.at[0]) if target.at else "") if target.source else 9


def _taken(target: Target, other: Target) -> Finding:
    message = f"'{target.address}' is taken by {other.owner} ('{other.address}')"
    remedies = {"aliases": "Remove the alias", "image": "Give the picture's file another name"}
    remedy = remedies.get(str(target.at[0]) if target.at else "", "Give one of them another 'slug' or date")
    return Finding("site/address-taken", message, remedy, target.at)


def _bill(site: Site) -> BillOf:
    entries = (*site.articles, *site.withdrawn)
    return BillOf(cover(site.imprint, {licence for entry in entries for licence in entry.licences}), entries)


def _for_machines(site: Site) -> Iterator[Target]:
    """robots.txt and what is reserved. They are read at a host's root only, but pages link to RSL as well."""
    own = [entry.address for entry in site.articles if entry.is_own] + [pages.address(page) for page in site.pages]
    record = reserved(site.imprint, own)
    is_root = site.base.path == "/"
    licence = site.base.absolute(RSL) if record and is_root else ""
    yield Target("/robots.txt", "", partial(Robots, site.base.absolute(SITEMAP), licence))
    if record is not None:
        yield Target(RSL, "", lambda: record)
        if is_root:
            yield Target(TDMREP, "", partial(TdmRep, record))


def _articles(site: Site) -> Iterator[Target]:
    stories = {group.name: group for group in site.stories}
    listed = site.articles
    for newer, entry, older in zip((None, *listed), listed, (*listed[1:], None), strict=False):
        yield Target(entry.address, entry.path, Placed(entry, stories.get(entry.story or ""), older, newer), ("slug",))
    for entry in site.withdrawn:
        yield Target(entry.address, entry.path, Placed(entry, None, None, None), ("slug",))
    for entry in chain(listed, site.withdrawn):
        if entry.picture is not None or entry.aliases:
            yield from _beside(site, entry)


def _beside(site: Site, entry: Entry) -> Iterator[Target]:
    """An article's picture and its earlier addresses."""
    if entry.picture is not None:
        beside = entry.picture.file
        yield Target(entry.picture.address, entry.path, Copy(beside, beside), ("image", "file"))
    for n, alias in enumerate(entry.aliases):
        if alias == entry.address:  # it has moved back, and its first address goes on naming it (`identifier`)
            continue
        redirect = partial(pages.redirect, site, entry.address, entry.card.title)
        yield Target(alias, entry.path, redirect, ("aliases", n))


def _listings(site: Site) -> Iterator[Target]:
    stories = {group.name: group for group in site.stories}
    newest = stories.get(site.articles[0].story or "") if site.articles else None
    planned = chain(
        listings.home(site, newest),
        listings.indexes(site),
        *(listings.topic(site, group) for group in site.topics),
        *(listings.publisher(site, group) for group in site.publishers),
        *(listings.story(site, group) for group in site.stories),
        *(listings.month(site, group) for group in site.months),
    )
    return (Target(address, "", view) for address, view in planned)


def _pages(site: Site) -> Iterator[Target]:
    yield Target(urls.SOURCES, "", partial(sources.sources_page, site))
    yield Target(urls.FEEDS, "", partial(pages.feeds_page, site))
    yield Target(urls.NOT_FOUND, "", partial(pages.not_found, site))
    for page in site.pages:
        yield from _page(site, page)


def _page(site: Site, page: Page) -> Iterator[Target]:
    address = pages.address(page)
    yield Target(address, page.path, partial(pages.own_page, site, page), ("slug",))
    for n, alias in enumerate(page.matter.aliases):
        yield Target(alias, page.path, partial(pages.redirect, site, address, page.matter.title), ("aliases", n))


def _feeds(site: Site, files: Mapping[str, Copy]) -> Iterator[Target]:
    style = FEED_STYLE if FEED_STYLE in files else ""
    yield from (Target(feed.document.address, "", feed) for feed in syndication.feeds(site, style))
    yield Target(urls.FEEDS_OPML, "", partial(opml.ours, site))
    if site.publishers:  # OPML 2.0: a list has one outline at least
        yield Target(urls.PUBLISHERS_OPML, "", partial(opml.sources, site))


def _sitemaps(site: Site) -> Iterator[Target]:
    """Articles and pages that search engines may index; listings change with them and hold nothing of their own."""
    entries: list[tuple[str, datetime | None]] = [(site.base.absolute(urls.HOME), None)]
    entries += [(site.base.absolute(entry.address), entry.modified) for entry in site.articles if entry.is_indexed]
    entries += [(site.base.absolute(pages.address(page)), page.matter.updated) for page in site.pages]
    entries.append((site.base.absolute(urls.SOURCES), None))
    parts = [tuple(entries[n : n + MOST_IN_SITEMAP]) for n in range(0, len(entries), MOST_IN_SITEMAP)]
    if len(parts) == 1:
        yield Target(SITEMAP, "", partial(Sitemap, parts[0]))
        return
    addresses = [f"/sitemap-{n}.xml" for n in range(1, len(parts) + 1)]
    yield Target(SITEMAP, "", partial(SitemapIndex, tuple(map(site.base.absolute, addresses))))
    yield from (Target(address, "", partial(Sitemap, part)) for address, part in zip(addresses, parts, strict=True))
