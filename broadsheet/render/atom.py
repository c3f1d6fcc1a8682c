"""`Feed` -> Atom 1.0 (RFC 4287), by lxml: feedgen's Atom loses the relations of links and half of `source`.

Beside it: the licence of an entry as a link (RFC 4946), archives (RFC 5005), entries that are gone (RFC 6721), the hub
(https://www.w3.org/TR/websub/) and pictures with their credit (https://www.rssboard.org/media-rss).
"""

from __future__ import annotations

from html import escape

from lxml import etree

import broadsheet
from broadsheet.render.content import CHANNEL_RIGHTS, content_html
from broadsheet.render.xml import (
    ATOM,
    HISTORY,
    MEDIA,
    add_archive,
    add_link,
    add_picture,
    plain_text,
    relations,
    styled,
    ways,
)
from broadsheet.site.feed import Feed, FeedItem, FeedSource
from broadsheet.site.wording import rfc3339

TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
_NAMES: dict[str, str] = {None: ATOM, "fh": HISTORY, "media": MEDIA}  # type: ignore[dict-item]
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def atom(feed: Feed) -> bytes:
    """The document in UTF-8."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap=_NAMES)
    root.set(_LANGUAGE, feed.language)
    _text(root, "id", feed.id)
    _plain(root, "title", feed.title)
    _plain(root, "subtitle", feed.description)
    _text(root, "updated", rfc3339(feed.updated))
    _person(root, feed.editor or feed.title, feed.email)
    add_link(root, "alternate", feed.page, "text/html")
    for relation, address, kind in relations(feed):
        add_link(root, relation, address, kind)
    _text(root, "rights", CHANNEL_RIGHTS)
    _text(root, "generator", "Broadsheet").set("version", broadsheet.__version__)
    if feed.current:
        add_archive(root)
    for item in feed.items:
        if item.withdrawn is None:
            _entry(root, item, feed.language)
        else:
            _tombstone(root, item)
    document: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return styled(document, feed.style)


def _entry(root: etree._Element, item: FeedItem, language: str) -> None:
    entry = etree.SubElement(root, f"{{{ATOM}}}entry")
    if item.language != language:
        entry.set(_LANGUAGE, item.language)
    _text(entry, "id", item.id)
    _plain(entry, "title", item.title)
    for name in item.authors:
        _person(entry, name)
    _text(entry, "published", rfc3339(item.published))
    _text(entry, "updated", rfc3339(item.updated))
    _links(entry, item)
    for topic in item.topics:
        etree.SubElement(entry, f"{{{ATOM}}}category", term=plain_text(topic))
    _plain(entry, "rights", item.rights)
    if item.source is not None:
        _source(entry, item.source)
    _plain(entry, "summary", item.summary)
    _text(entry, "content", content_html(item)).set("type", "html")
    if item.image is not None:
        add_picture(entry, item.image)


def _links(entry: etree._Element, item: FeedItem) -> None:
    """Where it leads; its page; the original, of which it tells (`via`); the licence of the text."""
    add_link(entry, "alternate", item.link, "text/html")
    for relation, address in ways(item):
        add_link(entry, relation, address)
    if item.licence_url:
        add_link(entry, "license", item.licence_url)


def _source(entry: etree._Element, origin: FeedSource) -> None:
    """RFC 4287, section 4.2.11."""
    source = etree.SubElement(entry, f"{{{ATOM}}}source")
    _text(source, "id", origin.id)
    _plain(source, "title", origin.title)
    _text(source, "updated", rfc3339(origin.updated))
    if origin.feed:
        add_link(source, "self", origin.feed)


def _tombstone(root: etree._Element, item: FeedItem) -> None:
    """RFC 6721, section 3: what was under this id is gone, since when, why, and where that is said."""
    gone = etree.SubElement(root, f"{{{TOMBSTONES}}}deleted-entry", nsmap={"at": TOMBSTONES})
    gone.set("ref", item.id)
    gone.set("when", rfc3339(item.updated))
    etree.SubElement(gone, f"{{{TOMBSTONES}}}comment").text = plain_text(item.summary)
    add_link(gone, "alternate", item.page, "text/html")


def _text(parent: etree._Element, name: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}")
    element.text = text
    return element


def _plain(parent: etree._Element, name: str, text: str) -> None:
    """A text construct (RFC 4287, section 3.1): as HTML where a careless reader would take it for that."""
    if "<" in text or "&" in text:
        _text(parent, name, escape(text, quote=False)).set("type", "html")
    else:
        _text(parent, name, text)


def _person(parent: etree._Element, name: str, email: str = "") -> None:
    author = etree.SubElement(parent, f"{{{ATOM}}}author")
    _text(author, "name", plain_text(name))
    if email:
        _text(author, "email", email)
