"""What an import makes of what a curator has, case by case: a specification that is run.

A case is a file `tests/imports/NAME.txt` in the form of Go's txtar (https://pkg.go.dev/golang.org/x/tools/txtar). It
begins with what the case shows. Then come the files: `in/NAME` is what is imported, any other lies in the site; then

    -- run --            what is done, a line each: a verb with its arguments, names of files in `in/` among them;
                         `put A B`, B stands in the place of A; `edit PATH: OLD -> NEW`, what the curator changes
    -- printed --        what all of it prints, and the exit codes
    -- wrote PATH --     each file of `content/` afterwards, as it is; of a fingerprint its hash and its number of words

`BROADSHEET_REFRESH=1 python -m pytest tests/test_importing.py` writes what comes of each case now. The diff is to be
reviewed: is each fact the original's, is nothing of it lost, and does the text go no further than it may?
"""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from broadsheet.fingerprint import load
from broadsheet.importing import captures
from broadsheet.importing.proposal import OWN_WORDS
from broadsheet.model import Article
from broadsheet.network import fetch
from broadsheet.network.limits import USUAL
from broadsheet.reading.article import read_article
from tests.bad_server import answer, serving
from tests.making import CONFIG, NOW, Site

CASES = Path(__file__).parent / "imports"
FILES = sorted(CASES.glob("*.txt"))
_SECTION = re.compile(r"^-- (.+) --\n", re.MULTILINE)
_MADE = re.compile(r"printed|wrote .*")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_case(file: Path, tmp_path: Path) -> None:
    """What is printed and what is written is what the case says; no other file of the site changes."""
    text = file.read_text(encoding="utf-8")
    comment, sections = parse(text)
    made = run(sections, Site(tmp_path / "site"), tmp_path / "in")
    if os.environ.get("BROADSHEET_REFRESH"):
        given = {name: body for name, body in sections.items() if not _MADE.fullmatch(name)}
        file.write_text(dump(comment, {**given, **made}), encoding="utf-8")
        comment, sections = parse(file.read_text(encoding="utf-8"))
    assert made == {name: body for name, body in sections.items() if _MADE.fullmatch(name)}


def run(sections: Mapping[str, str], site: Site, folder: Path) -> dict[str, str]:
    """Do what a case says; what it printed and wrote."""
    site.write("config.yaml", CONFIG)
    for name, body in sections.items():
        if name.startswith("in/"):
            folder.mkdir(exist_ok=True)
            (folder / name.removeprefix("in/")).write_text(body, encoding="utf-8")
        elif name != "run" and not _MADE.fullmatch(name):
            site.write(name, body)
    printed = "".join(_step(line, site, folder) for line in sections["run"].splitlines() if line)
    content = sorted(path for path in (site.root / "content").rglob("*") if path.is_file())
    wrote = {f"wrote {path.relative_to(site.root)}": _shown(path) for path in content}
    return {"printed": printed, **wrote}


def _step(line: str, site: Site, folder: Path) -> str:
    verb, _, rest = line.partition(" ")
    if verb == "put":
        old, new = rest.split()
        (folder / old).write_bytes((folder / new).read_bytes())
        return ""
    if verb == "edit":
        path, change = rest.split(": ", 1)
        old, new = (part.replace("\\n", "\n") for part in change.split(" -> "))
        file = site.root / path
        before = file.read_text(encoding="utf-8")
        assert before.count(old) == 1, f"'{old}' is to stand once in {path}"
        file.write_text(before.replace(old, new), encoding="utf-8")
        return ""
    words = [str(folder / word) if (folder / word).exists() else word for word in shlex.split(rest)]
    result = site.run(verb, *(("--now", NOW) if verb in ("import", "build") else ()), *words)
    said = f"{result.err}{result.out}".replace(f"{folder}/", "").replace(f"{site.root}/", "")
    said = re.sub(r", in \d+\.\d+ s", "", said)
    return f"$ {line}\n{said}exit {result.code}\n"


