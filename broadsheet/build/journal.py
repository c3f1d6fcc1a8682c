"""What is to be done to an output, written down before it is begun, so that whoever comes next can end it.

Each step may have been done already, in full: to do all of them again is to do what is left.
"""

# This runs for each file of a build, so paths are strings.
# ruff: noqa: PTH103, PTH104, PTH105, PTH106, PTH108, PTH118, PTH120
from __future__ import annotations

import json
import os
import re
import stat
import sys
from collections.abc import Iterable
from contextlib import suppress
from itertools import chain
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict

from broadsheet.build.ground import Folders, Lies, parents, status
from broadsheet.build.manifest import MANIFEST, is_inside, load
from broadsheet.build.stage import write

NAME = "journal"
STAGING = re.compile(r"staged-[0-9a-f]{8}")
"""The name of the folder with what is to be moved, beside the journal."""
_NEW = "journal.new"
_FEW = 128
"""Up to so many files are flushed one by one: 0.1 ms each on ext4. All at once cost less, and what others wrote."""


class Journal(Struct, frozen=True):
    """Paths are relative to the output, with `/`."""

    staging: str
    before: tuple[str, ...] = ()
    """What is removed first: a folder comes in its place, or a file in its folder's place."""
    moves: tuple[tuple[str, str], ...] = ()
    """What is moved into place, in this order: the file, and its path in the stage."""
    after: tuple[str, ...] = ()
    """What is removed then. The manifest is moved last."""


def record(workspace: str, journal: Journal) -> None:
    """Write the journal, whole or not at all. From then on the next run ends what this one began. Raises OSError."""
    try:
        write(f"{workspace}/{_NEW}", json.dumps(asdict(journal)).encode())
        flush(workspace, [_NEW])
        os.replace(f"{workspace}/{_NEW}", f"{workspace}/{NAME}")
        _flush_folder(workspace)
    except OSError:
        for name in (NAME, _NEW):
            with suppress(FileNotFoundError):
                os.unlink(f"{workspace}/{name}")
        raise


def recorded(workspace: str) -> Journal | None:
    """The journal that a killed run left; None where there is none, or none of ours. Raises OSError."""
    try:
        said = json.loads(Path(workspace, NAME).read_bytes())
        moves = tuple((file, place) for file, place in said["moves"])
        journal = Journal(str(said["staging"]), tuple(said["before"]), moves, tuple(said["after"]))
    except (FileNotFoundError, ValueError, RecursionError, KeyError, TypeError):
        return None
    files = (*journal.before, *chain.from_iterable(journal.moves), *journal.after)
    is_ours = STAGING.fullmatch(journal.staging) and all(map(is_inside, files))
    return journal if is_ours and _is_plain(f"{workspace}/{journal.staging}") else None


def drop(workspace: str) -> None:
    """Remove the journal. One that stays does no harm: there is nothing left to do by it."""
    for name in (NAME, _NEW):
        with suppress(OSError):
            os.unlink(f"{workspace}/{name}")


def carry_out(output: str, workspace: str, journal: Journal) -> None:
    """Do what it says, or what is left of it. Raises OSError; then it can be done again."""
    staging = f"{workspace}/{journal.staging}"
    # What the manifest does not list any more was removed already, and may have come back as somebody else's.
    ours = load(Path(output)).files if journal.before or journal.after else frozenset()
    remove(output, [file for file in journal.before if file in ours])
    for file, place in journal.moves:
        _move(f"{staging}/{place}", output, file)
    remove(output, [file for file in journal.after if file in ours])
    _move(f"{staging}/{MANIFEST}", output, MANIFEST)
    _flush_folder(output)


def left(workspace: str, journal: Journal) -> frozenset[str]:
    """The files that were not moved yet. Raises OSError."""
    staging = f"{workspace}/{journal.staging}"
    return frozenset(file for file, place in journal.moves if status(f"{staging}/{place}") is not None)


def _move(staged: str, output: str, file: str) -> None:
    """A file; with its folder where both are new, which costs one call and no room on the disk."""
    try:
        os.replace(staged, f"{output}/{file}")
    except FileNotFoundError:
        if status(staged) is None:
            return
        folders = [*reversed([*parents(file)])]
        new = next((folder for folder in folders if status(f"{output}/{folder}") is None), None)
        if new is not None and staged.endswith(f"/{file}"):
            os.rename(staged.removesuffix(file) + new, f"{output}/{new}")
        else:  # somebody removed the folder meanwhile
            os.makedirs(os.path.dirname(f"{output}/{file}"), exist_ok=True)
            os.replace(staged, f"{output}/{file}")


def remove(output: str, files: Iterable[str]) -> None:
    """Files, and the folders that they leave empty. What is no file any more, or lies behind a link, is not ours.

    Raises OSError.
    """
    folders = Folders(output)
    for file in files:
        if folders.lies(file.rpartition("/")[0]) is Lies.OUTSIDE:
            continue
        found = status(f"{output}/{file}")
        if found is not None and stat.S_ISDIR(found.st_mode):
            continue
        with suppress(FileNotFoundError, NotADirectoryError):
            os.unlink(f"{output}/{file}")
        with suppress(OSError):  # not empty, or gone already
            for folder in parents(file):
                _remove_folder(f"{output}/{folder}")


def _remove_folder(folder: str) -> None:
    with suppress(FileNotFoundError):
        os.rmdir(folder)


def flush(folder: str, files: Iterable[str]) -> None:
    """Have the disk hold the bytes of these files, by their paths below `folder`. Raises OSError."""
    paths = [f"{folder}/{file}" for file in files]
    if len(paths) > _FEW and sys.platform == "linux":
        _flush_all(folder)
        return
    for path in paths:
        _flush_one(path, os.O_RDWR)


def _flush_one(path: str, flags: int) -> None:
    file = os.open(path, flags)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _flush_all(folder: str) -> None:
    """All of a file system (syncfs(2)), and what it could not write is an error, unlike with `os.sync`."""
    import ctypes

    file = os.open(folder, os.O_RDONLY)
    try:
        if ctypes.CDLL(None, use_errno=True).syncfs(file) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), folder)
    finally:
        os.close(file)


def _flush_folder(folder: str) -> None:
    """The names in it. Windows opens no folders."""
    if sys.platform != "win32":
        _flush_one(folder, os.O_RDONLY)


def _is_plain(folder: str) -> bool:
    """Files and folders and nothing else lie in it. A stage of ours has no links, and none shall be published."""
    found = status(folder)
    if found is None:
        return True  # all was moved
    return stat.S_ISDIR(found.st_mode) and all(
        stat.S_ISDIR(entry.st_mode) or stat.S_ISREG(entry.st_mode)
        for path, folders, files in os.walk(folder)
        for entry in map(os.lstat, (os.path.join(path, name) for name in (*folders, *files)))
    )
