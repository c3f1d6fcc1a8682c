"""Feeds, lists of feeds, and what a capture is: what is read, from where, and what no input can do."""

from __future__ import annotations

import json
import re
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.importing import encoding, moment
from broadsheet.importing.capture import Capture
from broadsheet.importing.draft import Draft, Fact, LeftOut, LicenceClaim
from broadsheet.importing.feeds import feed, json_feed, opml
from broadsheet.importing.feeds.feed import Feed
from broadsheet.importing.recognise import InputKind, kind_of
from broadsheet.problem import Finding
from broadsheet.reading import markdown
from broadsheet.words import one_line

FOLDER = Path(__file__).parent / "importing_feeds"
ADDRESS = "https://here.example/feed"


def capture(data: bytes | str, url: str | None = ADDRESS, media_type: str = "", charset: str = "") -> Capture:
    data = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    at = datetime(2026, 11, 22, tzinfo=UTC)
    return Capture(data=data, name="-", at=at, url=url, media_type=media_type, charset=charset)


def file(name: str) -> Capture:
    return capture((FOLDER / name).read_bytes(), url=None)


def read(given: Capture | str) -> Feed:
    found = feed.read(given if isinstance(given, Capture) else capture(given))
    assert isinstance(found, Feed), found
    return found


def drafts(given: Capture | str) -> list[Draft]:
    return [draft for draft in read(given).entries if isinstance(draft, Draft)]


def item(inner: str, channel: str = "") -> Draft:
    """The draft of an RSS item."""
    (draft,) = drafts(f'<rss version="2.0"><channel>{channel}<item>{inner}</item></channel></rss>')
    return draft


def value(fact: Fact[str] | None) -> str:
    return fact.value if fact else ""


# --- RSS. ---


def test_a_feed_says_what_it_is() -> None:
    feed = read(file("rss.xml"))
    assert (value(feed.title), value(feed.home), value(feed.language)) == (
        "Harbour & Tide",
        "https://harbour.example/",
        "en-GB",
    )
    words = "© 2026 Harbour & Tide. All rights reserved."
    assert feed.licences == (LicenceClaim(words, "the feed's rights", words),)
    assert feed.doubts == ()


def test_an_item_with_all_of_its_text() -> None:
    draft = drafts(file("rss.xml"))[0]
    assert draft == Draft(
        title=Fact("Cranes & ferries meet", "the entry's title"),
        authors=Fact(("Ada Quill", "Bo Ferryman"), "the entry's author"),
        published=Fact("2026-11-03T09:30:00+01:00", "the entry's date of publication"),
        url=Fact("https://harbour.example/2026/cranes?page=2", "feedburner:origLink"),
        site=Fact("Harbour & Tide", "the feed's title"),
        language=Fact("en-GB", "the feed's language"),
        description=Fact("A short word on cranes.", "the entry's summary"),
        licences=(
            LicenceClaim("CC-BY-4.0", "the entry's licence link"),
            LicenceClaim("Text: Ada Quill, CC BY 4.0", "the entry's rights", "Text: Ada Quill, CC BY 4.0"),
        ),
        blocks=("## At the quay", "The cranes *turned*, and [the ferries](https://harbour.example/ferries) did not."),
        credits=("Text: Ada Quill, CC BY 4.0",),
        left_out=(
            LeftOut("image", "https://harbour.example/crane.jpg", "A crane"),
            LeftOut("image", "https://harbour.example/quay.jpg", "The quay at dawn", "Cy Lens"),
            LeftOut("audio", "https://harbour.example/talk.mp3"),
        ),
        key="harbour-1",
    )


def test_an_item_with_a_summary_only_is_no_whole_text() -> None:
    draft = drafts(file("rss.xml"))[1]
    assert not draft.is_whole
    assert draft.blocks == ("All there is of it.",)
    assert draft.url == Fact("https://harbour.example/2026/summary", "the entry's guid")
    assert draft.published == Fact("2026-11-02", "the entry's date of publication")
    assert draft.authors is None
    assert [bool(re.search("offset|mail address", doubt)) for doubt in draft.doubts] == [True, True]


