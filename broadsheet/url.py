"""The one URL policy, for markdown, front matter, configuration, templates and feeds.

Allowed are `http`, `https` and `mailto`, and relative references that stay on this site. Refused are all other schemes,
protocol-relative `//host`, user names in addresses, backslashes, and whatever a browser reads differently from
`urllib.parse`. https://url.spec.whatwg.org/
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote, unquote, urljoin, urlsplit

_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*:", re.IGNORECASE)
# A browser drops tab and line ends anywhere and C0 and space at the ends, so `java\nscript:` is a scheme to it.
_INVISIBLE = re.compile(
    "[\x00-\x20\x7f-\xa0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)
_LABEL = r"[^\W_](?:[\w\-]{0,61}[^\W_])?"
_HOST = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*\.?")
_TRACKING = re.compile(r"(?:utm_\w+|fbclid|gclid|mc_[ce]id|ref|ref_src|cmpid|ito)=", re.IGNORECASE)
_ARCHIVED = re.compile(r"https?://web\.archive\.org/web/\d{4,14}(?:[a-z]{2}_)?/(?P<original>https?://.+)")
# What nearly every address is: no letter that browsers change, no user, port or escape, no dot at a name's beginning.
_PLAIN = re.compile(
    r"https?://(?:www\.)?(?P<host>[a-z0-9.\-]*[a-z0-9\-])(?P<path>(?:/[A-Za-z0-9_~\-][A-Za-z0-9_~.\-]*)*)/?(?P<rest>[?#]?)"
)
_PLAIN_LABEL = r"[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?"
_PLAIN_WEB = re.compile(
    rf"https?://(?=[^/?#]{{1,253}}(?:[/?#]|\Z)){_PLAIN_LABEL}(?:\.{_PLAIN_LABEL})*(?:[/?#][!-\[\]-~]*)?"
)
_URI = re.compile(r"[A-Za-z0-9\-._~!#$%&'()*+,/:;=?@]*")
_ALLOWED = ("http", "https", "mailto")


def is_allowed(url: str) -> bool:
    """Whether a link may carry this address: an absolute one of an allowed scheme, or one within the site."""
    for form in (url, html.unescape(url), unquote(url)):
        if not _is_harmless(form):
            return False
    return not _has_scheme(url) or url.lower().startswith("mailto:") or is_web_address(url)


@lru_cache(maxsize=32)  # an article's address is looked at from many sides, one after the other
def is_web_address(url: str) -> bool:
    """Whether it is an absolute `http` or `https` address with a plain host, and no more than that."""
    if len(url) <= 2048 and _PLAIN_WEB.fullmatch(url):
        return True
    if _INVISIBLE.search(url) or "\\" in url or len(url) > 2048:
        return False
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    return parts.scheme in ("http", "https") and "@" not in parts.netloc and _HOST.fullmatch(host) is not None


def is_relative(url: str) -> bool:
    """Whether it is an allowed reference within the site: a path, a query or a fragment."""
    return is_allowed(url) and not _has_scheme(url)


def join(base: str, url: str) -> str:
    """The absolute address that a reference found on the page `base` means."""
    match = _PLAIN.fullmatch(url)
    return url if match and not match["rest"] and match["path"] else urljoin(base, url)


@lru_cache(maxsize=32)
def host(url: str) -> str:
    """The host of a web address as browsers compare it, without `www.`."""
    match = _PLAIN.match(url)
    if match and (match["rest"] or match.end() == len(url)):
        return match["host"]
    name = unicodedata.normalize("NFKC", urlsplit(url).hostname or "").casefold()
    return name.rstrip(".").removeprefix("www.")


def unarchived(url: str) -> str:
    """The address of what the Internet Archive keeps a copy of, or the address itself."""
    match = _ARCHIVED.match(url)
    return match["original"] if match and is_web_address(match["original"]) else url


@lru_cache(maxsize=32)
def same(url: str) -> str:
    """What two addresses of one page have in common: host without `www.`, path, query less what counts clicks.

    A copy that the Internet Archive keeps is the same as its original.
    """
    match = _PLAIN.fullmatch(url)
    if match and not match["rest"]:
        return f"{match['host']}{match['path']}?"
    url = unarchived(url)
    parts = urlsplit(url)
    query = "&".join(sorted(pair for pair in parts.query.split("&") if pair and not _TRACKING.match(pair)))
    # Two slashes at the beginning would be taken for those before a host.
    path = urlsplit(urljoin(url, re.sub("/+", "/", parts.path))).path or "/"
    return f"{host(url)}{unquote(path).rstrip('/')}?{query}"


def uri(url: str) -> str:
    """A web address, which may be an IRI or hold what browsers put up with, as the URI that a format asks for.

    RFC 3986, section 2; of a host that is not ASCII, section 3.2.2. An escape stays one.
    """
    return url if _URI.fullmatch(url) else quote(url, safe="!#$%&'()*+,/:;=?@")


def shown(url: str) -> str:
    """A web address as people read it: host and path, without scheme, `www.` and what only machines need."""
    return host(url) + unquote(urlsplit(url).path).rstrip("/")


def _has_scheme(url: str) -> bool:
    return _SCHEME.match(url) is not None


def _is_harmless(url: str) -> bool:
    bare = _INVISIBLE.sub("", url)
    scheme = _SCHEME.match(bare)
    if bare.startswith(("//", "/\\", "\\")):
        return False
    return scheme is None or scheme.group()[:-1].lower() in _ALLOWED
