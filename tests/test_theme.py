"""Themes: inheritance, the site's own templates, mistakes in them, and the contract with what they see."""

from __future__ import annotations

import re
import typing
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from msgspec import Struct

from broadsheet.site import views
from tests.making import ARTICLE, CONFIG, WORDS, Site, captured

THEMES = Path(__file__).parent.parent / "themes"
OWN: dict[str, Any] = {"kind": "own", "origin": None, "licence": None, "retrieved": None}
LICENSED = CONFIG + "licence: CC-BY-4.0\n"
COUNTING = CONFIG + "rights: {counters: true}\n"
POLICY = "default-src 'none'; style-src 'self'; img-src {}; font-src 'self'; base-uri 'none'; form-action 'none'"
TAKEN = "Reprint this, with its credit"
COUNTER = "https://counter.theconversation.com/content/1/count.gif?a=1&b=2"
CONVERSATION = {
    "publisher": "the-conversation",
    "url": "https://theconversation.com/rivers-1",
    "authors": ["Ada Reporter"],
    "published": "2024-03-01",
}
PAGE = "2024/03/river/index.html"


def themed(site: Site, **files: str) -> Site:
    """The site with a theme `child` of `default` and these templates in it (`__` for `/`, no ending)."""
    site.write("config.yaml", CONFIG + "theme: child\n")
    site.write("themes/child/theme.yaml", "name: Child\nparent: default\n")
    for name, text in files.items():
        site.write(f"themes/child/templates/{name.replace('__', '/')}.html", text)
    site.article()
    return site


def test_a_theme_extends_its_parent(site: Site) -> None:
    """A file of the child stands for the parent's, and can extend it by the parent's name."""
    themed(site, page='{% extends "default/page.html" %}')
    site.write("themes/child/templates/404.html", "<p>Gone: {{ page.head.title }}</p>")
    site.write("themes/child/static/style.css", "/* the child's */")
    assert site.build().code == 0
    assert site.read("404.html") == "<p>Gone: Not found – The Test Paper</p>"
    assert site.read("theme/style.css") == "/* the child's */"
    assert "You may reprint this" in site.read("2024/03/river/index.html")


def test_the_site_s_own_templates_win(site: Site) -> None:
    """File by file, and they can extend the theme's of the same name."""
    site.article()
    site.write("templates/404.html", '{% extends "theme/404.html" %}{% block main %}Own words{% endblock %}')
    assert site.build().code == 0
    assert "Own words" in site.read("404.html")
    assert "<!doctype html>" in site.read("404.html").lower()


@pytest.mark.parametrize(
    ("template", "line", "said"),
    [
        ("one\n{{ page.nothing }}", 2, "has no attribute 'nothing'"),
        ("{{ nothing }}", 1, "'nothing' is undefined"),
        ("one\n\n{% if %}", 3, "Expected an expression"),
        ("{% extends 'none.html' %}", 1, "there is no template 'none.html'"),
        ("{% include '404.html' %}", 1, "without an end"),
        ("{% extends '404.html' %}", 1, "without an end"),
        ("{{ asset('none.css') }}", 1, "the theme has no file static/none.css"),
        ("{{ 1 / 0 }}", 1, "division by zero"),
    ],
)
def test_a_mistake_in_a_template_has_its_place(site: Site, template: str, line: int, said: str) -> None:
    """The problem names the template's file and line and the page; the published site is as it was."""
    site.write("templates/404.html", template)
    result = site.build()
    assert result.code == 1
    assert result.err.startswith(f"templates/404.html:{line}:1: theme/template: ")
    assert said in result.err
    assert "rendering Not found" in result.err
    assert not site.public.exists()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("name: Child\nparent: nobody\n", "theme/unknown"),
        ("name: Child\nparent: child\n", "theme/loop"),
        ("name: Child\ncolour: red\n", "theme/unknown-key"),
        ("name: [", "yaml/syntax"),
    ],
)
def test_a_mistake_in_theme_yaml_has_its_place(site: Site, text: str, rule: str) -> None:
    """It is the configuration's affair: exit 2."""
    themed(site)
    site.write("themes/child/theme.yaml", text)
    result = site.build()
    assert (result.code, result.err.split(": ")[:2]) == (2, [result.err.split(": ")[0], rule])
    assert result.err.startswith("themes/child/theme.yaml:")


