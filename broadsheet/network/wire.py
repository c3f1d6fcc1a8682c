"""A connection that ends: in time, in silence, and after a number of bytes.

A socket's own timeout begins anew with each byte, and http.client reads headers, and trailers after a chunked body, as
long as they come. So each read passes here and is counted, below TLS's and above everything else.
"""

from __future__ import annotations

import io
import socket
import time
from typing import TYPE_CHECKING

from broadsheet.network.failure import FetchError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class Wire:
    """What http.client needs of a connected socket. Its owner closes the socket."""

    def __init__(self, connection: socket.socket, silence: float, end: float, allowance: int) -> None:
        self._connection, self._silence, self._end = connection, silence, end
        self.allowance = allowance
        """Bytes that may still come."""
        self.has_more = False
        """Whether something was left when the reader had all that it wanted."""

    def settimeout(self, _: float | None) -> None:
        """Does nothing: each read has its own."""

    def sendall(self, data: bytes) -> None:
        """Send a request."""
        self._connection.settimeout(self._wait())
        self._connection.sendall(data)

    def makefile(self, _: str) -> io.BufferedReader:
        """For reading; http.client reads nothing but this."""
        return _Reader(self)

    def close(self) -> None:
        """Does nothing: http.client closes before it reads the body."""

    def receive(self, buffer: WriteableBuffer) -> int:
        """How many bytes were received; 0 at the end."""
        if self.allowance <= 0:
            raise FetchError("too-large", "its server sends more than is taken")
        self._connection.settimeout(self._wait())
        try:
            received = self._connection.recv_into(buffer, min(self.allowance, memoryview(buffer).nbytes))
        except TimeoutError:
            self._wait()
            raise FetchError("silent", f"its server says nothing for {self._silence:g} s") from None
        except OSError as error:
            raise FetchError("garbled", "its server breaks off") from error
        self.allowance -= received
        return received

    def receive_what_is_there(self, buffer: WriteableBuffer) -> int | None:
        """Without waiting; None where there is nothing yet."""
        try:
            self._connection.settimeout(0)
            return self._connection.recv_into(buffer)
        except OSError:
            return None

    def _wait(self) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise FetchError("silent", "its server takes too long over its answer")
        return min(self._silence, left)


class _Raw(io.RawIOBase):
    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.is_ending = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int | None:
        return self.wire.receive_what_is_there(buffer) if self.is_ending else self.wire.receive(buffer)


class _Reader(io.BufferedReader):
    """Looks, when it is closed, whether there is more: a body may be longer than it claims to be."""

    def __init__(self, wire: Wire) -> None:
        self._raw = _Raw(wire)
        super().__init__(self._raw)

    def close(self) -> None:
        if not self.closed:
            self._raw.is_ending = True
            self._raw.wire.has_more = bool(self.peek(1))
        super().close()
