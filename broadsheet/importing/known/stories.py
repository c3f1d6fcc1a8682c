"""Which articles tell of the same event: what the machine proposes, and the curator decides.

Two articles are alike where both their headlines and their texts are, and both were published within days. Headlines
are compared word by word, weighed by how rare a word is and allowing for its forms (soft TF-IDF: Cohen, Ravikumar,
Fienberg, "A Comparison of String Distance Metrics for Name-Matching Tasks", IIWeb 2003), texts by the cosine of their
terms, weighed likewise, of which names count double. What both headlines have counts for nothing in the texts: a
minister who does two things on a day has a name in both. Without rapidfuzz this raises ModuleNotFoundError.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from itertools import count

from msgspec import Struct

from broadsheet.importing.known.duplicates import are_one_text
from broadsheet.importing.known.shelf import SHARED, Known, Shelf, term_of, title_words
from broadsheet.slug import slugify

DAYS = 4
"""Between the days on which two articles on one event were published, at most."""
HEADLINES = 0.2
"""Likeness of two headlines, at least: some two words of eight."""
TEXTS = 0.17
"""Likeness of two texts, at least."""
TEXTS_OF_ONE = 0.25
"""Of one publisher: what it writes in a week is alike by its subjects and its style."""
LEAST_TERMS = 5
"""That two texts share besides."""
_FORM = 0.86
"""Jaro and Winkler's likeness of two words from which they are forms of one: `Mexico` and `Mexican` have 0.89."""
_BEGINNING = 3
"""First letters that forms of a word have in common."""
_DIGIT = re.compile(r"\d")
_NAME = 2.0
"""How much more than another word a name tells."""
_MOST_IN_SLUG = 4
"""Words."""


class Alike(Struct, frozen=True):
    """Two articles that tell of one event, as far as a machine can see."""

    item: Known
    known: Known
    headlines: float
    """Likeness, 0 to 1."""
    texts: float
    """Likeness, 0 to 1."""
    words: tuple[str, ...]
    """Of the item's headline, those that the other's has too, in its order."""

    @property
    def strength(self) -> float:
        """Sorts them."""
        return self.headlines * self.texts

    @property
    def reason(self) -> str:
        """For people."""
        apart = abs(_day(self.item) - _day(self.known))
        days = "on the same day" if apart == 0 else f"{apart} {'day' if apart == 1 else 'days'} apart"
        shared = ", ".join(_joined(self.words))
        return f"headlines {self.headlines:.0%} alike ({shared}), texts {self.texts:.0%}, {days}".replace("%", " %")


class Group(Struct, frozen=True):
    """A story: one that is there, or one that is proposed."""

    slug: str
    is_new: bool
    members: tuple[Known, ...]
    """The articles that name it, in order of age; none of a new one."""
    proposed: tuple[Alike, ...]
    """The articles that could, each as `item` with the one in the group that it is most like."""


def propose(item: Known, shelf: Shelf, days: int = DAYS) -> Group | None:
    """The story that an item may be part of: one that an article like it names, else a new one of both."""
    if item.story:
        return None
    found = alike(item, shelf, days)
    named = next((a for a in found if a.known.story), None)
    if named:
        slug = named.known.story
        members = sorted((a.known for a in found if a.known.story == slug), key=lambda known: known.age)
        return Group(slug, False, tuple(members), (named,))
    if not found:
        return None
    first, second = sorted((item, found[0].known), key=lambda known: known.age)
    return _new((first, second), found[:1], shelf, set())


def groups(shelf: Shelf, days: int = DAYS) -> tuple[Group, ...]:
    """A site's stories by their names, with what could be added to each, and then what could be new ones, by age."""
    edges = _edges(shelf, days)
    named: dict[str, list[Known]] = {}
    for item in sorted(shelf, key=lambda known: known.age):
        if item.story:
            named.setdefault(item.story, []).append(item)
    added: dict[str, Alike] = {}
    for edge in edges:
        one = edge.item if edge.known.story else edge.known
        if bool(edge.item.story) != bool(edge.known.story):
            added.setdefault(one.path, _from(edge, one))
    there = [
        Group(slug, False, tuple(members), tuple(a for a in added.values() if a.known.story == slug))
        for slug, members in sorted(named.items())
    ]
    free = [e for e in edges if not {e.item.path, e.known.path} & added.keys() and not (e.item.story or e.known.story)]
    taken: set[str] = set()
    new = [_new(cluster, free, shelf, taken) for cluster in _clusters(free)]
    return (*there, *new)


def alike(item: Known, shelf: Shelf, days: int = DAYS) -> tuple[Alike, ...]:
    """The articles that tell of an item's event, the most alike first. One without a day of publication has none."""
    import rapidfuzz  # noqa: F401 -- missed at once, and not only where two words differ

    found = (_compare(item, other, shelf) for other in shelf.titled_alike(item, days))
    return tuple(sorted((a for a in found if a is not None), key=lambda a: (-a.strength, a.known.age)))


def _edges(shelf: Shelf, days: int) -> list[Alike]:
    """All that is alike, the most first; of each pair once, the younger as `item`."""
    found = {}
    for item in shelf:
        for edge in alike(item, shelf, days):
            younger = edge.item if edge.item.age > edge.known.age else edge.known
            turned = _from(edge, younger)
            found[turned.item.path, turned.known.path] = turned
    return sorted(found.values(), key=lambda e: (-e.strength, e.item.age, e.known.age))


def _from(edge: Alike, item: Known) -> Alike:
    """The same with this one as the item."""
    if edge.item is item:
        return edge
    forms = _forms(title_words(item.title), title_words(edge.item.title))
    return Alike(item, edge.item, edge.headlines, edge.texts, tuple(forms))


