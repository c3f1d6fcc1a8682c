"""What a page says of itself to browsers, search engines and whoever shares it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from markupsafe import Markup

from broadsheet.config import FeedFormat
from broadsheet.register import Index
from broadsheet.rights import Cleared
from broadsheet.site import reservation, urls, wording
from broadsheet.site.imprint import Imprint
from broadsheet.site.views import FeedLinkView, HeadView, MetaView

NAMES = {FeedFormat.RSS: "RSS", FeedFormat.ATOM: "Atom", FeedFormat.JSON: "JSON Feed"}
TYPES = {
    FeedFormat.RSS: "application/rss+xml",
    FeedFormat.ATOM: "application/atom+xml",
    FeedFormat.JSON: "application/feed+json",
}
"""Media types: RSS 2.0 has none that is registered; RFC 4287, section 7; JSON Feed 1.1, "Discovery"."""
ROBOTS = {
    Index.YES: (),
    # Google, "block specific content from Google News". The general index keeps the page.
    Index.NEWS_NO: (MetaView("name", "googlebot-news", "noindex"),),
    Index.NO: (MetaView("name", "robots", "noindex"),),
}


def head(
    imprint: Imprint,
    title: str,
    description: str,
    url: str,
    *,
    feeds: Iterable[FeedLinkView] = (),
    metas: Iterable[MetaView] = (),
    licence: str = "",
    language: str = "",
    index: Index = Index.YES,
    og_type: str = "website",
    canonical: str = "",
    is_own: bool = False,
    linked_data: Markup = Markup(),  # noqa: B008 -- a constant
) -> HeadView:
    """The head of the page at `url`, in full; empty where it has no address of its own.

    An empty title means the site's own. `canonical` is the address that stands for
    the page's, where that is not its own. `is_own` says that every word on it is the digest's.
    """
    config = imprint.config
    full_title = f"{title} – {config.title}" if title else config.title
    open_graph = (
        ("og:site_name", config.title),
        ("og:type", og_type),
        ("og:title", title or config.title),
        ("og:description", description),
        ("og:url", url),
    )
    return HeadView(
        title=full_title,
        description=description,
        canonical=canonical or url,
        language=language or config.language,
        direction=wording.direction(language or config.language),
        licence=licence,
        feeds=tuple(feeds),
        metas=(
            *ROBOTS[index],
            *[MetaView("property", name, value) for name, value in open_graph if value],
            *metas,
            *(reservation.metas(imprint) if is_own else ()),
        ),
        base=imprint.base.path,
        linked_data=linked_data,
        machine_terms=imprint.base.href(reservation.RSL) if is_own and config.reservation else "",
    )


def feed_link(imprint: Imprint, title: str, address: str) -> FeedLinkView:
    """The link to the feed of a listing in the format that the site has chosen first."""
    return _feed_link(imprint.base, title, address, imprint.config.feeds.formats[0])


def site_feeds(imprint: Imprint) -> tuple[FeedLinkView, ...]:
    """The links to the site's own feed in all its formats."""
    title, formats = imprint.config.title, imprint.config.feeds.formats
    if len(formats) == 1:
        return (feed_link(imprint, title, urls.HOME),)
    return tuple([_feed_link(imprint.base, f"{title} ({NAMES[it]})", urls.HOME, it) for it in formats])


def format_links(imprint: Imprint, address: str) -> tuple[FeedLinkView, ...]:
    """The links to the feed of a listing by the names of its formats."""
    return tuple(_feed_link(imprint.base, NAMES[it], address, it) for it in imprint.config.feeds.formats)


@lru_cache(maxsize=1024)
def _feed_link(base: urls.Base, text: str, address: str, format: FeedFormat) -> FeedLinkView:  # noqa: A002
    return FeedLinkView(text, base.href(urls.feed(address, format)), TYPES[format])


def index_rule(cleared: Cleared) -> Index:
    """What is asked about search engines: a withdrawn text is out, a reprint as its publisher asks, ours is in."""
    if cleared.article.matter.withdrawn is not None:
        return Index.NO
    return cleared.publisher.index if cleared.publisher else Index.YES
