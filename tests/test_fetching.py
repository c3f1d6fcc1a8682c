"""Fetching what is to be imported: what servers may do, what is never asked, and how politely it is done.

Servers are threads on the loopback interface (`bad_server`), every name leads to them, and nothing leaves the machine.
"""

from __future__ import annotations

import gzip
import http.client
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from broadsheet import __version__, extras
from broadsheet.network import failure, robots
from broadsheet.network.coding import unpacked
from broadsheet.network.failure import FetchError
from broadsheet.network.fetch import Fetcher
from broadsheet.network.limits import Limits
from broadsheet.network.response import NotModified, Response
from broadsheet.problem import Finding
from tests.bad_server import (
    BadServer,
    Behaviour,
    Clock,
    answer,
    begun,
    bomb,
    chunked,
    drip,
    endless,
    in_turn,
    nested,
    packed,
    page,
    redirect,
    reset,
    serving,
    silence,
)

SITE = "https://paper.example/"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
WELL = b"<p>Well.</p>"
QUICK = Limits(connect=2, silence=2, answer=4, pause=0, patience=2)
IMPATIENT = Limits(connect=0.5, silence=0.4, answer=0.6, pause=0, patience=2)
HTML = "Content-Type: text/html"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment of the tests says."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def web() -> Iterator[BadServer]:
    """A server that runs as long as the test does."""
    with serving() as made:
        yield made


def fetcher(web: BadServer, limits: Limits = QUICK, **parts: object) -> Fetcher:
    """To which every name is on the loopback interface, and that is public; the server's port is a usual one."""
    given = {"is_public": lambda _: True, "resolve": lambda *_: ["127.0.0.1"], "now": lambda: NOW, **parts}
    return Fetcher(SITE, replace(limits, ports=(*limits.ports, web.port)), **given)  # type: ignore[arg-type]


def outcome(found: Response | NotModified | Finding) -> str:
    """A finding's rule without its area, or the kind of what was fetched."""
    return found.rule.removeprefix("import/") if isinstance(found, Finding) else type(found).__name__


# --- What is fetched


def test_a_page(web: BadServer) -> None:
    """Bytes, and what the server says of them."""
    headers = ['ETag: W/"a1"', "Last-Modified: Sat, 21 Nov 2026 10:00:00 GMT", "Set-Cookie: a=b"]
    web.does("/a?b=c", page(WELL, *headers))
    assert fetcher(web).fetch(web.url("/a?b=c#part")) == Response(
        data=WELL,
        url=web.url("/a?b=c"),
        redirects=0,
        media_type="text/html",
        charset="utf-8",
        etag='W/"a1"',
        modified="Sat, 21 Nov 2026 10:00:00 GMT",
    )


def test_who_asks_is_said(web: BadServer) -> None:
    """A request names the program, its version, what it is for and the site, and nothing else of anybody."""
    fetcher(web).fetch(web.url("/a"), accept="text/html")
    robots_txt, asked = web.requests
    assert (robots_txt.target, asked.target) == ("/robots.txt", "/a")
    assert asked.headers == {
        "Host": f"news.test:{web.port}",
        "User-Agent": f"Broadsheet/{__version__} (import; +{SITE})",
        "Accept": "text/html",
        "Accept-Encoding": "gzip, deflate",
        "Connection": "close",
    }
    assert robots_txt.headers["User-Agent"] == asked.headers["User-Agent"]


def test_a_site_of_any_name_can_ask(web: BadServer) -> None:
    """Headers are ASCII, and names of sites need not be."""
    asker = Fetcher("https://新聞.test/ü/", QUICK, allow_private=True, resolve=lambda *_: ["127.0.0.1"])
    assert isinstance(asker.fetch(web.url()), Response)
    assert web.requests[-1].headers["User-Agent"].endswith("(import; +https://xn--efvv70d.test/%C3%BC/)")


def test_no_cookie_is_sent_back(web: BadServer) -> None:
    """Neither within a chain of redirects nor later."""
    web.does("/login", answer(302, "Location: /in", "Set-Cookie: session=1; Path=/"))
    asker = fetcher(web)
    asker.fetch(web.url("/login"))
    asker.fetch(web.url("/"))
    assert web.asked == ["/login", "/in", "/"]
    assert not any("Cookie" in request.headers for request in web.requests)


def test_only_what_is_new(web: BadServer) -> None:
    """With what an earlier response said of itself, a server may answer that nothing has changed."""
    web.does("/", answer(304))
    found = fetcher(web).fetch(web.url(), etag='"a1"', modified="Sat, 21 Nov 2026 10:00:00 GMT")
    assert found == NotModified(url=web.url())
    asked = web.requests[-1].headers
    assert (asked["If-None-Match"], asked["If-Modified-Since"]) == ('"a1"', "Sat, 21 Nov 2026 10:00:00 GMT")


@pytest.mark.parametrize("false", ["a1", '"a\r\nX: y"', '"a" "b"', '"\u00fc"', f'"{"x" * 300}"'])
def test_a_false_validator_is_neither_kept_nor_sent(web: BadServer, false: str) -> None:
    """Where an entity tag has been is a file that anybody may have altered."""
    web.does("/", page(WELL, f"ETag: {false}".replace("\r\n", " ")))
    found = fetcher(web).fetch(web.url(), etag=false, modified="yesterday\r\nX: y")
    assert isinstance(found, Response)
    assert found.etag == ""
    assert web.requests[-1].headers.keys().isdisjoint(("If-None-Match", "If-Modified-Since", "X"))


