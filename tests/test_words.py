"""Words, slugs, addresses and scrubbing: the floor on which the rules stand."""

from __future__ import annotations

import re
import unicodedata
import xml.etree.ElementTree as ET
from urllib.parse import urljoin

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from broadsheet import url
from broadsheet import words as vocabulary
from broadsheet.slug import MAX_BYTES, is_slug, slugify
from broadsheet.words import (
    count_words,
    has_words,
    may_have_words,
    normalise,
    one_line,
    plain,
    plain_utf8,
    scrub,
    sha256,
    words,
)

TEXT = st.text() | st.text(st.sampled_from("abI. ,-'’“…\u00a0\u00ad\t\r\n_1éßı\u0301\u20d2\u1160\u200b東ﬁª½\ud800\x7f"))
"""Any text, and texts of what the quick ways look at."""


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 0),
        ("one two", 2),
        ("10,000 people, U.S. officials", 4),
        ("it's self-made — and so_on", 5),
        ("“Quoted,” she said.", 3),
        ("東京は雨", 4),
        ("a…b", 2),
        ("- * > ###", 0),
    ],
)
def test_what_a_word_is(text: str, number: int) -> None:
    """A word is a run of letters and digits, joined within by a sign; a Han or kana character is one."""
    assert count_words(text) == number


@given(st.text(), st.text())
def test_words_add_up(one: str, other: str) -> None:
    """The words of two texts, apart, are as many as those of both."""
    assert count_words(f"{one}\n{other}") == count_words(one) + count_words(other)


@given(TEXT)
@example("a\u20d2\u20d0")
@example("x e\u0301 y")
@example("A\u00ad\u0300")
def test_the_quick_way_to_the_plain_form(text: str) -> None:
    """What is known to be plain is what NFKC, less the invisible and with single spaces, leaves as it was."""
    read = plain_utf8(text)
    assert read is None or (
        read == (text.encode(), "".join(sign for sign in text if not sign.isascii()))
        and unicodedata.normalize("NFKC", text) == text == " ".join(text.split())
    )
    assert plain(plain(text)) == plain(text) == plain(f" {text}\u200b")
    if read:
        assert normalise(text) == text


@given(TEXT)
@example(" a")
@example("a  b")
@example("a\u202eb")
@example("a\u3000b")
def test_the_quick_way_to_one_line(text: str) -> None:
    """What needs no scrubbing is known as what scrubbing leaves as it was."""
    assert one_line(text) == " ".join(re.sub("[\u202a-\u202e\u2066-\u2069]", "", scrub(text)).split())


@given(TEXT)
def test_the_quick_ways_to_count(text: str) -> None:
    """A text has no more words than may be told from its length, and has one exactly where one is counted."""
    number = count_words(text)
    assert has_words(text) == (number > 0)
    assert may_have_words(text, number)
    whole = vocabulary._BARS.sub(" ", vocabulary._SIGNS.sub("", plain(text)))
    assert words(text) == re.findall(vocabulary._WORD, whole)  # the plain way


def test_the_hash_is_of_the_words_not_of_their_layout() -> None:
    """White space and Unicode composition make no difference; a changed letter or quotation mark does."""
    assert sha256("Café  is\nopen") == sha256(" Cafe\u0301 is open ")
    assert sha256("'a'") != sha256("’a’")


@given(st.text())
def test_scrubbed_text_can_be_xml(text: str) -> None:
    """Whatever comes in, XML and UTF-8 can carry what comes out, and scrubbing again changes nothing."""
    clean = scrub(text)
    element = ET.Element("t")
    element.text = clean
    read = ET.fromstring(ET.tostring(element, encoding="utf-8")).text or ""  # noqa: S314 -- made in the line above
    assert normalise(read) == normalise(clean)
    assert scrub(clean) == clean


