"""The rights gate, the only door to the site: an article is cleared, or it is not published.

It fails closed: what is not known is not permitted. A front matter can narrow what the registers say and never widen
it, except by a `review` in which a named person says so. Each rule has its entry in docs/rules.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from broadsheet.fields import UNKNOWN
from broadsheet.model import Article, Body, Kind, Origin, ReviewFinding
from broadsheet.problem import Finding, did_you_mean
from broadsheet.register import Condition, Licence, Publisher, Register, Terms
from broadsheet.rights import excerpt, wire

FORMATTING = "formatting"
"""A `changes` entry that begins with this word changes no wording."""
_OTHER_TERMS = re.compile(
    r"\boriginally published (?:in|by|on|at)\b|\ball rights reserved\b|©|\(c\) ?\d{4}", re.IGNORECASE
)
_WIDENING = (ReviewFinding.LICENCE_VERIFIED, ReviewFinding.PERMISSION_GRANTED)


@dataclass(frozen=True, slots=True)
class Policy:
    """What the gate judges by."""

    register: Register
    commercial: bool
    excerpt_words: int
    excerpt_share: float
    own_licence: str
    """Id of the licence of the digest's own words."""


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


@dataclass(frozen=True, slots=True)
class _Case:
    """An article of somebody else's before the gate, with all that the rules look at."""

    article: Article
    origin: Origin
    policy: Policy
    publisher: Publisher | None
    terms: Terms | None
    licence_id: str | None
    licence: Licence | None

    @property
    def kind(self) -> Kind:
        return self.article.matter.kind

    def is_reviewed(self, *findings: ReviewFinding) -> bool:
        review = self.article.matter.review
        return review is not None and review.finding in findings


def clear(article: Article, policy: Policy) -> Cleared | tuple[Finding, ...]:
    """The article, cleared; or every finding against it. A withdrawn one is cleared without its words."""
    if article.matter.withdrawn is not None:
        article = _without_words(article)
    origin = article.matter.origin
    if origin is None:
        return _clear_own(article, policy)
    case = _case(article, origin, policy)
    findings = tuple(finding for rule in RULES for finding in rule(case))
    if findings:
        return findings
    known = case.publisher
    publisher = known or Publisher(name=origin.publisher, terms=(), evidence=())
    return Cleared(
        article=article,
        publisher_id=origin.publisher if known else None,
        publisher=publisher,
        licence_id=case.licence_id or "unknown",
        licence=case.licence or UNKNOWN_LICENCE,
        terms=case.terms,
        words_quoted=excerpt.words_quoted(article),
    )


UNKNOWN_LICENCE = Licence(
    name="Terms not known",
    statement="The terms of the original are not known, so it is treated as under copyright.",
)


def _without_words(article: Article) -> Article:
    matter = replace(article.matter, summary=None, topics=(), story=None, image=None, credits=(), changes=())
    return replace(article, matter=matter, body=Body.empty(article.body.line))


def _clear_own(article: Article, policy: Policy) -> Cleared | tuple[Finding, ...]:
    stated = article.matter.licence or policy.own_licence
    licence = policy.register.licences.get(stated)
    findings = [] if licence else [_unknown_licence(stated, policy.register)]
    findings += _check_images(article, policy) + excerpt.check_each(article, policy.excerpt_words)
    if findings or licence is None:
        return tuple(findings)
    return Cleared(article, None, None, stated, licence, None, excerpt.words_quoted(article))


def _case(article: Article, origin: Origin, policy: Policy) -> _Case:
    publisher = policy.register.publishers.get(origin.publisher)
    published = None if origin.published is UNKNOWN else origin.published
    terms = publisher.terms_on(published) if publisher else None
    licence_id = article.matter.licence or (terms.licence if terms else None)
    licence_id = None if licence_id == "unknown" else licence_id
    licence = policy.register.licences.get(licence_id) if licence_id else None
    return _Case(article, origin, policy, publisher, terms, licence_id, licence)


def _publisher_known(case: _Case) -> list[Finding]:
    if case.publisher or case.kind is not Kind.FULL:
        return []
    message = f"publisher '{case.origin.publisher[:80]}' is not in the register, so nothing of theirs is reprinted"
    hint = did_you_mean(case.origin.publisher, case.policy.register.publishers)
    remedy = f"{hint}Make the kind 'excerpt' or 'link', or describe the publisher in config.yaml with its evidence"
    return [Finding("rights/publisher-unknown", message, remedy, ("origin", "publisher"))]


