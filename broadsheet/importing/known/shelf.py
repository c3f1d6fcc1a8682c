"""What the site has already, as far as an import must know it: addresses, hashes, runs of words, terms.

Of a text its first words are kept, by which its subject is known once that is asked for, and hashes of all of it, in
arrays of 32 bits.
"""

from __future__ import annotations

import math
import re
from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import islice
from struct import unpack
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zlib import crc32

from msgspec import Struct, field
from msgspec.structs import replace

from broadsheet import fingerprint, url, words
from broadsheet.fields import MAX_LINE, read_moment
from broadsheet.fingerprint import Fingerprint
from broadsheet.importing.draft import Draft
from broadsheet.model import FrontMatter, Kind
from broadsheet.problem import Problem
from broadsheet.record import UnreadableError

if TYPE_CHECKING:
    Runs = array[int]
else:
    Runs = array  # Python 3.11's takes no parameter, and msgspec reads the annotations
Day = date
Progress = Callable[[str, int, int], None]
"""Called with a stage's name, how much is done and how much there is."""
MOST_SHARING = 32
"""Texts that may have a run of words in common: what more have is a template's or a footer's, and tells none apart."""
MOST_TITLED = 64
"""Headlines of a day that may have a word in common: one that more have tells nothing."""
SHARED = 2
"""Words that the headlines of one event have in common, at least."""
MOST_COMPARED = 200
"""Headlines with which one is compared."""
LEAST_WORDS = 25
"""Of a text that is told by its hash alone; with fewer, such as `Read more`, the headline is its mark too."""
MOST_TERMS = 300
"""Of a text, counted in words from its beginning: news says first what happened."""
_STEM = 5
"""First letters of a headline's word by which others are found: `Mexico` is to find `Mexican`."""
_MOST_IN_TITLE = 40
_SLOTS = 1 << 20
_FEW = 20
"""Questions for texts with the same runs that are answered without an index."""
_BACKGROUND = 1_000
"""Articles that a site is taken to have besides its own: what both of two articles have is no common word yet."""
# Fragments that name no item: the text that a link shows (WICG, URL fragment text directives), clicks, parts of a page.
_NO_ITEM = re.compile(r":~:|[\w-]{1,40}=|(?:comments|respond|content|main|top)\Z", re.IGNORECASE)
# What a reader does not see of markdown: addresses of links and pictures, names of such, their definitions.
_UNSEEN = re.compile(
    r"\]\([^()\s]{0,2048}(?:\([^()\s]{0,2048}\)[^()\s]{0,2048}){0,3}(?:\s+\"[^\"\n]{0,500}\")?\)"
    r"|\]\[[^\[\]\n]{0,200}\]|^ {0,3}\[[^\[\]\n]{1,200}\]:[ \t]+\S+[^\n]*$"
    r"|<(?:https?|mailto):[^<>\s]{1,2048}>|\[\^[^\[\]\s]{1,80}\]",
    re.MULTILINE,
)
# A word with a capital that no sentence and no quotation begins with.
_NAME = re.compile(r"(?<=[\w,;] )[^\W\d_a-z][\w.’'‑-]*")
# The commonest words of English news: a small site cannot know them from its own few articles.
_COMMON = frozenset(
    "about according added after again against ago all also among amid and another any are around back because been "
    "before being between both but called came can come could day days did does down during each even every first for "
    "four from get had has have here her him his how into its just last later less like made make many may more most "
    "much must never new news next not now off old one only other our out over own people per put report reported "
    "reports said same saw say says see set she should since some still such than that the their them then there these "
    "they this those three through time times today told too took two under until upon use used very want was way week "
    "well went were what when where which while who whose why will with within without would year years yet you your "
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july august september "
    "october november december".split()
)


