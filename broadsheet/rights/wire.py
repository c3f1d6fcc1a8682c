"""The rule on news agencies, whose work no other publisher's licence covers, and how their marks are found.

Voice of America: "VOA has individual licenses from AFP, AP and Reuters"; their work "may not be copied, published or
redistributed without the written permission of each agency" (https://www.voanews.com/p/5338.html).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct

from broadsheet.model import Article, Passage, Place, ReviewFinding
from broadsheet.problem import Finding, Pointer
from broadsheet.register import Agency
from broadsheet.rights.case import Case, folded
from broadsheet.rights.glance import Net, Sight, net_of_capitals, net_of_words, sight
from broadsheet.words import plain

LAST_PARAGRAPHS = 3
"""Of a text, in which any mention of an agency counts; footnotes, headings and table cells are not among them."""
_AUTHORSHIP_CLEARED_BY = (ReviewFinding.WIRE_TEXT_REMOVED, ReviewFinding.PERMISSION_GRANTED)
_FIRST_PARAGRAPHS = 2
_SHORT = 60
"""Most characters of a passage that ends with an agency's name and is a credit, wherever it stands."""
_ADAPTED = r"\b(?:adapted|based on|compiled from)\b"
_CREDITING = re.compile(
    r"\b(?:contributed to|(?:information|material) (?:for|in) this|this (?:report|story|article)|reporting by|"
    r"with reporting|editing by|wire reports|sources?:)",
    re.IGNORECASE,
)


class WireMark(Struct, frozen=True):
    """A place where an agency is named."""

    agency: str
    """Its name."""
    at: Pointer | int
    is_authorship: bool
    """It is named as the author (byline, dateline, "adapted from"), not as the source of some information."""


def check(case: Case) -> list[Finding]:
    """A reprint in which an agency is named has been reviewed by somebody, with a finding that clears the mark."""
    if not case.is_reprint or case.is_silent:
        return []
    found: dict[str, Finding] = {}
    for mark in find(case.article, case.policy.register.agencies, case.sight):
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


def find(article: Article, agencies: Mapping[str, Agency], seen: Sight) -> list[WireMark]:
    """The agencies named in the byline and the credits, and in the text where agencies are credited.

    `seen` is all of the article's text, to look through first: nearly every text names none.
    """
    matter = article.matter
    marks = []
    for n, author in enumerate(matter.origin.authors if matter.origin else ()):
        marks += [WireMark(agency.name, ("origin", "authors", n), True) for agency in _named(plain(author), agencies)]
    for n, credit in enumerate(matter.credits):
        line = plain(credit)
        marks += [
            WireMark(agency.name, ("credits", n), re.search(_ADAPTED, line, re.IGNORECASE) is not None)
            for agency in _named(line, agencies)
        ]
    return marks + (_in_text(article.body.passages, agencies) if _may_name(seen, agencies) else [])


def _in_text(passages: tuple[Passage, ...], agencies: Mapping[str, Agency]) -> list[WireMark]:
    """Datelines and bylines at the beginning, credits anywhere, and any mention in the last paragraphs."""
    paragraphs = [n for n, passage in enumerate(passages) if passage.place is Place.PARAGRAPH]
    first, last = paragraphs[:_FIRST_PARAGRAPHS], paragraphs[-LAST_PARAGRAPHS:]
    marks = []
    for n, passage in enumerate(passages):
        text = plain(passage.text)
        for agency in _named(text, agencies):
            is_short = len(text) <= _SHORT and _alone(agency.marks).match(text) is not None
            is_authorship = _authorship(agency.marks).search(text) is not None or (n in first and is_short)
            if n in first and _dateline(agency.marks).match(text):
                is_authorship = True
            if is_authorship or is_short or n in last or _CREDITING.search(text):
                marks.append(WireMark(agency.name, passage.line, is_authorship))
    return marks


def names_agency(text: str, agencies: Mapping[str, Agency]) -> bool:
    """Whether a credit line names a news agency."""
    return any(_named(plain(text), agencies))


def _named(text: str, agencies: Mapping[str, Agency]) -> list[Agency]:
    if not _may_name(sight(text), agencies):
        return []
    return [agency for agency in agencies.values() if _pattern(agency.marks).search(text)]