def _licence_known(case: _Case) -> list[Finding]:
    if case.licence_id is not None and case.licence is None:
        return [_unknown_licence(case.licence_id, case.policy.register)]
    if case.licence is None and case.kind is Kind.FULL and case.publisher is not None:
        message = "the licence of this text is not known, so it is not reprinted"
        remedy = "State 'licence:' with the date of the original, or make the kind 'excerpt' or 'link'"
        return [Finding("rights/licence-unknown", message, remedy, ("licence",))]
    return []


def _unknown_licence(name: str, register: Register) -> Finding:
    message = f"licence '{name[:80]}' is not in the register"
    remedy = f"{did_you_mean(name, register.licences)}Use an id of the register, or describe it in config.yaml"
    return Finding("rights/licence-unknown", message, remedy, ("licence",))


def _claims_no_more(case: _Case) -> list[Finding]:
    """What is claimed grants no more than the register does."""
    if case.licence is None or case.terms is None or case.is_reviewed(*_WIDENING):
        return _claim_without_terms(case)
    granted = case.policy.register.licences[case.terms.licence]
    if case.licence.grants_no_more_than(granted):
        return []
    message = (
        f"'{case.licence_id}' claims more than the register grants: '{case.terms.licence}' for this publisher and date"
    )
    remedy = f"Write '{case.terms.licence}', or add a 'review:' with finding licence-verified and a note"
    return [Finding("rights/licence-widened", message, remedy, ("licence",))]


def _claim_without_terms(case: _Case) -> list[Finding]:
    """An open licence claimed for a publisher of whom nothing is known is a claim, and says so nowhere else."""
    unproven = case.terms is None and case.licence is not None and case.licence.permits_reprint
    if not unproven or case.is_reviewed(*_WIDENING):
        return []
    message = (
        f"'{case.licence_id}' is claimed, and the register has no terms of this publisher for this date to confirm it"
    )
    remedy = "Write 'licence: unknown', or add a 'review:' with finding licence-verified and a note"
    return [Finding("rights/licence-widened", message, remedy, ("licence",))]


def _kind_permitted(case: _Case) -> list[Finding]:
    if case.kind is Kind.LINK or case.publisher is None or case.is_reviewed(ReviewFinding.PERMISSION_GRANTED):
        return []
    reason = _why_not_permitted(case, case.publisher)
    if reason is None:
        return []
    narrower = "'excerpt' or 'link'" if case.kind is Kind.FULL else "'link'"
    remedy = f"Make the kind {narrower}, or add a 'review:' with finding permission-granted and a note"
    return [Finding("rights/kind-not-permitted", reason, remedy, ("kind",))]


def _why_not_permitted(case: _Case, publisher: Publisher) -> str | None:
    terms, kind = case.terms, case.kind
    if not case.is_reviewed(ReviewFinding.LICENCE_VERIFIED):
        if terms is None and kind is Kind.FULL:
            return f"no terms of {publisher.name} are known for the date of this work"
        if terms is not None and kind not in terms.kinds:
            return f"{publisher.name} does not permit {_PERMITTING[kind]} ({terms.licence})"
        if kind is Kind.FULL and not publisher.is_read:
            return f"the terms of {publisher.name} are believed, and nobody has read them for the register"
    if kind is Kind.FULL and case.licence is not None and not case.licence.permits_reprint:
        return f"'{case.licence_id}' does not permit reprints"
    if kind is Kind.FULL and terms is not None and Condition.COUNTER in terms.conditions:
        return f"{publisher.name} asks for its counter on every reprint, and this digest tracks nobody"
    return None


_PERMITTING = {Kind.FULL: "reprints", Kind.EXCERPT: "excerpts"}


def _review_explained(case: _Case) -> list[Finding]:
    review = case.article.matter.review
    if review is None or review.note is not None or review.finding not in _WIDENING:
        return []
    message = f"a review with finding {review.finding.value} widens what the register grants, and does not say why"
    return [
        Finding(
            "rights/review-unexplained", message, "Add 'note:' with who granted or stated it, and where", ("review",)
        )
    ]


