"""The command line: what is typed, what is printed, and the exit code."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from broadsheet import __version__
from broadsheet.cli import main
from broadsheet.cli.console import Meter
from broadsheet.words import sha256
from tests.making import ARTICLE, CONFIG, Site

ROOT = Path(__file__).parent.parent
OWN = {"kind": "own", "origin": None, "licence": None, "retrieved": None}


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`python build.py …` as a process of its own."""
    command = [sys.executable, str(ROOT / "build.py"), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **environment}, timeout=60
    )


def test_a_bare_call_builds(site: Site) -> None:
    """Without a verb the site is built, and the last line says what was done."""
    site.article()
    done = run("--source", str(site.root))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].startswith("Built 1 article: ")
    assert " files, " in done.stdout
    assert (site.public / "index.html").exists()


@pytest.mark.parametrize("arguments", [(), ("build", "-j", "1"), ("check",), ("import", "a.txt"), ("schema", "config")])
def test_a_library_that_is_not_there_is_named(site: Site, arguments: tuple[str, ...]) -> None:
    """With the command that installs it, whenever it is that a verb imports it; -S leaves out all libraries."""
    command = [sys.executable, "-S", str(ROOT / "build.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=site.root, timeout=60)
    assert done.returncode == 1
    assert re.fullmatch(
        r"Broadsheet needs the library '\w+'\. .+\n  \S+ -m pip install -r requirements\.txt\n", done.stderr
    )


def test_problems_stop_the_build_and_leave_the_site_as_it_was(site: Site) -> None:
    """Exit 1, every problem on a line of its own, nothing written."""
    site.article()
    site.build()
    before = site.files()
    site.article("two", titel="x", kind="fulll")
    site.write("content/articles/three.md", "no front matter")
    result = site.build()
    assert result.code == 1
    lines = result.err.splitlines()
    assert [line.split(": ")[1] for line in lines[:3]] == [
        "article/bad-value",
        "article/unknown-key",
        "file/no-front-matter",
    ]
    assert lines[-1] == "3 problems; nothing was published."
    assert site.files() == before


def test_keep_going_leaves_out_what_has_problems(site: Site) -> None:
    """Exit 3, the rest is published, and the number of files left out is said."""
    site.article()
    site.article("two", kind="fulll")
    site.article("three", origin={**ARTICLE["origin"], "publisher": "the-new-american"})  # type: ignore[dict-item]
    site.article("four")  # the same work as the first
    result = site.build("--keep-going")
    assert result.code == 3
    assert "Left out 3 files with problems" in result.out
    assert "Built 1 article: " in result.out
    assert "site/same-work" in result.err


@pytest.mark.parametrize("form", ["json", "github"])
def test_problems_for_machines(site: Site, form: str) -> None:
    """JSON and GitHub's workflow commands say the same as the text."""
    path = site.article(titel="x%,:\ny")
    result = site.build("--format", form)
    assert (result.code, result.err) == (1, "")
    if form == "json":
        [problem] = json.loads(result.out)
        assert problem["path"] == path
        assert (problem["rule"], problem["line"], problem["column"]) == ("article/unknown-key", 10, 1)
    else:
        assert result.out.startswith(f"::error file={path},line=10,col=1,title=article/unknown-key::'titel' is not")


def test_a_bad_configuration_is_a_matter_of_usage(site: Site) -> None:
    """Exit 2 for a configuration, a theme or an output that cannot be."""
    site.write("config.yaml", "titel: x\n")
    assert site.build().code == 2
    site.write("config.yaml", CONFIG + "theme: defualt\n")
    result = site.build()
    assert result.code == 2
    assert "Did you mean 'default'?" in result.err
    site.write("config.yaml", CONFIG)
    assert site.build("--config", str(site.root / "none.yaml")).code == 2
    assert site.build("--output", str(site.root / "content/out")).code == 2
    assert site.build("--output", str(site.root)).code == 2
    assert site.build("--base-url", "ftp://x.example/").code == 2
    assert site.build("--now", "yesterday").code == 2
    assert main(["build", "--source", str(site.root / "nowhere")]) == 2


def test_drafts_and_what_lies_in_the_future_are_held_back(site: Site) -> None:
    """Until asked for, or until their time has come."""
    site.article("now", **OWN)
    site.article("draft", draft=True, **OWN)
    site.article("later", date="2027-01-01", **OWN)
    result = site.build()
    assert "Held back 1 future article; build again at 2027-01-01T00:00:00Z" in result.out
    assert "Held back 1 draft; 'list drafts' names them" in result.out
    assert "Built 1 article" in result.out
    assert "Built 2 articles" in site.build("--drafts").out
    assert "Built 3 articles" in site.build("--drafts", "--future").out
    assert "Built 2 articles" in site.run("build", "--now", "2027-01-02").out


def test_a_draft_need_not_be_cleared(site: Site) -> None:
    """What is not published may be unfinished."""
    site.article("draft", draft=True, licence=None, retrieved=None, origin={"publisher": "the-new-american"})
    assert site.build().code == 0
    assert site.build("--drafts").code == 1


def test_the_source_date_epoch_is_the_clock(site: Site) -> None:
    """https://reproducible-builds.org/specs/source-date-epoch/."""
    site.article("later", date="2001-09-10", **OWN)
    built = run("build", "--source", str(site.root), SOURCE_DATE_EPOCH="1000000000")
    assert "Built 0 articles" in built.stdout


def test_list_names_articles(site: Site) -> None:
    """Newest first, by state, kind and publisher, as text and as JSON."""
    site.article("one")
    site.article("two", date="2024-03-05", draft=True, **OWN)
    site.article("three", date="2031-01-01", **OWN)
    assert [line.split()[0] for line in site.run("list").out.splitlines()] == ["2031-01-01", "2024-03-05", "2024-03-02"]
    assert [line.split()[1] for line in site.run("list", "drafts").out.splitlines()] == ["draft"]
    assert [line.split()[1] for line in site.run("list", "future").out.splitlines()] == ["future"]
    assert len(site.run("list", "--kind", "own").out.splitlines()) == 2
    [row] = json.loads(site.run("list", "--publisher", "voa", "--format", "json").out)
    assert row["path"] == "content/articles/2024/03/one.md"
    site.write("content/articles/bad.md", "x")
    assert site.run("list").code == 1


def test_list_names_what_the_registers_know(site: Site) -> None:
    """Ids of publishers and licences, the site's own among them; the package's where there is no configuration."""
    terms = "terms: [{licence: CC0-1.0, kinds: [link]}], evidence: [{certainty: believed, read: 2024-01-01}]"
    own = f"publishers: {{herald: {{name: Herald, {terms}}}}}\n"
    site.write("config.yaml", CONFIG + own)
    lines = site.run("list", "publishers").out.splitlines()
    assert "voa                           Voice of America: full, excerpt, link" in lines
    assert "herald                        Herald: link" in lines
    (site.root / "config.yaml").unlink()
    assert json.loads(site.run("list", "licences", "--format", "json").out)["CC0-1.0"]
    assert "herald" not in site.run("list", "publishers").out


@pytest.mark.parametrize("kind", ["full", "excerpt", "link", "own"])
def test_new_article_begins_one_that_reads(site: Site, kind: str) -> None:
    """A draft of each kind is read without a problem, asks for every field, and is never overwritten."""
    arguments = ("new", "article", 'A "new" thing: #1', "--kind", kind, "--publisher", "voa", "--now", "2024-02-03")
    if kind == "own":
        assert "has no publisher" in site.run(*arguments).err
        arguments = (*arguments[:5], "--now", "2024-02-03")
    result = site.run(*arguments)
    assert (result.code, result.err) == (0, "")
    text = (site.root / "content/articles/2024/02/a-new-thing-1.md").read_text()
    assert 'title: "A \\"new\\" thing: #1"' in text
    assert ("publisher:" in text) == (kind != "own")
    assert site.build().code == 0
    assert "draft" in site.run("list").out
    again = site.run(*arguments)
    assert (again.code, again.err.count("is there already")) == (2, 1)


def test_new_article_knows_a_captured_text_by_its_hash(site: Site) -> None:
    """Hash and words are filled in, and nothing of the text is copied."""
    captured = site.write("captured.txt", "Somebody else\nwords, all  reserved.")
    result = site.run("new", "article", "Theirs", "--captured", str(captured), "--now", "2024-02-03")
    assert result.code == 0
    text = (site.root / "content/articles/2024/02/theirs.md").read_text()
    assert f"sha256: {sha256('Somebody else words, all reserved.')}\n" in text
    assert "words: 5\n" in text
    assert "reserved" not in text
    again = site.run("new", "article", "Theirs", "--captured", str(captured), "--now", "2024-02-03")
    assert (again.code, "words: 5" in again.err) == (2, True)
    assert site.run("new", "article", "X", "--captured", str(site.root / "none.txt")).code == 2
    captured.write_bytes(b"caf\xe9")
    assert site.run("new", "article", "X", "--captured", str(captured)).code == 2


def test_new_page_begins_one_that_reads(site: Site) -> None:
    """A page likewise; a title without letters gives no address."""
    assert site.run("new", "page", "About").code == 0
    assert site.build("--drafts").code == 0
    assert (site.public / "about/index.html").exists()
    assert site.run("new", "page", "???").code == 2
    site.write("blocked", "a file")
    assert main(["new", "page", "X", "--source", str(site.root / "blocked")]) == 2


def test_clean_removes_what_was_built_and_nothing_else(site: Site) -> None:
    """Files of somebody else's in the output stay."""
    site.article()
    site.build()
    site.write("public/notes.txt", "mine")
    site.write(".cache/x", "y")
    assert site.run("clean").out.startswith("Removed ")
    assert list(site.files()) == ["notes.txt"]
    assert not (site.root / ".cache").exists()


def accepts(schema: dict[str, Any], data: object) -> bool:
    """Whether a value fits a schema, as far as ours go: no library is needed for so little of the language."""
    if "anyOf" in schema:
        return any(accepts(one, data) for one in schema["anyOf"])
    if "enum" in schema:
        return data in schema["enum"]
    if schema["type"] == "null":
        return data is None
    if schema["type"] == "object":
        known = schema.get("properties", {})
        more = schema.get("additionalProperties")
        return (
            isinstance(data, dict)
            and set(schema.get("required", ())) <= set(data)
            and all(accepts(known[k], v) if k in known else bool(more) and accepts(more, v) for k, v in data.items())
        )
    if schema["type"] == "array":
        return isinstance(data, list) and all(accepts(schema["items"], item) for item in data)
    if not isinstance(data, {"string": str, "boolean": bool, "integer": int}[schema["type"]]):
        return False
    return not isinstance(data, str) or re.search(schema.get("pattern", ""), data) is not None


def test_the_schemas_accept_what_is_read_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    """For editors: JSON Schemas made from the records that read the files."""
    schemas = {}
    for what in ("article", "page", "config", "theme"):
        assert main(["schema", what]) == 0
        schemas[what] = json.loads(capsys.readouterr().out)
    assert accepts(schemas["article"], ARTICLE)
    assert accepts(schemas["article"], {**ARTICLE, "updated": None, "origin": None})
    assert not accepts(schemas["article"], {**ARTICLE, "titel": "x"})
    assert not accepts(schemas["article"], {**ARTICLE, "kind": "fulll"})
    assert not accepts(schemas["article"], {**ARTICLE, "date": "tomorrow"})
    assert not accepts(schemas["article"], {k: v for k, v in ARTICLE.items() if k != "title"})
    assert accepts(schemas["page"], {"title": "About", "draft": True})
    own = {"name": "H", "terms": [{"licence": "CC0-1.0", "kinds": ["full"]}], "evidence": []}
    assert accepts(schemas["config"], {"title": "P", "base_url": "https://p.example/", "publishers": {"h": own}})
    assert not accepts(schemas["config"], {"title": "P", "base_url": "https://p.example/", "publishers": {"h": 3}})
    assert accepts(schemas["theme"], {"name": "Child", "options": {"x": {"default": "a", "help": "b"}}})


def test_what_the_system_refuses_is_said(site: Site) -> None:
    """A folder where a file of ours is to be removed, an output that is a file: a line each, no traceback."""
    site.article(**OWN)
    site.build()
    (site.public / "feed.xml").unlink()
    (site.public / "feed.xml").mkdir()
    assert site.run("clean").code == 0
    site.write("public-file", "x")
    result = site.build("--output", str(site.root / "public-file"))
    assert (result.code, "output/not-writable" in result.err) == (1, True)


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    """Both say what they are to say."""
    assert main(["version"]) == 0
    assert capsys.readouterr().out == f"Broadsheet {__version__}\n"
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    assert stopped.value.code == 0
    shown = capsys.readouterr().out
    assert all(verb in shown for verb in ("build", "list", "new", "clean", "version", "Exit codes"))
    with pytest.raises(SystemExit) as stopped:
        main(["bild"])
    assert stopped.value.code == 2


def test_verbose_names_what_is_written(site: Site) -> None:
    """Each file that is new or differs, and why; nothing where none does."""
    path = site.article()
    assert "Wrote 2024/03/river/index.html: new\n" in site.build("-v").out
    assert "Wrote" not in site.build("-v").out
    site.write(path, (site.root / path).read_text().replace("'", "’") + "More of it.\n")
    assert "Wrote 2024/03/river/index.html: what it is made of has changed\n" in site.build("-v").out


def test_quiet_prints_problems_only(site: Site) -> None:
    """And nothing where there are none."""
    site.article()
    assert site.build("--quiet").out == ""


def test_an_interrupt_ends_cleanly(site: Site) -> None:
    """Ctrl-C in the midst of the work: exit 130, one line, no traceback."""
    for n in range(400):
        site.article(f"a{n}", **OWN)
    command = [sys.executable, str(ROOT / "build.py"), "--source", str(site.root)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    while process.poll() is None and not any(site.root.glob(".public.broadsheet/staged-*/*")):
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (130, "Interrupted; the published site is whole.\n")
    assert not (site.root / ".public.broadsheet").exists()
    assert not site.public.exists()


def test_a_closed_pipe_ends_cleanly(site: Site) -> None:
    """`build.py list | head -1` leaves no traceback."""
    for n in range(200):
        site.article(f"a{n}", **OWN)
    command = f"{sys.executable} {ROOT / 'build.py'} list --source {site.root} | head -n 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)  # noqa: S602
    assert done.stderr == ""


def test_progress_is_shown_on_a_terminal_only(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is drawn on a pipe; what is drawn is wiped."""
    for is_shown in (False, True):
        meter = Meter(is_shown)
        meter.show("Reading", 1, 2)
        meter.show("Reading", 2, 2)
        meter.clear()
        drawn = capsys.readouterr().err
        assert drawn.endswith("\r\x1b[K") if is_shown else drawn == ""


def test_a_value_of_two_hyphens_is_refused(site: Site) -> None:
    """The library that reads the arguments would make an empty list of it, which no option expects."""
    result = site.run("import", "--author=--", "text.txt")
    assert (result.code, result.err) == (2, "--author=--: the value cannot be '--'.\n")


@pytest.mark.parametrize(("said", "terminal", "width"), [("90", 200, 90), (None, 110, 110), (None, None, 80)])
def test_help_is_as_wide_as_the_terminal(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    said: str | None,
    terminal: int | None,
    width: int,
) -> None:
    """COLUMNS says it, else the terminal, else it is 80: the longest line comes near that and never beyond."""

    def size(*_: int) -> os.terminal_size:
        if terminal is None:
            raise OSError
        return os.terminal_size((terminal, 24))

    monkeypatch.setattr(os, "get_terminal_size", size)
    monkeypatch.delenv("COLUMNS", raising=False)
    if said is not None:
        monkeypatch.setenv("COLUMNS", said)
    with pytest.raises(SystemExit):
        main(["build", "--help"])
    longest = max(map(len, capsys.readouterr().out.splitlines()))
    assert width - 15 < longest <= width - 2
