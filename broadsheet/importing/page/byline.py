"""Who wrote it: names in metadata and in bylines, told from sites, dates, roles and places.

Many places on a page name an author, and each is wrong at times: metadata name who logged in, a byline's line names the
photographer too. So each place votes, with how much it is to be believed, and the names that most speak for are chosen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from broadsheet.importing.draft import Fact
from broadsheet.importing.page.document import Element
from broadsheet.importing.page.layout import Layout, bare
from broadsheet.words import one_line

_MAX_LINE = 160
"""Characters of a line that may be a byline."""
_MAX_NAMES = 12
_EDGES = " ,.;:|–—-\"'“”„*/"
_BY = r"by|von|par|por|di|door|av|af|przez|od|от|מאת|بقلم"
_LABEL = (
    r"(?:text|words|story|bericht|artikel|beitrag|article|essay|interview|geschrieben|verfasst|veröffentlicht|"
    r"gepostet|erstellt|"
    r"eingestellt|gespeichert|hochgeladen|written|posted|published|reported|created|submitted|verfasser(?:in)?|"
    r"autor(?:en|in|innen|es)?|autor/in|(?:post )?authors?|auteurs?|autore|autora|redakteur(?:in)?|writer|byline|"
    r"redaktion|"
    r"(?:eine?\s)?(?:gast)?(?:beitrag|kommentar|interview|artikel|kolumne|glosse|analyse|reportage|rezension)|publié|"
    r"pressemitteilung|im wortlaut|an? (?:article|column|essay|opinion)|escrito|scritto|"
    r"escribe)"
)
_PREFIX = re.compile(
    rf"^[|•·\-–—*©\s]*(?:(?:作者|记者|記者)[:：\s]*|{_LABEL}(?:\s*[:|–-]\s*|\s+)(?:(?:{_BY})(?:\s*:\s*|\s+))?|(?:{_BY})(?:\s*:\s*|\s+))",
    re.IGNORECASE,
)
_WHEN = r"(?:\s+(?:am|on|le|el)\s[^|•]{4,40}?|\s+in\s[^|•]{2,40}?)?"
_LABELLED = re.compile(
    rf"(?:^|[|•·–—(]\s*|\d\s*){_LABEL}{_WHEN}(?:\s*[:|]\s*(?:(?:{_BY})\s+)?|\s+(?:{_BY}):?\s+)(?=[^\W\d_])",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    rf"(?:^|[|•·–—(]\s*|\d\s*){_LABEL}{_WHEN}(?:\s*[:|–-]\s*(?:(?:{_BY})\s+)?|\s+(?:{_BY}):?\s+)(?=[^\W\d_])|"
    rf"(?:^|[|•·–—]\s*|\d\s+(?:uhr\s+)?)(?:{_BY})(?::\s*|\s+)(?=[^\W\d_])|^By(?=[A-Z][\w.])|"
    r"(?:^|\s)(?:作者|记者|記者|автор|الكاتب)\s*[:：]\s*(?=\w)",
    re.IGNORECASE,
)
_END = re.compile(
    r"\s*[|•·»›→]\s*|\s+[-–—]\s+|\s*[(\[<]|\s+@|,?\s+(?:am|on|um|vom|vor|at|seit|updated|aktualisiert|published|"
    r"stand|in|für|for|aus|"
    r"mit|posted|veröffentlicht|contributor|correspondent|reporter|staff|editor|writes|schreibt|says|said|sagt|"
    r"lesezeit|min|views|"
    r"uhr|hace|kategorien?|categor(?:y|ies)|rubrik|tags?|fotos?|photos?|bild(?:er)?|symbolbild|illustration(?:en)?|"
    r"quelle|source)\b|,?\s+(?:le|el|il|den|op|på)\s+\d|\s+(?:chef)?(?:redakteur|korrespondent)(?:in)?\b|"
    r",?\s+(?:\d|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch)|"
    r",?\s*\d{1,2}[.:/]\s?\d|\s*\b\d{4}\b",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*[;,&/]\s*|\s+(?:and|und|et|y|e|og|och|en|i|with|avec)\s+", re.IGNORECASE)
_PARTICLES = frozenset(
    "von van de der den del della di da do dos das du la le el al bin ibn zu zur zum af av ten ter vom y e".split()
)
_NO_NAME = re.compile(
    r"^(?:(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|okt|nov|dec|dez)\.?|januar|january|februar|february|märz|march|"
    r"april|mai|may|august|juni|june|juli|july|september|oktober|october|november|dezember|december|"
    r"von|vom|by|am|um|on|some|human|no author|follow|view|"
    r"publi\w+|zuletzt.*|"
    r"https?|\w*admin(?:istrator)?\w*|editor(?:s|ial)?|(?:online-?|die )?redaktion|redakteur(?:in)?|redacci[oó]n|"
    r"r[eé]daction|"
    r"staff(?: writer)?|super ?user|team|autor(?:in|en)?|authors?|name|datum|date|webmaster|user|guest|gast|"
    r"anonym(?:ous|us)?|unknown|unbekannt|"
    r"quelle|source|none|null|undefined|test|root|wordpress|blogger|news|home|nachricht(?:en)?|about|kontakt|contact|"
    r"impressum|mehr|more|read more|"
    r"profile?|facebook|twitter|instagram|agenc(?:y|ies)|post(?:ed)?|share|teilen|uns|ihnen|uhr|bis|den|der|die|das|"
    r"the|a|an|mir|me|us|"
    r"you|online|print|fotos?|photos?|bild|images?|getty(?: images)?|shutterstock|artikel|alle .*|all .*|view .*|"
    r"see .*|weitere .*|mehr .*|"
    r"zeige .*|more .*|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"ph\.?d\.?|m\.?d\.?|esq\.?|mba|jr\.?|dr\.?|prof\.?)$",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"^(?:(?:chef|deputy|senior|associate|managing|executive|staff|freelance|political|national|science|chief|"
    r"contributing)?[\s-]*"
    r"(?:redakteur(?:in)?|reporter(?:in)?|editor|correspondent|writer|journalist(?:in)?|author|autor(?:in)?|"
    r"contributor|columnist|"
    r"analyst|korrespondent(?:in)?|producer|fotograf(?:in)?|photographer|blogger(?:in)?|"
    r"gastautor(?:in)?)(?:[\s-]in)?)\b\s*[:,]?\s+",
    re.IGNORECASE,
)
_RUBRIC = re.compile(r"^(?:[^\W\d_][\w.-]* ){1,3}(?:[Vv]on|[Bb]y|[Pp]or|[Pp]ar) (?=[A-ZÄÖÜÉ]\w+ [A-ZÄÖÜÉ]\w+)")
_DATED = re.compile(r"\d{1,2}\D{1,12}\d{2}")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "figcaption")
_TITLE = re.compile(r"^(?:(?:Dr|Prof|Mag|Dipl|Ing)\.[\s-]*){1,3}")
_PERSON = re.compile(r"[^\W\d_][\w.'’-]+(?: [^\W\d_][\w.'’-]*){1,2}")
_COMPANY = re.compile(r"\b(?:gmbh|ag|se|ltd|inc|llc|kg|e\. ?v|s\.a|bv|plc)\b\.?$", re.IGNORECASE)
_ADDRESS = re.compile(r"https?:|www\.|@|\.(?:com|de|org|net|at|ch|fr|info|eu|io|co|tv|uk)\b", re.IGNORECASE)
_NOT_IN_NAMES = re.compile(r"^\d|\d{2}[.:/]\d|[?!…{}\\#:：©=<>]")
_MARK = re.compile(
    r"author|byline|autor(?!i[sz]|ad)|auteur|verfasser|redakteur|writer|(?:^|[\s_-])(?:person|by)(?:$|[\s_-])"
)
_NO_MARK = re.compile(
    r"bio(?:$|[\s_-])|descri|desc(?:$|[\s_-])|image|img|avatar|photo|picture|social|comment|share|follow|authori[tz]|"
    r"more-from|posts-by"
)
_MARKABLE = tuple(
    "a span div p address strong em b i li small td h2 h3 h4 h5 h6 cite dd section header author "
    "byline font label ul".split()
)


class Vote(Struct, frozen=True):
    """Names that one place gives, and how much that place is to be believed, 0 to 1."""

    names: tuple[str, ...]
    where: str
    weight: float


def chosen(votes: Iterable[Vote], sites: Sequence[str]) -> Fact[tuple[str, ...]] | None:
    """The names that most speak for. A list also gets half of what speaks for a part of it.

    A site's name is no author beside others, and counts little alone.
    """
    banned = {bare(site) for site in sites} - {""}
    fair = [_without_site(vote, banned) for vote in votes]
    keys = [frozenset(map(bare, vote.names)) for vote in fair]
    best = max(range(len(fair)), key=lambda n: (_support(keys[n], fair, keys), -n), default=None)
    return None if best is None else Fact(fair[best].names, fair[best].where)


def _support(key: frozenset[str], votes: Sequence[Vote], keys: Sequence[frozenset[str]]) -> float:
    """What speaks for these names: of each kind of place its strongest vote."""
    by_kind: dict[str, float] = {}
    for vote, other in zip(votes, keys, strict=True):
        kind = vote.where.split()[0].rstrip(",")
        share = 1.0 if other == key else 0.5 if other < key or _is_longer(other, key) else 0.0
        by_kind[kind] = max(by_kind.get(kind, 0.0), share * vote.weight)
    return sum(by_kind.values())


def _is_longer(other: frozenset[str], key: frozenset[str]) -> bool:
    """Whether the one name is the other with something behind it, such as a line's next word."""
    return len(other) == len(key) == 1 and len(min(key)) > 7 and min(other).startswith(min(key))


