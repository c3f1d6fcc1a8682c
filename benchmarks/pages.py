"""What the importer reads out of real web pages, beside what trafilatura reads out of them alone, in one run.

    python benchmarks/pages.py CORPUS [--seed N] [--half 1|2] [--licences] [--wrong FIELD]

CORPUS is a folder with trafilatura's evaluation set (https://github.com/adbar/trafilatura, `tests/`): `pages.json`,
which maps addresses to what is right, and the pages themselves in any folders below. docs/importing-pages.md explains
the figures.

Text: each segment that must be in it and is counts as found, each that must not be in it and is as wrong; F1 of these.
Title, author, date: of the pages whose right one is known, those where it is the same after normalising: NFKC, small
letters, words only; authors as a set of names, split at commas, semicolons, slashes, `&` and `and` in four languages;
dates by their day. Licence: of the pages that have one, those where one was found.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import re
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from broadsheet.importing.capture import Capture
from broadsheet.importing.draft import Draft
from broadsheet.importing.page import read
from broadsheet.reading import markdown

WORKERS = 2
FIELDS = ("title", "author", "date")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one of the two read out of a page."""

    text: str = ""
    title: str = ""
    author: tuple[str, ...] = ()
    date: str = ""
    licences: tuple[tuple[str, str, str], ...] = ()
    """Licence, place, words."""
    seconds: float = 0.0
    error: str = ""
    stated: str = ""
    """The date where it is no guess."""


@dataclass(frozen=True, slots=True)
class Result:
    """Both readings of a page."""

    address: str
    right: dict[str, Any]
    ours: Reading
    alone: Reading


def main(arguments: Sequence[str]) -> int:
    """Read the corpus, print the figures."""
    options = parsed(arguments)
    started = time.perf_counter()
    import trafilatura  # noqa: F401 - what its import costs is one of the figures

    print(f"import of trafilatura {time.perf_counter() - started:.2f} s")
    pages = chosen(json.loads((options.corpus / "pages.json").read_text()), options.seed, options.half)
    files = {path.name: path for path in options.corpus.rglob("*.html")}
    work = partial(compared, files)
    with multiprocessing.Pool(WORKERS) as pool:
        results = pool.map(work, pages, chunksize=10)
    report(results)
    if options.licences:
        list_licences(results)
    for field in options.wrong:
        list_wrong(results, field)
    return 0


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--seed", type=int, default=20261122, help="of the division in halves")
    parser.add_argument("--half", type=int, choices=(1, 2), help="only the one or the other half")
    parser.add_argument(
        "--licences", action="store_true", help="list the licences found beyond the right ones, and missed"
    )
    parser.add_argument("--wrong", action="append", default=[], choices=FIELDS, help="list what is not the right one")
    return parser.parse_args(arguments)


def chosen(pages: dict[str, Any], seed: int, half: int | None) -> list[tuple[str, dict[str, Any]]]:
    """The pages in an order that the seed decides, or half of them."""
    addresses = sorted(pages)
    random.Random(seed).shuffle(addresses)
    middle = len(addresses) // 2
    of_half = {None: addresses, 1: addresses[:middle], 2: addresses[middle:]}[half]
    return [(address, pages[address]) for address in of_half]


def compared(files: dict[str, Path], page: tuple[str, dict[str, Any]]) -> Result:
    """A page, read by both."""
    address, right = page
    data = files[right["file"]].read_bytes()
    return Result(address, right, timed(ours, address, data), timed(alone, address, data))


def timed(reader: Callable[[str, bytes], Reading], address: str, data: bytes) -> Reading:
    """A reading with its seconds; of a crash only the error."""
    started = time.perf_counter()
    try:
        reading = reader(address, data)
    except Exception as error:  # noqa: BLE001 - what is measured is whether there are any
        reading = Reading(error=repr(error))
    return Reading(
        **{name: getattr(reading, name) for name in Reading.__slots__} | {"seconds": time.perf_counter() - started}
    )


def ours(address: str, data: bytes) -> Reading:
    """By the importer; the text as it is read from its markdown."""
    is_web = address.startswith("http")
    draft = read(Capture(data=data, name=address, at=datetime.now(UTC), url=address if is_web else None))
    if not isinstance(draft, Draft):
        return Reading()
    passages = [passage.text for block in draft.blocks for passage in markdown.read(block).passages]
    return Reading(
        text="\n".join(passages),
        title=draft.title.value if draft.title else "",
        author=draft.authors.value if draft.authors else (),
        date=draft.published.value[:10] if draft.published else "",
        stated=draft.published.value[:10] if draft.published and not draft.published.is_guess else "",
        licences=tuple((claim.licence, claim.where, claim.words) for claim in draft.licences),
    )


def alone(_: str, data: bytes) -> Reading:
    """By trafilatura as its own evaluation calls it."""
    import trafilatura

    text = trafilatura.extract(data, include_comments=False, include_tables=True, include_formatting=False)
    said = trafilatura.extract_metadata(data)
    licences = ((said.license, "", ""),) if said and said.license else ()
    if said is None:
        return Reading(text=text or "")
    return Reading(text or "", said.title or "", tuple((said.author or "").split("; ")), said.date or "", licences)