class Known(Struct, frozen=True, kw_only=True):
    """An article, or an item to become one."""

    path: str
    """Of its file, relative to the site's folder, with `/`; empty for an item that is not written yet."""
    title: str
    """The original's headline where that is known, else the digest's."""
    publisher: str
    """An id or a name; empty where none is known."""
    url: str
    """The original's own address; empty where none is known."""
    published: Day | None
    """The day that the publisher printed, or, of an own article, that of the digest."""
    date: datetime
    """When the digest published it, or took it in; UTC."""
    story: str = ""
    sha256: str = ""
    """Of the normalised text as captured (`words.sha256`); empty where it is not known."""
    words: int = 0
    """Of the text as captured; 0 where it is not known."""
    runs: Runs = field(default_factory=lambda: array("I"))
    """Hashes of its chosen runs (`fingerprint.runs_of`), in order of value; none where the text is not known."""
    own_title: str = ""
    """The digest's headline, where the original's is known too."""
    head: str = ""
    """The first `MOST_TERMS` words of its text; empty where it is not known."""
    kind: Kind = Kind.FULL
    draft: bool = False
    withdrawn: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """Of its address and of its text, as far as they are known: who shares one is the same."""
        return tuple(key for key in (address_key(self.url), self.text_key) if key)

    @property
    def text_key(self) -> str:
        """The hash of its text, with the headline where the text is too short to tell; empty where it is not known."""
        if not self.sha256 or not 0 < self.words < LEAST_WORDS:
            return self.sha256
        return f"{self.sha256} {' '.join(title_words(self.title))}"

    @property
    def age(self) -> tuple[Day, datetime, str]:
        """Sorts items from the first that was published."""
        return (self.published or self.date.date(), self.date, self.path)

    @property
    def terms(self) -> frozenset[int]:
        """Hashes of the words by which its subject is known."""
        return _terms(f"{self.own_title} {self.title}", self.head)[0]

    @property
    def names(self) -> frozenset[int]:
        """Those of them that are written as names."""
        return _terms(f"{self.own_title} {self.title}", self.head)[1]


class Shelf:
    """The articles of a site, and what was added to them since, by what they are found again."""

    def __init__(self, known: Iterable[Known] = (), problems: Iterable[Problem] = ()) -> None:
        self.problems = tuple(problems)
        """Of the articles that could not be read, and so are not here."""
        self._items: list[Known | None] = []
        self._number = 0
        self._by_path: dict[str, int] = {}
        self._by_key: dict[str, tuple[int, ...]] = {}
        self._by_run: _Postings | None = None
        self._asked = 0
        self._by_stem = _Postings(MOST_TITLED)
        self._stories: Counter[str] = Counter()
        self._uncounted: list[Known] = []
        # Of how many articles a term is one. Two terms in one slot seem commoner than they are, and count for less.
        self._counts = array("I", bytes(4 * _SLOTS))
        for item in known:
            self.add(item)

    def __len__(self) -> int:
        return self._number

    def __iter__(self) -> Iterator[Known]:
        """In the order in which they were added."""
        return (item for item in self._items if item is not None)

    def add(self, item: Known) -> None:
        """Put an item on the shelf; in the place of the one with the same path, if there is one."""
        if item.path in self._by_path:
            self._remove(self._by_path[item.path])
        number = len(self._items)
        self._items.append(item)
        self._number += 1
        if item.path:
            self._by_path[item.path] = number
        for key in item.keys:
            self._by_key[key] = (*self._by_key.get(key, ()), number)
        if self._by_run:
            self._by_run.add(item.runs, number)
        self._by_stem.add(_dated_stems(item), number)
        self._uncounted.append(item)
        self._stories[item.story] += 1

    def _remove(self, number: int) -> None:
        item = self._items[number]
        if item is None:
            return
        self._items[number] = None
        self._number -= 1
        for key in item.keys:
            self._by_key[key] = tuple(other for other in self._by_key[key] if other != number)
        if self._by_run:
            self._by_run.remove(item.runs, number)
        self._by_stem.remove(_dated_stems(item), number)
        self._count()
        for term in item.terms:
            self._counts[term % _SLOTS] -= 1
        self._stories[item.story] -= 1

    def get(self, path: str) -> Known | None:
        """The article in a file."""
        number = self._by_path.get(path)
        return None if number is None else self._items[number]

    def at(self, address: str) -> tuple[Known, ...]:
        """What has an address, by `url.same`."""
        return self._with(address_key(address))

    def same_as(self, item: Known) -> tuple[Known, ...]:
        """What else has an item's address or its text."""
        found = {id(other): other for key in item.keys for other in self._with(key)}
        return tuple(other for other in found.values() if not is_one(item, other))

    def sharing(self, item: Known) -> list[tuple[Known, int]]:
        """What else has runs of an item's words, and how many; without those that more than `MOST_SHARING` have."""
        holding = self._holding(item.runs).values()
        numbers = Counter(number for some in holding if len(some) <= MOST_SHARING for number in some)
        found = ((self._items[number], count) for number, count in numbers.items())
        return [(other, count) for other, count in found if other is not None and not is_one(item, other)]

    def _holding(self, runs: array[int]) -> dict[int, list[int]]:
        """By run, who has it. To look through all takes less time than an index, where few ask."""
        self._asked += 1
        if self._by_run is None and self._asked > _FEW:
            self._by_run = _Postings(MOST_SHARING)
            for number, item in enumerate(self._items):
                self._by_run.add(item.runs if item else (), number)
        if self._by_run:
            return {run: self._by_run.of(run) for run in runs}
        found: dict[int, list[int]] = {}
        wanted = set(runs)
        for number, item in enumerate(self._items):
            for run in wanted.intersection(item.runs) if item else ():
                found.setdefault(run, []).append(number)
        return found

    def titled_alike(self, item: Known, days: int) -> list[Known]:
        """What else was published up to `days` before or after an item and has `SHARED` words of its headline.

        At most `MOST_COMPARED`, those with the most words in common.
        """
        nearby = range(-days, days + 1)
        numbers = Counter(n for day in nearby for stem in _dated_stems(item, day) for n in self._by_stem.of(stem))
        found = ((other, count) for n, count in numbers.items() if (other := self._items[n]) is not None)
        others = [(other, count) for other, count in found if count >= SHARED and not is_one(item, other)]
        others.sort(key=lambda pair: (-pair[1], pair[0].path))
        return [other for other, _ in others[:MOST_COMPARED]]

    def has_story(self, slug: str) -> bool:
        """Whether an article is in a story of this name."""
        return self._stories[slug] > 0

    def weight(self, term: int) -> float:
        """How much a term tells: its inverse document frequency among the articles here, in nats."""
        self._count()
        return math.log((_BACKGROUND + self._number + 1) / (self._counts[term % _SLOTS] + 1))

    def _count(self) -> None:
        """The terms of what was added since, which is put off until somebody asks."""
        for item in self._uncounted:
            for term in item.terms:
                self._counts[term % _SLOTS] += 1
        self._uncounted.clear()

    def _with(self, key: str) -> tuple[Known, ...]:
        numbers = self._by_key.get(key, ()) if key else ()
        return tuple(item for number in numbers if (item := self._items[number]) is not None)


