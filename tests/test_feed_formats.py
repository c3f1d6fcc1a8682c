"""RSS, Atom and JSON Feed: all three say the same of every article, by the rules of each."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime
from html import escape
from itertools import combinations
from pathlib import Path
from urllib.parse import quote

import html5lib
import pytest
from lxml import etree

from tests.feed_rules import faults
from tests.making import Site
from tests.subscriber import Gone, Item, Received, read

GOLDEN = Path(__file__).parent / "golden" / "site"
BASE = "https://golden.example/repo/"
FILES = {"rss": "feed.xml", "atom": "atom.xml", "json": "feed.json"}
OWN = {"kind": "own", "origin": None, "retrieved": None, "licence": None}
ODD = 'Q&A: <b>bold</b> &amp; "3 < 4" ]]> \u2067'
HERALD = "feed: https://herald.example/rss"
FEEDS = "feeds: {size: 5, hub: https://hub.golden.example/}\n"


def everything(folder: Path, settings: str = FEEDS) -> Site:
    """The digest with one of everything and a few odd ones more, built; `settings` are those of its feeds."""
    shutil.copytree(GOLDEN, folder / "site")
    site = Site(folder / "site")
    config = (site.root / "config.yaml").read_text()
    assert FEEDS in config
    assert HERALD in config
    site.write("config.yaml", config.replace(FEEDS, settings).replace(HERALD, f"feed: '{HERALD[6:]}?\u00f6=<1>|\"2\"'"))
    address = "https://globalvoices.org/2024/\u00f6l|<x>?a=1&b=%20"
    origin = {"publisher": "global-voices", "url": address, "authors": ["<b>Bo</b> & Cy"], "published": "2024-03-01"}
    picture = {
        "file": "gauge.png",
        "alt": ODD,
        "creator": "A & <i>B</i>",
        "credit": "A & <i>B</i>",
        "licence": "CC0-1.0",
    }
    beside = GOLDEN / "content/articles/2024/05/gauge.png"
    site.write("content/articles/2024/03/gauge.png", beside.read_bytes())
    site.article(
        "odd",
        title=ODD,
        summary=ODD,
        origin=origin,
        licence="CC-BY-3.0",
        language="ar",
        image=picture,
        topics=["A & <B>"],
    )
    site.article("named", id="tag:golden.example,2024:named", **OWN, updated="2024-03-08", date="2024-03-03")
    site.article("kept-out", feed=False, **OWN, date="2024-05-20")
    result = site.build()
    assert (result.code, result.err) == (0, "")
    return site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Everything, as it is set in the sample."""
    return everything(tmp_path_factory.mktemp("everything"), FEEDS.replace("size: 5", "size: 20"))


def documents(site: Site) -> dict[str, bytes]:
    """All feeds' documents, by path."""
    return {
        path: made for path, made in site.files().items() if re.search(r"(?:feed|atom)(?:-\d+)?\.(?:xml|json)$", path)
    }


def received(site: Site, path: str = "feed.xml") -> Received:
    """What a subscriber gets at a path."""
    return read((site.public / path).read_bytes())


def test_every_listing_has_its_feeds_beside_its_page(site: Site) -> None:
    """The site, each topic, each publisher and each story, in all formats; months and indexes have none."""
    listings = [
        p for p in site.public.rglob("index.html") if re.search(r"/(?:topics|publishers|stories)/[^/]+/index", str(p))
    ]
    expected = {str((page.parent / name).relative_to(site.public)) for page in listings for name in FILES.values()}
    made = {path for path in documents(site) if "archive/" not in path}
    assert made == expected | set(FILES.values())
    assert {path.split("/")[0] for path in expected} == {"topics", "publishers", "stories"}


