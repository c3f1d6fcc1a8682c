"""The outside links of a site: how they are asked, what is never asked, what is kept, and when one is called dead.

Servers are threads on the loopback interface, every name leads to them, and no test waits for a real pause.
"""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import socketserver
import ssl
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from broadsheet import __version__
from broadsheet.audit import asking, results
from broadsheet.audit.asking import Answer, Client, Fault, Limits
from broadsheet.audit.outside import AVAILABLE, CONTROL, LinkReport, OutsideLink, check_links
from broadsheet.network.addresses import Resolve, is_public
from tests.bad_server import Clock

SITE = "https://paper.example/"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = timedelta(days=1)
QUICK = Limits(pause=0, timeout=2, answer=4)
IMPATIENT = Limits(pause=0, timeout=0.2, answer=0.4)
Behaviour = bytes | Callable[[socket.socket], None]


@dataclass(frozen=True)
class Request:
    """What a server was asked."""

    method: str
    path: str
    headers: dict[str, str]

    @property
    def host(self) -> str:
        """Without the port."""
        return self.headers["Host"].partition(":")[0]


@dataclass
class Web:
    """A server for all hosts, which does with the socket what it is told, and remembers what it was asked."""

    behaviours: dict[str, Behaviour] = field(default_factory=dict)
    """By `METHOD /path` or `/path`; else 200."""
    requests: list[Request] = field(default_factory=list)
    at_once: Counter[str] = field(default_factory=Counter)
    most_at_once: Counter[str] = field(default_factory=Counter)
    port: int = 0
    delay: float = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, path: str = "/", host: str = "news.test") -> str:
        """An address on this server."""
        return f"http://{host}:{self.port}{path}"

    def does(self, path: str, behaviour: Behaviour) -> str:
        """Have the server behave so at a path; its address."""
        self.behaviours[path] = behaviour
        return self.url(path.partition(" ")[2] or path)

    def redirects(self, path: str, location: str, status: int = 302) -> str:
        """Have the server redirect; the address."""
        return self.does(path, f"HTTP/1.1 {status} X\r\nLocation: {location}\r\n\r\n".encode())

    @property
    def asked(self) -> list[str]:
        """`METHOD /path` of all requests."""
        return [f"{request.method} {request.path}" for request in self.requests]

    def handle(self, connection: socket.socket) -> None:
        """Serve one request."""
        data = b""
        while b"\r\n\r\n" not in data and (part := connection.recv(4096)):
            data += part
        first, *lines = data.decode("latin-1").split("\r\n")
        if not lines:
            return
        method, path, _ = first.split(" ")
        request = Request(method, path, dict(line.split(": ", 1) for line in lines if line))
        with self.lock:
            self.requests.append(request)
            self.at_once[request.host] += 1
            self.most_at_once[request.host] = max(self.most_at_once[request.host], self.at_once[request.host])
        time.sleep(self.delay)
        with self.lock:  # before the answer: who has it may ask the next thing at once
            self.at_once[request.host] -= 1
        behaviour = self.behaviours.get(f"{method} {path}", self.behaviours.get(path, answer(200)))
        with suppress(OSError):  # the other side has had enough
            behaviour(connection) if callable(behaviour) else connection.sendall(behaviour)


def answer(status: int, *headers: str, body: bytes = b"") -> bytes:
    """A response."""
    head = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}", *headers]
    return "".join(f"{line}\r\n" for line in [*head, ""]).encode() + body


@pytest.fixture
def web() -> Iterator[Web]:
    """A server that runs as long as the test does."""
    made = Web()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            made.handle(self.request)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False
        request_queue_size = 50

    with Server(("127.0.0.1", 0), Handler) as server:
        made.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield made
        server.shutdown()
        thread.join()


def client(limits: Limits = QUICK, **parts: object) -> Client:
    """A client to which every name is on the loopback interface, and that is public."""
    given = {"is_public": lambda _: True, "resolve": lambda *_: ["127.0.0.1"], **parts}
    return Client(SITE, limits, **given)  # type: ignore[arg-type]


# --- How an address is asked


def test_who_asks_is_said(web: Web) -> None:
    """A request names the program and the site, and holds no cookie, credentials or referrer."""
    assert client().ask(web.url("/a?b=c")) == Answer(200)
    (request,) = web.requests
    assert (request.method, request.path) == ("HEAD", "/a?b=c")
    assert request.headers == {
        "Host": f"news.test:{web.port}",
        "User-Agent": f"Broadsheet/{__version__} (link check; +{SITE})",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }


@pytest.mark.parametrize("status", [200, 203, 204, 206, 300, 304])
def test_head_is_enough_where_it_is_answered(web: Web, status: int) -> None:
    """An answer that is no refusal is taken from HEAD."""
    assert client().ask(web.does("/", answer(status))) == Answer(status)
    assert web.asked == ["HEAD /"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 406, 410, 500, 501, 502, 999])
def test_a_refused_head_is_followed_by_get(web: Web, status: int) -> None:
    """Only the answer to GET counts as a failure: many servers answer HEAD as they should not."""
    web.does("HEAD /", answer(status))
    assert client().ask(web.url()) == Answer(200)
    assert web.asked == ["HEAD /", "GET /"]
    assert client().ask(web.does("/bad", answer(status))) == Answer(status)