PACKED = {
    "gzip": packed("gzip", gzip.compress(WELL)),
    "gzip, by its old name": packed("X-GZIP", gzip.compress(WELL)),
    "gzip in two members": packed("gzip", gzip.compress(WELL[:5]) + gzip.compress(WELL[5:])),
    "gzip, and something after it": packed("gzip", gzip.compress(WELL) + b"\0\0 nobody's"),
    "deflate": packed("deflate", zlib.compress(WELL)),
    "deflate without its frame": packed("deflate", zlib.compress(WELL)[2:-4]),
    "not packed, as it says": packed("identity", WELL),
    "chunks": chunked(b"5\r\n<p>We\r\n", b"7;x=y\r\nll.</p>\r\n", b"0\r\nX: y\r\n\r\n"),
    "chunks, and a length": chunked(b"c\r\n" + WELL + b"\r\n0\r\n\r\n").replace(b"Tra", b"Content-Length: 3\r\nTra"),
    "no length": begun(200, HTML) + WELL,
    "its length twice": page(WELL, f"Content-Length: {len(WELL)}"),
    "HTTP/1.0": page(WELL).replace(b"HTTP/1.1", b"HTTP/1.0"),
    "bare line feeds": page(WELL).replace(b"\r\n", b"\n"),
    "to be continued": begun(100) + page(WELL),
    "headers that are none": begun(200, HTML, "nonsense", ": x", "\u00ff: \u00fe") + WELL,
}


@pytest.mark.parametrize("behaviour", PACKED.values(), ids=PACKED)
def test_however_a_body_is_sent_it_is_the_same(web: BadServer, behaviour: bytes) -> None:
    """Content codings, transfer codings and the ends of bodies."""
    found = fetcher(web).fetch(web.does("/", behaviour))
    assert isinstance(found, Response), found
    assert found.data == WELL


@pytest.mark.parametrize(
    ("stated", "media_type", "charset"),
    [
        ("text/html", "text/html", ""),
        ('Application/ATOM+XML; Charset="UTF-8"', "application/atom+xml", "utf-8"),
        ("application/feed+json;charset=utf-8", "application/feed+json", "utf-8"),
        ("text/x-opml;x=y; charset = latin1", "text/x-opml", "latin1"),
        ("text/html; charset=klingon", "text/html", "klingon"),
        ("text/html; charset=<b>", "text/html", ""),
        ("text/plain; charset=", "text/plain", ""),
        ("", "", ""),
        ("html", "", ""),
        (";;;=/", "", ""),
        ("text/html, text/plain", "", ""),
        ("\u00fc/\u00fc", "", ""),
    ],
)
def test_a_media_type(web: BadServer, stated: str, media_type: str, charset: str) -> None:
    """As stated if it is one; what is none is as if it were not there, and the content will tell."""
    found = fetcher(web).fetch(web.does("/", answer(200, f"Content-Type: {stated}", body=WELL)))
    assert isinstance(found, Response), found
    assert (found.media_type, found.charset) == (media_type, charset)


def test_redirects_are_followed(web: BadServer) -> None:
    """Of all five kinds, five of them, also relative ones and ones in UTF-8."""
    web.does("/1", redirect("/2", 301))
    web.does("/2", redirect(web.url("/3", "other.test"), 302))
    web.does("/3", redirect("4?x= y", 303))
    web.does("/4?x=%20y", redirect(f"//www.other.test:{web.port}/5\u00fc", 307))
    web.does("/5%C3%BC", redirect("6#part", 308))
    web.does("/0", redirect("/1"))
    found = fetcher(web).fetch(web.url("/1"))
    assert isinstance(found, Response), found
    assert (found.url, found.redirects) == (web.url("/6", "www.other.test"), 5)
    assert outcome(fetcher(web).fetch(web.url("/0"))) == "redirects"


# --- What servers do

