"""What search engines read: the sitemap and robots.txt, and the robots rules of pages."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from broadsheet.site import plan
from tests.making import CONFIG, Site

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
OWN = {"kind": "own", "origin": None, "licence": None, "retrieved": None}
HERALD = """\
publishers:
  herald:
    name: Herald
    domains: [herald.example]
    index: {index}
    terms: [{{licence: CC0-1.0, kinds: [full, excerpt, link]}}]
    evidence:
      - {{certainty: read-at-source, read: 2024-01-01, url: "https://herald.example/terms", clause: Take what you like}}
"""


def locations(site: Site, path: str) -> list[str]:
    """The addresses in a sitemap."""
    root = ET.fromstring(site.read(path))  # noqa: S314 -- our own output
    return [element.text or "" for element in root.iter(f"{NAMESPACE}loc")]


def test_the_sitemap_lists_what_may_be_indexed(site: Site) -> None:
    """Articles and pages with the time of their last change; not what is withdrawn, nor listings."""
    site.article("one", updated="2024-05-01", **OWN)
    site.article("gone", withdrawn={"date": "2024-05-01", "reason": "Asked."}, **OWN)
    site.write("content/pages/about.md", "---\ntitle: About\n---\nWe.\n")
    site.build()
    assert locations(site, "sitemap.xml") == [
        "https://paper.example/",
        "https://paper.example/2024/03/one/",
        "https://paper.example/about/",
        "https://paper.example/sources-and-terms/",
    ]
    assert "<lastmod>2024-05-01T00:00:00Z</lastmod>" in site.read("sitemap.xml")
    assert site.read("robots.txt").endswith("Sitemap: https://paper.example/sitemap.xml\n")


def test_a_large_sitemap_is_divided(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The protocol allows so many addresses a file; an index lists the files."""
    monkeypatch.setattr(plan, "MOST_IN_SITEMAP", 2)
    for n in range(3):
        site.article(f"a{n}", **OWN)
    site.build()
    parts = locations(site, "sitemap.xml")
    assert parts == [f"https://paper.example/sitemap-{n}.xml" for n in (1, 2, 3)]
    assert len([loc for n in (1, 2, 3) for loc in locations(site, f"sitemap-{n}.xml")]) == 5


@pytest.mark.parametrize(
    ("index", "meta"),
    [("yes", ""), ("no", '<meta name="robots" content="noindex">'), ("news-no", '<meta name="googlebot-news"')],
)
def test_a_reprint_is_indexed_as_its_publisher_asks(site: Site, index: str, meta: str) -> None:
    """The robots rule stands in the page's head, and what is out is not in the sitemap."""
    origin = {"publisher": "herald", "url": "https://herald.example/x", "authors": ["A"], "published": "2024-03-01"}
    site.article(origin=origin, licence=None)
    site.write("config.yaml", CONFIG + HERALD.format(index=index))
    assert site.build().code == 0
    page = site.read("2024/03/river/index.html")
    assert meta in page
    assert ("noindex" in page) == (index != "yes")
    assert ("https://paper.example/2024/03/river/" in locations(site, "sitemap.xml")) == (index != "no")
