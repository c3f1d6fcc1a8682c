"""Content files as editors and systems leave them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.fields import UNKNOWN
from broadsheet.model import Article, Page
from broadsheet.problem import Problem
from broadsheet.reading import article as reading
from broadsheet.reading.article import read_article, read_page
from broadsheet.words import scrub
from tests.making import ARTICLE, matter

PATH = "content/articles/2024/03/River News.md"
GOOD = (matter(ARTICLE) + "Some words.\n").encode()


def read(data: bytes) -> Article:
    """The article in a file that has no problem."""
    article = read_article(PATH, data)
    assert isinstance(article, Article), article
    return article


def problem(data: bytes) -> Problem:
    """The one problem of a file."""
    problems = read_article(PATH, data)
    assert isinstance(problems, tuple)
    assert len(problems) == 1, problems
    return problems[0]


def test_an_article_is_read_into_typed_records() -> None:
    """Dates are aware, lists are tuples, the slug comes from the file's name."""
    article = read(GOOD)
    assert article.slug == "river-news"
    assert article.date.isoformat() == "2024-03-02T08:00:00+00:00"
    assert article.matter.topics == ("Weather",)
    assert article.matter.origin is not None
    assert article.matter.origin.url == "https://www.voanews.com/a/river.html"
    assert article.body.line == GOOD.decode().split("Some words")[0].count("\n")


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + GOOD,
        GOOD.replace(b"\n", b"\r\n"),
        GOOD.replace(b"\n", b"\r"),
        b"\n \n\n" + GOOD,
        GOOD.rstrip(b"\n"),
        GOOD.replace(b"\n---\n\nSome", b"\n...\n\nSome"),
        GOOD.replace(b"---\n", b"---  \n", 1),
        GOOD.replace(b"Some words", b"Some\x07\x08 words"),
    ],
    ids=["BOM", "CRLF", "CR", "blank lines", "no final newline", "dots", "spaces", "control characters"],
)
def test_what_editors_do_does_no_harm(data: bytes) -> None:
    """Byte order marks, line ends, blank lines in front and stray control characters change nothing."""
    article, plain = read(data), read(GOOD)
    assert article.matter == plain.matter
    assert article.body.html == plain.body.html


@pytest.mark.parametrize(
    ("data", "rule", "line", "column"),
    [
        (b"", "file/no-front-matter", 1, 1),
        (b"Only text.\n", "file/no-front-matter", 1, 1),
        (b"\n\nOnly text.\n", "file/no-front-matter", 3, 1),
        (b"\n---\ntitle: x\n", "file/front-matter-open", 2, 1),
        (GOOD.replace(b"Some", b"\n\xe9"), "file/not-utf-8", GOOD.count(b"\n") + 1, 1),
        (GOOD.decode().encode("utf-16"), "file/not-utf-8", 1, 1),
        (GOOD + b"x" * 262_144, "file/too-large", 1, 1),
        (b"---\n- a\n---\nx\n", "article/wrong-type", 2, 1),
        (b"---\n---\nx\n", "article/wrong-type", 2, 1),
    ],
    ids=["empty", "text", "text below", "open", "latin-1", "utf-16", "large", "list", "nothing"],
)
def test_what_cannot_be_read_has_a_place(data: bytes, rule: str, line: int, column: int) -> None:
    """Each such file has one problem, on the line of the fault."""
    found = problem(data)
    assert (found.rule, found.line, found.column) == (rule, line, column)


def test_all_problems_of_a_file_are_found() -> None:
    """Not only the first: each with its line, its column and what was probably meant."""
    text = (
        "---\ntitel: x\ndate: 2024-02-30\nkind: fulll\ntopics: one\norigin: {publisher: [], authors: [a, {}]}\n"
        "draft: maybe\nlicence:\n  - x\n---\nx\n"
    )
    problems = read_article(PATH, text.encode())
    assert isinstance(problems, tuple)
    assert [(p.line, p.column, p.rule) for p in sorted(problems)] == [
        (2, 1, "article/missing-key"),
        (2, 1, "article/unknown-key"),
        (3, 7, "article/bad-value"),
        (4, 7, "article/bad-value"),
        (5, 9, "article/wrong-type"),
        (6, 21, "article/wrong-type"),
        (6, 38, "article/wrong-type"),
        (7, 8, "article/bad-value"),
        (9, 3, "article/wrong-type"),
    ]
    texts = "\n".join(map(str, problems))
    assert "Did you mean 'title'?" in texts
    assert "Did you mean 'full'?" in texts
    assert "which no calendar has" in texts