def test_an_item_of_an_aggregator_is_its_source_s() -> None:
    """What the feed says of its own rights is not said of it, and the feed is the route."""
    draft = drafts(file("rss.xml"))[2]
    assert draft.site == Fact("The Island Post", "the entry's source's title")
    assert draft.routes == ("via the feed Harbour & Tide <https://harbour.example/>",)
    assert draft.licences == draft.credits == ()


def test_an_item_that_names_its_own_feed_as_source_is_no_aggregator_s() -> None:
    channel = "<title>Here</title><link>https://here.example/</link><copyright>Us</copyright>"
    draft = item(f'<title>A</title><source url="{ADDRESS}">Here, too</source>', channel)
    assert draft.routes == ()
    assert draft.credits == ("Us",)


def test_an_item_of_which_there_is_nothing_is_a_finding() -> None:
    *_, last = read(file("rss.xml")).entries
    assert isinstance(last, Finding)
    assert last.rule == "import/entry-empty"


@pytest.mark.parametrize(
    ("content", "is_whole"),
    [
        ("All of it.", True),
        ("It goes on &amp;hellip; and ends", True),
        ("It goes on [&amp;hellip;]", False),
        ("On [...] ", False),
    ],
)
def test_a_text_that_goes_on_elsewhere_is_not_whole(content: str, is_whole: bool) -> None:
    encoded = "http://purl.org/rss/1.0/modules/content/"
    assert item(f'<c:encoded xmlns:c="{encoded}">{content}</c:encoded>').is_whole is is_whole


def test_a_second_summary_is_no_content() -> None:
    """As podcasts have it: feedparser takes the second one for the content."""
    itunes = "http://www.itunes.com/dtds/podcast-1.0.dtd"
    draft = item(f'<title>A</title><description>One</description><i:summary xmlns:i="{itunes}">Two</i:summary>')
    assert (draft.blocks, draft.is_whole) == (("One",), False)


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("AT&amp;amp;T", "AT&T"),
        ("AT&amp;T", "AT&T"),
        ("Tom &amp;amp; Jerry &lt;3", "Tom & Jerry <3"),
        ("&lt;i&gt;Slanted&lt;/i&gt;", "Slanted"),
        ("a &lt; b &amp;amp;&amp;amp; c", "a < b && c"),
        ("&lt;p&gt;One&lt;/p&gt;&lt;p&gt;two&lt;/p&gt;", "One two"),
        ("\u202eturned\n round\t", "turned round"),
    ],
)
def test_titles_are_read_as_readers_read_them(title: str, words: str) -> None:
    assert value(item(f"<title>{title}</title>").title) == words


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Ada Quill", ("Ada Quill",)),
        ("ada@harbour.example (Ada Quill)", ("Ada Quill",)),
        ("Ada Quill &lt;ada@harbour.example&gt;", ("Ada Quill",)),
        ("ada@harbour.example", ()),
        ("a" * 9999, ("a" * 200,)),
    ],
)
def test_an_author_is_a_name_and_no_mail_address(author: str, names: tuple[str, ...]) -> None:
    draft = item(f"<title>A</title><author>{author}</author>")
    assert (draft.authors.value if draft.authors else ()) == names


def test_rdf() -> None:
    (draft,) = drafts(file("rdf.xml"))
    assert (value(draft.title), value(draft.published), value(draft.language)) == ("Old news", "2026-11-03", "de")
    assert draft.licences == (LicenceClaim("CC0-1.0", "the entry's licence link"),)


# --- Atom. ---


def test_atom_s_text_is_text_and_addresses_are_relative_to_their_base() -> None:
    draft = drafts(file("atom.xml"))[0]
    assert value(draft.title) == "Why <em> is a tag"
    assert value(draft.url) == "https://planet.example/one"
    assert draft.blocks == ("Un [lien](https://planet.example/un/deux).",)
    assert value(draft.language) == "fr"
    assert value(draft.published) == "2026-11-03T09:30:00-05:00"


