"""The headline: what the page shows as one and says of itself, without the name of the site."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from broadsheet.importing.draft import Fact
from broadsheet.importing.page.document import Element
from broadsheet.importing.page.layout import bare
from broadsheet.words import one_line, plain

_MAX = 300
"""Characters of a headline."""
_SEPARATOR = re.compile(r"\s+[|–—\-•·⋆»«›‹:~/⁄]+\s+|\s*[|•⋆»«]\s*|(?<=\w): ")
_ASIDE = frozenset({"nav", "footer", "aside", "dialog", "form"})
_HIDDEN = re.compile(
    r"(?:^|[\s_-])(?:sr-only|visually-?hidden|screen-?reader(?:-text)?|aural|element-invisible|hidden)(?:$|[\s_-])"
)


class Headline(Struct, frozen=True):
    """The headline and, where the page shows it, the element that it is."""

    said: Fact[str]
    element: Element = None


class _Heading(Struct, frozen=True):
    element: Element
    text: str
    level: int
    is_aside: bool
    """In navigation, a header of the page, or hidden."""
    place: int


def headline(tree: Element, said: Sequence[Fact[str]], title: str, sites: Sequence[str]) -> Headline | None:
    """The headline by what the page shows, where that agrees with what it says; else what is said most.

    `said`: titles from metadata, the best first; `title`: the content of `<title>`; `sites`: names of the site.
    """
    names = {bare(site) for site in sites} - {""}
    said = [Fact(_shown(fact.value), fact.where) for fact in said]
    title = _shown(title)
    known = [Fact(without_site(fact.value, sites), fact.where) for fact in said if bare(fact.value) not in names]
    if title and bare(title) not in names:
        known.append(Fact(without_site(title, sites), "title element"))
    headings = [heading for heading in _headings(tree) if bare(heading.text) not in names]
    shown = _agreed(headings, known) or _only(headings)
    if shown:
        return shown
    fact = _said(known) or _said([*said, Fact(title, "title element")])
    return Headline(fact) if fact else None


def _agreed(headings: Sequence[_Heading], known: Sequence[Fact[str]]) -> Headline | None:
    """The heading that the metadata speak of."""
    scored = [(_score(heading, known), heading) for heading in headings]
    best = max(scored, key=lambda pair: (pair[0], -pair[1].place), default=None)
    if best is None or best[0] < 0.5:
        return None
    heading = best[1]
    is_said = any(bare(fact.value) == bare(heading.text) for fact in known)
    within = (fact for fact in known if not is_said and _is_end(fact.value, heading.text))
    return Headline(next(within, Fact(heading.text, str(heading.element.tag))), heading.element)


def _is_end(title: str, heading: str) -> bool:
    """Whether a heading is the title with a line above or below it that belongs to another rank: a kicker, a label."""
    short, long = _words(title), _words(heading)
    return 2 < len(short) < len(long) and short in (long[-len(short) :], long[: len(short)])


def _score(heading: _Heading, known: Sequence[Fact[str]]) -> float:
    likeness = max((_likeness(heading.text, fact.value) for fact in known), default=0.0)
    return likeness + (0.05 if heading.level == 1 else 0) - (0.1 if heading.is_aside else 0)


def _likeness(one: str, other: str) -> float:
    """How much of two texts' words are in both, 0 to 1; what is within the other counts more."""
    a, b = Counter(_words(one)), Counter(_words(other))
    both, all_ = (a & b).total(), (a | b).total()
    if not all_:
        return 0.0
    within = f" {' '.join(_words(one))} " in f" {' '.join(_words(other))} "
    return max(both / all_, 0.9 * min(1.0, 0.5 + both / all_) if within else 0.0)


def _only(headings: Sequence[_Heading]) -> Headline | None:
    """The one first-rank heading of the page, where there is but one."""
    first = [heading for heading in headings if heading.level == 1 and not heading.is_aside]
    if len(first) != 1 or (len(_words(first[0].text)) < 2 and (first[0].text.isascii() or len(first[0].text) < 5)):
        return None
    return Headline(Fact(first[0].text, "h1"), first[0].element)


def _said(known: Sequence[Fact[str]]) -> Fact[str] | None:
    """What most metadata say; of equals the first."""
    count = Counter(bare(fact.value) for fact in known)
    return max((fact for fact in known if fact.value), key=lambda fact: count[bare(fact.value)], default=None)


def without_site(title: str, sites: Sequence[str]) -> str:
    """A title less the site's name, which stands before or behind a separator."""
    names = {bare(site) for site in sites} - {""}
    spans = [(match.start(), match.end()) for match in _SEPARATOR.finditer(title)]
    for start, end in spans[::-1]:
        if _is_site(title[end:], names) and title[:start].strip():
            return without_site(title[:start].strip(), sites)
    for start, end in spans:
        if _is_site(title[:start], names) and title[end:].strip():
            return without_site(title[end:].strip(), sites)
    return title


def _is_site(part: str, names: set[str]) -> bool:
    short = bare(part)
    if len(short) < 4:
        return short in names
    return any(short in name or (name in short and len(name) * 2 > len(short)) for name in names)


def _headings(tree: Element) -> Iterator[_Heading]:
    tags = ("h1", "h2", "h3") if next(tree.iter("h1", "h2", "h3"), None) is not None else ("b", "big", "font", "strong")
    for place, element in enumerate(tree.iter(*tags)):
        text = _shown(" ".join(element.itertext()))
        if 0 < len(text) <= _MAX:
            level = int(element.tag[1]) if element.tag in ("h1", "h2", "h3") else 4
            yield _Heading(element, text, level, _is_aside(element), place)
        if place > 300:
            return


def _shown(text: str) -> str:
    """One line, without the marks that say where a word may be broken."""
    return one_line(text[:2000].replace("\xad", "").replace("\u200b", ""))


def _is_aside(element: Element) -> bool:
    if _HIDDEN.search((element.get("class") or "").lower()):
        return True
    return any(up.tag in _ASIDE for up in element.iterancestors())


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", plain(text).casefold())
