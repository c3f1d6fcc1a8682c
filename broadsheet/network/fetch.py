"""Fetching what somebody wants to import: politely, within limits, and on guard. For all that may happen: a `Finding`.

**On guard.** `addresses` says what is asked, at each redirect anew. A redirect from `https` to `http` is refused: whose
words they are could not be vouched for afterwards, and whoever wants them nonetheless can name that address.
Certificates are checked against those that the system trusts, for the host's name. No cookies, credentials, `.netrc` or
referrer. Looking up a name takes as long as the system lets it; everything else has its end in `Limits`.

**Politely.** One request at a time per host, with a pause after each; robots.txt is asked first and kept for the run
(RFC 9309). Its refusal is final: whoever may read a page all the same can save it and import the file. A server that
wants us to wait is waited for, once, or left alone.

`ask` is for other modules of this package: one request to a server that the configuration names.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from math import inf
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct, field

from broadsheet import __version__
from broadsheet.network import addresses, robots
from broadsheet.network.addresses import IsPublic, Resolve, Target
from broadsheet.network.coding import ACCEPTED
from broadsheet.network.exchange import Answer, Route, exchanged
from broadsheet.network.failure import FetchError, LaterError
from broadsheet.network.limits import USUAL, Limits
from broadsheet.network.proxy import proxy_for
from broadsheet.network.response import DATE, ETAG, NotModified, Response, named, redirection, taken
from broadsheet.network.turns import Place, Turns
from broadsheet.problem import Finding

if TYPE_CHECKING:  # imported where the first request is made
    import ssl

T = TypeVar("T")

ACCEPT = (
    "text/html, application/xhtml+xml, application/atom+xml, application/rss+xml, application/feed+json, text/x-opml, "
    "application/xml;q=0.9, application/json;q=0.9, text/plain;q=0.9, */*;q=0.1"
)
_LATER = (429, 503)
_OF_THE_HOST = ("no-host", "private", "unreachable", "untrusted", "silent", "later", "proxy")
"""What is said of a page whose robots.txt could not be asked for, because its host could not."""


class _Kept(Struct):
    """A robots.txt as found, for a run."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    found: robots.Robots | FetchError | None = None


