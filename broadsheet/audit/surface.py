"""A built page -> what it says, shows and links to, whatever theme made it. Parsed as browsers do (HTML standard)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from msgspec import Struct, field
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from broadsheet.audit import styles
from broadsheet.audit.built import address
from broadsheet.words import plain, words

_BLOCKS = set(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol optgroup option p "
    "plaintext pre search section summary table tbody td tfoot th thead tr ul xmp".split()
)
# HTML standard, section 15.3.1, "Hidden elements"; then what a reader meets only where media cannot be shown, or never.
_UNSEEN = set(
    "area datalist head noembed noframes rp script style template title "
    "annotation annotation-xml audio canvas defs desc iframe metadata meter noscript object progress select symbol "
    "textarea video".split()
)
"""Elements whose words no reader meets as part of the page."""
_ENTRY = {"article", "li", "section"}
"""Elements that may hold an article's entry in a listing."""
_WHOLE = {"main", "body", "html"}
_REFERRING = {"a", "area", "base", "link"}
"""Elements whose `href` loads nothing by itself."""
_LOADED = {"src", "poster", "background", "lowsrc", "dynsrc"}
_LOADED_LINKS = set(
    "stylesheet icon preload modulepreload prefetch prerender preconnect dns-prefetch manifest mask-icon image_src "
    "apple-touch-icon apple-touch-icon-precomposed apple-touch-startup-image".split()
)
_PICTURE_META = re.compile(
    r"(?:\A|:)(?:image|video|audio|player)(?::(?:url|secure_url|src|stream))?\Z"
    r"|\Athumbnail(?:url)?\Z|\Amsapplication-(?:tileimage|config|\w*logo)\Z"
)
_REFERENCES = {"action", "formaction", "cite", "longdesc"}
_WORDLESS = {
    *("class", "style", "srcset", "imagesrcset", "srcdoc", "sizes", "href", "src", "id", "rel", "d", "points"),
    *("datetime", "lang", "dir", "type", "role", "headers", "for", "ping"),
}
"""Attributes that hold no words."""
_MARK = re.compile(r"[\W\d]*")
"""Of a footnote, which is no part of the text."""
# HTML standard, "parse a srcset attribute": an address ends at white space, or at commas before white space.
_CANDIDATE = re.compile(r"[\s,]*([^\s,]\S*?)(?:,+(?=\s|\Z)|\s(?:[^,(]|\([^)]*\)?)*(?:,|\Z)|\Z)")
# HTML standard, "shared declarative refresh steps".
_REFRESH = re.compile(r"\s*[\d.]+\s*[;,\s]\s*(?:url\s*=\s*)?(['\"]?)(.*?)\1\s*", re.IGNORECASE | re.DOTALL)
# Elements that end themselves, or hold nothing, are left out.
_TAG = re.compile(
    r"<(/?)(?!(?:p|li|dt|dd|td|th|tr|option|br|hr|img|input|link|meta|source|wbr|col|area|base|embed|track|param)\b)"
    r"[a-z]",
    re.IGNORECASE,
)
MOST_DEEP = 2_000
"""Elements within each other. Parsers take time by the square of it."""
_LONG = 30
"""Characters that are not found in the midst of others by chance."""


class Said(NamedTuple):
    """A passage of a page."""

    text: str
    """White space as single spaces."""
    pieces: tuple[str, ...]
    """The same as it stands between tags."""
    quotation: int
    """Of the outermost blockquote in which it stands, the number on its page from 1; else 0."""
    is_visible: bool
    is_paragraph: bool
    """And not a footnote's."""


class Link(NamedTuple):
    """A link that readers can follow."""

    href: str
    """As written."""
    before: int
    """How many passages stand before it."""
    is_visible: bool
    """It has words or a picture, and can be seen."""


