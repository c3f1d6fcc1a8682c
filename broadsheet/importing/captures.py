"""The folder `.captures/`: originals as they came, for the curator's eyes and for `check`. Git never sees it.

A text lies in `SHA256.txt`, normalised; `SHA256.json` says where it came from and what the importer wrote of it, which
a later `--update` compares with; `SHA256.html` or the like holds the bytes. SHA256 is `retrieved.sha256` of the
article, so that `withdraw` finds all of them. Feeds lie in `feeds/`, named by their address, with what the next
conditional request needs (RFC 9110, section 13.1).
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from broadsheet.importing.capture import Capture
from broadsheet.words import normalise

FOLDER = ".captures"
_FEEDS = "feeds"
_IGNORE = "# Originals that may not be published: nothing in this folder goes into a repository.\n*\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is known of a captured text."""

    name: str
    """The file, or the address that was asked for."""
    url: str | None
    at: str
    """RFC 3339, UTC."""
    charset: str
    media_type: str
    bytes_sha256: str
    """Of the bytes as they came; empty where a feed holds them."""
    sha256: str
    """Of the normalised text."""
    words: int
    article: str
    """Path of the article made of it, relative to the site's folder, with `/`."""
    written: str
    """Text of the article as the importer wrote it."""


def keep(source: Path, capture: Capture, text: str, kept: Kept, suffix: str) -> None:
    """Store a captured text with its bytes. `suffix` is that of the bytes: `.html`; empty where a feed holds them."""
    folder = _folder(source)
    write(folder / f"{kept.sha256}.txt", normalise(text).encode() + b"\n")
    if suffix:
        write(folder / f"{kept.sha256}{suffix}", capture.data)
    write(folder / f"{kept.sha256}.json", (json.dumps(asdict(kept), indent=1, ensure_ascii=False) + "\n").encode())


def load(source: Path, digest: str | None) -> Kept | None:
    """What is known of a text by its SHA-256; None where it was captured elsewhere or by hand."""
    try:
        raw = json.loads((source / FOLDER / f"{digest}.json").read_bytes())
        return Kept(**raw) if all(isinstance(raw[key], str) for key in ("article", "written", "sha256")) else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def text_of(source: Path, digest: str | None) -> str | None:
    """A captured text, normalised; None where it is not here."""
    try:
        return (source / FOLDER / f"{digest}.txt").read_text("utf-8").strip()
    except (OSError, ValueError):
        return None


def keep_feed(source: Path, capture: Capture, suffix: str) -> None:
    """Store a feed with its validators, in the place of what it was before."""
    folder = _folder(source) / _FEEDS
    folder.mkdir(exist_ok=True)
    stem = _stem(capture.name)
    write(folder / f"{stem}{suffix}", capture.data)
    state = {"address": capture.name, "url": capture.url, "etag": capture.etag, "modified": capture.modified}
    write(folder / f"{stem}.json", (json.dumps(state, indent=1, ensure_ascii=False) + "\n").encode())


def validators(source: Path, address: str) -> tuple[str, str]:
    """(entity tag, Last-Modified) of a feed as it was last taken in; empty where it was not."""
    try:
        state = json.loads((source / FOLDER / _FEEDS / f"{_stem(address)}.json").read_bytes())
        etag, modified = state.get("etag", ""), state.get("modified", "")
    except (OSError, ValueError, AttributeError):
        return "", ""
    return (etag, modified) if isinstance(etag, str) and isinstance(modified, str) else ("", "")


def write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: it appears under its name only when all of it is on the disk."""
    handle, temporary = tempfile.mkstemp(prefix=".broadsheet-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _folder(source: Path) -> Path:
    folder = source / FOLDER
    if not (folder / ".gitignore").exists():
        folder.mkdir(exist_ok=True)
        write(folder / ".gitignore", _IGNORE.encode())
    return folder


def _stem(address: str) -> str:
    return sha256(address.encode(errors="replace")).hexdigest()[:32]
