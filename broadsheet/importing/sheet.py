"""A proposal -> the text of its file, as a curator would write it: fields in their places, questions as comments."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from broadsheet.fields import UNKNOWN, Unknown
from broadsheet.importing.proposal import Proposal
from broadsheet.model import FrontMatter, Kind, Origin, Retrieved
from broadsheet.problem import printable
from broadsheet.words import one_line

# What needs no quotation marks in YAML: it begins with a letter, and has no indicator, no `: `, no ` #` (1.2.2, 7.3.3).
_PLAIN = re.compile(r"[^\W_](?:[\w ,.;?!&%$()/+=@~“”‘’–—…'\"-]|:(?=[^\s,]))*(?<![ :])")
_NULLS = ("null", "Null", "NULL")
_ASIDE = 28
"""Column from which comments stand beside short values."""


def text(proposal: Proposal) -> str:
    """The article's file."""
    lines = [*_head(proposal.matter), *_rights(proposal)]
    return "---\n" + "".join(f"{line.rstrip()}\n" for line in lines) + f"---\n\n{proposal.body.strip()}\n"


def _head(matter: FrontMatter) -> Iterator[str]:
    yield f"title: {scalar(matter.title)}"
    yield f"date: {_instant(matter.date)}"
    yield f"kind: {matter.kind.value}"
    yield (
        f"summary: {scalar(matter.summary)}" if matter.summary else _aside("summary:", "one sentence in your own words")
    )
    yield f"topics: {_sequence(matter.topics)}"
    if matter.language:
        yield f"language: {matter.language}"
    if matter.story:
        yield f"story: {matter.story}"
    if matter.draft:
        yield "draft: true"


def _rights(proposal: Proposal) -> Iterator[str]:
    matter = proposal.matter
    if matter.origin is not None:
        yield from _origin(matter.origin)
    if matter.retrieved is not None:
        yield from _retrieved(matter.retrieved)
    yield from _licence(proposal)
    yield from _list("credits", matter.credits)
    yield from _list("changes", matter.changes)
    if proposal.agencies:
        yield from _review("wire-facts-only", "or wire-text-removed, or permission-granted", proposal.agencies)
    elif proposal.claims and matter.kind is not Kind.LINK:
        yield from _review("licence-verified", "or permission-granted", proposal.claims)


def _origin(origin: Origin) -> Iterator[str]:
    yield "origin:"
    yield f"  publisher: {scalar(origin.publisher)}"
    if origin.title:
        yield f"  title: {scalar(origin.title)}"
    yield f"  url: {'unknown' if isinstance(origin.url, Unknown) else scalar(origin.url or '')}"
    yield f"  authors: {_sequence(origin.authors)}"
    yield f"  published: {_moment(origin.published)}"


def _retrieved(retrieved: Retrieved) -> Iterator[str]:
    yield "retrieved:"
    yield f"  from: {scalar(retrieved.from_ or '')}"
    yield f"  at: {_instant(retrieved.at)}"
    if retrieved.sha256:
        yield f"  sha256: {retrieved.sha256}"
    if retrieved.words:
        yield f"  words: {retrieved.words}"
    if retrieved.links is not None:
        yield f"  links: {retrieved.links}"


def _licence(proposal: Proposal) -> Iterator[str]:
    if proposal.matter.licence:
        yield f"licence: {scalar(proposal.matter.licence)}"
    else:
        yield "licence: unknown"
    for claim in proposal.claims:
        yield f"# It claims to be under {_comment(claim)}. Nobody has checked that."


def _review(finding: str, others: str, reasons: Iterable[str]) -> Iterator[str]:
    """Ready to be filled in. As comments, for an empty review would be a fault in the file."""
    for reason in reasons:
        yield f"# {_comment(reason)}."
    yield "# Look, fill this in and take the signs # away:"
    yield "# review:"
    yield "#   by:                     # who looked"
    yield "#   at:                     # when, e.g. 2024-02-29"
    yield f"#   finding: {finding}    # {others}"
    yield "#   note:                   # what you found, and where"


def _list(key: str, values: tuple[str, ...]) -> Iterator[str]:
    if not values:
        yield f"{key}: []"
        return
    yield f"{key}:"
    yield from (f"- {scalar(value)}" for value in values)


def _sequence(values: tuple[str, ...]) -> str:
    return f"[{', '.join(scalar(value, in_sequence=True) for value in values)}]"


def scalar(value: str, *, in_sequence: bool = False) -> str:
    """A text on one line as a YAML scalar: as it is where that is safe, else in double quotes as JSON has them."""
    line = one_line(value)
    is_plain = _PLAIN.fullmatch(line) is not None and line not in _NULLS and not (in_sequence and "," in line)
    return line if is_plain else json.dumps(line, ensure_ascii=False)


def _comment(text: str) -> str:
    return printable(one_line(text))[:300].rstrip(".")


def _aside(key: str, comment: str) -> str:
    return f"{key:<{_ASIDE}}# {comment}"


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _moment(moment: datetime | Unknown | None) -> str:
    """A date where it is midnight UTC, which is how a date without a time is read; else the instant in its offset."""
    if moment is None or moment is UNKNOWN:
        return "unknown"
    assert isinstance(moment, datetime)
    if moment.utcoffset() == UTC.utcoffset(None) and (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return f"{moment:%Y-%m-%d}"
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
