"""The rights gate, the only door to the site: an article is cleared, or it is not published.

It fails closed: what is not known is not permitted. A front matter can narrow what the registers say and never widen
it, except by a `review` in which a named person says so. Each rule has its entry in docs/rules.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from broadsheet.model import Article, Body, Page
from broadsheet.problem import Finding
from broadsheet.register import Licence, Publisher, Terms
from broadsheet.rights import credit, excerpt, licensing, picture, source, wire
from broadsheet.rights.case import Case, Policy, case_of

RULES: tuple[Callable[[Case], list[Finding]], ...] = (
    source.check_publisher,
    source.check_address,
    licensing.check_licence,
    licensing.check_claim,
    licensing.check_kind,
    licensing.check_review,
    licensing.check_delay,
    licensing.check_notices,
    licensing.check_changes,
    licensing.check_commerce,
    licensing.check_surroundings,
    licensing.check_evidence,
    credit.check,
    excerpt.check,
    wire.check,
    picture.check_case,
)
"""All rules for other people's works; each looks at a case and finds what is wrong."""

UNKNOWN_LICENCE = Licence(
    name="Terms not known",
    statement="The terms of the original are not known, so it is treated as under copyright.",
)


@dataclass(frozen=True, slots=True)
class Cleared:
    """An article that may be published as it is, with the terms under which it stands. Made by `clear` alone."""

    article: Article
    publisher_id: str | None
    """In the register; None for the digest's own and for publishers that are not in it."""
    publisher: Publisher | None
    """None for the digest's own. A publisher outside the register has a name and no terms."""
    licence_id: str
    licence: Licence
    terms: Terms | None
    """The publisher's terms on the day of publication, where known."""
    words_quoted: int


def clear(article: Article, policy: Policy) -> Cleared | tuple[Finding, ...]:
    """The article, cleared; or every finding against it. A withdrawn one is cleared without its words."""
    origin = article.matter.origin
    withdrawn = article.matter.withdrawn is not None
    article = _without_words(article) if withdrawn else article
    if origin is None:
        return _clear_own(article, policy)
    case = case_of(article, origin, policy)
    findings = () if withdrawn else tuple(finding for rule in RULES for finding in rule(case))
    if findings:
        return findings
    return Cleared(
        article=article,
        publisher_id=origin.publisher if case.publisher else None,
        publisher=case.publisher or Publisher(name=origin.publisher, terms=(), evidence=()),
        licence_id=case.licence_id or "unknown",
        licence=case.licence or UNKNOWN_LICENCE,
        terms=case.terms,
        words_quoted=excerpt.words_quoted(article.body),
    )


def check_page(page: Page, policy: Policy) -> tuple[Finding, ...]:
    """What is wrong with the quotations of a page of the digest's own."""
    return tuple(excerpt.check_own(page.body, policy.rights.excerpt_words))


def _clear_own(article: Article, policy: Policy) -> Cleared | tuple[Finding, ...]:
    stated = article.matter.licence or policy.own_licence
    licence = policy.register.licences.get(stated)
    findings = [] if licence else [licensing.unknown_licence(stated, policy.register)]
    findings += picture.check(article, policy) + excerpt.check_own(article.body, policy.rights.excerpt_words)
    if findings or licence is None:
        return tuple(findings)
    return Cleared(article, None, None, stated, licence, None, excerpt.words_quoted(article.body))


def _without_words(article: Article) -> Article:
    matter = replace(
        article.matter, summary=None, topics=(), story=None, licence=None, image=None, credits=(), changes=()
    )
    return replace(article, matter=matter, body=Body.empty(article.body.line))
