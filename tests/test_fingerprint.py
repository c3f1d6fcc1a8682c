"""Fingerprints: what is known again of a text, and how little of it can be read out of them.

The texts are made of made-up words, the same ones each time. What is measured is measured on these texts: the numbers
are bounds with some room, no proofs. What is said to be certain is certain for any text, and tried on many.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from hashlib import sha256
from itertools import pairwise, product

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from broadsheet import words
from broadsheet.fingerprint import (
    COPIED,
    MAX_BYTES,
    RUN,
    WINDOW,
    Faith,
    Fingerprint,
    FingerprintError,
    copied,
    dump,
    faith,
    fingerprint,
    is_copy,
    load,
    normalised,
)

THEIRS = st.sampled_from("mast quay tide oar rope sail fog surf".split())
"""Few words, so that texts share some runs of them by chance."""
OURS = st.sampled_from("hill barn plough sheep".split())
"""None of theirs."""


def made_up(number: int, seed: int = 0) -> list[str]:
    """So many different words of one to four syllables."""
    dice = random.Random(seed)  # noqa: S311 -- the same words each time
    made: dict[str, None] = {}
    while len(made) < number:
        made["".join(dice.choice("bdfgklmnprstvz") + dice.choice("aeiou") for _ in range(dice.randint(1, 4)))] = None
    return list(made)


def text_of(vocabulary: Sequence[str], number: int, seed: int = 0) -> list[str]:
    """A text of so many words of a vocabulary."""
    dice = random.Random(seed)  # noqa: S311 -- the same text each time
    return [dice.choice(vocabulary) for _ in range(number)]


def stored(run: Sequence[str]) -> str:
    """What is stored of a run of words, as anybody can work it out: the first 32 bits of its SHA-256."""
    return sha256(" ".join(run).encode()).hexdigest()[:8]


VOCABULARY = made_up(300)
TEXT = text_of(VOCABULARY, 1500)
PRINT = fingerprint(" ".join(TEXT))


@given(
    st.data(), st.lists(THEIRS, min_size=COPIED, max_size=60), st.lists(OURS, max_size=20), st.lists(OURS, max_size=20)
)
def test_every_copy_of_fifteen_words_is_found_wherever_it_stands(
    data: st.DataObject, original: list[str], before: list[str], after: list[str]
) -> None:
    """The guarantee of winnowing, t = w + k - 1: a place within the copy is found, and none outside it."""
    length = data.draw(st.integers(COPIED, len(original)))
    start = data.draw(st.integers(0, len(original) - length))
    text = [*before, *original[start : start + length], *after]
    places = copied(text, fingerprint(" ".join(original)).runs)
    assert places
    for first, end in places:
        assert len(before) <= first
        assert first + RUN <= end <= len(before) + length
    assert is_copy(original[start : start + length], fingerprint(" ".join(original)).runs)


@given(st.lists(THEIRS | OURS, max_size=60), st.lists(THEIRS | OURS, max_size=60))
@example(original=[*"abcdefg", *"1234567", *"hijklmn"], text=[*"1234567", *"abcdefg", *"hijklmn", *"abcdefg"])
def test_a_text_that_shares_no_run_of_eight_words_is_never_held_against_anybody(
    original: list[str], text: list[str]
) -> None:
    """However many shorter runs it shares, and in whatever order."""
    assume(not {*runs(original)} & {*runs(text)})
    assert copied(text, fingerprint(" ".join(original)).runs) == []


def runs(text: list[str]) -> list[tuple[str, ...]]:
    """All runs of a text."""
    return [tuple(text[n : n + RUN]) for n in range(len(text) - RUN + 1)]


def test_between_eight_words_and_fourteen_a_copy_is_found_sometimes() -> None:
    """The more words, the more often, and nothing is promised: here a fifth of eight words, nearly all of fourteen.

    A text that has no more than fourteen words is too short to be looked at.
    """
    alien = [word.upper() + "x" for word in VOCABULARY[:COPIED]]

    def share(length: int) -> float:
        starts = range(0, 1400, 7)
        return sum(bool(copied([*alien, *TEXT[n : n + length], *alien], PRINT.runs)) for n in starts) / len(starts)

    found = [share(length) for length in range(RUN - 1, COPIED + 1)]
    assert found[0] == 0
    assert 0 < found[1] < 0.3
    assert found == sorted(found)
    assert 0.9 < found[-2] < 1
    assert found[-1] == 1
    assert [n for n in range(1400) if copied(TEXT[n : n + COPIED - 1], PRINT.runs)] == []


SEPARATORS = st.sampled_from([" ", ", ", ". ", " – ", "—", "\n\n", "; “", "” (", ")! ", "\u00a0", " \u00ad"])


@given(
    st.lists(st.tuples(THEIRS | st.sampled_from(["don't", "self-made"]), st.integers(0, 2), SEPARATORS), max_size=40)
)
def test_case_and_punctuation_make_no_difference(spoken: list[tuple[str, int, str]]) -> None:
    """Nor do spaces, the shape of apostrophes and hyphens, signs that nobody sees; the text's hash tells them apart."""
    plain = " ".join(word for word, _, _ in spoken)
    forms = (str, str.upper, str.title)
    dressed = "".join(forms[form](word) + separator for word, form, separator in spoken)
    for text in (dressed, dressed.replace("'", "’").replace("-", "\u2010")):
        assert normalised(text) == normalised(plain)
        assert fingerprint(text, [text]).runs == fingerprint(plain).runs
        assert fingerprint(text, [text]).quotations == fingerprint(plain, [plain]).quotations
        assert fingerprint(text).sha256 == words.sha256(text)


