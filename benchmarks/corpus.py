"""Write a site of N articles into a folder: three fifths public domain, one fifth CC BY, one fifth excerpts.

    python benchmarks/corpus.py 10000 SITE [--style broadsheet|hugo|pelican|eleventy]

Deterministic: the same N gives the same bytes, and in each style the same articles, with the front matter that the
generator of that name reads. The words are made up, with the lengths that English words have: no text of anybody is in
it. Each excerpt has the fingerprint of an original of which nothing else is written.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from broadsheet.fingerprint import Fingerprint, dump, fingerprint
from broadsheet.words import count_words, sha256

TOPICS = ("Ports", "Weather", "Trade", "Energy", "Health", "Schools", "Science", "Water", "Housing", "Transport")
PUBLISHERS = (
    ("voa", "Voice of America", "https://www.voanews.com/a/", "full", 0.6),
    ("global-voices", "Global Voices", "https://globalvoices.org/2023/", "full", 0.2),
    ("the-new-american", "The New American", "https://thenewamerican.com/us/", "excerpt", 0.2),
)
CONFIG = "title: The Made-up Paper\nbase_url: https://paper.example/\n"
ARTICLES = Path("content/articles")
"""Where they lie in a site, in every style."""


@dataclass(frozen=True, slots=True)
class Article:
    """What is published of a text."""

    name: str
    """Of its file and in its address."""
    publisher: str
    publisher_name: str
    url: str
    kind: str
    date: datetime
    title: str
    summary: str
    author: str
    topics: tuple[str, ...]
    body: str
    sha256: str
    words: int
    """These two of the original."""
    fingerprint: Fingerprint | None
    """Of the original of an excerpt."""

    @property
    def instant(self) -> str:
        """`2023-05-01T09:00:00Z`."""
        return self.date.strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def path(self) -> Path:
        """`2023/05/NAME`, of its file without the suffix and of its page."""
        return Path(f"{self.date:%Y}", f"{self.date:%m}", self.name)


def main(arguments: Sequence[str]) -> int:
    """Write the site."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("number", type=int, metavar="N")
    parser.add_argument("site", type=Path)
    parser.add_argument("--style", choices=tuple(FRONT_MATTER), default="broadsheet")
    options = parser.parse_args(arguments)
    write(options.number, options.site, options.style)
    return 0


def write(number: int, site: Path, style: str = "broadsheet") -> None:
    """Write a site of `number` articles; what else its generator needs lies in the folder of its name."""
    site.mkdir(parents=True, exist_ok=True)
    if style == "broadsheet":
        (site / "config.yaml").write_text(CONFIG, encoding="utf-8")
    for article in articles(number):
        file = site / ARTICLES / article.path.with_name(f"{article.name}.md")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(FRONT_MATTER[style](article) + "\n" + article.body, encoding="utf-8")
        if style == "broadsheet" and article.fingerprint:
            file.with_suffix(".fingerprint").write_text(dump(article.fingerprint), encoding="utf-8")


def articles(number: int) -> Iterator[Article]:
    """So many articles, the same each time."""
    rng = random.Random(2023)
    words = vocabulary(rng)
    return (make(rng, words, n) for n in range(number))


def vocabulary(rng: random.Random) -> list[str]:
    """Five thousand words of one to five syllables, the short ones often."""

    def word() -> str:
        syllables = rng.choice((1, 1, 2, 2, 2, 3, 3, 4, 5))
        return "".join(rng.choice("bcdfghklmnprstvz") + rng.choice("aeiou") for _ in range(syllables))

    return [word() for _ in range(5000)]


