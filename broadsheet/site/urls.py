"""Where everything stands. An address is a path within the site, from `/`; `href` and `absolute` add the base."""

from __future__ import annotations

import re
from urllib.parse import quote

from msgspec import Struct

from broadsheet.config import FeedFormat
from broadsheet.rights import Cleared
from broadsheet.slug import slugify

_PLAIN = re.compile(r"[A-Za-z0-9_.\-~/#]*")

HOME = "/"
TOPICS = "/topics/"
PUBLISHERS = "/publishers/"
STORIES = "/stories/"
ARCHIVE = "/archive/"
SOURCES = "/sources-and-terms/"
FEEDS = "/feeds/"
NOT_FOUND = "/404.html"
FEEDS_OPML = "/feeds/opml.xml"
PUBLISHERS_OPML = "/publishers/opml.xml"
FEED_FILES = {FeedFormat.RSS: "feed.xml", FeedFormat.ATOM: "atom.xml", FeedFormat.JSON: "feed.json"}


class Base(Struct, frozen=True):
    """The address of the site's folder, with a slash at its end."""

    url: str
    path: str

    @property
    def host(self) -> str:
        """Scheme and host: what stands before the path."""
        return self.url.removesuffix(self.path)

    def href(self, address: str) -> str:
        """For a link on a page: from the host's root, percent-encoded (RFC 3986)."""
        return self.path + _quoted(address[1:])

    def reference(self, written: str) -> str:
        """For a link that somebody wrote: within the site from `/`, or a web address; escapes and query stay."""
        return self.path + quote(written[1:], safe="/#?&=%~+,;:@!$'()*") if written.startswith("/") else written

    def absolute(self, address: str) -> str:
        """For feeds, canonical links and cards: in full."""
        return self.url + _quoted(address[1:])


def _quoted(path: str) -> str:
    """Percent-encoded; nearly all of our addresses need none of it."""
    return path if _PLAIN.fullmatch(path) else quote(path, safe="/#~")


def article(cleared: Cleared) -> str:
    """`/YYYY/MM/slug/`, by the digest's own date in UTC."""
    date = cleared.article.date
    return f"/{_month(date.year, date.month)}/{cleared.article.slug}/"


def month(year: int, number: int) -> str:
    """The archive of a month."""
    return f"{ARCHIVE}{_month(year, number)}/"


def _month(year: int, number: int) -> str:
    return f"{year:04d}/{number:02d}"


def topic(name: str) -> str:
    """The page of a topic. Names that differ only in case or accents share it."""
    return f"{TOPICS}{slugify(name)}/"


def publisher(name: str) -> str:
    """The page of a publisher, by its id or, outside the register, by its name."""
    return f"{PUBLISHERS}{slugify(name)}/"


def page(slug: str) -> str:
    """A page of the digest's own."""
    return f"/{slug}/"


def story(slug: str) -> str:
    """The page of a story."""
    return f"{STORIES}{slug}/"


def numbered(address: str, number: int) -> str:
    """The page `number`, from 1, of a listing."""
    return address if number == 1 else f"{address}page/{number}/"


def feed(address: str, format: FeedFormat) -> str:  # noqa: A002 -- what it is called everywhere
    """The feed of a listing, beside its page."""
    return f"{address}{FEED_FILES[format]}"


def feed_archive(address: str, year: int, month: int, number: int, format: FeedFormat) -> str:  # noqa: A002
    """Part `number`, from 1, of what the feed of a listing held of a month."""
    name, ending = FEED_FILES[format].split(".")
    return f"{address}archive/{_month(year, month)}/{name}{'' if number == 1 else f'-{number}'}.{ending}"


def file_of(address: str) -> str:
    """The file in the output that answers an address, relative, with `/`."""
    path = address[1:]
    return f"{path}index.html" if address.endswith("/") else path
