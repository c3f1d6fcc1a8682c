"""Articles as listings show them, and where in a listing a page stands."""

from __future__ import annotations

from functools import lru_cache

from broadsheet.register import Publisher
from broadsheet.rights import Cleared
from broadsheet.site import urls, wording
from broadsheet.site.imprint import Imprint
from broadsheet.site.statement import Statement
from broadsheet.site.views import CardView, LinkView, PaginationView


def card(imprint: Imprint, cleared: Cleared, stated: Statement) -> CardView:
    """An article in a listing: never more of it than its headline and the digest's own summary."""
    matter, publisher = cleared.article.matter, cleared.publisher
    language = matter.language or imprint.config.language
    return CardView(
        href=imprint.base.href(stated.address),
        title=matter.title,
        summary=matter.summary or "",
        label=stated.label,
        authors=wording.joined(matter.origin.authors) if matter.origin else imprint.config.editor or "",
        publisher=_publisher(imprint.base, cleared, publisher) if publisher else None,
        published=wording.known_day(matter.origin.published) if matter.origin else None,
        date=wording.instant(matter.date),
        terms=cleared.licence.name,
        language=language,
        direction=wording.direction(language),
        is_corrected=bool(matter.corrections),
    )


def _publisher(base: urls.Base, cleared: Cleared, publisher: Publisher) -> LinkView:
    """The page of an article's publisher; a withdrawn article may have been its only one, so it leads home."""
    if cleared.article.matter.withdrawn is not None:
        return LinkView(publisher.name, publisher.home or base.href(urls.HOME))
    return _publisher_page(base, publisher.name, cleared.publisher_id or publisher.name)


@lru_cache(maxsize=256)
def _publisher_page(base: urls.Base, name: str, named: str) -> LinkView:
    return LinkView(name, base.href(urls.publisher(named)))


def pagination(imprint: Imprint, address: str, number: int, total: int) -> PaginationView:
    """Page `number` of `total` of the listing at `address`."""

    def href(wanted: int) -> str:
        return imprint.base.href(urls.numbered(address, wanted)) if 1 <= wanted <= total else ""

    return PaginationView(number, total, newer=href(number - 1), older=href(number + 1))
