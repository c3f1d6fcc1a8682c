"""Asking other people's servers whether an address still leads anywhere: politely, within limits, and on guard.

**Politely.** One request at a time per host, with a pause after each; HEAD, and GET only where HEAD is refused or
answered oddly, of which no body is read. Who asks is said in User-Agent. A server that wants us to wait is waited for,
or left alone for the rest of the run. robots.txt is not read: it speaks to crawlers, which find their addresses by
themselves (RFC 9309, 1), while here a person has chosen each address, shows it to readers and has started the check,
nothing that an answer holds is followed, and what is asked is a HEAD a week. Reading it would be one more request to
each host. Who wants none of it answers 403 or 429, and neither is ever taken for a dead link.

**On guard.** What may be asked is said by `network.addresses`, at each redirect anew, and the connection is made to the
very address that was looked at. A port other than 80 and 443 must stand in the link itself. No cookies, no credentials,
no `.netrc`, and no proxy, whatever the environment says: behind a proxy nothing answers, and nothing is learnt.
Certificates are checked against those that the system trusts.

**Within limits.** A connection is cut after a time however lively it is, and of headers http.client reads 100 lines of
64 KiB. Looking up a name takes as long as the system lets it. Whatever a server does becomes an `Answer`.
"""

from __future__ import annotations

import enum
import errno
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from math import inf
from typing import TYPE_CHECKING

from msgspec import Struct

from broadsheet import __version__
from broadsheet.network import addresses
from broadsheet.network.addresses import USUAL_PORTS, AddressError, IsPublic, Resolve, Target, is_public, resolve
from broadsheet.network.turns import Place, Turns

if TYPE_CHECKING:  # imported where the first request is made
    import http.client
    import ssl


class Limits(Struct, frozen=True):
    """How much is asked, and how long is waited; times in seconds."""

    requests: int = 500
    """Of a run, with redirects and second tries."""
    hosts: int = 8
    """Asked at the same time."""
    pause: float = 1.0
    """After a request, until the same host gets the next."""
    timeout: float = 10.0
    """For a connection, and for a sign of life on it."""
    answer: float = 30.0
    """For a whole answer."""
    patience: float = 10.0
    """How long a server may have us wait with Retry-After; for longer, it is left alone until the next run."""
    redirects: int = 5
    body: int = 65_536
    """Bytes, where a body is wanted at all."""


class Fault(enum.Enum):
    """Why there is no status, in words that follow an address and a colon."""

    NO_HOST = "its host has no address"
    UNREACHABLE = "its host takes no connection"
    NO_WAY = "no way leads to its host from this network"
    UNTRUSTED = "no trusted connection can be made to its host"
    SILENT = "its host says nothing"
    GARBLED = "its host breaks off, or speaks no HTTP"
    ENDLESS = "it redirects on and on"
    OFF_LIMITS = "it leads to where nothing is asked: no public host, no web address, or an unusual port"
    NOT_ASKED = "it was left for the next run"


class Answer(Struct, frozen=True):
    """What came of asking."""

    found: int | Fault
    """The HTTP status at the end of all redirects, or why there is none."""
    moved: str = ""
    """Where permanent redirects (301, 308) lead before any other; empty where the first is none."""


