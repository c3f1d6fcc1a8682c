"""Duplicates and stories: what is seen among a site's articles, case by case, and what holds for all of them.

Each file of `tests/duplicates` has articles, all of our own invention, and what is expected of them:

    near 84 %: ONE, OTHER           the share of words that the one with the greater share has from the other
    the same address: ONE, OTHER
    story SLUG: ONE, OTHER          a story that is there
    proposed SLUG: ONE, OTHER       what the machine proposes
"""

from __future__ import annotations

import json
import re
import sys
import time
from datetime import UTC, date, datetime
from functools import cache
from itertools import product
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from broadsheet import fingerprint, words
from broadsheet.cli import main
from broadsheet.importing.draft import Draft, Fact
from broadsheet.importing.known import articles
from broadsheet.importing.known.duplicates import near, pairs, same
from broadsheet.importing.known.shelf import MOST_SHARING, Known, Shelf, of_draft, seen, with_words
from broadsheet.importing.known.stories import DAYS, alike, groups, propose
from broadsheet.model import Kind
from broadsheet.reading import markdown
from tests.making import ARTICLE, Site, matter

CASES = sorted((Path(__file__).parent / "duplicates").glob("*.txt"))
SAMPLE = Path(__file__).parent.parent
AT = datetime(2024, 12, 1, tzinfo=UTC)


