"""Whose article it is: by what the curator says, by its address, by what it says of itself.

A name that merely occurs in the text says nothing: a report on a publisher is not that publisher's.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator

from broadsheet import url
from broadsheet.importing import lines
from broadsheet.importing.draft import Draft, Fact
from broadsheet.importing.given import URL_GIVEN
from broadsheet.register import Register
from broadsheet.rights.source import is_within
from broadsheet.words import plain

GIVEN = "--publisher"
"""Where a publisher is known from that the curator named."""
IN_FILE = "the file, as it was"
"""Where a fact is known from that an article says which the site has already."""


class Word(enum.Enum):
    """On whose word it is known whose text it is."""

    CURATOR = "curator"
    PUBLISHER = "publisher"
    """It came from the publisher's own server."""
    ITSELF = "itself"
    """It came as a file, which may say anything."""
    STRANGER = "stranger"
    """It came from somebody else's server, which may say anything."""


def word_for(draft: Draft, came_from: str, register: Register) -> Word:
    """On whose word the draft's publisher and address stand. `came_from` is an address, or the name of a file."""
    stated = {fact.where for fact in (draft.publisher, draft.url) if fact is not None}
    if stated & {GIVEN, URL_GIVEN, IN_FILE}:
        return Word.CURATOR
    if not url.is_web_address(came_from):
        return Word.ITSELF
    publisher = register.publishers.get(draft.publisher.value) if draft.publisher else None
    domains = publisher.domains if publisher else (_host(draft.url.value) if draft.url else "",)
    return Word.PUBLISHER if is_within(_host(came_from), domains) else Word.STRANGER


def _host(address: str) -> str:
    address = url.unarchived(address)
    return url.host(address) if url.is_web_address(address) else ""


def recognise(draft: Draft, register: Register, given: str | None) -> Fact[str] | None:
    """The publisher's id in the register, and by what it is known. A given one that the register lacks is its name."""
    if given and given.strip():
        name = _key(given)
        known = (key for key, publisher in register.publishers.items() if name in (_key(key), _key(publisher.name)))
        return Fact(next(known, given.strip()), GIVEN)
    if draft.publisher is not None:
        return draft.publisher
    return next(_found(draft, register), None)


def _found(draft: Draft, register: Register) -> Iterator[Fact[str]]:
    """The surest first. Signs that point to two publishers point to none."""
    if draft.url is not None:
        address = url.unarchived(draft.url.value)
        if url.is_web_address(address):
            yield from _by_domain(url.host(address), register, draft.url.where)
            return  # at an address of somebody else's it is not known whose text stands there
    if draft.site is not None:
        yield from _by_name(draft.site.value, register, f"the site's name, {draft.site.where}")
    sorted_ = lines.sort(draft, register, None)
    notes = [*sorted_.routes, *sorted_.credits]
    yield from _by_boilerplate([*notes, *(removed.line for removed in sorted_.removed)], register)
    yield from _by_note(notes, register)
    for author in draft.authors.value if draft.authors else ():
        yield from _by_name(author, register, f"the byline '{author[:60]}'")


def _by_domain(host: str, register: Register, where: str) -> Iterator[Fact[str]]:
    for key, publisher in register.publishers.items():
        if is_within(host, publisher.domains):
            yield Fact(key, f"the address, {where}")


def _by_name(name: str, register: Register, where: str) -> Iterator[Fact[str]]:
    name = _key(name)
    for key, publisher in register.publishers.items():
        names = {_key(publisher.name), *map(_key, publisher.domains)}
        # A byline such as `VOA News` is the publisher's own name, shortened, and a word for a newsroom.
        if name in names or (name.removesuffix(" news").removesuffix(" staff") in (_key(key), *names)):
            yield Fact(key, where)


def _by_boilerplate(said: list[str], register: Register) -> Iterator[Fact[str]]:
    for key, publisher in register.publishers.items():
        beginnings = tuple(_key(line) for line in publisher.boilerplate if _is_own(line, key, publisher.name))
        line = next((line for line in said if beginnings and _key(line).startswith(beginnings)), None)
        if line is not None:
            yield Fact(key, f"the line '{_short(line)}'")


def _is_own(beginning: str, key: str, name: str) -> bool:
    """Whether a line names its publisher: `What's Included?` may be anybody's."""
    named = _key(beginning)
    return _key(name).removeprefix("the ") in named or _key(key) in named.split()


_ORIGIN = re.compile(
    r"(?:posted|appeared|published|republished|reprinted|reposted|produced|courtesy|copyright|©|\(c\)|ran)\b"
    r"(?P<whose>.{0,160})",
    re.IGNORECASE,
)


def _by_note(said: list[str], register: Register) -> Iterator[Fact[str]]:
    """Whom a note on the route or a line of copyright names, where it names one only."""
    for line in said:
        match = _ORIGIN.search(line) or re.match(r"(?:©|\(c\))(?P<whose>.{0,160})", line)
        if match is None:
            continue
        whose = f" {_key(match['whose'])} "
        named = {
            key
            for key, publisher in register.publishers.items()
            for name in (_key(publisher.name), *publisher.domains)
            if f" {name} " in whose
        }
        if len(named) == 1:
            yield Fact(named.pop(), f"the line '{_short(line)}'")


def _key(name: str) -> str:
    """For comparison: small, without signs but those of domains, and without the article."""
    folded = " ".join(re.sub(r"[^\w./]+", " ", plain(name).casefold().replace("’", "'").replace("'", "")).split())
    return " ".join(word.strip(".") for word in folded.split())


def _short(line: str) -> str:
    return line if len(line) <= 60 else f"{line[:60].rstrip()}…"
