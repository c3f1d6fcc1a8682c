"""`Statement` -> JSON-LD: what the page says to people, in the words of schema.org.

A reprint is the outlet's `NewsArticle`, based on the original. An excerpt or a link is the digest's own `Article`,
which cites the original; of what is not reprinted no `articleBody` is ever given. https://schema.org/NewsArticle
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from markupsafe import Markup
from msgspec.json import encode

from broadsheet.model import Correction, Image, Kind, Origin
from broadsheet.register import Publisher
from broadsheet.rights import Cleared
from broadsheet.site import urls, wording
from broadsheet.site.imprint import Imprint
from broadsheet.site.statement import Statement

Node = dict[str, Any]
"""Not changed once it is made: some are kept, and stand in many others."""
_UNSAFE = tuple((character, f"\\u{ord(character):04x}") for character in "<>&\u2028\u2029")
"""What could end the `script` element or a line of it, and its escape: it stands within strings only."""


def linked_data(imprint: Imprint, cleared: Cleared, stated: Statement) -> Markup:
    """The JSON-LD of an article's page, safe within a `script` element; empty where the words are gone."""
    if cleared.article.matter.withdrawn is not None:
        return Markup()
    text = encode(_article(imprint, cleared, stated)).decode()
    for character, escaped in _UNSAFE:
        text = text.replace(character, escaped)
    return Markup(text)  # noqa: S704 -- nothing in it can end the element


def _article(imprint: Imprint, cleared: Cleared, stated: Statement) -> Node:
    matter, publisher = cleared.article.matter, cleared.publisher
    node: Node = {
        "@context": "https://schema.org",
        "@type": "NewsArticle" if matter.kind is Kind.FULL else "Article",
        "@id": stated.url,
        "url": stated.url,
        "headline": matter.title,
        "description": matter.summary,
        "inLanguage": matter.language or imprint.config.language,
        "datePublished": wording.rfc3339(matter.date),
        "dateModified": wording.rfc3339(matter.updated) if matter.updated else None,
        **_digest(imprint.base, imprint.config.title),
        "correction": [_correction(correction) for correction in matter.corrections],
        "image": _image(imprint, cleared, matter.image) if matter.image else None,
    }
    if matter.origin is None or publisher is None:
        return _known(node | _ours(imprint, stated.text_licence_url))
    if matter.kind is Kind.FULL:
        return _known(node | _theirs(matter.origin, publisher, stated))
    # It holds words under two sets of terms, so no one licence is stated of it: `usageInfo` leads to what is.
    return _known(node | _ours(imprint, "") | {"citation": _cited(cleared, matter.origin, publisher, stated)})


@lru_cache(maxsize=8)
def _digest(base: urls.Base, title: str) -> Node:
    """What is the same of all articles of a digest."""
    return {"publisher": _organisation(title, base.absolute(urls.HOME)), "usageInfo": base.absolute(urls.SOURCES)}


def _ours(imprint: Imprint, licence_url: str) -> Node:
    digest = _organisation(imprint.digest)
    return {"author": digest, "copyrightHolder": digest, "license": licence_url, "creditText": imprint.digest}


def _theirs(origin: Origin, publisher: Publisher, stated: Statement) -> Node:
    """A work that is not the digest's: who made it, whose it is, under what terms."""
    return {
        "author": [_author(name, publisher.name) for name in origin.authors],
        "sourceOrganization": _organisation(publisher.name, publisher.home),
        "isBasedOn": origin.url if isinstance(origin.url, str) else None,
        "license": stated.text_licence_url,
        "creditText": stated.credit,
        "copyrightNotice": stated.notice,
        "copyrightHolder": _organisation(stated.holder) if stated.holder else None,
        "copyrightYear": stated.year if stated.holder else None,
    }


def _cited(cleared: Cleared, origin: Origin, publisher: Publisher, stated: Statement) -> Node:
    address = origin.url if isinstance(origin.url, str) else None
    published = wording.known_day(origin.published)
    node = {
        "@type": "NewsArticle",
        "@id": address,
        "url": address,
        "headline": origin.title or cleared.article.matter.title,
        "datePublished": published.iso if published else None,
        "publisher": _organisation(publisher.name, publisher.home),
        **_theirs(origin, publisher, stated),
        "isBasedOn": None,
        "license": cleared.licence.url,
    }
    return _known(node)


@lru_cache(maxsize=1024)
def _author(name: str, publisher: str) -> Node:
    """A byline such as `VOA News` names an organisation; which it is, only the names can tell."""
    folded = name.casefold()
    initials = "".join(word[0] for word in publisher.split()).casefold()
    is_organisation = publisher.casefold() in folded or (len(initials) > 1 and initials in folded.split())
    return {"@type": "Organization" if is_organisation else "Person", "name": name}


@lru_cache(maxsize=1024)
def _organisation(name: str, home: str | None = None) -> Node:
    return _known({"@type": "Organization", "name": name, "url": home})


def _correction(correction: Correction) -> Node:
    published = wording.day(correction.date).iso
    return {"@type": "CorrectionComment", "text": correction.text, "datePublished": published}


def _image(imprint: Imprint, cleared: Cleared, image: Image) -> Node:
    """https://developers.google.com/search/docs/appearance/structured-data/image-license-metadata."""
    licence = imprint.config.register.licences.get(image.licence or "")
    node = {
        "@type": "ImageObject",
        "contentUrl": imprint.base.absolute(f"{urls.article(cleared)}{image.file}"),
        "creator": {"@type": "Person", "name": image.creator} if image.creator else None,
        "creditText": image.credit,
        "copyrightNotice": image.credit,
        "license": licence.url if licence else None,
        "acquireLicensePage": image.source,
        "caption": image.alt,
    }
    return _known(node)


def _known(node: Node) -> Node:
    """The node without what is not known: an empty property says nothing true."""
    return {key: value for key, value in node.items() if value}
