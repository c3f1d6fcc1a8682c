"""A server that behaves as it is told, mostly badly: threads on the loopback interface, plain sockets, no library."""

from __future__ import annotations

import gzip
import hashlib
import socket
import socketserver
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Behaviour = bytes | Callable[[socket.socket], None]


@dataclass(frozen=True)
class Request:
    """What a server was asked."""

    target: str
    """As it stood in the request line."""
    headers: dict[str, str]
    method: str = "GET"
    body: bytes = b""


@dataclass
class BadServer:
    """For all hosts. What it is not told to do it answers with a page, and robots.txt with 404."""

    behaviours: dict[str, Behaviour] = field(default_factory=dict)
    """By path."""
    requests: list[Request] = field(default_factory=list)
    port: int = 0
    scheme: str = "http"
    at_once: int = 0
    most_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, path: str = "/", host: str = "news.test") -> str:
        """An address on this server."""
        return f"{self.scheme}://{host}:{self.port}{path}"

    def does(self, path: str, behaviour: Behaviour) -> str:
        """Have it behave so at a path; its address."""
        self.behaviours[path] = behaviour
        return self.url(path)

    @property
    def asked(self) -> list[str]:
        """The paths of all requests but those for robots.txt."""
        return [request.target for request in self.requests if request.target != "/robots.txt"]

    def handle(self, connection: socket.socket) -> None:
        """Serve one request."""
        data = b""
        while b"\r\n\r\n" not in data and (part := connection.recv(4096)):
            data += part
            if not data.startswith((b"GET", b"POST")):
                connection.sendall(answer(400))
                return
        head, _, body = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        if not lines:
            return
        method, path, _ = first.split(" ")
        headers = dict(line.split(": ", 1) for line in lines)
        while len(body) < int(headers.get("Content-Length", 0)) and (part := connection.recv(4096)):
            body += part
        with self.lock:
            self.requests.append(Request(path, headers, method, body))
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        usual = answer(404) if path == "/robots.txt" else page()
        behaviour = self.behaviours.get(path, usual)
        last = b"" if callable(behaviour) else behaviour[-1:]
        with suppress(OSError):  # the other side has had enough
            behaviour(connection) if callable(behaviour) else connection.sendall(behaviour[:-1])
        with self.lock:
            self.at_once -= 1
        with suppress(OSError):  # without its last byte nobody can have the answer, and ask for the next
            connection.sendall(last)


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[BadServer]:
    """A server that runs within the block, with TLS if there is a context for it."""
    made = BadServer(scheme="https" if context else "http")

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                if context is None:
                    made.handle(self.request)
                    return
                with context.wrap_socket(self.request, server_side=True) as connection:
                    made.handle(connection)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False
        request_queue_size = 50

        def shutdown_request(self, request: socket.socket) -> None:  # type: ignore[override]
            request.close()

    with Server(("127.0.0.1", 0), Handler) as server:
        made.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()
            thread.join()


# --- Time


@dataclass
class Clock:
    """A clock that only sleeping moves."""

    time: float = 100.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        """The time."""
        return self.time

    def sleep(self, seconds: float) -> None:
        """Move on."""
        self.slept.append(round(seconds, 3))
        self.time += seconds


# --- Answers


def answer(status: int, *headers: str, body: bytes = b"") -> bytes:
    """A whole answer with its length."""
    return begun(status, f"Content-Length: {len(body)}", *headers) + body


def begun(status: int, *headers: str) -> bytes:
    """An answer up to its body."""
    return "".join(f"{line}\r\n" for line in [f"HTTP/1.1 {status} Whatever", *headers, ""]).encode()


def page(body: bytes = b"<p>Well.</p>", *headers: str) -> bytes:
    """A good page."""
    return answer(200, "Content-Type: text/html; charset=utf-8", *headers, body=body)


def redirect(location: str, status: int = 302) -> bytes:
    """A redirect; signs beyond ASCII go out as UTF-8."""
    return answer(status, f"Location: {location}")


def chunked(*chunks: bytes) -> bytes:
    """A page whose body is sent so, byte by byte as given."""
    return begun(200, "Content-Type: text/html", "Transfer-Encoding: chunked") + b"".join(chunks)


def packed(coding: str, body: bytes) -> bytes:
    """A page that claims to be packed."""
    return page(body, f"Content-Encoding: {coding}")


def bomb(size: int = 1 << 30, coding: str = "gzip", noise: int = 0) -> bytes:
    """A page that unpacks to `size` bytes, after `noise` bytes that cannot be packed, and comes to no good end."""
    packing = zlib.compressobj(9, zlib.DEFLATED, 31 if coding == "gzip" else 15)
    head = packing.compress(hashlib.shake_128(b"").digest(noise)) + packing.flush(zlib.Z_FULL_FLUSH)
    mebibyte = packing.compress(bytes(1 << 20)) + packing.flush(zlib.Z_FULL_FLUSH)
    return packed(coding, head + mebibyte * (size >> 20))


def nested(size: int = 1 << 26) -> bytes:
    """A page packed twice, as it says."""
    return packed("gzip, gzip", gzip.compress(gzip.compress(bytes(size))))


# --- What takes time, or has no end


def drip(head: bytes, part: bytes = b"x", pause: float = 0.05) -> Callable[[socket.socket], None]:
    """A little at a time, never so late that it could be called silent."""

    def go_on(connection: socket.socket) -> None:
        connection.sendall(head)
        for _ in range(200):
            connection.sendall(part)
            time.sleep(pause)

    return go_on


def endless(head: bytes, part: bytes) -> Callable[[socket.socket], None]:
    """As fast as it will go, until it is left."""

    def go_on(connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(part)

    return go_on


def silence(head: bytes = b"") -> Callable[[socket.socket], None]:
    """A beginning, and nothing more."""

    def wait(connection: socket.socket) -> None:
        connection.sendall(head)
        time.sleep(3)

    return wait


def reset(head: bytes = b"") -> Callable[[socket.socket], None]:
    """A beginning, and then a connection torn down (RST) rather than closed."""

    def tear(connection: socket.socket) -> None:
        connection.sendall(head)
        time.sleep(0.05)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    return tear


def in_turn(*behaviours: Behaviour) -> Callable[[socket.socket], None]:
    """One after another, a request each; the last again and again."""
    left = list(behaviours)

    def behave(connection: socket.socket) -> None:
        behaviour = left.pop(0) if len(left) > 1 else left[0]
        behaviour(connection) if callable(behaviour) else connection.sendall(behaviour)

    return behave
