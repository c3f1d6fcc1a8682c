"""The floor below a cold build: to read its content and to write its output, the same bytes, in one process.

    python benchmarks/floor.py [N] [--runs 3] [--into docs/performance.md]        10,000 articles unless told

Read: each file below `content/`, with finding it. Write: each file of the output into a fresh folder, with making the
folders. Nothing is flushed to the disk. The cold builds take turns with it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import generators
from benchmarks.compare import progress
from benchmarks.generators import OUTPUT
from benchmarks.measure import Cost, FailedError, figure, publish, run, table, told


@dataclass(frozen=True, slots=True)
class Moved:
    """Files that were read or written."""

    cost: Cost
    files: int
    bytes: int


class Clock:
    """Adds up what passes between `start` and `stop`."""

    def __init__(self) -> None:
        self.wall = self.cpu = 0.0

    def start(self) -> None:
        """Begin, or go on."""
        self.wall -= time.perf_counter()
        self.cpu -= time.process_time()

    def stop(self) -> None:
        """Stand still."""
        self.cpu += time.process_time()
        self.wall += time.perf_counter()


def main(arguments: Sequence[str]) -> int:
    """Build cold, read and write the same, so many times; print the table."""
    options = parsed(arguments)
    side = generators.broadsheet()
    built, reads, writes = [], [], []
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        site = Path(folder) / "site"
        side.prepare(options.number, site)
        try:
            run(side.command, site)  # not measured: it compiles what is compiled once
            for turn in range(1, options.runs + 1):
                progress(f"{turn} of {options.runs}")
                side.forget(site, Path(folder) / f"before-{turn}")
                built.append(run(side.command, site))
                reads.append(read(site / "content"))
                writes.append(written(site / OUTPUT, Path(folder) / f"fresh-{turn}"))
        except FailedError as error:
            print(error, file=sys.stderr)
            return 1
    command = f"python benchmarks/floor.py {options.number} --runs {options.runs}"
    text = told(command, options.runs) + "\n\n" + report(options.number, built, reads, writes)
    publish(text, "floor", options.into)
    return 0


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("number", type=int, nargs="?", default=10_000, metavar="N", help="articles (default: 10000)")
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="default: 3")
    parser.add_argument("--folder", type=Path, help="where the site is written for the time (default: the system's)")
    parser.add_argument("--into", type=Path, metavar="FILE", help="also put the table into this document")
    return parser.parse_args(arguments)


def read(folder: Path) -> Moved:
    """Every file of a folder, read."""
    clock, number, size = Clock(), 0, 0
    clock.start()
    for path in files(folder):
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - a Path of each would be none of the floor
            size += len(file.read())
        number += 1
    clock.stop()
    return Moved(Cost(clock.wall, clock.cpu), number, size)


def written(output: Path, fresh: Path) -> Moved:
    """Every file of the output, written again into a folder that is not there yet."""
    clock, number, size = Clock(), 0, 0
    made: set[str] = set()
    for path in files(output):
        data = Path(path).read_bytes()  # beside the clock, and one at a time: an output may be larger than the memory
        target = f"{fresh}{path.removeprefix(str(output))}"
        parent = target.rpartition("/")[0]
        clock.start()
        if parent not in made:
            os.makedirs(parent, exist_ok=True)  # noqa: PTH103
            made.add(parent)
        with open(target, "wb", buffering=0) as file:  # noqa: PTH123
            file.write(data)
        clock.stop()
        number, size = number + 1, size + len(data)
    return Moved(Cost(clock.wall, clock.cpu), number, size)


def files(folder: Path) -> Iterator[str]:
    """The paths of all files in a folder, at any depth."""
    return (f"{below}/{name}" for below, _, names in os.walk(folder) for name in names)


def report(number: int, built: Sequence[Cost], reads: Sequence[Moved], writes: Sequence[Moved]) -> str:
    """The table; shares of the cold build are medians over the turns."""
    floor = [Cost(a.cost.wall + b.cost.wall, a.cost.cpu + b.cost.cpu) for a, b in zip(reads, writes, strict=True)]
    rows = [
        line(f"read {amount(reads[0])}", number, [one.cost for one in reads], built),
        line(f"write {amount(writes[0])}", number, [one.cost for one in writes], built),
        line("the floor: both", number, floor, built),
        line("a cold build", number, built, built),
    ]
    return table(["", "wall s", "cpu s", "cpu ms an article", "cpu, share of the build"], rows)


def amount(moved: Moved) -> str:
    """`1,000 files, 4.2 MB`."""
    return f"{moved.files:,} files, {moved.bytes / 1e6:,.1f} MB"


def line(name: str, number: int, costs: Sequence[Cost], built: Sequence[Cost]) -> list[str]:
    """A row: medians, and what an article's share is."""
    wall, cpu = statistics.median(cost.wall for cost in costs), statistics.median(cost.cpu for cost in costs)
    share = statistics.median(cost.cpu / whole.cpu for cost, whole in zip(costs, built, strict=True))
    return [name, *map(figure, (wall, cpu, 1000 * cpu / number, share))]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
