"""What stands before a text: its headline, byline, date and address, the header of a mail, the marks of a site.

Taken line by line. What a line says is recorded with the line; a line that says nothing known begins the text.
"""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct, field
from msgspec.structs import replace

from broadsheet import url
from broadsheet.importing import lines, markup
from broadsheet.importing.draft import Draft, Fact, Removed
from broadsheet.importing.text import bylines, dates
from broadsheet.register import Register
from broadsheet.rights.wire import names_agency
from broadsheet.words import one_line

Chunk = tuple[str, ...]
"""Lines between blank ones."""

_BULLET = re.compile(r"\s{0,3}(?:[-*•·‣◦]|\d{1,3}[.)])\s")
_KEYS = {
    "title": "title headline titel titre título titulo betreff subject objet asunto überschrift",
    "authors": "author authors byline writer autor autorin auteur autora",
    "published": "date published datum sent gesendet publication-date pubdate fecha published-on publish-date envoyé",
    "url": "url link permalink address source-url canonical",
    "site": "publisher publication site source website quelle outlet newspaper",
    "description": "description summary subtitle standfirst dek deck subhead",
    "": "from to cc bcc reply-to von an de à para section tags category categories topics keywords language lang slug",
}
_KEY_OF = {key: field for field, keys in _KEYS.items() for key in keys.split()}
_HEADER = re.compile(r"(?P<key>[^\W\d_][\w \-]{0,20}?)\s?:\s+(?P<value>\S.{0,2000})")
_FORWARDED = re.compile(
    r"-{2,}.{0,60}-{2,}|begin forwarded message:|(?:anfang der )?weitergeleitete.{0,20}nachricht.{0,3}|"
    r"message transféré.{0,3}",
    re.IGNORECASE,
)
_ANSWERED = re.compile(r"\A(?:(?:fwd?|re|aw|wg|tr|rv)\s?:\s{0,5}){1,9}", re.IGNORECASE)
_RULE = re.compile(r"(?:[-*_=~#•·]\s?){3,}|#+")
_ATX = re.compile(r"#{1,2}\s+(?P<title>.*?)\s*#*")
_WRAPPED = 50
"""Characters of a line that may go on in the next."""
_SHOWN = 300
"""Characters of a line in the name of a place."""
_MAX_HEAD = 20
"""Lines that may stand before a text."""
_HEADLINE_WORDS = 30
_QUESTION_WORDS = 15
_HEADLINE = 220
"""Characters."""
_STANDFIRST_WORDS = 60
_LABEL_WORDS = 3
_DATELINE = re.compile(r"[^\W\d_a-z][^a-z(]{2,40}(?:, [\w. ]{1,30})? ?(?:\([^()]{2,40}\) ?)?[—–-]")


