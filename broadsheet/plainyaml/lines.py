"""YAML whose lines can be read one by one, as nearly all front matter can."""

from __future__ import annotations

import re

from broadsheet.plainyaml.document import NULLS, Plain

# A line that says the same whatever stands above: an item or a key, with a scalar that ends where the line does. A
# plain one begins with no indicator and holds neither `: ` nor ` #`; a quoted one has no escapes but of the quotation
# mark and the backslash. YAML 1.2.2, sections 7.3 and 8.2.
_LINE = re.compile(
    r"""
    ^([ ]*+) (?: ([A-Za-z][A-Za-z0-9_-]{0,99}+): (?:[ ]++(?=\S)|$) | -[ ]++(?=\S) )
    ( "[^"\\\n]*+(?:\\["\\][^"\\\n]*+)*+"
    | '[^'\n]*+(?:''[^'\n]*+)*+'
    | (?:[^-\s?:,[\]{}#&*!|>'"%@`] [^:#\n]*+ (?:(?::(?=\S)|(?<=\S)\#) [^:#\n]*+)*+ (?<![ ]))?+
    )$""",
    re.MULTILINE | re.VERBOSE,
)
_DEEPEST = 4
"""Mappings in each other: a theme's options, and one to spare."""
_ESCAPE = re.compile(r"\\(.)")


def read(text: str) -> Plain:
    """What `events.read` makes of keys with scalars, lists of scalars and mappings of all these; None of anything else.

    Nearly all front matter is such, and PyYAML takes many times as long. Whatever else a text holds, a tab or an odd
    indentation, is PyYAML's to judge; `tests/test_plain_yaml.py` holds the two equal.
    """
    lines = _LINE.findall(text)
    if len(lines) != text.count("\n") + (text[-1:] != "\n") or not text.replace("\n", "").isprintable():
        return None
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
                return None
            items.append(_scalar(value))
            continue
        if column > open_ones[-1][0]:
            if not key or len(open_ones) == _DEEPEST:
                return None
            inner: dict[str, Plain] = {}
            mapping[key] = inner
            open_ones.append((column, inner))
        while column < open_ones[-1][0]:
            open_ones.pop()
        at, mapping = open_ones[-1]
        if column != at or name in mapping:
            return None
        mapping[name] = _scalar(value)
        key, items = ("" if value else name), None
    return open_ones[0][1]


def _scalar(written: str) -> str | None:
    if written[:1] == '"':
        return _ESCAPE.sub(r"\1", written[1:-1]) if "\\" in written else written[1:-1]
    if written[:1] == "'":
        return written[1:-1].replace("''", "'")
    return None if written in NULLS else written
