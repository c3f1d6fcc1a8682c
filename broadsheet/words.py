"""Text as it comes in and as it is counted: the one scrubber, the normal form that is hashed, what a word is."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

# XML 1.0, production [2] Char, less the surrogates and the noncharacters that no text needs. One such character would
# lose a whole feed. https://www.w3.org/TR/xml/#charsets
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# Embeddings, overrides and isolates turn a headline or an address round; the plain marks U+200E and U+200F stay.
# UAX 9, section 2. https://www.unicode.org/reports/tr9/
_BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Unicode's Default_Ignorable_Code_Point, the ones that occur in text: they would hide a word from a reader of words.
_IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e01ef]"
)
_FILLERS = re.compile("[\u115f\u1160\u3164\uffa0]")  # drawn as a blank
# First bytes, in UTF-8, of whatever lies beyond U+02FF, less the block of typographic signs: among it are the combining
# marks and fillers that can be printed and are not seen.
_BEYOND = bytes({*range(256)} - {*range(0xCC, 0xE2), *range(0xE3, 0x100)})
_PRINTABLE_ASCII = bytes(range(0x20, 0x7F))
_COMMON_ASCII = b"\t\n" + _PRINTABLE_ASCII
_BARS = re.compile("[\u01c0-\u01c3\u02b0-\u02ff\ua78f]")  # letters that look like signs
# Vowel signs and points, which Python takes for no letters: they would break a word of Hindi or Arabic in pieces.
_SIGNS = re.compile(
    "[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0903\u093a-\u094f\u0962\u0963"
    "\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a03\u0a3c-\u0a4d\u0abc-\u0acd\u0b82\u0bbe-\u0bcd\u0c00-\u0c04\u0c3c-\u0c56]"
)
_LONG = 25
"""Letters from which a word counts as more than one: what is strung together is still read."""
# Scripts that set no spaces: each sign counts as a word, as word processors count them.
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_LETTERS = rf"[^\W_{_UNSPACED}]"
# At most three joints: whoever strings words together does not make them one.
_WORD = (
    rf"[{_UNSPACED}]|\d+(?:[.,:]\d+)*(?!{_LETTERS})|{_LETTERS}(?:\.{_LETTERS})+(?!{_LETTERS})|"
    rf"{_LETTERS}+(?:['’\-‐‑&]{_LETTERS}+){{0,3}}"
)

_PUNCTUATION = ".,;:!?()[]\"'“”‘’–—-/"


def scrub(text: str) -> str:
    """The text less the characters that XML 1.0 or UTF-8 cannot carry, with LF as line ends."""
    # Nothing that is removed or replaced here is printable to Python. What is ASCII and common need not be looked at.
    odd = text.encode("utf-8", "surrogatepass").translate(None, _COMMON_ASCII)
    if odd.decode("utf-8", "surrogatepass").isprintable():
        return text
    return _NOT_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """Scrubbed text for a headline or a name: no bidi controls, runs of white space as one space, none at the ends."""
    # What is printable to Python holds no control, which is all that would go, and no white space but the space.
    if "  " not in text and text.isprintable():
        return text.strip(" ")
    return " ".join(_BIDI_CONTROLS.sub("", scrub(text)).split())


def plain(text: str) -> str:
    """The form that is searched and counted: NFKC, nothing invisible, single spaces, none at the ends."""
    if plain_utf8(text):
        return text
    if text.isascii():
        return " ".join(text.split())
    # An ellipsis or a no-break space is often all that was not plain. A filler would not be plain after NFKC either.
    normal = unicodedata.normalize("NFKC", text)
    if plain_utf8(normal):
        return normal
    seen = _IGNORABLE.sub("", unicodedata.normalize("NFKC", _FILLERS.sub(" ", text)))
    return " ".join(unicodedata.normalize("NFKC", seen).split())  # what was kept apart may be one character now


def plain_utf8(text: str) -> tuple[bytes, str] | None:
    """A text in UTF-8, and what of it is not ASCII, where it is in plain form for certain.

    Most texts are, and this is known sooner than they are made so.

    Only what is not ASCII is looked at closely. NFKC of the signs below U+0300 and of the typographic ones depends on
    no neighbour but such a sign, so they may be looked at without what stands between them.
    """
    if "  " in text or text[:1] == " " or text[-1:] == " ":
        return None
    data = text.encode("utf-8", "surrogatepass")
    odd = data.translate(None, _PRINTABLE_ASCII)
    if not odd:
        return data, ""
    if odd.translate(None, _BEYOND):
        return None
    signs = odd.decode()
    return (data, signs) if signs.isprintable() and unicodedata.is_normalized("NFKC", signs) else None


def words(text: str) -> list[str]:
    """The words of a text in order. `10,000`, `U.S`, `surge-driven` are one word each, a Han character is one."""
    return list(_words(text))


@lru_cache(maxsize=32)  # those of a quotation are counted, compared and looked for
def _words(text: str) -> tuple[str, ...]:
    read = plain_utf8(text)
    is_spaced = True
    if read is None or _BARS.search(read[1]):  # no other of the signs below is ever in what is read so
        text = _BARS.sub(" ", _SIGNS.sub("", plain(text)))
        is_spaced = re.search(f"[{_UNSPACED}]", text) is None
    # No word holds white space or has punctuation at its ends, and what is letters and digits throughout is one.
    pieces = [bare for piece in text.split() if (bare := piece.strip(_PUNCTUATION))]
    if is_spaced and "".join(pieces).isalnum():
        return tuple(pieces)
    found: list[str] = []
    for bare in pieces:
        if is_spaced and bare.isalnum():
            found.append(bare)
        else:
            found += re.findall(_WORD, bare)
    return tuple(found)


def count_words(text: str) -> int:
    """How many words a text has, by `words`, each with its `weight`."""
    found = _words(text)
    return len(found) + sum([weight(word) - 1 for word in found if len(word) > _LONG])


def has_words(text: str) -> bool:
    """Whether a text has a word at all."""
    return any(map(str.isalnum, text)) if text.isascii() else bool(_words(text))


def may_have_words(text: str, number: int) -> bool:
    """Whether a text may have so many words: no word of ASCII stands beside another, so each takes two characters."""
    return not text.isascii() or len(text) >= 2 * number - 1


def weight(word: str) -> int:
    """For how many words a word counts: one of more than 25 letters counts once for every 25."""
    return 1 + (len(word) - 1) // _LONG


def normalise(text: str) -> str:
    """The form that is hashed: NFC, scrubbed, white space as single spaces; letters and punctuation as they were."""
    return text if plain_utf8(text) else _normalised(text)


def sha256(text: str) -> str:
    """SHA-256 of the normalised text in UTF-8, as 64 lower-case hexadecimal digits."""
    read = plain_utf8(text)
    return hashlib.sha256(read[0] if read else _normalised(text).encode()).hexdigest()


def _normalised(text: str) -> str:
    return " ".join(scrub(unicodedata.normalize("NFC", text)).split())
