"""What a preview shows: a record a build, and the board where the newest hangs for all who wait for it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, field

from broadsheet.problem import Problem


class State(Struct, frozen=True, kw_only=True):
    """What there is to be seen after a build."""

    output: Path
    number: int = 0
    """Of the build: milliseconds since 1970, so that it also grows from one run of the server to the next."""
    base_path: str = "/"
    """Of every address of the site, percent-encoded, with a slash at both ends."""
    files: frozenset[str] | None = None
    """All that may be served, relative to the output, with `/`; None before a build has succeeded."""
    touched: Mapping[str, int] = field(default_factory=dict)
    """By file that is no page, the number of the build that wrote it last."""
    problems: tuple[Problem, ...] = ()


class Board:
    """The newest state. Whoever is slow misses some, and sees the newest all the same."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._shown = threading.Condition()

    @property
    def state(self) -> State:
        """The newest."""
        return self._state

    def show(self, state: State) -> None:
        """Replace it, and wake all who wait."""
        with self._shown:
            self._state = state
            self._shown.notify_all()

    def after(self, number: int, seconds: float) -> State | None:
        """The newest state as soon as it is another than that of the build `number`; None where it is not in time."""
        with self._shown:
            return self._state if self._shown.wait_for(lambda: self._state.number != number, seconds) else None