def test_atom_s_author_rights_and_licence_extend_to_the_feed_s_own_entries() -> None:
    own, foreign, other_terms = drafts(file("atom.xml"))
    assert own.authors == Fact(("Dee Orbit",), "the feed's author")
    assert [claim.licence for claim in own.licences] == ["CC-BY-SA-4.0", "All of it by Dee Orbit"]
    assert foreign.authors == Fact(("Ed Tail",), "the entry's source's author")
    assert [claim.licence for claim in foreign.licences] == ["© The Comet"]
    assert foreign.routes == (
        "via the feed Planet Example <https://planet.example/feeds/atom.xml>",
        "via A note on the moon <https://moon.example/note>",
    )
    assert [claim.licence for claim in other_terms.licences] == ["All of it by Dee Orbit"]


def test_plain_text_is_paragraphs_without_markup() -> None:
    assert drafts(file("atom.xml"))[2].blocks == ("First paragraph, on two lines.", r"\* no list")


# --- Licences, dates, choosing. ---


@pytest.mark.parametrize(
    ("address", "licence"),
    [
        ("http://creativecommons.org/licenses/by-nc-nd/3.0/deed.en", "CC-BY-NC-ND-3.0"),
        ("https://creativecommons.org/licenses/by/3.0/de/", "https://creativecommons.org/licenses/by/3.0/de/"),
        ("https://creativecommons.org/publicdomain/mark/1.0/", "CC-PDM-1.0"),
        ("https://terms.example/ours", "https://terms.example/ours"),
    ],
)
def test_a_licence_is_named_where_its_address_names_one(address: str, licence: str) -> None:
    cc = "http://backend.userland.com/creativeCommonsRssModule"
    draft = item(f'<title>A</title><c:license xmlns:c="{cc}">{address}</c:license>')
    assert [claim.licence for claim in draft.licences] == [licence]


def test_pictures_and_recordings_are_left_out_by_name() -> None:
    """Each once; what a recording is, is said or seen from its address."""
    media = 'xmlns:m="http://search.yahoo.com/mrss/"'
    draft = item(
        f"""<title>A</title><description>&lt;img src="/a.jpg"&gt;</description>
        <m:thumbnail {media} url="/a.jpg"/><m:thumbnail {media} url="/b"/>
        <enclosure url="/c" type="video/mp4"/><enclosure url="/d.ogg"/><enclosure url="/e.pdf" type="application/pdf"/>
        <enclosure url="javascript:alert(1)" type="audio/mpeg"/>"""
    )
    assert [(left.what, left.address.removeprefix("https://here.example")) for left in draft.left_out] == [
        ("image", "/a.jpg"),
        ("video", "/c"),
        ("audio", "/d.ogg"),
        ("embed", "/e.pdf"),
        ("image", "/b"),
    ]


def test_a_credit_without_its_picture_is_kept() -> None:
    draft = item('<title>A</title><m:credit xmlns:m="http://search.yahoo.com/mrss/">Cy Lens</m:credit>')
    assert draft.credits == ("Cy Lens",)


