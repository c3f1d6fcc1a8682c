"""Plain text, as it was saved or pasted -> draft: its headline, byline, date and address, and its paragraphs.

No word is changed. What the text does not say is left open: a byline is a line that says so, a date one that has its
year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from broadsheet.importing import encoding, lines, markup
from broadsheet.importing.capture import Capture
from broadsheet.importing.draft import Draft, Fact
from broadsheet.importing.sentences import sentences
from broadsheet.importing.text import paragraphs
from broadsheet.importing.text.opening import Chunk, Opening, address
from broadsheet.problem import Finding
from broadsheet.reading import markdown
from broadsheet.register import Register
from broadsheet.words import one_line, scrub

RESTORED = "Formatting: paragraphs restored, of which the copy had none"


def read(capture: Capture, register: Register) -> Draft | Finding:
    """What a plain text says of itself, and its text. `import/not-text`, `import/empty`."""
    recoded = encoding.utf8(capture.data, capture.charset)
    text = recoded.data.decode("utf-8", "replace").replace("\ufeff", "")
    if len(_CONTROL.findall(text)) * _MOST_CONTROLS > len(text):
        remedy = "Save the words as a text file or the page as HTML, and import that"
        return Finding("import/not-text", "it is no text", remedy)
    chunks = _chunks(scrub(text))
    if not chunks:
        remedy = "Look whether the file or the address is the right one"
        return Finding("import/empty", "there is nothing in it", remedy)
    head = Opening(register, is_markdown=_is_markdown(text))
    if len(chunks) == 1 and len(chunks[0]) == 1 and len(said := sentences(one_line(chunks[0][0]))) >= _MANY_SENTENCES:
        rest = head.take_line(said)
    else:
        rest = head.take(chunks)
    draft = _with_body(head, rest, capture.url or "")
    return replace(draft, doubts=((recoded.doubt, *draft.doubts) if recoded.doubt else draft.doubts))


_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")
_MOST_CONTROLS = 20
"""Text has fewer control characters than one in so many."""
_LONG = 180
"""Words in one paragraph, from which it may have been several."""
_MANY_SENTENCES = 5
"""In one line, from which it has lost its paragraphs."""

# --- Lines and chunks: what stands between blank lines. ---

_WIDE = 120
"""Characters of a line that nobody wrapped: it is a paragraph."""


def _chunks(text: str) -> list[Chunk]:
    """The lines of a text, by the blank ones between. Where there is none, by what else tells paragraphs apart."""
    rows = [_expanded(row) for row in re.split(r"[\n\x0b\x0c\x85\u2028\u2029]", text)]
    if all(row.startswith(">") for row in rows if row):  # a mail, answered
        rows = [row.removeprefix(">").removeprefix(" ") for row in rows]
    found: list[list[str]] = [[]]
    for row in rows:
        if not row.strip():
            found.append([])
        elif row[0] not in "|>" and max(len(row), *map(len, found[-1][-1:]), 0) > _WIDE:
            found.append([row])
        else:
            found[-1].append(row)
    chunks = [tuple(chunk) for chunk in found if chunk]
    return [part for chunk in chunks for part in _unwrapped(chunk)] if len(chunks) == 1 else chunks


def _expanded(row: str) -> str:
    row = row.rstrip()
    indent = len(row) - len(row.lstrip())
    return row[:indent].expandtabs(4)[:80] + row[indent:]


def _unwrapped(chunk: Chunk) -> Iterator[Chunk]:
    """Paragraphs of lines wrapped at a width, without blank ones: each ends with a short line or is indented."""
    width = max(map(len, chunk))
    if len(chunk) < _FEW_LINES:
        yield from ((row,) for row in chunk) if width < _NARROW else (chunk,)
        return
    part: list[str] = []
    for row in chunk:
        if part and (row[:1] == " " or (len(part[-1]) < 0.8 * width and _ENDED.search(part[-1]))):
            yield tuple(part)
            part = []
        part.append(row)
    yield tuple(part)


_FEW_LINES = 4
_NARROW = 60
_ENDED = re.compile(r"[.?!…][\"'”’»)\]]*\Z")
_MARKDOWN = re.compile(
    r"(?<!!)\[[^\[\]\n]{1,500}\]\([^()\s]{0,2000}\)|^#{1,6} \S|\\[$*_#\[\]~`]|(?<!\w)\*\*[^*\s][^*\n]{0,500}\*\*",
    re.MULTILINE,
)


_SIGNS = re.compile(r"[*_`~\[\]<\\]")
_FEWEST_LETTERS = 8
"""For each sign, in markdown that somebody wrote."""


def _is_markdown(text: str) -> bool:
    """Whether it has links, headings or emphasis. What is mostly signs has none that anybody meant."""
    return _MARKDOWN.search(text) is not None and len(_SIGNS.findall(text)) * _FEWEST_LETTERS < len(text)


# --- Body. ---

_BULLET = re.compile(r"\s{0,3}(?:[-*•·‣◦]|(?P<number>\d{1,3})[.)])\s+(?=\S)")


def _with_body(head: Opening, rest: list[Chunk], base: str) -> Draft:
    draft = head.draft
    if not draft.url and rest and len(rest[-1]) == 1 and (found := address(rest[-1][0])):
        draft = replace(draft, url=Fact(found, "the last line"))
        rest = rest[:-1]
    if head.is_markdown:
        html = _BACKREF.sub("", markdown.read("\n\n".join("\n".join(chunk) for chunk in rest)).html)
        text = markup.blocks(html, base)
        body, left_out = list(text.blocks), text.left_out
    else:
        body, left_out = [block for chunk in rest for block in _blocks(chunk, head.register)], ()
    body, is_restored = _restored(body)
    before = [markup.escape(line) for line in head.before]
    changes = (*draft.changes, RESTORED) if is_restored else draft.changes
    return replace(draft, blocks=(*before, *body), left_out=left_out, changes=changes)


_BACKREF = re.compile(r'<a href="#fnref[^"]{0,40}" class="footnote-backref">[^<]{0,20}</a>')


def _blocks(chunk: Chunk, register: Register) -> Iterator[str]:
    """The blocks of a chunk of plain text: a list, a quotation, lines of verse, or a paragraph."""
    if items := _items(chunk):
        yield "\n".join(f"{number + '.' if number else '-'} {markup.escape(item)}" for number, item in items)
    elif all(row.startswith(">") for row in chunk):
        inner = tuple(row.removeprefix(">").strip() for row in chunk)
        quoted = " ".join(row for row in inner if row)
        yield f"> {markup.escape(quoted)}" if quoted else markup.escape(" ".join(chunk))
    elif 1 < len(chunk) <= _MOST_FURNITURE and any(lines.furniture(row, register) for row in chunk):
        yield from filter(None, map(markup.escape, chunk))
    elif len(chunk) > 1 and _is_verse(chunk):
        yield "\\\n".join(filter(None, map(markup.escape, chunk)))
    else:
        yield markup.escape(" ".join(chunk))


def _items(chunk: Chunk) -> list[tuple[str | None, str]]:
    """The items of a list, each with its number if it has one; nothing where it is none, or its numbers leap."""
    marks = [_BULLET.match(row) for row in chunk]
    items = [(mark["number"], row[mark.end() :]) for mark, row in zip(marks, chunk, strict=True) if mark]
    numbers = [int(number) for number, _ in items if number]
    is_even = not numbers or numbers == list(range(numbers[0], numbers[0] + len(items)))
    return items if len(items) == len(chunk) > 1 and is_even else []


def _is_verse(chunk: Chunk) -> bool:
    """Whether lines end where whoever wrote them ended them: short, and not at one width."""
    width = max(map(len, chunk))
    filled = sum(len(row) > 0.75 * width for row in chunk[:-1])
    return width < _VERSE and not (len(chunk) > _FEW_LINES and filled > 0.75 * (len(chunk) - 1))


_MOST_FURNITURE = 12
"""Lines that stand together round a text."""
_VERSE = 45
"""Characters of a line that is no longer because whoever wrote it ended it there."""


def _restored(blocks: list[str]) -> tuple[list[str], bool]:
    """The blocks, with paragraphs restored where most of the text is in one."""
    long = [n for n, block in enumerate(blocks) if len(block.split()) >= _LONG and "\n" not in block]
    if len(long) != 1 or 2 * len(blocks[long[0]]) < sum(map(len, blocks)):
        return blocks, False
    at, block = long[0], blocks[long[0]]
    said = lines.said(block)
    is_plain = markup.escape(said) == block
    parts = list(map(markup.escape, paragraphs.restored(said))) if is_plain else paragraphs.restored(block)
    # Emphasis may go on from one sentence to the next, and a number may begin one.
    if len(parts) < _MANY_SENTENCES or " ".join(map(lines.said, parts)) != said:
        return blocks, False
    return [*blocks[:at], *parts, *blocks[at + 1 :]], True
