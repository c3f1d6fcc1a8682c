"""What a page says of itself to browsers, search engines and whoever shares it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from markupsafe import Markup

from broadsheet.register import Index
from broadsheet.rights import Cleared
from broadsheet.site import reservation, urls, wording
from broadsheet.site.imprint import Imprint
from broadsheet.site.views import HeadView, LinkView, MetaView

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
    feeds: Iterable[LinkView] = (),
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

    An empty title means the site's own; the site's feed always comes last. `canonical` is the address that stands for
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
        feeds=(*feeds, feed_link(imprint.base, config.title, urls.HOME)),
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


@lru_cache(maxsize=1024)
def feed_link(base: urls.Base, title: str, address: str) -> LinkView:
    """The link to the feed of a listing."""
    return LinkView(title, base.href(urls.feed(address)))


def index_rule(cleared: Cleared) -> Index:
    """What is asked about search engines: a withdrawn text is out, a reprint as its publisher asks, ours is in."""
    if cleared.article.matter.withdrawn is not None:
        return Index.NO
    return cleared.publisher.index if cleared.publisher else Index.YES
