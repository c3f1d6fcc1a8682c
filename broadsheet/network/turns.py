"""Whose turn it is: one request at a time per host, and a pause after each."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf

from msgspec import Struct, field


class Place(Struct):
    """A host, as far as politeness goes; times are those of the clock, in seconds."""

    pause: float
    lock: threading.Lock = field(default_factory=threading.Lock)
    free_at: float = -inf
    closed_until: float = -inf
    """It has had enough of us; endless for the rest of the run."""
    has_waited: bool = False
    """Once already, because it asked for it."""


class Turns:
    """Which host may be asked when, for one run. May be used by several threads."""

    def __init__(self, pause: float, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._pause, self._clock, self._sleep = pause, clock, sleep
        self._lock = threading.Lock()
        self._places: dict[str, Place] = {}

    def place(self, host: str) -> Place:
        """A host's; `www.` makes no other of it."""
        with self._lock:
            return self._places.setdefault(host.removeprefix("www."), Place(self._pause))

    @contextmanager
    def hold(self, host: str) -> Iterator[Place]:
        """Keep others from asking a host."""
        place = self.place(host)
        with place.lock:
            yield place

    @contextmanager
    def spaced(self, place: Place) -> Iterator[None]:
        """Wait until a host that is held may be asked, and have the next wait for its pause."""
        wait = place.free_at - self._clock()
        if wait > 0:
            self._sleep(wait)
        try:
            yield
        finally:
            place.free_at = max(place.free_at, self._clock() + place.pause)

    def is_closed(self, place: Place) -> bool:
        """Whether a host is to be left alone now."""
        return place.closed_until > self._clock()
