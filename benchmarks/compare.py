"""Broadsheet beside Hugo, Pelican and Eleventy: the same articles, equal numbers of pages and feeds, on this machine.

    python benchmarks/compare.py [--sizes 1000 10000] [--runs 3] [--into docs/performance.md]

Scenes: cold (no output, no cache), again (nothing changed), edit (a sentence more in one article, in the middle),
theme (a line more in the template of articles), memory (a cold build again, its processes watched). The generators
take turns; a ratio is that of runs that followed each other, and the median of these. Each build is looked at: that it
shows what it should, and in as many pages as the others' within a percent. The others are installed into
`.cache/benchmarks/`. All that was built is kept until the end: at these sizes 15 GB must be free.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import corpus, generators
from benchmarks.disk import ARTICLE, NoRoomError, hold_room
from benchmarks.generators import EDITED, OUTPUT, THEMED, Generator
from benchmarks.measure import Cost, FailedError, figure, publish, ratio, run, table, told

SCENES = ("cold", "again", "edit", "theme", "memory")
UNEQUAL = 0.01
"""Share by which numbers of pages may differ."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a generator makes of the articles."""

    pages: int
    feeds: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """At one size. Costs by scene and generator, in the order of the runs."""

    number: int
    made: Mapping[str, Made]
    costs: Mapping[str, Mapping[str, Sequence[Cost]]]


class UnfitError(Exception):
    """A build is not what it should be, so that its cost says nothing."""


def main(arguments: Sequence[str]) -> int:
    """Compare at each size, print the tables."""
    options = parsed(arguments)
    try:
        sides = [generators.broadsheet(), *map(generators.other, options.against)]
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            builds = 1 + options.runs * len({"cold", "memory"}.intersection(options.scenes))
            hold_room("All builds", ARTICLE.times(sum(options.sizes) * builds * len(sides)), Path(folder))
            found = [compared(sides, number, Path(folder) / str(number), options) for number in options.sizes]
    except (FailedError, UnfitError, NoRoomError, generators.InstallationError) as error:
        print(error, file=sys.stderr)
        return 1
    publish(report(sides, found, options), "comparison", options.into)
    return 0


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000], metavar="N", help="articles")
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="of each scene (default: 3)")
    parser.add_argument("--scenes", nargs="+", choices=SCENES, default=list(SCENES))
    parser.add_argument(
        "--against", nargs="*", default=list(generators.OTHERS), metavar="NAME[=PROGRAM]", help="default: all three"
    )
    parser.add_argument("--folder", type=Path, help="where the sites are written for the time (default: the system's)")
    parser.add_argument("--into", type=Path, metavar="FILE", help="also put the tables into this document")
    return parser.parse_args(arguments)


def compared(sides: Sequence[Generator], number: int, folder: Path, options: argparse.Namespace) -> Comparison:
    """The costs at one size. Raises FailedError, UnfitError."""
    folder.mkdir()
    sites = {side.name: folder / side.name for side in sides}
    for side in sides:
        progress(f"{number:,} articles: {side.title}")
        side.prepare(number, sites[side.name])
        run(side.command, sites[side.name])  # not measured: it compiles what is compiled once, and is looked at
    made = {side.name: looked_at(sites[side.name]) for side in sides}
    hold_equal(made)
    article = middle(number)
    hold_shown(sites, article, article.title)
    costs = {scene: played(scene, sides, sites, article, options.runs) for scene in options.scenes}
    return Comparison(number, made, costs)


def played(
    scene: str, sides: Sequence[Generator], sites: Mapping[str, Path], article: corpus.Article, runs: int
) -> Mapping[str, Sequence[Cost]]:
    """A scene so many times, the generators in turn."""
    costs: dict[str, list[Cost]] = {side.name: [] for side in sides}
    for turn in range(1, runs + 1):
        progress(f"  {scene} {turn} of {runs}")
        for side in sides:
            shown = set_scene(scene, side, sites[side.name], article, turn)
            costs[side.name].append(run(side.command, sites[side.name], with_memory=scene == "memory"))
            hold_shown({side.name: sites[side.name]}, article, shown)
    return costs


def set_scene(scene: str, side: Generator, site: Path, article: corpus.Article, turn: int) -> str:
    """Change a site as the scene has it; what the article's page has to show then."""
    if scene in ("cold", "memory"):
        side.forget(site, site.with_name(f"{site.name}-before-{scene}-{turn}"))
    elif scene in ("edit", "headline"):
        file = site / corpus.ARTICLES / article.path.with_name(f"{article.name}.md")
        text = file.read_text(encoding="utf-8")
        said, headline = EDITED.format(turn), f"{article.title} {turn}"
        edited = f"{text}\n{said}\n" if scene == "edit" else text.replace(article.title, headline, 1)
        file.write_text(edited, encoding="utf-8")
        return said if scene == "edit" else headline
    elif scene == "theme":
        template = site / side.template
        text = template.read_text(encoding="utf-8")
        template.write_text(text.replace("</article>", f"{THEMED.format(turn)}\n</article>"), encoding="utf-8")
        return THEMED.format(turn)
    return article.title


