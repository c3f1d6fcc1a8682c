"""A request's target -> what is sent, as GitHub Pages sends it.

Only what the build's manifest lists is ever looked for, by its exact name: a target that is spelled in another way
names nothing. https://docs.github.com/pages has the 404 page; the rest is what its servers were seen to do: `/x` is the
file `x`, else `x.html`, else, where `x/` is a folder, a redirect to `/x/`.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from urllib.parse import quote, unquote, unquote_to_bytes

from msgspec import Struct

from broadsheet.fields import PICTURES
from broadsheet.serve.state import State

HTML = "text/html; charset=utf-8"
_PLAIN = "text/plain; charset=utf-8"
TYPES = PICTURES | {
    "atom": "application/atom+xml",
    "css": "text/css; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "html": HTML,
    "ico": "image/x-icon",
    "js": "application/javascript; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "otf": "font/otf",
    "pdf": "application/pdf",
    "rss": "application/rss+xml",
    "svg": "image/svg+xml",
    "ttf": "font/ttf",
    "txt": _PLAIN,
    "webmanifest": "application/manifest+json; charset=utf-8",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "xml": "application/xml",
}
"""By the ending of a file's name; all others are `application/octet-stream`."""
_VERSION = re.compile(rb"(\.css)\?v=[0-9a-f]+")
_NOT_BUILT = b"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Not built yet</title></head>
<body><p>There is nothing to be seen until the site has been built.</p></body></html>
"""


class Answer(Struct, frozen=True):
    """What is sent, but for what the transport adds."""

    status: int
    kind: str = _PLAIN
    """The media type."""
    body: bytes = b""
    location: str | None = None
    """Of a redirect: a path on this host."""

    @property
    def is_page(self) -> bool:
        """Whether it is HTML."""
        return self.kind == HTML

    @property
    def identity(self) -> str:
        """Changes where a browser that shows the page must load it again: not by a new version of a style sheet."""
        return hashlib.sha256(b"%d %s" % (self.status, _VERSION.sub(rb"\1", self.body))).hexdigest()[:16]


def answer(target: str, state: State) -> Answer:
    """What a GET of `target`, as it stood in the request, is answered with."""
    path = _decoded(target)
    if path is None:
        return Answer(404)
    if state.files is None:
        return Answer(503, HTML, _NOT_BUILT)
    base = unquote(state.base_path)
    if f"{path}/" == base:
        return _redirect(base)
    if not path.startswith(base):
        return Answer(404, body=f"The site's base_url says that it stands under {base}\n".encode())
    return _within(path.removeprefix(base), base, state, state.files)


def _within(path: str, base: str, state: State, files: frozenset[str]) -> Answer:
    names = [f"{path}index.html"] if path.endswith("/") or not path else [path, f"{path}.html"]
    for name in names:
        if name in files and _is_shown(name) and (data := read(state.output, name)) is not None:
            return Answer(200, TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream"), data)
    if f"{path}/index.html" in files and _is_shown(path):
        return _redirect(f"{base}{path}/")
    return Answer(404, HTML, read(state.output, "404.html") or b"") if "404.html" in files else Answer(404)


def _redirect(path: str) -> Answer:
    return Answer(301, location=quote(path))


def _decoded(target: str) -> str | None:
    """The path of a target, decoded once; None where none can be told."""
    path = target.partition("?")[0]
    if not path.startswith("/") or not path.isascii():
        return None
    try:
        return unquote_to_bytes(path).decode()
    except UnicodeDecodeError:
        return None


def _is_shown(file: str) -> bool:
    """Whether no part of a path is hidden, but for the one folder that is meant for machines (RFC 8615)."""
    return not any(part.startswith(".") for part in file.removeprefix(".well-known/").split("/"))


def read(output: Path, file: str) -> bytes | None:
    """A file's bytes; None where there is none, or where a link leads to it."""
    root = output.resolve()
    path = root / file
    try:
        # Resolving changes what has a link in any of its parts.
        return path.read_bytes() if path.resolve() == path and path.is_file() else None
    except (OSError, RuntimeError, ValueError):  # RuntimeError: a loop of links, before Python 3.13
        return None