BAD: dict[str, tuple[Behaviour, str]] = {
    # Statuses
    "nothing there": (answer(404), "gone"),
    "nothing there any more": (answer(410, body=b"sorry"), "gone"),
    "credentials wanted": (answer(401, "WWW-Authenticate: Basic"), "refused"),
    "forbidden": (answer(403), "refused"),
    "forbidden by law": (answer(451), "refused"),
    "broken": (answer(500), "server-error"),
    "a bad gateway": (answer(502), "server-error"),
    "a status of its own": (answer(999), "status"),
    "status 600": (answer(600), "status"),
    "status 99": (answer(99), "garbled"),
    "status 2000": (answer(2000), "garbled"),
    "no content, and a body": (answer(204, body=WELL), "status"),
    "a part, unasked": (answer(206, HTML, "Content-Range: bytes 0-4/9", body=b"<p>We"), "status"),
    "not modified, unasked": (answer(304), "status"),
    "early hints for an answer": (begun(103), "status"),
    "a choice": (answer(300), "status"),
    "a redirect to nowhere": (answer(302), "status"),
    # What is no HTTP
    "closed before it answers": (b"", "garbled"),
    "torn down before it answers": (reset(), "garbled"),
    "torn down within the headers": (reset(b"HTTP/1.1 200 OK\r\nX:"), "garbled"),
    "torn down within the body": (reset(begun(200, HTML, "Content-Length: 99") + b"<p>"), "garbled"),
    "HTTP/0.9": (WELL, "garbled"),
    "no status line": (b"Content-Type: text/html\r\n\r\n" + WELL, "garbled"),
    "no status": (b"HTTP/1.1 \r\n\r\n", "garbled"),
    "a status in words": (b"HTTP/1.1 OK OK\r\n\r\n", "garbled"),
    "another protocol": (b"220 mail.test ESMTP\r\n", "garbled"),
    "TLS": (b"\x15\x03\x01\0\x02\x02\x46", "garbled"),
    # Lengths
    "shorter than its length": (begun(200, HTML, "Content-Length: 99") + WELL, "garbled"),
    "longer than its length": (begun(200, HTML, "Content-Length: 5") + WELL, "garbled"),
    "two lengths": (begun(200, HTML, "Content-Length: 5", "Content-Length: 12") + WELL, "garbled"),
    "two lengths in one": (begun(200, HTML, "Content-Length: 5, 12") + WELL, "garbled"),
    "a length below nothing": (begun(200, HTML, "Content-Length: -5") + WELL, "garbled"),
    "a length in words": (begun(200, HTML, "Content-Length: a lot") + WELL, "garbled"),
    "a length of many digits": (begun(200, HTML, f"Content-Length: {'9' * 5000}") + WELL, "garbled"),
    "a great length": (begun(200, HTML, "Content-Length: 20000000") + WELL, "too-large"),
    "a chunk that is cut off": (chunked(b"99\r\n<p>"), "garbled"),
    "chunks that are cut off": (chunked(b"3\r\n<p>\r\n"), "garbled"),
    "a chunk below nothing": (chunked(b"-5\r\n<p>\r\n0\r\n\r\n"), "garbled"),
    "a chunk far below nothing": (chunked(b"-" + b"f" * 30 + b"\r\n<p>\r\n0\r\n\r\n"), "garbled"),
    "a huge chunk": (chunked(b"f" * 30 + b"\r\n<p>"), "garbled"),
    "chunks of what?": (chunked(b"zz\r\n<p>\r\n0\r\n\r\n"), "garbled"),
    "an endless chunk size": (endless(chunked(), b"1" * 9999), "garbled"),
    "a transfer coding that is none": (chunked(b"0\r\n\r\n").replace(b": chunked", b": gzip, chunked"), "garbled"),
    # Content codings
    "packed, cut off": (packed("gzip", gzip.compress(WELL)[:-9]), "garbled"),
    "packed, one byte of it": (packed("gzip", b"\x1f"), "garbled"),
    "packed, altered": (packed("gzip", gzip.compress(WELL)[:-8] + bytes(8)), "garbled"),
    "not packed, as it claims": (packed("gzip", WELL), "garbled"),
    "packed in a thousand pieces": (packed("gzip", gzip.compress(b"") * 1000), "garbled"),
    "packed in an unknown way": (packed("br", b"\x0b\x02\x80<p>\x03"), "encoding"),
    "packed twice": (nested(), "encoding"),
    "a bomb": (bomb(1 << 27), "too-large"),
    "a bomb, deflated": (bomb(1 << 27, "deflate"), "too-large"),
    "a bomb in disguise": (bomb(1 << 27, noise=1 << 20), "too-large"),
    # What has no end
    "an endless body": (endless(begun(200, HTML), b"x" * 65_536), "too-large"),
    "endless chunks": (endless(chunked(), b"1\r\nx\r\n" * 1000), "too-large"),
    "endless trailers": (endless(chunked(b"1\r\nx\r\n0\r\n"), b"X: y\r\n" * 1000), "too-large"),
    "endless headers": (endless(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"), "garbled"),
    "an endless header": (endless(b"HTTP/1.1 200 OK\r\nX: ", b"x" * 1000), "too-large"),
    "an endless status line": (endless(b"HTTP/1.1 200 ", b"x" * 1000), "too-large"),
    "more to come, always": (
        endless(b"", begun(100)),
        "garbled" if hasattr(http.client, "_MAXINTERIMRESPONSES") else "too-large",  # Python 3.14 gives up
    ),
    # What takes time
    "silence": (silence(), "silent"),
    "silence after the headers": (silence(begun(200, HTML)), "silent"),
    "silence before the last chunk": (silence(chunked(b"3\r\n<p>\r\n")), "silent"),
    "headers by drops": (drip(b"HTTP/1.1 200 OK\r\nX: "), "silent"),
    "a body by drops": (drip(begun(200, HTML)), "silent"),
    "chunks by drops": (drip(chunked(), b"1\r\nx\r\n"), "silent"),
    "a packed body by drops": (drip(begun(200, HTML, "Content-Encoding: gzip") + gzip.compress(b"")[:10]), "silent"),
    # What is no text
    "a picture": (answer(200, "Content-Type: image/png", body=b"\x89PNG"), "media-type"),
    "a drawing": (answer(200, "Content-Type: image/svg+xml", body=b"<svg/>"), "media-type"),
    "a film without end": (endless(begun(200, "Content-Type: video/mp4"), b"x" * 65_536), "media-type"),
    "a document": (answer(200, "Content-Type: application/pdf; charset=utf-8"), "media-type"),
    "two media types": (begun(200, HTML, "Content-Type: image/png") + WELL, "media-type"),
    # Redirects
    "a loop": (redirect("/bad"), "redirects"),
    "a way that ends nowhere": (redirect("http://["), "address"),
    "another scheme": (redirect("file:///etc/passwd"), "address"),
    "a script": (redirect("javascript:alert(1)"), "address"),
    "a user name": (redirect("http://user:secret@news.test/"), "address"),
    "a control character": (redirect("/a\x01b"), "address"),
    "a name that is none": (redirect("http://x..y/"), "address"),
    "a long address": (redirect(f"/{'x' * 3000}"), "address"),
    "another port": (redirect("http://news.test:22/"), "port"),
    "a port that is none": (redirect("http://news.test:99999/"), "address"),
    "two ways": (answer(302, "Location: /a", "Location: /b"), "garbled"),
    # Asked for time
    "too many requests": (answer(429), "later"),
    "too many requests, for long": (answer(429, "Retry-After: 3600"), "later"),
    "too many requests, until tomorrow": (answer(429, "Retry-After: Sun, 22 Nov 2026 12:00:00 GMT"), "later"),
    "out of service": (answer(503, "Retry-After: 3600"), "later"),
    "out of service, without a word of how long": (answer(503, "Retry-After: soon"), "server-error"),
}


@pytest.mark.parametrize(("behaviour", "rule"), BAD.values(), ids=BAD)
def test_whatever_a_server_does_is_found_out(web: BadServer, behaviour: Behaviour, rule: str) -> None:
    """By a name, within the time and the memory that there is, and the next server is asked as if nothing had been."""
    web.does("/bad", behaviour)
    asker = fetcher(web, IMPATIENT if rule == "silent" else replace(QUICK, received=1_000_000, unpacked=2_000_000))
    started = time.monotonic()
    found = asker.fetch(web.url("/bad"))
    assert outcome(found) == rule, found
    assert isinstance(found, Finding)
    assert web.url("/bad") in found.message
    assert found.remedy == failure.REMEDIES[rule]
    assert time.monotonic() - started < 5
    assert isinstance(asker.fetch(web.url("/good", "other.test")), Response)


def test_every_rule_has_a_remedy_and_a_test() -> None:
    """The rest are below, each in a test of its own."""
    below = {"not-installed", "private", "no-host", "unreachable", "untrusted", "downgrade", "robots"}
    assert failure.REMEDIES.keys() == {rule for _, rule in BAD.values()} | below | {"robots-unknown", "proxy"}


@pytest.mark.parametrize("behaviour", [silence(), endless(begun(200, HTML), b"x" * 100)], ids=["silence", "haste"])
def test_a_whole_answer_has_its_time(web: BadServer, behaviour: Behaviour) -> None:
    """Whether there is nothing to wait for or no end to it."""
    web.does("/", behaviour)
    started = time.monotonic()
    asker = fetcher(web, replace(QUICK, answer=0.4, received=1 << 40, unpacked=1 << 40))
    assert outcome(asker.fetch(web.url())) == "silent"
    assert time.monotonic() - started < 1.5


@pytest.mark.parametrize(
    ("behaviour", "rule", "most"),
    [
        (bomb(1 << 30), "too-large", 10_000_000),
        (bomb(1 << 28, noise=1 << 20), "too-large", 50_000_000),
        (endless(begun(200, HTML), b"x" * 65_536), "too-large", 25_000_000),
        (endless(chunked(b"fffffff\r\n"), b"x" * 65_536), "too-large", 25_000_000),
        (endless(chunked(b"-1\r\n"), b"x" * 65_536), "too-large", 50_000_000),
    ],
    ids=["a bomb", "a bomb in disguise", "an endless body", "an endless chunk", "a chunk below nothing"],
)
def test_memory_is_bounded(web: BadServer, behaviour: Behaviour, rule: str, most: int) -> None:
    """With the limits that users get: a gibibyte of zeros ends at the first few of its megabytes."""
    web.does("/bad", behaviour)
    asker = fetcher(web, Limits(pause=0))
    asker.fetch(web.url())  # whose imports are not to be counted
    tracemalloc.start()
    try:
        found = asker.fetch(web.url("/bad"))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert outcome(found) == rule
    assert peak < most


def test_what_is_refused_is_refused_before_its_body_is_read(web: BadServer) -> None:
    """A media type, a status, a length: nothing is downloaded to be thrown away."""
    started = time.monotonic()
    for head in (begun(200, "Content-Type: image/png"), begun(404), begun(200, "Content-Length: 99999999")):
        assert outcome(fetcher(web).fetch(web.does("/", silence(head)))) in ("media-type", "gone", "too-large")
    assert time.monotonic() - started < 2


@given(data=st.binary(max_size=300), framed=st.sampled_from([b"", begun(200, HTML), chunked(), packed("gzip", b"")]))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_answer_raises(web: BadServer, data: bytes, framed: bytes) -> None:
    """Whatever the bytes are."""
    head = framed.replace(b"Content-Length: 0\r\n", b"")
    found = fetcher(web, IMPATIENT).fetch(web.does("/", head + data))
    assert isinstance(found, (Response, Finding))


@given(
    body=st.binary(max_size=2000),
    cuts=st.lists(st.integers(0, 2000), max_size=8),
    coding=st.sampled_from(["gzip", "deflate", "raw", ""]),
)
def test_what_was_packed_comes_out_again(body: bytes, cuts: list[int], coding: str) -> None:
    """In whatever pieces it comes."""
    kinds = {"gzip": gzip.compress(body), "deflate": zlib.compress(body), "raw": zlib.compress(body)[2:-4], "": body}
    data = kinds[coding]
    places = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    chunks = [data[a:b] for a, b in pairwise(places)]
    assert b"".join(unpacked(chunks, coding.replace("raw", "deflate"), 10_000, 100)) == body


@given(st.binary(min_size=1, max_size=2000), st.data())
def test_what_is_cut_off_does_not_pass_for_whole(body: bytes, data: st.DataObject) -> None:
    """Of gzip, which ends with a check, no beginning is taken."""
    whole = gzip.compress(body)
    with pytest.raises(FetchError):
        b"".join(unpacked([whole[: data.draw(st.integers(1, len(whole) - 1))]], "gzip", 10_000, 100))


def test_a_host_without_an_address(web: BadServer) -> None:
    """The domain is gone, or the name was never one."""

    def none(host: str, _: int) -> list[str]:
        if host == "long.test":
            raise UnicodeError
        if host == "gone.test":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return []

    asker = fetcher(web, resolve=none)
    assert [outcome(asker.fetch(f"http://{name}.test/")) for name in ("gone", "long", "odd")] == ["no-host"] * 3


def test_a_host_that_takes_no_connection(web: BadServer) -> None:
    """Of several addresses the first that takes one is used."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        asker = fetcher(web, replace(QUICK, ports=(port,)), resolve=lambda *_: ["::1", "127.0.0.1"])
        assert outcome(asker.fetch(f"http://news.test:{port}/")) == "unreachable"
        assert isinstance(asker.fetch(web.url()), Response)


def test_without_the_library(web: BadServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """What to install is said."""
    monkeypatch.setitem(sys.modules, "urllib3", None)
    found = fetcher(web).fetch(web.url())
    assert isinstance(found, Finding)
    assert (found.rule, found.remedy) == ("import/not-installed", extras.remedy("import"))


# --- On guard


@dataclass
class Roads:
    """What connections are tried, of which only those to `OUTSIDE` lead anywhere: to the test's server."""

    web: BadServer
    tried: list[str] = field(default_factory=list)


OUTSIDE = "93.184.215.14"
NAMES = {
    "news.test": [OUTSIDE],
    "localhost": ["127.0.0.1"],
    "localhost.localdomain": ["::1", "127.0.0.1"],
    "127.0.0.1.nip.test": ["127.0.0.1"],
    "metadata.google.internal": ["169.254.169.254"],
    "router.test": ["192.168.1.1"],
    "intranet": ["10.0.0.5"],
    "six.test": ["fd00::5"],
    "mapped.test": ["::ffff:127.0.0.1"],
    "translated.test": ["64:ff9b::7f00:1"],
    "wrapped.test": ["2002:7f00:1::"],
    "teredo.test": ["2001:0:7f00:1::"],
    "scoped.test": ["fe80::1%lo"],
    "both.test": [OUTSIDE, "127.0.0.1"],
}


def looked_up(host: str, port: int) -> list[str]:
    """As the system does, but that names are ours; numbers in all spellings are its own."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    return [str(entry[4][0]) for entry in found]


@pytest.fixture
def roads(web: BadServer, monkeypatch: pytest.MonkeyPatch) -> Roads:
    """Every connection of this process is told to it."""
    made = Roads(web)
    connect = socket.socket.connect

    def connected(self: socket.socket, to: tuple[str, int]) -> None:
        made.tried.append(to[0])
        if to[0] != OUTSIDE:
            raise ConnectionRefusedError
        connect(self, ("127.0.0.1", web.port))

    monkeypatch.setattr(socket.socket, "connect", connected)
    return made


def guarded() -> Fetcher:
    """With the policy that users get, and names of our own."""
    return Fetcher(SITE, QUICK, resolve=lambda host, port: NAMES.get(host) or looked_up(host, port))


PRIVATE = """
    http://127.0.0.1/ http://127.0.0.1:80/ https://127.0.0.1/ http://127.0.0.1./ http://127.1/ http://127.0.1/
    http://127.255.255.254/ http://2130706433/ http://0x7f000001/ http://0x7f.0.0.1/ http://0x7F.1/ http://017700000001/
    http://0177.0.0.1/ http://0177.0.0.01/ http://0x7f.00.0x0.01/ http://127.0.0.1%2f@news.test/ http://0/ http://0.0.0.0/
    http://00000177.1/ http://127.000.000.001/ http://127.0.0.1%00.news.test/ http://127。0。0。1/ http://127.0.0.1/
    http://①②⑦.0.0.1/ http://[::1]/ http://[::]/ http://[0:0:0:0:0:0:0:1]/ http://[::ffff:127.0.0.1]/
    http://[::ffff:7f00:1]/ http://[::127.0.0.1]/ http://[64:ff9b::127.0.0.1]/ http://[2002:7f00:1::]/
    http://[fe80::1%25lo]/ http://[fd00::1]/ http://10.0.0.1/ http://10.1/ http://0xa000001/ http://172.16.0.1/
    http://172.31.255.255/ http://192.168.0.1/ http://192.168.257/ http://3232235777/ http://0300.0250.1.1/
    http://100.64.0.1/ http://100.100.100.200/ http://168.63.129.16/
    http://169.254.169.254/latest/meta-data/ http://169.254.43518/ http://2852039166/
    http://0xa9fea9fe/ http://0251.0376.0251.0376/ http://192.0.0.192/ http://198.18.0.1/ http://224.0.0.1/
    http://255.255.255.255/ http://localhost/ http://LOCALHOST/ http://localhost./ http://ⓛocalhost/
    http://localhost.localdomain/ http://127.0.0.1.nip.test/ http://metadata.google.internal/ http://router.test/
    http://intranet/ http://six.test/ http://mapped.test/ http://translated.test/ http://wrapped.test/ http://teredo.test/
    http://scoped.test/ http://both.test/ http://news.test@127.0.0.1/ http://127.0.0.1@news.test/
    http://news.test:80@127.0.0.1/ http://127.0.0.1\\@news.test/ http://news.test\\@127.0.0.1/ http:\\\\127.0.0.1/
    http://127.0.0.1#@news.test/ http://127.0.0.1?@news.test/ file:///etc/passwd ftp://127.0.0.1/ gopher://127.0.0.1:80/_
    http+unix://%2Fvar%2Frun%2Fdocker.sock/ jar:http://127.0.0.1!/ http://127.0.0.1:22/ http://news.test:6379/
""".split()


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_private_is_not_connected_to(roads: Roads, address: str) -> None:
    """In no spelling, neither asked for nor redirected to; and neither is its robots.txt."""
    rules = ("private", "address", "port", "no-host")
    assert outcome(guarded().fetch(address)) in rules
    assert roads.tried == []
    roads.web.does("/", redirect(address))
    assert outcome(guarded().fetch("http://news.test/")) in rules
    assert roads.tried == [OUTSIDE, OUTSIDE]
    roads.web.does("/robots.txt", redirect(address))
    assert outcome(guarded().fetch("http://news.test/")) == "robots-unknown"
    assert roads.tried == [OUTSIDE] * 3


def test_a_name_that_changes_its_mind_gains_nothing(roads: Roads) -> None:
    """It is looked up once for each request, and what was looked at is what is connected to."""
    answers = iter([[OUTSIDE], [OUTSIDE], ["127.0.0.1"]])
    asker = Fetcher(SITE, QUICK, resolve=lambda *_: next(answers))
    assert isinstance(asker.fetch("http://news.test/"), Response)
    assert roads.tried == [OUTSIDE, OUTSIDE]
    assert outcome(asker.fetch("http://news.test/")) == "private"
    assert roads.tried == [OUTSIDE, OUTSIDE]


def test_what_is_private_may_be_allowed(web: BadServer) -> None:
    """On purpose, and then at every port."""
    asker = Fetcher(SITE, QUICK, resolve=lambda *_: ["127.0.0.1"], allow_private=True)
    assert isinstance(asker.fetch(web.url()), Response)
    assert outcome(Fetcher(SITE, QUICK).fetch(web.url("/", "127.0.0.1"))) == "port"


def test_a_finding_says_where_it_led(web: BadServer) -> None:
    """Asked for one thing, refused another."""
    web.does("/", redirect(web.url("/\x1b[31m", "other.test")))
    found = fetcher(web).fetch(web.url())
    assert isinstance(found, Finding)
    assert found.message == (
        f"'{web.url()}', which leads to '{web.url('/', 'other.test')}\ufffd[31m', was not fetched: "
        "it is not a web address that may be asked for"
    )


# --- TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """For news.test, of nobody's making: the server's side, and one that trusts it."""
    if shutil.which("openssl") is None:
        pytest.skip("makes its certificate with openssl")
    folder = tmp_path_factory.mktemp("tls")
    key, made = str(folder / "key.pem"), str(folder / "certificate.pem")
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=news.test"
    more = ["-addext", "subjectAltName=DNS:news.test", "-keyout", key, "-out", made]
    subprocess.run([*command.split(), *more], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    return context, ssl.create_default_context(cafile=made)


def test_tls_is_for_the_name_though_the_connection_is_to_the_address(
    certificate: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    """A certificate is good for its own name and where it is trusted, and never doubted away."""
    context, trust = certificate
    with serving(context) as web:
        assert isinstance(fetcher(web, trust=trust).fetch(web.url()), Response)
        assert outcome(fetcher(web, trust=trust).fetch(web.url("/", "other.test"))) == "untrusted"
        found = fetcher(web).fetch(web.url())
        assert outcome(found) == "untrusted"
        assert "self" in str(found)  # the library's own reason
        assert isinstance(fetcher(web, trust=trust).fetch(web.url()), Response)


def test_limits_hold_within_tls(certificate: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    """What drips and what breaks off is found out there too."""
    context, trust = certificate
    with serving(context) as web:
        web.does("/drip", drip(begun(200, HTML)))
        web.does("/cut", begun(200, HTML, "Content-Length: 99") + WELL)
        web.does("/long", begun(200, HTML, "Content-Length: 5") + WELL)
        asker = fetcher(web, IMPATIENT, trust=trust)
        assert [outcome(asker.fetch(web.url(path))) for path in ("/drip", "/cut", "/long")] == [
            "silent",
            "garbled",
            "garbled",
        ]


def test_no_redirect_leads_from_a_secure_connection_to_another(
    certificate: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    """Nobody could say afterwards whose words they were; the other way round it is an improvement."""
    context, trust = certificate
    with serving(context) as secure, serving() as web:
        secure.does("/down", redirect(web.url().replace("http:", "HTTP:")))
        web.does("/up", redirect(secure.url()))
        asker = fetcher(web, replace(QUICK, ports=(secure.port,)), trust=trust)
        assert outcome(asker.fetch(secure.url("/down").replace("https:", "HTTPS:"))) == "downgrade"
        assert web.requests == []
        assert isinstance(asker.fetch(web.url("/up")), Response)


def test_tls_with_what_speaks_none(web: BadServer) -> None:
    """Something else, or nothing."""
    assert outcome(fetcher(web).fetch(web.url().replace("http:", "https:"))) == "untrusted"
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        asker = fetcher(web, replace(IMPATIENT, ports=(port,)))
        assert outcome(asker.fetch(f"https://news.test:{port}/")) == "silent"


# --- robots.txt

SHOP = b"""
# Rules before any agent are nobody's
Disallow: /nobody
User-agent: Other
Disallow: /

User-Agent: BROADSHEET/1.0  # the version is passed over
User-agent: Another
Crawl-delay: 0.25
Disallow: /shop
Allow: /shop/open$
Allow: /shop/*.html
Disallow: /shop/*/secret*.html
Disallow: /*?print=
Disallow: /100%
Disallow: /%7Eme/%c3%bc
Disallow: /file-%2A
Disallow: /*lap*pe
disallow /no-colon
Sitemap: /map
Disallow: /\xc3\xa4
Disallow:

User-agent: *
Disallow: /all

user-agent: broadsheet
Disallow: /again
Allow: /shop-window
Disallow: /same
Allow: /same
"""


@pytest.mark.parametrize(
    ("path", "is_allowed"),
    [
        ("/", True),
        ("/shop", False),
        ("/shopping", False),
        ("/shop/open", True),
        ("/shop/open?", False),
        ("/shop/a.html", True),
        ("/shop/a.htm", False),
        ("/shop/a/secrets.html", False),
        ("/Shop", True),
        ("/shop-window", True),
        ("/a/b?x=y&print=", True),
        ("/a/b?print=1", False),
        ("/100%", False),
        ("/~me/\u00fc", False),
        ("/%7eme/%C3%BC", False),
        ("/file-*", False),
        ("/file-x", True),
        ("/lape", True),
        ("/lapse/pe", False),
        ("/%C3%A4", False),
        ("/again", False),
        ("/same", True),
        ("/all", True),
        ("/nobody", True),
        ("/no-colon", True),
        ("/robots.txt", True),
    ],
)
def test_robots(path: str, is_allowed: bool) -> None:
    """The groups that name us, together; the longest rule decides, and in doubt the one that allows (RFC 9309, 2.2)."""
    assert robots.read(SHOP).allows(path) is is_allowed


@pytest.mark.parametrize(
    ("text", "is_allowed"),
    [
        (b"", True),
        (b"User-agent: *\nDisallow: /", False),
        (b"\xef\xbb\xbfuser-agent:*\rdisallow:/", False),
        (b"User-agent: Broad\nDisallow: /", True),
        (b"User-agent: Broadsheet-Bot\nDisallow: /", True),
        (b"User-agent: *\nDisallow: /\n\nUser-agent: Broadsheet\nDisallow:", True),
        (b"User-agent: *\nDisallow: /\n\nUser-agent: Broadsheet\n", True),
        (b"User-agent: Broadsheet\nSitemap: /x\nUser-agent: X\nDisallow: /", False),
        (b"User-agent: *\nDisallow: *", False),
        (b"User-agent: *\nDisallow: $", True),
        (b"<html><p>User-agent: *\nDisallow: /", True),
        (b"\xff\xfe\0\0" * 100, True),
    ],
)
def test_whom_robots_speaks_to(text: bytes, is_allowed: bool) -> None:
    """The token as a whole, whatever its case; `*` is for those whom nothing names."""
    assert robots.read(text).allows("/a") is is_allowed


def test_robots_is_matched_in_linear_time() -> None:
    """A pattern of many stars against a path that nearly fits."""
    rules = robots.read(b"User-agent: *\n" + b"Disallow: /" + b"*a" * 200_000 + b"b$\n")
    started = time.monotonic()
    assert rules.allows("/" + "a" * 2000)
    assert time.monotonic() - started < 0.5


@given(st.binary(max_size=300), st.text(max_size=30))
def test_robots_may_be_anything(text: bytes, path: str) -> None:
    """Of what is read nothing raises."""
    assert robots.read(b"User-agent: *\n" + text).allows(f"/{path}".encode("utf-8", "replace").decode()) in (
        True,
        False,
    )


def test_robots_is_asked_once_for_each_server_and_heeded(web: BadServer) -> None:
    """Before anything else there, also at a redirect's end."""
    web.does("/robots.txt", answer(200, body=b"User-agent: broadsheet\nDisallow: /shop\n"))
    web.does("/there", redirect(web.url("/shop", "other.test")))
    asker = fetcher(web)
    assert isinstance(asker.fetch(web.url("/a")), Response)
    found = asker.fetch(web.url("/shop"))
    assert outcome(found) == "robots"
    assert "robots.txt of news.test" in str(found)
    assert outcome(asker.fetch(web.url("/there"))) == "robots"
    assert [request.target for request in web.requests] == ["/robots.txt", "/a", "/there", "/robots.txt"]


ALL = b"User-agent: *\nDisallow: /\n"
ROBOTS: dict[str, tuple[Behaviour, str]] = {
    "none": (answer(404), "Response"),
    "forbidden": (answer(403), "Response"),
    "a page instead": (page(), "Response"),
    "nothing": (answer(204), "Response"),
    "a loop": (redirect("/robots.txt"), "Response"),
    "elsewhere": (redirect("/elsewhere"), "robots"),
    "a picture that refuses": (answer(200, "Content-Type: image/png", body=ALL), "robots"),
    "packed": (packed("gzip", gzip.compress(ALL)), "robots"),
    "a refusal at the end of what is read": (answer(200, body=b"#" * (512_000 - len(ALL) - 1) + b"\n" + ALL), "robots"),
    "a refusal after what is read": (answer(200, body=b"#" * 512_000 + b"\n" + ALL), "Response"),
    "a refusal, and no end": (endless(begun(200) + ALL, b"#" * 65_536), "robots"),
    "broken": (answer(500), "robots-unknown"),
    "cut off": (begun(200, "Content-Length: 99") + ALL, "robots-unknown"),
    "closed": (b"", "robots-unknown"),
    "packed in an unknown way": (packed("br", ALL), "robots-unknown"),
    "a bomb": (bomb(1 << 27), "Response"),
    "a scheme": (redirect("file:///etc/passwd"), "robots-unknown"),
    "by drops": (drip(begun(200)), "silent"),
    "too many requests": (answer(429), "later"),
    "out of service": (answer(503, "Retry-After: 100"), "later"),
}


@pytest.mark.parametrize(("behaviour", "found"), ROBOTS.values(), ids=ROBOTS)
def test_how_robots_is_answered(web: BadServer, behaviour: Behaviour, found: str) -> None:
    """None at all allows everything, one that cannot be got allows nothing (RFC 9309, 2.3.1)."""
    web.does("/robots.txt", behaviour)
    web.does("/elsewhere", answer(200, body=ALL))
    asker = fetcher(web, IMPATIENT if found == "silent" else QUICK)
    assert outcome(asker.fetch(web.url("/a"))) == found
    before = len(web.requests)
    assert outcome(asker.fetch(web.url("/b"))) == found
    assert len(web.requests) - before == (found == "Response")


# --- Politeness


def patient(web: BadServer, clock: Clock, **limits: float) -> Fetcher:
    """With the pauses that users get, on a clock of its own."""
    return fetcher(web, Limits(connect=2, silence=2, answer=4, **limits), clock=clock.now, sleep=clock.sleep)  # type: ignore[arg-type]


def test_a_host_has_a_pause_after_each_request(web: BadServer) -> None:
    """Also after robots.txt and redirects, and for www; other hosts are asked meanwhile."""
    clock = Clock()
    asker = patient(web, clock)
    web.does("/a", redirect("/b"))
    asker.fetch(web.url("/a"))
    assert clock.slept == [1, 1]
    asker.fetch(web.url("/c", "other.test"))
    assert clock.slept == [1, 1, 1]
    asker.fetch(web.url("/c", "www.news.test"))
    assert clock.slept == [1, 1, 1, 1]  # for its robots.txt; other.test took the time for the first


@pytest.mark.parametrize(("stated", "pause"), [("2.5", 2.5), ("0.1", 1), ("86400", 10), ("a day", 1), ("-5", 1)])
def test_a_crawl_delay_is_granted_up_to_a_point(web: BadServer, stated: str, pause: float) -> None:
    """It is no part of the RFC, and many ask for it."""
    clock = Clock()
    asker = patient(web, clock)
    web.does("/robots.txt", answer(200, body=f"User-agent: *\nCrawl-delay: {stated}\n".encode()))
    asker.fetch(web.url("/a"))
    asker.fetch(web.url("/b"))
    assert clock.slept == [1, pause]


def test_hosts_are_asked_at_once_but_each_one_at_a_time(web: BadServer) -> None:
    """By several threads."""
    asker = fetcher(web)
    for n in range(6):
        web.does(f"/{n}", drip(begun(200, HTML), pause=0.0005))
    for hosts, most in ((["news.test"] * 6, 1), ([f"{n}.test" for n in range(6)], 6)):
        web.most_at_once = 0
        addresses = [web.url(f"/{n}", host) for n, host in enumerate(hosts)]
        threads = [threading.Thread(target=asker.fetch, args=(address,)) for address in addresses]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (web.most_at_once == 1) is (most == 1)
    assert len(web.asked) == 12


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("stated", "wait"),
    [("3", 3), ("0", 1), ("Sat, 21 Nov 2026 12:00:05 GMT", 5), ("Sat, 21 Nov 2026 11:00:00", 1)],
)
def test_a_server_that_wants_a_little_time_gets_it(web: BadServer, status: int, stated: str, wait: float) -> None:
    """Once, in seconds or as a date."""
    clock = Clock()
    web.does("/", in_turn(answer(status, f"Retry-After: {stated}"), page()))
    assert isinstance(patient(web, clock).fetch(web.url()), Response)
    assert clock.slept == [1, wait]


@pytest.mark.parametrize(
    ("bad", "said", "is_left_alone"),
    [
        (
            answer(429, "Retry-After: 3600"),
            "429 Too Many Requests, and wants to be left alone until TODAY 13:00 UTC",
            True,
        ),
        (answer(503, "Retry-After: Sat, 21 Nov 2026 15:00:00 GMT"), "left alone until TODAY 15:00 UTC", True),
        (answer(429), "429 Too Many Requests, and wants to be left alone for now", True),
        (answer(429, "Retry-After: 2"), "left alone until TODAY 12:00 UTC", True),
        (answer(429, f"Retry-After: {'9' * 400}"), "left alone for now", True),
        (answer(503), "503 Service Unavailable", False),
    ],
)
def test_a_server_that_wants_more_is_left_alone(web: BadServer, bad: bytes, said: str, is_left_alone: bool) -> None:
    """Until then, or for the run; without a word of how long, 503 may be about that page only."""
    clock = Clock()
    asker = patient(web, clock)
    found = asker.fetch(web.does("/bad", bad))
    assert isinstance(found, Finding)
    assert said.replace("TODAY", "2026-11-21") in found.message
    before = len(web.asked)
    assert outcome(asker.fetch(web.url("/good"))) == ("later" if is_left_alone else "Response")
    assert len(web.asked) - before == (not is_left_alone)
    assert isinstance(asker.fetch(web.url("/good", "other.test")), Response)


def test_a_server_that_was_left_alone_is_asked_again_later(web: BadServer) -> None:
    """When the time that it named has come."""
    clock = Clock()
    asker = patient(web, clock)
    asker.fetch(web.does("/bad", answer(429, "Retry-After: 60")))
    clock.time += 61
    assert isinstance(asker.fetch(web.url("/good")), Response)


# --- Proxies


def test_a_proxy_is_used(web: BadServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told whole addresses, and its credentials are its own; names that are unknown here may be known to it."""
    monkeypatch.setenv("http_proxy", f"http://me:s%40cret@127.0.0.1:{web.port}")
    asker = Fetcher(SITE, QUICK, resolve=lambda host, _: [OUTSIDE] if host == "news.test" else [])
    assert isinstance(asker.fetch("http://news.test/a"), Response)
    assert isinstance(asker.fetch("http://elsewhere.example/b"), Response)
    assert web.asked == [
        "http://news.test/robots.txt",
        "http://news.test/a",
        "http://elsewhere.example/robots.txt",
        "http://elsewhere.example/b",
    ]
    assert web.requests[-1].headers["Host"] == "elsewhere.example"
    assert web.requests[-1].headers["Proxy-Authorization"] == "Basic bWU6c0BjcmV0"


@pytest.mark.parametrize("address", PRIVATE)
def test_a_proxy_is_not_asked_for_what_is_private(
    web: BadServer, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """As far as can be told here: also where nothing can be looked up, from the name alone."""
    monkeypatch.setenv("all_proxy", f"127.0.0.1:{web.port}")
    asker = Fetcher(SITE, QUICK, resolve=lambda host, port: NAMES.get(host) or looked_up(host, port))
    blind = Fetcher(SITE, QUICK, resolve=lambda *_: [])
    assert isinstance(asker.fetch(address), Finding)
    if ".test" not in address:
        assert isinstance(blind.fetch(address), Finding)
    assert web.requests == []


def test_through_a_proxy_tls_is_with_the_server(
    certificate: tuple[ssl.SSLContext, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proxy connects, and sees nothing."""
    context, trust = certificate
    asked: list[bytes] = []

    def tunnel(listening: socket.socket, to: int) -> None:
        for _ in range(2):
            inside, _ = listening.accept()
            asked.append(inside.recv(4096))
            inside.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            outside = socket.create_connection(("127.0.0.1", to))
            pumps = [threading.Thread(target=pump, args=ends) for ends in ((inside, outside), (outside, inside))]
            for each in pumps:
                each.start()
            for each in pumps:
                each.join()
            inside.close()
            outside.close()

    def pump(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

    with serving(context) as web, socket.create_server(("127.0.0.1", 0)) as listening:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{listening.getsockname()[1]}")
        thread = threading.Thread(target=tunnel, args=(listening, web.port))
        thread.start()
        found = fetcher(web, trust=trust).fetch(web.url("/a"))
        assert isinstance(found, Response), found
        thread.join()
    assert [line.split(b" HTTP")[0] for line in asked] == [f"CONNECT news.test:{web.port}".encode()] * 2


@pytest.mark.parametrize(
    "proxy", ["socks5://127.0.0.1:1", "https://127.0.0.1:1", "http://[", "http://127.0.0.1:1", "http://:80"]
)
def test_a_proxy_that_is_of_no_use(web: BadServer, monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    """One that is not spoken to, or that does not answer; nothing is asked without it."""
    monkeypatch.setenv("http_proxy", proxy)
    assert outcome(fetcher(web).fetch(web.url())) == "proxy"
    assert web.requests == []
    monkeypatch.setenv("no_proxy", "other.test,news.test")
    assert isinstance(fetcher(web).fetch(web.url()), Response)


def test_a_proxy_that_does_not_let_through(web: BadServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says why."""
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{web.port}")
    found = fetcher(web).fetch("https://news.test/")
    assert outcome(found) == "proxy"
