"""What rights cost: the gate's share of a cold build, and the audit beside the build, in one run on one machine.

    python benchmarks/rights.py [N]        10,000 articles unless told

Ratios are what counts: the seconds are this machine's, of this hour.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import corpus
from broadsheet.audit.audit import audit
from broadsheet.build import engine


def main(arguments: list[str]) -> int:
    """Write a corpus, build it cold, audit it, print what each took."""
    number = int(arguments[0]) if arguments else 10_000
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        corpus.write(number, site)
        gate = Timed(engine.clear)
        engine.clear = gate  # type: ignore[assignment]
        options = engine.Options(
            source=site, config=site / "config.yaml", output=site / "public", now=datetime.now(UTC)
        )
        build = Timed(engine.build)
        report = build(options, lambda *_: None)
        if report.published is None:
            print("\n".join(map(str, report.problems[:5])))
            return 1
        check = Timed(audit)
        found = check(site / "public", site, None, lambda *_: None)
    print(f"{number} articles, {report.published.files} files, {len(found.problems)} problems found by the audit")
    print(f"cold build {build.seconds:8.2f} s")
    print(f"the gate   {gate.seconds:8.2f} s   {gate.seconds / build.seconds:6.1%} of the build")
    print(f"the audit  {check.seconds:8.2f} s   {check.seconds / build.seconds:6.2f} times the build")
    return 0


class Timed:
    """A function that adds up how long its calls take."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self.seconds = 0.0

    def __call__(self, *arguments: Any) -> Any:
        """Call it."""
        started = time.perf_counter()
        try:
            return self._function(*arguments)
        finally:
            self.seconds += time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