class Entry(NamedTuple):
    """An article as another page shows it: passages of that page, counted from 0."""

    file: str
    """Of the article's page."""
    within: range
    """In the largest element round a link to the article that links to no other."""
    around: range
    """From the entry before to the one after, for themes that put no element round each."""


class Surface(Struct):
    """A built page."""

    file: str
    """Relative to the output, with `/`."""
    url: str
    """In full, by the bill's address of the site."""
    base: str
    """The address against which it resolves references: its own, or that of its `base` element."""
    said: list[Said] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    """Addresses to which it refers otherwise, as written."""
    media: list[tuple[str, str]] = field(default_factory=list)
    """(element, address as written) of all that a browser loads or shows for it."""
    ids: set[str] = field(default_factory=set)
    metas: dict[str, list[str]] = field(default_factory=dict)
    """Of the head, by name or property, lower case."""
    canonicals: list[str] = field(default_factory=list)
    """As written."""
    licences: list[str] = field(default_factory=list)
    """Addresses that it gives as its licence, as written, less terms for machines."""
    refreshes: list[str] = field(default_factory=list)
    """Addresses to which it sends on, as written."""
    data: list[str] = field(default_factory=list)
    """Texts of JSON-LD scripts."""
    code: list[str] = field(default_factory=list)
    """Texts of other scripts and of style elements."""
    entries: list[Entry] = field(default_factory=list)
    _shown: dict[range | None, Shown] = field(default_factory=dict)

    def resolve(self, reference: str) -> str:
        """The address in full that a reference on this page means."""
        return address(self.base, reference)

    def shown(self, within: range | None = None) -> Shown:
        """What a reader can see, of the whole page or of some of its passages."""
        if within not in self._shown:
            said = self.said if within is None else self.said[within.start : within.stop]
            self._shown[within] = Shown(it for it in said if it.is_visible)
        return self._shown[within]

    def nodes(self) -> list[dict[str, Any]]:
        """All objects in its JSON-LD, outer ones first; of what is no JSON, none."""
        return [node for text in self.data for node in _objects(text)]


class Shown:
    """Passages to be searched for words."""

    def __init__(self, said: Iterable[Said]) -> None:
        self._said = tuple(said)
        self.text = plain(" ".join([it.text for it in self._said]))
        self._apart = ""
        self._squashed = ""

    def says(self, text: str) -> bool:
        """Whether a text stands there as words of their own, set apart by white space or by markup alone."""
        wanted = plain(text)
        if _has(self.text, wanted):
            return True
        if not self._apart:
            self._apart = plain(" ".join(piece for it in self._said for piece in it.pieces))
            self._squashed = self.text.replace(" ", "")
        return _has(self._apart, wanted) or (len(wanted) >= _LONG and wanted.replace(" ", "") in self._squashed)


def _has(text: str, wanted: str) -> bool:
    """Whether a text, in plain form, stands in another where words begin and end."""
    at = text.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        if not (_are_joined(text[max(at - 1, 0) : at], wanted[:1]) or _are_joined(wanted[-1:], text[end : end + 1])):
            return True
        at = text.find(wanted, at + 1)
    return False


def _are_joined(one: str, other: str) -> bool:
    """Whether two signs stand in one word."""
    return one.isalnum() and other.isalnum() and len(words(one + other)) == 1


def is_too_deep(text: str) -> bool:
    """Whether a page nests so deep that it would take long to read."""
    if text.count("<") <= MOST_DEEP:
        return False
    depth = 0
    for tag in _TAG.finditer(text):
        depth = max(depth - 1, 0) if tag[1] else depth + 1
        if depth > MOST_DEEP:
            return True
    return False


