"""The sitemap and robots.txt. https://www.sitemaps.org/protocol.html, RFC 9309."""

from __future__ import annotations

from html import escape

from broadsheet.site.plan import Robots, Sitemap, SitemapIndex
from broadsheet.site.wording import rfc3339


def sitemap(record: Sitemap) -> bytes:
    """A sitemap. The protocol allows 50,000 addresses a file; `plan` keeps to it."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">']
    for address, changed in record.entries:
        modified = f"<lastmod>{rfc3339(changed)}</lastmod>" if changed else ""
        lines.append(f"<url><loc>{escape(address, quote=False)}</loc>{modified}</url>")
    return "\n".join([*lines, "</urlset>", ""]).encode()


def sitemap_index(record: SitemapIndex) -> bytes:
    """The list of sitemaps."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
    ]
    lines += [f"<sitemap><loc>{escape(address, quote=False)}</loc></sitemap>" for address in record.sitemaps]
    return "\n".join([*lines, "</sitemapindex>", ""]).encode()


def robots(record: Robots) -> bytes:
    """robots.txt: everything may be read; what must not be indexed says so on its page."""
    licence = f"License: {record.licence}\n" if record.licence else ""  # RSL 1.0, of the digest's own pages only
    return f"User-agent: *\nAllow: /\n\nSitemap: {record.sitemap}\n{licence}".encode()
