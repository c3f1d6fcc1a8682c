"""Plain texts as people have them: what is found in each, and that no word of any is lost or made up.

A case is `tests/texts/NAME.txt`, a text in words of our own (`voa.txt` is in the public domain), with what is made of
it in `NAME.draft`. `BROADSHEET_REFRESH=1 python -m pytest tests/test_texts.py` writes the drafts anew; review the diff.
"""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from broadsheet.importing import lines, source, text
from broadsheet.importing.capture import Capture
from broadsheet.importing.draft import Draft, Fact
from broadsheet.importing.lines import Kind
from broadsheet.importing.text import bylines, dates, paragraphs
from broadsheet.problem import Finding
from broadsheet.reading import markdown
from broadsheet.register import packaged
from broadsheet.words import count_words, sha256, words

TEXTS = Path(__file__).parent / "texts"
REGISTER = packaged()
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def read(data: bytes | str, **more: str) -> Draft:
    """The draft of a text, sorted, as the importer would have it."""
    data = data.encode() if isinstance(data, str) else data
    draft = text.read(Capture(data=data, name="a.txt", at=NOW, **more), REGISTER)  # type: ignore[arg-type]
    assert isinstance(draft, Draft), draft
    return sort(draft)


def sort(draft: Draft) -> Draft:
    """With its publisher and its lines where they belong."""
    publisher = source.recognise(draft, REGISTER, None)
    return lines.sort(replace(draft, publisher=publisher), REGISTER, publisher.value if publisher else None)


def dump(draft: Draft) -> str:
    """A draft for people to review: its facts, then its text."""
    shown = []
    for name in ("title", "authors", "published", "url", "site", "publisher", "description"):
        fact = getattr(draft, name)
        value = ", ".join(fact.value) if fact and isinstance(fact.value, tuple) else fact and fact.value
        shown += [f"{name}: {value}  [{fact.where}]"] if fact else []
    shown += [f"licence: {found.licence}  [{found.where}]" for found in draft.licences]
    for name in ("credits", "routes", "changes", "doubts"):
        shown += [f"{name}: {line}" for line in getattr(draft, name)]
    shown += [f"removed: {removed.line}  [{removed.why}]" for removed in draft.removed]
    shown += [f"left out: {out.what} {out.address} ({out.alt}), {out.credit}" for out in draft.left_out]
    return "\n".join(shown) + "\n\n" + "\n\n".join(draft.blocks) + "\n"


@pytest.mark.parametrize("file", sorted(TEXTS.glob("*.txt")), ids=lambda file: file.stem)
def test_case(file: Path) -> None:
    """The draft is what its file says."""
    made, expected = dump(read(file.read_bytes())), file.with_suffix(".draft")
    if os.environ.get("BROADSHEET_REFRESH"):
        expected.write_text(made, encoding="utf-8")
    assert made == expected.read_text(encoding="utf-8")


def test_every_draft_has_its_text() -> None:
    """No file is left over."""
    assert {file.stem for file in TEXTS.glob("*.draft")} == {file.stem for file in TEXTS.glob("*.txt")}


def plain(draft: Draft) -> str:
    """The text of a draft."""
    return " ".join(passage.text for passage in markdown.read("\n\n".join(draft.blocks)).passages)


def test_the_words_of_a_reprint_are_the_originals() -> None:
    """The text that stands in the sample site, letter for letter with its line of credit, out of one line."""
    draft = read((TEXTS / "voa.txt").read_bytes())
    whole = " ".join([plain(draft), *draft.credits])
    assert sha256(whole) == "6429c302f47553df5113a99a4a750501f1af30564acf7785e3dd908bd33c6374"
    assert count_words(whole) == 584


def everything(draft: Draft) -> str:
    """All that a draft says, wherever."""
    facts = (draft.title, draft.authors, draft.published, draft.url, draft.site, draft.description)
    said = [fact.where for fact in facts if fact] + [str(fact.value) for fact in facts if fact]
    said += [*draft.credits, *draft.routes, *draft.doubts, plain(draft), *(removed.line for removed in draft.removed)]
    said += [f"{out.alt} {out.credit} {out.address}" for out in draft.left_out]
    return " ".join(said)


