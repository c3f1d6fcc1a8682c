"""Pictures and recordings of the article, which are not copied: each with its address, its alt text and its credit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from broadsheet.importing.draft import LeftOut
from broadsheet.importing.markup import credit_of
from broadsheet.importing.page.document import Element, absolute
from broadsheet.importing.page.layout import Layout
from broadsheet.words import one_line

_KINDS = {"img": "image", "audio": "audio", "video": "video", "iframe": "embed", "embed": "embed", "object": "embed"}
_SOURCES = ("src", "data-src", "data-original", "data-lazy-src", "data-srcset", "srcset", "data", "poster")
_CREDIT = re.compile(
    r"(?:^|[\s_-])(?:credits?|copyright|photographer|fotograf|bildnachweis|source|attribution)(?:$|[\s_-])",
    re.IGNORECASE,
)
_CAPTION = re.compile(r"caption|bildunterschrift|(?:^|[\s_-])legende?(?:$|[\s_-])", re.IGNORECASE)
_ORNAMENT = re.compile(
    r"(?:^|[\s_/-])(?:avatar|gravatar|logo|icon|emoji|smil\w*|pixel|spacer|tracking|badge|button)s?(?:$|[\s_./-])",
    re.IGNORECASE,
)
_MAX = 200


def left_out(layout: Layout, base: str) -> tuple[LeftOut, ...]:
    """In the order of the page, each address once, at most 200."""
    found: dict[str, LeftOut] = {}
    if layout.root is not None:
        for one in _media(layout, base):
            known = found.get(one.address)
            if known is None or (not known.credit and one.credit):
                found[one.address] = one
            if len(found) >= _MAX:
                break
    return tuple(found.values())


def _media(layout: Layout, base: str) -> Iterator[LeftOut]:
    for element in layout.root.iter(*_KINDS):
        figure = next(element.iterancestors("figure"), None)
        place = (figure if figure is not None else element).getparent()
        inner = next(element.iterancestors("audio", "video", "object"), None)
        if place is None or inner is not None or layout.is_remote(place) or _is_ornament(element):
            continue
        address = _address(element, base)
        if address:
            alt = one_line((element.get("alt") or element.get("title") or "")[:1000])
            yield LeftOut(_KINDS[element.tag], address, alt, _credit(element, figure))


def _is_ornament(element: Element) -> bool:
    sizes = [
        int(size)
        for name in ("width", "height")
        if (size := (element.get(name) or "").removesuffix("px")).isdecimal() and len(size) < 6
    ]
    if any(size < 40 for size in sizes):
        return True
    label = f"{element.get('class') or ''} {element.get('src') or ''}"
    return element.tag == "img" and bool(_ORNAMENT.search(label[:500]))


def _address(element: Element, base: str) -> str:
    sources = [element, *element.iter("source")]
    given = (one.get(name) or "" for one in sources for name in _SOURCES)
    return next((found for text in given if (found := absolute(text.strip().split(" ")[0].rstrip(","), base))), "")


def _credit(element: Element, figure: Element) -> str:
    """What is marked as the credit, else the credit within the caption, else the caption."""
    frame = figure if figure is not None else _frame(element)
    if frame is None:
        return ""
    caption = ""
    for one in frame.iter("*"):
        label = f"{one.get('class') or ''} {one.get('itemprop') or ''}"
        said = one_line((one.text_content() or "")[:1000]) if one is not frame and isinstance(one.tag, str) else ""
        if not said or one.tag in ("script", "style", "noscript"):
            continue
        if _CREDIT.search(label) or re.search(r"copyrightHolder|creditText|copyrightNotice", label):
            return said
        if not caption and (one.tag == "figcaption" or _CAPTION.search(label)):
            caption = said
    return credit_of(caption) if caption else ""


def _frame(element: Element) -> Element:
    """What holds a picture and its caption where there is no `<figure>`."""
    for up in list(element.iterancestors())[:3]:
        if up.tag in ("body", "article", "main"):
            return None
        if (
            len(list(up.iter("img"))) == 1
            and one_line(up.text_content()[:1000])
            and len(one_line(up.text_content()[:1000])) < 400
        ):
            return up
    return None