def test_a_line_turns_nothing_round() -> None:
    """Bidi overrides and isolates go from a headline; the marks that Arabic and Hebrew need stay."""
    assert one_line("a\u202eb\u2066c\u200fd\n e") == "abc\u200fd e"


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("US, Mexico Discuss Options!", "us-mexico-discuss-options"),
        ("Städte & Straßen", "stadte-strassen"),
        ("日本の雨", "日本の雨"),
        ("Ελλάδα", "ελλάδα"),
        ("../../etc/passwd", "etc-passwd"),
        ("CON", "con-x"),
        ("...", ""),
        ("a_b", "a-b"),
        ("İstanbul", "istanbul"),
    ],
)
def test_slugs(text: str, slug: str) -> None:
    """A slug keeps letters and digits of all scripts and can stand in a path on any system."""
    assert slugify(text) == slug


@given(st.text())
def test_a_slug_is_safe_and_stays(text: str) -> None:
    """No slug has a separator, a dot or too many bytes, and slugging it again changes nothing."""
    slug = slugify(text)
    assert slugify(slug) == slug
    assert is_slug(slug) == bool(slug)
    assert len(slug.encode()) <= MAX_BYTES + 2
    assert not set(slug) & set('/\\.:*?"<>|\0 %#')


@pytest.mark.parametrize(
    "address",
    ["https://a.example/b?c=d#e", "http://a.example:8080/", "https://bücher.example/", "https://a.example/x%20y"],
)
def test_web_addresses(address: str) -> None:
    """A plain http or https address is one."""
    assert url.is_web_address(address)
    assert url.is_allowed(address)
    assert not url.is_relative(address)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "java\u200bscript:alert(1)",
        "java%0ascript:alert(1)",
        "&#106;avascript:alert(1)",
        "data:text/html,x",
        "blob:https://a.example/x",
        "file:///etc/passwd",
        "//a.example/x",
        "/\\a.example/x",
        "\\\\a.example\\x",
        "https://user:pass@a.example/",
        "https://a.example\\@b.example/",
        "https:///x",
        "https://a b.example/",
        "https://a.example:99999/",
        "https://[::1",
        "ftp://a.example/",
        "urn:x:y",
    ],
)
def test_refused_addresses(address: str) -> None:
    """Every other scheme, protocol-relative ones and what browsers read differently are refused everywhere."""
    assert not url.is_allowed(address)
    assert not url.is_web_address(address)


@pytest.mark.parametrize("address", ["/a/b", "a/b", "../x", "#f", "?q=1", "", "a:b/c"[2:]])
def test_relative_references(address: str) -> None:
    """What stays on the site may be linked."""
    assert url.is_relative(address)


PIECES = "https:// http://www. HTTPS:// a.example www. / // /. .. /b- ? # &utm_id=1 % %41 : :80 @ [ ] \\ . ~ é".split()
ADDRESS = st.builds(
    "https://{}{}".format, st.sampled_from(["", "www."]), st.lists(st.sampled_from(PIECES)).map("".join)
)


@example("https://https://[")
@given(ADDRESS)
def test_the_quick_ways_with_addresses(address: str) -> None:
    """A plain address means what it means with an empty query and fragment, which go the long way."""
    if not url.is_web_address(address):
        return
    assert url.same(address) == url.same(address if "?" in address or "#" in address else f"{address}?#")
    assert url.host(address) == url.host(re.sub(r"(?<=[^/:])(?=[/?#]|\Z)", ":", address, count=1))
    assert url.join("https://b.example/", address) == urljoin("https://b.example/", address)


@given(st.text() | st.from_regex(r"[ \t]?[a-zA-Z]{1,10}:[^ ]{0,10}"))
def test_what_is_let_through_has_no_other_scheme(text: str) -> None:
    """The policy never raises, and a browser sees no other scheme in what it lets through."""
    if url.is_allowed(text):
        # URL Standard, basic URL parser: C0 and space at the ends, tab and line ends anywhere are dropped.
        seen = re.sub("[\t\n\r]", "", text.strip("".join(map(chr, range(33)))))
        scheme = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", seen)
        assert scheme is None or scheme[1].lower() in ("http", "https", "mailto")