@pytest.mark.parametrize("behaviour", [b"", b"no HTTP at all\r\n\r\n", b"HTTP/1.1 "])
def test_a_garbled_head_is_followed_by_get(web: Web, behaviour: bytes) -> None:
    """A server that stumbles over HEAD may yet know GET."""
    web.does("HEAD /", behaviour)
    assert client().ask(web.url()) == Answer(200)


def test_the_body_is_not_read(web: Web) -> None:
    """However long a page is, its status is all that is waited for."""
    web.does("HEAD /", answer(405))
    web.does("GET /", endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65_536))
    started = time.monotonic()
    assert client().ask(web.url()) == Answer(200)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("address", "host", "path"),
    [
        ("http://news.test:{}/a b#c", None, None),
        ("http://NEWS.test:{}", "news.test", "/"),
        ("http://news.test.:{}/?q#c", "news.test", "/?q"),
        ("http://bücher.test:{}/übersicht?q=ü", "xn--bcher-kva.test", "/%C3%BCbersicht?q=%C3%BC"),
        ("http://straße.test:{}/100%/%41", "xn--strae-oqa.test", "/100%/%41"),
        ("http://新聞.test:{}/(a);b=c,d'e|f", "xn--efvv70d.test", "/(a);b=c,d'e%7Cf"),
    ],
)
def test_an_address_is_sent_as_browsers_send_it(web: Web, address: str, host: str | None, path: str | None) -> None:
    """Names as DNS has them, everything else escaped that must be, and no fragment."""
    found = client().ask(address.format(web.port))
    if host is None:
        assert found == Answer(Fault.OFF_LIMITS)
    else:
        assert [(request.host, request.path) for request in web.requests] == [(host, path)]


# --- Redirects


def test_redirects_are_followed(web: Web) -> None:
    """Of all five kinds, also relative ones and ones in UTF-8, and no answer moves a link but a permanent one."""
    web.redirects("/1", "/2", 303)
    web.redirects("/2", web.url("/3", "other.test"), 307)
    web.redirects("/3", "4?x= y", 308)
    web.redirects("/4?x=%20y", "/5\u00fc", 301)
    assert client().ask(web.url("/1")) == Answer(200)
    assert web.asked[-1] == "HEAD /5%C3%BC"
    assert [request.host for request in web.requests] == ["news.test", "news.test", *["other.test"] * 3]


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [((301,), "/1"), ((308, 301), "/2"), ((301, 302), "/1"), ((302, 301), ""), ((301, 302, 301), "/1")],
)
def test_a_link_has_moved_as_far_as_permanent_redirects_lead(web: Web, statuses: tuple[int, ...], moved: str) -> None:
    """What comes after a passing redirect may be another tomorrow."""
    for n, status in enumerate(statuses):
        web.redirects(f"/{n}" if n else "/", f"/{n + 1}#part", status)
    assert client().ask(web.url()) == Answer(200, moved and web.url(moved))


def test_redirects_end(web: Web) -> None:
    """Five are followed; loops and longer chains are no answer."""
    for n in range(6):
        web.redirects(f"/{n}", f"/{n + 1}")
    assert client().ask(web.url("/1")) == Answer(200)
    assert client().ask(web.url("/0")) == Answer(Fault.ENDLESS)
    assert client().ask(web.redirects("/loop", "/loop")) == Answer(Fault.ENDLESS)
    assert client().ask(web.redirects("/nowhere", "")) == Answer(302)


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "ftp://news.test/",
        "gopher://news.test:70/_GET",
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:desk@news.test",
        "http://user:secret@news.test/",
        "http://news.test\\@evil.test/",
        "http://[::1]/",
        "http://[/",
        "http://news.test:22/",
        "https://news.test:8443/",
        "http://news.test:99999/",
        "http://\ufdfa/",
        "http://x..y/",
        f"/{'x' * 3000}",
    ],
)
def test_a_redirect_leads_to_the_web_or_nowhere(web: Web, location: str) -> None:
    """Other schemes, credentials, ports that the link did not name and what is no address are not asked."""
    connected = []
    asker = client(resolve=lambda host, port: connected.append((host, port)) or ["127.0.0.1"])
    assert asker.ask(web.redirects("/", location)) == Answer(Fault.OFF_LIMITS)
    assert connected == [("news.test", web.port)]


# --- On guard


@pytest.mark.parametrize(
    "address",
    """127.0.0.1 127.8.8.8 0.0.0.0 0.1.2.3 10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1
    192.0.2.1 198.51.100.1 203.0.113.1 198.18.0.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
    :: ::1 fe80::1 fe80::1%eth0 fec0::1 fc00::1 fd12:3456::1 ff02::1 ff0e::1 2001:db8::1 3fff::1 100::1 5f00::1
    2001::1 2001:10::1 64:ff9b:1::a01:203 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::127.0.0.1
    64:ff9b::127.0.0.1 64:ff9b::a9fe:a9fe 2002:7f00:1::1 2002:a00:1::1 2002:c0a8:101::""".split(),
)
def test_an_address_that_is_not_public_is_never_asked(address: str) -> None:
    """Loopback, private, link-local, shared, reserved, multicast and documentation, also wrapped in IPv6."""
    assert not is_public(address)
    assert Client(SITE, QUICK, resolve=lambda *_: [address]).ask("http://news.test/") == Answer(Fault.OFF_LIMITS)


