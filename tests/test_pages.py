"""Web pages: each case in tests/pages/ is a page of our own invention and what is to be read out of it.

Write a case anew with `BROADSHEET_REFRESH=1 python -m pytest tests/test_pages.py`, and read the difference.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import to_builtins

from broadsheet import url
from broadsheet.importing.capture import Capture
from broadsheet.importing.draft import Draft
from broadsheet.importing.page import body, byline, date, document, licence, linked_data, read
from broadsheet.importing.page.title import without_site
from broadsheet.problem import Finding
from broadsheet.reading import markdown
from broadsheet.words import scrub

CASES = sorted((Path(__file__).parent / "pages").glob("*.html"))
AT = datetime(2024, 4, 1, tzinfo=UTC)
BODY = "<p>Words of an article that nobody ever wrote about a harbour that nobody ever saw from a boat.</p>" * 8
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "java\nscript:alert(1)",
    "https://user:secret@host.example/",
    "//host.example/x",
    "\u202egnp.exe",
    "\ud800 lone",
    "nul\0 \x1b[31m escape \ufffe",
    "&lt;svg onload=alert(1)&gt;",
    "</title></script><iframe src=javascript:alert(1)>",
    "{{7*7}} ${7*7} <%= 7*7 %>",
    "[x](javascript:alert(1)) ![y](data:text/html,z)",
    "http://[::1",
    "a" * 5000,
    "'; DROP TABLE articles; --",
)


def capture(html: str | bytes, **known: Any) -> Capture:
    """A page as it was fetched."""
    data = html if isinstance(html, bytes) else html.encode("utf-8", "surrogatepass")
    return Capture(data=data, name="page.html", at=AT, **known)


def page(head: str = "", body: str = "", url: str | None = None) -> Draft:
    """The draft of a page with a text."""
    draft = read(capture(f"<html><head>{head}</head><body><article>{body}{BODY}</article></body></html>", url=url))
    assert isinstance(draft, Draft)
    return draft


def data(draft: Draft) -> dict[str, Any]:
    """A draft as plain data, without what it has nothing to say of."""
    said = json.loads(json.dumps(to_builtins(draft)))
    return {name: value for name, value in said.items() if value not in (None, [], "")}


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_a_page_is_read_as_its_case_says(case: Path) -> None:
    address = "https://gull.example/" if case.stem == "agreement" else None
    draft = read(capture(case.read_bytes(), url=address))
    assert isinstance(draft, Draft)
    golden = case.with_suffix(".json")
    if os.environ.get("BROADSHEET_REFRESH"):
        golden.write_text(json.dumps(data(draft), indent=2, ensure_ascii=False) + "\n")
    assert data(draft) == json.loads(golden.read_text())


@pytest.mark.parametrize(
    ("html", "rule"),
    [
        (b"", "import/no-article"),
        (b"<html><body></body></html>", "import/no-article"),
        (b"<div>" * 600 + b"deep", "import/too-deep"),
        (b"<div>" * 100_000 + b"deep", "import/too-deep"),
        (b" " * (document.MAX_BYTES + 1), "import/too-large"),
        (b"<title>Sign in</title><h1>Sign in</h1><p>Please sign in to go on reading.</p>", "import/no-article"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(html: bytes, rule: str) -> None:
    found = read(capture(html))
    assert isinstance(found, Finding)
    assert found.rule == rule


@pytest.mark.parametrize("depth", [300, 450])
def test_a_deep_page_is_read_to_its_end(depth: int) -> None:
    draft = read(capture(f"<html><body>{'<div>' * depth}{BODY}{'</div>' * depth}</body></html>"))
    assert isinstance(draft, Draft)
    assert sum(block.count("nobody ever wrote") for block in draft.blocks) == 8


@pytest.mark.parametrize(
    ("data", "charset", "text", "doubts"),
    [
        ("Möwe".encode(), "", "Möwe", 0),
        ("\ufeffMöwe".encode("utf-16-le"), "iso-8859-1", "Möwe", 0),
        ("Möwe €".encode("cp1252"), "ISO-8859-1", "Möwe €", 0),
        (b'<meta charset="windows-1251">' + "Чайка".encode("cp1251"), "", '<meta charset="windows-1251">Чайка', 0),
        (b'<meta charset="latin1">' + "Möwe".encode(), "", '<meta charset="latin1">Möwe', 1),
        ("カモメ".encode("iso2022_jp"), "iso-2022-jp", "カモメ", 0),
        (
            "Die Möwe zögerte, müde über dem Hafen. ".encode("cp1252") * 9,
            "",
            "Die Möwe zögerte, müde über dem Hafen. " * 9,
            1,
        ),
        (b"M\xc3\xb6we" * 100 + b"\xff", "", "Möwe" * 100 + "\ufffd", 1),
    ],
)
def test_characters_are_what_mark_server_and_page_say(data: bytes, charset: str, text: str, doubts: int) -> None:
    decoded, found = document.decode(data, charset)
    assert decoded == text
    assert len(found) == doubts


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ada Fenwick", ("Ada Fenwick",)),
        ("Von Ada Muster und Bo Beispiel | 1. Mai", ("Ada Muster", "Bo Beispiel")),
        ("Posted by gull77 on March 3, 2024", ("gull77",)),
        ("Text: Ludwig van der Meer", ("Ludwig van der Meer",)),
        ("Senior Reporter Ada Fenwick, Bo Ash & Cy Dell", ("Ada Fenwick", "Bo Ash", "Cy Dell")),
        ("Eine Kolumne von Ada Muster", ("Ada Muster",)),
        ("Martin", ("Martin",)),
        ("March", ()),
        ("admin", ()),
        ("https://social.example/ada", ()),
        ("5 March 2024", ()),
        ("Redaktion", ()),
        ("By the time the boats came back, nobody was there", ()),
    ],
)
def test_names_are_told_from_what_stands_about_them(line: str, names: tuple[str, ...]) -> None:
    assert byline.names(line) == names


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("2024-03-05T08:30:00+0100", ["2024-03-05T08:30:00+01:00"]),
        ("2024-03-05T08:30Z", ["2024-03-05T08:30:00Z"]),
        ("2024-03-05 08:30:00", ["2024-03-05"]),
        ("Tue, 05 Mar 2024 08:30:00 GMT", ["2024-03-05T08:30:00+00:00"]),
        ("5. März 2024, 8:30 Uhr", ["2024-03-05"]),
        ("March 5th, 2024", ["2024-03-05"]),
        ("le 5 mars 2024", ["2024-03-05"]),
        ("5 de marzo de 2024", ["2024-03-05"]),
        ("05.03.24", ["2024-03-05"]),
        ("05/03/2024", ["2024-03-05"]),
        ("05/02/2024", ["2024-02-05"]),
        ("01/02/2024", ["2024-02-01", "2024-01-02"]),
        ("2024年3月5日", ["2024-03-05"]),
        ("5 марта 2024", ["2024-03-05"]),
        ("5 مارس 2024", ["2024-03-05"]),
        ("5 במרץ 2024", ["2024-03-05"]),
        ("30 February 2024", []),
        ("5 March 2034", []),
        ("1.2.3.4", []),
    ],
)
def test_dates_are_read_as_people_write_them(written: str, read_as: list[str]) -> None:
    expected = ["2024-02-05"] if written == "05/02/2024" else read_as
    assert list(dict.fromkeys(date.readings(written, AT)))[: len(expected) or None] == expected


@pytest.mark.parametrize(
    ("address", "spdx"),
    [
        ("https://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0"),
        ("http://creativecommons.org/licenses/by-nc-nd/3.0/de/deed.de", "CC-BY-NC-ND-3.0-DE"),
        ("https://creativecommons.org/licenses/by-sa/4.0/deed.fr", "CC-BY-SA-4.0"),
        ("https://i.creativecommons.org/l/by-sa/3.0/88x31.png", "CC-BY-SA-3.0"),
        ("https://creativecommons.org/licenses/by/3.0/ar/", "https://creativecommons.org/licenses/by/3.0/ar/"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("https://creativecommons.org/publicdomain/mark/1.0/", "CC-PDM-1.0"),
        ("https://creativecommons.org/about/", ""),
        ("https://gull.example/licenses/by/4.0/", ""),
    ],
)
def test_a_deed_is_an_spdx_identifier_where_there_is_one(address: str, spdx: str) -> None:
    assert licence.of_address(address) == spdx


@pytest.mark.parametrize(
    ("words", "spdx"),
    [
        ("CC BY-SA 4.0", "CC-BY-SA-4.0"),
        ("(CC-BY-NC)", "CC BY-NC"),
        ("Creative Commons Attribution-NoDerivs 3.0 Unported", "CC-BY-ND-3.0"),
        ("Creative Commons Namensnennung 3.0 Österreich", "CC-BY-3.0-AT"),
        ("CC0", "CC0-1.0"),
        ("creative work by commons", ""),
    ],
)
def test_words_that_name_a_licence_are_understood(words: str, spdx: str) -> None:
    assert licence.of_words(words) == spdx


@pytest.mark.parametrize(
    ("title", "sites", "rest"),
    [
        ("Pier falls | The Gull", ["The Gull"], "Pier falls"),
        ("The Gull: Pier falls", ["The Gull"], "Pier falls"),
        ("Pier falls - Harbour - The Gull", ["The Gull"], "Pier falls - Harbour"),
        ("Pier falls - and rises", ["The Gull"], "Pier falls - and rises"),
        ("The Gull", ["The Gull"], "The Gull"),
    ],
)
def test_a_title_loses_the_site_and_nothing_else(title: str, sites: list[str], rest: str) -> None:
    assert without_site(title, sites) == rest


def test_an_empty_link_links_nothing_that_follows_it() -> None:
    draft = page(body='<h2><a href="https://gull.example/#votes"></a>The votes of the council</h2>')
    assert "](" not in "".join(draft.blocks)


@pytest.mark.parametrize(
    ("blocks", "kept"),
    [
        (("Long words of the article. " * 20, "Read also: [Crane](https://gull.example/)", "On."), (0, 2)),
        (("Long words of the article. " * 20, "## Related", "[Crane](https://gull.example/)", "Short."), (0,)),
        (("Long words of the article. " * 20, "## Related", "[Crane](https://gull.example/)", "© The Gull"), (0, 3)),
        (("Long words of the article. " * 20, "## Related", "More words of it. " * 20), (0, 1, 2)),
        (("Short.", "## Related work", "Words of it.", "And more."), (0, 1, 2, 3)),
        (("Read also what the council said.", "Words."), (0, 1)),
        (("Words.", "Related: nine votes against four, which nobody had thought possible."), (0, 1)),
    ],
)
def test_lines_that_lead_to_other_articles_go_and_no_others(blocks: tuple[str, ...], kept: tuple[int, ...]) -> None:
    left, removed = body.without_leads(blocks)
    assert left == tuple(blocks[n] for n in kept)
    assert sorted([*left, *(one.line for one in removed)]) == sorted(blocks)


def test_an_article_is_chosen_among_several_by_its_address_or_its_title() -> None:
    blocks = "".join(
        f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{name}","url":"https://gull.example/{name}"}}</script>'
        for name in ("crane", "lighthouse", "surveyor")
    )
    assert page(blocks, url="https://gull.example/crane?fbclid=1").title.value == "crane"
    assert page(f"<title>lighthouse</title>{blocks}").title.value == "lighthouse"
    assert page(blocks).title is None


@pytest.mark.parametrize("payload", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_strings_arrive_as_harmless_text(payload: str) -> None:
    quoted = payload.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    metas = "".join(
        f'<meta property="{name}" content="{quoted}">'
        for name in ("og:title", "og:url", "og:site_name", "author", "article:published_time", "dc.rights")
    )
    linked = json.dumps(
        {"@type": "NewsArticle"}
        | dict.fromkeys(("headline", "author", "datePublished", "license", "url", "publisher", "inLanguage"), payload)
    )
    head = (
        f'<title>{quoted}</title><link rel="canonical" href="{quoted}"><link rel="license" href="{quoted}">{metas}'
        f'<script type="application/ld+json">{linked}</script>'
    )
    body = (
        f'<h1>{quoted}</h1><p class="byline">By {quoted}</p><p>{quoted} and <a href="{quoted}">more of it</a>.</p>'
        f'<img src="{quoted}" alt="{quoted}">'
    )
    draft = page(head, body)
    for one in texts(draft):
        assert one == scrub(one)
    for fact in (draft.title, draft.site, draft.language, draft.url):
        assert fact is None or ("\n" not in fact.value and "\u202e" not in fact.value)
    assert draft.url is None or url.is_web_address(draft.url.value)
    assert all(not one.address or url.is_web_address(one.address) for one in draft.left_out)
    assert all(url.is_allowed(link) for block in draft.blocks for link in markdown.read(block).links)


def texts(draft: Draft) -> list[str]:
    """Every string of a draft."""
    found: list[str] = []
    waiting: list[Any] = [*to_builtins(draft).values()]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            found.append(one)
        elif isinstance(one, dict):
            waiting.extend(one.values())
        elif isinstance(one, (list, tuple)):
            waiting.extend(one)
    return found


@settings(max_examples=150, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(
                    ["@type", "@id", "@graph", "author", "headline", "name", "url", "publisher", "mainEntityOfPage"]
                ),
                inner,
            )
        ),
    )
)
def test_no_linked_data_breaks_the_importer(value: Any) -> None:
    script = json.dumps({"@type": "NewsArticle", "author": value, "headline": value, "@graph": value}).replace(
        "</", "<\\/"
    )
    tree = document.parse(
        capture(f'<html><head><script type="application/ld+json">{script}</script></head><body>x</body></html>')
    )
    assert isinstance(tree, document.Document)
    said = linked_data.linked_data(tree.tree, "", ())
    assert all(isinstance(fact.value, str) and "\n" not in fact.value for fact in chain(said.titles, said.people))


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="<>/=\"' abdivphrefscript&;#-!x1\n", max_size=400))
def test_no_html_breaks_the_importer(html: str) -> None:
    assert isinstance(read(capture(html)), Draft | Finding)


@pytest.mark.parametrize(
    "html",
    [
        "<p>" + "By " * 40_000,
        "<p>" + "a - " * 20_000,
        "<title>" + "x | " * 20_000,
        '<script type="application/ld+json">' + '{"a":' * 20_000,
        '<script type="application/ld+json">"@type":"Article"' + '"author":[{' * 20_000,
        "<a rel=author>" * 3_000,
        "<div class=author>" * 400 + "x" + "</div>" * 400,
        "<p>" + "1.2.3.4." * 20_000,
        "<p>creative commons " * 5_000,
        "<h1>a b</h1>" + "<p>read also: <a href=https://gull.example/>a</a></p>" * 1_000,
    ],
    ids=range(10),
)
def test_a_hostile_page_takes_no_long_time(html: str) -> None:
    started = perf_counter()
    read(capture(html))
    assert perf_counter() - started < 10
