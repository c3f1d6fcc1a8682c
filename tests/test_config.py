"""config.yaml: little of it suffices, and what is wrong is said with its place."""

from __future__ import annotations

import json

import pytest
from msgspec import structs

from broadsheet import config
from broadsheet.config import Config, Limits, Profile, Rights
from broadsheet.register import packaged

MINIMAL = b"title: Paper\nbase_url: https://paper.example/\n"


def rules(data: bytes) -> list[tuple[str, int, int]]:
    """(rule, line, column) of each problem; none where it is read."""
    read = config.read("config.yaml", data)
    return [] if isinstance(read, Config) else [(p.rule, p.line, p.column) for p in sorted(read)]


def test_two_lines_suffice() -> None:
    """A title and an address make a site."""
    read = config.read("config.yaml", MINIMAL)
    assert isinstance(read, Config)
    assert (read.base_path, read.language, read.page_size) == ("/", "en", 20)
    assert read.rights == Rights(commercial=False, counters=False, images=True, profile=Profile.US)
    assert read.rights.limits == Limits(words=75, characters=None, share=0.2, paragraphs=2, headline_words=None)


def test_there_are_fewer_than_forty_keys() -> None:
    """A configuration stays small."""
    assert len(structs.fields(Config)) + len(structs.fields(Rights)) < 40


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
        ("rights: {profile: uk}", "config/bad-value", 19),
        ("rights: {excerpt_words: 151}", "config/excerpt-ceiling", 25),
        ("rights: {profile: eu, excerpt_words: 151}", "config/excerpt-ceiling", 38),
        ("licences: {CC-BY-4.0: {name: x, statement: y}}", "config/licence-redefined", 12),
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
    assert rules(described("{licence: CC-BY, kinds: [excerpt]}", PROOF)) == [("config/licence-unknown", 6, 23)]
    believed = described("{licence: CC-BY, kinds: [full]}", "{certainty: believed, read: 2024-01-01}")
    assert {rule for rule, _, _ in rules(believed)} == {"config/licence-unknown", "config/grant-unproven"}


UNPROVED = "{certainty: read-at-source, read: 2024-01-01}"
ADDRESSED = UNPROVED.replace("}", ', url: "https://herald.example/"}')
QUOTED = UNPROVED.replace("}", ", clause: Take it}")
PROOF = ADDRESSED.replace("}", ", clause: Take it}")


def described(terms: str, evidence: str) -> bytes:
    """A configuration that describes a publisher: its terms stand in line 6, its evidence in line 7."""
    return (
        MINIMAL
        + (
            f"publishers:\n  herald:\n    name: Herald\n    terms: [{terms}]\n    evidence: [{evidence}]\n"
            f"licences: {{LicenseRef-Less: {{name: Less, statement: Ask., permits: [Reproduction, Distribution]}}}}\n"
        ).encode()
    )


EVIDENCE = {
    "a clause and its address": (PROOF, True),
    "the same, quoted elsewhere": (PROOF.replace("read-at-source", "quoted-elsewhere"), True),
    "the same beside what is believed": (f"{PROOF}, {PROOF.replace('read-at-source', 'believed')}", True),
    "believed": (PROOF.replace("read-at-source", "believed"), False),
    "without an address": (QUOTED, False),
    "without a clause": (ADDRESSED, False),
    "half of it in each": (f"{QUOTED}, {ADDRESSED}", False),
}


@pytest.mark.parametrize("row", EVIDENCE)
def test_a_grant_is_proved_by_a_clause_and_its_address(row: str) -> None:
    """Somebody has read it, and others can; what grants no reprint of a stranger's works grants nothing new."""
    evidence, is_proof = EVIDENCE[row]
    reprints, excerpts = "{licence: CC-BY-4.0, kinds: [full]}", "{licence: CC-BY-4.0, kinds: [excerpt, link]}"
    assert rules(described(reprints, evidence)) == ([] if is_proof else [("config/grant-unproven", 7, 15)])
    assert rules(described(excerpts, evidence)) == []


@pytest.mark.parametrize(
    ("more", "is_more"),
    [
        ("domains: [mongabay.com]", False),
        ("domains: [mongabay.com, others.example]", True),
        ("excludes: []", True),
        ("counter: [pixel.others.example]", True),
    ],
)
def test_what_counts_as_a_publisher_s_is_proved_too(more: str, is_more: bool) -> None:
    """An entry over the package's keeps out what that keeps out, and takes in no other host."""
    known = packaged().publishers["mongabay"]
    kept = [] if more.startswith("excludes") else [f"{{what: {json.dumps(e.what)}}}" for e in known.excludes]
    asked = ", ".join(condition.value for condition in known.terms[0].conditions)
    terms = f"{{licence: {known.terms[0].licence}, kinds: [full, excerpt, link], conditions: [{asked}]}}"
    for evidence, expected in ((UNPROVED, is_more), (PROOF, False)):
        own = f"publishers:\n  mongabay:\n    name: Mongabay\n    excludes: [{', '.join(kept)}]\n"
        own = own.replace("    excludes: []\n", "") if more.startswith("excludes") else own
        own += f"    {more}\n    terms: [{terms}]\n    evidence: [{evidence}]\n"
        assert bool(rules(MINIMAL + own.encode())) == expected


