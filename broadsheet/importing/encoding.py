"""Bytes in whatever encoding -> UTF-8.

What is certain goes before what is said, what the server says before what the document says: byte order mark, the
zeros that UTF-16 and UTF-32 put between letters, `charset`, the XML declaration, then what most of the web is in.
RFC 7303, section 3; XML 1.0, appendix F; https://encoding.spec.whatwg.org/
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from msgspec import Struct

_MARKS = (
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before that of UTF-16, with which it begins
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
)
_SHAPES = (
    (re.compile(rb"\0\0\0[^\0]"), "utf-32-be"),
    (re.compile(rb"[^\0]\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0[^\0]\0[^\0]"), "utf-16-be"),
    (re.compile(rb"[^\0]\0[^\0]\0"), "utf-16-le"),
    (re.compile(rb"\x4c\x6f\xa7\x94"), "cp037"),  # `<?xm` in EBCDIC
)
_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:\-]{1,40})")
# Codecs of Python that are no charset of any document, take long or hide markup from whoever looks for it.
_NOT_CHARSETS = re.compile(r"idna|punycode|undefined|unicode.escape|raw.unicode|utf.?7|mbcs|oem")
_WIDE = re.compile(r"utf.?(16|32)")
_CHUNK = 1 << 20
_SAMPLE = 1 << 16
"""Bytes from which an encoding is guessed."""


class Utf8(Struct, frozen=True):
    """A document in UTF-8."""

    data: bytes
    """Without byte order mark. An XML declaration still names the encoding it was in."""
    doubt: str = ""
    """For people: where it is not in the encoding that it was said to be in."""


def shape(data: bytes) -> tuple[str, int]:
    """The encoding that the first bytes leave no doubt of, or nothing, and the length of the byte order mark."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, len(mark)
    return next((encoding for pattern, encoding in _SHAPES if pattern.match(data)), ""), 0


def utf8(data: bytes, charset: str = "") -> Utf8:
    """The document in UTF-8. What is already stays the same object; memory is a small multiple of its size."""
    certain, mark = shape(data)
    data = data[mark:] if mark else data
    said = [_usable(charset), "" if mark else _usable(_declared(data, certain))]
    # Where its own declaration can be read as ASCII, it is not in an encoding that has zeros between letters.
    said = [name for name in said if name and (certain or not _WIDE.match(name))]
    for encoding in dict.fromkeys([*([certain] if mark else said), certain, "utf-8"]):
        if encoding and (recoded := _recoded(data, encoding)) is not None:
            stated = next(iter(said), encoding)
            is_as_said = mark or encoding.startswith(stated)  # of UTF-16 the order of bytes is seldom said
            doubt = "" if is_as_said else f"said to be in {stated}, and read as {encoding}"
            return Utf8(recoded, doubt)
    return _mended(data)


def _mended(data: bytes) -> Utf8:
    """Of what is in no encoding that it says: UTF-8 with some broken characters, what it looks like, or western."""
    text = data[:_SAMPLE].decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if broken <= sum(sign > "\x7f" for sign in text) - broken:
        return Utf8(data.decode("utf-8", "replace").encode(), "not quite in UTF-8: some characters are lost")
    likely = _likely(data[:_SAMPLE])
    if likely and (recoded := _recoded(data, likely)) is not None:
        return Utf8(recoded, f"not in UTF-8, and read as {likely}, which it looks like")
    western = "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in range(256))
    return Utf8(codecs.charmap_decode(data, "strict", western)[0].encode(), "not in UTF-8, and read as windows-1252")


def _likely(data: bytes) -> str:
    try:
        from charset_normalizer import from_bytes  # slow to import, and seldom needed
    except ImportError:  # it is in the extra `import`
        return ""
    best = from_bytes(data, cp_exclusion=["utf_7"]).best()
    return _usable(best.encoding) if best else ""


def _declared(data: bytes, certain: str) -> str:
    head = data[:1024]
    if certain:
        head = head.decode(certain, "ignore").encode()
    match = _DECLARED.match(head)
    return match[1].decode("ascii", "ignore") if match else ""


def _usable(charset: str) -> str:
    """The codec's own name; empty where there is none, or none that a document may be in."""
    try:
        b"\0\0\0\0".decode(charset)  # a codec that makes no text of bytes is refused here
        name = codecs.lookup(charset).name
    except (LookupError, ValueError):
        return ""
    if _NOT_CHARSETS.match(name.replace("-", "_")):
        return ""
    return {"gb2312": "gb18030", "gbk": "gb18030"}.get(name, name)  # what contains them both


def _recoded(data: bytes, encoding: str) -> bytes | None:
    """In UTF-8; None where it is not in that encoding. In pieces, for a string may take four bytes a letter."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        if encoding == "utf-8":
            for piece in _pieces(data):
                decoder.decode(piece)
            decoder.decode(b"", True)
            return data
        return b"".join(
            [decoder.decode(piece).encode() for piece in _pieces(data)] + [decoder.decode(b"", True).encode()]
        )
    except ValueError:
        return None


def _pieces(data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), _CHUNK):
        yield data[start : start + _CHUNK]