def read_surface(
    file: str,
    url: str,
    text: str,
    article_at: Callable[[str], str | None] = lambda _: None,
    rules_at: Callable[[str], Iterable[styles.Rule]] = lambda _: (),
) -> Surface:
    """The page in a file.

    `article_at` gives the file of the article's page to which an address leads, `rules_at` what the style sheet at an
    address hides and shows.
    """
    parser = LexborHTMLParser(text)
    base = parser.css_first("base[href]")
    surface = Surface(file, url, address(url, base.attributes["href"] or "") if base is not None else url)
    _Walk(surface, article_at, _hidden(parser, surface, rules_at)).over(parser)
    surface.entries = list(dict.fromkeys(surface.entries))
    return surface


def _hidden(parser: LexborHTMLParser, surface: Surface, rules_at: Callable[[str], Iterable[styles.Rule]]) -> set[int]:
    """The elements that style sheets hide. Of the rules on one element the last holds, whatever their weights."""
    rules: list[styles.Rule] = []
    for node in parser.css("link[rel~=stylesheet][href], style"):
        attributes = node.attributes
        if (attributes.get("media") or "").strip().casefold() != "print":
            href = attributes.get("href")
            rules += styles.deciding(node.text()) if href is None else rules_at(surface.resolve(href))
    hidden: set[int] = set()
    if any(_found(parser, rule.selector) for rule in rules if rule.hides):
        for rule in rules:
            found = _found(parser, rule.selector)
            hidden = hidden | found if rule.hides else hidden - found
    return hidden


def _found(parser: LexborHTMLParser, selector: str) -> set[int]:
    try:
        return {node.mem_id for node in parser.css(selector)}
    except SelectolaxError:
        return set()  # a state that only a reader's doing brings about, or a part that is no element


class _Open:
    """An element whose end has not been reached."""

    __slots__ = (
        *("first", "fragment", "is_block", "is_quoted", "is_unseen", "link", "linked", "pieces", "spans", "tag"),
        *("text", "url"),
    )

    def __init__(self, tag: str, is_block: bool, is_unseen: bool, first: int, pieces: int) -> None:
        self.tag, self.is_block, self.is_unseen = tag, is_block, is_unseen
        self.first, self.pieces = first, pieces
        """How many passages stand before it, and pieces of one that has begun."""
        self.is_quoted = False
        self.link: Link | None = None
        self.url = self.fragment = ""
        """To which it leads."""
        self.linked: str | None = None
        """File of the one article to which it links, or `_MANY`."""
        self.spans: list[_Span] = []
        self.text: list[str] | None = None
        """Where its text belongs, where that is no passage."""


class _Span(NamedTuple):
    """What may be an entry, from one passage up to another."""

    file: str
    """Empty for what holds entries, and is none."""
    first: int
    end: int
    is_whole: bool
    """It does not grow any more."""


_MANY = ""


