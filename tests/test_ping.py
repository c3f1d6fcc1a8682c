"""`build --ping`: which feeds a hub is told of, when, how, and what hubs and hosts may do.

Hub and published site are a server on the loopback interface (`bad_server`); every name leads to it, and nothing leaves
the machine.
"""

from __future__ import annotations

import gzip
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from broadsheet import __version__, extras
from broadsheet.build import ping, told
from broadsheet.network import fetch, hub
from broadsheet.network.limits import Limits
from tests import building
from tests.bad_server import BadServer, Behaviour, answer, begun, in_turn, packed, redirect, reset, serving, silence
from tests.making import NOW, Result, Site

CONFIG = """title: The Test Paper
base_url: {base}
feeds: {{formats: [rss, atom], size: 2, archives: all, hub: '{hub}'}}
"""
YES = answer(204)


@dataclass(frozen=True)
class Paper:
    """A site, what of it is published, and its hub."""

    site: Site
    web: BadServer

    @property
    def heard(self) -> list[str]:
        """The addresses that the hub was told of, within the site, in order."""
        return [urlsplit(parse_qs(r.body.decode())["hub.url"][0]).path for r in self.web.requests if r.method == "POST"]

    @property
    def store(self) -> Path:
        """What is noted of what the hub was told."""
        (file,) = (self.site.root / ".cache/told").iterdir()
        return file

    def deploy(self) -> None:
        """Publish what was built."""
        for path, data in self.site.files().items():
            self.web.does(f"/{path}", answer(200, body=data))

    def hub(self, behaviour: Behaviour) -> None:
        """Have the hub behave so."""
        self.web.does("/hub", behaviour)

    def ping(self, *arguments: str) -> Result:
        """Build, and tell the hub."""
        return self.site.build("--ping", *arguments)

    def rules(self, *arguments: str) -> list[str]:
        """The rules that telling the hub breaks, sorted by place."""
        result = self.ping("--format", "json", *arguments)
        assert result.code == (1 if json.loads(result.out) else 0)
        return [problem["rule"] for problem in json.loads(result.out)]


@pytest.fixture
def paper(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Paper]:
    """Two articles of two publishers, built and published; the hub takes everything and has heard nothing yet."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    lead_here = partial(fetch.Fetcher, is_public=lambda _: True, resolve=lambda *_: ["127.0.0.1"])
    monkeypatch.setattr(fetch, "Fetcher", lead_here)
    with serving() as web:
        site.write("config.yaml", CONFIG.format(base=web.url("/"), hub=web.url("/hub", "hub.test")))
        site.article("river", topics=["Weather"])
        site.article("moon", topics=["Space"], date="2024-03-03T08:00:00Z", **of_nasa("moon"))
        made = Paper(site, web)
        assert site.build().code == 0
        made.deploy()
        made.hub(YES)
        yield made


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for nothing long."""
    quick = partial(Limits, connect=0.5, silence=0.3, answer=0.5, patience=0.1)
    monkeypatch.setattr(ping, "Limits", quick)


def of_nasa(name: str) -> dict[str, object]:
    """Another publisher's article."""
    address = f"https://www.nasa.gov/{name}"
    return {
        "origin": {"publisher": "nasa", "url": address, "authors": ["Ada Reporter"], "published": "2024-03-01"},
        "licence": "LicenseRef-USGov-PD",
    }


HOME = ["/atom.xml", "/feed.xml"]
RIVER = ["/publishers/voa/atom.xml", "/publishers/voa/feed.xml", "/topics/weather/atom.xml", "/topics/weather/feed.xml"]
MOON = ["/publishers/nasa/atom.xml", "/publishers/nasa/feed.xml", "/topics/space/atom.xml", "/topics/space/feed.xml"]
ALL = sorted([*HOME, *RIVER, *MOON])


# --- What is told


