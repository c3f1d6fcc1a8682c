"""What a subscriber's program makes of a feed: one plain record, whatever the format.

Written from the formats' specifications and with nothing of the generator's, so that it can tell where two differ.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any

from lxml import etree

NAMESPACES = {
    "a": "http://www.w3.org/2005/Atom",
    "at": "http://purl.org/atompub/tombstones/1.0",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "creativeCommons": "http://backend.userland.com/creativeCommonsRssModule",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "fh": "http://purl.org/syndication/history/1.0",
    "media": "http://search.yahoo.com/mrss/",
}
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
WITHDRAWN = "Withdrawn: "
"""How the title of a last word begins, in the formats that have no element for one."""


@dataclass(frozen=True)
class Item:
    """An article, as it reached the subscriber."""

    id: str
    title: str
    link: str
    page: str
    origin: str
    summary: str
    content: str
    authors: tuple[str, ...]
    topics: tuple[str, ...]
    published: datetime
    updated: datetime
    language: str
    rights: str
    licence: str
    source: tuple[str, str] | None
    """(feed, title) of its publisher's feed."""
    picture: tuple[str, str, str] | None
    """(address, credit, address of its licence)."""


@dataclass(frozen=True)
class Gone:
    """The last word on an article."""

    id: str
    page: str
    since: datetime
    reason: str


@dataclass(frozen=True)
class Received:
    """A feed's document."""

    title: str
    description: str
    page: str
    itself: str
    language: str
    hub: str
    older: str
    newer: str
    current: str
    is_archive: bool
    items: tuple[Item | Gone, ...]

    @property
    def ids(self) -> list[str]:
        """Of its items, in order."""
        return [item.id for item in self.items]


def read(document: bytes) -> Received:
    """A document in any of the three formats."""
    if document.startswith(b"{"):
        return _json_feed(json.loads(document))
    root = etree.fromstring(document)
    return _rss(root) if root.tag == "rss" else _atom(root)


def text(element: etree._Element, path: str) -> str:
    """The text at a path as people see it: that of the elements with markup as text; empty where there is none."""
    found = element.find(path, NAMESPACES)
    if found is None:
        return ""
    shown = found.text or ""
    return seen(unescape(shown) if found.get("type") == "html" else shown)


def seen(shown: str) -> str:
    """A word joiner shows nothing. Unicode 16, section 23.2."""
    return shown.replace("\u2060", "")


def link(element: etree._Element, relation: str) -> str:
    """Address of the first link of a relation; may be empty."""
    return next((it.get("href") for it in element.findall("a:link", NAMESPACES) if it.get("rel") == relation), "")


def _around(element: etree._Element) -> dict[str, Any]:
    """What RSS says in Atom's words of the documents around one."""
    return {
        "itself": link(element, "self"),
        "hub": link(element, "hub"),
        "older": link(element, "prev-archive"),
        "newer": link(element, "next-archive"),
        "current": link(element, "current"),
        "is_archive": element.find("fh:archive", NAMESPACES) is not None,
    }


def _rss(root: etree._Element) -> Received:
    channel = root[0]
    language = text(channel, "language")
    return Received(
        title=text(channel, "title"),
        description=text(channel, "description"),
        page=text(channel, "link"),
        language=language,
        items=tuple(_rss_item(item, language) for item in channel.iter("item")),
        **_around(channel),
    )


def _rss_item(item: etree._Element, language: str) -> Item | Gone:
    published = parsedate_to_datetime(text(item, "pubDate"))
    changed = text(item, "a:updated")
    updated = datetime.fromisoformat(changed) if changed else published
    title, address = text(item, "title"), text(item, "link")
    page = link(item, "related") or address
    if title.startswith(WITHDRAWN):
        return Gone(text(item, "guid"), page, updated, unescape(text(item, "description")))
    source = item.find("source")
    return Item(
        id=text(item, "guid"),
        title=title,
        link=address,
        page=page,
        origin=link(item, "via"),
        summary=unescape(text(item, "description")),
        content=item.findtext("content:encoded", "", NAMESPACES),
        authors=tuple(seen(it.text or "") for it in item.findall("dc:creator", NAMESPACES)),
        topics=tuple(seen(it.text or "") for it in item.findall("category")),
        published=published,
        updated=updated,
        language=text(item, "dc:language") or language,
        rights=text(item, "dc:rights"),
        licence=text(item, "dcterms:license"),
        source=(source.get("url", ""), seen(source.text or "")) if source is not None else None,
        picture=_picture(item),
    )


