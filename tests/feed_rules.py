"""The rules of the three formats, each as a fault that is told: what validators call an error or a warning.

RSS 2.0 with the RSS Advisory Board's profile; RFC 4287, 4946, 5005, 6721; JSON Feed 1.1; and what the W3C's feed
validation service warns of: addresses that are not URIs, markup where text belongs, relative addresses and active
content in what readers show.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from email.utils import format_datetime, parsedate_to_datetime
from html import unescape
from typing import Any

import feedparser
import html5lib
import jsonschema
from lxml import etree

from tests.subscriber import NAMESPACES, read

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:(?://)?[A-Za-z0-9;/?:@&=+$.\-_!~*'()%,#]+")
_WEB = re.compile(r"https?://[A-Za-z0-9.\-%]+(?::\d+)?(?:[/?#][A-Za-z0-9;/?:@&=+$.\-_!~*'()%,#]*)?")
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_MAILBOX = re.compile(r"[^\s@]+@[^\s@]+ \([^()\\]+\)")
_MARKUP = re.compile(r"<[A-Za-z/!?]|&(?:#\w|\w+;|copy|amp|lt|nbsp)")
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+\-]+")
_RELATIONS = {
    "channel": {"self", "hub", "current", "prev-archive", "next-archive"},
    "item": {"via", "related"},
    "feed": {"self", "alternate", "hub", "current", "prev-archive", "next-archive"},
    "entry": {"alternate", "related", "via", "license"},
    "source": {"self"},
    "deleted-entry": {"alternate"},
}
_ELEMENTS = {
    "channel": {
        *("title", "link", "description", "language", "copyright", "managingEditor", "pubDate", "lastBuildDate"),
        *("generator", "docs", "item", "a:link", "fh:archive"),
    },
    "item": {
        *("title", "link", "description", "guid", "pubDate", "category", "source", "content:encoded", "a:link"),
        *("a:updated", "dc:creator", "dc:rights", "dc:language", "dcterms:license", "creativeCommons:license"),
        *("media:content",),
    },
    "feed": {
        *("a:id", "a:title", "a:subtitle", "a:updated", "a:author", "a:link", "a:rights", "a:generator", "a:entry"),
        *("fh:archive", "at:deleted-entry"),
    },
    "entry": {
        *("a:id", "a:title", "a:author", "a:published", "a:updated", "a:link", "a:category", "a:rights", "a:source"),
        *("a:summary", "a:content", "media:content"),
    },
}
_NEEDED = {
    "channel": {"title", "link", "description", "language", "lastBuildDate"},
    "item": {"title", "link", "description", "guid", "pubDate", "content:encoded", "dc:creator", "dc:rights"},
    "feed": {"a:id", "a:title", "a:updated", "a:author"},
    "entry": {"a:id", "a:title", "a:updated", "a:published", "a:author", "a:content", "a:summary", "a:rights"},
}
_MANY = {"item", "category", "dc:creator", "a:link", "a:entry", "a:category", "a:author", "at:deleted-entry"}
_ACTIVE = {
    *("script", "iframe", "object", "embed", "svg", "math", "style", "base", "form", "input", "button", "template"),
    *("meta", "link", "applet", "frame", "noscript", "textarea", "select", "video", "audio"),
}
_FORMS = {
    **dict.fromkeys(("guid", "a:id"), _URI),
    **dict.fromkeys(("a:updated", "a:published"), _RFC3339),
    **dict.fromkeys(("language", "dc:language"), _LANGUAGE),
    "managingEditor": _MAILBOX,
    "item/description": re.compile(r"(?:[^<&]|&(?:lt|gt|amp);)*"),  # HTML to every reader, and text to its author
}
_PREFIXES = {uri: prefix for prefix, uri in NAMESPACES.items()}

_TEXT = {"type": "string", "minLength": 1}
_ADDRESS = {"type": "string", "pattern": f"^(?:{_WEB.pattern})$"}
_DATE = {"type": "string", "pattern": f"^(?:{_RFC3339.pattern})$"}


def _object(required: str, **properties: Any) -> dict[str, Any]:
    """Whatever begins with `_` is an extension, and an object. JSON Feed 1.1, "Extensions"."""
    return {
        "type": "object",
        "required": required.split(),
        "properties": properties,
        "patternProperties": {"^_[A-Za-z]": {"type": "object"}},
        "additionalProperties": False,
    }


_AUTHORS = {
    "type": "array",
    "minItems": 1,
    "items": {**_object("", name=_TEXT, url=_ADDRESS, avatar=_ADDRESS), "minProperties": 1},
}
JSON_FEED = _object(
    "version title items",
    version={"const": "https://jsonfeed.org/version/1.1"},
    title=_TEXT,
    home_page_url=_ADDRESS,
    feed_url=_ADDRESS,
    description=_TEXT,
    user_comment=_TEXT,
    next_url=_ADDRESS,
    icon=_ADDRESS,
    favicon=_ADDRESS,
    authors=_AUTHORS,
    language={"type": "string", "pattern": f"^(?:{_LANGUAGE.pattern})$"},
    expired={"type": "boolean"},
    hubs={"type": "array", "minItems": 1, "items": _object("type url", type=_TEXT, url=_ADDRESS)},
    items={
        "type": "array",
        "items": {
            "anyOf": [{"required": ["content_html"]}, {"required": ["content_text"]}],
            **_object(
                "id",
                id=_TEXT,
                url=_ADDRESS,
                external_url=_ADDRESS,
                title=_TEXT,
                content_html=_TEXT,
                content_text=_TEXT,
                summary=_TEXT,
                image=_ADDRESS,
                banner_image=_ADDRESS,
                date_published=_DATE,
                date_modified=_DATE,
                authors=_AUTHORS,
                tags={"type": "array", "items": _TEXT},
                language={"type": "string", "pattern": f"^(?:{_LANGUAGE.pattern})$"},
                attachments={"type": "array"},
            ),
        },
    },
)
"""JSON Feed 1.1 as a JSON Schema, made of what https://www.jsonfeed.org/version/1.1/ says of each key."""
_JSON_FEED = jsonschema.Draft202012Validator(JSON_FEED)


