"""How the cost grows at 1,000, 10,000, 100,000 and 1,000,000 articles: time, memory and disk.

    python benchmarks/growth.py [--sizes 1000 10000 100000 1000000] [--against hugo] [--into docs/performance.md]

One run of each. Before a size is begun, there must be room on the disk for it, as far as the size before tells. The
memory of cold builds is watched while they are timed, which costs at most a tenth of a core. A size is built before the
one before is deleted, for what is deleted slows down some disks (see compare.py).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import compare, generators
from benchmarks.corpus import Article
from benchmarks.disk import ARTICLE, NoRoomError, Space, hold_room, taken, total
from benchmarks.generators import OUTPUT, Generator
from benchmarks.measure import Cost, FailedError, figure, publish, run, table, told

SIZES = (1000, 10_000, 100_000, 1_000_000)
SCENES = ("cold", "again", "edit", "headline")
"""An edit changes an article's text, a headline what listings show of it, for which the whole site is planned anew."""
HEAD = (
    *("articles", "", "cold, wall s", "cpu s", "an article, by the size before", "again, wall s", "edit, wall s"),
    *("headline, wall s", "peak MB", "content MB", "output MB", "cache MB"),
)
MARGIN = 1.3
"""What is wanted of the disk, by what is expected to be used."""


@dataclass(frozen=True, slots=True)
class Growth:
    """One generator at one size."""

    number: int
    costs: Mapping[str, Cost]
    """By scene."""
    content: Space
    output: Space
    kept: Space
    """The cache."""


def main(arguments: Sequence[str]) -> int:
    """Measure each size, print the table; also where a size fails, of those before."""
    options = parsed(arguments)
    code = 0
    rows: list[list[str]] = []
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        try:
            for side in [generators.broadsheet(), *map(generators.other, options.against)]:
                before: Growth | None = None
                for number in sorted(options.sizes):
                    now = grown(side, number, before, Path(folder))
                    rows.append(row(side, now, before))
                    before = now
        except (FailedError, NoRoomError, compare.UnfitError, generators.InstallationError) as error:
            print(error, file=sys.stderr)
            code = 1
    if not rows:
        return code
    asked = ["python benchmarks/growth.py --sizes", *map(str, options.sizes)]
    if options.against:
        asked += ["--against", *(one.partition("=")[0] for one in options.against)]
    text = told(" ".join(asked), 1) + "\n\n" + table(HEAD, rows)
    publish(text, "growth", options.into if code == 0 else None)
    return code


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), metavar="N", help="articles")
    parser.add_argument("--against", nargs="*", default=[], metavar="NAME[=PROGRAM]", help="also these generators")
    parser.add_argument("--folder", type=Path, help="where the sites are written for the time (default: the system's)")
    parser.add_argument("--into", type=Path, metavar="FILE", help="also put the table into this document")
    return parser.parse_args(arguments)


def grown(side: Generator, number: int, before: Growth | None, folder: Path) -> Growth:
    """The costs at one size. Raises NoRoomError, FailedError, UnfitError."""
    hold_room(f"{number:,} articles", wanted(number, before), folder)
    site = folder / f"{side.name}-{number}"
    compare.progress(f"{side.title}, {number:,} articles: writing them")
    side.prepare(number, site)
    article = compare.middle(number)
    costs = {scene: staged(scene, side, site, article) for scene in SCENES}
    kept = total(taken(site / name) for name in side.kept)
    return Growth(number, costs, taken(site / "content"), taken(site / OUTPUT), kept)


def staged(scene: str, side: Generator, site: Path, article: Article) -> Cost:
    """The cost of a scene, in which the article's page shows what it should."""
    compare.progress(f"  {scene}")
    shown = article.title if scene == "cold" else compare.set_scene(scene, side, site, article, 1)
    cost = run(side.command, site, with_memory=scene == "cold")
    compare.hold_shown({side.name: site}, article, shown)
    return cost


def wanted(number: int, before: Growth | None) -> Space:
    """What a size takes, by what the one before took."""
    return ARTICLE.times(MARGIN * number) if before is None else measured(before).times(MARGIN * number / before.number)


def measured(one: Growth) -> Space:
    """All that lay on the disk."""
    return total((one.content, one.output, one.kept))


def row(side: Generator, now: Growth, before: Growth | None) -> list[str]:
    """A line of the table."""
    cold = now.costs["cold"]
    step = cold.wall / now.number / (before.costs["cold"].wall / before.number) if before else None
    figures = (cold.wall, cold.cpu, step, *(now.costs[scene].wall for scene in SCENES[1:]))
    spaces = (f"{space.bytes / 1e6:,.1f}" for space in (now.content, now.output, now.kept))
    return [f"{now.number:,}", side.title, *map(figure, figures), figure(cold.peak), *spaces]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