def test_all_formats_say_the_same(site: Site) -> None:
    """Every field of every item of every feed, last words included, and what is said of the feed."""
    sorts = set()
    for path in documents(site):
        if not path.endswith("feed.xml"):
            continue
        rss, atom, json_feed = (received(site, path.replace("feed.xml", name)) for name in FILES.values())
        for said in (atom, json_feed):
            assert said.items == rss.items, path
            for name in ("title", "description", "page", "language", "hub"):
                assert getattr(said, name) == getattr(rss, name), (path, name)
        assert json_feed.older == ""  # its archives would be Atom's
        sorts |= {type(item) for item in rss.items}
    assert sorts == {Item, Gone}


def test_an_item_says_what_its_article_does(site: Site) -> None:
    """What the three agree on is true: the oddest article, field by field."""
    (item,) = (it for it in received(site).items if it.id and isinstance(it, Item) and it.language == "ar")
    assert item == Item(
        id=item.id,
        title='Q&A: <b>bold</b> &amp; "3 < 4" ]]>',
        link=f"{BASE}2024/03/odd/",
        page=f"{BASE}2024/03/odd/",
        origin="https://globalvoices.org/2024/%C3%B6l%7C%3Cx%3E?a=1&b=%20",
        summary='Q&A: <b>bold</b> &amp; "3 < 4" ]]>',
        content=item.content,
        authors=("<b>Bo</b> & Cy",),
        topics=("A & <B>",),
        published=datetime(2024, 3, 2, 8, tzinfo=UTC),
        updated=datetime(2024, 3, 2, 8, tzinfo=UTC),
        language="ar",
        rights=item.rights,
        licence="https://creativecommons.org/licenses/by/3.0/",
        source=item.source,
        picture=(
            f"{BASE}2024/03/odd/gauge.png",
            "A & <i>B</i>",
            "https://creativecommons.org/publicdomain/zero/1.0/",
        ),
    )
    assert item.rights.endswith("Terms: Creative Commons Attribution 3.0.")
    assert "&lt;b&gt;Bo&lt;/b&gt; &amp; Cy" in item.content
    assert "A &amp; &lt;i&gt;B&lt;/i&gt;" in item.content
    assert "Creative Commons Attribution 3.0" in item.content.split("<hr>")[1]


def test_every_kind_of_item_is_there(site: Site) -> None:
    """So that "the same" is said of something: kinds, pictures, licences, sources, changes, ids of one's own."""
    items = [it for it in received(site).items if isinstance(it, Item)]
    kinds = {it["_rights"]["kind"] for it in json.loads(site.read("feed.json"))["items"]}
    assert kinds == {"full", "excerpt", "link", "own"}
    assert "tag:golden.example,2024:named" in [it.id for it in items]
    assert {it.language for it in items} == {"en", "he", "ar"}
    for name in ("picture", "licence", "origin", "source"):
        assert {bool(getattr(it, name)) for it in items} == {True, False}, name
    assert {it.updated > it.published for it in items} == {True, False}


def test_an_article_may_stay_out_of_the_feeds(site: Site) -> None:
    """`feed: false`; its page is there."""
    assert (site.public / "2024/05/kept-out/index.html").exists()
    assert not [path for path, made in documents(site).items() if b"kept-out" in made]


def test_last_words(site: Site) -> None:
    """The id, when and why, and none of the words that are gone."""
    (gone,) = (it for it in received(site, "atom.xml").items if isinstance(it, Gone))
    assert gone == Gone(
        gone.id, f"{BASE}2024/05/withdrawn/", datetime(2024, 5, 9, tzinfo=UTC), "The witness had not been there."
    )
    for path, made in documents(site).items():
        assert b"It must not be seen" not in made, path
        assert b"These words are gone" not in made, path


