"""Outputs -> the published folder, so that whoever reads it meanwhile never sees half a file or half a site for long.

What differs is staged beside the output, then moved file by file: assets first, then pages, then feeds and what else
machines read, deletions last, so that nothing refers to what is not there. What a failed build staged is thrown away.
Only files that the manifest lists are ever replaced or removed.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from broadsheet.problem import Problem

MANIFEST = ".broadsheet.json"
"""In the output: the files that are ours, and the ids of items in feeds."""


@dataclass(frozen=True, slots=True)
class Published:
    """What was done."""

    files: int
    changed: tuple[str, ...]
    """The files that were written, in order."""
    removed: int

    @property
    def written(self) -> int:
        """How many were written."""
        return len(self.changed)


class PublishError(Exception):
    """The output cannot be written; carries the problem. The published site is as it was, or each file is whole."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def publish(outputs: Iterable[tuple[str, bytes]], output: Path, ids: Mapping[str, str] | None = None) -> Published:
    """Make the output hold these files, (relative path, bytes), and no other of ours. Raises `PublishError`.

    `ids` are those of the items in feeds, by the file of the page. The manifest keeps the first that a page had, so
    that the audit sees where one changes.
    """
    ours, known = manifest(output), first_ids(output)
    # Named before it is made, so that an interrupt at any moment leaves none.
    staging = output.parent / f".{output.name}.{os.getpid()}.staging"
    try:
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(parents=True)
        files, changed = _stage(outputs, output, staging, ours)
        gone = ours - files
        in_the_way = _in_the_way(output, set(changed), gone)
        with _uninterrupted():
            # Ours is already what is about to be, so that a move that breaks off leaves nothing that nobody owns.
            if files - ours:
                _write_manifest(output, staging, ours | files, known)
            _remove(output, in_the_way)
            _move(staging, output, changed)
            _remove(output, gone - in_the_way)
            kept = {file: number for file, number in {**(ids or {}), **known}.items() if file in files}
            if (files, kept) != (manifest(output), first_ids(output)):
                _write_manifest(output, staging, files, kept)
        return Published(len(files), tuple(sorted(changed)), len(gone))
    except OSError as error:
        place = error.filename or output
        message = f"'{place}' cannot be written: {error.strerror or error}"
        remedy = "Make room, or look at its permissions, or name another folder with --output"
        raise PublishError(Problem(str(output), 1, 1, "output/not-writable", message, remedy)) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def manifest(output: Path) -> set[str]:
    """The files in the output that are ours; none where there is no manifest that can be read."""
    files = _manifest(output).get("files")
    if not isinstance(files, list):
        return set()
    # A path that leads out of the output is nobody's of ours, whatever the manifest says.
    return {f for f in files if isinstance(f, str) and f and ".." not in f.split("/") and not f.startswith("/")}


def first_ids(output: Path) -> dict[str, str]:
    """The first id in feeds that each page had, by its file; none where there is no manifest that can be read."""
    ids = _manifest(output).get("ids")
    return {str(file): str(number) for file, number in ids.items()} if isinstance(ids, dict) else {}


def _manifest(output: Path) -> dict[str, object]:
    try:
        manifest = json.loads((output / MANIFEST).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def clean(output: Path) -> int:
    """Remove what is ours from the output; how many files."""
    ours = manifest(output)
    _remove(output, ours | ({MANIFEST} if ours else set()))
    return len(ours)


def _stage(
    outputs: Iterable[tuple[str, bytes]], output: Path, staging: Path, ours: set[str]
) -> tuple[set[str], list[str]]:
    files: set[str] = set()
    changed = []
    checked: set[Path] = set()
    for file, data in outputs:
        files.add(file)
        target = output / file
        if target.parent not in checked:
            _stay_inside(output, target.parent)
            checked.add(target.parent)
        existing = target.read_bytes() if target.is_file() else None
        if existing == data:
            continue
        if existing is not None and file not in ours:
            raise PublishError(_not_ours(output, file))
        (staging / file).parent.mkdir(parents=True, exist_ok=True)
        (staging / file).write_bytes(data)
        changed.append(file)
    return files, changed


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C waits until the files that belong together are all in place."""
    pressed = []
    is_main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, lambda *_: pressed.append(True)) if is_main else None
    try:
        yield
    finally:
        if is_main:
            signal.signal(signal.SIGINT, before)
    if pressed:
        raise KeyboardInterrupt


def _move(staging: Path, output: Path, files: Iterable[str]) -> None:
    output.mkdir(parents=True, exist_ok=True)
    for file in sorted(files, key=_rank):
        target = output / file
        target.parent.mkdir(parents=True, exist_ok=True)
        (staging / file).replace(target)


def _in_the_way(output: Path, changed: set[str], gone: set[str]) -> set[str]:
    """Of the files that go, those in whose place a folder comes, or in whose folder's place a file does.

    Raises `PublishError` where something that is not ours is in the way.
    """
    folders = {str(parent) for file in changed for parent in PurePosixPath(file).parents}
    in_the_way = {file for file in gone if file in folders or changed & set(map(str, PurePosixPath(file).parents))}
    for file in sorted(changed):
        inside = (output / file).rglob("*") if (output / file).is_dir() else ()
        above = (output / parent for parent in list(PurePosixPath(file).parents)[:-1])
        for path in [*(p for p in inside if not p.is_dir()), *(p for p in above if p.is_file())]:
            name = path.relative_to(output).as_posix()
            if name not in in_the_way:
                raise PublishError(_not_ours(output, name))
        if (output / file).is_dir() and not any(g.startswith(f"{file}/") for g in in_the_way):
            raise PublishError(_not_ours(output, f"{file}/"))
    return in_the_way


def _not_ours(output: Path, name: str) -> Problem:
    message = f"'{name}' is in the way, and was not made by Broadsheet"
    return Problem(str(output), 1, 1, "output/not-ours", message, "Move it away, or name another folder")


def _stay_inside(output: Path, folder: Path) -> None:
    if not folder.resolve().is_relative_to(output.resolve()):
        message = f"'{folder}' leads out of the output through a link"
        raise PublishError(Problem(str(output), 1, 1, "output/link", message, "Remove the link"))


def _rank(file: str) -> tuple[int, str]:
    if file.endswith(".html"):
        return 1, file
    return (2 if file.endswith((".xml", ".json", ".txt")) else 0), file


def _remove(output: Path, files: Iterable[str]) -> None:
    """Files, and the folders that they leave empty. What is no file any more, or lies behind a link, is not ours."""
    for path in (output / file for file in sorted(files)):
        if path.is_dir() or not path.parent.resolve().is_relative_to(output.resolve()):
            continue
        path.unlink(missing_ok=True)
        for folder in path.parents:
            if folder == output:
                break
            with suppress(OSError):  # not empty, or gone already
                folder.rmdir()


def _write_manifest(output: Path, staging: Path, files: set[str], ids: Mapping[str, str]) -> None:
    text = json.dumps({"files": sorted(files), "ids": dict(sorted(ids.items()))}, ensure_ascii=False, indent=0)
    (staging / MANIFEST).write_text(text, encoding="utf-8")
    output.mkdir(parents=True, exist_ok=True)
    (staging / MANIFEST).replace(output / MANIFEST)
