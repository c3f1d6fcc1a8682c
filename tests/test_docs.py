"""What the documents show is what the program does."""

from __future__ import annotations

import re
from pathlib import Path

from msgspec import structs

from broadsheet.model import Article, FrontMatter, PageFrontMatter
from broadsheet.reading.article import read_article
from broadsheet.words import count_words
from tests.making import Site

ROOT = Path(__file__).parent.parent
FRONT_MATTER = (ROOT / "docs/front-matter.md").read_text(encoding="utf-8")


def example() -> str:
    """The article that docs/front-matter.md shows."""
    found = re.search(r"^```yaml\n(.*?)^```$", FRONT_MATTER, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def test_the_example_has_every_key_and_is_published(site: Site) -> None:
    """Each key of the records stands in it, its number of words is right, and it builds."""
    article = read_article("content/articles/x.md", example().encode())
    assert isinstance(article, Article), article
    keys = {field.name.rstrip("_") for field in structs.fields(FrontMatter)}
    assert keys == set(re.findall(r"^(\w+):", example(), re.MULTILINE))
    assert article.matter.retrieved is not None
    assert article.matter.retrieved.words == sum(count_words(p.text) for p in article.body.passages)
    site.write("content/articles/x.md", example())
    site.write("content/articles/quay.jpg", b"\xff\xd8\xff\xe0")
    result = site.build()
    assert (result.code, result.err) == (0, "")


def test_the_keys_of_a_page_are_named() -> None:
    """In the last sentence."""
    last = FRONT_MATTER[FRONT_MATTER.index("A page in") :]
    assert {field.name for field in structs.fields(PageFrontMatter)} == set(re.findall(r"`(\w+)`", last))


def test_links_between_documents_lead_somewhere() -> None:
    """Each relative link of a document is a file of the repository."""
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "themes/CONTRACT.md"]:
        for link in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8")):
            assert (document.parent / link).exists(), f"{document.name}: {link}"
