"""A page as its readers see it: lines in order, where the headline is, and what is about something else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from broadsheet.importing.page.document import Element
from broadsheet.words import one_line, plain

_UNSEEN = frozenset("script style noscript template head svg math select button iframe object textarea".split())
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data dfn em font i ins kbd label mark q s samp small span strong sub sup "
    "time tt u var".split()
)
_APART = frozenset({"a", "abbr", "cite", "data", "label", "small", "span", "time"})
"""Inline elements that are drawn apart more often than not, whether or not a space stands between them."""
_MAX_LINES = 20_000
_REMOTE = re.compile(
    r"(?:^|[\s_-])(?:comments?|commentlist|kommentare?|comentarios|replies|related|recommend\w*|popular|trending|"
    r"most-?read|"
    r"newsletter|promo|breadcrumbs?|cookie|consent|menu|navigation)(?:$|[\s_-])|"
    r"(?:^|\s)(?:widget(?:$|[\s_])|teasers?(?:$|\s)|(?:[a-z]+-)?sidebar(?:$|\s))"
)
_REMOTE_TAGS = frozenset({"nav", "aside", "footer", "figure", "figcaption", "form", "dialog"})


class Line(Struct, frozen=True):
    """What stands in one block, inline elements included."""

    text: str
    block: Element
    """The element."""


class Layout(Struct, frozen=True):
    """The lines of a page and what they are about."""

    lines: tuple[Line, ...]
    start: int
    """Which line is the headline; 0 where none is."""
    around: frozenset[Element]
    """The elements that hold the headline or the greater part of the text: whatever they are called."""
    root: Element
    """The least element that holds both."""

    def is_remote(self, element: Element) -> bool:
        """Whether an element is in comments, teasers, navigation or a caption rather than in the article."""
        while element is not None and element not in self.around and element.tag not in ("body", "html", "main"):
            if element.tag in _REMOTE_TAGS and not (element.tag == "footer" and _is_within_article(element)):
                return True
            if _REMOTE.search(f"{element.get('class') or ''} {element.get('id') or ''}".lower()):
                return True
            element = element.getparent()
        return False

    def near(self, before: int, after: int) -> Iterator[tuple[int, Line]]:
        """The lines about the headline, each with its distance, the nearest first."""
        numbers = range(max(0, self.start - before), min(self.start + after + 1, len(self.lines)))
        for n in sorted(numbers, key=lambda n: (abs(n - self.start), n)):
            if n != self.start and not self.is_remote(self.lines[n].block):
                yield n - self.start, self.lines[n]


def layout(tree: Element, title: str, heading: Element) -> Layout:
    """Of a parsed page whose headline is known, as words and as an element if there is one."""
    lines = tuple(_lines(tree))
    start = next((n for n, line in enumerate(lines) if line.block is heading), None)
    if start is None:
        words = bare(title)
        start = next((n for n, line in enumerate(lines) if words and words in bare(line.text)), 0)
    bulk = _bulk(lines)
    holders = [set(_up(bulk)), set(_up(lines[start].block if lines else None))]
    common = holders[0] & holders[1] or holders[0]
    root = next((element for element in _up(bulk) if element in common), tree)
    return Layout(lines, start, frozenset(holders[0] | holders[1]), root)


def bare(text: str) -> str:
    """A text's letters and digits alone, in small letters: for comparison."""
    return "".join(re.findall(r"\w+", plain(text).casefold()))


def _bulk(lines: tuple[Line, ...]) -> Element:
    """What directly holds most of the text of long lines."""
    held: Counter[Element] = Counter()
    for line in lines:
        if len(line.text) > 80 and line.block.getparent() is not None:
            held[line.block.getparent()] += len(line.text)
    return held.most_common(1)[0][0] if held else None


def _up(element: Element) -> Iterator[Element]:
    while element is not None:
        yield element
        element = element.getparent()


def _lines(tree: Element) -> Iterator[Line]:
    block: Element = None
    pieces: list[str] = []
    found = 0
    for owner, text in (*_pieces(tree), (None, "")):
        if owner is not block and pieces:
            said = one_line("".join(pieces))
            if said:
                yield Line(said, block)
                found += 1
                if found >= _MAX_LINES:
                    return
            pieces = []
        block = owner
        pieces.append(text)


def _pieces(tree: Element) -> Iterator[tuple[Element, str]]:
    """Each run of text with its block. A line break ends a line."""
    from lxml import etree

    blocks = [tree]
    unseen = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else "script"
        if event == "start":
            unseen += tag in _UNSEEN
            if tag not in _INLINE:
                blocks.append(element)
            if element.text and not unseen:
                yield blocks[-1], f" {element.text}" if tag in _APART else element.text
            elif tag == "br":
                yield element, ""
        else:
            unseen -= tag in _UNSEEN
            if tag not in _INLINE:
                blocks.pop()
            if element.tail and not unseen:
                yield blocks[-1], f" {element.tail}" if tag in _APART and element.tail[0].isalnum() else element.tail


def _is_within_article(element: Element) -> bool:
    return next(element.iterancestors("article", "main"), None) is not None
