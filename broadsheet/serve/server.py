"""HTTP/1.1 for the preview: who may ask, what is answered, and a line to each page that is open.

It listens on this machine alone unless told otherwise. A page of another site that is open in the same browser can
have a name of its own lead here (DNS rebinding), and would then read the preview with its drafts: so whoever does not
call the server by its own name gets nothing.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
import os
import re
import socketserver
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import AF_INET, AF_INET6, socket
from urllib.parse import parse_qs, unquote

from broadsheet.problem import Problem, printable
from broadsheet.serve.answer import Answer, answer
from broadsheet.serve.copy import CLIENT, EVENTS, with_client
from broadsheet.serve.state import Board, State

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
MAX_PROBLEMS = 50
"""That a page shows; the terminal has all."""
HEARTBEAT = 15.0
"""Seconds between signs of life, by which it is seen that nobody listens any more."""
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::([0-9]{1,5}))?")
_SCRIPT = Answer(200, "text/javascript; charset=utf-8", Path(__file__).with_name("client.js").read_bytes())


class Server(ThreadingHTTPServer):
    """A server of what hangs on a board. Raises OSError where it cannot have its address."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    allow_reuse_address = os.name != "nt"  # where it would let two servers share a port

    def __init__(self, host: str, port: int, board: Board, *, is_reloading: bool = True) -> None:
        self.board = board
        self.host = host
        self.is_reloading = is_reloading
        self.address_family = AF_INET6 if ":" in host else AF_INET
        super().__init__((host, port), _Handler)

    def server_bind(self) -> None:
        """Without the look-up of its own name in the DNS that the library would make."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.host, self.server_address[1]

    @property
    def origin(self) -> str:
        """`http://HOST:PORT`, as it is printed, opened, and written into the pages."""
        name = "127.0.0.1" if self.host in ("0.0.0.0", "") else "[::1]" if self.host == "::" else bracketed(self.host)  # noqa: S104
        return f"http://{name}:{self.server_port}"

    def handle_error(self, request: socket | tuple[bytes, socket], client_address: object) -> None:
        """A connection that breaks is no error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def bracketed(host: str) -> str:
    """A host as it stands in an address (RFC 3986, section 3.2.2)."""
    return f"[{host}]" if ":" in host else host


def is_own(given: str, host: str, port: int) -> bool:
    """Whether a Host header names the server at `host` and `port`.

    A server of all addresses goes by any of them, but by no name: rebinding needs a name.
    """
    match = _HOST.fullmatch(given.strip().lower())
    if match is None or int(match[2] or 80) != port:
        return False
    if match[1] in LOOPBACK or match[1] == bracketed(host).lower():
        return True
    return host in ("0.0.0.0", "::", "") and _is_address(match[1].strip("[]"))  # noqa: S104


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    timeout = 30  # seconds without a byte from or to a client, after which it is let go
    disable_nagle_algorithm = True  # else a body may wait 40 ms behind its headers

    def do_GET(self) -> None:
        state = self.server.board.state
        path, _, query = self.path.partition("?")
        if self.server.is_reloading and path == EVENTS:
            self._follow(query)
        elif self.server.is_reloading and path == CLIENT:
            self._send(_SCRIPT)
        else:
            self._send(answer(self.path, state), state)

    def do_HEAD(self) -> None:
        self.do_GET()

    def parse_request(self) -> bool:
        """Whether there is a request that is to be answered; it was refused where not."""
        if not super().parse_request():
            return False
        if self.request_version == "HTTP/0.9":  # that has no Host
            self.close_connection = True
            return False
        if self.command not in ("GET", "HEAD"):
            self.send_error(405)
        elif len(hosts := self.headers.get_all("Host", [])) != 1:
            self.send_error(400)
        elif not is_own(hosts[0], self.server.host, self.server.server_port):
            self.send_error(421)
        elif "Content-Length" in self.headers or "Transfer-Encoding" in self.headers:
            self.send_error(413)  # no request that is answered has a body
        else:
            return True
        return False

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """The status and nothing else, and the end of the connection."""
        del message, explain
        self.send_response(code)
        if code == 405:
            self.send_header("Allow", "GET, HEAD")
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()

    def version_string(self) -> str:
        return "Broadsheet"

    def log_message(self, *_: object) -> None:
        """Nothing: what a client sends is not printed."""

    def _send(self, found: Answer, state: State | None = None) -> None:
        body = found.body
        if state is not None and found.is_page and self.server.is_reloading:
            body = with_client(body, self._origin(), found.identity, state.number)
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        is_known = found.status == 200 and self.headers.get("If-None-Match") == tag
        self.send_response(304 if is_known else found.status)
        if found.location is not None:
            self.send_header("Location", found.location)
        if not is_known:
            self.send_header("Content-Type", found.kind)
            self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", tag)
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.end_headers()
        if self.command == "GET" and not is_known:
            self.wfile.write(body)

    def _origin(self) -> str:
        """This server as the browser knows it."""
        return f"http://{self.headers['Host'].strip()}"

    def _follow(self, query: str) -> None:
        """Tell an open page what there is, and again after each build, until it is closed.

        https://html.spec.whatwg.org/multipage/server-sent-events.html
        """
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command == "HEAD":
            return
        asked = parse_qs(query)
        target, shown = asked.get("path", ["/"])[-1], asked.get("page", [""])[-1]
        since = _number(self.headers.get("Last-Event-ID") or asked.get("since", [""])[-1])
        state = self.server.board.state
        self.wfile.write(b"retry: 300\n\n")
        while True:  # until a write fails, for nobody listens any more
            found = answer(target, state)
            self.wfile.write(message(state, found, shown, since, self._origin()))
            shown, since = found.identity, state.number
            while (newer := self.server.board.after(since, HEARTBEAT)) is None:
                self.wfile.write(b":\n\n")
            state = newer


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else 0


def message(state: State, found: Answer, shown: str, since: int, origin: str) -> bytes:
    """What a page that is open is told: an event whose data is JSON.

    `page` is the identity of what its address now gives, `html` that itself, where it is a page other than the one
    that is `shown`; `files` what else was written since the build `since`, as decoded paths; `problems` what is wrong
    now, `more` how many problems are not among them.
    """
    base = unquote(state.base_path)
    is_news = found.is_page and found.identity != shown
    page = with_client(found.body, origin, found.identity, state.number).decode(errors="replace") if is_news else None
    data = {
        "page": found.identity,
        **({} if page is None else {"html": page}),
        "files": sorted(f"{base}{file}" for file, number in state.touched.items() if number > since),
        "problems": [_told(problem) for problem in state.problems[:MAX_PROBLEMS]],
        "more": max(0, len(state.problems) - MAX_PROBLEMS),
    }
    return f"id: {state.number}\ndata: {json.dumps(data)}\n\n".encode()


def _told(problem: Problem) -> dict[str, str]:
    return {
        "place": printable(f"{problem.path}:{problem.line}:{problem.column}"),
        "rule": problem.rule,
        "message": printable(problem.message),
        "remedy": printable(problem.remedy),
    }
