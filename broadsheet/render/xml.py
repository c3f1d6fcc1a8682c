"""What the documents of RSS and of Atom have in common: names, relations of RFC 5005 and WebSub, a style."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5

from broadsheet.site.feed import Feed, FeedItem
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
