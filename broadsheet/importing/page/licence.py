"""Licences that a page says it is under: where they stand, and whether they are about its text.

A claim is what somebody wrote, and grants nothing. One about a picture stays in the picture's credit; ones in comments,
about software or in an article that merely speaks of licences are none of the page's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from broadsheet.importing.draft import Fact, LicenceClaim
from broadsheet.importing.page.document import Element, absolute
from broadsheet.importing.page.layout import Layout
from broadsheet.words import one_line

_ADDRESS = re.compile(
    r"(?:creativecommons\.org/licen[sc]es|i\.creativecommons\.org/l|licensebuttons\.net/l)/"
    r"(?P<terms>by(?:-nc)?(?:-nd|-sa)?|by-(?:nd|sa)-nc|sa|nc-sa|nc-nd|nd|"
    r"nc)(?:/(?P<version>[1-4]\.\d))?(?:/(?P<port>igo|[a-z]{2,8})(?=[/?#]|\Z))?",
    re.IGNORECASE,
)
_PUBLIC_DOMAIN = re.compile(
    r"(?:creativecommons\.org|licensebuttons\.net)/(?:p|l|publicdomain|licenses)/(?P<which>zero|mark|"
    r"publicdomain)(?:/(?P<version>\d\.\d))?",
    re.IGNORECASE,
)
# https://spdx.org/licenses/, version 3.28: of which ports there are identifiers.
_PORTS = dict(
    port.split(":")
    for port in (
        "BY-2.5:AU|BY-3.0:AT AU DE IGO NL US|BY-NC-3.0:DE|BY-NC-ND-3.0:DE IGO|BY-ND-3.0:DE|BY-NC-SA-2.0:DE FR UK|"
        "BY-NC-SA-3.0:DE IGO|BY-SA-2.0:UK|BY-SA-2.1:JP|BY-SA-3.0:AT DE IGO"
    ).split("|")
)
_VERSIONS = ("1.0", "2.0", "2.5", "3.0", "4.0")
_NAMED = re.compile(
    r"\b(?:cc|creative[\s-]commons)[\s-]{0,3}(?:licen[sc]e|lizenz|"
    r"licencia)?[\s:(„\"-]{0,3}(?P<terms>by(?:[\s/-]{1,3}(?:nc|nd|"
    r"sa))*)\b(?:[\s-]{0,3}(?:v\.?\s?)?(?P<version>[1-4]\.\d)(?!\d))?(?:[\s-]{1,3}(?P<port>de|at|ch|us|uk|fr|igo|nl|"
    r"au)\b)?",
    re.IGNORECASE,
)
_ZERO = re.compile(r"\bcc[\s-]?(?:0|zero)\b", re.IGNORECASE)
_WORDS = {
    "BY": r"attribution|namensnennung|reconocimiento|atribuci[oó]n|atribui[çc][ãa]o|paternit[eé]|attribuzione|"
    r"naamsvermelding|uznanie autorstwa",
    "NC": r"non-?\s?commercial|(?:nicht|keine?)[\s-]?kommerziell|no[\s-]?comercial|pas d.utilisation commerciale|"
    r"non commerciale|niet-?commercieel|użycie niekomercyjne",
    "ND": r"no[\s-]?deriv|keine?[\s-]?bearbeitung|sin[\s-]?obras?[\s-]?derivad|pas de modification|"
    r"non opere derivate|geen ?afgeleide|bez utworów",
    "SA": r"share[\s-]?alike|weitergabe[\s-]unter[\s-]gleichen|compartir[\s-]?igual|partage|condividi|gelijk ?delen|"
    r"na tych samych",
}
_COUNTRIES = {
    "deutschland": "de",
    "germany": "de",
    "österreich": "at",
    "austria": "at",
    "schweiz": "ch",
    "switzerland": "ch",
}
_COUNTRIES |= {
    "united states": "us",
    "usa": "us",
    "united kingdom": "uk",
    "france": "fr",
    "australia": "au",
    "niederlande": "nl",
}
_COMMONS = re.compile(r"creative[\s-]?commons", re.IGNORECASE)
_STATES = re.compile(
    r"licen[sc]ed|licen[sc]e\b|lizenz|licencia|licenza|licence|(?:this|diese[rs]?|all|alle|our|unsere?|the|der|"
    r"die) (?:\w+ ){0,3}(?:work|"
    r"website|page|article|content|text|post|site|werk|seite|inhalte?|artikel|beitr[aä]ge?|texte)|steht unter|"
    r"stehen unter|available under|"
    r"except where|sofern nicht|soweit nicht|wenn nicht anders|unless otherwise|some rights reserved|"
    r"veröffentlicht unter|(?:^|\W)(?:cc|©)",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"(?:this|dieser?|dieses|diesem|all|alle|our|unsere?|mein|my) (?:\S+ ){0,4}(?:work|works|website|web ?site|page|"
    r"article|content|contents|text|"
    r"texts|post|posts|site|story|blog|weblog|werk|werke|seite|inhalte?|artikel|beitr[aä]ge?|texte?s?)\b|"
    r"except where|sofern nicht|soweit nicht|"
    r"wenn nicht anders|unless otherwise|(?:inhalt|content|contenido|text|artikel|beitrag|interview|"
    r"podcast)\w*\s+(?:is|are|ist|sind|steht|stehen)\b",
    re.IGNORECASE,
)
_PICTURE = re.compile(
    r"\b(?:(?:titel|vorschau|beitrags|artikel|header|vor)?(?:fotos?|bild(?:er|quelle|nachweis|rechte)?)|photos?|"
    r"photograph(?:s|y)?|images?|pictures?|"
    r"pics?|(?:info)?grafik|graphics?|illustrations?|illustrationen|icons?|logos?|fonts?|schriftart|maps?|"
    r"karten?(?:daten)?|openstreetmap|flickr|"
    r"wikimedia|wikipedia|pixabay|unsplash|music|musik|sounds?|audio|videos?|screenshot|themes?|plugins?|software|"
    r"source code|quellcode|dataset)\b",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"caption|(?:^|[\s_-])(?:credits?|image|img|photo|foto|bild|media|slide|gallery|attachment)(?:$|[\s_-])",
    re.IGNORECASE,
)
_CAPTIONS = frozenset({"p", "span", "div", "small", "dd", "li", "em", "i"})
_TEXTUAL = re.compile(
    r"\b(?:texte?s?|textuellen?|inhalte?s?|contents?|artikeln?|articles?|beitr[aä]ge?n?|posts?|works?|werke?s?|"
    r"web ?sites?|seiten?|sites?|contenidos?|"
    r"contenus?|lizenz:|licen[sc]e:)(?!\w)",
    re.IGNORECASE,
)
_BORROWED = re.compile(
    r"\b(?:own work|eigenes werk|wikimedia|wikipedia|flickr|openstreetmap|pixabay|unsplash)\b|bildnachweis|bildquelle",
    re.IGNORECASE,
)
_PICTURE_LABEL = re.compile(
    r"\W*(?:\w+\s)?\w{0,10}(?:bild|foto|photo|image|picture|grafik|video|musik|music)\w{0,8}\s?\d*\s?:", re.IGNORECASE
)
_BRACKETED = re.compile(r"\w\s?[–-]\s?\w.{0,80}\(\s?(?:cc|creative)[^()]{0,60}\)", re.IGNORECASE)
_GRANTS = re.compile(
    r"licen[sc]ed|lizen[zs]iert|ste(?:ht|hen) unter|veröffentlicht unter|available under|published under|(?:under|"
    r"unter|bajo|sous|sotto|sob) (?:an? |einer? |der |the |una? |la |licen\w+ )*(?:cc|creative)",
    re.IGNORECASE,
)
_COMMENT = re.compile(
    r"(?:^|[\s_-])(?:comments?|comment-?list|commentlist|kommentare?|respond|replies|disqus)(?:$|[\s_-])", re.IGNORECASE
)
_RELS = frozenset({"license", "licence", "cc:license", "dct:license", "dcterms:license", "copyright-license"})
_MAX_WORDS = 300


def of_address(address: str) -> str:
    """The SPDX id of the licence whose deed or button an address is of; its address where it has none; else empty."""
    match = _PUBLIC_DOMAIN.search(address)
    if match:
        which = match["which"].lower()
        return {"zero": "CC0-1.0", "mark": "CC-PDM-1.0", "publicdomain": "CC-PDDC"}[which]
    match = _ADDRESS.search(address)
    return _id(match["terms"], match["version"] or "", match["port"] or "") if match else ""


def of_words(text: str) -> str:
    """The SPDX id of the Creative Commons licence that words name, or as much of it as they say; empty for none."""
    match = _NAMED.search(text)
    if match:
        return _id(re.sub(r"[\s/]+-?|-+", "-", match["terms"]), match["version"] or "", match["port"] or "")
    if _ZERO.search(text):
        return "CC0-1.0"
    commons = _COMMONS.search(text)
    if not commons:
        return ""
    rest = text[commons.start() : commons.start() + 250]
    terms = "-".join(mark for mark, words in _WORDS.items() if re.search(words, rest, re.IGNORECASE))
    version = re.search(r"\b([1-4]\.\d)\b", rest)
    port = next((code for country, code in _COUNTRIES.items() if country in rest.casefold()), "")
    return _id(terms, version[1] if version else "", port) if terms.startswith("BY") else ""


def _id(terms: str, version: str, port: str) -> str:
    marks = terms.upper().split("-")
    terms = "-".join(mark for mark in ("BY", "NC", "ND", "SA") if mark in marks)
    port = (
        "" if port.lower() in ("deed", "legalcode", "intl", "unported", "international") or version == "4.0" else port
    )
    if not version:
        return f"CC {terms}"
    if (
        terms.startswith("BY")
        and version in _VERSIONS
        and (not port or port.upper() in _PORTS.get(f"{terms}-{version}", "").split())
    ):
        return f"CC-{terms}-{version}{'-' if port else ''}{port.upper()}"
    if port and terms == "BY-SA" and version == "2.1" and port.lower() == "jp":
        return "CC-BY-SA-2.1-JP"
    return f"https://creativecommons.org/licenses/{terms.lower()}/{version}/{port.lower()}{'/' if port else ''}"


def claims(tree: Element, layout: Layout, said: Iterable[Fact[str]], base: str) -> tuple[LicenceClaim, ...]:
    """All claims about the text, the first for each licence. `said`: what metadata and linked data call the licence."""
    found: dict[str, LicenceClaim] = {}
    for claim in (*_said(said, base), *_linked(tree, layout, base), *_written(layout)):
        found.setdefault(claim.licence, claim)
    return _without_vague(tuple(found.values()))


def _without_vague(found: Sequence[LicenceClaim]) -> tuple[LicenceClaim, ...]:
    """Less the claims that say a part of what another one says: `CC BY` beside CC-BY-4.0."""
    exact = [claim.licence for claim in found if claim.licence.startswith(("CC-", "CC0", _DEEDS))]
    vague = {licence.rpartition("-")[0] if licence.count("-") > 1 else licence for licence in exact}
    vague |= {re.sub(r"-\d\.\d.*", "", licence) for licence in exact}
    return tuple(
        claim
        for claim in found
        if not (claim.licence.startswith("CC ") and f"CC-{claim.licence[3:]}" in vague)
        # Beside a licence that is named, its other pages and whatever else is marked as one say nothing.
        and not (
            exact
            and (
                claim.licence == _UNNAMED or (claim.licence.startswith("http") and not claim.licence.startswith(_DEEDS))
            )
        )
    )


_UNNAMED = "Creative Commons"
_DEEDS = "https://creativecommons.org/licenses/"


def _said(facts: Iterable[Fact[str]], base: str) -> Iterator[LicenceClaim]:
    for fact in facts:
        licence = of_address(fact.value) or of_words(fact.value)
        if not licence and " " not in fact.value and ("/" in fact.value):
            licence = absolute(fact.value, base)
        if licence:
            yield LicenceClaim(licence, fact.where, fact.value[:_MAX_WORDS])


def _linked(tree: Element, layout: Layout, base: str) -> Iterator[LicenceClaim]:
    """`rel=license`, and links and buttons of Creative Commons'."""
    for element in tree.iter("link", "a", "area", "img"):
        address = (element.get("src" if element.tag == "img" else "href") or "").strip()
        rels = _RELS & set((element.get("rel") or element.get("property") or "").lower().split())
        licence = of_address(address)
        if not licence and rels and element.tag != "img":
            text = one_line(element.text_content()) if element.tag != "link" else ""
            licence = of_words(text) or absolute(address, base)
        if not licence or _is_elsewhere(element):
            continue
        block = _block_of(element)
        line = one_line(block.text_content()) if element.tag != "link" else ""
        if not _is_others(_about(element, block)) and (rels or _is_claim(line, element, layout)):
            where = (
                f"{element.tag} rel=license"
                if rels
                else "link to the licence"
                if element.tag != "img"
                else "button of the licence"
            )
            yield LicenceClaim(licence, where, line[:_MAX_WORDS])


