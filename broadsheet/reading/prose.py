"""Markdown that can be read in one way only, which is most of what news is made of, read without a parser.

What markdown means is what `markdown` makes of it with markdown-it. For paragraphs, headings, lists of single lines
and blockquotes of paragraphs, with links to plain web addresses and emphasis that is not nested, the same is known
after a look at the signs, at a tenth of the cost. `read` takes a text as a whole or leaves it: one sign that might mean
something else, and it is the parser's. The rules that are relied upon are named by their sections of CommonMark 0.31.2,
https://spec.commonmark.org/0.31.2/; `tests/test_prose.py` holds the two ways equal.

Nor is the HTML sanitised again: its tags are written below, a text is escaped, an id is a slug, and an address is one
that `url` allows and has no characters but those of `_LINK`. The test holds the sanitiser to change nothing in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from broadsheet import url
from broadsheet.model import Body, Passage, Place, Quotation
from broadsheet.reading.outline import Outline
from broadsheet.words import scrub

# The bytes, in UTF-8, of which nearly all texts are made; the others are looked at more closely. `_PARSERS` are signs
# of the parser's, control characters, and the first byte of private characters, some of which stand in for signs below.
# `_RARE` are the first bytes of all else that the scrubber removes, and of a no-break space.
_RARE = b"\xc2\xed\xef"
_PARSERS = bytes({*range(0x20)} - {0x0A}) + b"`^\x7f\xee"
_ORDINARY = bytes({*range(0x100)} - {*_PARSERS, *_RARE, *b"&<>~\\"})
# The parser's, too: strikethrough, a character reference (2.5), an autolink (6.5).
_ACTIVE = re.compile(r"~~|&#?\w+;|<(?! )")
_SPACED_BREAK = re.compile(r"  \n(?!\n)|\\ \n")  # 6.7, and a space that is not at the end for who reads `\ ` as one
# 2.4 and 6.7: a sign after a backslash is text, and a line's end a break. Until they are written, private characters
# stand in for them, which are no markup: the sign's number from U+E000, U+E00A for the break.
_ESCAPE = re.compile(r"\\(?:(?P<sign>[!-/:-@[-`{-~])|(?P<end>\n)|)")
_STAND_IN = re.compile("[\ue021-\ue07e]")
_BREAK = "\ue00a"
# What may begin another block than a paragraph (4.1 to 4.4, 5.1, 5.2) or end one (4.3), or be a table's second line.
_OPENING = r"(?:[-#>+=|: ]|\*(?:[ \n]|\Z)|[0-9]{1,9}[.)](?:[ \n]|\Z))"
_OPENS = re.compile(_OPENING)
_BREAKS = re.compile(rf"\n{_OPENING}")
_HEADING = re.compile(r"(#{1,6}) ([^\n]*[^#\n])")
_ITEM = re.compile(r"(?P<indent> {0,3})(?:(?P<bullet>[-*+])|(?P<number>[0-9]{1,9})(?P<dot>[.)])) {1,4}")


def _emphasis(sign: str) -> re.Pattern[str]:
    r"""A run of signs that can only open emphasis and one that can only close it (6.2), with no such sign between them.

    A space or the block's end is on its outer side, or a letter or digit on its inner side and a mark on the outer one.
    """
    opens = rf"(?<![^ \n]{sign})|(?<![^ \n(“‘\"'\ue021-\ue07e]{sign})(?={sign}?[^\W_])"
    before_space, before_mark = r"(?<=[])”’\"'.,;:!?…])\1(?=[ \n]|\Z)", r"(?=[ \n.,;:!?)”’\"'…—\ue00a-\ue07e]|\Z)"
    return re.compile(
        rf"({sign}(?:{opens}){sign}?)(?=[^\W_]|[“‘\"'([])([^{sign}]++)(?:(?<=[^\W_])\1{before_mark}|{before_space})"
    )


_STARRED, _UNDERSCORED = _emphasis(r"\*"), _emphasis("_")
_STRESS = {"*": "em", "_": "em", "**": "strong", "__": "strong"}
# 6.3. The address stays as it is written, for nothing in it is decoded, encoded or lowered, and its host is a name that
# nobody takes for a number or for punycode. A title is dropped.
_LINK = re.compile(
    r"\[(?<!!\[)([^][]*+)\]\("
    r"(https?://(?:[a-z0-9]++(?:-[a-z0-9]++)*+\.)++[a-z]{2,}+"
    r"(?:[/?#](?:[A-Za-z0-9/?#@&=+$,.:_!~\ue05f-]|%[0-9A-Fa-f]{2})*+)?)"
    r"(?: \"[^\"\n]*+\")?\)"
)
MAX_BRACKETS = 50
"""In a paragraph; the parser reads on otherwise where very many are nested."""


def read(markdown: str, first_line: int = 1) -> Body | None:
    """The body as `markdown.read` has it, or None where it takes a parser to tell."""
    odd = markdown.encode(errors="surrogatepass").translate(None, _ORDINARY)
    if odd.translate(None, _PARSERS) != odd:
        return None
    if " \n" in markdown:
        if _SPACED_BREAK.search(markdown):
            return None
        markdown = "\n".join([line.rstrip(" ") for line in markdown.split("\n")])
    if b"\\" in odd:
        markdown = _ESCAPE.sub(_stood_in, markdown)
    if odd.strip(b">\\") and (_ACTIVE.search(markdown) or scrub(markdown) != markdown):
        return None
    prose = _Prose(is_odd=bool(odd))
    try:
        prose.take(markdown, first_line)
    except _NotProseError:
        return None
    return prose.body(first_line)


def _stood_in(match: re.Match[str]) -> str:
    return f"{_BREAK}\n" if match["end"] else chr(0xE000 + ord(match["sign"] or "\\"))


class _NotProseError(Exception):
    """It takes a parser to tell what this means."""


class _Prose:
    """Collects the markup and the measures of blocks, in order. Nothing is to be written otherwise if none `is_odd`."""

    def __init__(self, *, is_odd: bool) -> None:
        self._escape: Callable[[str], str] = _escaped if is_odd else str
        self._show: Callable[[str], str] = _shown if is_odd else str
        self._html: list[str] = []
        self._passages: list[Passage] = []
        self._quotations: list[Quotation] = []
        self._links: list[str] = []
        self._outline = Outline()

    def body(self, line: int) -> Body:
        """All that was taken."""
        return Body(
            html="".join(self._html),
            quotations=tuple(self._quotations),
            images=(),
            links=tuple(self._links),
            passages=tuple(self._passages),
            has_relative=False,
            line=line,
        )

    def take(self, markdown: str, line: int) -> None:
        """A text that begins on `line`."""
        was_list = False
        for start, block in _blocks(markdown, line):
            is_list = False
            if not _OPENS.match(block):
                self._paragraph(block, start)
            elif block[0] == "#":
                self._heading(block, start)
            elif block[0] == ">":
                self._quotation(block, start)
            elif was_list:
                raise _NotProseError  # items with blank lines between them, 5.3
            else:
                self._list(block, start)
                is_list = True
            was_list = is_list

    def _paragraph(self, block: str, line: int, is_quoted: bool = False) -> str:
        html, text = self._inline(block)
        self._html.append(f"<p>{html}</p>\n")
        self._passages.append(Passage(text, line, Place.PARAGRAPH, is_quoted))
        return text

    def _heading(self, block: str, line: int) -> None:
        match = _HEADING.fullmatch(block)
        if match is None:
            raise _NotProseError
        html, text = self._inline(match[2])
        level = self._outline.level(len(match[1]))
        self._html.append(f'<h{level} id="{self._outline.id(text)}">{html}</h{level}>\n')
        self._passages.append(Passage(text, line, Place.HEADING, False))

    def _quotation(self, block: str, line: int) -> None:
        quoted = []
        self._html.append("<blockquote>\n")
        for start, inner in _blocks("\n".join(map(_unquoted, block.split("\n"))), line):
            if _OPENS.match(inner):
                raise _NotProseError
            quoted.append(self._paragraph(inner, start, is_quoted=True))
        if not quoted:
            raise _NotProseError
        self._html.append("</blockquote>\n")
        self._quotations.append(Quotation(" ".join(quoted), line))

    def _list(self, block: str, line: int) -> None:
        first = _ITEM.match(block)
        if first is None:
            raise _NotProseError
        tag, start = ("ul", "") if first["bullet"] else ("ol", _start(int(first["number"])))
        self._html.append(f"<{tag}{start}>\n")
        for number, item in enumerate(block.split("\n"), line):
            match = _ITEM.match(item)
            if match is None or match.group("indent", "bullet", "dot") != first.group("indent", "bullet", "dot"):
                raise _NotProseError
            said = item[match.end() :]
            if not said or _OPENS.match(said):
                raise _NotProseError
            html, text = self._inline(said)
            self._html.append(f"<li>{html}</li>\n")
            self._passages.append(Passage(text, number, Place.PARAGRAPH, False))
        self._html.append(f"</{tag}>\n")

    def _inline(self, block: str) -> tuple[str, str]:
        """The markup of a block's text, and the text that a reader sees of it."""
        if block != block.strip() or block[-1] == _BREAK or ("\n" in block and _BREAKS.search(block)):
            raise _NotProseError
        if "*" in block or "[" in block or "_" in block:
            html, text = self._marked(block)
        else:
            html, text = self._escape(block), block
        return html, self._show(text).replace("\n", " ")

    def _marked(self, block: str) -> tuple[str, str]:
        pieces = (_STARRED if "*" in block else _UNDERSCORED).split(block)
        html, text = self._linked(pieces[0])
        for sign, inside, after in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
            (inner, said), (outer, following) = self._linked(inside), self._linked(after)
            html += f"<{_STRESS[sign]}>{inner}</{_STRESS[sign]}>{outer}"
            text += said + following
        # Brackets alone are text where no reference is defined, 4.7 and 6.3.
        if "*" in text or "_" in text or "](" in text or "]:" in text or text.count("[") > MAX_BRACKETS:
            raise _NotProseError
        return html, text

    def _linked(self, piece: str) -> tuple[str, str]:
        """The markup of a piece without emphasis, and its text."""
        if "[" not in piece:
            return self._escape(piece), piece
        pieces = _LINK.split(piece)
        html, text = self._escape(pieces[0]), pieces[0]
        for said, written, after in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
            address = self._show(written)
            if not url.is_web_address(address):
                raise _NotProseError
            self._links.append(address)
            html += f'<a href="{address.replace("&", "&amp;")}">{self._escape(said)}</a>{self._escape(after)}'
            text += said + after
        return html, text


def _blocks(markdown: str, line: int) -> Iterator[tuple[int, str]]:
    """What stands between blank lines of a text that begins on `line`, each with its own."""
    for piece in markdown.rstrip("\n").split("\n\n"):
        block = piece.lstrip("\n") if "\n" in piece else piece
        if block:
            yield line + len(piece) - len(block), block
        line += piece.count("\n") + 2


def _unquoted(line: str) -> str:
    if line.startswith("> "):
        return line[2:]
    if line != ">":
        raise _NotProseError
    return ""


def _start(number: int) -> str:
    return "" if number == 1 else f' start="{number}"'


def _shown(text: str) -> str:
    """The text with the signs that were escaped, and without breaks."""
    return _STAND_IN.sub(lambda match: chr(ord(match[0]) - 0xE000), text).replace(_BREAK, "")


def _escaped(text: str) -> str:
    """As the sanitiser writes it: a text's quotation marks stay, no-break spaces do not."""
    html = _STAND_IN.sub(lambda match: chr(ord(match[0]) - 0xE000), text)
    html = html.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\xa0", "&nbsp;")
    return html.replace(_BREAK, "<br>")