class _Walk:
    """Goes over a page's nodes in their order and notes what they say."""

    def __init__(self, surface: Surface, article_at: Callable[[str], str | None], hidden: set[int]) -> None:
        self.surface = surface
        self.later: list[Any] = []
        self.unseen = 0
        """How many of the elements that are open hide what is in them."""
        self.is_in_head = False
        self._article_at, self._hidden = article_at, hidden
        self._open: list[_Open] = []
        self._pieces: list[str] = []
        self._has_begun = False
        """A passage has words already."""
        self._quoted = self._blockquotes = self._quotations = self._pictures = 0
        self._footnotes: set[str | None] = set()

    def over(self, parser: LexborHTMLParser) -> None:
        """The document, then what it holds and does not show: templates, and documents within it."""
        if parser.root is not None:
            self._nodes(parser.root.parent or parser.root)
        self.unseen += 1
        while self.later:
            held = self.later.pop()
            held = LexborHTMLParser(held).root if isinstance(held, str) else held
            if held is not None:
                self._nodes(held)

    def _nodes(self, top: Any) -> None:  # noqa: ANN401 -- a node, which may be of several classes
        node: Any = top
        while node is not None:
            is_element = self._meet(node)
            child = node.child if is_element else None
            if child is not None:
                node = child
                continue
            if is_element:
                self._leave()
            following = node.next if self._open else None
            while following is None and self._open:
                node = node.parent
                self._leave()
                following = node.next if self._open else None
            node = following
        self._flush()

    def _meet(self, node: Any) -> bool:  # noqa: ANN401
        """Note a node; whether it has an end to be noted, too."""
        tag: str = node.tag or ""
        if tag == "-text":
            self.add(node.text_content or "")
            return False
        if tag == "-comment":
            self._note(node.html or "")
            return False
        if tag.startswith("-") and tag != "-document":
            return False
        self._enter(node, tag)
        return True

    def _enter(self, node: Any, tag: str) -> None:  # noqa: ANN401
        attributes: dict[str, str | None] = node.attributes
        is_unseen = (
            tag in _UNSEEN
            or (bool(attributes) and _is_hidden(attributes))
            or (tag == "dialog" and "open" not in attributes)
            or (bool(self._hidden) and node.mem_id in self._hidden)
        )
        is_block = is_unseen or tag in _BLOCKS
        if is_block:
            self._flush()
        opened = _Open(tag, is_block, is_unseen, len(self.surface.said), len(self._pieces))
        self._open.append(opened)
        self.unseen += is_unseen
        if tag == "blockquote" or (self._footnotes and attributes.get("id") in self._footnotes):
            opened.is_quoted = True
            self._blockquotes += tag == "blockquote"
            self._quotations += not self._quoted
            self._quoted += 1
        reader = _READERS.get(tag)
        if reader is not None:
            reader(self, opened, node, {name: value or "" for name, value in attributes.items()})
        for name, value in attributes.items():
            if value:
                self._attribute(tag, name, value)

    def _attribute(self, tag: str, name: str, value: str) -> None:
        surface = self.surface
        if name == "id" or (name == "name" and tag == "a"):
            surface.ids.add(value)
        elif name in _LOADED or (name in ("href", "xlink:href") and tag not in _REFERRING):
            surface.media.append((tag, value))
        elif name in _REFERENCES:
            surface.references.append(value)
        elif name.endswith("srcset"):
            surface.media += [(tag, address) for address in _CANDIDATE.findall(value)]
        elif name == "ping":
            surface.media += [(tag, address) for address in value.split()]
        elif name not in _WORDLESS and (len(value.split(None, 1)) > 1 or name.startswith("data-")):
            self._note(value, is_quoted=name == "alt")
        if "(" in value or "\\" in value:
            surface.media += [("style", address) for address in styles.loaded(value)]

    def _leave(self) -> None:
        left = self._open.pop()
        if left.text is not None:
            left.text.append("".join(self._pieces[left.pieces :]))
            del self._pieces[left.pieces :]
        if left.is_block:
            self._flush(left.tag)
        if left.tag == "q":
            self.add("”")
        elif left.tag == "head":
            self.is_in_head = False
        elif left.tag == "style":
            self.surface.media += [("style", address) for address in styles.loaded(self.surface.code[-1])]
        if left.link is not None:
            self._end_link(left, left.link)
        self.unseen -= left.is_unseen
        self._quoted -= left.is_quoted
        self._blockquotes -= left.is_quoted and left.tag == "blockquote"
        if left.linked is not None:
            self._pass_on(left)

    def _flush(self, tag: str = "") -> None:
        if not self._pieces:
            return
        raw = "".join(self._pieces)
        text = " ".join(raw.split())
        if self.unseen and "\n\n" in raw:
            for paragraph in raw.split("\n\n"):
                self._note(paragraph, is_quoted=True)
        elif text:
            number = self._quotations if self._quoted else 0
            is_paragraph = tag == "p" and (self._blockquotes > 0 or not number)
            self.surface.said.append(Said(text, tuple(self._pieces), number, not self.unseen, is_paragraph))
        self._pieces.clear()
        self._has_begun = False

    def _note(self, text: str, is_quoted: bool = False) -> None:
        """What the page holds and does not show."""
        text = " ".join(text.split())
        if text:
            number = self._quotations if is_quoted and self._quoted else 0
            self.surface.said.append(Said(text, (text,), number, is_visible=False, is_paragraph=False))

    def begin_link(self, opened: _Open, href: str) -> None:
        """Note where a link begins, and what a quotation takes in by it."""
        opened.link = Link(href, len(self.surface.said) + self._has_begun, not self.unseen)
        opened.url, _, opened.fragment = self.surface.resolve(href).partition("#")
        self._pictures = 0
        if self._quoted and opened.url == self.surface.url:
            self._footnotes.add(opened.fragment)

    def add(self, text: str) -> None:
        """What stands there, in the document or by itself."""
        self._pieces.append(text)
        self._has_begun = self._has_begun or not text.isspace()

    def see_picture(self) -> None:
        """A link needs no words where it has one."""
        self._pictures += 1

    def _end_link(self, left: _Open, link: Link) -> None:
        surface = self.surface
        text = "".join(self._pieces[left.pieces :]).strip()
        has_words = bool(text) or self._pictures > 0 or any(it.is_visible for it in surface.said[left.first :])
        surface.links.append(link._replace(is_visible=link.is_visible and has_words))
        if left.url == surface.url and left.fragment and _MARK.fullmatch(text):
            del self._pieces[left.pieces :]
        file = self._article_at(left.url)
        if file is not None and file != surface.file:
            left.linked = file

    def _pass_on(self, left: _Open) -> None:
        """Let an element that links to articles count for the one round it."""
        end = len(self.surface.said) + bool(self._pieces)
        if left.linked == _MANY or left.tag in _WHOLE or not self._open:
            self._end_entries(left, end)
            left.linked, left.spans = _MANY, [_Span("", left.first, end, is_whole=True)]
        elif not any(span.is_whole for span in left.spans):
            left.spans = [_Span(left.linked or "", left.first, end, left.tag in _ENTRY)]
        if self._open:
            outer = self._open[-1]
            outer.linked = left.linked if outer.linked in (None, left.linked) else _MANY
            outer.spans += left.spans

    def _end_entries(self, left: _Open, end: int) -> None:
        ends = [left.first, *(span.end for span in left.spans)]
        starts = [*(span.first for span in left.spans), end]
        for span, before, after in zip(left.spans, ends, starts[1:], strict=False):
            if span.file:
                within = range(span.first, span.end)
                around = range(min(before, span.first), max(after, span.end))
                self.surface.entries.append(Entry(span.file, within, around))


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    if "hidden" in attributes or "popover" in attributes:
        return True
    return "style" in attributes and styles.hides(attributes["style"] or "")


