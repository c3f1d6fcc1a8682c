"""The output, read again: what the bill of materials claims, what an address means, and where a fault stands."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import quote, unquote, urljoin, urlsplit

from markupsafe import escape
from msgspec import Struct, field

from broadsheet.bill import Bill, BillItem, BillLimits
from broadsheet.problem import Problem

_PORTS = {"http": 80, "https": 443}
# The basic URL parser: C0 controls and spaces go at the ends, tab and line ends anywhere, and where a scheme is special
# `\` is `/` and any number of slashes begins a host. https://url.spec.whatwg.org/#concept-basic-url-parser
_ENDS = "".join(map(chr, range(0x21)))
_NOWHERE = str.maketrans("", "", "\t\n\r")
_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*:", re.IGNORECASE)
_SPECIAL = re.compile(r"(https?|wss?|ftp):(/*)", re.IGNORECASE)
_DOTS = re.compile(r"/\.|%2e", re.IGNORECASE)
_ESCAPE = re.compile("%[0-9a-f]{2}", re.IGNORECASE)
_KEPT = "%/:@!$&'()*+,;=~?"
"""Signs that are no letter and stay as they are in an address."""


class Claims(Struct, frozen=True):
    """What a built site says of itself, and what it is held to."""

    bill: Bill
    items: Mapping[str, BillItem]
    """By the file of the page."""
    limits: BillLimits
    """Of `config.yaml` where that is at hand, else of the bill."""
    files: frozenset[str]
    """All files of the output, relative, with `/`."""
    ids: Mapping[str, str]
    """The first id in feeds that each page had, by its file."""
    folder: str
    """Name of the output folder, for problems."""
    roots: tuple[str, ...]
    """How addresses on the site's host begin."""
    common: frozenset[str] = frozenset()
    """Passages of the front page: what of them stands on another page too belongs to no article."""
    by_id: Mapping[str, BillItem] = field(default_factory=dict)
    """By the id in feeds."""
    summaries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By a summary: the files of the pages of the articles that have it."""
    pictures: Mapping[str, BillItem] = field(default_factory=dict)
    """By the file of a picture: the article that it belongs to."""

    @property
    def base_path(self) -> str:
        """Path of the site's folder on its host."""
        return urlsplit(self.bill.url).path

    def url_of(self, file: str) -> str:
        """The address at which a file is found."""
        is_index = file == "index.html" or file.endswith("/index.html")
        path = file.removesuffix("index.html") if is_index else file
        return address(self.bill.url, self.bill.url + quote(path, safe="/~", errors="surrogateescape"))

    def is_here(self, url: str) -> bool:
        """Whether an address, as `address` writes it, is on the site's host."""
        return url.startswith(self.roots)

    def file_of(self, url: str) -> str | None:
        """The file that answers an address, as `address` writes it; None for one that is outside the site's folder."""
        if not url.startswith(self.roots):
            return None
        path = re.split("[?#]", f"/{url.split('/', 3)[3]}", maxsplit=1)[0]
        if not path.startswith(self.base_path):
            return None
        file = unquote(path.removeprefix(self.base_path), errors="surrogateescape")
        return f"{file}index.html" if file.endswith("/") or not file else file

    def page_of(self, item: BillItem) -> str:
        """The file of an article's page, whether it is there or not."""
        return self.file_of(address(self.bill.url, item.url)) or ""

    def item_at(self, url: str) -> BillItem | None:
        """The article whose page an address leads to, fragments left aside."""
        file = self.file_of(url)
        return self.items.get(file) if file is not None else None

    def terms_of(self, item: BillItem) -> str:
        """What the terms of an article are called, as its card names them: of the words that are its publisher's."""
        theirs = (part.licence for part in item.parts if part.holder or item.origin is None)
        return next((self.bill.licences[name].name for name in theirs if name in self.bill.licences), "")

    def problem(self, file: str, source: str, needle: str, rule: str, message: str, remedy: str) -> Problem:
        """A problem at the place in a file's text where `needle` stands first, as text or escaped as in HTML."""
        places = (source.find(form) for form in (needle, html.escape(needle, quote=False), str(escape(needle))))
        at = next((place for place in places if place > 0), 0) if needle else 0
        return self.problem_at(file, source, at, rule, message, remedy)

    def problem_at(self, file: str, source: str, at: int, rule: str, message: str, remedy: str) -> Problem:
        """A problem at a place in a file's text, counted in characters."""
        line = source.count("\n", 0, at) + 1
        column = at - source.rfind("\n", 0, at)
        return Problem(f"{self.folder}/{file}", line, column, rule, message, remedy)


def roots_of(url: str) -> tuple[str, ...]:
    """How addresses begin that are on the host of a site; where nothing says otherwise, without TLS too."""
    root = address(url, "/")
    other = root.replace("https:", "http:") if root.startswith("https:") else root.replace("http:", "https:")
    return (root,) if urlsplit(root).port else (root, other)


def address(base: str, reference: str) -> str:
    """The address in full that browsers take a reference for, on a page at `base`; in one spelling of the many.

    What is no address at all is given back as it is.
    """
    if reference.startswith("#"):
        return f"{base.partition('#')[0]}{reference}"
    # Most are the same on every page, and what does not depend on the page is worked out once.
    return _joined(_root(base) if reference.startswith(("/", "https://", "http://")) else base, reference)


@lru_cache(maxsize=16)
def _root(base: str) -> str:
    return "/".join([*base.split("/", 3)[:3], ""])


@lru_cache(maxsize=1 << 15)
def _joined(base: str, reference: str) -> str:
    reference = reference.strip(_ENDS).translate(_NOWHERE)
    special = _SPECIAL.match(reference)
    if "\\" in reference and (special or not _SCHEME.match(reference)):
        path = re.split("[?#]", reference, maxsplit=1)[0]
        reference = path.replace("\\", "/") + reference[len(path) :]
        special = _SPECIAL.match(reference)
    if special and (len(special[2]) > 1 or not base.lower().startswith(f"{special[1].lower()}:")):
        reference = f"{special[1]}://{reference[special.end() :]}"
    elif special:
        reference = reference[special.end(1) + 1 :]
    elif reference.startswith("//"):
        reference = f"//{reference.lstrip('/')}"
    try:
        return _in_one_spelling(urljoin(base, reference))
    except ValueError:
        return reference


def _in_one_spelling(url: str) -> str:
    """A web address with a plain host, the port only where it is not the usual one, no dots and no user in it."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS:
        return url
    host = unquote(parts.hostname or "").rstrip(".")
    try:
        host = host.encode("idna").decode().lower()
    except UnicodeError:
        host = host.lower()
    port = f":{parts.port}" if parts.port not in (None, _PORTS[parts.scheme]) else ""
    root = f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"
    path = parts.path or "/"
    if _DOTS.search(path):
        path = urlsplit(urljoin(f"{root}/", re.sub("%2e", ".", path, flags=re.IGNORECASE))).path
    query = f"?{parts.query}" if parts.query else ""
    written = path + query
    if "%" in written or not written.isascii() or " " in written:
        written = quote(_ESCAPE.sub(lambda escape: escape[0].upper(), written), safe=_KEPT, errors="surrogateescape")
    return root + written + (f"#{parts.fragment}" if parts.fragment else "")
