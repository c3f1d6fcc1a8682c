"""Markdown: cases as files in tests/cases/markdown, each its text, a line of equals signs, and the HTML."""

from __future__ import annotations

from pathlib import Path

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.reading import markdown

CASES = sorted((Path(__file__).parent / "cases" / "markdown").glob("*.txt"))


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_case(case: Path) -> None:
    """The text above the line becomes the HTML below it."""
    text, html = case.read_text(encoding="utf-8").split("\n====\n")
    assert markdown.read(text + "\n").html.strip() == html.strip()


def test_quotations_are_counted_wherever_they_stand() -> None:
    """Each outermost blockquote is one quotation with its line in the file, whatever it holds."""
    body = markdown.read(
        "> one *two*\n>\n> > three\n\nown\n\n- item\n  > four\n\n> ```\n> five\n> ```\n", first_line=10
    )
    assert [(q.text.split(), q.line) for q in body.quotations] == [
        (["one", "two", "three"], 10),
        (["four"], 17),
        (["five"], 19),
    ]
    assert [p.text for p in body.passages if not p.is_quoted] == ["own", "item"]


def test_a_footnote_to_a_quotation_is_quoted() -> None:
    """Words cannot leave a quotation by the back door, however many footnotes they take."""
    body = markdown.read("> quoted[^a] ^[inline]\n\nown[^c]\n\n[^a]: first[^b]\n\n[^b]: second\n\n[^c]: own too\n")
    assert sorted(q.text.strip() for q in body.quotations) == ["first", "inline", "quoted", "second"]
    assert [p.text for p in body.passages if not p.is_quoted] == ["own", "own too"]


def test_words_that_nobody_sees_are_dropped() -> None:
    """The title of a link or a picture is no place for a text."""
    body = markdown.read('[a](/b "many words") ![c](d.png "more words")\n')
    assert "words" not in body.html


def test_the_lead_is_the_first_paragraph_of_our_own() -> None:
    """Neither a heading nor a quotation is it."""
    assert markdown.read("# head\n\n> quoted\n\nthe  lead\n").lead == "the lead"
    assert markdown.read("> quoted\n").lead == ""


def test_pictures_are_found_with_their_lines() -> None:
    """Each picture of the text is known by its address, also within a link or a table."""
    body = markdown.read("a\n\n[![x](one.png)](/y)\n\n| t |\n|---|\n| ![z](two.png) |\n")
    assert [(i.src, i.line) for i in body.images] == [("one.png", 3), ("two.png", 7)]


def test_references_are_resolved_against_the_page() -> None:
    """`/…` means the site's folder, a fragment stays on the page or, in a feed, is made absolute."""
    html = markdown.read('[a](/t/) [b](c.html) [d](#e) [f](https://g.example/) `href="/t/"`').html
    page = markdown.rebase(html, "https://p.example/repo/2024/x/", "https://p.example/repo/", "/repo/")
    assert '"/repo/t/"' in page
    assert '"/repo/2024/x/c.html"' in page
    assert '"#e"' in page
    assert '<code>href="/t/"</code>' in page
    away = markdown.rebase(
        markdown.read("[a](../../../y/)").html, "https://p.example/r/x/", "https://p.example/r/", "/r/"
    )
    assert '"https://p.example/y/"' in away
    feed = markdown.rebase(html, "https://p.example/r/x/", "https://p.example/r/")
    assert '"https://p.example/r/x/#e"' in feed
    assert '"https://g.example/"' in feed


PIECES = st.sampled_from(
    [
        *("[a](", "![b](", ")", "](", "x", "/t/?a=1&b=2", "#e", "../", "https://g.example/", ' "', "`", "<", ">", "*"),
        *("\n\n", "&amp;", 'href="/t/"', "<a href='/u/'>", "&quot;", "\u00a0", "é", "=", " ", "[", "|"),
    ]
)


@given(st.lists(PIECES, max_size=14).map("".join))
def test_addresses_are_replaced_in_tags_and_nowhere_else(text: str) -> None:
    """As the sanitiser does it, which parses: each `href` and `src` of an element, and no other letter of the text."""
    html = markdown.read(text).html

    def longer(value: str) -> str:
        return f'{value}"<&>x'

    def by_parser(_: str, name: str, value: str) -> str:
        return longer(value) if name in ("href", "src") else value

    sanitiser = nh3.Cleaner(**markdown._SANITISER, attribute_filter=by_parser)  # type: ignore[arg-type]
    assert nh3.Cleaner(**markdown._SANITISER).clean(markdown.readdressed(html, longer)) == sanitiser.clean(html)  # type: ignore[arg-type]
    assert markdown.readdressed(html, str) == html


def test_an_outermost_quotation_stands_in_a_figure_with_its_source() -> None:
    """The caption stands outside the blockquote, its address in `cite`; a tag written as text is left alone."""
    html = markdown.read("> a\n>\n> > b\n\n`<blockquote>`\n").html
    made = markdown.attribute_quotations(html, 'https://x.example/?a="&b', "Ada")
    assert made.count('<figure class="quotation"><blockquote cite="https://x.example/?a=&quot;&amp;b">') == 1
    assert made.count("</blockquote><figcaption>Ada</figcaption></figure>") == 1
    assert "<code>&lt;blockquote&gt;</code>" in made
    assert "<blockquote>" in markdown.attribute_quotations(html, None, "Ada")
