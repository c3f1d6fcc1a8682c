"""A web page -> `Draft`. trafilatura finds the main text; the page's own metadata and what it shows say the rest."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from msgspec import Struct

from broadsheet import extras, url
from broadsheet.importing import markup
from broadsheet.importing.capture import Capture
from broadsheet.importing.draft import Draft, Fact, Removed
from broadsheet.importing.page import body, byline, date, licence, media
from broadsheet.importing.page.document import Document, Element, absolute, parse
from broadsheet.importing.page.head import Head, head
from broadsheet.importing.page.layout import Layout, bare, layout
from broadsheet.importing.page.linked_data import LinkedData, linked_data
from broadsheet.importing.page.title import Headline, headline
from broadsheet.problem import Finding
from broadsheet.words import count_words

# Open Graph (https://ogp.me/), Dublin Core (https://www.dublincore.org/specifications/dublin-core/dcmi-terms/),
# Highwire's citation_*, and what analytics services made widespread.
_TITLES = tuple(
    "og:title headline citation_title parsely-title sailthru.title twitter:title dc.title dcterms.title".split()
)
_SITES = tuple(
    "og:site_name application-name apple-mobile-web-app-title twitter:site dc.publisher dcterms.publisher".split()
)
_AUTHORS = tuple(
    "author article:author parsely-author citation_author sailthru.author dc.creator dcterms.creator dc.author "
    "og:article:author byl creator cXenseParse:author".split()
)
_PUBLISHED = tuple(
    "article:published_time datePublished og:article:published_time og:published_time parsely-pub-date "
    "citation_publication_date cXenseParse:recs:publishtime sailthru.date".split()
)
_DATED = tuple(
    "publishdate publish-date pubdate pub-date publication_date release_date dcterms.issued dc.date.issued "
    "dcterms.created dc.date.created dc.date.publication dcterms.date dc.date date.issued date.created "
    "article.published originalpublicationdate citation_date og:pubdate".split()
)
_LICENCES = tuple(
    "license licence dc.rights dcterms.rights dcterms.license dc.rights.license cc:license rights copyright".split()
)
_LANGUAGES = ("og:locale", "dc.language", "dcterms.language", "content-language", "language")
_DESCRIPTIONS = ("og:description", "description", "dc.description", "dcterms.abstract", "twitter:description")
_FEW_WORDS = 60
_NOTHING = 25
"""Letters and digits that are no text: what a viewer or a player has on its buttons."""
_OPENING = 5
"""Blocks among which headline, byline and date are looked for."""
_HEADLINE = "the headline again"
_LONG_PARAGRAPH = 200
_LONG_BYLINE = 120
_LONG_DATE = 60
"""Characters from which a line is a sentence."""
_GATE = re.compile(
    r"\b(?:log ?in|sign in|anmelden|einloggen|are you (?:a )?(?:human|robot)|captcha|access denied|just a moment|"
    r"enable javascript|javascript (?:is )?(?:required|disabled)|before you continue|cookies? (?:consent|settings)|"
    r"not found|404|"
    r"nicht gefunden)\b",
    re.IGNORECASE,
)
_REFUSAL = "Copy its text into a file by hand, and import that with --url"


class _Evidence(Struct, frozen=True):
    """All that a page says, before anything is chosen."""

    capture: Capture
    document: Document
    head: Head
    data: LinkedData
    sites: tuple[str, ...]
    """Names the site goes by, with the parts of its host's name."""
    headline: Headline | None
    layout: Layout

    @property
    def tree(self) -> Element:
        """The root element."""
        return self.document.tree


def read(capture: Capture) -> Draft | Finding:
    """What a page says, or why it cannot be read.

    Findings: `import/no-library`, `import/too-large`, `import/too-deep`, `import/no-article`.
    """
    document = parse(capture)
    if isinstance(document, Finding):
        return document
    return _draft(_evidence(capture, document))


def _evidence(capture: Capture, document: Document) -> _Evidence:
    described = head(document.tree)
    titles = (described.title, *(fact.value for fact in described.facts("og:title")))
    data = linked_data(document.tree, document.address, titles)
    sites = _sites(described, data, document.address)
    found = headline(document.tree, (*data.titles, *described.facts(*_TITLES)), described.title, sites)
    page = layout(document.tree, found.said.value if found else "", found.element if found else None)
    return _Evidence(capture, document, described, data, sites, found, page)


