"""The benchmarks compare like with like, count all that is spent, and leave no figure out."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from benchmarks import compare, corpus, disk, generators, growth, measure
from benchmarks.compare import Made
from benchmarks.disk import Space
from tests.making import Site

ROOT = Path(__file__).parent.parent
PERFORMANCE = ROOT / "docs/performance.md"
STYLES = tuple(corpus.FRONT_MATTER)


def facts(style: str, site: Path) -> dict[str, tuple[object, ...]]:
    """What a generator reads of each article, by the path of its file."""
    read = of_lines if style == "pelican" else of_yaml
    folder = site / corpus.ARTICLES
    return {str(path.relative_to(folder)): read(path.read_text(encoding="utf-8")) for path in folder.rglob("*.md")}


def of_yaml(text: str) -> tuple[object, ...]:
    """Of front matter in YAML."""
    _, matter, body = text.split("---\n", 2)
    known = yaml.safe_load(matter)
    authors = known["authors"] if "authors" in known else known["origin"]["authors"]
    origin = known["origin"] if isinstance(known["origin"], str) else known["origin"]["url"]
    return known["title"], known["date"][:16], known["summary"], known["topics"], authors, origin, body.strip()


def of_lines(text: str) -> tuple[object, ...]:
    """Of Pelican's `Key: value`."""
    matter, body = text.split("\n\n", 1)
    known = dict(line.split(": ", 1) for line in matter.splitlines())
    topics, date = known["Tags"].split(", "), known["Date"].replace(" ", "T")
    return known["Title"], date, known["Summary"], topics, [known["Authors"]], known["Origin"], body.strip()


@pytest.mark.parametrize("style", STYLES)
def test_every_generator_gets_the_same_articles(style: str, tmp_path: Path) -> None:
    """Names, headlines, dates, summaries, topics, authors, origins and texts."""
    corpus.write(40, tmp_path / "ours")
    corpus.write(40, tmp_path / "theirs", style)
    ours = facts("broadsheet", tmp_path / "ours")
    assert len(ours) == 40
    assert facts(style, tmp_path / "theirs") == ours


def test_the_articles_may_be_published_and_have_the_pages_that_the_others_make(site: Site) -> None:
    """Ours is built without a problem, with a page for each, where the benchmark looks for it."""
    corpus.write(40, site.root)
    assert site.build().code == 0
    pages = {str(article.path / "index.html") for article in corpus.articles(40)}
    assert pages == {path for path in site.files() if re.fullmatch(r"\d{4}/\d{2}/.+", path)}


@pytest.mark.parametrize("name", STYLES)
def test_a_change_of_the_theme_reaches_the_template_of_articles(name: str, tmp_path: Path) -> None:
    """In each generator's site, once."""
    side = generators.broadsheet() if name == "broadsheet" else generators.OTHERS[name][0]
    side.prepare(2, tmp_path / "site")
    shown = compare.set_scene("theme", side, tmp_path / "site", compare.middle(2), 7)
    assert (tmp_path / "site" / side.template).read_text(encoding="utf-8").count(shown) == 1


def test_an_edit_is_of_the_same_article_in_every_site(tmp_path: Path) -> None:
    """And adds the sentence that is looked for."""
    article = compare.middle(10)
    for name in STYLES:
        side = generators.broadsheet() if name == "broadsheet" else generators.OTHERS[name][0]
        side.prepare(10, tmp_path / name)
        shown = compare.set_scene("edit", side, tmp_path / name, article, 1)
        changed = [path for path in (tmp_path / name).rglob("*.md") if shown in path.read_text(encoding="utf-8")]
        assert [path.relative_to(tmp_path / name / corpus.ARTICLES) for path in changed] == [
            article.path.with_name(f"{article.name}.md")
        ]


@pytest.mark.parametrize(("pages", "feeds"), [(1011, 14), (989, 14), (1000, 13)])
def test_unequal_work_is_not_compared(pages: int, feeds: int) -> None:
    """More than a percent of pages more or less, or other feeds."""
    compare.hold_equal({"ours": Made(1000, 14), "other": Made(1009, 14)})
    with pytest.raises(compare.UnfitError, match=f"other: {pages} pages, {feeds} feeds"):
        compare.hold_equal({"ours": Made(1000, 14), "other": Made(pages, feeds)})