def _without_site(vote: Vote, banned: set[str]) -> Vote:
    others = tuple(name for name in vote.names if bare(name) not in banned)
    return replace(vote, names=others) if others else replace(vote, weight=vote.weight * 0.4)


def named(facts: Iterable[Fact[str]], weight: float, sites: Sequence[str] = ()) -> Iterator[Vote]:
    """A vote for all the names of each place; several metas of a name are one list. `sites` are no authors."""
    banned = {bare(site) for site in sites}
    by_place: dict[str, dict[str, str]] = {}
    for fact in facts:
        for name in names(fact.value, is_field=True):
            if bare(name) not in banned and not _COMPANY.search(name):
                by_place.setdefault(fact.where, {}).setdefault(bare(name), name)
    for where, found in by_place.items():
        # What has neither a space nor a capital is what somebody logs in with.
        login = all(" " not in name and name[0].islower() for name in found.values())
        yield Vote(tuple(found.values()), where, weight * (0.5 if login else 1))


def marked(tree: Element, layout: Layout) -> Iterator[Vote]:
    """Names in what the page marks as its author: `rel=author`, hCard and the usual classes."""
    found: list[Vote] = []
    near = {line.block for line in layout.lines[layout.start + 1 : layout.start + 6]} if layout.start else set()
    for element in tree.iter(*_MARKABLE):
        mark = _mark(element)
        is_near = not near.isdisjoint((element, *element.iterancestors())) if mark else False
        here = _marked_names(element) if mark and (is_near or not layout.is_remote(element)) else ()
        if here:
            found.append(Vote(here, mark, (0.8 if mark == "rel=author" else 0.7) - 0.1 * min(len(found), 4)))
    is_list = len({name for vote in found for name in vote.names}) > 5  # teasers of other articles
    for vote in found[:6]:
        yield replace(vote, weight=vote.weight * 0.4) if is_list else vote


