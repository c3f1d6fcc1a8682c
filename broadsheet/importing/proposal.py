"""Rights at import: what may be made of a draft, asked of the gate before a word of it is written into `content/`.

The whole text is proposed where the gate lets it through, or would but for a review of the agencies that it names. All
else becomes an excerpt, of which the first sentences are proposed as the quotation, or a link.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from broadsheet import url
from broadsheet.config import Config
from broadsheet.fields import UNKNOWN, read_moment
from broadsheet.fingerprint import Fingerprint, fingerprint, normalised, segments
from broadsheet.importing import markup
from broadsheet.importing.draft import Draft
from broadsheet.importing.given import Given
from broadsheet.importing.sentences import sentences
from broadsheet.importing.source import GIVEN, Word, word_for
from broadsheet.model import Article, Body, FrontMatter, Kind, Origin, Place, Retrieved
from broadsheet.problem import Finding
from broadsheet.reading import markdown
from broadsheet.reading.article import PLACEHOLDERS
from broadsheet.record import UnreadableError
from broadsheet.register import Register
from broadsheet.rights import Policy, clear
from broadsheet.rights.case import case_of
from broadsheet.rights.excerpt import check_caps
from broadsheet.rights.verbatim import FORMATTING
from broadsheet.slug import slugify
from broadsheet.words import count_words, one_line, sha256

_, OWN_WORDS, QUOTATION, _ = PLACEHOLDERS
_WIRE = "rights/wire-unreviewed"
MOST = 300
"""Characters of a headline, of the names of a byline, of a publisher's name: what has more is a text, and none."""
_MOST_CLAIMED, _CLAIMS = 100, 3
"""Characters of a claim that are written down, and claims."""


class Text(Struct, frozen=True):
    """The text of a draft as the gate will measure it."""

    markdown: str
    body: Body
    plain: str
    """All passages, joined by spaces."""
    sha256: str
    words: int

    def has(self, said: str) -> bool:
        """Whether words stand so in it, signs and letter case aside; words in brackets and ellipses were put in."""
        whole = f" {' '.join(normalised(self.plain))} "
        pieces = [normalised(segment) for segment in segments(said)]
        return any(pieces) and all(f" {' '.join(piece)} " in whole for piece in pieces if piece)

    def digests(self, credits_: Sequence[str]) -> tuple[str, ...]:
        """The hashes by which it may be known: of the text alone and, as some capture it, with its credit lines."""
        return (self.sha256, sha256(" ".join([self.plain, *credits_]))) if credits_ else (self.sha256,)

    @property
    def links(self) -> tuple[str, ...]:
        """The addresses to which it links, in the form that they are compared in."""
        return tuple(map(url.same, self.body.links))


class Question(Struct, frozen=True):
    """What the importer cannot know."""

    field: str
    """Of the front matter, with full stops: `origin.url`."""
    text: str


class Proposal(Struct, frozen=True, kw_only=True):
    """An article to be written."""

    matter: FrontMatter
    body: str
    """Markdown."""
    fingerprint: Fingerprint | None
    """Of what may not be kept; None for a reprint."""
    why_not_full: tuple[Finding, ...]
    """What the gate has against a reprint; empty where it is one."""
    agencies: tuple[str, ...]
    """What the gate says of the agencies that a reprint names: a review is to be filled in."""
    claims: tuple[str, ...]
    """Licences that the capture claims and the register does not know of, with where they stood."""
    questions: tuple[Question, ...]

    @property
    def slug(self) -> str:
        """The name of its file."""
        digest = self.matter.retrieved.sha256 if self.matter.retrieved else None
        return slugify(self.matter.title) or f"imported-{digest or ''}"[:21].rstrip("-")


class Desk(Struct, frozen=True, kw_only=True):
    """What drafts are judged by."""

    config: Config
    policy: Policy
    now: datetime
    """UTC."""


def measure(draft: Draft) -> Text:
    """The draft's text, read as the build will read it."""
    text = "\n\n".join(draft.blocks)
    body = markdown.read(text)
    plain = " ".join(passage.text for passage in body.passages)
    return Text(text, body, plain, sha256(plain), count_words(plain))


