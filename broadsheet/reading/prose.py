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
from html import escape

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
_SPACED_END = re.compile(r"\n(?<= \n)")  # looked for from the rarer sign on
_SPACED_BREAK = re.compile(r"  \n(?!\n)|\\ \n")  # 6.7, and a space that is not at the end for who reads `\ ` as one
# 2.4 and 6.7: a sign after a backslash is text, and a line's end a break. Until they are written, private characters
# stand in for them, which are no markup: the sign's number from U+E000, U+E00A for the break.
_ESCAPE = re.compile(r"\\(?:(?P<sign>[!-/:-@[-`{-~])|(?P<end>\n)|)")
_STAND_IN = re.compile("[\ue021-\ue07e]")
_BREAK = "\ue00a"
# What may begin another block than a paragraph (4.1 to 4.4, 5.1, 5.2) or end one (4.3), or be a table's second line.
_OPENING = r"(?:[-#+=|: ]|&gt;|\*(?:[ \n]|\Z)|[0-9]{1,9}[.)](?:[ \n]|\Z))"
_OPENS = re.compile(_OPENING)
_FIRST = frozenset("-#+=|: &*0123456789")
"""With what such an opening begins."""
_BREAKS = re.compile(rf"\n{_OPENING}")
_WITHIN = rf"\n(?!\n|{_OPENING})"
"""The end of a line within a paragraph: what is marked up begins and ends in one block."""
_HEADING = re.compile(r"(#{1,6}) ([^\n]*[^#\n])")
_ITEM = re.compile(r"(?P<indent> {0,3})(?:(?P<bullet>[-*+])|(?P<number>[0-9]{1,9})(?P<dot>[.)])) {1,4}")
_TAG = re.compile("<[^>]*+>")


def _emphasis(sign: str) -> re.Pattern[str]:
    r"""A run of signs that can only open emphasis and one that can only close it (6.2), with no such sign between them.

    A space or the block's end is on its outer side, or a letter or digit on its inner side and a mark on the outer one.
    What is between them holds links as a whole (rule 17), which are HTML by now, and no other emphasis.
    """
    opens = rf"(?<![^ \n]{sign})|(?<![^ \n(“‘\"'\ue021-\ue07e]{sign})(?={sign}?[^\W_])"
    before_space, before_mark = r"(?<=[])”’\"'.,;:!?…>])\1(?=[ \n]|\Z)", r"(?=[ \n.,;:!?)”’\"'…—\ue00a-\ue07e]|\Z)"
    said = rf"(?:[^{sign}<\n]++|{_WITHIN})"
    return re.compile(
        rf"({sign}(?:{opens}){sign}?)(?=[^\W_]|[“‘\"'([<])"
        rf"((?>(?:{said}|<a [^>]*+>(?>{said}*)</a>)+))(?:(?<=[^\W_])\1{before_mark}|{before_space})"
    )


_STARRED, _UNDERSCORED = _emphasis(r"\*"), _emphasis("_")
_STRESS = {"*": "em", "_": "em", "**": "strong", "__": "strong"}
# 6.3. The address stays as it is written, for nothing in it is decoded, encoded or lowered, and its host is a name that
# nobody takes for a number or for punycode. A title is dropped.
_LINK = re.compile(
    rf"\[(?<!!\[)((?>(?:[^][\n]++|{_WITHIN})*))\]\("
    r"(https?://(?>(?:[a-z0-9]++(?>(?:-[a-z0-9]++)*)\.)+)[a-z]{2,}+"
    r"(?:[/?#](?>(?:[A-Za-z0-9/?#@=+$,.:_!~\ue05f-]|&amp;|%[0-9A-Fa-f]{2})*))?)"
    r"(?: \"[^\"\n]*+\")?\)"
)
MAX_BRACKETS = 50
"""In a paragraph; the parser reads on otherwise where very many are nested."""


def read(markdown: str, first_line: int = 1) -> Body | None:
    """The body as `markdown.read` has it, or None where it takes a parser to tell."""
    odd = markdown.encode(errors="surrogatepass").translate(None, _ORDINARY)
    if odd.translate(None, _PARSERS) != odd:
        return None
    if _SPACED_END.search(markdown):
        if _SPACED_BREAK.search(markdown):
            return None
        markdown = "\n".join([line.rstrip(" ") for line in markdown.split("\n")])
    has_stand_ins = b"\\" in odd
    if has_stand_ins:
        markdown = _ESCAPE.sub(_stood_in, markdown)
    if odd.strip(b">\\") and (_ACTIVE.search(markdown) or scrub(markdown) != markdown):
        return None
    show = _shown if has_stand_ins else _unescaped if odd else str
    try:
        marked, links = _marked(escape(markdown, quote=False) if odd else markdown, show)
        prose = _Prose(show)
        prose.take(marked, first_line)
    except _NotProseError:
        return None
    html = "".join(prose.html)
    if odd:
        html = html.replace("\xa0", "&nbsp;")  # as the sanitiser writes it; a text's quotation marks stay
    if has_stand_ins:
        html = _STAND_IN.sub(lambda match: escape(_sign(match), quote=False), html).replace(_BREAK, "<br>")
    return Body(
        html=html,
        quotations=tuple(prose.quotations),
        images=(),
        links=tuple(links),
        passages=tuple(prose.passages),
        has_relative=False,
        line=first_line,
    )


def _stood_in(match: re.Match[str]) -> str:
    return f"{_BREAK}\n" if match["end"] else chr(0xE000 + ord(match["sign"] or "\\"))


class _NotProseError(Exception):
    """It takes a parser to tell what this means."""