RESERVED = "{until: 2009-12-31, licence: LicenseRef-All-Rights-Reserved, kinds: [excerpt, link]}"
GRANTED = (
    "{since: 2010-01-01, licence: CC-BY-ND-4.0, kinds: [full, excerpt, link], "
    "conditions: [no-edits, keep-links], delay_days: 2}"
)
"""What the package knows of the herald, in two periods."""
GRANTS = {
    "the same": (f"{RESERVED}, {GRANTED}", False),
    "the later period only": (GRANTED, False),
    "the conditions in another order": (GRANTED.replace("no-edits, keep-links", "keep-links, no-edits"), False),
    "one condition more": (GRANTED.replace("no-edits", "no-edits, no-sale"), False),
    "one condition less": (GRANTED.replace("no-edits, ", ""), True),
    "another condition": (GRANTED.replace("no-edits", "no-sale"), True),
    "a longer delay": (GRANTED.replace("delay_days: 2", "delay_days: 3"), False),
    "a shorter delay": (GRANTED.replace("delay_days: 2", "delay_days: 1"), True),
    "no delay": (GRANTED.replace(", delay_days: 2", ""), True),
    "a narrower licence": (GRANTED.replace("CC-BY-ND", "CC-BY-NC-ND"), False),
    "a wider licence": (GRANTED.replace("CC-BY-ND", "CC-BY"), True),
    "another version": (GRANTED.replace("4.0", "3.0"), True),
    "a licence of the site's own that permits as much and asks less": (
        GRANTED.replace("CC-BY-ND-4.0", "LicenseRef-Less"),
        True,
    ),
    "fewer kinds, whatever the conditions": ("{licence: CC0-1.0, kinds: [excerpt, link]}", False),
    "reprints under the same terms": (RESERVED.replace("[excerpt", "[full, excerpt"), True),
    "reprints in the earlier period": (GRANTED.replace("2010-01-01", "2009-12-31"), True),
    "reprints at any time": (GRANTED.replace("since: 2010-01-01, ", ""), True),
    "no reprints in the later period": (f"{{until: 2008-01-01, licence: CC-BY-4.0, kinds: [link]}}, {RESERVED}", False),
}
"""By name: terms in config.yaml, and whether they grant more than the package's register knows of."""


@pytest.mark.parametrize("row", GRANTS)
def test_a_publisher_is_granted_no_more_than_is_known_without_proof(row: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Period by period: what is asked for may be narrower, and anything wider needs its clause."""
    known = config.read("config.yaml", described(f"{RESERVED}, {GRANTED}", PROOF))
    assert isinstance(known, Config)
    monkeypatch.setattr(config, "packaged", lambda: packaged().with_own(known.publishers, {}))
    terms, is_more = GRANTS[row]
    assert rules(described(terms, UNPROVED)) == ([("config/grant-unproven", 7, 15)] if is_more else [])
    assert rules(described(terms, PROOF)) == []


def test_the_european_profile_sets_what_is_not_set() -> None:
    """Each number by itself; 150 words are the most in any profile, and no site may set more."""
    limits = Rights(profile=Profile.EU).limits
    assert limits == Limits(words=25, characters=200, share=0.2, paragraphs=2, headline_words=8)
    own = Rights(profile=Profile.EU, excerpt_words=40, excerpt_characters=300, headline_words=12).limits
    assert (own.words, own.characters, own.headline_words) == (40, 300, 12)
    for words in (1, 150):
        assert rules(MINIMAL + f"rights: {{excerpt_words: {words}}}\n".encode()) == []


@pytest.mark.parametrize("data", [b"", b"- a\n", b"just text\n"])
def test_a_file_that_is_no_mapping_is_refused(data: bytes) -> None:
    """An empty file says what is missing."""
    assert [rule for rule, _, _ in rules(data)] == ["config/wrong-type"]


def test_a_file_that_is_not_utf_8_is_refused() -> None:
    """As any file."""
    assert rules(MINIMAL + b"description: caf\xe9\n") == [("file/not-utf-8", 3, 1)]