def test_options_are_the_theme_s_with_the_site_s_over_them(site: Site) -> None:
    """A theme's option has a default; an unknown one is a problem."""
    themed(site)
    site.write("themes/child/theme.yaml", "name: C\nparent: default\noptions: {colour: {default: red, help: Of it}}\n")
    site.write("themes/child/templates/404.html", "{{ option.colour }}")
    site.build()
    assert site.read("404.html") == "red"
    site.write("config.yaml", CONFIG + "theme: child\ntheme_options: {colour: blue}\n")
    site.build()
    assert site.read("404.html") == "blue"
    site.write("config.yaml", CONFIG + "theme: child\ntheme_options: {color: blue}\n")
    result = site.build()
    assert result.code == 2
    assert "Did you mean 'colour'?" in result.err


def parsed(html: str) -> Element:
    """The document as browsers read it."""
    document: Element = html5lib.parse(html, namespaceHTMLElements=False)
    return document


def words(element: Element | None) -> str:
    """All that an element says, white space as single spaces."""
    assert element is not None
    return " ".join("".join(element.itertext()).split())


def visible(html: str) -> str:
    """What a reader sees of a page, white space as single spaces."""
    return words(parsed(html).find("body"))


def policy(html: str) -> str:
    """A page's Content-Security-Policy."""
    meta = parsed(html).find(".//meta[@http-equiv='Content-Security-Policy']")
    assert meta is not None
    return meta.get("content", "")


def boxes(html: str) -> dict[str, Element]:
    """The texts that a page offers to be copied, by their labels."""
    document = parsed(html)
    labels = {label.get("for"): words(label) for label in document.iter("label")}
    return {labels[box.get("id")]: box for box in document.iter("textarea")}


def counted(site: Site, **changes: Any) -> None:
    """A reprint whose publisher asks for its counter, on a site that accepts counters."""
    site.write("config.yaml", COUNTING)
    retrieved = {**ARTICLE["retrieved"], **captured(WORDS)}  # type: ignore[dict-item]
    origin = {**CONVERSATION, "counter": COUNTER}
    site.article(**{"origin": origin, "licence": "CC-BY-ND-4.0", "retrieved": retrieved, **changes})


def test_the_default_theme_shows_the_whole_credit(site: Site) -> None:
    """Heading, sentence and each fact of the slip on an article's page; label, publisher and terms on its card."""
    review = {"by": "Grace", "at": "2024-03-02", "finding": "wire-facts-only", "note": "Compared with both wires."}
    site.article(credits=["With material from Reuters."], changes=["A list shortened"], review=review)
    assert site.build().code == 0
    page, front = visible(site.read(PAGE)), visible(site.read("index.html"))
    for said in (
        "Reprinted in full",
        "You may reprint this",
        "A work of the United States government: in the public domain there, perhaps protected elsewhere.",
        "Credit Voice of America (voanews.com).",
        "By Ada Reporter",
        "Published 1 March 2024",
        "Original voanews.com",
        "Retrieved 2 March 2024 from voanews.com",
        "Terms US government work (public domain in the US)",
        "Changed A list shortened",
        "Credits With material from Reuters.",
        "Reviewed by Grace: of the agencies credited, facts only were used 2 March 2024 Compared with both wires.",
    ):
        assert said in page
    for said in ("Reprinted in full", "Ada Reporter", "Voice of America", "1 March 2024", "US government work"):
        assert said in front


