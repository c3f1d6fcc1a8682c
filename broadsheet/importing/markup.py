"""Foreign HTML and plain text -> markdown that our own reader gives back as the same words.

Nothing of the HTML is passed on: the tree is walked, what is known becomes markdown, and the text between is escaped.
Each block in which a sign might be taken for markup is read again with `reading.markdown`; where that gives other words
than the tree has, the block goes without its emphasis, then without its links. The words are never changed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

from broadsheet import url
from broadsheet.importing.draft import LeftOut
from broadsheet.reading import markdown
from broadsheet.words import scrub

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a piece of HTML."""

    blocks: tuple[str, ...]
    """Markdown, each a paragraph, heading, list, quotation, table or code."""
    left_out: tuple[LeftOut, ...] = ()
    """Pictures and recordings, in order."""
    links: tuple[str, ...] = ()
    """Addresses that the blocks link to, absolute, in order; mail addresses begin with `mailto:`."""


def blocks(html: str, base: str) -> Text:
    """The text of any HTML, found on the page `base`, as markdown. Without `base`, relative links become text."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(_shallow(scrub(html)))
    if tree.body is None:
        return Text(())
    writer = _Writer(base)
    for node, depth, is_left in _steps(tree.body):
        if is_left:
            writer.leave(str(node.tag), depth)
        elif node.tag == "-text":
            writer.text(node.text_content or "")
        else:
            writer.enter(node, depth)
    written, links = writer.end()
    return Text(written, tuple(writer.left_out), links)


def escape(text: str) -> str:
    """Plain text as one paragraph of markdown, with a backslash only where a sign would be read as markup.

    Read again, it is the same text but for white space, of which runs become one space; a no-break space stays.
    """
    said = _spaced(text).strip()
    if not _SIGNS.search(said) and not _OPENING.match(said):
        return said
    is_prose = len(_SIGNS.findall(said)) <= _MANY
    for form in (_line(said, is_whole=True), _line(said)) if is_prose else ():
        if _reads_as(form, said):
            return form
    return _PUNCTUATION.sub(r"\\\g<0>", said)


def without_tracking(address: str) -> str:
    """The address less the parameters that only count clicks."""
    head, question, rest = address.partition("?")
    query, hash_, fragment = rest.partition("#")
    if not question or "#" in head:
        return address
    kept = "&".join(pair for pair in query.split("&") if not _TRACKING.match(pair))
    return f"{head}{'?' if kept else ''}{kept}{hash_}{fragment}"


def link(href: str, base: str) -> str | None:
    """The absolute address a link may keep; None where it is dead, or of a scheme that is not let through."""
    href = href.strip("\t\n\f\r ")
    if href in ("", "#") or href.lower().startswith(("#!", "#top")):
        return None
    try:
        address = url.join(base, href)
    except ValueError:  # of a host in brackets that is no IPv6 address
        return None
    is_kept = url.is_web_address(address) or (address.lower().startswith("mailto:") and _MAIL.fullmatch(address))
    return without_tracking(address) if is_kept and url.is_allowed(address) else None


# What only counts clicks, by the makers' own documentation; `ref` is left alone, which some sites need.
_TRACKING = re.compile(
    r"(?:utm_\w+|_?hsenc|_hsmi|mkt_tok|fbclid|gclid|gbraid|wbraid|dclid|msclkid|twclid|yclid|igshid|mc_[ce]id|"
    r"ref_src|ref_url|cmpid|ito|xtor|wt_mc|at_(?:medium|campaign|custom\d|link_\w+))(?:=|\Z)",
    re.IGNORECASE,
)
_MAIL = re.compile(r"mailto:[^\s<>()\\\"]{1,300}", re.IGNORECASE)

# --- Escaping. CommonMark 0.31.2, https://spec.commonmark.org/0.31.2/, and the reader's extensions. ---

_SPACE = re.compile("[^\\S\xa0\u202f]+")  # all white space but the no-break ones, which typography means
_SIGNS = re.compile(r"[\\`*_~\[\]<&^]")
_MANY = 1_000
"""Signs in a paragraph above which it is no prose, and nobody looks for the ones that could stay bare."""
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_OPENING = re.compile(
    r"(?P<sign>#{1,6}(?=\s|\Z)|[-+](?=\s|\Z)|>|[-=|:*_](?=[-=|:*_ ]*\Z)|~(?=~~)|`(?=``)|\[(?=[^\]]{0,999}\]:))"
    r"|(?P<number>\d{1,9})(?P<dot>[.)])(?=\s|\Z)"
)
_CLOSING_HASHES = re.compile(r"(?<=\s)#(?=#*\Z)")
_MARKUP = re.compile(
    r"(?P<run>\*+|_+|~~+)|(?P<ticks>`+)|\\(?=[!-/:-@\[-`{-~])|\[(?=\^)|\^(?=\[)|\](?=\()|"
    r"<(?=[A-Za-z/!?]|[^\s<>]{0,300}@)|&(?=#?\w{1,32};)"
)


def _spaced(text: str) -> str:
    return _SPACE.sub(" ", scrub(text))


def _line(text: str, is_whole: bool = False, opens: bool = True) -> str:
    """One line with its signs escaped. Where it is not the whole of a block, its ends may touch markup."""
    text = _opening(_inline(text, is_whole)) if opens else _inline(text, is_whole)
    if is_whole:
        return text
    return re.sub(r"(?<!\\)[!^\\]\Z|(?<!\\)\]\Z|(?<!\\)&\Z", r"\\\g<0>", text)


def _inline(text: str, is_whole: bool) -> str:
    runs = Counter(match.group()[0] for match in _MARKUP.finditer(text) if match["run"] or match["ticks"])

    def escaped(match: re.Match[str]) -> str:
        sign = match.group()
        if not (match["run"] or match["ticks"]):
            return f"\\{sign}"
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        if sign[0] == "_" and before.isalnum() and after.isalnum():
            return sign
        if sign[0] != "`" and _is_space(before, is_whole) and _is_space(after, is_whole):
            return sign
        if is_whole and runs[sign[0]] == 1:
            return sign
        return re.sub(".", r"\\\g<0>", sign)

    return _MARKUP.sub(escaped, text)


def _is_space(sign: str, at_end: bool) -> bool:
    """Whether a neighbour is white space; none counts as such where the text ends there."""
    return sign.isspace() if sign else at_end


def _opening(text: str) -> str:
    """A line that begins no heading, list, quotation, rule, fence, definition or table."""
    match = _OPENING.match(text)
    if match is None:
        return text
    if match["number"]:
        return f"{match['number']}\\{text[match.end('number') :]}"
    return f"\\{text}"


def _reads_as(form: str, text: str) -> bool:
    """Whether a paragraph of markdown is read as that text and nothing more."""
    passages = markdown.read(form).passages
    return len(passages) == 1 and passages[0].text.strip() == text


# --- Inline text: runs of words, each with what it is in. ---

_STYLES = {"strong": "**", "em": "*", "del": "~~"}
_STYLE_OF = {"strong": "strong", "b": "strong", "em": "em", "i": "em", "del": "del", "s": "del", "strike": "del"}
_CODE = {"code", "kbd", "samp", "tt"}


@dataclass(frozen=True, slots=True)
class _Run:
    """Words in one hand: all in the same link and styles."""

    text: str
    link: str | None = None
    styles: frozenset[str] = frozenset()
    is_code: bool = False
    breaks: bool = False
    """A line break, without text."""


def _paragraph(runs: Sequence[_Run]) -> tuple[str, tuple[str, ...]]:
    """Inline text as markdown, with the addresses it links to; plainer where the reader would give other words."""
    lines = list(_lines(runs))
    text = " ".join("".join(run.text for run in line).strip() for line in lines)
    unstyled = [[_Run(run.text, run.link) for run in line] for line in lines]
    is_prose = len(_SIGNS.findall(text)) <= _MANY
    for form in (lines, unstyled) if is_prose else ():
        if any(run != _Run(run.text) for line in form for run in line):
            links = tuple(address for line in form for address, _ in _by_link(line) if address)
            written = "\\\n".join(map(_rendered, form))
            if _links_as(written, text, links):
                return written, links
    written = "\\\n".join(escape("".join(run.text for run in line)) for line in lines)
    return (written if len(lines) < 2 or _reads_as(written, text) else escape(text)), ()


def _links_as(form: str, text: str, links: tuple[str, ...]) -> bool:
    body = markdown.read(form)
    is_same = len(body.passages) == 1 and body.passages[0].text.strip() == text
    return is_same and len(body.links) == sum(not address.startswith("mailto:") for address in links)


def _lines(runs: Sequence[_Run]) -> Iterator[list[_Run]]:
    """The lines between breaks, with white space as single spaces across runs, equal neighbours joined."""
    for is_break, line in groupby(runs, key=lambda run: run.breaks):
        tidy = [] if is_break else list(_tidy(line))
        if tidy:
            yield tidy


def _tidy(line: Iterator[_Run]) -> Iterator[_Run]:
    joined: list[_Run] = []
    for run in line:
        text = _spaced(run.text)
        if text.startswith(" ") and (not joined or joined[-1].text.endswith(" ")):
            text = text[1:]
        if not text:
            continue
        if joined and replace(run, text="") == replace(joined[-1], text=""):
            joined[-1] = replace(run, text=joined[-1].text + text)
        else:
            joined.append(replace(run, text=text))
    if joined and not "".join(run.text for run in joined).strip():
        return
    yield from joined


def _by_link(line: Sequence[_Run]) -> Iterator[tuple[str | None, list[_Run]]]:
    for address, group in groupby(line, key=lambda run: run.link):
        runs = list(group)
        yield (address if any(run.text.strip() for run in runs) else None), runs


def _rendered(line: list[_Run]) -> str:
    if len(line) == 1 and line[0] == _Run(line[0].text):
        return escape(line[0].text)
    parts = []
    for address, runs in _by_link(line):
        inner = _styled(runs, tuple(_STYLES), bool(address))
        parts.append(_wrapped(inner, "[", f"]({_destination(address)})") if address else inner)
    written = "".join(parts).strip()
    return _opening(written) if line[0] == _Run(line[0].text) else written


def _styled(runs: Sequence[_Run], styles: tuple[str, ...], in_link: bool) -> str:
    if not styles:
        return "".join(_code(run.text) if run.is_code else _within(run.text, in_link) for run in runs)
    parts = []
    for is_styled, group in groupby(runs, key=lambda run: styles[0] in run.styles):
        inner = _styled(list(group), styles[1:], in_link)
        sign = _STYLES[styles[0]]
        parts.append(_wrapped(inner, sign, sign) if is_styled else inner)
    return "".join(parts)


def _wrapped(inner: str, before: str, after: str) -> str:
    """In its signs, with the white space at its ends outside them."""
    core = inner.strip()
    if not core:
        return inner
    start = inner.index(core)
    return f"{inner[:start]}{before}{core}{after}{inner[start + len(core) :]}"


def _within(text: str, in_link: bool) -> str:
    line = _line(text, opens=False)
    return re.sub(r"(?<!\\)[\[\]]", r"\\\g<0>", line) if in_link else line


def _code(text: str) -> str:
    core = text.strip()
    if not core:
        return text
    fence = "`" * (1 + max(map(len, re.findall("`+", core)), default=0))
    pad = " " if core[0] == "`" or core[-1] == "`" else ""
    return _wrapped(text, fence + pad, pad + fence)


def _destination(address: str) -> str:
    """CommonMark, link destination: in angle brackets where round ones would end it too soon."""
    address = re.sub(r"&(?=#?\w{1,32};)|[*_`\\]", r"\\\g<0>", address.replace("<", "%3C").replace(">", "%3E"))
    return f"<{address}>" if re.search(r"[()]", address) else address


# --- Blocks. ---

_DROPPED = {
    *("script", "style", "template", "noscript", "head", "title", "textarea", "select", "option", "button"),
    *("svg", "math", "canvas", "map", "dialog", "datalist", "noembed", "noframes", "frameset", "rp"),
}
_MEDIA = {"audio": "audio", "video": "video", "iframe": "embed", "embed": "embed", "object": "embed"}
_BLOCK = {
    *("address", "article", "aside", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset", "footer"),
    *("form", "header", "hgroup", "legend", "main", "menu", "nav", "p", "section", "summary", "li", "tr", "td", "th"),
    *("thead", "tbody", "tfoot", "figcaption", "caption", "optgroup"),
}
_FRAMES = {"blockquote", "ul", "ol", "pre", "table", "figure", *(f"h{n}" for n in range(1, 7))}
_PART_OF = {"li": ("ul", "ol"), "tr": ("table",), "td": ("tr",), "th": ("tr",), "caption": ("table",)}
_NESTED = 8
"""Lists, quotations and tables within one another that are kept; in deeper ones only the text is."""
_VOID = {"br", "hr", "img", "input", "meta", "link", "source", "wbr", "area", "base", "col", "embed", "param", "track"}
_OPTIONAL = {"p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "optgroup"}
_FORMATTING = {*("b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u")}
_DEEP = 256
_OPEN_FORMATTING = 6
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")


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


def _steps(root: LexborNode) -> Iterator[tuple[LexborNode, int, bool]]:
    """Each node when it is entered and, if it is no text, when it is left: `(node, depth, leaves)`."""
    node, depth = root, 0
    while True:
        yield node, depth, False
        child = None if node.tag in _MEDIA else _seen(node.first_child)
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


_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def _seen(node: LexborNode | None) -> LexborNode | None:
    """The node, or the next beside it that readers of the page see, by the element's own word."""
    while node is not None and not node.is_text_node:
        given = node.attributes
        if node.tag not in _DROPPED and "hidden" not in given and not _HIDING.search(given.get("style") or ""):
            break
        node = node.next
    return node


