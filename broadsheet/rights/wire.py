"""The rule on news agencies, whose work no other publisher's licence covers, and how their marks are found.

Voice of America: "VOA has individual licenses from AFP, AP and Reuters"; their work "may not be copied, published or
redistributed without the written permission of each agency" (https://www.voanews.com/p/5338.html).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from broadsheet.model import Article, Passage, Place, ReviewFinding
from broadsheet.problem import Finding, Pointer
from broadsheet.register import Agency
from broadsheet.rights.case import Case
from broadsheet.words import plain

LAST_PARAGRAPHS = 3
"""Of a text, in which any mention of an agency counts; footnotes, headings and table cells are not among them."""
_AUTHORSHIP_CLEARED_BY = (ReviewFinding.WIRE_TEXT_REMOVED, ReviewFinding.PERMISSION_GRANTED)
_FIRST_PARAGRAPHS = 2
_OPENING_CHARACTERS = 80
_ADAPTED = re.compile(r"\badapted (?:it )?(?:from|by|for)\b", re.IGNORECASE)
_CREDITING = re.compile(
    r"\b(?:contributed to|(?:information|material) (?:for|in) this|this (?:report|story|article)|with reporting)\b",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"by\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WireMark:
    """A place where an agency is named."""

    agency: str
    """Its name."""
    at: Pointer | int
    is_authorship: bool
    """It is named as the author (byline, dateline, "adapted from"), not as the source of some information."""


def check(case: Case) -> list[Finding]:
    """A reprint in which an agency is named has been reviewed by somebody, with a finding that clears the mark."""
    if not case.is_reprint:
        return []
    found: dict[str, Finding] = {}
    for mark in find(case.article, case.policy.register.agencies):
        clearing = (
            _AUTHORSHIP_CLEARED_BY if mark.is_authorship else (ReviewFinding.WIRE_FACTS_ONLY, *_AUTHORSHIP_CLEARED_BY)
        )
        if not case.is_reviewed(*clearing):
            wanted = " or ".join(finding.value for finding in clearing)
            role = "named as author" if mark.is_authorship else "credited"
            message = f"{mark.agency} is {role}, and nobody has reviewed that"
            remedy = f"Add 'review:' with by, at and finding ({wanted}), or make the kind 'excerpt'"
            found.setdefault(str(mark.at), Finding("rights/wire-unreviewed", message, remedy, mark.at))
    return list(found.values())


def find(article: Article, agencies: Mapping[str, Agency]) -> list[WireMark]:
    """The agencies named in the byline and the credits, and in the text where agencies are credited."""
    matter = article.matter
    marks = []
    for n, author in enumerate(matter.origin.authors if matter.origin else ()):
        marks += [WireMark(name, ("origin", "authors", n), True) for name in _named(plain(author), agencies)]
    for n, credit in enumerate(matter.credits):
        text = plain(credit)
        adapted = _ADAPTED.search(text) is not None
        marks += [WireMark(name, ("credits", n), adapted) for name in _named(text, agencies)]
    return marks + _in_text(article.body.passages, agencies)


def _in_text(passages: tuple[Passage, ...], agencies: Mapping[str, Agency]) -> list[WireMark]:
    """Datelines and bylines at the beginning, credits anywhere, and any mention in the last paragraphs."""
    paragraphs = [n for n, passage in enumerate(passages) if passage.place is Place.PARAGRAPH]
    first, last = paragraphs[:_FIRST_PARAGRAPHS], paragraphs[-LAST_PARAGRAPHS:]
    marks = []
    for n, passage in enumerate(passages):
        text = plain(passage.text)
        for name in _named(text, agencies):
            is_authorship = _is_authorship(text, name, agencies, is_opening=n in first)
            if is_authorship or n in last or _CREDITING.search(text):
                marks.append(WireMark(name, passage.line, is_authorship))
    return marks


def _is_authorship(text: str, name: str, agencies: Mapping[str, Agency], is_opening: bool) -> bool:
    """`(AP)`, `adapted from AP`, `By A. Writer, AP` and, where a text opens, `CAIRO, AP - …`."""
    marks = next(agency.marks for agency in agencies.values() if agency.name == name)
    if _ADAPTED.search(text) or _BYLINE.match(text) or _parenthesised(marks).search(text):
        return True
    opening = re.split(r"\s-+\s|\s*[–—]\s*", text[:_OPENING_CHARACTERS], maxsplit=1)
    return is_opening and len(opening) > 1 and _pattern(marks).search(opening[0]) is not None


def names_agency(text: str, agencies: Mapping[str, Agency]) -> bool:
    """Whether a credit line names a news agency."""
    return any(_named(plain(text), agencies))


def _named(text: str, agencies: Mapping[str, Agency]) -> list[str]:
    known = tuple(agencies.values())
    if not _any_pattern(known).search(text):
        return []
    return [agency.name for agency in known if _pattern(agency.marks).search(text)]


@lru_cache(maxsize=8)
def _any_pattern(agencies: tuple[Agency, ...]) -> re.Pattern[str]:
    """All agencies in one pass: nearly every text names none."""
    return _pattern(tuple(mark for agency in agencies for mark in agency.marks))


@lru_cache(maxsize=1024)
def _pattern(marks: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){_any_of(marks)}(?!\w)")


@lru_cache(maxsize=1024)
def _parenthesised(marks: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"[(\[]\s?{_any_of(marks)}\s?[)\]]")


def _any_of(marks: tuple[str, ...]) -> str:
    alternatives = (re.escape(mark) if mark.isupper() else f"(?i:{re.escape(mark)})" for mark in marks)
    return f"(?:{'|'.join(alternatives)})"
