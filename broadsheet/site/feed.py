"""Feeds as records: what a subscriber gets, before any format. Times are aware UTC, addresses absolute."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape

from msgspec import Struct

from broadsheet import url
from broadsheet.config import FeedContent, FeedFormat, FeedLink
from broadsheet.fields import PICTURES
from broadsheet.reading.markdown import readdressed
from broadsheet.site import urls
from broadsheet.site.entry import Entry
from broadsheet.site.imprint import Imprint
from broadsheet.site.syndication import Document
from broadsheet.site.views import ArticlePage, CorrectionView, ImageView, LinkView, LongMarkup, SlipView

_WITHIN = re.compile(rb'="[/#]')
"""Before an address within the site or the page."""
MOST_IN_ITEM = 100_000
"""Bytes of HTML that go with an item. Of a longer text there is the summary: a part of it would be an excerpt."""


class FeedImage(Struct, frozen=True):
    """An article's picture, with its own terms."""

    url: str
    type: str
    """Media type."""
    alt: str
    credit: str
    """Whose it is, and how they want to be named."""
    licence: LinkView
    """Its address may be empty."""


class FeedSource(Struct, frozen=True):
    """Where an item comes from: its publisher's feed or, where that is not known, its publisher."""

    id: str
    """Address of the feed, or of the publisher's home page."""
    feed: str
    """Empty where not known."""
    title: str
    updated: datetime
    """The latest that is known of it: when the original was published or, else, when the item was."""


class FeedItem(Struct, frozen=True):
    """An article, for a reader."""

    id: str
    """A URI that stays (`identifier`)."""
    title: str
    page: str
    """Address of its page."""
    link: str
    """Where its headline leads: to the page or, if the site's editor wants that, to the original."""
    summary: str
    """In the digest's own words or, without any, the beginning of what the page shows."""
    html: LongMarkup
    """What goes with it of the text: never more than its page shows; sanitised, addresses absolute."""
    slip: SlipView
    corrections: tuple[CorrectionView, ...]
    withdrawn: CorrectionView | None
    """Not None: the words are gone, and this is the last said of them under the same id."""
    original: LinkView | None
    """The way to the original or, where its address is not known, to its publisher."""
    origin: str
    """Address of the original; empty where it is not known."""
    authors: tuple[str, ...]
    topics: tuple[str, ...]
    published: datetime
    updated: datetime
    """When its words, or what is said of them, were changed last."""
    language: str
    rights: str
    """Who holds them and under what terms, in words."""
    licence: str
    """Name of the terms under which the original stands."""
    licence_url: str
    """Address of the licence of a text that stands here whole, or empty."""
    source: FeedSource | None
    image: FeedImage | None


class Feed(Struct, frozen=True):
    """A document of the feed of the site or of one group, newest first."""

    format: FeedFormat
    id: str
    """Of the feed, in all its formats and documents: the address of its page."""
    title: str
    description: str
    url: str
    """Of this document."""
    page: str
    """Of the page that lists the same articles."""
    about: str
    """Of the page that explains the feeds."""
    current: str
    """RFC 5005: of what readers subscribe to, in an archive; else empty."""
    older: str
    """The archive before it; may be empty."""
    newer: str
    """The archive after it; may be empty."""
    archived: FeedFormat
    """Format of the archives."""
    hub: str
    """WebSub; may be empty."""
    style: str
    """Style sheet by which browsers show it, from the host's root; may be empty."""
    language: str
    editor: str
    email: str
    updated: datetime
    """Of the item changed last: a feed does not change because time has passed."""
    items: tuple[FeedItem, ...]


