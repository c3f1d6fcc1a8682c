"""Articles as listings show them, and where in a listing a page stands."""

from __future__ import annotations

from broadsheet.rights import Cleared
from broadsheet.site import urls, wording
from broadsheet.site.imprint import Imprint
from broadsheet.site.views import CardView, LinkView, PaginationView


def card(imprint: Imprint, cleared: Cleared) -> CardView:
    """An article in a listing: never more of it than its headline and the digest's own summary."""
    matter, publisher = cleared.article.matter, cleared.publisher
    language = matter.language or imprint.config.language
    return CardView(
        href=imprint.base.href(urls.article(cleared)),
        title=matter.title,
        summary=matter.summary or "",
        label=wording.label(matter.kind),
        authors=wording.joined(matter.origin.authors) if matter.origin else imprint.config.editor or "",
        publisher=publisher_link(imprint, cleared) if publisher else None,
        published=wording.known_day(matter.origin.published) if matter.origin else None,
        date=wording.instant(matter.date),
        terms=cleared.licence.name,
        language=language,
        direction=wording.direction(language),
        is_corrected=bool(matter.corrections),
    )


def publisher_link(imprint: Imprint, cleared: Cleared) -> LinkView:
    """The page of an article's publisher; a withdrawn article may have been its only one, so it leads home."""
    publisher = cleared.publisher
    name = publisher.name if publisher else ""
    if cleared.article.matter.withdrawn is not None:
        return LinkView(name, (publisher.home if publisher else None) or imprint.base.href(urls.HOME))
    return LinkView(name, imprint.base.href(urls.publisher(cleared.publisher_id or name)))


def story_title(name: str) -> str:
    """`Border talks 2023 12` for `border-talks-2023-12`."""
    return name.replace("-", " ").capitalize()


def pagination(imprint: Imprint, address: str, number: int, total: int) -> PaginationView:
    """Page `number` of `total` of the listing at `address`."""

    def href(wanted: int) -> str:
        return imprint.base.href(urls.numbered(address, wanted)) if 1 <= wanted <= total else ""

    return PaginationView(number, total, newer=href(number - 1), older=href(number + 1))