def _clusters(edges: Sequence[Alike]) -> list[tuple[Known, ...]]:
    """Articles of which each is alike to each other, grown from what is most alike (complete linkage)."""
    joined = {frozenset((e.item.path, e.known.path)) for e in edges}
    clusters: dict[str, list[Known]] = {}
    for edge in edges:
        one = clusters.setdefault(edge.item.path, [edge.item])
        other = clusters.setdefault(edge.known.path, [edge.known])
        if one is not other and all(frozenset((a.path, b.path)) in joined for a in one for b in other):
            one += other
            clusters.update((known.path, one) for known in other)
    found = {id(c): tuple(sorted(c, key=lambda known: known.age)) for c in clusters.values() if len(c) > 1}
    return sorted(found.values(), key=lambda cluster: cluster[0].age)


def _new(cluster: tuple[Known, ...], edges: Iterable[Alike], shelf: Shelf, taken: set[str]) -> Group:
    """A story of articles in order of age. `edges` are the most alike first; `taken` are names given before."""
    paths = {known.path for known in cluster}
    within = [e for e in edges if {e.item.path, e.known.path} <= paths]
    proposed = []
    for known in cluster:
        best = next((e for e in within if known is e.item or known is e.known), None)
        if best:
            proposed.append(_from(best, known))
    slug = _slug(cluster, proposed[0].words, shelf, taken)
    taken.add(slug)
    return Group(slug, True, (), tuple(proposed))


def _slug(cluster: Sequence[Known], shared: Sequence[str], shelf: Shelf, taken: set[str]) -> str:
    """Words that headlines share, the month of the first, and a number where another story has that name."""
    words = slugify(" ".join(_joined(shared)[:_MOST_IN_SLUG])) or "story"
    month = f"{cluster[0].published:%Y-%m}"
    names = (f"{words}-{month}" + (f"-{n}" if n > 1 else "") for n in count(1))
    return next(name for name in names if not (name in taken or shelf.has_story(name)))


def _joined(words: Iterable[str]) -> list[str]:
    """The words, with those pairs of signs put together that overlap, in scripts that set no spaces."""
    found: list[str] = []
    for word in words:
        if found and len(word) == 2 and not word.isascii() and found[-1][-1] == word[0]:
            found[-1] += word[1]
        else:
            found.append(word)
    return found


def _compare(item: Known, other: Known, shelf: Shelf) -> Alike | None:
    """What is one text is a duplicate; where one publisher prints it twice, no second telling of an event."""
    one, two = title_words(item.title), title_words(other.title)
    forms = _forms(one, two)
    headlines = _headlines(one, two, forms, shelf)
    if headlines < HEADLINES or len(forms) < SHARED:
        return None
    said = {term_of(word) for word in (*forms, *(form for _, form in forms.values()))}
    texts = _texts(item, other, said, shelf)
    is_of_one = item.publisher != "" and item.publisher == other.publisher
    if texts < (TEXTS_OF_ONE if is_of_one else TEXTS) or (is_of_one and are_one_text(item, other)):
        return None
    return Alike(item, other, headlines, texts, tuple(forms))


def _headlines(one: Sequence[str], other: Sequence[str], forms: dict[str, tuple[float, str]], shelf: Shelf) -> float:
    """How alike two headlines are, by the words that are forms of each other."""
    dot = math.fsum(form[0] * _weight(word, shelf) * _weight(form[1], shelf) for word, form in forms.items())
    lengths = (math.sqrt(math.fsum(_weight(word, shelf) ** 2 for word in words)) for words in (one, other))
    return dot / (math.prod(lengths) or 1.0)


def _forms(one: Sequence[str], other: Sequence[str]) -> dict[str, tuple[float, str]]:
    """Of the first words, in order, those that the others have a form of: how alike the two are, and that form.

    Each word is paired once, the most alike first.
    """
    candidates = [(likeness, a, b) for a in one for b in other if (likeness := _form(a, b))]
    candidates.sort(key=lambda c: (-c[0], *sorted(c[1:])))  # whichever headline is the first one
    found: dict[str, tuple[float, str]] = {}
    used: set[str] = set()
    for likeness, a, b in candidates:
        if a not in found and b not in used:
            found[a] = (likeness, b)
            used.add(b)
    return {word: found[word] for word in one if word in found}


def _form(one: str, other: str) -> float:
    """How far two words are forms of one: 1 for the same, 0 for others."""
    if one == other:
        return 1.0
    if one[:_BEGINNING] != other[:_BEGINNING] or _DIGIT.search(one + other):
        return 0.0
    from rapidfuzz.distance import JaroWinkler

    likeness = JaroWinkler.similarity(one, other)
    return likeness if likeness >= _FORM else 0.0


def _texts(one: Known, other: Known, said: set[int], shelf: Shelf) -> float:
    """The cosine of two texts' weighed terms, without what their headlines have said; 0 where they share too few."""
    first, second = _weighed(one, said, shelf), _weighed(other, said, shelf)
    shared = first.keys() & second.keys()
    if len(shared) < LEAST_TERMS:
        return 0.0
    dot = math.fsum(first[term] * second[term] for term in shared)
    return dot / math.prod(math.sqrt(math.fsum(weight**2 for weight in terms.values())) for terms in (first, second))


def _weighed(item: Known, said: set[int], shelf: Shelf) -> dict[int, float]:
    names = item.names
    return {term: shelf.weight(term) * (_NAME if term in names else 1.0) for term in item.terms if term not in said}


def _weight(word: str, shelf: Shelf) -> float:
    return shelf.weight(term_of(word))


def _day(item: Known) -> int:
    return item.published.toordinal() if item.published else 0
