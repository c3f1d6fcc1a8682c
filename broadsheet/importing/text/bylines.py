"""Bylines: the lines that say who has written a text. A name that no line gives is not looked for."""

from __future__ import annotations

import re

from msgspec import Struct

from broadsheet.importing.text import dates
from broadsheet.register import Register
from broadsheet.rights.wire import names_agency

_PARTICLE = r"(?:de|del|la|las|los|da|das|do|dos|di|du|le|el|al|van|von|der|den|ter|zu|zur|bin|ibn)"
_NAME = r"(?:[^\W\d_](?:\.-?[^\W\d_])*\.|(?:Mc|Mac|O['’]|D['’]|[Aa]l-|[Ee]l-)?[^\W\d_][\w'’\-]*)"
_BYLINE = re.compile(
    r"(?:(?:(?i:written|reported|posted|words|text|story|published|analysis|opinion) )?(?:[Bb]y|BY)|"
    r"(?i:authors?|reporters?|autor|autorin|auteur|autora):|Von|VON|Par|PAR|Por|POR|Di|Door|Av)(?::| )\s*"
    r"(?P<names>\S.{0,200})"
)
_ROLE = re.compile(
    r"\b(?:staff|writer|reporter|correspondent|editor|editors|columnist|contributor|associated|press|news|agency|"
    r"bureau|chief|desk|special to|redaktion|korrespondent(?:in)?|rédaction|redacción|for)\b",
    re.IGNORECASE,
)
_NEWSROOM = re.compile(r"(?:News|Staff|Desk|Newsroom|Agency|Press|Editors|Reporters|Redaktion|Bureau|Team)")
_NOT_NAME = {
    *("monday tuesday wednesday thursday friday saturday sunday the a an this that these those all some many".split()),
    *dates.MONTH_OF,
}
_NAMES = 2
"""Of a person: first and last."""
_MOST_NAME = 6
"""Words of a name."""


class Byline(Struct, frozen=True):
    """What a byline says."""

    names: tuple[str, ...]
    published: str | None = None
    """ISO 8601, where the line has a date too."""


def byline(text: str) -> Byline | None:
    """Who a line says has written it: `By A. Writer and B. Writer, Agency | Dec. 28, 2023`."""
    match = _BYLINE.fullmatch(text)
    if match is None:
        return None
    said = match["names"]
    dated = dates.DATE.search(said)
    published = dates.dated(said)
    if dated:
        before = said[: dated.start()].split()
        while before and dates.is_label(before[-1]):
            before.pop()
        said = " ".join(before)
    said = re.split(r"\s*[|•·/]\s*|\s+[–—-]+\s+|\s*\(|\s+(?:for|special to|in)\s", said, maxsplit=1)[0]
    parts = [part for part in re.split(r",\s*|\s+(?:and|und|et|y|e|en|&)\s+|\s*&\s*", said) if part]
    names = [parts[0], *(part for part in parts[1:] if not _ROLE.search(part))] if parts else []
    names = [name.strip(" .") if not re.search(r"\b(?:[A-Z]|Jr|Sr)\.\Z", name) else name for name in names]
    if not names or not all(map(is_name, names)):
        return None
    return Byline(tuple(dict.fromkeys(names)), published)


def is_name(text: str) -> bool:
    """Whether it can be somebody's name: a few words that begin with capitals, initials and particles."""
    words = text.split()
    if not 1 <= len(words) <= _MOST_NAME or words[0].casefold() in _NOT_NAME:
        return False
    return all(
        re.fullmatch(_NAME, word) and (word[0].isupper() or not word[0].islower() or re.fullmatch(_PARTICLE, word))
        for word in words
    ) and any(word[0].isupper() or not word.islower() for word in words)


_SIGNED = re.compile(r"(?P<name>[^,|]{3,50}?)(?:, | \| | - | – | — )(?P<rest>[^,|]{2,60})")


def signed(text: str, register: Register) -> Byline | None:
    """`A. Writer, Staff Writer`, `A. Writer | Associated Press`, and the newsroom of a publisher by its name."""
    match = _SIGNED.fullmatch(text)
    if match and is_name(match["name"]) and " " in match["name"]:
        is_signed = _ROLE.search(match["rest"]) or names_agency(match["rest"], register.agencies)
        return Byline((match["name"],)) if is_signed else None
    publisher, _, newsroom = text.partition(" ")
    is_publisher = publisher.casefold() in register.publishers and _NEWSROOM.fullmatch(newsroom)
    return Byline((text,)) if is_publisher else None


def leading_name(text: str) -> str:
    """The name at the beginning of a text without line ends: up to a newsroom's word, else two names with initials."""
    taken: list[str] = []
    names = 0
    for word in text.split(" ", _MOST_NAME + 1)[:_MOST_NAME]:
        bare = word.rstrip(",")
        if not is_name(bare) and not re.fullmatch(_PARTICLE, bare):
            break
        taken.append(bare)
        if _NEWSROOM.fullmatch(bare) and len(taken) > 1:
            break
        is_initial = re.fullmatch(r"(?:\w\.-?)+", bare) is not None or re.fullmatch(_PARTICLE, bare) is not None
        names += not is_initial
        if names == _NAMES or word.endswith(","):
            following = text[len(" ".join(taken)) :].split(" ", 2)[1:2]
            if following and _NEWSROOM.fullmatch(following[0]):
                taken.append(following[0])
            break
    return " ".join(taken)