LINES = st.sampled_from(
    """Old bridge closes for two years|By Jana Moor|Von Jana Moor|Published: Dec. 28, 2023|Updated 29.12.2023|LOCAL
    CAIRO (AP) — The council met.|Subscribe to our paper|Share this|AP Images|Photo: P. Maler|Edda Brandt|© 2023 Courier
    He told the hall to subscribe, she said.|“We waited,” she said. “For long.” Then they left.|1. one|- two|> three
    This article first appeared on Grist. The council met.|The council met. Reporting by Jana Moor.|*stars* & [a](b) c_d
    Originally posted by the Voice of America.|Title: A bridge|Date: 3/4/2023|From: a b|-----|# Heading|Read more: That
    https://courier.example/a|Some information for this report came from Reuters.|a \\$5 [dead](#) link|    indented
    """.replace("\n", "|").split("|")
).map(str.strip)
SENTENCES = st.lists(LINES, min_size=1, max_size=12)


@given(SENTENCES.map("\n".join) | SENTENCES.map("\n\n".join) | SENTENCES.map(" ".join))
@example("By Jana Moor\n\nBy Piet Moor\n\nA b")
def test_no_word_vanishes_unrecorded(said: str) -> None:
    """Whatever lines come together in whatever order, each word of them is in the draft, and no text is made up."""
    made = text.read(Capture(data=said.encode(), name="a.txt", at=NOW), REGISTER)
    if isinstance(made, Finding):
        assert not said.strip()
        return
    draft = sort(made)
    shown = re.sub(r"\]\([^)]*\)", "]", said)  # where links lead is no word
    assert set(words(re.sub(r"(?m)^\s*1\. ", "", shown))) <= set(words(everything(draft)))
    assert not Counter(words(plain(draft))) - Counter(words(said))


@given(SENTENCES)
def test_sorting_again_changes_nothing(said: list[str]) -> None:
    """What has been sorted is in order, and every line of a draft is in what comes of it."""
    draft = Draft(blocks=tuple(filter(None, (markdown_of(line) for line in said))))
    once = lines.sort(draft, REGISTER, "voa")
    assert lines.sort(once, REGISTER, "voa") == once
    assert set(words(plain(draft))) <= set(words(everything(once)))


def markdown_of(line: str) -> str:
    """A line as a paragraph."""
    from broadsheet.importing.markup import escape

    return escape(line)


@given(st.text(max_size=200) | st.binary(max_size=200))
@example("\x00\x01\x02")
@example(b"\xff\xfeA\x00")
@example("[" * 150)
@example("-\n- \n--\n> \n>")
def test_any_bytes_are_a_draft_or_a_finding(data: str | bytes) -> None:
    """Nothing that comes in provokes an exception, and no draft has an empty block."""
    data = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    made = text.read(Capture(data=data, name="a.txt", at=NOW), REGISTER)
    assert isinstance(made, Draft) or made.rule in ("import/not-text", "import/empty")
    if isinstance(made, Draft):
        assert all(block.strip() for block in sort(made).blocks)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings(encoding: str) -> None:
    """By byte order mark or by what it is; what had to be guessed is a doubt."""
    said = (
        "Die Brücke bleibt zu – für zwei Jahre\n\nVon Jana Moor\n\nDas beschloss der Rat am Abend, mit „großer“ Mühe."
    )
    draft = read(said.encode(encoding))
    assert draft.title
    assert draft.title.value == "Die Brücke bleibt zu – für zwei Jahre"
    assert draft.blocks == ("Das beschloss der Rat am Abend, mit „großer“ Mühe.",)
    assert bool(draft.doubts) == (encoding == "cp1252")