@cache
def sections(case: Path) -> dict[str, str]:
    """The parts of a case by their names."""
    parts = re.split(r"^## (.+)\n", case.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {name: text.strip() for name, text in zip(parts[1::2], parts[2::2], strict=True)}


def write(site: Site, case: Path) -> None:
    """The articles of a case, as files."""
    for name, section in sections(case).items():
        if name == "expected":
            continue
        head, _, text = section.partition("\n\n")
        given = dict(line.split(": ", 1) for line in head.splitlines())
        origin = {"publisher": given["publisher"], "url": given.get("url", "unknown"), "published": given["published"]}
        retrieved = {"at": "2024-12-01", "sha256": words.sha256(text), "words": words.count_words(text)}
        fields = {"title": given["title"], "date": "2024-12-01", "kind": "full", "story": given.get("story")}
        front = matter({**fields, "language": given.get("language"), "origin": origin, "retrieved": retrieved})
        site.write(f"content/articles/{name}.md", f"{front}{text}\n")


def invented() -> list[Known]:
    """All articles of all cases."""
    found = []
    for case in CASES:
        for name, section in sections(case).items():
            if name != "expected":
                head, _, text = section.partition("\n\n")
                given = dict(line.split(": ", 1) for line in head.splitlines())
                draft = Draft(
                    title=Fact(given["title"], ""),
                    publisher=Fact(given["publisher"], ""),
                    published=Fact(given["published"], ""),
                    url=Fact(given["url"], "") if "url" in given else None,
                )
                item = with_words(of_draft(draft, words.sha256(text), words.count_words(text), AT), text)
                found.append(replace(item, path=f"{case.stem}/{name}", story=given.get("story", "")))
    return found


ARTICLES = invented()


def listed(capsys: pytest.CaptureFixture[str], site: Site, what: str, code: int = 0) -> list[dict[str, object]]:
    """What `list` prints for machines."""
    assert main(["list", what, "--source", str(site.root), "--format", "json"]) == code
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    return found


def name(facts: dict[str, str]) -> str:
    return PurePosixPath(facts["path"]).stem


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_case(case: Path, site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    write(site, case)
    seen = []
    for pair in listed(capsys, site, "duplicates"):
        both = f"{name(pair['first'])}, {name(pair['second'])}"
        if pair["same"]:
            seen.append(f"{pair['same']}: {both}")
        elif share := max(pair["share_of_first"], pair["share_of_second"]):
            seen.append(f"near {share * 100:.0f} %: {both}")
    for story in listed(capsys, site, "stories"):
        for what, members in (("story", story["members"]), ("proposed", story["proposed"])):
            if members:
                seen.append(f"{what} {story['story']}: {', '.join(map(name, members))}")
    assert seen == sections(case)["expected"].splitlines()


def test_the_two_articles_of_the_sample_are_one_story() -> None:
    """One whole and one an excerpt of another outlet, on the 27th and the 28th: what the curator grouped by hand."""
    there = articles.read(SAMPLE, lambda *_: None)
    stories = groups(there)
    assert [(story.slug, story.is_new, len(story.members), story.proposed) for story in stories] == [
        ("border-talks-2023-12", False, 2, ())
    ]
    first, second = (replace(item, story="") for item in there)
    (proposed,) = groups(Shelf([first, second]))
    assert (proposed.slug, [a.item for a in proposed.proposed]) == ("us-mexico-border-2023-12", [first, second])
    assert not pairs(there)


def test_an_item_is_told_what_the_site_has() -> None:
    """By address first, whatever the text; a story that is there rather than a new one."""
    there = Shelf(ARTICLES)
    courier = there.get("a-wire-story-in-two-outlets/courier")
    item = replace(courier, path="", title="Another headline", sha256="f" * 64)
    match = same(item, there)
    assert (match.known, match.reason) == (courier, "the same address")
    found = near(item, there)
    assert [n.known for n in found] == [courier, there.get("a-wire-story-in-two-outlets/mail")]
    assert found[0].reason("it", "courier.md") == "all or nearly all of the words of it also stand in courier.md"
    second = replace(there.get("one-more-for-a-story/second"), path="")
    assert propose(second, there).slug == "tarn-strike"
    assert propose(replace(second, story="walk-out"), there) is None


def test_an_article_that_is_taken_in_again_is_not_its_own_duplicate() -> None:
    there = Shelf(ARTICLES)
    for item in ARTICLES:
        assert item not in [match.known for match in (same(item, there),) if match]
        assert item not in [n.known for n in near(item, there)]
        assert item not in [a.known for a in alike(item, there)]


@settings(max_examples=30)
@given(st.permutations(ARTICLES))
def test_order_makes_no_difference(articles: list[Known]) -> None:
    there, again = Shelf(ARTICLES), Shelf(articles)
    assert pairs(there) == pairs(again)
    assert groups(there) == groups(again)


def test_the_first_question_is_answered_as_the_hundredth() -> None:
    """Few are answered by looking through all texts, more by an index, which follows what is added and replaced."""
    asked = Shelf(ARTICLES)
    for item in ARTICLES * (100 // len(ARTICLES) + 1):
        near(item, asked)
    shorter = replace(ARTICLES[0], runs=ARTICLES[0].runs[::2])
    asked.add(shorter)
    for item in ARTICLES:
        assert near(item, asked) == near(item, Shelf([shorter, *ARTICLES[1:]]))


@given(st.sampled_from(ARTICLES), st.sampled_from(ARTICLES))
def test_likeness_goes_both_ways(one: Known, other: Known) -> None:
    there = Shelf(ARTICLES)
    forth = {n.known.path: (n.of_item, n.of_known) for n in near(one, there)}
    back = {n.known.path: (n.of_known, n.of_item) for n in near(other, there)}
    assert forth.get(other.path) == back.get(one.path)
    assert {a.known.path: a.strength for a in alike(one, there)}.get(other.path) == {
        a.known.path: a.strength for a in alike(other, there)
    }.get(one.path)


@settings(max_examples=30)
@given(st.lists(st.sampled_from(ARTICLES), max_size=40))
def test_an_item_put_in_its_own_place_changes_nothing(again: list[Known]) -> None:
    """What was imported with `--update` is counted once."""
    there, once = Shelf([*ARTICLES, *again]), Shelf(ARTICLES)
    assert len(there) == len(once)
    assert (pairs(there), groups(there)) == (pairs(once), groups(once))
    terms = {term for item in ARTICLES for term in item.terms}
    assert all(there.weight(term) == once.weight(term) for term in terms)


def test_what_was_replaced_is_found_no_more() -> None:
    there = Shelf(ARTICLES)
    courier = there.get("a-wire-story-in-two-outlets/courier")
    there.add(Known(path=courier.path, title="Moved", publisher="", url="", published=None, date=AT))
    mail = there.get("a-wire-story-in-two-outlets/mail")
    assert (near(mail, there), alike(mail, there), there.at(courier.url)) == ((), (), ())


def test_stories_are_told_within_days() -> None:
    there = {item.path: item for item in ARTICLES}
    first, second = there["one-event-in-other-words/gazette"], there["one-event-in-other-words/radio"]
    for days, is_alike in ((DAYS, True), (DAYS + 1, False), (-DAYS, True), (-DAYS - 1, False)):
        day = date.fromordinal(first.published.toordinal() + days)
        assert bool(alike(replace(second, published=day), Shelf([first]))) is is_alike


def test_what_a_template_writes_is_no_duplicate() -> None:
    """A forecast for each of many places, of which two lines in twenty differ; two of them alone would be."""
    forecast = ARTICLES[0]
    many = [replace(forecast, path=str(n), url="", sha256="", title=f"Forecast {n}") for n in range(MOST_SHARING + 1)]
    assert pairs(Shelf(many)) == ()
    assert len(pairs(Shelf(many[:2]))) == 1


def test_a_flood_of_one_headline_is_quick() -> None:
    """Two thousand items of a feed with one headline, on one day: not every one is compared with every other."""
    there = Shelf(replace(ARTICLES[0], path=str(n), url="", sha256="", publisher=str(n)) for n in range(2000))
    assert groups(there) == ()
    assert propose(replace(ARTICLES[0], path="", publisher="x"), there) is None


def test_a_headline_without_end_is_compared_by_its_beginning() -> None:
    """Else each of its words would be compared with each of the other's, for each of two hundred others."""
    endless = " ".join(f"abc{'xyz'[n % 3]}{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(600))
    item = replace(ARTICLES[0], title=endless, publisher="x", url="", sha256="")
    there = Shelf(replace(item, path=str(n), publisher=str(n)) for n in range(60))
    started = time.process_time()
    assert len(alike(replace(item, path=""), there)) == 60
    assert time.process_time() - started < 10


def test_stories_of_one_name_are_told_apart() -> None:
    """A name that is taken gets a number."""
    gazette, radio = (i for i in ARTICLES if i.path.startswith("one-event-in-other-words/") and "late" not in i.path)
    named = replace(ARTICLES[0], story="velden-close-lindt-bridge-2024-05")
    assert propose(replace(radio, path=""), Shelf([gazette, named])).slug.endswith("-2024-05-2")


def test_the_words_of_markdown_are_those_that_its_readers_see() -> None:
    text = """# A *heading*

A [link](https://a.example/one(two)?q=three "four") and ![a picture](pic.png), **bold**, and [a reference][ref] \\$200.

> quoted – words

[ref]: https://c.example/five
"""
    shown = markdown.text_of(markdown.read(text))
    assert fingerprint.normalised(seen(text)) == fingerprint.normalised(shown)
    assert fingerprint.normalised(seen("a note[^1] at <https://b.example/x>")) == ["a", "note", "at"]


def test_hostile_markdown_is_seen_in_time_that_grows_with_its_length() -> None:
    for sign, length in product(("](", "](a", "](a(", "<https://", "[^", "[a]: ", '](a "', "\n[", "[a]:"), (200_000,)):
        started = time.process_time()
        seen(sign * (length // len(sign)))
        assert time.process_time() - started < 2


def test_a_withdrawn_article_is_known_by_its_address_and_its_text(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is not taken in again unawares, and tells no story."""
    site.article("gone", body="", withdrawn={"date": "2024-03-05", "reason": "The publisher asked."})
    site.article("back", date="2024-03-09T00:00:00Z", title="A river rises", body="Water stood in the lower town.")
    (pair,) = listed(capsys, site, "duplicates")
    assert (pair["same"], name(pair["first"])) == ("the same address", "gone")
    assert "withdrawn" in pair["next"]
    assert listed(capsys, site, "stories") == []


def test_an_excerpt_is_known_by_its_fingerprint(site: Site) -> None:
    """Of the original nothing else is at hand; nor has an excerpt's own text anything to do with it."""
    text = sections(next(case for case in CASES if case.stem == "texts"))["here"]
    stored = fingerprint.fingerprint(text)
    retrieved = {**ARTICLE["retrieved"], "sha256": stored.sha256, "words": stored.words}
    path = site.article(
        "excerpt", kind="excerpt", body="> Nobody was badly hurt.\n\nOur own words.", retrieved=retrieved
    )
    site.write(path.replace(".md", ".fingerprint"), fingerprint.dump(stored))
    (item,) = articles.read(site.root, lambda *_: None)
    assert set(item.runs) == {int(run, 16) for run in stored.runs}
    assert (item.sha256, item.words, item.kind) == (stored.sha256, stored.words, Kind.EXCERPT)


def test_what_cannot_be_read_is_named_and_left_out(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.article("good")
    site.write("content/articles/no-front-matter.md", "words")
    site.write("content/articles/bad-field.md", "---\ntitle: x\nkind: half\n---\n\nwords\n")
    site.write("content/articles/2024/03/good.fingerprint", "[]")
    assert main(["list", "duplicates", "--source", str(site.root)]) == 1
    printed = capsys.readouterr()
    assert printed.out == "0 pairs of duplicates among 1 article\n"  # its address is known, whatever lies beside it
    for file in ("no-front-matter.md", "bad-field.md", "good.fingerprint"):
        assert f"{file}:" in printed.err


def test_what_is_printed_says_what_to_do_next(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    write(site, next(case for case in CASES if case.stem == "a-wire-story-in-two-outlets"))
    assert main(["list", "duplicates", "--source", str(site.root)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "2024-03-04  The Norrvik Courier   content/articles/courier.md",
        "2024-03-04  The Eastern Mail      content/articles/mail.md",
        "  about 69 % or more of the words of the second also stand in the first",
        "  Keep one of them, or give both the same 'story:'.",
        "",
        "1 pair of duplicates among 2 articles",
    ]
    assert main(["list", "stories", "--source", str(site.root)]) == 0
    printed = capsys.readouterr().out
    assert "ferry-runs-aground-norrvik-2024-03  (proposed)" in printed
    assert "set 'story: ferry-runs-aground-norrvik-2024-03' in content/articles/courier.md, content/" in printed
    assert printed.endswith("0 stories, 1 proposed\n")


def test_without_its_library_the_verb_says_how_to_get_it(
    site: Site, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    site.article()
    monkeypatch.setitem(sys.modules, "rapidfuzz", None)
    assert main(["list", "stories", "--source", str(site.root)]) == 2
    assert "pip install -r requirements-import.txt" in capsys.readouterr().err
