"""A glance at a text: whether it may hold one of many phrases, before they are looked for closely.

Nearly no text holds one, and to look for fifty phrases one after the other costs more than all rules together. So they
are looked for at once, from letters that are rare in news on: all of these are one sign here, and only where it stands
is more compared. Two texts that are the same are the same at a glance, so that nothing is missed; what a glance
takes for a phrase may be none, and is looked for again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

_RARE, _RARE_CAPITALS = b"gjkpqvxz", b"FPS"
"""From one of these on a phrase is looked for. Any would do; the rarer they are, the quicker it is."""
_SIGN = ord("#")


def _table(kept: Iterable[int], rare: bytes) -> bytes:
    return bytes(_SIGN if c in rare else c if c in kept else ord(" ") for c in range(256))


_LETTERS = _table(range(ord("a"), ord("z") + 1), _RARE)
_SMALL_LETTERS = bytes(range(256)).lower().translate(_LETTERS)
_CAPITALS = _table(range(ord("A"), ord("Z") + 1), _RARE_CAPITALS)


class Sight(Struct, frozen=True):
    """A text in plain form, as it is looked at."""

    text: str
    letters: bytes | None
    """ASCII letters in any case, between blanks; None where a small letter may be another than it seems."""
    capitals: bytes
    """Capitals of ASCII as they stand, full stops left out."""
    signs: frozenset[str]
    """What is not ASCII, in small letters (case-folded)."""


def sight(text: str, utf8: tuple[bytes, str] | None = None) -> Sight:
    """A text in plain form, and what `words.plain_utf8` says of it if that is at hand."""
    data, signs = utf8 or _utf8(text)
    small = signs.casefold()
    letters = letters_of(data) if _is_clear(signs, small) else None
    return Sight(text, letters, data.translate(_CAPITALS, b"."), frozenset(small))


def letters_of(data: bytes) -> bytes:
    """What `Sight.letters` is of a text in UTF-8."""
    return b" %b " % data.translate(_SMALL_LETTERS)


def _utf8(text: str) -> tuple[bytes, str]:
    data = text.encode("utf-8", "surrogatepass")
    return data, data.translate(None, _ASCII).decode("utf-8", "surrogatepass")


def _is_clear(signs: str, small: str) -> bool:
    """Whether no sign beyond ASCII equals an ASCII letter in another case, or is a hyphen."""
    return not (_DOTLESS in signs or _HYPHEN in signs or small.encode("ascii", "ignore"))


_ASCII = bytes(range(128))
_DOTLESS, _HYPHEN = "ı", "‐"


class Net(Struct, frozen=True):
    """Phrases, in a form in which all are looked for at once."""

    pattern: re.Pattern[bytes]
    loose: tuple[bytes, ...]
    """Those without a rare letter."""

    def may_catch(self, seen: bytes | None) -> bool:
        """Whether one of the phrases may be in what was seen."""
        if seen is None or self.pattern.search(seen):
            return True
        return any(map(seen.__contains__, self.loose))


def net_of_words(phrases: Iterable[str], parts: Iterable[str] = ()) -> Net:
    """For whole words in any case, any sign but a letter between them, and for parts of such; for `Sight.letters`."""
    whole = [b" %b " % phrase.encode() for phrase in phrases]
    return _net(_ascii_part(phrase).translate(_SMALL_LETTERS) for phrase in [*whole, *map(str.encode, parts)])


def net_of_capitals(phrases: Iterable[str]) -> Net:
    """For what is written in capitals, with or without full stops; for `Sight.capitals`."""
    return _net(_ascii_part(phrase.encode()).translate(_CAPITALS) for phrase in phrases)


def _ascii_part(phrase: bytes) -> bytes:
    """The longest part without other letters, for these may be others in another case."""
    return max(re.split(rb"[^\x00-\x7f]+", phrase), key=len)


def _net(phrases: Iterable[bytes]) -> Net:
    """What follows a phrase's first rare letter is looked for first, then what stands before it."""
    shortest: list[bytes] = []
    for phrase in sorted(set(phrases), key=len):
        if not any(map(phrase.__contains__, shortest)):  # which would be caught wherever this one is
            shortest.append(phrase)
    sign = b"%c" % _SIGN
    tails = sorted((phrase.partition(sign)[2], phrase) for phrase in shortest if sign in phrase)
    # Sooner found without the blanks, which are everywhere.
    loose = sorted(phrase.strip() for phrase in shortest if sign not in phrase)
    return Net(re.compile(b"%c%b" % (_SIGN, _branches(tails))), tuple(loose))


def _branches(tails: list[tuple[bytes, bytes]], letters: int = 3) -> bytes:
    """A pattern of tails, and of what their phrases begin with. The first letters divide them, so few are tried."""
    if letters == 0 or len(tails) < 2:
        patterns = [b"%b(?<=%b)" % (tail, phrase) for tail, phrase in tails]
    else:
        by_letter: dict[bytes, list[tuple[bytes, bytes]]] = {}
        for tail, phrase in tails:
            by_letter.setdefault(tail[:1], []).append((tail[1:], phrase))
        patterns = [first + _branches(rest, letters - 1) for first, rest in by_letter.items()]
    return b"(?:%b)" % b"|".join(patterns) if patterns else rb"(?!)"
