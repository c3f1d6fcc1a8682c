"""Dates as newspapers print them -> ISO 8601. One without its year, or that can be read in two ways, is none."""

from __future__ import annotations

import re
from datetime import date
from email.utils import parsedate_to_datetime

_LONGEST = 120
"""Characters of a line that is a date."""
_MONTHS = (
    "january jan januar janvier janv enero ene gennaio januari janeiro jänner",
    "february feb februar février févr fevrier febrero febbraio februari fevereiro",
    "march mar märz mrz mars marzo maart março",
    "april apr avril avr abril abr aprile",
    "may mai mayo maggio mei maio",
    "june jun juni juin junio giugno junho",
    "july jul juli juillet juil julio luglio julho",
    "august aug août aout agosto ago augustus",
    "september sept sep septembre septiembre settembre setembro",
    "october oct oktober okt octobre octubre ottobre outubro",
    "november nov novembre noviembre novembro",
    "december dec dezember dez décembre déc diciembre dic dicembre dezembro",
)
MONTH_OF = {name: n for n, names in enumerate(_MONTHS, 1) for name in names.split()}
_MONTH = "|".join(sorted(MONTH_OF, key=len, reverse=True))
DATE = re.compile(
    r"(?<!\d)(?P<iso>\d{4}-\d{2}-\d{2})"
    r"(?P<time>[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d{1,9})? ?(?:Z|[+-]\d{2}:?\d{2}))?(?!\d)|"
    rf"\b(?P<m1>{_MONTH})\.? (?P<d1>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y1>(?:19|20)\d\d)\b|"
    rf"\b(?P<d2>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)? (?:de |of )?(?P<m2>{_MONTH})\.?,?"
    r"(?: del? )? ?(?P<y2>(?:19|20)\d\d)\b|"
    r"(?<![\d.])(?P<d3>\d{1,2})\. ?(?P<m3>\d{1,2})\. ?(?P<y3>(?:19|20)\d\d)\b|"
    r"(?<![\d/])(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<y4>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_MAIL_DATE = re.compile(r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}(?::\d{2})? [+-]\d{4}\b")
UPDATED = re.compile(
    r"\b(?:(?:last )?(?:updated|modified|revised)|aktualisiert|stand|mis à jour|actualizado)\b", re.IGNORECASE
)
PUBLISHED = re.compile(
    r"\b(?:(?:first )?(?:published|posted|issued|released)|dated?|veröffentlicht|erschienen|publiée?|publicado)\b",
    re.IGNORECASE,
)
_ROUND_DATE = re.compile(
    r"(?:first|last|published|posted|issued|released|updated|modified|revised|originally|date|dated|on|at|the|"
    r"veröffentlicht|erschienen|aktualisiert|stand|datum|am|um|vom|uhr|publiée?|mise?|et|and|jour|le|à|el|la|las|publicado|actualizado|"
    r"mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?|"
    r"montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|"
    r"lunes|martes|miércoles|jueves|viernes|sábado|domingo|a\.?m|p\.?m|[ecmp][sd]?t|gmt|utc|bst|cet|cest|h|"
    r"\d{1,2}(?:[:.h]\d{2}){0,2}(?:[ap]m)?)",
    re.IGNORECASE,
)


def dated(text: str) -> str | None:
    """The first date in a text, as ISO 8601; one that can be read in two ways is none."""
    if match := _MAIL_DATE.search(text):
        try:
            return parsedate_to_datetime(match.group()).isoformat()
        except ValueError:
            return None
    return _iso(match) if (match := DATE.search(text)) else None


def _iso(match: re.Match[str]) -> str | None:
    if match["iso"]:
        year, month, day = map(int, match["iso"].split("-"))
    elif match["y4"]:
        year, month, day = int(match["y4"]), int(match["a"]), int(match["b"])
        if month > _MONTHS_IN_YEAR:
            month, day = day, month
        elif day <= _MONTHS_IN_YEAR and day != month:
            return None  # 3/4/2023: in March, or in April
    else:
        n = next(n for n in "123" if match[f"y{n}"])
        year, day = int(match[f"y{n}"]), int(match[f"d{n}"])
        month = int(match["m3"]) if n == "3" else MONTH_OF[match[f"m{n}"].lower()]
    try:
        known = date(year, month, day).isoformat()
    except ValueError:
        return None
    time = (match["time"] or "").strip().lstrip("T").replace(" ", "")
    return f"{known}T{time.upper()}" if time else known


_MONTHS_IN_YEAR = 12


def is_date_line(text: str) -> bool:
    """Whether a line is a date and no more: what remains without it are labels, days of the week and times."""
    if len(text) > _LONGEST or not (DATE.search(text) or _MAIL_DATE.search(text)):
        return False
    rest = DATE.sub(" ", _MAIL_DATE.sub(" ", text))
    return all(map(is_label, re.split(r"[\s:/]+", rest)))


def is_label(word: str) -> bool:
    """Whether a word stands beside a date only: `published`, `Thursday`, `9:15`, `Uhr`, `|`."""
    word = word.strip(",:;|•·()/–—-.")
    return not word or _ROUND_DATE.fullmatch(word) is not None
