"""The preview: who is answered, with what, what an open page is told, and that `public/` is left alone."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from broadsheet.build.engine import Options
from broadsheet.problem import Problem
from broadsheet.serve import preview
from broadsheet.serve.answer import Answer, answer
from broadsheet.serve.copy import opened, with_client
from broadsheet.serve.server import LOOPBACK, Server, is_own
from broadsheet.serve.state import State
from tests.making import CONFIG, Site
from tests.test_cli import OWN, ROOT

SECRET = b"SECRET"
PAGE = (
    b"<!doctype html><html><head><meta charset=utf-8>"
    b"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'self'\">"
    b'<link rel="stylesheet" href="/repo/theme/style.css?v=00c0ffee"></head><body>Front page</body></html>'
)
FILES = {
    "index.html": PAGE,
    "404.html": b"<html><head></head><body>Not here</body></html>",
    "2024/03/river/index.html": b"<html><head></head><body>A river</body></html>",
    "both.html": b"<p>The file",
    "both/index.html": b"<p>The folder",
    "only.html": b"<p>Only",
    "feed.xml": b"<rss/>",
    "rights.json": b"{}",
    "robots.txt": b"User-agent: *",
    "theme/style.css": b"p {}",
    "theme/type.woff2": b"wOF2",
    "theme/icon.svg": b"<svg/>",
    "odd": b"\0",
    "caf\u00e9/index.html": b"<p>Coffee",
    "a b+c%20/index.html": b"<p>Spaces",
    ".well-known/tdmrep.json": b"[]",
    ".nojekyll": SECRET,
    "theme/.hidden/x.txt": SECRET,
}


@pytest.fixture
def state(tmp_path: Path) -> State:
    """A site under /repo/, with more on the disk than is of it."""
    output = tmp_path / "out" / "put"
    unlisted = {".broadsheet.json": SECRET, "unlisted.txt": SECRET, "unlisted/index.html": SECRET}
    for name, data in {**FILES, **unlisted, "../beside.txt": SECRET, "../../up.txt": SECRET}.items():
        (output / name).parent.mkdir(parents=True, exist_ok=True)
        (output / name).write_bytes(data)
    return State(output=output, number=5, base_path="/repo/", files=frozenset(FILES))


@pytest.fixture
def server(state: State) -> Iterator[Server]:
    """That site, served on a free port."""
    made = preview.start("127.0.0.1", 0, state.output)
    made.board.show(state)
    threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def ask(server: Server, data: bytes) -> bytes:
    """All that is answered to these bytes, until the server has no more to say."""
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=20) as client:
        client.sendall(data)
        client.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionError):  # closed while something was not read
            return b"".join(iter(lambda: client.recv(65536), b""))
    return b""


def get(server: Server, target: bytes, *, method: bytes = b"GET", host: str = "", more: bytes = b"") -> bytes:
    """The answer to a well-formed request."""
    name = (host or f"127.0.0.1:{server.server_port}").encode("latin-1")
    return ask(server, b"%s %s HTTP/1.1\r\nHost: %s\r\n%s\r\n" % (method, target, name, more))


def status(answered: bytes) -> int:
    """Of an answer; 0 where there is none."""
    return int(answered.split(b" ", 2)[1]) if answered.startswith(b"HTTP/1.1 ") else 0


@pytest.mark.parametrize(
    ("target", "expected", "what"),
    [
        ("/repo/", 200, "index.html"),
        ("/repo/index.html", 200, "index.html"),
        ("/repo/?page=2", 200, "index.html"),
        ("/repo", 301, "/repo/"),
        ("/repo/2024/03/river/", 200, "2024/03/river/index.html"),
        ("/repo/2024/03/river", 301, "/repo/2024/03/river/"),
        ("/repo/2024/03/river?a=b", 301, "/repo/2024/03/river/"),
        ("/repo/2024/03/%72iver/", 200, "2024/03/river/index.html"),
        ("/repo/2024/03/", 404, "404.html"),
        ("/repo/both", 200, "both.html"),
        ("/repo/both/", 200, "both/index.html"),
        ("/repo/only", 200, "only.html"),
        ("/repo/only/", 404, "404.html"),
        ("/repo/Only", 404, "404.html"),
        ("/repo/feed.xml", 200, "feed.xml"),
        ("/repo/feed.xml/", 404, "404.html"),
        ("/repo/caf%C3%A9/", 200, "caf\u00e9/index.html"),
        ("/repo/caf%c3%a9", 301, "/repo/caf%C3%A9/"),
        ("/repo/a%20b+c%2520", 301, "/repo/a%20b%2Bc%2520/"),
        ("/repo/.well-known/tdmrep.json", 200, ".well-known/tdmrep.json"),
        ("/repo/nothing", 404, "404.html"),
        ("/nothing", 404, None),
        ("/", 404, None),
        ("/repository/", 404, None),
        ("//repo/", 404, None),
    ],
)
def test_addresses_lead_where_they_lead_on_github_pages(
    state: State, target: str, expected: int, what: str | None
) -> None:
    """Files, folders, endings left out, slashes left out, the site's own 404 page, and nothing beside the site."""
    found = answer(target, state)
    assert (found.status, found.location) == (expected, what if expected == 301 else None)
    if expected != 301:
        assert found.body == FILES[what] if what else b"stands under /repo/" in found.body or not found.body


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("", "text/html; charset=utf-8"),
        ("nothing", "text/html; charset=utf-8"),
        ("feed.xml", "application/xml"),
        ("rights.json", "application/json; charset=utf-8"),
        ("robots.txt", "text/plain; charset=utf-8"),
        ("theme/style.css", "text/css; charset=utf-8"),
        ("theme/type.woff2", "font/woff2"),
        ("theme/icon.svg", "image/svg+xml"),
        ("odd", "application/octet-stream"),
    ],
)
def test_types_are_those_of_github_pages(server: Server, target: str, kind: str) -> None:
    """By the ending alone; HEAD says the same as GET, without the body."""
    answered = get(server, f"/repo/{target}".encode())
    head, _, body = answered.partition(b"\r\n\r\n")
    assert f"\r\nContent-Type: {kind}\r\n".encode() in head
    assert f"\r\nContent-Length: {len(body)}\r\n".encode() in head
    undated = re.compile(rb"Date: [^\r]+")
    alone = get(server, f"/repo/{target}".encode(), method=b"HEAD")
    assert undated.sub(b"", alone) == undated.sub(b"", head + b"\r\n\r\n")


