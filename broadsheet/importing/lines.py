"""Lines that are no part of an article: credits and notes of its route, which are kept, and boilerplate, which is not.

Only what stands before the first and after the last line of the article is taken, and what the register knows as a
publisher's boilerplate. Within a text a sentence on subscribing is the author's. Nothing is dropped in silence: each
line goes, as it stood, to the credits, the routes, the left-out pictures or the removed lines.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from functools import lru_cache, partial
from itertools import takewhile

from msgspec import Struct
from msgspec.structs import replace

from broadsheet.importing.draft import Draft, LeftOut, LicenceClaim, Removed
from broadsheet.importing.sentences import sentences
from broadsheet.reading import markdown
from broadsheet.register import Agency, Register
from broadsheet.rights.wire import names_agency
from broadsheet.words import plain


class Kind(enum.Enum):
    """What a line is that is no part of an article."""

    CREDIT = "credit"
    """An agency, a copyright, a licence, a permission."""
    PICTURE = "picture"
    """Who made a picture."""
    ROUTE = "route"
    """By which way the text came."""
    BOILERPLATE = "boilerplate"


class Furniture(Struct, frozen=True):
    """What stands round an article."""

    kinds: frozenset[Kind]
    why: str = ""
    """Of boilerplate, for people: `subscription offer`."""


def sort(draft: Draft, register: Register, publisher: str | None) -> Draft:
    """The draft with each line before and after its article put where it belongs. Sorted again, it is the same."""
    sorting = _Sorting(draft, register, publisher)
    sorting.take_known()
    sorting.take_ends()
    while sorting.take_offer() or sorting.part_ends():
        sorting.take_ends()
    return sorting.draft()


def furniture(text: str, register: Register, publisher: str | None = None) -> Furniture | None:
    """What a line in plain text is, if all of it is no part of an article.

    Without a publisher, the boilerplate of all that the register knows counts.
    """
    text = _tidy(text)
    if not text or len(text) > _LONGEST:
        return None
    whole = _boilerplate_of(text, register, publisher)
    parts = [whole] if whole else [_of_sentence(part, register) for part in sentences(text)]
    found = [part for part in parts if part is not None]
    if not found or len(found) < len(parts):
        return None
    kinds = frozenset[Kind]().union(*(part.kinds for part in found))
    return Furniture(kinds - {Kind.BOILERPLATE} or kinds, next((part.why for part in found if part.why), ""))


def _tidy(text: str) -> str:
    return plain(text).lstrip("*-–—•|> ").strip()


def _boilerplate_of(text: str, register: Register, publisher: str | None) -> Furniture | None:
    """A publisher's own, as far as no more than that is to be said of it."""
    names = [publisher] if publisher else [name for name, one in register.publishers.items() if one.boilerplate]
    owner = next((name for name in names if text.casefold().startswith(_beginnings(register, name))), None)
    if owner is None or any(_of_sentence(part, register, is_kept=True) for part in sentences(text)):
        return None
    return Furniture(frozenset({Kind.BOILERPLATE}), f"boilerplate of {owner}")


def _of_sentence(text: str, register: Register, *, is_kept: bool = False) -> Furniture | None:
    kinds = {kind for kind, pattern in _KEPT if pattern.search(text)}
    if _is_agency_line(text, register.agencies):
        kinds.add(Kind.PICTURE if _PICTURED.search(text) else Kind.CREDIT)
    if kinds or is_kept:
        return Furniture(frozenset(kinds)) if kinds else None
    if len(text) > _LONGEST_BOILERPLATE or _SAID.search(text):
        return None
    why = next((why for why, pattern in _BOILERPLATE.items() if pattern.match(text)), None)
    return Furniture(frozenset({Kind.BOILERPLATE}), why) if why else None


def claim(line: str) -> LicenceClaim | None:
    """The licence that a line says the text is under."""
    where = f"the line '{line if len(line) <= _SHOWN else line[:_SHOWN].rstrip() + '…'}'"
    if match := _CREATIVE_COMMONS.search(line):
        parts = re.sub(r"[\s_]+", "-", match["parts"] or "").upper().strip("-")
        known = f"CC-{parts}-{match['version']}" if parts and match["version"] else ""
        return LicenceClaim(known or match.group().strip(), where, line)
    if re.search(r"\bCC0\b", line):
        return LicenceClaim("CC0-1.0", where, line)
    return None


