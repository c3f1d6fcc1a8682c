"""Feeds as records: what a subscriber gets, before any format. Times are aware UTC, addresses absolute."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime

from markupsafe import Markup
from msgspec import Struct

from broadsheet import url
from broadsheet.reading.markdown import rebase
from broadsheet.rights import Cleared
from broadsheet.site import credit, urls, wording
from broadsheet.site.imprint import Imprint
from broadsheet.site.statement import Statement, statement
from broadsheet.site.views import CorrectionView, LinkView, SlipView

_ADDRESSES = bytes.fromhex("6ba7b8119dad11d180b400c04fd430c8")
"""The namespace of addresses. RFC 9562, section 6.6."""
_OWN_ADDRESS = re.compile(r"/\d{4}/\d{2}/[^/]+/")


class FeedItem(Struct, frozen=True):
    """An article, for a reader."""

    id: str
    """`urn:uuid:…`, made from the origin (`item_id`)."""
    title: str
    url: str
    summary: str
    """In the digest's own words or, without any, the beginning of what the page shows."""
    html: Markup
    """What the page shows of the text, sanitised, addresses absolute."""
    slip: SlipView
    corrections: tuple[CorrectionView, ...]
    withdrawn: CorrectionView | None
    """Not None: the words are gone, and this is the last said of them under the same id."""
    original: LinkView | None
    """The way to the original or, where its address is not known, to its publisher."""
    authors: tuple[str, ...]
    topics: tuple[str, ...]
    published: datetime
    updated: datetime
    language: str
    rights: str
    """Who holds them and under what terms, in words."""
    licence_url: str
    """Address of the licence of this text, or empty."""
    source: tuple[str, str] | None
    """Name and address of the origin's own feed, where known."""


class Feed(Struct, frozen=True):
    """The newest articles of the site or of one group, newest first."""

    title: str
    description: str
    url: str
    """Of the feed itself."""
    page_url: str
    """Of the page that lists the same articles."""
    language: str
    editor: str
    email: str
    updated: datetime
    """Of the item changed last: a feed does not change because time has passed."""
    items: tuple[FeedItem, ...]


def feed(imprint: Imprint, name: str, address: str, items: Iterable[FeedItem]) -> Feed:
    """The feed of the listing at `address`, named `name`; "" is the whole site's. `items` are newest first."""
    config, base = imprint.config, imprint.base
    items = tuple(items)
    return Feed(
        title=f"{name} – {config.title}" if name else config.title,
        description=config.description,
        url=base.absolute(urls.feed(address)),
        page_url=base.absolute(address),
        language=config.language,
        editor=config.editor or "",
        email=config.email or "",
        updated=max((i.updated for i in items), default=datetime(1970, 1, 1, tzinfo=UTC)),
        items=items,
    )


def item(imprint: Imprint, cleared: Cleared) -> FeedItem:
    """An article as a feed's item."""
    matter = cleared.article.matter
    withdrawn = matter.withdrawn
    publisher = cleared.publisher
    stated = statement(imprint, cleared)
    return FeedItem(
        id=item_id(imprint, cleared),
        title=f"Withdrawn: {matter.title}" if withdrawn else matter.title,
        url=stated.url,
        summary=withdrawn.reason if withdrawn else description(cleared),
        html=Markup(absolute_body(imprint, cleared, stated.url)),  # noqa: S704 -- sanitised by reading.markdown
        slip=credit.slip(cleared, stated),
        corrections=tuple(CorrectionView(wording.day(c.date), c.text) for c in matter.corrections),
        original=credit.original(cleared),
        authors=_authors(imprint, cleared),
        topics=matter.topics,
        published=matter.date,
        withdrawn=CorrectionView(wording.day(withdrawn.date), withdrawn.reason) if withdrawn else None,
        updated=max(
            [
                matter.updated or matter.date,
                *(c.date.astimezone(UTC) for c in matter.corrections),
                *([withdrawn.date.astimezone(UTC)] if withdrawn else []),
            ]
        ),
        language=matter.language or imprint.config.language,
        rights=_rights(cleared, stated),
        licence_url=stated.text_licence_url,
        source=(publisher.name, publisher.feed) if publisher and publisher.feed else None,
    )


def absolute_body(imprint: Imprint, cleared: Cleared, page_url: str) -> str:
    """What the page shows of the text, sanitised, with all addresses in full: it can stand anywhere."""
    body = cleared.article.body
    return rebase(body.html, page_url, imprint.base.url) if body.has_relative else body.html


def item_id(imprint: Imprint, cleared: Cleared) -> str:
    """A name-based UUID (RFC 9562, version 5) of the work: its address, else the hash of its text as captured.

    The digest's own article has no origin: it is named by the digest's title and its first address, which is its first
    alias once it moves. Neither the site's domain nor the article's title is in the name.
    """
    matter = cleared.article.matter
    if matter.origin is None:
        moved = (alias for alias in matter.aliases if _OWN_ADDRESS.fullmatch(alias))
        return _urn(f"{imprint.config.title}:{next(moved, urls.article(cleared))}")
    if isinstance(matter.origin.url, str):
        return _urn(url.same(matter.origin.url))
    captured = matter.retrieved.sha256 if matter.retrieved else None
    return _urn(f"{matter.origin.publisher}:{captured or cleared.article.slug}")


def description(cleared: Cleared, characters: int = 200) -> str:
    """The summary or, without one, the beginning of the text outside quotations, cut at a word."""
    if cleared.article.matter.summary:
        return cleared.article.matter.summary
    text = cleared.article.body.lead
    return text if len(text) <= characters else text[: text.rfind(" ", 0, characters)].rstrip(" ,;:.") + " …"


def _urn(name: str) -> str:
    """RFC 9562, section 5.5: the first 128 bits of a SHA-1, less those that say the version, 5, and the variant, 10."""
    number = hashlib.sha1(_ADDRESSES + name.encode(), usedforsecurity=False).hexdigest()
    variant = "89ab"[int(number[16], 16) & 3]
    return f"urn:uuid:{number[:8]}-{number[8:12]}-5{number[13:16]}-{variant}{number[17:20]}-{number[20:32]}"


def _authors(imprint: Imprint, cleared: Cleared) -> tuple[str, ...]:
    origin = cleared.article.matter.origin
    if origin is None or cleared.publisher is None:
        return (imprint.digest,)
    return origin.authors or (cleared.publisher.name,)


def _rights(cleared: Cleared, stated: Statement) -> str:
    said = f"{stated.heading}. {stated.sentence}"
    return said if cleared.article.matter.withdrawn else f"{said} Terms: {cleared.licence.name}."
