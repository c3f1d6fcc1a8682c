"""Bytes -> a tree: which characters they are, whether the tree is whole, and what addresses on the page mean."""

from __future__ import annotations

import codecs
import re
from typing import Any

from msgspec import Struct

from broadsheet import url
from broadsheet.importing.capture import Capture
from broadsheet.problem import Finding
from broadsheet.words import scrub

Element = Any
"""An `lxml.html.HtmlElement`; lxml has no types of its own."""
MAX_BYTES = 10_000_000
"""Of a page. The longest of 990 real ones has 1.6 million."""
MAX_DEPTH = 500
"""Elements within each other. The parser cuts trees below 2048 without a word; nobody writes half as deep."""
MAX_ELEMENTS = 300_000
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_PRESCAN = 16_384
"""Bytes in which a page's own word on its charset is looked for. The standard says 1024; many come to it later."""
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)\b[^<>]{0,500}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:\-]{1,40})""", re.IGNORECASE
)
# What browsers read these labels as: https://encoding.spec.whatwg.org/#names-and-labels
_READ_AS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "utf-16": "utf-8",
}
_NOT_CHARSETS = frozenset(
    "base64 bz2 hex quopri rot13 uu zlib idna punycode unicode_escape raw_unicode_escape undefined mbcs oem "
    "utf-7".split()
)


class Document(Struct, frozen=True):
    """A parsed page."""

    tree: Element
    """The root, whole."""
    address: str
    """Where it was found; empty for a file that does not say."""
    base: str
    """What its references are relative to; empty where nothing says so."""
    doubts: tuple[str, ...] = ()


def parse(capture: Capture) -> Document | Finding:
    """The page of a capture, or why it cannot be read."""
    if len(capture.data) > MAX_BYTES:
        return _refused("import/too-large", f"the page has {len(capture.data):,} bytes, more than {MAX_BYTES:,}")
    text, doubts = decode(capture.data, capture.charset)
    tree = _tree(text)
    if tree is None:
        return Finding("import/no-article", "the page is empty", "Save it from the browser, and import the file")
    if not _is_shallow(tree):
        message = f"its elements lie more than {MAX_DEPTH} deep, or are more than {MAX_ELEMENTS:,}"
        return _refused("import/too-deep", message)
    address = next(filter(url.is_web_address, (capture.url or "", _saved_from(text))), "")
    return Document(tree, address, _base(tree, address), doubts)


def _refused(rule: str, message: str) -> Finding:
    return Finding(rule, message, "Copy its text into a file by hand, and import that with --url")


def decode(data: bytes, charset: str = "") -> tuple[str, tuple[str, ...]]:
    """The characters of a page, and what is doubtful about them.

    A byte order mark decides, then HTTP's charset, then the page's own word, then whether it is UTF-8, then a guess:
    https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding. What reads as UTF-8 is
    UTF-8 also where something else is declared: no other text looks like it.
    """
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], codec, "its byte order mark")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return _declared(data, charset)
    said = _codec(charset) or _own_word(data)
    # Encodings with escapes are all ASCII, and so read as UTF-8 without being it.
    if said.startswith(("iso2022", "hz")):
        return _decoded(data, said, "the page")
    doubtful = said not in ("", "utf-8") and not data.isascii()
    return text, (f"It says that it is in {said}, and is in UTF-8",) if doubtful else ()


def _declared(data: bytes, charset: str) -> tuple[str, tuple[str, ...]]:
    for codec, where in ((_codec(charset), "the server"), (_own_word(data), "the page")):
        if codec not in ("", "utf-8"):
            return _decoded(data, codec, where)
    return _guessed(data)


def _decoded(data: bytes, codec: str, where: str) -> tuple[str, tuple[str, ...]]:
    text = data.decode(codec, errors="replace")
    lost = text.count("\ufffd")
    return text, (f"{lost} characters could not be read as {codec}, which {where} says it is",) if lost else ()


def _guessed(data: bytes) -> tuple[str, tuple[str, ...]]:
    nearly = data.decode(errors="replace")
    if nearly.count("\ufffd") * 50 < sum(not sign.isascii() for sign in nearly):  # damaged, and no other charset
        return nearly, ("Some characters could not be read as UTF-8",)
    try:
        import charset_normalizer  # trafilatura brings it
    except ImportError:
        best = None
    else:
        best = charset_normalizer.from_bytes(data[:200_000]).best()
    codec = best.encoding if best else "cp1252"
    text = data.decode(codec, errors="replace")
    return text, (f"Nothing says in which charset the page is written; {codec} was guessed: look at its accents",)


def _own_word(data: bytes) -> str:
    match = _DECLARED.search(data[:_PRESCAN])
    return _codec(match[1].decode("ascii", "replace")) if match else ""


def _codec(label: str) -> str:
    """Python's name for what a label means to browsers; empty for an unknown one."""
    try:
        name = codecs.lookup(label.strip()).name if label.strip() else ""
    except (LookupError, ValueError):
        return ""
    return "" if name in _NOT_CHARSETS else _READ_AS.get(name, name)


def _tree(text: str) -> Element:
    from lxml import etree, html

    # Bytes, since lxml refuses text with an XML declaration; huge, since it would cut at 256 levels otherwise.
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        tree = html.document_fromstring(scrub(text).encode(), parser=parser)
    except (etree.LxmlError, ValueError):
        return None
    if not isinstance(tree, html.HtmlElement):
        return None
    for bar in tree.xpath("//body//*[@id='wm-ipp-base' or @id='wm-ipp' or @id='donato']"):  # the Internet Archive's
        bar.drop_tree()
    return tree


def _is_shallow(tree: Element) -> bool:
    from lxml import etree

    depth = 0
    for n, (event, _) in enumerate(etree.iterwalk(tree, events=("start", "end"))):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH or n > 2 * MAX_ELEMENTS:
            return False
    return True


def _saved_from(text: str) -> str:
    """What a browser writes on top of a page that it saves: `<!-- saved from url=(0023)https://news.example/ -->`."""
    match = re.search(r"<!--\s{0,9}saved from url=\(\d{1,9}\)(\S{1,2048}?)\s{0,9}-->", text[:_PRESCAN])
    return match[1] if match else ""


def _base(tree: Element, address: str) -> str:
    """By `<base href>` against the page's address, else that, else the canonical one.

    https://html.spec.whatwg.org/multipage/semantics.html#the-base-element
    """
    for element in tree.iter("base"):
        base = absolute(element.get("href") or "", address)
        if base:
            return base
    links = (link.get("href") or "" for link in tree.iter("link") if (link.get("rel") or "").lower() == "canonical")
    return address or next(filter(url.is_web_address, links), "")


def absolute(reference: str, base: str) -> str:
    """The web address that a reference means; empty where it means none."""
    try:
        joined = url.join(base, reference.strip())
    except ValueError:
        return ""
    return joined if url.is_web_address(joined) else ""
