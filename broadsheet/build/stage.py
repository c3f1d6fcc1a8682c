"""Where files lie until all are there. Worker processes write here too, each with a `Stage` of its own.

This runs once for each file of a build, hence `os` and no `pathlib`: a file costs a call to open, to write and to
close, and a folder one to make. What was asked or made once is remembered. A file whose folder is in the output already
lies flat in the stage, under a name made of its path: to make 10,000 folders and to remove them again costs as much as
to write the files.
"""

# This runs for each file of a build, so paths are strings.
# ruff: noqa: PTH102, PTH108
from __future__ import annotations

import errno
import hashlib
import io
import os
import stat
from collections.abc import Iterable
from contextlib import suppress

from broadsheet.build.ground import Folders, Lies, status
from broadsheet.build.refusal import not_writable

_BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_WRITING = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY
_PIECE = 1 << 20
"""Bytes of a long file that are in memory at a time."""
# A pipe that lies in the output would keep us waiting.
_READING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _BINARY


class Stage:
    """A folder that holds the files in which the output is to change."""

    __slots__ = ("_folders", "_made", "_output", "_staging", "is_first")

    def __init__(self, output: str, staging: str, is_first: bool) -> None:
        """`is_first`: there is no output yet, so that all is staged unasked, each file at its path."""
        self._output, self._staging, self.is_first = output, staging, is_first
        self._made = {""}
        self._folders = Folders(output)

    def __reduce__(self) -> tuple[type[Stage], tuple[str, str, bool]]:
        # What one process remembers is no use to another.
        return Stage, (self._output, self._staging, self.is_first)

    def put(self, file: str, data: bytes) -> bool:
        """Stage the file, unless the output has these bytes at its path already; True where it is staged.

        Raises `PublishError`.
        """
        try:
            staged, may_be_there = self._place(file)
            if may_be_there and has(f"{self._output}/{file}", data):
                return False
            write(staged, data)
        except OSError as error:
            raise not_writable(self._output, error, f"{self._output}/{file}") from error
        return True

    def put_pieces(self, file: str, pieces: Iterable[bytes]) -> bool:
        """As `put`, of a file that is too long to be in memory."""
        try:
            staged, may_be_there = self._place(file)
            write_pieces(staged, pieces)
            if may_be_there and is_same(staged, f"{self._output}/{file}"):
                os.unlink(staged)
                return False
        except OSError as error:
            raise not_writable(self._output, error, f"{self._output}/{file}") from error
        return True

    def find(self, file: str) -> str:
        """Where the stage has a file that was put there, whichever process did. Raises OSError."""
        for place in (file, _flat(file)):
            if status(f"{self._staging}/{place}") is not None:
                return place
        raise FileNotFoundError(errno.ENOENT, "It is not staged any more", f"{self._output}/{file}")

    def _place(self, file: str) -> tuple[str, bool]:
        """The path in the stage for a file, whose folder is there then; and whether the output may have the file."""
        folder = file.rpartition("/")[0]
        if self.is_first or self._folders.lies(folder) is not Lies.HERE:
            self._make(folder)
            return f"{self._staging}/{file}", False
        return f"{self._staging}/{_flat(file)}", True

    def _make(self, folder: str) -> None:
        """The folder and those above it, but never the stage's own: a worker that outlived its build would make it."""
        path = ""
        for name in folder.split("/") if folder not in self._made else ():
            path = f"{path}/{name}" if path else name
            if path not in self._made:
                with suppress(FileExistsError):  # another worker's
                    os.mkdir(f"{self._staging}/{path}")
                self._made.add(path)


def _flat(file: str) -> str:
    return f"={hashlib.blake2b(file.encode(), digest_size=20).hexdigest()}"


def has(path: str, data: bytes) -> bool:
    """A file, and no link to one, has these bytes. What cannot be read has not: it is to be replaced."""
    try:
        file = os.open(path, _READING)
    except OSError:
        return False
    try:
        found = os.fstat(file)
        is_alike = stat.S_ISREG(found.st_mode) and found.st_size == len(data)
        return is_alike and os.read(file, len(data) + 1) == data
    except OSError:
        return False
    finally:
        os.close(file)


def is_same(path: str, other: str) -> bool:
    """Two files, and no links to any, have the same bytes. What cannot be read has not."""
    found = status(path), status(other)
    if any(one is None or not stat.S_ISREG(one.st_mode) for one in found):
        return False
    try:
        with _reading(path) as ours, _reading(other) as theirs:
            while data := ours.read(_PIECE):
                if theirs.read(_PIECE) != data:
                    return False
            return not theirs.read(1)
    except OSError:
        return False


def _reading(path: str) -> io.FileIO:
    return io.FileIO(path, opener=lambda name, _: os.open(name, _READING))


def write(path: str, data: bytes) -> None:
    """All bytes: the system may take a part of them at a time, and says only at the next that there is no room."""
    file = os.open(path, _WRITING, 0o666)
    try:
        _write(file, data)
    finally:
        os.close(file)


def write_pieces(path: str, pieces: Iterable[bytes]) -> None:
    """As `write`, some pieces at a time."""
    file = os.open(path, _WRITING, 0o666)
    try:
        waiting = bytearray()
        for piece in pieces:
            waiting += piece
            if len(waiting) >= _PIECE:
                _write(file, waiting)
                waiting.clear()
        _write(file, waiting)
    finally:
        os.close(file)


def _write(file: int, data: bytes | bytearray) -> None:
    written = os.write(file, data)
    while written < len(data):
        with memoryview(data) as all_:
            written += os.write(file, all_[written:])