def _shown(path: Path) -> str:
    if path.suffix != ".fingerprint":
        return path.read_text(encoding="utf-8")
    stored = load(path.read_bytes())
    quoted = " ".join(str(len(pairs)) for pairs in stored.quotations) or "none"
    return f"sha256 {stored.sha256}\n{stored.words} words; pairs of words quoted: {quoted}; links {len(stored.links)}\n"


def parse(text: str) -> tuple[str, dict[str, str]]:
    """(comment, sections by name, in order)."""
    comment, *parts = _SECTION.split(text)
    return comment, dict(zip(parts[::2], parts[1::2], strict=True))


def dump(comment: str, sections: Mapping[str, str]) -> str:
    """The text of a case."""
    return comment + "".join(
        f"-- {name} --\n{body if body.endswith(chr(10)) else body + chr(10)}" for name, body in sections.items()
    )


ORIGINAL = """\
Written by Ida Example on March 1, 2024

The ferry that would not leave

{lede}

{rest}

Subscribe to the Harbour Gazette
"""


def test_nothing_of_a_text_that_may_not_be_kept_is_kept(site: Site, tmp_path: Path) -> None:
    """No run of eight words of it but the ones proposed as quotation lies outside `.captures/`, nor is any printed."""
    sentences = [" ".join(f"ferry{n}x{m}" for m in range(12)).capitalize() + "." for n in range(40)]
    file = tmp_path / "ferry.txt"
    file.write_text(ORIGINAL.format(lede=sentences[0], rest="\n\n".join(sentences[1:])), encoding="utf-8")
    flags = ("--now", NOW, "--publisher", "The Harbour Gazette", "--verbose")
    result = site.run("import", *flags, str(file))
    assert result.code == 0
    (article,) = site.root.glob("content/articles/*/*/*.md")
    quoted = {line.removeprefix("> ") for line in article.read_text(encoding="utf-8").splitlines() if line[:1] == ">"}
    kept = [path for path in site.root.rglob("*") if path.is_file() and ".captures" not in path.parts]
    said = {str(path): path.read_text(encoding="utf-8") for path in kept} | {"printed": result.out + result.err}
    assert quoted == {sentences[0]}
    for where, text in said.items():
        for sentence in sentences[1:]:
            for run in zip(*(sentence.split()[n:] for n in range(4)), strict=False):
                assert " ".join(run) not in text, where
    assert (site.root / ".captures" / ".gitignore").read_text(encoding="utf-8").endswith("*\n")
    assert site.build("--drafts").err == ""


@pytest.mark.parametrize("name", ["nothing", "binary", "missing"])
def test_one_bad_item_never_stops_the_rest(name: str, site: Site, tmp_path: Path) -> None:
    """What cannot be imported is a problem of its own; the exit code says so, and the other items are there."""
    bad = tmp_path / name
    if name != "missing":
        bad.write_bytes(b"" if name == "nothing" else b"\x89PNG\r\n\x1a\n\0\0")
    good = tmp_path / "good.txt"
    good.write_text("A headline of ours\n\nBy Ida Example\n\nThe first sentence. The second one.\n", encoding="utf-8")
    result = site.run("import", "--now", NOW, str(bad), str(good))
    assert result.code == 3
    assert re.match(rf"\S*{name}:1:1: import/[a-z-]+: .+\.\n", result.err)
    assert [path.name for path in site.root.glob("content/articles/*/*/*.md")] == ["a-headline-of-ours.md"]


def test_a_dry_run_writes_nothing(site: Site, tmp_path: Path) -> None:
    """It says what would be done, and no file is there afterwards that was not before."""
    file = tmp_path / "good.txt"
    file.write_text("A headline of ours\n\nBy Ida Example\n\nThe first sentence. The second one.\n", encoding="utf-8")
    before = sorted(site.root.rglob("*"))
    result = site.run("import", "--now", NOW, "--dry-run", str(file))
    assert (result.code, sorted(site.root.rglob("*"))) == (0, before)
    assert "Would import 1 article" in result.out


