"""Names for addresses: lower case, no accents on Latin letters, other scripts kept, safe as a file name everywhere."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_GAP = re.compile(r"[\W_]+")
_LATIN_ACCENTS = re.compile("(?<=[a-z])[\u0300-\u036f]+")
_ASCII = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i"})
# Reserved on Windows, with or without an extension.
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_RESERVED = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))}
_LOWER_OR_GAP = bytes(ord(chr(c).lower()) if c < 128 and chr(c).isalnum() else ord(" ") for c in range(256))
MAX_BYTES = 120
"""Of a slug in UTF-8. File systems stop at 255 for a name, and `index.html` stands in a folder of its own."""


@lru_cache(maxsize=4096)
def slugify(text: str) -> str:
    """The slug of a text, or "" where nothing of it can stand in an address. Idempotent."""
    slug = _slug_once(text)
    while not slug.isascii() and (again := _slug_once(slug)) != slug:
        slug = again  # a mark that went leaves its neighbours beside each other
    return slug


def _slug_once(text: str) -> str:
    if text.isascii():  # what follows changes nothing then but the case and the gaps
        slug = b"-".join(text.encode().translate(_LOWER_OR_GAP).split())
    else:
        folded = unicodedata.normalize("NFKD", text.casefold().translate(_ASCII))
        plain = unicodedata.normalize("NFC", _LATIN_ACCENTS.sub("", folded)).casefold()
        slug = _GAP.sub("-", plain).strip("-").encode()
    cut = slug[:MAX_BYTES].decode(errors="ignore").rstrip("-")
    return f"{cut}-x" if cut in _RESERVED else cut


def is_slug(text: str) -> bool:
    """Whether a text is a slug already, and so can stand in an address and a file name as it is."""
    return bool(text) and slugify(text) == text
