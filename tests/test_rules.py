"""Every rule, broken at least once: what is printed, where it points, and that nothing is published.

A case is a folder of `tests/broken/`: a site with mistakes, `expected.txt` with what the command line prints and its
exit code, and, where it needs any, `arguments.txt` with one argument a line ({site} is its folder). What cannot lie in
a repository (files that are not text, links) stands below. `BROADSHEET_REFRESH=1 python -m pytest tests/test_rules.py`
writes what is printed now; each line of the diff is to be reviewed: does it point at the fault, and does what it says
mend it?
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import broadsheet
from broadsheet.network import failure
from tests.making import NOW, Result, Site

BROKEN = Path(__file__).parent / "broken"
CASES = sorted(folder.name for folder in BROKEN.iterdir() if folder.is_dir())
PACKAGE = Path(broadsheet.__file__).parent
RULES = PACKAGE.parent / "docs" / "rules.md"
RULE = r"(?:yaml|file|article|page|rights|site|config|theme|output|audit|import|ping)/[a-z0-9-]+"
HEAD = b"---\ntitle: At the quay\ndate: 2024-05-10\nkind: own\n"
"""Of a good front matter, without its end."""
TEXT = b"We went to look at the harbour.\n"

BAD_FILES = {
    "utf-16": ((HEAD + b"---\n" + TEXT).decode().encode("utf-16"), "1:1: file/not-utf-8"),
    "latin-1": (HEAD + b"summary: The caf\xe9 at the quay.\n---\n" + TEXT, "5:17: file/not-utf-8"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "1:1: file/not-utf-8"),
    "latin-1 after cr lf": (HEAD.replace(b"\n", b"\r\n") + b"---\r\nThe caf\xe9.\r\n", "6:8: file/not-utf-8"),
    "nothing": (b"", "1:1: file/no-front-matter"),
    "blank lines": (b"\n \n\t\n", "4:1: file/no-front-matter"),
    "text before the front matter": (b"Draft!\n" + HEAD + b"---\n" + TEXT, "1:1: file/no-front-matter"),
    "four hyphens": (b"-" + HEAD + b"---\n" + TEXT, "1:1: file/no-front-matter"),
    "no end": (b"\n\n" + HEAD + TEXT, "3:1: file/front-matter-open"),
    "an end that is indented": (HEAD + b" ---\n", "1:1: file/front-matter-open"),
    "a long file": (HEAD + b"---\n" + TEXT * 40_000, "1:1: file/too-large"),
    "a long front matter": (HEAD + b"topics: [" + b"Harbour, " * 8_000 + b"]\n---\n" + TEXT, "2:1: yaml/too-large"),
    "a deep front matter": (HEAD + b"topics: " + b"[" * 30_000 + b"\n---\n" + TEXT, "5:28: yaml/too-deep"),
    "a control character": (HEAD + b"summary: The bo\x1b[31mats\n---\n" + TEXT + b"\xff", "8:1: file/not-utf-8"),
    "a NUL near the beginning": (HEAD + b"summary: The boats\x00\n---\n" + TEXT, "1:1: file/not-utf-8"),
    "a NUL further on": (HEAD + b"---\n" + TEXT * 40 + b"\x00\xff", "46:2: file/not-utf-8"),
}
"""By name: a content file, and the place and rule of the one problem that it has."""

ODD_FILES = {
    "byte order mark": b"\xef\xbb\xbf" + HEAD + b"---\n" + TEXT,
    "cr lf": (HEAD + b"---\n" + TEXT).replace(b"\n", b"\r\n"),
    "cr": (HEAD + b"---\n" + TEXT).replace(b"\n", b"\r"),
    "blank lines before": b"\n  \n\n" + HEAD + b"---\n" + TEXT,
    "byte order mark and blank lines": b"\xef\xbb\xbf\r\n\r\n" + HEAD + b"---\n" + TEXT,
    "dots at the end": HEAD + b"...\n" + TEXT,
    "spaces after the hyphens": HEAD.replace(b"---", b"---  ", 1) + b"--- \t\n" + TEXT,
    "no final newline": HEAD + b"---\n" + TEXT.rstrip(),
    "control characters": HEAD + b"summary: The \x01boats\n---\n\x07" + TEXT,
    "comments": HEAD + b"# topics: later\nsummary: # none yet\n---\n" + TEXT,
    "empty values": HEAD + b"summary:\ntopics: ~\nstory: null\n---\n" + TEXT,
    "hyphens in the text": HEAD + b"---\n" + TEXT + b"\n---\n\nMore.\n",
    "words that YAML takes for others": HEAD.replace(b"At the quay", b"NO")
    + b"topics: [yes, 010, 12:30]\n---\n"
    + TEXT,
}
"""By name: a content file that is read without a problem."""


@pytest.mark.parametrize("case", CASES)
def test_a_broken_site_is_not_published(case: str, tmp_path: Path) -> None:
    """All problems of a broken site are printed, sorted, with an exit code, and no file is written."""
    site = copy(case, tmp_path)
    before = tree(site.root)
    result = site.build(*arguments(case, site))
    said = report(result, site)
    if os.environ.get("BROADSHEET_REFRESH"):
        (BROKEN / case / "expected.txt").write_text(said, encoding="utf-8")
    assert said == (BROKEN / case / "expected.txt").read_text(encoding="utf-8")
    assert result.out == ""
    assert tree(site.root) == before


def test_the_program_prints_the_same_from_a_shell(tmp_path: Path) -> None:
    """In a process of its own the command prints the same lines and ends with the same code."""
    site = copy("site", tmp_path)
    command = [sys.executable, "-m", "broadsheet", "build", "--source", str(site.root), "--now", NOW]
    run = subprocess.run(command, cwd=PACKAGE.parent, capture_output=True, text=True, check=False)
    result = Result(run.returncode, run.stdout, run.stderr)
    assert report(result, site) == (BROKEN / "site" / "expected.txt").read_text(encoding="utf-8")


def test_all_forms_print_the_same_problems(tmp_path: Path) -> None:
    """As JSON and as workflow commands come as many problems as in text, with the same rules in the same order."""
    site = copy("site", tmp_path)
    printed = rules_in(site.build().err)
    as_json = [problem["rule"] for problem in json.loads(site.build("--format", "json").out)]
    as_commands = re.findall(
        rf"^::error file=[^\n]*,title=({RULE})::", site.build("--format", "github").out, re.MULTILINE
    )
    assert as_json == as_commands == printed


def test_what_is_good_is_published_without_the_rest(tmp_path: Path) -> None:
    """With `--keep-going` every file that is named is left out, what is left is published, and the exit code is 3."""
    site = copy("site", tmp_path)
    result = site.build("--keep-going")
    named = {line.split(":")[0] for line in result.err.splitlines()}
    assert result.code == 3
    assert f"Left out {len(named)} files with problems" in result.out
    assert sorted(named) == sorted({str(p.relative_to(site.root)) for p in site.root.rglob("*.md")} - GOOD_ONES)


GOOD_ONES = {
    "content/articles/2024/05/same-id-first.md",
    "content/articles/2024/05/same-work-first.md",
    "content/articles/2024/05/topic-spelled-one-way.md",
}
"""The files of the broken site that are as they should be, beside which others are not."""


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_cannot_be_read_has_one_problem(name: str, site: Site) -> None:
    """Bytes that are no article are one problem at the place of the fault."""
    data, expected = BAD_FILES[name]
    site.write("content/articles/odd.md", data)
    result = site.build()
    line, summary = result.err.splitlines()
    assert (line[: len(expected) + 25], summary) == (
        f"content/articles/odd.md:{expected}:",
        "1 problem; nothing was published.",
    )
    assert result.code == 1
    assert not site.public.exists()


@pytest.mark.parametrize("name", ODD_FILES)
def test_an_odd_file_is_read(name: str, site: Site) -> None:
    """What editors and systems do to files does no harm."""
    site.write("content/articles/odd.md", ODD_FILES[name])
    result = site.build()
    assert (result.code, result.err) == (0, "")
    assert "We went to look at the harbour." in site.read("2024/05/odd/index.html")


ODD = "\x1b[31mred\x07\r\n::error::\x9b\u202e\u2028"
"""Control characters that would colour a terminal, turn a line round or begin one of a workflow's commands."""


