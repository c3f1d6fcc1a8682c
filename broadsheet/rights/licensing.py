"""Rules on what the terms permit: the licence claimed, the kind chosen, changes, commerce, delay."""

from __future__ import annotations

import re
from datetime import UTC, timedelta

from broadsheet import url
from broadsheet.fields import Unknown
from broadsheet.model import Kind, ReviewFinding
from broadsheet.problem import Finding, Pointer, did_you_mean
from broadsheet.register import Condition, Publisher, Register
from broadsheet.rights.case import WIDENING, Case, folded
from broadsheet.words import plain

NOTHING_GRANTED = "LicenseRef-All-Rights-Reserved"
"""What may be said of any work that is not reprinted, for it grants nothing."""
_OTHER_TERMS = re.compile(
    r"\b(?:originally|first|previously) (?:published|appeared)\b[^.]{0,40}\b(?:in|by|on|at)\b|"
    r"\ball rights reserved\b|©|"
    r"(?:\(c\)|\bcopyright),? ?\d{4}|(?-i:(?:\([cC]\)|\bCopyright|\bCOPYRIGHT) (?:by )?[A-Z])|"
    r"\breprinted (?:with|by) (?:the )?(?:kind )?permission\b",
    re.IGNORECASE,
)
_SIGNS_OF_NOTICES = ("published", "appeared", "rights reserved", "(c)", "copyright", "permission")
"""One of these is in every notice, and looking for them first is quicker."""
_VERIFY = "add a 'review:' with finding licence-verified and a note"


def check_licence(case: Case) -> list[Finding]:
    """The licence is one of the register's, or the kind needs none."""
    if case.licence_id is not None and case.licence is None:
        return [unknown_licence(case.licence_id, case.policy.register)]
    if case.licence is not None or not case.is_reprint or case.is_reviewed(ReviewFinding.PERMISSION_GRANTED):
        return []
    if case.terms is not None:
        message = "the licence is said to be unknown, so the text is not reprinted"
        remedy = f"Remove the line, which leaves '{case.terms.licence}', or make the kind 'excerpt' or 'link'"
        return [Finding("rights/licence-unknown", message, remedy, ("licence",))]
    if case.is_reviewed(ReviewFinding.LICENCE_VERIFIED):
        message = "a licence is said to be verified, and none is stated"
        return [Finding("rights/licence-unknown", message, "State it in 'licence:'", ("licence",))]
    return []


def unknown_licence(name: str, register: Register) -> Finding:
    """A licence that is in no register."""
    message = f"licence '{name[:80]}' is not in the register"
    remedy = (
        f"{did_you_mean(name, register.licences)}Use an id that 'list licences' names, or describe it in config.yaml"
    )
    return Finding("rights/licence-unknown", message, remedy, ("licence",))


def check_claim(case: Case) -> list[Finding]:
    """What is claimed is what the register says, or strictly less; readers are told of no grant that nobody made."""
    if case.licence is None or case.is_reviewed(ReviewFinding.LICENCE_VERIFIED) or case.licence_id == NOTHING_GRANTED:
        return []
    if case.terms is None:
        # A reprint without terms is refused for that already.
        if case.is_reprint:
            return []
        message = f"'{case.licence_id}' is claimed, and the register has no terms that say so"
        remedy = f"Write 'licence: unknown', or {_VERIFY}"
        return [Finding("rights/licence-widened", message, remedy, ("licence",))]
    if case.licence_id == case.terms.licence:
        return []
    granted = case.policy.register.licences[case.terms.licence]
    if case.licence.grants_less_than(granted) and _are_commons(case.licence_id, case.terms.licence):
        return []
    message = f"'{case.licence_id}' is claimed, and the register says '{case.terms.licence}' of this publisher and date"
    remedy = f"Write '{case.terms.licence}', or {_VERIFY}"
    return [Finding("rights/licence-widened", message, remedy, ("licence",))]


def _are_commons(*names: str | None) -> bool:
    return all(name is not None and name.startswith("CC-BY") for name in names)


