"""`Cleared` -> the name that its item in feeds has for ever: from it readers know what they have seen."""

from __future__ import annotations

import hashlib
import re

from broadsheet import url
from broadsheet.rights import Cleared
from broadsheet.site import urls
from broadsheet.site.imprint import Imprint

_ADDRESSES = bytes.fromhex("6ba7b8119dad11d180b400c04fd430c8")
"""The namespace of addresses. RFC 9562, section 6.6."""
_OWN_ADDRESS = re.compile(r"/\d{4}/\d{2}/[^/]+/")


def identifier(imprint: Imprint, cleared: Cleared) -> str:
    """What the front matter says or, else, a name-based UUID (RFC 9562, version 5).

    It is made of the work: its address, else the hash of its text as captured. A work that has neither, such as the
    digest's own, is named by whose it is and its first address, which is its first alias once it moves. The site's
    domain, the title and the date of an article with an origin are not in the name.
    """
    matter = cleared.article.matter
    if matter.id is not None:
        return matter.id
    origin = matter.origin
    if origin is not None and isinstance(origin.url, str):
        return _urn(url.same(origin.url))
    maker = origin.publisher if origin else imprint.config.title
    captured = matter.retrieved.sha256 if origin and matter.retrieved else None
    return _urn(f"{maker}:{captured or _first_address(cleared)}")


def _first_address(cleared: Cleared) -> str:
    moved = (alias for alias in cleared.article.matter.aliases if _OWN_ADDRESS.fullmatch(alias))
    return next(moved, urls.article(cleared))


def _urn(name: str) -> str:
    """RFC 9562, section 5.5: the first 128 bits of a SHA-1, less those that say the version, 5, and the variant, 10."""
    number = hashlib.sha1(_ADDRESSES + name.encode(), usedforsecurity=False).hexdigest()
    variant = "89ab"[int(number[16], 16) & 3]
    return f"urn:uuid:{number[:8]}-{number[8:12]}-5{number[13:16]}-{variant}{number[17:20]}-{number[20:32]}"
