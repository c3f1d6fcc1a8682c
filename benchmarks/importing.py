"""What an import costs: a long feed into an empty site, the same again, and one text more, each a process of its own.

    python benchmarks/importing.py [N] [--profile]        10,000 items of 600 words unless told

Prints seconds (by the clock; of the processor) and the most memory that a process had at once, in MB of 10**6 bytes.
With `--profile`, what is imported is 200 items at most, within this process, and the time is told by function.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parent.parent
SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprst" for vowel in "aeio"]
FIRST = datetime(2020, 1, 1, tzinfo=UTC)
CONFIG = "title: A Digest\nbase_url: https://digest.example/\nlanguage: en\nlicence: CC-BY-4.0\n"
HEAD = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>The Long Feed</title><link>https://long.example/</link><description>Invented words</description>
<language>en</language><copyright>The Long Feed</copyright>
"""
# Run by a child: how much of the memory is the feed's.
_READ = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from broadsheet.importing.capture import Capture
from broadsheet.importing.feeds import feed
read = feed.read(Capture(data=Path(sys.argv[1]).read_bytes(), name="feed.xml", at=datetime.now(UTC)))
for entry in read.entries:
    pass
"""


def write_feed(path: Path, n: int, words: int = 600, seed: int = 1) -> None:
    """An RSS feed of `n` items of about `words` invented words each, newest first, the same for the same seed."""
    chance = random.Random(seed)
    vocabulary = ["".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(4000)]
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        for number in range(n, 0, -1):
            file.write(_item(number, words, vocabulary, chance))
        file.write("</channel></rss>\n")


def _item(number: int, words: int, vocabulary: list[str], chance: random.Random) -> str:
    def said(count: int) -> str:
        return " ".join(chance.choices(vocabulary, k=count))

    address = f"https://long.example/{number}"
    endings = (f'<a href="/about/{said(1)}">{said(2)}</a>', f"<em>{said(2)}</em>", said(2), said(2))
    paragraphs = [f"<p>{said(48)}, {endings[n % 4]}.</p>" for n in range(max(1, words // 50))]
    html = "\n".join(paragraphs)
    return (
        f"<item><title>{said(8).capitalize()}</title><link>{address}</link><guid>{address}</guid>"
        f"<dc:creator>{said(2).title()}</dc:creator>"
        f"<pubDate>{format_datetime(FIRST + timedelta(hours=number))}</pubDate>"
        f"<description>{escape(paragraphs[0])}</description><content:encoded>{escape(html)}</content:encoded></item>\n"
    )


def _text() -> str:
    """A text that no feed has."""
    chance = random.Random(0)
    said = ("".join(chance.choices(SYLLABLES, k=3)) for _ in range(600))
    return f"The mayor opens a bridge\n\nBy A. Writer\n\n{' '.join(said).capitalize()}.\n"


@dataclass(frozen=True, slots=True)
class Cost:
    """Of a process."""

    wall: float
    processor: float
    """Seconds, as is the other."""
    memory: int
    """Bytes, at most at once."""

    def __str__(self) -> str:
        return f"{self.wall:8.2f} s {self.processor:8.2f} s {self.memory / 1e6:7.0f} MB"


def run(*arguments: str) -> Cost:
    """A Python process of its own; ends this one where it fails."""
    started = time.perf_counter()
    child = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL)  # noqa: S603
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"failed: {' '.join(arguments)}")
    # Linux counts in KiB, macOS in bytes.
    memory = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Cost(time.perf_counter() - started, usage.ru_utime + usage.ru_stime, memory)


def _import(thing: Path, site: Path) -> Cost:
    return run("build.py", "import", str(thing), "-s", str(site), "-q")


def measure(n: int, folder: Path) -> None:
    """A feed of `n` items, and what is to be compared with it."""
    feed, text, site, empty = folder / "feed.xml", folder / "text.txt", _site(folder / "site"), _site(folder / "empty")
    write_feed(feed, n)
    text.write_text(_text(), encoding="utf-8")
    print(f"{n} items, {feed.stat().st_size / 1e6:.1f} MB          clock  processor    memory")
    start = _import(text, empty)
    print(f"a text into an empty site  {start}")
    print(f"reading the feed alone     {run('-c', _READ, str(feed))}")
    cost = _import(feed, site)
    print(f"importing it               {cost}")
    print(f"  an item: {cost.processor / n * 1e3:.2f} ms of processor time, {n / cost.processor:.0f} a second")
    print(f"importing it again         {_import(feed, site)}")
    cost = _import(text, site)
    print(f"a text into that site      {cost}")
    print(f"  an article that is there: {(cost.processor - start.processor) / n * 1e3:.2f} ms of processor time")


def _site(folder: Path) -> Path:
    folder.mkdir()
    (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
    return folder


def profile(n: int, folder: Path) -> None:
    """Where the time goes, by function, each with what it calls."""
    from broadsheet.cli import main

    write_feed(folder / "feed.xml", n)
    profiler = cProfile.Profile()
    profiler.runcall(main, ["import", str(folder / "feed.xml"), "-s", str(_site(folder / "site")), "-q"])
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(r"broadsheet.*\.py", 60)


def main() -> None:
    """Generate and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("n", type=int, nargs="?", default=10_000)
    parser.add_argument("--profile", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if arguments.profile:
            profile(min(arguments.n, 200), Path(folder))
        else:
            measure(arguments.n, Path(folder))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