def check_kind(case: Case) -> list[Finding]:
    """The publisher and the licence permit the kind; a link needs nobody's leave."""
    if case.kind is Kind.LINK or case.publisher is None or case.is_reviewed(ReviewFinding.PERMISSION_GRANTED):
        return []
    verified = case.is_reviewed(ReviewFinding.LICENCE_VERIFIED)
    unproven = None if verified else _why_unproven(case, case.publisher)
    reason = (
        unproven or (None if verified else _why_refused(case, case.publisher)) or _why_impossible(case, case.publisher)
    )
    if reason is None:
        return []
    narrower = "'excerpt' or 'link'" if case.is_reprint else "'link'"
    finding = "licence-verified or permission-granted" if unproven else "permission-granted"
    remedy = f"Make the kind {narrower}, or add a 'review:' with finding {finding} and a note"
    return [Finding("rights/kind-not-permitted", reason, remedy, ("kind",))]


def _why_unproven(case: Case, publisher: Publisher) -> str | None:
    """Why nobody knows whether a reprint is permitted."""
    if not case.is_reprint or case.origin.published is None:
        return None  # a date that is not stated is asked for by the rule on credit
    if case.terms is None:
        return f"the register has no terms of {publisher.name} for a work of {_day(case)}"
    if not publisher.is_read and case.kind in case.terms.kinds:
        return f"the terms of {publisher.name} are believed, and nobody has read them for the register"
    return None


def _why_refused(case: Case, publisher: Publisher) -> str | None:
    """Why the publisher's terms do not permit the kind."""
    if case.terms is None or case.kind in case.terms.kinds:
        return None
    what = "reprints" if case.is_reprint else "excerpts"
    return f"{publisher.name} does not permit {what} of a work of {_day(case)} ({case.terms.licence})"


def _why_impossible(case: Case, publisher: Publisher) -> str | None:
    """Why a reprint is not permitted even where the licence was verified."""
    if not case.is_reprint:
        return None
    if case.licence is not None and not case.licence.permits_reprint:
        return f"'{case.licence_id}' does not permit reprints"
    if _asks_for_counter(case) and not case.policy.rights.counters:
        return (
            f"{publisher.name} asks for its counter on every reprint, and config.yaml does not say that counters may be"
        )
    return None


def _day(case: Case) -> str:
    published = case.origin.published
    return f"{published:%Y-%m-%d}" if published and not isinstance(published, Unknown) else "an unknown date"


def check_counter(case: Case) -> list[Finding]:
    """A counter is the publisher's own, stands where it is asked for, and nowhere else."""
    counter, at = case.origin.counter, ("origin", "counter")
    is_asked = case.is_reprint and _asks_for_counter(case) and case.policy.rights.counters
    if counter is None:
        waived = not is_asked or case.is_reviewed(ReviewFinding.PERMISSION_GRANTED)
        message = "'origin.counter' is not stated, and the publisher asks for its counter on the page"
        remedy = "Write the address of the counter that the publisher gives with the text"
        return [] if waived else [Finding("rights/counter", message, remedy, at)]
    hosts = case.publisher.counter if case.publisher else ()
    if is_asked and url.host(counter) in hosts:
        return []
    whose = (
        f"'{url.host(counter)}' is no counter of theirs that the register knows" if is_asked else "nobody asks for it"
    )
    remedy = "Write the address that the publisher gives with the text" if is_asked else "Remove it"
    return [Finding("rights/counter", f"a counter tells of readers, and {whose}", remedy, at)]


def _asks_for_counter(case: Case) -> bool:
    return case.terms is not None and Condition.COUNTER in case.terms.conditions


def check_review(case: Case) -> list[Finding]:
    """A review that widens a grant says why."""
    review = case.article.matter.review
    if review is None or review.note is not None or review.finding not in WIDENING:
        return []
    message = f"a review with finding {review.finding.value} widens what the register grants, and does not say why"
    remedy = "Add 'note:' with who granted or stated it, and where"
    return [Finding("rights/review-unexplained", message, remedy, ("review",))]


