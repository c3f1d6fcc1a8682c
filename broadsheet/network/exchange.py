"""One request and its answer, on one connection, which urllib3 makes and reads within the bounds that are set here."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, cast

from msgspec import Struct

from broadsheet.network.addresses import Target
from broadsheet.network.coding import unpacked
from broadsheet.network.failure import FetchError
from broadsheet.network.limits import Limits
from broadsheet.network.proxy import Proxy
from broadsheet.network.wire import Wire

if TYPE_CHECKING:  # imported where the first request is made
    import socket
    import ssl

    from urllib3 import HTTPResponse
    from urllib3.connection import HTTPConnection


class Route(Struct, frozen=True):
    """How to get to a server."""

    numbers: tuple[str, ...]
    """Its numeric addresses; unused with a proxy."""
    proxy: Proxy | None = None


_CHUNK = 65_536
_LENGTH = re.compile("[0-9]{1,15}")


class Answer(Struct, frozen=True):
    """An answer, of which the body has not been read. Lives as long as its connection."""

    status: int
    _response: HTTPResponse
    _wire: Wire
    _limits: Limits

    def header(self, name: str) -> str:
        """A header's value, the last where there are several, empty where there is none."""
        values = self._response.headers.getlist(name)
        return values[-1].strip() if values else ""

    def sole(self, name: str) -> str:
        """The value of a header that everything depends on. Raises `FetchError` where there are several that differ."""
        if len({value.strip() for value in self._response.headers.getlist(name)}) > 1:
            raise FetchError("garbled", f"its server states several values of {name}")
        return self.header(name)

    def body(self) -> bytes:
        """The whole body, its content coding undone. Raises `FetchError`."""
        length, transfer = self.sole("Content-Length"), self.sole("Transfer-Encoding").lower()
        if transfer not in ("", "chunked") or (length and not _LENGTH.fullmatch(length)):
            raise FetchError("garbled", "its server states the length of its answer in a way that cannot be read")
        if not transfer and length and int(length) > self._limits.received:
            raise FetchError("too-large", f"it is of {int(length):,} bytes")
        body = b"".join(self._pieces())
        if not transfer and length and self._wire.has_more:
            raise FetchError("garbled", "its server sends more than the length that it states")
        return body

    def beginning(self, most: int) -> bytes:
        """The first bytes of the body, however much may follow. Raises `FetchError`."""
        kept = bytearray()
        for piece in self._pieces():
            kept += piece
            if len(kept) >= most:
                break
        return bytes(kept[:most])

    def _pieces(self) -> Iterator[bytes]:
        limits, coding = self._limits, self.sole("Content-Encoding")
        self._wire.allowance = limits.received + limits.head  # chunks have heads of their own
        chunks = self._response.stream(_CHUNK, decode_content=False)
        return unpacked(chunks, coding, limits.unpacked, limits.ratio)


@contextmanager
def exchanged(
    to: Target,
    route: Route,
    headers: Mapping[str, str],
    limits: Limits,
    trust: ssl.SSLContext | None,
    form: bytes | None = None,
) -> Iterator[Answer]:
    """The answer to GET or, with a form, to POST.

    Whatever the network or the server does is raised as `FetchError`, also within the block. `trust` is for `https`.
    """
    from http.client import HTTPException

    from urllib3.exceptions import HTTPError

    end = time.monotonic() + limits.answer
    try:
        connection = _connected(to, route, limits, trust, end)
        with closing(cast("socket.socket", connection.sock)) as plain:
            wire = Wire(plain, limits.silence, end, limits.head)
            connection.sock = cast("socket.socket", wire)
            is_forwarded = route.proxy is not None and to.scheme == "http"
            more = {"Host": to.authority, **(route.proxy.headers if route.proxy and is_forwarded else {})}
            where = to.origin + to.path if is_forwarded else to.path
            method = "GET" if form is None else "POST"
            connection.request(
                method, where, body=form, headers={**more, **headers}, preload_content=False, decode_content=False
            )
            response = connection.getresponse()
            yield Answer(response.status, response, wire, limits)
    except (HTTPError, HTTPException, OSError, ValueError, OverflowError) as error:
        raise FetchError("garbled", "its server breaks off, or speaks no HTTP") from error


def _connected(to: Target, route: Route, limits: Limits, trust: ssl.SSLContext | None, end: float) -> HTTPConnection:
    """Connected to the first of a host's addresses that takes it, or to the proxy; by TLS, with the host itself."""
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

    proxy = route.proxy
    for host, port in [(proxy.host, proxy.port)] if proxy else [(number, to.port) for number in route.numbers]:
        connection = _connection(to, host, port, min(limits.connect, end - time.monotonic()), trust)
        if proxy and to.scheme == "https":
            connection.set_tunnel(to.host, to.port, proxy.headers)
        try:
            connection.connect()
        except (ConnectTimeoutError, NewConnectionError):
            connection.close()
        except BaseException as error:
            connection.close()
            _explain(error, is_proxied=proxy is not None)
            raise
        else:
            return connection
    if proxy:
        raise FetchError("proxy", f"the proxy that is to be used, {proxy.host}:{proxy.port}, takes no connection")
    raise FetchError("unreachable", "its host takes no connection")


def _connection(to: Target, host: str, port: int, timeout: float, trust: ssl.SSLContext | None) -> HTTPConnection:
    from urllib3.connection import HTTPConnection, HTTPSConnection

    timeout = max(timeout, 0.001)  # 0 would be: without waiting
    if to.scheme == "http":
        return HTTPConnection(host, port, timeout=timeout)
    return HTTPSConnection(host, port, timeout=timeout, ssl_context=trust, server_hostname=to.host)


def _explain(error: BaseException, *, is_proxied: bool) -> None:
    """Raises `FetchError` for a failure between a connection and its use: TLS, or a proxy's refusal to connect."""
    import ssl

    from urllib3.exceptions import SSLError

    if isinstance(error, (ssl.SSLError, SSLError)):
        reason = getattr(error, "verify_message", "") or getattr(error, "reason", "") or "no reason is given"
        said = f"no trusted connection can be made to its host: {str(reason).rstrip('.')}"
        raise FetchError("untrusted", said) from error
    if isinstance(error, TimeoutError):
        raise FetchError("silent", "its server takes too long to agree on a secure connection") from error
    if isinstance(error, OSError) and is_proxied:
        raise FetchError("proxy", f"the proxy that the environment names does not let it through: {error}") from error
    if isinstance(error, OSError):
        raise FetchError("garbled", "its server breaks off before a secure connection is made") from error
