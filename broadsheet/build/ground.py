"""What stands in a folder such as the output, link by link, before anything is written there or removed."""

# This runs for each file of a build, so paths are strings.
# ruff: noqa: PTH106, PTH108
from __future__ import annotations

import enum
import os
import stat
from collections.abc import Iterator
from contextlib import suppress


class Lies(enum.Enum):
    """How a folder lies in another."""

    HERE = enum.auto()
    """It is a folder inside, perhaps through a link that stays inside."""
    NOWHERE = enum.auto()
    FILE = enum.auto()
    """What has its name is no folder."""
    OUTSIDE = enum.auto()
    """It, or one above it, is a link that leads out."""


class Folders:
    """The folders below a root. Each is asked of the system once, so an answer holds while nobody changes them."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._known = {"": Lies.HERE}

    def lies(self, folder: str) -> Lies:
        """How it lies, by its path relative to the root. Raises OSError."""
        found = self._known.get(folder)
        if found is not None:
            return found
        above = Lies.HERE
        for path in [*reversed([*parents(folder)]), folder]:
            found = self._known.get(path)
            if found is None:
                found = self._look(path) if above is Lies.HERE else _below(above)
                self._known[path] = found
            above = found
        return above

    def _look(self, folder: str) -> Lies:
        path = f"{self._root}/{folder}"
        found = status(path)
        if found is None:
            return Lies.NOWHERE
        if not stat.S_ISLNK(found.st_mode):
            return Lies.HERE if stat.S_ISDIR(found.st_mode) else Lies.FILE
        root, real = os.path.realpath(self._root), os.path.realpath(path)
        if os.path.commonpath((root, real)) != root:
            return Lies.OUTSIDE
        found = status(real)
        return Lies.HERE if found is not None and stat.S_ISDIR(found.st_mode) else Lies.FILE


def _below(above: Lies) -> Lies:
    return Lies.OUTSIDE if above is Lies.OUTSIDE else Lies.NOWHERE


def status(path: str) -> os.stat_result | None:
    """What has this path, be it a link; None where nothing has. Raises OSError where the system does not say.

    `os.path.exists` and its like take a failing disk for an absent file.
    """
    try:
        return os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None


def parents(path: str) -> Iterator[str]:
    """The folders above it, the nearest first, without the root."""
    path = path.rpartition("/")[0]
    while path:
        yield path
        path = path.rpartition("/")[0]


def is_empty(folder: str) -> bool:
    """Nothing lies in it, or it is not there. Raises OSError."""
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is None
    except FileNotFoundError:
        return True


def remove(folder: str) -> None:
    """A folder with all in it, as far as the system lets us. No link is followed."""
    folders = [folder]
    for path in folders:  # grows; a recursion would have an end that a tree of folders need not have
        with suppress(OSError), os.scandir(path) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                else:
                    with suppress(OSError):
                        os.unlink(entry.path)
    for path in reversed(folders):
        with suppress(OSError):
            os.rmdir(path)
