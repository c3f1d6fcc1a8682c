"""An article that was imported follows its original only where the curator left it alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.importing.merge import blocks_of, merge, merge_blocks
from broadsheet.importing.sheet import scalar
from broadsheet.plainyaml import parse

BASE = """\
---
title: A river rises
date: 2024-03-02T08:00:00Z
kind: full
summary:                    # one sentence in your own words
topics: []
draft: true
origin:
  publisher: voa
  url: unknown
  authors: [Ada Reporter]
  published: 2024-03-01
retrieved:
  from: river.txt
  at: 2024-03-02T07:00:00Z
  sha256: aaaa
  words: 12
credits:
- A credit line
changes: []
---

The water rose.

It fell again.

Nobody was hurt.
"""
NEW = (
    BASE.replace("aaaa", "bbbb")
    .replace("07:00", "09:00")
    .replace("words: 12", "words: 16")
    .replace("[Ada Reporter]", "[Ada Reporter, Bo Writer]")
    .replace("It fell again.", "It fell again on Sunday.")
)
"""The original as it is later, as the importer would write it."""


def test_what_the_curator_left_alone_follows() -> None:
    """An article that nobody edited is what the importer would write now."""
    merged = merge(BASE, BASE, NEW)
    assert merged.text == NEW
    assert merged.followed == ("origin.authors", "retrieved.at", "retrieved.sha256", "retrieved.words", "text")
    assert merged.kept == ()


def test_what_the_curator_set_stays() -> None:
    """Own fields, comments, their order and own words are there afterwards, letter for letter."""
    mine = (
        BASE.replace("summary:                    # one sentence in your own words", "summary: Water in town.  # mine")
        .replace("topics: []", "topics:\n  - Weather\n  - Rivers")
        .replace("draft: true\n", "")
        .replace("title: A river rises", "title: Our river rises")
        .replace("Nobody was hurt.", "Nobody was hurt.\n\nA note of ours.")
    )
    merged = merge(BASE, mine, NEW)
    expected = (
        mine.replace("aaaa", "bbbb")
        .replace("07:00", "09:00")
        .replace("words: 12", "words: 16")
        .replace("[Ada Reporter]", "[Ada Reporter, Bo Writer]")
        .replace("It fell again.", "It fell again on Sunday.")
    )
    assert merged.text == expected


def test_where_both_changed_the_curator_stands_and_is_told() -> None:
    """A field and a paragraph that both changed stay as the curator has them, and are named."""
    mine = BASE.replace("[Ada Reporter]", "[A. Reporter]").replace("It fell again.", "It fell again, we hear.")
    merged = merge(BASE, mine, NEW)
    assert "authors: [A. Reporter]" in merged.text
    assert "It fell again, we hear." in merged.text
    assert merged.kept == ("origin.authors", "'It fell again on Sunday. …'")


def test_without_a_record_only_what_was_measured_follows() -> None:
    """On a machine that has no capture nobody knows what the curator changed, so nothing of theirs is touched."""
    merged = merge(None, BASE, NEW)
    assert merged.followed == ("retrieved.at", "retrieved.sha256", "retrieved.words")
    assert "[Ada Reporter]\n" in merged.text
    assert "It fell again.\n" in merged.text
    untouched = merge(None, BASE, NEW, is_untouched=True)
    assert "It fell again on Sunday." in untouched.text


@pytest.mark.parametrize(
    "mine",
    [
        BASE.replace("origin:\n  publisher: voa\n  url: unknown\n  authors: [Ada Reporter]\n  published: 2024-03-01\n",
                     "origin: {publisher: voa, url: unknown, authors: [Ada Reporter], published: 2024-03-01}\n"),
        BASE.replace("  authors: [Ada Reporter]\n", "  authors:\n  - Ada Reporter\n"),
        BASE.replace("retrieved:\n", "retrieved: # by hand\n"),
        BASE.replace("  authors: [Ada Reporter]\n", ""),
        BASE.replace("title: A river rises", "title: >-\n  A river\n  rises"),
        BASE.replace("\ndraft: true", ""),
    ],
    ids=["flow", "block list", "comment", "removed", "folded", "published"],
)  # fmt: skip
def test_however_it_is_written_nothing_is_lost(mine: str) -> None:
    """The front matter stays readable, what followed is as the original has it, and all else as it was."""
    merged = merge(BASE, mine, NEW)
    before, after, new = (parse(text.split("---\n")[1]) for text in (mine, merged.text, NEW))
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    assert isinstance(new, dict)
    assert list(before) == list(after)
    for key in before:
        assert after[key] in (before[key], new[key]) or key in ("origin", "retrieved")
    assert after["draft"] == before["draft"] if "draft" in before else "draft" not in after


BLOCKS = st.lists(st.sampled_from(["one", "two", "three", "four", "five", "six"]), max_size=8)


@given(base=BLOCKS, mine=BLOCKS, theirs=BLOCKS)
def test_merging_is_lawful(base: list[str], mine: list[str], theirs: list[str]) -> None:
    """Nothing new changes nothing; nothing of mine takes all; what both made alike is no conflict; twice is as once."""
    assert merge_blocks(base, mine, base) == (mine, ())
    assert merge_blocks(base, base, theirs) == (theirs, ())
    assert merge_blocks(base, mine, mine) == (mine, ())
    once, _ = merge_blocks(base, mine, theirs)
    assert merge_blocks(theirs, once, theirs)[0] == once


@given(st.lists(st.tuples(st.integers(0, 6), st.text("ab ", min_size=1)), max_size=5), st.integers(0, 3))
def test_words_of_the_curator_are_never_lost(edits: list[tuple[int, str]], gone: int) -> None:
    """Whatever paragraphs of their own the curator puts in, and whatever goes from the original: they are all there."""
    base = [f"The original's paragraph {n}." for n in range(5)]
    mine = list(base)
    for n, (at, words) in enumerate(edits):
        mine.insert(at, f"Own words {n}: {words.strip()}")
    theirs = [block for n, block in enumerate(base) if n != gone] + ["A paragraph more."]
    merged, _ = merge_blocks(base, mine, theirs)
    assert [block for block in merged if block.startswith("Own")] == [b for b in mine if b.startswith("Own")]
    assert "A paragraph more." in merged or mine[-1] not in base


@given(st.text(max_size=60) | st.text("aB1 ,:;#'\"?-!&%@`|>*~=[]{}()\\/…", max_size=20))
def test_a_scalar_is_read_as_it_was_meant(text: str) -> None:
    """Whatever stands in a headline is written as YAML that says just that."""
    from broadsheet.words import one_line

    in_sequence = scalar(text, in_sequence=True)
    assert parse(f"title: {scalar(text)}\nlist: [{in_sequence}, x]") == (
        {"title": one_line(text), "list": [one_line(text), "x"]} if one_line(text) else {"title": "", "list": ["", "x"]}
    )


def test_paragraphs_are_found() -> None:
    """Empty lines part them, however many."""
    assert blocks_of("\none\ntwo\n\n\n \nthree\n") == ["one\ntwo", "three"]