def test_a_hub_that_knows_nothing_is_told_of_all_feeds_and_then_of_none(paper: Paper) -> None:
    """Each feed in each format once, and not again while it stays as it is."""
    first = paper.ping()
    assert (first.code, first.err, sorted(paper.heard)) == (0, "", ALL)
    assert first.out.splitlines()[-1] == "Told the hub of 10 feeds; 0 unchanged"
    again = paper.ping()
    assert (again.code, again.err, len(paper.heard)) == (0, "", 10)
    assert again.out.splitlines()[-1] == "Told the hub of 0 feeds; 10 unchanged"


@pytest.mark.parametrize("flags", [(), ("--no-cache",)])
def test_a_hub_is_told_of_what_has_changed_only(flags: tuple[str, ...], paper: Paper) -> None:
    """A new text changes the feeds that hold it; also where the last build planned nothing anew."""
    paper.ping()
    paper.site.article("river", "Our own words say it was a flood.", topics=["Weather"])
    assert paper.site.build().code == 0
    paper.deploy()
    assert paper.rules(*flags) == []
    assert sorted(paper.heard[10:]) == sorted([*HOME, *RIVER])


def test_archives_are_told_of_to_nobody(paper: Paper) -> None:
    """Nobody subscribes to them."""
    for day in range(4, 9):
        paper.site.article(f"moon-{day}", topics=["Space"], date=f"2024-03-0{day}T08:00:00Z", **of_nasa(f"moon-{day}"))
    assert paper.site.build().code == 0
    assert (paper.site.public / "archive/2024/03/atom.xml").exists()
    paper.deploy()
    assert paper.rules() == []
    assert sorted(paper.heard) == ALL


