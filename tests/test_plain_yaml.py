"""YAML as front matter has it: what is read, what is refused and where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.plainyaml import MAX_DEPTH, YamlError, events, lines, locate, parse

ROOT = Path(__file__).parent.parent


def test_scalars_are_strings_and_empty_is_none() -> None:
    """No scalar is typed by its looks; only an empty plain one is None."""
    data = parse("a: NO\nb: 12:30\nc: 010\nd: 2024-02-30\ne: ''\nf:\ng: ~\nh: 'null'\ni: 1e3\nj: [yes, .nan]\n")
    assert data == {
        "a": "NO",
        "b": "12:30",
        "c": "010",
        "d": "2024-02-30",
        "e": "",
        "f": None,
        "g": None,
        "h": "null",
        "i": "1e3",
        "j": ["yes", ".nan"],
    }


@pytest.mark.parametrize(
    ("text", "rule", "place"),
    [
        ("a: 1\nb: 2\na: 3\n", "duplicate-key", (3, 1)),
        ("a: {b: 1, b: 2}\n", "duplicate-key", (1, 11)),
        ("a: &x 1\n", "alias", (1, 4)),
        ("a: [1]\nb: *x\n", "alias", (2, 4)),
        ("a: !!python/object:os.system x\n", "tag", (1, 4)),
        ("? [a]\n: b\n", "key", (1, 3)),
        ("a\n---\nb\n", "documents", (2, 1)),
        ("a: b: c\n", "syntax", (1, 5)),
        ("a:\n\tb: c\n", "syntax", (2, 1)),
        ('a: "\\ud800"\n', "syntax", (1, 7)),
        ("a: 'x\n", "syntax", (1, 4)),
        ("a: \x01\n", "syntax", (1, 4)),
        ("[" * (MAX_DEPTH + 1), "too-deep", (1, MAX_DEPTH + 1)),
        ("[" * 30_000, "too-deep", (1, MAX_DEPTH + 1)),
        ("- " * 5_000, "too-deep", (1, 2 * MAX_DEPTH + 1)),
        ("a: " + "x" * 65_536, "too-large", (1, 1)),
    ],
)
def test_what_is_refused(text: str, rule: str, place: tuple[int, int]) -> None:
    """Each fault has its rule and its place, and nothing crashes the parser."""
    with pytest.raises(YamlError) as caught:
        parse(text)
    assert (caught.value.finding.rule, caught.value.place) == (f"yaml/{rule}", place)


def test_depth_and_size_up_to_the_limits_are_read() -> None:
    """The limits themselves are within bounds."""
    assert parse("[" * MAX_DEPTH + "]" * MAX_DEPTH) is not None
    assert parse("a: " + "x" * 65_533) == {"a": "x" * 65_533}


def test_every_value_and_key_has_its_place() -> None:
    """Places are 1-based lines and columns; what is not written down is where its nearest ancestor is."""
    places = locate("a: 1\nb:\n  c: [x, y]\n")
    assert places.find(("a",)) == (1, 4)
    assert places.find(("b", "c", 1)) == (3, 10)
    assert places.find(("b", "c"), key=True) == (3, 3)
    assert places.find(("b", "d", 0)) == (3, 3)
    assert places.find(("z",)) == (1, 1)


@given(st.text() | st.text("[]{}:,-?&*!|>'\"%@`# \n\tab", max_size=200))
def test_nothing_else_is_ever_raised(text: str) -> None:
    """Any text is parsed or refused with a place inside it."""
    try:
        parse(text)
    except YamlError as error:
        line, column = error.place
        assert 1 <= line <= text.count("\n") + 2
        assert column >= 1


SHEET = """\
title: "A \\"river\\" rises \\\\ falls: so # it is"
date: 2024-03-02T08:00:00Z
summary: Water, and more; it's [sic] C#1
topics:
- Weather
- 'It''s "so"'
origin:
  publisher: voa
  url: https://www.voanews.com/a#b
  authors:
    - Ada Reporter
  published: ~
