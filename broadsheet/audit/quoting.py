"""The audit of words: how much of a work can be put together from all surfaces, and whether any stands uncleared."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from math import floor
from typing import NamedTuple

from broadsheet import fingerprint
from broadsheet.audit.built import Claims
from broadsheet.audit.known import Copied, Words, is_cleared, is_reprinted
from broadsheet.audit.surface import Said, Shown, Surface, is_too_deep, read_surface, strings
from broadsheet.bill import BillItem
from broadsheet.fingerprint import COPIED, RUN
from broadsheet.problem import Problem
from broadsheet.rights.excerpt import SPEECH, between_marks, count_once, pieces_of
from broadsheet.words import count_words, plain

_MARK = re.compile('["“«„「]')
_SHOWN = 4
_WORTH_WHILE = 250
"""Characters from which a passage is not looked through twice."""
_LONG = 25
"""Words of a reprint from which another surface needs its credit: fewer may be a summary."""


class _Piece(NamedTuple):
    """A piece of a passage, within quotation marks or without."""

    text: str
    words: list[str]
    """Normalised."""
    is_quoted: bool


@lru_cache(maxsize=1 << 12)
def _pieces(text: str) -> tuple[_Piece, ...]:
    pieces = pieces_of(text) if _MARK.search(text) else [(text, False)]
    return tuple(_Piece(piece, fingerprint.normalised(piece), is_quoted) for piece, is_quoted in pieces)


class Quoted:
    """What surfaces show of works that are not reprinted, collected surface by surface."""

    def __init__(self, words: Words, claims: Claims) -> None:
        self._words, self._claims = words, claims
        self._texts: dict[str, list[str]] = defaultdict(list)
        """By the file of an article's page: what is quoted of its work, anywhere."""
        self._paragraphs: dict[str, set[str]] = defaultdict(set)
        """By the same: the paragraphs that it quotes."""
        self._in_feeds = _Heard()
        self._told: set[tuple[str, str]] = set()
        """What was found already: listings repeat it."""
        self._of_none = {*claims.common, *(it.title for it in claims.bill.items)}
        self._of_none |= {it.summary for it in claims.bill.items if it.summary}
        """Passages that are no part of an article's text."""

    def take(self, surface: Surface, source: str, item: BillItem | None) -> Iterator[Problem]:
        """Add a page, of which `item` is the article, and find what stands on it uncleared."""
        return self._take(surface, source, item, _Heard())

    def take_item(self, surface: Surface, source: str, item: BillItem | None) -> Iterator[Problem]:
        """The same with an item of a feed. The same items stand in many."""
        return self._take(surface, source, item, self._in_feeds)

    def _take(self, surface: Surface, source: str, item: BillItem | None, heard: _Heard) -> Iterator[Problem]:
        self._take_quotations(surface, item)
        if self._words:
            place = _Place(surface.file, source, item, surface.shown)
            whose = item.url if item is not None else ""
            own = [said for said in surface.said if not said.quotation]
            yield from self._look(place, heard.anew(whose, [said.text for said in own if said.is_visible]))
            place = place._replace(quoted=tuple(_joined(text) for text in _quotations(surface)))
            hidden = [text for said in own if not said.is_visible for text in _read(said.text)]
            hidden += [text for data in surface.data for text in texts_in(data)]
            yield from self._look(place, heard.anew(whose, hidden))
            for text in surface.code:
                yield from self._look(place, [_whole(text)])

    def take_text(self, file: str, texts: Sequence[str], source: str) -> Iterator[Problem]:
        """Find what stands uncleared in a file that is no page."""
        if self._words:
            said = Said(source, (source,), 0, is_visible=True, is_paragraph=False)
            yield from self._look(_Place(file, source, None, lambda: Shown([said])), map(_whole, texts))

    def check(self) -> Iterator[Problem]:
        """What a reader can put together of a work from all surfaces, counted once, is within every cap."""
        limits = self._claims.limits
        for file, item in self._claims.items.items():
            if item.origin is None or is_reprinted(item):
                continue
            texts = list(dict.fromkeys([*self._texts[file], *item.credits]))
            most = 0 if item.withdrawn else limits.words
            if item.retrieved and item.retrieved.words is not None:
                most = min(most, floor(item.retrieved.words * limits.share + 1e-9))
            measured = (
                (count_once(texts), most, "words"),
                (sum(map(len, map(plain, texts))), limits.characters, "characters"),
                (len(self._paragraphs[file]), limits.paragraphs, "paragraphs"),
            )
            over = next((it for it in measured if it[1] is not None and it[0] > it[1]), None)
            if over is not None:
                message = f"all surfaces together quote {over[0]} {over[2]} of the original, and {over[1]} are allowed"
                remedy = "Quote less, or look at the theme"
                yield self._claims.problem(file, "", "", "audit/quoted-too-much", message, remedy)

    def _take_quotations(self, surface: Surface, item: BillItem | None) -> None:
        """Quotations count to the page's own article, and to whose words they are where these are known."""
        texts = _quotations(surface)
        for text in texts if self._words else ():
            self._attribute(text, item)
        if item is None or item.origin is None or is_reprinted(item):
            return
        file = self._claims.page_of(item)
        self._texts[file] += texts
        if item.withdrawn is None:
            self._paragraphs[file] |= {said.text for said in surface.said if said.quotation and said.is_paragraph}
            own = (piece for text in self._own_passages(surface, item) for piece in between_marks(text))
            self._texts[file] += [text for text in own if count_words(text) >= SPEECH]
            self._texts[file] += [text for said in surface.metas.get("description", ()) for text in between_marks(said)]

    def _own_passages(self, surface: Surface, item: BillItem) -> list[str]:
        """The passages of an article's text that are not quoted, and what its page says of it."""
        said_of_it = {item.sentence, item.notice, item.tagline, item.origin.title if item.origin else None}
        not_its_own = self._of_none | said_of_it
        own = (said.text for said in surface.said if said.is_visible and not said.quotation)
        return [text for text in own if text not in not_its_own]

    def _attribute(self, text: str, item: BillItem | None) -> None:
        """Let a quotation count to the works whose words it holds, other than the surface's own."""
        spoken = fingerprint.normalised(text)
        for found in self._words.copied(spoken, item):
            other = self._words.item(found.owner)
            if other is not None and other is not item and not is_reprinted(other):
                is_most = 2 * (found.end - found.first) >= len(spoken)
                said = text if is_most else " ".join(spoken[found.first : found.end])
                self._texts[self._claims.page_of(other)].append(said)

    def _look(self, place: _Place, pieces: Iterable[_Piece]) -> Iterator[Problem]:
        """Words outside quotations that may not stand so, or only with their credit.

        Those between quotation marks count to their work; what stands round them helps to know them.
        """
        pieces = list(pieces)
        spoken = [word for it in pieces for word in it.words]
        for found in self._words.copied(spoken, place.item):
            quoted = _quoted_within(pieces, found)
            other = self._words.item(found.owner)
            if other is not None and not is_reprinted(other):
                self._texts[self._claims.page_of(other)] += [it.text for it in quoted]
            words = spoken[found.first : found.end]
            is_said_again = any(_joined(words) in quotation for quotation in place.quoted)
            if not is_said_again and len(words) - sum(len(it.words) for it in quoted) >= RUN:
                yield from self._judge(place, words, found.owner, other)

    def _judge(self, place: _Place, words: Sequence[str], owner: str, item: BillItem | None) -> Iterator[Problem]:
        said = f"{' '.join(words[:_SHOWN])} … {' '.join(words[-_SHOWN:])}"
        if (owner, said) in self._told or (is_cleared(item) and item is place.item):
            return
        if item is not None and is_cleared(item):
            missing = self._missing(item, place) if len(words) >= _LONG else ""
            rule = "audit/credit-missing"
            message = f"'{said}' stands so in the original of {item.url}, and here without its {missing}"
            remedy = "Say beside it whose it is and under what terms, or leave it out"
        else:
            missing = "quotation marks"
            rule = "audit/uncleared-words"
            whose = f"the original of {item.url}" if item else "a captured text of which nothing is published"
            message = f"'{said}' stands so in {whose}, and is not quoted here"
            remedy = f"Quote it in a blockquote, or write it in other words: {COPIED} words are too many"
        if missing:
            self._told.add((owner, said))
            at = _begin(place.source, words)
            yield self._claims.problem_at(place.file, place.source, at, rule, message, remedy)

    def _missing(self, item: BillItem, place: _Place) -> str:
        """What of its credit does not stand beside words of a reprint on a surface that is not its own."""
        shown = place.shown()
        publisher = item.origin.publisher if item.origin else ""
        wanted = {"publisher": publisher, "terms": self._claims.terms_of(item)}
        return " and ".join(what for what, text in wanted.items() if not shown.says(text))


