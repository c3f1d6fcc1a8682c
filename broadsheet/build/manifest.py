"""The manifest: which files of an output are ours, and the first id in feeds that each page had."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

MANIFEST = ".broadsheet.json"
"""In the output: the files that are ours, and the ids of items in feeds."""
_LEADING_OUT = ("//", "/./", "/../", "\0")
"""In no path with a slash before and behind it; nor in many paths, one after the other."""


class Manifest(NamedTuple):
    """What it says."""

    files: frozenset[str] = frozenset()
    """Paths relative to the output, with `/`."""
    ids: Mapping[str, str] = MappingProxyType({})
    """By the file of the page."""

    def __bytes__(self) -> bytes:
        """As JSON, a file or an id on a line, in order."""
        said = {"files": sorted(self.files), "ids": dict(sorted(self.ids.items()))}
        return json.dumps(said, ensure_ascii=False, separators=(",\n", ": ")).encode()


def load(output: Path) -> Manifest:
    """The output's manifest; an empty one where there is none that can be understood. Raises OSError."""
    try:
        said = json.loads((output / MANIFEST).read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValueError, RecursionError):
        return Manifest()
    if not isinstance(said, dict):
        return Manifest()
    files, ids = said.get("files"), said.get("ids")
    return Manifest(
        _inside(files) if isinstance(files, list) else frozenset(),
        {str(file): str(number) for file, number in ids.items()} if isinstance(ids, dict) else {},
    )


def manifest(output: Path) -> set[str]:
    """The files in the output that are ours; none where there is no manifest that can be read."""
    return set(_any(output).files)


def first_ids(output: Path) -> dict[str, str]:
    """The first id in feeds that each page had, by its file; none where there is no manifest that can be read."""
    return dict(_any(output).ids)


def workspaces(output: Path) -> tuple[Path, Path]:
    """Where a build that is under way, or was killed, has its workspace: beside the output, else within it."""
    real = Path(os.path.realpath(output))
    return real.parent / f".{real.name}.broadsheet", output / ".broadsheet"


def is_inside(file: object) -> bool:
    """This is a path that a file of the output can have. One that leads out is nobody's of ours, whoever says so."""
    return isinstance(file, str) and not any(it in f"/{file}/" for it in _LEADING_OUT) and _is_utf_8(file)


def _inside(files: list[Any]) -> frozenset[str]:
    """Those that a file of the output can have: usually all, which is seen of all at once."""
    try:
        is_usual = is_inside("/".join(files))
    except TypeError:  # not all are texts
        is_usual = False
    return frozenset(files if is_usual else filter(is_inside, files))


def _any(output: Path) -> Manifest:
    try:
        return load(output)
    except OSError:
        return Manifest()


def _is_utf_8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
