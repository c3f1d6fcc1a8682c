"""The folder `.captures/`: originals as they came, for the curator's eyes and for `check`. Git never sees it.

A text lies in `SHA256.txt`, normalised; `SHA256.json` says where it came from and what the importer wrote of it, which
a later `--update` compares with; `SHA256.html` or the like holds the bytes. SHA256 is `retrieved.sha256` of the
article, so that `withdraw` finds all of them. Feeds lie in `feeds/`, named by their address, with what the next
conditional request needs (RFC 9110, section 13.1).
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from msgspec import Struct
from msgspec.structs import asdict

from broadsheet.build.files import CAPTURES
from broadsheet.importing.capture import Capture
from broadsheet.problem import Problem
from broadsheet.reading.frontmatter import split
from broadsheet.words import normalise

_FEEDS = "feeds"
_IGNORE = "# Originals that may not be published: nothing in this folder goes into a repository.\n*\n"


class Kept(Struct, frozen=True, kw_only=True):
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
    stem = f"{_folder(source)}/{kept.sha256}"
    write(source, f"{stem}.txt", normalise(text).encode() + b"\n")
    if suffix:
        write(source, f"{stem}{suffix}", capture.data)
    write(source, f"{stem}.json", _json(asdict(kept)))


def load(source: Path, digest: str | None) -> Kept | None:
    """What is known of a text by its SHA-256; None where it was captured elsewhere or by hand, or is damaged."""
    try:
        kept = Kept(**json.loads((source / CAPTURES / f"{digest}.json").read_bytes()))
        is_whole = not isinstance(split("", kept.written.encode()), Problem)
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return None
    return kept if is_whole else None


def text_of(source: Path, digest: str | None) -> str | None:
    """A captured text, normalised; None where it is not here."""
    try:
        return (source / CAPTURES / f"{digest}.txt").read_text("utf-8").strip()
    except (OSError, ValueError):
        return None


def keep_feed(source: Path, capture: Capture, suffix: str) -> None:
    """Store a feed with its validators, in the place of what it was before."""
    stem = f"{_folder(source)}/{_FEEDS}/{_stem(capture.name)}"
    write(source, f"{stem}{suffix}", capture.data)
    state = {"address": capture.name, "url": capture.url, "etag": capture.etag, "modified": capture.modified}
    write(source, f"{stem}.json", _json(state))


def validators(source: Path, address: str) -> tuple[str, str]:
    """(entity tag, Last-Modified) of a feed as it was last taken in; empty where it was not."""
    try:
        state = json.loads((source / CAPTURES / _FEEDS / f"{_stem(address)}.json").read_bytes())
        etag, modified = state.get("etag", ""), state.get("modified", "")
    except (OSError, ValueError, AttributeError, RecursionError):
        return "", ""
    return (etag, modified) if isinstance(etag, str) and isinstance(modified, str) else ("", "")


def write(source: Path, path: str, data: bytes) -> None:
    """Write a file of a site, with its folders, whole or not at all: it appears under its name when all of it is there.

    Raises OSError, also where a folder on the way is a link: what is written for a site stays in it.
    """
    *folders, name = path.split("/")
    folder = source
    for part in folders:
        folder /= part
        if folder.is_symlink():
            raise OSError(errno.ELOOP, "a symbolic link, which is never followed", str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".broadsheet-{token_hex(8)}"
    try:
        with temporary.open("xb") as file:
            file.write(data)
        temporary.replace(folder / name)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def alone(source: Path) -> Iterator[bool]:
    """Keep other imports out of a site; whether none is in it. What the one writes, the other would not know of."""
    try:
        import fcntl
    except ImportError:  # there is none on Windows, nor a lock that ends with its process whatever becomes of it
        yield True
        return
    handle = os.open(source, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in (errno.EAGAIN, errno.EACCES):
                yield False
                return
        yield True  # also where the file system has no locks
    finally:
        os.close(handle)


def _folder(source: Path) -> str:
    if not (source / CAPTURES / ".gitignore").exists():
        write(source, f"{CAPTURES}/.gitignore", _IGNORE.encode())
    return CAPTURES


def _json(data: Mapping[str, object]) -> bytes:
    return (json.dumps(data, indent=1, ensure_ascii=False) + "\n").encode()


def _stem(address: str) -> str:
    return sha256(address.encode(errors="replace")).hexdigest()[:32]
