"""`[Entry]` -> `Site`: what is published, in order, and the groups in which it is listed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from msgspec import Struct

from broadsheet.config import Config
from broadsheet.model import Page
from broadsheet.problem import Finding, Pointer
from broadsheet.register import Publisher
from broadsheet.site import urls
from broadsheet.site.entry import Entry
from broadsheet.site.imprint import Imprint
from broadsheet.slug import slugify


class Group(Struct, frozen=True):
    """Articles that belong together, newest first."""

    name: str
    address: str
    articles: tuple[Entry, ...]

    @property
    def newest(self) -> datetime:
        """The date of its newest article."""
        return self.articles[0].date


class Site(Struct, frozen=True):
    """All that is published."""

    imprint: Imprint
    articles: tuple[Entry, ...]
    """Newest first; at the same instant by path. Withdrawn ones are not among them."""
    withdrawn: tuple[Entry, ...]
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

    @property
    def config(self) -> Config:
        """The site's configuration."""
        return self.imprint.config

    @property
    def base(self) -> urls.Base:
        """Where the site stands."""
        return self.imprint.base


def assemble(entries: Iterable[Entry], pages: Iterable[Page], imprint: Imprint) -> Site:
    """The site of these articles and pages, whatever order they come in."""
    ordered = sorted(entries, key=lambda entry: entry.path)
    ordered.sort(key=lambda entry: entry.date, reverse=True)
    listed = tuple(entry for entry in ordered if entry.withdrawn is None)
    return Site(
        imprint=imprint,
        articles=listed,
        withdrawn=tuple(entry for entry in ordered if entry.withdrawn is not None),
        pages=tuple(sorted(pages, key=lambda page: (page.matter.title.casefold(), page.path))),
        topics=_by_name(_groups(listed, _topics)),
        publishers=_by_name(_groups(listed, _publisher)),
        stories=tuple(group for group in _groups(listed, _story) if len(group.articles) > 1),
        months=_groups(listed, _month),
    )


def publisher_of(site: Site, entry: Entry) -> Publisher | None:
    """The publisher of an article; one outside the register has a name and no terms. None for the digest's own."""
    if entry.publisher is None:
        return None
    known = site.config.register.publishers.get(entry.publisher_id) if entry.publisher_id else None
    return known or Publisher(name=entry.publisher, terms=(), evidence=())


def check(entries: Iterable[Entry]) -> dict[str, list[Finding]]:
    """What articles do to each other, by path: one work taken in twice, one name spelled in two ways."""
    found: dict[str, list[Finding]] = defaultdict(list)
    first: dict[tuple[str, str], tuple[str, str]] = {}
    for entry in sorted(entries, key=lambda entry: entry.path):
        path = entry.path
        for sort, key, spelling, at in _claims(entry):
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


def _claims(entry: Entry) -> Iterator[tuple[str, str, str, Pointer]]:
    """(sort, key, spelling, pointer) of what only one article, or one spelling, may have."""
    for n, topic in enumerate(entry.topics):
        yield "topic", slugify(topic), topic, ("topics", n)
    if entry.publisher is None:
        return
    name = entry.publisher_id or entry.publisher
    yield "publisher", slugify(name), name, ("origin", "publisher")
    if entry.work:
        yield "work", entry.work, "", ("origin", "url")
    if entry.captured:
        yield "work", entry.captured, "", ("retrieved", "sha256")


def _groups(articles: Iterable[Entry], keys: Callable[[Entry], Iterable[tuple[str, str]]]) -> tuple[Group, ...]:
    """Groups by (address, name), in the order in which their first articles come."""
    members: dict[tuple[str, str], list[Entry]] = {}
    for entry in articles:
        for key in dict.fromkeys(keys(entry)):
            members.setdefault(key, []).append(entry)
    return tuple(Group(name, address, tuple(group)) for (address, name), group in members.items())


def _by_name(groups: tuple[Group, ...]) -> tuple[Group, ...]:
    return tuple(sorted(groups, key=lambda group: (group.name.casefold(), group.name)))


def _topics(entry: Entry) -> list[tuple[str, str]]:
    return [(urls.topic(name), name) for name in entry.topics]


def _publisher(entry: Entry) -> list[tuple[str, str]]:
    return [(urls.publisher(entry.publisher_id or entry.publisher), entry.publisher)] if entry.publisher else []


def _story(entry: Entry) -> list[tuple[str, str]]:
    return [(urls.story(entry.story), entry.story)] if entry.story else []


def _month(entry: Entry) -> list[tuple[str, str]]:
    return [(urls.month(entry.date), f"{entry.date:%Y-%m}")]