def test_a_reload_always_sees_the_new(server: Server, state: State) -> None:
    """A browser asks each time, and is told that it has the same only as long as it has."""
    before = get(server, b"/repo/feed.xml")
    tag = re.search(rb'ETag: ("\w+")', before)
    assert tag is not None
    assert b"Cache-Control: no-cache" in before
    same = get(server, b"/repo/feed.xml", more=b"If-None-Match: %s\r\n" % tag[1])
    assert (status(same), same.partition(b"\r\n\r\n")[2]) == (304, b"")
    (state.output / "feed.xml").write_bytes(b"<rdf/>")
    assert get(server, b"/repo/feed.xml", more=b"If-None-Match: %s\r\n" % tag[1]).endswith(b"<rdf/>")


def test_two_requests_in_one_connection(server: Server) -> None:
    """Each is answered, in order."""
    host = b"Host: localhost:%d\r\n" % server.server_port
    answered = ask(server, b"".join(b"GET /repo/%s HTTP/1.1\r\n%s\r\n" % (n, host) for n in (b"feed.xml", b"odd")))
    assert answered.index(b"<rss/>") < answered.index(b"\0")
    assert answered.count(b"HTTP/1.1 200 OK") == 2


UP = [
    b"..",
    b"%2e%2e",
    b"%2E%2e",
    b".%2e",
    b"%2e.",
    b"..%00",
    b"%252e%252e",
    b"..;",
    b"%c0%ae%c0%ae",
    b"\xc0\xae\xc0\xae",
]
SLASH = [b"/", b"%2f", b"%2F", b"\\", b"%5c", b"%5C", b"%252f", b"%255c", b"%c0%af", b"%e0%80%af"]
HOSTILE = [
    *(b"/repo/" + up + slash + b"beside.txt" for up in UP for slash in SLASH),
    *(b"/repo/theme" + slash + up + slash + up + slash + b"beside.txt" for up in UP[:4] for slash in SLASH[:6]),
    *(b"/" + (up + b"/") * 12 + b"etc/passwd" for up in UP),
    *(b"/repo/" + path for path in (b".nojekyll", b".broadsheet.json", b"%2ebroadsheet.json", b"theme/.hidden/x.txt")),
    *(b"/repo/" + path for path in (b"unlisted.txt", b"unlisted/", b"unlisted", b"./unlisted.txt", b"/unlisted.txt")),
    *(b"/repo/" + path for path in (b"unlisted.txt%00.html", b"unlisted.txt%00", b"unlisted.txt%20", b"unlisted.txt.")),
    *(b"/repo/" + path for path in (b"UNLISTED.TXT", b"unlisted.txt::$DATA", b"unlisted.txt/", b"UNLIST~1.TXT")),
    *(b"/repo/.well-known/" + path for path in (b"../.nojekyll", b".nojekyll", b"..%2f.nojekyll", b"%2e%2e/.nojekyll")),
    *(
        b"/repo/" + path
        for path in (b"C:/up.txt", b"C:%5cup.txt", b"file:///etc/passwd", b"~/up.txt", b"~root/.profile")
    ),
    *(b"//127.0.0.1/", b"//etc/passwd", b"///etc/passwd", b"/etc/passwd", b"/%2fetc/passwd", b"/\\etc\\passwd"),
    *(b"http://127.0.0.1/repo/", b"http://evil.example/repo/unlisted.txt", b"file:///etc/passwd", b"*", b"evil:80"),
    *(b"repo/", b"?", b"#", b"/repo/#/../../up.txt", b"/repo/%", b"/repo/%zz", b"/repo/%u002e%u002e/beside.txt"),
    *(b"/.broadsheet", b"/.broadsheet/", b"/.broadsheet/client.py", b"/.broadsheet/../server.py", b"/.broadsheet/x"),
    *(b"/.broadsheet/client.js/../../server.py", b"/repo/.broadsheet/client.js", b"/.broadsheet/%63lient.js"),
    *(b"/repo/\xe2\x80\xae", b"/repo/\xff", b"/repo/%ff%fe", b"/repo/" + b"a" * 60_000, b"/repo" + b"/.." * 20_000),
]


