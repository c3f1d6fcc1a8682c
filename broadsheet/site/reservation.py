"""What machines may do with the digest's own words, where it says so, and with nobody else's.

Stated of pages on which every word is the digest's. RSL 1.0 (https://rslstandard.org/rsl) and the TDM Reservation
Protocol (https://w3c.github.io/tdm-reservation-protocol/), whose file counts at a host's root only.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from broadsheet.config import Reservation, Use
from broadsheet.model import Kind
from broadsheet.rights import Cleared, Status
from broadsheet.site.imprint import Imprint
from broadsheet.site.views import MetaView
from broadsheet.site.wording import joined

RSL = "/rsl.xml"
TDMREP = "/.well-known/tdmrep.json"
_MINING = {Use.ALL, Use.AI_ALL, Use.AI_TRAIN, Use.AI_INPUT, Use.AI_INDEX}
_NAMES = {
    Use.ALL: "any use by machines",
    Use.AI_ALL: "any use by artificial intelligence",
    Use.AI_TRAIN: "training of models",
    Use.AI_INPUT: "use in answers of models",
    Use.AI_INDEX: "indexing for models",
    Use.SEARCH: "indexing for search",
}


class Reserved(Struct, frozen=True):
    """The digest's own pages and what is said of them; written as RSL and as tdmrep.json."""

    addresses: tuple[str, ...]
    """In full."""
    paths: tuple[str, ...]
    """The same from the host's root."""
    terms: Reservation


class TdmRep(Struct, frozen=True):
    """`/.well-known/tdmrep.json`."""

    reserved: Reserved


def reserved(imprint: Imprint, own: Sequence[str]) -> Reserved | None:
    """What is said to machines of the pages at the addresses `own`, on which every word is the digest's.

    None where nothing is said, or where there is no such page.
    """
    terms, base = imprint.config.reservation, imprint.base
    if terms is None or not own:
        return None
    return Reserved(tuple(map(base.absolute, own)), tuple(map(base.href, own)), terms)


def is_own(cleared: Cleared) -> bool:
    """Whether every word and the picture of an article are the digest's."""
    if cleared.article.matter.kind is not Kind.OWN or cleared.article.body.quotations:
        return False
    return all(part.status is Status.OWN for part in cleared.parts)


def metas(imprint: Imprint) -> tuple[MetaView, ...]:
    """For the head of a page that is wholly the digest's."""
    terms = imprint.config.reservation
    if terms is None or not reserves_mining(terms):
        return ()
    policy = (MetaView("name", "tdm-policy", terms.policy),) if terms.policy else ()
    return (MetaView("name", "tdm-reservation", "1"), *policy)


def reserves_mining(terms: Reservation) -> bool:
    """Whether text and data mining is among what is prohibited. Directive (EU) 2019/790, article 4(3)."""
    return bool(_MINING & set(terms.prohibits))


def statement(imprint: Imprint) -> str:
    """The same for people, with what a site below a host's root cannot say to machines; may be empty."""
    terms = imprint.config.reservation
    if terms is None:
        return ""
    said = []
    if terms.prohibits:
        said.append(f"Of our own words we do not permit {joined([_NAMES[use] for use in terms.prohibits])}.")
    if terms.permits:
        said.append(f"We permit {joined([_NAMES[use] for use in terms.permits])}.")
    said.append("Of the words of others we reserve nothing: that is for them to say.")
    if imprint.base.path != "/":
        said.append("This site is not at the root of its host, so its robots.txt and tdmrep.json are not read there.")
    return " ".join(said)
