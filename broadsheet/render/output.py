"""A target of the plan -> its bytes. One list of what is rendered how."""

from __future__ import annotations

from broadsheet.render.sitemap import robots, sitemap, sitemap_index
from broadsheet.render.theme import Renderer
from broadsheet.site.feed import Feed
from broadsheet.site.plan import Robots, Sitemap, SitemapIndex
from broadsheet.site.views import View


def render(content: View | Feed | Sitemap | SitemapIndex | Robots, html: Renderer) -> bytes:
    """The bytes of a target's content. Raises `ThemeError`."""
    if isinstance(content, Feed):
        from broadsheet.render.rss import rss  # brings lxml, which a build that writes no feed does without

        return rss(content)
    if isinstance(content, Sitemap):
        return sitemap(content)
    if isinstance(content, SitemapIndex):
        return sitemap_index(content)
    if isinstance(content, Robots):
        return robots(content)
    return html(content).encode()