@pytest.mark.parametrize("target", HOSTILE, ids=lambda target: repr(target[:60]))
def test_no_spelling_of_a_target_leads_out(server: Server, target: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    """404 or a refusal, nothing of the disk, nothing on the terminal."""
    answered = get(server, target)
    assert status(answered) in (0, 400, 404)
    assert not any(text in answered for text in (SECRET, b"root:", b"def ", b"class "))
    assert capfd.readouterr() == ("", "")


def test_links_are_not_followed(server: Server, state: State) -> None:
    """Neither a file that is one, nor a folder above it, wherever they lead, nor what is no file at all."""
    out = state.output
    (out / "target.txt").write_bytes(SECRET)
    (out / "feed.xml").unlink()
    (out / "feed.xml").symlink_to(out / "target.txt")
    (out / "robots.txt").unlink()
    (out / "robots.txt").symlink_to("robots.txt")
    (out / "rights.json").unlink()
    os.mkfifo(out / "rights.json")
    (out / "2024").rename(out / "real")
    (out / "2024").symlink_to(out / "real")
    (out / "only.html").unlink()
    (out / "only.html").symlink_to(out.parent.parent / "up.txt")
    (out / "odd").unlink()
    (out / "odd").mkdir()
    for target in ("feed.xml", "robots.txt", "rights.json", "2024/03/river/", "only", "only.html", "odd"):
        answered = get(server, f"/repo/{target}".encode())
        assert (status(answered), b"Not here" in answered, SECRET in answered) == (404, True, False), target


def test_an_output_that_is_reached_by_a_link_is_served(state: State) -> None:
    """The folder is the user's choice; what lies in it is not."""
    link = state.output.parent / "link"
    link.symlink_to(state.output)
    assert answer("/repo/feed.xml", replace(state, output=link)).body == b"<rss/>"


ALL = "0.0.0.0"  # noqa: S104 -- nothing is bound to it here
OWN_HOSTS = ["localhost:{}", "LOCALHOST:{}", "127.0.0.1:{}", "[::1]:{}"]
FOREIGN_HOSTS = [
    *("localhost", "127.0.0.1", "[::1]", "localhost:", "localhost:1", "127.0.0.1:80", "127.0.0.1:0{0}0", "{0}"),
    *("evil.example", "evil.example:{}", "localhost.evil.example:{}", "evil.example.localhost:{}", "localhost.:{}"),
    *("127.0.0.1.nip.example:{}", "0.0.0.0:{}", "127.1:{}", "2130706433:{}", "0x7f.1:{}", "127.0.0.2:{}", "::1:{}"),
    *("[::]:{}", "[::ffff:127.0.0.1]:{}", "[0:0:0:0:0:0:0:1]:{}", "[fe80::1%25lo]:{}", "[::1:{}", "::1]:{}", "[]:{}"),
    *(
        "localhost:{}@evil.example",
        "evil.example@localhost:{}",
        "localhost:{}/",
        "http://localhost:{}",
        "localhost :{}",
    ),
    *("localhost:{},evil.example", "localhost:{} evil.example", "localhost:{};", "localhost:{}#", "local\u017fhost:{}"),
]


@pytest.mark.parametrize("host", OWN_HOSTS)
def test_its_own_names_are_answered(server: Server, host: str) -> None:
    """Those of the loopback, in any case, with the port."""
    assert status(get(server, b"/repo/feed.xml", host=host.format(server.server_port))) == 200


@pytest.mark.parametrize("host", [h for h in FOREIGN_HOSTS if h.isascii()])
@pytest.mark.parametrize("target", [b"/repo/feed.xml", b"/.broadsheet/events", b"/.broadsheet/client.js"])
def test_another_name_gets_nothing(server: Server, host: str, target: bytes) -> None:
    """421 (RFC 9110, section 15.5.20), without a body: a name of somebody else's may lead here."""
    head, _, body = get(server, target, host=host.format(server.server_port)).partition(b"\r\n\r\n")
    assert (status(head), body) == (421, b"")


@pytest.mark.parametrize(
    "hosts", [b"", b"Host:\r\n", b"Host: localhost:{}\r\nHost: evil.example\r\n", b"Host: \xff:{}\r\n"]
)
def test_no_name_or_two_get_nothing(server: Server, hosts: bytes) -> None:
    """400 or 421, without a body."""
    head, _, body = ask(
        server, b"GET /repo/ HTTP/1.1\r\n%s\r\n" % hosts.replace(b"{}", b"%d" % server.server_port)
    ).partition(b"\r\n\r\n")
    assert (status(head) in (400, 421), body) == (True, b"")


@pytest.mark.parametrize(
    ("given", "host", "port", "expected"),
    [
        ("localhost", "127.0.0.1", 80, True),
        ("localhost:80", "127.0.0.1", 80, True),
        ("desk.local:8000", "desk.local", 8000, True),
        ("Desk.Local:8000", "desk.local", 8000, True),
        ("desk.local:8000", "127.0.0.1", 8000, False),
        ("192.0.2.7:8000", ALL, 8000, True),
        ("[2001:db8::7]:8000", "::", 8000, True),
        ("192.0.2.7:8000", "127.0.0.1", 8000, False),
        ("evil.example:8000", ALL, 8000, False),
        ("[2001:db8::7]:8000", "2001:db8::7", 8000, True),
        ("[2001:db8::8]:8000", "2001:db8::7", 8000, False),
    ],
)
def test_whose_name_is_its_own(given: str, host: str, port: int, expected: bool) -> None:
    """What was given with --host, besides; a server of all addresses goes by addresses, and by no name."""
    assert is_own(given, host, port) is expected


@pytest.mark.parametrize("method", "POST PUT DELETE PATCH OPTIONS TRACE CONNECT PROPFIND get".split())
def test_only_reading_is_answered(server: Server, method: str) -> None:
    """405 for every other method."""
    head, _, body = get(server, b"/repo/feed.xml", method=method.encode()).partition(b"\r\n\r\n")
    assert (status(head), body) == (405, b"")
    assert b"\r\nAllow: GET, HEAD\r\n" in head


@pytest.mark.parametrize(
    "more", [b"Content-Length: 30\r\n", b"Transfer-Encoding: chunked\r\n", b"content-length: -1\r\n"]
)
def test_a_request_with_a_body_is_the_last(server: Server, more: bytes) -> None:
    """So that no body is taken for the next request."""
    host = b"Host: localhost:%d\r\n" % server.server_port
    answered = ask(server, b"GET /repo/ HTTP/1.1\r\n%s%s\r\nGET /repo/feed.xml HTTP/1.1\r\n%s\r\n" % (host, more, host))
    assert (answered.count(b"HTTP/1.1"), status(answered)) == (1, 413)


def known() -> set[bytes]:
    """All bodies that may be sent."""
    client = (ROOT / "broadsheet/serve/client.js").read_bytes()
    return {b"", client, b"The site's base_url says that it stands under /repo/\n", *FILES.values()} - {SECRET}


def body_of(answered: bytes) -> bytes:
    """Of an answer, without the preview's script and what is let in for it."""
    body = answered.partition(b"\r\n\r\n")[2]
    body = re.sub(rb"<script defer src=\"/.broadsheet/client.js\"[^>]*></script>", b"", body)
    return re.sub(rb"; script-src [^;]+; connect-src [^;\"]+", b"", body)


PARTS = st.sampled_from([*UP, *SLASH, b"repo", b"theme", b"unlisted.txt", b"feed.xml", b".broadsheet", b"client.js"])
TARGETS = st.lists(st.one_of(PARTS, st.binary(max_size=6)), max_size=9).map(b"/".join)
LINES = st.lists(
    st.one_of(
        st.sampled_from([b"Host: localhost:PORT", b"Host: evil", b"Range: bytes=0-", b"Expect: 100-continue", b""]),
        st.binary(max_size=30),
    ),
    max_size=5,
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(method=st.sampled_from([b"GET", b"HEAD", b"\x16\x03", b""]), target=TARGETS, lines=LINES)
@example(method=b"GET", target=b"/repo/", lines=[b"Host: localhost:PORT"])
@example(method=b"GET", target=b"/repo/", lines=[b"Host: localhost:PORT", b" folded", b"X"])
def test_whatever_is_sent_only_the_site_comes_back(
    server: Server, capfd: pytest.CaptureFixture[str], method: bytes, target: bytes, lines: list[bytes]
) -> None:
    """A file of the site's, one of the server's own, or nothing; and no traceback."""
    request = b"\r\n".join([b"%s /%s HTTP/1.1" % (method, target), *lines, b"Connection: close", b"", b""])
    answered = ask(server, request.replace(b"PORT", b"%d" % server.server_port))
    # What follows an empty line is another request, and a bad one.
    first, _, _ = answered.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n").partition(b"HTTP/1.1 400 Bad Request")
    assert not first or body_of(first) in known()
    assert capfd.readouterr() == ("", "")


@settings(max_examples=300)
@given(st.binary(max_size=200))
def test_a_target_is_read_or_not_found(target: bytes) -> None:
    """Whatever it is, as the server decodes it; where nothing is built yet, there is a page that says so."""
    text = target.decode("latin-1")
    assert answer(text, State(output=Path("/nowhere"), files=frozenset(["index.html"]))).status in (301, 404)
    assert answer(text, State(output=Path("/nowhere"))).status in (404, 503)


def test_who_says_nothing_or_leaves_does_no_harm(
    server: Server, state: State, capfd: pytest.CaptureFixture[str]
) -> None:
    """Connections that begin a request and stop, and some that are reset in the middle of a long answer."""
    (state.output / "odd").write_bytes(bytes(20_000_000))
    request = b"GET /repo/odd HTTP/1.1\r\nHost: localhost:%d\r\n\r\n" % server.server_port
    with contextlib.ExitStack() as stack:
        for n in range(60):
            client = stack.enter_context(socket.create_connection(("127.0.0.1", server.server_port), timeout=20))
            client.sendall(request if n % 20 == 0 else request[:12])
            if n % 20 == 0:
                assert client.recv(100).startswith(b"HTTP/1.1 200 OK")
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # close with a reset
                client.close()
        assert status(get(server, b"/repo/feed.xml")) == 200
        waiting = [thread for thread in threading.enumerate() if "process_request_thread" in thread.name]
    for thread in waiting:
        thread.join(20)
    assert len(waiting) >= 57
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (
            "default-src 'none'",
            "default-src 'none'; script-src {0}/.broadsheet/client.js; connect-src {0}/.broadsheet/events",
        ),
        (
            "default-src 'self'; script-src 'none'",
            "default-src 'self'; script-src {0}/.broadsheet/client.js; connect-src 'self' {0}/.broadsheet/events",
        ),
        (
            "script-src 'self'; script-src-elem 'NONE'",
            "script-src 'self'; script-src-elem {0}/.broadsheet/client.js",
        ),
        ("Connect-Src a.example;; connect-src 'none'", "connect-src a.example {0}/.broadsheet/events"),
        ("img-src 'self'", "img-src 'self'"),
        ("", ""),
    ],
)
def test_a_policy_lets_in_the_preview_and_nothing_else(policy: str, expected: str) -> None:
    """Where the script or its events were governed, by any directive, they are let in by their addresses."""
    origin = "http://localhost:8000"
    assert opened(policy, origin) == expected.format(origin)


