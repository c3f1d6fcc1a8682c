"""The audit of pictures and media: nothing is fetched from elsewhere, but a counter that its publisher asks for."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from broadsheet.audit import styles
from broadsheet.audit.built import Claims, address
from broadsheet.audit.credit import RULE as CREDIT
from broadsheet.audit.credit import picture_credit
from broadsheet.audit.surface import Surface
from broadsheet.bill import BillItem
from broadsheet.problem import Problem

RULE = "audit/foreign-media"
_REMEDY = "Put a copy that may be shown on this site, with its own rights, or leave it out"
_PICTURES = ("contentUrl", "embedUrl", "image", "logo", "thumbnail", "thumbnailUrl")
"""Keys of JSON-LD that hold what others may show with the page."""


def check_page(surface: Surface, source: str, claims: Claims) -> Iterator[Problem]:
    """A page loads nothing from another host: no picture, no script, no frame, and no card shows one."""
    item = claims.items.get(surface.file)
    yield from check_surface(surface, source, claims, item)
    if not _is_harmless(surface.base, claims):
        message = f"'base' makes every address on the page one of '{surface.base[:80]}'"
        yield claims.problem(surface.file, source, "<base", RULE, message, "Remove it")
    yield from _check_pictures(surface, source, claims)


def check_surface(surface: Surface, source: str, claims: Claims, item: BillItem | None) -> Iterator[Problem]:
    """The same of a page or an item of a feed, of which `item` is the article."""
    allowed = address(item.url, item.counter) if item and item.counter else None
    in_data = (("JSON-LD", it) for node in surface.nodes() for it in _pictures_in(node))
    for element, reference in dict.fromkeys([*surface.media, *in_data]):
        url = surface.resolve(reference)
        if url != allowed and not _is_harmless(url, claims):
            message = f"'{element}' loads '{reference[:80]}' from elsewhere"
            yield claims.problem(surface.file, source, reference, RULE, message, _REMEDY)


def _pictures_in(node: dict[str, Any]) -> Iterator[str]:
    for key in _PICTURES:
        value = node.get(key)
        yield from (it for it in (value if isinstance(value, list) else [value]) if isinstance(it, str))


def _check_pictures(surface: Surface, source: str, claims: Claims) -> Iterator[Problem]:
    """An article's picture that another page shows too has its credit there."""
    shown = None
    for reference in dict.fromkeys(it for element, it in surface.media if element not in ("meta", "link", "a")):
        item = claims.pictures.get(claims.file_of(surface.resolve(reference)) or "")
        if item is None or claims.page_of(item) == surface.file or item.picture is None:
            continue
        shown = shown or surface.shown()
        terms = claims.bill.licences.get(item.picture.licence)
        wanted = [*picture_credit(item), *([("terms of the picture", terms.name)] if terms else [])]
        missing = [what for what, text in wanted if not shown.says(text)]
        if missing:
            message = f"the picture of '{item.title[:80]}' stands here without the {' and the '.join(missing)}"
            yield claims.problem(surface.file, source, reference, CREDIT, message, "Say it beside the picture")


def check_style_sheet(file: str, text: str, claims: Claims) -> Iterator[Problem]:
    """A style sheet loads nothing from another host."""
    url = claims.url_of(file)
    for reference in styles.loaded(text):
        if not _is_harmless(address(url, reference), claims):
            message = f"the style sheet loads '{reference[:80]}' from elsewhere"
            yield claims.problem(file, text, reference, RULE, message, _REMEDY)


def check_picture(file: str, data: bytes, claims: Claims) -> Iterator[Problem]:
    """A picture is the one whose rights the bill states."""
    item = claims.pictures.get(file)
    stated = item.picture.sha256 if item and item.picture else None
    if stated is not None and sha256(data).hexdigest() != stated:
        message = "the picture is another than the one whose rights the bill of materials states"
        yield claims.problem(file, "", "", "audit/picture-changed", message, "Build the site again")


def check_pictures(claims: Claims) -> Iterator[Problem]:
    """Every picture that the bill names is there."""
    for file, item in claims.pictures.items():
        if file not in claims.files:
            message = f"the bill of materials names a picture of '{item.title[:80]}', and it is not there"
            yield claims.problem(file, "", "", "audit/picture-changed", message, "Build the site again")


def _is_harmless(url: str, claims: Claims) -> bool:
    """Whether an address is on this site's host, or no address of a network at all."""
    return claims.is_here(url) or url.startswith(("data:", "about:"))