def feed(imprint: Imprint, document: Document, items: Iterable[FeedItem]) -> Feed:
    """A document with its items, newest first."""
    config, base = imprint.config, imprint.base
    items = tuple(items)

    def absolute(address: str) -> str:
        return base.absolute(address) if address else ""

    return Feed(
        format=document.format,
        id=base.absolute(document.page),
        title=f"{document.name} – {config.title}" if document.name else config.title,
        description=config.description,
        url=base.absolute(document.address),
        page=base.absolute(document.page),
        about=base.absolute(urls.FEEDS),
        current=absolute(document.current) if document.is_archive else "",
        older=absolute(document.older),
        newer=absolute(document.newer),
        archived=document.archived,
        hub=url.uri(config.feeds.hub or ""),
        style=base.href(document.style) if document.style else "",
        language=config.language,
        editor=config.editor or "",
        email=config.email or "",
        updated=max((item.updated for item in items), default=datetime(1970, 1, 1, tzinfo=UTC)),
        items=items,
    )


def item(imprint: Imprint, entry: Entry, page: ArticlePage) -> FeedItem:
    """An article as a feed's item, made of its page, so that it cannot say anything else."""
    address = imprint.base.absolute(entry.address)
    origin = url.uri(page.original.href) if page.original and page.is_original_known else ""
    leads_away = imprint.config.feeds.link is FeedLink.ORIGIN and not entry.withdrawn
    said = f"{page.slip.heading}. {page.slip.sentence}"
    return FeedItem(
        id=entry.item_id,
        title=f"Withdrawn: {page.card.title}" if entry.withdrawn else page.card.title,
        page=address,
        link=(origin if leads_away else "") or address,
        summary=entry.withdrawn.text if entry.withdrawn else page.head.description,
        html=_content(imprint, address, page),
        slip=page.slip,
        corrections=page.corrections,
        withdrawn=page.withdrawn,
        original=page.original,
        origin=origin,
        authors=page.authors,
        topics=entry.topics,
        published=entry.date,
        updated=_updated(entry),
        language=page.card.language,
        rights=said if entry.withdrawn else f"{said} Terms: {page.card.terms}.",
        licence=page.card.terms,
        licence_url=url.uri(page.text_licence),
        source=_source(entry, page),
        image=_image(imprint, page.image) if page.image else None,
    )


def _content(imprint: Imprint, address: str, page: ArticlePage) -> LongMarkup:
    """What goes of the text, in its own language and direction where they are not the digest's."""
    html, language = _text(imprint, address, page), page.card.language
    if not html or language == imprint.config.language:
        return html
    return b'<div lang="%b" dir="%b">\n%b</div>\n' % (escape(language).encode(), page.card.direction.encode(), html)


def _text(imprint: Imprint, address: str, page: ArticlePage) -> LongMarkup:
    if page.withdrawn is None and (
        imprint.config.feeds.content is FeedContent.SUMMARY or len(page.body) > MOST_IN_ITEM
    ):
        here = f'<a href="{escape(address)}">{escape(imprint.config.title)}</a>'
        return f"<p>{escape(page.head.description)}</p>\n<p>Read it at {here}</p>\n".encode()
    return _absolute(page.body, address, imprint.base.host)


def _absolute(body: LongMarkup, address: str, host: str) -> LongMarkup:
    """The HTML of a page with its addresses in full: they are so but for those within the site and the page itself."""
    if not _WITHIN.search(body):
        return body

    before = {"/": host, "#": address}
    return readdressed(body.decode(), lambda value: before.get(value[:1], "") + value).encode()


def _updated(entry: Entry) -> datetime:
    notes = (*entry.corrections, *([entry.withdrawn] if entry.withdrawn else []))
    return max(entry.modified, *(note.date.astimezone(UTC) for note in notes)) if notes else entry.modified


def _source(entry: Entry, page: ArticlePage) -> FeedSource | None:
    publisher = page.publisher
    if publisher is None or not (publisher.feed or publisher.home):
        return None
    day = page.card.published
    updated = datetime.fromisoformat(day.iso).replace(tzinfo=UTC) if day else entry.date
    feed = url.uri(publisher.feed)
    return FeedSource(feed or url.uri(publisher.home), feed, publisher.name, updated)


def _image(imprint: Imprint, image: ImageView) -> FeedImage:
    kind = PICTURES[image.src.rpartition(".")[2].lower()]
    licence = LinkView(image.licence.text, url.uri(image.licence.href))
    return FeedImage(f"{imprint.base.host}{image.src}", kind, image.alt, image.caption, licence)
