"""Three built sites, served, and a browser to look at them."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.making import ARTICLE, NOW, Site

ROOT = Path(__file__).parent.parent.parent
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Served:
    """A built site with its address."""

    name: str
    public: Path
    url: str

    def pages(self) -> list[str]:
        """Addresses of all pages but redirects, relative to `url`, in order."""
        found = sorted(self.public.rglob("*.html"))
        paths = [p for p in found if 'http-equiv="refresh"' not in p.read_text(encoding="utf-8")]
        return [str(p.relative_to(self.public)).removesuffix("index.html") for p in paths]


def sample(folder: Path) -> Site:
    """The sample site of the repository."""
    site = Site(folder / "sample")
    shutil.copytree(ROOT / "content", site.root / "content")
    shutil.copy(ROOT / "config.yaml", site.root)
    return site


def showcase(folder: Path) -> Site:
    """Every feature once, in the default theme."""
    site = Site(folder / "showcase")
    shutil.copytree(ROOT / "tests/golden/site", site.root)
    shutil.rmtree(site.root / "templates")
    config = (site.root / "config.yaml").read_text(encoding="utf-8")
    chosen = config.replace("theme: probe\n", "").replace("theme_options: {greeting: Good day}\n", "")
    site.write("config.yaml", chosen.replace("https://golden.example/repo/", "https://golden.example/"))
    return site


def full_paper(folder: Path) -> Site:
    """Sixty articles with headlines of 1 to 30 words."""
    site = Site(folder / "full")
    site.write("config.yaml", "title: The Long Name of a Paper That Has Much to Say\nbase_url: https://full.example/\n")
    words = "Water rises again in the lower town as engineers count all the bridges that still stand".split()
    for n in range(60):
        url = f"https://www.voanews.com/a/{n}.html"
        origin = {**ARTICLE["origin"], "url": url, "published": "2023-12-31"}  # type: ignore[dict-item]
        title = " ".join(words[(n + k) % len(words)] for k in range(1 + n % 30)).capitalize() + f" {n}"
        paragraphs = "\n\n".join(" ".join(words) + "." for _ in range(6))
        summary = None if n % 4 == 0 else " ".join(words) + "."
        topics = ["Weather", f"Topic {n % 7}"]
        day = f"2024-{1 + n % 3:02}-{1 + n % 28:02}"
        site.article(f"a{n}", paragraphs, title=title, date=day, origin=origin, summary=summary, topics=topics)
    return site


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Served]]:
    """The sites, built and served on this machine."""
    folder = tmp_path_factory.mktemp("sites")
    servers, served = [], {}
    for site in (sample(folder), showcase(folder), full_paper(folder)):
        result = site.build("--now", NOW)
        assert (result.code, result.err) == (0, "")
        server = serve(site.public)
        servers.append(server)
        served[site.root.name] = Served(site.root.name, site.public, f"http://127.0.0.1:{server.server_address[1]}/")
    yield served
    for server in servers:
        server.shutdown()
        server.server_close()


def serve(folder: Path) -> http.server.ThreadingHTTPServer:
    """A server of a folder on a free port."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, headless."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()
