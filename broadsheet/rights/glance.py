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


def sight(text: str, utf8: bytes | None = None) -> Sight:
    """A text in plain form, and in UTF-8 if that is at hand."""
    data = text.encode("utf-8", "surrogatepass") if utf8 is None else utf8
    letters = letters_of(data) if text.isascii() or _is_clear(data) else None
    return Sight(text, letters, data.replace(b".", b"").translate(_CAPITALS))


def letters_of(data: bytes) -> bytes:
    """What `Sight.letters` is of a text in UTF-8."""
    return b" %b " % data.translate(_SMALL_LETTERS)


def _is_clear(data: bytes) -> bool:
    """Whether no sign beyond ASCII equals an ASCII letter in another case, or is a hyphen."""
    odd = data.translate(None, _ASCII).decode("utf-8", "surrogatepass")
    return not (_DOTLESS in odd or _HYPHEN in odd or odd.casefold().encode("ascii", "ignore"))


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


def net_of_words(phrases: Iterable[str]) -> Net:
    """For whole words in any case, any sign but a letter between them; for `Sight.letters`."""
    return _net(_ascii_part(b" %b " % phrase.encode()).translate(_SMALL_LETTERS) for phrase in phrases)


def net_of_capitals(phrases: Iterable[str]) -> Net:
    """For what is written in capitals, with or without full stops; for `Sight.capitals`."""
    return _net(_ascii_part(phrase.encode()).translate(_CAPITALS) for phrase in phrases)


def _ascii_part(phrase: bytes) -> bytes:
    """The longest part without other letters, for these may be others in another case."""
    return max(re.split(rb"[^\x00-\x7f]+", phrase), key=len)


def _net(phrases: Iterable[bytes]) -> Net:
    """Tails by their first letter, each with the whole phrase looked back at: few are tried at any one place."""
    tails: dict[bytes, list[bytes]] = {}
    loose = []
    every = set(phrases)
    for phrase in sorted(every):
        if any(other in phrase for other in every - {phrase}):
            continue  # the shorter one is caught wherever this one is
        before, sign, tail = phrase.partition(b"%c" % _SIGN)
        if sign:
            tails.setdefault(tail[:1], []).append(b"%b(?<=%b)" % (tail[1:], phrase))
        else:
            loose.append(before)
    branches = [b"%b(?:%b)" % (first, b"|".join(rest)) for first, rest in tails.items()]
    return Net(re.compile(b"%c(?:%b)" % (_SIGN, b"|".join(branches)) if branches else rb"(?!)"), tuple(loose))
