"""What was named on the command line -> captures: files, folders, standard input, web addresses."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from broadsheet import url
from broadsheet.importing import captures
from broadsheet.importing.capture import Capture
from broadsheet.network.fetch import Fetcher
from broadsheet.network.response import NotModified
from broadsheet.problem import Finding, Problem
from broadsheet.words import one_line

MOST_BYTES = 64 * 1024 * 1024
"""Of a file: a feed with all of an archive is long, a longer file is none that was meant."""
STANDARD_INPUT = "-"


class Unmodified(Struct, frozen=True):
    """A feed that its server says is as it was when it was last taken in."""

    name: str


Input = Capture | Unmodified | Problem


class Reader:
    """Gets what was named, for one run."""

    def __init__(self, source: Path, fetcher: Fetcher, now: datetime) -> None:
        self._source, self._fetcher, self._now = source, fetcher, now

    def read_all(self, names: Iterable[str]) -> Iterator[Input]:
        """All that was named, in order; of folders their files by name."""
        for name in names:
            if name == STANDARD_INPUT:
                yield self._capture(STANDARD_INPUT, sys.stdin.buffer.read(MOST_BYTES + 1))
            elif not name.strip():  # an empty variable of a shell; as a path it would be the folder one is in
                yield problem("''", "import/unreadable", "it is no name of anything", "Say what to import")
            elif _is_address(name):
                yield self.fetch(name)
            else:
                yield from self._read_path(Path(name))

    def fetch(self, address: str) -> Input:
        """What stands at a web address; `Unmodified` where it is a feed that has not changed since the last run."""
        etag, modified = captures.validators(self._source, address)
        found = self._fetcher.fetch(address, etag=etag, modified=modified)
        if isinstance(found, NotModified):
            return Unmodified(address)
        if isinstance(found, Finding):
            return problem(address, found.rule, found.message, found.remedy)
        return Capture(
            data=found.data,
            name=address,
            at=self._now,
            url=found.url,
            media_type=found.media_type,
            charset=found.charset,
            etag=found.etag,
            modified=found.modified,
        )

    def _read_path(self, path: Path) -> Iterator[Input]:
        try:
            if path.is_dir():
                for file in _files(path):
                    yield self._read_file(file)
            else:
                yield self._read_file(path)
        except OSError as error:
            yield _unreadable(path, error)

    def _read_file(self, path: Path) -> Input:
        try:
            with path.open("rb") as file:
                return self._capture(path.name, file.read(MOST_BYTES + 1))
        except OSError as error:
            return _unreadable(path, error)

    def _capture(self, name: str, data: bytes) -> Input:
        if len(data) > MOST_BYTES:
            message = f"it is longer than {MOST_BYTES // 1024 // 1024} MB"
            return problem(name, "import/too-large", message, "Import a part of it")
        return Capture(data=data, name=name, at=self._now)


def problem(name: str, rule: str, message: str, remedy: str) -> Problem:
    """A problem of something that was named; it has no lines."""
    return Problem(_USER.sub("//", one_line(name))[:300] or STANDARD_INPUT, 1, 1, rule, message, remedy)


_USER = re.compile("//[^/@]{0,200}@")
"""Of an address: a name and a password, which are not for a log."""


def _is_address(name: str) -> bool:
    return "://" in name[:12] or url.is_web_address(name)


def _files(folder: Path) -> Iterator[Path]:
    """Files below a folder, by name; links, what is hidden and what belongs to a saved page are passed over."""
    entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    pages = {Path(entry.name).stem for entry in entries if _PAGE.search(entry.name)}
    for entry in entries:
        if entry.name.startswith(".") or entry.is_symlink() or _OF_PAGE.sub("", entry.name) in pages - {entry.name}:
            continue
        if entry.is_dir():
            yield from _files(Path(entry.path))
        elif entry.is_file():
            yield Path(entry.path)


_PAGE = re.compile(r"\.x?html?\Z", re.IGNORECASE)
_OF_PAGE = re.compile(r"(?:[_.]files|-dateien|_fichiers|_archivos)\Z", re.IGNORECASE)
"""Of the folder in which a browser puts the pictures and programs of a page that it saves."""


def _unreadable(path: Path, error: OSError) -> Problem:
    message = f"it cannot be read: {error.strerror or error}"
    return problem(str(path), "import/unreadable", message, "Look at its name and its permissions")