@pytest.mark.parametrize("quote", ['"', "'"])
def test_the_policy_is_found_in_the_page(quote: str) -> None:
    """However a theme writes it; the rest of the page stays byte for byte."""
    policy = "default-src &#39;none&#39;" if quote == "'" else "default-src 'none'"
    meta = f"<META content={quote}{policy}{quote} HTTP-EQUIV={quote}content-security-policy{quote} />"
    page = f"<head><meta name=a content='b'>{meta}<title>x</title></head><body><p>y".encode()
    sent = with_client(page, "http://localhost:8000", "id", 7).decode()
    assert "content=\"default-src 'none'; script-src http://localhost:8000/.broadsheet/client.js; connect" in sent
    assert sent.endswith('data-page="id" data-number="7"></script></head><body><p>y')
    assert sent.startswith("<head><meta name=a content='b'><META content=")
    assert with_client(b"<p>y", "http://localhost:8000", "id", 7).startswith(b"<p>y<script defer src=")


def test_a_new_version_of_a_style_sheet_makes_no_new_page() -> None:
    """The browser takes the sheet alone; any other difference, and another status, is another page."""
    pages = [PAGE, PAGE.replace(b"00c0ffee", b"deadbeef"), PAGE.replace(b"Front", b"Back")]
    one, same, other = (Answer(200, body=page).identity for page in pages)
    assert one == same != other
    assert Answer(404, body=PAGE).identity != one


