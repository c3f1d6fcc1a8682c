"""Rules on words taken without saying so, and on quotations that are none: held to the original's fingerprint.

An article that was typed by hand has no fingerprint. It may be published; what could not be looked at is in `Proof`.
"""

from __future__ import annotations

from msgspec import Struct

from broadsheet.fingerprint import COPIED, RUN, Faith, copied, faith, normalised, runs_of
from broadsheet.model import Article, Kind, ReviewFinding
from broadsheet.problem import Finding, Pointer
from broadsheet.rights.case import Case
from broadsheet.rights.excerpt import fields_of, pieces_of
from broadsheet.words import count_words, may_have_words

MOST_IN_HEADLINE = 40
"""Words of a publisher's headline, which names its work and is not held to be a copy of it; a longer one is text."""
_SHOWN = 4
"""Words at each end of a copied run by which a message names it."""


class _Words(Struct, frozen=True):
    """Normalised words in the order in which they are read, each with the place where it stands."""

    words: list[str]
    places: list[Pointer | int]
    quoted: list[bool]
    """Whether it stands between quotation marks."""


def check_fingerprint(case: Case) -> list[Finding]:
    """The fingerprint beside the article is that of the text that was captured."""
    stored, retrieved = case.article.fingerprint, case.article.matter.retrieved
    if stored is None or retrieved is None or None in (retrieved.sha256, retrieved.words):
        return []
    if (stored.sha256, stored.words) == (retrieved.sha256, retrieved.words):
        return []
    message = "the fingerprint beside the article is of another text than 'retrieved' says"
    remedy = "Take the text in again, or restore what was changed by hand"
    at = ("retrieved", "sha256") if stored.sha256 != retrieved.sha256 else ("retrieved", "words")
    return [Finding("rights/fingerprint-mismatch", message, remedy, at)]


def check_copied(case: Case) -> list[Finding]:
    """What stands outside quotations repeats no 15 words or more of the original, as far as they are known here."""
    article = case.article
    if case.kind is Kind.FULL or case.is_reviewed(ReviewFinding.PERMISSION_GRANTED):
        return []
    # What is quoted is known word by word, without a fingerprint too: a summary that repeats it is a copy.
    quoted = [quotation.text for quotation in article.body.quotations]
    texts = _own_texts(article) if quoted or article.fingerprint else []
    spoken = {word for quotation in quoted for word in normalised(quotation)}
    repeating = [text for text in texts if _may_repeat(text.words, spoken)]
    known = article.fingerprint.runs if article.fingerprint else frozenset()
    if repeating:
        known = known.union(*map(runs_of, quoted))
    found: dict[str, Finding] = {}
    for text in texts if article.fingerprint else repeating:
        for first, end in copied(text.words, known):
            if text.quoted[first:end].count(False) < RUN:
                continue
            run = text.words[first:end]
            shown = f"{' '.join(run[:_SHOWN])} … {' '.join(run[-_SHOWN:])}"
            message = f"'{shown}' stands so in the original, and is not quoted here"
            remedy = (
                "Put it between quotation marks, in the text into a blockquote ('> …'), or write it in your own words: "
                f"{COPIED} of its words are too many"
            )
            at = text.places[first + text.quoted[first:].index(False)]
            found.setdefault(str(at), Finding("rights/copied-unquoted", message, remedy, at))
    return list(found.values())


def _may_repeat(text: list[str], spoken: set[str]) -> bool:
    """Whether a run of the text is made of these words, which is known sooner than that it is one of their runs."""
    streak = 0
    for word in text:
        streak = streak + 1 if word in spoken else 0
        if streak == RUN:
            return True
    return False


def check_quotations(case: Case) -> list[Finding]:
    """Every quotation stands so in the original, but for what is marked: words left out, words put in in brackets."""
    stored = case.article.fingerprint
    if stored is None or case.kind is not Kind.EXCERPT:
        return []
    found = []
    for quotation in case.article.body.quotations:
        verdict, strange = faith(quotation.text, stored)
        if verdict is Faith.ALTERED:
            message = f"the quotation does not stand so in the original ('{strange}')"
            remedy = "Restore its words; mark what is left out with […] and what is put in with [brackets]"
            found.append(Finding("rights/quote-altered", message, remedy, quotation.line))
    return found


def quotations_unchecked(article: Article) -> int:
    """How many of an excerpt's quotations nothing that is stored can vouch for."""
    stored = article.fingerprint
    quotations = article.body.quotations
    if stored is None:
        return len(quotations)
    return sum(faith(quotation.text, stored)[0] is Faith.UNCHECKED for quotation in quotations)


def _own_texts(article: Article) -> list[_Words]:
    """The text outside quotations as one, for a copy may be cut into paragraphs; then each field."""
    body = _Words([], [], [])
    texts = [body]
    for passage in article.body.passages:
        if not passage.is_quoted:
            _take(body, passage.text, passage.line)
    origin = article.matter.origin
    fields = fields_of(article.matter)
    theirs = (origin.title or article.matter.title) if origin is not None else None
    if article.matter.title != theirs or _is_text(theirs):
        fields.append((("title",), article.matter.title))
    if origin is not None and origin.title is not None and _is_text(origin.title):
        fields.append((("origin", "title"), origin.title))
    for at, field in fields:
        if may_have_words(field, COPIED):
            texts.append(_Words([], [], []))
            _take(texts[-1], field, at)
    return texts


def _is_text(headline: str) -> bool:
    return may_have_words(headline, MOST_IN_HEADLINE + 1) and count_words(headline) > MOST_IN_HEADLINE


def _take(text: _Words, said: str, place: Pointer | int) -> None:
    """Add a text less what it quotes between quotation marks, which counts against the caps instead."""
    for piece, is_quoted in pieces_of(said):
        spoken = normalised(piece)
        text.words.extend(spoken)
        text.places.extend([place] * len(spoken))
        text.quoted.extend([is_quoted] * len(spoken))