class _Postings:
    """Numbers of items by 32-bit keys, up to a most for each; in arrays, as a dict takes ten times the room."""

    _BUCKETS = 1 << 17

    def __init__(self, most: int) -> None:
        self._most = most
        self._buckets: list[array[int] | None] = [None] * self._BUCKETS

    def add(self, keys: Iterable[int], number: int) -> None:
        buckets, size, most = self._buckets, self._BUCKETS, self._most
        for key in keys:
            bucket = buckets[key % size]
            if bucket is None:
                buckets[key % size] = array("Q", (key << 32 | number,))
            elif len(bucket) <= most or sum(entry >> 32 == key for entry in bucket) <= most:
                bucket.append(key << 32 | number)

    def remove(self, keys: Iterable[int], number: int) -> None:
        for key in keys:
            with suppress(ValueError):  # a key that too many have
                (self._buckets[key % self._BUCKETS] or array("Q")).remove(key << 32 | number)

    def of(self, key: int) -> list[int]:
        """Nothing where more have the key than tells anything."""
        bucket = self._buckets[key % self._BUCKETS] or ()
        found = [entry & 0xFFFF_FFFF for entry in bucket if entry >> 32 == key]
        return found if len(found) <= self._most else []


def of_article(path: str, matter: FrontMatter, markdown: str, stored: Fingerprint | None = None) -> Known:
    """What is known of an article by its front matter, its text and its fingerprint. The text is not rendered."""
    origin, retrieved = matter.origin, matter.retrieved
    text = seen(markdown)
    has_text = matter.kind in (Kind.FULL, Kind.OWN) and bool(text) and not matter.withdrawn
    runs = stored.runs if stored else fingerprint.runs_of(text) if has_text else ()
    title = origin.title if origin else None
    published = origin.published if origin else matter.date
    return Known(
        path=path,
        title=title or matter.title,
        publisher=origin.publisher if origin else "",
        url=origin.url if origin and isinstance(origin.url, str) else "",
        published=published.date() if isinstance(published, datetime) else None,
        date=matter.date,
        story=matter.story or "",
        sha256=(retrieved and retrieved.sha256) or (stored.sha256 if stored else ""),
        words=(retrieved and retrieved.words) or (stored.words if stored else words.count_words(text) * has_text),
        runs=_packed(runs),
        own_title=matter.title if title else "",
        head=_head(f"{matter.summary or ''}\n{text}"),
        kind=matter.kind,
        draft=matter.draft,
        withdrawn=matter.withdrawn is not None,
    )


