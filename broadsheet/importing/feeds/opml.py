"""A list of feeds in OPML 1.0 or 2.0 -> subscriptions, after http://opml.org/spec2.opml."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from broadsheet.importing import encoding
from broadsheet.importing.capture import Capture
from broadsheet.importing.feeds.facts import MAX_LINE, web
from broadsheet.problem import Finding
from broadsheet.words import one_line

if TYPE_CHECKING:
    from lxml.etree import _Element

_MAX_BYTES = 10_000_000
_REMEDY = "Export the list again from the program that keeps it"
_LISTS = (".opml", ".opml.xml")


class Subscription(Struct, frozen=True):
    """A feed that somebody follows."""

    title: str
    feed: str
    """Absolute address."""
    page: str = ""
    """Of the site that it is the feed of; may be empty."""


def read(capture: Capture) -> tuple[Subscription, ...] | Finding:
    """The feeds of a captured list in its order, each once: `import/opml-broken`, `import/opml-empty`.

    Folders are flattened. An outline of the type `include`, or a `link` to OPML, stands for another list, by whose
    address it is given; links to pages are none of a feed.
    """
    from lxml import etree

    if len(capture.data) > _MAX_BYTES:
        return Finding("import/opml-broken", f"the list of feeds has {len(capture.data)} bytes", _REMEDY)
    data = encoding.utf8(capture.data, capture.charset).data
    if b"<!ENTITY" in data:
        return Finding("import/opml-broken", "the list of feeds declares entities", "Take its document type away")
    # Titles with a bare ampersand are common, so what is ill formed is read as far as it goes.
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        return Finding("import/opml-broken", f"the list of feeds cannot be read: {str(error)[:100]}", _REMEDY)
    if root is None or str(root.tag).lower() != "opml":
        return Finding("import/opml-broken", "the list of feeds cannot be read", _REMEDY)
    found: dict[str, Subscription] = {}
    for subscription in _subscriptions(root, capture.url or ""):
        found.setdefault(subscription.feed, subscription)
    if not found:
        return Finding("import/opml-empty", "the list names no feed with an address of the web", _REMEDY)
    return tuple(found.values())


def _subscriptions(root: _Element, base: str) -> Iterator[Subscription]:
    """Attributes are `xmlUrl` in the specification, and any mixture of cases in the wild."""
    for outline in root.iter():
        if not isinstance(outline.tag, str) or outline.tag.lower() != "outline":
            continue
        said = {str(name).lower(): str(value)[:MAX_LINE] for name, value in outline.attrib.items()}
        feed = web(said.get("xmlurl", ""), base) or _list(said, base)
        if feed:
            yield Subscription(
                one_line(said.get("title") or said.get("text", "")), feed, web(said.get("htmlurl"), base)
            )


def _list(said: dict[str, str], base: str) -> str:
    kind, address = said.get("type", "").lower(), web(said.get("url"), base)
    return address if kind == "include" or (kind == "link" and address.lower().endswith(_LISTS)) else ""
