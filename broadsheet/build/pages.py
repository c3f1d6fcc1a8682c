"""Why a file of the output is rendered, or is not: the key of each, and what has changed since it was last published.

A key is made of all that the file shows: what it is made of, what stands around it, what stands on every page, and the
templates. What it is made of carries the settings and the program's version.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping

from msgspec import Struct

from broadsheet.build import codec
from broadsheet.build.cache import Kept
from broadsheet.digest import SIZE, digest
from broadsheet.site.plan import Amended, BillOf, Content, Copy, Placed, Target
from broadsheet.site.syndication import FeedOf
from broadsheet.site.views import TEMPLATES, ArticlePage

_NOTHING = bytes(SIZE)


class Reason(enum.Enum):
    """Why a file is rendered."""

    NEW = "new"
    CONTENT = "what it is made of has changed"
    AROUND = "its neighbours or its story have changed"
    SITE = "what stands on every page has changed"
    TEMPLATE = "its templates have changed"
    OUTPUT = "the file in the output is another"


_PARTS = (Reason.CONTENT, Reason.AROUND, Reason.SITE, Reason.TEMPLATE)
"""Of a key, in order, each `SIZE` bytes."""


class Keys(Struct, frozen=True):
    """What keys are made from."""

    articles: Mapping[str, Kept]
    """By path."""
    copies: Callable[[str], bytes]
    """Path of a file that is published as it is -> digest of its bytes."""
    settings: bytes
    masthead: bytes
    templates: Mapping[str, bytes]
    """By name, a digest of all that a template is made of."""


def key_of(target: Target, kind: type | None, whole: bytes, keys: Keys) -> bytes:
    """The key of a target. `kind` and `whole` are those of its record, packed, where it is a `Whole`."""
    kind = ArticlePage if isinstance(target.content, Placed) else kind
    around = _around(target.content, keys) if isinstance(target.content, Placed) else _NOTHING
    page = keys.masthead + keys.templates[TEMPLATES[kind]] if kind in TEMPLATES else _NOTHING + _NOTHING
    return _content(target.content, keys, whole) + around + page


def reason(key: bytes, before: bytes) -> Reason:
    """What has changed between two keys."""
    for n, part in enumerate(_PARTS):
        if key[n * SIZE : (n + 1) * SIZE] != before[n * SIZE : (n + 1) * SIZE]:
            return part
    return Reason.OUTPUT


def _content(content: Content, keys: Keys, whole: bytes) -> bytes:
    if isinstance(content, Placed):
        return keys.articles[content.entry.path].page
    if isinstance(content, FeedOf):
        items = [keys.articles[entry.path] for entry in content.entries]
        made = b"".join([item.listed + item.page for item in items])
        return digest(keys.settings, codec.pack(content.document), made)
    if isinstance(content, BillOf):
        pictures = [keys.copies(entry.picture.file) for entry in content.entries if entry.picture]
        lines = b"".join([keys.articles[entry.path].bill for entry in content.entries])
        return digest(codec.pack(content.cover), lines, *pictures)
    if isinstance(content, Amended):
        return digest(codec.pack(content))
    if isinstance(content, Copy):
        return digest(keys.copies(content.path))
    return digest(whole)


def _around(placed: Placed, keys: Keys) -> bytes:
    story = placed.story.articles if placed.story else ()
    neighbours = (placed.older, placed.newer, *[entry for entry in story if entry is not placed.entry])
    return digest(b"".join([keys.articles[entry.path].listed if entry else _NOTHING for entry in neighbours]))