def test_a_reprint_can_be_taken_with_its_credit(site: Site) -> None:
    """As HTML and as plain text: whose it is and where it stands, the text, its terms, changes and credit lines."""
    site.article(
        body="One & two.\n\n- three",
        credits=["With material from <Reuters>."],
        changes=["A list shortened"],
        review={"by": "Grace", "at": "2024-03-02", "finding": "wire-facts-only"},
    )
    assert site.build().code == 0
    assert TAKEN in visible(site.read(PAGE))
    offered = boxes(site.read(PAGE))
    assert list(offered) == ["HTML", "Plain text"]
    assert all(box.get("readonly") is not None for box in offered.values())
    assert offered["Plain text"].text == (
        "A river rises\n\n"
        "By Ada Reporter. Voice of America (voanews.com): https://www.voanews.com/a/river.html\n\n"
        "One & two.\n\nthree\n\n"
        "Terms: US government work (public domain in the US), http://rightsstatements.org/vocab/NoC-US/1.0/\n"
        "A work of the United States government: in the public domain there, perhaps protected elsewhere.\n"
        "Changed: A list shortened.\n"
        "Taken from https://paper.example/2024/03/river/\n"
        "With material from <Reuters>.\n"
    )
    html = offered["HTML"].text or ""
    assert html.startswith("<h1>A river rises</h1>\n<p>By Ada Reporter. Voice of America (voanews.com): <a href=")
    assert "<p>One &amp; two.</p>\n<ul>\n<li>three</li>\n</ul>\n<hr>\n<p>Terms: " in html
    assert html.endswith("<p>With material from &lt;Reuters&gt;.</p>\n")


def test_a_reprint_without_an_address_says_so(site: Site) -> None:
    """The digest's address is where it was taken from, not where it comes from."""
    site.article(origin={**ARTICLE["origin"], "url": "unknown"})  # type: ignore[dict-item]
    site.build()
    text = boxes(site.read(PAGE))["Plain text"].text or ""
    assert "By Ada Reporter. Voice of America (voanews.com). The address of the original is not known.\n" in text
    assert "Taken from https://paper.example/2024/03/river/\n" in text


def test_what_is_to_be_copied_has_its_own_language(site: Site) -> None:
    """Source is written from left to right, whatever the language; plain text goes its own way."""
    site.article(language="ar", body="نص")
    site.build()
    seen = {name: (box.get("lang"), box.get("dir")) for name, box in boxes(site.read(PAGE)).items()}
    assert seen == {"HTML": ("ar", "ltr"), "Plain text": ("ar", "rtl")}


def test_the_digest_s_own_words_are_offered_without_the_picture(site: Site) -> None:
    """Under the digest's licence, with its notice; a picture has a licence of its own."""
    site.write("config.yaml", LICENSED + "editor: The Desk\n")
    image = {"file": "q.jpg", "alt": "A > B", "creator": "Ada", "credit": "Ada", "licence": "CC-BY-SA-4.0"}
    site.article(body="Ours.\n\n![A > B](q.jpg)\n\nSee ![it](q.jpg) there.", image=image, **OWN)
    site.write("content/articles/2024/03/q.jpg", b"\xff\xd8\xff\xe0")
    assert site.build().err == ""
    offered = boxes(site.read(PAGE))
    assert (offered["HTML"].text or "").split("\n")[1:5] == [
        '<p>The Desk: <a href="https://paper.example/2024/03/river/">https://paper.example/2024/03/river/</a></p>',
        "<p>Ours.</p>",
        "<p>See  there.</p>",
        "<hr>",
    ]
    assert "\n© 2024 The Desk\n" in (offered["Plain text"].text or "")


PERMITTED: dict[str, Any] = {
    "origin": {**CONVERSATION, "publisher": "the-new-american", "url": "https://thenewamerican.com/river"},
    "licence": None,
    "review": {"by": "Grace", "at": "2024-03-02", "finding": "permission-granted", "note": "By letter."},
}
QUOTED = WORDS + "\n\n> The river rose.\n"


@pytest.mark.parametrize(
    ("config", "changes"),
    [
        (CONFIG, {"kind": "excerpt", "body": QUOTED}),
        (CONFIG, {"kind": "link"}),
        (CONFIG, PERMITTED),
        (CONFIG, {"withdrawn": {"date": "2024-05-01", "reason": "Asked."}}),
        (CONFIG, OWN),
        (LICENSED, {**OWN, "body": QUOTED}),
    ],
    ids=["excerpt", "link", "permission", "withdrawn", "all rights reserved", "quotes others"],
)
def test_what_a_reader_may_not_reprint_is_not_offered(site: Site, config: str, changes: dict[str, Any]) -> None:
    """A permission is the digest's alone, and what is quoted is not the digest's to offer."""
    site.write("config.yaml", config)
    site.article(**changes)
    assert site.build().err == ""
    assert boxes(site.read(PAGE)) == {}
    assert TAKEN not in site.read(PAGE)


