"""The rights gate, the only door to the site: an article is cleared, or it is not published.

It fails closed: what is not known is not permitted. A front matter can narrow what the registers say and never widen
it, except by a `review` in which a named person says so. Each rule has its entry in docs/rules.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from broadsheet.model import Article, Body, Kind, Page
from broadsheet.problem import Finding
from broadsheet.register import Licence, Publisher, Terms
from broadsheet.rights import copying, credit, excerpt, licensing, picture, source, verbatim, wire
from broadsheet.rights.case import Case, Policy, case_of
from broadsheet.rights.parts import Part, parts_of, parts_of_image, parts_of_own

RULES: tuple[Callable[[Case], list[Finding]], ...] = (
    source.check_publisher,
    source.check_address,
    source.check_excluded,
    licensing.check_licence,
    licensing.check_claim,
    licensing.check_kind,
    licensing.check_review,
    licensing.check_delay,
    licensing.check_notices,
    licensing.check_counter,
    verbatim.check_changes,
    verbatim.check_text,
    verbatim.check_links,
    licensing.check_commerce,
    licensing.check_surroundings,
    licensing.check_evidence,
    credit.check,
    excerpt.check,
    excerpt.check_caps,
    excerpt.check_speech,
    copying.check_fingerprint,
    copying.check_copied,
    copying.check_quotations,
    wire.check,
    picture.check_case,
)
"""All rules for other people's works; each looks at a case and finds what is wrong."""

UNKNOWN_LICENCE = Licence(
    name="Terms not known",
    statement="The terms of the original are not known, so it is treated as under copyright.",
)


class Proof(Struct, frozen=True):
    """What a machine has compared with the text that was captured, and what is taken at the curator's word."""

    is_verbatim: bool | None
    """Of a reprint: whether it is letter for letter what was captured. None for anything else."""
    is_fingerprinted: bool
    """Whether words copied without quotation marks were looked for."""
    quotations_unchecked: int
    """Quotations that nothing stored can vouch for."""


class Cleared(Struct, frozen=True):
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
    """In blockquotes."""
    parts: tuple[Part, ...]
    """Each with its terms, in the order in which readers meet them."""
    proof: Proof | None
    """None for the digest's own, and for what has no words any more."""


def clear(article: Article, policy: Policy) -> Cleared | tuple[Finding, ...]:
    """The article, cleared; or every finding against it. A withdrawn one is cleared without its words."""
    origin = article.matter.origin
    withdrawn = article.matter.withdrawn is not None
    article = _without_words(article) if withdrawn else article
    if origin is None:
        return _clear_own(article, policy)
    case = case_of(article, origin, policy)
    findings: list[Finding] = []
    for rule in () if withdrawn else RULES:
        findings += rule(case)
    if findings:
        return tuple(findings)
    licence = case.licence or UNKNOWN_LICENCE
    ours = (policy.own_licence, policy.register.licences[policy.own_licence])
    return Cleared(
        article=article if withdrawn else _shortened(article, policy),
        publisher_id=origin.publisher if case.publisher else None,
        publisher=case.publisher or Publisher(name=origin.publisher, terms=(), evidence=()),
        licence_id=case.licence_id or "unknown",
        licence=licence,
        terms=case.terms,
        words_quoted=excerpt.words_quoted(article.body),
        parts=() if withdrawn else (*parts_of(case, licence, ours), *_parts_of_image(article, policy)),
        proof=None if withdrawn else _proof(case),
    )


def check_page(page: Page, policy: Policy) -> tuple[Finding, ...]:
    """What is wrong with the quotations of a page of the digest's own."""
    return tuple(excerpt.check_own(page.body, policy.rights.limits.words))


def check_days(excerpts: Iterable[tuple[datetime, str, str]], policy: Policy) -> dict[str, list[Finding]]:
    """The excerpts that are one too many of a publisher's works on a day (UTC), by path. The first ones stay.

    `excerpts` are (date, path, publisher's name).
    """
    most = policy.rights.excerpts_per_day
    found: dict[str, list[Finding]] = {}
    taken: Counter[tuple[str, date]] = Counter()
    for moment, path, publisher in sorted(excerpts) if most is not None else ():
        day = (publisher, moment.date())
        taken[day] += 1
        if most is not None and taken[day] > most:
            message = f"this is excerpt {taken[day]} of {publisher} on {day[1]}, and {most} are allowed"
            remedy = "Set another 'date:', or make the kind 'link'"
            found[path] = [Finding("rights/too-many-excerpts", message, remedy, ("date",))]
    return found


def _clear_own(article: Article, policy: Policy) -> Cleared | tuple[Finding, ...]:
    stated = article.matter.licence or policy.own_licence
    licence = policy.register.licences.get(stated)
    findings = [] if licence else [licensing.unknown_licence(stated, policy.register)]
    findings += picture.check(article, policy) + excerpt.check_own(article.body, policy.rights.limits.words)
    if findings or licence is None:
        return tuple(findings)
    return Cleared(
        article=article,
        publisher_id=None,
        publisher=None,
        licence_id=stated,
        licence=licence,
        terms=None,
        words_quoted=excerpt.words_quoted(article.body),
        parts=_parts_of_own(article, stated, licence, policy),
        proof=None,
    )


def _parts_of_own(article: Article, licence_id: str, licence: Licence, policy: Policy) -> tuple[Part, ...]:
    if article.matter.withdrawn is not None:
        return ()
    parts = parts_of_own(licence_id, licence, article.matter.summary is not None)
    return (*parts, *_parts_of_image(article, policy))


def _parts_of_image(article: Article, policy: Policy) -> tuple[Part, ...]:
    image = article.matter.image
    licence = policy.register.licences.get(image.licence or "") if image else None
    if image is None or image.licence is None or licence is None:
        return ()
    is_own = image.licence in (policy.own_licence, "LicenseRef-Own")
    return parts_of_image(image.licence, licence, image.creator or "", is_own)


def _proof(case: Case) -> Proof:
    article = case.article
    return Proof(
        is_verbatim=verbatim.stands(case) if case.is_reprint else None,
        is_fingerprinted=article.fingerprint is not None,
        quotations_unchecked=copying.quotations_unchecked(article) if case.kind is Kind.EXCERPT else 0,
    )


def _shortened(article: Article, policy: Policy) -> Article:
    """The article with no more of the publisher's headline than the site shows of one that it does not reprint."""
    matter = article.matter
    if matter.kind not in (Kind.EXCERPT, Kind.LINK) or matter.origin is None:
        return article
    most = policy.rights.limits.headline_words
    if most is None:
        return article
    theirs = matter.origin.title or matter.title
    short = _first_words(theirs, most)
    title = short if matter.title == theirs else matter.title
    return replace(article, matter=replace(matter, title=title, origin=replace(matter.origin, title=short)))


def _first_words(text: str, most: int) -> str:
    said = text.split()
    return text if len(said) <= most else f"{' '.join(said[:most]).rstrip(',;:–—-')} …"


def _without_words(article: Article) -> Article:
    matter = replace(article.matter, summary=None, story=None, licence=None, image=None, credits=(), changes=())
    origin = replace(matter.origin, counter=None) if matter.origin else None
    return replace(article, matter=replace(matter, origin=origin), body=Body.empty(article.body.line))
