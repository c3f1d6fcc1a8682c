"""What may be kept of a text that may not be: enough to know its words again, too little to read them.

Winnowing (Schleimer, Wilkerson, Aiken: "Winnowing: local algorithms for document fingerprinting", SIGMOD 2003) over
normalised words. Of each `WINDOW` consecutive runs of `RUN` words the one with the least rank is chosen, and of each
chosen run the first 32 bits of its SHA-256 are kept, in the order of their values. So a copy of `COPIED` words is
always found, one of fewer than `RUN` never, and what lies between sometimes.

The text cannot be rebuilt: about two of nine runs are kept, nothing says in what order, and whoever guesses the next
word finds nothing to confirm the guess with at most places, and chance agreements where a whole gap is guessed at once.
Quotations are on the page anyway; of them the pairs of neighbouring words are kept, in 16 bits each, which tells
whether one was altered afterwards, also where words were left out or put in within brackets.
"""

from __future__ import annotations

import enum
import json
import re
from binascii import crc32
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from itertools import accumulate, pairwise

from msgspec import Struct

from broadsheet import words

RUN = 8
"""Words in a run that is hashed: the paper's k-gram, and its noise threshold."""
WINDOW = 8
"""Runs of which one is chosen: the paper's w."""
COPIED = RUN + WINDOW - 1
"""Words from which a copy is found for certain: the paper's guarantee threshold, t = w + k - 1."""
VERSION = 1
MAX_BYTES = 1_000_000
_HASH = 8
_PAIR = 4
_JOINTS = (("’", "'"), ("‐", "-"), ("‑", "-"))
"""Signs that join the parts of a word, in one form."""
_INSERTED = re.compile(r"\[[^\[\]]*\]|\(\s*(?:\.\s?\.\s?\.|…)\s*\)|…|\.\s?\.\s?\.")
"""What an editor puts into a quotation: `[…]`, `[he]`; and an ellipsis with brackets or without."""


class Fingerprint(Struct, frozen=True):
    """What is stored of a captured text, as `slug.fingerprint` beside the article."""

    sha256: str
    """Of the normalised text, as in `retrieved.sha256`."""
    words: int
    """As in `retrieved.words`."""
    runs: frozenset[str]
    """Of the chosen runs, eight hexadecimal digits each."""
    quotations: tuple[frozenset[str], ...] = ()
    """Of each quotation taken at import, the pairs of neighbouring words, four hexadecimal digits each."""
    links: frozenset[str] = frozenset()
    """Of the addresses to which the text links, eight hexadecimal digits each."""


def fingerprint(text: str, quotations: Iterable[str] = (), links: Iterable[str] = ()) -> Fingerprint:
    """The fingerprint of a captured text. `links` are addresses in the form that they are compared in (`url.same`)."""
    return Fingerprint(
        sha256=words.sha256(text),
        words=words.count_words(text),
        runs=runs_of(text),
        quotations=tuple(pairs for quotation in quotations for pairs in _pairs(quotation)),
        links=frozenset(map(hash_of_link, links)),
    )


def runs_of(text: str) -> frozenset[str]:
    """The hashes of a text's chosen runs."""
    runs = _runs(normalised(text))
    return frozenset(_hash(runs[start]) for start in _chosen(runs))


def normalised(text: str) -> list[str]:
    """The words as they are compared: case and punctuation make no difference."""
    return list(_normalised(text))


@lru_cache(maxsize=32)
def _normalised(text: str) -> tuple[str, ...]:
    plain = words.plain(text)
    if not plain.isascii():
        for sign, joint in _JOINTS:
            plain = plain.replace(sign, joint)
    return tuple(words.words(plain.casefold()))


def copied(text: Sequence[str], runs: Container[str]) -> list[tuple[int, int]]:
    """Where a text's normalised words repeat the fingerprinted ones: (first, one past the last), in order.

    Each place is at least `RUN` words long; every copy of `COPIED` words or more holds one.
    """
    if len(text) < COPIED:
        return []
    found: list[tuple[int, int]] = []
    here = _runs(text)
    for start in _chosen(here):
        if _hash(here[start]) in runs:
            if found and start <= found[-1][1]:
                found[-1] = (found[-1][0], start + RUN)
            else:
                found.append((start, start + RUN))
    return found


def is_copy(text: Sequence[str], runs: Container[str]) -> bool:
    """Whether a text of `COPIED` normalised words or more stands so, as a whole, in the fingerprinted one."""
    here = _runs(text)
    return all(_hash(here[start]) in runs for start in _chosen(here))


class Faith(enum.Enum):
    """What a fingerprint says of a quotation."""

    FAITHFUL = "faithful"
    ALTERED = "altered"
    UNCHECKED = "unchecked"
    """It is short, and was not taken at import."""


