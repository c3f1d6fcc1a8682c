"""`Feed` -> Atom 1.0 (RFC 4287), as text: feedgen's Atom loses the relations of links and half of `source`.

Beside it: the licence of an entry as a link (RFC 4946), archives (RFC 5005), entries that are gone (RFC 6721), the hub
(https://www.w3.org/TR/websub/) and pictures with their credit (https://www.rssboard.org/media-rss).

Archives hold every article, so the document is written as text, byte for byte what lxml would write of its elements.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

import broadsheet
from broadsheet.render.content import CHANNEL_RIGHTS, content_html
from broadsheet.render.xml import ATOM, HISTORY, MEDIA, plain_text, relations, styled, ways
from broadsheet.site.feed import Feed, FeedImage, FeedItem, FeedSource
from broadsheet.site.wording import rfc3339

TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
_DECLARATION = "<?xml version='1.0' encoding='UTF-8'?>"


def atom(feed: Feed) -> bytes:
    """The document in UTF-8."""
    head = [
        _DECLARATION,
        f'<feed xmlns="{ATOM}" xmlns:fh="{HISTORY}" xmlns:media="{MEDIA}" xml:lang={_quoted(feed.language)}>',
        *(f"  {line}" for line in _about(feed)),
    ]
    items = [_entry(it, feed.language) if it.withdrawn is None else _tombstone(it) for it in feed.items]
    return styled(b"\n".join(["\n".join(head).encode(), *items, b"</feed>\n"]), feed.style)


def _about(feed: Feed) -> Iterator[str]:
    yield _text("id", feed.id)
    yield _plain("title", feed.title)
    yield _plain("subtitle", feed.description)
    yield _text("updated", rfc3339(feed.updated))
    yield _person("  ", feed.editor or feed.title, feed.email)
    yield _link("alternate", feed.page, "text/html")
    yield from (_link(relation, address, kind) for relation, address, kind in relations(feed))
    yield _text("rights", CHANNEL_RIGHTS)
    yield f'<generator version="{broadsheet.__version__}">Broadsheet</generator>'
    if feed.current:
        yield "<fh:archive/>"


def _entry(item: FeedItem, language: str) -> bytes:
    own = f" xml:lang={_quoted(item.language)}" if item.language != language else ""
    lines = [
        f"  <entry{own}>",
        _text("id", item.id),
        _plain("title", item.title),
        *[_person("    ", name) for name in item.authors],
        _text("published", rfc3339(item.published)),
        _text("updated", rfc3339(item.updated)),
        *_links(item),
        *[f"<category term={_quoted(plain_text(topic))}/>" for topic in item.topics],
        _plain("rights", item.rights),
        *([_source(item.source)] if item.source else []),
        _plain("summary", item.summary),
        '<content type="html">',
    ]
    after = ["</content>", *([_picture(item.image)] if item.image else [])]
    content = _escaped_utf8(content_html(item))
    return b"%b%b%b\n  </entry>" % ("\n    ".join(lines).encode(), content, "\n    ".join(after).encode())


def _links(item: FeedItem) -> Iterator[str]:
    """Where it leads; its page; the original, of which it tells (`via`); the licence of the text."""
    yield _link("alternate", item.link, "text/html")
    yield from (_link(relation, address) for relation, address in ways(item))
    if item.licence_url:
        yield _link("license", item.licence_url)


def _source(origin: FeedSource) -> str:
    """RFC 4287, section 4.2.11."""
    lines = [_text("id", origin.id), _plain("title", origin.title), _text("updated", rfc3339(origin.updated))]
    return _around("    ", "source", [*lines, *([_link("self", origin.feed)] if origin.feed else [])])


def _picture(image: FeedImage) -> str:
    """The picture, what it shows, whose it is and its own terms. https://www.rssboard.org/media-rss."""
    content = f'media:content url={_quoted(image.url)} type={_quoted(image.type)} medium="image"'
    lines = [
        f'<media:description type="plain">{_escaped(plain_text(image.alt))}</media:description>',
        _text("media:credit", plain_text(image.credit)),
    ]
    if image.licence.href:
        terms = _escaped(plain_text(image.licence.text))
        lines.append(f"<media:copyright url={_quoted(image.licence.href)}>{terms}</media:copyright>")
    return _around("    ", content, lines)


def _tombstone(item: FeedItem) -> bytes:
    """RFC 6721, section 3: what was under this id is gone, since when, why, and where that is said."""
    gone = f'at:deleted-entry xmlns:at="{TOMBSTONES}" ref={_quoted(item.id)} when="{rfc3339(item.updated)}"'
    lines = [_text("at:comment", plain_text(item.summary)), _link("alternate", item.page, "text/html")]
    return f"  {_around('  ', gone, lines)}".encode()


def _person(indent: str, name: str, email: str = "") -> str:
    return _around(indent, "author", [_text("name", plain_text(name)), *([_text("email", email)] if email else [])])


def _link(relation: str, address: str, kind: str = "") -> str:
    """RFC 4287, section 4.2.7."""
    more = f' type="{kind}"' if kind else ""
    return f'<link rel="{relation}" href={_quoted(address)}{more}/>'


def _plain(name: str, text: str) -> str:
    """A text construct (RFC 4287, section 3.1): as HTML where a careless reader would take it for that."""
    if "<" in text or "&" in text:
        return f'<{name} type="html">{_escaped(escape(text, quote=False))}</{name}>'
    return _text(name, text)


def _text(name: str, text: str) -> str:
    return f"<{name}>{_escaped(text)}</{name}>"


def _around(indent: str, opening: str, lines: Iterable[str]) -> str:
    """An element around others, each on a line of its own, in a line that begins with `indent`."""
    inner = "".join([f"\n{indent}  {line}" for line in lines])
    return f"<{opening}>{inner}\n{indent}</{opening.partition(' ')[0]}>"


def _escaped(text: str) -> str:
    """Text between tags. A carriage return would be read as the end of a line: XML 1.0, section 2.11."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def _escaped_utf8(text: bytes) -> bytes:
    """As `_escaped`, of a long text, which in UTF-8 takes half the time."""
    return text.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;").replace(b"\r", b"&#13;")


def _quoted(value: str) -> str:
    """An attribute's value. Other white space than spaces would be read as spaces: XML 1.0, section 3.3.3."""
    inner = _escaped(value).replace('"', "&quot;").replace("\t", "&#9;").replace("\n", "&#10;")
    return f'"{inner}"'