def _delay_kept(case: _Case) -> list[Finding]:
    days = case.terms.delay_days if case.terms else None
    published = case.origin.published
    if case.kind is not Kind.FULL or days is None or published is None or published is UNKNOWN:
        return []
    earliest = published + timedelta(days=days)
    if case.article.date >= earliest or case.is_reviewed(ReviewFinding.PERMISSION_GRANTED):
        return []
    message = f"the publisher asks for {days} days between its publication and a reprint"
    return [Finding("rights/too-early", message, f"Set 'date:' to {earliest:%Y-%m-%d} or later", ("date",))]


def _credit_complete(case: _Case) -> list[Finding]:
    """The fields without which the credit line cannot be written. 17 USC 1202; CC BY 4.0, section 3(a)(1)."""
    matter, origin = case.article.matter, case.origin
    missing: list[tuple[str, str]] = []
    if case.kind is Kind.LINK and (origin.url is None or origin.url is UNKNOWN):
        missing.append(("url", "A link needs the address of the original"))
    elif origin.url is None:
        missing.append(("url", "Write its address, or 'unknown', which the page will say"))
    if origin.published is None:
        missing.append(("published", "Write the date of the original, or 'unknown'"))
    if not origin.authors and case.kind is not Kind.LINK:
        missing.append(("authors", "Name them as the original does, or the publisher where it has no byline"))
    found = [_missing_credit(f"origin.{key}", remedy, ("origin", key)) for key, remedy in missing]
    if case.kind is Kind.LINK or matter.withdrawn is not None:
        return found
    if matter.retrieved is None:
        return [*found, _missing_credit("retrieved", "Write 'from:', 'at:', 'sha256:' and 'words:'", ("retrieved",))]
    if matter.retrieved.from_ is None:
        found.append(_missing_credit("retrieved.from", "Write the address or the file", ("retrieved", "from")))
    if matter.retrieved.words is None:
        found.append(_missing_credit("retrieved.words", "Count the words of the original", ("retrieved", "words")))
    if matter.retrieved.sha256 is None:
        found.append(_missing_credit("retrieved.sha256", "Hash the text as captured", ("retrieved", "sha256")))
    return found


def _missing_credit(name: str, remedy: str, at: tuple[str, ...]) -> Finding:
    return Finding("rights/credit-missing", f"'{name}' is not stated", remedy, at)


def _excerpt_within_caps(case: _Case) -> list[Finding]:
    policy = case.policy
    if case.kind is Kind.EXCERPT and case.article.matter.withdrawn is None:
        return excerpt.check(case.article, policy.excerpt_words, policy.excerpt_share)
    if case.kind is Kind.LINK and case.article.body.quotations:
        message = "a link shows the headline and your own words only, and this quotes"
        line = case.article.body.quotations[0].line
        return [Finding("rights/quotation-in-link", message, "Make the kind 'excerpt', or remove the quotation", line)]
    return []


def _wire_reviewed(case: _Case) -> list[Finding]:
    if case.kind is not Kind.FULL:
        return []
    cleared_by_anyone = (ReviewFinding.WIRE_TEXT_REMOVED, ReviewFinding.PERMISSION_GRANTED)
    found: dict[str, Finding] = {}
    for mark in wire.find(case.article, case.policy.register.agencies):
        clearing = cleared_by_anyone if mark.is_authorship else (ReviewFinding.WIRE_FACTS_ONLY, *cleared_by_anyone)
        if not case.is_reviewed(*clearing):
            wanted = " or ".join(finding.value for finding in clearing)
            role = "named as author" if mark.is_authorship else "credited"
            message = f"{mark.agency} is {role}, and nobody has reviewed that"
            remedy = f"Add 'review:' with by, at and finding ({wanted}), or make the kind 'excerpt'"
            found.setdefault(str(mark.at), Finding("rights/wire-unreviewed", message, remedy, mark.at))
    return list(found.values())


def _no_other_terms(case: _Case) -> list[Finding]:
    """A notice of somebody else's rights within the text stands over the publisher's licence."""
    if case.kind is not Kind.FULL or case.is_reviewed(*_WIDENING):
        return []
    for text in (*case.article.body.paragraphs, *case.article.matter.credits):
        notice = _OTHER_TERMS.search(text)
        if notice:
            message = f"the text carries a notice of other terms ('{notice.group()}')"
            remedy = "Find out whose they are; then a 'review:' with finding licence-verified, or the kind 'excerpt'"
            return [Finding("rights/other-terms", message, remedy, case.article.body.line)]
    return []


