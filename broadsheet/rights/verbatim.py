"""Rules on texts that may not be changed: word for word, and every link, as they were captured.

CC BY-ND 4.0, sections 1(a) and 2(a)(1): an adaptation may be made and not shared, and a change of format is none.
"""

from __future__ import annotations

import hashlib

from broadsheet import url
from broadsheet.fingerprint import hash_of_link
from broadsheet.model import Article, ReviewFinding
from broadsheet.problem import Finding
from broadsheet.register import Condition
from broadsheet.rights.case import Case
from broadsheet.words import count_words, sha256

FORMATTING = "Formatting:"
"""A `changes` entry that begins so changes no wording."""
_AS_IT_IS = (Condition.NO_EDITS, Condition.NO_TRANSLATION)


def is_verbatim(article: Article) -> bool:
    """Whether the text is, markup aside, letter for letter the one that was captured.

    Credit lines, which the page shows apart, may have been captured at its end.
    """
    captured = article.matter.retrieved.sha256 if article.matter.retrieved else None
    if captured is None:
        return False
    text = " ".join(passage.text for passage in article.body.passages)
    lines = article.matter.credits
    return captured == sha256(text) or (bool(lines) and captured == sha256(" ".join([text, *lines])))


def stands(case: Case) -> bool:
    """`is_verbatim` of an article, whose text may have been encoded already."""
    retrieved = case.article.matter.retrieved
    if case.utf8 is None or case.article.matter.credits or retrieved is None:
        return is_verbatim(case.article)
    return retrieved.sha256 == hashlib.sha256(case.utf8).hexdigest()


def check_changes(case: Case) -> list[Finding]:
    """Nothing but the format is said to be changed where that is asked."""
    if not _must_stay(case):
        return []
    remedy = f"Undo it, or begin the entry with '{FORMATTING}' where no wording was changed"
    return [
        Finding(
            "rights/no-derivatives",
            f"{_by(case)} permits no changes, and '{change[:80]}' is one",
            remedy,
            ("changes", n),
        )
        for n, change in enumerate(case.article.matter.changes)
        if not change.casefold().startswith(FORMATTING.casefold())
    ]


def check_text(case: Case) -> list[Finding]:
    """The text is the captured one, where no change is permitted."""
    article = case.article
    retrieved = article.matter.retrieved
    if not _must_stay(case) or retrieved is None or retrieved.sha256 is None or stands(case):
        return []
    here = sum(count_words(passage.text) for passage in article.body.passages)
    message = (
        f"{_by(case)} permits no changes, and the text is not letter for letter the one captured: "
        f"{here} words here, {retrieved.words or 'unknown'} there"
    )
    remedy = "Restore the text as it was captured, or make the kind 'excerpt' or 'link'"
    return [Finding("rights/not-verbatim", message, remedy, article.body.line)]


def check_links(case: Case) -> list[Finding]:
    """No link of the original is dropped, where all must be kept; what is not known is asked for."""
    article = case.article
    must_keep = case.terms is not None and Condition.KEEP_LINKS in case.terms.conditions
    if not case.is_reprint or not (must_keep or _must_stay(case)) or case.is_reviewed(ReviewFinding.PERMISSION_GRANTED):
        return []
    stored = article.fingerprint.links if article.fingerprint else frozenset()
    counted = article.matter.retrieved.links if article.matter.retrieved else None
    if not stored and counted is None:
        if not must_keep:
            return []
        message = "the publisher wants all links kept, and 'retrieved.links' does not say how many there were"
        remedy = "Count the links in the original's text and write the number, 0 where there are none"
        return [Finding("rights/credit-missing", message, remedy, ("retrieved",))]
    gone = len(stored - {hash_of_link(url.same(link)) for link in article.body.links})
    gone = gone or max(0, (counted or 0) - len(article.body.links))
    if gone == 0:
        return []
    message = f"{gone} of the original's {max(len(stored), counted or 0)} links are gone"
    return [Finding("rights/links-dropped", message, "Restore them", article.body.line)]


def _must_stay(case: Case) -> bool:
    if not case.is_reprint or case.licence is None or case.is_reviewed(ReviewFinding.PERMISSION_GRANTED):
        return False
    if not case.licence.permits_changes:
        return True
    return case.terms is not None and any(condition in _AS_IT_IS for condition in case.terms.conditions)


def _by(case: Case) -> str:
    is_licence = case.licence is not None and not case.licence.permits_changes
    return f"'{case.licence_id}'" if is_licence else "the publisher"