def test_lists_of_feeds(site: Site) -> None:
    """OPML of every listing's feed, in the format that is offered first, and of those of the publishers."""
    ours, theirs = (etree.fromstring((site.public / f"{it}/opml.xml").read_bytes()) for it in ("feeds", "publishers"))
    assert {it.get("xmlUrl") for it in ours.iter("outline")} - {None} == {
        BASE + quote(path) for path in documents(site) if path.endswith("feed.xml") and "archive/" not in path
    }
    assert all(it.get("htmlUrl") == it.get("xmlUrl").removesuffix("feed.xml") for it in ours.findall(".//*[@xmlUrl]"))
    assert {it.get("type") for it in ours.findall(".//*[@xmlUrl]")} == {"rss"}
    (herald,) = theirs.findall(".//outline[@text='Lower Town Herald']")
    sources = {it.source for it in received(site).items if isinstance(it, Item)}
    assert (herald.get("xmlUrl"), "Lower Town Herald") in sources
    assert herald.get("xmlUrl") == "https://herald.example/rss?%C3%B6=%3C1%3E%7C%222%22"


def test_the_rules_of_every_format_hold(site: Site) -> None:
    """No document of any feed has a fault: what validators call an error, and what they warn of."""
    for path, made in documents(site).items():
        assert faults(made, BASE + path) == [], path


BROKEN = {
    "feed.xml": (
        (b'version="2.0"', b'version="2.1"'),
        (b' isPermaLink="false"', b""),
        (b"<language>en", b"<language>english!"),
        (b"</pubDate>", b" today</pubDate>"),
        (b"<dc:creator>Grace", b"<dc:creator>&lt;b&gt;Grace"),
        (b"<guid", b"<author>a@b.example</author><guid"),
        (b"<link>https://golden.example/repo/2024", b"<link>/repo/2024"),
        (b"&lt;figure&gt;", b"&lt;script&gt;"),
        (b'&lt;img src="https://', b'&lt;img onerror="1" src="https://'),
        (b'&lt;a href="https://golden.example', b'&lt;a href="'),
        (b"</channel>", b"<item/></channel>"),
        (b'rel="self"', b'rel="own"'),
        (b"<rss", b"<<rss"),
    ),
    "atom.xml": (
        (b"<updated>2024", b"<updated>24"),
        (b"<id>urn:uuid:", b"<id>urn uuid:"),
        (b"<content ", b"<contents "),
        (b'rel="via"', b'rel="where"'),
        (b"<name>Grace", b"<name>&lt;b>Grace"),
        (b' when="2024', b' when="soon'),
        (b"%7C%3Cx", b"|%3Cx"),
    ),
    "feed.json": (
        (b'"https://jsonfeed.org/version/1.1"', b'"1.1"'),
        (b'"content_html": "', b'"content": "'),
        (b'"authors": [{"name": "Grace Editor"}]', b'"authors": []'),
        (b'"_rights": {', b'"rights": {'),
        (b'T08:00:00Z"', b'"'),
        (b"<figure>", b"<svg>"),
    ),
}


@pytest.mark.parametrize("path", BROKEN)
def test_the_rules_see_what_they_are_to_see(site: Site, path: str) -> None:
    """A rule that cannot be broken is none: each is broken once, and seen."""
    made = (site.public / path).read_bytes().replace(b"<![CDATA[", b"").replace(b"]]>", b"")
    for right, wrong in BROKEN[path]:
        assert right in made
        assert is_faulty(made.replace(right, wrong, 1), path), wrong


def is_faulty(made: bytes, path: str) -> bool:
    """Whether a fault is found, or it cannot be read at all."""
    try:
        return bool(faults(made, BASE + path))
    except (ValueError, KeyError, SyntaxError):
        return True


SETTINGS = (
    "feeds: {formats: [rss]}\n",
    "feeds: {formats: [atom], size: 2, archives: none}\n",
    "feeds: {formats: [json, rss], size: 2, archives: all, hub: 'https://hub.example/'}\n",
    "feeds: {formats: [rss, json], size: 3, content: summary}\n",
    "feeds: {size: 1, link: origin, archives: all}\n",
)


