"""The audit of what pages say to machines: robots, canonical, licence, JSON-LD; and that the bill names them all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from broadsheet.audit.built import Claims, address
from broadsheet.audit.surface import Surface
from broadsheet.bill import BillItem
from broadsheet.model import Kind
from broadsheet.problem import Problem
from broadsheet.register import Index
from broadsheet.words import count_words

_ARTICLE = re.compile(r"\d{4}/\d{2}/[^/]+/index\.html")
_MEND = "Mend the theme: it prints page.head whole"
_LONG = 60
"""Words that a page which only sends on does not need."""
_ROBOTS = ("robots", "googlebot", "bingbot", "googlebot-news")
_ASKED: dict[Index, set[str]] = {Index.YES: set(), Index.NEWS_NO: {"googlebot-news"}, Index.NO: {"robots"}}
"""Which robots are told to leave a page out."""

Node = dict[str, Any]


def check_billed(surface: Surface, source: str, claims: Claims) -> Iterator[Problem]:
    """A page that stands where articles stand is in the bill, or only sends on to a page of this site."""
    if not _ARTICLE.fullmatch(surface.file) or surface.file in claims.items:
        return
    sends_on = any(claims.file_of(surface.resolve(it)) in claims.files for it in surface.refreshes)
    if sends_on and count_words(surface.shown().text) <= _LONG:
        return
    message = "a page stands where articles stand, and the bill of materials does not name it"
    remedy = "Remove it from the output, or build the site again"
    yield claims.problem(surface.file, source, "", "audit/unbilled", message, remedy)


def check_robots(surface: Surface, source: str, claims: Claims) -> Iterator[Problem]:
    """Search engines are told what the publisher asks."""
    item = claims.items.get(surface.file)
    if item is None:
        return
    kept_away = {name for name in _ROBOTS if _says_noindex(surface.metas.get(name, ()))}
    for name in sorted(_ASKED[item.robots] - kept_away):
        message = f"'{name}' should say 'noindex', as the publisher asks"
        message = "'robots' should say 'noindex', for the article was withdrawn" if item.withdrawn else message
        yield claims.problem(surface.file, source, "<head", "audit/robots", message, _MEND)
    if item.robots is not Index.NO and kept_away - _ASKED[item.robots]:
        message = "the page keeps search engines away, and nobody asks for that"
        yield claims.problem(surface.file, source, "noindex", "audit/robots", message, _MEND)


def _says_noindex(contents: Iterable[str]) -> bool:
    said = {word for content in contents for word in re.split(r"[\s,]+", content.casefold())}
    return bool(said & {"noindex", "none"})


def check_canonical(surface: Surface, source: str, claims: Claims) -> Iterator[Problem]:
    """One address stands for a page: as the publisher asks, its own, and none where nothing is to be found any more."""
    item = claims.items.get(surface.file)
    given = list(dict.fromkeys(map(surface.resolve, surface.canonicals)))
    if item is not None:
        right = [address(item.url, item.canonical)] if item.canonical else []
        if given != right:
            message = f"the canonical address is '{_joined(given)}', and '{_joined(right)}' is right"
            yield claims.problem(surface.file, source, "canonical", "audit/canonical", message, _MEND)
    elif len(given) > 1 or any(claims.file_of(it) not in claims.files for it in given):
        message = f"the page gives '{_joined(given)}' as the address that stands for it, and that is no page here"
        yield claims.problem(surface.file, source, "canonical", "audit/canonical", message, _MEND)


def _joined(addresses: list[str]) -> str:
    return " and ".join(addresses)[:160] or "none"


def check_linked_data(surface: Surface, source: str, claims: Claims) -> Iterator[Problem]:
    """JSON-LD and `rel=license` say the same as the bill, and JSON-LD holds no text of what is not reprinted."""
    item = claims.items.get(surface.file)
    nodes = surface.nodes()
    faults = list(_faults_everywhere(item, nodes))
    if item is not None and item.withdrawn is None:
        faults += _faults(item, nodes, claims)
    for fault in faults:
        yield claims.problem(surface.file, source, "application/ld+json", "audit/linked-data", fault, _MEND)
    right = {address(item.url, item.licence)} if item and item.licence else set()
    for reference in surface.licences if item is not None else ():
        if surface.resolve(reference) not in right:
            fault = f"rel=license gives '{reference[:80]}' as the page's licence, which it is not"
            yield claims.problem(surface.file, source, reference, "audit/linked-data", fault, _MEND)


def _faults_everywhere(item: BillItem | None, nodes: list[Node]) -> Iterator[str]:
    is_reprint = item is not None and item.kind is Kind.FULL and item.withdrawn is None
    if not is_reprint and any("articleBody" in node for node in nodes):
        yield "JSON-LD holds an 'articleBody', and no text stands whole on this page"


def _faults(item: BillItem, nodes: list[Node], claims: Claims) -> Iterator[str]:
    own = [node for node in nodes if _is_of(item, node)]
    if not own:
        yield "the page has no JSON-LD on its article that can be read"
    for node in own:
        yield from _differences(node, _expected(item))
        yield from _picture_faults(item, node.get("image"), claims)
        if item.kind is not Kind.FULL and item.origin is not None:
            cited = node.get("citation")
            if isinstance(cited, dict):
                licence = next((it.licence for it in item.parts if it.holder), "")
                terms = claims.bill.licences.get(licence)
                expected = {"url": item.origin.url, "creditText": item.credit, "license": terms.url if terms else None}
                yield from _differences(cited, expected)
            else:
                yield "JSON-LD does not cite the original"


def _is_of(item: BillItem, node: Node) -> bool:
    is_named = "@id" in node or "Article" not in str(node.get("@type"))
    return node.get("@id" if is_named else "url") == item.url


def _expected(item: BillItem) -> dict[str, str | None]:
    if item.kind is Kind.FULL:
        based_on = item.origin.url if item.origin else None
        rights = {"license": item.licence, "creditText": item.credit, "copyrightNotice": item.notice}
        return {"@type": "NewsArticle", "isBasedOn": based_on, **rights}
    if item.origin is not None:
        return {"@type": "Article", "license": None, "isBasedOn": None}
    return {"@type": "Article", "license": item.licence, "citation": None}


def _picture_faults(item: BillItem, image: Any, claims: Claims) -> Iterator[str]:  # noqa: ANN401 -- any JSON
    picture = item.picture
    if image is None:
        return
    if picture is None or not isinstance(image, dict):
        yield "JSON-LD shows a picture that the bill of materials does not name"
        return
    licence = claims.bill.licences.get(picture.licence)
    expected = {"contentUrl": picture.url, "creditText": picture.credit, "license": licence.url if licence else None}
    yield from _differences(image, expected)


def _differences(node: Node, expected: dict[str, str | None]) -> Iterator[str]:
    for key, value in expected.items():
        if node.get(key) != value:
            yield f"JSON-LD says '{str(node.get(key))[:80]}' in '{key}', and '{str(value)[:80]}' is right"