_LONGEST = 600
"""Characters of a line that can be any of this."""
_LONGEST_BOILERPLATE = 300
_LONGEST_AGENCY = 60
_SHOWN = 60
_CREATIVE_COMMONS = re.compile(
    r"\bCC[ -](?P<parts>BY(?:[ -](?:NC|ND|SA)){0,2})(?:[ -](?P<version>[1-4]\.[05]))?\b|"
    r"\bcreative commons\b[^.;]{0,60}",
    re.IGNORECASE,
)


def _any(*expressions: str) -> re.Pattern[str]:
    return re.compile("|".join(expressions), re.IGNORECASE)


_TEXT = r"(?:report|story|article|dispatch|piece|post|text|work)"
_THIS = r"(?:this|the|a version of this)"
_AGAIN = r"(?:republished|reprinted|reposted|cross-?posted|syndicated)"
_KEPT = (
    (
        Kind.ROUTE,
        _any(
            r"^originally (?:posted|appeared) (?:by|on|at|in)\b",
            rf"^{_AGAIN} (?:from|courtesy of)\b",
            rf"\bthis {_TEXT} (?:is|was|has been)? ?{_AGAIN} (?:from|courtesy)\b",
            rf"^{_THIS} {_TEXT} (?:was )?(?:first|originally) (?:appeared|posted|ran) (?:on|in|at|by)\b",
            r"\bcontent is produced by\b.{0,200}\bpublic domain\b",
            r"^read the original (?:article|story|post)\b",
            r"^(?:dieser (?:artikel|text|beitrag) (?:erschien|stammt)|cet article (?:est republié|a d'abord paru)|"
            r"este artículo (?:se publicó|apareció|fue publicado) (?:originalmente|primero))\b",
        ),
    ),
    (
        Kind.CREDIT,
        _any(
            r"^(?:©|\(c\) ?(?:\d|[A-Z])|copyright\b)",
            r"\b(?:all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados)\b",
            r"^(?:some )?(?:information|material|data) (?:for|in|from) this (?:report|story|article)\b",
            r"\bcontributed to this (?:report|story|article|dispatch|piece)\b",
            r"^\(?(?:additional |with )?(?:reporting|editing|research|translation) by\b",
            r"^with (?:additional )?(?:information|material|reporting|files) from\b",
            rf"^{_THIS} {_TEXT} (?:was|is|has been) (?:adapted|compiled|produced|written|supplemented|translated)\b",
            r"^(?:originally|first) published\b",
            rf"^{_THIS} {_TEXT} (?:was|is) (?:first|originally) published\b",
            rf"^{_AGAIN} (?:under|with)\b",
            rf"\bthis {_TEXT} is (?:licen[sc]ed\b|(?:published|available|shared|released|{_AGAIN})\b.{{0,200}}"
            r"\b(?:licen[sc]e|creative commons|permission))",
            r"^(?:CC[ -]BY\b|CC0\b|creative commons\b)|\bmay not be (?:published|reproduced|copied|redistributed)\b",
            rf"^(?:licen[sc]ed|{_AGAIN}|used|published) (?:under|with) (?:a|an|the|permission|creative|cc)\b",
            r"^(?:sources?|quellen?|fuentes?)(?: ?/ ?\w+)?: ?\S.{0,80}$",
            r"^(?:mit material von|mit informationen von|avec|con información de)\b.{0,80}$",
        ),
    ),
    (
        Kind.PICTURE,
        _any(
            r"^(?:cover |file )?(?:photo|photograph|image|picture|illustration|graphic|video|foto|bild|imagen|crédit)s?"
            r"(?: credits?| courtesy)?(?: by\b|:| ?/|\s?©).{0,150}$",
            r"^(?:credit|courtesy)s?(?::| of\b).{0,150}$",
        ),
    ),
)
_PICTURED = re.compile(r"\b(?:images?|photos?|pictures?|foto|via)\b", re.IGNORECASE)
_BOILERPLATE = {
    "subscription offer": _any(
        r"(?:subscribe|register)(?:\W*$| (?:to|now|today|here|for|and)\b)",
        r"(?:sign up|log in|sign in)(?:\W*$| (?:to|for|here|now)\b)",
        r"(?:already a|become a|are you a) (?:subscriber|member|patron)\b",
        r"(?:get|receive) (?:our|the latest|the best of|unlimited|exclusive|more (?:news|stories))\b",
        r"(?:start|try) (?:your|a|our) (?:free|trial|subscription|\d+[- ]day)\b",
        r"newsletter\b|(?:jetzt )?abonnieren|abonnez-vous|inscrivez-vous|suscríbete|suscríbase",
    ),
    "sharing": _any(
        r"(?:share|tweet|pin|e-?mail|print|copy link|whatsapp|facebook|twitter|linkedin|reddit|telegram)"
        r"(?:\W*$|(?:[\s|,/•·]+(?:share|tweet|pin|e-?mail|print|copy|link|whatsapp|facebook|twitter|x|linkedin|reddit|"
        r"telegram)){0,9}\W*$|[^.]{0,20}\bthis (?:article|story|post|page|via|on|with)\b|:)",
        r"(?:share|pin)(?: this| it)?(?:\W*$| (?:on|via)\b)",
        r"(?:click|tap) (?:here )?to (?:share|print|e-?mail)\b",
        r"(?:follow|like|find|join) us\b|teilen(?: sie)?\b.{0,60}$|partager\b.{0,60}$|compartir\b.{0,60}$",
    ),
    "pointer to other texts": _any(
        r"(?:read|see|watch|listen) (?:more|also|next|now)(?:\W*$|:| ?[>›»—–-]| on\b| from\b| about\b)",
        r"(?:also read|see also|related(?: (?:articles?|stories|content|posts|topics|coverage))?|recommended|"
        r"most (?:read|popular)|you (?:may|might) also (?:like|enjoy)|more (?:stories|news|on this)|trending|up next)"
        r"(?:\W*$|:| (?:from|in|on)\b.{0,60}$)|more from [^.]{0,60}$",
        r"(?:lesen sie auch|mehr zum thema|siehe auch|lire aussi|à lire aussi|lea también|más información)\b",
    ),
    "advertisement": _any(
        r"(?:advertisement|sponsored(?: content)?|anzeige|werbung|publicité|publicidad)\W*$",
        r"(?:story|article) continues below\b|scroll to continue\b",
    ),
    "request for support": _any(
        r"donate(?:\W*$| (?:now|today|here|to)\b)|support (?:us\b|our (?:work|journalism|reporting|newsroom|mission))|"
        r"help us (?:keep|continue|report|stay|fund|do)\b|make a (?:donation|gift)\b|buy me a coffee",
    ),
    "comments": _any(
        r"(?:\d{1,6} comments?|no comments(?: yet)?|leave a (?:comment|reply)|post a comment|comments?(?: are)? closed|"
        r"comments?)\W*$|join the (?:conversation|discussion)\b.{0,60}$",
    ),
    "navigation": _any(
        r"(?:skip to (?:main )?content|back to top|(?:go )?back to (?:the )?(?:home|front)\w*|menu|home|search|loading|"
        r"listen(?: to this (?:article|story))?(?: ?[(·|].{0,20})?|\d{1,3} min(?:ute)?s? (?:read|listen)|"
        r"play audio|print this page|download (?:our|the) app.{0,60}|open in app|gallery|enlarge (?:this )?image)\W*$",
        r"(?:topics?|tags?|filed under|categor(?:y|ies)|keywords?|schlagwörter|étiquettes|etiquetas): ?\S.{0,200}$",
    ),
}