def test_a_counter_is_let_in_on_its_page_alone_and_told_of(site: Site) -> None:
    """The policy there allows its host and nothing more; a text that asks for it is not offered without it."""
    counted(site)
    site.article("other")
    assert site.build().err == ""
    page = site.read(PAGE)
    images = [image.attrib for image in parsed(page).iter("img")]
    assert images == [{"src": COUNTER, "width": "1", "height": "1", "alt": ""}]
    assert policy(page) == POLICY.format("'self' https://counter.theconversation.com")
    assert "This page loads a counter from counter.theconversation.com, because The Conversation asks" in visible(page)
    assert TAKEN not in page
    for path, data in site.files().items():
        if path.endswith(".html") and path != PAGE:
            assert policy(data.decode()) == POLICY.format("'self'"), path
            assert b"counter.theconversation.com" not in data, path


@pytest.mark.parametrize("address", ["?a;font-src", "#a;font-src", ":443/x;font-src", ""])
def test_the_address_of_a_counter_cannot_change_the_policy(site: Site, address: str) -> None:
    """Of the address only scheme, host and port get there."""
    counted(site, origin={**CONVERSATION, "counter": f"https://counter.theconversation.com{address}"})
    assert site.build().err == ""
    port = ":443" if ":" in address else ""
    assert policy(site.read(PAGE)) == POLICY.format(f"'self' https://counter.theconversation.com{port}")


def test_a_withdrawn_text_is_not_counted(site: Site) -> None:
    """Nobody reads it any more."""
    counted(site, withdrawn={"date": "2024-05-01", "reason": "Asked."})
    assert site.build().err == ""
    assert policy(site.read(PAGE)) == POLICY.format("'self'")
    assert "counter" not in site.read(PAGE)


def test_an_excerpt_carries_the_line_that_its_publisher_asks_for(site: Site) -> None:
    """As the link to the original."""
    site.article(kind="excerpt", body=QUOTED, origin=CONVERSATION, licence="CC-BY-ND-4.0")
    assert site.build().err == ""
    links = {words(link): link.get("href") for link in parsed(site.read(PAGE)).iter("a")}
    assert links["Read the full article on The Conversation"] == CONVERSATION["url"]
    assert "Read the rest" not in site.read(PAGE)


def test_a_page_under_two_terms_says_which_parts_are_under_which(site: Site) -> None:
    """In the slip; and no licence is that of the page."""
    site.write("config.yaml", LICENSED)
    site.article(kind="excerpt", body=QUOTED, origin=CONVERSATION, licence="CC-BY-ND-4.0")
    assert site.build().err == ""
    page = site.read(PAGE)
    rows = {
        words(row.find("dt")): [words(value) for value in row.iter("dd")] for row in parsed(page).iterfind(".//dl/div")
    }
    assert rows["Terms"] == [
        "Headline and quotations: Creative Commons Attribution-NoDerivatives 4.0",
        "Our own text: Creative Commons Attribution 4.0",
    ]
    assert 'rel="license"' not in page


def section(site: Site, name: str) -> Element:
    """A section of the page on sources and terms, by the id of its heading."""
    found = parsed(site.read("sources-and-terms/index.html")).find(f".//section[@aria-labelledby='{name}']")
    assert found is not None
    return found


def test_the_log_has_all_corrections_and_withdrawals(site: Site) -> None:
    """The newest first, each with its article, its day and its words."""
    site.article(corrections=[{"date": "2024-05-01", "text": "4 metres, not 40."}])
    site.article("gone", title="Wrong", withdrawn={"date": "2024-05-09", "reason": "Nobody was there."}, **OWN)
    site.article("more", corrections=[{"date": "2024-06-01", "text": "A name."}], title="More", **OWN)
    assert site.build().err == ""
    log = section(site, "log")
    assert [words(entry) for entry in log.iter("li")] == [
        "More Corrected 1 June 2024 A name.",
        "Wrong Withdrawn 9 May 2024 Nobody was there.",
        "A river rises Corrected 1 May 2024 4 metres, not 40.",
    ]
    assert [link.get("href") for link in log.iter("a")] == ["/2024/03/more/", "/2024/03/gone/", "/2024/03/river/"]


