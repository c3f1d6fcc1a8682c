"""The articles of a site, as an import must know them: those that have changed are read, the others are remembered.

What was known of them lies in `.cache/known`, which can be deleted at any time: an article is as it was while the
stamps of its files are the same, and the program is. What cannot be understood there is as if it were not there.
"""

from __future__ import annotations

import sys
import time
from array import array
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from broadsheet import whole
from broadsheet.build import files
from broadsheet.build.cache import FOLDER
from broadsheet.build.inputs import Inputs, program
from broadsheet.digest import SIZE, digest
from broadsheet.importing.known.shelf import Known, Progress, Shelf, of_article
from broadsheet.model import FrontMatter
from broadsheet.problem import Problem
from broadsheet.reading.article import read_fingerprint
from broadsheet.reading.frontmatter import split
from broadsheet.record import decode

Noted = Mapping[str, tuple[bytes, Known]]
"""By path, the stamps of an article's files and what is known of it."""


def read(source: Path, progress: Progress, *, is_dry: bool = False) -> Shelf:
    """All articles of a site, drafts and withdrawn ones too. What cannot be read is in its problems.

    They are remembered from now on, unless `is_dry`. Raises OSError where a folder cannot be read.
    """
    content = files.scan(source)
    looked = Inputs((), (), time.time_ns())
    before, now = _load(source), dict[str, tuple[bytes, Known]]()
    items = []
    problems = [p for p in content.problems if p.path.startswith(files.ARTICLES)]
    for n, path in enumerate(content.articles, 1):
        at = looked.settled(content.stamps_of(path))
        was, item = before.get(path, (b"", None))
        if item is None or not at or at != was:
            item, found = _read(source, path, content)
            problems += found
            at = b"" if found else at
        if item:
            items.append(item)
        if item and at:
            now[path] = (at, item)
        progress("Reading", n, len(content.articles))
    if now != before and not is_dry:
        _keep(source, now)
    return Shelf(items, problems)


def _read(source: Path, path: str, content: files.Content) -> tuple[Known | None, tuple[Problem, ...]]:
    """An article, and what is wrong with its files. Without its fingerprint it is known by its address still."""
    data = files.read(source, path)
    sheet = data if isinstance(data, Problem) else split(path, data)
    if isinstance(sheet, Problem):
        return None, (sheet,)
    matter = decode(FrontMatter, sheet.data, "article")
    if isinstance(matter, tuple):
        return None, sheet.problems(matter)
    beside = content.beside(path)
    if not beside:
        return of_article(path, matter, sheet.markdown), ()
    data = files.read(source, beside)
    stored = data if isinstance(data, Problem) else read_fingerprint(beside, data)
    if isinstance(stored, Problem):
        return of_article(path, matter, sheet.markdown), (stored,)
    return of_article(path, matter, sheet.markdown, stored), ()


def _load(source: Path) -> Noted:
    try:
        data = _file(source).read_bytes()
        if data[:SIZE] != _sealed(data[SIZE:]):
            return {}
        return msgspec.msgpack.Decoder(dict[str, tuple[bytes, Known]], dec_hook=_as_array).decode(data[SIZE:])
    except (OSError, ValueError):
        return {}


def _keep(source: Path, noted: Noted) -> None:
    data = msgspec.msgpack.Encoder(enc_hook=_as_bytes).encode(noted)
    whole.write(_file(source), _sealed(data) + data)


def _file(source: Path) -> Path:
    return source / FOLDER / "known"


def _sealed(data: bytes) -> bytes:
    return digest(program(), sys.byteorder.encode(), data)


def _as_bytes(value: object) -> bytes:
    if isinstance(value, array):
        return value.tobytes()
    raise NotImplementedError(type(value))


def _as_array(kind: type, value: Any) -> array[int]:  # noqa: ANN401 -- what msgspec has read
    if isinstance(value, bytes):
        return array("I", value)
    raise NotImplementedError(kind)
