"""A date as feeds write it -> ISO 8601, with the offset that was written and never one that was not.

RFC 822, section 5, as RFC 5322, sections 3.3 and 4.3, reads it today; RFC 3339; https://www.w3.org/TR/NOTE-datetime;
and what else is written where these should be.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_ZONES = {"z": 0, "ut": 0, "utc": 0, "gmt": 0, "cet": 1, "cest": 2} | {
    f"{zone}{kind}t": offset + (kind == "d")
    for zone, offset in zip("ecmp", range(-5, -9, -1), strict=True)
    for kind in "sd"
}
"""Hours. RFC 822's own, which mean the United States', and two of which there is only one; others mean several."""
_TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d{1,9})?)?"
_ZONE = r"(?P<zone>(?:GMT|UTC?)?[+\-]\d\d(?::?\d\d)?|[A-Za-z]{1,5})"
_DAY = r"(?:[A-Za-z]{2,9},?\s+)?"
_CLOCK = rf"(?:,?\s+{_TIME}\s*{_ZONE}?)?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE | re.ASCII)
    for form in (
        rf"(?P<year>\d{{4}})-?(?P<month>\d\d)-?(?P<day>\d\d)(?:(?:T|\s+){_TIME}\s*{_ZONE}?)?",
        rf"{_DAY}(?P<day>\d{{1,2}})[\s\-.]+(?P<month>[a-z]{{3}})[a-z]{{0,6}}[,.\-\s]+(?P<year>\d{{4}}|\d\d){_CLOCK}",
        rf"{_DAY}(?P<month>[a-z]{{3}})[a-z]{{0,6}}\.?\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}}){_CLOCK}",
        rf"{_DAY}(?P<month>[a-z]{{3}})\s+(?P<day>\d{{1,2}})\s+{_TIME}\s+(?:{_ZONE}\s+)?(?P<year>\d{{4}})",
    )
)


def written(text: str) -> tuple[str, str]:
    """The day, or the instant with its offset; then for people what was left of it, or why nothing is.

    `Tue, 02 Jan 2024 09:30:00 +0100` is `2024-01-02T09:30:00+01:00`; without an offset only the day is known.
    """
    text = " ".join(text[:100].split())
    match = next((match for form in _FORMS if (match := form.fullmatch(text))), None)
    if match is None:
        return "", f"the date '{text[:60]}' is not understood"
    try:
        moment = datetime(_year(match["year"]), _month(match["month"]), int(match["day"]), tzinfo=UTC)
        day = moment.date().isoformat()
        if match["hour"] is None:
            return day, ""
        second = min(int(match["second"] or 0), 59)  # a leap second
        zone = _zone(match["zone"] or "")
        moment = moment.replace(hour=int(match["hour"]), minute=int(match["minute"]), second=second)
    except ValueError:
        return "", f"there is no such date as '{text[:60]}'"
    if zone is None:
        return day, f"the time of '{text[:60]}' has no offset that is known, so only its day is taken"
    return moment.replace(tzinfo=zone).isoformat(), ""


def instant(value: str) -> datetime:
    """The moment of what `written` makes, to compare with others; a day counts from its beginning in UTC."""
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def end(value: str) -> datetime:
    """The last moment that it may mean."""
    return instant(value) + (timedelta(days=1) if len(value) == len("2024-01-02") else timedelta())


def _year(digits: str) -> int:
    """RFC 5322, section 4.3: two digits are of this century up to 49."""
    year = int(digits) if len(digits) == 4 else int(digits) + (2000 if int(digits) < 50 else 1900)
    if not 1000 <= year < 9999:  # or an offset leads out of the calendar
        raise ValueError
    return year


def _month(name: str) -> int:
    return int(name) if name.isdecimal() else _MONTHS.index(name.lower()) + 1


def _zone(name: str) -> timezone | None:
    digits = re.search(r"([+\-])(\d\d):?(\d\d)?", name)
    if digits:
        away = timedelta(hours=int(digits[2]), minutes=int(digits[3] or 0))
        return timezone(away if digits[1] == "+" else -away)
    hours = _ZONES.get(name.lower())
    return None if hours is None else timezone(timedelta(hours=hours))
