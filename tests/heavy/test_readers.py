"""Two real readers, of two code bases, subscribe over HTTP to the feeds of the sample site: newsboat and sfeed.

Both are Debian's, with curl for sfeed. They run as their users run them, with folders of their own; what they keep is
what they show.
"""

from __future__ import annotations

import hashlib
import http.server
import os
import re
import shutil
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pytest

from tests.heavy.conftest import sample
from tests.making import Site
from tests.subscriber import read as received

FEEDS = ("feed.xml", "atom.xml")
REPRINT = "content/articles/2023/12/us-mexico-discuss-options.md"
STEP = 1_000
"""Seconds from one build to the next, and from a build to when it is read half of them: HTTP's clock has no smaller."""


@dataclass
class Stand:
    """The site, served with validators (RFC 9110, section 8.8), and what was answered."""

    site: Site
    url: str = ""
    answers: list[tuple[str, int]] = field(default_factory=list)
    """(path, status), where it was asked what is new since, by date or by tag."""
    clock: float = field(default_factory=lambda: time.time() // 1 - 10 * STEP)
    """Of the last build."""

    def publish(self) -> None:
        """Build; what is written is as old as its build, so that no second holds two."""
        before = self._times()
        result = self.site.build()
        assert (result.code, result.err) == (0, "")
        self.clock += STEP
        for file, written in self._times().items():
            if before.get(file) != written:
                os.utime(file, (self.clock, self.clock))

    def _times(self) -> dict[Path, int]:
        return {file: file.stat().st_mtime_ns for file in self.site.public.rglob("*") if file.is_file()}

    def ids(self, feed: str) -> list[str]:
        """Of the items in a feed as it is published."""
        return sorted(received((self.site.public / feed).read_bytes()).ids)

    def statuses(self, feed: str) -> list[int]:
        """What was answered to a reader that asked whether a feed is new, in order."""
        return [status for path, status in self.answers if path == f"/{feed}"]


@dataclass(frozen=True)
class Held:
    """An item as a reader has it."""

    id: str
    title: str
    author: str
    link: str
    content: str
    is_new: bool


class Reader(Protocol):
    """A program that reads feeds."""

    first_thrifty: int
    """From which reload on it asks whether the feed is new."""

    def reload(self) -> None:
        """Ask for the feed again, and show it to the reader, who reads all."""

    def items(self) -> list[Held]:
        """All that it has; those are new that are new or changed since somebody looked."""


class Newsboat:
    """Debian's `newsboat`: a cache in SQLite, libcurl, parsers of its own."""

    first_thrifty = 2  # 2.21 keeps date and tag only of a feed that it knew before

    def __init__(self, folder: Path, stand: Stand, feed: str) -> None:
        folder.mkdir()
        url = f"{stand.url}{feed}"
        (folder / "urls").write_text(f"{url}\n")
        (folder / "config").write_text(f'reset-unread-on-update "{url}"\ncleanup-on-quit no\n')
        self._folder = folder

    def reload(self) -> None:
        """As `Reader`; all that it has was read."""
        if (self._folder / "cache.db").exists():
            with sqlite3.connect(self._folder / "cache.db") as cache:
                cache.execute("UPDATE rss_item SET unread = 0")
        names = ("-u", "urls"), ("-c", "cache.db"), ("-C", "config")
        options = [it for flag, name in names for it in (flag, str(self._folder / name))]
        _run(["newsboat", "-q", *options, "-x", "reload"], self._folder)

    def items(self) -> list[Held]:
        """As `Reader`; an unread one is new."""
        with sqlite3.connect(self._folder / "cache.db") as cache:
            rows = cache.execute("SELECT guid, title, author, url, content, unread FROM rss_item WHERE deleted = 0")
            return [Held(*row[:5], bool(row[5])) for row in rows]


class Sfeed:
    """Debian's `sfeed`: a line with tabs for each item, curl's command line, a parser of its own."""

    first_thrifty = 1

    def __init__(self, folder: Path, stand: Stand, feed: str) -> None:
        folder.mkdir()
        (folder / "sfeedrc").write_text(
            f"sfeedpath='{folder}/feeds'\n"
            # What is newer than the file that it keeps, where that holds anything: sfeedrc(5), `fetch`.
            'fetch() {\n\tif [ -s "$3" ]; then curl -sf -z "$3" "$2"; else curl -sf "$2"; fi\n}\n'
            # The newer of two of one id: as it comes it keeps what it saw first. sfeedrc(5), `merge`.
            'merge() {\n\tsort -t \'\t\' -u -k6,6 "$3" "$2"\n}\n'
            f"feeds() {{\n\tfeed paper '{stand.url}{feed}'\n}}\n",
            encoding="utf-8",
        )
        self._folder, self._stand = folder, stand
        self._seen: set[tuple[str, str]] = set()

    def reload(self) -> None:
        """As `Reader`; it tells nobody what is new, its lines do."""
        kept = self._folder / "feeds" / "paper"
        self._seen = {(it.id, it.content) for it in self.items()} if kept.exists() else set()
        _run(["sfeed_update", str(self._folder / "sfeedrc")], self._folder)
        os.utime(kept, (self._stand.clock + STEP / 2,) * 2)

    def items(self) -> list[Held]:
        """As `Reader`."""
        held = []
        for line in (self._folder / "feeds" / "paper").read_text(encoding="utf-8").splitlines():
            _, title, link, content, _, name, author, *_ = line.split("\t")
            held.append(
                Held(name, title, author, link, _unescaped(content), (name, _unescaped(content)) not in self._seen)
            )
        return held


def _unescaped(content: str) -> str:
    signs = {"n": "\n", "t": "\t", "\\": "\\"}
    return re.sub(r"\\(.)", lambda match: signs[match[1]], content)


def _run(command: list[str], home: Path) -> None:
    environment = {**os.environ, "HOME": str(home), "LC_ALL": "C.UTF-8", "no_proxy": "127.0.0.1"}
    done = subprocess.run(command, env=environment, cwd=home, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    """The sample site, built and served."""
    made = Stand(sample(tmp_path))
    made.publish()

    class Handler(http.server.SimpleHTTPRequestHandler):
        def end_headers(self) -> None:
            file = Path(self.translate_path(self.path))
            if file.is_file():
                self.send_header("ETag", _tag(file))
            super().end_headers()

        def do_GET(self) -> None:
            file = Path(self.translate_path(self.path))
            if file.is_file() and self.headers.get("If-None-Match") == _tag(file):
                self.send_response(304)
                self.end_headers()
            else:
                super().do_GET()

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            del size
            if self.headers.get("If-None-Match") or self.headers.get("If-Modified-Since"):
                made.answers.append((self.path, int(code)))

        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(made.site.public))  # type: ignore[arg-type]

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made.url = f"http://127.0.0.1:{server.server_address[1]}/"
    yield made
    server.shutdown()
    server.server_close()


def _tag(file: Path) -> str:
    return f'"{hashlib.sha256(file.read_bytes()).hexdigest()[:16]}"'


READERS = {"newsboat": Newsboat, "sfeed": Sfeed}


@pytest.fixture(params=[(name, feed) for name in READERS for feed in FEEDS], ids="-".join)
def subscribed(request: pytest.FixtureRequest, stand: Stand, tmp_path: Path) -> tuple[Stand, Reader, str]:
    """A reader that has read the feed once."""
    name, feed = request.param
    assert shutil.which({"newsboat": "newsboat", "sfeed": "sfeed_update"}[name]), f"{name} is not installed"
    reader = READERS[name](tmp_path / "reader", stand, feed)
    reader.reload()
    return stand, reader, feed


def test_a_life_of_a_subscription(subscribed: tuple[Stand, Reader, str]) -> None:
    """Each item once, with credit and terms; nothing twice; a correction once, and no new item; a new article once."""
    stand, reader, feed = subscribed
    items = {it.id: it for it in reader.items()}
    assert sorted(items) == [it.id for it in sorted(reader.items(), key=lambda it: it.id)] == stand.ids(feed)
    assert all(it.is_new for it in items.values())
    check_credit(list(items.values()))

    reader.reload()
    assert [it for it in reader.items() if it.is_new] == []
    assert stand.statuses(feed) == [304][reader.first_thrifty - 1 :]

    file = stand.site.root / REPRINT
    corrections = 'corrections: [{date: 2023-12-30, text: "The talks were on Wednesday."}]\n'
    file.write_text(file.read_text().replace("\nkind: ", f"\n{corrections}kind: ", 1))
    stand.publish()
    reader.reload()
    (changed,) = (it for it in reader.items() if it.is_new)
    assert changed.title == items[changed.id].title
    assert "The talks were on Wednesday." in changed.content
    assert sorted(it.id for it in reader.items()) == sorted(items)

    stand.site.article("new", "Quite new.", kind="own", origin=None, retrieved=None, licence=None, date="2024-01-05")
    stand.publish()
    reader.reload()
    (new,) = (it for it in reader.items() if it.is_new)
    assert new.id not in items
    assert "Quite new." in new.content
    assert sorted(it.id for it in reader.items()) == stand.ids(feed) == sorted([*items, new.id])

    reader.reload()
    assert [it for it in reader.items() if it.is_new] == []
    assert stand.statuses(feed) == [304, 200, 200, 304][reader.first_thrifty - 1 :]


def check_credit(items: list[Held]) -> None:
    """Kind, whose words, the way to the original and the terms, in the text that the reader shows."""
    by_kind = {"full" if "Reprinted in full" in it.content else "excerpt": it for it in items}
    assert set(by_kind) == {"full", "excerpt"}
    for said in ("You may reprint this", "Voice of America", '<a href="https://www.voanews.com/'):
        assert said in by_kind["full"].content
    for said in ("<strong>Excerpt", "Quoted briefly", "The New American", "under copyright", "<blockquote>"):
        assert said in by_kind["excerpt"].content
    for it in items:
        assert it.author
        assert it.link.startswith("https://border-digest.example/2023/12/")
        assert re.search(r"<script|javascript:|\son\w+=", it.content) is None


def test_a_withdrawn_article(subscribed: tuple[Stand, Reader, str]) -> None:
    """RSS: its words are replaced under the id that the reader knows. Atom: it goes from the feed (RFC 6721)."""
    stand, reader, feed = subscribed
    before = {it.id: it for it in reader.items()}
    file = stand.site.root / REPRINT
    withdrawn = "withdrawn: {date: 2023-12-30, reason: It was not so.}\n"
    file.write_text(file.read_text().replace("\nkind: ", f"\n{withdrawn}kind: ", 1))
    stand.publish()
    reader.reload()
    new = [it for it in reader.items() if it.is_new]
    if feed == "feed.xml":
        (gone,) = new
        assert gone.id in before
        assert gone.title.startswith("Withdrawn: ")
        assert "It was not so." in gone.content
        assert len(gone.content) < len(before[gone.id].content) / 2
    else:
        assert new == []
        assert b"deleted-entry" in (stand.site.public / feed).read_bytes()
