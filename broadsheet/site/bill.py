"""The bill of materials, for machines and for whoever audits the site (`broadsheet.bill`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from broadsheet import bill
from broadsheet.bill import (
    Bill,
    BillItem,
    BillLicence,
    BillLimits,
    BillNote,
    BillOrigin,
    BillPart,
    BillPicture,
    BillProof,
    BillRetrieved,
    BillReview,
)
from broadsheet.fields import Unknown
from broadsheet.model import FrontMatter, Kind, Origin
from broadsheet.rights import Cleared, PartName, Status
from broadsheet.site import articles, wording
from broadsheet.site.head import index_rule
from broadsheet.site.identifier import identifier
from broadsheet.site.imprint import Imprint
from broadsheet.site.statement import Statement


def cover(imprint: Imprint, licences: Iterable[str]) -> Bill:
    """The bill without its items. `licences` are the identifiers to which they refer."""
    config, limits = imprint.config, imprint.config.rights.limits
    used = {config.licence, *licences}
    return Bill(
        version=bill.VERSION,
        title=config.title,
        url=imprint.base.url,
        licence=config.licence,
        limits=BillLimits(
            words=limits.words, characters=limits.characters, share=limits.share, paragraphs=limits.paragraphs
        ),
        licences={
            name: BillLicence(name=licence.name, statement=licence.statement, url=licence.url)
            for name, licence in sorted(config.register.licences.items())
            if name in used
        },
        items=(),
    )


def item_of(imprint: Imprint, cleared: Cleared, stated: Statement) -> BillItem:
    """An article in the bill. What its picture's bytes are is known to whoever has them (`bill.with_picture`)."""
    matter = cleared.article.matter
    withdrawn, proof = matter.withdrawn, cleared.proof
    return BillItem(
        url=stated.url,
        id=identifier(imprint, cleared),
        title=matter.title,
        kind=matter.kind,
        label=stated.label.text,
        heading=stated.heading,
        sentence=stated.sentence,
        language=matter.language or imprint.config.language,
        summary=matter.summary,
        credit=stated.credit,
        notice=stated.notice,
        holder=stated.holder or None,
        licence=stated.text_licence_url or None,
        parts=_parts(cleared),
        quoted=cleared.words_quoted,
        origin=_origin(cleared, matter.origin) if matter.origin else None,
        retrieved=_retrieved(matter),
        credits=matter.credits,
        changes=matter.changes,
        review=_review(matter),
        conditions=cleared.terms.conditions if cleared.terms and matter.kind is not Kind.LINK else (),
        tagline=stated.tagline or None,
        counter=matter.origin.counter if matter.origin else None,
        robots=index_rule(cleared),
        canonical=None if withdrawn else articles.canonical(cleared) or stated.url,
        proof=BillProof(
            verbatim=proof.is_verbatim,
            fingerprinted=proof.is_fingerprinted,
            quotations_unchecked=proof.quotations_unchecked,
        )
        if proof
        else None,
        picture=_picture(imprint, cleared),
        corrections=tuple(BillNote(date=_day(c.date), text=c.text) for c in matter.corrections),
        withdrawn=BillNote(date=_day(withdrawn.date), text=withdrawn.reason) if withdrawn else None,
    )


def _parts(cleared: Cleared) -> tuple[BillPart, ...]:
    return tuple([_part(part.name, part.status, part.licence_id, part.holder) for part in cleared.parts])


@lru_cache(maxsize=1024)
def _part(name: PartName, status: Status, licence_id: str, holder: str) -> BillPart:
    return BillPart(part=name.value, status=status.value, licence=licence_id, holder=holder or None)


def _origin(cleared: Cleared, origin: Origin) -> BillOrigin:
    return BillOrigin(
        publisher=cleared.publisher.name if cleared.publisher else origin.publisher,
        id=cleared.publisher_id,
        title=origin.title,
        url=origin.url if isinstance(origin.url, str) else None,
        authors=origin.authors,
        published=None if origin.published is None or isinstance(origin.published, Unknown) else _day(origin.published),
    )


def _retrieved(matter: FrontMatter) -> BillRetrieved | None:
    it = matter.retrieved
    return BillRetrieved(from_=it.from_, at=_day(it.at), sha256=it.sha256, words=it.words) if it else None


def _review(matter: FrontMatter) -> BillReview | None:
    it = matter.review
    return BillReview(by=it.by, at=_day(it.at), finding=it.finding.value, note=it.note) if it else None


def _picture(imprint: Imprint, cleared: Cleared) -> BillPicture | None:
    image, address = cleared.article.matter.image, articles.image_address(cleared)
    if image is None or address is None or image.licence is None:
        return None
    return BillPicture(
        url=imprint.base.absolute(address),
        licence=image.licence,
        creator=image.creator,
        credit=image.credit,
        source=image.source,
    )


def _day(moment: datetime) -> str:
    return wording.day(moment).iso
