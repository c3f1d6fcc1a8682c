"""`Cleared` -> the text ready to be reprinted by a reader, with the credit that its terms ask for."""

from __future__ import annotations

import re
from functools import lru_cache

from markupsafe import escape

from broadsheet.model import Kind, ReviewFinding
from broadsheet.reading.markdown import rebase, text_of
from broadsheet.register import Condition
from broadsheet.rights import Cleared
from broadsheet.site import wording
from broadsheet.site.imprint import Imprint
from broadsheet.site.statement import Statement
from broadsheet.site.views import LongMarkup, ReprintView

_NOT_FOR_READERS = Condition.COUNTER
"""What a publisher asks for and a copy from here cannot carry: such a text is to be taken from its publisher."""

# In sanitised HTML a value is quoted, and may hold `>` but no quotation mark.
_PICTURE = r'<img(?:[^">]|"[^"]*")*>'
_PICTURES = re.compile(rf"<p>{_PICTURE}</p>\n?|{_PICTURE}")

_BODY = "\0"
"""Stands for the text where that is the page's own: no text holds it (`words.scrub`)."""
_Line = tuple[str, str]
"""A line of the credit, and the address at its end; empty where it has none."""


def reprint(imprint: Imprint, cleared: Cleared, stated: Statement) -> ReprintView | None:
    """The text with its credit; None where a reader may not reprint it, or this digest has no right to say so.

    Whose it is and where it stands comes before the text, as some publishers ask (`link-first`), the terms after it.
    Pictures stay behind: their rights are their own. It is not `whole` yet.
    """
    if not _may_be_reprinted(cleared):
        return None
    title, body = cleared.article.matter.title, cleared.article.body
    source, credit = _source(cleared, stated), _credit(cleared, stated)
    text = _BODY
    if body.has_relative or body.images:
        full = rebase(body.html, stated.url, imprint.base.url) if body.has_relative else body.html
        text = _PICTURES.sub("", full.strip())
    html = [f"<h1>{escape(title)}</h1>", _html(source), text, "<hr>", *map(_html, credit)]
    plain = [title, _plain(source), text_of(body), "\n".join([*map(_plain, credit), ""])]
    return ReprintView(html=("\n".join(html) + "\n").encode(), text="\n\n".join(plain).encode())


def whole(view: ReprintView, body: LongMarkup) -> ReprintView:
    """A reprint with its text in it, which is nearly always the page's: so that is packed and kept once."""
    return ReprintView(view.html.replace(_BODY.encode(), body.strip(), 1), view.text)


def _may_be_reprinted(cleared: Cleared) -> bool:
    matter = cleared.article.matter
    if matter.withdrawn is not None or matter.kind not in (Kind.FULL, Kind.OWN) or not cleared.licence.permits_reprint:
        return False
    # A permission given to this digest is nobody else's, nor are the words of others that it quotes its own to offer.
    was_permitted = matter.review is not None and matter.review.finding is ReviewFinding.PERMISSION_GRANTED
    has_others_words = matter.kind is Kind.OWN and bool(cleared.article.body.quotations)
    asks_for_more = cleared.terms is not None and _NOT_FOR_READERS in cleared.terms.conditions
    return not was_permitted and not has_others_words and not asks_for_more


def _source(cleared: Cleared, stated: Statement) -> _Line:
    """Who made it, and where it stands."""
    origin = cleared.article.matter.origin
    if origin is None:
        return f"{stated.credit}:", stated.url
    by = f"By {wording.joined(origin.authors)}. " if origin.authors else ""
    if isinstance(origin.url, str):
        return f"{by}{stated.credit}:", origin.url
    return f"{by}{stated.credit}. The address of the original is not known.", ""


def _credit(cleared: Cleared, stated: Statement) -> list[_Line]:
    """The licence with its address, the notice, what was changed, where it was taken from, the lines that came with it.

    CC BY 4.0, section 3(a)(1): creator, notice, licence with its address, source address, changes.
    """
    matter, licence = cleared.article.matter, cleared.licence
    address = licence.url or licence.rights_statement or ""
    came_with_it = [*filter(None, [stated.tagline]), *matter.credits]
    is_said = stated.notice in (licence.statement, *came_with_it)
    return [
        (f"Terms: {licence.name}{',' if address else ''}", address),
        (licence.statement, ""),
        *([] if is_said else [(stated.notice, "")]),
        *([(f"Changed: {'; '.join(matter.changes)}.", "")] if matter.changes else []),
        *([("Taken from", stated.url)] if matter.origin else []),
        *((line, "") for line in came_with_it),
    ]


@lru_cache(maxsize=256)
def _html(line: _Line) -> str:
    text, address = line
    if not address:
        return f"<p>{escape(text)}</p>"
    href = escape(address)
    return f'<p>{escape(text)} <a href="{href}">{href}</a></p>'


def _plain(line: _Line) -> str:
    return " ".join(filter(None, line))
