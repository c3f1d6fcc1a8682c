"""config.yaml: little of it suffices, and what is wrong is said with its place."""

from __future__ import annotations

import dataclasses

import pytest

from broadsheet import config
from broadsheet.config import Config, Rights

MINIMAL = b"title: Paper\nbase_url: https://paper.example/\n"


def rules(data: bytes) -> list[tuple[str, int, int]]:
    """(rule, line, column) of each problem."""
    read = config.read("config.yaml", data)
    assert isinstance(read, tuple)
    return [(p.rule, p.line, p.column) for p in sorted(read)]


def test_two_lines_suffice() -> None:
    """A title and an address make a site."""
    read = config.read("config.yaml", MINIMAL)
    assert isinstance(read, Config)
    assert (read.base_path, read.language, read.page_size) == ("/", "en", 20)
    assert read.rights == Rights(commercial=False, excerpt_words=75, excerpt_share=0.2)


def test_there_are_fewer_than_forty_keys() -> None:
    """A configuration stays small."""
    assert len(dataclasses.fields(Config)) + len(dataclasses.fields(Rights)) < 40


def test_the_command_line_s_address_stands_over_the_file_s() -> None:
    """GitHub Pages gives the address at build time."""
    read = config.read("config.yaml", b"title: Paper\n", "https://user.example/repo/")
    assert isinstance(read, Config)
    assert read.base_path == "/repo/"


@pytest.mark.parametrize(
    ("line", "rule", "column"),
    [
        ("baseURL: https://x.example/", "config/unknown-key", 1),
        ("page_size: 0", "config/bad-value", 12),
        ("page_size: many", "config/bad-value", 12),
        ("rights: {commercial: yes}", "config/bad-value", 22),
        ("rights: {excerpt_share: 120 %}", "config/bad-value", 25),
        ("licence: CC-BY-9.0", "config/licence-unknown", 10),
        ("language: english language", "config/bad-value", 11),
        ("email: nobody", "config/bad-value", 8),
        ("navigation: [Home]", "config/wrong-type", 14),
        ("publishers: {Bad Id: {name: x, terms: [{licence: CC0-1.0, kinds: []}], evidence: []}}", "config/bad-id", 14),
        ("title: Again", "yaml/duplicate-key", 1),
    ],
)
def test_a_mistake_has_its_place(line: str, rule: str, column: int) -> None:
    """Each mistake in the third line is found there."""
    assert (rule, 3, column) in rules(MINIMAL + line.encode() + b"\n")


def test_a_publisher_of_one_s_own_needs_terms_licence_and_evidence() -> None:
    """Nothing is granted without a known licence and a place where the terms were read."""
    own = b"publishers:\n  herald:\n    name: Herald\n    terms: []\n    evidence: []\n"
    assert {rule for rule, _, _ in rules(MINIMAL + own)} == {"config/no-terms", "config/no-evidence"}
    own = (
        b"publishers:\n  herald:\n    name: Herald\n    terms: [{licence: CC-BY, kinds: [full]}]\n"
        b"    evidence: [{certainty: believed, read: 2024-01-01}]\n"
    )
    assert rules(MINIMAL + own) == [("config/licence-unknown", 6, 23)]


@pytest.mark.parametrize("data", [b"", b"- a\n", b"just text\n"])
def test_a_file_that_is_no_mapping_is_refused(data: bytes) -> None:
    """An empty file says what is missing."""
    assert [rule for rule, _, _ in rules(data)] == ["config/wrong-type"]


def test_a_file_that_is_not_utf_8_is_refused() -> None:
    """As any file."""
    assert rules(MINIMAL + b"description: caf\xe9\n") == [("file/not-utf-8", 3, 1)]