def middle(number: int) -> corpus.Article:
    """One in the middle by date, shown in full where any is; of the first thousand, as dates are random."""
    few = sorted(corpus.articles(min(number, 1000)), key=lambda one: one.date)
    chosen = [one for one in few if one.kind == "full"] or few
    return chosen[len(chosen) // 2]


def looked_at(site: Path) -> Made:
    """Pages and feeds in RSS of what was built: the others make no other feeds."""
    feeds = [path for path in (site / OUTPUT).rglob("*.xml") if b"<rss" in path.read_bytes()[:1000]]
    return Made(sum(1 for _ in (site / OUTPUT).rglob("*.html")), len(feeds))


def hold_equal(made: Mapping[str, Made]) -> None:
    """Raises UnfitError where one has other numbers of pages or feeds than the first."""
    first, *rest = made.values()
    if any(abs(one.pages - first.pages) > UNEQUAL * first.pages or one.feeds != first.feeds for one in rest):
        listed = "\n".join(f"  {name}: {one.pages} pages, {one.feeds} feeds" for name, one in made.items())
        raise UnfitError(f"The generators do not make the same:\n{listed}")


def hold_shown(sites: Mapping[str, Path], article: corpus.Article, text: str) -> None:
    """Raises UnfitError where the article's page does not show the text."""
    for name, site in sites.items():
        page = site / OUTPUT / article.path / "index.html"
        if not page.is_file() or text not in page.read_text(encoding="utf-8"):
            raise UnfitError(f"{name}: {page.relative_to(site)} does not show {text!r} after the build")


def progress(text: str) -> None:
    """Say how far it is."""
    print(text, file=sys.stderr, flush=True)


def report(sides: Sequence[Generator], found: Sequence[Comparison], options: argparse.Namespace) -> str:
    """The tables, as markdown."""
    ours, *others = sides
    parts = [
        told(command(options), options.runs),
        "What each makes:",
        table(
            ["articles", "", *(f"{side.title} {side.version}" for side in sides)],
            [row for one in found for row in made_rows(one, sides)],
        ),
    ]
    timed = [(one, scene) for one in found for scene in one.costs if scene != "memory"]
    if timed and others:
        parts += [
            f"{ours.title}'s time as a share of the others', wall / cpu:",
            table(
                ["articles", "scene", *(side.title for side in others)],
                [
                    [f"{one.number:,}", scene, *(shares(one.costs[scene], ours, side) for side in others)]
                    for one, scene in timed
                ],
            ),
        ]
    if timed:
        parts += [
            "Seconds, wall / cpu:",
            table(
                ["articles", "scene", *(side.title for side in sides)],
                [
                    [f"{one.number:,}", scene, *(seconds(one.costs[scene][side.name]) for side in sides)]
                    for one, scene in timed
                ],
            ),
        ]
    if "memory" in options.scenes:
        parts += [
            f"Memory of a cold build at its peak, in MB, and {ours.title}'s as a share of it:",
            table(["articles", *(side.title for side in sides)], [memory_row(one, sides) for one in found]),
        ]
    return "\n\n".join(parts)


def command(options: argparse.Namespace) -> str:
    """What was asked for, without the places of programs and folders."""
    asked = ["python benchmarks/compare.py --sizes", *map(str, options.sizes), f"--runs {options.runs}"]
    against = [one.partition("=")[0] for one in options.against]
    if options.scenes != list(SCENES):
        asked += ["--scenes", *options.scenes]
    if against != list(generators.OTHERS):
        asked += ["--against", *against]
    return " ".join(asked)


def made_rows(one: Comparison, sides: Sequence[Generator]) -> list[list[str]]:
    """Pages and feeds."""
    return [
        [f"{one.number:,}", "HTML pages", *(f"{one.made[side.name].pages:,}" for side in sides)],
        [f"{one.number:,}", "RSS feeds", *(f"{one.made[side.name].feeds:,}" for side in sides)],
    ]


def shares(costs: Mapping[str, Sequence[Cost]], ours: Generator, other: Generator) -> str:
    """Wall and processor time of ours, by theirs."""
    a, b = costs[ours.name], costs[other.name]
    wall = ratio([cost.wall for cost in a], [cost.wall for cost in b])
    return f"{figure(wall)} / {figure(ratio([cost.cpu for cost in a], [cost.cpu for cost in b]))}"


def seconds(costs: Sequence[Cost]) -> str:
    """The medians."""
    wall, cpu = (statistics.median(values) for values in zip(*((cost.wall, cost.cpu) for cost in costs), strict=True))
    return f"{figure(wall)} / {figure(cpu)}"


def memory_row(one: Comparison, sides: Sequence[Generator]) -> list[str]:
    """Peaks, with the ratio to the first."""
    peaks = {side.name: [cost.peak for cost in one.costs["memory"][side.name] if cost.peak] for side in sides}
    first, *rest = (peaks[side.name] for side in sides)
    if not first:
        return [f"{one.number:,}", *["–"] * len(sides)]
    cells = [f"{figure(statistics.median(other))} ({figure(ratio(first, other))})" for other in rest]
    return [f"{one.number:,}", figure(statistics.median(first)), *cells]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
