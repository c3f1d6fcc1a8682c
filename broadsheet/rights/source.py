"""Rules on whose work it is: the publisher is known, is meant, and the address is one of its own."""

from __future__ import annotations

from collections.abc import Mapping

from broadsheet import url
from broadsheet.model import ReviewFinding
from broadsheet.problem import Finding, did_you_mean
from broadsheet.register import Publisher
from broadsheet.rights.case import WIDENING, Case, folded
from broadsheet.rights.glance import letters_of
from broadsheet.words import plain

_NEARLY = 0.85
"""Likeness from which a name is taken for a misspelling of another."""
_LONG_ENOUGH = 6
"""Letters from which likeness says something: Grit is no misspelling of Grist."""


def check_publisher(case: Case) -> list[Finding]:
    """A reprint's publisher is in the register; no other article's is nearly in it."""
    if case.publisher is not None:
        return []
    name, known = case.origin.publisher, case.policy.register.publishers
    at = ("origin", "publisher")
    if case.is_reprint:
        message = f"publisher '{name[:80]}' is not in the register, so nothing of theirs is reprinted"
        remedy = "Make the kind 'excerpt' or 'link', or describe the publisher in config.yaml with its evidence"
        return [Finding("rights/publisher-unknown", message, f"{did_you_mean(name, known)}{remedy}", at)]
    if name.casefold() == "unknown":
        message = "whose work it is, is not known"
        return [Finding("rights/publisher-unknown", message, "Find out, or leave the article out", at)]
    meant = _meant(name, known)
    if meant is None:
        return []
    message = f"publisher '{name[:80]}' is not in the register, and is nearly '{meant}', which is"
    return [Finding("rights/publisher-unknown", message, f"Write '{meant}', or the other's name in full", at)]


def _meant(name: str, known: Mapping[str, Publisher]) -> str | None:
    """The id of a registered publisher that a name is nearly the id or the name of."""
    from difflib import SequenceMatcher  # only needed for publishers outside the register

    folded = plain(name).strip().casefold()
    for key, publisher in known.items():
        for candidate in (key, publisher.name.casefold()):
            if candidate == folded:
                return key
            if len(candidate) < _LONG_ENOUGH:
                continue
            near = SequenceMatcher(None, folded, candidate)
            if near.real_quick_ratio() >= _NEARLY and near.quick_ratio() >= _NEARLY and near.ratio() >= _NEARLY:
                return key
    return None


def check_address(case: Case) -> list[Finding]:
    """The original's address is its publisher's: a reprint's for certain, any other's not another publisher's."""
    address, at = case.origin.url, ("origin", "url")
    address = url.unarchived(address) if isinstance(address, str) else address
    retrieved = case.article.matter.retrieved
    if not isinstance(address, str):
        # An intermediary may be anybody, but where nothing else tells whose text it is, its address does.
        address, at = (retrieved.from_ if retrieved else None) or "", ("retrieved", "from")
        return _foreign(case, address, at) if case.is_reprint and url.is_web_address(address) else []
    return _foreign(case, address, at)


def _foreign(case: Case, address: str, at: tuple[str, ...]) -> list[Finding]:
    publisher, host = case.publisher, url.host(address)
    if publisher is not None and is_within(host, publisher.domains):
        return []
    others = (other for other in case.policy.register.publishers.values() if is_within(host, other.domains))
    owner = next(others, None)
    verified = case.is_reviewed(ReviewFinding.LICENCE_VERIFIED, ReviewFinding.PERMISSION_GRANTED)
    is_guess = publisher is None or not publisher.domains or not case.is_reprint or at[0] == "retrieved"
    if (owner is None and (is_guess or verified)) or (verified and at[0] == "retrieved"):
        return []
    name = publisher.name if publisher else case.origin.publisher
    whose = f"is an address of {owner.name}" if owner else "is no address of theirs that the register knows"
    message = f"the publisher is {name}, and '{host}' {whose}"
    remedy = "Correct the publisher or the address"
    return [Finding("rights/foreign-address", message, remedy, at)]


def check_excluded(case: Case) -> list[Finding]:
    """The item is none of those that the publisher keeps out of its terms."""
    if not case.is_reprint or case.publisher is None or case.is_reviewed(*WIDENING):
        return []
    for exclusion in case.publisher.excludes:
        marks = () if case.is_silent else exclusion.marks
        mark = next((mark for mark in marks if _carries(case, plain(mark))), None)
        if mark is not None or (exclusion.addresses and _shown(case).startswith(exclusion.addresses)):
            sign = f"it says '{mark}'" if mark is not None else f"it stands at {_shown(case)}"
            message = f"{case.publisher.name} keeps this out of its terms, for {sign}: {exclusion.what}"
            remedy = "Make the kind 'excerpt' or 'link', or add a 'review:' with finding licence-verified and a note"
            at = ("kind",) if mark is not None else ("origin", "url")
            return [Finding("rights/excluded", message, remedy, at)]
    return []


def _shown(case: Case) -> str:
    return url.shown(case.origin.url) if isinstance(case.origin.url, str) else ""


def _carries(case: Case, mark: str) -> bool:
    if mark.casefold() in plain(" ".join(case.origin.authors)).casefold():
        return True
    seen = case.sight
    if mark.isascii() and seen.letters is not None and letters_of(mark.encode())[1:-1] not in seen.letters:
        return False
    return folded(mark) in folded(seen.text) and mark.casefold() in seen.text.casefold()


def is_within(host: str, domains: tuple[str, ...]) -> bool:
    """Whether a host is one of the domains, or below one."""
    return host in domains or any(
        host == domain or host.endswith(f".{domain}") for domain in map(str.casefold, domains)
    )