@pytest.mark.parametrize(
    "address",
    "8.8.8.8 93.184.215.14 207.241.224.2 2606:4700::1111 2a00:1450:4001::200e ::ffff:8.8.8.8 64:ff9b::808:808".split(),
)
def test_an_address_that_is_public_may_be_asked(address: str) -> None:
    """The internet, also through a translator of IPv6-only networks (NAT64)."""
    assert is_public(address)


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "127.1", "2130706433", "0x7f000001", "017700000001", "127.0.0.1.", "0"]
)
def test_loopback_is_not_asked_in_any_spelling(web: Web, host: str) -> None:
    """What the system makes of a name is looked at, not the name."""
    assert Client(SITE, QUICK).ask(web.url("/", host)).found in (Fault.OFF_LIMITS, Fault.NO_HOST)
    assert web.requests == []


def test_one_private_address_among_public_ones_is_enough(web: Web) -> None:
    """A host of which any address is private is not asked."""
    asker = Client(SITE, QUICK, resolve=lambda *_: ["8.8.8.8", "127.0.0.1"])
    assert asker.ask(web.url()) == Answer(Fault.OFF_LIMITS)


def test_a_redirect_to_a_private_host_is_not_followed(web: Web) -> None:
    """Each hop is looked at as the first was."""
    hosts = {"news.test": ["127.0.0.1"], "metadata.test": ["169.254.169.254"]}
    asker = client(resolve=lambda host, _: hosts[host], is_public=lambda address: address == "127.0.0.1")
    assert asker.ask(web.redirects("/", web.url("/latest", "metadata.test"))) == Answer(Fault.OFF_LIMITS)


def test_the_address_that_was_looked_at_is_the_one_that_is_asked(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name is looked up once for each request, so that a second answer of the DNS is of no use to anybody."""
    answers = iter(["127.0.0.1", "10.0.0.1"])
    looked_at: list[str] = []
    connected = []
    connect = socket.create_connection
    monkeypatch.setattr(socket, "create_connection", lambda to, *rest: connected.append(to[0]) or connect(to, *rest))
    asker = client(resolve=lambda *_: [next(answers)], is_public=lambda a: not looked_at.append(a))
    assert asker.ask(web.url()) == Answer(200)
    assert looked_at == connected == ["127.0.0.1"]


def test_no_proxy_is_used(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment sends no request elsewhere."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    assert client().ask(web.url()) == Answer(200)


# --- What servers do


def endless(head: bytes, part: bytes, pause: float = 0) -> Callable[[socket.socket], None]:
    """A server that goes on until it is left."""

    def go_on(connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(part)
            time.sleep(pause)

    return go_on


@pytest.mark.parametrize(
    ("behaviour", "found"),
    {
        "nothing": (b"", Fault.GARBLED),
        "another protocol": (b"220 mail.test ESMTP\r\n", Fault.GARBLED),
        "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Fault.GARBLED),
        "no status": (b"HTTP/1.1 \r\n\r\n", Fault.GARBLED),
        "a status in words": (b"HTTP/1.1 OK OK\r\n\r\n", Fault.GARBLED),
        "a long status": (b"HTTP/1.1 20000 OK\r\n\r\n", Fault.GARBLED),
        "another version": (b"HTTP/9.9 200 OK\r\n\r\n", Fault.GARBLED),
        "a long line": (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n", Fault.GARBLED),
        "many headers": (b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 200 + b"\r\n", Fault.GARBLED),
        "a status line without end": (endless(b"", b"x" * 1000), Fault.GARBLED),
        "headers without end": (endless(b"HTTP/1.1 200 OK\r\n", b"X: x\r\n"), Fault.GARBLED),
        "more to come, always": (
            endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
            Fault.GARBLED if hasattr(http.client, "_MAXINTERIMRESPONSES") else Fault.SILENT,  # Python 3.14 gives up
        ),
        "a header by drops": (endless(b"HTTP/1.1 200 OK\r\nX: ", b"x", 0.05), Fault.SILENT),
        "silence": (lambda _: time.sleep(1), Fault.SILENT),
        "bytes that are no text": (b"HTTP/1.1 404 \xff\xfe\r\n\xff: \xfe\r\n\0\r\n\r\n", 404),
        "headers that are none": (b"HTTP/1.1 404 X\r\nnonsense\r\n: x\r\n\r\n", 404),
        "a wrong length": (b"HTTP/1.1 404 X\r\nContent-Length: 9" + b"9" * 5000 + b"\r\n\r\n", 404),
        "no end": (b"HTTP/1.1 404 X", 404),
        "a bare status": (b"HTTP/1.0 404\n\n", 404),
    }.values(),
)
def test_whatever_a_server_does_becomes_an_answer(web: Web, behaviour: Behaviour, found: int | Fault) -> None:
    """Within the time that an answer may take, and without an exception."""
    started = time.monotonic()
    asker = client(IMPATIENT if found is Fault.SILENT else QUICK)
    assert asker.ask(web.does("/", behaviour)) == Answer(found)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    "resolving",
    [
        lambda *_: [],
        lambda *_: (_ for _ in ()).throw(socket.gaierror(socket.EAI_NONAME, "Name or service not known")),
        lambda *_: (_ for _ in ()).throw(UnicodeError("label too long")),
    ],
)
def test_a_host_without_an_address(resolving: Resolve) -> None:
    """The domain is gone, or the name was never one."""
    assert client(resolve=resolving).ask("https://gone.test/") == Answer(Fault.NO_HOST)


def test_a_host_that_takes_no_connection() -> None:
    """Refusing is not the same as having no way to it: many a network has no IPv6."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://news.test:{free.getsockname()[1]}/"
        assert client().ask(address) == Answer(Fault.UNREACHABLE)


def test_no_way_to_a_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """A network without IPv6 says nothing of a host that has nothing else; the addresses are tried one by one."""

    def connect(to: tuple[str, int], _: float) -> socket.socket:
        tried.append(to[0])
        raise OSError(asking.errno.ENETUNREACH, "Network is unreachable")

    tried: list[str] = []
    monkeypatch.setattr(socket, "create_connection", connect)
    asker = client(resolve=lambda *_: ["2606:4700::1", "2606:4700::1", "2606:4700::2"])
    assert asker.ask("https://six.test/") == Answer(Fault.NO_WAY)
    assert tried == ["2606:4700::1", "2606:4700::2"]


def test_tls_with_what_speaks_none() -> None:
    """A secure connection that cannot be made is no answer."""

    def serve(listening: socket.socket) -> None:
        with listening.accept()[0] as connection, suppress(OSError):
            connection.recv(4096)
            connection.sendall(answer(200))
            connection.recv(4096)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,))
        thread.start()
        assert client().ask(f"https://news.test:{listening.getsockname()[1]}/") == Answer(Fault.UNTRUSTED)
        thread.join()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes its certificate with openssl")