@pytest.mark.parametrize("settings", SETTINGS)
def test_the_rules_hold_and_all_say_the_same_as_it_may_be_set(tmp_path: Path, settings: str) -> None:
    """In documents of all formats, archives included; each item in one document of a feed."""
    site = everything(tmp_path, settings)
    said: dict[str, dict[str, Item | Gone]] = {name: {} for name in FILES.values()}
    for path, made in documents(site).items():
        assert faults(made, BASE + path) == [], path
        for item in read(made).items:
            assert said[Path(path).name].setdefault(item.id, item) == item
    wanted = re.findall("rss|atom|json", settings.partition("]")[0]) or list(FILES)
    assert [form for form, name in FILES.items() if said[name]] == sorted(wanted, key=list(FILES).index)
    for one, other in combinations([items for items in said.values() if items], 2):
        assert all(one[name] == other[name] for name in one.keys() & other.keys())


def test_a_feed_holds_as_many_as_it_is_to(tmp_path: Path) -> None:
    """The newest, and in archives what is behind them: of the site, of every listing, or of none."""
    for archives, archived in (("none", set()), ("site", {""}), ("all", {"", "topics", "publishers", "stories"})):
        site = everything(tmp_path / archives, f"feeds: {{size: 1, archives: {archives}}}\n")
        dates = [it.published for it in received(site).items if isinstance(it, Item)]
        assert dates == sorted(dates, reverse=True)
        assert {len(read(made).items) for path, made in documents(site).items() if "archive/" not in path} == {1}
        inside = {path.partition("archive/")[0].partition("/")[0] for path in documents(site) if "archive/" in path}
        assert inside == archived
        assert {read(made).is_archive for path, made in documents(site).items() if "archive/" in path} <= {True}


def test_a_feed_of_summaries_holds_no_text_but_credit(tmp_path: Path, site: Site) -> None:
    """The digest's own words, the way to the page, and whose the text is and under what terms."""
    full = {it.id: it for it in received(site).items if isinstance(it, Item)}
    for item in received(everything(tmp_path, "feeds: {content: summary}\n")).items:
        if isinstance(item, Item):
            before, after = item.content.split("\n<hr>\n")
            assert after == full[item.id].content.split("\n<hr>\n")[1]
            assert len(html5lib.parseFragment(before, namespaceHTMLElements=False).findall("p")) <= 4
            assert f'<a href="{item.page}">The Golden Paper</a>' in before
            assert escape(item.summary) in before


def test_a_hub_is_named_where_people_subscribe(tmp_path: Path, site: Site) -> None:
    """WebSub, in all formats, and not by archives, which do not change; without a hub, nowhere."""
    archived = everything(tmp_path / "with", "feeds: {size: 1, archives: all, hub: 'https://hub.example/?a=1&b=2'}\n")
    for path, made in documents(archived).items():
        assert read(made).hub == ("" if "archive/" in path else "https://hub.example/?a=1&b=2"), path
    assert {read(made).hub for made in documents(site).values()} == {"https://hub.golden.example/"}
    assert {read(made).hub for made in documents(everything(tmp_path / "without", "")).values()} == {""}


def test_a_headline_may_lead_to_the_original(tmp_path: Path) -> None:
    """Where its address is known; the page is named beside it, and a last word leads to the page."""
    site = everything(tmp_path, "feeds: {link: origin}\n")
    items = received(site).items
    for item in items:
        if isinstance(item, Item):
            assert item.link == (item.origin or item.page)
            assert item.page.startswith(BASE)
        else:
            assert item.page == f"{BASE}2024/05/withdrawn/"
    assert {isinstance(item, Item) and item.link != item.page for item in items} == {True, False}


def test_a_text_that_is_too_long_goes_as_its_summary(site: Site, tmp_path: Path) -> None:
    """A part of it would be an excerpt, and nobody has cleared one."""
    shutil.copytree(site.root, tmp_path / "site")
    long = Site(tmp_path / "site")
    long.article(
        "long", "Of the long river.\n\n" + "A word of it. " * 8_000, **OWN, date="2024-05-30", summary="How long."
    )
    assert long.build().code == 0
    item = received(long).items[0]
    assert isinstance(item, Item)
    assert item.summary == "How long."
    assert "A word of it" not in item.content
    assert len(item.content) < 2_000