def faith(quotation: str, of: Fingerprint) -> tuple[Faith, str]:
    """Whether a quotation stands so in the original, and the words at which it first does not."""
    worst = Faith.FAITHFUL
    for segment in segments(quotation):
        text = normalised(segment)
        pairs = _pairs_in_order(segment)
        taken = max(of.quotations, key=lambda known: sum(pair in known for pair in pairs), default=frozenset())
        missing = [n for n, pair in enumerate(pairs) if pair not in taken]
        if not missing:
            continue
        if 2 * len(missing) < len(pairs):
            return Faith.ALTERED, " ".join(text[missing[0] : missing[0] + 2])
        if len(text) < COPIED:
            worst = Faith.UNCHECKED
            continue
        runs = _runs(text)
        strange = next((n for n in _chosen(runs) if _hash(runs[n]) not in of.runs), None)
        if strange is not None:
            return Faith.ALTERED, " ".join(text[strange : strange + RUN])
    return worst, ""


def segments(quotation: str) -> list[str]:
    """The pieces of a quotation between what its editor put in: words in brackets, ellipses."""
    return [piece for piece in _INSERTED.split(quotation) if piece.strip()]


def hash_of_link(address: str) -> str:
    """Of an address in the form that it is compared in (`url.same`), eight hexadecimal digits."""
    return sha256(address.encode()).hexdigest()[:_HASH]


def dump(fingerprint: Fingerprint) -> str:
    """The text of a `.fingerprint` file: JSON, hashes sorted."""
    return (
        json.dumps(
            {
                "version": VERSION,
                "sha256": fingerprint.sha256,
                "words": fingerprint.words,
                "runs": " ".join(sorted(fingerprint.runs)),
                "quotations": [" ".join(sorted(pairs)) for pairs in fingerprint.quotations],
                "links": " ".join(sorted(fingerprint.links)),
            },
            indent=1,
        )
        + "\n"
    )


class FingerprintError(ValueError):
    """A file that is no fingerprint; says why."""


def load(data: bytes) -> Fingerprint:
    """The fingerprint in a file. Raises `FingerprintError`."""
    if len(data) > MAX_BYTES:
        raise FingerprintError(f"it is longer than {MAX_BYTES} bytes")
    try:
        raw = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise FingerprintError("it is no JSON") from error
    if not isinstance(raw, dict) or raw.get("version") != VERSION:
        raise FingerprintError(f"it is of no version that is known here ({VERSION})")
    digest, count, quotations = raw.get("sha256"), raw.get("words"), raw.get("quotations")
    if not (isinstance(digest, str) and re.fullmatch("[0-9a-f]{64}", digest)):
        raise FingerprintError("its 'sha256' is none")
    if not isinstance(count, int) or isinstance(count, bool) or count < 0:
        raise FingerprintError("its 'words' are no number")
    if not isinstance(quotations, list):
        raise FingerprintError("its 'quotations' are no list")
    return Fingerprint(
        digest,
        count,
        _hashes(raw.get("runs"), _HASH),
        tuple(_hashes(pairs, _PAIR) for pairs in quotations),
        _hashes(raw.get("links"), _HASH),
    )


def _hashes(text: object, digits: int) -> frozenset[str]:
    if not isinstance(text, str) or not re.fullmatch(rf"(?:[0-9a-f]{{{digits}}}(?: |\Z))*", text):
        raise FingerprintError(f"hashes of {digits} hexadecimal digits were expected")
    return frozenset(text.split())


def _chosen(runs: Sequence[bytes]) -> list[int]:
    """Which of a text's runs stand for windows, in order. Fewer runs than a window make one."""
    ranks = list(map(crc32, runs))
    chosen: list[int] = []
    best = -1
    for window in range(max(1, len(ranks) - WINDOW + 1) if ranks else 0):
        end = window + WINDOW
        # The rightmost of equal ones, as in the paper, so that it stands for most windows.
        if best < window:
            part = ranks[window:end]
            best = window + len(part) - 1 - part[::-1].index(min(part))
        elif ranks[end - 1] <= ranks[best]:
            best = end - 1
        else:
            continue
        chosen.append(best)
    return chosen


def _runs(text: Sequence[str]) -> list[bytes]:
    """The runs of words in order, cut out of the joined text: to join each would take twice as long."""
    data = " ".join(text).encode()
    lengths = map(len, text) if data.isascii() else (len(word.encode()) for word in text)
    starts = list(accumulate([length + 1 for length in lengths], initial=0))
    return [data[start : end - 1] for start, end in zip(starts, starts[RUN:], strict=False)]


def _hash(run: bytes) -> str:
    return sha256(run).hexdigest()[:_HASH]


def _pairs(quotation: str) -> Iterator[frozenset[str]]:
    for segment in segments(quotation):
        if pairs := _pairs_in_order(segment):
            yield frozenset(pairs)


@lru_cache(maxsize=32)  # those of a quotation are asked for by a rule and by what is said of it
def _pairs_in_order(segment: str) -> tuple[str, ...]:
    words_of_it = _normalised(segment)
    return tuple([sha256(f"{one} {two}".encode()).hexdigest()[:_PAIR] for one, two in pairwise(words_of_it)])