def test_a_stale_page_is_not_timed(tmp_path: Path) -> None:
    """A build that does not show the edit ends the run."""
    article = compare.middle(1)
    page = tmp_path / "public" / article.path / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("<p>Fresh words.</p>")
    compare.hold_shown({"ours": tmp_path}, article, "Fresh words.")
    with pytest.raises(compare.UnfitError, match=r"ours: .* does not show 'An edit.'"):
        compare.hold_shown({"ours": tmp_path}, article, "An edit.")


@pytest.mark.skipif(sys.platform != "linux", reason="processes are adopted on Linux only")
def test_the_time_of_a_process_that_outlives_its_parent_counts() -> None:
    """A command that leaves the work to a process which it does not wait for is charged for it."""
    work = "import time; until = time.process_time() + 0.5\nwhile time.process_time() < until: pass"
    command = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {work!r}], start_new_session=True)"
    measured = (
        "import json, sys; from pathlib import Path; from benchmarks import measure\n"
        f"cost = measure.run([sys.executable, '-c', {command!r}], Path.cwd())\n"
        "print(json.dumps([cost.wall, cost.cpu]))"
    )
    done = subprocess.run([sys.executable, "-c", measured], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)[1] > 0.5


def test_a_failed_command_has_no_cost() -> None:
    """It ends the run with what it said."""
    code = (
        "import sys; from pathlib import Path; from benchmarks import measure\n"
        "try: measure.run([sys.executable, '-c', 'raise SystemExit(\"no ink left\")'], Path.cwd())\n"
        "except measure.FailedError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "ended with 1" in done.stdout
    assert "no ink left" in done.stdout


def test_a_ratio_is_of_runs_that_followed_each_other() -> None:
    """The median of the ratios, not the ratio of the medians, which is 2 here."""
    assert measure.ratio([1, 4, 6], [1, 2, 8]) == 1


@pytest.mark.parametrize(
    ("number", "text"),
    [(12345.6, "12,346"), (123.4, "123"), (12.345, "12.3"), (0.8, "0.800"), (0.01234, "0.0123"), (0, "0"), (None, "–")],
)
def test_a_figure_has_three_digits_that_count(number: float | None, text: str) -> None:
    assert measure.figure(number) == text


def test_a_table_is_put_between_its_marks() -> None:
    """What stands around it stays, and without marks nothing is written."""
    document = "Before.\n<!-- begin floor -->\nold\n<!-- end floor -->\nAfter.\n"
    put = measure.put("| new |", "floor", document)
    assert put == "Before.\n<!-- begin floor -->\n\n| new |\n\n<!-- end floor -->\nAfter.\n"
    assert measure.put("| new |", "floor", put) == put
    with pytest.raises(ValueError, match="no place for growth"):
        measure.put("| new |", "growth", document)


def test_a_size_that_the_disk_cannot_hold_is_not_begun(tmp_path: Path) -> None:
    """By what the size before took, with a margin; bytes or files."""
    cost = dict.fromkeys(growth.SCENES, measure.Cost(1, 1))
    before = growth.Growth(10, cost, Space(100, 1), Space(200, 2), Space(100, 1))
    assert growth.wanted(100, before) == Space(5200, 52)
    there = disk.free(tmp_path)
    disk.hold_room("Few", Space(0, 0), tmp_path)
    for needed in (Space(2 * there.bytes + 1, 0), Space(0, 2 * there.files + 1)):
        with pytest.raises(disk.NoRoomError, match="--folder FOLDER"):
            disk.hold_room("Many", needed, tmp_path)


def test_the_page_on_performance_has_a_place_for_each_benchmark_and_no_figure_missing() -> None:
    """Each place is filled before a version is published."""
    text = PERFORMANCE.read_text(encoding="utf-8")
    places = re.findall(r"<!-- begin (\w+) -->\n(.*?)<!-- end \1 -->", text, re.DOTALL)
    assert [name for name, _ in places] == ["comparison", "growth", "limits", "floor", "stages"]
    assert [name for name, filled in places if "NOT MEASURED YET" in filled or not filled.strip()] == []