def test_a_picture_s_licence_is_none_of_the_text() -> None:
    media = "http://search.yahoo.com/mrss/"
    draft = item(f'<title>A</title><m:license xmlns:m="{media}" href="https://cc.example/">Free</m:license>')
    assert draft.licences == ()
    assert any("media:license" in doubt for doubt in draft.doubts)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Tue, 03 Nov 2026 09:30:00 +0100", "2026-11-03T09:30:00+01:00"),
        ("3 November 26 9:30 EST", "2026-11-03T09:30:00-05:00"),
        ("2026-11-03T09:30:00.25Z", "2026-11-03T09:30:00+00:00"),
        ("2026-11-03 09:30 GMT+02:00", "2026-11-03T09:30:00+02:00"),
        ("Nov 3, 2026", "2026-11-03"),
        ("20261103", "2026-11-03"),
        ("Tue, 03 Nov 2026 23:59:60 GMT", "2026-11-03T23:59:59+00:00"),
        ("2026-11-03T09:30:00", "2026-11-03"),
        ("Tue Nov  3 09:30:00 2026", "2026-11-03"),
        ("Tue, 03 Nov 2026 09:30:00 IST", "2026-11-03"),  # of India, of Israel or of Ireland
        ("2026-02-30", ""),
        ("2026-11-03T09:30:00+99:00", ""),
        ("2026", ""),
        ("yesterday", ""),
        ("9" * 10_000, ""),
    ],
)
def test_dates_keep_the_offset_that_is_written_and_never_get_one(text: str, date: str) -> None:
    assert moment.written(text)[0] == date


def test_a_date_in_another_language_is_a_day_with_a_doubt() -> None:
    draft = item("<title>A</title><pubDate>2026-11-03 오전 09:30:00</pubDate>")
    assert value(draft.published) == "2026-11-03"
    assert len(draft.doubts) == 1


@given(st.text(max_size=60) | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2}"))
def test_any_text_is_a_date_or_a_doubt(text: str) -> None:
    date, doubt = moment.written(text)
    assert date or doubt
    assert not date or moment.end(date) >= moment.instant(date)


DATED = [("b", "2026-11-02"), ("?", ""), ("d", "2026-11-04T01:00:00+02:00"), ("a", "2026-11-01"), ("c", "2026-11-03")]


def dated() -> str:
    """`d` is of the day of `c` in UTC, and later."""
    items = (f"<item><title>{title}</title><pubDate>{date}</pubDate></item>" for title, date in DATED)
    return f'<rss version="2.0"><channel>{"".join(items)}</channel></rss>'


@pytest.mark.parametrize(
    ("newest", "since", "titles"),
    [
        (None, None, "b?dac"),
        (3, None, "dcb"),
        (9, None, "dcba?"),
        (0, None, ""),
        (None, datetime(2026, 11, 3, 12, tzinfo=UTC), "?dc"),
        (2, datetime(2026, 11, 3, 23, 30, tzinfo=UTC), "c?"),
    ],
)
def test_the_newest_and_those_since(newest: int | None, since: datetime | None, titles: str) -> None:
    """The same before drafts are made and after; what has no date comes last, and is never taken for old."""
    chosen = feed.read(capture(dated()), newest, since)
    assert isinstance(chosen, Feed)
    later = list(read(dated()).entries)
    later = feed.since(later, since) if since else later
    later = feed.newest(later, newest) if newest is not None else later
    for entries in (chosen.entries, later):
        assert "".join(value(draft.title) for draft in entries if isinstance(draft, Draft)) == titles


# --- JSON Feed. ---


def test_a_json_feed() -> None:
    read = json_feed.read(file("feed.json"))
    assert isinstance(read, Feed)
    assert value(read.title) == "Marsh Notes"
    heron, link, summary, *others = read.entries
    assert heron == Draft(
        title=Fact("Herons", "the item's title"),
        authors=Fact(("Fen Reed",), "the feed's authors"),
        published=Fact("2026-11-03T09:30:00+01:00", "the item's date_published"),
        url=Fact("https://marsh.example/herons", "the item's url"),
        site=Fact("Marsh Notes", "the feed's title"),
        language=Fact("en", "the feed's language"),
        blocks=("A heron **stood**. [Pond](https://marsh.example/pond)",),
        left_out=(LeftOut("audio", "https://marsh.example/heron.mp3", "Its voice"),),
        key="1",
    )
    assert isinstance(link, Draft)
    assert isinstance(summary, Draft)
    assert (summary.blocks, summary.is_whole) == (("A summary alone.",), False)
    assert summary.authors == Fact(("Ivy Bog",), "the item's authors")
    assert [other.rule for other in others if isinstance(other, Finding)] == [
        "import/entry-empty",
        "import/entry-broken",
    ]