def report(results: Sequence[Result]) -> None:
    """The figures, ours beside the library's."""
    print(f"{len(results)} pages\n{'':26}{'ours':>9}{'alone':>9}")
    both: tuple[Callable[[Result], Reading], ...] = (lambda result: result.ours, lambda result: result.alone)
    figures = [segments(results, side) for side in both]
    for name in ("precision", "recall", "F1"):
        row(f"text, {name}", [one[name] for one in figures])
    for field in FIELDS:
        known = [result for result in results if result.right.get(field)]
        row(f"{field}, of {len(known)}", [share(is_right(result, side, field) for result in known) for side in both])
        empty = [result for result in results if result.right.get(field) == ""]
        if empty:
            row(
                f"  {field} where none is, of {len(empty)}",
                [sum(has(side(result), field) for result in empty) for side in both],
            )
    dated = [result for result in results if result.right.get("date")]
    agreed = [normal(result.ours.stated) == normal(result.right["date"]) for result in dated]
    print(f"{'date, without guesses':26}{share(agreed):>9.3f}")
    undated = [result for result in results if result.right.get("date") == ""]
    print(f"{'  where none is':26}{sum(bool(result.ours.stated) for result in undated):>9}")
    licensed = [result for result in results if result.right.get("license")]
    free = [result for result in results if not result.right.get("license")]
    row(f"licence, of {len(licensed)}", [sum(bool(side(result).licences) for result in licensed) for side in both])
    row("  licence the same", [sum(is_right_licence(result, side(result)) for result in licensed) for side in both])
    row("  licence beyond these", [sum(bool(side(result).licences) for result in free) for side in both])
    row("crashes", [sum(bool(side(result).error) for result in results) for side in both])
    row("milliseconds a page", [1000 * sum(side(result).seconds for result in results) / len(results) for side in both])
    row("longest, seconds", [max(side(result).seconds for result in results) for side in both])


def row(name: str, figures: Sequence[float]) -> None:
    """One line of the table."""
    print(f"{name:26}" + "".join(f"{one:>9}" if isinstance(one, int) else f"{one:>9.3f}" for one in figures))


def segments(results: Sequence[Result], side: Callable[[Result], Reading]) -> dict[str, float]:
    """Precision, recall and F1 over the segments."""
    found = missed = wrong = 0
    for result in results:
        text = side(result).text
        inside = [segment in text for segment in result.right["with"]]
        found, missed = found + sum(inside), missed + len(inside) - sum(inside)
        wrong += sum(segment in text for segment in result.right["without"])
    precision, recall = found / (found + wrong), found / (found + missed)
    return {"precision": precision, "recall": recall, "F1": 2 * precision * recall / (precision + recall)}


def share(outcomes: Iterable[bool]) -> float:
    """How many of them are so, 0 to 1."""
    known = list(outcomes)
    return sum(known) / len(known) if known else 0.0


def has(reading: Reading, field: str) -> bool:
    """Whether anything was read there."""
    return bool(getattr(reading, field)) and getattr(reading, field) != ("",)


def is_right(result: Result, side: Callable[[Result], Reading], field: str) -> bool:
    """Whether a field is the same as the right one, normalised."""
    right, read_out = result.right[field], getattr(side(result), field)
    if field == "author":
        return people([right] if isinstance(right, str) else right) == people(read_out)
    return normal(right) == normal(read_out)


def is_right_licence(result: Result, reading: Reading) -> bool:
    """Whether one of the licences has the terms, the version and the port of the right one."""
    right = normal(result.right["license"])
    forms = {
        normal(re.sub(r"https://creativecommons.org/licenses/", "cc ", licence)) for licence, _, _ in reading.licences
    }
    return right in forms


def normal(text: str) -> str:
    """The form that is compared: NFKC, small letters, words with single spaces."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).replace("\xad", "").casefold()))


def people(names: Iterable[str]) -> frozenset[str]:
    """Names as a set."""
    parts = [
        part for name in names for part in re.split(r"[;,&/]|\band\b|\bund\b|\bet\b|\by\b", name, flags=re.IGNORECASE)
    ]
    return frozenset(normal(re.sub(r"^\s*(?:by|von|par)\s", "", part, flags=re.IGNORECASE)) for part in parts) - {""}


def list_licences(results: Sequence[Result]) -> None:
    """Each licence that was found where none is known to be, and each page where one was missed."""
    for result in results:
        right = result.right.get("license") or ""
        if right and not is_right_licence(result, result.ours):
            print(f"\n{result.address}\n  right {right}; found {[claim[:2] for claim in result.ours.licences]}")
        if not right and result.ours.licences:
            print(
                f"\n{result.address}\n  beyond: "
                + "\n          ".join(" | ".join(claim) for claim in result.ours.licences)
            )


def list_wrong(results: Sequence[Result], field: str) -> None:
    """Each page where a field is not the right one."""
    for result in results:
        if result.right.get(field) and not is_right(result, lambda one: one.ours, field):
            print(f"{field}: {result.right[field]!r} | {getattr(result.ours, field)!r} | {result.address[:80]}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
