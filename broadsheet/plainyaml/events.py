"""YAML as PyYAML understands it, by its events, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from broadsheet.plainyaml.document import MAX_DEPTH, NULLS, Places, Plain, YamlError, wrong
from broadsheet.problem import Pointer

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(text: str, places: Places | None) -> Plain:
    """The document's data; `places` is filled with where they stand. Raises `YamlError`."""
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
        raise wrong("syntax", f"this is not YAML: {said}", _REMEDY, _place_of(text, error)) from None
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
    return wrong("syntax", f"this is not YAML: {said}", remedy, place)


def _place_of(text: str, error: Exception) -> tuple[int, int]:
    position = getattr(error, "position", None)
    if not isinstance(position, int):
        return (1, 1)
    before = text[:position]
    return (before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1)


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
            raise wrong("alias", f"'*{event.anchor}' is an alias", _PLAIN, _start(event))
        elif isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise wrong("documents", "a second document begins here", "Keep one document a file", _start(event))

    def _scalar(self, event: ScalarEvent) -> None:
        _refuse_properties(event)
        top = self._stack[-1] if self._stack else None
        if top is not None and top.wants_key:
            self._key(top, event)
            return
        quoted = not event.implicit[0]
        self._put(None if not quoted and event.value in NULLS else event.value, event)

    def _key(self, top: _Open, event: ScalarEvent) -> None:
        mapping = top.value
        key = event.value
        if isinstance(mapping, dict) and key in mapping:
            raise wrong("duplicate-key", f"'{key[:80]}' stands here twice", "Keep one of them", _start(event))
        top.key = key
        if self._places is not None:
            self._places.keys.setdefault((*top.at, key), _start(event))

    def _open(self, event: MappingStartEvent | SequenceStartEvent) -> None:
        _refuse_properties(event)
        top = self._stack[-1] if self._stack else None
        if top is not None and top.wants_key:
            raise wrong("key", "a list or mapping as a key", "Use plain text as the key", _start(event))
        if len(self._stack) >= MAX_DEPTH:
            raise wrong("too-deep", f"nested more than {MAX_DEPTH} deep", "Flatten it", _start(event))
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
        raise wrong("alias", f"'&{event.anchor}' is an anchor", _PLAIN, _start(event))
    if event.tag is not None and event.tag != "!":
        remedy = "Leave it out, or put quotation marks round the value"
        raise wrong("tag", f"'{event.tag[:80]}' is a tag", remedy, _start(event))


def _start(event: Event) -> tuple[int, int]:
    mark: Any = event.start_mark
    return (mark.line + 1, mark.column + 1)
