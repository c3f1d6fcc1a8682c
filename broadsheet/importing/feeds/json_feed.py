"""A JSON Feed, version 1 or 1.1, -> drafts.

https://www.jsonfeed.org/version/1.1/. It has no member for a licence, and what extensions say of one is not read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from broadsheet import url
from broadsheet.importing import encoding, markup, moment
from broadsheet.importing.capture import Capture
from broadsheet.importing.draft import Draft, Fact, LeftOut
from broadsheet.importing.feeds.facts import (
    MAX_LINE,
    MAX_SUMMARY,
    MAX_TEXT,
    Entry,
    empty,
    fact,
    is_cut,
    is_empty,
    language,
    medium,
    paragraphs,
    string,
    too_long,
    web,
)
from broadsheet.importing.feeds.feed import Feed, choose
from broadsheet.problem import Finding
from broadsheet.words import one_line

_MAX_BYTES = 64 << 20
_MAX_VALUES = 4_000_000
"""Signs that part values: an object takes far more memory than the two signs that it is written with."""
_VERSION = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/1(?:\.\d)?/?")
_REMEDY = "Ask its publisher for a feed that a validator takes (https://validator.jsonfeed.org/)"


def read(capture: Capture, newest: int | None = None, since: datetime | None = None) -> Feed | Finding:
    """A captured feed: `import/feed-broken`, `import/feed-too-large`, `import/not-a-feed`.

    Of items: `import/entry-empty`, `import/entry-too-long`, `import/entry-broken`. With `newest` or `since` only those
    are made into drafts, as by `feed.choose`.
    """
    if len(capture.data) > _MAX_BYTES or sum(map(capture.data.count, (b",", b"{", b"["))) > _MAX_VALUES:
        message = f"the feed has {len(capture.data)} bytes, or too many values"
        return Finding("import/feed-too-large", message, f"Take what is new of it: the limit is {_MAX_BYTES >> 20} MiB")
    utf8 = encoding.utf8(capture.data)  # RFC 8259, section 8.1: JSON is in UTF-8, whatever a server says
    try:
        feed = json.loads(utf8.data)
    except RecursionError:
        return Finding("import/feed-broken", "the feed is nested too deep", _REMEDY)
    except ValueError as error:  # no JSON, or a number of thousands of digits
        return Finding("import/feed-broken", f"the feed is not well formed: {str(error)[:100]}", _REMEDY)
    if not isinstance(feed, dict) or not _VERSION.fullmatch(string(feed, "version")):
        remedy = "Look whether it is the feed's own address"
        return Finding("import/not-a-feed", "it is no JSON Feed of version 1 or 1.1", remedy)
    base = capture.url or web(feed.get("feed_url"), "") or web(feed.get("home_page_url"), "")
    return Feed(
        title=fact(_line(feed, "title"), "the feed's title"),
        home=fact(web(feed.get("home_page_url"), base), "the feed's home_page_url"),
        language=fact(language(feed.get("language")), "the feed's language"),
        doubts=(f"the feed is {utf8.doubt}",) if utf8.doubt else (),
        entries=_drafts(choose(_list(feed, "items"), _date_of, newest, since), feed, base),
    )


def _drafts(items: list[Any], feed: Entry, base: str) -> Iterator[Draft | Finding]:
    items.reverse()
    while items:
        item = items.pop()
        if isinstance(item, dict):
            made = _draft(item, feed, base)
            yield empty() if isinstance(made, Draft) and is_empty(made) else made
        else:
            yield Finding("import/entry-broken", "an item of the feed is no object", _REMEDY)


def _draft(item: Entry, feed: Entry, base: str) -> Draft | Finding:
    title, key = _line(item, "title"), _key(item)
    source = string(item, "content_html") or string(item, "content_text")
    own, linked = web(item.get("url"), base), web(item.get("external_url"), base)
    if len(source) > MAX_TEXT:
        return too_long(title, len(source))
    if linked and not (own and url.same(own) == url.same(linked)):
        return _link(title, linked, own, key, _line(feed, "title"))
    summary = string(item, "summary")
    is_html = bool(string(item, "content_html"))
    text = markup.blocks(source, own or base) if is_html else markup.Text(paragraphs(source or summary))
    published, doubt = _published(item)
    return Draft(
        title=fact(title, "the item's title"),
        authors=_authors(item, "the item's authors") or _authors(feed, "the feed's authors"),
        published=published,
        url=fact(own, "the item's url") or fact(web(key, ""), "the item's id"),
        site=fact(_line(feed, "title"), "the feed's title"),
        language=fact(language(item.get("language")), "the item's language")
        or fact(language(feed.get("language")), "the feed's language"),
        description=fact(one_line(summary[:MAX_SUMMARY]), "the item's summary"),
        blocks=text.blocks,
        is_whole=bool(source.strip()) and not is_cut(text.blocks),
        left_out=(*text.left_out, *_attachments(item, base)),
        doubts=(doubt,) if doubt else (),
        key=key,
    )


def _link(title: str, linked: str, own: str, key: str, feed: str) -> Draft:
    """Of an item about a page elsewhere, which is the origin. What the item says about it are other people's words."""
    via = " ".join(filter(None, ("via the feed", feed, f"<{own}>" if own else "")))
    return Draft(
        title=fact(title, "the item's title"),
        url=Fact(linked, "the item's external_url"),
        is_whole=False,
        routes=(via,),
        doubts=(
            "it links to a page elsewhere: its words about that page, its author and its date are not that page's",
        ),
        key=key,
    )


def _date_of(item: object) -> Fact[str] | None:
    return _published(item)[0] if isinstance(item, dict) else None


def _published(item: Entry) -> tuple[Fact[str] | None, str]:
    for name in ("date_published", "date_modified"):
        if text := string(item, name):
            value, doubt = moment.written(text)
            return fact(value, f"the item's {name}"), one_line(doubt)
    return None, ""


def _authors(fields: Entry, where: str) -> Fact[tuple[str, ...]] | None:
    """`authors` of version 1.1, `author` of version 1."""
    people = _list(fields, "authors") or [fields.get("author")]
    names = (one_line(string(person, "name")[:200]) for person in people if isinstance(person, dict))
    told = tuple(dict.fromkeys(name for name in names if name and "@" not in name))
    return Fact(told, where) if told else None


def _attachments(item: Entry, base: str) -> Iterator[LeftOut]:
    attached = [one for one in _list(item, "attachments") if isinstance(one, dict)]
    named = [(one.get("url"), string(one, "mime_type"), _line(one, "title")) for one in attached]
    for address, media_type, title in [*named, (item.get("image"), "image/", "")]:
        if found := web(address, base):
            yield LeftOut(medium("", media_type, found), found, title)


def _key(item: Entry) -> str:
    """Version 1: a number is to be taken for text."""
    given = item.get("id")
    return one_line(str(given)[:MAX_LINE]) if isinstance(given, str | int | float) else ""


def _line(fields: Entry, name: str) -> str:
    return one_line(string(fields, name)[:MAX_LINE])


def _list(fields: Entry, name: str) -> list[Any]:
    value = fields.get(name)
    return value if isinstance(value, list) else []
