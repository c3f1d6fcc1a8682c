"""Paragraphs for a text that has lost them, as news sets them. Only white space is changed, never a word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from broadsheet.importing.sentences import sentences

_MOST_SENTENCES = 2
_MOST_WORDS = 90
_FOLLOWS = re.compile(
    r"(?:He|She|It|They|We|That|This|These|Those|His|Her|Its|Their|But|And|Er|Sie|Es|Das|Dies|Doch|Il|Elle|Ils|Elles|"
    r"Cela|Mais|Él|Ella|Ellos|Eso|Esto|Pero)\b"
)
_QUOTES = (("“", "”"), ("„", "“"), ("«", "»"))


def restored(text: str) -> list[str]:
    """A text as news sets it: a sentence or two each, two where the second leans on the first; a quotation whole."""
    found: list[list[str]] = []
    count = 0
    for said in _whole_quotations(sentences(text)):
        follows = found and len(found[-1]) < _MOST_SENTENCES and _leans(said, found[-1][0])
        if follows and count + len(said.split()) <= _MOST_WORDS:
            found[-1].append(said)
            count += len(said.split())
        else:
            found.append([said])
            count = len(said.split())
    return [" ".join(part) for part in found]


def _leans(said: str, first: str) -> bool:
    """Whether a sentence goes on with the paragraph that begins so: with a pronoun, or the same speaker's words."""
    if _FOLLOWS.match(said):
        return True
    return bool(_QUOTED.match(said) and _QUOTED.match(first) and _SAID.search(first) and not _SAID.search(said))


_QUOTED = re.compile(r"[\"“„«]")
_SAID = re.compile(r"[\"”“»][^\"“”„«»]{0,60}\b(?:sa(?:id|ys)|told|added|asked|wrote|sagte|dit|dijo)\b")


def _whole_quotations(said: Sequence[str]) -> Iterator[str]:
    """Sentences, those within one quotation together."""
    open_: list[str] = []
    for sentence in said:
        open_.append(sentence)
        text = " ".join(open_)
        if not _is_open(text) or len(text.split()) > _MOST_WORDS:
            yield text
            open_ = []
    if open_:
        yield " ".join(open_)


def _is_open(text: str) -> bool:
    """Whether a quotation has begun that has not ended."""
    if text.count('"') % 2:
        return True
    return any(text.count(opening) > text.count(closing) for opening, closing in _QUOTES)
