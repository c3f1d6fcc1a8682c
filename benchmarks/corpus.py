"""Write a site of N articles into a folder: three fifths public domain, one fifth CC BY, one fifth excerpts.

    python benchmarks/corpus.py 10000 SITE

Deterministic: the same N gives the same bytes. The words are made up, with the lengths that English words have: no
text of anybody is in it. Each excerpt has the fingerprint of an original of which nothing else is written.
"""

from __future__ import annotations

import json
import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from broadsheet.fingerprint import dump, fingerprint

TOPICS = ("Ports", "Weather", "Trade", "Energy", "Health", "Schools", "Science", "Water", "Housing", "Transport")
PUBLISHERS = (
    ("voa", "https://www.voanews.com/a/", "full", 0.6),
    ("global-voices", "https://globalvoices.org/2023/", "full", 0.2),
    ("the-new-american", "https://thenewamerican.com/us/", "excerpt", 0.2),
)
CONFIG = "title: The Made-up Paper\nbase_url: https://paper.example/\n"


def main(arguments: list[str]) -> int:
    """Write the site."""
    if len(arguments) != 2 or not arguments[0].isdigit():
        print(__doc__)
        return 2
    write(int(arguments[0]), Path(arguments[1]))
    return 0


def write(number: int, site: Path) -> None:
    """Write a site of `number` articles."""
    rng = random.Random(2023)
    words = vocabulary(rng)
    site.mkdir(parents=True, exist_ok=True)
    (site / "config.yaml").write_text(CONFIG, encoding="utf-8")
    for n in range(number):
        write_article(rng, words, n, site)


def vocabulary(rng: random.Random) -> list[str]:
    """Five thousand words of one to five syllables, the short ones often."""

    def word() -> str:
        syllables = rng.choice((1, 1, 2, 2, 2, 3, 3, 4, 5))
        return "".join(rng.choice("bcdfghklmnprstvz") + rng.choice("aeiou") for _ in range(syllables))

    return [word() for _ in range(5000)]


def write_article(rng: random.Random, words: list[str], number: int, site: Path) -> None:
    """Write one article and, of an excerpt, the fingerprint of its original."""
    publisher, base, kind, _ = rng.choices(PUBLISHERS, weights=[p[3] for p in PUBLISHERS])[0]
    date = datetime(2023, 1, 1, tzinfo=UTC) + timedelta(minutes=rng.randrange(60 * 24 * 365 * 3))
    original = [sentence(rng, words) for _ in range(rng.randint(20, 45))]
    stored = fingerprint(" ".join(original), original[3:4])
    if kind == "full":
        body = "\n\n".join(" ".join(original[n : n + 3]) for n in range(0, len(original), 3))
    else:
        body = f"{sentence(rng, words)} {sentence(rng, words)}\n\n> {original[3]}\n\n{sentence(rng, words)}"
    name = f"{'-'.join(rng.choices(words, k=6))}-{number}"
    instant = date.strftime("%Y-%m-%dT%H:%M:%SZ")
    matter = {
        "title": " ".join(rng.choices(words, k=8)).capitalize(),
        "date": instant,
        "kind": kind,
        "summary": sentence(rng, words),
        "topics": rng.sample(TOPICS, 2),
        "origin": {
            "publisher": publisher,
            "url": f"{base}{name}.html",
            "authors": [" ".join(rng.choices(words, k=2)).title()],
            "published": instant,
        },
        "retrieved": {"from": f"{base}{name}.html", "at": instant, "sha256": stored.sha256, "words": stored.words},
    }
    file = site / "content" / "articles" / f"{date:%Y}" / f"{date:%m}" / f"{name}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = (f"{key}: {json.dumps(value)}" for key, value in matter.items())
    file.write_text("---\n" + "\n".join(lines) + f"\n---\n\n{body}\n", encoding="utf-8")
    if kind == "excerpt":
        file.with_suffix(".fingerprint").write_text(dump(stored), encoding="utf-8")


def sentence(rng: random.Random, words: list[str]) -> str:
    """Twelve to twenty-six words."""
    return " ".join(rng.choices(words, k=rng.randint(12, 26))).capitalize() + "."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