def faults(document: bytes, address: str) -> list[str]:
    """What is wrong with a feed's document that stands at an address."""
    if document.startswith(b"{"):
        return list(_json_faults(json.loads(document), address))
    parsed = feedparser.parse(document, sanitize_html=False)
    found = [f"feedparser: {parsed.bozo_exception}"] if parsed.bozo else []
    root = etree.fromstring(document)
    own, item = (root[0], "item") if root.tag == "rss" else (root, "a:entry")
    found += [] if read(document).itself == address else ["self is another document"]
    found += _common(own)
    for element in own.findall(item, NAMESPACES):
        found += _common(element)
    found += _rss(root) if root.tag == "rss" else _atom(root)
    return [*found, *_twice(read(document).ids)]


def _common(element: etree._Element) -> Iterator[str]:
    """Which elements there are, that their addresses are URIs, and their texts text."""
    name = etree.QName(element).localname
    children = [_name(child) for child in element if isinstance(child.tag, str)]
    yield from (f"{name} has no {it}" for it in _NEEDED[name] - set(children))
    yield from (f"{name} has {it}" for it in set(children) - _ELEMENTS[name])
    yield from (f"{name} has {it} twice" for it, n in Counter(children).items() if n > 1 and it not in _MANY)
    for child in element.iter("{*}*"):
        if child is not element and _name(child) in ("item", "a:entry"):
            break
        yield from _element(child)
    for it in element.findall("a:link", NAMESPACES):
        if it.get("rel") not in _RELATIONS[name]:
            yield f"{name} has a link {it.get('rel')}"


