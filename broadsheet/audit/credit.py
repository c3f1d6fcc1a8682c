"""The audit of credit: wherever words of an article are shown, it is said whose they are and under what terms."""

from __future__ import annotations

from collections.abc import Iterator

from broadsheet.audit.built import Claims, address
from broadsheet.audit.surface import Shown, Surface
from broadsheet.bill import BillItem
from broadsheet.problem import Problem
from broadsheet.register import Condition
from broadsheet.words import count_words, plain, words

RULE = "audit/credit-missing"
_REMEDY = "Mend the theme: themes/CONTRACT.md says what it must show"
_LINE = 8
"""Words from which a passage is taken for a line of the text, not for a label, a name or a date."""
_LONG = 25
"""Words of such passages that make it certain that the text has begun."""
_MOST_BESIDE = 60
"""Words of a card beside headline and summary. An element that has more of them holds something else too."""
_BESIDE = 6
"""Passages on both sides of a summary among which its credit is looked for, where no link tells what belongs to it."""
_BEGINNING = 10
"""Words by which a summary is known that a theme cuts short."""


def check_page(surface: Surface, source: str, claims: Claims) -> Iterator[Problem]:
    """The page of an article shows its whole credit, in words that readers can see."""
    item = claims.items.get(surface.file)
    if item is None:
        return
    cards = _cards(surface, claims)
    shown = Shown(said for n, said in enumerate(surface.said) if said.is_visible and n not in cards)
    for what, text in _claimed_on_page(item, claims):
        if not shown.says(text):
            message = f"the page of an article does not show its {what}: '{text[:80]}'"
            yield claims.problem(surface.file, source, "<body", RULE, message, _REMEDY)
    if item.counter and all(surface.resolve(it) != address(item.url, item.counter) for _, it in surface.media):
        message = f"the page does not load the counter that the publisher asks for, {item.counter[:80]}"
        yield claims.problem(surface.file, source, "<body", RULE, message, _REMEDY)
    yield from check_link(surface, source, claims, item, "the page")


def claimed(item: BillItem) -> Iterator[tuple[str, str]]:
    """(what it is, text) of all that an article must say wherever it stands: on its page and in feeds."""
    yield "label", item.label
    yield "terms in a sentence", item.sentence
    if item.withdrawn is not None:
        yield "withdrawal", item.withdrawn.text
        return
    if item.origin is not None:
        yield "publisher", item.origin.publisher
    yield from (("credit line", line) for line in item.credits)
    yield from (("correction", correction.text) for correction in item.corrections)


def _claimed_on_page(item: BillItem, claims: Claims) -> Iterator[tuple[str, str]]:
    """The same of all that the page must say."""
    yield from claimed(item)
    if item.withdrawn is not None:
        return
    yield from (("author", author) for author in (item.origin.authors if item.origin else ()))
    for part in item.parts:
        if part.part not in ("summary", "caption") and part.licence in claims.bill.licences:
            yield f"terms of the {part.part}", claims.bill.licences[part.licence].name
    yield from (("change", change) for change in item.changes)
    if item.tagline:
        yield "tagline", item.tagline
    if item.review is not None:
        yield "review", f"by {item.review.by}"
        yield "review's note", item.review.note or ""
    yield from picture_credit(item)


def picture_credit(item: BillItem) -> Iterator[tuple[str, str]]:
    """(what it is, text) of what stands beside the picture of an article."""
    if item.picture is None:
        return
    credit, creator = item.picture.credit or "", item.picture.creator or ""
    if credit:
        yield "credit of the picture", credit
    if creator and creator.casefold() not in credit.casefold():
        yield "creator of the picture", creator


def check_link(surface: Surface, source: str, claims: Claims, item: BillItem, what: str) -> Iterator[Problem]:
    """The way to the original, before the text where its publisher asks for that."""
    if item.origin is None or item.origin.url is None:
        return
    original = address(item.url, item.origin.url)
    before = [it.before for it in surface.links if it.is_visible and surface.resolve(it.href) == original]
    if not before:
        message = f"{what} does not link to the original, {item.origin.url}"
        yield claims.problem(surface.file, source, "<body", RULE, message, _REMEDY)
    elif Condition.LINK_FIRST in item.conditions and min(before) > _begin_of_text(surface, claims, item):
        message = f"{item.origin.publisher} wants the link to the original before the text"
        yield claims.problem(surface.file, source, item.origin.url, "audit/link-late", message, _REMEDY)


def _begin_of_text(surface: Surface, claims: Claims, item: BillItem) -> int:
    """The number of the passage with which the text of an article has begun for certain."""
    notes = [*item.corrections, *([item.withdrawn] if item.withdrawn else [])]
    of_credit = {item.title, item.summary, item.sentence, item.tagline, *item.credits, *item.changes}
    of_credit |= {*(note.text for note in notes), item.review.note if item.review else None}
    cards = _cards(surface, claims)
    count = 0
    for n, said in enumerate(surface.said):
        if said.is_visible and n not in cards and said.text not in of_credit and said.text not in claims.common:
            length = count_words(said.text)
            count += length if length >= _LINE else 0
            if count >= _LONG:
                return n
    return len(surface.said)


def _cards(surface: Surface, claims: Claims) -> set[int]:
    """The passages of an article's page that show other articles: what they say counts for nothing of its own."""
    own = claims.items[surface.file].title if surface.file in claims.items else ""
    found: set[int] = set()
    for entry in surface.entries:
        said = [it.text for it in surface.said[entry.within.start : entry.within.stop]]
        item = claims.items[entry.file]
        length = count_words(" ".join(said)) - count_words(f"{item.title} {item.summary or ''}")
        if own not in said and item.title in said and length <= _MOST_BESIDE:
            found.update(entry.within)
    return found


def check_entries(surface: Surface, source: str, claims: Claims) -> Iterator[Problem]:
    """Where another page shows more of an article than its headline, it shows label, publisher and terms beside it."""
    credited: set[int] = set()
    for entry in surface.entries:
        item = claims.items[entry.file]
        for passages in (entry.within, entry.around):
            shown = surface.shown(passages)
            if _tells_of(shown, item):
                credited.update(passages)
                yield from _check_entry(surface, source, claims, item, shown)
                break
    for n, said in enumerate(surface.said):
        files = claims.summaries.get(said.text, ())
        if files and said.is_visible and n not in credited and surface.file not in files:
            beside = surface.shown(range(max(n - _BESIDE, 0), n + _BESIDE + 1))
            yield from _check_entry(surface, source, claims, claims.items[files[0]], beside)


def _tells_of(shown: Shown, item: BillItem) -> bool:
    """Whether more is shown than a headline: the summary, or its beginning."""
    if item.summary is None or plain(item.summary) in plain(item.title):
        return False
    if shown.says(item.summary):
        return True
    beginning = words(item.summary)[:_BEGINNING]
    return len(beginning) == _BEGINNING and f" {' '.join(beginning)} " in f" {' '.join(words(shown.text))} "


def _check_entry(surface: Surface, source: str, claims: Claims, item: BillItem, shown: Shown) -> Iterator[Problem]:
    publisher = item.origin.publisher if item.origin else ""
    wanted = (("label", item.label), ("publisher", publisher), ("terms", claims.terms_of(item)))
    missing = [what for what, text in wanted if text and not shown.says(text)]
    if missing:
        message = f"what is shown of '{item.title[:80]}' is without its {' and '.join(missing)}"
        yield claims.problem(surface.file, source, item.title, RULE, message, _REMEDY)
