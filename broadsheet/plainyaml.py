"""YAML as people write it in front matter: text -> mappings, lists and strings; all else is refused with a place.

All scalars are strings and an empty value is None, so that `NO`, `12:30` and `010` mean what they say; a field's
type decides later (`record`). Refused are anchors, aliases, tags, duplicate keys, keys that are not plain text, more
than one document, more than `MAX_BYTES` or `MAX_DEPTH`. The parser's events are walked without recursion and never
composed by PyYAML, whose composer crashes the process on deep nesting. https://yaml.org/spec/1.2.2/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import yaml
from msgspec import Struct
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from broadsheet.problem import Finding, Pointer, Problem

Plain = dict[str, "Plain"] | list["Plain"] | str | None
MAX_BYTES = 64 * 1024
MAX_DEPTH = 20
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = ("", "~", "null", "Null", "NULL")


class Places(Struct, frozen=True):
    """Where each pointer of a document stands: 1-based (line, column) within its text."""

    values: dict[Pointer, tuple[int, int]]
    keys: dict[Pointer, tuple[int, int]]

    def find(self, at: Pointer, key: bool = False) -> tuple[int, int]:
        """The place of a pointer, or of its nearest ancestor that is written down, or the document's start."""
        if key and at in self.keys:
            return self.keys[at]
        for end in range(len(at), 0, -1):
            place = self.values.get(at[:end]) or self.keys.get(at[:end])
            if place:
                return place
        return (1, 1)


class YamlError(Exception):
    """The text is not YAML of this kind. Carries what is wrong and its 1-based (line, column)."""

    def __init__(self, finding: Finding, place: tuple[int, int]) -> None:
        super().__init__(finding, place)
        self.finding, self.place = finding, place

    def problem(self, path: str, first_line: int = 1) -> Problem:
        """The problem of the file in which the document begins on `first_line`."""
        line, column = self.place
        found = self.finding
        return Problem(path, line + first_line - 1, column, found.rule, found.message, found.remedy)


def parse(text: str, max_bytes: int = MAX_BYTES) -> Plain:
    """The document's data. Raises `YamlError` on anything else, whatever the input."""
    _refuse_large(text, max_bytes)
    simple = _simple(text)
    return _build(text, None) if simple is None else simple


def locate(text: str, max_bytes: int = MAX_BYTES) -> Places:
    """Where each value and key stands. Costs as much as parsing, so it is asked for only where there is a problem."""
    places = Places({}, {})
    with suppress(YamlError):  # what was found before the fault still helps
        _refuse_large(text, max_bytes)
        _build(text, places)
    return places


def place(findings: Iterable[Finding], path: str, text: str, first_line: int = 1) -> tuple[Problem, ...]:
    """The findings on a document as problems of the file in which it begins on `first_line`; lines stay as they are."""
    places: Places | None = None
    problems = []
    for found in findings:
        line, column = (found.at, 1) if isinstance(found.at, int) else (0, 0)
        if isinstance(found.at, tuple):
            places = places or locate(text, len(text.encode()))
            line, column = places.find(found.at, found.key)
            line += first_line - 1
        problems.append(Problem(path, line, column, found.rule, found.message, found.remedy))
    return tuple(problems)


def _refuse_large(text: str, max_bytes: int) -> None:
    if len(text.encode(errors="surrogatepass")) > max_bytes:
        raise _error("too-large", f"more than {max_bytes // 1024} kB of YAML", "Shorten it", (1, 1))


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
_ESCAPE = re.compile(r"\\(.)")


def _simple(text: str) -> Plain:
    """What `_build` makes of keys with scalars, lists of scalars and mappings of those; None of anything else.

    Nearly all front matter is such, and PyYAML takes many times as long. Whatever else a text holds, a tab or an odd
    indentation, is PyYAML's to judge; `tests/test_plain_yaml.py` holds the two equal.
    """
    lines = _LINE.findall(text)
    if len(lines) != text.count("\n") + (text[-1:] != "\n") or not text.replace("\n", "").isprintable():
        return None
    root: dict[str, Plain] = {}
    mapping, indent = root, 0
    key = ""
    """Of `mapping`, where its value is yet to come."""
    items: list[Plain] | None = None
    indent_of_items = 0
    for spaces, name, value in lines:
        column = len(spaces)
        if not name:
            if key and column >= indent:
                items, indent_of_items = [], column
                mapping[key], key = items, ""
            if items is None or column != indent_of_items:
                return None
            items.append(_scalar(value))
            continue
        if column == 0:
            mapping, indent = root, 0
        elif column != indent:
            if not key or indent:
                return None
            mapping, indent = {}, column
            root[key] = mapping
        if name in mapping:
            return None
        mapping[name] = _scalar(value)
        key, items = ("" if value else name), None
    return root


def _scalar(written: str) -> str | None:
    if written[:1] == '"':
        return _ESCAPE.sub(r"\1", written[1:-1]) if "\\" in written else written[1:-1]
    if written[:1] == "'":
        return written[1:-1].replace("''", "'")
    return None if written in _NULLS else written


def _build(text: str, places: Places | None) -> Plain:
    builder = _Builder(places)
    for event in _events(text):
        builder.take(event)
    return builder.root