def _element(element: etree._Element) -> Iterator[str]:
    name, shown = _name(element), element.text or ""
    name = f"item/{name}" if name == "description" and element.getparent().tag == "item" else name
    addresses = [it for it in (element.get("href"), element.get("url")) if it is not None]
    addresses += [shown] if name in ("link", "dcterms:license", "creativeCommons:license") else []
    yield from (f"{name} is no URI: {it}" for it in addresses if not _WEB.fullmatch(it))
    if (kind := element.get("type")) and not (kind in ("html", "plain") or _MEDIA_TYPE.fullmatch(kind)):
        yield f"{name} has a type {kind}"
    if name == "content:encoded" or element.get("type") == "html":
        yield from (f"{name}: {it}" for it in active(shown))
    elif name != "item/description" and len(element) == 0 and _MARKUP.search(shown):
        yield f"{name} holds markup: {shown}"
    if name in _FORMS and not _FORMS[name].fullmatch(shown):
        yield f"{name} is not what it is to be: {shown}"
    if name in ("pubDate", "lastBuildDate") and format_datetime(parsedate_to_datetime(shown)) != shown:
        yield f"{name} is no date of RFC 822: {shown}"
    if not (shown.strip() or len(element) or element.attrib or name == "fh:archive"):
        yield f"{name} is blank"


def _rss(root: etree._Element) -> Iterator[str]:
    channel = root[0]
    if root.get("version") != "2.0":
        yield "not RSS 2.0"
    for item in channel.iter("item"):
        guid = item.find("guid")
        if guid is None or guid.get("isPermaLink") != "false":
            yield "a guid claims to be an address"
        source = item.find("source")
        if source is not None and not source.get("url"):
            yield "a source without an address"


def _atom(root: etree._Element) -> Iterator[str]:
    entries = root.findall("a:entry", NAMESPACES)
    if len(root.findall("a:link[@rel='alternate']", NAMESPACES)) != 1:
        yield "not one alternate"
    if root.find("fh:archive", NAMESPACES) is not None and not read(etree.tostring(root)).current:
        yield "an archive without what is current"
    for entry in entries:
        if len(entry.findall("a:link[@rel='alternate']", NAMESPACES)) != 1:
            yield "an entry has not one alternate"
        source = entry.find("a:source", NAMESPACES)
        if source is not None and [_name(it) for it in source][:3] != ["a:id", "a:title", "a:updated"]:
            yield "a source without id, title and updated"
        if entry.findtext("a:updated", "", NAMESPACES) < entry.findtext("a:published", "", NAMESPACES):
            yield "updated before it was published"
    newest = max((entry.findtext("a:updated", "", NAMESPACES) for entry in entries), default="")
    if root.findtext("a:updated", "", NAMESPACES) < newest:
        yield "an entry is newer than its feed"
    for gone in root.findall("at:deleted-entry", NAMESPACES):
        if not (_URI.fullmatch(gone.get("ref", "")) and _RFC3339.fullmatch(gone.get("when", ""))):
            yield "a deleted entry without ref and when"


def _json_faults(data: dict[str, Any], address: str) -> Iterator[str]:
    for error in _JSON_FEED.iter_errors(data):
        yield f"{error.json_path}: {error.message}"
    if data.get("feed_url") != address:
        yield "feed_url is another document"
    if data.get("next_url") == address:
        yield "next_url is the document itself"
    for item in data["items"]:
        yield from active(item["content_html"])
        if item.get("date_modified", "9999") < item["date_published"]:
            yield "modified before it was published"
    yield from _twice([item["id"] for item in data["items"]])


def _twice(ids: list[str]) -> list[str]:
    return [f"{it} twice" for it, n in Counter(ids).items() if n > 1]


def active(html: str) -> list[str]:
    """What in an item's HTML would run or load something of its own accord, or leads nowhere outside its page."""
    found = []
    for element in html5lib.parseFragment(html, namespaceHTMLElements=False).iter():
        tag = element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""
        found += [tag] if tag in _ACTIVE else []
        for name, value in element.attrib.items():
            scheme = "".join(c for c in unescape(value) if c > " ").lower()
            if str(name).lower().startswith("on") or name in ("style", "srcdoc", "srcset", "formaction", "ping"):
                found.append(f"{tag}[{name}]")
            if name in ("href", "src", "cite") and not scheme.startswith(("https://", "http://", "mailto:")):
                found.append(f"{tag}[{name}={value}]")
    return found


def _name(element: etree._Element) -> str:
    name = etree.QName(element)
    return f"{_PREFIXES[name.namespace]}:{name.localname}" if name.namespace else str(name.localname)
