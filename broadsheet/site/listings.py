"""The front page, the listings of groups and the indexes of all groups of a sort."""

from __future__ import annotations

from collections.abc import Iterator

from broadsheet.register import Publisher
from broadsheet.rights import Cleared
from broadsheet.site import urls, wording
from broadsheet.site.assemble import Group, Site
from broadsheet.site.cards import cards, pagination, story_title
from broadsheet.site.head import feed_link, head
from broadsheet.site.views import EntryView, HomePage, IndexPage, LinkView, ListingPage

MOST_BESIDE = 4
"""Articles of the lead's story that stand beside it."""


def home(site: Site, story: Group | None) -> Iterator[tuple[str, HomePage]]:
    """The front page and its older pages, each with its address. `story` is the newest article's."""
    for number, total, articles in _pages(site, site.articles):
        lead = articles[0] if number == 1 and articles else None
        beside = [c for c in story.articles if c is not lead][:MOST_BESIDE] if story and lead else []
        rest = [c for c in articles if c is not lead and c not in beside]
        address = urls.numbered(urls.HOME, number)
        title = f"Page {number}" if number > 1 else ""
        yield (
            address,
            HomePage(
                head=head(site, title, site.config.description, address),
                lead=cards(site, [lead])[0] if lead else None,
                beside=cards(site, beside),
                cards=cards(site, rest),
                pagination=pagination(site, urls.HOME, number, total),
            ),
        )


def topic(site: Site, group: Group) -> Iterator[tuple[str, ListingPage]]:
    """The pages of a topic."""
    return _listing(site, group, group.name, LinkView("Topic", urls.TOPICS), has_feed=True)


def publisher(site: Site, group: Group) -> Iterator[tuple[str, ListingPage]]:
    """The pages of a publisher, with its terms in a sentence."""
    source = group.articles[0].publisher
    links = (LinkView(source.name, source.home),) if source and source.home else ()
    note = _terms(source, site) if source else ""
    eyebrow = LinkView("Publisher", urls.PUBLISHERS)
    return _listing(site, group, group.name, eyebrow, has_feed=True, note=note, links=links)


def story(site: Site, group: Group) -> Iterator[tuple[str, ListingPage]]:
    """The page of a story."""
    return _listing(site, group, story_title(group), LinkView("Story", urls.STORIES), has_feed=False)


def month(site: Site, group: Group) -> Iterator[tuple[str, ListingPage]]:
    """The pages of a month."""
    return _listing(site, group, wording.month(group.newest), LinkView("Archive", urls.ARCHIVE), has_feed=False)


def indexes(site: Site) -> Iterator[tuple[str, IndexPage]]:
    """The lists of all topics, publishers, stories and months."""
    for address, title, groups in (
        (urls.TOPICS, "Topics", site.topics),
        (urls.PUBLISHERS, "Publishers", site.publishers),
        (urls.STORIES, "Stories", site.stories),
        (urls.ARCHIVE, "Archive", site.months),
    ):
        entries = (
            EntryView(
                LinkView(_entry_name(address, group), site.base.href(group.address)),
                len(group.articles),
                wording.instant(group.newest),
            )
            for group in groups
        )
        yield address, IndexPage(head(site, title, f"{title} of {site.config.title}", address), title, tuple(entries))


def _entry_name(index: str, group: Group) -> str:
    if index == urls.ARCHIVE:
        return wording.month(group.newest)
    return story_title(group) if index == urls.STORIES else group.name


def _terms(source: Publisher, site: Site) -> str:
    if not source.terms:
        return "Not in the register of publishers: its articles are linked and briefly quoted, never reprinted."
    return site.config.register.licences[source.terms[-1].licence].statement


def _listing(
    site: Site,
    group: Group,
    title: str,
    eyebrow: LinkView,
    has_feed: bool,
    note: str = "",
    links: tuple[LinkView, ...] = (),
) -> Iterator[tuple[str, ListingPage]]:
    feed = feed_link(site, title, group.address)
    for number, total, articles in _pages(site, group.articles):
        address = urls.numbered(group.address, number)
        numbered = title if number == 1 else f"{title}, page {number}"
        yield (
            address,
            ListingPage(
                head=head(
                    site, numbered, note or f"{title}: {site.config.description}", address, feeds=[feed] * has_feed
                ),
                eyebrow=LinkView(eyebrow.text, site.base.href(eyebrow.href)),
                title=title,
                note=note,
                links=links,
                count=len(group.articles),
                cards=cards(site, articles),
                feed=feed.href if has_feed else "",
                pagination=pagination(site, group.address, number, total),
            ),
        )


def _pages(site: Site, articles: tuple[Cleared, ...]) -> Iterator[tuple[int, int, tuple[Cleared, ...]]]:
    """(number from 1, how many, the articles on it); one empty page where there are none."""
    size = site.config.page_size
    total = max(1, -(-len(articles) // size))
    for number in range(1, total + 1):
        yield number, total, articles[(number - 1) * size : number * size]
