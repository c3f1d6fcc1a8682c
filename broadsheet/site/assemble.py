"""`[Cleared]` -> `Site`: what is published, in order, and the groups in which it is listed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from broadsheet import url
from broadsheet.config import Config
from broadsheet.model import Page
from broadsheet.problem import Finding, Pointer
from broadsheet.rights import Cleared
from broadsheet.site import urls
from broadsheet.slug import slugify


@dataclass(frozen=True, slots=True)
class Group:
    """Articles that belong together, newest first."""

    name: str
    address: str
    articles: tuple[Cleared, ...]

    @property
    def newest(self) -> datetime:
        """The date of its newest article."""
        return self.articles[0].article.date


@dataclass(frozen=True, slots=True)
class Site:
    """All that is published."""

    config: Config
    base: urls.Base
    articles: tuple[Cleared, ...]
    """Newest first; at the same instant by path. Withdrawn ones are not among them."""
    withdrawn: tuple[Cleared, ...]
    """They keep a page that says so, and stand in no listing."""
    pages: tuple[Page, ...]
    """By title."""
    topics: tuple[Group, ...]
    """By name."""
    publishers: tuple[Group, ...]
    """By name."""
    stories: tuple[Group, ...]
    """Of two articles or more, newest first."""
    months: tuple[Group, ...]
    """Newest first."""


def assemble(cleared: Iterable[Cleared], pages: Iterable[Page], config: Config) -> Site:
    """The site of these articles and pages, whatever order they come in."""
    ordered = sorted(cleared, key=lambda c: c.article.path)
    ordered.sort(key=lambda c: c.article.date, reverse=True)
    listed = tuple(c for c in ordered if c.article.matter.withdrawn is None)
    return Site(
        config=config,
        base=urls.Base(config.base_url, config.base_path),
        articles=listed,
        withdrawn=tuple(c for c in ordered if c.article.matter.withdrawn is not None),
        pages=tuple(sorted(pages, key=lambda page: (page.matter.title.casefold(), page.path))),
        topics=_by_name(_groups(listed, _topics)),
        publishers=_by_name(_groups(listed, _publisher)),
        stories=tuple(group for group in _groups(listed, _story) if len(group.articles) > 1),
        months=_groups(listed, _month),
    )


def check(cleared: Iterable[Cleared]) -> dict[str, list[Finding]]:
    """What articles do to each other, by path: one work taken in twice, one name spelled in two ways."""
    found: dict[str, list[Finding]] = defaultdict(list)
    first: dict[tuple[str, str], tuple[str, str]] = {}
    for c in sorted(cleared, key=lambda c: c.article.path):
        path = c.article.path
        for sort, key, spelling, at in _claims(c):
            if not key:
                message = f"no address can be made from the {sort} '{spelling}'"
                found[path].append(Finding(f"site/{sort}-unnameable", message, "Use letters or digits", at))
                continue
            other, other_path = first.setdefault((sort, key), (spelling, path))
            if sort == "work" and other_path != path and not any(f.rule == "site/same-work" for f in found[path]):
                message = f"this work is in the digest already: {other_path}"
                found[path].append(Finding("site/same-work", message, "Keep one of them", at))
            if sort != "work" and other != spelling:
                message = f"the {sort} '{spelling}' would have the address of '{other}' in {other_path}"
                remedy = "Spell it in one way or, where two are meant, give one another name"
                found[path].append(Finding(f"site/{sort}-spelling", message, remedy, at))
    return {path: findings for path, findings in found.items() if findings}


def _claims(cleared: Cleared) -> Iterator[tuple[str, str, str, Pointer]]:
    """(sort, key, spelling, pointer) of what only one article, or one spelling, may have."""
    matter = cleared.article.matter
    for n, topic in enumerate(matter.topics):
        yield "topic", slugify(topic), topic, ("topics", n)
    if matter.origin is None or cleared.publisher is None:
        return
    name = cleared.publisher_id or cleared.publisher.name
    yield "publisher", slugify(name), name, ("origin", "publisher")
    if isinstance(matter.origin.url, str):
        yield "work", url.same(matter.origin.url), "", ("origin", "url")
    if matter.retrieved is not None and matter.retrieved.sha256:
        yield "work", matter.retrieved.sha256, "", ("retrieved", "sha256")


def _groups(articles: Iterable[Cleared], keys: Callable[[Cleared], Iterable[tuple[str, str]]]) -> tuple[Group, ...]:
    """Groups by (address, name), in the order in which their first articles come."""
    members: dict[tuple[str, str], list[Cleared]] = {}
    for cleared in articles:
        for key in dict.fromkeys(keys(cleared)):
            members.setdefault(key, []).append(cleared)
    return tuple(Group(name, address, tuple(group)) for (address, name), group in members.items())


def _by_name(groups: tuple[Group, ...]) -> tuple[Group, ...]:
    return tuple(sorted(groups, key=lambda group: (group.name.casefold(), group.name)))


def _topics(cleared: Cleared) -> list[tuple[str, str]]:
    return [(urls.topic(name), name) for name in cleared.article.matter.topics]


def _publisher(cleared: Cleared) -> list[tuple[str, str]]:
    publisher = cleared.publisher
    return [(urls.publisher(cleared.publisher_id or publisher.name), publisher.name)] if publisher else []


def _story(cleared: Cleared) -> list[tuple[str, str]]:
    story = cleared.article.matter.story
    return [(urls.story(story), story)] if story else []


def _month(cleared: Cleared) -> list[tuple[str, str]]:
    date = cleared.article.date
    return [(urls.month(date), f"{date:%Y-%m}")]
