"""What tells whether a file may have changed, and the walk over a folder that collects it. Links are never followed."""

from __future__ import annotations

import os
import stat
import struct
from operator import attrgetter
from pathlib import Path

Stamp = tuple[int, int, int, int]
"""Size in bytes, times of the last change of the contents and of the file itself in ns, and number of a file.

A change that keeps size and time of change still changes the time of the file itself, which nobody can set.
"""


_PACKED = struct.Struct("<4q")
STAMP_SIZE = _PACKED.size
"""Bytes of a stamp that is packed."""
_NONE = bytes(STAMP_SIZE)
_LARGEST = 0x7FFF_FFFF_FFFF_FFFF
"""Some file systems have times that go beyond."""


def walk(root: Path, folder: str, hidden: bool = False, without: str = "") -> list[tuple[str, Stamp | None]]:
    """(path relative to `root`, its stamp) of each file and link below `root/folder`, by name. Links have none.

    What begins with a dot is passed over unless `hidden`, and folders of the name `without`. Raises OSError where a
    folder cannot be read.
    """
    top = root / folder
    if top.is_symlink():
        return [(folder, None)]
    found: list[tuple[str, Stamp | None]] = []
    _walk(str(top), folder, hidden, without, found)
    return found


def _walk(place: str, folder: str, hidden: bool, without: str, found: list[tuple[str, Stamp | None]]) -> None:
    try:
        entries = sorted(os.scandir(place), key=attrgetter("name"))
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        name = entry.name
        if name[0] == "." and not hidden:
            continue
        path = f"{folder}/{name}"
        if entry.is_file(follow_symlinks=False):
            try:
                found.append((path, stamp_of(entry.stat(follow_symlinks=False))))
            except FileNotFoundError:  # gone since the folder was read
                continue
        elif entry.is_dir(follow_symlinks=False):
            if name != without:
                _walk(entry.path, path, hidden, without, found)
        elif entry.is_symlink():
            found.append((path, None))


def stamp_of(status: os.stat_result) -> Stamp:
    """The stamp of a file."""
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def stamp(path: str | Path, *, is_followed: bool = False) -> Stamp | None:
    """The stamp of a file, `is_followed` also of one that a link leads to; None where there is none."""
    try:
        status = os.stat(path, follow_symlinks=is_followed)  # noqa: PTH116 -- asked of each file of the output
    except OSError:
        return None
    return stamp_of(status) if stat.S_ISREG(status.st_mode) else None


def packed(*stamps: Stamp | None) -> bytes:
    """Stamps as bytes, to be kept and compared, each as long as any other."""
    return b"".join([_packed(stamp) if stamp else _NONE for stamp in stamps])


def _packed(stamp: Stamp) -> bytes:
    try:
        return _PACKED.pack(*stamp)
    except struct.error:
        return _PACKED.pack(*[number & _LARGEST for number in stamp])
