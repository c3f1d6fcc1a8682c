"""`Cleared` -> the credit block: whose words, from where, under what terms, what was changed and who looked.

One record for the page's slip and for the credit in a feed's item, so that the two cannot differ.
"""

from __future__ import annotations

from datetime import datetime

from broadsheet import url
from broadsheet.fields import Unknown
from broadsheet.model import Kind, Origin, Retrieved, Review
from broadsheet.rights import Cleared, Status
from broadsheet.site import wording
from broadsheet.site.statement import Statement, TermsOfParts
from broadsheet.site.views import FactValueView, FactView, LinkView, SlipView


def slip(cleared: Cleared, stated: Statement) -> SlipView:
    """The credit block of an article."""
    matter = cleared.article.matter
    origin = _of_origin(cleared, matter.origin) if matter.origin else []
    facts = [
        *origin,
        *([_of_retrieval(matter.retrieved)] if matter.retrieved else []),
        *([] if matter.withdrawn else [_fact("Terms", *_terms(stated))]),
        *_of_quoting(cleared),
        *_of_proof(cleared),
        *([_fact("Changed", *map(_text, matter.changes))] if matter.changes else []),
        *([_fact("Credits", *(_text(line, is_verbatim=True) for line in matter.credits))] if matter.credits else []),
        *([_fact("Reviewed", *_review(matter.review))] if matter.review else []),
    ]
    return SlipView(stated.label, stated.heading, stated.sentence, tuple(facts))


def original(cleared: Cleared) -> LinkView | None:
    """The way to the original: its address or, where that is not known, its publisher's home page."""
    origin, publisher = cleared.article.matter.origin, cleared.publisher
    if origin is None or publisher is None:
        return None
    if isinstance(origin.url, str):
        return LinkView(publisher.name, origin.url)
    return LinkView(publisher.name, publisher.home) if publisher.home else None


def _of_origin(cleared: Cleared, origin: Origin) -> list[FactView]:
    publisher = cleared.publisher
    assert publisher is not None  # whatever has an origin has been cleared with a publisher
    title = origin.title
    return [
        _fact("From", _text(publisher.name, href=publisher.home or "")),
        *([_fact("By", _text(wording.joined(origin.authors)))] if origin.authors else []),
        *(
            [_fact("Headline", _text(title, is_verbatim=True))]
            if title and title != cleared.article.matter.title
            else []
        ),
        _fact("Published", _date(origin.published)),
        _fact("Original", _address(origin)),
    ]


def _address(origin: Origin) -> FactValueView:
    if isinstance(origin.url, str):
        return _text(url.host(origin.url), href=origin.url)
    return _text("address not known")


def _of_retrieval(retrieved: Retrieved) -> FactView:
    source = retrieved.from_
    if source is None:
        return _fact("Retrieved", _date(retrieved.at))
    if url.is_web_address(source):
        return _fact("Retrieved", _date(retrieved.at), _text(f"from {url.host(source)}", href=source))
    return _fact("Retrieved", _date(retrieved.at), _text(f"from {source}"))


def _of_quoting(cleared: Cleared) -> list[FactView]:
    matter = cleared.article.matter
    if matter.kind is not Kind.EXCERPT or matter.withdrawn is not None:
        return []
    of = f" of {matter.retrieved.words}" if matter.retrieved and matter.retrieved.words else ""
    return [_fact("Quoted", _text(f"{cleared.words_quoted}{of} words"))]


def _of_proof(cleared: Cleared) -> list[FactView]:
    """What a machine has compared; of a reprint only, for its words are said to be somebody else's, all of them."""
    proof = cleared.proof
    return [_fact("Compared", _text(wording.VERBATIM))] if proof and proof.is_verbatim else []


def _terms(stated: Statement) -> list[FactValueView]:
    """The one licence, or which parts stand under which: then none of them is the page's (`rel=license`)."""
    if len(stated.terms) == 1:
        licence = stated.terms[0].licence
        if licence.url:
            # The original's licence is no licence of a page that only quotes it.
            return [FactValueView(licence.name, licence.url, "license" if stated.licence_url else "", "", False)]
        return [_text(licence.name, href=licence.rights_statement or "")]
    return [
        _text(
            f"{_named(terms)}: {terms.licence.name}",
            href=terms.licence.url or terms.licence.rights_statement or "",
        )
        for terms in stated.terms
    ]


def _named(terms: TermsOfParts) -> str:
    """`Headline and quotations`, `Our own text`."""
    names = wording.joined([part.value for part in terms.parts])
    return f"Our own {names}" if terms.status is Status.OWN else names.capitalize()


def _review(review: Review) -> list[FactValueView]:
    values = [_text(f"by {review.by}: {wording.FINDINGS[review.finding]}"), _date(review.at)]
    return [*values, _text(review.note)] if review.note else values


def _fact(term: str, *values: FactValueView) -> FactView:
    return FactView(term, values)


def _text(text: str, href: str = "", is_verbatim: bool = False) -> FactValueView:
    return FactValueView(text, href, "", "", is_verbatim)


def _date(moment: datetime | Unknown | None) -> FactValueView:
    if moment is None or isinstance(moment, Unknown):
        return _text("date not known")
    view = wording.day(moment)
    return FactValueView(view.text, "", "", view.iso, False)
