"""What all pages have in common: whose digest it is, and where it stands."""

from __future__ import annotations

from msgspec import Struct

from broadsheet.config import Config
from broadsheet.site import urls


class Imprint(Struct, frozen=True):
    """The digest without its articles: all that the page of one article has to know of the site."""

    config: Config
    base: urls.Base

    @property
    def digest(self) -> str:
        """Who holds the rights in the digest's own words."""
        return self.config.editor or self.config.title


def imprint(config: Config) -> Imprint:
    """The imprint of a site so configured."""
    return Imprint(config, urls.Base(config.base_url, config.base_path))
