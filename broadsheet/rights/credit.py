"""The rule on credit: what the credit block needs is stated. 17 USC 1202; CC BY 4.0, section 3(a)(1)."""

from __future__ import annotations

from broadsheet.fields import UNKNOWN
from broadsheet.model import Kind, ReviewFinding
from broadsheet.problem import Finding
from broadsheet.register import Condition
from broadsheet.rights.case import Case

_LINKING = {Condition.LINK_TO_ARTICLE, Condition.LINK_FIRST}
_COUNT = "Run 'new article TITLE --captured FILE' on the original's text, which works it out"


def check(case: Case) -> list[Finding]:
    """Each field without which the credit cannot be given, or the original not be told from another."""
    return [*_address(case), *_byline(case), *_capture(case)]


def _address(case: Case) -> list[Finding]:
    address = case.origin.url
    if address is None:
        remedy = "Write it" if case.kind is Kind.LINK else "Write it, or 'unknown', which the page will say"
        return [_missing("origin.url", remedy, ("origin", "url"))]
    if address is not UNKNOWN:
        return []
    needs_link = case.is_reprint and case.terms is not None and bool(_LINKING & set(case.terms.conditions))
    waived = case.is_reviewed(ReviewFinding.PERMISSION_GRANTED)
    if not (case.kind is Kind.LINK or (needs_link and not waived)):
        return []
    why = "a link" if case.kind is Kind.LINK else f"{case.publisher.name if case.publisher else 'The publisher'}"
    message = f"{why} needs the address of the original, and it is said to be unknown"
    return [Finding("rights/credit-missing", message, "Find it, or choose another kind", ("origin", "url"))]


def _byline(case: Case) -> list[Finding]:
    found = []
    if case.origin.published is None:
        found.append(_missing("origin.published", "Write the original's date, or 'unknown'", ("origin", "published")))
    if not case.origin.authors and case.kind is not Kind.LINK:
        remedy = "Name them as the original does, or the publisher where it has no byline"
        found.append(_missing("origin.authors", remedy, ("origin", "authors")))
    return found


def _capture(case: Case) -> list[Finding]:
    retrieved = case.article.matter.retrieved
    if case.kind is Kind.LINK:
        return []
    if retrieved is None:
        return [_missing("retrieved", f"Write 'from:' and 'at:'. {_COUNT}", ("retrieved",))]
    found = []
    if retrieved.from_ is None:
        found.append(_missing("retrieved.from", "Write the address or the file", ("retrieved", "from")))
    if retrieved.words is None:
        found.append(_missing("retrieved.words", _COUNT, ("retrieved", "words")))
    if retrieved.sha256 is None:
        found.append(_missing("retrieved.sha256", _COUNT, ("retrieved", "sha256")))
    return found


def _missing(name: str, remedy: str, at: tuple[str, ...]) -> Finding:
    return Finding("rights/credit-missing", f"'{name}' is not stated", remedy, at)
