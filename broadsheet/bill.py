"""`/rights.json`, the bill of materials of a site: of each article and picture whose it is, from where, on what terms.

One record, from which the file is written, the JSON Schema beside it is made, and the audit reads it back. After
the manner of SPDX and REUSE: licences by identifier, hashes of what was taken in, and what is not known is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct, to_builtins
from msgspec.json import encode

from broadsheet.fields import Count, Flag, Language, Line, Number, Sha256, Share, Verbatim, WebAddress
from broadsheet.model import Kind
from broadsheet.plainyaml import Plain
from broadsheet.record import decode, schema
from broadsheet.register import Condition, Index

ADDRESS = "/rights.json"
SCHEMA_ADDRESS = "/rights.schema.json"
VERSION = 1


class BillLimits(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The caps that the editor has set on quoting."""

    words: Count
    characters: Count | None = None
    share: Share
    """Of the original's words."""
    paragraphs: Count


class BillLicence(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Terms to which items refer by identifier."""

    name: Line
    statement: Verbatim
    url: WebAddress | None = None


class BillPart(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A part of an article with its own status."""

    part: Line
    status: Line
    licence: Line
    """Identifier: SPDX or `LicenseRef-`, or `unknown`."""
    holder: Line | None = None
    """None for the digest's own."""


class BillOrigin(Struct, frozen=True, kw_only=True, omit_defaults=True):
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


class BillRetrieved(Struct, frozen=True, kw_only=True, omit_defaults=True, rename={"from_": "from"}):
    """How the digest came by it."""

    from_: Line | None = None
    at: Line
    sha256: Sha256 | None = None
    words: Number | None = None


class BillReview(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who decided what."""

    by: Line
    at: Line
    finding: Line
    note: Verbatim | None = None


class BillProof(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was compared by machine with the captured text. What is false or counted here is at the curator's word."""

    verbatim: Flag | None = None
    """Of a reprint: letter for letter as captured, by its hash."""
    fingerprinted: Flag
    """Words copied without quotation marks were looked for."""
    quotations_unchecked: Number
    """Quotations that nothing stored can vouch for."""


class BillPicture(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A picture, whose rights are its own."""

    url: WebAddress
    sha256: Sha256 | None = None
    licence: Line
    creator: Line | None = None
    credit: Line | None = None
    source: WebAddress | None = None


class BillNote(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was put right, or why the words are gone."""

    date: Line
    text: Verbatim


class BillItem(Struct, frozen=True, kw_only=True, omit_defaults=True):
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


class Bill(Struct, frozen=True, kw_only=True, omit_defaults=True):
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


def dump(cover: Bill, lines: Iterable[str]) -> Iterator[bytes]:
    """The file, in pieces: the bill without its items, then an item a line, as `line` made it."""
    head = to_builtins(cover)
    head.pop("items")
    yield f'{_json({"$schema": _beside(cover), **head})[:-1]},"items":['.encode()
    end = "\n"
    for item in lines:
        yield f"{end}{item}".encode()
        end = ",\n"
    yield b"\n]}\n"


def amend(published: Iterable[bytes], lines: Mapping[str, str]) -> Iterator[bytes]:
    """The file again, line by line, with other lines for some of its items. Raises `BillError` where one is missing."""
    missing = {old.encode(): new.encode() for old, new in lines.items()}
    for whole in published:
        item = whole.rstrip(b",\n")
        new = missing.pop(item, None)
        yield whole if new is None else new + whole[len(item) :]
    if missing:
        raise BillError("it has not the items that are to be amended")


def line(item: BillItem) -> str:
    """An item as a line of JSON; what is not known is left out."""
    return _json(item)


def with_picture(line: str, sha256: str) -> str:
    """The line of an item that has a picture, with the SHA-256 of its bytes."""
    item = json.loads(line)
    item["picture"] = {"url": item["picture"]["url"], "sha256": sha256, **item["picture"]}
    return _json(item)


def _json(data: BillItem | dict[str, Any]) -> str:
    """Without white space; what of a record is as it is by default is left out."""
    return encode(data).decode()


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


def _plain(value: Any) -> Plain:  # noqa: ANN401 -- any JSON
    """JSON in the form that records are read from: every scalar as its text."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)
