"""One record of rights, many mouths: page, JSON-LD, feed and bill of materials say the same of every article."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import feedparser
import html5lib
import jsonschema
import pytest

from broadsheet.cli import main
from tests.making import Site

GOLDEN = Path(__file__).parent / "golden" / "site"
"""Every feature once; here in the default theme, with a feed that holds all of it."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The golden site, built."""
    made = Site(tmp_path_factory.mktemp("agreement") / "site")
    shutil.copytree(GOLDEN, made.root)
    shutil.rmtree(made.root / "templates")
    config = (made.root / "config.yaml").read_text(encoding="utf-8")
    config = re.sub("theme: probe\ntheme_options: .*\n", "", config).replace("size: 5,", "size: 50,")
    made.write("config.yaml", config)
    assert made.build().err == ""
    return made


@pytest.fixture(scope="module")
def bill(site: Site) -> dict[str, Any]:
    """The bill of materials."""
    read: dict[str, Any] = json.loads(site.read("rights.json"))
    return read


def page_of(site: Site, bill: dict[str, Any], item: dict[str, Any]) -> Any:
    return html5lib.parse(site.read(f"{item['url'].removeprefix(bill['url'])}index.html"), namespaceHTMLElements=False)


def said(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def test_the_bill_is_as_its_schema_says(site: Site, bill: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    """The published schema, which the verb `schema rights` prints too, describes the published bill."""
    schema = json.loads(site.read("rights.schema.json"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(bill)
    assert main(["schema", "rights"]) == 0
    assert json.loads(capsys.readouterr().out) == schema
    assert bill["$schema"] == "https://golden.example/repo/rights.schema.json"


def test_every_article_is_in_the_bill_and_nothing_else_is(site: Site, bill: dict[str, Any]) -> None:
    """The pages below a year and a month, less those that only send on."""
    pages = {
        f"{bill['url']}{file.removesuffix('index.html')}"
        for file in site.files()
        if re.fullmatch(r"\d{4}/\d{2}/[^/]+/index\.html", file)
    }
    assert {item["url"] for item in bill["items"]} == pages


def test_the_page_says_what_the_bill_says(site: Site, bill: dict[str, Any]) -> None:
    """Label, sentence, publisher, authors, credits, changes, review, and the terms of each part."""
    for item in bill["items"]:
        text = said(page_of(site, bill, item).find("body"))
        names = [
            bill["licences"][part["licence"]]["name"] for part in item.get("parts", ()) if part["licence"] != "unknown"
        ]
        origin = item.get("origin", {})
        shown = [
            item["label"],
            item["heading"],
            item["sentence"],
            origin.get("publisher", ""),
            *origin.get("authors", ()),
        ]
        shown += [*item.get("credits", ()), *item.get("changes", ()), item.get("review", {}).get("by", "")]
        shown += [note["text"] for note in item.get("corrections", ())]
        assert [words for words in [*shown, *names] if " ".join(words.split()) not in text] == []


def test_json_ld_says_what_the_bill_says(site: Site, bill: dict[str, Any]) -> None:
    """Whose it is, from where, under what licence; and no text of what is not reprinted."""
    for item in bill["items"]:
        scripts = page_of(site, bill, item).findall(".//script")
        if "withdrawn" in item:
            assert scripts == []
            continue
        node = json.loads(scripts[0].text)
        origin = item.get("origin")
        kind = {"full": "NewsArticle"}.get(item["kind"], "Article")
        assert (node["@type"], node["@id"], node["headline"]) == (kind, item["url"], item["title"])
        assert node.get("license") == (item.get("licence") if item["kind"] in ("full", "own") else None)
        theirs = node if item["kind"] == "full" else node.get("citation")
        assert (theirs is None) == (origin is None)
        if theirs is not None:
            assert theirs["sourceOrganization"]["name"] == origin["publisher"]
            assert theirs.get("isBasedOn" if item["kind"] == "full" else "url") == origin.get("url")
            assert (theirs["creditText"], theirs["copyrightNotice"]) == (item["credit"], item["notice"])
            assert theirs.get("copyrightHolder", {}).get("name") == item.get("holder")
            assert [author["name"] for author in theirs.get("author", ())] == origin.get("authors", [])
        assert "articleBody" not in scripts[0].text
        assert [c["text"] for c in node.get("correction", ())] == [c["text"] for c in item.get("corrections", ())]


def test_the_feed_says_what_the_bill_says(site: Site, bill: dict[str, Any]) -> None:
    """Id, licence, rights in words, and the credit block in every item, withdrawn ones too."""
    feed = feedparser.parse(site.read("feed.xml"))
    entries = {entry["link"]: entry for entry in feed.entries}
    assert set(entries) == {item["url"] for item in bill["items"]}
    for item in bill["items"]:
        entry = entries[item["url"]]
        text = said(html5lib.parseFragment(entry["content"][0]["value"], namespaceHTMLElements=False))
        assert entry["id"] == item["id"]
        assert entry.get("dcterms_license") == item.get("licence")
        assert entry["rights"].startswith(f"{item['heading']}. {item['sentence']}")
        shown = [item["label"], item["heading"], item["sentence"], item.get("origin", {}).get("publisher", "")]
        shown += [] if "withdrawn" in item else item.get("credits", [])
        assert [words for words in shown if " ".join(words.split()) not in text] == []


def test_a_page_with_two_terms_names_no_single_licence(site: Site, bill: dict[str, Any]) -> None:
    """Neither in its head nor within its article, and it says which parts are under which."""
    two = [
        item
        for item in bill["items"]
        if len({part["licence"] for part in item.get("parts", ()) if part["part"] != "summary"}) > 1
    ]
    assert {item["kind"] for item in two} >= {"own", "excerpt", "full"}
    for item in two:
        page = page_of(site, bill, item)
        assert [e for e in page.iter() if e.tag in ("a", "link") and "license" in e.get("rel", "").split()] == []
        terms = next(
            said(row) for row in page.iter("div") if (row.find("dt") is not None and said(row.find("dt")) == "Terms")
        )
        assert terms.count(":") >= 2


def test_the_audit_agrees(site: Site) -> None:
    """The golden site, in the default theme, keeps the promise."""
    result = site.run("check")
    assert (result.code, result.err) == (0, "")
