"""Lists of feeds, to be put into a reader at once: the digest's own, and those of the publishers that it draws on."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from broadsheet import url
from broadsheet.site import urls
from broadsheet.site.assemble import Group, Site, publisher_of


class Outline(Struct, frozen=True, array_like=True):
    """A feed, a page whose feed is not known, or a folder of these."""

    text: str
    feed: str = ""
    """Address in full; empty for a page or a folder."""
    page: str = ""
    """Of what it is the feed of, in full; may be empty."""
    inner: tuple[Outline, ...] = ()


class Opml(Struct, frozen=True):
    """OPML 2.0, a subscription list. http://opml.org/spec2.opml."""

    title: str
    owner: str
    outlines: tuple[Outline, ...]


def ours(site: Site) -> Opml:
    """The digest's feeds, each in the format that the site has chosen first."""

    def folder(text: str, groups: Iterable[Group]) -> Outline:
        return Outline(text, inner=tuple(_of(site, group.title, group.address) for group in groups))

    title = site.config.title
    folders = (
        folder("Topics", site.topics),
        folder("Publishers", site.publishers),
        folder("Stories", site.stories),
    )
    outlines = (_of(site, title, urls.HOME), *(it for it in folders if it.inner))
    return Opml(f"Feeds of {title}", site.imprint.digest, outlines)


def sources(site: Site) -> Opml:
    """The publishers of the site's articles, with their own feeds, as far as the register knows these."""
    publishers = (publisher_of(site, group.articles[0]) for group in site.publishers)
    outlines = (Outline(it.name, url.uri(it.feed or ""), url.uri(it.home or "")) for it in publishers if it)
    title = f"Publishers that {site.config.title} draws on, and their feeds"
    return Opml(title, site.imprint.digest, tuple(outlines))


def _of(site: Site, text: str, address: str) -> Outline:
    feed = urls.feed(address, site.config.feeds.formats[0])
    return Outline(text, site.base.absolute(feed), site.base.absolute(address))
