"""How quickly, and in how much memory, a long feed is read.

    python -m benchmarks.feeds [--items N] [--keep FILE]

Prints the feed's size, items a second of processor time from bytes to drafts, and the most memory that the process
had before and after.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

from broadsheet.importing.capture import Capture
from broadsheet.importing.feeds import feed
from broadsheet.problem import Finding

SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprst" for vowel in "aeio"]
FIRST = datetime(2020, 1, 1, tzinfo=UTC)
HEAD = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>The Long Feed</title><link>https://long.example/</link><description>Invented words</description>
<language>en</language><copyright>The Long Feed</copyright>
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


def _most_memory() -> int:
    """MB (10**6 bytes) that this process ever had at once. Linux counts in KiB, macOS in bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // 10**6 if sys.platform == "darwin" else most * 1024 // 10**6


def measure(path: Path) -> None:
    """Read the feed item by item, keep none, and print what it cost."""
    before = _most_memory()
    start = time.process_time()
    capture = Capture(data=path.read_bytes(), name=path.name, at=datetime.now(UTC), url="https://long.example/feed.xml")
    read = feed.read(capture)
    if isinstance(read, Finding):
        sys.exit(read.message)
    parsed = time.process_time() - start
    drafts = sum(not isinstance(entry, Finding) for entry in read.entries)
    seconds = time.process_time() - start
    print(f"{path.stat().st_size / 1e6:.1f} MB, {drafts} items: {seconds:.1f} s, of which parsing {parsed:.1f} s")
    print(f"{drafts / seconds:.0f} items a second; memory at most {_most_memory()} MB, before {before} MB")


def main() -> None:
    """Generate and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--keep", type=Path, metavar="FILE", help="where to keep the generated feed")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = arguments.keep or Path(folder) / "feed.xml"
        write_feed(path, arguments.items)
        measure(path)


if __name__ == "__main__":
    main()
