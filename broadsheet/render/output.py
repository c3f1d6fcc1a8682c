"""A target of the plan -> its bytes. One list of what is rendered how."""

from __future__ import annotations

import json

from broadsheet import bill
from broadsheet.config import FeedFormat
from broadsheet.render import reservation
from broadsheet.render.sitemap import robots, sitemap, sitemap_index
from broadsheet.render.theme import Renderer
from broadsheet.site.feed import Feed
from broadsheet.site.opml import Opml
from broadsheet.site.plan import BillSchema, Robots, Sitemap, SitemapIndex, Whole
from broadsheet.site.reservation import Reserved, TdmRep


def render(content: Whole | Feed, html: Renderer) -> bytes:
    """The bytes of what is planned. Raises `ThemeError`."""
    if isinstance(content, Feed):
        return _feed(content)
    if isinstance(content, Opml):
        from broadsheet.render.opml import opml

        return opml(content)
    if isinstance(content, BillSchema | Reserved | TdmRep):
        return _for_machines(content)
    if isinstance(content, Sitemap):
        return sitemap(content)
    if isinstance(content, SitemapIndex):
        return sitemap_index(content)
    if isinstance(content, Robots):
        return robots(content)
    return html(content)


def _feed(feed: Feed) -> bytes:
    """In its format. feedgen and lxml take 20 ms to import, and most edits touch no feed."""
    if feed.format is FeedFormat.RSS:
        from broadsheet.render.rss import rss

        return rss(feed)
    if feed.format is FeedFormat.ATOM:
        from broadsheet.render.atom import atom

        return atom(feed)
    from broadsheet.render.jsonfeed import json_feed

    return json_feed(feed)


def _for_machines(content: BillSchema | Reserved | TdmRep) -> bytes:
    if isinstance(content, BillSchema):
        return (json.dumps(bill.json_schema(), indent=1) + "\n").encode()
    return reservation.rsl(content) if isinstance(content, Reserved) else reservation.tdmrep(content)
