"""Hostile strings in every field of an article, a page and the configuration: nothing runs, nothing breaks.

The oracle is html5lib, which is not the sanitiser's parser. Larger public collections are run beside the project.
"""

from __future__ import annotations

import json
from pathlib import Path

import html5lib
import pytest

from tests.feed_rules import faults as feed_faults
from tests.making import ARTICLE, Site, matter
from tests.subscriber import read

STRINGS = (Path(__file__).parent / "cases" / "hostile.txt").read_text(encoding="utf-8").split("\n")
ELEMENTS = {
    "script",
    "iframe",
    "object",
    "embed",
    "svg",
    "math",
    "style",
    "base",
    "form",
    "input",
    "button",
    "template",
}
FEEDS = ("feed.xml", "atom.xml", "feed.json")
SCHEMES = ("http:", "https:", "mailto:")


def faults(html: str) -> list[str]:
    """What in a page would run, load or be mistaken for the page's own."""
    found = []
    for element in html5lib.parse(html, namespaceHTMLElements=False).iter():
        tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        is_data = tag == "script" and element.attrib == {"type": "application/ld+json"}
        found += [tag] if tag.lower() in ELEMENTS and not is_data else []
        for name, value in element.attrib.items():
            bare = "".join(c for c in value if c > " ").lower()
            is_address = name in ("href", "src", "action", "formaction", "poster", "data", "cite")
            is_foreign = ":" in bare.split("/")[0] and not bare.startswith(SCHEMES)
            if str(name).lower().startswith("on") or name in ("style", "srcdoc") or (is_address and is_foreign):
                found.append(f"{tag}[{name}={value}]")
            if name in ("src", "poster") and bare.startswith(("http", "//")):
                found.append(f"{tag} from elsewhere: {value}")
    return found


def linked_data(html: str) -> str:
    """The JSON-LD of a page; empty where it has none."""
    return "".join(e.text or "" for e in html5lib.parse(html, namespaceHTMLElements=False).iter("script"))


def test_the_oracle_sees_what_it_is_to_see() -> None:
    """A check that cannot fail is none."""
    for html in ("<script>", "<p onclick=x>", "<a href='java\nscript:x'>", "<img src=//e.example/x>", "<svg><script>"):
        assert faults(html), html
    assert not faults('<a href="https://a.example/">x</a><a href="/b:c">y</a>')


@pytest.mark.parametrize("kind", ["full", "excerpt", "own"])
def test_nothing_runs_and_nothing_breaks(site: Site, kind: str) -> None:
    """Each string in each field that takes free text builds into harmless pages and feeds without a fault."""
    check(site, kind, [s for s in STRINGS if s.strip()])


def check(site: Site, kind: str, strings: list[str]) -> None:
    """Build a site of them, and look at all that comes of it."""
    for n, hostile in enumerate(strings):
        site.write(f"content/articles/h{n}.md", hostile_article(hostile, kind, n))
        site.write(f"content/pages/h{n}.md", matter({"title": hostile, "slug": f"h{n}", "summary": hostile}) + hostile)
    site.write(
        "config.yaml",
        matter({"title": strings[0], "base_url": "https://p.example/", "page_size": 500}).strip("-\n")
        + "\nfeeds: {size: 500}\n",
    )
    result = site.build("--keep-going")
    assert "Traceback" not in result.err
    assert result.code in (0, 3), result.err
    pages = list(site.public.rglob("*.html"))
    assert len(pages) > len(strings)
    for page in pages:
        html = page.read_text(encoding="utf-8")
        assert faults(html) == [], page
        assert json.loads(linked_data(html) or "{}") is not None, page
    for path in FEEDS:
        made = (site.public / path).read_bytes()
        assert len(read(made).items) > len(strings) / 2
        assert feed_faults(made, f"https://p.example/{path}") == [], path


def hostile_article(hostile: str, kind: str, number: int) -> str:
    """An article with the string wherever free text may stand."""
    body = f'{hostile}\n\n> {hostile}\n\n[{hostile}]({hostile} "{hostile}") ```{hostile}\n' if kind != "excerpt" else ""
    quoted = f"Our own words {hostile}\n\n> quoted\n"
    fields: dict[str, object] = {
        **ARTICLE,
        "title": hostile,
        "slug": f"h{number}",
        "kind": kind,
        "summary": hostile,
        "topics": ["Weather"],
        "corrections": [{"date": "2024-03-03", "text": hostile}],
        "licence": None,
    }
    if kind == "own":
        fields |= {"origin": None, "retrieved": None}
    else:
        origin = {**ARTICLE["origin"], "title": hostile, "authors": [hostile]}  # type: ignore[dict-item]
        retrieved = {**ARTICLE["retrieved"], "from": hostile, "sha256": f"{number:064}"}  # type: ignore[dict-item]
        fields |= {
            "origin": {**origin, "url": f"https://www.voanews.com/{number}"},
            "retrieved": retrieved,
            "credits": [hostile],
            "changes": [hostile],
            "review": {"by": hostile, "at": "2024-03-02", "finding": "permission-granted", "note": hostile},
        }
    return matter(fields) + (body or quoted)
