"""`Opml` -> OPML 2.0, by lxml. http://opml.org/spec2.opml."""

from __future__ import annotations

from lxml import etree

from broadsheet.site.opml import Opml, Outline


def opml(record: Opml) -> bytes:
    """The list as a document in UTF-8. It has no date: it does not change because time has passed."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = record.title
    etree.SubElement(head, "ownerName").text = record.owner
    body = etree.SubElement(root, "body")
    for outline in record.outlines:
        _outline(body, outline)
    document: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return document


def _outline(parent: etree._Element, outline: Outline) -> None:
    """A subscription's type is `rss` whatever its format, a page's `link`. OPML 2.0, "Subscription lists", "Links"."""
    element = etree.SubElement(parent, "outline", text=outline.text)
    if outline.feed:
        element.set("type", "rss")
        element.set("title", outline.text)
        element.set("xmlUrl", outline.feed)
        if outline.page:
            element.set("htmlUrl", outline.page)
    elif outline.page:
        element.set("type", "link")
        element.set("url", outline.page)
    for inner in outline.inner:
        _outline(element, inner)