def test_text_and_data_say_the_same(site: Site, tmp_path: Path) -> None:
    """Every fact and every question of the report for people is in the one for machines."""
    file = tmp_path / "good.txt"
    file.write_text("A headline of ours\n\nBy Ida Example\n\nThe first sentence. The second one.\n", encoding="utf-8")
    shown = site.run("import", "--now", NOW, "--dry-run", str(file)).out
    (item,) = json.loads(site.run("import", "--now", NOW, "--dry-run", "--format", "json", str(file)).out)
    assert item["state"] == "new"
    for name in ("title", "authors"):
        assert item["recognised"][name]["where"] in shown
    assert item["path"] in shown
    assert [question["text"] in shown for question in item["questions"]] == [True] * len(item["questions"])


PARAGRAPHS = [f"Paragraph {n} of the report says that the river rose by {n} feet in the night." for n in range(1, 7)]
OWN = ["A note of ours.", "Another note, with *stress*.", "> Words of somebody else's."]
TOP = "Title: A river rises\nBy Ada Fathom\nDate: 2024-03-01\nSource: https://www.voanews.com/a/river.html\n\n"
ARTICLE = "content/articles/2026/11/a-river-rises.md"


@settings(max_examples=40)
@given(
    originals=st.lists(st.lists(st.sampled_from(PARAGRAPHS), min_size=1, unique=True), min_size=1, max_size=3),
    own=st.lists(st.tuples(st.integers(0, 6), st.sampled_from(OWN)), max_size=3),
    fields=st.fixed_dictionaries(
        {},
        optional={"summary": st.just("In our words."), "topics": st.just("[Rivers]"), "story": st.just("river-2024")},
    ),
    kind=st.sampled_from(["full", "excerpt", "link"]),
    is_published=st.booleans(),
)
def test_whatever_changes_the_curator_stands(
    originals: list[list[str]], own: list[tuple[int, str]], fields: dict[str, str], kind: str, is_published: bool
) -> None:
    """After any edits, `--update` leaves every own field and own word, and a second one writes nothing."""
    with TemporaryDirectory() as folder:
        site, file = Site(Path(folder) / "site"), Path(folder) / "river.txt"
        site.write("config.yaml", CONFIG)
        command = ["import", "--now", NOW, "--publisher", "voa", "--kind", kind, str(file)]
        file.write_text(TOP + "\n\n".join(PARAGRAPHS), encoding="utf-8")
        assert site.run(*command).code == 0
        article = site.root / ARTICLE
        edited = edit(article.read_text(encoding="utf-8"), own, fields, is_published=is_published)
        article.write_text(edited, encoding="utf-8")
        for paragraphs in originals:
            file.write_text(TOP + "\n\n".join(paragraphs), encoding="utf-8")
            assert site.run(*command, "--update").code == 0
            after = article.read_text(encoding="utf-8")
            for key, value in fields.items():
                assert f"\n{key}: {value}\n" in after
            assert own_lines(after) == own_lines(edited)
            assert ("draft: true" in after) == ("draft: true" in edited)
            assert isinstance(read_article(ARTICLE, article.read_bytes()), Article)
            before = {path: (site.root / path).stat().st_mtime_ns for path in files(site)}
            assert site.run(*command, "--update").code == 0
            assert {path: (site.root / path).stat().st_mtime_ns for path in files(site)} == before


def own_lines(text: str) -> list[str]:
    """The curator's lines of a text, in order."""
    return [line for line in text.splitlines() if line in OWN]


def edit(text: str, own: list[tuple[int, str]], fields: dict[str, str], *, is_published: bool) -> str:
    """The article as a curator leaves it."""
    head, body = text.removeprefix("---\n").split("---\n", 1)
    lines = [line for line in head.splitlines() if line.split(":")[0] not in fields]
    lines = [line for line in lines if not (is_published and line == "draft: true")]
    lines += [f"{key}: {value}" for key, value in fields.items()]
    blocks = body.strip().replace(OWN_WORDS, "Written by us.").split("\n\n")
    for at, words in own:
        blocks.insert(at, words)
    return "---\n" + "\n".join(lines) + "\n---\n\n" + "\n\n".join(blocks) + "\n"