@pytest.mark.parametrize("form", ["text", "github"])
def test_what_is_printed_holds_no_control_characters(form: str, site: Site) -> None:
    """Names of files and values full of control characters are printed, each problem on one line of harmless text."""
    try:
        site.write(f"content/articles/harbour{ODD}.md", HEAD + b"kinds: own\n---\n" + TEXT)
    except OSError:
        pytest.skip("this file system has no such names")
    value = json.dumps({ODD: ODD, "slug": ODD, "licence": [ODD]}).encode()
    site.write("content/articles/values.md", b"---\n" + value + b"\n---\n" + TEXT)
    site.article("rights", licence=ODD, origin={"publisher": f"voa{ODD}", "url": f"https://news.example/{ODD}"})
    site.article("gate", licence=ODD, changes=[ODD], credits=[f"\u00a9 {ODD}"])
    result = site.build("--format", form)
    printed = result.err.splitlines()[:-1] if form == "text" else result.out.split("\n")[:-1]
    begins = r"content/articles/[^:]*.*?:\d+:\d+: [a-z]+/" if form == "text" else r"::error file=content/articles/"
    assert result.code == 1
    assert len(printed) >= 8
    assert [line for line in printed if not re.match(begins, line)] == []
    assert (
        re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", result.out + result.err) == []
    )