class Fetcher:
    """Fetches, for one run: it knows when each host may be asked again, and what each robots.txt says.

    `fetch` may be called by several threads; hosts are asked at the same time, each host one request at a time.
    """

    def __init__(
        self,
        site: str,
        limits: Limits = USUAL,
        *,
        purpose: str = "import",
        allow_private: bool = False,
        is_public: IsPublic = addresses.is_public,
        resolve: Resolve = addresses.resolve,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self.limits = limits
        self._agent = f"Broadsheet/{__version__} ({purpose}; +{addresses.sendable(site)})"
        self._allow_private, self._is_public, self._resolve = allow_private, is_public, resolve
        self._clock, self._now, self._trust = clock, now, trust
        self._turns = Turns(limits.pause, clock, sleep)
        self._robots: dict[str, _Kept] = {}
        self._lock = threading.Lock()

    def fetch(
        self, address: str, *, accept: str = ACCEPT, etag: str = "", modified: str = ""
    ) -> Response | NotModified | Finding:
        """What lies at a web address.

        `accept` is the header of that name. With the `etag` or the `modified` of an earlier response, which must be of
        the same address, it may be `NotModified`. The rules of findings are `failure.REMEDIES`.
        """
        headers = {
            "Accept": accept,
            "If-None-Match": etag if ETAG.fullmatch(etag) else "",
            "If-Modified-Since": modified if DATE.fullmatch(modified) else "",
        }
        trail = [address]
        try:
            _require_library()
            return self._follow(trail, {name: value for name, value in headers.items() if value})
        except FetchError as error:
            return error.finding(trail[0], trail[-1])

    def ask(
        self, address: str, headers: Mapping[str, str], take: Callable[[Answer], T], form: bytes | None = None
    ) -> T:
        """What is taken from the answer to GET or, with a form, to POST. Raises `FetchError`.

        A redirect is an answer like any other: a form is for whoever it is sent to. robots.txt is not asked, for this
        is no crawling (RFC 9309, section 1).
        """
        _require_library()
        return self._asked(self._target(address), headers, take, form)

    def _follow(self, trail: list[str], headers: Mapping[str, str]) -> Response | NotModified:
        """Down all redirects, adding to the trail of addresses."""
        was_secure = False
        for _ in range(self.limits.redirects + 1):
            to = self._target(trail[-1])
            if was_secure and to.scheme == "http":
                raise FetchError("downgrade", "a secure address leads there, and the connection would not be")
            was_secure = to.scheme == "https"
            self._heed_robots(to)
            found = self._asked(to, headers, lambda answer: taken(answer, trail, headers))
            if not isinstance(found, str):
                return found
            trail.append(_next(trail[-1], found))
        raise FetchError("redirects", f"it redirects more than {self.limits.redirects} times")

    def _target(self, address: str) -> Target:
        try:
            to = addresses.target(address)
        except addresses.AddressError:
            raise FetchError("address", "it is not a web address that may be asked for") from None
        if to.port not in self.limits.ports and not self._allow_private:
            raise FetchError("port", f"the web is not usually served at port {to.port}")
        return to

    def _route(self, to: Target) -> Route:
        proxy = proxy_for(to)
        try:
            is_allowed = (lambda _: True) if self._allow_private else self._is_public
            return Route(tuple(addresses.numeric(to, self._resolve, is_allowed)), proxy)
        except addresses.NotPublicError:
            raise FetchError("private", f"its host, {to.host}, is not on the public internet") from None
        except addresses.NoHostError:
            if proxy and (self._allow_private or addresses.is_public_name(to.host)):
                return Route((), proxy)
            raise FetchError("no-host", f"its host, {to.host}, has no address") from None

    def _asked(
        self, to: Target, headers: Mapping[str, str], take: Callable[[Answer], T], form: bytes | None = None
    ) -> T:
        """What is taken from an answer, in turn. A server that asks for a little time gets it, once."""
        with self._turns.hold(to.host) as place:
            if self._turns.is_closed(place):
                raise FetchError("later", f"its server has asked to be left alone{self._until(place)}")
            try:
                return self._once(place, to, headers, take, form)
            except LaterError as error:
                if error.wait > self.limits.patience:
                    raise self._closed(place, error) from None
                place.free_at = max(place.free_at, self._clock() + error.wait)
            try:
                return self._once(place, to, headers, take, form)
            except LaterError as error:
                raise self._closed(place, error) from None

    def _once(
        self, place: Place, to: Target, headers: Mapping[str, str], take: Callable[[Answer], T], form: bytes | None
    ) -> T:
        route = self._route(to)
        trust = self._trusted() if to.scheme == "https" else None  # which takes a while to load
        ours = {"User-Agent": self._agent, "Accept-Encoding": ACCEPTED, "Connection": "close"}
        with (
            self._turns.spaced(place),
            exchanged(to, route, {**ours, **headers}, self.limits, trust, form) as answer,
        ):
            if answer.status in _LATER:
                raise self._later(answer)
            return take(answer)

    def _trusted(self) -> ssl.SSLContext:
        import ssl

        with self._lock:
            if self._trust is None:
                self._trust = ssl.create_default_context()
            return self._trust

    def _later(self, answer: Answer) -> FetchError:
        """What 429 and 503 mean. Where 503 does not say how long, it may be about that page only."""
        wait = _seconds(answer.header("Retry-After"), self._now())
        said = f"its server answers {named(answer.status)}"
        return LaterError(said, wait) if answer.status == 429 or wait < inf else FetchError("server-error", said)

    def _closed(self, place: Place, error: LaterError) -> FetchError:
        """The failure, after which a host is left alone as long as it wants, or for the run if it does not say."""
        place.closed_until = self._clock() + error.wait
        return FetchError("later", f"{error.said}, and wants to be left alone{self._until(place)}")

    def _until(self, place: Place) -> str:
        seconds = place.closed_until - self._clock()
        if not 0 < seconds < 10**8:
            return " for now"
        return f" until {self._now() + timedelta(seconds=seconds):%Y-%m-%d %H:%M} UTC"

    def _heed_robots(self, to: Target) -> None:
        with self._lock:
            kept = self._robots.setdefault(to.origin, _Kept())
        with kept.lock:
            if kept.found is None:
                kept.found = self._read_robots(to)
        if isinstance(kept.found, FetchError):
            raise FetchError(kept.found.rule, kept.found.said)
        if not kept.found.allows(to.path):
            raise FetchError("robots", f"robots.txt of {to.host} asks robots to leave it alone")
        pause = min(kept.found.delay, self.limits.crawl_delay)
        place = self._turns.place(to.host)
        place.pause = max(place.pause, pause)

    def _read_robots(self, to: Target) -> robots.Robots | FetchError:
        """RFC 9309, 2.3.1: none at all allows everything, as do endless redirects; one that cannot be got, nothing.

        Against its letter, 429 is not taken for none at all: that server has just asked for fewer requests.
        """
        address = f"{to.origin}/robots.txt"
        for hop in range(self.limits.redirects + 1):
            try:
                found = self._asked(self._target(address), {"Accept": "text/plain, */*;q=0.1"}, self._rules)
                if not isinstance(found, str):
                    return found
                address = _next(address, found)
            except FetchError as error:
                if hop == 0 and error.rule in _OF_THE_HOST:
                    return error
                return FetchError("robots-unknown", f"robots.txt of {to.host} cannot be read: {error.said}")
        return robots.Robots()

    def _rules(self, answer: Answer) -> robots.Robots | str:
        """What holds, or where a redirect leads."""
        location = redirection(answer)
        if location:
            return location
        if answer.status >= 500:
            raise FetchError("server-error", f"its server answers {named(answer.status)}")
        return robots.read(answer.beginning(self.limits.robots) if answer.status == 200 else b"")


def _require_library() -> None:
    """Raises `FetchError` where it is not there, or too old."""
    try:
        from urllib3 import BaseHTTPResponse  # noqa: F401 -- 1.26 has it not
    except ImportError:
        raise FetchError("not-installed", "that takes urllib3, 2 or later") from None


def _next(address: str, location: str) -> str:
    try:
        return addresses.redirected(address, location)
    except addresses.AddressError:
        raise FetchError("address", "it redirects to something that is not an address") from None


def _seconds(stated: str, now: datetime) -> float:
    """What Retry-After says, in seconds or as a date (RFC 9110, 10.2.3); endless where it says nothing."""
    if re.fullmatch("[0-9]{1,9}", stated):
        return float(stated)
    try:
        date = parsedate_to_datetime(stated)
    except ValueError:
        return inf
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max(0.0, (date - now).total_seconds())
