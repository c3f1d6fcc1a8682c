"""Records <-> bytes, for the cache and for the way between processes: MessagePack by the records' own annotations.

The same record always gives the same bytes, so that their digest stands for it. Nothing is executed on the way back.
https://jcristharif.com/msgspec/supported-types.html
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

import msgspec
from markupsafe import Markup

T = TypeVar("T")


def pack(record: object) -> bytes:
    """A record as bytes."""
    return _encoder().encode(record)


def unpack(kind: type[T], data: bytes) -> T:
    """The record in bytes that `pack` made of one of the same kind. Raises ValueError for any others."""
    record: T = _decoder(kind).decode(data)  # type: ignore[arg-type]
    return record


@cache
def _encoder() -> msgspec.msgpack.Encoder:
    return msgspec.msgpack.Encoder(enc_hook=_as_text)


@cache
def _decoder(kind: Any) -> msgspec.msgpack.Decoder[Any]:  # noqa: ANN401 -- a type form has no type yet (PEP 747)
    return msgspec.msgpack.Decoder(kind, dec_hook=_as_markup)


def _as_text(value: object) -> str:
    if isinstance(value, Markup):
        return str(value)
    raise NotImplementedError(type(value))


def _as_markup(kind: type, value: Any) -> Markup:  # noqa: ANN401 -- what msgspec has read
    if kind is Markup:
        return Markup(value)  # noqa: S704 -- it was Markup when it was packed
    raise NotImplementedError(kind)