def propose(draft: Draft, text: Text, given: Given, desk: Desk, retrieved: Retrieved) -> Proposal | Finding:
    """What to write of a draft. A quotation that was given and does not stand in the text is a finding."""
    strange = next((said for said in given.quotations if not text.has(said)), None)
    if strange is not None:
        message = f"the words given with --quote do not stand in the text: '{one_line(strange)[:80]}'"
        return Finding("import/quote-not-found", message, "Copy them from the original, letter for letter")
    title = one_line(draft.title.value) if draft.title else ""
    if not title:
        return Finding("import/no-title", "no headline was found", "Give it with --title")
    if len(title) > MOST:
        message = f"what is said to be the headline has {len(title)} characters: it is a text"
        return Finding("import/no-title", message, "Give the headline itself with --title")
    draft = _shortened(draft)
    register, claims = desk.policy.register, _claims(draft, desk)
    matter = _matter(draft, given, desk, retrieved)
    reprint, refused, agencies = _reprint(draft, text, matter, desk)
    if given.kind in (None, Kind.FULL) and not given.quotations and not refused:
        is_certain = draft.authors and word_for(draft, retrieved.from_ or "", register) is not Word.ITSELF
        kept = replace(reprint, draft=bool(agencies or claims or given.is_draft or not is_certain))
        kept = replace(kept, summary=given.comment or None)
        return _proposal(kept, text.markdown, None, draft, register, agencies=agencies, claims=claims)
    # Of a part nobody can say which share a quotation is.
    is_link = given.kind is Kind.LINK or not text.plain or not (draft.is_whole or given.kind or given.quotations)
    made = _link(matter, given) if is_link else _excerpt(draft, text, matter, given, desk)
    if isinstance(made, Finding):
        return made
    body, quoted, kept = made
    stored = fingerprint(text.plain, quoted, text.links) if text.plain else None
    return _proposal(kept, body, stored, draft, register, why=refused, claims=claims)


def _shortened(draft: Draft) -> Draft:
    """The draft without a byline or a publisher that is too long for one: a text is not written down as a name."""
    authors = draft.authors if draft.authors and sum(map(len, draft.authors.value)) <= MOST else None
    return replace(draft, authors=authors, site=draft.site if draft.site and len(draft.site.value) <= MOST else None)


def _proposal(
    matter: FrontMatter,
    body: str,
    stored: Fingerprint | None,
    draft: Draft,
    register: Register,
    *,
    why: tuple[Finding, ...] = (),
    agencies: tuple[str, ...] = (),
    claims: tuple[str, ...],
) -> Proposal:
    questions = tuple(_questions(matter, body, draft, register, agencies, claims))
    return Proposal(
        matter=matter,
        body=body,
        fingerprint=stored,
        why_not_full=why,
        agencies=agencies,
        claims=claims,
        questions=questions,
    )


def _matter(draft: Draft, given: Given, desk: Desk, retrieved: Retrieved) -> FrontMatter:
    """What every kind says. The kind itself is set by whoever knows it."""
    is_stated = draft.published is not None and not draft.published.is_guess
    published = _moment(draft.published.value) if draft.published and is_stated else None
    origin = Origin(
        publisher=_publisher_of(draft),
        url=draft.url.value if draft.url else UNKNOWN,
        authors=draft.authors.value if draft.authors else (),
        published=published or UNKNOWN,
    )
    publisher = desk.policy.register.publishers.get(origin.publisher)
    terms = publisher.terms_on(published) if publisher else None
    language = draft.language.value if draft.language else None
    return FrontMatter(
        title=one_line(draft.title.value) if draft.title else "",
        date=given.date or desk.now,
        kind=Kind.LINK,
        topics=given.topics,
        language=None if _is_same_language(language, desk.config.language) else language,
        story=given.story,
        draft=True,
        origin=origin,
        retrieved=retrieved,
        licence=given.licence or (terms.licence if terms else None),
        credits=draft.credits,
        changes=(*draft.changes, *(f"{FORMATTING} {what}" for what in _left_out(draft))),
    )


def _moment(text: str) -> datetime | None:
    try:
        return read_moment(text)
    except UnreadableError:  # of a year that no newspaper was printed in
        return None


def _left_out(draft: Draft) -> Iterator[str]:
    """What a reader of the original saw besides. None of it changes the wording."""
    count = Counter(it.what for it in draft.left_out)
    for what, number in count.items():
        whose = dict.fromkeys(one_line(it.credit) for it in draft.left_out if it.what == what and it.credit)
        said = f" ({'; '.join(whose)})" if whose and sum(map(len, whose)) <= _CREDITS else ""
        yield f"{_numbered(number, _NAMES.get(what, what))} left out{said}"


_NAMES = {"image": "picture", "audio": "recording", "video": "film", "embed": "embedded part"}
_CREDITS = 120
"""Characters of the credits of what was left out that are said in `changes`."""


def _numbered(number: int, noun: str) -> str:
    return f"one {noun}" if number == 1 else f"{number} {noun}s"


