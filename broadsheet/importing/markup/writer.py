"""The steps through a tree -> blocks of markdown, and what is left out of it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from broadsheet.importing.draft import LeftOut
from broadsheet.importing.markup import address, tree
from broadsheet.importing.markup.block import Block, Frame, closed, links_of, words_of
from broadsheet.importing.markup.inline import Run, paragraph

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode


class Text(Struct, frozen=True):
    """The text of a piece of HTML."""

    blocks: tuple[str, ...]
    """Markdown, each a paragraph, heading, list, quotation, table or code."""
    left_out: tuple[LeftOut, ...] = ()
    """Pictures and recordings, in order."""
    links: tuple[str, ...] = ()
    """Addresses that the blocks link to, absolute, in order; mail addresses begin with `mailto:`."""


def blocks(html: str, base: str) -> Text:
    """The text of any HTML, found on the page `base`, as markdown. Without `base`, relative links become text."""
    writer = _Writer(base)
    for node, depth, is_left in tree.steps(html):
        if is_left:
            writer.leave(str(node.tag), depth)
        elif node.tag == "-text":
            writer.text(node.text_content or "")
        else:
            writer.enter(node, depth)
    return writer.end()


_STYLE_OF = {"strong": "strong", "b": "strong", "em": "em", "i": "em", "del": "del", "s": "del", "strike": "del"}
_CODE = {"code", "kbd", "samp", "tt"}
_BLOCK = {
    *("address", "article", "aside", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset", "footer"),
    *("form", "header", "hgroup", "legend", "main", "menu", "nav", "p", "section", "summary", "li", "tr", "td", "th"),
    *("thead", "tbody", "tfoot", "figcaption", "caption", "optgroup"),
}
_FRAMES = {"blockquote", "ul", "ol", "pre", "table", "figure", *(f"h{n}" for n in range(1, 7))}
_PART_OF = {"li": ("ul", "ol"), "tr": ("table",), "td": ("tr",), "th": ("tr",), "caption": ("table",)}
_NESTED = 8
"""Lists, quotations and tables within one another that are kept; in deeper ones only the text is."""


class _Writer:
    """Takes the steps through a tree and collects blocks."""

    def __init__(self, base: str) -> None:
        self._left_out: list[LeftOut] = []
        self._base = base
        self._frames = [Frame("body", -1)]
        self._runs: list[Run] = []
        self._links: list[str | None] = []
        self._styles: Counter[str] = Counter()
        self._code = 0
        self._pre: Frame | None = None

    def end(self) -> Text:
        """What has been written."""
        self._flush()
        done = self._frames[0].blocks
        return Text(tuple(block.text for block in done), tuple(self._left_out), links_of(done))

    def text(self, text: str) -> None:
        """Text between tags."""
        if self._pre is not None:
            self._pre.raw.append(text)
        elif text:
            styles = frozenset(style for style, count in self._styles.items() if count)
            href = self._links[-1] if self._links else None
            self._runs.append(Run(text, href, styles, self._code > 0))

    def enter(self, node: LexborNode, depth: int) -> None:
        """A start tag."""
        tag = str(node.tag)
        if tag == "img" or tag in tree.MEDIA:
            self._media(node, tree.MEDIA.get(tag, "image"))
        elif tag == "br":
            self._break()
        elif tag == "q":
            self.text("“")
        elif tag == "a":
            self._links.append(address.link(node.attributes.get("href") or "", self._base))
        elif tag in _STYLE_OF:
            self._styles[_STYLE_OF[tag]] += 1
        elif tag in _CODE:
            self._code += 1
        elif tag == "hr" or tag in _BLOCK or tag in _FRAMES:
            self._open(node, tag, depth)

    def leave(self, tag: str, depth: int) -> None:
        """An end tag, or where a parser puts one."""
        if tag == "q":
            self.text("”")
        elif tag == "a":
            self._links.pop()
        elif tag in _STYLE_OF:
            self._styles[_STYLE_OF[tag]] -= 1
        elif tag in _CODE:
            self._code -= 1
        elif self._frames[-1].depth == depth and len(self._frames) > 1:
            self._close()
        elif tag in _BLOCK or tag in _FRAMES:
            self._boundary()

    def _open(self, node: LexborNode, tag: str, depth: int) -> None:
        self._boundary()
        if self._pre is not None:
            return
        top = self._frames[-1].tag
        if tag == "hr":
            self._add(Block("rule", "***"))
            return
        is_part = tag == "figcaption" and any(frame.tag == "figure" for frame in self._frames)
        is_part = is_part or top in _PART_OF.get(tag, ())
        is_frame = tag in _FRAMES and sum(f.tag in _FRAMES or f.tag == "li" for f in self._frames) < 2 * _NESTED
        if not is_part and not is_frame:
            return
        self._flush()
        frame = Frame(tag, depth, start=node.attributes.get("start") or "", media=len(self._left_out))
        self._frames.append(frame)
        if tag == "pre":
            self._pre = frame

    def _close(self) -> None:
        self._flush()
        frame = self._frames.pop()
        if frame is self._pre:
            self._pre = None
        made = self._credited(frame) if frame.tag == "figure" else closed(frame)
        for block in made:
            self._add(block)

    def _credited(self, figure: Frame) -> list[Block]:
        """What stands in a figure but its caption, which goes with its pictures; without one it is a paragraph."""
        captions = [block for block in figure.blocks if block.kind == "caption"]
        there = self._left_out[figure.media :]
        if not there:
            return [replace(block, kind="p") if block.kind == "caption" else block for block in figure.blocks]
        said = " ".join(read for block in captions if (read := words_of(block.text)))
        self._left_out[figure.media :] = [replace(out, credit=out.credit or credit_of(said)) for out in there]
        return [block for block in figure.blocks if block.kind != "caption"]

    def _boundary(self) -> None:
        """Between blocks: the paragraph ends, and within code the line."""
        if self._pre is not None and self._pre.raw and not self._pre.raw[-1].endswith("\n"):
            self._pre.raw.append("\n")
        if self._in_heading():
            self.text(" ")
        else:
            self._flush()

    def _in_heading(self) -> bool:
        return self._frames[-1].tag[0] == "h"

    def _break(self) -> None:
        if self._pre is not None:
            self._pre.raw.append("\n")
        elif self._in_heading():
            self.text(" ")
        elif _ends_with_break(self._runs):
            self._flush()
        else:
            self._runs.append(Run("", breaks=True))

    def _flush(self) -> None:
        runs, self._runs = self._runs, []
        if not runs:
            return
        if self._in_heading():  # a heading is bold by itself
            runs = [replace(run, styles=run.styles - {"strong"}) for run in runs]
        written, said, links = paragraph(runs)
        if written:
            self._add(Block("p", written, said, links=links))

    def _add(self, block: Block) -> None:
        frame = self._frames[-1]
        if frame.tag in ("ul", "ol") and block.kind != "item":  # a list within a list, not within its item
            last = frame.blocks.pop() if frame.blocks else Block("item")
            block = replace(last, parts=(*last.parts, block))
        frame.blocks.append(block)

    def _media(self, node: LexborNode, what: str) -> None:
        given = node.attributes
        if what == "image" and {given.get("width"), given.get("height")} & {"0", "1"}:
            return  # it counts readers
        source = node.css_first("source") if what in ("audio", "video") else None
        places = [given.get(name) for name in ("src", "data-src", "data")]
        places += [source.attributes.get("src")] if source is not None else []
        where = next((found for place in places if (found := address.source(place, self._base))), "")
        alt = " ".join((given.get("alt") or given.get("title") or "").split())
        self._left_out.append(LeftOut(what, where, alt[:1_000]))


def _ends_with_break(runs: list[Run]) -> bool:
    for run in reversed(runs):
        if run.breaks:
            return True
        if run.text.strip():
            return False
    return False


_CREDIT = re.compile(
    r"(?i:(?:photo(?:graph)?s?|images?|pictures?|illustration|video|foto|bild|crédits?|credits?|courtesy)\b"
    r"[^.:|()]{0,30}(?:\bby\b|\bof\b|\bvon\b|:|/)\s?\S.{0,200}|(?:©|\(c\)|copyright\b).{0,200})\Z|"
    r"\((?P<bracketed>[^()]{2,120})\)\W*\Z"
)


def credit_of(caption: str) -> str:
    """The credit within a picture's caption: `Photo: …`, `© …`, what ends it in brackets; else all of the caption."""
    caption = " ".join(caption.split())[:1_000]
    match = _CREDIT.search(caption, max(0, len(caption) - 300))
    if match is None:
        return caption
    return match["bracketed"] or match.group().strip()