def test_unknown_is_said_and_is_not_absent() -> None:
    """The word `unknown` is kept apart from a key that is not there."""
    origin = {**ARTICLE["origin"], "url": "unknown", "published": "unknown"}  # type: ignore[dict-item]
    stated = read((matter({**ARTICLE, "origin": origin}) + "x\n").encode()).matter.origin
    assert stated is not None
    assert (stated.url, stated.published) == (UNKNOWN, UNKNOWN)
    absent = read((matter({**ARTICLE, "origin": {"publisher": "voa"}}) + "x\n").encode()).matter.origin
    assert absent is not None
    assert (absent.url, absent.published) == (None, None)


def test_the_original_s_date_is_the_one_that_was_printed() -> None:
    """An instant keeps its offset, so that its day is the publisher's day; the digest's own date is UTC."""
    origin = {**ARTICLE["origin"], "published": "2024-03-01T23:30:00-05:00"}  # type: ignore[dict-item]
    article = read((matter({**ARTICLE, "origin": origin, "date": "2024-03-01T23:30:00-05:00"}) + "x\n").encode())
    assert article.matter.origin is not None
    assert str(article.matter.origin.published) == "2024-03-01 23:30:00-05:00"
    assert str(article.date) == "2024-03-02 04:30:00+00:00"


def test_a_page_is_read() -> None:
    """A page has a title and a text, and none of an article's keys."""
    page = read_page("content/pages/About us.md", b"---\ntitle: About\n---\nWe.\n")
    assert isinstance(page, Page)
    assert page.slug == "about-us"
    problems = read_page("content/pages/x.md", b"---\ntitle: About\nkind: own\n---\nWe.\n")
    assert isinstance(problems, tuple)
    assert [p.rule for p in problems] == ["page/unknown-key"]


@given(
    st.binary()
    | st.text().map(str.encode)
    | st.text("\n-.: []{}ab#'\"", max_size=80).map(lambda t: f"---\n{t}".encode())
)
def test_reading_never_raises(data: bytes) -> None:
    """Any bytes are an article or problems, each of which lies inside the file."""
    for read_file in (read_article, read_page):
        thing = read_file(PATH, data)
        if isinstance(thing, tuple):
            assert thing
            lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
            assert all(1 <= p.line <= lines + 1 and p.column >= 1 for p in thing)
        else:
            assert Path(thing.slug).name == thing.slug


@given(st.text() | st.text("a\r\n\t\x07\x7f\x80\x85\xa0é\ud7ff\ufdcf\ufdd0\ufdef\ufdf0\ufffd\ufffe\uffff\U0001ffff“"))
def test_a_file_is_read_as_its_scrubbed_text_is(text: str) -> None:
    """What is left unscrubbed had nothing to scrub."""
    data = (matter(ARTICLE) + "Words " + text.replace("\0", "")).encode(errors="ignore")
    raw, scrubbed = read(data), read(scrub(data.decode()).encode())
    assert (raw.matter, raw.body) == (scrubbed.matter, scrubbed.body)


@given(st.text(max_size=300), st.sampled_from(["title", "summary", "licence", "slug", "date", "story", "language"]))
def test_any_text_in_a_field_is_read_or_refused(text: str, field: str) -> None:
    """A field's text is read, or its problem is on the field's line."""
    fields = {**ARTICLE, field: text}
    thing = read_article(PATH, (matter(fields) + "x\n").encode(errors="surrogatepass").decode(errors="ignore").encode())
    line = list(fields).index(field) + 2
    if isinstance(thing, tuple):
        assert {p.line for p in thing} <= {line, 2, 3}


@given(st.lists(st.text("a.é", min_size=1, max_size=4), min_size=1))
def test_a_files_name_is_cut_before_its_ending(names: list[str]) -> None:
    """Also one of dots, and in folders with dots: pathlib of Python 3.14 cuts some otherwise than that of 3.11."""
    assert reading._stem("/".join(names) + ".md") == names[-1]
