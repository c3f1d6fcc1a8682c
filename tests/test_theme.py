"""Themes: inheritance, the site's own templates, mistakes in them, and the contract with what they see."""

from __future__ import annotations

import dataclasses
import re
import typing
from pathlib import Path

import html5lib
import pytest

from broadsheet.site import views
from tests.making import CONFIG, Site

THEMES = Path(__file__).parent.parent / "themes"


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


def visible(html: str) -> str:
    """What a reader sees of a page, white space as single spaces."""
    body = html5lib.parse(html, namespaceHTMLElements=False).find("body")
    assert body is not None
    return " ".join("".join(body.itertext()).split())


def test_the_default_theme_shows_the_whole_credit(site: Site) -> None:
    """Heading, sentence and each fact of the slip on an article's page; label, publisher and terms on its card."""
    review = {"by": "Grace", "at": "2024-03-02", "finding": "wire-facts-only", "note": "Compared with both wires."}
    site.article(credits=["With material from Reuters."], changes=["A list shortened"], review=review)
    assert site.build().code == 0
    page, front = visible(site.read("2024/03/river/index.html")), visible(site.read("index.html"))
    for words in (
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
        assert words in page
    for words in ("Reprinted in full", "Ada Reporter", "Voice of America", "1 March 2024", "US government work"):
        assert words in front


def records() -> list[type]:
    """The view records, in the order of the module."""
    found = [v for v in vars(views).values() if isinstance(v, type) and dataclasses.is_dataclass(v)]
    return [v for v in found if v.__module__ == views.__name__]


def test_the_contract_says_what_templates_see() -> None:
    """themes/CONTRACT.md and the records name the same records with the same fields in the same order."""
    contract = (THEMES / "CONTRACT.md").read_text(encoding="utf-8")
    sections = re.split(r"^### (\w+)$", contract, flags=re.MULTILINE)[1:]
    documented = {
        name: re.findall(r"^\| `(\w+)` \| `([^`]+)` \|", text, flags=re.MULTILINE)
        for name, text in zip(sections[::2], sections[1::2], strict=True)
    }
    seen = {r.__name__: [(f.name, str(f.type)) for f in dataclasses.fields(r)] for r in records()}
    plain = {name: [(n, t.replace("\\|", "|")) for n, t in fields] for name, fields in documented.items()}
    assert plain == seen


def test_every_page_record_has_its_template() -> None:
    """Each record of the union `View` has a template in the default theme, and none is left over."""
    assert set(views.TEMPLATES) == set(typing.get_args(views.View))
    there = {p.name for p in (THEMES / "default/templates").glob("*.html")}
    assert there == set(views.TEMPLATES.values()) | {"base.html"}


def test_the_default_theme_asks_nobody_else() -> None:
    """No script, no style within the page, no address of a third party; CSS under 20 kB."""
    for template in (THEMES / "default/templates").rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"<script|<style|style=|\bon\w+=|https?://", text), template
        assert "|safe" not in text.replace(" ", ""), template
    css = (THEMES / "default/static/style.css").read_text(encoding="utf-8")
    assert len(css.encode()) < 20_000
    assert not re.search(r"https?:|@import", css)