class _Place(NamedTuple):
    """Where words are looked for."""

    file: str
    source: str
    item: BillItem | None
    """Whose page or item of a feed it is."""
    shown: Callable[[], Shown]
    quoted: tuple[str, ...] = ()
    """Quotations that may be repeated there: what a page holds to be copied has no marks."""


class _Heard:
    """Long passages that were looked through: pages hold them again to be copied, and feeds have items in common."""

    def __init__(self) -> None:
        self._heard: set[tuple[str, str]] = set()

    def anew(self, whose: str, texts: Iterable[str]) -> list[_Piece]:
        """Passages, of those looked through already only what a copy may have that leads over their ends."""
        anew: list[_Piece] = []
        for text in texts:
            pieces = _pieces(text)
            if len(text) < _WORTH_WHILE:
                anew += pieces
            elif (whose, text) in self._heard:
                anew += [*_first(pieces), _BREAK, *_last(pieces)]
            else:
                self._heard.add((whose, text))
                anew += pieces
        return anew


_BREAK = _Piece("", ["\0"], is_quoted=False)
"""What stands between words that do not follow each other."""


def _first(pieces: Iterable[_Piece]) -> Iterator[_Piece]:
    """The beginning of a passage: as many words as a copy may have that is not found by itself."""
    missing = COPIED - 1
    for it in pieces:
        yield it._replace(words=it.words[:missing])
        missing = max(missing - len(it.words), 0)