def _draft(page: _Evidence) -> Draft | Finding:
    said = page.headline.said if page.headline else None
    authors = _authors(page)
    published = _published(page)
    licences = licence.claims(
        page.tree, page.layout, (*page.data.licences, *page.head.facts(*_LICENCES)), page.document.base
    )
    pictures = media.left_out(page.layout, page.document.base)
    descriptions = (*page.head.facts(*_DESCRIPTIONS), *page.data.descriptions)
    candidates = body.candidates(page.layout, [fact.value for fact in descriptions])
    text = _main_text(page)
    if isinstance(text, Finding):
        return text
    blocks, removed = _opening(page, text.blocks, authors.value if authors else ())
    blocks, leads = body.without_leads(blocks)
    removed = (*removed, *leads)
    blocks = (*body.standfirst(page.layout, candidates, blocks, page.document.base), *blocks)
    if _is_gate(page, blocks):
        message = "it is a page to log in, to consent, to be checked or of an error, and no article"
        return Finding(
            "import/no-article", message, "Open it in a browser, save the article there, and import the file"
        )
    return Draft(
        title=said,
        authors=authors,
        published=published,
        url=_own_address(page),
        site=next(iter((*page.head.facts("og:site_name"), *page.data.sites)), None),
        language=_language(page),
        description=next(iter((*page.head.facts(*_DESCRIPTIONS), *page.data.descriptions)), None),
        licences=licences,
        blocks=blocks,
        removed=removed,
        left_out=pictures,
        doubts=(*page.document.doubts, *_doubts(page, text, published)),
    )


def _main_text(page: _Evidence) -> markup.Text | Finding:
    try:
        text = body.extracted(page.layout, page.tree, page.document.base)
    except ImportError:
        message = "reading web pages needs trafilatura, which is not installed"
        return Finding("import/no-library", message, extras.remedy("import"))
    return text if text.blocks else Finding("import/no-article", "no article was found in the page", _REFUSAL)


def _opening(
    page: _Evidence, blocks: tuple[str, ...], names: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[Removed, ...]]:
    """The blocks less those at the beginning that only say headline, authors or day again, and these."""
    title = bare(page.headline.said.value) if page.headline else ""
    heading = page.headline.element if page.headline else None
    titles = {title, bare(heading.text_content()) if heading is not None else ""} - {""}
    kept: list[str] = []
    found: list[Removed] = []
    for n, block in enumerate(blocks):
        why = _says_again(block, titles, names, page) if n < _OPENING and n + 1 < len(blocks) else ""
        if (
            why == _HEADLINE and sum(len(body.unlinked(one)) for one in kept) < _LONG_DATE
        ):  # the path to the page, or its menu
            found.extend(Removed(one, "stands above the headline") for one in kept if not body.is_credit(one))
            kept = [one for one in kept if body.is_credit(one)]
        if why:
            found.append(Removed(block, why))
            continue
        kept.append(block)
        if len(block) > _LONG_PARAGRAPH:
            return (*kept, *blocks[n + 1 :]), tuple(found)
    return tuple(kept), tuple(found)


def _says_again(block: str, titles: set[str], names: tuple[str, ...], page: _Evidence) -> str:
    said = bare(block)
    if said in titles or (block.startswith("#") and said.endswith(tuple(titles))):
        return _HEADLINE
    rest = said
    for name in names:
        rest = rest.replace(bare(name), "")
    by_line = len(block) < _LONG_BYLINE and (rest != said or said in ("by", "von", "par", "por"))
    day = date.read(block, page.capture.at) if len(block) < _LONG_DATE else ""
    if by_line and (len(rest) < 6 or byline.names(block) == names or day):
        return "the byline, which is recorded"
    if day and not byline.names(block):
        return "the date, which is recorded"
    return ""