def _may_name(seen: Sight, agencies: Mapping[str, Agency]) -> bool:
    """Whether a text may name an agency: much quicker than to look for each in full."""
    signs = _signs(tuple([agency.marks for agency in agencies.values()]))
    if not (signs.net.may_catch(seen.letters) or signs.net_of_capitals.may_catch(seen.capitals)):
        return False
    small = folded(seen.text)
    return (
        any(map(small.__contains__, signs.words))
        or any(map(_joined(small).__contains__, signs.joined))
        or any(map(seen.text.encode("ascii", "ignore").replace(b".", b"").__contains__, signs.capitals))
    )


class _Signs(Struct, frozen=True):
    """What must occur in a text that has a mark."""

    net: Net
    """Of all but those in capitals, at a glance."""
    net_of_capitals: Net
    words: tuple[str, ...]
    """Marks of one word, in the folded text."""
    joined: tuple[str, ...]
    """Marks of several, which may be joined in many ways, in the folded text without its joints."""
    capitals: tuple[bytes, ...]
    """In the text in ASCII without its full stops."""


@lru_cache(maxsize=8)
def _signs(marks: tuple[tuple[str, ...], ...]) -> _Signs:
    each = [mark for of_one in marks for mark in of_one]
    small = [folded(mark) for mark in each if not mark.isupper()]
    several = [mark for mark in small if _joined(mark) != mark]
    return _Signs(
        net=net_of_words(mark for mark in each if not mark.isupper()),
        net_of_capitals=net_of_capitals(mark for mark in each if mark.isupper()),
        words=tuple(mark for mark in small if mark not in several),
        joined=tuple(map(_joined, several)),
        capitals=tuple(mark.encode("ascii", "ignore") for mark in each if mark.isupper()),
    )


def _joined(small: str) -> str:
    return small.replace(" ", "").replace("-", "")


@lru_cache(maxsize=1024)
def _pattern(marks: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(_any_of(marks))


@lru_cache(maxsize=1024)
def _authorship(marks: tuple[str, ...]) -> re.Pattern[str]:
    """`(AP)`, `(AP Photo/A. Painter)`, `By A. Writer, AP`, `adapted from AP`, in one sentence."""
    mark = _any_of(marks)
    bracketed = rf"[(\[][^()\[\]]{{0,40}}{mark}[^()\[\]]{{0,40}}[)\]]"
    byline = rf"\A\W{{0,3}}(?i:written by|reported by|by)\b[^.]{{0,80}}?(?:,|/|\bof\b|\bfor\b)\s?(?i:the )?{mark}"
    adapted = rf"(?i:{_ADAPTED})[^.]{{0,80}}{mark}|{mark}[^.]{{0,80}}(?i:{_ADAPTED})"
    return re.compile(f"{bracketed}|{byline}|{adapted}")


@lru_cache(maxsize=1024)
def _alone(marks: tuple[str, ...]) -> re.Pattern[str]:
    """`Reuters`, `A. Writer, Associated Press`, `Reporting for AFP`."""
    return re.compile(rf"(?:.*(?:[,/|:–—-]|\bfor|\bof|\bfrom|\bby)\s?(?i:the )?)?{_any_of(marks)}\W*\Z")


@lru_cache(maxsize=1024)
def _dateline(marks: tuple[str, ...]) -> re.Pattern[str]:
    """`CAIRO, AP -`, `CAIRO — AP —`, where a text opens."""
    return re.compile(rf".{{0,60}}?{_any_of(marks)}[^.]{{0,15}}?(?:\s-+\s|\s?[–—])")


def _any_of(marks: tuple[str, ...]) -> str:
    return rf"(?<!\w)(?:{'|'.join(map(_spelled, marks))})(?!\w)"


def _spelled(mark: str) -> str:
    """A mark in capitals with or without full stops; any other in any case, its parts joined by hyphen or space."""
    if mark.isupper():
        return r"\.?".join(map(re.escape, mark)) + r"\.?"
    return f"(?i:{'[ ‐-]'.join(map(re.escape, re.split('[ -]', mark)))})"
