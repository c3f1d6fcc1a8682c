"""What the curator says of what is imported. It stands over what the capture says."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from broadsheet.importing.draft import Draft, Fact, LicenceClaim
from broadsheet.model import Kind

URL_GIVEN = "--url"
"""Where an address is known from that the curator gave."""


class Given(Struct, frozen=True, kw_only=True):
    """The options of `import` that are about the articles."""

    publisher: str | None = None
    url: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    """As `origin.published` is written."""
    date: datetime | None = None
    """When the digest publishes it, UTC; None means now."""
    licence: str | None = None
    kind: Kind | None = None
    topics: tuple[str, ...] = ()
    story: str | None = None
    language: str | None = None
    quotations: tuple[str, ...] = ()
    comment: str = ""
    """The curator's own words."""
    is_draft: bool = False

    @property
    def is_of_one(self) -> bool:
        """Whether something is given that can be true of one article only."""
        return bool(self.title or self.url or self.quotations)


def overlay(draft: Draft, given: Given) -> Draft:
    """The draft, with what was given in the place of what was found."""
    return replace(
        draft,
        title=Fact(given.title, "--title") if given.title else draft.title,
        authors=Fact(given.authors, "--author") if given.authors else draft.authors,
        published=Fact(given.published, "--published") if given.published else draft.published,
        url=Fact(given.url, URL_GIVEN) if given.url else draft.url,
        language=Fact(given.language, "--language") if given.language else draft.language,
        licences=(LicenceClaim(given.licence, "--licence"),) if given.licence else draft.licences,
    )