@pytest.mark.parametrize("number", range(5))
def test_an_import_that_is_cut_short_is_taken_up_again(
    number: int, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever it stops, every article is whole or absent, and the same command then ends as if it had not stopped."""
    file = tmp_path / "river.txt"
    file.write_text(TOP + "\n\n".join(PARAGRAPHS), encoding="utf-8")
    command = ["import", "--now", NOW, "--publisher", "Nobody Else", "--url", "https://river.example/1", str(file)]
    whole = Site(tmp_path / "whole")
    whole.write("config.yaml", CONFIG)
    assert whole.run(*command).code == 0
    written = captures.write
    calls = []

    def cut(source: Path, path: str, data: bytes) -> None:
        calls.append(path)
        if len(calls) > number:
            raise KeyboardInterrupt
        written(source, path, data)

    monkeypatch.setattr(captures, "write", cut)
    assert site.run(*command).code == 130
    for path in site.root.glob("content/**/*.md"):
        assert isinstance(read_article(ARTICLE, path.read_bytes()), Article)
    monkeypatch.undo()
    assert site.run(*command).code == 0
    assert files(site) == files(whole)


def files(site: Site) -> dict[str, bytes]:
    """All files of a site, by path, but for what is only remembered."""
    there = [path for path in site.root.rglob("*") if path.is_file() and ".cache" not in path.parts]
    return {str(path.relative_to(site.root)): path.read_bytes() for path in there}


FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Gazette</title><link>https://gazette.example/</link>
<description>News</description><item><title>{title}</title><link>https://gazette.example/{title}</link>
<pubDate>Fri, 01 Mar 2024 10:00:00 GMT</pubDate><description>Some words.</description></item></channel></rss>"""


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pauses between requests, and short patience."""
    limits = replace(USUAL, pause=0.0, connect=1.0, silence=0.5, answer=1.0)
    monkeypatch.setattr(fetch, "Fetcher", partial(fetch.Fetcher, limits=limits))


@pytest.mark.usefixtures("quick")
def test_the_feeds_of_a_list_are_asked_for_what_is_new(site: Site, tmp_path: Path) -> None:
    """Every feed of an OPML list is imported; the next time its server is told what is known, and nothing is new."""
    with serving() as web:
        web.does(
            "/one",
            answer(200, 'ETag: "a"', "Content-Type: application/rss+xml", body=FEED.format(title="ferries").encode()),
        )
        web.does("/two", answer(200, "Content-Type: application/rss+xml", body=FEED.format(title="coots").encode()))
        web.does("/gone", answer(410))
        outlines = "".join(
            f'<outline type="rss" xmlUrl="{web.url(path, "localhost")}"/>' for path in ("/one", "/gone", "/two")
        )
        opml = tmp_path / "list.opml"
        opml.write_text(f'<opml version="2.0"><head/><body>{outlines}</body></opml>', encoding="utf-8")
        first = site.run("import", "--now", NOW, "--allow-private", str(opml))
        assert first.code == 3
        assert "import/gone" in first.err
        assert "Imported 2 articles, 1 refused" in first.out
        web.does("/one", answer(304))
        again = site.run("import", "--now", NOW, "--allow-private", str(opml))
        assert "Imported 0 articles, 1 here already, 1 not changed, 1 refused" in again.out
        sent = [request.headers.get("If-None-Match") for request in web.requests if request.target == "/one"]
        assert sent == [None, '"a"']


@pytest.mark.usefixtures("quick")
def test_a_feed_that_was_not_taken_in_whole_is_not_said_to_be_known(site: Site) -> None:
    """After `--newest` the rest is still to come, so the server is not asked whether anything is new."""
    with serving() as web:
        address = web.url("/one", "localhost")
        web.does(
            "/one",
            answer(200, 'ETag: "a"', "Content-Type: application/rss+xml", body=FEED.format(title="ferries").encode()),
        )
        for flags in (["--newest", "1"], []):
            assert site.run("import", "--now", NOW, "--allow-private", *flags, address).code == 0
        assert ["If-None-Match" in r.headers for r in web.requests if r.target == "/one"] == [False, False]


@pytest.mark.usefixtures("quick")
def test_a_server_of_a_private_network_is_not_asked(site: Site) -> None:
    """Without `--allow-private` nothing is sent to it, whatever its name."""
    with serving() as web:
        result = site.run("import", "--now", NOW, web.url("/", "localhost"))
        assert (result.code, web.requests) == (3, [])
        assert "import/private" in result.err or "import/port" in result.err


@pytest.mark.usefixtures("quick")
def test_a_list_of_lists_is_not_followed(site: Site) -> None:
    """Two lists that name each other would never end."""
    with serving() as web:
        address = web.url("/list.opml", "localhost")
        text = f'<opml version="2.0"><head/><body><outline type="include" url="{address}"/></body></opml>'
        web.does("/list.opml", answer(200, "Content-Type: text/x-opml", body=text.encode()))
        result = site.run("import", "--now", NOW, "--allow-private", address)
        assert (result.code, web.asked) == (3, ["/list.opml", "/list.opml"])
        assert "import/opml-in-opml" in result.err


def test_an_original_that_has_grown_too_long_is_not_followed(site: Site, tmp_path: Path) -> None:
    """What the build would not read is not written, and the article stays as it was."""
    file = tmp_path / "river.txt"
    file.write_text(TOP + "\n\n".join(PARAGRAPHS), encoding="utf-8")
    command = ["import", "--now", NOW, "--publisher", "voa", str(file)]
    assert site.run(*command).code == 0
    before = (site.root / ARTICLE).read_bytes()
    file.write_text(TOP + "\n\n".join(PARAGRAPHS * 600), encoding="utf-8")
    result = site.run(*command, "--update")
    assert (result.code, (site.root / ARTICLE).read_bytes()) == (3, before)
    assert "import/merge-failed" in result.err


@pytest.mark.parametrize(("module", "rule"), [("trafilatura", "import/no-library"), ("rapidfuzz", "")])
def test_without_a_library_of_the_extra(
    module: str, rule: str, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What needs it says how to install it; what does not goes on."""
    monkeypatch.setitem(sys.modules, module, None)
    page, text = tmp_path / "page.html", tmp_path / "text.txt"
    page.write_text(
        "<!doctype html><title>A page</title><article><h1>A page</h1><p>Words.</p></article>", encoding="utf-8"
    )
    text.write_text(TOP + "\n\n".join(PARAGRAPHS), encoding="utf-8")
    result = site.run("import", "--now", NOW, str(text), *([str(page)] if rule else []))
    assert rule in result.err
    assert "pip install -r requirements-import.txt" in result.err
    assert "Imported 1 article" in result.out


def test_withdrawing_names_every_capture_of_an_article(site: Site, tmp_path: Path) -> None:
    """The text as it was before an update is somebody's words as much as the text as it is."""
    file = tmp_path / "river.txt"
    for paragraphs in (PARAGRAPHS, PARAGRAPHS[:4]):
        file.write_text(TOP + "\n\n".join(paragraphs), encoding="utf-8")
        assert site.run("import", "--now", NOW, "--publisher", "voa", "--update", str(file)).code == 0
    texts = list((site.root / ".captures").glob("*.txt"))
    printed = site.run("withdraw", "a-river-rises", "--reason", "Asked to.", "--now", NOW).out
    assert len(texts) == 2
    assert all(path.name in printed for path in texts)


def test_a_quotation_with_its_marks_still_stands(site: Site, tmp_path: Path) -> None:
    """What the curator left out and put in is no change of the original."""
    file = tmp_path / "river.txt"
    file.write_text(TOP + "\n\n".join(PARAGRAPHS), encoding="utf-8")
    command = ["import", "--now", NOW, "--publisher", "voa", "--kind", "excerpt", str(file)]
    assert site.run(*command).code == 0
    marked = "> Paragraph 1 of the report says that the river […] by 1 feet in the night."
    article = site.root / ARTICLE
    article.write_text(re.sub("(?m)^> .*", marked, article.read_text(encoding="utf-8")), encoding="utf-8")
    file.write_text(TOP + "\n\n".join(PARAGRAPHS[:5]), encoding="utf-8")
    result = site.run(*command, "--update")
    assert "updated" in result.out
    assert "no longer stands" not in result.out
    assert marked in article.read_text(encoding="utf-8")
