"""Foreign HTML and plain text to markdown: the same words, nothing that acts, in bounded time."""

from __future__ import annotations

import html
import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from broadsheet.importing.draft import LeftOut
from broadsheet.importing.markup import Text, blocks, credit_of, escape, link, without_tracking
from broadsheet.importing.markup.signs import reads_as
from broadsheet.model import Place
from broadsheet.reading import markdown

BASE = "https://paper.example/news/"
PIECES = "** ~~ ``` ]( [^1] ^[ &amp; <b> <http://a.example> https://a.example/?x=1&y=(2) a B é — “ it --- ===".split()
SIGNS = st.sampled_from([*"\\`*_~[]()<>&^!|#+-=.:;'\"/@$% \t\n", *PIECES, "1. ", "12) ", "- ", "    ", "\xa0"])
HOSTILE = st.lists(SIGNS, max_size=24).map("".join) | st.text(max_size=40)


def words(text: str) -> list[str]:
    """What must be the same of two texts: all but white space."""
    return text.split()


def said(markdown_blocks: tuple[str, ...]) -> list[str]:
    """The words of blocks, as our reader has them."""
    body = markdown.read("\n\n".join(markdown_blocks))
    return words(" ".join(passage.text for passage in body.passages))


@given(HOSTILE)
@example("\\")
@example("a\n===")
@example("[a]: b")
@example("1986. A great year")
def test_plain_text_is_read_again_as_the_same_text(text: str) -> None:
    """Whatever a text holds, escaped it is one paragraph of exactly these words, without a link or any emphasis."""
    body = markdown.read(escape(text))
    assert words(" ".join(passage.text for passage in body.passages)) == words(markdown.scrub(text))
    assert {passage.place for passage in body.passages} <= {Place.PARAGRAPH}
    assert not body.links
    assert not body.images
    assert "<em>" not in body.html


@pytest.mark.parametrize(
    "prose",
    [
        "It cost $5 in the U.S., or 1,000 pesos (2 * 500) - some 80% of it, he said.",
        "The file snake_case_name, AT&T, C# and C:\\Users; a < b, 3 > 2, ~50, name*",
        "“We [of the village] paid!” | she said: 50 / 50 = 1",
        "2023 began. No. 7 won #1 and @home wrote x^2",
    ],
)
def test_prose_stays_as_it_is(prose: str) -> None:
    """Whoever opens the file sees prose: a backslash stands only where a sign would be taken for markup."""
    assert escape(prose) == prose


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("# one", r"\# one"),
        ("2023. Then", r"2023\. Then"),
        ("- one", r"\- one"),
        ("see [this](there)", r"see [this\](there)"),
        ("*one* * two", r"\*one\* * two"),
        ("a &amp; b", r"a \&amp; b"),
        ("<b>bold</b>", r"\<b>bold\</b>"),
    ],
)
def test_what_is_escaped(text: str, escaped: str) -> None:
    """One backslash where one is enough."""
    assert escape(text) == escaped


def convert(source: str) -> str:
    """The markdown of HTML in one text."""
    return "\n\n".join(blocks(source, BASE).blocks)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<h1>One</h1><h2>Two</h2><h4>Four <b>bold</b></h4>", "## One\n\n## Two\n\n#### Four bold"),
        ("<p>a <b> bold <i>both</i></b>, <del>gone</del></p>", "a **bold *both***, ~~gone~~"),
        ("<div>one<div>two</div>three</div>", "one\n\ntwo\n\nthree"),
        ("one<br>two<br><br>three", "one\\\ntwo\n\nthree"),
        ("<b><p>one</p><p>two</p></b>", "**one**\n\n**two**"),
        ("<ul><li>a<ol><li>b</ol><li>c</ul>", "- a\n  1. b\n- c"),
        ("<ol start=3><li>a<p>b</p></ol>", "3. a\n\n   b"),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "- a\n  - b"),
        ("<blockquote>a<p>b</p></blockquote>", "> a\n>\n> b"),
        ("<table><tr><th>a<th>b<tr><td>1|2<td>3</table>", "| a | b |\n| --- | --- |\n| 1\\|2 | 3 |"),
        ("<table><tr><td><p>one</p><p>two</p></table>", "one\n\ntwo"),
        ("<pre>a\n  b</pre><p><code>x`y</code></p>", "```\na\n  b\n```\n\n``x`y``"),
        ("CO<sub>2</sub> on the 1<sup>st</sup>", "CO2 on the 1st"),
        ("a<hr>b", "a\n\n***\n\nb"),
        ("a<script>x</script><style>y</style><p hidden>z</p><b style='display: none'>w</b>", "a"),
        ("<p>A<em>.B</em>c</p>", "A.Bc"),  # no markdown says this: the words stay, the emphasis goes
    ],
)
def test_what_html_becomes(source: str, expected: str) -> None:
    """Each kind of element, as the markdown that a person would have written."""
    assert convert(source) == expected


