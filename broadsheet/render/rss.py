"""`Feed` -> RSS 2.0, by feedgen, with remedies for what it gets wrong (measured with 1.0.0).

https://www.rssboard.org/rss-specification. feedgen raises on a character that XML cannot hold, which the reader of
content scrubs; sets `lastBuildDate` to now unless told; drops an author without e-mail, so authors are `dc:creator`;
takes the last link as the channel's; and adds entries in front unless told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.ext.dc import DcEntryExtension, DcExtension
from feedgen.feed import FeedGenerator
from lxml import etree

import broadsheet
from broadsheet.render.credit import byline_html, corrections_html, credit_html, withdrawal_html
from broadsheet.site.feed import Feed, FeedItem
from broadsheet.site.wording import joined

CREATIVE_COMMONS = "http://backend.userland.com/creativeCommonsRssModule"
DCTERMS = "http://purl.org/dc/terms/"
CHANNEL_RIGHTS = "Each item states whose words it holds and under what terms. No licence covers the feed as a whole."


class _Licence(BaseExtension):  # type: ignore[misc]
    """`creativeCommons:license` and `dcterms:license`, whose values are addresses."""

    def extend_ns(self) -> Mapping[str, str]:
        return {"creativeCommons": CREATIVE_COMMONS, "dcterms": DCTERMS}


class _LicenceEntry(BaseEntryExtension):  # type: ignore[misc]
    url = ""

    def extend_rss(self, entry: etree._Element) -> etree._Element:
        if self.url:
            etree.SubElement(entry, f"{{{DCTERMS}}}license").text = self.url
            if self.url.startswith(("https://creativecommons.org/", "http://creativecommons.org/")):
                etree.SubElement(entry, f"{{{CREATIVE_COMMONS}}}license").text = self.url
        return entry


_TAG_OPEN = re.compile(r"<(?=[A-Za-z/!?])")


def plain_text(text: str) -> str:
    """Text for an element whose content RSS 2.0 leaves open between text and HTML.

    Some readers take a headline for HTML. A word joiner (U+2060) behind a `<` that would open a tag shows nothing and
    keeps it text to them too. RSS Advisory Board, Best Practices Profile, "Character data".
    """
    return _TAG_OPEN.sub("<\u2060", text)


def rss(feed: Feed) -> bytes:
    """The feed as an RSS 2.0 document in UTF-8."""
    generator = FeedGenerator()
    generator.register_extension("dc", DcExtension, DcEntryExtension, atom=False, rss=True)
    generator.register_extension("licence", _Licence, _LicenceEntry, atom=False, rss=True)
    generator.title(plain_text(feed.title))
    generator.description(plain_text(feed.description))
    generator.link(href=feed.url, rel="self", type="application/rss+xml")
    generator.link(href=feed.page_url, rel="alternate")
    generator.language(feed.language)
    generator.copyright(CHANNEL_RIGHTS)
    generator.generator("Broadsheet", broadsheet.__version__, "")
    generator.lastBuildDate(feed.updated)
    generator.pubDate(max((item.published for item in feed.items), default=feed.updated))
    if feed.email:
        generator.managingEditor(f"{feed.email} ({feed.editor or feed.title})")
    for item in feed.items:
        _add(generator.add_entry(order="append"), item)
    document: bytes = generator.rss_str(pretty=True, encoding="UTF-8")
    return document


def _add(entry: FeedEntry, item: FeedItem) -> None:
    entry.title(plain_text(item.title))
    entry.link(href=item.url)
    entry.guid(item.id, permalink=False)
    entry.description(plain_text(item.summary))
    before = byline_html(item.slip.label, joined(item.authors), item.original) + corrections_html(item.corrections)
    entry.content(before + withdrawal_html(item.withdrawn) + str(item.html) + credit_html(item.slip))
    entry.pubDate(item.published)
    entry.dc.dc_creator([plain_text(author) for author in item.authors])
    entry.dc.dc_rights(plain_text(item.rights))
    if item.language:
        entry.dc.dc_language(item.language)
    entry.licence.url = item.licence_url
    for topic in item.topics:
        entry.category(term=plain_text(topic))
    if item.source:
        name, address = item.source
        entry.source(url=address, title=plain_text(name))