_REDIRECTS = (301, 302, 303, 307, 308)
_PERMANENT = (301, 308)
_LATER = (429, 503)
_NO_WAY = (errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


class Client:
    """Asks, for one run: it knows how many requests are left and when each host may be asked again.

    Its methods may be called by several threads.
    """

    def __init__(
        self,
        site: str,
        limits: Limits = Limits(),  # noqa: B008 -- a constant
        *,
        is_public: IsPublic = is_public,
        resolve: Resolve = resolve,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self.limits = limits
        self._headers = {
            "User-Agent": f"Broadsheet/{__version__} (link check; +{addresses.sendable(site)})",
            "Accept": "*/*",
            "Accept-Encoding": "identity",
            "Connection": "close",
        }
        self._is_public, self._resolve, self._clock = is_public, resolve, clock
        self._trust = trust
        self._lock = threading.Lock()
        self._left = limits.requests
        self._turns = Turns(limits.pause, clock, sleep)

    def ask(self, address: str) -> Answer:
        """What a web address answers, redirects followed."""
        try:
            response, moved = self._follow(address, "HEAD")
        except _NoAnswerError as error:
            return Answer(error.fault)
        return Answer(response.status, moved)

    def read(self, address: str) -> bytes:
        """The beginning of what lies at a web address, or nothing where its answer is not 200."""
        try:
            response, _ = self._follow(address, "GET", self.limits.body)
        except _NoAnswerError:
            return b""
        return response.body if response.status == 200 else b""

    def _follow(self, address: str, method: str, body: int = 0) -> tuple[_Response, str]:
        target = _target(address)
        ports = (*USUAL_PORTS, target.port)
        moved, is_permanent = "", True
        for _ in range(self.limits.redirects + 1):
            response = self._answered(target, method, body)
            if response.status not in _REDIRECTS or not response.location:
                return response, moved
            address = _next(address, response.location)
            target = _target(address)
            if target.port not in ports:
                raise _NoAnswerError(Fault.OFF_LIMITS)
            is_permanent = is_permanent and response.status in _PERMANENT
            moved = address if is_permanent else moved
        raise _NoAnswerError(Fault.ENDLESS)

    def _answered(self, target: Target, method: str, body: int) -> _Response:
        """One hop. HEAD is answered wrongly in so many ways that only GET's word is taken for a failure."""
        try:
            response = self._once(target, method, body)
        except _NoAnswerError as error:
            if method == "GET" or error.fault not in (Fault.SILENT, Fault.GARBLED):
                raise
            return self._answered(target, "GET", body)
        if method == "HEAD" and response.status >= 400 and response.status not in _LATER:
            return self._answered(target, "GET", body)
        return response

    def _once(self, target: Target, method: str, body: int) -> _Response:
        with self._turn(target.host) as place:
            response = self._request(target, method, body)
            is_to_wait = response.status in _LATER and self._heed(place, response)
        return self._once(target, method, body) if is_to_wait else response

    @contextmanager
    def _turn(self, host: str) -> Iterator[Place]:
        """Wait until a host may be asked, and keep others from asking it meanwhile."""
        with self._turns.hold(host) as place:
            if self._turns.is_closed(place) or not self._spend():
                raise _NoAnswerError(Fault.NOT_ASKED)
            with self._turns.spaced(place):
                yield place

    def _spend(self) -> bool:
        with self._lock:
            self._left -= 1
            return self._left >= 0

    def _heed(self, place: Place, response: _Response) -> bool:
        """Whether to wait and ask once more. A host that says so twice, or for long, has had enough of us."""
        if response.wait <= self.limits.patience and not place.has_waited:
            place.has_waited = True
            place.free_at = self._clock() + response.wait
            return True
        if response.status == 429 or response.says_when:
            place.closed_until = inf
        return False

    def _request(self, target: Target, method: str, body: int) -> _Response:
        import http.client
        import ssl

        is_cut = threading.Event()
        with self._connected(target) as plain:
            try:
                connection = self._secured(plain, target) if target.scheme == "https" else plain
                with connection, _cut_after(self.limits.answer, connection, is_cut):
                    if isinstance(connection, ssl.SSLSocket):
                        connection.do_handshake()
                    response = self._exchange(connection, target, method, body)
            except ssl.SSLError as error:
                raise _NoAnswerError(Fault.UNTRUSTED) from error
            except (OSError, http.client.HTTPException, ValueError) as error:
                is_silent = isinstance(error, TimeoutError) or is_cut.is_set()
                raise _NoAnswerError(Fault.SILENT if is_silent else Fault.GARBLED) from error
        if is_cut.is_set():  # what looks like the end of the headers was ours
            raise _NoAnswerError(Fault.SILENT)
        return response

    def _connected(self, target: Target) -> socket.socket:
        try:
            numbers = addresses.numeric(target, self._resolve, self._is_public)
        except addresses.NoHostError:
            raise _NoAnswerError(Fault.NO_HOST) from None
        except addresses.NotPublicError:
            raise _NoAnswerError(Fault.OFF_LIMITS) from None
        reasons = set()
        for number in numbers:
            try:
                return socket.create_connection((number, target.port), self.limits.timeout)
            except OSError as error:
                reasons.add(error.errno)
        # Many a network has no IPv6, which is no fault of a host that has nothing else.
        raise _NoAnswerError(Fault.NO_WAY if reasons <= set(_NO_WAY) else Fault.UNREACHABLE)

    def _secured(self, plain: socket.socket, target: Target) -> ssl.SSLSocket:
        """The connection in TLS, before the handshake, which can be cut only where there is something to cut."""
        import ssl

        with self._lock:
            if self._trust is None:
                self._trust = ssl.create_default_context()
                self._trust.set_alpn_protocols(["http/1.1"])
        return self._trust.wrap_socket(plain, server_hostname=target.host, do_handshake_on_connect=False)

    def _exchange(self, connection: socket.socket, target: Target, method: str, body: int) -> _Response:
        """Raises OSError, ValueError or HTTPException where what comes is no answer."""
        import http.client

        requesting = http.client.HTTPConnection(target.host, target.port)
        requesting.sock = connection
        requesting.request(method, target.path, headers={"Host": target.authority, **self._headers})
        with closing(requesting.getresponse()) as response:
            later = str(response.headers.get("Retry-After", "")).strip()
            return _Response(
                status=response.status,
                location=str(response.headers.get("Location", "")),
                wait=float(later) if later.isdecimal() and len(later) < 6 else float("inf"),
                says_when=bool(later),
                body=_beginning(response, body),
            )


class _NoAnswerError(Exception):
    """There is no status."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


class _Response(Struct, frozen=True):
    """What matters of a response."""

    status: int
    location: str
    wait: float
    """Seconds of Retry-After; endless where it says none, or a date."""
    says_when: bool
    """Whether there is a Retry-After at all."""
    body: bytes


def _target(address: str) -> Target:
    """Raises `_NoAnswerError` where an address is none that is asked."""
    try:
        return addresses.target(address)
    except AddressError:
        raise _NoAnswerError(Fault.OFF_LIMITS) from None


def _next(address: str, location: str) -> str:
    try:
        return addresses.redirected(address, location)
    except AddressError:
        raise _NoAnswerError(Fault.OFF_LIMITS) from None


@contextmanager
def _cut_after(seconds: float, connection: socket.socket, is_cut: threading.Event) -> Iterator[None]:
    """Cut a connection after a time. Its own timeout will not do: that begins anew with each byte."""

    def cut() -> None:
        is_cut.set()
        with suppress(OSError):
            socket.socket.shutdown(connection, socket.SHUT_RDWR)  # not TLS's, which is not for another thread

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _beginning(response: http.client.HTTPResponse, size: int) -> bytes:
    """The first bytes of a body, as many as there are. `read` would take chunks of size -1 for all there is."""
    import http.client

    body = b""
    with suppress(OSError, ValueError, http.client.HTTPException):
        while len(body) < size and (part := response.read1(size - len(body))):
            body += part
    return body[:size]
