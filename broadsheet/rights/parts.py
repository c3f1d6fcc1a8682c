"""What an article is made of, and the terms of each part: a page that holds two has no single licence."""

from __future__ import annotations

import enum

from msgspec import Struct

from broadsheet.model import Kind, ReviewFinding
from broadsheet.register import Licence
from broadsheet.rights.case import Case

PUBLIC_DOMAIN = {"LicenseRef-USGov-PD", "LicenseRef-PD", "CC0-1.0", "CC-PDDC", "CC-PDM-1.0"}


class PartName(enum.Enum):
    """A part of an article that readers see."""

    HEADLINE = "headline"
    SUMMARY = "summary"
    TEXT = "text"
    """Outside quotations, where it is an excerpt."""
    QUOTATIONS = "quotations"
    CREDITS = "credit lines"
    IMAGE = "picture"
    CAPTION = "caption"


class Status(enum.Enum):
    """Why a part may stand on the page."""

    OWN = "own"
    """The digest's own words."""
    PUBLIC_DOMAIN = "public-domain"
    LICENSED = "licensed"
    PERMITTED = "permitted"
    """By the rights holder, to this digest."""
    QUOTATION = "quotation"
    """Quoted briefly, or named: no licence is claimed."""


class Part(Struct, frozen=True):
    """A part with its terms."""

    name: PartName
    status: Status
    licence_id: str
    """In the register, or `unknown`."""
    licence: Licence
    holder: str
    """Whose it is; empty for the digest's own."""


def parts_of_own(licence_id: str, licence: Licence, has_summary: bool) -> tuple[Part, ...]:
    """The parts of an article of the digest's own."""
    names = [PartName.HEADLINE, *([PartName.SUMMARY] if has_summary else []), PartName.TEXT]
    return tuple(Part(name, Status.OWN, licence_id, licence, "") for name in names)


def parts_of(case: Case, licence: Licence, own: tuple[str, Licence]) -> tuple[Part, ...]:
    """The parts of somebody else's article. `own` are the terms of the digest's own words."""
    article, matter = case.article, case.article.matter
    holder = case.publisher.name if case.publisher else case.origin.publisher
    theirs = (_status(case), case.licence_id or "unknown", licence, holder)
    ours = (Status.OWN, *own, "")
    is_own_headline = case.origin.title is not None and case.origin.title != matter.title
    parts = [Part(PartName.HEADLINE, *(ours if is_own_headline else theirs))]
    if matter.summary:
        parts.append(Part(PartName.SUMMARY, *ours))
    if any(case.is_reprint or not passage.is_quoted for passage in article.body.passages):
        parts.append(Part(PartName.TEXT, *(theirs if case.is_reprint else ours)))
    if article.body.quotations and not case.is_reprint:
        parts.append(Part(PartName.QUOTATIONS, *theirs))
    if matter.credits:
        parts.append(Part(PartName.CREDITS, *theirs))
    return tuple(parts)


def parts_of_image(licence_id: str, licence: Licence, creator: str, is_own: bool) -> tuple[Part, ...]:
    """A picture and its caption, whose rights are never those of the text."""
    status = Status.OWN if is_own else Status.PUBLIC_DOMAIN if licence_id in PUBLIC_DOMAIN else Status.LICENSED
    return (
        Part(PartName.IMAGE, status, licence_id, licence, creator),
        Part(PartName.CAPTION, Status.OWN if is_own else Status.QUOTATION, licence_id, licence, creator),
    )


def _status(case: Case) -> Status:
    if case.kind is not Kind.FULL:
        return Status.QUOTATION
    if case.is_reviewed(ReviewFinding.PERMISSION_GRANTED):
        return Status.PERMITTED
    return Status.PUBLIC_DOMAIN if case.licence_id in PUBLIC_DOMAIN else Status.LICENSED