def test_what_is_sent(paper: Paper) -> None:
    """A form as hubs ask for it, with the address that the feed has for itself; who asks is said."""
    paper.ping()
    told_of = [request for request in paper.web.requests if request.method == "POST"]
    home = paper.web.url("/atom.xml")
    assert parse_qs(told_of[0].body.decode()) == {"hub.mode": ["publish"], "hub.url": [home], "hub.topic": [home]}
    assert told_of[0].headers == {
        "Host": f"hub.test:{paper.web.port}",
        "User-Agent": f"Broadsheet/{__version__} (ping; +{paper.web.url('/')})",
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": "text/plain, */*;q=0.1",
        "Accept-Encoding": "gzip, deflate",
        "Content-Length": str(len(told_of[0].body)),
        "Connection": "close",
    }
    assert f'href="{home}"' in paper.site.read("atom.xml")
    assert paper.web.most_at_once == 1


def test_all_feeds_are_told_of_again_where_it_is_not_known_what_was(paper: Paper) -> None:
    """The cache can be deleted at any time, and what is damaged is none."""
    paper.ping()
    paper.store.unlink()
    paper.ping()
    assert len(paper.heard) == 20
    for damage in (b"[]", b'{"', b"\xff", b"[" * 100_000, json.dumps(dict.fromkeys(ALL, 1)).encode()):
        paper.store.write_bytes(damage)
        assert paper.rules() == []
    assert len(paper.heard) == 70


def test_another_hub_and_another_address_know_nothing(paper: Paper) -> None:
    """What one hub was told of one site is nothing to others."""
    paper.ping()
    paper.site.write("config.yaml", CONFIG.format(base=paper.web.url("/"), hub=paper.web.url("/hub", "other.test")))
    assert paper.site.build().code == 0
    paper.deploy()
    paper.ping()
    assert len(paper.heard) == 20


# --- What is not told


def test_a_feed_that_is_not_deployed_is_not_told_of(paper: Paper) -> None:
    """Neither where an old one lies there, nor none, nor a longer one; the others are, and it is when it is there."""
    paper.web.does("/feed.xml", answer(200, body=b"<rss>Old.</rss>"))
    paper.web.does("/atom.xml", answer(404))
    voa = paper.site.files()["publishers/voa/feed.xml"]
    paper.web.does("/publishers/voa/feed.xml", answer(200, body=voa + b"\n"))
    paper.web.does("/publishers/voa/atom.xml", answer(503))
    result = paper.ping()
    remedy = "Publish the output first, then tell the hub; a host may take some minutes to show what is new."
    said = {
        "atom.xml": "'{}' is not there: its server answers 404 Not Found",
        "feed.xml": "what lies at '{}' is not what was built",
        "publishers/voa/atom.xml": "'{}' is not there: its server answers 503 Service Unavailable",
        "publishers/voa/feed.xml": "what lies at '{}' is not what was built",
    }
    assert result.code == 1
    assert result.err.splitlines() == [
        f"public/{file}:1:1: ping/not-deployed: {words.format(paper.web.url(f'/{file}'))}. {remedy}"
        for file, words in said.items()
    ]
    assert result.out.splitlines()[-1] == "Told the hub of 6 feeds; 0 unchanged, 4 not told"
    paper.deploy()
    assert paper.rules() == []
    assert sorted(paper.heard[6:]) == [*HOME, *RIVER[:2]]


def test_a_feed_may_be_sent_packed(paper: Paper) -> None:
    """As hosts of static sites do: what counts is what is unpacked."""
    paper.web.does("/feed.xml", packed("gzip", gzip.compress(paper.site.files()["feed.xml"])))
    assert paper.rules() == []
    assert "/feed.xml" in paper.heard


def test_a_feed_that_lies_elsewhere_is_not_told_of(paper: Paper) -> None:
    """Subscribers know it by the address that stands in it."""
    paper.web.does("/feed.xml", redirect("https://elsewhere.test/feed.xml"))
    result = paper.ping()
    assert "redirects to 'https://elsewhere.test/feed.xml'. Set 'base_url'" in result.err
    assert "/feed.xml" not in paper.heard


def test_without_a_hub_nothing_is_built(site: Site) -> None:
    """That is the configuration's fault."""
    result = site.build("--ping")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("config.yaml:1:1: ping/no-hub: there is no hub that could be told of news.")
    assert not site.public.exists()
    assert json.loads(site.build("--ping", "--format", "json").out)[0]["rule"] == "ping/no-hub"


def test_without_the_flag_nothing_is_asked(paper: Paper) -> None:
    """Nor is anything of the network imported."""
    paper.web.requests.clear()
    paper.site.article("river", "Other words of ours.")
    environment = {**os.environ, "PYTHONPROFILEIMPORTTIME": "1"}
    done = building.process("build", "-s", str(paper.site.root), "--now", NOW, env=environment)
    imported = {line.rpartition("|")[2].strip() for line in done.err.splitlines()}
    assert done.code == 0
    assert "broadsheet.build.engine" in imported
    assert imported.isdisjoint(("broadsheet.network", "broadsheet.build.ping", "urllib3", "ssl"))
    assert paper.web.requests == []


def test_a_build_with_problems_tells_nobody(paper: Paper) -> None:
    """Whether the site stays as it was or leaves something out."""
    paper.site.article("odd", kinds="own")
    failed, left_out = paper.ping(), paper.ping("--keep-going")
    assert (failed.code, left_out.code) == (1, 3)
    assert left_out.err.endswith("The hub was not told: the build had problems.\n")
    assert paper.heard == []


# --- What is printed


def test_what_is_printed(paper: Paper) -> None:
    """As of all problems, in three formats; `-q` keeps to them, `-v` names each feed."""
    assert f"Told the hub of {paper.web.url('/feed.xml')}\n" in paper.ping("-v").out
    paper.store.unlink()
    assert (paper.ping("-q").out, paper.ping("--format", "json").out) == ("", "[]\n")
    paper.store.unlink()
    paper.hub(answer(403))
    assert "::error file=public/feed.xml,line=1,col=1,title=ping/refused::" in paper.ping("--format", "github").out


# --- What hubs do


def test_a_hub_that_refuses_some(paper: Paper) -> None:
    """Its reason is shown, on one line and not for long; the others are told, and those it refused next time."""
    paper.hub(in_turn(answer(400, body=b"no such\r\n::error::\x1b[31mtopic \xff" + b"a" * 5_000), YES))
    result = paper.ping()
    (line,) = result.err.splitlines()
    begin = (
        f"public/atom.xml:1:1: ping/refused: the hub '{paper.web.url('/hub', 'hub.test')}' was not told of "
        f"'{paper.web.url('/atom.xml')}': its server answers 400 Bad Request, and says: no such ::error::"
    )
    assert line.startswith(begin)
    assert line.endswith("a…. Mend what the hub says, or name another with 'feeds.hub'.")
    assert len(line) < 600
    assert "\x1b" not in line
    assert result.out.splitlines()[-1] == "Told the hub of 9 feeds; 0 unchanged, 1 not told"
    assert paper.rules() == []
    assert paper.heard[10:] == ["/atom.xml"]


def test_a_page_is_no_reason(paper: Paper) -> None:
    """What a proxy on the way shows to people is not repeated."""
    paper.hub(in_turn(answer(502, body=b"<html><title>Bad gateway</title>"), YES))
    assert "its server answers 502 Bad Gateway. Mend" in paper.ping().err


def test_a_hub_that_fails_may_do_better_with_the_next_feed(paper: Paper) -> None:
    """503 without a time to wait for may be about that feed only."""
    paper.hub(in_turn(answer(503), YES))
    assert paper.rules() == ["ping/refused"]
    assert len(paper.heard) == 10


def test_a_hub_that_refuses_all_is_left_alone(paper: Paper) -> None:
    """After a few."""
    paper.hub(answer(404))
    assert paper.rules() == ["ping/refused"] * ping.MOST_REFUSED
    assert len(paper.heard) == ping.MOST_REFUSED


def test_a_form_is_not_sent_on(paper: Paper) -> None:
    """Where a hub redirects to is for the curator to name."""
    for status in (301, 302, 303, 307, 308):
        paper.hub(redirect("http://elsewhere.test/hub", status))
        assert "it redirects to 'http://elsewhere.test/hub'. Look whether that is the hub" in paper.ping().err
    assert {request.target for request in paper.web.requests if request.method == "POST"} == {"/hub"}


SILENT = "its server says nothing for 0.3 s"
BROKEN = "its server breaks off"


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        (silence(), SILENT),
        (silence(b"HTTP/1.1 2"), SILENT),
        (reset(), BROKEN),
        (b"What?\r\n\r\n", f"{BROKEN}, or speaks no HTTP"),
        (b"", BROKEN),
    ],
    ids=["silent", "slow", "broken off", "nonsense", "nothing"],
)
def test_a_hub_that_cannot_be_spoken_with(behaviour: Behaviour, said: str, paper: Paper) -> None:
    """One problem, and no further feed is tried; what it was told before is noted."""
    paper.hub(in_turn(YES, YES, behaviour))
    result = paper.ping()
    assert (result.code, len(paper.heard)) == (1, 3)
    (line,) = result.err.splitlines()
    assert line.startswith("config.yaml:1:1: ping/unreachable: the hub 'http://hub.test:")
    assert said in line
    assert result.out.splitlines()[-1] == "Told the hub of 2 feeds; 0 unchanged, 8 not told"
    paper.hub(YES)
    assert paper.rules() == []
    assert sorted(paper.heard[3:]) == sorted(set(ALL) - set(paper.heard[:2]))


@pytest.mark.usefixtures("impatient")
def test_what_follows_a_yes_is_not_waited_for(paper: Paper) -> None:
    """Neither a body that never ends nor one that is packed as nobody knows."""
    paper.hub(in_turn(silence(begun(202, "Content-Length: 100")), answer(200, "Content-Encoding: odd", body=b"x")))
    assert paper.rules() == []
    assert len(paper.heard) == 10


@pytest.mark.usefixtures("impatient")
def test_a_reason_that_does_not_come_is_none(paper: Paper) -> None:
    """The status says enough."""
    paper.hub(in_turn(silence(begun(400, "Content-Length: 100")), YES))
    assert "its server answers 400 Bad Request. Mend" in paper.ping().err


@pytest.mark.usefixtures("impatient")
def test_a_hub_that_asks_for_time_gets_it(paper: Paper) -> None:
    """It is left alone until the next run."""
    paper.hub(answer(429, "Retry-After: 3600"))
    result = paper.ping()
    assert len(paper.heard) == 1
    assert "config.yaml:1:1: ping/later: " in result.err
    assert "429 Too Many Requests, and wants to be left alone until" in result.err


@pytest.mark.usefixtures("impatient")
def test_a_site_that_cannot_be_reached(paper: Paper) -> None:
    """Then its hub is not asked."""
    for path in ALL:
        paper.web.does(path, reset())
    result = paper.ping()
    assert "ping/unreachable: 'http://news.test:" in result.err
    assert "Look whether the address of the site is right" in result.err
    assert paper.heard == []


@pytest.mark.parametrize("address", ["http://127.0.0.1/hub", "http://localhost/hub", "http://169.254.169.254/latest"])
def test_a_private_address_is_not_told(address: str, paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor looked at: by the rules that hold for everything that is asked of the network."""
    monkeypatch.setattr(fetch, "Fetcher", fetch.Fetcher.func)  # type: ignore[attr-defined]
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("a connection was made"))
    paper.site.write("config.yaml", CONFIG.format(base="http://127.0.0.1:8000/", hub=address))
    result = paper.ping()
    assert "ping/unreachable" in result.err
    assert "127.0.0.1, is not on the public internet" in result.err
    fetcher = fetch.Fetcher("https://paper.example/", ping.limits(address))
    refused = hub.tell(fetcher, address, "https://paper.example/feed.xml")
    assert refused is not None
    assert refused.rule == "ping/unreachable"


def test_without_the_library(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    """What to install is said, and the site is built."""
    monkeypatch.setitem(sys.modules, "urllib3", None)
    result = paper.ping()
    assert "ping/not-installed" in result.err
    assert extras.remedy("ping") in result.err
    assert "Built 2 articles" in result.out


# --- What cuts a run short


def test_a_run_that_takes_too_long_is_ended(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one goes on where it stopped."""
    times = iter([0.0, 1.0, 2.0, ping.LONGEST + 1])
    monkeypatch.setattr(ping, "ping", partial(ping.ping, clock=lambda: next(times)))
    result = paper.ping()
    assert "config.yaml:1:1: ping/unfinished: 8 feeds were not come to within 300 seconds." in result.err
    assert len(paper.heard) == 2


def test_a_run_that_is_killed_loses_nothing(paper: Paper) -> None:
    """What was told is noted at once: only the feed at which it was killed is told of again."""
    child = subprocess.Popen(
        [sys.executable, "-c", PING, "build", "--ping", "--now", NOW, "--source", str(paper.site.root)],
        cwd=building.ROOT,
        stdout=subprocess.DEVNULL,
    )
    paper.hub(in_turn(YES, YES, lambda _: child.kill()))
    assert child.wait() == -signal.SIGKILL
    assert len(paper.heard) == 3
    paper.hub(YES)
    assert paper.rules() == []
    assert sorted(paper.heard[3:]) == sorted(set(ALL) - set(paper.heard[:2]))


PING = """
import sys
from functools import partial
from broadsheet.cli import main
from broadsheet.network import fetch
fetch.Fetcher = partial(fetch.Fetcher, is_public=lambda _: True, resolve=lambda *_: ["127.0.0.1"])
main(sys.argv[1:])
"""
"""A process to which every name leads to this machine."""


def test_what_cannot_be_noted_is_said(paper: Paper) -> None:
    """The hub is told all the same."""
    (paper.site.root / ".cache/told").write_bytes(b"")
    result = paper.ping()
    assert (result.code, len(paper.heard)) == (0, 10)
    assert "could not be noted in .cache" in result.out


def test_a_note_is_old_or_new(tmp_path: Path) -> None:
    """And holds nothing of what is no feed any more."""
    file = told.file_of(tmp_path, "https://paper.example/", "https://hub.example/")
    assert told.keep(file, {"a": "1", "b": "2"})
    assert told.load(file, {"b", "c"}) == {"b": "2"}
    assert [path.name for path in file.parent.iterdir()] == [file.name]
