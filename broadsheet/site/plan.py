"""`Site` -> every file of the output, planned before anything is rendered: two for one address are seen first."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from pathlib import PurePosixPath

from broadsheet import bill
from broadsheet.bill import Bill
from broadsheet.model import Page
from broadsheet.problem import Finding, Pointer
from broadsheet.register import Index
from broadsheet.rights import Cleared
from broadsheet.site import articles, listings, pages, sources, urls
from broadsheet.site.assemble import Group, Site
from broadsheet.site.bill import bill_of
from broadsheet.site.feed import Feed, feed
from broadsheet.site.head import index_rule
from broadsheet.site.reservation import RSL, TDMREP, Reserved, TdmRep, reserved
from broadsheet.site.views import View

SITEMAP = "/sitemap.xml"
MOST_IN_SITEMAP = 50_000
"""Addresses, by the protocol."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A file that is published as it is."""

    path: str
    """Where the shell finds it: relative to the site's folder, or absolute."""
    name: str
    """For people: its path within the site or its theme."""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The sitemap. https://www.sitemaps.org/protocol.html."""

    entries: tuple[tuple[str, datetime | None], ...]
    """Addresses in full, with the time of the last change where there is one."""


@dataclass(frozen=True, slots=True)
class SitemapIndex:
    """What stands at the sitemap's address where one file cannot hold all."""

    sitemaps: tuple[str, ...]
    """Addresses in full."""


@dataclass(frozen=True, slots=True)
class Robots:
    """robots.txt (RFC 9309)."""

    sitemap: str
    """Address in full."""
    licence: str
    """Address in full of the RSL document, at a host's root, where there is one; else empty."""


@dataclass(frozen=True, slots=True)
class BillSchema:
    """The JSON Schema of the bill of materials."""


Content = View | Feed | Sitemap | SitemapIndex | Robots | Bill | BillSchema | Reserved | TdmRep


@dataclass(frozen=True, slots=True)
class Target:
    """A file of the output to be."""

    address: str
    source: str
    """Path of the file that claims the address, or "" where the site itself does."""
    content: Content | Copy
    at: Pointer = ()
    """What in the front matter of `source` asks for it."""

    @property
    def file(self) -> str:
        """Its path in the output."""
        return urls.file_of(self.address)

    @property
    def owner(self) -> str:
        """Who claims the address, for people."""
        return self.source or "a page that every site has"


def plan(site: Site, files: Mapping[str, Copy], pictures: Mapping[str, str]) -> tuple[Target, ...]:
    """All targets, by file.

    `files` are those of theme and site that are copied, by address; `pictures` has the SHA-256 of articles' pictures.
    """
    targets = [
        *_articles(site),
        *_listings(site),
        *_pages(site),
        *_feeds(site),
        *_sitemaps(site),
        *_for_machines(site),
        Target(bill.ADDRESS, "", bill_of(site, pictures)),
        Target(bill.SCHEMA_ADDRESS, "", BillSchema()),
        *(Target(address, copy.name, copy) for address, copy in files.items()),
    ]
    return tuple(sorted(targets, key=lambda target: (target.file, target.source)))


def check(targets: Iterable[Target]) -> dict[str, list[Finding]]:
    """Two targets for one file, by source; names that a file system takes for one, and a file for a folder, count."""
    found: dict[str, list[Finding]] = defaultdict(list)
    files: dict[str, Target] = {}
    folders: dict[str, Target] = {}
    for target in targets:
        name = unicodedata.normalize("NFC", target.file).casefold()
        parents = [str(parent) for parent in PurePosixPath(name).parents][:-1]
        clashes = [files.get(name), folders.get(name), *(files.get(parent) for parent in parents)]
        for other in [other for other in clashes if other is not None][:1]:
            first, second = sorted((target, other), key=_blame)
            found[first.source].append(_taken(first, second))
        files[name] = target
        for parent in parents:
            folders.setdefault(parent, target)
    return found


def _blame(target: Target) -> int:
    """Who is to give way: an alias before a picture, a picture before a page, a page before what every site has."""
    return ("aliases", "image", "slug", "").index(str(target.at[0]) if target.at else "") if target.source else 9


def _taken(target: Target, other: Target) -> Finding:
    message = f"'{target.address}' is taken by {other.owner} ('{other.address}')"
    remedies = {"aliases": "Remove the alias", "image": "Give the picture's file another name"}
    remedy = remedies.get(str(target.at[0]) if target.at else "", "Give one of them another 'slug' or date")
    return Finding("site/address-taken", message, remedy, target.at)


def _for_machines(site: Site) -> Iterator[Target]:
    """robots.txt and what is reserved. They are read at a host's root only, but pages link to RSL as well."""
    record = reserved(site)
    is_root = site.base.path == "/"
    licence = site.base.absolute(RSL) if record and is_root else ""
    yield Target("/robots.txt", "", Robots(site.base.absolute(SITEMAP), licence))
    if record is not None:
        yield Target(RSL, "", record)
        if is_root:
            yield Target(TDMREP, "", TdmRep(record))


