"""What a glance at a text may miss: nothing."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from broadsheet.register import packaged
from broadsheet.rights.glance import Net, net_of_capitals, net_of_words, sight
from broadsheet.words import plain

MARKS = [mark for agency in packaged().agencies.values() for mark in agency.marks]
WORDS = [mark for mark in MARKS if not mark.isupper()]
CAPITALS = [mark for mark in MARKS if mark.isupper()]
ROUND = st.text(st.sampled_from("abpqsu AP.,-‐—“”(1_éıſ\u00a0\n東"), max_size=12)


def catches(net: Net, text: str) -> bool:
    seen = sight(plain(text))
    return net.may_catch(seen.capitals if net is NET_OF_CAPITALS else seen.letters)


NET, NET_OF_CAPITALS = net_of_words(WORDS), net_of_capitals(CAPITALS)


@given(
    ROUND, st.sampled_from(WORDS), st.sampled_from(" -‐"), st.sampled_from("upper lower title swapcase".split()), ROUND
)
@example("", "Anadolu Ajansı", " ", "swapcase", "")
def test_no_words_are_missed(before: str, mark: str, joint: str, case: str, after: str) -> None:
    """A phrase in any case, its parts joined by hyphen or space, is seen where it stands as words of their own."""
    said = plain(before + getattr(mark.replace(" ", joint).replace("-", joint), case)() + after)
    spelled = "[ ‐-]".join(map(re.escape, re.split("[ -]", mark)))
    if re.search(rf"(?<!\w)(?i:{spelled})(?!\w)", said):
        assert catches(NET, said)


@given(st.sampled_from(WORDS), st.data())
def test_a_letter_that_only_seems_another_is_no_way_round(mark: str, data: st.DataObject) -> None:
    """What a pattern in any case takes for an ASCII letter, the glance does not rule out."""
    alike = {"i": "iıİ", "s": "sſ", "k": "k\u212a"}
    said = plain("".join(data.draw(st.sampled_from(alike.get(letter, letter))) for letter in mark.lower()))
    if re.search(rf"(?i:{re.escape(mark)})", said):
        assert catches(NET, said)


@given(ROUND, st.sampled_from(CAPITALS), st.lists(st.booleans(), min_size=9, max_size=9), ROUND)
def test_no_capitals_are_missed(before: str, mark: str, stops: list[bool], after: str) -> None:
    """With full stops or without, wherever they stand."""
    said = "".join(letter + "." * stop for letter, stop in zip(mark, stops, strict=False))
    assert catches(NET_OF_CAPITALS, before + said + after)


def test_a_text_that_names_none_is_known_to() -> None:
    """The glance rules out ordinary sentences, and so is worth it: also of words that have a mark's letters."""
    said = (
        "The press said in the past that reporters, individual musicians and Kansas agencies had express news. “Gap!”"
    )
    assert not catches(NET, said)
    assert not catches(NET_OF_CAPITALS, said)


@given(st.lists(st.text(st.sampled_from("abcgpu é東"), max_size=6), max_size=5), st.text(st.sampled_from("abcgpu é東")))
def test_any_phrases_will_do(phrases: list[str], text: str) -> None:
    """Phrases without a rare letter, without a letter of ASCII, or empty are looked for too."""
    said = plain(text)
    if any(plain(phrase) and f" {plain(phrase)} " in f" {said} " for phrase in phrases):
        assert catches(net_of_words(map(plain, phrases)), said)
