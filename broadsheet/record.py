"""Plain data -> frozen records, by the records' own annotations; every error of a document as a finding, not the first.

A field's type says how it is read: a record, `tuple[T, ...]` for a list, `dict[str, T]` for a mapping, an enum for one
of a few words, `T | None` for what may be absent, and `Annotated[T, Reads(...)]` for a scalar. An empty value is the
same as none. The same annotations give the JSON Schema (`schema`). docs/architecture.md says why this is not pydantic.
"""

from __future__ import annotations

import enum
import types
import typing
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import fields

from broadsheet.plainyaml import Plain
from broadsheet.problem import Finding, Pointer, did_you_mean

T = TypeVar("T")


class Reads(Struct, frozen=True):
    """How a scalar of this type is read from its text."""

    parse: Callable[[str], object]
    """Raises `UnreadableError` where the text is not one."""
    schema: tuple[tuple[str, object], ...] = (("type", "string"),)
    """The JSON Schema of the text, as items."""


class UnreadableError(Exception):
    """A scalar's text is not what its field wants: what is wrong, and what to write."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message, remedy)
        self.message, self.remedy = message, remedy


def decode(kind: type[T], data: Plain, area: str) -> T | tuple[Finding, ...]:
    """A record of `kind`, or all that is wrong with `data`. Rules are named `area/…`."""
    found: list[Finding] = []
    decoder: Decoder = _decoder(kind)  # type: ignore[arg-type]
    value = decoder(data, (), _Found(area, found))
    return tuple(found) if found else typing.cast("T", value)


class _Found:
    """Collects findings under one area."""

    __slots__ = ("_area", "_found")

    def __init__(self, area: str, found: list[Finding]) -> None:
        self._area, self._found = area, found

    def add(self, what: str, message: str, remedy: str, at: Pointer, key: bool = False) -> None:
        self._found.append(Finding(f"{self._area}/{what}", message, remedy, at, key))


Decoder = Callable[[Plain, Pointer, _Found], object]


@cache
def _decoder(kind: Any) -> Decoder:  # noqa: ANN401 -- a type form has no type yet (PEP 747)
    origin = typing.get_origin(kind)
    if origin is typing.Annotated:
        return _scalar(next(m for m in kind.__metadata__ if isinstance(m, Reads)))
    if origin in (types.UnionType, typing.Union):
        return _decoder(next(a for a in typing.get_args(kind) if a is not type(None)))
    if origin is tuple:
        return _list(_decoder(typing.get_args(kind)[0]))
    if origin is dict:
        return _mapping(_decoder(typing.get_args(kind)[1]))
    if isinstance(kind, type) and issubclass(kind, Struct):
        return _record(typing.cast("type", kind))
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return _enum(kind)
    raise TypeError(f"no way to read {kind!r}")


def _scalar(reads: Reads) -> Decoder:
    parse = reads.parse

    def decode_scalar(data: Plain, at: Pointer, found: _Found) -> object:
        if not isinstance(data, str):
            found.add("wrong-type", f"{_name(at)} is {_what(data)}", f"Write one value as text after '{_key(at)}:'", at)
            return None
        try:
            return parse(data)
        except UnreadableError as error:
            found.add("bad-value", f"{_name(at)} {error.message}", error.remedy, at)
            return None

    return decode_scalar


def _enum(kind: type[enum.Enum]) -> Decoder:
    members: dict[str, enum.Enum] = {str(m.value): m for m in kind}

    def decode_enum(data: Plain, at: Pointer, found: _Found) -> object:
        if isinstance(data, str) and data in members:
            return members[data]
        hint = did_you_mean(data, members) if isinstance(data, str) else ""
        said = f"'{data[:80]}'" if isinstance(data, str) else _what(data)
        found.add("bad-value", f"{_name(at)} is {said}", f"{hint}Write one of: {', '.join(members)}", at)
        return None

    return decode_enum


def _list(item: Decoder) -> Decoder:
    def decode_list(data: Plain, at: Pointer, found: _Found) -> object:
        if not isinstance(data, list):
            found.add("wrong-type", f"{_name(at)} is a list, and this is {_what(data)}", "Write it in [ ]", at)
            return ()
        return tuple([item(value, (*at, n), found) for n, value in enumerate(data)])

    return decode_list


def _mapping(item: Decoder) -> Decoder:
    def decode_mapping(data: Plain, at: Pointer, found: _Found) -> object:
        if not isinstance(data, dict):
            found.add("wrong-type", f"{_name(at)} is a mapping, and this is {_what(data)}", _INDENT, at)
            return {}
        return {key: item(value, (*at, key), found) for key, value in data.items() if value is not None}

    return decode_mapping


_INDENT = "Write 'key: value' lines under it, indented by two spaces"


def _record(kind: type) -> Decoder:
    described = fields(kind)
    readers = {_written(f.name): (f.name, _decoder(f.type)) for f in described}
    needed = [f.name for f in described if f.required]

    def decode_record(data: Plain, at: Pointer, found: _Found) -> object:
        if not isinstance(data, dict):
            found.add("wrong-type", f"{_name(at)} is a mapping, and this is {_what(data)}", _INDENT, at)
            return None
        values: dict[str, Any] = {}
        whole = True
        for key, value in data.items():
            known = readers.get(key)
            if known is None:
                hint = f"{did_you_mean(key, readers)}Known here: {', '.join(readers)}"
                found.add("unknown-key", f"'{key[:80]}' is not a key here", hint, (*at, key), key=True)
            elif value is not None:
                name, read = known
                values[name] = read(value, (*at, key), found)
        for name in needed:
            if name not in values:
                whole = False
                found.add("missing-key", f"{_name((*at, _written(name)))} is missing", f"Add '{_written(name)}:'", at)
        return kind(**values) if whole else None

    return decode_record


# `from` is a word of Python: the field is `from_`, the document says `from`.
def _written(name: str) -> str:
    return name.rstrip("_")


def _what(data: Plain) -> str:
    if data is None:
        return "empty"
    return "a mapping" if isinstance(data, dict) else "a list" if isinstance(data, list) else "text"


def _key(at: Pointer) -> str:
    return next((step for step in reversed(at) if isinstance(step, str)), "-")


def _name(at: Pointer) -> str:
    """`'origin.authors', item 1` for `("origin", "authors", 0)`."""
    if not at:
        return "this file's YAML"
    keys = ".".join(str(step) for step in at if isinstance(step, str))
    items = "".join(f", item {step + 1}" for step in at[-1:] if isinstance(step, int))
    return f"'{keys[:80]}'{items}"


def schema(kind: Any) -> dict[str, object]:  # noqa: ANN401 -- as above
    """The JSON Schema (draft 2020-12) of what `decode` accepts for `kind`."""
    origin = typing.get_origin(kind)
    if origin is typing.Annotated:
        return dict(next(m for m in kind.__metadata__ if isinstance(m, Reads)).schema)
    if origin in (types.UnionType, typing.Union):
        return schema(next(a for a in typing.get_args(kind) if a is not type(None)))
    if origin is tuple:
        return {"type": "array", "items": schema(typing.get_args(kind)[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema(typing.get_args(kind)[1])}
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return {"enum": [m.value for m in kind]}
    described = fields(kind)
    required = [f.name for f in described if f.required]
    properties = {f.name: schema(f.type) for f in described}
    empty = {name: s if name in required else {"anyOf": [s, {"type": "null"}]} for name, s in properties.items()}
    return {
        "type": "object",
        "properties": {_written(name): s for name, s in empty.items()},
        "required": [_written(name) for name in required],
        "additionalProperties": False,
    }
