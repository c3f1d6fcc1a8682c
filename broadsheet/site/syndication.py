"""`Site` -> the documents of its feeds: what readers subscribe to and, behind it, the archives of RFC 5005.

A feed is divided among documents, so that each item stands in one of them: the newest in the one that readers
subscribe to, the others in archives, by month and, within a month, by `MOST_IN_ARCHIVE` from the oldest on. So a new
article changes what is subscribed to and the newest archive, which takes what no longer stands there; an article that
is dated back, or deleted, changes the archives of its month.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby, islice

from msgspec import Struct

from broadsheet.config import FeedArchives, FeedFormat, Feeds
from broadsheet.site import urls
from broadsheet.site.assemble import Site
from broadsheet.site.entry import Entry

MOST_IN_ARCHIVE = 50
"""Items: an archive whose last item was edited is fetched and rendered anew as a whole."""


class Document(Struct, frozen=True, array_like=True):
    """One document of a feed, in one format. Addresses are within the site."""

    address: str
    format: FeedFormat
    name: str
    """Of the listing; "" is the whole site's."""
    page: str
    """Address of the listing."""
    current: str
    """What readers subscribe to: the document itself, or that of which it is an archive."""
    older: str = ""
    """The archive before it; empty where there is none."""
    newer: str = ""
    """The archive after it; empty where there is none, and of what is subscribed to."""
    archived: FeedFormat = FeedFormat.ATOM
    """Format of the archives."""
    style: str = ""
    """Style sheet by which browsers show it; may be empty."""

    @property
    def is_archive(self) -> bool:
        """RFC 5005, section 4."""
        return self.address != self.current


class FeedOf(Struct, frozen=True):
    """A document and whose items it holds."""

    document: Document
    entries: tuple[Entry, ...]
    """Newest first."""


class _Listing(Struct, frozen=True):
    title: str
    address: str
    members: Sequence[Entry]
    """Newest first."""
    gone: Sequence[Entry]
    """Withdrawn: subscribers have their words already, and get a last word about them."""


def feeds(site: Site, style: str) -> Iterator[FeedOf]:
    """All documents of all feeds of a site."""
    archives = site.config.feeds.archives
    for listing in _listings(site):
        is_archived = archives is FeedArchives.ALL or (archives is FeedArchives.SITE and listing.address == urls.HOME)
        yield from _documents(listing, site.config.feeds, style, is_archived)


def _listings(site: Site) -> Iterator[_Listing]:
    gone = site.withdrawn
    yield _Listing("", urls.HOME, site.articles, gone)
    for group in site.topics:
        yield _Listing(group.title, group.address, group.articles, [e for e in gone if group.name in e.topics])
    for group in site.publishers:
        yield _Listing(group.title, group.address, group.articles, [e for e in gone if e.publisher == group.name])
    for group in site.stories:
        yield _Listing(group.title, group.address, group.articles, [e for e in gone if e.story == group.name])


def _documents(listing: _Listing, feeds: Feeds, style: str, is_archived: bool) -> Iterator[FeedOf]:
    formats = feeds.formats
    kept = FeedFormat.ATOM if FeedFormat.ATOM in formats else formats[0]
    ordered = _ordered(listing, None if is_archived else feeds.size)
    parts = list(_parts(listing.address, kept, ordered[feeds.size :]))
    addresses = ["", *(address for address, _ in parts), ""]

    def document(address: str, form: FeedFormat, older: str, newer: str = "") -> Document:
        current = urls.feed(listing.address, form)
        return Document(address, form, listing.title, listing.address, current, older, newer, kept, style)

    for form in formats:
        yield FeedOf(document(urls.feed(listing.address, form), form, addresses[-2]), tuple(ordered[: feeds.size]))
    for n, (address, entries) in enumerate(parts, 1):
        yield FeedOf(document(address, kept, addresses[n - 1], addresses[n + 1]), entries)


def _ordered(listing: _Listing, most: int | None) -> list[Entry]:
    """What has an item, newest first; no more than wanted, if not all is."""
    members = islice((entry for entry in listing.members if entry.is_in_feeds), most)
    gone = [entry for entry in listing.gone if entry.is_in_feeds]
    return sorted([*members, *gone], key=_moment, reverse=True)[:most] if gone else list(members)


def _moment(entry: Entry) -> datetime:
    """Since when an article's item says what it says: its date or, later, that of its withdrawal."""
    return max(entry.date, entry.withdrawn.date) if entry.withdrawn else entry.date


def _parts(address: str, form: FeedFormat, ordered: Sequence[Entry]) -> Iterator[tuple[str, tuple[Entry, ...]]]:
    """(address, entries, newest first) of each archive, the oldest first."""
    for month, members in groupby(reversed(ordered), key=_month):
        entries = tuple(members)
        for number, part in enumerate(_cut(entries), 1):
            yield urls.feed_archive(address, *month, number, form), part[::-1]


def _cut(entries: tuple[Entry, ...]) -> Iterable[tuple[Entry, ...]]:
    return (entries[n : n + MOST_IN_ARCHIVE] for n in range(0, len(entries), MOST_IN_ARCHIVE))


def _month(entry: Entry) -> tuple[int, int]:
    moment = _moment(entry).astimezone(UTC)
    return moment.year, moment.month
