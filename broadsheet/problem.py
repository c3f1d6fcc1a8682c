"""What a curator can mend, as values: collected, sorted by place, printed together.

A stage that knows no file positions reports a `Finding`, which points at a field of the front matter or at a line.
Whoever holds the file's text turns it into a `Problem`, which has a path, a line and a column. A bug of ours is an
exception and never becomes either. Both are plain tuples: what a start imports is kept small.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import NamedTuple

# What is quoted from a file must not move the cursor of a terminal, nor begin a line of a log.
_CONTROL = "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
Pointer = tuple[str | int, ...]
"""Where in a YAML document: keys and 0-based list indices from the root, e.g. `("origin", "authors", 0)`."""


class Finding(NamedTuple):
    """Something wrong, before it is known on which line."""

    rule: str
    """Stable name `area/what`, with an entry in docs/rules.md."""
    message: str
    """What is wrong, a sentence without its full stop."""
    remedy: str
    """What to do, a sentence without its full stop."""
    at: Pointer | int = ()
    """A pointer into the front matter, or a 1-based line of the file."""
    key: bool = False
    """The pointer means the key itself (an unknown key), not its value."""


class Problem(NamedTuple):
    """Something wrong at a place. Problems sort by place."""

    path: str
    """POSIX path relative to the site's folder."""
    line: int
    """1-based."""
    column: int
    """1-based, in characters."""
    rule: str
    message: str
    remedy: str

    def __str__(self) -> str:
        said = f"{self.path}:{self.line}:{self.column}: {self.rule}: {self.message}. {self.remedy}."
        return printable(said)


def printable(text: str) -> str:
    """The text with a replacement character for whatever would move a terminal's cursor or begin a log's line."""
    return re.sub(_CONTROL, "\ufffd", text)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`Did you mean 'x'? ` or nothing, for a name that is not among `known`."""
    import difflib  # only needed where something is wrong

    by_folded = {name.casefold(): name for name in sorted(known)}
    folded = word.casefold()
    close = difflib.get_close_matches(folded, by_folded, n=1, cutoff=0.6)
    near = close or [name for name in by_folded if folded and (folded in name or name in folded)][:1]
    return f"Did you mean '{by_folded[near[0]]}'? " if near else ""


def as_text(problems: Iterable[Problem]) -> str:
    """One line a problem, sorted by place."""
    return "\n".join(map(str, sorted(set(problems))))


def as_json(problems: Iterable[Problem]) -> str:
    """A JSON array of objects with the fields of `Problem`."""
    return json.dumps([p._asdict() for p in sorted(set(problems))], indent=2)


def as_github(problems: Iterable[Problem]) -> str:
    """GitHub workflow commands, which show up beside the line in a pull request.

    https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
    """
    return "\n".join(
        f"::error file={_property(p.path)},line={p.line},col={p.column},title={_property(p.rule)}"
        f"::{_data(f'{p.message}. {p.remedy}.')}"
        for p in sorted(set(problems))
    )


FORMATS = {"text": as_text, "json": as_json, "github": as_github}


def _data(text: str) -> str:
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
