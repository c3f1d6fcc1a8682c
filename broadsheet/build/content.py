"""All content of a site, read: for verbs that look at it without building."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from broadsheet.build import files
from broadsheet.fingerprint import Fingerprint
from broadsheet.model import Article, Page
from broadsheet.problem import Problem
from broadsheet.reading.article import read_article, read_fingerprint, read_page

Progress = Callable[[str, int, int], None]
"""Called with a stage's name, how much is done and how much there is."""


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
        thing = _article(source, path, content) if path.startswith(files.ARTICLES) else _page(source, path)
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
    return (data,) if isinstance(data, Problem) else read_page(path, data)


def _article(source: Path, path: str, content: files.Content) -> Article | tuple[Problem, ...]:
    data, beside = files.read(source, path), _fingerprint(source, path, content)
    if isinstance(data, Problem):
        return (data,)
    return (beside,) if isinstance(beside, Problem) else read_article(path, data, beside)


def _fingerprint(source: Path, path: str, content: files.Content) -> Fingerprint | Problem | None:
    """What is stored of an article's captured text."""
    beside = files.fingerprint_of(path)
    if beside not in content.fingerprints:
        return None
    data = files.read(source, beside)
    return data if isinstance(data, Problem) else read_fingerprint(beside, data)
