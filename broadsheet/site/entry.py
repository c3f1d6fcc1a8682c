"""`Cleared` -> `Entry`: what the rest of the site shows and knows of an article, without its text.

A site of many articles is ordered, grouped and planned from its entries alone; the page of an article is prepared when
it is cleared, and only then is its text at hand. An entry is made of a `Cleared` article and of nothing else.
"""

from __future__ import annotations

import enum
from datetime import datetime

from msgspec import Struct

from broadsheet import bill, url
from broadsheet.bill import BillItem
from broadsheet.model import Kind
from broadsheet.register import Index
from broadsheet.rights import Cleared
from broadsheet.site import articles
from broadsheet.site.bill import item_of
from broadsheet.site.cards import card
from broadsheet.site.head import index_rule
from broadsheet.site.imprint import Imprint
from broadsheet.site.reservation import is_own
from broadsheet.site.statement import Statement, statement
from broadsheet.site.views import ArticlePage, CardView


class Note(Struct, frozen=True, array_like=True):
    """A correction or, at the end of an article's life, its withdrawal."""

    date: datetime
    text: str


class Picture(Struct, frozen=True, array_like=True):
    """An article's picture, beside its page and beside its file."""

    address: str
    file: str


class Entry(Struct, frozen=True, array_like=True):
    """An article, as the rest of the site knows it."""

    path: str
    """Of its file, relative to the site's folder."""
    address: str
    date: datetime
    """By this digest, UTC."""
    modified: datetime
    """By this digest, UTC; the same as `date` where nothing was changed since."""
    kind: Kind
    card: CardView
    item_id: str
    """Of its item in feeds."""
    topics: tuple[str, ...] = ()
    story: str | None = None
    publisher_id: str | None = None
    """In the register; None for the digest's own and for publishers that are not in it."""
    publisher: str | None = None
    """Its name; None for the digest's own."""
    work: str = ""
    """The original's address in the form in which two are compared; empty where it is not known."""
    captured: str = ""
    """SHA-256 of the text as captured; empty where it is not known."""
    licences: tuple[str, ...] = ()
    """Identifiers of the terms of its parts and its picture."""
    aliases: tuple[str, ...] = ()
    picture: Picture | None = None
    corrections: tuple[Note, ...] = ()
    withdrawn: Note | None = None
    is_own: bool = False
    """Every word and the picture are the digest's."""
    is_indexed: bool = True
    """Its page may be found by search engines, under its own address."""
    is_in_feeds: bool = True


class Compared(enum.Enum):
    """What a machine could tell of an article's words and those of the original.

    It is no part of the entry: the numbers on `/sources-and-terms/` are all that is made of it, and the first edit of a
    reprint changes it.
    """

    NEITHER = ""
    """There is nothing to compare with."""
    REPRINT = "reprint"
    VERBATIM = "verbatim"
    """A reprint that is letter for letter what was captured."""
    QUOTED = "quoted"
    FINGERPRINTED = "fingerprinted"
    """An excerpt or a link in which words copied without quotation marks were looked for."""


class Prepared(Struct, frozen=True, array_like=True):
    """All that is made of one article alone."""

    entry: Entry
    page: ArticlePage
    """Not yet in its place (`articles.placed`)."""
    bill: str
    """Its item in `/rights.json`, a line of JSON, without the hash of its picture."""
    compared: Compared


def prepare(imprint: Imprint, cleared: Cleared) -> Prepared:
    """What is made of an article without knowing the others."""
    stated = statement(imprint, cleared)
    shown = card(imprint, cleared, stated)
    item = item_of(imprint, cleared, stated)
    page = articles.article_page(imprint, cleared, stated, shown)
    return Prepared(_entry(cleared, stated, shown, item), page, bill.line(item), _compared(cleared))


def _compared(cleared: Cleared) -> Compared:
    proof = cleared.proof
    if proof is None or cleared.article.matter.withdrawn:
        return Compared.NEITHER
    if proof.is_verbatim is not None:
        return Compared.VERBATIM if proof.is_verbatim else Compared.REPRINT
    return Compared.FINGERPRINTED if proof.is_fingerprinted else Compared.QUOTED


def _entry(cleared: Cleared, stated: Statement, shown: CardView, item: BillItem) -> Entry:
    matter = cleared.article.matter
    origin, retrieved = matter.origin, matter.retrieved
    used = [part.licence for part in item.parts] + ([item.picture.licence] if item.picture else [])
    image = articles.image_address(cleared)
    return Entry(
        path=cleared.article.path,
        address=stated.address,
        date=matter.date,
        modified=matter.updated or matter.date,
        kind=matter.kind,
        card=shown,
        item_id=item.id,
        topics=matter.topics,
        story=matter.story,
        publisher_id=cleared.publisher_id,
        publisher=cleared.publisher.name if cleared.publisher else None,
        work=url.same(origin.url) if origin and isinstance(origin.url, str) else "",
        captured=(retrieved.sha256 or "") if origin and retrieved else "",
        licences=tuple(dict.fromkeys(used)),
        aliases=matter.aliases,
        picture=Picture(image, articles.picture_file(cleared, matter.image)) if image and matter.image else None,
        corrections=tuple(Note(correction.date, correction.text) for correction in matter.corrections),
        withdrawn=Note(matter.withdrawn.date, matter.withdrawn.reason) if matter.withdrawn else None,
        is_own=is_own(cleared),
        is_indexed=index_rule(cleared) is not Index.NO and not articles.canonical(cleared),
        is_in_feeds=matter.feed,
    )
