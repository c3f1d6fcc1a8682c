"""What a capture is, by its content: names lie, and so do servers.

After the WHATWG's MIME Sniffing Standard, sections 7.1 and 7.3 (https://mimesniff.spec.whatwg.org/), with the roots of
feeds and of lists of feeds, which no standard gives: they are looked for first, past everything that may stand before
them. Text is what is nothing else, so a text that has a tag somewhere stays text.
"""

from __future__ import annotations

import enum
import re

from broadsheet.importing import encoding
from broadsheet.importing.capture import Capture
from broadsheet.problem import Finding


class InputKind(enum.Enum):
    """Which importer reads it."""

    TEXT = "text"
    HTML = "html"
    FEED = "feed"
    """RSS, RDF Site Summary, Atom, CDF."""
    JSON_FEED = "json-feed"
    OPML = "opml"


_HEAD = 1 << 18
"""Bytes that are looked at for a root."""
_LATE = 4096
"""Characters within which a root may begin after what does not belong there: the warnings of a server's program."""
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")  # section 7.1, "binary data byte"
_RESOURCE_HEADER = 1445
_ROOTS = {"rss": InputKind.FEED, "feed": InputKind.FEED, "channel": InputKind.FEED, "opml": InputKind.OPML}
_RDF_FEED = re.compile(r"purl\.org/(?:rss|net/rss)|netscape\.com/rdf|<item[\s>]", re.IGNORECASE)
_HTML = frozenset(
    "html head body title base link meta style script noscript iframe template header footer main nav aside section "
    "article address hgroup h1 h2 h3 h4 h5 h6 p div span a b i em strong u s small big font center br hr pre code "
    "blockquote q ul ol li dl dt dd table caption thead tbody tr td th form input button img picture figure figcaption "
    "video audio details summary time mark frameset".split()
)
_SPACE = re.compile(r"\s*")
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.\-]{0,99}:)?([A-Za-z_][\w.\-]{0,99})(?=[\s/>])")
_LATE_ROOT = re.compile(
    r"^[ \t]*<(?:!doctype[ \t]+)?((?:rdf:)?(?:html|rss|feed|rdf))(?=[\s>])", re.IGNORECASE | re.MULTILINE
)
_DOCTYPE = re.compile(r"<!doctype\s+([\w:.\-]{1,99})[^>\[]*+(?:\[.*?\]\s*+)?>", re.IGNORECASE | re.DOTALL)
_JSON_FEED = re.compile(rb'"version"\s{0,20}:\s{0,20}"https?:\\?/\\?/(?:www\.)?jsonfeed\.org\\?/version')
_JSON = re.compile(r'\{\s*["}]|\[\s*[\[{"\]]')
_MHTML = re.compile(r"(?:[\w\-]{1,40}:.{0,500}\r?\n(?:[ \t].{0,500}\r?\n)*){0,20}?MIME-Version:", re.IGNORECASE)
_MAGIC = (
    (re.compile(rb"\s{0,1000}%PDF-"), "a PDF"),
    (re.compile(rb"\x89PNG|GIF8[79]a|\xff\xd8\xff|RIFF....WEBP|BM.{4}\0\0\0\0|\0\0..ftypavif", re.DOTALL), "a picture"),
    (
        re.compile(rb"ID3[\2-\4]|OggS\0|fLaC\0|\xff\xfb|RIFF....(?:WAVE|AVI )|\0\0..ftyp|\x1aE\xdf\xa3", re.DOTALL),
        "a recording",
    ),
    (re.compile(rb"PK\x03\x04"), "a ZIP archive, as word processors write their files"),
    (re.compile(rb"\x1f\x8b|BZh[1-9]1AY|\xfd7zXZ|7z\xbc\xaf|Rar!\x1a|\x28\xb5\x2f\xfd"), "compressed"),
    (re.compile(rb"\xd0\xcf\x11\xe0|\{\\rtf"), "a word processor's file"),
)
_SAVE_AS = "Save the words as a text file or the page as HTML, and import that"


def kind_of(capture: Capture) -> InputKind | Finding:
    """Which importer reads a capture, or why none does: `import/empty`, `import/not-text`, `import/not-known`."""
    if not capture.data.strip(b"\0\t\n\f\r \xef\xbb\xbf\xfe\xff"):
        return Finding(
            "import/empty", "there is nothing in it", "Look whether the file or the address is the right one"
        )
    for magic, what in _MAGIC:
        if magic.match(capture.data):
            return _not_text(what)
    certain, mark = encoding.shape(capture.data)
    head = (
        capture.data[mark : mark + _HEAD].decode(certain or "latin-1", "ignore").lstrip("\ufeff\xef\xbb\xbf \t\n\f\r")
    )
    found = _of_markup(head, capture) or _of_json(head, capture.data)
    if found:
        return found
    if not certain and _BINARY.search(capture.data[:_RESOURCE_HEADER]):
        return _not_text("no text")
    if _MHTML.match(head):
        return _not_text("a mail or a web archive (MHTML)")
    return InputKind.TEXT


def _of_markup(head: str, capture: Capture) -> InputKind | Finding | None:
    start, doctype, had_comment = _past_prologue(head)
    root = _ROOT.match(head, start)
    name = root[1].lower() if root else ""
    if kind := _ROOTS.get(name):
        return kind
    if name == "rdf" and _RDF_FEED.search(head):
        return InputKind.FEED
    if name in _HTML or doctype == "html" or (had_comment and not name):
        return InputKind.HTML
    if name and head.startswith("<?xml"):
        message = f"it is XML with the root '{name[:40]}', and neither a feed nor a list of feeds nor a page"
        return Finding("import/not-known", message, _SAVE_AS)
    return _late(head) or (InputKind.HTML if name and capture.media_type == "text/html" else None)


def _past_prologue(head: str) -> tuple[int, str, bool]:
    """Where the root begins, after declaration, comments and document type; that type's name; whether a comment was."""
    at, doctype, had_comment = 0, "", False
    while True:
        at = _SPACE.match(head, at).end()  # type: ignore[union-attr]  # it matches nothing, too
        if head.startswith("<!--", at):
            end, had_comment = head.find("-->", at + 2) + 3, True
        elif head.startswith("<?", at):
            end = head.find("?>", at) + 2
        elif match := _DOCTYPE.match(head, at):
            end, doctype = match.end(), match[1].lower()
        else:
            return at, doctype, had_comment
        if end <= at:  # it never ends
            return len(head), doctype, had_comment
        at = end


def _late(head: str) -> InputKind | None:
    """Of a document with something before it that is not its own: it begins on a line of its own, and it ends."""
    match = _LATE_ROOT.search(head[:_LATE])
    if match is None or not re.search(rf"</{match[1]}\s{{0,99}}>", head, re.IGNORECASE):
        return None
    return InputKind.HTML if match[1].lower() == "html" else InputKind.FEED


def _of_json(head: str, data: bytes) -> InputKind | Finding | None:
    if not _JSON.match(head):
        return None
    if head.startswith("{") and _JSON_FEED.search(data):
        return InputKind.JSON_FEED
    if data.rstrip()[-1:] not in (b"}", b"]"):
        return None  # a text in brackets
    return Finding("import/not-known", "it is JSON, and no JSON Feed", _SAVE_AS)


def _not_text(what: str) -> Finding:
    return Finding("import/not-text", f"it is {what}", _SAVE_AS)