def test_an_empty_log_says_so(site: Site) -> None:
    """In one line."""
    site.article()
    site.build()
    assert words(section(site, "log")) == (
        "Corrections and withdrawals Nothing has been corrected or withdrawn so far."
    )


def test_the_page_on_sources_says_what_holds_and_how_it_is_known(site: Site) -> None:
    """The editor's caps, what was compared, what publishers ask, and what machines can read; its links lead there."""
    site.write("config.yaml", CONFIG + "rights: {excerpt_share: 12.5 %}\nreservation: {prohibits: [ai-train]}\n")
    retrieved = {**ARTICLE["retrieved"], **captured(WORDS)}  # type: ignore[dict-item]
    site.article(retrieved=retrieved)
    site.article("two", kind="excerpt", body=QUOTED, origin=CONVERSATION, licence="CC-BY-ND-4.0")
    site.article("own", **OWN)
    assert site.build().err == ""
    page = site.read("sources-and-terms/index.html")
    seen = visible(page)
    for said in (
        "we quote at most 75 words, 12.5 per cent of it and 2 paragraphs, wherever on this site it stands.",
        "Reprints that are letter for letter what was captured: 1 of 1.",
        "Excerpts and links compared with a fingerprint of the original: 0 of 1. For the rest stands the word",
        "Asks unedited with the publisher's counter on the page with a link to the original chosen one by one, never",
        "Of our own words we do not permit training of models.",
    ):
        assert said in seen
    links = {words(link): link.get("href", "") for link in section(site, "machines").iter("a")}
    assert links == {"rights.json": "/rights.json", "its schema": "/rights.schema.json"}
    assert all((site.public / link[1:]).is_file() for link in links.values())
    ids = {element.get("id") for element in parsed(page).iter()}
    assert {"log", "machines"} <= ids


def records() -> list[type]:
    """The view records, in the order of the module."""
    found = [v for v in vars(views).values() if isinstance(v, type) and issubclass(v, Struct)]
    return [v for v in found if v.__module__ == views.__name__]


def test_the_contract_says_what_templates_see() -> None:
    """themes/CONTRACT.md and the records name the same records with the same fields in the same order."""
    contract = (THEMES / "CONTRACT.md").read_text(encoding="utf-8")
    sections = re.split(r"^### (\w+)$", contract, flags=re.MULTILINE)[1:]
    documented = {
        name: re.findall(r"^\| `(\w+)` \| `([^`]+)` \|", text, flags=re.MULTILINE)
        for name, text in zip(sections[::2], sections[1::2], strict=True)
    }
    seen = {r.__name__: list(r.__annotations__.items()) for r in records()}
    plain = {name: [(n, t.replace("\\|", "|")) for n, t in fields] for name, fields in documented.items()}
    assert plain == seen


def test_every_page_record_has_its_template() -> None:
    """Each record of the union `View` has a template in the default theme, and none is left over."""
    assert set(views.TEMPLATES) == set(typing.get_args(views.View))
    there = {p.name for p in (THEMES / "default/templates").glob("*.html")}
    assert there == set(views.TEMPLATES.values()) | {"base.html"}


def test_the_default_theme_asks_nobody_else() -> None:
    """No script that runs, no style within the page, no address of a third party; CSS under 20 kB."""
    data = '<script type="application/ld+json">{{ page.head.linked_data }}</script>'
    for template in (THEMES / "default/templates").rglob("*.html"):
        text = template.read_text(encoding="utf-8").replace(data, "")
        assert not re.search(r"<script|<style|style=|\bon\w+=|https?://", text), template
        assert "|safe" not in text.replace(" ", ""), template
    css = (THEMES / "default/static/style.css").read_text(encoding="utf-8")
    assert len(css.encode()) < 20_000
    assert not re.search(r"https?:|@import", css)
