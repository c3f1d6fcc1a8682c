"""`Cleared` -> the statement of rights, from which the credit block, JSON-LD, feeds and `/rights.json` all speak."""

from __future__ import annotations

from msgspec import Struct

from broadsheet.fields import Unknown
from broadsheet.model import Kind
from broadsheet.register import Licence
from broadsheet.rights import Cleared, Part, PartName, Status
from broadsheet.site import urls, wording
from broadsheet.site.imprint import Imprint
from broadsheet.site.views import LabelView

_BESIDE_THE_ARTICLE = (PartName.SUMMARY, PartName.CAPTION)
"""Parts that listings show, or that say what another part is: an article's page may still have one licence."""


class TermsOfParts(Struct, frozen=True):
    """The terms that some parts of an article have in common."""

    parts: tuple[PartName, ...]
    status: Status
    licence_id: str
    licence: Licence
    holder: str
    """Empty for the digest's own."""


class Statement(Struct, frozen=True):
    """What may be done with an article, and whose it is."""

    address: str
    """Of its page, within the site."""
    url: str
    """The same in full."""
    label: LabelView
    heading: str
    """E.g. `You may reprint this`."""
    sentence: str
    """The same in one plain sentence that names whose it is."""
    terms: tuple[TermsOfParts, ...]
    """Of the parts that its page shows; one where all stand under the same."""
    licence_url: str
    """Of the one licence of the whole page; empty where it has none, or more than one."""
    text_licence_url: str
    """Of a text that stands here whole; empty where its licence has no address, and for an excerpt or a link."""
    holder: str
    """Of the rights in the work, as far as this digest knows; empty where nobody holds any."""
    year: int | None
    """In which the work was published."""
    credit: str
    """How whoever made it wants to be named."""
    tagline: str
    """What the publisher wants printed with its text, or with an excerpt of it; may be empty."""
    notice: str
    """The notice that came with the work or, where none did, what is known of its rights."""


def statement(imprint: Imprint, cleared: Cleared) -> Statement:
    """The statement on an article."""
    matter, digest, address = cleared.article.matter, imprint.digest, urls.article(cleared)
    tagline, holder = wording.tagline(cleared), _holder(cleared, digest)
    heading, sentence = wording.what_may_be_done(cleared)
    terms = _terms(cleared)
    # What was permitted to this digest alone is nobody else's to take, whatever the work's licence says of others.
    is_permitted = Status.PERMITTED in [part.status for part in cleared.parts]
    is_whole = matter.kind in (Kind.FULL, Kind.OWN) and matter.withdrawn is None and not is_permitted
    published = matter.origin.published if matter.origin else matter.date
    url = cleared.licence.url or ""
    return Statement(
        address=address,
        url=imprint.base.absolute(address),
        label=wording.label(matter.kind),
        heading=heading,
        sentence=sentence,
        terms=terms,
        licence_url=url if is_whole and len(terms) == 1 else "",
        text_licence_url=url if is_whole else "",
        holder=holder,
        year=None if published is None or isinstance(published, Unknown) else published.year,
        credit=wording.credit_name(cleared) or digest,
        tagline=tagline,
        notice=_notice(cleared, digest, holder, tagline),
    )


def _terms(cleared: Cleared) -> tuple[TermsOfParts, ...]:
    grouped: dict[tuple[str, str], list[Part]] = {}
    for part in cleared.parts:
        if part.name not in _BESIDE_THE_ARTICLE:
            grouped.setdefault((part.licence_id, part.holder), []).append(part)
    return tuple(
        [
            TermsOfParts(tuple([part.name for part in parts]), parts[-1].status, licence_id, parts[0].licence, holder)
            for (licence_id, holder), parts in grouped.items()
        ]
    )


def _holder(cleared: Cleared, digest: str) -> str:
    if cleared.publisher is None:
        return digest
    is_free = Status.PUBLIC_DOMAIN in [part.status for part in cleared.parts if part.name is PartName.TEXT]
    return "" if is_free else cleared.publisher.name


def _notice(cleared: Cleared, digest: str, holder: str, tagline: str) -> str:
    matter = cleared.article.matter
    if cleared.publisher is None:
        return f"© {matter.date.year} {digest}"
    for line in (*matter.credits, tagline):
        if "©" in line or "opyright" in line:
            return line
    if not holder:
        return cleared.licence.statement
    return f"Rights in the original are held by {cleared.publisher.name} or whoever it credits."
