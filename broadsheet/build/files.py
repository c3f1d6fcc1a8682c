"""Reading a site's folders. Links are never followed, what begins with a dot is left alone, order is by name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from broadsheet.problem import Problem

ARTICLES = "content/articles/"
PAGES = "content/pages/"
MARKDOWN = ".md"


@dataclass(frozen=True, slots=True)
class Content:
    """What lies in `content/`."""

    articles: tuple[str, ...]
    """Paths relative to the site's folder, with `/`, in order."""
    pages: tuple[str, ...]
    problems: tuple[Problem, ...]


def scan(source: Path) -> Content:
    """The content files of a site."""
    articles, pages, problems = [], [], []
    for path, is_link in walk(source, "content"):
        if is_link:
            message = "a symbolic link, which is never followed"
            problems.append(Problem(path, 1, 1, "file/symlink", message, "Put the file itself here"))
        elif not path.endswith(MARKDOWN):
            continue
        elif path.startswith(ARTICLES):
            articles.append(path)
        elif path.startswith(PAGES):
            pages.append(path)
        else:
            message = "neither an article nor a page"
            remedy = f"Move it into {ARTICLES} or {PAGES}"
            problems.append(Problem(path, 1, 1, "file/misplaced", message, remedy))
    return Content(tuple(articles), tuple(pages), tuple(problems))


def walk(root: Path, folder: str) -> Iterator[tuple[str, bool]]:
    """(path relative to `root`, whether it is a link) of each file and link below `root/folder`, by name."""
    try:
        entries = sorted(os.scandir(root / folder), key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        path = f"{folder}/{entry.name}"
        if entry.name.startswith("."):
            continue
        if entry.is_symlink():
            yield path, True
        elif entry.is_dir(follow_symlinks=False):
            yield from walk(root, path)
        elif entry.is_file(follow_symlinks=False):
            yield path, False


def read(source: Path, path: str) -> bytes | Problem:
    """A file's bytes."""
    try:
        return (source / path).read_bytes()
    except OSError as error:
        return unreadable(path, error)


def unreadable(path: str, error: OSError) -> Problem:
    """The problem of a file that the system does not let us read."""
    message = f"it cannot be read: {error.strerror or error}"
    return Problem(path, 1, 1, "file/unreadable", message, "Look at its permissions and its disk")
