"""schema.org's word on a page: JSON-LD, and microdata or RDFa.

https://schema.org/Article, https://www.w3.org/TR/json-ld11/, https://html.spec.whatwg.org/multipage/microdata.html
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from broadsheet import url
from broadsheet.importing.draft import Fact
from broadsheet.importing.page.document import Element
from broadsheet.importing.page.layout import bare
from broadsheet.words import one_line

Thing = Mapping[str, Any]
"""An object of linked data. The key that is empty has the notation it is in."""
_MAX_SCRIPT = 2_000_000
_MAX_THINGS = 2_000
_MAX_VALUES = 50
_MAX_VALUE = 3_000
_MAX_DEPTH = 12
_WRAPPING = re.compile(
    r"\A\s*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?)|(?:-->|(?://|/\*)?\s*\]\]>(?:\s*\*/)?)\s*;?\s*\Z"
)
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_MEMBER = re.compile(
    r'"(headline|datePublished|dateCreated|license|inLanguage|author)"\s*:\s*("(?:[^"\\\n]|\\.){0,500}")'
)
_AUTHOR = re.compile(r'"author"\s*:\s*[\[{][^{}\[\]]{0,300}?"name"\s*:\s*"([^"\\]{1,100})"')
_ARTICLES = ("Article", "Posting", "Report", "Review", "Recipe", "HowTo")
_WORKS = frozenset(
    "WebPage CreativeWork ItemPage AboutPage VideoObject PodcastEpisode Book Dataset QAPage Course Event FAQPage "
    "MedicalWebPage Chapter Question AudioObject Episode RadioEpisode".split()
)
_ORGANISATIONS = frozenset({"Organization", "NewsMediaOrganization", "Corporation"})
_SITES = _ORGANISATIONS | {"WebSite"}
_LISTS = frozenset({"CollectionPage", "SearchResultsPage"})


class LinkedData(Struct, frozen=True):
    """What it says of the page's article. Absent where it says nothing, or speaks of several articles."""

    titles: tuple[Fact[str], ...] = ()
    people: tuple[Fact[str], ...] = ()
    """Named as authors, or not said to be organisations."""
    organisations: tuple[Fact[str], ...] = ()
    """Named as authors."""
    dates: tuple[Fact[str], ...] = ()
    licences: tuple[Fact[str], ...] = ()
    sites: tuple[Fact[str], ...] = ()
    """Publishers, and names of the website."""
    languages: tuple[Fact[str], ...] = ()
    addresses: tuple[Fact[str], ...] = ()
    descriptions: tuple[Fact[str], ...] = ()
    is_list: bool = False
    """The page as a whole is called a list of other pages, and no article is spoken of."""
    is_paid: bool = False
    """`isAccessibleForFree` is false: https://schema.org/isAccessibleForFree."""


def linked_data(tree: Element, address: str, titles: Iterable[str]) -> LinkedData:
    """Of a parsed page, which is found at an address (empty if unknown) and calls itself by these titles."""
    things = list(_things(tree))
    by_id = {str(thing["@id"]): thing for thing in things if "@id" in thing and len(thing) > 2}
    article = _article(things, address, {bare(title) for title in titles})
    work = next((thing for thing in things if _kinds(thing) & _WORKS), None)
    sites = [thing for thing in things if _kinds(thing) & _SITES]
    both = (article, work)
    return LinkedData(
        titles=(*_texts(article, "headline"), *_texts(article, "name"), *_texts(work, "headline", "name")),
        people=tuple(_authors(article, by_id, people=True)) or tuple(_authors(work, by_id, people=True)),
        organisations=tuple(_authors(article, by_id, people=False)),
        dates=(
            *(*_texts(article, "datePublished"), *_texts(work, "datePublished")),
            *(*_texts(article, "dateCreated"), *_texts(work, "uploadDate")),
        ),
        licences=(*_texts(article, "license"), *_texts(work, "license")),
        sites=(
            *_publishers(article, by_id),
            *(name for site in sites for name in _texts(site, "name", "alternateName")),
        ),
        languages=(*_texts(article, "inLanguage"), *_texts(work, "inLanguage")),
        addresses=(*_texts(article, "mainEntityOfPage"), *_texts(article, "url")),
        descriptions=tuple(_texts(article, "description")),
        is_list=article is None and any(_kinds(thing) & _LISTS for thing in things),
        is_paid=any(str(one.get("isAccessibleForFree")).lower() in ("false", "no") for one in both if one),
    )


# --- All objects of a page. ---


def _things(tree: Element) -> Iterator[dict[str, Any]]:
    """Every object that stands for itself: of the scripts, then the items; at most 2,000 of each."""
    found = 0
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            for thing in _flat(_loaded((script.text or "")[:_MAX_SCRIPT])):
                yield thing | {"": "JSON-LD"}
                found += 1
                if found >= _MAX_THINGS:
                    break
    scopes = tree.xpath("//*[@itemscope and @itemtype and not(@itemprop)] | //*[@typeof and not(@property)]")
    for scope in scopes[:_MAX_THINGS]:
        kind = (scope.get("itemtype") or scope.get("typeof") or "").strip().split(" ")[0]
        if kind:
            yield _item(scope) | {"@type": _plain_name(kind), "": "microdata"}