def _mark(element: Element) -> str:
    if "author" in (element.get("rel") or "").lower().split():
        return "rel=author"
    if "author" in (element.get("itemprop") or "").split():
        return "itemprop=author"
    label = f"{element.get('class') or ''} {element.get('id') or ''}".lower()
    return "what is marked as the author" if _MARK.search(label) and not _NO_MARK.search(label) else ""


def _marked_names(element: Element) -> tuple[str, ...]:
    text = one_line(" ".join(element.itertext())[:2000])
    if len(text) > _MAX_LINE:
        inner = (one_line(one.text_content()) for one in element.iter("a", "strong", "b", "h2", "h3", "h4", "h5"))
        text = next((one for one in inner if 2 < len(one) < 50), "")
    links = (one for one in element.iter("a") if "author" in f"{one.get('rel')} {one.get('href')} {one.get('class')}")
    linked = tuple(dict.fromkeys(name for link in links for name in names(link.text_content())))
    match = _BYLINE.search(text)
    return linked or (names(text[match.end() :]) if match else ()) or names(text)


def bylines(layout: Layout) -> Iterator[Vote]:
    """Names in lines such as `By …`, `Von …`, `Text: …` about the headline, and in labelled ones further down."""
    for distance, line in layout.near(before=6, after=24):
        if len(line.text) <= _MAX_LINE:
            yield from _byline(line.text, _BYLINE, 1.0 if 0 < distance < 12 else 0.8)
            if abs(distance) < 8:
                yield from _beside_a_date(line.text)
    yield from _alone(layout)
    for line in layout.lines[layout.start + 25 :]:
        if len(line.text) <= _MAX_LINE and _LABELLED.search(line.text) and not layout.is_remote(line.block):
            yield from _byline(line.text, _LABELLED, 0.55)