class Opening(Struct):
    """What stands before the text, taken line by line."""

    register: Register
    is_markdown: bool
    draft: Draft = field(default_factory=Draft)
    before: list[str] = field(default_factory=list)
    """Lines that are neither of the head nor of the text; whoever sorts lines knows what they are."""
    _subject: str = ""
    _updated: Fact[str] | None = None

    def take(self, chunks: list[Chunk]) -> list[Chunk]:
        """The chunks less those that are the head."""
        rows = [(n, row) for n, chunk in enumerate(chunks) for row in chunk][: 4 * _MAX_HEAD]
        at = 0
        while at < len(rows) and at < _MAX_HEAD:
            _, row = rows[at]
            said = self._plain(row)
            if self._take_fact(row, said) or (self._has_more(rows, at) and self._take_furniture(said)):
                at += 1
                continue
            taken = self._take_words(rows, at)
            if not taken:
                break
            at += taken
        self._settle()
        return self._remainder(chunks, rows, at)

    def take_line(self, said: list[str]) -> list[Chunk]:
        """Of a text in one line: what is in its first sentences. What remains is one chunk."""
        while len(said) > 1 and lines.furniture(said[0], self.register):
            self.before.append(said.pop(0))
        text = " ".join(said)
        match = _INLINE_BYLINE.search(text, 0, _HEADLINE + 100)
        if match and is_headline(title := text[: match.start()].strip(" ,|–—-")) and len(title.split()) > 1:
            name = bylines.leading_name(text[match.end() :])
            rest = text[match.end() + len(name) :].lstrip(" ,|–—-")
            where = f"the words '{text[match.start() : match.end() + len(name)].strip()}' after it"
            self._set("title", Fact(title, "the first line, up to its byline"))
            if name:
                names: tuple[str, ...] = (name,)
                self._set("authors", Fact(names, where))
                self._doubt(f"The text has no line ends: that the byline is '{name}' and no longer, is a guess")
            return [(self._take_inline_date(rest),)]
        match = _INLINE_DATELINE.search(text, 0, _HEADLINE + 100)
        if match and is_headline(title := text[: match.start()].strip(" ,|–—-")) and len(title.split()) > 1:
            self._set("title", Fact(title, "the first line, up to its dateline"))
            return [(text[match.start() :].strip(),)]
        self._doubt("The text has no line ends, and no headline could be told apart")
        return [(text,)]

    def _take_inline_date(self, text: str) -> str:
        match = _INLINE_DATE.match(text)
        if match is None or not (known := dates.dated(match.group())):
            return text
        self._set("published", Fact(known, f"the words '{match.group().strip()}'"))
        return text[match.end() :].lstrip(" ,|–—-")

    def _plain(self, row: str) -> str:
        return lines.said(_DEAD.sub(r"\1", row)) if self.is_markdown and re.search(r"[\\\[*_`]", row) else one_line(row)

    def _take_fact(self, row: str, said: str) -> bool:
        """A line that says who, when or where, and is recorded in what it says."""
        where = f"the line '{said if len(said) <= _SHOWN else said[:_SHOWN] + '…'}'"
        if _RULE.fullmatch(row.strip()) or _FORWARDED.fullmatch(row.strip()):
            self._remove(said or row.strip(), "rule or mark of a forwarded mail")
            return True
        if self._take_header(said, where):
            return True
        if found := address(said):
            self._set("url", Fact(found, where))
            return True
        if dates.is_date_line(said):
            return self._take_date(said, where, said)
        byline = bylines.byline(said) or (bylines.signed(said, self.register) if self.draft.title else None)
        if byline is None:
            return False
        self._set("authors", Fact(byline.names, where))
        if byline.published:
            self._set("published", Fact(byline.published, where))
        if names_agency(said, self.register.agencies):
            self.draft = replace(self.draft, credits=(*self.draft.credits, said))
        return True

    def _take_header(self, said: str, where: str) -> bool:
        """`Title: …`, `Date: …`; the lines of a mail."""
        match = _HEADER.fullmatch(said)
        key = match["key"].casefold().strip().replace(" ", "-") if match else ""
        if match is None or key not in _KEY_OF:
            return False
        value, into = match["value"].strip("\"'"), _KEY_OF[key]
        if into == "site" and names_agency(value, self.register.agencies):
            return False  # a credit: `Source: Reuters`
        if into == "title" and key not in ("title", "headline", "titel", "titre", "título", "titulo"):
            self._subject = _ANSWERED.sub("", value)
        elif into == "authors":
            return self._take_authors(value, where)
        elif into == "published":
            return self._take_date(value, where, said)
        elif into in ("url", "site") and (found := address(value)):
            self._set("url", Fact(found, where))
        elif into in ("title", "site", "description"):
            self._set(into, Fact(one_line(value), where))
        else:
            self._remove(said, "line of a header")
        return True

    def _take_authors(self, value: str, where: str) -> bool:
        byline = bylines.byline(f"By {value}") if not value.casefold().startswith("by ") else bylines.byline(value)
        self._set("authors", Fact(byline.names if byline else (one_line(value),), where))
        if names_agency(value, self.register.agencies):
            self.draft = replace(self.draft, credits=(*self.draft.credits, value))
        return True

    def _take_date(self, said: str, where: str, line: str) -> bool:
        label = dates.PUBLISHED.search(said)
        after = said[label.end() :] if label else said
        known = dates.dated(after) or dates.dated(said)
        is_update = not label and dates.UPDATED.search(said) is not None
        if known is None:
            self._doubt(f"A date can be read in two ways, or is none: {said[:_SHOWN]}")
            self._remove(line, "a date that can be read in two ways")
        elif is_update:
            self._keep_update(Fact(known, where))
        else:
            self._set("published", Fact(known, where))
        return True

    def _keep_update(self, fact: Fact[str]) -> None:
        if self._updated is not None:
            self._remove(fact.where, _AGAIN["published"])
        self._updated = self._updated or fact

    def _take_furniture(self, said: str) -> bool:
        found = lines.furniture(said, self.register)
        may_be_headline = self.draft.title is None and len(said.split()) > _LABEL_WORDS and is_headline(said)
        if found is None or (may_be_headline and lines.Kind.CREDIT in found.kinds):
            return False
        self.before.append(said)
        return True

    def _take_words(self, rows: list[tuple[int, str]], at: int) -> int:
        """How many lines from there are the headline or the standfirst; none where the text begins."""
        run = self._run(rows, at)
        text = " ".join(self._plain(row) for row in run)
        if self.draft.title is None:
            return self._take_title(rows, at, run)
        if text.casefold() == self.draft.title.value.casefold():
            self._remove(text, "the headline again")
            return len(run)
        is_first = self.draft.description is None and self.draft.authors is None
        if is_first and len(text.split()) <= _STANDFIRST_WORDS and self._is_head(rows, at + len(run)):
            self._set("description", Fact(text, "the lines under the headline"))
            return len(run)
        return 0

    def _take_title(self, rows: list[tuple[int, str]], at: int, run: list[str]) -> int:
        if match := _ATX.fullmatch(run[0].strip()):
            self._set("title", Fact(lines.said(match["title"]) or match["title"], "its first heading"))
            return 1
        if len(run) > 1 and (len(self._plain(run[0])) < _WRAPPED or not is_headline(" ".join(map(self._plain, run)))):
            run = run[:1]
        text = " ".join(map(self._plain, run))
        after = rows[at + len(run)] if at + len(run) < len(rows) else None
        if after is None or not is_headline(text):
            return 0
        if len(text.split()) <= _LABEL_WORDS and self._is_label(rows, at + len(run)):
            self._remove(text, "section of the paper")
            return len(run)
        if self._subject and text.casefold() != self._subject.casefold() and not self._is_head(rows, at + len(run)):
            return 0
        self._set("title", Fact(text, "the first line" if at == 0 else f"line {at + 1}"))
        return len(run)

    def _is_label(self, rows: list[tuple[int, str]], at: int) -> bool:
        """Whether a headline comes after a line of a word or two, and a byline or a date after that."""
        run = self._run(rows, at) if at < len(rows) else []
        text = " ".join(map(self._plain, run))
        is_next = len(text.split()) > _LABEL_WORDS and is_headline(text) and not self._is_fact(text)
        return is_next and self._is_head(rows, at + len(run))

    def _run(self, rows: list[tuple[int, str]], at: int) -> list[str]:
        """The lines from there to the end of their chunk or to one that says who, when or where."""
        run = [rows[at][1]]
        for n, row in rows[at + 1 :]:
            if n != rows[at][0] or self._is_fact(self._plain(row)):
                break
            run.append(row)
        return run

    def _is_fact(self, said: str) -> bool:
        return bool(bylines.byline(said) or dates.is_date_line(said) or address(said) or _RULE.fullmatch(said))

    def _is_head(self, rows: list[tuple[int, str]], at: int) -> bool:
        """Whether what follows is still of the head: within the next lines there is a byline or a date."""
        for _, row in rows[at : at + 4]:
            said = self._plain(row)
            if len(said.split()) > _STANDFIRST_WORDS:
                return False
            if self._is_fact(said) or bylines.signed(said, self.register):
                return True
        return False

    def _settle(self) -> None:
        """What was only kept in case nothing better would come."""
        if self._subject and self.draft.title is None:
            self._set("title", Fact(self._subject, "the mail's subject"))
        elif self._subject and self.draft.title and self.draft.title.value != self._subject:
            self._remove(self._subject, "the mail's subject")
        if self._updated:
            if self.draft.published is None:
                self._doubt("Only the day of an update is known, not that of publication")
            self._set("published", self._updated)
        if self.draft.title is None:
            self._doubt("No headline was found")

    @staticmethod
    def _has_more(rows: list[tuple[int, str]], at: int) -> bool:
        return at + 1 < len(rows)

    @staticmethod
    def _remainder(chunks: list[Chunk], rows: list[tuple[int, str]], at: int) -> list[Chunk]:
        if at >= len(rows):
            return chunks[rows[-1][0] + 1 :]
        n = rows[at][0]
        start = at - next(i for i, (m, _) in enumerate(rows) if m == n)
        return [chunks[n][start:], *chunks[n + 1 :]]

    def _set(self, name: str, fact: Fact[str] | Fact[tuple[str, ...]]) -> None:
        """What is said first stands; what it says besides is removed, and told."""
        known = getattr(self.draft, name)
        if known is None:
            self.draft = replace(self.draft, **{name: fact})
        elif known.where != fact.where:
            self._remove(re.sub(r"\Athe line '(.*)'\Z", r"\1", fact.where), _AGAIN[name])

    def _remove(self, line: str, why: str) -> None:
        self.draft = replace(self.draft, removed=(*self.draft.removed, Removed(line, why)))

    def _doubt(self, said: str) -> None:
        self.draft = replace(self.draft, doubts=(*self.draft.doubts, said))