def test_an_item_about_a_page_elsewhere_is_that_page_without_the_item_s_words() -> None:
    read = json_feed.read(file("feed.json"))
    assert isinstance(read, Feed)
    link = list(read.entries)[1]
    assert isinstance(link, Draft)
    assert link.url == Fact("https://river.example/story", "the item's external_url")
    assert (link.blocks, link.authors, link.published, link.key) == ((), None, None, "2")
    assert link.routes == ("via the feed Marsh Notes <https://marsh.example/on-the-river>",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"version": "https://jsonfeed.org/version/2", "items": []}',
        "{" * 100_000,
        "[" * 100_000,
        '{"version": ' + "9" * 10_000 + "}",
        '{"a":' * 50_000,
    ],
)
def test_what_is_no_json_feed_is_a_finding(text: str) -> None:
    found = json_feed.read(capture(text))
    assert isinstance(found, Finding)
    assert found.rule in ("import/feed-broken", "import/not-a-feed")


# --- OPML. ---


def test_a_list_of_feeds_is_flat_and_names_each_once() -> None:
    """Its bare ampersand is no reason to refuse it; pages are no feeds; other lists are named."""
    assert opml.read(file("list.opml")) == (
        opml.Subscription("Harbour & Tide", "https://harbour.example/feed.xml", "https://harbour.example/"),
        opml.Subscription("Comet", "https://comet.example/atom.xml"),
        opml.Subscription("More lists", "https://lists.example/more.opml"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<opml",
        "<rss/>",
        "<opml><body/></opml>",
        '<!DOCTYPE opml [<!ENTITY a "b">]><opml><body><outline xmlUrl="https://a.example/&a;"/></body></opml>',
        '<!DOCTYPE opml [<!ENTITY a SYSTEM "file:///etc/passwd">]><opml><body><outline text="&a;"/></body></opml>',
        "<opml>" + "<outline>" * 100_000,
    ],
)
def test_what_is_no_list_of_feeds_is_a_finding(text: str) -> None:
    assert isinstance(opml.read(capture(text)), Finding)


# --- What a capture is. ---

RSS = '<rss version="2.0"><channel><title>A</title></channel></rss>'


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("A text.", InputKind.TEXT),
        ("A text about <rss version='2.0'> and <b>tags</b>", InputKind.TEXT),
        ("<someone@example.org> wrote to us", InputKind.TEXT),
        ("[AP] Brackets are no JSON", InputKind.TEXT),
        ("{Update} Nor are braces", InputKind.TEXT),
        ("A < B", InputKind.TEXT),
        ("A page begins with\n<html>\nor so", InputKind.TEXT),
        ("<!DOCTYPE html><title>A</title>", InputKind.HTML),
        ("<!-- saved from url=(0014)about:internet -->\n<HTML><p>A", InputKind.HTML),
        ('<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN"><html/>', InputKind.HTML),
        ("\n <p>A fragment", InputKind.HTML),
        ("<article>A</article>", InputKind.HTML),
        ("Warning: line 3\n<!DOCTYPE html>\n<html><p>A</html>", InputKind.HTML),
        (RSS, InputKind.FEED),
        (f"\ufeff\n<!-- <html> --><?xml-stylesheet?><!DOCTYPE rss [<!ENTITY a '>'>]>{RSS}", InputKind.FEED),
        (f"<!DOCTYPE html PUBLIC 'x'>{RSS}", InputKind.FEED),
        (f"Notice: undefined\n{RSS}", InputKind.FEED),
        ("<a:feed xmlns:a='http://www.w3.org/2005/Atom'/>", InputKind.FEED),
        ("<CHANNEL><ITEM/></CHANNEL>", InputKind.FEED),
        ((FOLDER / "rdf.xml").read_text(), InputKind.FEED),
        ((FOLDER / "list.opml").read_text(), InputKind.OPML),
    ],
)
@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "utf-16-be", "utf-32", "utf-32-le"])
def test_a_capture_is_what_it_contains(content: str, kind: InputKind, charset: str) -> None:
    assert kind_of(capture(content.encode(charset))) is kind


