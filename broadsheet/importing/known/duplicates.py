"""What the site has already, in these words or nearly.

Nearly means: of the chosen runs of eight words of one text, at least `NEAR` are also the other's (containment of
fingerprints: Broder, "On the resemblance and containment of documents", Compression and Complexity of Sequences, 1997).
A wire story of which an outlet changes one word in twenty or three sentences in ten stays above that in more than 95 of
100 cases; so does one of which only the beginning is printed, or that is put into a longer text. Of 1,027 posts of one
site, with its footers and standing introductions, no two reach it: the nearest have 0.34 in common.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from msgspec import Struct

from broadsheet.importing.known.shelf import Known, Shelf, address_key

NEAR = 0.4
"""Of one text's runs, the share that must be the other's too."""
LEAST_RUNS = 6
"""In common: some thirty words. Fewer may be a quotation, the name of an office, a footer."""
_ALL = 0.99


class Match(Struct, frozen=True):
    """An article that is the same as an item."""

    known: Known
    by_address: bool
    by_text: bool

    @property
    def reason(self) -> str:
        """For people."""
        if self.by_address and self.by_text:
            return "the same address and the same text"
        return "the same address" if self.by_address else "the same text"


class Near(Struct, frozen=True):
    """An article that has many of an item's words, or the other way round."""

    known: Known
    of_item: float
    """Share of the item's runs that also stand in the article, above 0 and up to 1."""
    of_known: float
    """Share of the article's runs that also stand in the item."""

    @property
    def share(self) -> float:
        """The greater one."""
        return max(self.of_item, self.of_known)

    def reason(self, item: str, known: str) -> str:
        """For people, with what to call the two.

        A word that was changed takes up to eight runs with it, so the share of words is no less than that of runs.
        """
        (of, there) = (item, known) if self.of_item >= self.of_known else (known, item)
        share = "all or nearly all" if self.share > _ALL else f"about {self.share * 100:.0f} % or more"
        return f"{share} of the words of {of} also stand in {there}"


class Pair(Struct, frozen=True):
    """Two articles of a site that are one text, or nearly."""

    first: Known
    """The one that was published first."""
    second: Known
    match: Match | None
    """The first as the second's; None where they are near duplicates only."""
    near: Near | None
    """The first as the second's; None where they have few words in common, or words that are not known."""


def same(item: Known, shelf: Shelf) -> Match | None:
    """The article with an item's address or its text, which is then not imported again; of several, the closest.

    The item's own file is no match: an item has that `path` when it is imported again.
    """
    matches = (_match(item, other) for other in shelf.same_as(item))
    return min(matches, key=lambda m: (not m.by_address, not m.by_text, m.known.age), default=None)


def near(item: Known, shelf: Shelf) -> tuple[Near, ...]:
    """The articles of which an item is a near duplicate, the most alike first. What is the same is among them."""
    found = (_near(item, other, shared) for other, shared in shelf.sharing(item))
    return tuple(sorted((n for n in found if n is not None), key=lambda n: (-n.share, n.known.age)))


def are_one_text(one: Known, other: Known) -> bool:
    """Whether two items are the same or near duplicates."""
    return not set(one.keys).isdisjoint(other.keys) or _near(one, other, len({*one.runs} & {*other.runs})) is not None


def pairs(shelf: Shelf) -> tuple[Pair, ...]:
    """The duplicates among a site's articles, the newest last. Of several that are the same, each with the first."""
    matches = {(m.known.path, second.path): (m, second) for m, second in _matches(shelf)}
    nears = {
        (n.known.path, second.path): (n, second)
        for second in shelf
        for n in near(second, shelf)
        if n.known.age < second.age
    }
    found = []
    for key in matches.keys() | nears.keys():
        match, near_ = matches.get(key), nears.get(key)
        first, second = (match[0].known, match[1]) if match else (near_[0].known, near_[1])  # type: ignore[index]
        found.append(Pair(first, second, match[0] if match else None, near_[0] if near_ else None))
    return tuple(sorted(found, key=lambda pair: (pair.second.age, pair.first.age)))


def _matches(shelf: Shelf) -> Iterator[tuple[Match, Known]]:
    keyed = sorted(((key, item.age, item) for item in shelf for key in item.keys), key=lambda entry: entry[:2])
    for _, group in groupby(keyed, key=lambda entry: entry[0]):
        first, *others = (item for _, _, item in group)
        yield from ((_match(item, first), item) for item in others)


def _match(item: Known, known: Known) -> Match:
    address = address_key(item.url)
    by_text = bool(item.text_key) and item.text_key == known.text_key
    return Match(known, bool(address) and address == address_key(known.url), by_text)


def _near(item: Known, known: Known, shared: int) -> Near | None:
    if shared < LEAST_RUNS:
        return None
    found = Near(known, shared / len(item.runs), shared / len(known.runs))
    return found if found.share >= NEAR else None