licence:
aliases: [/a b/, /c/]
retrieved: {"from": "https://a.example/", "words": 320, "of": ["Ada \\"A\\" Reporter", []]}
"""
SIGNS = "ab0~'\"\\:#-?,[]{}&*!|>%@`=<. é“\t\r\x07\x85\xa0\u2028\ufeff"
QUOTED = ["''", '\\"', '"a"', "'b'", '"c\\\\"']
SCALARS = [*SIGNS, *QUOTED, "a b", ": ", " #", "null", "Null", "a: b", "http://a#b", "1:2", "- ", "...", "---", "<<"]
LINES = st.tuples(
    st.sampled_from(["", "", "", "  ", "  ", "    ", " "]),
    st.sampled_from(["", "", "- ", "-   ", "-", "? ", "# ", "- - "]),
    st.sampled_from(["", "a:", "b:", "c: ", "d:  ", "a: ", "e: ", '"f": ', "g h: ", "---", "é: "]),
    st.lists(st.sampled_from(SCALARS), max_size=3).map("".join),
    st.sampled_from(["\n", "\n", "\n", "\n\n", "\r\n", " \n", ""]),
)


@given(st.lists(LINES.map("".join), max_size=7).map("".join), st.integers(0, len(SHEET)), st.sampled_from(SCALARS))
def test_simple_lines_mean_what_yaml_says(text: str, cut: int, sign: str) -> None:
    """What is read line by line is what the events give: of lines at random, and of usual ones with a sign put in."""
    for written in (text, SHEET[:cut] + sign + SHEET[cut:], SHEET[:cut] + SHEET[cut + 1 :]):
        simple = lines.read(written)
        assert simple is None or simple == events.read(written, None)


@given(st.lists(st.tuples(st.integers(0, 6), st.sampled_from(["a: 1", "b:", "c:", "- x", "d: y", "e:"])), max_size=9))
def test_mappings_in_mappings_mean_what_yaml_says(indented: list[tuple[int, str]]) -> None:
    """Also where a line stands further in or out than any above it."""
    written = "".join(f"{' ' * column}{line}\n" for column, line in indented)
    simple = lines.read(written)
    assert simple is None or simple == events.read(written, None)


FLOW_SIGNS = ["[", "]", "{", "}", ", ", ": ", ",", ":", " ", "-", "#", "?", "*", "!", "~", "\\", '\\"']
FLOW_SCALARS = ["a", "b c", "d'e", "é", "null", "true", "1", "01", "1.5", "-1", "'f'", '"g"', '"g": ', '"h": [']
FLOW = [*FLOW_SIGNS, *FLOW_SIGNS[:6], *FLOW_SCALARS, f'"{"y" * 1025}": ', f'"{"z" * 1000}": ']


@given(st.lists(st.sampled_from(FLOW), max_size=9).map("".join), st.sampled_from(["[]", "{}", '[""]', '{"k": ""}']))
def test_what_stands_in_brackets_means_what_yaml_says(inner: str, brackets: str) -> None:
    """Lists of plain words, and JSON, which is what programs write."""
    half = len(brackets) // 2
    written = f"a: {brackets[:half]}{inner}{brackets[half:]}\nb:\n- [{inner}]\n"
    simple = lines.read(written)
    assert simple is None or simple == events.read(written, None)


WRITTEN = st.text("ab é\"\\'#:,-", max_size=5) | st.integers(0, 10**20)
JSON = st.lists(WRITTEN) | st.dictionaries(st.text("ab:"), WRITTEN | st.lists(WRITTEN), max_size=3)


@given(st.dictionaries(st.sampled_from("abc"), JSON, min_size=1))
def test_json_after_keys_is_simple(data: dict[str, object]) -> None:
    """As a program would write it; a number is its text."""
    written = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in data.items())
    assert lines.read(written) == events.read(written, None)


def test_a_theme_is_simple() -> None:
    """Its options are mappings in a mapping."""
    written = (ROOT / "themes/default/theme.yaml").read_text(encoding="utf-8")
    assert lines.read(written) == events.read(written, None)


def test_usual_front_matter_is_simple() -> None:
    """Keys with scalars, lists of scalars and mappings of those, with or without quotation marks."""
    data = lines.read(SHEET)
    assert data == events.read(SHEET, None)
    assert data == {
        "title": 'A "river" rises \\ falls: so # it is',
        "date": "2024-03-02T08:00:00Z",
        "summary": "Water, and more; it's [sic] C#1",
        "topics": ["Weather", 'It\'s "so"'],
        "origin": {
            "publisher": "voa",
            "url": "https://www.voanews.com/a#b",
            "authors": ["Ada Reporter"],
            "published": None,
        },
        "licence": None,
        "aliases": ["/a b/", "/c/"],
        "retrieved": {"from": "https://a.example/", "words": "320", "of": ['Ada "A" Reporter', []]},
    }
