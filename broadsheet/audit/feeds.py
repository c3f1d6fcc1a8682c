"""The audit of feeds, read as a reader reads them: well formed, ids that stay, credit and terms in every item."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from broadsheet.audit import credit, media
from broadsheet.audit.built import Claims, address
from broadsheet.audit.quoting import Quoted
from broadsheet.audit.surface import Said, Surface, read_surface
from broadsheet.bill import BillItem
from broadsheet.problem import Problem

_AGAIN = "Build the site again"
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_ITS_OWN = {"content", "links", "enclosures", "media_content", "media_thumbnail"}
"""Keys of an item that are looked at by themselves."""
_ITS_OWN_IN_JSON = {"content_html", "content_text", "image", "banner_image", "attachments", "url", "external_url"}


def check(file: str, data: bytes, source: str, claims: Claims, quoted: Quoted) -> Iterator[Problem]:
    """A feed in XML and its items."""
    import feedparser  # a feed's reader is slow to import, and pages are read without it

    # What a reader takes out for safety is what is looked for here. Bytes by themselves would be tried as an address.
    yield from quoted.take_text(file, _COMMENT.findall(source), source)
    try:
        feed = feedparser.parse(BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # noqa: BLE001 -- a broken feed makes its parsers raise anything
        yield _broken(file, source, error, claims)
        return
    if feed.bozo or not feed.version:
        yield _broken(file, source, feed.get("bozo_exception"), claims)
        return
    yield from _check(file, source, feed.feed, feed.entries, claims, quoted)


def check_json(file: str, source: str, claims: Claims, quoted: Quoted) -> Iterator[Problem]:
    """A JSON Feed and its items, in the words of feedparser. https://www.jsonfeed.org/version/1.1/."""
    try:
        feed = json.loads(source)
        entries = [_as_entry(item) for item in feed.pop("items")]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        yield _broken(file, source, error, claims)
        return
    yield from _check(file, source, feed, entries, claims, quoted)


def _as_entry(item: dict[str, Any]) -> dict[str, Any]:
    contents = [{"value": item[key]} for key in ("content_html", "content_text") if item.get(key)]
    pictures = [{"url": item[key]} for key in ("image", "banner_image") if item.get(key)]
    enclosed = item.get("attachments") or []
    others = {key: value for key, value in item.items() if key not in _ITS_OWN_IN_JSON}
    return {
        **others,
        "link": item.get("url", ""),
        "content": contents,
        "media_content": pictures,
        "enclosures": enclosed,
    }


def _check(file: str, source: str, feed: Any, entries: list[Any], claims: Claims, quoted: Quoted) -> Iterator[Problem]:  # noqa: ANN401
    head = Surface(file, claims.url_of(file), claims.url_of(file))
    head.media += [("image", url) for url in _addresses(feed, "image", "icon", "logo", "favicon")]
    yield from media.check_surface(head, source, claims, None)
    yield from quoted.take_text(file, list(_texts(feed)), source)
    ids: set[str] = set()
    for entry in entries:
        number = str(entry.get("id", ""))
        if number in ids:
            message = f"two items have the id '{number[:80]}', so readers show one of them"
            yield claims.problem(file, source, number, "audit/guid-twice", message, _AGAIN)
        ids.add(number)
        yield from _check_item(file, source, entry, claims, quoted)


def check_ids(claims: Claims) -> Iterator[Problem]:
    """The id of every article in feeds is the one that it had first, whether a feed still holds it or not."""
    seen: set[str] = set()
    for file, item in claims.items.items():
        if item.id in seen:
            message = f"two articles have the id '{item.id[:80]}', so readers show one of them"
            yield claims.problem("rights.json", "", "", "audit/guid-twice", message, _AGAIN)
        seen.add(item.id)
        first = claims.ids.get(file, item.id)
        if item.id != first:
            message = f"the id of '{item.title[:80]}' was '{first[:80]}' and is '{item.id[:80]}' now"
            remedy = "Write the first one as its 'id', else readers see it twice"
            yield claims.problem("rights.json", "", "", "audit/guid-changed", message, remedy)


