"""RSS, RDF Site Summary, Atom and CDF as feedparser reads them, within limits that it has not.

feedparser's own `parse` decodes as RFC 3023 once wanted it, and an author of a hundred thousand letters, an element of
a hundred thousand attributes or as many blank lines before the root keep it busy for minutes. So its two parsers, the
strict and the lenient one, are run from here. What they sanitise or resolve in HTML is done by `markup` anyhow.

This module is slow to import.
"""

from __future__ import annotations

import io
import re
import xml.sax
from collections.abc import Sequence
from typing import Any

from feedparser.api import LooseFeedParser, StrictFeedParser
from feedparser.sanitizer import replace_doctype
from msgspec import Struct

from broadsheet.problem import Finding
from broadsheet.words import one_line

MAX_BYTES = 64 << 20
_MAX_ILL_FORMED = 4 << 20
"""Bytes. The lenient parser takes up to ten seconds for a megabyte of the worst."""
_MAX_PROLOGUE = 1 << 16
"""Bytes before the root."""
_MAX_DEPTH = 500
"""Elements within each other."""
_MAX_ATTRIBUTES = 200
"""Of an element, declarations of namespaces among them."""
_MAX_NAMESPACES = 200
_MAX_AUTHOR = 200
"""Characters."""
_MAX_ENTITY = 100
"""Characters that a feed's own entity may stand for."""
_EXPANSION = 4
"""Times its own size that the text of a feed may have when its entities are put in."""
_ROOT = re.compile(rb"<\w")
_SPACES = re.compile(rb"\s{2,}")
_MAIL = re.compile(r"(?:mailto:)?[^\s()<>@,;:]++@[^\s()<>@,;:]+")
_ENTITY = re.compile(rb"\s*<!ENTITY")
_REMEDY = "Ask its publisher for a feed that a validator takes (https://validator.w3.org/feed/), or import its articles"


class Parsed(Struct, frozen=True):
    """A feed in feedparser's words: https://feedparser.readthedocs.io/."""

    version: str
    """`rss20`, `atom10`, …; empty where it is unknown."""
    head: dict[str, Any]
    entries: list[dict[str, Any]]
    doubts: tuple[str, ...] = ()


class _Beyond(xml.sax.SAXException):
    """A feed is beyond a limit."""


class _Handlers:
    """What feedparser's handlers of elements do otherwise here, for both of its parsers."""

    def _sync_author_detail(self: Any, key: str = "author") -> None:
        """The name within RSS's `mail@address (Name)`.

        feedparser takes time that grows with the square of its length for that, and for it the last label of an
        address has four letters: of `me@here.example` it makes an author `ple`.
        """
        context = self._get_context()
        detail = (context.get(f"{key}s") or [{}])[-1]
        text = context.get(key)
        if detail or not isinstance(text, str):
            return  # Atom's, whose name is an element by itself
        name = _MAIL.sub("", text[:_MAX_AUTHOR]).strip(" \t\r\n()<>,;:-")
        detail["name"] = name or text[:_MAX_AUTHOR]

    def _start_description(self: Any, attributes: dict[str, str]) -> None:
        self._mark_second_summary()
        super()._start_description(attributes)  # type: ignore[misc]

    def _start_summary(self: Any, attributes: dict[str, str]) -> None:
        self._mark_second_summary()
        super()._start_summary(attributes)  # type: ignore[misc]

    def _mark_second_summary(self: Any) -> None:
        """It is taken for the content, which it seldom is (`description`, then `itunes:summary`)."""
        context = self._get_context()
        if "summary" in context and not self.hasContent:
            context.setdefault("second_summaries", []).append(len(context.get("content", ())))

    def _start_media_description(self: Any, _attributes: dict[str, str]) -> None:
        """The caption of a picture is no summary of the article."""
        self.push("media_caption", 1)

    def _end_media_description(self: Any) -> None:
        self.pop("media_caption")

    def _start_cc_license(self: Any, attributes: dict[str, str]) -> None:
        """Either an attribute `rdf:resource`, as RDF has it, or text, as many feeds do."""
        address = self._get_attribute(attributes, "rdf:resource") or attributes.get("resource")
        self.push("license", 1)
        if address:
            self.elementstack[-1][2].append(address)

    def _end_cc_license(self: Any) -> None:
        address = self.pop("license")
        context = self._get_context()
        context.pop("license", None)
        if address:
            context.setdefault("links", []).append({"rel": "license", "href": address})

    _start_creativecommons_license = _start_creativeCommons_license = _start_cc_license  # noqa: N815
    _end_creativecommons_license = _end_creativeCommons_license = _end_cc_license  # noqa: N815