def _picture(element: etree._Element) -> tuple[str, str, str] | None:
    content = element.find("media:content", NAMESPACES)
    if content is None:
        return None
    terms = content.find("media:copyright", NAMESPACES)
    return content.get("url", ""), text(content, "media:credit"), terms.get("url", "") if terms is not None else ""


def _atom(root: etree._Element) -> Received:
    language = root.get(LANGUAGE, "")
    made = {f"{{{NAMESPACES['a']}}}entry": _atom_entry, f"{{{NAMESPACES['at']}}}deleted-entry": _atom_gone}
    return Received(
        title=text(root, "a:title"),
        description=text(root, "a:subtitle"),
        page=link(root, "alternate"),
        language=language,
        items=tuple(made[child.tag](child, language) for child in root if child.tag in made),
        **_around(root),
    )


def _atom_entry(entry: etree._Element, language: str) -> Item | Gone:
    source = entry.find("a:source", NAMESPACES)
    feed = link(source, "self") if source is not None else ""
    terms = entry.findall("a:category", NAMESPACES)
    return Item(
        id=text(entry, "a:id"),
        title=text(entry, "a:title"),
        link=link(entry, "alternate"),
        page=link(entry, "related") or link(entry, "alternate"),
        origin=link(entry, "via"),
        summary=text(entry, "a:summary"),
        content=entry.findtext("a:content", "", NAMESPACES),
        authors=tuple(seen(it.text or "") for it in entry.findall("a:author/a:name", NAMESPACES)),
        topics=tuple(seen(it.get("term", "")) for it in terms),
        published=datetime.fromisoformat(text(entry, "a:published")),
        updated=datetime.fromisoformat(text(entry, "a:updated")),
        language=entry.get(LANGUAGE, language),
        rights=text(entry, "a:rights"),
        licence=link(entry, "license"),
        source=(feed, text(entry, "a:source/a:title")) if feed else None,
        picture=_picture(entry),
    )


def _atom_gone(gone: etree._Element, _: str) -> Item | Gone:
    since = datetime.fromisoformat(gone.get("when", ""))
    return Gone(gone.get("ref", ""), link(gone, "alternate"), since, text(gone, "at:comment"))


def _json_feed(data: dict[str, Any]) -> Received:
    return Received(
        title=data["title"],
        description=data["description"],
        page=data["home_page_url"],
        itself=data["feed_url"],
        language=data["language"],
        hub=next((hub["url"] for hub in data.get("hubs", ())), ""),
        older=data.get("next_url", ""),
        newer="",
        current="",
        is_archive=False,
        items=tuple(_json_item(item, data["language"]) for item in data["items"]),
    )


def _json_item(item: dict[str, Any], language: str) -> Item | Gone:
    rights = item["_rights"]
    published = datetime.fromisoformat(item["date_published"])
    updated = datetime.fromisoformat(item["date_modified"]) if "date_modified" in item else published
    page = rights.get("page", item["url"])
    if rights.get("withdrawn"):
        assert item["title"].startswith(WITHDRAWN)
        return Gone(item["id"], page, updated, item["summary"])
    source, picture = rights.get("source", {}), rights.get("image", {})
    is_pictured = "image" in item
    return Item(
        id=item["id"],
        title=item["title"],
        link=item["url"],
        page=page,
        origin=item.get("external_url", ""),
        summary=item["summary"],
        content=item["content_html"],
        authors=tuple(author["name"] for author in item["authors"]),
        topics=tuple(item.get("tags", ())),
        published=published,
        updated=updated,
        language=item.get("language", language),
        rights=rights["statement"],
        licence=rights.get("licence_url", ""),
        source=(source["feed"], source["title"]) if "feed" in source else None,
        picture=(item["image"], picture["credit"], picture.get("licence_url", "")) if is_pictured else None,
    )