def _unchanged_where_asked(case: _Case) -> list[Finding]:
    """CC BY-ND 4.0, section 1(a) and 2(a)(1): an adaptation may be made and not shared; format changes are none."""
    if case.kind is not Kind.FULL or case.licence is None or case.is_reviewed(ReviewFinding.PERMISSION_GRANTED):
        return []
    asked = case.terms is not None and Condition.NO_EDITS in case.terms.conditions
    if case.licence.permits_changes and not asked:
        return []
    by = f"'{case.licence_id}'" if not case.licence.permits_changes else "the publisher"
    return [
        Finding(
            "rights/no-derivatives",
            f"{by} permits no changes, and '{change[:80]}' is one",
            f"Undo it, or begin the entry with '{FORMATTING.capitalize()}' where no wording was changed",
            ("changes", n),
        )
        for n, change in enumerate(case.article.matter.changes)
        if not change.casefold().startswith(FORMATTING)
    ]


def _non_commercial(case: _Case) -> list[Finding]:
    if case.kind is not Kind.FULL or case.licence is None or not case.policy.commercial:
        return []
    if case.licence.permits_commercial_use or case.is_reviewed(ReviewFinding.PERMISSION_GRANTED):
        return []
    message = f"'{case.licence_id}' is for non-commercial use, and config.yaml says that this site is commercial"
    return [
        Finding(
            "rights/non-commercial", message, "Make the kind 'excerpt' or 'link', or ask for permission", ("licence",)
        )
    ]


def _images_licensed(case: _Case) -> list[Finding]:
    return _check_images(case.article, case.policy)


def _check_images(article: Article, policy: Policy) -> list[Finding]:
    """A picture has a creator, a credit and a licence of its own; a text's licence never covers it."""
    image = article.matter.image
    found = []
    if image is not None:
        for key in ("creator", "credit", "licence"):
            if getattr(image, key) is None:
                message = f"the picture '{image.file}' has no {key} of its own"
                found.append(
                    Finding("rights/image-unlicensed", message, f"Add 'image.{key}', or leave it out", ("image",))
                )
        found += _check_image_licence(image.licence, article.matter.kind, policy)
        if image.credit and wire.names_agency(f"{image.credit} {image.creator or ''}", policy.register.agencies):
            message = f"'{image.credit}' is an agency's credit"
            found.append(Finding("rights/image-agency", message, "Leave the picture out", ("image", "credit")))
    own = {image.file, f"./{image.file}"} if image else set()
    for shown in article.body.images:
        if shown.src not in own:
            message = f"the text shows '{shown.src[:80]}', which no 'image:' describes"
            remedy = "Describe it under 'image:' with creator, credit and licence, or leave it out"
            found.append(Finding("rights/image-unlicensed", message, remedy, shown.line))
    return found


def _check_image_licence(name: str | None, kind: Kind, policy: Policy) -> list[Finding]:
    if name is None or (kind is Kind.OWN and name == policy.own_licence):
        return []
    licence = policy.register.licences.get(name)
    if licence is None:
        unknown = _unknown_licence(name, policy.register)
        return [
            Finding("rights/image-unlicensed", f"the picture's {unknown.message}", unknown.remedy, ("image", "licence"))
        ]
    if name != "LicenseRef-Own" and not licence.permits_reprint:
        message = f"'{name}' does not permit showing the picture"
        return [Finding("rights/image-unlicensed", message, "Leave the picture out", ("image", "licence"))]
    if policy.commercial and not licence.permits_commercial_use:
        message = f"'{name}' is for non-commercial use, and config.yaml says that this site is commercial"
        return [Finding("rights/non-commercial", message, "Leave the picture out", ("image", "licence"))]
    return []


RULES: tuple[Callable[[_Case], list[Finding]], ...] = (
    _publisher_known,
    _licence_known,
    _claims_no_more,
    _kind_permitted,
    _review_explained,
    _delay_kept,
    _credit_complete,
    _excerpt_within_caps,
    _wire_reviewed,
    _no_other_terms,
    _unchanged_where_asked,
    _non_commercial,
    _images_licensed,
)
"""All rules for other people's works; each looks at a case and finds what is wrong."""
