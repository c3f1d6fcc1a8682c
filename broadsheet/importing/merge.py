"""What an original's change does to an article that was imported before: what the curator wrote stays, always.

A merge of three: what the importer wrote last time, what the file says now, what the importer would write today. A
field or a paragraph that the curator left alone follows the original; one that the curator changed stays, and where
both changed it the report says so. The file is edited in its lines: comments, order and spelling of all else stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from msgspec import Struct

from broadsheet.plainyaml import Plain, locate
from broadsheet.problem import Problem
from broadsheet.reading.frontmatter import Sheet, split

FOLLOWED = (
    ("title",),
    ("origin", "authors"),
    ("origin", "published"),
    ("retrieved", "from"),
    ("retrieved", "at"),
    ("retrieved", "sha256"),
    ("retrieved", "words"),
    ("retrieved", "links"),
    ("credits",),
    ("changes",),
)
"""Fields that follow the original. All others are the curator's from the beginning."""
_MEASURED = "retrieved"
"""Facts about the text that was captured last, which are nobody's opinion: they follow in any case."""


class Merged(Struct, frozen=True):
    """What came of it."""

    text: str
    """Of the file."""
    followed: tuple[str, ...]
    """Fields, and `text`, that now are as in the original."""
    kept: tuple[str, ...]
    """Fields, and paragraphs by their first words, that both changed: the curator's stand."""


def merge(base: str | None, mine: str, theirs: str, *, is_untouched: bool = False) -> Merged:
    """Merge the texts of three files. All have a front matter that can be read.

    `base` is the file as it was written last time. Without it only what was measured follows, and the text where it
    `is_untouched`: known to be what was captured.
    """
    was, ours, new = (taken_apart(text) for text in (mine if base is None else base, mine, theirs))
    edited, followed, kept = _fields(was, ours, new, has_base=base is not None)
    blocks = [blocks_of(sheet.markdown) for sheet in (was, ours, new)]
    body, stood = merge_blocks(*blocks)
    if base is None and not is_untouched:
        body, stood = blocks[1], (("text",) if blocks[1] != blocks[2] else ())
    if body != blocks[1]:
        followed = (*followed, "text")
        edited = _with_body(edited, body)
    return Merged(edited if followed else mine, followed, (*kept, *stood))


def blocks_of(markdown: str) -> list[str]:
    """The paragraphs of a markdown text."""
    return [block.strip("\n") for block in re.split(r"\n(?:[ \t]*\n)+", markdown) if block.strip()]


def merge_blocks(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """(the merged paragraphs, the first words of those that both changed, where mine stands)."""
    merged: list[str] = []
    stood: list[str] = []
    at_base = at_mine = at_theirs = 0
    for first, in_mine, in_theirs, size in _agreed(base, mine, theirs):
        was, ours, new = base[at_base:first], mine[at_mine:in_mine], theirs[at_theirs:in_theirs]
        if ours == was:
            merged += new
        else:
            merged += ours
            stood += [_begin(block) for block in new if block not in ours] if new not in (was, ours) else []
        merged += mine[in_mine : in_mine + size]
        at_base, at_mine, at_theirs = first + size, in_mine + size, in_theirs + size
    return merged, tuple(stood)


def _agreed(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Stretches that all three share, in order: (start in base, in mine, in theirs, length); last an empty one."""
    in_mine = _matched(base, mine)
    in_theirs = _matched(base, theirs)
    for n in range(len(base)):
        if n in in_mine and n in in_theirs:
            yield n, in_mine[n], in_theirs[n], 1
    yield len(base), len(mine), len(theirs), 0


def _matched(base: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    matcher = SequenceMatcher(None, base, other, autojunk=False)
    return {one + n: two + n for one, two, size in matcher.get_matching_blocks() for n in range(size)}


def _begin(block: str) -> str:
    return f"'{' '.join(block.split()[:5])} …'"


def _fields(base: Sheet, mine: Sheet, theirs: Sheet, *, has_base: bool) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """(the file's text with the fields that follow, their names, the names of those that both changed)."""
    text = mine
    followed, kept = [], []
    for at in FOLLOWED:
        was, ours, new = (_value(sheet.data, at) for sheet in (base, text, theirs))
        is_measured = at[0] == _MEASURED
        if new in (None, ours) or (new == was and not is_measured) or not (has_base or is_measured):
            continue
        if ours != was and not is_measured:
            kept.append(".".join(at))
            continue
        edited = _replaced(text, theirs, at)
        if edited is None or _value(edited.data, at) != new:
            kept.append(".".join(at))
            continue
        text = edited
        followed.append(".".join(at))
    return joined(text.yaml, text.markdown), tuple(followed), tuple(kept)


def _value(data: Plain, at: tuple[str, ...]) -> Plain:
    for key in at:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _replaced(into: Sheet, other: Sheet, at: tuple[str, ...]) -> Sheet | None:
    """The file with the lines of a field as they are in the other; None where they cannot be told apart."""
    new = _lines(other, at)
    old = _lines(into, at) or _after(into, at)
    if new is None or old is None:
        return None
    lines, others = into.yaml.splitlines(keepends=True), other.yaml.splitlines(keepends=True)
    lines[slice(*old)] = others[slice(*new)]
    made = split("", joined("".join(lines), into.markdown).encode())
    return made if isinstance(made, Sheet) else None


def _lines(sheet: Sheet, at: tuple[str, ...]) -> tuple[int, int] | None:
    """The lines of a field that has lines of its own: (first, one past the last), comments after it left out."""
    places = locate(sheet.yaml).keys
    if at not in places:
        return None
    lines = sheet.yaml.splitlines(keepends=True)
    first, column = places[at]
    if lines[first - 1][: column - 1].strip():
        return None  # a flow mapping: it shares its line with others
    end = first
    while end < len(lines) and _continues(lines[end], column - 1):
        end += 1
    return first - 1, end


def _continues(line: str, indent: int) -> bool:
    """Whether a line belongs to a field whose key stands at this indent: it is deeper, or an entry of its list."""
    bare = line.lstrip(" ")
    if bare.startswith(("#", "\n")) or not bare:
        return False
    depth = len(line) - len(bare)
    return depth > indent or (depth == indent and bare.startswith("- "))


def _after(sheet: Sheet, at: tuple[str, ...]) -> tuple[int, int] | None:
    """Where a field that is not there goes: at the end of its mapping, or of the front matter."""
    if len(at) == 1:
        end = len(sheet.yaml.splitlines())
        return end, end
    parent = _lines(sheet, at[:-1])
    inner = any(key[:-1] == at[:-1] for key in locate(sheet.yaml).keys if len(key) == len(at))
    return (parent[1], parent[1]) if parent and inner and parent[1] - parent[0] > 1 else None


def _with_body(text: str, blocks: Sequence[str]) -> str:
    return joined(taken_apart(text).yaml, "\n" + "\n\n".join(blocks) + "\n")


def joined(yaml: str, markdown: str) -> str:
    """A file of these parts, which end their lines."""
    return f"---\n{yaml}---\n{markdown}"


def taken_apart(text: str) -> Sheet:
    """A file's parts. Raises ValueError where no front matter can be read; callers have read it before."""
    sheet = split("", text.encode())
    if isinstance(sheet, Problem):
        raise ValueError(sheet.message)  # noqa: TRY004 -- the text is wrong, not its type
    return sheet
