"""A build that is killed, at a write, a rename, a commit or any time: every file is whole, the next build mends."""

from __future__ import annotations

import signal
import subprocess
import time
from collections import Counter

import pytest

from tests import building
from tests.faults import harness
from tests.faults.harness import Journey

KILLS = harness.number("KILLS", 40)


@pytest.mark.skipif(not harness.has_strace(), reason="there is no strace")
def test_killed_at_a_call_of_the_system(going: Journey, capsys: pytest.CaptureFixture[str]) -> None:
    """Any call that changes something on disk, within the output, the cache and beside."""
    counts: Counter[str] = Counter()
    for _ in range(KILLS // 2):
        to = going.elsewhere()
        writing = [call for call in going.traced(to) if call.is_writing]
        name = going.random.choice(sorted({call.name for call in writing}))
        call = going.random.choice([call for call in writing if call.name == name])
        going.edit(to)
        outcome = harness.inject(call, "signal=SIGKILL", going.arguments())
        _count(counts, going, to, outcome.code, name)
        assert going.whole(to) == [], call
        going.recover(to)
    with capsys.disabled():
        print(f"\nkilled at calls: {dict(sorted(counts.items()))}")
    assert counts["killed"] > KILLS // 2 * 0.8


def test_killed_at_any_time(going: Journey, capsys: pytest.CaptureFixture[str]) -> None:
    """The main process alone is killed, with one worker or two; workers end by themselves, and write nothing more."""
    counts: Counter[str] = Counter()
    seconds = [_seconds(going, workers) for workers in (1, 2)]
    for n in range(KILLS - KILLS // 2):
        to = going.elsewhere()
        going.edit(to)
        killed = harness.start(going.arguments(), 1 + n % 2)
        if n % 4 == 3:
            _await_workers(killed)
            time.sleep(going.random.uniform(0, 0.1))
        else:
            time.sleep(seconds[n % 2] * going.random.uniform(0.3, 1.05))  # before that Python starts
        counts["others were at work"] += len(building.processes_of(killed.pid)) > 1
        killed.send_signal(signal.SIGKILL)
        killed.communicate(timeout=harness.WITHIN)
        _count(counts, going, to, killed.returncode, f"{1 + n % 2} workers")
        assert going.whole(to) == []
        going.recover(to)
        assert building.gone_within(killed.pid, 10), "workers live on"
        assert building.differences(going.tree(), going.trees[to]) == []
    with capsys.disabled():
        print(f"\nkilled at times: {dict(sorted(counts.items()))}")
    assert counts["killed"] > 0
    assert counts["others were at work"] > 0


def _await_workers(build: subprocess.Popen[str]) -> None:
    """Wait until there are workers; an edit of little has none, and the build ends."""
    while build.poll() is None and len(building.processes_of(build.pid)) < 2:
        time.sleep(0.001)


def _count(counts: Counter[str], going: Journey, to: int, code: int, what: str) -> None:
    """Whether the kill hit, at what, and what it found."""
    tree = going.tree()
    stage = "as before" if tree == going.trees[going.at] else "as after" if tree == going.trees[to] else "in between"
    counts["killed" if code == -signal.SIGKILL else "ran through"] += 1
    counts[f"{what}"] += 1
    counts[stage] += 1


def _seconds(going: Journey, workers: int) -> float:
    """What a build takes that changes many pages."""
    to = going.elsewhere()
    going.edit(to)
    started = time.monotonic()
    harness.start(going.arguments(), workers).communicate()
    seconds = time.monotonic() - started
    going.recover(to)
    return seconds