def _marked(text: str, show: Callable[[str], str]) -> tuple[str, list[str]]:
    """An escaped text, its links and emphasis as HTML, and where the links lead.

    This is done for all blocks at once, for nothing that is marked reaches from one into another.
    """
    pieces = _LINK.split(text)
    links = list(map(show, pieces[2::3]))
    if not all(map(url.is_web_address, links)):
        raise _NotProseError
    if links:
        pieces[2::3] = [
            f'<a href="{link.replace("&", "&amp;")}">{said}</a>' for said, link in zip(pieces[1::3], links, strict=True)
        ]
        del pieces[1::3]
        text = "".join(pieces)
    if "*" in text:
        text = _STARRED.sub(_stressed, text)
    if "_" in text:
        text = _UNDERSCORED.sub(_stressed, text)
    return text, links


def _stressed(match: re.Match[str]) -> str:
    tag = _STRESS[match[1]]
    return f"<{tag}>{match[2]}</{tag}>"


class _Prose:
    """Collects the markup and the measures of blocks, in order."""

    def __init__(self, show: Callable[[str], str]) -> None:
        self.html: list[str] = []
        self.passages: list[Passage] = []
        self.quotations: list[Quotation] = []
        self._show = show
        self._outline = Outline()
        self._has_signs = True
        """Whether there may be one that marks up or refers."""

    def take(self, text: str, line: int) -> None:
        """A text as `_marked` has it that begins on `line`."""
        self._has_signs = "*" in text or "_" in text or "[" in text
        items: list[tuple[int, str]] = []
        for start, block in _blocks(text, line):
            is_plain = block[0] not in _FIRST or not _OPENS.match(block)
            if not is_plain and block[0] not in "#&":
                items += enumerate(block.split("\n"), start)
                continue
            if items:
                self._list(items)
                items = []
            if is_plain:
                self._paragraph(block, start)
            elif block[0] == "#":
                self._heading(block, start)
            else:
                self._quotation(block, start)
        if items:
            self._list(items)

    def _paragraph(self, block: str, line: int, is_quoted: bool = False) -> str:
        text = self._text(block)
        self.html += "<p>", block, "</p>\n"
        self.passages.append(Passage(text, line, _PARAGRAPH, is_quoted))
        return text

    def _heading(self, block: str, line: int) -> None:
        match = _HEADING.fullmatch(block)
        if match is None:
            raise _NotProseError
        text = self._text(match[2])
        level = self._outline.level(len(match[1]))
        self.html.append(f'<h{level} id="{self._outline.id(text)}">{match[2]}</h{level}>\n')
        self.passages.append(Passage(text, line, Place.HEADING, False))

    def _quotation(self, block: str, line: int) -> None:
        quoted = []
        self.html.append("<blockquote>\n")
        for start, inner in _blocks("\n".join(map(_unquoted, block.split("\n"))), line):
            if _OPENS.match(inner):
                raise _NotProseError
            quoted.append(self._paragraph(inner, start, is_quoted=True))
        if not quoted:
            raise _NotProseError
        self.html.append("</blockquote>\n")
        self.quotations.append(Quotation(" ".join(quoted), line))

    def _list(self, items: list[tuple[int, str]]) -> None:
        """A list's lines, each with its number. Blank lines between them make paragraphs of its items (5.3)."""
        first = _ITEM.match(items[0][1])
        if first is None:
            raise _NotProseError
        tag, start = ("ul", "") if first["bullet"] else ("ol", _start(int(first["number"])))
        is_loose = items[-1][0] - items[0][0] >= len(items)
        opening, closing = ("<li>\n<p>", "</p>\n</li>\n") if is_loose else ("<li>", "</li>\n")
        self.html.append(f"<{tag}{start}>\n")
        for number, item in items:
            match = _ITEM.match(item)
            if match is None or match.group("indent", "bullet", "dot") != first.group("indent", "bullet", "dot"):
                raise _NotProseError
            said = item[match.end() :]
            if not said or _OPENS.match(said):
                raise _NotProseError
            text = self._text(said)
            self.html += opening, said, closing
            self.passages.append(Passage(text, number, _PARAGRAPH, False))
        self.html.append(f"</{tag}>\n")

    def _text(self, block: str) -> str:
        """The text that a reader sees of a block."""
        if block != block.strip() or block[-1] == _BREAK or ("\n" in block and _BREAKS.search(block)):
            raise _NotProseError
        text = _TAG.sub("", block) if "<" in block else block
        # Brackets alone are text where no reference is defined, 4.7 and 6.3.
        if self._has_signs and ("*" in text or "_" in text or ("[" in text and _may_refer(text))):
            raise _NotProseError
        return self._show(text).replace("\n", " ")


_PARAGRAPH = Place.PARAGRAPH


def _may_refer(text: str) -> bool:
    return "](" in text or "]:" in text or text.count("[") > MAX_BRACKETS


def _blocks(text: str, line: int) -> Iterator[tuple[int, str]]:
    """What stands between blank lines of a text that begins on `line`, each with its own."""
    for piece in text.rstrip("\n").split("\n\n"):
        if "\n" in piece:
            if block := piece.lstrip("\n"):
                yield line + len(piece) - len(block), block
            line += piece.count("\n")
        elif piece:
            yield line, piece
        line += 2


def _unquoted(line: str) -> str:
    if line.startswith("&gt; "):
        return line[5:]
    if line != "&gt;":
        raise _NotProseError
    return ""


def _start(number: int) -> str:
    return "" if number == 1 else f' start="{number}"'


def _unescaped(text: str) -> str:
    """The text of what was escaped; no other references are in it."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") if "&" in text else text


def _shown(text: str) -> str:
    """The text with the signs that were escaped by backslashes too, and without breaks."""
    return _STAND_IN.sub(_sign, _unescaped(text)).replace(_BREAK, "")


def _sign(match: re.Match[str]) -> str:
    return chr(ord(match[0]) - 0xE000)
