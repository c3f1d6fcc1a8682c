"""What the passing of days changes in the gate, and what it does not."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from broadsheet.config import Rights
from broadsheet.model import Article, Body, FrontMatter, Kind, Origin, Retrieved
from broadsheet.register import Certainty, Evidence, Publisher, Terms, packaged
from broadsheet.rights import Cleared, Policy, clear, era, next_change

TODAY = date(2026, 11, 22)
MOMENT = datetime(2024, 3, 1, tzinfo=UTC)
TERMS = Terms(licence="CC-BY-4.0", kinds=(Kind.FULL, Kind.EXCERPT))


def policy(reads: list[list[date]], allowed: int | None, day: date = TODAY) -> Policy:
    """A policy with publishers `p0`, `p1` …, the terms of each read on these days."""
    publishers = {
        f"p{n}": Publisher(
            name=f"Paper {n}",
            terms=(TERMS,),
            evidence=tuple(
                Evidence(certainty=Certainty.READ, read=datetime(day.year, day.month, day.day, tzinfo=UTC))
                for day in days
            ),
        )
        for n, days in enumerate(reads)
    }
    register = replace(packaged(), publishers=publishers)
    return Policy(register, Rights(evidence_days=allowed), day, "LicenseRef-Own")


def reprint(publisher: str) -> Article:
    """An article that nothing is wrong with but, perhaps, the age of the evidence for its terms."""
    origin = Origin(publisher=publisher, url="https://paper.example/a", authors=("Ada",), published=MOMENT)
    retrieved = Retrieved(from_="https://paper.example/a", at=MOMENT, words=1, sha256="0" * 64)
    matter = FrontMatter(title="A", date=MOMENT, kind=Kind.FULL, origin=origin, retrieved=retrieved)
    return Article("content/a.md", "a", matter, Body.empty(1))


def verdicts(judging: Policy) -> list[object]:
    """What is cleared, in full, or the rules against it: the words of the finding on old evidence count its days."""
    results = [clear(reprint(key), judging) for key in judging.register.publishers]
    return [result if isinstance(result, Cleared) else [(f.rule, f.at) for f in result] for result in results]


@pytest.mark.parametrize(
    ("reads", "allowed", "expected"),
    [
        ([[date(2026, 11, 1)]], None, None),
        ([[date(2026, 11, 1)]], 30, date(2026, 12, 2)),
        ([[date(2026, 11, 1), date(2026, 11, 20)]], 30, date(2026, 12, 21)),
        ([[date(2026, 11, 20)], [date(2026, 11, 1)]], 30, date(2026, 12, 2)),
        ([[date(2025, 1, 1)], [date(2026, 11, 20)]], 30, date(2026, 12, 21)),
        ([[date(2025, 1, 1)], []], 30, None),
        ([[date(2026, 10, 23)]], 30, date(2026, 11, 23)),
        ([[date(2026, 11, 1)]], 10**9, None),
    ],
    ids=["any age", "one", "newest counts", "first to turn", "one is old", "all are old", "tomorrow", "never"],
)
def test_the_next_change(reads: list[list[date]], allowed: int | None, expected: date | None) -> None:
    """The day on which evidence that is young enough now is too old."""
    assert next_change(policy(reads, allowed)) == expected


READS = st.lists(st.lists(st.dates(date(2026, 6, 1), date(2027, 2, 1)), max_size=2), min_size=1, max_size=4)


@given(READS, st.none() | st.integers(0, 200), st.integers(0, 400))
def test_nothing_changes_before_the_next_change(reads: list[list[date]], allowed: int | None, later: int) -> None:
    """Until then the gate clears the same articles and finds the same against the others; on that day it does not."""
    today = policy(reads, allowed)
    turn = next_change(today)
    then = replace(today, day=TODAY + timedelta(days=later))
    if turn is None or then.day < turn:
        assert verdicts(then) == verdicts(today)
        assert era(then) == era(today)
    if turn is not None:
        turned = replace(today, day=turn)
        assert verdicts(turned) != verdicts(today)
        assert era(turned) != era(today)


def test_an_era_is_of_what_the_gate_judges_by() -> None:
    """Other rights, another licence, another register or another order of its publishers: another era."""
    reads = [[date(2026, 11, 1)], [date(2026, 10, 1)]]
    one = policy(reads, 90)
    entries = one.register.publishers
    others = [
        replace(one, rights=replace(one.rights, commercial=True)),
        replace(one, own_licence="CC-BY-4.0"),
        replace(one, register=replace(one.register, agencies={})),
        replace(one, register=replace(one.register, publishers=dict(reversed(entries.items())))),
        policy([[date(2026, 11, 2)], reads[1]], 90),
    ]
    assert era(policy(reads, 90)) == era(one)
    assert len({era(one), *map(era, others)}) == 1 + len(others)


def test_an_era_is_the_same_in_every_process() -> None:
    """It names what a cache holds, so it depends on no seed of hashes."""
    said = (
        "from datetime import date; from broadsheet.config import Rights; from broadsheet.register import packaged; "
        "from broadsheet.rights import Policy, era; "
        "print(era(Policy(packaged(), Rights(evidence_days=9), date(2027, 1, 1), 'CC-BY-4.0')))"
    )
    eras = {
        subprocess.run(
            [sys.executable, "-c", said], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in "12"
    }
    assert len(eras) == 1