def _flat(value: object, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for one in value:
            yield from _flat(one, depth + 1)
    elif isinstance(value, dict):
        yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _flat(value.get(name), depth + 1)


def _loaded(script: str) -> object:
    """The JSON of a script. What is broken is mended where it is plain how, else read for its plainest members."""
    script = _WRAPPING.sub("", script).strip("\ufeff \t\r\n;")
    for form in (script, _TRAILING_COMMA.sub("", script), _TRAILING_COMMA.sub("", html.unescape(script))):
        try:
            return json.JSONDecoder(strict=False).raw_decode(form)[0]
        except (ValueError, RecursionError):
            continue
    return _remains(script)


def _remains(script: str) -> dict[str, Any]:
    """What can still be told of broken JSON that is of an article: the first of each member."""
    if not re.search(r'"@type"\s*:\s*"\w{0,30}(?:Article|Posting)"', script):
        return {}
    thing: dict[str, Any] = {"@type": "Article"}
    for match in _MEMBER.finditer(script):
        try:
            thing.setdefault(match[1], json.loads(match[2], strict=False))
        except ValueError:
            continue
    author = _AUTHOR.search(script)
    return thing | {"author": author[1]} if author else thing


def _item(scope: Element, depth: int = 0) -> dict[str, Any]:
    """An item's properties: lists of strings and items."""
    thing: dict[str, Any] = {}
    waiting = list(scope)[::-1]
    while waiting:
        element = waiting.pop()
        names = (element.get("itemprop") or element.get("property") or "").split()
        is_scope = element.get("itemscope") is not None or element.get("typeof") is not None
        if not is_scope:
            waiting.extend(list(element)[::-1])
        if names and depth < _MAX_DEPTH // 3:
            value = (_item(element, depth + 1) if is_scope else {}) or _value(element)
            for name in names:
                thing.setdefault(_plain_name(name), []).append(value)
    return thing


def _value(element: Element) -> str:
    """As the HTML standard, microdata, 5.2.4, but that a link with words in it says these."""
    for attribute in ("content", "datetime"):
        if element.get(attribute):
            return str(element.get(attribute))
    if element.tag in ("img", "audio", "video", "embed", "iframe", "source"):
        return str(element.get("src") or "")
    text = str(element.text_content())[:_MAX_VALUE] if isinstance(element.tag, str) else ""
    return text if text.strip() else str(element.get("href") or "")


def _plain_name(name: str) -> str:
    """`headline` of `https://schema.org/headline` and `schema:headline`."""
    return re.split("[/:#]", name)[-1]


# --- The one that the page is about. ---


def _article(things: Sequence[Thing], address: str, titles: set[str]) -> Thing | None:
    """The one article the page is about: by its address, by its title, or because there is but one."""
    articles = [thing for thing in things if any(kind.endswith(_ARTICLES) for kind in _kinds(thing))]
    for marked in (
        [thing for thing in articles if _is_at(thing, address)],
        [thing for thing in articles if _is_called(thing, titles)],
    ):
        if marked:
            return _merged(marked)
    headlines = {bare(_text(thing.get("headline") or thing.get("name"))) for thing in articles} - {""}
    return _merged(articles) if len(headlines) <= 1 else None


def _merged(things: Sequence[Thing]) -> Thing | None:
    """What several blocks say of one article; the first that says a thing counts."""
    merged: dict[str, Any] = {}
    for thing in things:
        merged = {**thing, **{key: value for key, value in merged.items() if value not in (None, "", [], {})}}
    return merged or None


def _is_at(thing: Thing, address: str) -> bool:
    named = (fact.value for fact in _texts(thing, "url", "mainEntityOfPage", "@id"))
    return bool(address) and any(url.is_web_address(one) and url.same(one) == url.same(address) for one in named)


def _is_called(thing: Thing, titles: set[str]) -> bool:
    name = bare(_text(thing.get("headline"))) or bare(_text(thing.get("name")))
    return len(name) > 4 and any(name in title or (len(title) > 9 and title in name) for title in titles)


def _kinds(thing: Thing | None) -> set[str]:
    return {_plain_name(kind) for kind in _listed((thing or {}).get("@type")) if isinstance(kind, str)}


# --- Its values. ---


def _authors(article: Thing | None, by_id: Mapping[str, Thing], *, people: bool) -> Iterator[Fact[str]]:
    for property_ in ("author", "creator"):
        for value in _listed((article or {}).get(property_)):
            thing = _resolved(value, by_id)
            if bool(isinstance(thing, Mapping) and _kinds(thing) & _ORGANISATIONS) != people:
                for name in _listed(thing.get("name") if isinstance(thing, Mapping) else thing):
                    if isinstance(name, str) and _text(name):
                        yield Fact(_text(name), _where(article, property_))


def _publishers(article: Thing | None, by_id: Mapping[str, Thing]) -> Iterator[Fact[str]]:
    for value in _listed((article or {}).get("publisher")):
        thing = _resolved(value, by_id)
        name = _text(thing.get("name") if isinstance(thing, Mapping) else thing)
        if name:
            yield Fact(name, _where(article, "publisher"))


def _resolved(value: object, by_id: Mapping[str, Thing]) -> object:
    """The object that a reference by `@id` means."""
    if isinstance(value, Mapping) and "@id" in value and "name" not in value:
        return by_id.get(str(value["@id"]), value)
    return value


def _texts(thing: Thing | None, *properties: str) -> Iterator[Fact[str]]:
    for property_ in properties:
        for value in _listed((thing or {}).get(property_)):
            text = _text(value)
            if text:
                yield Fact(text, _where(thing, property_))


def _where(thing: Thing | None, property_: str) -> str:
    return f"{(thing or {}).get('', 'JSON-LD')}, {property_}"


def _listed(value: object) -> list[Any]:
    return value[:_MAX_VALUES] if isinstance(value, list) else [value]


def _text(value: object) -> str:
    """A value as one line: a string (often with HTML in it), or what an object is called or where it is."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, Mapping):
        value = value.get("@value") or value.get("name") or value.get("@id") or value.get("url") or ""
    if not isinstance(value, str):
        return ""
    return one_line(re.sub(r"<[^<>]{1,300}>", "", html.unescape(value[:_MAX_VALUE])))