@given(st.text(max_size=400), st.lists(st.text(max_size=80), max_size=4), st.lists(st.text(max_size=80), max_size=4))
@example(text=" ".join(TEXT[:60]), quotations=[" ".join(TEXT[5:15]), "one"], links=["a.example/?"])
def test_what_is_written_is_read_again(text: str, quotations: list[str], links: list[str]) -> None:
    """Each field; and the file is the same whatever order things came in."""
    made = fingerprint(text, quotations, links)
    assert load(dump(made).encode()) == made
    assert dump(fingerprint(text, quotations, reversed(links))) == dump(made)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just("0123abcd"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = ("version", "sha256", "words", "runs", "quotations", "links")


@given(st.binary(max_size=200) | VALUES.map(lambda value: json.dumps(value).encode()))
@example(b"[" * 200_000)
@example(b'{"version": 1, "words": ' + b"9" * 5000 + b"}")
@example(b"\xff\xfe{\x00")
def test_what_is_no_fingerprint_is_refused_and_breaks_nothing(data: bytes) -> None:
    """Any bytes, any JSON."""
    with pytest.raises(FingerprintError):
        load(data)


@given(st.sampled_from(KEYS), VALUES, st.booleans())
@example(key="words", value=-1, is_gone=False)
@example(key="words", value=True, is_gone=False)
@example(key="runs", value="0123abcd 0123abc", is_gone=False)
@example(key="quotations", value=["0123", 4], is_gone=False)
def test_a_fingerprint_with_a_field_that_was_changed_is_read_or_refused(key: str, value: object, is_gone: bool) -> None:
    """What is read has the types that it says."""
    raw = json.loads(dump(PRINT))
    raw.pop(key) if is_gone else raw.update({key: value})
    try:
        read = load(json.dumps(raw).encode())
    except FingerprintError:
        return
    assert isinstance(read, Fingerprint)
    assert type(read.words) is int
    assert read.words >= 0
    assert all(len(found) == 8 for found in read.runs | read.links)
    assert all(len(pair) == 4 for pairs in read.quotations for pair in pairs)


def test_a_file_without_end_is_not_read() -> None:
    """A limit on what one file can cost."""
    with pytest.raises(FingerprintError, match="longer"):
        load(dump(PRINT).encode().ljust(MAX_BYTES + 1))
    assert load(dump(PRINT).encode().ljust(MAX_BYTES)) == PRINT


@given(st.integers(0, 1400), st.integers(2, 60))
def test_what_was_taken_is_faithful_and_so_is_every_part_of_it(start: int, length: int) -> None:
    """Two words or more of a quotation taken at import; fifteen or more of other places; nothing is said of fewer."""
    taken = fingerprint(" ".join(TEXT), [" ".join(TEXT[start : start + 60])])
    piece = " ".join(TEXT[start : start + length])
    assert faith(piece, taken)[0] is Faith.FAITHFUL
    assert faith(piece, PRINT)[0] is (Faith.FAITHFUL if length >= COPIED else Faith.UNCHECKED)


def test_a_changed_word_is_noticed() -> None:
    """In a quotation taken at import always, from six words on, wherever it stands; else seven words from both ends."""
    for start in range(0, 1400, 50):
        for length in (6, 9, 14, 30):
            piece = TEXT[start : start + length]
            taken = fingerprint(" ".join(TEXT), [" ".join(piece)])
            for n in range(length):
                changed = " ".join([*piece[:n], "harbour", *piece[n + 1 :]])
                assert faith(changed, taken)[0] is Faith.ALTERED, (start, length, n)
                if length == 30 and RUN - 1 <= n <= length - RUN:
                    assert faith(changed, PRINT)[0] is Faith.ALTERED, (start, n)


def test_what_is_stored_of_a_text_is_two_ninths_of_its_runs_in_no_order() -> None:
    """Hashes of 32 bits, sorted; beside them two numbers, and nothing else of the text."""
    share = len(PRINT.runs) / (len(TEXT) - RUN + 1)
    assert abs(share - 2 / (WINDOW + 1)) < 0.02
    raw = json.loads(dump(PRINT))
    assert set(raw) == set(KEYS)
    assert raw["runs"].split() == sorted(PRINT.runs)
    assert PRINT.runs <= {stored(run) for run in runs(TEXT)}
    assert not {word for word in VOCABULARY if len(word) > 4} & set(dump(PRINT).split())


def test_guessing_the_text_word_by_word_stops_after_a_few_words() -> None:
    """Somebody knows eight words and, what nobody would, every word that the text uses, and tries each as the next.

    A guess is confirmed where the run that it ends is one of those stored, and those are two in nine: from three places
    of four no word is confirmed at all, from one in two hundred three or more. He is never misled here, for 300 words
    are few against 32 bits: what stops him is that nothing is stored.
    """
    reached = []
    misled = 0
    for start in range(len(TEXT) - RUN):
        known = TEXT[start : start + RUN]
        while (at := start + len(known)) < len(TEXT):
            confirmed = [word for word in VOCABULARY if stored([*known[1 - RUN :], word]) in PRINT.runs]
            misled += sum(word != TEXT[at] for word in confirmed)
            if TEXT[at] not in confirmed:
                break
            known.append(TEXT[at])
        reached.append(len(known) - RUN)
    places = len(reached)
    assert misled == 0
    assert 0.7 < reached.count(0) / places < 0.85
    assert sum(reached) / places < 0.4
    assert sum(further >= 3 for further in reached) / places < 0.01
    assert max(reached) <= 6


def test_guessing_over_a_gap_costs_the_vocabulary_to_the_power_of_its_words() -> None:
    """Where the next run that is stored ends k words on, all of them have to be guessed together.

    With forty words, which are few for any text, three are found with up to 64,000 hashes. Half of the gaps are of four
    words or more; with 20,000 words, which are few for a newspaper, four cost 1.6 * 10^17 hashes, and ten thousand
    million guesses agree by chance beside the one that is right.
    """
    vocabulary = made_up(40)
    text = text_of(vocabulary, 400)
    found = fingerprint(" ".join(text)).runs
    ends = [n + RUN for n in range(len(text) - RUN + 1) if stored(text[n : n + RUN]) in found]
    gaps = [later - earlier for earlier, later in pairwise(ends)]
    assert max(gaps) <= WINDOW
    assert sum(gap >= 4 for gap in gaps) >= len(gaps) / 2
    for gap in (1, 2, 3):
        end = next(end for end, width in zip(ends, gaps, strict=False) if width == gap)
        known = text[end + gap - RUN : end]
        guesses = [list(guess) for guess in product(vocabulary, repeat=gap)]
        assert len(guesses) == 40**gap
        assert [guess for guess in guesses if stored([*known, *guess]) in found] == [text[end : end + gap]]
    assert 20_000**4 * len(PRINT.runs) / 2**32 > 10**10


def test_who_can_guess_a_text_can_confirm_the_guess() -> None:
    """What a fingerprint is for, and what it cannot do: hide a text from somebody who nearly knows it.

    Whoever has three words to choose from at each place, one of them right, as a model of the language may have, tries
    at most 3^8 for each gap and reads on. So a fingerprint is as public as the fact that a text was taken in.
    """
    dice = random.Random(0)  # noqa: S311 -- the same choice each time
    choices = [[word, *dice.sample([other for other in VOCABULARY if other != word], 2)] for word in TEXT[:210]]
    known = TEXT[:RUN]
    at = RUN
    while at < 200:
        guesses = (guess for gap in range(1, WINDOW + 1) for guess in product(*choices[at : at + gap]))
        known += next(guess for guess in guesses if stored([*known, *guess][-RUN:]) in PRINT.runs)
        at = len(known)
    assert known == TEXT[:at]


def test_the_pairs_of_a_quotation_do_not_name_the_next_word() -> None:
    """Of 50,000 words, tens agree by chance with one of a quotation's pairs, so that each step is a choice among them.

    The quotation itself stands on the page; its pairs say nothing of the text before it and after it.
    """
    vocabulary = made_up(50_000)
    quotation = text_of(vocabulary, 40)
    (pairs,) = fingerprint("", [" ".join(quotation)]).quotations
    for word, following in pairwise(quotation[:9]):
        agreeing = [other for other in vocabulary if sha256(f"{word} {other}".encode()).hexdigest()[:4] in pairs]
        assert following in agreeing
        assert 10 < len(agreeing) < 60
