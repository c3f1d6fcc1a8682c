"""The pages that hold no listing: the digest's own, the page about feeds, the one for what is not there, redirects."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from broadsheet.config import FeedArchives
from broadsheet.model import Page
from broadsheet.reading.markdown import rebase
from broadsheet.register import Index
from broadsheet.site import urls, wording
from broadsheet.site.assemble import Group, Site
from broadsheet.site.head import format_links, head
from broadsheet.site.views import FeedsPage, FeedView, LinkView, NotFoundPage, PagePage, RedirectPage

MOST_RECENT = 5
"""Articles that the 404 page offers."""


def address(page: Page) -> str:
    """`/slug/`."""
    return urls.page(page.slug)


def own_page(site: Site, page: Page) -> PagePage:
    """A page of the digest's own, such as About."""
    html, url = page.body.html, site.base.absolute(address(page))
    if page.body.has_relative:
        html = rebase(html, url, site.base.url, site.base.path)
    language = page.matter.language or site.config.language
    text = page.matter.summary or site.config.description
    return PagePage(
        head=head(site.imprint, page.matter.title, text, url, language=language, is_own=True),
        title=page.matter.title,
        body=Markup(html),  # noqa: S704 -- sanitised by reading.markdown
        updated=wording.day(page.matter.updated) if page.matter.updated else None,
    )


def feeds_page(site: Site) -> FeedsPage:
    """What feeds there are, for people."""

    def feed(title: str, address: str) -> FeedView:
        return FeedView(LinkView(title, site.base.href(address)), format_links(site.imprint, address))

    def feeds(groups: Iterable[Group]) -> tuple[FeedView, ...]:
        return tuple(feed(group.title, group.address) for group in groups)

    config = site.config
    text = f"How to follow {config.title} in a feed reader"
    return FeedsPage(
        head=head(site.imprint, "Feeds", text, site.base.absolute(urls.FEEDS)),
        host=site.base.host,
        size=config.feeds.size,
        main=feed(config.title, urls.HOME),
        topics=feeds(site.topics),
        publishers=feeds(site.publishers),
        stories=feeds(site.stories),
        has_archives=config.feeds.archives is not FeedArchives.NONE,
        opml=site.base.href(urls.FEEDS_OPML),
        sources=site.base.href(urls.PUBLISHERS_OPML) if site.publishers else "",
    )


def not_found(site: Site) -> NotFoundPage:
    """The page for addresses at which there is nothing."""
    recent = tuple(entry.card for entry in site.articles[:MOST_RECENT])
    return NotFoundPage(head(site.imprint, "Not found", site.config.description, "", index=Index.NO), recent)


def redirect(site: Site, target: str, title: str) -> RedirectPage:
    """A page that sends on. Static hosts have no 301: refresh, canonical and noindex together say the same."""
    return RedirectPage(
        head=head(site.imprint, title, f"This page has moved: {title}", site.base.absolute(target), index=Index.NO),
        target=LinkView(title, site.base.href(target)),
    )
