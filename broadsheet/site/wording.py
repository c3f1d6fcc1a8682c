"""What the site says in words of its own: labels, dates, the sentence on what a reader may do. English, one place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache

from broadsheet.fields import Unknown
from broadsheet.model import Kind, ReviewFinding
from broadsheet.register import Licence, Permission
from broadsheet.rights import Cleared
from broadsheet.site.views import DateView, LabelView

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LABELS = {
    Kind.FULL: LabelView("full", "Reprinted in full"),
    Kind.EXCERPT: LabelView("excerpt", "Excerpt"),
    Kind.LINK: LabelView("link", "Link"),
    Kind.OWN: LabelView("own", "Our own"),
}
# Languages written from right to left in their usual script. Unicode CLDR, characterOrder.
_RIGHT_TO_LEFT = {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"}
_RIGHT_TO_LEFT_SCRIPTS = {"arab", "hebr", "nkoo", "syrc", "thaa"}


def label(kind: Kind) -> LabelView:
    """The kind label."""
    return _LABELS[kind]


def day(moment: datetime) -> DateView:
    """`27 December 2023`, the date in the offset in which the moment was written."""
    return _day(moment.date())  # by its date: two moments may be the same instant, written on two days


@lru_cache(maxsize=1024)
def _day(date: date) -> DateView:
    return DateView(f"{date.day} {_MONTHS[date.month - 1]} {date.year}", f"{date}")


def known_day(moment: datetime | Unknown | None) -> DateView | None:
    """As `day`; None where it is not known."""
    return None if moment is None or isinstance(moment, Unknown) else day(moment)


def instant(moment: datetime) -> DateView:
    """As `day`, with the instant for machines."""
    return DateView(day(moment).text, rfc3339(moment))


def weekday(moment: datetime) -> DateView:
    """`Wednesday, 27 December 2023`."""
    return DateView(f"{_WEEKDAYS[moment.weekday()]}, {day(moment).text}", f"{moment.date()}")


def month(year: int, number: int) -> str:
    """`December 2023`."""
    return f"{_MONTHS[number - 1]} {year}"


def story(name: str) -> str:
    """`Border talks 2023 12` for `border-talks-2023-12`."""
    return name.replace("-", " ").capitalize()


@lru_cache(maxsize=64)  # the same of two moments that are the same instant
def rfc3339(moment: datetime) -> str:
    """`2023-12-27T09:00:00Z`."""
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return f"{moment.isoformat('T', 'seconds')[:19]}Z"


@lru_cache(maxsize=256)
def direction(language: str) -> str:
    """`rtl` or `ltr`, by the language tag's script or its language."""
    subtags = language.casefold().split("-")
    if len(subtags) > 1 and len(subtags[1]) == 4:
        return "rtl" if subtags[1] in _RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if subtags[0] in _RIGHT_TO_LEFT else "ltr"


def joined(names: Sequence[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def credit_name(cleared: Cleared) -> str:
    """How the publisher is to be named."""
    publisher = cleared.publisher
    return (publisher.credit or publisher.name) if publisher else ""


def tagline(cleared: Cleared) -> str:
    """What the publisher wants printed with its text, or with an excerpt of it; `{year}` is that of the work."""
    terms, origin = cleared.terms, cleared.article.matter.origin
    if terms is None or origin is None:
        return ""
    kind = cleared.article.matter.kind
    line = terms.tagline if kind is Kind.FULL else terms.excerpt_line if kind is Kind.EXCERPT else None
    year = f"{origin.published.year}" if isinstance(origin.published, datetime) else ""
    return line.replace("{year}", year) if line else ""


def what_may_be_done(cleared: Cleared) -> tuple[str, str]:
    """The credit block's heading and its one plain sentence: what may I do with this, and whose is it."""
    if cleared.article.matter.withdrawn is not None:
        return "Withdrawn", "The words that stood here are gone; nothing of them may be taken from this page."
    return _SENTENCES[cleared.article.matter.kind](cleared)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _permission(licence: Licence) -> str:
    """What a licence lets a reader do with the whole text; empty where that is nothing."""
    if not licence.permits_reprint:
        return ""
    return "You may reprint this" if licence.permits_commercial_use else "You may reprint this, not for profit"


def _of_full(cleared: Cleared) -> tuple[str, str]:
    review = cleared.article.matter.review
    credit = credit_name(cleared)
    if review is not None and review.finding is ReviewFinding.PERMISSION_GRANTED:
        return "Reprinted by permission", f"{credit} permitted this reprint; yours would need a permission of its own."
    licence = cleared.licence
    return _permission(licence) or "Reprinted here", f"{_sentence(licence.statement)} Credit {_sentence(credit)}"


def _of_excerpt(cleared: Cleared) -> tuple[str, str]:
    publisher = cleared.publisher.name if cleared.publisher else ""
    words = f"{cleared.words_quoted} of its words" if cleared.words_quoted != 1 else "one of its words"
    if Permission.REPRODUCTION in cleared.licence.permits:
        return "Quoted briefly", f"We quote {words}. The article is at {publisher}, under its own licence."
    return "Quoted briefly", f"The article is under copyright. We quote {words}; the rest is at {publisher}."


def _of_link(cleared: Cleared) -> tuple[str, str]:
    publisher = cleared.publisher.name if cleared.publisher else ""
    return "Linked, not copied", f"The words here are ours; the article is at {publisher}, under its own terms."


def _of_own(cleared: Cleared) -> tuple[str, str]:
    return _permission(cleared.licence) or "Our own words", _sentence(cleared.licence.statement)


_SENTENCES = {Kind.FULL: _of_full, Kind.EXCERPT: _of_excerpt, Kind.LINK: _of_link, Kind.OWN: _of_own}

VERBATIM = "letter for letter the text that was captured, by its hash"
CERTAINTIES = {
    "read-at-source": "read at the source",
    "quoted-elsewhere": "as quoted elsewhere",
    "believed": "believed, not yet read",
}
FINDINGS = {
    ReviewFinding.WIRE_FACTS_ONLY: "of the agencies credited, facts only were used",
    ReviewFinding.WIRE_TEXT_REMOVED: "what came from an agency was taken out",
    ReviewFinding.LICENCE_VERIFIED: "the licence was read at the publisher's",
    ReviewFinding.PERMISSION_GRANTED: "the rights holder has given permission",
}
KINDS_PERMITTED = {Kind.FULL: "reprints", Kind.EXCERPT: "excerpts", Kind.LINK: "links"}
