"""What a subscriber reads: whose words an item holds and under what terms, what was put right, what was withdrawn.

It is asked of RSS; that the other formats say the same is the subject of test_feed_formats.py.
"""

from __future__ import annotations

import io

import feedparser
import pytest
from lxml import etree

from tests.making import ARTICLE, CONFIG, Site

NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "creativeCommons": "http://backend.userland.com/creativeCommonsRssModule",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
}
COMMONS = {
    "origin": {
        "publisher": "global-voices",
        "url": "https://globalvoices.org/2024/x/",
        "authors": ["Bo", "Cy"],
        "published": "2024-03-01",
    },
    "licence": "CC-BY-3.0",
}


def parsed(site: Site, path: str = "feed.xml") -> etree._Element:
    """The feed's root."""
    return etree.fromstring((site.public / path).read_bytes())


def text(element: etree._Element, path: str) -> str:
    """The text of the first element at a path."""
    found = element.find(path, NAMESPACES)
    assert found is not None, path
    return found.text or ""


@pytest.fixture
def full(site: Site) -> Site:
    """A built site with one article of each kind."""
    site.article("river")
    site.article("commons", date="2024-03-03", **COMMONS)
    quoted = {**ARTICLE["origin"], "publisher": "the-new-american", "url": "unknown"}  # type: ignore[dict-item]
    body = "Our own words.\n\n> A short quotation.\n"
    site.article(
        "quoted", body, kind="excerpt", origin=quoted, licence="LicenseRef-All-Rights-Reserved", topics=["A & B"]
    )
    linked = {"publisher": "Some Paper", "url": "https://some.example/x", "published": "unknown"}
    site.article("linked", kind="link", origin=linked, licence=None, retrieved=None)
    site.article("own", "See [there](/about/).", kind="own", origin=None, licence=None, retrieved=None, summary=None)
    result = site.build()
    assert (result.code, result.err) == (0, "")
    return site


def test_every_item_shows_its_credit_and_its_terms(full: Site) -> None:
    """The body of each item ends with the label, whose words they are, and the terms, as visible text."""
    items = {text(i, "link").split("/")[-2]: text(i, "content:encoded") for i in parsed(full).iter("item")}
    assert "Reprinted in full · You may reprint this" in items["river"]
    assert "Credit Voice of America (voanews.com)." in items["river"]
    assert '<a href="https://www.voanews.com/a/river.html">' in items["river"]
    assert "Creative Commons Attribution 3.0" in items["commons"]
    assert "Excerpt · Quoted briefly" in items["quoted"]
    assert "<blockquote>\n<p>A short quotation.</p>\n</blockquote>" in items["quoted"]
    assert "Quoted: 3 of 400 words" in items["quoted"]
    assert "Link · Linked, not copied" in items["linked"]
    assert "Our own · " in items["own"]


def test_a_subscriber_reads_of_a_correction(site: Site) -> None:
    """Before the text that was wrong; the id stays and the feed's date is the correction's."""
    site.article()
    site.build()
    before = text(parsed(site), "channel/item/guid")
    site.article(corrections=[{"date": "2024-03-09", "text": "Three beds, not <four>."}])
    site.build()
    content = text(parsed(site), "channel/item/content:encoded")
    assert "<p><strong>Corrected on 9 March 2024:</strong> Three beds, not &lt;four&gt;.</p>" in content
    assert text(parsed(site), "channel/item/guid") == before
    assert text(parsed(site), "channel/lastBuildDate").startswith("Sat, 09 Mar 2024")


def test_an_item_begins_with_its_kind_and_whose_words_follow(full: Site) -> None:
    """A reader that shows only the beginning shows that."""
    items = {text(i, "link").split("/")[-2]: text(i, "content:encoded") for i in parsed(full).iter("item")}
    assert items["river"].startswith(
        '<p><strong>Reprinted in full</strong> · By Ada Reporter · <a href="https://www.voanews.com/a/river.html">'
    )
    assert items["linked"].startswith('<p><strong>Link</strong> · <a href="https://some.example/x">Some Paper</a></p>')
    assert items["own"].startswith("<p><strong>Our own</strong> · By The Test Paper</p>")


def test_machines_read_the_same_terms(full: Site) -> None:
    """Creators, rights in words and, where the licence of this very text has one, its address."""
    items = {text(i, "link").split("/")[-2]: i for i in parsed(full).iter("item")}
    assert [e.text for e in items["commons"].findall("dc:creator", NAMESPACES)] == ["Bo", "Cy"]
    deed = "https://creativecommons.org/licenses/by/3.0/"
    assert text(items["commons"], "creativeCommons:license") == text(items["commons"], "dcterms:license") == deed
    assert text(items["quoted"], "dc:rights").startswith("Quoted briefly. The article is under copyright.")
    for name in ("river", "quoted", "linked", "own"):
        assert items[name].find("creativeCommons:license", NAMESPACES) is None
        assert items[name].find("source") is None


def test_a_feed_s_dates_are_its_items_own(full: Site) -> None:
    """Nothing in a feed says when it was built."""
    channel = parsed(full).find("channel")
    assert channel is not None
    assert text(channel, "lastBuildDate") == text(channel, "pubDate") == "Sun, 03 Mar 2024 00:00:00 +0000"


def test_the_last_word_on_a_withdrawn_article_has_its_id(site: Site) -> None:
    """Its words are gone from every surface, and whoever holds them is told so once, under the id that they know."""
    site.article("one")
    assert site.build().code == 0
    before = text(parsed(site), "channel/item/guid")
    site.article("one", withdrawn={"date": "2024-04-01", "reason": "Asked by its owner."})
    site.article("two", date="2024-03-20", origin={**ARTICLE["origin"], "url": "https://www.voanews.com/a/2"})  # type: ignore[dict-item]
    assert site.build().code == 0
    for feed in ("feed.xml", "topics/weather/feed.xml", "publishers/voa/feed.xml"):
        first, second = parsed(site, feed).iter("item")
        assert (text(first, "guid"), text(first, "title")) == (before, "Withdrawn: A river rises")
        content = text(first, "content:encoded")
        assert "Asked by its owner." in content
        assert "worth reading" not in content
        assert "Terms" not in text(first, "dc:rights")
        assert "worth reading" in text(second, "content:encoded")
    page = site.read("2024/03/one/index.html")
    assert "Asked by its owner." in page
    assert "worth reading" not in page
    site.write("config.yaml", CONFIG + "feeds: {size: 1}\n")
    site.article("three", date="2024-05-01", origin={**ARTICLE["origin"], "url": "https://www.voanews.com/a/3"})  # type: ignore[dict-item]
    assert site.build().code == 0
    assert text(parsed(site), "channel/item/guid") != before


def test_an_empty_site_has_a_valid_feed(site: Site) -> None:
    """A site without articles has a feed without items, dated at the epoch."""
    assert site.build().code == 0
    feed = feedparser.parse(io.BytesIO((site.public / "feed.xml").read_bytes()))
    assert (feed.bozo, len(feed.entries)) == (False, 0)
