"""The links that lead out of the built site: which are dead, which have moved, and of which nothing is certain.

An address is asked once a week while it is well and once a day while it is not; `results` says when it is called dead.
Where no host at all answers it is our own line that is down, and failures teach nothing. For a dead original, an
archived copy is looked for and proposed.
"""

from __future__ import annotations

import json
import queue
import re
import threading
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from broadsheet import url
from broadsheet.audit.asking import Answer, Client, Fault
from broadsheet.audit.results import ARCHIVE, Result, judged, keeping
from broadsheet.problem import Problem

Progress = Callable[[str, int, int], None]
AVAILABLE = "https://archive.org/wayback/available"
"""Which copy the archive has: https://archive.org/help/wayback_api.php"""
CONTROL = "https://archive.org/"
"""Asked where no other host answers: is it them, or is it us?"""
_MAYBE_OURS = (Fault.NO_HOST, Fault.UNREACHABLE, Fault.NO_WAY)
_STAMP = re.compile(r"[0-9]{14}")


class OutsideLink(Struct, frozen=True):
    """An address outside the site, and where it stands."""

    url: str
    places: tuple[str, ...]
    """Files of the output, at least one, sorted."""
    is_original: bool = False
    """It is the address of an article's original."""
    seen: datetime | None = None
    """When somebody of the digest read it, aware; an archived copy of about then is proposed."""


class Remark(Struct, frozen=True):
    """Something to know of a link that is no problem."""

    link: OutsideLink
    text: str


class LinkReport(Struct, frozen=True):
    """What is known of all links after a run."""

    problems: tuple[Problem, ...]
    """The dead ones."""
    moved: tuple[Remark, ...]
    """Those that redirect for good, with where to. Pages that are gone often redirect to a front page: look."""
    undecided: tuple[Remark, ...]
    """Those of which nothing is certain, with the reason."""
    links: int
    asked: int
    """How many answers this run has brought; the other results are of earlier runs."""
    left_over: int
    """How many were due and have not been asked, or not been heard; the next run begins with them."""
    is_online: bool
    """False where no host answered, not even one that always does."""
    is_kept: bool
    """Whether the results could be written down."""


def check_links(
    links: Iterable[OutsideLink],
    store: Path,
    now: datetime,
    client: Client,
    progress: Progress = lambda *_: None,
) -> LinkReport:
    """Ask what is due, oldest results first, and say what is known of all links.

    `store` is a JSON file of results, made where there is none. An interrupt (KeyboardInterrupt) goes through, and what
    has been learnt by then is kept. What is no web address is passed over; addresses that differ by their fragment are
    one link.
    """
    wanted = _merged(links)
    with keeping(store, wanted) as kept:
        run = _Run(wanted, kept.results, now, client, progress)
        due = _due(run)
        learnt, is_online = _learn(run, due)
        _find_archives(run, learnt)
    known = [(wanted[address], result) for address, result in sorted(kept.results.items())]
    return LinkReport(
        problems=tuple(sorted(_problem(link, result) for link, result in known if result.is_dead)),
        moved=tuple(Remark(link, result.moved) for link, result in known if result.moved),
        undecided=tuple(Remark(link, result.reason) for link, result in known if result.is_undecided),
        links=len(wanted),
        asked=len(learnt),
        left_over=len(due) - len(learnt),
        is_online=is_online,
        is_kept=kept.is_written,
    )


class _Run(Struct, frozen=True):
    wanted: Mapping[str, OutsideLink]
    results: dict[str, Result]
    """By address; what is learnt is entered here."""
    now: datetime
    client: Client
    progress: Progress


def _merged(links: Iterable[OutsideLink]) -> dict[str, OutsideLink]:
    """By the address that is asked, which has no fragment."""
    merged: dict[str, OutsideLink] = {}
    for link in links:
        address = link.url.partition("#")[0]
        if not url.is_web_address(address):
            continue
        same = merged.get(address, OutsideLink(address, ()))
        places = tuple(sorted({*same.places, *link.places}))
        seen = min((moment for moment in (same.seen, link.seen) if moment), default=None)
        merged[address] = OutsideLink(address, places, same.is_original or link.is_original, seen)
    return merged


def _due(run: _Run) -> list[str]:
    """Oldest results first; of addresses that have none, originals first."""

    def rank(address: str) -> tuple[datetime, bool, str]:
        result = run.results.get(address)
        checked = result.checked if result else datetime.min.replace(tzinfo=UTC)
        return checked, not run.wanted[address].is_original, address

    return sorted((a for a in run.wanted if a not in run.results or run.results[a].is_due(run.now)), key=rank)


