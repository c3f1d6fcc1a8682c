"""Content codings undone, within bounds (RFC 9110, 8.4.1): a few kilobytes may unpack to gigabytes."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from broadsheet.network.failure import FetchError

if TYPE_CHECKING:
    from zlib import _Decompress

ACCEPTED = "gzip, deflate"
_STEP = 65_536
_SMALL = 1_048_576
"""Bytes up to which no ratio is held against a body: a short page may be all alike."""
_MOST_MEMBERS = 100
_GZIP_MAGIC = b"\x1f\x8b"


def unpacked(chunks: Iterable[bytes], coding: str, most: int, ratio: int) -> Iterator[bytes]:
    """A body without its coding, in pieces: `most` bytes, and once it is large `ratio` times what came.

    Raises `FetchError`: `encoding` where it is none that is known, `too-large`, `garbled`.
    """
    coding = coding.lower()
    if coding in ("", "identity"):
        parts: Iterator[tuple[int, bytes]] = ((len(chunk), chunk) for chunk in chunks)
    elif coding in ("gzip", "x-gzip", "deflate"):
        parts = _inflated(chunks, is_gzip=coding != "deflate")
    else:
        raise FetchError("encoding", f"its body is packed as '{coding[:40]}', which is not unpacked here")
    taken = made = 0
    for size, part in parts:
        taken, made = taken + size, made + len(part)
        if made > most or made > max(_SMALL, ratio * taken):
            raise FetchError("too-large", f"it unpacks to more than is taken: {taken:,} bytes to {made:,}, or more")
        yield part


def _inflated(chunks: Iterable[bytes], *, is_gzip: bool) -> Iterator[tuple[int, bytes]]:
    """How many packed bytes came, and what they unpack to, a little at a time. gzip may have several members."""
    members, unpacking, rest = 0, None, b""
    for chunk in chunks:
        yield len(chunk), b""
        data, rest = rest + chunk, b""
        while data:
            if unpacking is None:
                if len(data) < 2:  # these tell how it is packed
                    rest = data
                    break
                if members and not (is_gzip and data.startswith(_GZIP_MAGIC)):
                    return  # what follows the last member is nobody's, and browsers leave it out
                members += 1
                unpacking = _begin(data, members, is_gzip=is_gzip)
            yield 0, _step(unpacking, data)
            data = unpacking.unused_data if unpacking.eof else unpacking.unconsumed_tail
            unpacking = None if unpacking.eof else unpacking
    if unpacking is not None:
        yield 0, _step(unpacking, b"")  # what was held back
    if (unpacking is not None and not unpacking.eof) or (rest and not members):
        raise FetchError("garbled", "its packed body is cut off")


def _begin(data: bytes, member: int, *, is_gzip: bool) -> _Decompress:
    """`deflate` should be within zlib's format, and is sent without it too (RFC 9110, 8.4.1.2)."""
    if member > _MOST_MEMBERS:
        raise FetchError("garbled", "its packed body is in too many pieces")
    if is_gzip:
        return zlib.decompressobj(31)
    is_zlib = data[0] & 0x0F == 8 and int.from_bytes(data[:2]) % 31 == 0
    return zlib.decompressobj(15 if is_zlib else -15)


def _step(unpacking: _Decompress, data: bytes) -> bytes:
    try:
        return unpacking.decompress(data, _STEP)
    except zlib.error as error:
        raise FetchError("garbled", "its packed body cannot be unpacked") from error
