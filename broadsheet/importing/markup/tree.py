"""The tree of foreign HTML, gone through in bounded time, less what its readers do not see."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from broadsheet.words import scrub

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MEDIA = {"audio": "audio", "video": "video", "iframe": "embed", "embed": "embed", "object": "embed"}
"""Elements of pictures and recordings, and of what stands in for them; nothing within is text."""
_DROPPED = {
    *("script", "style", "template", "noscript", "head", "title", "textarea", "select", "option", "button"),
    *("svg", "math", "canvas", "map", "dialog", "datalist", "noembed", "noframes", "frameset", "rp"),
}
_VOID = {"br", "hr", "img", "input", "meta", "link", "source", "wbr", "area", "base", "col", "embed", "param", "track"}
_OPTIONAL = {"p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "optgroup"}
_FORMATTING = {*("b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u")}
_DEEP = 256
_OPEN_FORMATTING = 6
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")


def steps(html: str) -> Iterator[tuple[LexborNode, int, bool]]:
    """Each node when it is entered and, if it is no text, when it is left: `(node, depth, leaves)`."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(_shallow(scrub(html)))
    node, depth = tree.body, 0
    while node is not None:
        yield node, depth, False
        child = None if node.tag in MEDIA else _seen(node.first_child)
        if child is not None:
            node, depth = child, depth + 1
            continue
        while True:
            if node.tag != "-text":
                yield node, depth, True
            if depth == 0:
                return
            after = _seen(node.next)
            if after is not None:
                node = after
                break
            parent = node.parent
            if parent is None:
                return
            node, depth = parent, depth - 1


def _shallow(html: str) -> str:
    """The HTML with tags that nest too deep made void ones: parsers take time that grows with the depth squared.

    Formatting that is never closed is opened again in every paragraph (HTML standard, 13.2.4.3), hence its own limit.
    """
    opened: Counter[str] = Counter()
    depth = formatting = 0

    def tamed(match: re.Match[str]) -> str:
        nonlocal depth, formatting
        name = match[2].lower()
        if name in _VOID or name in _OPTIONAL:
            return match.group()
        is_formatting = name in _FORMATTING
        if match[1]:
            if opened[name]:
                opened[name] -= 1
                depth -= 1
                formatting -= is_formatting
            return match.group()
        if depth >= _DEEP or (is_formatting and formatting >= _OPEN_FORMATTING):
            return "<wbr"
        opened[name] += 1
        depth += 1
        formatting += is_formatting
        return match.group()

    return _TAG.sub(tamed, html)


def _seen(node: LexborNode | None) -> LexborNode | None:
    """The node, or the next beside it that readers of the page see, by the element's own word."""
    while node is not None and not node.is_text_node:
        given = node.attributes
        if node.tag not in _DROPPED and "hidden" not in given and not _HIDING.search(given.get("style") or ""):
            break
        node = node.next
    return node
