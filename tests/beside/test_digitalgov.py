"""Real posts of a government's news site: full texts of its own beside attributed links to others.

    git clone --depth 1 https://github.com/GSA/digitalgov.gov
    python -m pytest tests/beside --digitalgov digitalgov.gov/content/news

A digest that takes all of them in names the source of each and links to it, and calls nothing public domain because its
publisher sounds like a government: only what the register says so of, with its evidence.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from broadsheet.register import packaged
from tests.making import CONFIG, Site, matter

FRONT_MATTER = re.compile(r"\s*---\n(.*?)\n---[ \t]*\n?(.*)", re.DOTALL)
NAMED_LIKE = {"nasa": "nasa"}
"""Sources whose ids the register knows; all others stay names."""


def posts(folder: Path) -> list[tuple[str, dict[str, Any], str]]:
    """(file's name, front matter, text) of every post. PyYAML takes the last of two equal keys, as Hugo once did."""
    found = []
    for file in sorted(folder.rglob("*.md")):
        match = FRONT_MATTER.match(file.read_text(encoding="utf-8"))
        if match is not None and not file.stem.startswith("_"):  # Hugo's page of the list itself
            found.append((file.stem, yaml.safe_load(match[1]), match[2]))
    return found


def adapted(name: str, post: dict[str, Any], body: str) -> tuple[str, str]:
    """The path and the text of an article that takes a post in: a link where it names a source, else a full text."""
    address = post.get("source_url")
    host = urlsplit(address or "").hostname or ""
    publisher = str(post.get("source") or host or "digital.gov")
    day = str(post["date"])[:10]
    fields: dict[str, object] = {
        "title": str(post["title"]),
        "date": day,
        "kind": "link" if address else "full",
        "origin": {
            "publisher": publisher if publisher in NAMED_LIKE else f"{publisher} ({host or 'digital.gov'})",
            "url": address or f"https://digital.gov/{name}/",
            "authors": [str(author) for author in post.get("authors") or []] or ["digital.gov"],
            "published": day,
        },
        "retrieved": {
            "from": "content/news",
            "at": day,
            "sha256": hashlib.sha256(name.encode()).hexdigest(),
            "words": 1,
        },
    }
    text = body if fields["kind"] == "full" else "Our own words on it.\n"
    return f"content/articles/{day[:4]}/{day[5:7]}/{name}.md", matter(fields) + text


@pytest.fixture(scope="module")
def digest(digitalgov: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site with every post taken in; what may not be reprinted is left out."""
    site = Site(tmp_path_factory.mktemp("digitalgov"))
    site.write("config.yaml", CONFIG)
    for name, post, body in posts(digitalgov):
        path, text = adapted(name, post, body)
        site.write(path, text)
    return site


def test_links_are_published_and_texts_of_an_unknown_publisher_are_not(digest: Site, digitalgov: Path) -> None:
    """Every post is either a published link or refused, by a rule on rights or by what is wrong in its front matter."""
    result = digest.build("--keep-going", "--format", "json")
    refused = {problem["path"] for problem in json.loads(result.out)}
    links = {adapted(*post)[0] for post in posts(digitalgov) if post[1].get("source_url")}
    texts = {adapted(*post)[0] for post in posts(digitalgov)} - links
    assert result.code == 3
    assert len(links) + len(texts) >= 1000
    assert len(links - refused) >= 0.95 * len(links)
    assert texts <= refused, "a text was reprinted of whose terms nobody knows"


def test_each_link_names_its_source_and_leads_there(digest: Site) -> None:
    """On its page and in the bill of materials; its terms are not known, unless the register knows them."""
    bill = json.loads(digest.read("rights.json"))
    assert len(bill["items"]) >= 100
    for item in bill["items"]:
        page = digest.read(f"{item['url'].removeprefix(bill['url'])}index.html")
        origin = item["origin"]
        assert f'href="{origin["url"].replace("&", "&amp;")}"' in page
        assert origin["publisher"].replace("&", "&amp;") in page
        if origin.get("id") in packaged().publishers:
            assert origin["id"] in NAMED_LIKE.values()
        else:
            article = page[page.index("<article") : page.index("</article>")]  # its neighbours' cards come after it
            assert "public domain" not in f"{article}{item}".casefold()
            assert {part["licence"] for part in item["parts"] if "holder" in part} == {"unknown"}


def test_the_audit_finds_nothing(digest: Site) -> None:
    """The built digest keeps the promise."""
    result = digest.run("check")
    assert result.err == ""
    assert result.code == 0
