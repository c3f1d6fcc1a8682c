"""Finding the marks of news agencies, whose work no other publisher's licence covers.

Voice of America: "VOA has individual licenses from AFP, AP and Reuters"; their work "may not be copied, published or
redistributed without the written permission of each agency" (https://www.voanews.com/p/5338.html).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from broadsheet.model import Article
from broadsheet.problem import Pointer
from broadsheet.register import Agency

LAST_PARAGRAPHS = 3
"""Of a text, in which agencies are credited."""
_DATELINE_CHARACTERS = 80
_ADAPTED = re.compile(r"\badapted (?:it )?(?:from|by|for)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WireMark:
    """A place where an agency is named."""

    agency: str
    """Its name."""
    at: Pointer | int
    is_authorship: bool
    """It is named as the author (byline, dateline, "adapted from"), not as the source of some information."""


def find(article: Article, agencies: Mapping[str, Agency]) -> list[WireMark]:
    """The agencies named in the credits, the byline, the dateline and the last paragraphs of an article."""
    matter = article.matter
    marks = []
    for n, author in enumerate(matter.origin.authors if matter.origin else ()):
        marks += [WireMark(name, ("origin", "authors", n), True) for name in _named(author, agencies)]
    for n, credit in enumerate(matter.credits):
        adapted = _ADAPTED.search(credit) is not None
        marks += [WireMark(name, ("credits", n), adapted) for name in _named(credit, agencies)]
    paragraphs = article.body.paragraphs
    for dateline in paragraphs[:1]:
        opening = re.split(r"\s[-–—]+\s", dateline[:_DATELINE_CHARACTERS], maxsplit=1)
        if len(opening) > 1:
            marks += [WireMark(name, article.body.line, True) for name in _named(opening[0], agencies)]
    for paragraph in paragraphs[-LAST_PARAGRAPHS:]:
        adapted = _ADAPTED.search(paragraph) is not None
        marks += [WireMark(name, article.body.line, adapted) for name in _named(paragraph, agencies)]
    return marks


def names_agency(text: str, agencies: Mapping[str, Agency]) -> bool:
    """Whether a credit line names a news agency."""
    return any(_named(text, agencies))


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
    alternatives = (re.escape(mark) if mark.isupper() else f"(?i:{re.escape(mark)})" for mark in marks)
    return re.compile(rf"(?<!\w)(?:{'|'.join(alternatives)})(?!\w)")
