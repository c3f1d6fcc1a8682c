"""A publisher and its terms through the years, with the evidence for them. Nothing here is legal advice."""

from __future__ import annotations

import enum
from datetime import date, datetime

from msgspec import Struct

from broadsheet.fields import Count, Language, Line, Moment, Verbatim, WebAddress
from broadsheet.model import Kind


class Condition(enum.Enum):
    """What a publisher asks of whoever reprints. docs/rules.md says which of them the gate can enforce."""

    NO_EDITS = "no-edits"
    KEEP_LINKS = "keep-links"
    LINK_TO_ARTICLE = "link-to-article"
    LINK_FIRST = "link-first"
    NO_SALE = "no-sale"
    NO_PAYWALL = "no-paywall"
    NO_ADVERTISING = "no-advertising"
    NO_TRANSLATION = "no-translation"
    ONE_BY_ONE = "one-by-one"
    LABEL_EXCERPT = "label-excerpt"
    COUNTER = "counter"
    NO_ENDORSEMENT = "no-endorsement"
    NO_IMAGES = "no-images"


CONDITION_TEXTS = {
    Condition.NO_EDITS: "unedited",
    Condition.KEEP_LINKS: "all links kept",
    Condition.LINK_TO_ARTICLE: "with a link to the original",
    Condition.LINK_FIRST: "with the link before the text",
    Condition.NO_SALE: "not sold on its own",
    Condition.NO_PAYWALL: "free to readers",
    Condition.NO_ADVERTISING: "without advertising sold against it",
    Condition.NO_TRANSLATION: "not translated",
    Condition.ONE_BY_ONE: "chosen one by one, never wholesale",
    Condition.LABEL_EXCERPT: "an excerpt labelled as one",
    Condition.COUNTER: "with the publisher's counter on the page",
    Condition.NO_ENDORSEMENT: "without a hint of endorsement",
    Condition.NO_IMAGES: "without the publisher's pictures",
}


class Index(enum.Enum):
    """What a publisher asks about search engines indexing a copy."""

    YES = "yes"
    NEWS_NO = "news-no"
    NO = "no"


class Canonical(enum.Enum):
    """Which address a publisher wants search engines to take for a reprint's."""

    SELF = "self"
    ORIGIN = "origin"


class Certainty(enum.Enum):
    """How the terms are known."""

    READ = "read-at-source"
    QUOTED = "quoted-elsewhere"
    BELIEVED = "believed"


class Evidence(Struct, frozen=True, kw_only=True):
    """Where terms were read. `believed` means that nobody has read them for this register yet."""

    certainty: Certainty
    read: Moment
    url: WebAddress | None = None
    clause: Verbatim | None = None
    """The words that grant or refuse, quoted."""


class Terms(Struct, frozen=True, kw_only=True):
    """What may be done with works published from `since` to `until`, both inclusive."""

    licence: Line
    """An id of the register of licences."""
    kinds: tuple[Kind, ...]
    since: Moment | None = None
    until: Moment | None = None
    conditions: tuple[Condition, ...] = ()
    delay_days: Count | None = None
    """Days to wait after the original's publication."""
    tagline: Verbatim | None = None
    """To be printed with a reprint, verbatim but for `{year}`, which is the year of the work."""
    excerpt_line: Verbatim | None = None
    """To be printed with an excerpt, verbatim."""
    note: Verbatim | None = None

    def cover(self, day: date) -> bool:
        """Whether a work published on that day stands under these terms."""
        return (self.since is None or self.since.date() <= day) and (self.until is None or day <= self.until.date())


class Exclusion(Struct, frozen=True, kw_only=True):
    """Items of a publisher that its terms do not cover, and how they are known."""

    what: Line
    """For people."""
    marks: tuple[Line, ...] = ()
    """Words in the text, the byline or the credits that only such items carry, in any case."""
    addresses: tuple[Line, ...] = ()
    """Beginnings of addresses, host and path without `www.`, at which such items stand."""


class Publisher(Struct, frozen=True, kw_only=True):
    """Whose works they are."""

    name: Line
    terms: tuple[Terms, ...]
    evidence: tuple[Evidence, ...]
    home: WebAddress | None = None
    domains: tuple[Line, ...] = ()
    language: Language | None = None
    credit: Line | None = None
    """How the publisher wants to be named; none means by its name."""
    feed: WebAddress | None = None
    """Its own feed, where known for certain."""
    index: Index = Index.YES
    canonical: Canonical = Canonical.SELF
    """Of reprints. An excerpt is a page of the digest's own and never anybody else's copy."""
    counter: tuple[Line, ...] = ()
    """Hosts of the counter that the publisher asks for, and of no other."""
    images: Line | None = None
    """What is said of pictures."""
    excludes: tuple[Exclusion, ...] = ()
    """Items of theirs that these terms do not cover."""
    boilerplate: tuple[Line, ...] = ()
    """Beginnings of lines that are no part of an article."""

    @property
    def is_read(self) -> bool:
        """Whether anybody has read the terms, at their source or quoted elsewhere."""
        return any(evidence.certainty is not Certainty.BELIEVED for evidence in self.evidence)

    @property
    def last_read(self) -> date:
        """The day on which the terms were last read, as it was written; the first of all days for never."""
        return max((evidence.read.date() for evidence in self.evidence), default=date.min)

    def terms_on(self, published: datetime | None) -> Terms | None:
        """The terms of a work published then. An unknown date is covered only by terms that hold at all times."""
        if published is None:
            return (
                self.terms[0] if len(self.terms) == 1 and self.terms[0].since is self.terms[0].until is None else None
            )
        day = published.date()
        return next((terms for terms in self.terms if terms.cover(day)), None)


class Agency(Struct, frozen=True, kw_only=True):
    """A news agency, whose work others' licences do not cover."""

    name: Line
    marks: tuple[Line, ...]
    """How it is credited. A mark in capitals is looked for in capitals, any other in any case."""
