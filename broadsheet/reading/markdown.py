"""Markdown -> sanitised HTML and what the rights gate counts. CommonMark 0.31.2 plus tables, footnotes, strikethrough.

Raw HTML is text, typographic replacement is off (it is quadratic upstream, and a reprint is verbatim), addresses follow
`url`, headings' ids carry a prefix so that none can shadow a name of the DOM, titles of links are dropped (words that
nobody sees are not counted), and nh3 has the last word. Texts that can be read in one way only are read by `prose`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from html import escape, unescape
from typing import TYPE_CHECKING

from broadsheet import url
from broadsheet.model import Body, BodyImage, Passage, Place, Quotation
from broadsheet.reading import prose
from broadsheet.reading.outline import Outline
from broadsheet.words import scrub

if TYPE_CHECKING:
    import nh3
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

_TAG = re.compile(r'<(?:a|img)\b(?:[^">]|"[^"]*")*>')
_ADDRESS = re.compile(r'(?<= )(href|src)="([^"]*)"')
_TAGS = {
    "p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "a", "img", "ul", "ol", "li",
    "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td", "sup", "div",
}  # fmt: skip
_ATTRIBUTES: dict[str, set[str]] = {
    "*": set(),  # ammonia would let `title` and `lang` through
    "a": {"href", "id"},
    "img": {"src", "alt"},
    "ol": {"start"},
    "code": {"class"},
    **{f"h{n}": {"id"} for n in range(2, 7)},
    "li": {"id"},
}
_CLASSES = {
    "a": {"footnote-backref"},
    "div": {"footnotes"},
    "li": {"footnote-item"},
    "ol": {"footnotes-list"},
    "sup": {"footnote-ref"},
    **{cell: {"align-left", "align-center", "align-right"} for cell in ("td", "th")},
}
_SANITISER = {
    "tags": _TAGS,
    "attributes": {tag: names - {"class"} for tag, names in _ATTRIBUTES.items()},
    "allowed_classes": _CLASSES,
    "url_schemes": {"http", "https", "mailto"},
    "link_rel": None,
}


def read(markdown: str, first_line: int = 1) -> Body:
    """The body of an article. `first_line` is the 1-based line of the file on which the text begins."""
    return prose.read(markdown, first_line) or read_fully(markdown, first_line)


def read_fully(markdown: str, first_line: int = 1) -> Body:
    """As `read`, by the parser and the sanitiser, who say what is right."""
    tokens = _parser().parse(markdown, {})
    measured = _Measured(first_line)
    for token in tokens:
        measured.take(token)
    # An entity such as `&#12;` becomes, only now, a character that no feed can carry.
    html = scrub(_cleaner().clean(_parser().renderer.render(tokens, _parser().options, {})))
    return Body(
        html=html,
        quotations=tuple(measured.quotations),
        images=tuple(measured.images),
        links=tuple(measured.links),
        passages=tuple(measured.passages),
        has_relative=measured.has_relative,
        line=first_line,
    )


def rebase(html: str, page_url: str, site_url: str, site_path: str | None = None) -> str:
    """The HTML with relative references resolved against the page that shows it; `/…` means the site's folder.

    Addresses are in full, for feeds. With `site_path`, what lies within the site is from the host's root, and fragments
    of the page itself stay as they are.
    """

    def resolve(value: str) -> str:
        if site_path is not None and value.startswith("#"):
            return value
        resolved = url.join(site_url, value[1:]) if value.startswith("/") else url.join(page_url, value)
        is_within = site_path is not None and resolved.startswith(site_url)
        return f"{site_path}{resolved.removeprefix(site_url)}" if is_within else resolved

    return readdressed(html, resolve)


def readdressed(html: str, resolve: Callable[[str], str]) -> str:
    """Sanitised HTML with the address of each link and picture as `resolve` says.

    nh3 could do it, by calling back, and would swallow what is raised then: Ctrl-C, say. In what it has cleaned, a tag
    is never text, a value is quoted, and holds no quotation mark.
    """

    def of_attribute(match: re.Match[str]) -> str:
        value = unescape(match[2])
        resolved = resolve(value)
        return match[0] if resolved == value else f'{match[1]}="{escape(resolved)}"'

    return _TAG.sub(lambda tag: _ADDRESS.sub(of_attribute, tag[0]), html)


def attribute_quotations(html: str, cite: str | None, caption: str) -> str:
    """The HTML with each outermost blockquote in a figure that names its source. `caption` is HTML.

    HTML standard, the blockquote element: attribution stands outside it, the address in `cite`. In sanitised HTML a tag
    is never text, which is why looking for it is safe.
    """
    address = f' cite="{escape(cite)}"' if cite else ""
    opening = f'<figure class="quotation"><blockquote{address}>'
    closing = f"</blockquote><figcaption>{caption}</figcaption></figure>"
    depth = 0

    def replace(match: re.Match[str]) -> str:
        nonlocal depth
        opens = match.group() == "<blockquote>"
        outermost = depth == (0 if opens else 1)
        depth += 1 if opens else -1
        return (opening if opens else closing) if outermost else match.group()

    return re.sub("</?blockquote>", replace, html)


def text_of(body: Body) -> str:
    """A text without its markup, paragraphs set apart by blank lines; footnotes last."""
    return "\n\n".join(text for passage in body.passages if (text := passage.text.strip()))


def plain(tokens: Sequence[Token]) -> str:
    """The text that a reader sees of inline tokens."""
    parts = []
    for token in tokens:
        if token.type in ("text", "code_inline"):
            parts.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif token.type == "image":
            parts.append(plain(token.children or ()))
    return "".join(parts)


class _Measured:
    """Collects, over the tokens in order, what is said where, what is quoted, and what points elsewhere."""

    def __init__(self, first_line: int) -> None:
        self.quotations: list[Quotation] = []
        self.images: list[BodyImage] = []
        self.links: list[str] = []
        self.passages: list[Passage] = []
        self.has_relative = False
        self._first_line = first_line
        self._line = first_line
        self._start = first_line
        self._depth = 0
        self._quoted: list[str] = []
        self._place = Place.PARAGRAPH
        self._footnote: int | None = None
        self._quoted_footnotes: set[int] = set()

    def take(self, token: Token) -> None:
        if token.map is not None:
            self._line = self._first_line + token.map[0]
        kind = token.type
        if kind == "blockquote_open":
            self._depth += 1
            self._start = self._line if self._depth == 1 else self._start
        elif kind == "blockquote_close":
            self._depth -= 1
            self._end_quotation()
        elif kind in _PLACES:
            self._place = _PLACES[kind]
        elif kind == "footnote_open":
            self._footnote = token.meta["id"]
        elif kind in ("fence", "code_block"):
            self._add(token.content, Place.CODE)
        elif kind == "inline":
            self._inline(token.children or [])

    def _end_quotation(self) -> None:
        if self._depth == 0:
            self.quotations.append(Quotation(" ".join(self._quoted), self._start))
            self._quoted = []

    def _inline(self, children: list[Token]) -> None:
        self._add(plain(children), self._place)
        for child in children:
            if child.type == "footnote_ref":
                self.has_relative = True
                self._quoted_footnotes |= {child.meta["id"]} if self._is_quoted() else set()
            address = child.attrGet("src" if child.type == "image" else "href")
            if child.type == "image":
                self.images.append(BodyImage(str(address or ""), self._line))
            elif address is not None and url.is_web_address(str(address)):
                self.links.append(str(address))
            if address is not None and url.is_relative(str(address)):
                self.has_relative = True

    def _add(self, text: str, place: Place) -> None:
        is_footnote = self._footnote is not None
        self.passages.append(Passage(text, self._line, Place.FOOTNOTE if is_footnote else place, self._is_quoted()))
        if self._depth:
            self._quoted.append(text)
        elif self._is_quoted():
            self.quotations.append(Quotation(text, self._line))

    def _is_quoted(self) -> bool:
        return self._depth > 0 or self._footnote in self._quoted_footnotes


_PLACES = {
    "heading_open": Place.HEADING,
    "paragraph_open": Place.PARAGRAPH,
    "th_open": Place.CELL,
    "td_open": Place.CELL,
}


@cache
def _parser() -> MarkdownIt:
    """One parser a process. `js-default` has raw HTML and the typographer off and nests at most 100 deep.

    It takes 25 ms to import, and prose does not need it.
    """
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin

    parser = MarkdownIt("js-default", {"html": False, "typographer": False, "linkify": False})
    parser.use(footnote_plugin, inline=True)
    parser.validateLink = url.is_allowed  # type: ignore[method-assign]
    parser.add_render_rule("footnote_block_open", lambda *_: '<div class="footnotes">\n<ol class="footnotes-list">\n')
    parser.add_render_rule("footnote_block_close", lambda *_: "</ol>\n</div>\n")
    parser.core.ruler.push("outline", _outline)
    parser.core.ruler.push("alignment", _alignment)
    return parser


@cache
def _cleaner() -> nh3.Cleaner:
    import nh3

    return nh3.Cleaner(**_SANITISER)  # type: ignore[arg-type]


def _outline(state: StateCore) -> None:
    """Headings get their levels and ids."""
    outline = Outline()
    for token, inline in zip(state.tokens, state.tokens[1:], strict=False):
        if token.type == "heading_open":
            token.tag = f"h{outline.level(int(token.tag[1]))}"
            token.attrSet("id", outline.id(plain(inline.children or ())))
        elif inline.type == "heading_close":
            inline.tag = f"h{outline.current}"


def _alignment(state: StateCore) -> None:
    """A table cell's alignment as a class: the page's Content-Security-Policy lets no style attribute through."""
    for token in state.tokens:
        if token.type in ("th_open", "td_open"):
            style = str(token.attrs.pop("style", ""))
            if style:
                token.attrSet("class", f"align-{style.removeprefix('text-align:')}")