def test_a_link_among_the_content_is_refused(site: Site, tmp_path: Path) -> None:
    """Links to a file, to a folder and to nothing are problems, and what they lead to is not read."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret.md").write_bytes(HEAD + b"---\n" + TEXT)
    articles = site.root / "content" / "articles"
    articles.mkdir(parents=True)
    for name, target in (("file.md", "secret.md"), ("folder", "."), ("nothing.md", "gone.md")):
        (articles / name).symlink_to(tmp_path / "elsewhere" / target)
    result = site.build()
    assert result.code == 1
    assert rules_in(result.err) == [LINK_IN_CONTENT] * 3
    assert not site.public.exists()


@pytest.mark.parametrize("folder", ["content/articles", "static"])
def test_a_name_that_is_not_text_is_refused(folder: str, site: Site) -> None:
    """A file name that is not UTF-8 is a problem, printed as something that can be, and nothing is written."""
    name = os.fsencode(site.root / folder) + b"/caf\xe9.md"
    os.makedirs(site.root / folder)  # noqa: PTH103 -- beside a path in bytes
    with open(name, "wb") as file:  # noqa: PTH123 -- pathlib takes no bytes
        file.write(HEAD + b"---\n" + TEXT)
    for form in ("text", "json", "github"):
        result = site.build("--format", form)
        assert result.code == 1
        assert BAD_NAME in result.err + result.out
        (result.err + result.out).encode()
    assert not site.public.exists()


def test_a_link_in_the_output_is_not_followed(site: Site, tmp_path: Path) -> None:
    """Where a folder of the output is a link that leads out of it, nothing is written there or elsewhere."""
    (tmp_path / "elsewhere").mkdir()
    site.public.mkdir()
    (site.public / "feeds").symlink_to(tmp_path / "elsewhere")
    result = site.build()
    assert (result.code, rules_in(result.err)) == (1, [LINK_IN_OUTPUT])
    assert [p.name for p in site.public.iterdir()] == ["feeds"]
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_theme_that_is_not_utf_8_is_refused(site: Site) -> None:
    """A `theme.yaml` in another encoding is a problem of that file."""
    site.write("config.yaml", (site.root / "config.yaml").read_text(encoding="utf-8") + "theme: quay\n")
    site.write("themes/quay/theme.yaml", b"name: Caf\xe9\n")
    result = site.build()
    assert (result.code, rules_in(result.err)) == (2, ["file/unreadable"])


LINK_IN_CONTENT, LINK_IN_OUTPUT, BAD_NAME = "file/symlink", "output/link", "file/name-not-utf-8"


ASKED_ELSEWHERE = {"audit/link-dead", "audit/not-utf-8", "audit/symlink", "audit/too-deep", "output/unfinished"}
"""Rules that need a server, a link, a file too large for a case or a disk that fails: tests/test_outside_links.py,
tests/test_audit.py, tests/test_faults_publishing.py.
"""
OF_HUBS = set(re.findall("ping/[a-z-]+", (BROKEN.parent / "test_ping.py").read_text(encoding="utf-8")))
"""Each is raised by a hub, or a site that has none, there."""
OF_SERVERS = {f"import/{name}" for name in failure.REMEDIES}
"""Each is raised by a server in tests/test_fetching.py, which says so."""


def test_every_rule_is_documented_and_broken_by_a_case() -> None:
    """The rules named in the package, the headings of docs/rules.md and the rules that cases raise are the same."""
    documented = re.findall(rf"^### ({RULE})$", RULES.read_text(encoding="utf-8"), re.MULTILINE)
    raised = {rule for case in CASES for rule in rules_in((BROKEN / case / "expected.txt").read_text(encoding="utf-8"))}
    raised |= {
        rule for file in BROKEN.parent.glob("cases/*/*.txt") for rule in rules_in(file.read_text(encoding="utf-8"))
    }
    raised |= {
        rule
        for pattern in ("imports/*.txt", "test_importing*.py", "test_texts.py", "test_pages.py")
        for file in BROKEN.parent.glob(pattern)
        for rule in re.findall(r"import/[a-z-]+", file.read_text(encoding="utf-8"))
    }
    raised |= ASKED_ELSEWHERE | OF_HUBS | OF_SERVERS
    raised |= {expected.split()[-1] for _, expected in BAD_FILES.values()} | {
        LINK_IN_CONTENT,
        LINK_IN_OUTPUT,
        BAD_NAME,
    }
    assert sorted(documented) == sorted(rules_in_source())
    assert sorted(raised) == sorted(rules_in_source())


def rules_in_source() -> set[str]:
    """All rules that the package's source can raise: written out, or put together from an area and a name."""
    source = "\n".join(file.read_text(encoding="utf-8") for file in sorted(PACKAGE.rglob("*.py")))
    written = set(re.findall(rf'"({RULE})"', source))
    of_yaml = {f"yaml/{name}" for name in re.findall(r'wrong\(\s*"([a-z-]+)"', source)}
    areas = set(re.findall(r'(?<![.\w])decode\([^()]*(?:\([^()]*\))?[^()]*"([a-z]+)"\)', source)) - {"register", "bill"}
    of_records = {f"{area}/{name}" for area in areas for name in re.findall(r'found\.add\(\s*"([a-z-]+)"', source)}
    of_slugs = {f"{area}/no-slug" for area in re.findall(r'_check_slug\([^()]*"([a-z]+)"\)', source)}
    of_slugs |= {f"{area}/placeholder" for area in re.findall(r'_check_placeholders\([^()]*"([a-z]+)"\)', source)}
    sorts = re.findall(r'yield "([a-z]+)", slugify\(', source)
    of_names = {f"site/{sort}-{what}" for sort in sorts for what in re.findall(r'f"site/\{sort\}-([a-z]+)"', source)}
    put_together = re.findall(r'f"\{(?:what|area|self\._area)\}/|f"[a-z]+/\{', source)
    assert areas == {"article", "page", "config", "theme"}
    assert len(of_names) == 4, "the names that are compared between files have changed"
    assert len(put_together) >= 3, "the ways in which rules are put together have changed"
    return written | of_yaml | of_records | of_slugs | of_names | OF_SERVERS


def copy(case: str, tmp_path: Path) -> Site:
    """A case's site in a folder of its own."""
    site = Site(tmp_path / "site")
    shutil.copytree(BROKEN / case, site.root, ignore=shutil.ignore_patterns("expected.txt", "arguments.txt"))
    return site


def arguments(case: str, site: Site) -> list[str]:
    """What a case adds to the command line."""
    file = BROKEN / case / "arguments.txt"
    return file.read_text(encoding="utf-8").format(site=site.root).splitlines() if file.exists() else []


def report(result: Result, site: Site) -> str:
    """What a run printed, with paths as seen from the site's folder, and its exit code."""
    return f"{result.err.replace(f'{site.root}/', '')}exit {result.code}\n"


def rules_in(text: str) -> list[str]:
    """The rules of problem lines, in order."""
    return re.findall(rf"^[^\n]*?:\d+:\d+: ({RULE}): ", text, re.MULTILINE)


def tree(folder: Path) -> dict[str, bytes]:
    """All files below a folder, and all folders, by path; not what the next build is to know, which is nobody's."""
    found = {str(p.relative_to(folder)): p for p in folder.rglob("*") if ".cache" not in p.parts}
    return {name: p.read_bytes() if p.is_file() else b"" for name, p in found.items()}
