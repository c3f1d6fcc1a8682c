"""A target of the plan -> its bytes. One list of what is rendered how."""

from __future__ import annotations

from broadsheet.render.sitemap import robots, sitemap, sitemap_index
from broadsheet.render.theme import Renderer
from broadsheet.site.feed import Feed
from broadsheet.site.plan import Copy, Robots, Sitemap, SitemapIndex, Target


def render(target: Target, html: Renderer) -> bytes | None:
    """The bytes of a target, or None for a file that is copied. Raises `ThemeError`."""
    content = target.content
    if isinstance(content, Feed):
        from broadsheet.render.rss import rss  # brings lxml, which a build that writes no feed does without

        return rss(content)
    if isinstance(content, Sitemap):
        return sitemap(content)
    if isinstance(content, SitemapIndex):
        return sitemap_index(content)
    if isinstance(content, Robots):
        return robots(content)
    return None if isinstance(content, Copy) else html(content).encode()
