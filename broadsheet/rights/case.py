"""What the rules look at: an article of somebody else's, with what the registers say of it."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from msgspec import Struct

from broadsheet.config import Rights
from broadsheet.fields import Unknown
from broadsheet.model import Article, Kind, Origin, ReviewFinding
from broadsheet.register import Licence, Publisher, Register, Terms
from broadsheet.rights.glance import Sight, sight
from broadsheet.rights.phrases import Phrases, phrases_of
from broadsheet.words import plain, plain_utf8

WIDENING = (ReviewFinding.LICENCE_VERIFIED, ReviewFinding.PERMISSION_GRANTED)
"""Findings of a review that may widen what the register grants."""


class Policy(Struct, frozen=True, dict=True):
    """What the gate judges by."""

    register: Register
    rights: Rights
    """What the editor decides."""
    day: date
    """By which the age of evidence is reckoned, UTC."""
    own_licence: str
    """Id of the licence of the digest's own words."""

    @cached_property
    def phrases(self) -> Phrases:
        """What the rules look for in texts."""
        return phrases_of(self.register)


class Case(Struct, frozen=True):
    """An article before the gate."""

    article: Article
    origin: Origin
    policy: Policy
    publisher: Publisher | None
    """None where the register does not know it."""
    terms: Terms | None
    """The publisher's, on the day of the original's publication."""
    licence_id: str | None
    """As stated or, where nothing is stated, as the terms say. None where unknown."""
    licence: Licence | None
    """None where unknown or in no register."""
    kind: Kind
    """The article's."""
    is_reprint: bool
    """Whether the whole text of the original is shown."""
    sight: Sight
    """Of a reprint, all passages and credits as one plain text, to look through before looking closely."""
    is_silent: bool
    """Whether neither that text nor the byline holds any of the phrases for which the rules look."""
    utf8: bytes | None
    """That text, where it was in plain form as it was read."""

    def is_reviewed(self, *findings: ReviewFinding) -> bool:
        """Whether a person has reviewed it with one of these findings."""
        review = self.article.matter.review
        return review is not None and review.finding in findings


def case_of(article: Article, origin: Origin, policy: Policy) -> Case:
    """The case of an article that has an origin."""
    publisher = policy.register.publishers.get(origin.publisher)
    published = None if isinstance(origin.published, Unknown) else origin.published
    terms = publisher.terms_on(published) if publisher else None
    licence_id = article.matter.licence or (terms.licence if terms else None)
    licence_id = None if licence_id == "unknown" else licence_id
    licence = policy.register.licences.get(licence_id) if licence_id else None
    kind = article.matter.kind
    is_reprint = kind is Kind.FULL
    seen, utf8 = _look(article) if is_reprint else (_NOTHING, None)
    return Case(
        article=article,
        origin=origin,
        policy=policy,
        publisher=publisher,
        terms=terms,
        licence_id=licence_id,
        licence=licence,
        kind=kind,
        is_reprint=is_reprint,
        sight=seen,
        is_silent=is_reprint and not _says_something(seen, origin, policy),
        utf8=utf8,
    )


def folded(text: str) -> str:
    """A text in small letters, those beyond ASCII left out."""
    return text.encode("ascii", "ignore").decode().lower()


def _look(article: Article) -> tuple[Sight, bytes | None]:
    text = " ".join([*[passage.text for passage in article.body.passages], *article.matter.credits])
    utf8 = plain_utf8(text)
    return (sight(text, utf8), utf8[0]) if utf8 else (sight(plain(text)), None)


def _says_something(seen: Sight, origin: Origin, policy: Policy) -> bool:
    byline = sight(plain(" ".join(origin.authors)))
    return policy.phrases.may_be_in(seen) or policy.phrases.may_be_in(byline)


_NOTHING = sight("")