@pytest.mark.parametrize(
    ("data", "rule"), [(b"", "empty"), (b" \n\xef\xbb\xbf", "empty"), (bytes(range(30)), "not-text")]
)
def test_what_is_no_text(data: bytes, rule: str) -> None:
    """Is refused with a reason."""
    made = text.read(Capture(data=data, name="a.txt", at=NOW), REGISTER)
    assert isinstance(made, Finding)
    assert made.rule == f"import/{rule}"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Jana Moor", ("Jana Moor",)),
        ("By JANA MOOR and Piet van der Velde, Associated Press", ("JANA MOOR", "Piet van der Velde")),
        ("Written by D. J. O'Brien on December 28, 2023", ("D. J. O'Brien",)),
        ("by Jana Moor | Dec. 28, 2023 | 9 a.m.", ("Jana Moor",)),
        ("Von Jana Moor, Linde", ("Jana Moor", "Linde")),  # a place cannot be told from a name
        ("Par Jeanne Moreau-Lind pour le Courrier", None),
        ("By Wednesday the river had risen", None),
        ("By the river", None),
        ("By 2030 it will be gone", None),
        ("Standby Jana Moor", None),
    ],
)
def test_bylines(line: str, names: tuple[str, ...] | None) -> None:
    """A byline is a line that says who wrote the text, and nothing that only begins like one."""
    byline = bylines.byline(line)
    assert (byline.names if byline else None) == names


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("Dec. 28, 2023", "2023-12-28"),
        ("Thursday, December 28th 2023 at 9:15 a.m. EST", "2023-12-28"),
        ("28 December 2023", "2023-12-28"),
        ("28. Dezember 2023", "2023-12-28"),
        ("1er août 2023", "2023-08-01"),
        ("28 de diciembre de 2023", "2023-12-28"),
        ("28.12.2023, 9.15 Uhr", "2023-12-28"),
        ("12/28/2023", "2023-12-28"),
        ("28/12/2023", "2023-12-28"),
        ("03/04/2023", None),
        ("February 30, 2023", None),
        ("2023-12-28T09:15:00-05:00", "2023-12-28T09:15:00-05:00"),
        ("Thu, 28 Dec 2023 07:15:00 +0100", "2023-12-28T07:15:00+01:00"),
        ("28 December", None),
    ],
)
def test_dates(said: str, known: str | None) -> None:
    """As newspapers print them; one without its year, or that can be read in two ways, is none."""
    assert dates.dated(said) == known


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Some information for this report came from Reuters.", Kind.CREDIT),
        ("© 2023 The Courier. Subscribe now.", Kind.CREDIT),
        ("Originally published by ProPublica.", Kind.CREDIT),
        ("AP Images", Kind.PICTURE),
        ("P. Maler/Getty Images", Kind.PICTURE),
        ("Photo: P. Maler", Kind.PICTURE),
        ("Reuters", Kind.CREDIT),
        ("(Reporting by Jana Moor; Editing by Piet Velde)", Kind.CREDIT),
        ("This story first appeared on Grist.", Kind.ROUTE),
        ("Sign up for our newsletter", Kind.BOILERPLATE),
        ("Read more: The ferry returns", Kind.BOILERPLATE),
        ("Share on Facebook", Kind.BOILERPLATE),
        ("Advertisement", Kind.BOILERPLATE),
        ("Subscribe to the paper if you can, the mayor said.", None),
        ("Share prices fell on Monday.", None),
        ("Facebook on Monday closed its office.", None),
        ("Reuters reported that the bridge is closed.", None),
        ("Photographs of the bridge were found.", None),
        ("Copyrighted songs are sung there.", None),
        ("Related costs rose.", None),
        ("Comments by the mayor drew anger.", None),
        ("Home prices rose.", None),
    ],
)
def test_what_a_line_is(line: str, kind: Kind | None) -> None:
    """A credit is a credit even where it offers something too; a sentence is none of this."""
    found = lines.furniture(line, REGISTER)
    assert (found.kinds if found else None) == ({kind} if kind else None)


def test_a_line_within_the_text_stays() -> None:
    """Only the ends are looked at: between two paragraphs, `Subscribe` is the author's word."""
    within = ("The council met at eight.", "Subscribe", "AP Images", "Then it went home.")
    assert lines.sort(Draft(blocks=("Share this", *within, "Subscribe")), REGISTER, None).blocks == within


