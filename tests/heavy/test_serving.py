"""The preview in Chromium: what changes on the screen when a file is saved, and what does not."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.heavy.conftest import ROOT
from tests.making import CONFIG, Site

OWN = {"kind": "own", "origin": None, "licence": None, "retrieved": None}
LONG = "\n\n".join(f"Paragraph {n} of a long text." for n in range(200))
PICTURE = b"\x89PNG\r\n\x1a\n"
SHEET = "main h1 { color: rgb(1, 2, 3) }\n"


@dataclass
class Preview:
    """A preview that runs, and a page that looks at it."""

    site: Site
    address: str
    page: Page
    complaints: list[str]

    def look_at(self, path: str) -> None:
        """Open a page of the site, and leave a mark that loading it again would wipe."""
        self.page.goto(self.address + path)
        self.mark()

    def mark(self) -> None:
        """Leave it."""
        self.page.evaluate("document.marked = true")

    def is_marked(self) -> bool:
        """Whether the page is still the one that was loaded."""
        return bool(self.page.evaluate("document.marked === true"))

    def problems(self) -> str:
        """What is shown of problems, once there are any."""
        return self.page.locator("broadsheet-problems section").inner_text()


@pytest.fixture(params=["told", "polling"])
def preview(request: pytest.FixtureRequest, site: Site, browser: Browser) -> Iterator[Preview]:
    """Of a site under /repo/ with two articles and a style sheet of its own."""
    site.write("config.yaml", CONFIG.replace("paper.example/", "paper.example/repo/"))
    site.write(
        "templates/article.html",
        '{% extends "theme/article.html" %}\n{% block head %}{{ super() }}'
        '<link rel="stylesheet" href="/repo/own.css">{% endblock %}\n',
    )
    site.write("static/own.css", SHEET)
    site.article("one", LONG, **OWN)
    site.article("two", "Two.", **OWN)
    command = [sys.executable, str(ROOT / "build.py"), "serve", "--source", str(site.root), "--port", "0", "-v"]
    more = ["--poll"] if request.param == "polling" else []
    process = subprocess.Popen([*command, *more], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    how = "Looking for changes again and again.\n" if more else "The system tells of changes.\n"
    lines = []
    while not lines or not lines[-1].startswith("Look at it at "):
        lines.append(process.stdout.readline())
        assert lines[-1], "the preview has ended"
    assert how in lines
    address = lines[-1].split()[4]
    context = browser.new_context(viewport={"width": 1000, "height": 600})
    page = context.new_page()
    page.set_default_timeout(20_000)
    expect.set_options(timeout=20_000)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield Preview(site, address, page, complaints)
    context.close()
    process.kill()
    process.communicate()


def test_an_edit_shows_at_once_and_the_place_is_kept(preview: Preview) -> None:
    """Without a reload of anybody's: words, title and what the head says, though the page was scrolled."""
    preview.look_at("2024/03/one/")
    preview.page.evaluate("scrollTo(0, 3000)")
    text = LONG.replace("Paragraph 100 of", "Chapter 100 of")
    preview.site.article("one", text, **OWN, title="A new headline")
    expect(preview.page.get_by_text("Chapter 100 of a long text.")).to_be_visible()
    assert preview.page.evaluate("scrollY") == 3000
    assert preview.page.title().startswith("A new headline")
    assert preview.page.locator("meta[property='og:title']").get_attribute("content") == "A new headline"
    assert preview.is_marked()
    assert preview.complaints == []


def test_what_was_put_in_place_is_what_loading_gives(preview: Preview) -> None:
    """The same body, and the same elements in the head but for the preview's own."""
    preview.look_at("2024/03/one/")
    preview.site.article("one", "Quite another text.", **OWN, title="Another", topics=["Else"], summary=None)
    expect(preview.page.get_by_text("Quite another text.")).to_be_visible()
    assert preview.is_marked()
    document = """() => [document.body.outerHTML, document.documentElement.cloneNode().outerHTML,
        ...[...document.head.children].filter(e => !e.matches("[data-page]")).map(e => e.outerHTML).sort()]"""
    replaced = preview.page.evaluate(document)
    preview.page.reload()
    assert preview.page.evaluate(document) == replaced


def test_an_edit_of_another_article_leaves_the_page_alone(preview: Preview) -> None:
    """Nothing of it is drawn anew, though listings and feeds were written; the next edit of its own is."""
    preview.look_at("2024/03/one/")
    preview.page.evaluate("document.body.marked = true")
    preview.site.article("two", "Two, and more.", **OWN)
    other = preview.page.context.new_page()
    other.goto(preview.address + "2024/03/two/")
    expect(other.get_by_text("Two, and more.")).to_be_visible()
    assert preview.page.evaluate("document.body.marked")
    preview.site.article("one", "One, and more.", **OWN)
    expect(preview.page.get_by_text("One, and more.")).to_be_visible()
    assert preview.is_marked()
    assert preview.page.evaluate("document.body.marked") is None


