"""`[Entry]` -> `Site`: what is published, in order, and the groups in which it is listed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from operator import attrgetter
from typing import TypeVar

from msgspec import Struct

from broadsheet.config import Config
from broadsheet.model import Page
from broadsheet.problem import Finding, Pointer
from broadsheet.register import Publisher
from broadsheet.site import urls, wording
from broadsheet.site.entry import Compared, Entry
from broadsheet.site.imprint import Imprint
from broadsheet.slug import slugify

Key = TypeVar("Key")
_TWICE = {"site/same-work": "this work", "site/same-id": "the id of its item in feeds"}
_ONE_OF_THEM = {"site/same-work": "Keep one of them", "site/same-id": "Give one of them another 'id'"}


class Group(Struct, frozen=True):
    """Articles that belong together, newest first."""

    name: str
    title: str
    """The name as people read it."""
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
    compared: Mapping[Compared, int]
    """How many of the articles could be compared with their originals, and what came of it."""

    @property
    def config(self) -> Config:
        """The site's configuration."""
        return self.imprint.config

    @property
    def base(self) -> urls.Base:
        """Where the site stands."""
        return self.imprint.base


def assemble(
    entries: Iterable[Entry], pages: Iterable[Page], imprint: Imprint, compared: Callable[[str], Compared]
) -> Site:
    """The site of these articles and pages, whatever order they come in. `compared` takes an article's path."""
    ordered = sorted(entries, key=attrgetter("path"))
    ordered.sort(key=attrgetter("date"), reverse=True)
    listed = tuple(entry for entry in ordered if entry.withdrawn is None)
    return Site(
        imprint=imprint,
        articles=listed,
        withdrawn=tuple(entry for entry in ordered if entry.withdrawn is not None),
        pages=tuple(sorted(pages, key=lambda page: (page.matter.title.casefold(), page.path))),
        topics=_by_name(_groups(_topics(listed), lambda name: (name, name, urls.topic(name)))),
        publishers=_by_name(_groups(_publishers(listed), lambda key: (key[1], key[1], urls.publisher(key[0])))),
        stories=tuple(
            group
            for group in _groups(_stories(listed), lambda name: (name, wording.story(name), urls.story(name)))
            if len(group.articles) > 1
        ),
        months=_groups(_months(listed), _month),
        compared=Counter(compared(entry.path) for entry in listed),
    )


def publisher_of(site: Site, entry: Entry) -> Publisher | None:
    """The publisher of an article; one outside the register has a name and no terms. None for the digest's own."""
    if entry.publisher is None:
        return None
    known = site.config.register.publishers.get(entry.publisher_id) if entry.publisher_id else None
    return known or Publisher(name=entry.publisher, terms=(), evidence=())


def check(entries: Iterable[Entry]) -> dict[str, list[Finding]]:
    """What articles do to each other, by path: one work taken in twice, one name spelled in two ways."""
    entries = tuple(entries)
    return {} if _are_apart(entries) else check_each(entries)


def _are_apart(entries: Collection[Entry]) -> bool:
    """Whether `check_each` would find nothing: no two works are the same, and each name has an address of its own."""
    theirs = [entry for entry in entries if entry.publisher is not None]
    works = [work for entry in theirs for work in (entry.work, entry.captured) if work]
    topics = {topic for entry in entries for topic in entry.topics}
    publishers = {entry.publisher_id or entry.publisher or "" for entry in theirs}
    ids = {entry.item_id for entry in entries}
    return (
        len(set(works)) == len(works)
        and len(ids) == len(entries)
        and all(len({*map(slugify, names)} - {""}) == len(names) for names in (topics, publishers))
    )


def check_each(entries: Iterable[Entry]) -> dict[str, list[Finding]]:
    """As `check`, claim by claim."""
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
            rule = f"site/same-{sort}"
            if rule in _TWICE:
                if other_path != path and not any(f.rule in _TWICE for f in found[path]):
                    message = f"{_TWICE[rule]} is in the digest already: {other_path}"
                    found[path].append(Finding(rule, message, _ONE_OF_THEM[rule], at))
            elif other != spelling:
                message = f"the {sort} '{spelling}' would have the address of '{other}' in {other_path}"
                remedy = "Spell it in one way or, where two are meant, give one another name"
                found[path].append(Finding(f"site/{sort}-spelling", message, remedy, at))
    return dict(found)


def _claims(entry: Entry) -> Iterator[tuple[str, str, str, Pointer]]:
    """(sort, key, spelling, pointer) of what only one article, or one spelling, may have."""
    for n, topic in enumerate(entry.topics):
        yield "topic", slugify(topic), topic, ("topics", n)
    if entry.publisher is not None:
        name = entry.publisher_id or entry.publisher
        yield "publisher", slugify(name), name, ("origin", "publisher")
    if entry.publisher is not None and entry.work:
        yield "work", entry.work, "", ("origin", "url")
    if entry.publisher is not None and entry.captured:
        yield "work", entry.captured, "", ("retrieved", "sha256")
    yield "id", entry.item_id, "", ("id",)


def _groups(members: Iterable[tuple[Key, Entry]], named: Callable[[Key], tuple[str, str, str]]) -> tuple[Group, ...]:
    """Groups by key, in the order in which their first articles come. `named`: name, title, address."""
    groups: dict[Key, list[Entry]] = {}
    for key, entry in members:
        groups.setdefault(key, []).append(entry)
    return tuple(Group(*named(key), tuple(group)) for key, group in groups.items())


def _by_name(groups: tuple[Group, ...]) -> tuple[Group, ...]:
    return tuple(sorted(groups, key=lambda group: (group.name.casefold(), group.name)))


def _topics(articles: Iterable[Entry]) -> Iterator[tuple[str, Entry]]:
    return ((name, entry) for entry in articles for name in dict.fromkeys(entry.topics))


def _publishers(articles: Iterable[Entry]) -> Iterator[tuple[tuple[str, str], Entry]]:
    """By what names the address, and the name."""
    return (((entry.publisher_id or entry.publisher, entry.publisher), entry) for entry in articles if entry.publisher)


def _stories(articles: Iterable[Entry]) -> Iterator[tuple[str, Entry]]:
    return ((entry.story, entry) for entry in articles if entry.story)


def _months(articles: Iterable[Entry]) -> Iterator[tuple[tuple[int, int], Entry]]:
    return (((entry.date.year, entry.date.month), entry) for entry in articles)


def _month(key: tuple[int, int]) -> tuple[str, str, str]:
    return f"{key[0]}-{key[1]:02d}", wording.month(*key), urls.month(*key)