def _byline(text: str, pattern: re.Pattern[str], weight: float) -> Iterator[Vote]:
    match = pattern.search(text)
    found = names(text[match.end() :]) if match else ()
    if found and all(name[0].isupper() or " " not in name for name in found):
        yield Vote(found, f"the line '{text[:60]}'", weight)


def _alone(layout: Layout) -> Iterator[Vote]:
    """A line by the headline that is a person's name and nothing more, and has a date above or below it."""
    lines = layout.lines[layout.start + 1 : layout.start + 12]
    for n, line in enumerate(lines):
        beside = (other.text for other in (*lines[max(0, n - 1) : n], *lines[n + 1 : n + 2]))
        is_dated = any(len(text) < _MAX_LINE // 3 and _DATED.search(text) for text in beside)
        text = _TITLE.sub("", line.text).split("/")[0].strip()
        if is_dated and len(line.text) < 40 and _is_person(text) and line.block.tag not in _HEADINGS:
            yield Vote(names(text), f"the line '{line.text}'", 0.3)
            return


def _is_person(text: str) -> bool:
    """Whether it is two or three words in capitals that may be a name."""
    return bool(_PERSON.fullmatch(text)) and text.istitle() and len(text) > 6 and bool(names(text))


def _beside_a_date(text: str) -> Iterator[Vote]:
    """`4.2.2022 | 13:10 Uhr | Uta Beispiel`."""
    parts = [part.strip() for part in re.split(r"[|•·]|\s[-–—]\s", text)]
    if len(parts) > 1 and any(_DATED.search(part) for part in parts):
        for part in parts:
            if _is_person(part):
                yield Vote(names(part), f"the line '{text[:60]}'", 0.5)
                return


def names(text: str, is_field: bool = False) -> tuple[str, ...]:
    """The names in a byline or (`is_field`, where nothing follows them) an author field; empty where there is none.

    `Von Ada Muster und Bo Beispiel | 1. Mai` has two; an address, a date and a role are none.
    """
    text = one_line(text[:1000].replace("\xad", "").replace("\u200b", ""))
    if _ADDRESS.match(text):
        return ()
    text = _PREFIX.sub("", _PREFIX.sub("", text, count=1), count=1).lstrip(_EDGES)
    text = _RUBRIC.sub("", text)
    text = _ROLE.sub("", text) or text
    end = _END.search(text, 2)
    text = (text[: end.start()] if end else text).strip(_EDGES)
    found: dict[str, str] = {}
    for part in _SPLIT.split(text):
        name = part.strip(_EDGES) if is_field and len(part.split()) < 6 else _trimmed(part)
        if _is_name(name):
            found.setdefault(bare(name), name)
        elif not found and len(part) > 25:  # the beginning of a sentence
            return ()
    return tuple(found.values())[:_MAX_NAMES]


def _trimmed(part: str) -> str:
    """A name less what follows in small letters: `Ada Muster schreibt`. Particles such as `von` are part of names."""
    part = part.strip(_EDGES)
    part = (_ROLE.sub("", part) or part).strip(_EDGES)
    words = part.split()
    if not words or words[0][0].islower():
        return part
    small = (n for n, word in enumerate(words) if word[0].islower() and word.casefold() not in _PARTICLES)
    keep = next(small, len(words))
    while keep and words[keep - 1].casefold() in _PARTICLES:
        keep -= 1
    return " ".join(words[:keep]).rstrip(",;:")


def _is_name(name: str) -> bool:
    if not 2 <= len(name) <= 60 or len(name.split()) > 6 or _ADDRESS.search(name) or _NO_NAME.match(name):
        return False
    first, _, rest = name.partition(" ")
    if rest and first[0].islower() and first not in _PARTICLES:
        return False
    letters = sum(c.isalpha() for c in name)
    return letters >= 2 and letters * 2 > len(name) and not _NOT_IN_NAMES.search(name)