def test_what_a_publisher_always_says_goes_wherever_it_stands() -> None:
    """The register knows it; of anybody else it stays."""
    draft = Draft(blocks=("It met.", "What's Included?", "It went home."))
    assert lines.sort(draft, REGISTER, "the-new-american").blocks == ("It met.", "It went home.")
    assert lines.sort(draft, REGISTER, "voa").blocks == draft.blocks


@pytest.mark.parametrize(
    ("draft", "given", "publisher"),
    [
        (Draft(), "voa", "voa"),
        (Draft(), "Voice of America", "voa"),
        (Draft(), "The Linde Courier", "The Linde Courier"),
        (Draft(url=Fact("https://learningenglish.voanews.com/a/1.html", "x")), None, "voa"),
        (Draft(url=Fact("https://courier.example/1", "x"), site=Fact("Grist", "x")), None, None),
        (Draft(site=Fact("ProPublica", "x")), None, "propublica"),
        (Draft(authors=Fact(("VOA News",), "x")), None, "voa"),
        (Draft(blocks=("It met.", "Originally published by Grist.")), None, "grist"),
        (Draft(blocks=("It met.", "Copyright 2023 The Associated Press.")), None, "ap"),
        (Draft(blocks=("Grist reported it first.", "Voice of America, too.", "It met.")), None, None),
        (Draft(blocks=("It met.", "Originally published by Grist.", "It went.")), None, None),
        (Draft(blocks=("It met.", "What's Included?")), None, None),
    ],
)
def test_whose_it_is(draft: Draft, given: str | None, publisher: str | None) -> None:
    """By what the curator says, by its address, by what it says of itself; never by a name in the text."""
    found = source.recognise(draft, REGISTER, given)
    assert (found.value if found else None) == publisher


def test_paragraphs_are_set_as_news_sets_them() -> None:
    """A sentence or two each; a quotation is not divided, a second sentence that leans on the first stays with it."""
    said = (
        "The U.S. council met. It decided. It went home. “We waited. For long,” said Mr. A. Moor. The mayor slept. "
        '"Never," he said. "Not once." It rained.'
    )
    assert paragraphs.restored(said) == [
        "The U.S. council met. It decided.",
        "It went home.",
        "“We waited. For long,” said Mr. A. Moor.",
        "The mayor slept.",
        '"Never," he said. "Not once."',
        "It rained.",
    ]


@given(st.text(st.sampled_from("aB .?!\"“”«»…)1'’"), max_size=200))
def test_restoring_paragraphs_changes_only_white_space(said: str) -> None:
    """Joined again, they are the text."""
    said = " ".join(said.split())
    assert " ".join(paragraphs.restored(said)) == said


PATHOLOGICAL = {
    "letters": "a" * 262_144,
    "capitals": "By " + "A. " * 80_000,
    "brackets": "[" * 262_144,
    "links": "[a](#" * 50_000,
    "quotations": "“a. " * 60_000,
    "straight quotations": '"A b. ' * 43_000,
    "sentences": "He said. " * 29_000,
    "lines": "a\n" * 130_000,
    "paragraphs": "a\n\n" * 87_000,
    "dates": "Dec. 28, 2023 " * 18_000,
    "headers": "Title: a\n" * 29_000,
    "commas": "By A, " + "B, " * 87_000,
    "spaces": "a" + " " * 262_000 + "b",
    "hashes": "# " * 131_000,
    "stars": "**a" * 87_000,
    "credits": "Reuters\n\n" * 29_000,
    "copyright": "© 2023 " * 37_000,
    "markdown": "# a\n\n" + "*a_`[" * 50_000,
    "zeros": "1234567890" * 26_000,
    "bullets": "- a\n" * 65_000,
    "long markdown": "# a\n\n" + "He said that. " * 18_000,
}


@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_a_quarter_of_a_megabyte_of_anything_takes_bounded_time(name: str) -> None:
    """No pattern takes time that grows with the square of the text."""
    start = time.process_time()
    made = text.read(Capture(data=PATHOLOGICAL[name][:262_144].encode(), name="a.txt", at=NOW), REGISTER)
    assert isinstance(made, Draft)
    sort(made)
    assert time.process_time() - start < 8