def _is_elsewhere(element: Element) -> bool:
    """Whether it stands in a caption, in a comment or in a quotation."""
    for up in (element, *element.iterancestors()):
        if up.tag in ("figure", "figcaption", "pre", "blockquote", "textarea"):
            return True
        if up.tag in ("body", "html"):
            return False
        label = f"{up.get('class') or ''} {up.get('id') or ''}"
        if _COMMENT.search(label) or (up.tag in _CAPTIONS and _CAPTION.search(label) and _is_beside_a_picture(up)):
            return True
    return False


def _is_beside_a_picture(element: Element) -> bool:
    if len(one_line(element.text_content()[:2000])) > _MAX_WORDS:
        return False
    frame = element.getparent() if element.getparent() is not None and element.getparent().tag != "body" else element
    return any(not of_address(image.get("src") or "") for image in frame.iter("img"))


def _is_claim(line: str, element: Element, layout: Layout) -> bool:
    """Whether what a link to a licence stands in is about the text of the page."""
    return (
        bool(_OWN.search(line))
        or not _is_in_prose(element, layout)
        or (bool(_STATES.search(line)) and len(line) < _MAX_WORDS)
    )


def _is_others(line: str) -> bool:
    """Whether a line is about pictures, music or programs, or names somebody's work and its licence in brackets."""
    if (
        _PICTURE_LABEL.match(line)
        or (_PICTURE.search(line) and not _TEXTUAL.search(line))
        or (_BORROWED.search(line) and not _OWN.search(line))
    ):
        return True
    return (
        bool(_BRACKETED.search(line)) and not _GRANTS.search(line) and not re.search("licen|lizen", line, re.IGNORECASE)
    )