def make(rng: random.Random, words: list[str], number: int) -> Article:
    """One article: of an original the whole, or a quotation between words of one's own."""
    publisher, publisher_name, base, kind, _ = rng.choices(PUBLISHERS, weights=[p[4] for p in PUBLISHERS])[0]
    original = [sentence(rng, words) for _ in range(rng.randint(20, 45))]
    text = " ".join(original)
    if kind == "full":
        body = whole(rng, original)
    else:
        body = f"{sentence(rng, words)} {sentence(rng, words)}\n\n> {original[3]}\n\n{sentence(rng, words)}\n"
    name = f"{'-'.join(rng.choices(words, k=6))}-{number}"
    return Article(
        name=name,
        publisher=publisher,
        publisher_name=publisher_name,
        url=f"{base}{name}.html",
        kind=kind,
        date=datetime(2023, 1, 1, tzinfo=UTC) + timedelta(minutes=rng.randrange(60 * 24 * 365 * 3)),
        title=" ".join(rng.choices(words, k=8)).capitalize(),
        summary=sentence(rng, words),
        author=" ".join(rng.choices(words, k=2)).title(),
        topics=tuple(rng.sample(TOPICS, 2)),
        body=body,
        sha256=sha256(text),
        words=count_words(text),
        fingerprint=fingerprint(text, original[3:4]) if kind == "excerpt" else None,
    )


def whole(rng: random.Random, sentences: list[str]) -> str:
    """Paragraphs of three sentences with what reports have: emphasis, links, here and there a heading or a list."""
    blocks = []
    for n in range(0, len(sentences), 3):
        three = sentences[n : n + 3]
        if n and rng.random() < 0.05:
            blocks.append("## " + three.pop(0).rstrip("."))
        if rng.random() < 0.03:
            blocks.append("\n".join(f"- {one}" for one in three))
        elif three:
            blocks.append(" ".join(marked(rng, one) for one in three))
    return "\n\n".join(blocks) + "\n"


def marked(rng: random.Random, text: str) -> str:
    """A sentence, at times with a word emphasised or linked."""
    words = text.split(" ")
    chance, place = rng.random(), rng.randrange(1, len(words) - 1)
    if chance < 0.15:
        words[place] = f"*{words[place]}*"
    elif chance < 0.25:
        words[place] = f"[{words[place]}](https://reference.example/{rng.randrange(10**6)})"
    return " ".join(words)


def sentence(rng: random.Random, words: list[str]) -> str:
    """Twelve to twenty-six words."""
    return " ".join(rng.choices(words, k=rng.randint(12, 26))).capitalize() + "."


def ours(article: Article) -> str:
    """The front matter of docs/front-matter.md."""
    return yaml(
        {
            "title": article.title,
            "date": article.instant,
            "kind": article.kind,
            "summary": article.summary,
            "topics": article.topics,
            "origin": {
                "publisher": article.publisher,
                "url": article.url,
                "authors": [article.author],
                "published": article.instant,
            },
            "retrieved": {
                "from": article.url,
                "at": article.instant,
                "sha256": article.sha256,
                "words": article.words,
            },
        }
    )


def theirs(article: Article) -> str:
    """For Hugo and Eleventy: the same facts; publisher and month as lists, which Hugo's taxonomies want."""
    return yaml(
        {
            "title": article.title,
            "date": article.instant,
            "slug": article.name,
            "summary": article.summary,
            "topics": article.topics,
            "publishers": [article.publisher_name],
            "months": [f"{article.date:%Y-%m}"],
            "authors": [article.author],
            "origin": article.url,
            "sha256": article.sha256,
            "words": article.words,
        }
    )


def yaml(matter: Mapping[str, Any]) -> str:
    """Front matter between its lines, each value as JSON, which is YAML too."""
    return "\n".join(["---", *(f"{key}: {json.dumps(value)}" for key, value in matter.items()), "---\n"])


def pelican(article: Article) -> str:
    """Lines of `Key: value`."""
    matter = {
        "Title": article.title,
        "Date": f"{article.date:%Y-%m-%d %H:%M}",
        "Slug": article.name,
        "Summary": article.summary,
        "Tags": ", ".join(article.topics),
        "Category": article.publisher_name,
        "Authors": article.author,
        "Origin": article.url,
        "Sha256": article.sha256,
        "Words": article.words,
    }
    return "".join(f"{key}: {value}\n" for key, value in matter.items())


FRONT_MATTER: Mapping[str, Callable[[Article], str]] = {
    "broadsheet": ours,
    "hugo": theirs,
    "pelican": pelican,
    "eleventy": theirs,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
