"""`build --ping`: a WebSub hub is told which feeds have changed since it was last told, once they are published.

What readers subscribe to is told of, archives are not. Each changed feed is first looked at where the public finds it:
a hub that is told too early fetches what it has already, and would hear no more of it. What was told is noted feed by
feed, so that of a run that is cut short, for whatever reason, nothing is lost, and the next goes on where it stopped.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from msgspec import Struct

from broadsheet.build import told
from broadsheet.network import hub
from broadsheet.network.addresses import USUAL_PORTS
from broadsheet.network.fetch import Fetcher
from broadsheet.network.limits import Limits
from broadsheet.problem import Finding, Problem
from broadsheet.site import urls

LONGEST = 300.0
"""Seconds after which no further feed is looked at; a request has limits of its own."""
MOST_REFUSED = 5
"""Feeds in a row that a hub may refuse, until it is taken to refuse all."""
_OF_FEED = (hub.NOT_DEPLOYED, hub.REFUSED)
"""Rules about one feed, after which others may do better."""


class Round(Struct, frozen=True):
    """Who is told of what."""

    hub: str
    base: urls.Base
    output: Path
    feeds: tuple[str, ...]
    """Addresses, within the site, of what readers subscribe to."""
    store: Path
    """As `told.file_of` has it."""
    config: str
    """Name of the configuration's file, for problems."""


class Outcome(Struct, frozen=True):
    """What came of it."""

    told: tuple[str, ...]
    """Addresses, in full."""
    unchanged: int
    """Feeds as the hub knows them already."""
    untold: int
    """Feeds that it does not know as they are."""
    problems: tuple[Problem, ...]
    is_noted: bool
    """False where the next run will tell the hub of the same again."""


class _Feed(NamedTuple):
    address: str
    """In full, as the feed itself has it."""
    file: str
    digest: str


def limits(*addresses: str) -> Limits:
    """For these servers, which the configuration names: an unusual port is meant.

    They are the site's own, or there to be told, and are asked one request at a time: without pauses.
    """
    ports = filter(None, (urlsplit(address).port for address in addresses))
    return Limits(pause=0, received=50_000_000, unpacked=50_000_000, ports=(*USUAL_PORTS, *ports))


def ping(
    given: Round,
    fetcher: Fetcher,
    progress: Callable[[str, int, int], None] = lambda *_: None,
    clock: Callable[[], float] = time.monotonic,
) -> Outcome:
    """Tell the hub of what has changed. Raises OSError where the output cannot be read."""
    feeds = list(_feeds(given))
    known = told.load(given.store, {feed.address for feed in feeds})
    changed = [feed for feed in feeds if known.get(feed.address) != feed.digest]
    end, refused, is_noted = clock() + LONGEST, 0, True
    heard: list[str] = []
    problems: list[Problem] = []
    for number, feed in enumerate(changed):
        if clock() > end:
            problems.append(_unfinished(given, len(changed) - number))
            break
        progress("Telling the hub", number + 1, len(changed))
        found = _tell(given, feed, fetcher)
        if found is None:
            heard.append(feed.address)
            known[feed.address] = feed.digest
            is_noted, refused = told.keep(given.store, known), 0
            continue
        problems.append(_problem(given, feed, found))
        refused += found.rule == hub.REFUSED
        if found.rule not in _OF_FEED or refused == MOST_REFUSED:
            break
    return Outcome(tuple(heard), len(feeds) - len(changed), len(changed) - len(heard), tuple(problems), is_noted)


def _feeds(given: Round) -> Iterable[_Feed]:
    for address in given.feeds:
        file = urls.file_of(address)
        data = (given.output / file).read_bytes()
        yield _Feed(given.base.absolute(address), file, sha256(data).hexdigest())


def _tell(given: Round, feed: _Feed, fetcher: Fetcher) -> Finding | None:
    """Why the hub was not told; None where it was."""
    early = hub.compare(fetcher, feed.address, (given.output / feed.file).read_bytes())
    return early or hub.tell(fetcher, given.hub, feed.address)


def _problem(given: Round, feed: _Feed, found: Finding) -> Problem:
    """At the feed where it is about that, else at the configuration, which names hub and site."""
    path = f"{given.output.name}/{feed.file}" if found.rule in _OF_FEED else given.config
    return Problem(path, 1, 1, found.rule, found.message, found.remedy)


def _unfinished(given: Round, left: int) -> Problem:
    message = f"{left} {'feed was' if left == 1 else 'feeds were'} not come to within {LONGEST:g} seconds"
    return Problem(given.config, 1, 1, "ping/unfinished", message, "Run it again; it goes on where it stopped")
