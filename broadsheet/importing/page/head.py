"""What a page says of itself in `<meta>`, `<link>` and `<title>`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from broadsheet.importing.draft import Fact
from broadsheet.importing.page.document import Element
from broadsheet.words import one_line

_MAX_VALUE = 2000


class Head(Struct, frozen=True):
    """Names are in small letters, with `.` for `:` and `_` for `-`, since everybody writes them differently."""

    title: str
    language: str
    """Of the root element."""
    metas: Mapping[str, tuple[str, ...]]
    """By `name`, `property` or `itemprop`; one line each."""
    links: Mapping[str, tuple[str, ...]]
    """Addresses as they stand, by each word of `rel`."""

    def facts(self, *names: str) -> Iterator[Fact[str]]:
        """The values of several metas, in the order of the names given (as people write them)."""
        for name in names:
            for value in self.metas.get(_folded(name), ()):
                yield Fact(value, f"meta {name}")


def head(tree: Element) -> Head:
    """Of a parsed page. Metas count wherever they stand: many pages have them in the body."""
    metas: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        value = one_line((element.get("content") or "")[:_MAX_VALUE])
        for attribute in ("name", "property", "itemprop"):
            for name in (element.get(attribute) or "").split():
                if value and value not in metas.setdefault(_folded(name), []):
                    metas[_folded(name)].append(value)
    links: dict[str, list[str]] = {}
    for element in tree.iter("link"):
        address = (element.get("href") or "").strip()
        for rel in (element.get("rel") or "").lower().split():
            if address:
                links.setdefault(rel, []).append(address)
    return Head(_title(tree), _language(tree), _frozen(metas), _frozen(links))


def _title(tree: Element) -> str:
    for element in tree.iter("title"):
        if element.getparent() is not None and element.getparent().tag != "svg":
            return one_line("".join(element.itertext())[:_MAX_VALUE])
    return ""


def _language(tree: Element) -> str:
    return (
        tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or tree.get("xml:lang") or ""
    ).strip()


def _folded(name: str) -> str:
    return name.strip().lower().replace(":", ".").replace("_", "-")


def _frozen(lists: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(values) for key, values in lists.items()}