def _broken(file: str, source: str, error: Any, claims: Claims) -> Problem:  # noqa: ANN401 -- any exception
    line = error.getLineNumber() if hasattr(error, "getLineNumber") else 1
    column = error.getColumnNumber() if hasattr(error, "getColumnNumber") else 0
    said = error.getMessage() if hasattr(error, "getMessage") else error or "it is no feed that is known"
    message = f"the feed is not well formed: {said}"
    place = claims.problem(file, source, "", "audit/feed-broken", message, _AGAIN)
    return Problem(place.path, line or 1, (column or 0) + 1, place.rule, place.message, place.remedy)


def _check_item(file: str, source: str, entry: Any, claims: Claims, quoted: Quoted) -> Iterator[Problem]:  # noqa: ANN401
    link = str(entry.get("link", ""))
    item = _item_of(entry, claims)
    surface = _surface(file, entry, claims, item)
    yield from media.check_surface(surface, source, claims, item)
    yield from quoted.take_item(surface, source, item)
    if item is None:
        message = f"the feed has an item that the bill of materials does not name: '{link[:80]}'"
        yield claims.problem(file, source, link, "audit/feed-item", message, _AGAIN)
        return
    number, first = str(entry.get("id", "")), claims.ids.get(claims.page_of(item), item.id)
    if number != first:
        message = f"the id of '{item.title[:80]}' was '{first[:80]}' and is '{number[:80]}' now: readers see it twice"
        remedy = "Write the first one as its 'id'"
        yield claims.problem(file, source, number, "audit/guid-changed", message, remedy)
    shown = surface.shown()
    for what, text in _credit(item, claims, surface):
        if not shown.says(text):
            message = f"the item of '{item.title[:80]}' does not show its {what}: '{text[:80]}'"
            yield claims.problem(file, source, link, credit.RULE, message, _AGAIN)
    yield from credit.check_link(surface, source, claims, item, f"the item of '{item.title[:80]}'")


def _item_of(entry: Any, claims: Claims) -> BillItem | None:  # noqa: ANN401
    """The article that an item is of: by its id and, where that is not right, by where it leads.

    It leads to the article's page or, as a site may choose, to the original.
    """
    link = address(claims.bill.url, str(entry.get("link", "")))
    item = claims.by_id.get(str(entry.get("id", "")))
    if item is not None and item.origin is not None and item.origin.url and link == address(link, item.origin.url):
        return item
    return claims.item_at(link)


def _surface(file: str, entry: Any, claims: Claims, item: BillItem | None) -> Surface:  # noqa: ANN401
    """What an item shows: first its content, then what else is in it, of which readers choose."""
    contents = entry.get("content") or ({"value": entry.get("summary", "")},)  # RSS 2.0: then it is the description
    html = "\n".join(str(content.get("value", "")) for content in contents)
    url = address(claims.bill.url, item.url) if item else claims.url_of(file)
    surface = read_surface(file, url, html)
    for text in _texts({key: value for key, value in entry.items() if key not in _ITS_OWN}):
        if "<" in text or "&" in text:
            other = read_surface(file, url, text)
            surface.said += [said._replace(is_visible=False, quotation=0) for said in other.said]
            surface.media += other.media
        else:
            surface.said.append(Said(text, (text,), 0, is_visible=False, is_paragraph=False))
    surface.media += [("enclosure", url) for url in _addresses(entry, "enclosures", "media_content", "media_thumbnail")]
    return surface


def _addresses(data: Any, *keys: str) -> Iterator[str]:  # noqa: ANN401 -- what feedparser makes of a feed
    for key in keys:
        value = data.get(key) or ()
        for it in value if isinstance(value, list | tuple) else [value]:
            url = it.get("url") or it.get("href") if isinstance(it, dict) else it
            if isinstance(url, str):
                yield url


def _texts(data: Any) -> Iterator[str]:  # noqa: ANN401
    """All texts in what feedparser makes of a feed, but addresses and types."""
    pending = [data]
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            if " " in value:
                yield value
        elif isinstance(value, dict):
            pending += value.values()
        elif isinstance(value, list | tuple):
            pending += value


def _credit(item: BillItem, claims: Claims, surface: Surface) -> Iterator[tuple[str, str]]:
    """(what it is, text) of all that an item must say."""
    yield from credit.claimed(item)
    if item.withdrawn is not None:
        return
    if item.picture and any(surface.resolve(it) == address(item.url, item.picture.url) for _, it in surface.media):
        yield from credit.picture_credit(item)
    names = {part.licence for part in item.parts if part.part not in ("summary", "picture", "caption")}
    yield from (("terms", claims.bill.licences[name].name) for name in sorted(names & set(claims.bill.licences)))
