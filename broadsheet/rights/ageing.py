"""What the passing of days changes: nothing but the age of evidence (`licensing.check_evidence`).

No other rule looks at `Policy.day`, and none at a clock, so between two days of this module the gate clears the same
articles with the same terms. The words of the finding on old evidence alone go on counting its days.
"""

from __future__ import annotations

import hashlib
from datetime import date

import msgspec

from broadsheet.register import Publisher
from broadsheet.rights.case import Policy


def next_change(policy: Policy) -> date | None:
    """The first day after the policy's on which evidence that is young enough now is too old; None where none is."""
    turning = [_first_day_too_old(publisher, policy) for publisher in policy.register.publishers.values()]
    coming = [day for day in turning if day is not None and policy.day.toordinal() < day <= date.max.toordinal()]
    return date.fromordinal(min(coming)) if coming else None


def era(policy: Policy) -> str:
    """A SHA-256 in hexadecimal that two policies share where they clear alike: the day counts by what it makes too old.

    It is the same in every process and version of Python. What the program itself does is not in it. Entries of the
    register count in their order: where several match, the gate names the first.
    """
    parts = (policy.register, policy.rights, policy.own_licence, too_old(policy))
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


def too_old(policy: Policy) -> list[str]:
    """The publishers whose terms were read too long ago for a reprint, by their ids in the register's order."""
    today = policy.day.toordinal()
    days = {key: _first_day_too_old(publisher, policy) for key, publisher in policy.register.publishers.items()}
    return [key for key, day in days.items() if day is not None and day <= today]


def _first_day_too_old(publisher: Publisher, policy: Policy) -> int | None:
    """Its ordinal, for it may be a day beyond the calendar's end; None where any age will do."""
    allowed = policy.rights.evidence_days
    return None if allowed is None else publisher.last_read.toordinal() + allowed + 1
