"""The content of a site, read from its files: an article at a time, or all of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from broadsheet.build import files
from broadsheet.digest import digest
from broadsheet.model import Article, Page
from broadsheet.problem import Problem
from broadsheet.reading import article as reading

Progress = Callable[[str, int, int], None]
"""Called with a stage's name, how much is done and how much there is."""


class Original(Struct, frozen=True):
    """An article's files."""

    path: str
    fingerprint: str = ""
    """Path of what is stored of the captured text; empty where nothing is."""
    known: bytes = b""
    """The digest of the bytes that need not be prepared again, where they are still the same."""
    data: tuple[bytes | Problem, bytes | Problem] | None = None
    """Of both files, where the worker has no disk in common with us."""


class Read(Struct, frozen=True):
    """All content of a site that could be read."""

    articles: tuple[Article, ...]
    pages: tuple[Page, ...]
    problems: tuple[Problem, ...]


def read(source: Path, progress: Progress) -> Read:
    """All content of a site."""
    content = files.scan(source)
    articles: list[Article] = []
    pages: list[Page] = []
    problems = list(content.problems)
    total = len(content.articles) + len(content.pages)
    for n, path in enumerate((*content.articles, *content.pages), 1):
        is_article = path.startswith(files.ARTICLES)
        thing = read_article(str(source), original(content, path))[0] if is_article else _page(source, path)
        if isinstance(thing, Article):
            articles.append(thing)
        elif isinstance(thing, Page):
            pages.append(thing)
        else:
            problems += thing
        progress("Reading", n, total)
    return Read(tuple(articles), tuple(pages), tuple(problems))


def read_pages(source: Path, content: files.Content) -> tuple[list[Page], list[Problem]]:
    """The digest's own pages, and what is wrong with those that cannot be read."""
    things = [_page(source, path) for path in content.pages]
    pages = [thing for thing in things if isinstance(thing, Page)]
    return pages, [problem for thing in things if not isinstance(thing, Page) for problem in thing]


def _page(source: Path, path: str) -> Page | tuple[Problem, ...]:
    data = files.read(source, path)
    return (data,) if isinstance(data, Problem) else reading.read_page(path, data)


def original(content: files.Content, path: str, known: bytes = b"") -> Original:
    """An article's files; `known` is the digest of the bytes that need not be read again."""
    return Original(path, content.beside(path), known)


def with_data(source: Path, original: Original) -> Original:
    """An original with the bytes of its files, for a worker that cannot read them."""
    return Original(original.path, original.fingerprint, original.known, _data(str(source), original))


def read_article(source: str, original: Original) -> tuple[Article | tuple[Problem, ...], bytes, bytes]:
    """The article, its file's bytes, and the digest of its files' bytes; no article where that is the one known."""
    data, stored = original.data or _data(source, original)
    if isinstance(data, Problem):
        return (data,), b"", b""
    if isinstance(stored, Problem):
        return (stored,), data, b""
    made_of = digest(data, stored)
    if made_of == original.known != b"":
        return (), data, made_of
    fingerprint = reading.read_fingerprint(original.fingerprint, stored) if original.fingerprint else None
    if isinstance(fingerprint, Problem):
        return (fingerprint,), data, made_of
    return reading.read_article(original.path, data, fingerprint), data, made_of


def _data(source: str, original: Original) -> tuple[bytes | Problem, bytes | Problem]:
    data = files.read(source, original.path)
    stored = files.read(source, original.fingerprint) if original.fingerprint else b""
    return data, stored