@pytest.mark.parametrize(
    "content", [(FOLDER / "feed.json").read_text(), '{"version": "https:\\/\\/jsonfeed.org\\/version\\/1"}']
)
def test_a_json_feed_says_so_in_its_version(content: str) -> None:
    assert kind_of(capture(content)) is InputKind.JSON_FEED


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "import/empty"),
        (b"\xef\xbb\xbf \n", "import/empty"),
        (b"%PDF-1.7\n", "import/not-text"),
        (b"\x89PNG\r\n\x1a\n", "import/not-text"),
        (b"PK\x03\x04", "import/not-text"),
        (b"words\x00\x01\x02and more", "import/not-text"),
        (b"From: x\r\nMIME-Version: 1.0\r\n\r\n<html>", "import/not-text"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "import/not-known"),
        (b'{"items": []}', "import/not-known"),
    ],
)
def test_what_no_importer_reads_is_refused_with_a_reason(content: bytes, rule: str) -> None:
    found = kind_of(capture(content))
    assert isinstance(found, Finding)
    assert found.rule == rule


@given(st.binary(max_size=300) | st.text("<!-?[]>&;rsfehtml \n\0", max_size=200).map(str.encode))
def test_any_bytes_are_something_or_a_finding(data: bytes) -> None:
    given = capture(data)
    assert isinstance(kind_of(given), InputKind | Finding)
    encoding.utf8(data).data.decode()
    for read in (feed.read, json_feed.read, opml.read):
        found = read(given)
        for entry in found.entries if isinstance(found, Feed) else ():
            assert isinstance(entry, Draft | Finding)


# --- Encodings. ---

WORDS = "Größe, œuvre, Привет"


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "utf-32-le"])
@pytest.mark.parametrize("declares", [False, True])
def test_an_encoding_that_is_certain_needs_no_declaration(charset: str, declares: bool) -> None:
    declaration = f'<?xml version="1.0" encoding="{charset}"?>' if declares else ""
    data = f"{declaration}<rss><channel><item><title>{WORDS}</title></item></channel></rss>".encode(charset)
    (draft,) = drafts(capture(data))
    assert value(draft.title) == WORDS


def test_a_server_s_charset_goes_before_the_document_s() -> None:
    data = '<?xml version="1.0" encoding="utf-8"?><rss><channel><title>Größe</title></channel></rss>'.encode("cp1252")
    assert value(read(capture(data, charset="windows-1252")).title) == "Größe"


def test_what_is_not_in_the_encoding_it_says_is_read_with_a_doubt() -> None:
    data = f'<?xml version="1.0" encoding="ascii"?><rss><channel><title>{WORDS}</title></channel></rss>'.encode()
    assert value(read(capture(data)).title) == WORDS
    assert len(read(capture(data)).doubts) == 1


def test_a_broken_character_spoils_no_other() -> None:
    data = f"<rss><channel><title>{WORDS}".encode() + b"\xff</title></channel></rss>"
    assert value(read(capture(data)).title) == f"{WORDS}\ufffd"
    assert len(read(capture(data)).doubts) == 1


@pytest.mark.parametrize("charset", ["idna", "punycode", "unicode_escape", "rot13", "hex", "utf-7", "x" * 99, "\0"])
def test_codecs_that_are_no_charsets_are_not_used(charset: str) -> None:
    assert value(read(capture(RSS, charset=charset)).title) == "A"


