"""All phrases for which the rules look in a text, looked for at once: most texts hold none of them.

An agency's mark, a mark of what a publisher keeps out of its terms, the beginning of a notice of other terms: whatever
a rule finds, `Phrases` have seen; what they have seen, a rule may find to be none.
"""

from __future__ import annotations

from msgspec import Struct

from broadsheet.register import Register
from broadsheet.rights.glance import Net, Sight, net_of_capitals, net_of_words
from broadsheet.words import plain

NOTICES = (
    *(f"{when} {how}" for when in ("originally", "first", "previously") for how in ("published", "appeared")),
    *("all rights reserved", "copyright", "reprinted with", "reprinted by"),
)
"""One of these is in every notice of other terms that has neither `©` nor `(c)`."""


class Phrases(Struct, frozen=True):
    """What the rules look for."""

    words: Net
    capitals: Net
    signs: tuple[frozenset[str], ...]
    """Of each phrase that is not ASCII, what of it is not, in small letters (case-folded)."""

    def may_be_in(self, seen: Sight) -> bool:
        """Whether one of them may be in what was seen."""
        return (
            self.words.may_catch(seen.letters)
            or self.capitals.may_catch(seen.capitals)
            or "©" in seen.text
            or ("(" in seen.text and ("(c)" in seen.text or "(C)" in seen.text))
            or any(map(seen.signs.issuperset, self.signs))
        )


def phrases_of(register: Register) -> Phrases:
    """What the rules look for, with the agencies and the publishers of a register."""
    agencies = [mark for agency in register.agencies.values() for mark in agency.marks]
    kept_out = [
        plain(mark)
        for publisher in register.publishers.values()
        for exclusion in publisher.excludes
        for mark in exclusion.marks
    ]
    return Phrases(
        words=net_of_words(
            [*(mark for mark in agencies if not mark.isupper()), *NOTICES],
            parts=filter(str.isascii, kept_out),
        ),
        capitals=net_of_capitals(filter(str.isupper, agencies)),
        signs=tuple(
            [
                frozenset(sign for sign in mark.casefold() if not sign.isascii())
                for mark in kept_out
                if not mark.isascii()
            ]
        ),
    )
