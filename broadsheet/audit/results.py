"""What has been learnt of outside links, and kept for the next run.

A link is called dead only where that is certain. 404 and 410, as the answer to GET, are certain at once. A host without
an address, one that takes no connection, and 5xx are certain when two runs at least a day apart find them, with nothing
better in between. All else is undecided: 403 and 429 are what programs get, 503 passes, a certificate may be unknown to
this system only, a login redirects on and on, and some hosts connect and then say nothing to whatever is no browser
(https://github.com/lightgbm-org/LightGBM/issues/3529).
"""

from __future__ import annotations

import enum
import http
import json
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import Struct

from broadsheet import url, whole
from broadsheet.audit.asking import Answer, Fault

ARCHIVE = "https://web.archive.org/web/"

_SLACK = timedelta(hours=4)  # a daily or weekly job does not begin on the second
_A_DAY = timedelta(days=1) - _SLACK
_A_WEEK = timedelta(days=7) - _SLACK
_FORMAT = 1
_MAX_KEPT = 50_000
_MAX_BYTES = 64_000_000


class Verdict(enum.Enum):
    """What an answer says of a link."""

    WELL = enum.auto()
    GONE = enum.auto()
    FAILING = enum.auto()
    """Dead, if it stays so."""
    UNDECIDED = enum.auto()


class Result(Struct, frozen=True):
    """What is known of an address."""

    found: int | Fault
    """As in `Answer`."""
    checked: datetime
    first_failed: datetime | None = None
    """Since when it has been gone or failing, without anything better in between."""
    moved: str = ""
    archive: str = ""

    @property
    def verdict(self) -> Verdict:
        """What that means."""
        return _verdict(self.found)

    @property
    def is_dead(self) -> bool:
        """Whether it is certain that nothing is there."""
        has_failed_twice = self.first_failed is not None and self.checked - self.first_failed >= _A_DAY
        return self.verdict is Verdict.GONE or (self.verdict is Verdict.FAILING and has_failed_twice)

    def is_due(self, now: datetime) -> bool:
        """Whether it is time to ask again."""
        age = now - self.checked
        return not timedelta(0) <= age < (_A_WEEK if self.verdict is Verdict.WELL else _A_DAY)

    @property
    def is_undecided(self) -> bool:
        """Whether nothing is certain yet."""
        return self.verdict in (Verdict.UNDECIDED, Verdict.FAILING) and not self.is_dead

    @property
    def reason(self) -> str:
        """What was found, in words that follow an address and a colon."""
        if isinstance(self.found, Fault):
            return self.found.value
        try:
            return f"its host answers {self.found} {http.HTTPStatus(self.found).phrase}"
        except ValueError:
            return f"its host answers {self.found}"


def judged(answer: Answer, before: Result | None, now: datetime) -> Result:
    """What is known of an address after an answer."""
    verdict = _verdict(answer.found)
    if verdict in (Verdict.GONE, Verdict.FAILING):
        since = before.first_failed if before and before.first_failed else now
        return Result(answer.found, now, since, archive=before.archive if before else "")
    return Result(answer.found, now, moved=answer.moved if verdict is Verdict.WELL else "")


def _verdict(found: int | Fault) -> Verdict:
    if isinstance(found, Fault):
        return Verdict.FAILING if found in (Fault.NO_HOST, Fault.UNREACHABLE) else Verdict.UNDECIDED
    if 200 <= found < 300:
        return Verdict.WELL
    if found in (http.HTTPStatus.NOT_FOUND, http.HTTPStatus.GONE):
        return Verdict.GONE
    passing = (http.HTTPStatus.SERVICE_UNAVAILABLE, http.HTTPStatus.NETWORK_AUTHENTICATION_REQUIRED)
    return Verdict.FAILING if 500 <= found < 600 and found not in passing else Verdict.UNDECIDED


class Kept(Struct):
    """The results while they are worked on."""

    results: dict[str, Result]
    is_written: bool = False


@contextmanager
def keeping(store: Path, wanted: Container[str]) -> Iterator[Kept]:
    """The results of wanted addresses, written back however the work on them ends."""
    kept = Kept({address: result for address, result in _read(store).items() if address in wanted})
    try:
        yield kept
    finally:
        kept.is_written = _write(store, kept.results)


def _read(store: Path) -> dict[str, Result]:
    """What the store holds. What cannot be read, or is none of ours, is as if it were not there."""
    try:
        if store.stat().st_size > _MAX_BYTES:
            return {}
        data = json.loads(store.read_bytes())
        entries = data["links"].items() if data["format"] == _FORMAT else ()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
    results = {}
    for address, entry in entries:
        with suppress(ValueError, KeyError, TypeError, OverflowError):
            results[address] = _read_result(entry)
    return results


def _read_result(entry: Any) -> Result:  # noqa: ANN401 -- it is anything until it has been looked at
    """Raises ValueError, KeyError, TypeError or OverflowError where an entry is none of ours."""
    found = entry["found"]
    failed = entry["first_failed"]
    result = Result(
        found if isinstance(found, int) else Fault[found],
        _moment(entry["checked"]),
        None if failed is None else _moment(failed),
        entry["moved"],
        entry["archive"],
    )
    if result.moved and not url.is_web_address(result.moved):
        raise ValueError
    if result.archive and not (url.is_web_address(result.archive) and result.archive.startswith(ARCHIVE)):
        raise ValueError
    return result


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError
    return moment.astimezone(UTC)


def _write(store: Path, results: Mapping[str, Result]) -> bool:
    """Write the newest results in place of the store; whether that could be done."""
    newest = sorted(results, key=lambda address: results[address].checked, reverse=True)[:_MAX_KEPT]
    links = {address: _entry(results[address]) for address in sorted(newest)}
    text = json.dumps({"format": _FORMAT, "links": links}, ensure_ascii=False, indent=1)
    return whole.write(store, text.encode())


def _entry(result: Result) -> dict[str, object]:
    return {
        "found": result.found.name if isinstance(result.found, Fault) else result.found,
        "checked": result.checked.isoformat(),
        "first_failed": result.first_failed.isoformat() if result.first_failed else None,
        "moved": result.moved,
        "archive": result.archive,
    }
