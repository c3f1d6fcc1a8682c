"""The built pages, judged by the Nu HTML checker and, in Chromium, by axe-core and by rules of our own."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.heavy.conftest import ROOT, Served, serve
from tests.making import ARTICLE, Site
from tests.test_hostile import STRINGS

NPM = ROOT / ".cache/npm/node_modules"
_BY_POLICY = (
    "Resource violates Content Security Policy (meta tag): ",
    # JSON-LD is data, and no script (HTML standard, the script element, data block); browsers do not complain.
    "Inline script violates Content Security Policy (meta tag): ",
)
SITES = ("sample", "showcase", "full")
LEFT = "net::ERR_ABORTED"
"""What becomes of requests under way when the next page is opened."""
WIDTHS = (320, 390, 768, 1280, 1600)


@pytest.mark.parametrize("name", SITES)
def test_the_nu_checker_has_nothing_to_say(sites: dict[str, Served], name: str) -> None:
    """Neither errors nor warnings, on any page."""
    command = ["java", "-jar", str(NPM / "vnu-jar/build/dist/vnu.jar"), "--format", "json", "--stdout"]
    done = subprocess.run(
        [*command, "--skip-non-html", str(sites[name].public)], capture_output=True, text=True, check=False
    )
    messages = json.loads(done.stdout)["messages"]
    # The checker reads files, for which a policy of 'self' allows nothing; in Chromium the policy is tested for itself.
    told = [(m["url"], m.get("lastLine"), m["message"]) for m in messages if not m["message"].startswith(_BY_POLICY)]
    assert told == []


def each_kind(served: Served) -> list[str]:
    """Of each template's pages the first few: listings repeat themselves."""
    by_shape: dict[str, list[str]] = {}
    for page in served.pages():
        shape = page.split("/")[0] if not page[:4].isdigit() else "article"
        by_shape.setdefault(shape, []).append(page)
    return [page for pages in by_shape.values() for page in pages[:4]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", SITES)
def test_axe_finds_nothing(sites: dict[str, Served], browser: Browser, name: str, scheme: str) -> None:
    """No violation of any rule, light and dark, on a phone and on a desk."""
    axe = (NPM / "axe-core/axe.min.js").read_text(encoding="utf-8")
    for width in (390, 1280):
        # The page's policy lets no script in, so it is bypassed for axe alone.
        context = browser.new_context(
            bypass_csp=True,
            color_scheme=scheme,
            viewport={"width": width, "height": 900},  # type: ignore[arg-type]
        )
        page = context.new_page()
        for path in each_kind(sites[name]):
            page.goto(sites[name].url + path)
            page.add_script_tag(content=axe)
            result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            found = [(v["id"], [n["html"] for n in v["nodes"]][:3]) for v in result["violations"]]
            assert found == [], (path, width, scheme)
        context.close()


@pytest.fixture
def watched(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page, and what its console, its requests and its scripts complain of."""
    context = browser.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda r: complaints.append(f"failed: {r.url}") if r.failure != LEFT else None)
    page.on("response", lambda r: complaints.append(f"{r.status}: {r.url}") if r.status >= 400 else None)
    page.on("request", lambda r: complaints.append(f"elsewhere: {r.url}") if "127.0.0.1" not in r.url else None)
    yield page, complaints
    context.close()


@pytest.mark.parametrize("name", SITES)
def test_pages_are_whole(sites: dict[str, Served], watched: tuple[Page, list[str]], name: str) -> None:
    """One h1, no complaint of the browser, no request elsewhere, nothing wider than the screen, the type loaded."""
    page, complaints = watched
    for path in each_kind(sites[name]):
        page.goto(sites[name].url + path)
        assert page.locator("h1").count() == 1, path
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
        assert page.evaluate("document.fonts.ready.then(f => [...f].some(x => x.status == 'loaded'))"), path
    assert complaints == []


def test_every_link_of_the_site_leads_somewhere(sites: dict[str, Served], watched: tuple[Page, list[str]]) -> None:
    """Each address within the site is a file of it, and each fragment an id."""
    page, _ = watched
    for served in sites.values():
        for path in served.pages():
            page.goto(served.url + path)
            links = page.eval_on_selector_all("a[href], link[href], img[src]", "all => all.map(e => e.href || e.src)")
            for link in links:
                if link.startswith(served.url):
                    file = served.public / link.removeprefix(served.url).split("#")[0].split("?")[0]
                    assert file.is_file() or (file / "index.html").is_file(), (served.name, path, link)
            ids = page.eval_on_selector_all("[id]", "all => all.map(e => e.id)")
            wanted = page.eval_on_selector_all(
                "a[href^='#']", "all => all.map(e => decodeURIComponent(e.hash.slice(1)))"
            )
            assert set(wanted) <= set(ids), path


@pytest.mark.parametrize("feed", ["feed.xml", "atom.xml"])
def test_a_feed_opened_in_a_browser_is_readable(
    sites: dict[str, Served], watched: tuple[Page, list[str]], feed: str
) -> None:
    """What it is for, the headlines, summaries and terms; no markup of its items, nothing wider than a phone."""
    page, complaints = watched
    page.set_viewport_size({"width": 390, "height": 800})
    for name in SITES:
        page.goto(sites[name].url + feed)
        what = page.evaluate("getComputedStyle(document.documentElement, '::before').content")
        assert "This is a feed." in what
        shown = page.evaluate(
            "[...document.documentElement.getElementsByTagName('*')].filter(e => e.getClientRects().length)"
            ".map(e => e.localName)"
        )
        items = page.evaluate("document.querySelectorAll('item, entry').length")
        assert items > 0
        of_items = ("summary", "rights") if feed == "atom.xml" else ("rights",)  # a channel has a description too
        assert [shown.count(element) for element in of_items] == [items] * len(of_items)
        assert shown.count("title") == items + 1
        assert {"encoded", "content", "guid", "id"}.isdisjoint(shown)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert [it for it in complaints if it.startswith("elsewhere")] == []


def test_the_keyboard_reaches_everything(sites: dict[str, Served], watched: tuple[Page, list[str]]) -> None:
    """The first stop is the link past the menu, every link is a stop, and each stop can be seen."""
    page, _ = watched
    page.goto(sites["sample"].url)
    links = page.locator("a[href]").count()
    seen = []
    for _ in range(links):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            "() => { const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();"
            " return [e.getAttribute('href'), s.outlineStyle != 'none' && r.width > 0 && r.height > 0] }"
        )
        seen.append(stop)
    assert len(seen) == links
    assert seen[0][0].startswith("#")
    assert all(is_visible for _, is_visible in seen), seen


def test_the_credit_shows_on_a_phone_and_in_print(sites: dict[str, Served], browser: Browser) -> None:
    """On each article's page the credit block's heading, sentence and facts are visible, on screen and on paper."""
    page = browser.new_page(viewport={"width": 390, "height": 800})
    for served in (sites["sample"], sites["showcase"]):
        for path in (p for p in served.pages() if p[:4].isdigit()):
            page.goto(served.url + path)
            for medium in ("screen", "print"):
                page.emulate_media(media=medium)  # type: ignore[arg-type]
                assert page.locator(".slip-summary").is_visible()
                if "withdrawn" in path:  # one of the digest's own: nothing is left of which a fact could be stated
                    assert page.locator(".slip-facts").count() == 0
                    continue
                assert page.locator(".slip-facts").is_visible()
                assert "Terms" in page.locator(".slip-facts").inner_text(), (path, medium)
    page.close()


def test_a_subscriber_finds_the_feed(sites: dict[str, Served], watched: tuple[Page, list[str]]) -> None:
    """Each page announces its nearest feed first and the site's last."""
    page, _ = watched
    selector = "link[rel=alternate][type='application/rss+xml']"
    for path, expected in (("", ["/feed.xml"]), ("topics/migration/", ["/topics/migration/feed.xml", "/feed.xml"])):
        page.goto(sites["sample"].url + path)
        assert page.eval_on_selector_all(selector, "all => all.map(e => e.getAttribute('href'))") == expected


def test_hostile_strings_do_not_run(tmp_path: Path, watched: tuple[Page, list[str]]) -> None:
    """In a real browser, under the page's own policy: no string of any field sets the canary."""
    site = Site(tmp_path / "hostile")
    site.write("config.yaml", "title: Paper\nbase_url: https://p.example/\npage_size: 200\n")
    for n, hostile in enumerate(s for s in STRINGS if s.strip()):
        origin = {**ARTICLE["origin"], "url": f"https://www.voanews.com/{n}", "authors": [hostile]}  # type: ignore[dict-item]
        site.article(f"h{n}", f"{hostile}\n\n> {hostile}\n", title=hostile, summary=hostile, origin=origin)
    result = site.build("--keep-going")
    assert result.code in (0, 3)
    page, complaints = watched
    server = serve(site.public)
    try:
        for path in sorted(site.public.rglob("index.html")):
            page.goto(f"http://127.0.0.1:{server.server_address[1]}/{path.parent.relative_to(site.public)}/")
            assert page.evaluate("typeof window.hit") == "undefined", path
    finally:
        server.shutdown()
        server.server_close()
    assert complaints == []