# --- Harm. ---

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "[x](javascript:alert(1))",
    "<a href='//evil.example'>x</a>",
    "https://user:pass@evil.example/",
    "http://[::1",
    "]]><x>",
    "&#xD800;&#0;&#99999999999;&nosuch;",
    "\u202e\u2066\ud800\x00\x1b[2J",
    "{{ 7*7 }} {% x %}",
    "--- \ntitle: x\n---",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]
RSS_FIELDS = "title link description language copyright".split()
ITEM_FIELDS = "title link guid author pubDate description source category comments".split()


def rss_of(text: str) -> str:
    inner = "".join(f"<{name}>{text}</{name}>" for name in ITEM_FIELDS)
    media = f'<enclosure url="{text}" type="{text}"/><m:content xmlns:m="http://search.yahoo.com/mrss/" url="{text}"/>'
    head = "".join(f"<{name}>{text}</{name}>" for name in RSS_FIELDS)
    return f'<rss version="2.0"><channel>{head}<item>{inner}{media}</item></channel></rss>'


def atom_of(text: str, kind: str) -> str:
    inner = "".join(f'<{name} type="{kind}">{text}</{name}>' for name in "title id published rights content".split())
    links = "".join(f'<link rel="{rel}" href="{text}"/>' for rel in "alternate canonical license via enclosure".split())
    names = f"<author><name>{text}</name></author><source><title>{text}</title><id>{text}</id></source>"
    return f'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{text}"><entry>{inner}{links}{names}</entry></feed>'


def json_of(text: str) -> str:
    names = "id title url external_url content_html content_text summary date_published language image".split()
    fields = dict.fromkeys(names, text) | {"authors": [{"name": text}], "attachments": [{"url": text, "title": text}]}
    without = {name: said for name, said in fields.items() if name != "external_url"}
    return json.dumps({"version": "https://jsonfeed.org/version/1", "title": text, "items": [fields, without]})


FORMATS: dict[str, Callable[[str], str]] = {
    "rss": lambda text: rss_of(escape(text, {'"': "&quot;"})),
    "rss, ill formed": rss_of,
    "atom html": lambda text: atom_of(escape(text, {'"': "&quot;"}), "html"),
    "atom text": lambda text: atom_of(escape(text, {'"': "&quot;"}), "text"),
    "atom, ill formed": lambda text: atom_of(text, "xhtml"),
    "json": json_of,
}


def said(draft: Draft) -> list[str]:
    """All lines that a draft has, but for its blocks."""
    facts = (draft.title, draft.site, draft.language, draft.description, draft.published)
    lines = [value(fact) for fact in facts] + [*draft.credits, *draft.routes, *draft.doubts, draft.key]
    lines += draft.authors.value if draft.authors else ()
    lines += [text for claim in draft.licences for text in (claim.licence, claim.words)]
    return lines + [text for left in draft.left_out for text in (left.alt, left.credit)]


def check_harmless(draft: Draft) -> None:
    assert all(line == one_line(line) for line in said(draft))
    addresses = [value(draft.url), *(left.address for left in draft.left_out)]
    assert all(re.match(r"https?://[^@\s]+\Z|\Z", address) for address in addresses)
    shown = markdown.read("\n\n".join(draft.blocks)).html
    assert not re.search(r"<(?:script|svg|img|style|iframe)|<[^>]*\son\w+=|(?:href|src)=\"(?!https?:)", shown)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_arrive_as_harmless_text(name: str, text: str) -> None:
    given = capture(FORMATS[name](text))
    found = json_feed.read(given) if name == "json" else feed.read(given)
    assert isinstance(found, Feed)
    entries = list(found.entries)
    assert entries or found.doubts
    for entry in entries:
        if isinstance(entry, Draft):
            check_harmless(entry)