def _learn(run: _Run, due: list[str]) -> tuple[list[str], bool]:
    """Enter what is answered into the results. The addresses that were heard of, and whether we are online."""
    learnt: list[str] = []
    answered: dict[str, Answer] = {}
    has_heard = False
    with closing(_answers(due, run.client)) as answers:
        for done, (address, answer) in enumerate(answers, 1):
            has_heard = has_heard or isinstance(answer.found, int)
            if answer.found is not Fault.NOT_ASKED:
                answered[address] = answer
            learnt += _enter(run, answered, has_heard)
            run.progress("Asking outside links", done, len(due))
    is_online = has_heard or not answered or isinstance(run.client.ask(CONTROL).found, int)
    learnt += _enter(run, answered, is_online)
    return learnt, is_online


def _enter(run: _Run, answered: dict[str, Answer], is_online: bool) -> list[str]:
    """Move answers into the results, but for those that may be our line's fault; their addresses."""
    believed = [address for address, answer in answered.items() if is_online or answer.found not in _MAYBE_OURS]
    for address in believed:
        run.results[address] = judged(answered.pop(address), run.results.get(address), run.now)
    return believed


_Came = tuple[str, Answer] | BaseException


def _answers(due: list[str], client: Client) -> Generator[tuple[str, Answer], None, None]:
    """Each address with its answer, as they come. The addresses of a host are asked in order, by one thread."""
    hosts: dict[str, list[str]] = {}
    for address in due:
        hosts.setdefault(url.host(address), []).append(address)
    waiting: queue.SimpleQueue[list[str]] = queue.SimpleQueue()
    for addresses in hosts.values():
        waiting.put(addresses)
    came: queue.SimpleQueue[_Came] = queue.SimpleQueue()
    is_over = threading.Event()
    # Not a pool's: those are waited for when the program ends, and Ctrl-C should not take as long as a slow server.
    for _ in range(min(client.limits.hosts, len(hosts))):
        threading.Thread(target=_work, args=(waiting, came, is_over, client), daemon=True).start()
    try:
        for _ in due:
            answer = came.get()
            if isinstance(answer, BaseException):
                raise answer
            yield answer
    finally:
        is_over.set()


def _work(
    waiting: queue.SimpleQueue[list[str]], came: queue.SimpleQueue[_Came], is_over: threading.Event, client: Client
) -> None:
    """A thread: one host after another."""
    try:
        while True:
            for address in waiting.get_nowait():
                if is_over.is_set():
                    return
                came.put((address, client.ask(address)))
    except queue.Empty:
        return
    except BaseException as bug:  # noqa: BLE001 -- raised where the answers are taken
        came.put(bug)


def _find_archives(run: _Run, learnt: Iterable[str]) -> None:
    """Look for archived copies of the dead originals among the addresses."""
    known = ((run.wanted[address], run.results[address]) for address in learnt)
    dead = [(link, r) for link, r in known if link.is_original and r.is_dead and not r.archive]
    for done, (link, result) in enumerate(dead, 1):
        archive = _archived(link.url, link.seen or run.now, run.client)
        run.results[link.url] = replace(result, archive=archive)
        run.progress("Looking for archived copies", done, len(dead))


def _archived(address: str, near: datetime, client: Client) -> str:
    """The address of an archived copy, the nearest to a moment, or nothing; only the digits come from the answer.

    The archive is asked without the scheme, with which it often knows of no copy:
    https://github.com/internetarchive/wayback/issues/296
    """
    bare = quote(address.partition("://")[2], safe="")
    said = client.read(f"{AVAILABLE}?url={bare}&timestamp={near.astimezone(UTC):%Y%m%d%H%M%S}")
    try:
        closest = json.loads(said)["archived_snapshots"]["closest"]
        is_good = closest["available"] is True and closest["status"] == "200"
        stamp = _STAMP.fullmatch(closest["timestamp"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    copy = f"{ARCHIVE}{stamp.group()}/{address}" if stamp and is_good else ""
    return copy if url.is_web_address(copy) else ""


def _problem(link: OutsideLink, result: Result) -> Problem:
    since = f", since {result.first_failed:%Y-%m-%d}" if result.first_failed else ""
    others = len(link.places) - 1
    also = f" (also in {others} other {'file' if others == 1 else 'files'})" if others > 0 else ""
    message = f"the link to {link.url}{also} is dead: {result.reason}{since}"
    look = f"{ARCHIVE}*/{link.url}"
    if result.archive:
        remedy = f"Set origin.url to its archived copy {result.archive}, or write 'unknown'"
    elif link.is_original:
        remedy = f"Look for an archived copy at {look} and set origin.url to it, or write 'unknown'"
    else:
        remedy = f"Link to another page, or to an archived copy from {look}, or take the link away"
    return Problem(link.places[0], 1, 1, "audit/link-dead", message, remedy)
