"""`/rights.json`, the bill of materials of a site: of each article and picture whose it is, from where, on what terms.

One record, from which the file is written, the JSON Schema beside it is made, and the audit reads it back. After
the manner of SPDX and REUSE: licences by identifier, hashes of what was taken in, and what is not known is left out.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any

from broadsheet.fields import Count, Flag, Language, Line, Number, Sha256, Share, Verbatim, WebAddress
from broadsheet.model import Kind
from broadsheet.plainyaml import Plain
from broadsheet.record import decode, schema
from broadsheet.register import Condition, Index

ADDRESS = "/rights.json"
SCHEMA_ADDRESS = "/rights.schema.json"
VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLimits:
    """The caps that the editor has set on quoting."""

    words: Count
    characters: Count | None = None
    share: Share
    """Of the original's words."""
    paragraphs: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLicence:
    """Terms to which items refer by identifier."""

    name: Line
    statement: Verbatim
    url: WebAddress | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BillPart:
    """A part of an article with its own status."""

    part: Line
    status: Line
    licence: Line
    """Identifier: SPDX or `LicenseRef-`, or `unknown`."""
    holder: Line | None = None
    """None for the digest's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillOrigin:
    """Whose work it is."""

    publisher: Line
    id: Line | None = None
    """In the register; none for a publisher that is not in it."""
    title: Line | None = None
    url: WebAddress | None = None
    """None where it is not known."""
    authors: tuple[Line, ...] = ()
    published: Line | None = None
    """A date; none where it is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillRetrieved:
    """How the digest came by it."""

    from_: Line | None = None
    at: Line
    sha256: Sha256 | None = None
    words: Number | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BillReview:
    """Who decided what."""

    by: Line
    at: Line
    finding: Line
    note: Verbatim | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BillProof:
    """What was compared by machine with the captured text. What is false or counted here is at the curator's word."""

    verbatim: Flag | None = None
    """Of a reprint: letter for letter as captured, by its hash."""
    fingerprinted: Flag
    """Words copied without quotation marks were looked for."""
    quotations_unchecked: Number
    """Quotations that nothing stored can vouch for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillPicture:
    """A picture, whose rights are its own."""

    url: WebAddress
    sha256: Sha256 | None = None
    licence: Line
    creator: Line | None = None
    credit: Line | None = None
    source: WebAddress | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BillNote:
    """What was put right, or why the words are gone."""

    date: Line
    text: Verbatim


@dataclass(frozen=True, slots=True, kw_only=True)
class BillItem:
    """An article."""

    url: WebAddress
    """Of its page."""
    id: Line
    """Of its item in feeds."""
    title: Line
    kind: Kind
    label: Line
    """What every page calls its kind, e.g. `Excerpt`."""
    heading: Line
    sentence: Verbatim
    """What may be done with it, for people."""
    language: Language
    summary: Line | None = None
    """In the digest's own words; listings show it."""
    credit: Line
    """How whoever made it wants to be named."""
    notice: Verbatim
    holder: Line | None = None
    licence: WebAddress | None = None
    """Of the text, where it stands here whole under a licence that has an address."""
    parts: tuple[BillPart, ...] = ()
    quoted: Number
    """Words in its blockquotes."""
    origin: BillOrigin | None = None
    """None for the digest's own."""
    retrieved: BillRetrieved | None = None
    credits: tuple[Verbatim, ...] = ()
    """Credit lines of the original, verbatim."""
    changes: tuple[Line, ...] = ()
    review: BillReview | None = None
    conditions: tuple[Condition, ...] = ()
    """What the publisher asks of whoever shows it."""
    tagline: Verbatim | None = None
    """What the publisher wants printed with it."""
    counter: WebAddress | None = None
    robots: Index
    canonical: WebAddress | None = None
    """None for a withdrawn article, whose page search engines are to forget."""
    proof: BillProof | None = None
    picture: BillPicture | None = None
    corrections: tuple[BillNote, ...] = ()
    withdrawn: BillNote | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """All that a site shows, and by what right."""

    version: Count
    title: Line
    url: WebAddress
    """Of the site's folder, with a slash at its end."""
    licence: Line
    """Identifier of the terms of the digest's own words."""
    limits: BillLimits
    licences: dict[str, BillLicence]
    """By identifier, those to which items refer."""
    items: tuple[BillItem, ...]
    """Newest first, withdrawn ones last."""


def dump(bill: Bill) -> bytes:
    """The file, one item a line; what is not known is left out."""
    head = _filled(bill)
    items = head.pop("items", [])
    lines = [json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in items]
    opening = json.dumps({"$schema": _beside(bill), **head}, ensure_ascii=False, separators=(",", ":"))
    joined = ",\n".join(lines)
    return f'{opening[:-1]},"items":[\n{joined}\n]}}\n'.encode()


class BillError(ValueError):
    """A file that is no bill of materials; says why."""


def load(data: bytes) -> Bill:
    """The bill in a file. Raises `BillError`."""
    try:
        raw = json.loads(data)
        plain = _plain({key: value for key, value in raw.items() if key != "$schema"})
    except (ValueError, AttributeError, RecursionError) as error:
        raise BillError("it is no JSON object") from error
    bill = decode(Bill, plain, "bill")
    if isinstance(bill, tuple):
        raise BillError(bill[0].message)
    return bill


def json_schema() -> dict[str, Any]:
    """The JSON Schema of the file."""
    shape: dict[str, Any] = schema(Bill)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Broadsheet: rights.json, the bill of materials of a site",
        **shape,
        "properties": {"$schema": {"type": "string"}, **shape["properties"]},
    }


def _beside(bill: Bill) -> str:
    return f"{bill.url}{SCHEMA_ADDRESS[1:]}"


@cache
def _names(kind: type[Any]) -> tuple[tuple[str, str], ...]:
    return tuple((field.name, field.name.rstrip("_")) for field in fields(kind))


def _filled(value: Any) -> Any:  # noqa: ANN401 -- any record, down to its scalars
    if is_dataclass(value) and not isinstance(value, type):
        pairs = ((key, getattr(value, name)) for name, key in _names(type(value)))
        return {key: _filled(item) for key, item in pairs if item is not None and item != ()}
    if isinstance(value, tuple):
        return [_filled(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _filled(item) for key, item in value.items()}
    return value.value if isinstance(value, enum.Enum) else value


def _plain(value: Any) -> Plain:  # noqa: ANN401 -- any JSON
    """JSON in the form that records are read from: every scalar as its text."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)