def test_links_are_absolute_and_alive() -> None:
    """Links keep their address less what counts clicks; dead ones and those of other schemes become text."""
    text = blocks(
        '<a href="../a?utm_source=x&amp;id=1">one</a> <a href="#">two</a> <a href="javascript:x()">three</a> '
        '<a href="mailto:a@b.example">four</a> <a href="//c.example/(d)"> five</a>, <a>six</a> <a href="e"><img></a>',
        BASE,
    )
    assert text.blocks == (
        "[one](https://paper.example/a?id=1) two three [four](mailto:a@b.example) [five](<https://c.example/(d)>), six",
    )
    assert text.links == ("https://paper.example/a?id=1", "mailto:a@b.example", "https://c.example/(d)")


@pytest.mark.parametrize("href", ["", "#", " # ", "javascript:alert(1)", "data:text/html,x", "http://[", "ftp://a.b/"])
def test_dead_links(href: str) -> None:
    """These lead nowhere that a digest may lead."""
    assert link(href, BASE) is None


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://a.example/?utm_source=b&id=2&fbclid=c#d", "https://a.example/?id=2#d"),
        ("https://a.example/?gclid=c", "https://a.example/"),
        ("https://a.example/?ref=main&b", "https://a.example/?ref=main&b"),
        ("https://a.example/#?utm_source=b", "https://a.example/#?utm_source=b"),
    ],
)
def test_what_counts_clicks_goes(address: str, kept: str) -> None:
    """And nothing else: the rest of an address stays in its order and spelling."""
    assert without_tracking(address) == kept


def test_pictures_and_recordings_are_left_out_with_their_credit() -> None:
    """None is taken over; each is told with its address, and a picture's caption is no part of the text."""
    text = blocks(
        '<p>Before</p><figure><img src="/a.jpg" alt="A man"><figcaption>The mayor. (Photo: A. Painter)</figcaption>'
        '</figure><img src="data:x" data-src="b.png"><video><source src="c.mp4">no video</video>'
        '<iframe src="//d.example/e"></iframe><img src=pixel.gif width=1 height=1>'
        "<figure><blockquote>Said</blockquote><figcaption>A. Speaker</figcaption></figure>",
        BASE,
    )
    assert text.blocks == ("Before", "> Said", "A. Speaker")
    assert text.left_out == (
        LeftOut("image", "https://paper.example/a.jpg", "A man", "Photo: A. Painter"),
        LeftOut("image", "https://paper.example/news/b.png"),
        LeftOut("video", "https://paper.example/news/c.mp4"),
        LeftOut("embed", "https://d.example/e"),
    )


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        ("The bridge at dusk. Photo by A. Painter/Agency", "Photo by A. Painter/Agency"),
        ("The bridge at dusk © 2023 A. Painter", "© 2023 A. Painter"),
        ("The bridge at dusk (A. Painter/AP)", "A. Painter/AP"),
        ("The bridge at dusk", "The bridge at dusk"),
    ],
)
def test_the_credit_of_a_caption(caption: str, credit: str) -> None:
    """Its credit where it can be told apart, else all of it."""
    assert credit_of(caption) == credit


INLINE = ("b", "i", "em", "strong", "del", "code", "span", "sup")
BLOCKS = ("p", "div", "blockquote", "h2", "h3", "section", "ul", "ol", "table")
WORDS = st.lists(SIGNS.filter(lambda sign: sign.strip("\xa0 \t\n")), min_size=1, max_size=6).map("".join)


def inline(depth: int) -> st.SearchStrategy[str]:
    """Inline HTML."""
    text = WORDS.map(html.escape)
    if depth == 0:
        return text
    deeper = st.tuples(st.sampled_from(INLINE), inline(depth - 1)).map(lambda p: f"<{p[0]}>{p[1]}</{p[0]}>")
    linked = inline(0).map(lambda said: f'<a href="/x(1)*_&amp;lt;">{said}</a>')
    return st.lists(text | deeper | linked | st.sampled_from([" ", "<br>", " a "]), max_size=4).map("".join)


