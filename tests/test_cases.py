"""What the rights gate lets through and what it refuses, case by case: a specification that is run.

A case is a file `tests/cases/AREA/NAME.txt` in the form of Go's txtar (https://pkg.go.dev/golang.org/x/tools/txtar). It
begins with what the case shows and the source of the rule. Then come the files of a small site, each below a line with
its path, and last what is expected:

    -- problems --      the build prints these lines and ends with this code, and nothing is published
    -- credit --        the site is published, and the page of its article says this of whose it is and on what terms;
                        `credit of 2024/03/river` where there are several articles
    -- check --         `check` prints this on the published site; a case without this section has no problem there.
                        `check -v` also says what could not be compared

What a case leaves out, or writes short:

- Without a `config.yaml` there is the one below.
- `captured/NAME.txt` is the text that was captured for the article `NAME.md`. It is not a part of the site.
- `{captured}` in a front matter is what `retrieved` says of that text or, where the case has none, of the article's own
  text as it stands: for an excerpt or a link one of 1,000 words. `{captured, words: 300}` says otherwise.
- `{tide 1-75}` are 75 words, no two of them the same: tide1, tide2 and so on.
- `NAME.fingerprint` says of which captured text it is (`of`), and which of its words were quoted at import and to which
  addresses it linked (`quotations`, `links`).
- A picture's section is empty.
- What lies in `public/` is put there by hand after the build.

`BROADSHEET_REFRESH=1 python -m pytest tests/test_cases.py` writes what comes of each case now. The diff is to be
reviewed: does each line point at the fault, and does what it says mend it?
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

import pytest
import yaml
from selectolax.lexbor import LexborHTMLParser, LexborNode

from broadsheet import url
from broadsheet.fingerprint import dump, fingerprint
from broadsheet.reading import markdown
from broadsheet.register import Condition
from broadsheet.words import count_words, sha256
from tests.making import Result, Site

CASES = Path(__file__).parent / "cases"
FILES = sorted(file for file in CASES.glob("*/*.txt") if file.parent.name != "markdown")
NAMES = [f"{file.parent.name}/{file.stem}" for file in FILES]
CONFIG = "title: The Test Paper\nbase_url: https://paper.example/\neditor: Ed Editor\n"
PICTURE = b"\xff\xd8\xff\xe0 picture"
ORIGINAL_WORDS = 1_000
"""Of an original of which a case says nothing."""
_SECTION = re.compile(r"^-- (.+) --\n", re.MULTILINE)
_EXPECTED = re.compile(r"problems|credit(?: of \S+)?|check(?: -v)?")
_NO_SOURCE = re.compile(rf"captured/|public/|(?:{_EXPECTED.pattern})\Z")
_CAPTURED = re.compile(r"\{captured(?:, ([^{}]+))?\}")
_TIDE = re.compile(r"\{tide (\d+)-(\d+)\}")


@dataclass(frozen=True)
class Case:
    """A small site, and what is expected of it."""

    comment: str
    sections: Mapping[str, str]
    """As written, by the name in their heading, in order."""

    @property
    def expected(self) -> dict[str, str]:
        """What is to come of it."""
        return {name: text for name, text in self.sections.items() if _EXPECTED.fullmatch(name)}

    @property
    def files(self) -> dict[str, bytes]:
        """The files of the site, by path."""
        files = {"config.yaml": CONFIG, **self.sections}
        return {path: self._content(path, text) for path, text in files.items() if not _NO_SOURCE.match(path)}

    @property
    def by_hand(self) -> dict[str, bytes]:
        """What is put into the output after the build, by path."""
        return {path: text.encode() for path, text in self.sections.items() if path.startswith("public/")}

    def captured(self, name: str) -> str | None:
        """The text that was captured for an article; None where the case does not say."""
        text = self.sections.get(f"captured/{name}.txt")
        return None if text is None else _spelled_out(text)

    def _content(self, path: str, text: str) -> bytes:
        text = _spelled_out(text)
        if path.endswith((".jpg", ".png")):
            return PICTURE
        if path.endswith(".fingerprint") and text.startswith("of:"):
            return self._fingerprint(text).encode()
        if path.endswith(".md"):
            text = _CAPTURED.sub(lambda found: self._capture(path, text, found[1] or ""), text)
        return text.encode()

    def _fingerprint(self, recipe: str) -> str:
        said = yaml.safe_load(recipe)
        text = self.captured(said["of"])
        assert text is not None, f"there is no captured/{said['of']}.txt"
        return dump(fingerprint(text, said.get("quotations", ()), map(url.same, said.get("links", ()))))

    def _capture(self, path: str, article: str, changes: str) -> str:
        """What `retrieved` says of the text that was captured for an article, with changes, on one line."""
        text = self.captured(PurePosixPath(path).stem)
        body = " ".join(passage.text for passage in markdown.read(article.split("\n---\n", 1)[1]).passages)
        count = count_words(body) if re.search("^kind: full", article, re.MULTILINE) else ORIGINAL_WORDS
        said = {
            "from": f"{PurePosixPath(path).stem}.txt",
            "at": "2024-03-02",
            "sha256": sha256(body if text is None else text),
            "words": str(count if text is None else count_words(text)),
        }
        said |= dict(change.split(": ") for change in changes.split(", ") if change)
        return f"{{{', '.join(f'{key}: {value}' for key, value in said.items())}}}"


def _spelled_out(text: str) -> str:
    """A text with its tides as words."""
    return _TIDE.sub(lambda found: " ".join(f"tide{n}" for n in range(int(found[1]), int(found[2]) + 1)), text)


@cache
def read_case(file: Path) -> Case:
    """The case in a file."""
    return parse(file.read_text(encoding="utf-8"))


def parse(text: str) -> Case:
    """The case in the text of a file."""
    comment, *parts = _SECTION.split(text)
    return Case(comment, dict(zip(parts[::2], parts[1::2], strict=True)))


def written(case: Case, outcome: Mapping[str, str]) -> str:
    """The text of a case's file when this is what comes of it."""
    kept = {name: text for name, text in case.sections.items() if not _EXPECTED.fullmatch(name)}
    sections = (f"-- {name} --\n{text}" for name, text in {**kept, **outcome}.items())
    return case.comment + "".join(sections)


