"""Markdown read without a parser: whatever is read so, the parser and the sanitiser read the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from broadsheet.model import Body
from broadsheet.reading import markdown, prose

SHEET = """\
The *river* rose by 2 m, [officials said](https://paper.example/a_b?c=1&d), in **no more than** an hour.
A second line; “*Quoted*” and so on.

_Nobody_ was hurt.

## What *now*?

- first
- second & last, < 3

In order:

3. three
4. four

Apart:

* five
* six

* seven

> They said: [no](https://other.example/ "Title").
>
> And left.

### What now?\x20\x20

Tail\xa0end > it [sic], \\*50 %\\\\
1986\\. A year.
"""
CASES = sorted((Path(__file__).parent / "cases" / "markdown").glob("*.txt"))
SIGNS = [
    *"\\`*_~[]()<>&^!|#+-=.:;'\"/@$%{“”’—…é字한\xa0\u2028\u3000\u0301\x07\x7f\x85\t 1a\ue02a\ufeff\ufdd0",
    "\ud800",
]
ESCAPED = [*(f"\\{sign}" for sign in "*_[]()<>&!#-.~`\\ a\n")]
WORDS = [
    *("a", "b ", "a. ", "word ", "“so”", "(it)", "1,", "[sic]", "& ", "AT&T;", "&amp;", "< ", "> ", "~~a~~"),
    *("[a]: b", "]: b"),
]
STRESSED = [
    *("*a*", "**b c**", "_d_", "__e__", "*f.*", "“*g*”", "**", "__", "***", "*“h”*", "*i*j", "k*l*", "*l's*", "(*m*)"),
    *(
        "*a\nb*",
        "**a\n> b**",
        "_a\n- b_",
        "*[a](https://a.example) b*",
        "*a [b*](https://a.example)",
        "*a& b&*",
        "*a<* b",
    ),
    *("[a *b* c](https://a.example)", "[a_](https://a.example)_", "_a [b_c](https://a.example/d_e)_", "*a _b* c_"),
    *("*m* n*", "*o\xa0*", "*p.*q", "*“r”*s", "t*“u”*", "*v _w_*"),
]
ADDRESSES = [
    *("https://a.example/b_c?d=1&e=%20#f", "http://d-e.example.org", 'https://a.example/ "b"', "https://a.example#b"),
    *("/a", "#b", "", "https://a.example/&b;", "mailto:a@b.example", "https://a.example/(b)", "https://a.example/b c"),
    *("https://a.example/%zz", "https://a.example/b*c", "https://A.example", "https://a.example:80", "javascript:x"),
    *("https://xn--a.example", "https://a.xn--b", "https://1.2.3.4", "https://a.1", "https://a..example"),
    *("https://u@a.example", "https://a_b.example", f"https://{'a.' * 140}b", f"https://a.example/{'b' * 2048}"),
    *('https://a.example/ "b_c"', "https://a.example/'b'", "https://a.example/b;c", "https://a.example/~b"),
    *("https://-a.example", f"https://{'a' * 64}.example", 'https://a.example "b\\"c"', "https://a.example/b\\_c"),
]  # fmt: skip
LINKED = [
    *(f"[x]({address})" for address in ADDRESSES),
    *(
        "*[h](https://a.example/)*",
        "![a](https://a.example/b.png)",
        "[*a*](https://a.example)",
        "[a_b](https://a.example)",
    ),
    *("[a [b](https://a.example) c](https://d.example)", "[a](<https://a.example>)", "<https://a.example>", "[a][b]"),
    *(
        "[^1]",
        "^[n]",
        "[](https://a.example)",
        "[\n](https://a.example)",
        "[a\n b](https://a.example)",
        "[a\nb](https://a.example)",
        "[a\n- b](https://a.example)",
        "[a\n\nb](https://a.example)",
        "\n[](https://a.example)\n",
        "< a@b.example>",
    ),
]
BREAKS = [
    *("\n", "\n\n", "\n\n\n", "\\\n", " \n", "  \n", " \n\n", "\n \n", "\n  \na", "\r\n", "\n---", "\n===", "\n***\n"),
    *("\\\n\n", "\\ \n"),
]
SIMPLE = ["", "# ", "## ", "###### ", "- ", "* ", "+ ", "  - ", "-   ", "1. ", "1) ", "2. ", "07. ", "> ", ">"]
OTHER = [
    *("#", "> - ", "> # ", ">> ", "- > ", "- - ", "- # ", "    ", "  ", "---", "***", "* * *", "|-|-|", ":-|-:", "-:"),
    *("[^1]: ", "```", "####### ", "1.", "-", "# a #", "- 1. ", "- a\\\n"),
]
PIECES = SIGNS + ESCAPED + WORDS + STRESSED + LINKED + BREAKS + SIMPLE + OTHER
PLACES = [
    *("{}", "a{}", "{}a", "a{}b", "a {} b", "a\n{}", "a\n{}b", "{}\nb", "a\n\n{}\n\nb", "a|b\n{}", "# {}", "# a {}"),
    *("# a{} ", "- {}", "- a{}", "- a\n{}", "- a\n{}b", "- a\n\n{}b", "- a\n{}- b", "1. a\n{}b", "  * a\n{}b", "> {}"),
    *("> a{}", "> a\n{}b", "> a\n> {}", "> a\n>\n> {}b", "> a\n\n{}b", "*{}*", "*a{}*", "*{}a*", "{}*a*", "*a*{}"),
    *("*a*{}b", "b{}*a*", "*a*{}*b*", "**a{}**", "_{}a_", "[{}](https://a.example)", "[a{}](https://a.example)"),
    *("{}[a](https://a.example)", "[a]{}(b)", "[a](https://a.example){}", "[a](https://a.example{})", "{}{}", "\\{}"),
    *("- a\n\n{}- b\n- c", "[a](https://a.example/{})", "[{}]: https://a.example\n\n[a]"),
]
USUAL = WORDS[:9] + STRESSED[:6] + LINKED[:3]
LINES = st.tuples(
    st.sampled_from(SIMPLE),
    st.lists(st.sampled_from(USUAL) | st.sampled_from(PIECES), max_size=4).map("".join),
    st.sampled_from(BREAKS),
)


def taken(text: str) -> Body:
    """What is read of a text without a parser."""
    body = prose.read(text, 7)
    assert body is not None
    return body


def agree(text: str) -> None:
    """What needs no parser means what the parser says, markup and measures, and the sanitiser lets it be."""
    body = prose.read(text, 7)
    if body is not None:
        assert body == markdown.read_fully(text, 7)
        assert markdown._cleaner().clean(body.html) == body.html


@pytest.mark.parametrize("place", PLACES)
def test_both_ways_are_equal_for_every_sign_in_every_place(place: str) -> None:
    """Each piece that means something to somebody, wherever it can mean something else."""
    for piece in PIECES:
        agree(place.replace("{}", piece))


@given(st.lists(LINES.map("".join), max_size=6).map("".join) | st.text(SIGNS) | st.text())
@example("\n\na\n\n\n\nb\n\n\nc")
def test_both_ways_are_equal(text: str) -> None:
    """Whole texts, in which things meet that nobody thought of."""
    agree(text)


@pytest.mark.parametrize("depth", range(90, 110))
def test_both_ways_are_equal_where_the_parser_gives_up(depth: int) -> None:
    """It nests no more than a hundred deep, and what it makes of brackets depends on how it came to them."""
    agree("[" * depth + "[a](https://a.example)")


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_cases_are_equal_both_ways(case: Path) -> None:
    """The cases of the parser, of which few are prose."""
    text = case.read_text(encoding="utf-8").split("\n====\n")[0]
    assert prose.read(text) in (None, markdown.read_fully(text))


def test_news_needs_no_parser() -> None:
    """Paragraphs, headings, lists and quotations, links and emphasis, as they are usually written."""
    body = taken(SHEET)
    assert body == markdown.read_fully(SHEET, 7)
    assert (len(body.passages), len(body.quotations), len(body.links)) == (16, 1, 2)


TAKEN = [
    *("", "a", "a\n", "\n\na\nb \n\n\nc", "*a*", "**a**", "_a_.", "“*a*”", "(**a b**)", "*[a](https://b.example)*"),
    *("* a\n* b", "  - a\n  - b", "1. a", "> a\n> b\n>\n> c", "# a", "a < b & c", "~5", "AT&T", "5 > 4", "[a] b"),
    *("1986. A", "a\nb", "1986\\. A", "\\*a\\*", "**a**\\\nb", "a\\", "- a\n\n- b"),
]
LEFT = [
    *(
        "`a`",
        "a\\ \nb",
        "~~a~~",
        "&amp;",
        "<b@c.example>",
        "![a](https://b.example)",
        "[a](/b)",
        "***a***",
        "a*b",
        "*a*b*",
    ),
    *("a\n---", "a\n===", "a\n- b", "- a\nb", "- a\n  b", "> a\nb", "> - a", "|a|\n|-|", "    a", "1."),
    *(
        "a  \nb",
        "[a]: b",
        "a[^1]",
        "^[a]",
        "\ta",
        "# a #",
        "a\x07",
        "\xa0a",
        "-",
        "* * *",
        "_a *b*_",
        "-5",
        "- a\n\n* b",
        "- a\n\n  b",
    ),
]


@pytest.mark.parametrize("text", TAKEN)
def test_what_is_taken(text: str) -> None:
    """Each of these is read in one way only."""
    assert taken(text) == markdown.read_fully(text, 7)


@pytest.mark.parametrize("text", LEFT)
def test_what_is_left_to_the_parser(text: str) -> None:
    """Each of these might mean something else to somebody, or does."""
    assert prose.read(text) is None