def _is_gate(page: _Evidence, blocks: tuple[str, ...]) -> bool:
    words = sum(map(count_words, blocks))
    if sum(len(bare(block)) for block in blocks) < _NOTHING:
        return True
    said = f"{page.head.title} {page.headline.said.value if page.headline else ''}"
    has_password = any((field.get("type") or "").lower() == "password" for field in page.tree.iter("input"))
    is_article = bool(page.data.dates or page.head.metas.get("article.published-time"))
    return (
        words < _FEW_WORDS
        and not is_article
        and (bool(_GATE.search(said)) or (has_password and words < _FEW_WORDS // 3))
    )


def _doubts(page: _Evidence, text: markup.Text, published: Fact[str] | None) -> list[str]:
    doubts = []
    words = sum(map(count_words, text.blocks))
    if words < _FEW_WORDS:
        doubts.append(f"Only {words} words of text were found: look whether that is all of the article")
    if page.data.is_paid:
        doubts.append("The page says that it is not free to read: look whether all of the article is here")
    if page.data.is_list or len(text.links) * 8 > words:
        doubts.append("It looks like a list of articles rather than an article")
    if published and published.is_guess:
        doubts.append(f"The date {published.value} is guessed from what lies about on the page: look it up")
    return doubts


def _sites(described: Head, data: LinkedData, address: str) -> tuple[str, ...]:
    host = url.host(url.unarchived(address)) if address else ""
    names = (fact.value.removeprefix("@") for fact in (*described.facts(*_SITES), *data.sites))
    return (*names, host, *(label for label in host.split(".")[:-1] if len(label) > 3))


def _authors(page: _Evidence) -> Fact[tuple[str, ...]] | None:
    votes = (
        *byline.named(page.data.people, 0.85),
        *byline.marked(page.tree, page.layout),
        *byline.bylines(page.layout),
        *byline.named(page.head.facts(*_AUTHORS), 0.5, page.sites),
        *byline.named((*page.head.facts("twitter:data1"), *page.data.organisations), 0.3, page.sites),
    )
    return byline.chosen(votes, page.sites)


def _published(page: _Evidence) -> Fact[str] | None:
    latest = page.capture.at
    votes = (
        *date.said(page.data.dates, 1.0, latest),
        *date.said(page.head.facts(*_PUBLISHED), 0.9, latest),
        *date.said(page.head.facts(*_DATED), 0.7, latest),
        *date.shown(page.tree, page.layout, latest),
        *(vote for fact in _addresses(page)[:1] for vote in date.in_address(fact.value, latest)),
        *date.said(page.head.facts("date"), 0.4, latest),
    )
    found = date.chosen(votes or tuple(date.further(page.tree, page.layout, latest)))
    return found or date.guessed(page.tree, latest)


def _own_address(page: _Evidence) -> Fact[str] | None:
    """Canonical, unless that is the home page, which many pages name by mistake."""
    found = page.document.address
    for fact in _addresses(page):
        if not found or _path(fact.value) or not _path(found):
            return Fact(markup.without_tracking(url.unarchived(fact.value)), fact.where)
    return None


def _addresses(page: _Evidence) -> list[Fact[str]]:
    canonical = (Fact(one, "link rel=canonical") for one in page.head.links.get("canonical", ()))
    found = Fact(page.document.address, "where it was found")
    facts = (*canonical, *page.head.facts("og:url"), *page.data.addresses, found)
    absolutes = (Fact(absolute(fact.value, page.document.base), fact.where) for fact in facts if fact.value)
    return [fact for fact in absolutes if fact.value]


def _path(address: str) -> str:
    parts = urlsplit(url.unarchived(address))
    return parts.path.strip("/") + parts.query


def _language(page: _Evidence) -> Fact[str] | None:
    """The first that is well formed. BCP 47, section 2.1: https://www.rfc-editor.org/info/bcp47."""
    for fact in (Fact(page.head.language, "html lang"), *page.data.languages, *page.head.facts(*_LANGUAGES)):
        first, *rest = fact.value.replace("_", "-").split("-")
        if re.fullmatch("[A-Za-z]{2,3}", first) and all(re.fullmatch("[A-Za-z0-9]{2,8}", part) for part in rest):
            return Fact("-".join([first.lower(), *rest]), fact.where)
    return None
