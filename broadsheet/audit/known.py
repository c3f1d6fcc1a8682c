"""Captured texts, as far as they are at hand: their words, to be known again wherever they stand."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import groupby
from typing import NamedTuple

from msgspec import Struct

from broadsheet import fingerprint
from broadsheet.bill import BillItem
from broadsheet.fingerprint import RUN, WINDOW, Fingerprint
from broadsheet.model import Kind, ReviewFinding
from broadsheet.rights.copying import MOST_IN_HEADLINE


class Known(Struct, frozen=True):
    """A captured text."""

    sha256: str
    runs: frozenset[str]
    """Hashes of the runs of words by which it is known again."""
    text: str = ""
    """Its normalised words, with a space before and after each; empty where only its fingerprint is at hand."""


def known_text(text: str, stored: Fingerprint | None) -> Known:
    """What is known of a text that is at hand; `stored` is its fingerprint, where that is too."""
    made = stored or fingerprint.fingerprint(text)
    return Known(made.sha256, made.runs, f" {' '.join(fingerprint.normalised(text))} ")


class Copied(NamedTuple):
    """Where words stand on a surface as they stand in a captured text: from the first up to the end."""

    first: int
    end: int
    owner: str
    """SHA-256 of that text."""


class Words:
    """The words of all captured texts that are at hand."""

    def __init__(self, known: Iterable[Known], items: Iterable[BillItem]) -> None:
        self._items = {it.retrieved.sha256: it for it in items if it.retrieved and it.retrieved.sha256}
        self._texts: dict[str, str] = {}
        self._owners: dict[str, tuple[str, ...]] = {}
        for it in known:
            if it.sha256 not in self._texts:
                self._texts[it.sha256] = it.text
                own = (it.sha256,)
                for run in it.runs - _stated(self._items.get(it.sha256)):
                    others = self._owners.get(run)
                    self._owners[run] = own if others is None else (*others, it.sha256)

    def __bool__(self) -> bool:
        return bool(self._owners)

    @property
    def sha256s(self) -> frozenset[str]:
        """Of the texts that are known here."""
        return frozenset(self._texts)

    def item(self, owner: str) -> BillItem | None:
        """The article that was made of a text; None where the digest shows none."""
        return self._items.get(owner)

    def copied(self, spoken: Sequence[str], own: BillItem | None = None) -> Iterator[Copied]:
        """What of a surface's normalised words stands in captured texts; `own` is the surface's own article.

        What stands in a text that is reprinted here is nobody else's, though others have it too; and a reprint may have
        all of its own. A fingerprint's hashes are short, and those of all works are many: on surfaces of other articles
        one that agrees is no proof.
        """
        ours = own.retrieved.sha256 if own is not None and own.retrieved is not None else None
        runs: Container[str] = self._owners
        if ours is not None and is_cleared(own):
            runs = _Others(self._owners, (ours,))
        for first, end in fingerprint.copied(spoken, runs):
            found = self._places(spoken, max(first - WINDOW, 0), min(end + WINDOW, len(spoken)))
            free = [span for owner in found if is_cleared(self._items.get(owner)) for span in _spans(found[owner])]
            for owner, numbers in found.items():
                if not is_cleared(self._items.get(owner)):
                    numbers = [n for n in numbers if not any(a <= n and n + RUN <= b for a, b in free)]  # noqa: PLW2901
                if numbers and (owner == ours or self._texts[owner] or numbers[-1] > numbers[0]):
                    yield self._whole(spoken, Copied(numbers[0], numbers[-1] + RUN, owner))

    def _places(self, spoken: Sequence[str], first: int, end: int) -> dict[str, list[int]]:
        """By the text that has them: the words, from the first to the end, at which its runs begin."""
        found = sorted((owner, n) for n in range(first, end - RUN + 1) for owner in self._owners_at(spoken, n))
        return {owner: [n for _, n in group] for owner, group in groupby(found, key=lambda place: place[0])}

    def _owners_at(self, spoken: Sequence[str], n: int) -> list[str]:
        run = " ".join(spoken[n : n + RUN])
        owners = self._owners.get(_hash(run), ())
        return [owner for owner in owners if not self._texts[owner] or f" {run} " in self._texts[owner]]

    def _whole(self, spoken: Sequence[str], found: Copied) -> Copied:
        """All that is copied round what was found, where the text is at hand to tell."""
        first, end, owner = found
        text = self._texts[owner]
        while first > 0 and f" {' '.join(spoken[first - 1 : end])} " in text:
            first -= 1
        while end < len(spoken) and f" {' '.join(spoken[first : end + 1])} " in text:
            end += 1
        return Copied(first, end, owner)


class _Others:
    """The runs of all texts but those that one text alone has."""

    def __init__(self, owners: dict[str, tuple[str, ...]], own: tuple[str, ...]) -> None:
        self._owners, self._own = owners, own

    def __contains__(self, run: object) -> bool:
        return self._owners.get(run, self._own) != self._own  # type: ignore[call-overload, no-any-return]


def is_cleared(item: BillItem | None) -> bool:
    """Whether the words of an article's original may stand here without quotation marks."""
    if item is None or item.withdrawn is not None:
        return False
    was_granted = item.review is not None and item.review.finding == ReviewFinding.PERMISSION_GRANTED.value
    return was_granted or is_reprinted(item)


def is_reprinted(item: BillItem) -> bool:
    """Whether an article shows its original whole, and no cap holds for it."""
    return item.kind is Kind.FULL and item.withdrawn is None


def _spans(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """The stretches that runs cover which begin at these words."""
    first = last = numbers[0]
    for n in numbers[1:]:
        if n > last + RUN:
            yield first, last + RUN
            first = n
        last = n
    yield first, last + RUN


def _stated(item: BillItem | None) -> set[str]:
    """All runs of what an article's credit repeats of its original, which may be long."""
    if item is None:
        return set()
    headlines = [fingerprint.normalised(text) for text in (item.title, (item.origin and item.origin.title) or "")]
    lines = [fingerprint.normalised(text) for text in (*item.credits, item.tagline or "", item.notice)]
    stated = [*lines, *(headline for headline in headlines if len(headline) <= MOST_IN_HEADLINE)]
    return {_hash(" ".join(words[n : n + RUN])) for words in stated for n in range(len(words) - RUN + 1)}


def _hash(run: str) -> str:
    return sha256(run.encode()).hexdigest()[:8]