def check_delay(case: Case) -> list[Finding]:
    """A publisher's days between its publication and a reprint have passed."""
    days = case.terms.delay_days if case.terms else None
    published = case.origin.published
    if not case.is_reprint or days is None or case.is_reviewed(ReviewFinding.PERMISSION_GRANTED):
        return []
    if published is None or isinstance(published, Unknown):
        message = f"the publisher asks for {days} days before a reprint, and the date of the original is not known"
        return [Finding("rights/too-early", message, "State 'published:'", ("origin", "published"))]
    waited = case.article.date - published
    if waited >= timedelta(days=days):
        return []
    message = f"the publisher asks for {days} days between its publication and a reprint"
    earliest = (published + timedelta(days=days)).astimezone(UTC)
    return [Finding("rights/too-early", message, f"Set 'date:' to {earliest:%Y-%m-%dT%H:%M:%SZ} or later", ("date",))]


def check_notices(case: Case) -> list[Finding]:
    """A notice of somebody else's rights within a reprint stands over the publisher's licence."""
    if not case.is_reprint or case.is_silent or case.is_reviewed(*WIDENING):
        return []
    if not _may_be_notice(case.sight.text):
        return []
    texts: list[tuple[str, Pointer | int]] = [(plain(p.text), p.line) for p in case.article.body.passages]
    texts += [(plain(credit), ("credits", n)) for n, credit in enumerate(case.article.matter.credits)]
    remedy = f"Find out whose they are; then {_VERIFY}, or make the kind 'excerpt'"
    return [
        Finding("rights/other-terms", f"a notice of other terms ('{notice.group()}')", remedy, at)
        for text, at in texts
        if _may_be_notice(text) and (notice := _OTHER_TERMS.search(text))
    ]


def _may_be_notice(text: str) -> bool:
    small = folded(text)
    # To a pattern in any case these two letters are an i, which the signs hold and they are not.
    return any(map(text.__contains__, "©ıİ")) or any(map(small.__contains__, _SIGNS_OF_NOTICES))


def check_commerce(case: Case) -> list[Finding]:
    """A licence for non-commercial use does not serve a commercial site."""
    if not case.is_reprint or case.licence is None or not case.policy.rights.commercial:
        return []
    if case.licence.permits_commercial_use or case.is_reviewed(ReviewFinding.PERMISSION_GRANTED):
        return []
    remedy = "Make the kind 'excerpt' or 'link', or ask for permission"
    return [Finding("rights/non-commercial", non_commercial(case.licence_id), remedy, ("licence",))]


def check_surroundings(case: Case) -> list[Finding]:
    """What the publisher asks of the site on which its text stands, and what config.yaml says of this one."""
    if not case.is_reprint or case.terms is None or case.is_reviewed(ReviewFinding.PERMISSION_GRANTED):
        return []
    asked, policy = case.terms.conditions, case.policy
    found = []
    if policy.rights.advertising and Condition.NO_ADVERTISING in asked:
        message = "the publisher wants no advertising beside its text, and config.yaml says that there is some"
        found.append(Finding("rights/advertising", message, _ELSEWHERE, ("kind",)))
    if policy.rights.paywall and (Condition.NO_PAYWALL in asked or Condition.NO_SALE in asked):
        message = "the publisher wants its text free to readers, and config.yaml says that readers pay"
        found.append(Finding("rights/paywall", message, _ELSEWHERE, ("kind",)))
    return found


_ELSEWHERE = "Make the kind 'excerpt' or 'link', or ask for permission and record it in a 'review:'"


def check_evidence(case: Case) -> list[Finding]:
    """A reprint's terms were read no longer ago than the editor allows."""
    days, publisher = case.policy.rights.evidence_days, case.publisher
    if not case.is_reprint or days is None or publisher is None or case.is_reviewed(*WIDENING):
        return []
    age = (case.policy.day - publisher.last_read).days
    if age <= days:
        return []
    message = f"the terms of {publisher.name} were last read {age} days ago, and {days} are allowed"
    remedy = "Read them again and describe them with their date in config.yaml, or set 'rights.evidence_days'"
    return [Finding("rights/evidence-old", message, remedy, ("origin", "publisher"))]


def non_commercial(licence_id: str | None) -> str:
    """What is wrong with a non-commercial licence here."""
    return f"'{licence_id}' is for non-commercial use, and config.yaml says that this site is commercial"