def _publisher_of(draft: Draft) -> str:
    if draft.publisher:
        return draft.publisher.value
    if draft.site:
        return draft.site.value
    return url.host(draft.url.value) if draft.url else "unknown"


def _is_same_language(one: str | None, other: str) -> bool:
    """Whether nothing needs to be said: `en-US` on a site in `en`."""
    return one is None or one.partition("-")[0].casefold() == other.partition("-")[0].casefold()


def _reprint(
    draft: Draft, text: Text, matter: FrontMatter, desk: Desk
) -> tuple[FrontMatter, tuple[Finding, ...], tuple[str, ...]]:
    """(the front matter of a reprint, what the gate has against it, what it says of agencies)."""
    assert matter.origin is not None
    assert matter.retrieved is not None
    publisher = desk.policy.register.publishers.get(matter.origin.publisher)
    # The gate's own remedy where there is no byline; that it was found nowhere is asked about.
    authors = matter.origin.authors or ((publisher.name,) if publisher else ())
    origin = replace(matter.origin, authors=authors)
    links = len(text.body.links) or None
    reprint = replace(matter, kind=Kind.FULL, origin=origin, retrieved=replace(matter.retrieved, links=links))
    if not draft.is_whole or not text.plain:
        return reprint, (_PART_ONLY,), ()
    found = _findings(reprint, text.body, desk)
    agencies = tuple(dict.fromkeys(finding.message for finding in found if finding.rule == _WIRE))
    refused = tuple(finding for finding in found if finding.rule != _WIRE)
    grave = tuple(finding for finding in refused if finding.rule != "rights/credit-missing")
    if not refused and word_for(draft, matter.retrieved.from_ or "", desk.policy.register) is Word.STRANGER:
        refused = (_elsewhere(draft, matter.retrieved.from_ or ""),)
    return reprint, grave or refused, agencies


def _elsewhere(draft: Draft, came_from: str) -> Finding:
    """Anybody can write another's address into a page or a feed; the gate sees the article alone, and cannot know."""
    whose = draft.publisher.value if draft.publisher else "unknown"
    message = f"it came from {url.host(came_from)}, and that it is the text of '{whose}' only it says"
    remedy = "Import it from its publisher's address, or say with --publisher whose it is"
    return Finding("import/elsewhere", message, remedy)


_PART_ONLY = Finding("import/part-only", "at most a part of the text came with it", "Import the article's own page")


def _findings(matter: FrontMatter, body: Body, desk: Desk) -> tuple[Finding, ...]:
    """What the gate has against an article if it were published now."""
    cleared = clear(Article("import.md", "import", replace(matter, draft=False), body), desk.policy)
    return cleared if isinstance(cleared, tuple) else ()


def agencies_named(matter: FrontMatter, body: Body, desk: Desk) -> tuple[str, ...]:
    """What the gate says of the agencies in a reprint as long as nobody has reviewed it."""
    found = _findings(replace(matter, review=None), body, desk)
    return tuple(dict.fromkeys(finding.message for finding in found if finding.rule == _WIRE))


def _claims(draft: Draft, desk: Desk) -> tuple[str, ...]:
    """The licences that the capture claims and the register does not give this publisher, for people."""
    publisher = desk.policy.register.publishers.get(draft.publisher.value) if draft.publisher else None
    known = {terms.licence for terms in publisher.terms} if publisher else set()
    claims = (claim for claim in draft.licences if claim.licence not in known and claim.where != "--licence")
    said = (f"{_begin(claim.licence)} ({_begin(claim.where)})" for claim in claims)
    return tuple(islice(dict.fromkeys(said), _CLAIMS))


def _begin(text: str) -> str:
    text = one_line(text)
    return text if len(text) <= _MOST_CLAIMED else f"{text[:_MOST_CLAIMED].rstrip()}…"


def _link(matter: FrontMatter, given: Given) -> tuple[str, tuple[str, ...], FrontMatter]:
    changes = ("Only the headline is shown",)
    is_draft = given.is_draft or not given.comment or matter.origin is None or matter.origin.url is UNKNOWN
    own = given.comment or OWN_WORDS
    # Where nothing of the text is shown, neither are its credits: they are the original's words too.
    return own, (), replace(matter, kind=Kind.LINK, draft=is_draft, credits=(), changes=changes)