@dataclass(frozen=True, slots=True)
class _Block:
    kind: str
    """`p`, `h`, `list`, `quote`, `table`, `code`, `rule`; and, within others, `item`, `row`, `cell`, `caption`."""
    text: str = ""
    """Markdown."""
    parts: tuple[_Block, ...] = ()
    links: tuple[str, ...] = ()


@dataclass(slots=True)
class _Frame:
    tag: str
    depth: int
    blocks: list[_Block] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)
    """Of `pre`: the text as it stands."""
    start: str = ""
    """Of `ol`: its first number."""
    media: int = 0
    """How many pictures and recordings there were before it."""


class _Writer:
    """Takes the steps through a tree and collects blocks."""

    def __init__(self, base: str) -> None:
        self.left_out: list[LeftOut] = []
        self._base = base
        self._frames = [_Frame("body", -1)]
        self._runs: list[_Run] = []
        self._links: list[tuple[int, str | None]] = []
        self._styles: Counter[str] = Counter()
        self._code = 0
        self._pre: _Frame | None = None

    def end(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What has been written, and the links within."""
        self._flush()
        done = self._frames[0].blocks
        return tuple(block.text for block in done), tuple(address for block in done for address in block.links)

    def text(self, text: str) -> None:
        """Text between tags."""
        if self._pre is not None:
            self._pre.raw.append(text)
        elif text:
            styles = frozenset(style for style, count in self._styles.items() if count)
            href = self._links[-1][1] if self._links else None
            self._runs.append(_Run(text, href, styles, self._code > 0))

    def enter(self, node: LexborNode, depth: int) -> None:
        """A start tag."""
        tag = str(node.tag)
        if tag == "img" or tag in _MEDIA:
            self._media(node, _MEDIA.get(tag, "image"))
        elif tag == "br":
            self._break()
        elif tag == "q":
            self.text("“")
        elif tag == "a":
            self._links.append((depth, link(node.attributes.get("href") or "", self._base)))
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
            self._add(_Block("rule", "***"))
            return
        is_part = tag == "figcaption" and any(frame.tag == "figure" for frame in self._frames)
        is_part = is_part or top in _PART_OF.get(tag, ())
        is_frame = tag in _FRAMES and sum(f.tag in _FRAMES or f.tag == "li" for f in self._frames) < 2 * _NESTED
        if not is_part and not is_frame:
            return
        self._flush()
        frame = _Frame(tag, depth, start=node.attributes.get("start") or "", media=len(self.left_out))
        self._frames.append(frame)
        if tag == "pre":
            self._pre = frame

    def _close(self) -> None:
        self._flush()
        frame = self._frames.pop()
        if frame is self._pre:
            self._pre = None
        made = self._credited(frame) if frame.tag == "figure" else _CLOSED.get(frame.tag, _closed_heading)(frame)
        for block in made:
            self._add(block)

    def _credited(self, figure: _Frame) -> list[_Block]:
        """What stands in a figure but its caption, which goes with its pictures; without one it is a paragraph."""
        captions = [block for block in figure.blocks if block.kind == "caption"]
        there = self.left_out[figure.media :]
        if not there:
            return [replace(block, kind="p") if block.kind == "caption" else block for block in figure.blocks]
        said = " ".join(read for block in captions if (read := _read(block.text)))
        self.left_out[figure.media :] = [replace(out, credit=out.credit or credit_of(said)) for out in there]
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
            self._runs.append(_Run("", breaks=True))

    def _flush(self) -> None:
        runs, self._runs = self._runs, []
        if self._in_heading():  # a heading is bold by itself
            runs = [replace(run, styles=run.styles - {"strong"}) for run in runs]
        written, links = _paragraph(runs)
        if written:
            self._add(_Block("p", written, links=links))

    def _add(self, block: _Block) -> None:
        frame = self._frames[-1]
        if frame.tag in ("ul", "ol") and block.kind != "item":  # a list within a list, not within its item
            last = frame.blocks.pop() if frame.blocks else _Block("item")
            block = replace(last, parts=(*last.parts, block))
        frame.blocks.append(block)

    def _media(self, node: LexborNode, what: str) -> None:
        given = node.attributes
        if what == "image" and {given.get("width"), given.get("height")} & {"0", "1"}:
            return  # it counts readers
        source = node.css_first("source") if what in ("audio", "video") else None
        places = [given.get(name) for name in ("src", "data-src", "data")]
        places += [source.attributes.get("src")] if source is not None else []
        address = next((found for place in places if (found := self._address(place))), "")
        alt = " ".join((given.get("alt") or given.get("title") or "").split())
        self.left_out.append(LeftOut(what, address, alt[:1_000]))

    def _address(self, given: str | None) -> str:
        """Absolute, of the web; empty otherwise."""
        if not given or not given.strip():
            return ""
        try:
            address = url.join(self._base, given.strip())
        except ValueError:
            return ""
        return address if url.is_web_address(address) else ""


def _ends_with_break(runs: list[_Run]) -> bool:
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


def _read(block: str) -> str:
    return " ".join(passage.text for passage in markdown.read(block).passages)


# --- Frames to blocks. ---


def _closed_heading(frame: _Frame) -> list[_Block]:
    if [block.kind for block in frame.blocks] != ["p"]:
        return frame.blocks
    text = _CLOSING_HASHES.sub(r"\\#", frame.blocks[0].text)
    return [replace(frame.blocks[0], kind="h", text=f"{'#' * max(2, int(frame.tag[1]))} {text}")]


def _closed_quotation(frame: _Frame) -> list[_Block]:
    if not frame.blocks:
        return []
    text = _joined(frame.blocks)
    quoted = "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))
    return [_Block("quote", quoted, links=_links(frame.blocks))]


def _closed_code(frame: _Frame) -> list[_Block]:
    text = "".join(frame.raw).strip("\n").expandtabs(4)
    if not text.strip():
        return []
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return [_Block("code", f"{fence}\n{text}\n{fence}")]


def _closed_list(frame: _Frame) -> list[_Block]:
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
    return [_Block("list", between.join(written), links=_links(part for item in items for part in item.parts))]


def _is_tight(item: _Block) -> bool:
    """Whether no blank line is needed within: a paragraph, and lists that may follow one at once."""
    first, *rest = item.parts
    return first.kind == "p" and all(part.kind == "list" and part.text.startswith(("- ", "1. ")) for part in rest)


def _closed_table(frame: _Frame) -> list[_Block]:
    """A table where each cell holds a line of text at most, and else the text in its cells, one after another."""
    rows = [block.parts for block in frame.blocks if block.kind == "row" and block.parts]
    columns = max(map(len, rows), default=0)
    cells = [cell for row in rows for cell in row]
    is_plain = all(cell.kind == "cell" and [part.kind for part in cell.parts] in ([], ["p"]) for cell in cells)
    before = [replace(block, kind="p") for block in frame.blocks if block.kind != "row"]
    if len(rows) > 1 and columns > 1 and is_plain and 2 * len(cells) >= columns * len(rows):
        lines = [f"| {' | '.join([*map(_cell, row), *[''] * (columns - len(row))])} |" for row in rows]
        text = "\n".join([lines[0], f"|{' --- |' * columns}", *lines[1:]])
        if _read(text).split() == [word for cell in cells for part in cell.parts for word in _read(part.text).split()]:
            return [*before, _Block("table", text, links=_links(part for cell in cells for part in cell.parts))]
    return [*before, *(part for cell in cells for part in (cell.parts if cell.kind == "cell" else (cell,)))]


def _cell(cell: _Block) -> str:
    return "".join(part.text for part in cell.parts).replace("\\\n", " ").replace("|", "\\|")


def _closed_caption(frame: _Frame) -> list[_Block]:
    return [_Block("caption", _joined(frame.blocks), links=_links(frame.blocks))] if frame.blocks else []


def _joined(blocks: Sequence[_Block]) -> str:
    return "\n\n".join(block.text for block in blocks)


def _links(blocks: Iterable[_Block]) -> tuple[str, ...]:
    return tuple(address for block in blocks for address in block.links)


_CLOSED: dict[str, Callable[[_Frame], list[_Block]]] = {
    "blockquote": _closed_quotation,
    "pre": _closed_code,
    "ul": _closed_list,
    "ol": _closed_list,
    "table": _closed_table,
    "li": lambda frame: [_Block("item", parts=tuple(frame.blocks))],
    "tr": lambda frame: [_Block("row", parts=tuple(frame.blocks))],
    "td": lambda frame: [_Block("cell", parts=tuple(frame.blocks))],
    "th": lambda frame: [_Block("cell", parts=tuple(frame.blocks))],
    "caption": _closed_caption,
    "figcaption": _closed_caption,
}
