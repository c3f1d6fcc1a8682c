"""Room on a disk: what a site takes, and whether there is enough before it is begun."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Space:
    """On a disk."""

    bytes: int
    files: int
    """With folders."""

    def times(self, factor: float) -> Space:
        """So many times as much."""
        return Space(round(self.bytes * factor), round(self.files * factor))


ARTICLE = Space(50_000, 5)
"""A guess: an article with all that one generator makes of it."""


class NoRoomError(Exception):
    """A disk is too small."""


def hold_room(what: str, needed: Space, folder: Path) -> None:
    """Raises NoRoomError where the disk that the folder lies on has less room than needed."""
    there = free(folder)
    if needed.bytes > there.bytes or needed.files > there.files:
        raise NoRoomError(
            f"{what} may take {needed.bytes / 1e9:.1f} GB in {needed.files:,} files; the disk of {folder} has room for "
            f"{there.bytes / 1e9:.1f} GB in {there.files:,}. Name a folder on another one: --folder FOLDER"
        )


def free(folder: Path) -> Space:
    """What the disk that a folder lies on still takes. Some file systems do not count files."""
    counts = os.statvfs(folder)
    return Space(shutil.disk_usage(folder).free, counts.f_favail if counts.f_files else sys.maxsize)


def taken(folder: Path) -> Space:
    """By a folder: the blocks that its files and folders occupy."""
    sizes = [entry.stat(follow_symlinks=False).st_blocks * 512 for entry in _walk(folder)]
    return Space(sum(sizes), len(sizes))


def total(spaces: Iterable[Space]) -> Space:
    """Their sum."""
    known = list(spaces)
    return Space(sum(space.bytes for space in known), sum(space.files for space in known))


def _walk(folder: Path) -> Iterator[os.DirEntry[str]]:
    """All that lies in a folder, at any depth; nothing where it is not there."""
    if not folder.is_dir():
        return
    with os.scandir(folder) as entries:
        for entry in entries:
            yield entry
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(Path(entry.path))
