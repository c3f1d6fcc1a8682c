"""Reading a site's folders. Links are never followed, and order is by name."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from broadsheet.build.stamps import Stamp, walk
from broadsheet.problem import Problem

ARTICLES = "content/articles/"
PAGES = "content/pages/"
CAPTURES = ".captures"
"""Originals as they came, whole: in no repository, and never published."""
MARKDOWN = ".md"
FINGERPRINT = ".fingerprint"
"""Of the file beside an article that holds what may be kept of its captured text."""


class Content(Struct, frozen=True):
    """What lies in `content/`."""

    articles: tuple[str, ...]
    """Paths relative to the site's folder, with `/`, in order."""
    pages: tuple[str, ...]
    fingerprints: frozenset[str]
    stamps: Mapping[str, Stamp]
    problems: tuple[Problem, ...]

    def beside(self, path: str) -> str:
        """Where the fingerprint of an article's captured text lies; empty where there is none."""
        found = fingerprint_of(path)
        return found if found in self.fingerprints else ""

    def stamps_of(self, path: str) -> list[Stamp]:
        """Of an article's files."""
        beside = self.beside(path)
        return [self.stamps[path], *([self.stamps[beside]] if beside else [])]


def scan(source: Path) -> Content:
    """The content files of a site."""
    return content_of(walk(source, "content"))


def content_of(walked: Iterable[tuple[str, Stamp | None]]) -> Content:
    """What files that lie in `content/` are."""
    articles, pages, fingerprints, problems = [], [], set(), []
    stamps: dict[str, Stamp] = {}
    found = tuple(walked)
    are_texts = is_utf_8("".join([path for path, _ in found]))
    for path, stamp in found:
        if stamp is None or not (are_texts or is_utf_8(path)):
            problems.append(linked(path) if stamp is None else badly_named(path))
            continue
        stamps[path] = stamp
        if not path.endswith(MARKDOWN):
            if path.endswith(FINGERPRINT):
                fingerprints.add(path)
        elif path.startswith(ARTICLES):
            articles.append(path)
        elif path.startswith(PAGES):
            pages.append(path)
        else:
            message = "neither an article nor a page"
            remedy = f"Move it into {ARTICLES} or {PAGES}"
            problems.append(Problem(path, 1, 1, "file/misplaced", message, remedy))
    for path in sorted(path for path in fingerprints if not _is_beside(path, stamps)):
        message = "a fingerprint without its article"
        problems.append(Problem(path, 1, 1, "file/misplaced", message, "Give it the name of its article, or remove it"))
    return Content(tuple(articles), tuple(pages), frozenset(fingerprints), stamps, tuple(problems))


def _is_beside(path: str, others: Container[str]) -> bool:
    article = path.removesuffix(FINGERPRINT) + MARKDOWN
    return article.startswith(ARTICLES) and article in others


def fingerprint_of(path: str) -> str:
    """Where the fingerprint of an article's captured text lies."""
    return path.removesuffix(MARKDOWN) + FINGERPRINT


def is_utf_8(path: str) -> bool:
    """Whether a file's name is text; the system hands over bytes that are none as surrogates (PEP 383)."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def badly_named(path: str) -> Problem:
    """The problem of a file whose name is not UTF-8."""
    return Problem(path, 1, 1, "file/name-not-utf-8", "the file's name is not UTF-8", "Rename it")


def linked(path: str) -> Problem:
    """The problem of a symbolic link."""
    return Problem(path, 1, 1, "file/symlink", "a symbolic link, which is never followed", "Put the file itself here")


def read(source: Path | str, path: str) -> bytes | Problem:
    """A file's bytes."""
    try:
        with open(f"{source}/{path}", "rb", buffering=0) as file:  # noqa: PTH123 -- a Path costs as much as the reading
            return file.read()
    except OSError as error:
        return unreadable(path, error)


PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
"""First bytes of pictures. WebP and AVIF have a length in front."""


def is_picture(path: Path) -> bool:
    """Whether a file is a picture, by its first bytes, whatever its name. Raises OSError where it cannot be read."""
    with path.open("rb") as file:
        data = file.read(12)
    return data.startswith(PICTURES) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP") or data[4:12] == b"ftypavif"


def unreadable(path: str, error: OSError) -> Problem:
    """The problem of a file that the system does not let us read."""
    message = f"it cannot be read: {error.strerror or error}"
    return Problem(path, 1, 1, "file/unreadable", message, "Look at its permissions and its disk")