def _last(pieces: Sequence[_Piece]) -> list[_Piece]:
    """The end of one."""
    turned = (it._replace(words=it.words[::-1]) for it in reversed(pieces))
    return [it._replace(words=it.words[::-1]) for it in _first(turned)][::-1]


def _quotations(surface: Surface) -> list[str]:
    """The texts of a surface's blockquotes."""
    quotations: dict[int, list[str]] = defaultdict(list)
    for said in surface.said:
        if said.quotation:
            quotations[said.quotation].append(said.text)
    return [" ".join(passages) for passages in quotations.values()]


def _read(text: str) -> list[str]:
    """The passages of what a page holds and does not show, which may be the source of another."""
    if "<" not in text or is_too_deep(text):
        return [text]
    return [said.text for said in read_surface("", "", text).said]


def _joined(words: str | Sequence[str]) -> str:
    return f" {' '.join(fingerprint.normalised(words) if isinstance(words, str) else words)} "


def _whole(text: str) -> _Piece:
    return _Piece(text, fingerprint.normalised(text), is_quoted=False)


def _quoted_within(pieces: Iterable[_Piece], found: Copied) -> list[_Piece]:
    """The pieces between quotation marks that have a part in what was found."""
    quoted, start = [], 0
    for it in pieces:
        end = start + len(it.words)
        if it.is_quoted and start < found.end and found.first < end:
            quoted.append(it)
        start = end
    return quoted


def texts_in(data: str) -> list[str]:
    """The texts in JSON; of what is none, all of it."""
    try:
        return list(strings(json.loads(data)))
    except (ValueError, RecursionError):
        return [data]


def _begin(source: str, words: Sequence[str]) -> int:
    """Where in a file's text words begin, counted in characters; its beginning where markup or escapes hide it."""
    between = r"(?:[\W_]|<[^>]*>|&#?\w+;)+"
    for number in (6, 3):
        pattern = between.join(re.sub(r"\W", ".", word) for word in words[:number])
        match = re.search(pattern, source, re.IGNORECASE)
        if match:
            return match.start()
    return 0