def test_tls_is_for_the_name_though_the_connection_is_to_the_address(tmp_path: Path) -> None:
    """A certificate for the link's host is good where it is trusted, and for no other host."""
    key, certificate = str(tmp_path / "key.pem"), str(tmp_path / "certificate.pem")
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=news.test"
    more = ["-addext", "subjectAltName=DNS:news.test", "-keyout", key, "-out", certificate]
    subprocess.run([*command.split(), *more], check=True, capture_output=True)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate, key)
    trust = ssl.create_default_context(cafile=certificate)

    def serve(listening: socket.socket) -> None:
        for _ in range(3):
            plain, _ = listening.accept()
            try:
                with serving.wrap_socket(plain, server_side=True) as connection:
                    connection.recv(4096)
                    connection.sendall(answer(200))
            except OSError:
                plain.close()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        thread = threading.Thread(target=serve, args=(listening,))
        thread.start()
        assert client(trust=trust).ask(f"https://news.test:{port}/") == Answer(200)
        assert client(trust=trust).ask(f"https://other.test:{port}/") == Answer(Fault.UNTRUSTED)
        assert client().ask(f"https://news.test:{port}/") == Answer(Fault.UNTRUSTED)
        thread.join()


@pytest.mark.parametrize(
    ("behaviour", "body"),
    [
        (answer(200, body=b"{}"), b"{}"),
        (b"HTTP/1.1 200 X\r\n\r\nto the end", b"to the end"),
        (b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n", b"abcde"),
        (b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n" + b"x" * 200_000, b"x" * 65_536),
        (b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\nnonsense", b""),
        (b"HTTP/1.1 200 X\r\nContent-Length: 100\r\n\r\ncut", b"cut"),
        (answer(200, body=b"x" * 100_000), b"x" * 65_536),
        (answer(404, body=b"nothing here"), b""),
        (b"garbage", b""),
    ],
)
def test_of_a_body_only_the_beginning_is_read(web: Web, behaviour: bytes, body: bytes) -> None:
    """At most 64 KiB, however it is framed, and of a good answer only."""
    assert client().read(web.does("/", behaviour)) == body
    assert web.asked == ["GET /"]


# --- Politeness


def patient(clock: Clock, **limits: float) -> Client:
    """A client with the pauses that users get, on a clock of its own."""
    return client(Limits(timeout=2, answer=4, **limits), sleep=clock.sleep, clock=clock.now)  # type: ignore[arg-type]


def test_a_host_has_a_pause_after_each_request(web: Web) -> None:
    """Also between HEAD and GET, in redirects, and for www; other hosts are asked meanwhile."""
    clock = Clock()
    asker = patient(clock)
    web.does("HEAD /a", answer(405))
    web.redirects("/b", web.url("/c", "www.news.test"))
    asker.ask(web.url("/a"))
    assert clock.slept == [1]
    asker.ask(web.url("/b"))
    assert clock.slept == [1, 1, 1]
    asker.ask(web.url("/", "other.test"))
    assert clock.slept == [1, 1, 1]


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_asks_for_a_while_is_waited_for(web: Web, status: int) -> None:
    """A short Retry-After is kept, and the address asked once more."""
    clock = Clock()
    answers = iter([answer(status, "Retry-After: 7"), answer(200)])
    assert patient(clock).ask(web.does("/", lambda c: c.sendall(next(answers)))) == Answer(200)
    assert clock.slept == [7]


@pytest.mark.parametrize(
    ("behaviour", "is_left_alone"),
    [
        (answer(429), True),
        (answer(429, "Retry-After: 3"), True),
        (answer(429, "Retry-After: 3600"), True),
        (answer(503, "Retry-After: 3600"), True),
        (answer(503, "Retry-After: Sun, 22 Nov 2026 07:28:00 GMT"), True),
        (answer(503, "Retry-After: 999999999999999999999999"), True),
        (answer(503, "Retry-After: -1"), True),
        (answer(503), False),
        (answer(403), False),
    ],
)
def test_a_server_that_has_had_enough_is_left_alone(web: Web, behaviour: bytes, is_left_alone: bool) -> None:
    """For the rest of the run: its other links are left for the next one."""
    asker = patient(Clock())
    web.does("/", behaviour)
    assert isinstance(asker.ask(web.url("/")).found, int)
    assert asker.ask(web.url("/other")) == Answer(Fault.NOT_ASKED if is_left_alone else 200)
    assert asker.ask(web.url("/", "else.test")) != Answer(Fault.NOT_ASKED)


def test_requests_are_counted(web: Web) -> None:
    """Redirects and second tries count; when they are used up, nothing more is asked."""
    asker = client(Limits(pause=0, requests=5))
    web.does("HEAD /a", answer(405))
    web.redirects("/b", "/c")
    assert asker.ask(web.url("/a")) == asker.ask(web.url("/b")) == Answer(200)
    web.redirects("/d", "/e")
    assert asker.ask(web.url("/d")) == asker.ask(web.url("/f")) == Answer(Fault.NOT_ASKED)
    assert len(web.requests) == 5


def test_a_host_is_asked_one_thing_at_a_time(web: Web, tmp_path: Path) -> None:
    """Also where links to another host redirect to it; hosts are asked side by side, up to a limit."""
    web.delay = 0.01
    hosts = [f"{n}.test" for n in range(6)]
    for n in range(4):
        web.redirects(f"/to/{n}", web.url("/", "0.test"))
    links = [link(web.url(path, host)) for host in hosts for path in ("/a", "/b", *(f"/to/{n}" for n in range(4)))]
    report = check_links(links, tmp_path / "links.json", NOW, client(Limits(pause=0, hosts=3)))
    assert (report.asked, report.left_over) == (36, 0)
    assert set(web.most_at_once.values()) == {1}


# --- What is made of the answers


def link(address: str, *places: str, is_original: bool = False, seen: datetime | None = None) -> OutsideLink:
    """A link, somewhere on the site."""
    return OutsideLink(address, places or ("2024/03/river/index.html",), is_original, seen)


class Told(Client):
    """A client that is told what it finds."""

    def __init__(self, found: dict[str, int | Fault | Answer], body: bytes = b"", hosts: int = 1) -> None:
        super().__init__(SITE, Limits(hosts=hosts))
        self.found, self.body = found, body
        self.asked: list[str] = []
        self.looked_up: list[str] = []

    def ask(self, address: str) -> Answer:
        """What was told, else 200."""
        self.asked.append(address)
        found = self.found.get(address, 200)
        return found if isinstance(found, Answer) else Answer(found)

    def read(self, address: str) -> bytes:
        """The one body."""
        self.looked_up.append(address)
        return self.body


WELL, OTHER = "https://well.test/", "https://other.test/a"
STORE = "cache/links.json"


def run(folder: Path, found: int | Fault, now: datetime = NOW, **parts: object) -> LinkReport:
    """A run over a link that is found so, beside one that is well."""
    address = link(OTHER, **parts)  # type: ignore[arg-type]
    return check_links([address, link(WELL)], folder / STORE, now, Told({OTHER: found}))


AT_ONCE = [404, 410]
IF_IT_STAYS_SO = [500, 502, 504, 520, Fault.NO_HOST, Fault.UNREACHABLE]
NEVER = [
    *(400, 401, 402, 403, 405, 406, 408, 418, 421, 425, 429, 451, 503, 511, 600, 999, 300, 302, 304),
    *(Fault.NO_WAY, Fault.UNTRUSTED, Fault.SILENT, Fault.GARBLED, Fault.ENDLESS, Fault.OFF_LIMITS),
]


@pytest.mark.parametrize("found", AT_ONCE)
def test_a_page_that_is_gone_is_dead_at_once(tmp_path: Path, found: int) -> None:
    """404 and 410 leave no doubt."""
    report = run(tmp_path, found)
    assert [problem.rule for problem in report.problems] == ["audit/link-dead"]
    assert report.undecided == ()


@pytest.mark.parametrize("found", IF_IT_STAYS_SO)
def test_a_host_that_fails_is_dead_when_it_fails_again_on_another_day(tmp_path: Path, found: int | Fault) -> None:
    """Once is undecided; so is twice on a day, where it is not even asked."""
    first = run(tmp_path, found)
    again = run(tmp_path, found, NOW + DAY / 2)
    assert first.problems == again.problems == ()
    assert [remark.link.url for remark in again.undecided] == [OTHER]
    later = run(tmp_path, found, NOW + DAY)
    assert ", since 2026-11-21" in later.problems[0].message
    assert later.undecided == ()


@pytest.mark.parametrize("found", NEVER)
def test_what_is_not_certain_is_never_a_problem(tmp_path: Path, found: int | Fault) -> None:
    """However often it is found."""
    for n in range(4):
        report = run(tmp_path, found, NOW + n * DAY)
        assert report.problems == ()
        assert [remark.link.url for remark in report.undecided] == [OTHER]
        assert report.asked == (2 if n == 0 else 1)


def test_every_fault_has_its_verdict() -> None:
    """The tables above are complete."""
    named = {found for found in [*AT_ONCE, *IF_IT_STAYS_SO, *NEVER] if isinstance(found, Fault)}
    assert named == set(Fault) - {Fault.NOT_ASKED}


@pytest.mark.parametrize("between", [200, 403, Fault.SILENT])
def test_failing_begins_anew_after_anything_better(tmp_path: Path, between: int | Fault) -> None:
    """A host that comes and goes is not dead."""
    for n, found in enumerate([500, between, 500]):
        assert run(tmp_path, found, NOW + 8 * n * DAY).problems == ()


def test_a_daily_job_need_not_begin_on_the_second(tmp_path: Path) -> None:
    """A day is a day less a few hours, and so is a week."""
    run(tmp_path, Fault.NO_HOST)
    report = run(tmp_path, Fault.NO_HOST, NOW + DAY - timedelta(minutes=20))
    assert (report.asked, len(report.problems)) == (1, 1)
    assert run(tmp_path, 200, NOW + 7 * DAY - timedelta(minutes=20)).asked == 2


def test_a_dead_link_is_dead_until_it_is_asked_again(tmp_path: Path) -> None:
    """A run that asks nothing says the same as the run before."""
    first = run(tmp_path, 404)
    second = run(tmp_path, 200, NOW + DAY / 4)
    assert (second.asked, second.problems) == (0, first.problems)
    assert run(tmp_path, 200, NOW + DAY).problems == ()


def test_a_problem_names_the_place_the_address_and_the_reason(tmp_path: Path) -> None:
    """At the first of the files where the link stands, whatever its fragments."""
    links = [link(f"{OTHER}#x", "b/index.html"), link(OTHER, "feed.xml", "a/index.html"), link(WELL)]
    (problem,) = check_links(links, tmp_path / STORE, NOW, Told({OTHER: 404})).problems
    assert str(problem) == (
        "a/index.html:1:1: audit/link-dead: the link to https://other.test/a (also in 2 other files) is dead: "
        "its host answers 404 Not Found, since 2026-11-21. Link to another page, or to an archived copy from "
        "https://web.archive.org/web/*/https://other.test/a, or take the link away."
    )


def test_a_link_that_has_moved_is_remarked_on(tmp_path: Path) -> None:
    """It is no problem, and moving counts only where there is something in the new place."""
    found: dict[str, int | Fault | Answer] = {
        OTHER: Answer(200, "https://new.test/a"),
        f"{OTHER}/b": Answer(404, "https://new.test/"),
    }
    report = check_links([link(OTHER), link(f"{OTHER}/b")], tmp_path / STORE, NOW, Told(found))
    assert [(remark.link.url, remark.text) for remark in report.moved] == [(OTHER, "https://new.test/a")]
    assert [problem.message.split()[3] for problem in report.problems] == [f"{OTHER}/b"]


def test_what_is_no_web_address_is_passed_over(tmp_path: Path) -> None:
    """Only the web is asked."""
    links = [link("mailto:desk@paper.example"), link("/about/"), link("javascript:alert(1)"), link("")]
    told = Told({})
    assert check_links(links, tmp_path / STORE, NOW, told).links == 0
    assert told.asked == []


# --- Our own line


def test_nothing_is_learnt_without_a_line(tmp_path: Path) -> None:
    """Where no host answers, a control host is asked; where that is silent too, failures say nothing."""
    links = [link(f"https://{n}.test/") for n in range(3)]
    for day in range(3):
        told = Told({each.url: Fault.NO_HOST for each in links} | {CONTROL: Fault.NO_HOST})
        report = check_links(links, tmp_path / STORE, NOW + day * DAY, told)
        assert told.asked[-1] == CONTROL
        assert (report.is_online, report.asked, report.left_over, report.problems) == (False, 0, 3, ())


def test_a_lone_link_that_fails_is_believed_where_the_control_answers(tmp_path: Path) -> None:
    """A run may have nothing to ask but what fails."""
    for day in range(2):
        told = Told({OTHER: Fault.UNREACHABLE})
        report = check_links([link(OTHER)], tmp_path / STORE, NOW + day * DAY, told)
        assert told.asked == [OTHER, CONTROL]
        assert (report.is_online, report.asked, len(report.problems)) == (True, 1, day)


def test_the_control_is_not_asked_where_others_answer(tmp_path: Path) -> None:
    """An answer, whatever it says, is enough; and what connects at all has nothing to do with our line."""
    told = Told({OTHER: Fault.NO_HOST, WELL: 500})
    assert check_links([link(OTHER), link(WELL)], tmp_path / STORE, NOW, told).asked == 2
    assert sorted(told.asked) == [OTHER, WELL]
    told = Told({OTHER: Fault.SILENT})
    assert check_links([link(OTHER)], tmp_path / "other.json", NOW, told).asked == 1
    assert told.asked == [OTHER]


# --- Archived copies


def archived(**changes: object) -> bytes:
    """An answer of the archive, as its documentation has it, with changes; None leaves one out."""
    closest = {
        "available": True,
        "url": "http://web.archive.org/web/20240301120000/https://other.test/a",
        "timestamp": "20240301120000",
        "status": "200",
        **changes,
    }
    closest = {key: value for key, value in closest.items() if value is not None}
    return json.dumps({"url": "other.test/a", "archived_snapshots": {"closest": closest}}).encode()


COPY = "https://web.archive.org/web/20240301120000/https://other.test/a"


def test_a_dead_original_gets_its_archived_copy_proposed(tmp_path: Path) -> None:
    """The copy nearest to when it was read; asked for once, and kept."""
    original = link(OTHER, is_original=True, seen=datetime(2024, 3, 2, 8, tzinfo=UTC))
    told = Told({OTHER: 404}, archived())
    (problem,) = check_links([original, link(WELL)], tmp_path / STORE, NOW, told).problems
    assert problem.remedy == f"Set origin.url to its archived copy {COPY}, or write 'unknown'"
    asked = parse_qs(urlsplit(told.looked_up[0]).query)
    assert told.looked_up[0].startswith(f"{AVAILABLE}?")
    assert asked == {"url": ["other.test/a"], "timestamp": ["20240302080000"]}
    later = Told({OTHER: 404}, archived(timestamp="20250101000000"))
    assert check_links([original, link(WELL)], tmp_path / STORE, NOW + DAY, later).problems == (problem,)
    assert (later.asked, later.looked_up) == ([OTHER], [])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b'"x"',
        b"[" * 100_000,
        b'{"archived_snapshots": {}}',
        b'{"archived_snapshots": []}',
        b'{"archived_snapshots": {"closest": "x"}}',
        archived(available=False),
        archived(available="true"),
        archived(status="404"),
        archived(status=None),
        archived(timestamp=None),
        archived(timestamp=20240301120000),
        archived(timestamp="2024/../../x"),
        archived(timestamp="20240301120000\n"),
    ],
)
def test_without_a_good_copy_the_place_to_look_is_named(tmp_path: Path, body: bytes) -> None:
    """The archive may be down, or know nothing, or say anything."""
    told = Told({OTHER: 404}, body)
    (problem,) = check_links([link(OTHER, is_original=True)], tmp_path / STORE, NOW, told).problems
    assert problem.remedy == (
        "Look for an archived copy at https://web.archive.org/web/*/https://other.test/a and set origin.url to it, "
        "or write 'unknown'"
    )


def test_the_archive_is_asked_for_dead_originals_only(tmp_path: Path) -> None:
    """Not for other links, nor before an original is certainly dead."""
    links = [link(OTHER), link(WELL, is_original=True), link("https://a.test/", is_original=True)]
    told = Told({OTHER: 404, "https://a.test/": 500}, archived())
    check_links(links, tmp_path / STORE, NOW, told)
    assert told.looked_up == []
    told = Told({"https://a.test/": 500, WELL: 200}, archived())
    check_links(links, tmp_path / STORE, NOW + DAY, told)
    assert len(told.looked_up) == 1


def test_a_copy_at_a_false_address_is_not_proposed(tmp_path: Path) -> None:
    """Of what the archive says only the digits are used."""
    told = Told({OTHER: 404}, archived(url="https://evil.test/"))
    (problem,) = check_links([link(OTHER, is_original=True)], tmp_path / STORE, NOW, told).problems
    assert COPY in problem.remedy


# --- What is kept


def test_a_good_link_is_asked_once_a_week_and_a_bad_one_once_a_day(tmp_path: Path) -> None:
    """Results are kept in a file, and are not asked for again while they are fresh."""
    asked = []
    for day in range(9):
        told = Told({OTHER: 403})
        check_links([link(OTHER), link(WELL)], tmp_path / STORE, NOW + day * DAY, told)
        asked.append(len(told.asked))
    assert asked == [2, 1, 1, 1, 1, 1, 1, 2, 1]


def test_the_store_says_what_was_found(tmp_path: Path) -> None:
    """By address: what, when, since when, where to; and nothing of links that are on the site no more."""
    found: dict[str, int | Fault | Answer] = {OTHER: Fault.NO_HOST, WELL: Answer(200, "https://new.test/")}
    check_links([link(OTHER), link(WELL), link("https://old.test/")], tmp_path / STORE, NOW, Told(found))
    check_links([link(OTHER), link(WELL)], tmp_path / STORE, NOW + DAY, Told(found))
    noon = "T12:00:00+00:00"
    assert json.loads((tmp_path / STORE).read_text()) == {
        "format": 1,
        "links": {
            OTHER: {
                "found": "NO_HOST",
                "checked": f"2026-11-22{noon}",
                "first_failed": f"2026-11-21{noon}",
                "moved": "",
                "archive": "",
            },
            WELL: {
                "found": 200,
                "checked": f"2026-11-21{noon}",
                "first_failed": None,
                "moved": "https://new.test/",
                "archive": "",
            },
        },
    }
    assert [path.name for path in (tmp_path / STORE).parent.iterdir()] == ["links.json"]


def test_a_result_from_the_future_is_asked_again(tmp_path: Path) -> None:
    """Clocks go wrong."""
    run(tmp_path, 200, NOW + 300 * DAY)
    assert run(tmp_path, 200).asked == 2


def entry(**changes: object) -> bytes:
    """A store with one entry for `OTHER`, dead for long, with changes; None leaves one out."""
    fields = {"found": 404, "checked": "2026-11-21T11:00:00+00:00", "first_failed": "2026-01-01T00:00:00+00:00"}
    fields |= {"moved": "", "archive": COPY, **changes}
    return json.dumps({"format": 1, "links": {OTHER: {k: v for k, v in fields.items() if v is not None}}}).encode()


def test_a_good_store_is_believed(tmp_path: Path) -> None:
    """So that the next test means something."""
    store = tmp_path / "links.json"
    store.write_bytes(entry())
    report = check_links([link(OTHER, is_original=True)], store, NOW, Told({}))
    assert (report.asked, len(report.problems)) == (0, 1)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\0",
        b"[]",
        b"null",
        b"{",
        b"[" * 200_000,
        b'{"format": 1}',
        b'{"format": 2, "links": {}}',
        b'{"format": 1, "links": []}',
        b'{"format": 1, "links": {"https://other.test/a": 5}}',
        entry().replace(b'"format": 1', b'"format": 99'),
        entry(found="NO_SUCH"),
        entry(found=[]),
        entry(found=None),
        entry(checked="yesterday"),
        entry(checked="2026-11-21T11:00:00"),
        entry(checked="0001-01-01T00:00:00+14:00"),
        entry(checked=7),
        entry(first_failed="x"),
        entry(moved="javascript:alert(1)"),
        entry(moved=[1]),
        entry(archive="https://evil.test/"),
        entry(archive=None),
    ],
)
def test_a_broken_store_is_as_if_it_were_not_there(tmp_path: Path, data: bytes) -> None:
    """Of another program, of another version, cut off, or made by somebody: asked anew, and written anew."""
    store = tmp_path / "links.json"
    store.write_bytes(data)
    report = check_links([link(OTHER)], store, NOW, Told({}))
    assert (report.asked, report.problems, report.moved, report.is_kept) == (1, (), (), True)
    assert json.loads(store.read_bytes())["links"][OTHER]["found"] == 200


