"""Blocks of markdown: paragraphs, and what is made of those that stand within a list, a quotation, a table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from broadsheet.importing.markup import signs
from broadsheet.reading import markdown


class Block(Struct, frozen=True):
    """A block, or a part of one that is not finished."""

    kind: str
    """`p`, `h`, `list`, `quote`, `table`, `code`, `rule`; and, within others, `item`, `row`, `cell`, `caption`."""
    text: str = ""
    """Markdown."""
    said: str = ""
    """Of a paragraph, its words."""
    parts: tuple[Block, ...] = ()
    links: tuple[str, ...] = ()


class Frame(Struct):
    """An element that is open, and what has been found within it."""

    tag: str
    depth: int
    blocks: list[Block] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)
    """Of `pre`: the text as it stands."""
    start: str = ""
    """Of `ol`: its first number."""
    media: int = 0
    """How many pictures and recordings there were before it."""


def closed(frame: Frame) -> list[Block]:
    """What an element comes to that is closed."""
    return _CLOSED.get(frame.tag, _closed_heading)(frame)


def words_of(markdown_block: str) -> str:
    """The words of a block, as its reader has them."""
    return " ".join(passage.text for passage in markdown.read(markdown_block).passages)


def links_of(blocks: Iterable[Block]) -> tuple[str, ...]:
    """The addresses that blocks link to, in order."""
    return tuple(address for block in blocks for address in block.links)


def _closed_heading(frame: Frame) -> list[Block]:
    if [block.kind for block in frame.blocks] != ["p"]:
        return frame.blocks
    text = signs.in_heading(frame.blocks[0].text)
    return [replace(frame.blocks[0], kind="h", text=f"{'#' * max(2, int(frame.tag[1]))} {text}")]


def _closed_quotation(frame: Frame) -> list[Block]:
    if not frame.blocks:
        return []
    text = _joined(frame.blocks)
    quoted = "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))
    return [Block("quote", quoted, links=links_of(frame.blocks))]


def _closed_code(frame: Frame) -> list[Block]:
    text = "".join(frame.raw).strip("\n").expandtabs(4)
    if not text.strip():
        return []
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return [Block("code", f"{fence}\n{text}\n{fence}")]


def _closed_list(frame: Frame) -> list[Block]:
    items = [item for item in frame.blocks if item.parts]
    if not items:
        return []
    between = "\n" if all(map(_is_tight, items)) else "\n\n"
    number = int(frame.start) if re.fullmatch(r"\d{1,8}", frame.start) else 1
    written = []
    for n, item in enumerate(items, number):
        mark = f"{n}. " if frame.tag == "ol" else "- "
        text = between.join(part.text for part in item.parts)
        written.append(mark + re.sub(r"\n(?=[^\n])", "\n" + " " * len(mark), text))
    return [Block("list", between.join(written), links=links_of(part for item in items for part in item.parts))]


def _is_tight(item: Block) -> bool:
    """Whether no blank line is needed within: a paragraph, and lists that may follow one at once."""
    first, *rest = item.parts
    return first.kind == "p" and all(part.kind == "list" and part.text.startswith(("- ", "1. ")) for part in rest)


def _closed_table(frame: Frame) -> list[Block]:
    """A table where each cell holds a line of text at most, and else the text in its cells, one after another."""
    rows = [block.parts for block in frame.blocks if block.kind == "row" and block.parts]
    columns = max(map(len, rows), default=0)
    cells = [cell for row in rows for cell in row]
    is_plain = all(cell.kind == "cell" and [part.kind for part in cell.parts] in ([], ["p"]) for cell in cells)
    before = [replace(block, kind="p") for block in frame.blocks if block.kind != "row"]
    if len(rows) > 1 and columns > 1 and is_plain and 2 * len(cells) >= columns * len(rows):
        lines = [f"| {' | '.join([*map(_cell, row), *[''] * (columns - len(row))])} |" for row in rows]
        text = "\n".join([lines[0], f"|{' --- |' * columns}", *lines[1:]])
        if words_of(text).split() == [word for cell in cells for part in cell.parts for word in part.said.split()]:
            return [*before, Block("table", text, links=links_of(part for cell in cells for part in cell.parts))]
    return [*before, *(part for cell in cells for part in (cell.parts if cell.kind == "cell" else (cell,)))]


def _cell(cell: Block) -> str:
    return "".join(part.text for part in cell.parts).replace("\\\n", " ").replace("|", "\\|")


def _closed_caption(frame: Frame) -> list[Block]:
    return [Block("caption", _joined(frame.blocks), links=links_of(frame.blocks))] if frame.blocks else []


def _joined(blocks: Sequence[Block]) -> str:
    return "\n\n".join(block.text for block in blocks)


_CLOSED: dict[str, Callable[[Frame], list[Block]]] = {
    "blockquote": _closed_quotation,
    "pre": _closed_code,
    "ul": _closed_list,
    "ol": _closed_list,
    "table": _closed_table,
    "li": lambda frame: [Block("item", parts=tuple(frame.blocks))],
    "tr": lambda frame: [Block("row", parts=tuple(frame.blocks))],
    "td": lambda frame: [Block("cell", parts=tuple(frame.blocks))],
    "th": lambda frame: [Block("cell", parts=tuple(frame.blocks))],
    "caption": _closed_caption,
    "figcaption": _closed_caption,
}