def _articles(site: Site) -> Iterator[Target]:
    stories = {group.name: group for group in site.stories}
    listed: tuple[Cleared | None, ...] = (None, *site.articles, None)
    for newer, cleared, older in zip(listed, listed[1:], listed[2:], strict=False):
        if cleared is not None:
            yield from _article(site, cleared, stories, older, newer)
    for cleared in site.withdrawn:
        yield from _article(site, cleared, stories, None, None)


def _article(
    site: Site, cleared: Cleared, stories: Mapping[str, Group], older: Cleared | None, newer: Cleared | None
) -> Iterator[Target]:
    path, matter = cleared.article.path, cleared.article.matter
    address = urls.article(cleared)
    page = articles.article_page(site, cleared, stories.get(matter.story or ""), older, newer)
    yield Target(address, path, page, ("slug",))
    image = articles.image_address(cleared)
    if image is not None and matter.image is not None:
        beside = articles.picture_file(cleared, matter.image)
        yield Target(image, path, Copy(beside, beside), ("image", "file"))
    for n, alias in enumerate(matter.aliases):
        yield Target(alias, path, pages.redirect(site, address, matter.title), ("aliases", n))


def _listings(site: Site) -> Iterator[Target]:
    stories = {group.name: group for group in site.stories}
    newest = stories.get(site.articles[0].article.matter.story or "") if site.articles else None
    groups: Iterator[tuple[str, View]] = chain(
        listings.home(site, newest),
        listings.indexes(site),
        *(listings.topic(site, group) for group in site.topics),
        *(listings.publisher(site, group) for group in site.publishers),
        *(listings.story(site, group) for group in site.stories),
        *(listings.month(site, group) for group in site.months),
    )
    return (Target(address, "", view) for address, view in groups)


def _pages(site: Site) -> Iterator[Target]:
    yield Target(urls.SOURCES, "", sources.sources_page(site))
    yield Target(urls.FEEDS, "", pages.feeds_page(site))
    yield Target(urls.NOT_FOUND, "", pages.not_found(site))
    for page in site.pages:
        yield from _page(site, page)


def _page(site: Site, page: Page) -> Iterator[Target]:
    address = pages.address(page)
    yield Target(address, page.path, pages.own_page(site, page), ("slug",))
    for n, alias in enumerate(page.matter.aliases):
        yield Target(alias, page.path, pages.redirect(site, address, page.matter.title), ("aliases", n))


def _feeds(site: Site) -> Iterator[Target]:
    size = site.config.feed_size
    groups: list[tuple[str, str, Iterable[Cleared], list[Cleared]]] = [
        ("", urls.HOME, site.articles, list(site.withdrawn)),
        *(
            (g.name, g.address, g.articles, [c for c in site.withdrawn if g.name in c.article.matter.topics])
            for g in site.topics
        ),
        *(
            (g.name, g.address, g.articles, [c for c in site.withdrawn if c.publisher and c.publisher.name == g.name])
            for g in site.publishers
        ),
    ]
    for name, address, members, gone in groups:
        yield Target(urls.feed(address), "", feed(site, name, address, _newest(members, gone, size)))


def _newest(articles: Iterable[Cleared], gone: list[Cleared], size: int) -> list[Cleared]:
    """The newest articles, and the last word on those withdrawn of late: subscribers have their words already."""

    def moment(cleared: Cleared) -> datetime:
        withdrawn = cleared.article.matter.withdrawn
        return max(cleared.article.date, withdrawn.date) if withdrawn else cleared.article.date

    if not gone:
        return list(islice(articles, size))
    return sorted([*articles, *gone], key=moment, reverse=True)[:size]


def _sitemaps(site: Site) -> Iterator[Target]:
    """Articles and pages that search engines may index; listings change with them and hold nothing of their own."""
    entries: list[tuple[str, datetime | None]] = [(site.base.absolute(urls.HOME), None)]
    entries += [
        (site.base.absolute(urls.article(c)), c.article.matter.updated or c.article.date)
        for c in site.articles
        if index_rule(c) is not Index.NO and not articles.canonical(c)
    ]
    entries += [(site.base.absolute(pages.address(page)), page.matter.updated) for page in site.pages]
    entries.append((site.base.absolute(urls.SOURCES), None))
    parts = [tuple(entries[n : n + MOST_IN_SITEMAP]) for n in range(0, len(entries), MOST_IN_SITEMAP)]
    if len(parts) == 1:
        yield Target(SITEMAP, "", Sitemap(parts[0]))
        return
    addresses = [f"/sitemap-{n}.xml" for n in range(1, len(parts) + 1)]
    yield Target(SITEMAP, "", SitemapIndex(tuple(map(site.base.absolute, addresses))))
    yield from (Target(address, "", Sitemap(part)) for address, part in zip(addresses, parts, strict=True))