def _events(text: str) -> Iterator[Event]:
    loader = None
    try:
        loader = _Loader(text)
        while loader.check_event():
            yield loader.get_event()
    except YamlError:
        raise
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(error) from None
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
        said = getattr(error, "reason", None) or "a character that YAML does not allow"
        raise _error("syntax", f"this is not YAML: {said}", _REMEDY, _place_of(text, error)) from None
    finally:
        if loader is not None:
            loader.dispose()


_REMEDY = "Put quotation marks round a value that holds ': ', ' #', or begins with one of @ ` % & * ! | > [ {"


_PLAIN = "Write the value out, or put quotation marks round it where the sign is meant"


def _syntax_error(error: yaml.MarkedYAMLError) -> YamlError:
    """What PyYAML says, with a remedy for the usual causes. A quotation without an end is shown where it begins."""
    said = (error.problem or error.context or "it cannot be read").rstrip(".")
    context = error.context or ""
    mark, remedy = error.problem_mark or error.context_mark, _REMEDY
    if "quoted scalar" in context and "end of stream" in said:
        mark, remedy = error.context_mark or mark, "Close the quotation mark that opens here"
    elif "\\t" in said or "cannot start any token" in said or "tab" in said:
        remedy = "Indent with spaces, not with tabs, and put quotation marks round a value that begins with @ ` or %"
    elif "block mapping" in context or "block end" in said:
        remedy = "Begin all keys of one level in the same column, and put quotation marks round odd values"
    place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return _error("syntax", f"this is not YAML: {said}", remedy, place)


def _place_of(text: str, error: Exception) -> tuple[int, int]:
    position = getattr(error, "position", None)
    if not isinstance(position, int):
        return (1, 1)
    before = text[:position]
    return (before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1)


def _error(what: str, message: str, remedy: str, place: tuple[int, int]) -> YamlError:
    return YamlError(Finding(f"yaml/{what}", message, remedy), place)


class _Builder:
    """Takes events one by one. `_stack` holds the open collections, each with its pointer and its pending key."""

    def __init__(self, places: Places | None) -> None:
        self.root: Plain = None
        self._places = places
        self._stack: list[_Open] = []
        self._documents = 0

    def take(self, event: Event) -> None:
        if isinstance(event, ScalarEvent):
            self._scalar(event)
        elif isinstance(event, (MappingStartEvent, SequenceStartEvent)):
            self._open(event)
        elif isinstance(event, CollectionEndEvent):
            self._stack.pop()
        elif isinstance(event, AliasEvent):
            raise _error("alias", f"'*{event.anchor}' is an alias", _PLAIN, _start(event))
        elif isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise _error("documents", "a second document begins here", "Keep one document a file", _start(event))

    def _scalar(self, event: ScalarEvent) -> None:
        _refuse_properties(event)
        top = self._stack[-1] if self._stack else None
        if top is not None and top.wants_key:
            self._key(top, event)
            return
        quoted = not event.implicit[0]
        self._put(None if not quoted and event.value in _NULLS else event.value, event)

    def _key(self, top: _Open, event: ScalarEvent) -> None:
        mapping = top.value
        key = event.value
        if isinstance(mapping, dict) and key in mapping:
            raise _error("duplicate-key", f"'{key[:80]}' stands here twice", "Keep one of them", _start(event))
        top.key = key
        if self._places is not None:
            self._places.keys.setdefault((*top.at, key), _start(event))

    def _open(self, event: MappingStartEvent | SequenceStartEvent) -> None:
        _refuse_properties(event)
        top = self._stack[-1] if self._stack else None
        if top is not None and top.wants_key:
            raise _error("key", "a list or mapping as a key", "Use plain text as the key", _start(event))
        if len(self._stack) >= MAX_DEPTH:
            raise _error("too-deep", f"nested more than {MAX_DEPTH} deep", "Flatten it", _start(event))
        value: dict[str, Plain] | list[Plain] = {} if isinstance(event, MappingStartEvent) else []
        at = self._put(value, event)
        self._stack.append(_Open(value, at))

    def _put(self, value: Plain, event: Event) -> Pointer:
        """Put a finished or an opened value where it belongs; its pointer."""
        if not self._stack:
            self.root = value
        at = self._stack[-1].put(value) if self._stack else ()
        if self._places is not None:
            self._places.values[at] = _start(event)
        return at


class _Open:
    """An open collection: its value, its pointer and, in a mapping, the key that waits for a value."""

    __slots__ = ("at", "key", "value")

    def __init__(self, value: dict[str, Plain] | list[Plain], at: Pointer) -> None:
        self.value, self.at = value, at
        self.key: str | None = None

    @property
    def wants_key(self) -> bool:
        return isinstance(self.value, dict) and self.key is None

    def put(self, value: Plain) -> Pointer:
        if isinstance(self.value, list):
            self.value.append(value)
            return (*self.at, len(self.value) - 1)
        key = self.key or ""
        self.value[key] = value
        self.key = None
        return (*self.at, key)


def _refuse_properties(event: ScalarEvent | MappingStartEvent | SequenceStartEvent) -> None:
    if event.anchor is not None:
        raise _error("alias", f"'&{event.anchor}' is an anchor", _PLAIN, _start(event))
    if event.tag is not None and event.tag != "!":
        remedy = "Leave it out, or put quotation marks round the value"
        raise _error("tag", f"'{event.tag[:80]}' is a tag", remedy, _start(event))


def _start(event: Event) -> tuple[int, int]:
    mark: Any = event.start_mark
    return (mark.line + 1, mark.column + 1)
