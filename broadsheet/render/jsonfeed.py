"""`Feed` -> JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/), with an extension for rights.

`_rights` says of each item what the page about feeds explains (its `about`): its page, where `url` leads to the
original, its kind, what may be done with it, the name of its terms, the address of the licence of a text that stands
there whole, and the feed of its publisher.
"""

from __future__ import annotations

import json
from typing import Any

from broadsheet.config import FeedFormat
from broadsheet.render.content import content_html
from broadsheet.site.feed import Feed, FeedItem
from broadsheet.site.wording import rfc3339

VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(feed: Feed) -> bytes:
    """The document in UTF-8, an item a line."""
    head = {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.url,
        "description": feed.description,
        "next_url": feed.older if feed.archived is FeedFormat.JSON else None,
        "authors": [{"name": feed.editor or feed.title}],
        "language": feed.language,
        "hubs": [{"type": "WebSub", "url": feed.hub}] if feed.hub and not feed.current else None,
    }
    items = ",\n".join(_dumped(_item(feed, item)) for item in feed.items)
    return f'{_dumped(head)[:-1]}, "items": [\n{items}\n]}}\n'.encode()


def _item(feed: Feed, item: FeedItem) -> dict[str, Any]:
    return {
        "id": item.id,
        "url": item.link,
        "external_url": item.origin,
        "title": item.title,
        "content_html": content_html(item).decode(),
        "summary": item.summary,
        "image": item.image.url if item.image else None,
        "date_published": rfc3339(item.published),
        "date_modified": rfc3339(item.updated) if item.updated != item.published else None,
        "authors": [{"name": name} for name in item.authors],
        "tags": list(item.topics),
        "language": item.language if item.language != feed.language else None,
        "_rights": _rights(feed, item),
    }


def _rights(feed: Feed, item: FeedItem) -> dict[str, Any]:
    source = {"title": item.source.title, "feed": item.source.feed or None} if item.source else None
    picture = {"credit": item.image.credit, "licence_url": item.image.licence.href} if item.image else None
    return {
        "about": feed.about,
        "page": item.page if item.link != item.page else None,
        "kind": item.slip.label.kind,
        "statement": item.rights,
        "terms": None if item.withdrawn else item.licence,
        "licence_url": item.licence_url,
        "source": source,
        "image": picture,
        "withdrawn": True if item.withdrawn else None,
    }


def _dumped(data: dict[str, Any]) -> str:
    """What is not known is left out, as the specification wants it."""
    return json.dumps(_known(data), ensure_ascii=False)


def _known(data: dict[str, Any]) -> dict[str, Any]:
    known = {key: _known(value) if isinstance(value, dict) else value for key, value in data.items()}
    return {key: value for key, value in known.items() if value not in (None, "", [], {})}
