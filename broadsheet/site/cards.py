"""Articles as listings show them, and where in a listing a page stands."""

from __future__ import annotations

from collections.abc import Iterable

from broadsheet.rights import Cleared
from broadsheet.site import urls, wording
from broadsheet.site.assemble import Group, Site
from broadsheet.site.views import CardView, LinkView, PaginationView, StoryView


def card(site: Site, cleared: Cleared) -> CardView:
    """An article in a listing: never more of it than its headline and the digest's own summary."""
    matter, publisher = cleared.article.matter, cleared.publisher
    language = matter.language or site.config.language
    return CardView(
        href=site.base.href(urls.article(cleared)),
        title=matter.title,
        summary=matter.summary or "",
        label=wording.label(matter.kind),
        authors=wording.joined(matter.origin.authors) if matter.origin else site.config.editor or "",
        publisher=publisher_link(site, cleared) if publisher else None,
        published=wording.known_day(matter.origin.published) if matter.origin else None,
        date=wording.instant(matter.date),
        terms=cleared.licence.name,
        language=language,
        direction=wording.direction(language),
        is_corrected=bool(matter.corrections),
    )


def cards(site: Site, articles: Iterable[Cleared]) -> tuple[CardView, ...]:
    """Cards of articles, in their order."""
    return tuple(card(site, cleared) for cleared in articles)


def publisher_link(site: Site, cleared: Cleared) -> LinkView:
    """The page of an article's publisher; a withdrawn article may have been its only one, so it leads home."""
    publisher = cleared.publisher
    name = publisher.name if publisher else ""
    if cleared.article.matter.withdrawn is not None:
        return LinkView(name, (publisher.home if publisher else None) or site.base.href(urls.HOME))
    return LinkView(name, site.base.href(urls.publisher(cleared.publisher_id or name)))


def story(site: Site, group: Group, without: Cleared) -> StoryView | None:
    """The rest of an article's story, or None where there is no rest."""
    others = [cleared for cleared in group.articles if cleared is not without]
    if not others:
        return None
    return StoryView(story_title(group), site.base.href(group.address), cards(site, others))


def story_title(group: Group) -> str:
    """`Border talks 2023 12` for `border-talks-2023-12`."""
    return group.name.replace("-", " ").capitalize()


def pagination(site: Site, address: str, number: int, total: int) -> PaginationView:
    """Page `number` of `total` of the listing at `address`."""

    def href(wanted: int) -> str:
        return site.base.href(urls.numbered(address, wanted)) if 1 <= wanted <= total else ""

    return PaginationView(number, total, newer=href(number - 1), older=href(number + 1))