_OFFERS = ("subscription offer", "request for support")
_SELLING = re.compile(
    r"\b(?:subscri|unlimited|exclusive|offer|trial|cancel|newsletter|inbox|member|donat|money back|editions?\b|"
    r"issues?\b|per (?:month|week|year)\b|(?:get|join|start|try|your?|our|us)\b)|[!?]\W*\Z",
    re.IGNORECASE,
)
_LONGEST_OFFER = 400
_FEW_WORDS = 3


def _is_offer(block: str) -> bool:
    """Whether a block may be a part of an offer: it is short, nobody says a thing, and it sells or is no sentence."""
    if len(block) > _LONGEST_OFFER or _SAID.search(block):
        return False
    text = said(block)
    is_sentence = _CLOSED.search(text) is not None and len(text.split()) > _FEW_WORDS
    return _SELLING.search(text) is not None or not is_sentence


@lru_cache(maxsize=4096)
def _folded(beginnings: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(plain(beginning).casefold() for beginning in beginnings)


def _beginnings(register: Register, publisher: str) -> tuple[str, ...]:
    known = register.publishers.get(publisher)
    return _folded(known.boilerplate) if known else ()


def _is_agency_line(text: str, agencies: Mapping[str, Agency]) -> bool:
    """A short line that names an agency and is no sentence: `AP Images`, `A. Painter/AFP`, `Reuters`."""
    if len(text) > _LONGEST_AGENCY or (text.endswith((".", "?", "!", ":")) and len(text.split()) > _FEW):
        return False
    return len(text.split()) <= _MOST_AGENCY and names_agency(text, agencies) and not _SAYING.search(text)


_FEW = 4
_MOST_AGENCY = 6
"""Words of a line that names somebody and an agency."""
_SAID = re.compile(r"\b(?:said|says|told|sagte|dijo)\b", re.IGNORECASE)
_SAYING = re.compile(r"\b(?:says?|said|told|reports?|reported|is|are|was|were|has|have|will|to|by)\b", re.IGNORECASE)
_CLOSED = re.compile(r"[.?!…:;][\"'”’»)\]]*\Z")
_MOST_OF_CAPTION = 15
"""Words of a caption that is no sentence: a name."""
_PROSE = re.compile(r"[^\W_][^\\`*_~\[\]<>&^|#=\n]*")
_NOT_PARAGRAPH = re.compile(r"#{1,6} |> |[-*+] |\d{1,9}[.)] |\||```|~~~| {4}")


class _Line(Struct):
    """A block, and what it is taken for."""

    block: str
    found: Furniture | None = None
    caption_of: str = ""
    """The credit of the picture that it is the caption of."""

    @property
    def is_taken(self) -> bool:
        return self.found is not None or bool(self.caption_of)


class _Sorting:
    """The blocks of a draft, of which those at the ends are taken."""

    def __init__(self, draft: Draft, register: Register, publisher: str | None) -> None:
        self._draft, self._register, self._publisher = draft, register, publisher
        self._lines = [_Line(block) for block in draft.blocks]

    def take_known(self) -> None:
        """What the register knows as this publisher's boilerplate, wherever it stands."""
        beginnings = _beginnings(self._register, self._publisher) if self._publisher else ()
        for line in self._lines if beginnings else ():
            if _tidy(_bare(line.block)).casefold().startswith(beginnings):
                line.found = self._known(line.block)

    def take_offer(self) -> bool:
        """Take an offer at the end, with its list of advantages, from the line that opens it; whether there was one."""
        left = [line for line in self._lines if not line.is_taken]
        opening: int | None = None
        for n in range(len(left) - 1, 0, -1):
            known = self._known(left[n].block)
            if known is not None and known.why in _OFFERS:
                opening = n
            elif known is None and not _is_offer(left[n].block):
                break
        if opening is None:
            return False
        of_offer = Furniture(frozenset({Kind.BOILERPLATE}), f"of the offer '{said(left[opening].block)[:_SHOWN]}'")
        for line in left[opening:]:
            line.found = self._known(line.block) or of_offer
        return True

    def take_ends(self) -> None:
        """What stands before and after the article."""
        for is_last in (False, True):
            left = [line for line in self._lines if not line.is_taken]
            lines = left[::-1] if is_last else left
            for n, line in enumerate(lines):
                line.found = self._known(line.block, is_last=is_last)
                if not line.is_taken and not self._take_caption(line, lines[n + 1 : n + 2]):
                    break

    def part_ends(self) -> bool:
        """Set apart the route in the article's first sentences and the credits in its last; whether there were any."""
        number_before = len(self._lines)
        left = [n for n, line in enumerate(self._lines) if not line.is_taken]
        for at, first in ((left[-1], False), (left[0], True)) if left else ():
            block = self._lines[at].block
            if _NOT_PARAGRAPH.match(block) or "\n" in block:
                continue
            parts = sentences(block)
            apart = takewhile(partial(self._is_apart, first), parts if first else reversed(parts))
            number = min(len(list(apart)), len(parts) - 1)
            split = number if first else len(parts) - number
            pieces = [*parts[:split], " ".join(parts[split:])] if first else [" ".join(parts[:split]), *parts[split:]]
            self._lines[at : at + 1] = [_Line(piece) for piece in pieces if piece]
        return len(self._lines) > number_before

    def draft(self) -> Draft:
        """The draft as it is now."""
        taken = [(line.found, said(line.block)) for line in self._lines if line.found]
        routes = [line for found, line in taken if Kind.ROUTE in found.kinds]
        credited = [line for found, line in taken if found.kinds & {Kind.CREDIT, Kind.PICTURE}]
        removed = [Removed(line, found.why) for found, line in taken if Kind.BOILERPLATE in found.kinds]
        captions = [LeftOut("image", "", said(x.block), x.caption_of) for x in self._lines if x.caption_of]
        kept = next((n for n, line in enumerate(self._lines) if not line.is_taken), 0)
        changes = [
            f"Formatting: the republisher’s {'introduction' if n < kept else 'note on where it came from'} left out"
            for n, line in enumerate(self._lines)
            if line.found and Kind.ROUTE in line.found.kinds
        ]
        changes += ["Formatting: lines of credit moved to the credits"] if credited else []
        claims = {licence.licence: licence for licence in self._draft.licences}
        for line in credited:  # what an intermediary says of the licence is no claim of the publisher's
            if found := claim(line):
                claims.setdefault(found.licence, found)
        return replace(
            self._draft,
            blocks=tuple(line.block for line in self._lines if not line.is_taken),
            credits=_together(self._draft.credits, credited),
            routes=_together(self._draft.routes, routes),
            removed=(*self._draft.removed, *removed),
            left_out=(*self._draft.left_out, *captions),
            changes=_together(self._draft.changes, changes),
            licences=tuple(claims.values()),
        )

    def _known(self, block: str, *, is_last: bool = False) -> Furniture | None:
        """What a block is. At the end one is what it begins with, for after a credit no article goes on."""
        text = _tidy(_bare(block))
        found = furniture(text, self._register, self._publisher)
        if found or not is_last or len(text) > _LONGEST:
            return found
        found = furniture(sentences(text)[0], self._register, self._publisher) if text else None
        return found if found and Kind.BOILERPLATE not in found.kinds else None

    def _is_apart(self, first: bool, sentence: str) -> bool:
        found = self._known(sentence)
        return found is not None and bool(found.kinds & {Kind.ROUTE, *([] if first else [Kind.CREDIT])})

    def _take_caption(self, line: _Line, beside: list[_Line]) -> bool:
        """The name over or under a picture's credit goes with the picture."""
        found = self._known(beside[0].block) if beside else None
        if found is None or Kind.PICTURE not in found.kinds or not _is_name(line.block):
            return False
        line.caption_of = said(beside[0].block)
        return True


def _together(one: tuple[str, ...], other: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *other)))


def said(block: str) -> str:
    """The text of a block of markdown, in one line."""
    if _PROSE.fullmatch(block) and not _NOT_PARAGRAPH.match(block):
        return " ".join(block.split())  # nothing in it is markup: no need to read it
    return " ".join(" ".join(passage.text for passage in markdown.read(block).passages).split())


def _bare(block: str) -> str:
    """Nearly what `said` says, and much sooner: enough to know a line by."""
    if len(block) > 4 * _LONGEST:
        return block[: 4 * _LONGEST]
    block = re.sub(r"\]\([^()\s]{0,2000}\)|\]\(<[^<>\s]{0,2000}>\)", "]", block)
    return plain(re.sub(r"^(?:#{1,6}|[-*+>]|\d{1,9}[.)]) |(?<!\\)[*_`\[\]]|\\(?=[!-/:-@\[-`{-~])", "", block))


def _is_name(block: str) -> bool:
    text = _bare(block)
    return not _NOT_PARAGRAPH.match(block) and not _CLOSED.search(text) and len(text.split()) <= _MOST_OF_CAPTION