Attributes = dict[str, str]


def _read_br(walk: _Walk, _opened: _Open, _node: Any, _attributes: Attributes) -> None:  # noqa: ANN401
    walk.add("\n")


def _read_head(walk: _Walk, _opened: _Open, _node: Any, _attributes: Attributes) -> None:  # noqa: ANN401
    walk.is_in_head = True


def _read_a(walk: _Walk, opened: _Open, _node: Any, attributes: Attributes) -> None:  # noqa: ANN401
    href = attributes.get("href", attributes.get("xlink:href"))
    if href is not None:
        walk.begin_link(opened, href)
        if "license" in attributes.get("rel", "").casefold().split():
            walk.surface.licences.append(href)


def _read_area(walk: _Walk, _opened: _Open, _node: Any, attributes: Attributes) -> None:  # noqa: ANN401
    walk.surface.references.append(attributes.get("href", ""))


def _read_link(walk: _Walk, _opened: _Open, _node: Any, attributes: Attributes) -> None:  # noqa: ANN401
    surface, href = walk.surface, attributes.get("href", "")
    rels = set(attributes.get("rel", "").casefold().split())
    if "canonical" in rels:
        if walk.is_in_head and walk.unseen == 1:
            surface.canonicals.append(href)
    elif rels & _LOADED_LINKS or "itemprop" in attributes:
        surface.media.append(("link", href))
    else:
        surface.references.append(href)
    if "license" in rels and attributes.get("type", "").casefold() != "application/rsl+xml":
        surface.licences.append(href)