class _Strict(_Handlers, StrictFeedParser):  # type: ignore[misc]
    """For what is well formed."""

    resolve_relative_uris = sanitize_html = False
    budget = 0

    def startElementNS(  # noqa: N802 -- the name is SAX's
        self, name: tuple[str | None, str], qname: str | None, attributes: xml.sax.xmlreader.AttributesNSImpl
    ) -> None:
        if len(attributes) > _MAX_ATTRIBUTES:
            raise _Beyond(f"an element has {len(attributes)} attributes")
        if len(self.namespaces_in_use) > _MAX_NAMESPACES:
            raise _Beyond(f"there are more than {_MAX_NAMESPACES} namespaces")
        if self.depth > _MAX_DEPTH:
            raise _Beyond(f"elements are nested more than {_MAX_DEPTH} deep")
        super().startElementNS(name, qname, attributes)

    def characters(self, text: str) -> None:
        self.budget -= len(text)
        if self.budget < 0:
            raise _Beyond("its entities stand for far more text than there is")
        super().characters(text)


class _Lenient(_Handlers, LooseFeedParser):  # type: ignore[misc]
    """For what is not."""

    resolve_relative_uris = sanitize_html = False

    def handle_charref(self, number: str) -> None:
        """No such character must lose the rest of the feed."""
        try:
            super().handle_charref(number)
        except ValueError:  # too many digits, beyond Unicode, half of a pair
            self.handle_data("\ufffd")
        except OverflowError:
            self.handle_data("\ufffd")


def parse(data: bytes, address: str, language: str = "") -> Parsed | Finding:
    """The head and the entries of a feed in UTF-8, found at an address: `import/feed-too-large`, `import/feed-broken`.

    Memory is about four times the feed's size. An ill-formed feed is read as far as it can be.
    """
    root = _ROOT.search(data)
    start = root.start() if root else 0
    if len(data) > MAX_BYTES or start > _MAX_PROLOGUE:
        what = f"the feed has {len(data)} bytes" if start <= _MAX_PROLOGUE else "it has too much before its root"
        return Finding("import/feed-too-large", what, f"Take what is new of it: the limit is {MAX_BYTES >> 20} MiB")
    version, prologue, entities = _prologue(data[:start])
    if data[:start] != prologue:
        data = prologue + data[start:]
    strict = _Strict(address, language or None, "utf-8")
    strict.budget = _EXPANSION * len(data) + 1000
    try:
        _run(strict, data)
    except _Beyond as error:
        return Finding("import/feed-broken", f"the feed was not read: {error.getMessage()}", _REMEDY)
    except Exception as error:  # noqa: BLE001 -- a broken feed makes its parsers raise anything
        del strict
        return _leniently(data, address, language, version, entities, error)
    return _parsed(strict, version)


def _prologue(prologue: bytes) -> tuple[str, bytes, dict[str, str]]:
    """What the document type says of the version, the prologue less the document type, its harmless entities.

    feedparser keeps the entities that stand for text without further entities; long ones go here.
    """
    a_line_each = _ENTITY.sub(b"\n<!ENTITY", _SPACES.sub(b"\n", prologue))
    version, kept, entities = replace_doctype(a_line_each + b"<x")
    if any(len(value) > _MAX_ENTITY for value in entities.values()):
        return version or "", re.sub(rb"<!DOCTYPE.*\]>", b"", kept, flags=re.DOTALL)[:-2], {}
    return version or "", kept[:-2], entities


def _run(parser: _Strict, data: bytes) -> None:
    source = xml.sax.xmlreader.InputSource()
    source.setByteStream(io.BytesIO(data))
    source.setEncoding("utf-8")  # which a declaration of what it was in does not change
    reader = xml.sax.make_parser()  # noqa: S317 -- without document type and, below, without what is outside
    reader.setFeature(xml.sax.handler.feature_namespaces, True)
    reader.setFeature(xml.sax.handler.feature_external_ges, False)
    reader.setContentHandler(parser)
    reader.setErrorHandler(parser)
    reader.parse(source)


def _leniently(
    data: bytes, address: str, language: str, version: str, entities: dict[str, str], fault: Exception
) -> Parsed | Finding:
    said = _said(fault)
    if len(data) > _MAX_ILL_FORMED:
        return Finding("import/feed-broken", f"the feed is large and not well formed: {said}", _REMEDY)
    lenient = _Lenient(address, language or None, "utf-8", entities)
    doubts: Sequence[str] = [f"the feed is not well formed, and was read leniently: {said}"]
    try:
        lenient.feed(data.decode("utf-8", "replace"))
    except Exception as error:  # noqa: BLE001 -- as above
        if not lenient.entries:
            return Finding("import/feed-broken", f"the feed cannot be read: {_said(error)}", _REMEDY)
        doubts = [*doubts, f"what comes after its entry {len(lenient.entries)} could not be read"]
    return _parsed(lenient, version, doubts)


def _parsed(parser: _Strict | _Lenient, version: str, doubts: Sequence[str] = ()) -> Parsed:
    """Its dictionaries guess at what they have not, `published` for `updated`; plain ones do not."""
    plain = [dict.copy(entry) for entry in parser.entries]
    return Parsed(version or parser.version, dict.copy(parser.feeddata), plain, tuple(doubts))


def _said(error: Exception) -> str:
    if isinstance(error, xml.sax.SAXParseException):
        return one_line(f"line {error.getLineNumber()}: {error.getMessage()[:200]}")
    return one_line(str(error)[:200]) or type(error).__name__
