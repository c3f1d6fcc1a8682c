"""`Feed` -> RSS 2.0, by feedgen, with remedies for what it gets wrong (measured with 1.0.0).

https://www.rssboard.org/rss-specification. feedgen raises on a character that XML cannot hold, which the reader of
content scrubs; sets `lastBuildDate` to now unless told; drops an author without e-mail, so authors are `dc:creator`;
takes the last link as the channel's; and adds entries in front unless told.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.ext.dc import DcEntryExtension, DcExtension
from feedgen.feed import FeedGenerator
from lxml import etree

import broadsheet
from broadsheet.render.content import CHANNEL_RIGHTS, content_html
from broadsheet.render.xml import ATOM, HISTORY, MEDIA, plain_text, relations, styled, ways
from broadsheet.site.feed import Feed, FeedImage, FeedItem
from broadsheet.site.wording import rfc3339

CREATIVE_COMMONS = "http://backend.userland.com/creativeCommonsRssModule"
DCTERMS = "http://purl.org/dc/terms/"
_NOT_IN_COMMENT = str.maketrans("()\\", "[]/")
"""A mailbox's name in brackets may not hold such. RFC 5322, section 3.2.2."""


class _Documents(BaseExtension):  # type: ignore[misc]
    """Of a channel: its relations to other documents, and whether it is an archive."""

    feed: Feed

    def extend_ns(self) -> Mapping[str, str]:
        return {"creativeCommons": CREATIVE_COMMONS, "dcterms": DCTERMS, "fh": HISTORY, "media": MEDIA}

    def extend_rss(self, root: etree._Element) -> etree._Element:
        channel = root[0]
        for relation, address, kind in relations(self.feed):
            if relation != "self":  # feedgen has written that
                _add_link(channel, relation, address, kind)
        if self.feed.current:
            etree.SubElement(channel, f"{{{HISTORY}}}archive")  # readers need not look again: RFC 5005, section 4
        return root


class _Terms(BaseEntryExtension):  # type: ignore[misc]
    """Of an item: the ways beside its link, the time of its last change, its licence, its picture."""

    item: FeedItem

    def extend_rss(self, entry: etree._Element) -> etree._Element:
        item = self.item
        for relation, address in ways(item):
            _add_link(entry, relation, address)
        if item.updated != item.published:
            etree.SubElement(entry, f"{{{ATOM}}}updated").text = rfc3339(item.updated)
        if item.licence_url:
            etree.SubElement(entry, f"{{{DCTERMS}}}license").text = item.licence_url
            if item.licence_url.startswith(("https://creativecommons.org/", "http://creativecommons.org/")):
                etree.SubElement(entry, f"{{{CREATIVE_COMMONS}}}license").text = item.licence_url
        if item.image is not None:
            _add_picture(entry, item.image)
        return entry


def rss(feed: Feed) -> bytes:
    """The feed as an RSS 2.0 document in UTF-8."""
    generator = FeedGenerator()
    generator.register_extension("dc", DcExtension, DcEntryExtension, atom=False, rss=True)
    generator.register_extension("terms", _Documents, _Terms, atom=False, rss=True)
    generator.terms.feed = feed
    generator.title(plain_text(feed.title))
    generator.description(plain_text(feed.description))
    generator.link(href=feed.url, rel="self", type="application/rss+xml")
    generator.link(href=feed.page, rel="alternate")
    generator.language(feed.language)
    generator.copyright(CHANNEL_RIGHTS)
    generator.generator("Broadsheet", broadsheet.__version__, "")
    generator.lastBuildDate(feed.updated)
    generator.pubDate(max((item.published for item in feed.items), default=feed.updated))
    if feed.email:
        name = plain_text(feed.editor or feed.title).translate(_NOT_IN_COMMENT)
        generator.managingEditor(f"{feed.email} ({name})")
    for item in feed.items:
        _add(generator.add_entry(order="append"), item, feed.language)
    document: bytes = generator.rss_str(pretty=True, encoding="UTF-8")
    return styled(document, feed.style)


def _add(entry: FeedEntry, item: FeedItem, language: str) -> None:
    entry.title(plain_text(item.title))
    entry.link(href=item.link)
    entry.guid(item.id, permalink=False)
    entry.description(escape(item.summary, quote=False))  # which readers show as HTML, all of them
    entry.content(content_html(item).decode())
    entry.pubDate(item.published)
    entry.dc.dc_creator([plain_text(author) for author in item.authors])
    entry.dc.dc_rights(plain_text(item.rights))
    if item.language != language:
        entry.dc.dc_language(item.language)
    entry.terms.item = item
    for topic in item.topics:
        entry.category(term=plain_text(topic))
    if item.source and item.source.feed:
        entry.source(url=item.source.feed, title=plain_text(item.source.title))


def _add_link(parent: etree._Element, relation: str, address: str, kind: str = "") -> None:
    """`atom:link`. RFC 4287, section 4.2.7."""
    link = etree.SubElement(parent, f"{{{ATOM}}}link")
    link.set("rel", relation)
    link.set("href", address)
    if kind:
        link.set("type", kind)


def _add_picture(parent: etree._Element, image: FeedImage) -> None:
    """The picture, what it shows, whose it is and its own terms. https://www.rssboard.org/media-rss."""
    content = etree.SubElement(parent, f"{{{MEDIA}}}content", url=image.url, type=image.type, medium="image")
    etree.SubElement(content, f"{{{MEDIA}}}description", type="plain").text = plain_text(image.alt)
    etree.SubElement(content, f"{{{MEDIA}}}credit").text = plain_text(image.credit)
    if image.licence.href:  # `media:license` would say it better, and the W3C's validator does not know it
        etree.SubElement(content, f"{{{MEDIA}}}copyright", url=image.licence.href).text = plain_text(image.licence.text)
