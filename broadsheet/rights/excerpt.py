"""How much of a work is quoted, and how much may be.

The caps are the editor's, no law's: 17 USC 107 knows no safe number of words, and in AP v. Meltwater (S.D.N.Y. 2013)
excerpts of 4.5 to 60 % were not fair use. What a reader can put together counts once, wherever it is shown: quotations,
credits, and what stands between quotation marks in the text, the summary and every other field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import floor

from broadsheet.fingerprint import COPIED, copied, normalised
from broadsheet.model import Article, Body, FrontMatter, Kind, Place
from broadsheet.problem import Finding, Pointer
from broadsheet.rights.case import Case
from broadsheet.words import count_words, has_words, plain, weight

_INLINE = re.compile(
    r"“([^”“]{1,4000})”|\"([^\"]{1,4000})\"|«([^»«]{1,4000})»|„([^“”„]{1,4000})[“”]|「([^」「]{1,4000})」"
)
_OPENING = '“"«„「'
FEWEST_INLINE = 3
"""Words from which a text between quotation marks counts as quoted: fewer are a name or a manner of speaking."""
SPEECH = 30
"""Words below which a quotation within the curator's own sentences is taken for what somebody said, as news reports it,
unless the fingerprint knows it for the original's."""


def words_quoted(body: Body) -> int:
    """The words of all blockquotes, with what is nested in them and the footnotes to which they refer."""
    return sum(count_words(quotation.text) for quotation in body.quotations)


def own_words(body: Body) -> int:
    """The words outside the blockquotes."""
    return sum(count_words(passage.text) for passage in body.passages if not passage.is_quoted)


def of_the_work(article: Article) -> list[str]:
    """All texts of an excerpt or a link that are the original's words: each field may repeat another's."""
    quoted = [quotation.text for quotation in article.body.quotations]
    inline = _inline(article)
    fields = (text for _, field in fields_of(article.matter) for text in between_marks(field))
    return [*quoted, *article.matter.credits, *inline, *fields]


def _inline(article: Article) -> list[str]:
    """What the text quotes in its own sentences, where it is long or, with what stands round it, the original's."""
    pieces = [piece for p in article.body.passages if not p.is_quoted for piece in pieces_of(p.text)]
    if article.fingerprint is None or not any(is_quoted for _, is_quoted in pieces):
        return [text for text, is_quoted in pieces if is_quoted and count_words(text) >= SPEECH]
    spoken: list[str] = []
    spans = []
    for text, is_quoted in pieces:
        spoken += normalised(text)
        spans.append((text, is_quoted, len(spoken)))
    known = copied(spoken, article.fingerprint.runs)
    found, start = [], 0
    for text, is_quoted, end in spans:
        is_known = any(first < end and start < last for first, last in known)
        if is_quoted and (is_known or count_words(text) >= SPEECH):
            found.append(text)
        start = end
    return found


def pieces_of(text: str) -> list[tuple[str, bool]]:
    """A text cut where it quotes between quotation marks: (piece, whether it is quoted)."""
    if not any(map(text.__contains__, _OPENING)):
        return [(text, False)]
    pieces, start = [], 0
    for match in _INLINE.finditer(text):
        quoted = next(filter(None, match.groups()))
        if count_words(quoted) >= FEWEST_INLINE:
            pieces += [(text[start : match.start()], False), (quoted, True)]
            start = match.end()
    return [*pieces, (text[start:], False)]


def fields_of(matter: FrontMatter) -> list[tuple[Pointer, str]]:
    """What the front matter shows to readers beside the headline and the original's credits."""
    image, review, withdrawn = matter.image, matter.review, matter.withdrawn
    return [
        *([(("summary",), matter.summary)] if matter.summary else []),
        *((("topics", n), topic) for n, topic in enumerate(matter.topics)),
        *((("changes", n), change) for n, change in enumerate(matter.changes)),
        *((("corrections", n, "text"), correction.text) for n, correction in enumerate(matter.corrections)),
        *([(("review", "note"), review.note)] if review and review.note else []),
        *([(("image", "alt"), image.alt)] if image else []),
        *([(("image", "credit"), image.credit)] if image and image.credit else []),
        *([(("withdrawn", "reason"), withdrawn.reason)] if withdrawn else []),
    ]


def between_marks(text: str) -> list[str]:
    """What stands between quotation marks, where it is more than a name."""
    if not any(map(text.__contains__, _OPENING)):
        return []
    found = (next(filter(None, match.groups())) for match in _INLINE.finditer(text))
    return [quoted for quoted in found if count_words(quoted) >= FEWEST_INLINE]


def count_once(texts: Iterable[str]) -> int:
    """The words of several texts; what one repeats of those before it, in threes or more, counts once."""
    total = 0
    seen: set[tuple[str, ...]] = set()
    every = list(texts)
    for text in every:
        spoken = normalised(text)
        if len(every) == 1:
            return sum(map(weight, spoken))
        threes = [tuple(spoken[n : n + 3]) for n in range(max(1, len(spoken) - 2))]
        again = {n + offset for n, three in enumerate(threes) if three in seen for offset in range(3)}
        total += sum(weight(word) for n, word in enumerate(spoken) if n not in again)
        seen.update(threes)
    return total


