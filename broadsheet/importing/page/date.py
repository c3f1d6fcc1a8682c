"""When it was published: what metadata say and what the page shows, by what most speaks for.

Dates are read as ISO 8601, RFC 5322 or as people write them in the languages of Europe. Three numbers between slashes
are read both ways where both are days: other places on the page decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime

from msgspec import Struct

from broadsheet.importing.draft import Fact
from broadsheet.importing.page.document import Element
from broadsheet.importing.page.layout import Layout, Line

GUESSED = "a guess from the whole page"
_FIRST = date(1990, 1, 1)
"""Before the web."""
_ISO = re.compile(
    r"(?<!\d)(?P<day>\d{4}-\d{2}-\d{2})(?:[T\s]+(?P<time>\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d{1,9})?\s*(?P<zone>Z|"
    r"[+-]\d{2}:?\d{2})?)?(?!\d)"
)
_COMPACT = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?:T\d{4,6}Z?)?(?!\d)")
_MONTHS = (
    *(r"j[aä]n|ene|gen(?!t)|sty|янв|січ|يناير|ינואר", r"f[eé][bv]|lut|фев|лют|فبراير|פברואר"),
    *(r"m[aä]r|mrz|maa|мар|бер|مارس|מרץ", r"apr|avr|abr|kwi|апр|кві|[أا]بريل|אפריל"),
    *(r"ma[iyjg]|mei|ма[йя]|тра|مايو|מאי", r"jun|juin|giu|cze|июн|чер|يوني|יוני"),
    *(r"jul|juil|lug|lip|июл|лип|يولي|יולי", r"aug|ao[uû]|ago|sie|авг|сер|[أا]غسطس|אוגוסט"),
    *(r"sep|set|wrz|сен|вер|سبتمبر|ספטמבר", r"o[ckt]t|out|pa[zź]|окт|жов|[أا]كتوبر|אוקטובר"),
    *(r"nov|lis|ноя|лис|نوفمبر|נובמבר", r"d[eéi][cz]|gru|дек|гру|ديسمبر|דצמבר"),
)
_NAMED = "|".join(f"(?P<m{n}>{names})" for n, names in enumerate(_MONTHS, 1))
_DAY_FIRST = re.compile(
    rf"(?<![\d.])(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th|er|º)?\s*(?:de\s+|of\s+|"
    rf"[-/]\s?|ב)?(?:{_NAMED})[^\W\d_]{{0,9}}\.?,?(?:\s+de|\s+del)?[\s,\-/]+(?P<year>(?:19|20)\d\d)",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"(?<!\w)(?:{_NAMED})[a-z]{{0,6}}\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\.?,?\s+(?P<year>(?:19|20)\d\d)",
    re.IGNORECASE,
)
_NUMBERS = re.compile(
    r"(?<![\d.])(?P<a>\d{1,2})\s?(?P<sign>[./|-])\s?(?P<b>\d{1,2})\s?(?P=sign)\s?(?P<year>(?:19|20)\d\d|"
    r"\d\d)(?![\d.]?\d)"
)
_CHINESE = re.compile(r"(?P<year>(?:19|20)\d\d)\s?[年./]\s?(?P<a>\d{1,2})\s?[月./]\s?(?P<b>\d{1,2})")
_CHANGED = re.compile(
    r"updat|aktualis|geändert|änderung|modif|stand\b|bearbeitet|revised|mis à jour|actualiz|aggiorn|bijgewerkt|zuletzt",
    re.IGNORECASE,
)
_MARK = re.compile(
    r"date|datum|time(?!line)|publi|posted|(?:^|[\s_-])(?:meta|info|infos|stand|created|day|fecha)(?:$|[\s_-])|"
    r"authored|submitted"
)
_PUBLISHED = re.compile(r"(?:^|\s)(?:dt-)?published(?:$|\s)|(?:^|\s)(?:entry-date|updated)(?:$|\s)")
_MEMBER = re.compile(
    r'\\?"(date_?published|published_?(?:at|date|time|on)|publish_?(?:date|time)|publication_?date|'
    r'first_?published\w{0,10})\\?"\s*:\s*\\?"([\dT:.+\-Z ]{10,35})\\?"',
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"(?:[^\W\d]{2,12},?\s+)?(?:\d{1,2}\.?\s|\d{1,2}[./]\d|\d{4}-\d|[^\W\d]{3,10}\.? \d{1,2},? \d{4})"
)
_SAYS = re.compile(
    r"^\W*(?:\d{1,2}\.\s?\d|published|posted|veröffentlicht|erschienen|geschrieben|verfasst|erstellt|eingestellt|"
    r"datum|date|publié|publicado|"
    r"pubblicato|stand|vom|pressemitteilung|gespeichert|created|submitted|added)\b",
    re.IGNORECASE,
)
_MAX_LINE = 200
_MAX_SCRIPT = 2_000_000


class Vote(Struct, frozen=True):
    """A day that a place names, and how much that place is to be believed."""

    day: str
    value: str
    """As in `Draft.published`."""
    where: str
    weight: float


def chosen(votes: Iterable[Vote]) -> Fact[str] | None:
    """The day most speaks for, with the time and offset of the first place that writes both.

    An instant in UTC does not say which day it was where the page was written: there the day that readers see counts.
    """
    found = list(votes)
    if not found:
        return None
    support: dict[str, dict[str, float]] = {}
    for vote in found:
        kinds = support.setdefault(vote.day, {})
        kind = vote.where.split(",")[0].split()[0]
        kinds[kind] = max(kinds.get(kind, 0.0), vote.weight)
    day = max(support, key=lambda one: sum(support[one].values()))
    of_day = [vote for vote in found if vote.day == day]
    best = max(of_day, key=lambda vote: (len(vote.value) > 10, vote.weight))
    return Fact(best.value, best.where) if len(best.value) == 10 else _local(best, found)


def _local(best: Vote, votes: Sequence[Vote]) -> Fact[str]:
    at = datetime.fromisoformat(best.value)
    if not at.utcoffset():
        others = {(at + timedelta(hours=hours)).date().isoformat() for hours in (-11, 13)} - {best.day}
        seen = [vote for vote in votes if len(vote.value) == 10 and vote.weight > 0.3]
        for vote in seen if all(vote.day != best.day for vote in seen) else ():
            if vote.day in others:
                return Fact(vote.value, vote.where)
    return Fact(best.value, best.where)


def said(facts: Iterable[Fact[str]], weight: float, latest: datetime) -> Iterator[Vote]:
    """Votes of metadata."""
    for fact in facts:
        value = read(fact.value, latest)
        if value:
            yield Vote(value[:10], value, fact.where, weight)


def shown(tree: Element, layout: Layout, latest: datetime) -> Iterator[Vote]:
    """Votes of `<time>` and of the dates written about the headline, the nearest first."""
    near = {line.block for _, line in layout.near(before=7, after=24)}
    weight = 0.9
    for element in tree.iter("time"):
        label = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
        if _CHANGED.search(label) or near.isdisjoint((element, *element.iterancestors())) or layout.is_remote(element):
            continue
        for written in (element.text_content(), element.get("datetime") or ""):
            for value in readings(written, latest):
                yield Vote(value[:10], value, "time element by the headline", weight)
        weight = max(0.3, weight - 0.4)
    yield from _written(layout, latest)


def _written(layout: Layout, latest: datetime) -> Iterator[Vote]:
    weight = 0.8
    for _, line in layout.near(before=8, after=24):
        # Of a paragraph only its dateline.
        text = line.text if len(line.text) <= _MAX_LINE else line.text[:40]
        found = list(readings(text, latest))
        if found:
            factor = 0.6 if text.startswith("Stand") else 0.3 if _CHANGED.search(text) else 1.0
            for value in dict.fromkeys(found[:2]):
                yield Vote(value[:10], value[:10], "line by the headline", weight * factor / len(found[:2]))
            weight = max(0.2, weight - 0.5)


def further(tree: Element, layout: Layout, latest: datetime) -> Iterator[Vote]:
    """Votes of places further off, the better first: hAtom's, the page's own data, lines that are marked as dates."""
    for element in tree.iter("abbr", "span", "time"):
        if _PUBLISHED.search(element.get("class") or "") and not layout.is_remote(element):
            yield from said(
                [Fact(element.get("title") or element.get("datetime") or "", "hAtom's published")], 0.5, latest
            )
    for script in tree.iter("script"):
        match = _MEMBER.search((script.text or "")[:_MAX_SCRIPT])
        if match:
            yield from said([Fact(match[2], f"script, {match[1]}")], 0.4, latest)
    for line in layout.lines:
        if len(line.text) <= _MAX_LINE and _is_dated(line) and not layout.is_remote(line.block):
            value = read(line.text, latest)
            if value:
                yield Vote(value[:10], value[:10], "line that is marked as a date", 0.3)
                return
    yield from _only(layout, latest)


def _only(layout: Layout, latest: datetime) -> Iterator[Vote]:
    """The one day that any line of the page begins with."""
    opening = (line for line in layout.lines if _OPENING.match(line.text) and not layout.is_remote(line.block))
    days = {read(line.text[:40], latest)[:10] for line in opening if not _CHANGED.search(line.text[:_MAX_LINE])} - {""}
    if len(days) == 1:
        yield Vote(min(days), min(days), "line that begins with a date", 0.2)


def _is_dated(line: Line) -> bool:
    if _CHANGED.search(line.text):
        return False
    label = f"{line.block.get('class') or ''} {line.block.get('id') or ''} {line.block.get('itemprop') or ''}"
    return bool(_MARK.search(label.lower()) or _SAYS.search(line.text))


def guessed(tree: Element, latest: datetime) -> Fact[str] | None:
    """What htmldate (trafilatura's part for dates) takes for the date of a page that says none: mostly wrong.

    The first of January is what it says of a year alone.
    """
    # The thorough search takes ten times as long, and finds a day on nearly every page.
    return _guess(tree, latest, is_thorough=False) or _guess(tree, latest, is_thorough=True)


def _guess(tree: Element, latest: datetime, *, is_thorough: bool) -> Fact[str] | None:
    from htmldate import find_date

    latest_day = latest.date().isoformat()
    try:
        day = find_date(copy(tree), original_date=True, extensive_search=is_thorough, max_date=latest_day) or ""
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None
    return Fact(day, GUESSED, is_guess=True) if day and not day.endswith("-01-01") else None


def in_address(address: str, latest: datetime) -> Iterator[Vote]:
    """The day in addresses such as `/2023/12/28/title`."""
    match = re.search(r"[/-]((?:19|20)\d\d)[/-](\d\d?)[/-](\d\d?)(?=[/\-_.]|\Z)", address)
    day = _valid(int(match[1]), int(match[2]), int(match[3]), latest) if match else None
    if day:
        yield Vote(day, day, "the address", 0.5)


def read(text: str, latest: datetime) -> str:
    """One date of metadata, as in `Draft.published`; empty where it is none."""
    return next(readings(text, latest), "")


def readings(text: str, latest: datetime) -> Iterator[str]:
    """Each date in a text, in order of the notations; one that can be read in two ways gives both."""
    text = text[:_MAX_LINE].strip()
    for match in _ISO.finditer(text):
        yield from _instant(match, latest)
    if re.match(r"[A-Z][a-z]{2},? \d{1,2} [A-Z][a-z]{2} \d{4} \d", text):
        yield from _of_mail(text, latest)
        return
    for pattern in (_DAY_FIRST, _MONTH_FIRST):
        for match in pattern.finditer(text):
            month = next(n for n in range(1, 13) if match[f"m{n}"])
            yield from _days((int(match["year"]), month, int(match["day"])), latest=latest)
    for match in _NUMBERS.finditer(text):
        a, b, year = int(match["a"]), int(match["b"]), int(match["year"])
        year += 2000 if year < 100 else 0
        readings_ = ((year, b, a),) if match["sign"] == "." else ((year, b, a), (year, a, b))
        yield from dict.fromkeys(_days(*readings_, latest=latest))
    for match in _CHINESE.finditer(text):
        yield from _days((int(match["year"]), int(match["a"]), int(match["b"])), latest=latest)
    compact = _COMPACT.fullmatch(text)
    if compact:
        yield from _days((int(compact["year"]), int(compact["month"]), int(compact["day"])), latest=latest)


def _instant(match: re.Match[str], latest: datetime) -> Iterator[str]:
    day = match["day"]
    for valid in _days(tuple(map(int, day.split("-"))), latest=latest):
        zone = match["zone"] or ""
        if not match["time"] or not zone:
            yield valid
            continue
        offset = zone if zone == "Z" or ":" in zone else f"{zone[:3]}:{zone[3:]}"
        time = match["time"] if match["time"].count(":") == 2 else f"{match['time']}:00"
        try:
            yield (
                datetime.fromisoformat(f"{day}T{time}{offset}")
                .isoformat()
                .replace("+00:00", "Z" if zone == "Z" else "+00:00")
            )
        except ValueError:
            yield valid


def _of_mail(text: str, latest: datetime) -> Iterator[str]:
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return
    if _valid(at.year, at.month, at.day, latest):
        yield at.isoformat() if at.tzinfo else at.date().isoformat()


def _days(*parts: tuple[int, ...], latest: datetime) -> Iterator[str]:
    for year, month, day in parts:
        valid = _valid(year, month, day, latest)
        if valid:
            yield valid


def _valid(year: int, month: int, day: int, latest: datetime) -> str:
    try:
        found = date(year, month, day)
    except ValueError:
        return ""
    return found.isoformat() if _FIRST <= found <= latest.date() + timedelta(days=2) else ""