def trees(depth: int) -> st.SearchStrategy[str]:
    """HTML with blocks in blocks."""
    if depth == 0:
        return inline(2)
    inner = trees(depth - 1)

    def element(parts: tuple[str, list[str]]) -> str:
        tag, held = parts
        if tag in ("ul", "ol"):
            return f"<{tag}>{''.join(f'<li>{item}</li>' for item in held)}</{tag}>"
        if tag == "table":
            return (
                f"<table><tr>{''.join(f'<td>{item}</td>' for item in held)}</tr><tr><td>x</td><td>y</td></tr></table>"
            )
        return f"<{tag}>{''.join(held)}</{tag}>"

    return st.tuples(st.sampled_from(BLOCKS), st.lists(inner, max_size=3)).map(element) | inline(2)


def tree_words(source: str) -> str:
    """All letters and signs of a tree, by another parser, without white space."""
    import html5lib

    return "".join("".join(html5lib.parse(source).itertext()).split())


@given(st.lists(trees(3), max_size=3).map("".join))
@example("<h2><p><p>`</p><p>`</p></p></h2>")
@example("<p><i>&nbsp;</i>- <b>one</b></p>")
def test_a_tree_says_the_same_as_its_markdown(source: str) -> None:
    """Whatever stands in a tree is read again from its markdown: no sign is lost, none is added, none acts."""
    text = blocks(source, BASE)
    assert "".join(said(text.blocks)) == tree_words(source)


LINK = "[so](https://a.example/b?c)"
SIMPLE = st.sampled_from([*"aé字½ !()“.,-+#>=|*[", "1.", "- ", " a", LINK, "*so*", "**so it**", "*so.*", " *", "\\"])


@given(st.lists(SIMPLE, min_size=1, max_size=7).map("".join).map(str.strip).filter(bool))
@example(f"!{LINK}")
@example("- *so*")
@example("***so***")
@example("*so**so*")
def test_simple_markdown_is_understood_without_a_parser(form: str) -> None:
    """Whether it is read as a text with links: the parser says the same."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)|\*+", r"\1", form).strip()
    body, links = markdown.read(form), form.count("](")
    is_so = [passage.text.strip() for passage in body.passages] == [text] and len(body.links) == links
    assert reads_as(form, text, links) is is_so


@given(st.lists(SIGNS | st.sampled_from([f"<{slash}{tag}>" for tag in (*INLINE, *BLOCKS, "li", "td", "tr", "a", "pre")
                                          for slash in ("", "/")]), max_size=30).map("".join) | st.text())  # fmt: skip
def test_any_html_becomes_harmless_text(source: str) -> None:
    """Tags opened and closed at random, and no HTML at all: no exception, and no block that reads as HTML."""
    text = blocks(source, BASE)
    assert all(block.strip() for block in text.blocks)
    assert all(address.startswith("https://paper.example/") for address in text.links)


DEEP = 60_000
PATHOLOGICAL = {
    "div": "<div>" * DEEP + "x",
    "quotations": "<blockquote>" * 20_000 + "x",
    "lists": "<ul><li>" * 20_000 + "x",
    "formatting": "<p>" + "".join(f"<b a{n}>" for n in range(4_000)) + "<p>some words" * 20_000,
    "tables": "<table><tr><td>" * 16_000,
    "columns": "<table><tr>" + "<td>x" * 20_000 + "<tr><td>y" * 20_000 + "</table>",
    "figures": "<figure>" * 30_000,
    "signs": "<p>" + "*a_`[" * 50_000,
    "angles": "&lt;" * 60_000,
    "links": "<a href=x>[](" * 18_000,
    "images": "<video><source>" * 15_000,
    "unclosed": "<a " * 80_000,
    "breaks": "x<br>" * 50_000,
    "signs in style": "<b>x</b>" + "*a_`[" * 50_000,
    "styles": "<b>x</b><i>y</i>" * 15_000,
}


@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_a_quarter_of_a_megabyte_of_anything_takes_bounded_time(name: str) -> None:
    """What nests or repeats without end takes seconds at most, where parsers left alone take minutes."""
    start = time.process_time()
    assert isinstance(blocks(PATHOLOGICAL[name][:262_144], BASE), Text)
    assert time.process_time() - start < 8
