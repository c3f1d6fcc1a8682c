"""Hostile and odd text wherever a feed holds text: all formats stay valid, say the same, and nothing runs.

What stands in articles is built in test_hostile.py; here it is what the configuration says, and the names of things.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from operator import attrgetter

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

from broadsheet.config import Config, FeedFormat
from broadsheet.config import read as read_config
from broadsheet.render.atom import atom
from broadsheet.render.jsonfeed import json_feed
from broadsheet.render.opml import opml
from broadsheet.render.rss import rss
from broadsheet.site.feed import Feed, FeedImage, FeedItem, FeedSource, feed
from broadsheet.site.imprint import imprint
from broadsheet.site.opml import Opml, Outline
from broadsheet.site.syndication import Document
from broadsheet.site.views import CorrectionView, DateView, FactValueView, FactView, LabelView, LinkView, SlipView
from broadsheet.words import one_line, scrub
from tests.feed_rules import faults
from tests.making import Site
from tests.subscriber import Item, read, seen
from tests.test_hostile import STRINGS

ODD = (
    "\x00\x01\x08\x0b\x0c\x1f\x7f\x85\x9f and a word",
    "\ud800 a lone surrogate \udfff",
    "\ufffe\uffff\ufdd0 no characters",
    "\u202eright to left\u202c \u2067and\u2069 \u200fmarks\u200e",
    "]]> and <![CDATA[ and ]]]]><![CDATA[>",
    "&amp; &lt;b&gt; &#60; &copy &nosuch; & &&",
    "</title></channel></rss><script>alert(1)</script>",
    "--><!-- <?xml version='1.0'?> <!DOCTYPE x [<!ENTITY a 'b'>]> &a;",
    "\u2028 \u2029 \u0085 lines \\u0000 \\ \" '",
    "a@b.example (a) <a@b.example>",
    "x" * 900,
)
HOSTILE = (*(text for text in STRINGS if one_line(text)), *ODD)
MAKERS = {
    FeedFormat.RSS: (rss, "feed.xml"),
    FeedFormat.ATOM: (atom, "atom.xml"),
    FeedFormat.JSON: (json_feed, "feed.json"),
}
BASE = "https://p.example/"
NOW = datetime(2024, 3, 2, 8, tzinfo=UTC)


def configured(text: str, **more: object) -> Config | None:
    """A configuration with the text wherever text may stand; None where it is refused with a problem."""
    fields = {"title": text, "base_url": BASE, "description": text, "editor": text, "email": "desk@p.example", **more}
    lines = [f"{key}: {json.dumps(value)}" for key, value in fields.items()]
    config = read_config("config.yaml", "\n".join(lines).encode())
    return config if isinstance(config, Config) else None


def described(config: Config, name: str) -> Iterator[bytes]:
    """The feed, without items, of a listing of that name in each format."""
    for form, (make, file) in MAKERS.items():
        yield make(feed(imprint(config), Document(f"/{file}", form, name, "/", f"/{file}"), ()))


def test_what_the_configuration_says() -> None:
    """Each string as title, description, editor and name of a listing: valid, and the same in all formats."""
    check_configuration(HOSTILE)


def check_configuration(texts: Collection[str]) -> None:
    """Nearly all of them are taken: what is left is refused."""
    taken = 0
    for text in texts:
        config, name = configured(text), one_line(text)
        if config is None:
            continue
        taken += 1
        for made, (_, file) in zip(described(config, name), MAKERS.values(), strict=True):
            assert faults(made, BASE + file) == [], text
            assert seen(read(made).title) == seen(f"{name} – {config.title}")
            assert seen(read(made).description) == seen(config.description)
    assert taken > 0.9 * len(texts)


def test_lists_of_feeds() -> None:
    """OPML is well formed, whatever a topic, a publisher or the digest is called, and says it."""
    for name in filter(None, map(one_line, HOSTILE)):
        root = etree.fromstring(
            opml(Opml(name, name, (Outline(name, BASE, BASE), Outline(name, inner=(Outline(name),)))))
        )
        assert root.findtext("head/title") == name
        assert [it.get("text") for it in root.iter("outline")] == [name] * 3


def test_names_of_topics_and_publishers(site: Site) -> None:
    """A built site: each string is a topic, a publisher, an author, a last word and all that is said of a picture."""
    check_names(site, HOSTILE)


def check_names(site: Site, texts: Collection[str]) -> None:
    """Build it, whatever is left out of it, and look at its feeds."""
    site.write("config.yaml", f"title: T\nbase_url: {BASE}\nfeeds: {{size: 9999}}\npage_size: 9999\n")
    site.write("content/articles/2024/03/a.png", b"\x89PNG\r\n\x1a\n")
    for n, text in enumerate(texts):
        name = one_line(text) or "x"
        origin = {"publisher": name, "url": f"https://some.example/{n}", "authors": [name], "published": "unknown"}
        image = {"file": "a.png", "alt": name, "creator": name, "credit": name, "licence": "CC0-1.0"}
        site.article(f"n{n}", kind="link", origin=origin, retrieved=None, licence=None, topics=[name], slug=f"n{n}")
        site.article(f"p{n}", kind="own", origin=None, retrieved=None, licence=None, image=image, slug=f"p{n}")
        withdrawn = {"date": "2024-03-05", "reason": scrub(text)}
        site.article(f"w{n}", kind="own", origin=None, retrieved=None, licence=None, withdrawn=withdrawn, slug=f"w{n}")
    result = site.build("--keep-going")
    assert "Traceback" not in result.err
    for path in ("feed.xml", "atom.xml", "feed.json"):
        made = (site.public / path).read_bytes()
        assert faults(made, BASE + path) == [], path
        assert len(read(made).items) > 2 * len(texts)
    assert len(etree.fromstring((site.public / "feeds/opml.xml").read_bytes()).findall(".//outline")) > len(texts)


TEXT = st.one_of(st.text(), st.lists(st.sampled_from(HOSTILE), min_size=1).map(" ".join), st.text("<>&;]'\"#ax/"))
LINE = TEXT.map(one_line).filter(lambda text: text != "" and seen(text) == text)
SOME = st.lists(LINE, max_size=2, unique=True).map(tuple)
LINK = st.builds(LinkView, LINE, st.just("https://o.example/?a=1&b=2"))
MOMENT = st.integers(0, 10**6).map(lambda seconds: NOW + timedelta(seconds=seconds))
LABEL = st.builds(LabelView, st.sampled_from(["full", "excerpt", "link", "own"]), LINE)
VALUE = st.builds(FactValueView, LINE, st.just(""), st.just(""), st.just(""), st.booleans())
FACT = st.builds(FactView, LINE, st.tuples(VALUE))
SLIP = st.builds(SlipView, LABEL, LINE, LINE, st.lists(FACT, max_size=1).map(tuple))
NOTE = st.builds(CorrectionView, st.just(DateView("1 March 2024", "2024-03-01")), TEXT.map(scrub))
PICTURE = st.builds(FeedImage, st.just(f"{BASE}a.png"), st.just("image/png"), LINE, LINE, LINK)
SOURCE = st.builds(FeedSource, st.just("https://o.example/rss"), st.just("https://o.example/rss"), LINE, MOMENT)
ITEM = st.builds(
    FeedItem,
    id=st.just("urn:uuid:27bf2b69-fbb9-50d7-90fc-49ac3bd86475"),
    title=LINE.filter(lambda title: not title.startswith("Withdrawn: ")),
    page=st.just(f"{BASE}a/"),
    link=st.just(f"{BASE}a/"),
    summary=LINE,
    html=LINE.map(lambda text: f"<p>{text.replace('&', '&amp;').replace('<', '&lt;')}</p>".encode()),
    slip=SLIP,
    corrections=st.lists(NOTE, max_size=1).map(tuple),
    withdrawn=st.none(),
    original=st.none() | LINK,
    origin=st.just(""),
    authors=st.tuples(LINE),
    topics=SOME,
    published=st.just(NOW),
    updated=MOMENT,
    language=st.sampled_from(["en", "ar"]),
    rights=LINE,
    licence=LINE,
    licence_url=st.sampled_from(["", "https://creativecommons.org/licenses/by/4.0/"]),
    source=st.none() | SOURCE,
    image=st.none() | PICTURE,
)


@settings(max_examples=40)
@given(item=ITEM, title=LINE, editor=LINE)
def test_any_text_in_any_field(item: FeedItem, title: str, editor: str) -> None:
    """Whatever the text: no fault in any format, and all three give the item back as it was."""
    said = []
    for form, (make, file) in MAKERS.items():
        made = make(described_as(form, f"{BASE}{file}", title, editor, item))
        assert faults(made, BASE + file) == []
        received = read(made)
        assert received.title == title
        said.append(received.items)
    assert said[0] == said[1] == said[2]
    (got,) = said[0]
    assert isinstance(got, Item)
    said_of_it, made_of_it = ((it.title, it.summary, it.rights, *it.authors, *it.topics) for it in (got, item))
    assert said_of_it == made_of_it


def described_as(form: FeedFormat, url: str, title: str, editor: str, item: FeedItem) -> Feed:
    """A feed of one item."""
    return Feed(
        format=form,
        id=BASE,
        title=title,
        description=title,
        url=url,
        page=BASE,
        about=f"{BASE}feeds/",
        current="",
        older="",
        newer="",
        archived=FeedFormat.ATOM,
        hub="",
        style="",
        language="en",
        editor=editor,
        email="desk@p.example",
        updated=item.updated,
        items=(item,),
    )


SIGNS = st.text("<>&;\"'\r\n\t ax–\U0001f600", min_size=1)


@settings(max_examples=60)
@given(
    item=ITEM,
    signs=SIGNS,
    withdrawn=st.none() | NOTE.filter(attrgetter("text")),
    current=st.sampled_from(["", f"{BASE}atom.xml"]),
)
def test_atom_is_written_as_lxml_would(
    item: FeedItem, signs: str, withdrawn: CorrectionView | None, current: str
) -> None:
    """Its text is byte for byte what lxml writes of the elements that it reads there, laid out anew."""
    odd = replace(item, id=signs, html=signs.encode(), topics=(signs,), withdrawn=withdrawn)
    made = atom(replace(described_as(FeedFormat.ATOM, f"{BASE}a.xml", item.title, signs, odd), current=current))
    root = etree.fromstring(made)
    gone = root.find("{*}deleted-entry")
    assert signs in (root.findtext("{*}entry/{*}content") if gone is None else gone.get("ref"))
    for around in root.iter():
        if len(around):
            around.text = None
            for child in around:
                child.tail = None
    assert etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True) == made