def check(case: Case) -> list[Finding]:
    """An excerpt quotes something and adds something; a link quotes nothing."""
    article = case.article
    if case.kind is Kind.LINK:
        return _in_link(article)
    return _both_voices(article) if case.kind is Kind.EXCERPT else []


def _in_link(article: Article) -> list[Finding]:
    places: list[Pointer | int] = [quotation.line for quotation in article.body.quotations]
    for passage in article.body.passages:
        places += [passage.line for text in between_marks(passage.text) if count_words(text) >= COPIED]
    for at, field in fields_of(article.matter):
        places += [at for text in between_marks(field) if count_words(text) >= COPIED]
    if not places:
        return []
    message = "a link shows the headline and your own words only, and this quotes"
    remedy = "Make the kind 'excerpt', or remove the quotation"
    return [Finding("rights/quotation-in-link", message, remedy, places[0])]


def _both_voices(article: Article) -> list[Finding]:
    found = []
    if not any(has_words(quotation.text) for quotation in article.body.quotations):
        message = "an excerpt without a quotation"
        remedy = "Quote some words in a blockquote ('> …'), or make the kind 'link'"
        found.append(Finding("rights/excerpt-empty", message, remedy, article.body.line))
    if not any(has_words(passage.text) for passage in article.body.passages if not passage.is_quoted):
        message = "an excerpt without a word of your own"
        remedy = "Say outside the quotation why it is worth reading"
        found.append(Finding("rights/excerpt-without-own-words", message, remedy, article.body.line))
    return found


def check_speech(case: Case) -> list[Finding]:
    """What others are quoted as saying, in the curator's own sentences, does not become a way round the caps."""
    if case.is_reprint:
        return []
    # A link quotes nobody at length; in an excerpt, what people said has room of its own, as much again twice.
    most = case.policy.rights.limits.words * (1 if case.kind is Kind.LINK else 2)
    pieces = [(text, p.line) for p in case.article.body.passages if not p.is_quoted for text in between_marks(p.text)]
    said = count_once(text for text, _ in pieces)
    if said <= most:
        return []
    message = f"{said} words stand between quotation marks in your own sentences, and {most} are allowed"
    return [Finding("rights/excerpt-too-long", message, f"Quote {said - most} fewer", pieces[0][1])]


def check_caps(case: Case) -> list[Finding]:
    """What is quoted of one work, on all surfaces together, is within every cap."""
    if case.kind is not Kind.EXCERPT:
        return []
    article, limits = case.article, case.policy.rights.limits
    texts = of_the_work(article)
    quoted = count_once(texts)
    original = article.matter.retrieved.words if article.matter.retrieved else None
    share = floor((original or 0) * limits.share + 1e-9)
    paragraphs = sum(p.is_quoted and p.place is Place.PARAGRAPH for p in article.body.passages)
    characters = 0 if limits.characters is None else sum(map(len, map(plain, dict.fromkeys(texts))))
    found = []
    if quoted > limits.words:
        message = f"{quoted} words are quoted, credits included, and {limits.words} are allowed"
        found.append(("rights/excerpt-too-long", message, f"Quote {quoted - limits.words} fewer"))
    if limits.characters is not None and characters > limits.characters:
        message = f"{characters} characters are quoted, credits included, and {limits.characters} are allowed"
        found.append(("rights/excerpt-too-long", message, f"Quote {characters - limits.characters} fewer"))
    if original is not None and quoted > share:
        message = (
            f"{quoted} of the original's {original} words are quoted, and {limits.share:.0%} ({share}) are allowed"
        )
        found.append(("rights/excerpt-share", message, f"Quote {quoted - share} fewer"))
    if paragraphs > limits.paragraphs:
        message = f"{paragraphs} paragraphs are quoted, and {limits.paragraphs} are allowed"
        found.append(("rights/excerpt-paragraphs", message, f"Quote {paragraphs - limits.paragraphs} fewer"))
    at: Pointer | int = article.body.quotations[0].line if article.body.quotations else ("credits",)
    return [Finding(rule, message, remedy, at) for rule, message, remedy in found]


def check_own(body: Body, most_words: int) -> list[Finding]:
    """What is wrong with the quotations of a text of the digest's own.

    They may be of many works, so each is within the cap by itself; and the text is mostly the digest's.
    """
    found = []
    if (quoted := words_quoted(body)) > (own := own_words(body)):
        message = f"{quoted} words are quoted in a text of your own that has {own}"
        remedy = "Quote less than you write, or make it an excerpt of one work"
        found.append(Finding("rights/own-mostly-quoted", message, remedy, body.quotations[0].line))
    inline = [(text, p.line) for p in body.passages if not p.is_quoted for text in between_marks(p.text)]
    for text, line in [*((quotation.text, quotation.line) for quotation in body.quotations), *inline]:
        if (quoted := count_words(text)) > most_words:
            message = f"{quoted} words are quoted in one piece, and {most_words} are allowed"
            found.append(Finding("rights/excerpt-too-long", message, f"Quote {quoted - most_words} fewer", line))
    return found