def test_the_store_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest results are kept, and a file too large to be ours is not read."""
    run(tmp_path, 403)
    monkeypatch.setattr(results, "_MAX_KEPT", 1)
    assert run(tmp_path, 403, NOW + DAY).asked == 1
    assert list(json.loads((tmp_path / STORE).read_text())["links"]) == [OTHER]
    monkeypatch.setattr(results, "_MAX_BYTES", 10)
    assert run(tmp_path, 403, NOW + DAY).asked == 2


def test_a_store_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """The report is made all the same, and nothing is left lying about."""
    (tmp_path / "links.json").mkdir()
    report = check_links([link(OTHER)], tmp_path / "links.json", NOW, Told({OTHER: 404}))
    assert (report.asked, len(report.problems), report.is_kept) == (1, 1, False)
    (tmp_path / "file").write_text("in the way")
    assert not check_links([], tmp_path / "file" / "links.json", NOW, Told({})).is_kept
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "links.json"]


def test_what_is_left_over_comes_first_in_the_next_run(tmp_path: Path, web: Web) -> None:
    """A run has a limit, and begins with what was asked longest ago, or never; originals before others."""
    links = [link(web.url(f"/{n}"), is_original=n == 7) for n in range(8)]
    seen = []
    for day in range(3):
        report = check_links(links, tmp_path / STORE, NOW + day * DAY, client(Limits(pause=0, requests=3)))
        seen.append((report.asked, report.left_over))
    assert seen == [(3, 5), (3, 2), (2, 0)]
    assert web.asked == [f"HEAD /{n}" for n in (7, 0, 1, 2, 3, 4, 5, 6)]


def test_an_interrupt_keeps_what_has_been_learnt(tmp_path: Path) -> None:
    """Ctrl-C goes through at once, also while a host keeps us waiting, and the next run goes on from there."""

    class Slow(Told):
        def ask(self, address: str) -> Answer:
            if address.endswith("/3"):
                may_end.wait(5)
            return super().ask(address)

    def interrupt(_: str, done: int, __: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    may_end = threading.Event()
    links = [link(f"https://well.test/{n}") for n in range(9)]
    slow = Slow({})
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        check_links(links, tmp_path / STORE, NOW, slow, interrupt)
    assert time.monotonic() - started < 2
    may_end.set()
    assert len(json.loads((tmp_path / STORE).read_text())["links"]) == 3
    assert check_links(links, tmp_path / STORE, NOW, Told({})).asked == 6
    assert len(slow.asked) <= 4


def test_a_bug_is_not_softened(tmp_path: Path) -> None:
    """An exception in a thread is raised where the links are checked, and what was learnt is kept."""

    class Wrong(Told):
        def ask(self, address: str) -> Answer:
            if address == WELL:
                raise AssertionError
            return super().ask(address)

    with pytest.raises(AssertionError):
        check_links([link(OTHER), link(WELL)], tmp_path / STORE, NOW, Wrong({}))
    assert list(json.loads((tmp_path / STORE).read_text())["links"]) == [OTHER]


def test_progress_is_shown(tmp_path: Path) -> None:
    """For what is asked, and for copies that are looked for."""
    shown: list[tuple[str, int, int]] = []
    links = [link(OTHER, is_original=True), link(WELL)]
    check_links(links, tmp_path / STORE, NOW, Told({OTHER: 404}), lambda *state: shown.append(state))
    assert shown == [
        ("Asking outside links", 1, 2),
        ("Asking outside links", 2, 2),
        ("Looking for archived copies", 1, 1),
    ]


def test_from_end_to_end(tmp_path: Path, web: Web) -> None:
    """Links of a site, a server, a store: two runs."""
    web.does("/dead", answer(404))
    web.does("/busy", answer(503))
    web.redirects("/moved", "/new", 301)
    web.does("/odd", b"garbage")
    links = [link(web.url(path)) for path in ("/", "/dead", "/busy", "/moved", "/odd")]
    for asked in (5, 0):
        report = check_links(links, tmp_path / STORE, NOW, client())
        assert (report.links, report.asked, report.left_over) == (5, asked, 0)
        assert [web.url("/dead") in problem.message for problem in report.problems] == [True]
        assert [(remark.link.url, remark.text) for remark in report.moved] == [(web.url("/moved"), web.url("/new"))]
        assert [remark.text for remark in report.undecided] == [
            "its host answers 503 Service Unavailable",
            "its host breaks off, or speaks no HTTP",
        ]
