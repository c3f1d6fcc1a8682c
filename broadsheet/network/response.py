"""What an answer comes to: something to import, nothing new, somewhere else to ask, or a failure with its name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus

from msgspec import Struct

from broadsheet.network.exchange import Answer
from broadsheet.network.failure import FetchError

_REDIRECTS = (301, 302, 303, 307, 308)
_GONE = (404, 410)
_REFUSED = (401, 402, 403, 407, 451)
_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,60}")
_TEXTUAL = re.compile(
    r"text/(?:html|plain|(?:x-)?markdown|(?:x-)?opml|(?:x-)?json|rss|atom)|text/xml|application/(?:rss|atom|opml)"
    r"|(?:text|application)/(?:[a-z0-9_.-]+\+)?(?:xml|json)"
)
_CHARSET = re.compile(r""";\s{0,9}charset\s{0,9}=\s{0,9}["']?([a-z0-9._:-]{1,40})""", re.IGNORECASE)
ETAG = re.compile(r'(?:W/)?"[!#-~]{0,200}"')  # RFC 9110, 8.8.3, without obs-text
DATE = re.compile(r"[A-Za-z0-9,: +-]{1,60}")


class Response(Struct, frozen=True, kw_only=True):
    """What was fetched."""

    data: bytes
    """The body, content coding undone."""
    url: str
    """Where it was found after all redirects, without fragment."""
    redirects: int
    media_type: str = ""
    """As the server states it, in small letters, without parameters; empty where it states none that can be read."""
    charset: str = ""
    """As the server states it, in small letters."""
    etag: str = ""
    """For the next conditional request; empty where there is none that can be sent back."""
    modified: str = ""
    """Last-Modified, likewise."""


class NotModified(Struct, frozen=True, kw_only=True):
    """It is what it was when `etag` and `modified` were got."""

    url: str


def redirection(answer: Answer) -> str:
    """Where a redirect leads, as its header says; empty for none."""
    return answer.sole("Location") if answer.status in _REDIRECTS else ""


def taken(answer: Answer, trail: list[str], headers: Mapping[str, str]) -> Response | NotModified | str:
    """What came of a request, or where a redirect leads."""
    location = redirection(answer)
    if location:
        return location
    address = trail[-1].partition("#")[0]
    if answer.status == 304 and not headers.keys().isdisjoint(("If-None-Match", "If-Modified-Since")):
        return NotModified(url=address)
    if answer.status != 200:
        raise FetchError(_rule(answer.status), f"its server answers {named(answer.status)}")
    stated = answer.header("Content-Type")
    media_type = _media_type(stated)
    if media_type and not _TEXTUAL.fullmatch(media_type):
        raise FetchError("media-type", f"it is no text, but {media_type}")
    charset = _CHARSET.search(stated)
    etag, modified = answer.header("ETag"), answer.header("Last-Modified")
    return Response(
        data=answer.body(),
        url=address,
        redirects=len(trail) - 1,
        media_type=media_type,
        charset=charset[1].lower() if charset else "",
        etag=etag if ETAG.fullmatch(etag) else "",
        modified=modified if DATE.fullmatch(modified) else "",
    )


def _media_type(stated: str) -> str:
    """What is none is as if it were not there: https://mimesniff.spec.whatwg.org/#supplied-mime-type."""
    media_type = stated.partition(";")[0].strip().lower()
    return media_type if _MEDIA_TYPE.fullmatch(media_type) else ""


def _rule(status: int) -> str:
    if status in _GONE:
        return "gone"
    if status in _REFUSED:
        return "refused"
    return "server-error" if 500 <= status < 600 else "status"


def named(status: int) -> str:
    """A status with its name, as far as it has one."""
    known = status in HTTPStatus.__members__.values()
    return f"{status} {HTTPStatus(status).phrase}" if known else str(status)