def _excerpt(
    draft: Draft, text: Text, matter: FrontMatter, given: Given, desk: Desk
) -> tuple[str, tuple[str, ...], FrontMatter] | Finding:
    """(body, the words quoted in it, front matter) of the longest proposal within every cap."""
    changes = ("The rest of the text left out", *(what[0].upper() + what[1:] for what in _left_out(draft)))
    excerpt = replace(matter, kind=Kind.EXCERPT, changes=changes)
    own = given.comment or OWN_WORDS
    for quoted in [given.quotations] if given.quotations else _proposed(text, desk):
        body = "\n\n".join([own, *(f"> {markup.escape(said)}" for said in quoted)])
        over = _over_caps(excerpt, body, desk)
        if not over:
            return body, tuple(quoted), excerpt
        if given.quotations:
            return over[0]
    # Not even a sentence is within the caps; or the credits alone are over them, and are not written down either.
    body = f"{own}\n\n> {QUOTATION}"
    return body, (), replace(excerpt, credits=()) if _over_caps(excerpt, body, desk) else excerpt


def _over_caps(excerpt: FrontMatter, body: str, desk: Desk) -> list[Finding]:
    assert excerpt.origin is not None
    article = Article("import.md", "import", excerpt, markdown.read(body))
    return check_caps(case_of(article, excerpt.origin, desk.policy))


def _proposed(text: Text, desk: Desk) -> Iterator[tuple[str, ...]]:
    """The first sentences of the text, the most that may be quoted first, then ever fewer."""
    paragraphs = (" ".join(p.text.split()) for p in text.body.passages if p.place is Place.PARAGRAPH)
    lede = next(filter(_is_prose, paragraphs), "")
    most = min(desk.policy.rights.limits.words, int(text.words * desk.policy.rights.limits.share))
    parts = sentences(lede)
    for count in range(len(parts), 0, -1):
        said = " ".join(parts[:count])
        if count_words(said) <= most:
            yield (said,)


def _is_prose(paragraph: str) -> bool:
    """Whether it is a sentence at least: no byline, caption or place and date."""
    return _ENDED.search(paragraph) is not None and count_words(paragraph) >= _FEWEST


_ENDED = re.compile(r"[.!?…。]['\"’”»)\]]*\Z")
_FEWEST = 8
"""Words of a sentence that is worth quoting."""


def _doubt_whose(matter: FrontMatter, draft: Draft, register: Register) -> str:
    """What is to be asked where a text is a registered publisher's on nobody's word but its own."""
    came_from = (matter.retrieved and matter.retrieved.from_) or ""
    word = word_for(draft, came_from, register)
    if draft.publisher is None or word not in (Word.ITSELF, Word.STRANGER):
        return ""
    if word is Word.ITSELF and matter.kind is not Kind.FULL:
        return ""
    where = f"It came from {url.host(came_from)}, and" if word is Word.STRANGER else "It came as a file, and"
    by = _begin(draft.publisher.where)
    return f"Is it the text of '{draft.publisher.value}'? {where} that is known by nothing but {by}"


def _questions(
    matter: FrontMatter,
    body: str,
    draft: Draft,
    register: Register,
    agencies: tuple[str, ...],
    claims: tuple[str, ...],
) -> Iterator[Question]:
    yield from _questions_of_origin(matter, draft, register)
    if agencies:
        yield Question("review", "Is agency text in it? Look, then fill in 'review:'")
    for claim in claims:
        yield Question("licence", f"It claims {claim}. Read that at the publisher's; only a 'review:' makes it count")
    if OWN_WORDS in body:
        yield Question("text", "Why is it worth reading? Write it in your own words")
    if QUOTATION in body:
        yield Question("text", "Which words? No sentence at its beginning is short enough to quote")


def _questions_of_origin(matter: FrontMatter, draft: Draft, register: Register) -> Iterator[Question]:
    origin = matter.origin
    assert origin is not None
    if origin.publisher == "unknown":
        yield Question("origin.publisher", "Who published it? Give --publisher, or write it")
    elif origin.publisher not in register.publishers and not (draft.publisher and draft.publisher.where == GIVEN):
        yield Question("origin.publisher", f"'{origin.publisher}' is not in the register of publishers. Is it right?")
    elif doubt := _doubt_whose(matter, draft, register):
        yield Question("origin.publisher", doubt)
    if origin.url is UNKNOWN:
        yield Question("origin.url", "Where does the original stand? Give --url, or leave 'unknown'")
    if origin.published is UNKNOWN:
        guess = f" Perhaps {draft.published.value}: {draft.published.where}." if draft.published else ""
        yield Question("origin.published", f"When was it published?{guess} Give --published, or leave 'unknown'")
    if draft.authors is None and matter.kind is not Kind.LINK:
        yield Question("origin.authors", "Who wrote it? No byline was found; name them, or the publisher")
    if matter.kind is Kind.EXCERPT and draft.credits and not matter.credits:
        yield Question("credits", "Whom does it credit? Its credit lines are too long to quote; name them in short")
