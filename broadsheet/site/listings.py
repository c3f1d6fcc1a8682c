"""The front page, the listings of groups and the indexes of all groups of a sort."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from msgspec import Struct

from broadsheet.register import Publisher
from broadsheet.site import urls, wording
from broadsheet.site.assemble import Group, Site, publisher_of
from broadsheet.site.cards import pagination
from broadsheet.site.entry import Entry
from broadsheet.site.head import feed_link, head
from broadsheet.site.views import CardView, EntryView, HomePage, IndexPage, LinkView, ListingPage, View

MOST_BESIDE = 4
"""Articles of the lead's story that stand beside it."""


Planned = Iterator[tuple[str, Callable[[], View]]]
"""Pages to be: the address of each, and how its record is made when it is wanted."""


def home(site: Site, story: Group | None) -> Planned:
    """The front page and its older pages. `story` is the newest article's."""
    for number, total, articles in _pages(site, site.articles):
        yield urls.numbered(urls.HOME, number), partial(_home, site, story, number, total, articles)


def _home(site: Site, story: Group | None, number: int, total: int, articles: tuple[Entry, ...]) -> HomePage:
    lead = articles[0] if number == 1 and articles else None
    beside = [entry for entry in story.articles if entry is not lead][:MOST_BESIDE] if story and lead else []
    rest = [entry for entry in articles if entry is not lead and entry not in beside]
    title = f"Page {number}" if number > 1 else ""
    return HomePage(
        head=head(site.imprint, title, site.config.description, site.base.absolute(urls.numbered(urls.HOME, number))),
        lead=lead.card if lead else None,
        beside=_cards(beside),
        cards=_cards(rest),
        pagination=pagination(site.imprint, urls.HOME, number, total),
    )


def topic(site: Site, group: Group) -> Planned:
    """The pages of a topic."""
    return _listing(site, group, _Heading(group.title, LinkView("Topic", urls.TOPICS), has_feed=True))


def publisher(site: Site, group: Group) -> Planned:
    """The pages of a publisher, with its terms in a sentence."""
    source = publisher_of(site, group.articles[0])
    links = (LinkView(source.name, source.home),) if source and source.home else ()
    note = _terms(source, site) if source else ""
    eyebrow = LinkView("Publisher", urls.PUBLISHERS)
    return _listing(site, group, _Heading(group.title, eyebrow, has_feed=True, note=note, links=links))


def story(site: Site, group: Group) -> Planned:
    """The page of a story."""
    return _listing(site, group, _Heading(group.title, LinkView("Story", urls.STORIES), has_feed=True))


def month(site: Site, group: Group) -> Planned:
    """The pages of a month."""
    return _listing(site, group, _Heading(group.title, LinkView("Archive", urls.ARCHIVE)))


def indexes(site: Site) -> Planned:
    """The lists of all topics, publishers, stories and months."""
    for address, title, groups in (
        (urls.TOPICS, "Topics", site.topics),
        (urls.PUBLISHERS, "Publishers", site.publishers),
        (urls.STORIES, "Stories", site.stories),
        (urls.ARCHIVE, "Archive", site.months),
    ):
        yield address, partial(_index, site, address, title, groups)


def _index(site: Site, address: str, title: str, groups: tuple[Group, ...]) -> IndexPage:
    entries = (
        EntryView(
            LinkView(group.title, site.base.href(group.address)),
            len(group.articles),
            wording.instant(group.newest),
        )
        for group in groups
    )
    said = head(site.imprint, title, f"{title} of {site.config.title}", site.base.absolute(address))
    return IndexPage(said, title, tuple(entries))


def _terms(source: Publisher, site: Site) -> str:
    if not source.terms:
        return "Not in the register of publishers: its articles are linked and briefly quoted, never reprinted."
    return site.config.register.licences[source.terms[-1].licence].statement


class _Heading(Struct, frozen=True):
    """What stands above the articles of a listing."""

    title: str
    eyebrow: LinkView
    """Its address is one within the site."""
    has_feed: bool = False
    note: str = ""
    links: tuple[LinkView, ...] = ()


def _listing(site: Site, group: Group, heading: _Heading) -> Planned:
    for number, total, articles in _pages(site, group.articles):
        yield urls.numbered(group.address, number), partial(_page, site, group, heading, number, total, articles)


def _page(
    site: Site, group: Group, heading: _Heading, number: int, total: int, articles: tuple[Entry, ...]
) -> ListingPage:
    title, imprint = heading.title, site.imprint
    address = urls.numbered(group.address, number)
    numbered = title if number == 1 else f"{title}, page {number}"
    text = heading.note or f"{title}: {site.config.description}"
    feed = feed_link(imprint, title, group.address)
    return ListingPage(
        head=head(imprint, numbered, text, site.base.absolute(address), feeds=[feed] * heading.has_feed),
        eyebrow=LinkView(heading.eyebrow.text, site.base.href(heading.eyebrow.href)),
        title=title,
        note=heading.note,
        links=heading.links,
        count=len(group.articles),
        cards=_cards(articles),
        feed=feed.href if heading.has_feed else "",
        pagination=pagination(imprint, group.address, number, total),
    )


def _cards(entries: Iterable[Entry]) -> tuple[CardView, ...]:
    return tuple(entry.card for entry in entries)


def _pages(site: Site, articles: tuple[Entry, ...]) -> Iterator[tuple[int, int, tuple[Entry, ...]]]:
    """(number from 1, how many, the articles on it); one empty page where there are none."""
    size = site.config.page_size
    total = max(1, -(-len(articles) // size))
    for number in range(1, total + 1):
        yield number, total, articles[(number - 1) * size : number * size]
