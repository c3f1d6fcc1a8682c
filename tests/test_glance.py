"""What a glance at a text may miss: nothing."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from broadsheet.config import Rights
from broadsheet.model import Article, Body, FrontMatter, Kind, Origin, Passage, Place
from broadsheet.register import packaged
from broadsheet.rights import Policy, licensing, source, wire
from broadsheet.rights.case import Case, case_of
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


NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
POLICY = Policy(packaged(), Rights(), date(2026, 11, 22), "CC-BY-4.0")
EXCLUDING = [key for key, publisher in packaged().publishers.items() if any(e.marks for e in publisher.excludes)]
KEPT_OUT = [mark for key in EXCLUDING for e in packaged().publishers[key].excludes for mark in e.marks]
NOTICES = [
    *(
        "originally published in",
        "First appeared on",
        "all rights reserved",
        "© 2024",
        "(c) 2024",
        "(C) Ada",
        "copyright 2024",
    ),
    *("Copyright by Ada", "reprinted with permission", "Reprinted by the kind permission"),
]
SAID = st.lists(
    st.sampled_from([*MARKS, *KEPT_OUT, *NOTICES]).flatmap(
        lambda phrase: st.sampled_from(
            [phrase, phrase.upper(), phrase.casefold(), phrase.replace("i", "ı"), phrase[1:]]
        )
    )
    | st.sampled_from(
        ["A.P.", "(", "by", "in", "from", "\u200b", "\u00a0", "Ａ", "“", "x", ".", ",", "-", "2024", "É", "ﬁ"]
    )
    | ROUND,
    max_size=4,
).flatmap(lambda pieces: st.sampled_from(["", " ", "  ", "\n"]).map(lambda joint: joint.join(pieces)))


def case(publisher: str, passages: list[str], author: str, credit: str = "") -> Case:
    """A reprint that says this."""
    origin = Origin(publisher=publisher, authors=(author,))
    matter = FrontMatter(title="x", date=NOON, kind=Kind.FULL, origin=origin, credits=(credit,) if credit else ())
    said = tuple(Passage(text, n, Place.PARAGRAPH, is_quoted=False) for n, text in enumerate(passages, 1))
    body = Body("", (), (), (), said, has_relative=False, line=1)
    return case_of(Article("x.md", "x", matter, body), origin, POLICY)


def hides(case: Case) -> bool:
    """Whether a rule that looks for phrases finds one in what was taken for silent."""
    loud = replace(case, is_silent=False)
    return case.is_silent and any(rule(loud) for rule in (source.check_excluded, licensing.check_notices, wire.check))


@pytest.mark.parametrize("publisher", EXCLUDING)
def test_silence_hides_no_phrase(publisher: str) -> None:
    """Each phrase for which a rule looks, in any case, wherever it may stand."""
    for phrase in [*MARKS, *KEPT_OUT, *NOTICES]:
        for said in (phrase, phrase.upper(), phrase.casefold(), f"“{phrase}”", f"The river. {phrase}."):
            assert not hides(case(publisher, [said], "Ada"))
            assert not hides(case(publisher, [], said))
            assert not hides(case(publisher, ["The river."], "Ada", said))


@given(st.sampled_from(EXCLUDING), st.lists(SAID, max_size=3), SAID, SAID)
@example("ukrainska-pravda", ["ІНТЕРФАКС-Україна"], "", "")
@example("voa", [], "A\u200bP", "")
@example("nasa", ["reproduced  with", "permission"], "", "")
def test_silence_hides_nothing(publisher: str, passages: list[str], author: str, credit: str) -> None:
    """Phrases cut, joined and disguised: what a rule would find is not silent."""
    assert not hides(case(publisher, passages, author, credit))


def test_an_ordinary_reprint_is_silent() -> None:
    """Which is worth the look: no rule looks further."""
    text = "Officials said the press was first to report it; the paper published it (twice)."
    assert case("voa", [text], "Ada Reporter").is_silent