def test_a_style_sheet_is_swapped(preview: Preview) -> None:
    """The site's own, and the theme's, whose address carries its version on every page; again and again."""
    preview.look_at("2024/03/one/")
    preview.page.evaluate("document.body.marked = true")
    heading = preview.page.locator("main h1")
    expect(heading).to_have_css("color", "rgb(1, 2, 3)")
    for n in (4, 5):
        preview.site.write("static/own.css", SHEET.replace("3", str(n)))
        expect(heading).to_have_css("color", f"rgb(1, 2, {n})")
    style = (ROOT / "themes/default/static/style.css").read_text(encoding="utf-8")
    preview.site.write("themes/mine/theme.yaml", "name: Mine\nparent: default\n")
    preview.site.write("themes/mine/static/style.css", style)
    config = CONFIG.replace("paper.example/", "paper.example/repo/") + "theme: mine\n"
    preview.site.write("config.yaml", config)
    for n in (6, 7):
        preview.site.write("themes/mine/static/style.css", f"{style}\nmain h1 {{ rotate: {n}deg }}\n")
        expect(heading).to_have_css("rotate", f"{n}deg")
    expect(preview.page.locator("link[rel=stylesheet]")).to_have_count(2)
    assert preview.page.evaluate("document.body.marked")
    assert preview.is_marked()


def test_a_mistake_is_shown_until_it_is_mended(preview: Preview) -> None:
    """With file, line and remedy, over the page as it was; on pages that are opened then, too; as text."""
    preview.look_at("2024/03/one/")
    path = preview.site.article("two", "Two.", **OWN, titel="<img src=x onerror=alert(1)>")
    expect(preview.page.locator("broadsheet-problems section")).to_be_visible()
    shown = preview.problems()
    assert f"{path}:" in shown
    assert re.search(r":\d+:1: article/unknown-key\n", shown)
    assert "Did you mean 'title'?" in shown
    other = preview.page.context.new_page()
    other.goto(preview.address + "feeds/")
    expect(other.locator("broadsheet-problems section")).to_contain_text("Did you mean 'title'?")
    preview.site.article("two", "Two.", **OWN, draft="<b>")
    expect(preview.page.locator("broadsheet-problems section")).to_contain_text("<b>")
    assert preview.page.locator("broadsheet-problems").locator("b, img").count() == 0
    preview.site.article("two", "Two.", **OWN)
    for page in (preview.page, other):
        expect(page.locator("broadsheet-problems")).to_have_count(0)
    assert preview.is_marked()
    assert preview.complaints == []


def test_a_page_that_goes_and_comes_back(preview: Preview) -> None:
    """Gives way to the page of what is not there, and takes its place again."""
    preview.look_at("2024/03/two/")
    file = preview.site.root / "content/articles/2024/03/two.md"
    text = file.read_text()
    file.unlink()
    expect(preview.page.get_by_role("heading", name="This page is not here")).to_be_visible()
    file.write_text(text)
    expect(preview.page.get_by_text("Two.", exact=True)).to_be_visible()


def test_a_picture_is_shown_anew(preview: Preview) -> None:
    """Where its file changed, and the page did not."""
    image = {
        "file": "quay.png",
        "alt": "The quay",
        "creator": "Us",
        "credit": "Us",
        "licence": "CC0-1.0",
        "source": "https://x.example/",
    }
    preview.site.write("content/articles/2024/03/quay.png", png(2))
    preview.site.article("two", "With a picture.", **OWN, image=image)
    preview.look_at("2024/03/two/")
    expect(preview.page.locator("main img")).to_have_js_property("naturalWidth", 2)
    preview.site.write("content/articles/2024/03/quay.png", png(3))
    expect(preview.page.locator("main img")).to_have_js_property("naturalWidth", 3)


def png(width: int) -> bytes:
    """A picture of one row, white. Portable Network Graphics, third edition, section 5."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, 1, 8, 0, 0, 0, 0)
    return (
        PICTURE + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" + b"\xff" * width)) + chunk(b"IEND", b"")
    )


def test_many_tabs(preview: Preview) -> None:
    """More than a browser has connections for: those that nobody looks at give theirs back, and catch up when seen."""
    tabs = [preview.page.context.new_page() for _ in range(10)]
    for tab in tabs:
        tab.goto(preview.address + "2024/03/one/", timeout=20_000)
        show(tab, "hidden")  # without a screen, Chromium takes every tab for seen
    preview.look_at("2024/03/one/")
    preview.site.article("one", "For all of them.", **OWN)
    expect(preview.page.get_by_text("For all of them.")).to_be_visible()
    assert tabs[0].get_by_text("For all of them.").count() == 0
    show(tabs[0], "visible")
    expect(tabs[0].get_by_text("For all of them.")).to_be_visible()


def show(page: Page, state: str) -> None:
    """Tell a page whether it is seen."""
    page.evaluate(
        "state => { Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });"
        " document.dispatchEvent(new Event('visibilitychange')) }",
        state,
    )


def test_the_policy_of_the_page_still_holds(preview: Preview) -> None:
    """A script that a theme lets in by mistake does not run in the preview either."""
    preview.site.write("static/own.js", "document.ran = true")
    template = (
        '{% extends "theme/page.html" %}{% block head %}<script src="/repo/own.js"></script>'
        "<script>document.ran = true</script>{% endblock %}"
    )
    preview.site.write("templates/page.html", template)
    preview.site.write("content/pages/about.md", "---\ntitle: About\n---\n\nAbout us.\n")
    preview.page.goto(preview.address)
    preview.page.goto(preview.address + "about/")
    expect(preview.page.get_by_text("About us.")).to_be_visible()
    assert preview.page.evaluate("document.ran") is None
    refused = [text for text in preview.complaints if "Content Security Policy" in text]
    assert len(refused) == 2