def outcome(case: Case, site: Site) -> dict[str, str]:
    """What comes of a case: the problems of its build or, without any, what its pages say and what `check` finds."""
    for path, data in case.files.items():
        site.write(path, data)
    built = site.build()
    if built.code != 0:
        assert not site.public.exists()
        return {"problems": report(built, site)}
    assert built.err == ""
    for path, data in case.by_hand.items():
        site.write(path, data)
    checked = site.run("check", "-v")
    wanted = [name for name in case.expected if name != "problems"]
    if checked.code != 0 and not {"check", "check -v"} & set(wanted):
        wanted.append("check")
    came = {}
    for name in wanted or ["credit"]:
        if name.startswith("check"):
            printed = checked.err + (checked.out.rpartition("Checked")[0] if name == "check -v" else "")
            came[name] = f"{printed}exit {checked.code}\n"
        else:
            came[name] = credit(site, name.removeprefix("credit").removeprefix(" of "))
    return came


def report(result: Result, site: Site) -> str:
    """What a run printed, with paths as seen from the site's folder, and its exit code."""
    return f"{result.err.replace(f'{site.root}/', '')}exit {result.code}\n"


def credit(site: Site, name: str) -> str:
    """What an article's page says of whose it is and on what terms, a fact a line; without a name, the only one's."""
    pages = [site.public / name / "index.html"] if name else sorted(site.public.glob("[0-9]*/*/*/index.html"))
    assert len(pages) == 1, "say of which article: credit of 2024/03/river"
    page = LexborHTMLParser(pages[0].read_text(encoding="utf-8"))
    (slip,) = page.css(".slip-summary")
    heading, sentence = (said(slip.css_first(part)) for part in ("h2", "p"))
    facts = [
        f"{said(fact.css_first('dt'))}: {'; '.join(map(said, fact.css('dd')))}"
        for fact in page.css(".slip-facts dl > div")
    ]
    address = f"https://paper.example/{pages[0].parent.relative_to(site.public)}/"
    lines = [
        f"{said(page.css_first('p.kind'))}: {said(page.css_first('h1'))}",
        f"{heading}. {sentence}",
        *facts,
        *(f"{what}: {said(node)}" for what, place in _BESIDE.items() for node in page.css(place)),
        *(f"Counter: {node.attributes['src']}" for node in page.css(".counter img")),
        *(f"Licence of the page: {node.attributes['href']}" for node in page.css("head link[rel=license]:not([type])")),
        *(f"{node.attributes['name']}: {node.attributes['content']}" for node in page.css('meta[content="noindex"]')),
        *(
            f"canonical: {node.attributes['href']}"
            for node in page.css("link[rel=canonical]")
            if node.attributes["href"] != address
        ),
    ]
    return "".join(f"{line}\n" for line in lines)


_BESIDE = {
    "Tagline": ".tagline",
    "Picture": "figure.picture figcaption",
    "Correction": ".corrections dl > div",
    "Withdrawn": ".notice",
    "Way to it": ".original",
}
"""Parts of the credit that stand elsewhere on the page than the rest, by what a case calls them."""


def said(node: LexborNode | None) -> str:
    """The words of an element."""
    return " ".join(node.text().split()) if node is not None else ""


@pytest.mark.parametrize("name", NAMES)
def test_the_case(name: str, tmp_path: Path) -> None:
    """What comes of a case is what its file says."""
    file = CASES / f"{name}.txt"
    case = read_case(file)
    came = outcome(case, Site(tmp_path / "site"))
    if os.environ.get("BROADSHEET_REFRESH"):
        file.write_text(written(case, came), encoding="utf-8")
    else:
        assert came == case.expected


@pytest.mark.parametrize("name", NAMES)
def test_the_case_says_what_it_shows_and_where_the_rule_is_from(name: str) -> None:
    """In a sentence or two and a line `Source:`, and its file is written as a refresh would write it."""
    text = (CASES / f"{name}.txt").read_text(encoding="utf-8")
    case = parse(text)
    what, *more = case.comment.splitlines()
    assert re.fullmatch(r"[A-Z“‘].*[.?]", " ".join([what, *more[:-1]])), "what the case shows, in sentences"
    assert re.fullmatch(r"Source: .*[.]", more[-1]), "the source of the rule"
    assert max(map(len, case.comment.splitlines())) <= 120
    assert written(case, case.expected) == text


def test_every_condition_is_kept_in_one_case_and_broken_in_another() -> None:
    """Of those that publishers ask for, but two that nothing here can measure."""
    broken = {name for name in NAMES if _is_refused(read_case(CASES / f"{name}.txt"))}
    asked = [condition.value for condition in Condition if condition not in RECORDED_ONLY]
    assert [name for name in asked if f"conditions/{name}-kept" not in NAMES] == []
    assert [name for name in asked if not any(case.startswith(f"conditions/{name}-") for case in broken)] == []


RECORDED_ONLY = {Condition.ONE_BY_ONE, Condition.NO_ENDORSEMENT}


def _is_refused(case: Case) -> bool:
    return "problems" in case.expected or "exit 1" in case.expected.get("check", "")