def _read_meta(walk: _Walk, _opened: _Open, _node: Any, attributes: Attributes) -> None:  # noqa: ANN401
    surface, content = walk.surface, attributes.get("content", "")
    name = (attributes.get("name") or attributes.get("property") or attributes.get("itemprop") or "").casefold()
    if name and walk.is_in_head and walk.unseen == 1:
        surface.metas.setdefault(name, []).append(content)
    if _PICTURE_META.search(name):
        surface.media.append(("meta", content))
    if attributes.get("http-equiv", "").casefold() == "refresh":
        match = _REFRESH.fullmatch(content)
        surface.refreshes += [match[2]] if match and match[2] else []


def _read_script(walk: _Walk, opened: _Open, _node: Any, attributes: Attributes) -> None:  # noqa: ANN401
    is_data = attributes.get("type", "").strip().casefold() == "application/ld+json"
    opened.text = walk.surface.data if is_data else walk.surface.code


def _read_style(walk: _Walk, opened: _Open, _node: Any, _attributes: Attributes) -> None:  # noqa: ANN401
    opened.text = walk.surface.code


def _read_template(walk: _Walk, _opened: _Open, node: Any, _attributes: Attributes) -> None:  # noqa: ANN401
    walk.later += node.template_fragments()


def _read_iframe(walk: _Walk, _opened: _Open, _node: Any, attributes: Attributes) -> None:  # noqa: ANN401
    walk.later += [attributes["srcdoc"]] if "srcdoc" in attributes else []


def _read_img(walk: _Walk, _opened: _Open, _node: Any, _attributes: Attributes) -> None:  # noqa: ANN401
    walk.see_picture()


def _read_object(walk: _Walk, opened: _Open, _node: Any, attributes: Attributes) -> None:  # noqa: ANN401
    walk.surface.media += [(opened.tag, attributes["data"])] if attributes.get("data") else []


def _read_change(walk: _Walk, opened: _Open, _node: Any, attributes: Attributes) -> None:  # noqa: ANN401
    """Of SVG: an attribute that changes in time, which may be an address."""
    if attributes.get("attributeName", "").casefold().endswith("href"):
        values = ";".join(attributes.get(name, "") for name in ("from", "to", "by", "values"))
        walk.surface.media += [(opened.tag, value) for value in values.split(";") if value.strip()]


def _read_q(walk: _Walk, _opened: _Open, _node: Any, _attributes: Attributes) -> None:  # noqa: ANN401
    walk.add("“")


_READERS: dict[str, Callable[[_Walk, _Open, Any, Attributes], None]] = {
    "a": _read_a,
    "animate": _read_change,
    "area": _read_area,
    "br": _read_br,
    "head": _read_head,
    "iframe": _read_iframe,
    "img": _read_img,
    "link": _read_link,
    "meta": _read_meta,
    "object": _read_object,
    "q": _read_q,
    "script": _read_script,
    "set": _read_change,
    "style": _read_style,
    "svg": _read_img,
    "template": _read_template,
}


def strings(data: Any) -> Iterator[str]:  # noqa: ANN401 -- any JSON
    """All texts in JSON, in their order; of the names of its objects those that are more than a word."""
    pending = [data]
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from (name for name in value if " " in name)
            pending += reversed(value.values())
        elif isinstance(value, list):
            pending += reversed(value)


def _objects(text: str) -> Iterator[dict[str, Any]]:
    try:
        pending = [json.loads(text)]
    except (ValueError, RecursionError):
        return
    for value in pending:  # which grows meanwhile
        if isinstance(value, dict):
            yield value
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)
