"""YAML whose lines can be read one by one, as nearly all front matter can."""

from __future__ import annotations

import re
from json import JSONDecoder

from broadsheet.plainyaml.document import NULLS, Plain

# A line that says the same whatever stands above: an item or a key, with a value that ends where the line does. A
# plain one begins with no indicator and holds neither `: ` nor ` #`; a quoted one has no escapes but of the quotation
# mark and the backslash; what stands in brackets is looked at by `_flow`. YAML 1.2.2, sections 7.3, 7.4 and 8.2.
_LINE = re.compile(
    r"""
    ^([ ]*+) (?: ([A-Za-z][A-Za-z0-9_-]{0,99}+): (?:[ ]++(?=\S)|$) | -[ ]++(?=\S) )
    ( "[^"\\\n]*+(?>(?:\\["\\][^"\\\n]*+)*)"
    | '[^'\n]*+(?>(?:''[^'\n]*+)*)'
    | \[[^\n]*+(?<=]) | {[^\n]*+(?<=})
    | (?>(?:[^-\s?:,[\]{}#&*!|>'"%@`] [^:#\n]*+ (?>(?:(?::(?=\S)|(?<=\S)\#) [^:#\n]*+)*) (?<![ ]))?)
    )$""",
    re.MULTILINE | re.VERBOSE,
)
# In brackets: plain scalars; or JSON, which YAML reads alike as far as it is digits, and strings as above.
_WORD = r"""[ ]*+[^-\s?:,[\]{}#&*!|>'"%@`][^?:,[\]{}#]*+"""
_WORDS = re.compile(rf"\[({_WORD}(?>(?:,{_WORD})*))]")
_JSON = re.compile(r"""(?>(?:[][{},:\d ]|"[^"\\]*+(?>(?:\\["\\][^"\\]*+)*)")+)""", re.ASCII)
_LONGEST = 1024
"""Characters in brackets, so that no key among them is longer than YAML allows (7.4)."""
_MOST_BRACKETS = 10
"""That open, in a line: with the mappings round them, fewer than `MAX_DEPTH`."""
_DEEPEST = 4
"""Mappings in each other: a theme's options, and one to spare."""
_ESCAPE = re.compile(r"\\(.)")


def read(text: str) -> Plain:
    """What `events.read` makes of keys with scalars, lists and mappings of these; None of anything else.

    Nearly all front matter is such, and PyYAML takes many times as long. Whatever else a text holds, a tab or an odd
    indentation, is PyYAML's to judge; `tests/test_plain_yaml.py` holds the two equal.
    """
    try:
        return _read(text)
    except _OddError:
        return None


class _OddError(Exception):
    """It takes PyYAML to tell what this means."""


def _read(text: str) -> Plain:
    lines = _LINE.findall(text)
    if len(lines) != text.count("\n") + (text[-1:] != "\n") or not text.replace("\n", "").isprintable():
        raise _OddError
    mapping: dict[str, Plain] = {}
    open_ones = [(0, mapping)]
    """The mappings that the next line may belong to, with their columns, from the document's own inwards."""
    key = ""
    """Of `mapping`, where its value is yet to come."""
    items: list[Plain] | None = None
    indent_of_items = 0
    for spaces, name, value in lines:
        column = len(spaces)
        if not name:
            if key and column >= open_ones[-1][0]:
                items, indent_of_items = [], column
                mapping[key], key = items, ""
            if items is None or column != indent_of_items:
                raise _OddError
            items.append(_value(value))
            continue
        if column > open_ones[-1][0]:
            if not key or len(open_ones) == _DEEPEST:
                raise _OddError
            inner: dict[str, Plain] = {}
            mapping[key] = inner
            open_ones.append((column, inner))
        while column < open_ones[-1][0]:
            open_ones.pop()
        at, mapping = open_ones[-1]
        if column != at or name in mapping:
            raise _OddError
        mapping[name] = _value(value)
        key, items = ("" if value else name), None
    return open_ones[0][1]


def _value(written: str) -> Plain:
    return _flow(written) if written[:1] in ("[", "{") else _scalar(written)


def _scalar(written: str) -> str | None:
    if written[:1] == '"':
        return _ESCAPE.sub(r"\1", written[1:-1]) if "\\" in written else written[1:-1]
    if written[:1] == "'":
        return written[1:-1].replace("''", "'")
    return None if written in NULLS else written


def _flow(written: str) -> Plain:
    """What stands in brackets: a list of plain scalars, or JSON."""
    words = _WORDS.fullmatch(written)
    if words:
        return [_scalar(word.strip(" ")) for word in words[1].split(",")]
    is_deep = written.count("[") + written.count("{") > _MOST_BRACKETS
    if is_deep or len(written) > _LONGEST or not _JSON.fullmatch(written):
        raise _OddError
    try:
        value, end = _DECODER.raw_decode(written)
    except ValueError:
        raise _OddError from None
    if end < len(written):
        raise _OddError
    return value  # type: ignore[no-any-return]


def _mapping(pairs: list[tuple[str, Plain]]) -> dict[str, Plain]:
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        raise _OddError
    return mapping


_DECODER = JSONDecoder(object_pairs_hook=_mapping, parse_int=str)