def of_draft(draft: Draft, sha256: str, length: int, at: datetime) -> Known:
    """What an item that was taken in at `at` is known by at once; its words are added by `with_words`.

    `sha256` and `length` are those of its text as captured, empty and 0 where it has none. Use `structs.replace`
    for what is decided later: its path, its publisher, its story.
    """
    published = None
    with suppress(UnreadableError):
        published = read_moment(draft.published.value).date() if draft.published else None
    publisher = draft.publisher or draft.site
    return Known(
        path="",
        title=draft.title.value[:MAX_LINE] if draft.title else "",
        publisher=publisher.value if publisher else "",
        url=draft.url.value if draft.url and url.is_web_address(draft.url.value) else "",
        published=published,
        date=at.astimezone(UTC),
        sha256=sha256,
        words=length,
        draft=True,
    )


def with_words(item: Known, text: str, description: str = "", stored: Fingerprint | None = None) -> Known:
    """An item with what its text is compared by. Its hashes are those of its fingerprint, where it has one."""
    runs = stored.runs if stored else fingerprint.runs_of(text)
    return replace(item, runs=_packed(runs), head=_head(f"{description}\n{text}"))


def is_one(item: Known, other: Known) -> bool:
    """Whether two records are of one item, and no two items that are alike."""
    return item is other or (item.path != "" and item.path == other.path)


def address_key(address: str) -> str:
    """What two addresses of one article have in common; empty for an address that is a whole site's, or none.

    A fragment tells items of one page apart (`/changes#1.2`), unless it is a part of every page or counts clicks.
    """
    if not address:
        return ""
    same, fragment = url.same(address), urlsplit(url.unarchived(address)).fragment
    if same.endswith("?") and "/" not in same:
        return ""
    return same if not fragment or _NO_ITEM.match(fragment) else f"{same}#{fragment}"


def seen(markdown: str) -> str:
    """The words of a markdown text, near enough to compare them: no punctuation makes a difference there."""
    return _UNSEEN.sub(" ", markdown)


def title_words(title: str) -> tuple[str, ...]:
    """The words of a headline that tell something, in order, each once; of a very long one the first."""
    return tuple(islice(dict.fromkeys(_telling(title)), _MOST_IN_TITLE))


def _telling(text: str) -> Iterator[str]:
    """The words of a text that are neither common nor mere small words. Of scripts without spaces, pairs of signs."""
    last = ""
    for word in words.words(text):
        if len(word) == 1 and not word.isascii() and word.isalpha():
            if last:
                yield last + word
            last = word
            continue
        last = ""
        if folded := _folded(word):
            yield folded


@lru_cache(1 << 15)
def _folded(word: str) -> str:
    """A word without case, possessive and dots of an abbreviation; empty where it tells nothing."""
    folded = word.casefold().replace(".", "").replace("’", "'").removesuffix("'s")
    is_small = len(folded) < 3 and not word.isdigit() and not (len(folded) == 2 and word.isupper())
    return "" if is_small or folded in _COMMON else folded


def _dated_stems(item: Known, later: int = 0) -> Iterator[int]:
    """Of each word of a headline its first letters with the day, or one that is `later`; none where that is unknown."""
    if item.published is None or item.withdrawn:
        return
    day = item.published.toordinal() + later
    for stem in {word[:_STEM] for word in title_words(item.title)}:
        yield crc32(f"{day} {stem}".encode())


def _head(text: str) -> str:
    return " ".join(text[: 12 * MOST_TERMS].split()[:MOST_TERMS])


@lru_cache(256)
def _terms(title: str, head: str) -> tuple[frozenset[int], frozenset[int]]:
    """The terms of an article, and those that are names. In a headline any word may have a capital."""
    names = {term_of(term) for name in _NAME.findall(head) if name[0].isupper() for term in _telling(name)}
    terms = frozenset(term_of(term) for term in _telling(f"{title} . {head}"))
    return terms, terms & names


@lru_cache(1 << 15)
def term_of(term: str) -> int:
    """The hash of a term."""
    return crc32(term.encode())


def _packed(hashes: Collection[str]) -> array[int]:
    """Of hashes of eight hexadecimal digits, in order of value."""
    return array("I", unpack(f">{len(hashes)}I", bytes.fromhex("".join(sorted(hashes)))))
