"""The records of an article, from what the curator wrote to what has been read. Frozen, compared by value.

`FrontMatter` and the records within it mirror the keys of the file; their types say how each is read (`fields`). An
`Article` is a front matter with its body parsed. What has been cleared for publication is `rights.gate.Cleared`.
"""

from __future__ import annotations

import enum
from datetime import datetime

from msgspec import Struct

from broadsheet.fields import (
    Address,
    Count,
    FileName,
    Flag,
    Instant,
    Language,
    Line,
    Moment,
    MomentOrUnknown,
    Number,
    Sha256,
    Slug,
    Uri,
    Verbatim,
    WebAddress,
    WebAddressOrUnknown,
)
from broadsheet.fingerprint import Fingerprint


class Kind(enum.Enum):
    """How much of somebody's work an article shows."""

    FULL = "full"
    """The origin's text, reprinted."""
    EXCERPT = "excerpt"
    """The curator's words round short quotations, each a blockquote."""
    LINK = "link"
    """A headline and the curator's words only."""
    OWN = "own"
    """The digest's own article; it has no origin."""


class ReviewFinding(enum.Enum):
    """What a person found who reviewed an article's rights."""

    WIRE_FACTS_ONLY = "wire-facts-only"
    """Of the agencies that are credited, only facts were used, not wording."""
    WIRE_TEXT_REMOVED = "wire-text-removed"
    """What came from an agency was taken out."""
    LICENCE_VERIFIED = "licence-verified"
    """The licence stated here was read at the publisher's, for this item."""
    PERMISSION_GRANTED = "permission-granted"
    """The rights holder has permitted this use."""


class Origin(Struct, frozen=True, kw_only=True):
    """Whose work an article is."""

    publisher: Line
    """An id of the register of publishers, or the name of a publisher that is not in it."""
    title: Line | None = None
    """The original headline where the digest's differs."""
    url: WebAddressOrUnknown | None = None
    authors: tuple[Line, ...] = ()
    published: MomentOrUnknown | None = None
    """In the offset that was written, so that its date is the one the publisher printed."""
    counter: WebAddress | None = None
    """Of the publisher's counter for this article, where it asks for one and the site accepts counters."""


class Retrieved(Struct, frozen=True, kw_only=True):
    """How the digest came by a text."""

    from_: Line | None = None
    """An address or a file name; it may be an intermediary's."""
    at: Moment
    sha256: Sha256 | None = None
    """Of the article's text as captured, normalised (`words.sha256`)."""
    words: Count | None = None
    """Of the article's text as captured (`words.count_words`)."""
    links: Number | None = None
    """Links in the article's text as captured, where the publisher wants all of them kept."""


class Review(Struct, frozen=True, kw_only=True):
    """A named person's decision, which may widen what the register grants."""

    by: Line
    at: Moment
    finding: ReviewFinding
    note: Verbatim | None = None
    """Why. Needed where the finding widens a licence."""


class Image(Struct, frozen=True, kw_only=True):
    """A picture beside the article, with rights of its own."""

    file: FileName
    alt: Line
    creator: Line | None = None
    credit: Line | None = None
    licence: Line | None = None
    source: WebAddress | None = None


class Correction(Struct, frozen=True, kw_only=True):
    """What was put right after publication."""

    date: Moment
    text: Verbatim


class Withdrawal(Struct, frozen=True, kw_only=True):
    """Why an article's words are gone."""

    date: Moment
    reason: Verbatim


class FrontMatter(Struct, frozen=True, kw_only=True):
    """The front matter of an article, typed."""

    title: Line
    date: Instant
    """When this digest published it, or will."""
    kind: Kind
    updated: Instant | None = None
    slug: Slug | None = None
    summary: Line | None = None
    """In the digest's own words; listings, cards and feeds show it."""
    topics: tuple[Line, ...] = ()
    language: Language | None = None
    story: Slug | None = None
    """Groups coverage of one event across publishers."""
    draft: Flag = False
    feed: Flag = True
    """Whether its item stands in feeds."""
    id: Uri | None = None
    """Of its item in feeds, where it is not to be made of the origin or of the address."""
    origin: Origin | None = None
    retrieved: Retrieved | None = None
    licence: Line | None = None
    """An id of the register of licences: SPDX or `LicenseRef-`."""
    credits: tuple[Verbatim, ...] = ()
    """Credit lines of the original, verbatim."""
    changes: tuple[Line, ...] = ()
    review: Review | None = None
    image: Image | None = None
    corrections: tuple[Correction, ...] = ()
    withdrawn: Withdrawal | None = None
    aliases: tuple[Address, ...] = ()


class PageFrontMatter(Struct, frozen=True, kw_only=True):
    """The front matter of a page of the digest's own, such as About."""

    title: Line
    slug: Slug | None = None
    summary: Line | None = None
    language: Language | None = None
    draft: Flag = False
    updated: Instant | None = None
    aliases: tuple[Address, ...] = ()


class Quotation(Struct, frozen=True):
    """A blockquote of the body."""

    text: str
    line: int
    """1-based, in the file."""


class Place(enum.Enum):
    """Where in a text a passage stands."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    CELL = "cell"
    CODE = "code"
    FOOTNOTE = "footnote"


class Passage(Struct, frozen=True):
    """The plain text of a paragraph, a heading, a list's item, a table's cell, a code block or a footnote."""

    text: str
    line: int
    """1-based, in the file."""
    place: Place
    is_quoted: bool
    """Within a blockquote, or a footnote to which a blockquote refers."""


class BodyImage(Struct, frozen=True):
    """A picture that the markdown shows."""

    src: str
    line: int
    """1-based, in the file."""


class Body(Struct, frozen=True):
    """A text, rendered and measured."""

    html: str
    """Sanitised; relative references as they were written."""
    quotations: tuple[Quotation, ...]
    """Outermost blockquotes, in order."""
    images: tuple[BodyImage, ...]
    links: tuple[str, ...]
    """Web addresses to which the text links, in order."""
    passages: tuple[Passage, ...]
    """All of the text, in order; footnotes last."""
    has_relative: bool
    """Whether the HTML holds references that need the page's address to be resolved."""
    line: int
    """1-based line of the file on which the text begins."""

    @staticmethod
    def empty(line: int) -> Body:
        """A body without a word."""
        return Body("", (), (), (), (), False, line)

    @property
    def lead(self) -> str:
        """The first paragraph that is not quoted, its white space as single spaces; may be empty."""
        own = (p.text for p in self.passages if p.place is Place.PARAGRAPH and not p.is_quoted)
        return next((" ".join(text.split()) for text in own if text.strip()), "")


class Article(Struct, frozen=True):
    """An article as read: what it claims, and its text. Not yet cleared."""

    path: str
    """POSIX path relative to the site's folder."""
    slug: str
    matter: FrontMatter
    body: Body
    fingerprint: Fingerprint | None = None
    """Of the captured text, from the file `NAME.fingerprint` beside the article."""

    @property
    def date(self) -> datetime:
        """When the digest published it, UTC."""
        return self.matter.date


class Page(Struct, frozen=True):
    """A page of the digest's own."""

    path: str
    slug: str
    matter: PageFrontMatter
    body: Body
