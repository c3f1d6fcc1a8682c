"""What the documents of RSS and of Atom have in common: names, relations of RFC 5005 and WebSub, pictures, a style."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5

from lxml import etree

from broadsheet.site.feed import Feed, FeedImage, FeedItem
from broadsheet.site.head import TYPES

ATOM = "http://www.w3.org/2005/Atom"
HISTORY = "http://purl.org/syndication/history/1.0"
MEDIA = "http://search.yahoo.com/mrss/"
_NAMES = "|".join(name for name in html5 if not name.endswith(";"))  # of entities that end without a semicolon too
_MARKUP = re.compile(rf"<(?=[A-Za-z/!?])|&(?=#|\w+;|{_NAMES})")


def relations(feed: Feed) -> Iterator[tuple[str, str, str]]:
    """(relation, address, media type or empty) of the documents around one; itself comes first."""
    yield "self", feed.url, TYPES[feed.format]
    if feed.hub and not feed.current:
        yield "hub", feed.hub, ""
    around = {"current": (feed.current, feed.format), "prev-archive": (feed.older, feed.archived)}
    around["next-archive"] = (feed.newer, feed.archived)
    yield from ((name, address, TYPES[form]) for name, (address, form) in around.items() if address)


def ways(item: FeedItem) -> Iterator[tuple[str, str]]:
    """(relation, address) of what is beside an item's link: its page, where that is not the link, and the original."""
    if item.link != item.page:
        yield "related", item.page
    if item.origin:
        yield "via", item.origin


def add_link(parent: etree._Element, relation: str, address: str, kind: str = "") -> None:
    """`atom:link`. RFC 4287, section 4.2.7."""
    link = etree.SubElement(parent, f"{{{ATOM}}}link")
    link.set("rel", relation)
    link.set("href", address)
    if kind:
        link.set("type", kind)


def add_archive(parent: etree._Element) -> None:
    """`fh:archive`: the document is an archive, and readers need not look at it again. RFC 5005, section 4."""
    etree.SubElement(parent, f"{{{HISTORY}}}archive")


def add_picture(parent: etree._Element, image: FeedImage) -> None:
    """The picture, what it shows, whose it is and its own terms. https://www.rssboard.org/media-rss."""
    content = etree.SubElement(parent, f"{{{MEDIA}}}content", url=image.url, type=image.type, medium="image")
    etree.SubElement(content, f"{{{MEDIA}}}description", type="plain").text = plain_text(image.alt)
    etree.SubElement(content, f"{{{MEDIA}}}credit").text = plain_text(image.credit)
    if image.licence.href:  # `media:license` would say it better, and the W3C's validator does not know it
        etree.SubElement(content, f"{{{MEDIA}}}copyright", url=image.licence.href).text = plain_text(image.licence.text)


def plain_text(text: str) -> str:
    """Text for an element that some readers take for HTML though it is text, or may be either.

    A word joiner (U+2060) behind a sign that would begin a tag or an entity shows nothing and keeps it text to them.
    RSS Advisory Board, Best Practices Profile, "Character data".
    """
    if "<" not in text and "&" not in text:  # as nearly all
        return text
    return _MARKUP.sub("\\g<0>\u2060", text)


def styled(document: bytes, style: str) -> bytes:
    """A document with the style sheet by which browsers show it, if any. https://www.w3.org/TR/xml-stylesheet/."""
    if not style:
        return document
    declaration, rest = document.split(b"\n", 1)
    # An address from `Base.href` is percent-encoded and holds no quotation mark.
    return b'%s\n<?xml-stylesheet type="text/css" href="%s"?>\n%s' % (declaration, style.encode(), rest)