def within(head: str, inner: str, tail: str = "</item></channel></rss>") -> str:
    return f'{head}<rss version="2.0"><channel><title>T</title><item><title>x</title>{inner}{tail}'


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
N = 100_000
HEAVY = {
    "billion laughs": within(f'<!DOCTYPE x [<!ENTITY a0 "ha">{LAUGHS}]>', "<description>&a9;</description>"),
    "much of one entity": within(f'<!DOCTYPE x [\n<!ENTITY a "{"a" * 99}">\n]>', f"<category>{'&a;' * N}</category>"),
    "a long entity": within(f'<!DOCTYPE x [\n<!ENTITY a "{"a" * 60_000}">\n]>', f"<category>{'&a;' * 9999}</category>"),
    "deep": within("", "<a>" * N + "</a>" * N),
    "deep and unclosed": within("", "<a>" * N, ""),
    "10 MB in one element": within("", f"<description>{'x' * 10_000_000}</description>"),
    "many attributes": within("", "<a " + " ".join(f"a{n}='{n}'" for n in range(N)) + "/>"),
    "many namespaces": within("", "".join(f'<n{n}:a xmlns:n{n}="urn:{n}"/>' for n in range(20_000))),
    "long author": within("", f"<author>{'a' * N}</author>"),
    "long author, ill formed": within("", f"<author>{'a.' * N}@<"),
    "blank lines first": within("\n" * N, ""),
    "nothing but NULs": "\0" * N,
    "open tags": within("", "<a <b " * (N // 5), ""),
    "many open comments": "<!--" * N,
    "many document types": "<!DOCTYPE a [" * N,
}


def read_all(given: Capture) -> list[Draft | Finding]:
    kind_of(given)
    found = feed.read(given)
    return [found] if isinstance(found, Finding) else list(found.entries)


@pytest.mark.parametrize("name", HEAVY)
def test_no_feed_takes_long(name: str) -> None:
    """Ten seconds of work are several times what any of these takes; what takes the square of its size takes more."""
    given = capture(HEAVY[name])
    start = time.process_time()
    entries = read_all(given)
    assert time.process_time() - start < 10
    assert all(isinstance(entry, Draft | Finding) for entry in entries)


@pytest.mark.parametrize("name", ["billion laughs", "much of one entity", "a long entity", "10 MB in one element"])
def test_no_feed_takes_much_memory(name: str) -> None:
    given = capture(HEAVY[name])
    tracemalloc.start()
    try:
        read_all(given)
        assert tracemalloc.get_traced_memory()[1] < 10 * len(given.data) + 10_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("deep", "import/feed-broken"),
        ("many attributes", "import/feed-broken"),
        ("many namespaces", "import/feed-broken"),
        ("much of one entity", "import/feed-broken"),
        ("blank lines first", "import/feed-too-large"),
        ("10 MB in one element", "import/entry-too-long"),
    ],
)
def test_what_is_beyond_a_limit_is_refused_with_a_reason(name: str, rule: str) -> None:
    found = feed.read(capture(HEAVY[name]))
    (refused,) = [found] if isinstance(found, Finding) else list(found.entries)
    assert isinstance(refused, Finding)
    assert refused.rule == rule


def test_an_ill_formed_feed_must_not_be_large() -> None:
    """The parser that can read it is slow."""
    found = feed.read(capture(within("", f"<description>&nbsp;{'x' * 5_000_000}</description>")))
    assert isinstance(found, Finding)
    assert "not well formed" in found.message


def test_no_file_is_read_for_an_entity(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    doctype = f'<!DOCTYPE rss [<!ENTITY a SYSTEM "{secret.as_uri()}"><!ENTITY % b SYSTEM "{secret.as_uri()}">%b;]>'
    (draft,) = drafts(within(doctype, "<description>A &a;</description>"))
    assert "secret" not in f"{draft.title}{draft.blocks}{draft.description}".replace("the entry's", "")


def test_the_rest_of_a_broken_feed_is_read() -> None:
    feed = read("<rss><channel><item><title>One &nbsp; & <b>two</title></item><item><title>Three</title></channel>")
    titles = [value(entry.title) for entry in feed.entries if isinstance(entry, Draft)]
    assert titles[-1] == "Three"
    assert any("not well formed" in doubt for doubt in feed.doubts)