def _is_in_prose(element: Element, layout: Layout) -> bool:
    """Whether it is in the midst of the article rather than below, above or beside it."""
    block = next((up for up in (element, *element.iterancestors()) if up.tag in ("p", "li", "td", "div")), element)
    return len(one_line(block.text_content()[:5000])) > 160 and block.getparent() in layout.around


def _block_of(element: Element) -> Element:
    """What a link stands in: its block, or the parents of that as far as they are short."""
    best = element
    for up in (element, *element.iterancestors()):
        if up.tag in ("body", "html", "main", "article", "head"):
            break
        length = len(one_line(up.text_content()[:3000]))
        if length > 600 and best is not element:
            break
        best = up
        if up.tag in ("p", "li", "td", "footer") and length > 20:
            break
    return best


def _about(element: Element, block: Element) -> str:
    """What a link to a licence is about: the words before it since the last separator, its own, and some behind."""
    from lxml import etree

    before: list[str] = []
    for event, one in etree.iterwalk(block, events=("start", "end")):
        if event == "start" and one is element:
            break
        before.append((one.text if event == "start" else one.tail if one is not block else "") or "")
    whole = one_line(block.text_content()[:3000])
    if _PICTURE_LABEL.match(whole) or (not one_line(element.text_content()) and len(whole) < _MAX_WORDS):
        return whole
    said = re.split(r"[|•·;»]|[.!?]\s", one_line("".join(before)[-200:]))[-1]
    return one_line(f"{said} {element.text_content()[:100]} {(element.tail or '')[:60]}")


def _written(layout: Layout) -> Iterator[LicenceClaim]:
    """Lines that state a licence in words."""
    for line in layout.lines:
        text = line.text
        if len(text) > 1500 or not (_COMMONS.search(text) or re.search(r"\bCC[\s-]?(?:BY|0|zero)\b", text)):
            continue
        for sentence in re.split(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ])", text):
            licence = of_words(sentence) or (_UNNAMED if _COMMONS.search(sentence) and _GRANTS.search(sentence) else "")
            own = _OWN.search(sentence) or (len(text) < 160 and not _PICTURE.search(text))
            stated = _STATES.search(sentence) if licence != _UNNAMED else _OWN.search(sentence)
            if licence and own and stated and not _is_others(sentence) and not _is_elsewhere(line.block):
                yield LicenceClaim(licence, f"the line '{sentence[:60]}'", sentence[:_MAX_WORDS])
