"""What a capture says of itself. Each fact names the place where it stood; what is not known is absent."""

from __future__ import annotations

from typing import Generic, TypeVar

from msgspec import Struct

T = TypeVar("T")


class Fact(Struct, Generic[T], frozen=True):
    """Something recognised, and from where."""

    value: T
    where: str
    """For people: `JSON-LD, headline`; `the line 'Written by …'`; `--title`."""
    is_guess: bool = False
    """Nothing states it. A guess is asked about, and never written down."""


class LicenceClaim(Struct, frozen=True):
    """A licence that a page or a feed says it is under. Nobody has checked it: anybody can write anything."""

    licence: str
    """An SPDX id where the claim names one that is known, else the address or the words of the claim."""
    where: str
    """For people: `link rel=license`; `the line 'This work is licensed …'`."""
    words: str = ""
    """Of the claim, as they stood; may be empty."""


class Removed(Struct, frozen=True):
    """A line that is no part of the article."""

    line: str
    why: str
    """For people: `boilerplate of voa`; `subscription offer`."""


class LeftOut(Struct, frozen=True):
    """A picture or a recording that was not taken over."""

    what: str
    """`image`, `audio`, `video`, `embed`."""
    address: str = ""
    alt: str = ""
    credit: str = ""
    """Its caption's credit or, where that cannot be told apart, its caption."""


class Draft(Struct, frozen=True, kw_only=True):
    """An article as its capture has it."""

    title: Fact[str] | None = None
    authors: Fact[tuple[str, ...]] | None = None
    published: Fact[str] | None = None
    """`2023-12-28`, or an instant in ISO 8601 with the offset that was written, which is never made up."""
    url: Fact[str] | None = None
    """The article's own address: canonical, absolute, less what counts clicks."""
    site: Fact[str] | None = None
    """The name of whoever publishes it, as it gives it."""
    publisher: Fact[str] | None = None
    """An id of the register of publishers."""
    language: Fact[str] | None = None
    """BCP 47."""
    description: Fact[str] | None = None
    """The original's own summary. It is the original's words, and never the digest's."""
    licences: tuple[LicenceClaim, ...] = ()
    blocks: tuple[str, ...] = ()
    """The text as markdown, a block each: paragraph, heading, list, quotation, table, code."""
    is_whole: bool = True
    """Whether it is all of the text; False for a feed's summary."""
    credits: tuple[str, ...] = ()
    """Credit, copyright and agency lines, verbatim."""
    routes: tuple[str, ...] = ()
    """What an intermediary says of how the text came to it, verbatim. Evidence of the route, no grant."""
    removed: tuple[Removed, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    changes: tuple[str, ...] = ()
    """What the importer did to the text, for the article's `changes`; `Formatting: …` where no wording changed."""
    doubts: tuple[str, ...] = ()
    """For people: what looked wrong or could be read in two ways."""
    key: str = ""
    """What its feed calls it (guid, id); empty where nothing does."""
