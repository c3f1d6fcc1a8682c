"""What a command costs, on what machine, and how that is written down. For Linux and macOS; memory for Linux only."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

_BECOME_SUBREAPER = 36
"""PR_SET_CHILD_SUBREAPER of prctl(2)."""
_ORPHANS_END = 10.0
"""Seconds that what a command leaves running is waited for."""
_SHORTEST_PAUSE = 0.02
"""Seconds between two looks at the memory."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one run of a command."""

    wall: float
    """Seconds until the command itself ended."""
    cpu: float
    """User and system seconds of all its processes, also of those that outlived it."""
    peak: float | None = None
    """Megabytes: the largest sum of proportional set sizes over its processes. None where nobody looked."""


class FailedError(Exception):
    """A command failed. The text is the end of what it printed."""


def run(command: Sequence[str | Path], folder: Path, *, with_memory: bool = False) -> Cost:
    """The cost of a command in a folder. Raises FailedError where its exit code is not 0."""
    adopt_orphans()
    # Without its compiled modules a Python program pays for their making at each start.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = spent()
    with tempfile.TemporaryFile() as log, watched() if with_memory else contextlib.nullcontext(lambda: None) as peak:
        started = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - what is measured is given by whoever measures
            [str(part) for part in command],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        code = process.wait()
        wall = time.perf_counter() - started
        most = peak()
        await_orphans()
        if code:
            log.seek(0)
            raise FailedError(
                f"{Path(command[0]).name} ended with {code}:\n{log.read().decode(errors='replace')[-2000:]}"
            )
    return Cost(wall, spent() - before, most)


def adopt_orphans() -> None:
    """Become the parent of what a command leaves running, so that its processor time counts."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_BECOME_SUBREAPER, 1, 0, 0, 0)


def await_orphans() -> None:
    """Wait until no child is left, or for as long as is bearable."""
    until = time.monotonic() + _ORPHANS_END
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < until:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.005)


def spent() -> float:
    """Processor seconds of the children that have ended, and of theirs."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


@contextlib.contextmanager
def watched() -> Iterator[Callable[[], float | None]]:
    """While it lasts, looks at the memory of all descendants of this process; gives what says the peak so far."""
    peak, over = [0.0], threading.Event()

    def look() -> None:
        pause = 0.0
        while not over.wait(pause):
            started = time.perf_counter()
            peak[0] = max(peak[0], sum(map(proportional, descendants())))
            # Looking at large processes takes the kernel long: at most a tenth of a core goes into it.
            pause = max(_SHORTEST_PAUSE, 9 * (time.perf_counter() - started))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield lambda: peak[0] or None
    finally:
        over.set()
        watcher.join()


def descendants() -> list[int]:
    """The processes below this one (proc(5): `/proc/PID/task/TID/children`)."""
    found: list[int] = []
    waiting = [os.getpid()]
    while waiting:
        for file in Path(f"/proc/{waiting.pop()}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                below = [int(word) for word in file.read_text().split()]
                found += below
                waiting += below
    return found


def proportional(process: int) -> float:
    """Its proportional set size in megabytes, which counts what processes share once; 0 where it is gone."""
    with contextlib.suppress(OSError):
        found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE)
        return int(found[1]) / 1024 if found else 0.0
    return 0.0


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the ratios of runs that followed each other."""
    return statistics.median(a / max(b, 1e-9) for a, b in zip(ours, theirs, strict=True))


def figure(number: float | None) -> str:
    """Three digits that count; a dash for what was not measured."""
    if number is None:
        return "–"
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:#.3g}" if number >= 1e-4 else "0"


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Markdown; all columns but the first to the right."""
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def told(command: str, runs: int) -> str:
    """The line above the tables: how they came about, when and where."""
    medians = f"medians of {runs} runs in turn" if runs > 1 else "one run"
    today = date.today()  # noqa: DTZ011 - the day where the machine stands
    return f"`{command}`, {today.day} {today:%B %Y}, {medians}; {machine()}."


def machine() -> str:
    """Its kind: cores, processor, memory, system, Python."""
    parts = [
        f"{os.cpu_count()} cores",
        processor(),
        f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') >> 30} GB",
    ]
    return ", ".join([*parts, platform.system(), f"Python {platform.python_version()}"])


def processor() -> str:
    """Its model."""
    with contextlib.suppress(OSError):
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
        if found:
            return found[1]
    return platform.processor() or platform.machine()


def put(text: str, name: str, document: str) -> str:
    """A document with the text between the marks of that name. Raises ValueError where it has no such marks."""
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    before, found, rest = document.partition(begin)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise ValueError(f"no place for {name}: the document lacks {begin} … {end}")
    return f"{before}{begin}\n\n{text}\n\n{end}{after}"


def publish(text: str, name: str, document: Path | None) -> None:
    """Print the text and, where a document is named, put it there."""
    print(text)
    if document is not None:
        document.write_text(put(text, name, document.read_text(encoding="utf-8")), encoding="utf-8")
