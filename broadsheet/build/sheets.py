"""What is prepared of texts, in files beside the cache: a sheet holds a chunk of articles, page and line of the bill.

Whoever prepares a chunk writes its sheet, and whoever renders a page reads its place there: so no text travels between
processes, nor through the database. A sheet is named after what is in it and is never changed, so that whatever a kill
leaves is as good as none. What is read from one is checked against its digest.
"""

# This runs for each article of a build, so paths are strings.
# ruff: noqa: PTH108
from __future__ import annotations

import os
import struct
from collections.abc import Collection, Iterable
from contextlib import suppress

from broadsheet.build.stage import write
from broadsheet.digest import SIZE, digest

LEAST = 8
"""Articles that are worth a sheet: fewer are kept in the database."""
_THIN = 4
"""Where of a sheet's articles less than one in so many is still in use, these are prepared again, and it goes."""
_LEAF = struct.Struct(f"<{SIZE}sHQII")
"""Where an article lies: name of the sheet, articles in it, first byte of its line, sizes of line and page."""
_READING = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


class Sheets:
    """A folder of sheets. The sheet that was read last is held open until `close`."""

    __slots__ = ("_file", "_name", "folder")

    def __init__(self, folder: str) -> None:
        """The folder may not be there: then none is kept, for whoever outlives a build shall not make it again."""
        self.folder = folder
        self._file, self._name = -1, b""

    def close(self) -> None:
        """Let go of the file."""
        if self._file >= 0:
            os.close(self._file)
            self._file, self._name = -1, b""

    def put(self, made: Collection[tuple[bytes, bytes]], *digests: bytes) -> list[bytes]:
        """Write a sheet of (line, page) of articles, which have these digests; the leaf of each. Raises OSError."""
        name = digest(*digests)
        write(f"{self.folder}/{name.hex()}", b"".join([part for pair in made for part in pair]))
        leaves, at = [], 0
        for line, page in made:
            leaves.append(_LEAF.pack(name, len(made), at, len(line), len(page)))
            at += len(line) + len(page)
        return leaves

    def line(self, leaf: bytes) -> bytes:
        """The line of the bill; empty where it is there no more."""
        name, _, at, size, _ = _LEAF.unpack(leaf)
        return self._read(name, at, size)

    def page(self, leaf: bytes) -> bytes:
        """The prepared page; empty where it is there no more."""
        name, _, at, before, size = _LEAF.unpack(leaf)
        return self._read(name, at + before, size)

    def _read(self, name: bytes, at: int, size: int) -> bytes:
        try:
            if name != self._name:
                self.close()
                self._file, self._name = os.open(f"{self.folder}/{name.hex()}", _READING), name
            os.lseek(self._file, at, os.SEEK_SET)
            data = os.read(self._file, size)
        except OSError:
            return b""
        return data if len(data) == size else b""

    def tidy(self, leaves: Iterable[bytes]) -> None:
        """Remove the sheets in which none of these lies."""
        used = {name.hex() for name in set(map(_name, leaves))}
        with suppress(OSError):
            for name in os.listdir(self.folder):  # noqa: PTH208
                if name not in used:
                    with suppress(OSError):
                        os.unlink(f"{self.folder}/{name}")


def thin(leaves: Iterable[bytes]) -> set[bytes]:
    """Those of the leaves in use whose sheets hold hardly any others in use."""
    found: dict[bytes, list[bytes]] = {}
    for leaf in leaves:
        found.setdefault(leaf[:SIZE], []).append(leaf)
    return {leaf for others in found.values() if len(others) * _THIN < _LEAF.unpack(others[0])[1] for leaf in others}


def _name(leaf: bytes) -> bytes:
    return leaf[:SIZE]
