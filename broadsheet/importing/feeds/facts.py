"""What entries of feeds of all formats have in common."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from broadsheet import url
from broadsheet.importing import markup
from broadsheet.importing.draft import Draft, Fact
from broadsheet.problem import Finding

MAX_TEXT = 1_000_000
"""Characters of HTML that an entry may have."""
MAX_SUMMARY = 20_000
MAX_LINE = 2000
_BETWEEN_WORDS = re.compile(r"<(?=/?(?:p|div|br|li|h[1-6]|tr|td|blockquote)\b)", re.IGNORECASE)
_BETWEEN_PARAGRAPHS = re.compile(r"\n[ \t]*\n")
CREATIVE_COMMONS = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/"
    r"(?:licenses/(?P<kind>by(?:-nc)?(?:-nd|-sa)?)/(?P<version>\d\.\d)|publicdomain/(?P<public>zero|mark)/1\.0)"
    r"(?P<port>/[a-z]{2,3}(?![a-z.]))?",
    re.IGNORECASE,
)
_CUT = re.compile(r"\[(?:…|\.{3})\\?\](?:\([^()\s]*\))?\W*\Z")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}")

Entry = Mapping[str, Any]
"""Members as the feed has them: any may be missing or of another type."""


def string(entry: Entry, key: str) -> str:
    """A member that is text, or nothing."""
    value = entry.get(key)
    return value if isinstance(value, str) else ""


def fact(value: str, where: str) -> Fact[str] | None:
    """None where nothing is known."""
    return Fact(value, where) if value else None


def web(address: object, base: str) -> str:
    """An address of the web that the words mean on the page `base`, or nothing."""
    if not isinstance(address, str) or len(address) > MAX_LINE:
        return ""
    found = markup.link(address, base)
    return found if found and url.is_web_address(found) else ""


def language(tag: object) -> str:
    """A tag in the form of BCP 47, or nothing."""
    tag = str(tag or "").strip().replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else ""


def licence_at(address: str) -> str:
    """The SPDX id of a Creative Commons licence by its address, else the address. Ported ones are other licences."""
    match = CREATIVE_COMMONS.match(address)
    if match is None or match["port"]:
        return address
    if match["public"]:
        return "CC0-1.0" if match["public"].lower() == "zero" else "CC-PDM-1.0"
    return f"CC-{match['kind'].upper()}-{match['version']}"


def without_tags(source: str) -> str:
    """The text of a line of HTML."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(_BETWEEN_WORDS.sub(" <", source))
    for node in tree.css("script, style, template, noscript"):
        node.decompose()
    return tree.body.text() if tree.body else ""


def paragraphs(text: str) -> tuple[str, ...]:
    """Plain text as blocks of markdown; an empty line parts them."""
    return tuple(filter(None, map(markup.escape, _BETWEEN_PARAGRAPHS.split(text))))


def medium(said: str, media_type: str, address: str) -> str:
    """What a picture or recording is: by its own word, its media type or the ending of its address."""
    for kind in ("image", "audio", "video"):
        if said == kind or media_type.startswith(f"{kind}/"):
            return kind
    ending = re.search(r"\.(?:(jpe?g|png|gif|webp|avif)|(mp3|m4a|ogg|opus|flac)|(mp4|webm|mov|m4v))(?:\?|\Z)", address)
    return ("image", "audio", "video")[ending.lastindex - 1] if ending and ending.lastindex else "embed"


def too_long(title: str, length: int) -> Finding:
    """Of an entry with more than `MAX_TEXT` characters."""
    message = f"the entry '{title[:60]}' has {length:,} characters, and the limit is {MAX_TEXT:,}"
    return Finding("import/entry-too-long", message, "Import its page, or a text file with its words")


def is_cut(blocks: tuple[str, ...]) -> bool:
    """Whether a text says itself that it goes on elsewhere: it ends with an ellipsis in brackets, as excerpts do."""
    return bool(blocks) and _CUT.search(blocks[-1][-100:]) is not None


def is_empty(draft: Draft) -> bool:
    """Whether there is nothing to take, nor to look at."""
    return not (draft.title or draft.url or draft.blocks or draft.left_out)


def empty() -> Finding:
    """Of an entry with a draft that is empty."""
    return Finding(
        "import/entry-empty", "an entry has neither title, link, text nor recording", "Look at the feed's source"
    )