_AGAIN = {
    "title": "a second headline",
    "authors": "a second byline",
    "published": "a second date",
    "url": "a second address",
    "site": "a second name of a publisher",
    "description": "a second summary",
}
_DEAD = re.compile(r"\[([^\[\]\n]{1,500})\]\(#[^()\s]{0,200}\)")
_INLINE_BYLINE = re.compile(r"(?<=\s)(?:[Bb]y|BY|[Ww]ritten by)\s+(?=[^\W\d_a-z])")
_INLINE_DATELINE = re.compile(r"(?<=\s)[A-Z][A-Z .'\-]{2,30}(?:, [A-Z][\w. ]{1,20})? \([A-Z][\w ]{1,20}\) ?[—–-]+ ")
_INLINE_DATE = re.compile(
    rf"(?:(?:[Oo]n|[Pp]ublished|[Pp]osted):? )?(?:\w{{3,10}}day, )?(?:{dates.DATE.pattern})", re.IGNORECASE
)


def is_headline(text: str) -> bool:
    """Whether a line can be a headline: short, no item of a list, no sentence and no dateline."""
    words = text.split()
    if not words or len(words) > _HEADLINE_WORDS or len(text) > _HEADLINE or not re.search(r"[^\W\d_]", text):
        return False
    if _BULLET.match(text) or text.startswith((">", "|", "<")) or _DATELINE.match(text):
        return False
    if text.endswith(("?", "!")) and len(words) > _QUESTION_WORDS:
        return False
    return not re.search(r"(?<!\b[A-Z])\.[\"'”’»)\]]*\Z|[:;,]\Z", text)


@lru_cache(maxsize=256)
def address(text: str) -> str | None:
    """The address that a line is, and nothing else."""
    text = text.strip().removeprefix("<").removesuffix(">")
    if not text.startswith(("http://", "https://")) or not url.is_web_address(text):
        return None
    return markup.without_tracking(text)
