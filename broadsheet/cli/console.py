"""What every verb does with a terminal: exit codes, problems, progress, the clock."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from broadsheet.problem import FORMATS, Problem

DONE, PROBLEMS, USAGE, LEFT_OUT, INTERRUPTED = 0, 1, 2, 3, 130


def now(given: datetime | None) -> datetime:
    """`--now`, else SOURCE_DATE_EPOCH (https://reproducible-builds.org/specs/source-date-epoch/), else the clock."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if given is None and epoch.isdecimal() and len(epoch) < 12:
        return datetime.fromtimestamp(int(epoch), UTC)
    return given or datetime.now(UTC)


def output(args: argparse.Namespace) -> Path:
    """The output folder."""
    output: Path = args.output or args.source / "public"
    return output


def refuse(message: str) -> int:
    """Say why nothing is done; the exit code."""
    print(message, file=sys.stderr)
    return USAGE


def print_problems(problems: Sequence[Problem], form: str) -> None:
    """Problems in text to standard error, for machines to standard output."""
    if problems or form == "json":
        print(FORMATS[form](problems), file=sys.stdout if form != "text" else sys.stderr)


def print_json(data: object) -> None:
    """Data for machines."""
    import json

    print(json.dumps(data, indent=2))


def plural(number: int, noun: str) -> str:
    """`article` or `articles`."""
    return noun if number == 1 else f"{noun}s"


class Meter:
    """Progress on a terminal; nothing on a pipe. Redrawn at most ten times a second."""

    def __init__(self, is_shown: bool) -> None:
        self._is_shown = is_shown
        self._drawn = 0.0

    def show(self, stage: str, done: int, total: int) -> None:
        """A stage's state."""
        if self._is_shown and (done == total or time.monotonic() - self._drawn > 0.1):
            self._drawn = time.monotonic()
            print(f"\r\x1b[K{stage} {done} of {total}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Leave the line empty."""
        if self._is_shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