class Listener:
    """An open page: the events that it is sent."""

    def __init__(self, server: Server, **asked: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", server.server_port), timeout=20)
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        request = f"GET /.broadsheet/events?{query} HTTP/1.1\r\nHost: localhost:{server.server_port}\r\n\r\n"
        self._socket.sendall(request.encode("latin-1"))
        self._lines = self._socket.makefile("rb")

    def told(self) -> dict[str, Any]:
        """The next event's data."""
        found = next(line for line in self._lines if line.startswith(b"data: "))
        data: dict[str, Any] = json.loads(found.removeprefix(b"data: "))
        return data

    def close(self) -> None:
        """Leave."""
        self._lines.close()
        self._socket.close()


def test_an_open_page_is_told_what_it_needs_to_know(server: Server, state: State) -> None:
    """At once what there is, then each change: its own new page, the files that it may have loaded, problems."""
    shown = answer("/repo/", state).identity
    here = Listener(server, path="/repo/", page=shown, since="5")
    elsewhere = Listener(server, path="/repo/2024/03/river/", page="outdated", since="0")
    assert here.told() == {"page": shown, "files": [], "problems": [], "more": 0}
    assert "A river" in elsewhere.told()["html"]
    (state.output / "index.html").write_bytes(PAGE.replace(b"Front page", b"News"))
    touched = {"theme/style.css": 6, "feed.xml": 4}
    server.board.show(
        replace(state, number=6, touched=touched, problems=(Problem("a\x1b.md", 2, 3, "x/y", "<b>", "Mend"),))
    )
    told = here.told()
    assert told["page"] != shown
    assert "News" in told["html"]
    assert told["files"] == ["/repo/theme/style.css"]
    assert told["problems"] == [{"place": "a\ufffd.md:2:3", "rule": "x/y", "message": "<b>", "remedy": "Mend"}]
    assert "html" not in elsewhere.told()
    server.board.show(replace(state, number=7, touched=touched))
    assert here.told() == {"page": told["page"], "files": [], "problems": [], "more": 0}
    here.close()
    elsewhere.close()


@pytest.mark.parametrize(
    "path", ["/repo/gone", "/repo/../beside.txt", "/repo/%2e%2e/beside.txt", "/repo/.nojekyll", "\xff"]
)
def test_an_open_page_is_told_of_no_other_file(server: Server, path: str) -> None:
    """Whatever it says that its address is: it gets what that address gives."""
    listener = Listener(server, path=path.replace("%", "%25"), page="x", since="-1")
    told = listener.told()
    assert "Not here" in told["html"] if path != "\xff" else "html" not in told
    assert SECRET.decode() not in json.dumps(told)
    listener.close()


def test_many_pages_are_told_and_some_leave(server: Server, state: State) -> None:
    """Each of those that stay."""
    pages = [Listener(server, path="/repo/", page="x") for _ in range(40)]
    for page in pages:
        page.told()
    for page in pages[::2]:
        page.close()
    for number in (6, 7):
        server.board.show(replace(state, number=number, problems=(Problem("a", 1, 1, "x/y", "m", "r"),) * 60))
        assert {(len(told["problems"]), told["more"]) for told in (page.told() for page in pages[1::2])} == {(50, 10)}
    for page in pages[1::2]:
        page.close()


def test_without_reloading_pages_are_as_they_were_built(state: State) -> None:
    """Byte for byte, and the addresses of the server's own are nobody's."""
    server = preview.start("127.0.0.1", 0, state.output, is_reloading=False)
    server.board.show(replace(state, base_path="/"))
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    assert get(server, b"/").endswith(b"\r\n\r\n" + PAGE)
    assert status(get(server, b"/.broadsheet/events")) == status(get(server, b"/.broadsheet/client.js")) == 404
    server.shutdown()
    server.server_close()


ORIGIN = "http://127.0.0.1:8000"
MOMENT = datetime(2026, 11, 21, 12, tzinfo=UTC)


def rebuilt(site: Site, before: State | None = None, **changes: Any) -> preview.Built:
    """The site, built for a preview."""
    output = site.root / preview.FOLDER
    options = Options(source=site.root, config=site.root / "config.yaml", output=output, now=MOMENT)
    return preview.rebuild(replace(options, **changes), before or State(output=output), ORIGIN, lambda *_: None)


def test_a_preview_names_itself_and_leaves_the_public_site_alone(site: Site) -> None:
    """Pages and feeds have the server's address with the path of `base_url`, in a folder of its own."""
    site.write("config.yaml", CONFIG.replace("paper.example/", "paper.example/repo/"))
    site.article()
    site.build()
    public = site.files()
    state = rebuilt(site).state
    assert state.base_path == "/repo/"
    assert b'<link rel="canonical" href="http://127.0.0.1:8000/repo/">' in answer("/repo/", state).body
    assert b"http://127.0.0.1:8000/repo/2024/03/river/" in answer("/repo/feed.xml", state).body
    assert site.files() == public
    assert state.output.is_relative_to(site.root / ".cache")
    named = rebuilt(site, base_url="https://other.example/there/").state
    assert b'<link rel="canonical" href="https://other.example/there/">' in answer("/there/", named).body


def test_problems_are_shown_over_what_was_built_before(site: Site) -> None:
    """Until they are mended; before anything was built there is a page that waits for it."""
    site.write("config.yaml", "titel: x\n")
    first = rebuilt(site).state
    assert [p.rule for p in first.problems] == ["config/unknown-key", "config/missing-key", "config/missing-key"]
    assert answer("/any/thing", first).status == 503
    site.write("config.yaml", CONFIG)
    site.article()
    second = rebuilt(site, first).state
    assert (second.problems, answer("/", second).status) == ((), 200)
    path = site.article("two", kind="fulll")
    third = rebuilt(site, second).state
    assert [(p.path, p.rule) for p in third.problems] == [(path, "article/bad-value")]
    assert answer("/2024/03/river/", third).status == 200
    assert first.number < second.number < third.number
    kept = rebuilt(site, second, keep_going=True).state
    assert (len(kept.problems), answer("/2024/03/river/", kept).status) == (1, 200)


def test_what_was_written_is_known_by_the_build_that_wrote_it(site: Site) -> None:
    """But for pages, which know themselves by what they show. What went is no longer served."""
    site.article()
    site.article("two", **OWN)
    first = rebuilt(site).state
    site.write("static/x.css", "p {}")
    (site.root / "content/articles/2024/03/two.md").unlink()
    second = rebuilt(site, first).state
    assert second.touched["x.css"] == second.touched["feed.xml"] == second.number
    assert second.touched["theme/style.css"] == first.number
    assert not [file for file in second.touched if file.endswith(".html")]
    assert answer("/2024/03/two/", second).status == 404
    assert answer("/2024/03/two/", first).status == 404  # of the state before, while the newest is being hung up


def test_drafts_are_shown_as_build_shows_them(site: Site) -> None:
    """Only where they are asked for, and so with the future."""
    site.article("draft", draft=True, **OWN)
    site.article("later", date="2027-01-01", **OWN)
    state = rebuilt(site).state
    assert [answer(f"/{at}/", state).status for at in ("2024/03/draft", "2027/01/later")] == [404, 404]
    state = rebuilt(site, drafts=True, future=True).state
    assert [answer(f"/{at}/", state).status for at in ("2024/03/draft", "2027/01/later")] == [200, 200]


def test_a_bug_is_shown_and_survived(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the page with its place, on the terminal in full, and the next build is as good as any."""
    site.article()
    before = rebuilt(site).state
    with monkeypatch.context() as patched:
        patched.setattr("broadsheet.build.engine.build", lambda *_: 1 // 0)
        built = rebuilt(site, before)
    [problem] = built.state.problems
    assert (problem.rule, problem.path, problem.message[:17]) == ("broadsheet/bug", __file__, "ZeroDivisionError")
    assert "Traceback" in capsys.readouterr().err
    assert (built.report, answer("/", built.state).status) == (None, 200)
    assert rebuilt(site, built.state).state.problems == ()


class Told:
    """Follows a preview in the place of the command line."""

    def __init__(self, last: int) -> None:
        self._last = last
        self.builds: list[preview.Built] = []
        self._more = threading.Condition()

    def progress(self, *_: object) -> None:
        """Nothing."""

    def watching(self, how: str) -> None:
        """Nothing."""

    def built(self, built: preview.Built) -> None:
        """Keep it; end with the last."""
        with self._more:
            self.builds.append(built)
            self._more.notify_all()
        if len(self.builds) == self._last:
            raise KeyboardInterrupt

    def wait_for(self, number: int) -> preview.Built:
        """The build of this number, from 1."""
        with self._more:
            assert self._more.wait_for(lambda: len(self.builds) >= number, 30)
            return self.builds[number - 1]


def test_what_falls_due_appears_without_an_edit(site: Site) -> None:
    """A scheduled article, at its time; then nothing is built until something is edited."""
    due = datetime.now(UTC) + timedelta(seconds=2)
    site.article("later", date=f"{due:%Y-%m-%dT%H:%M:%SZ}", **OWN)
    output = site.root / preview.FOLDER
    server, told = preview.start("127.0.0.1", 0, output), Told(last=3)
    options = Options(source=site.root, config=site.root / "config.yaml", output=output, now=due)

    def run() -> None:
        with contextlib.suppress(KeyboardInterrupt):
            preview.run(options, server, told, lambda: datetime.now(UTC), is_polling=True)

    thread = threading.Thread(target=run)
    thread.start()
    first, second = told.wait_for(1), told.wait_for(2)
    assert [built.report.articles for built in (first, second) if built.report] == [0, 1]
    site.article("now", **OWN)
    assert answer("/2024/03/now/", told.wait_for(3).state).status == 200
    thread.join(30)
    assert not thread.is_alive()


def serving(site: Site, *arguments: str) -> subprocess.Popen[str]:
    """`python build.py serve …` as a process of its own."""
    command = [sys.executable, str(ROOT / "build.py"), "serve", "--source", str(site.root), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_the_command_says_where_to_look_and_ends_with_an_interrupt(site: Site) -> None:
    """Ctrl-C is how a preview ends: exit 0, no traceback, though a page is open."""
    site.article()
    process = serving(site, "--port", "0", "--drafts")
    assert process.stdout is not None
    built, where = process.stdout.readline(), process.stdout.readline()
    assert " Built 1 article: " in built
    found = re.fullmatch(r"Look at it at http://127\.0\.0\.1:(\d+)/ and press Ctrl-C when done\.\n", where)
    assert found is not None
    with socket.create_connection(("127.0.0.1", int(found[1])), timeout=20) as page:
        page.sendall(f"GET /.broadsheet/events HTTP/1.1\r\nHost: localhost:{found[1]}\r\n\r\n".encode())
        assert page.recv(10).startswith(b"HTTP/1.1 2")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (0, "\nThe preview has ended.\n", "")


def test_a_port_that_is_taken_is_said(site: Site) -> None:
    """Exit 2, with what to do; and so for a host that cannot be, and for what is no port."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = site.run("serve", "--port", str(taken.getsockname()[1]))
    assert (result.code, "is taken, perhaps by another preview. Name another with --port" in result.err) == (2, True)
    for host in ("192.0.2.1", "no such host", "x" * 300):
        result = site.run("serve", "--host", host, "--port", "0")
        assert (result.code, "Name others with --host and --port" in result.err) == (2, True), host
    assert site.run("serve", "--port", "65536").code == 2
    assert site.run("serve", "--port", "-1").code == 2


def test_loopback_is_the_default() -> None:
    """Nobody else can ask."""
    from broadsheet.cli.arguments import parser

    assert parser().parse_args(["serve"]).host in LOOPBACK
