"""`Cleared` -> the text ready to be reprinted by a reader, with the credit that its terms ask for."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from broadsheet.model import Kind, ReviewFinding
from broadsheet.reading.markdown import text_of
from broadsheet.register import Condition
from broadsheet.rights import Cleared
from broadsheet.site import wording
from broadsheet.site.statement import Statement
from broadsheet.site.views import ReprintView

_NOT_FOR_READERS = {Condition.COUNTER}
"""What a publisher asks for and a copy from here cannot carry: such a text is to be taken from its publisher."""

# In sanitised HTML a value is quoted, and may hold `>` but no quotation mark.
_PICTURE = r'<img(?:[^">]|"[^"]*")*>'
_PICTURES = re.compile(rf"<p>{_PICTURE}</p>\n?|{_PICTURE}")

_Line = tuple[str, str]
"""A line of the credit, and the address at its end; empty where it has none."""


def reprint(cleared: Cleared, stated: Statement, body: Markup, page_url: str) -> ReprintView | None:
    """The text with its credit; None where a reader may not reprint it, or this digest has no right to say so.

    Whose it is and where it stands comes before the text, as some publishers ask (`link-first`), the terms after it.
    Pictures stay behind: their rights are their own.
    """
    if not _may_be_reprinted(cleared):
        return None
    title = cleared.article.matter.title
    source, credit = _source(cleared, stated, page_url), _credit(cleared, stated, page_url)
    text = _PICTURES.sub("", body.strip())
    html = [f"<h1>{escape(title)}</h1>", _html(source), text, "<hr>", *map(_html, credit)]
    plain = [title, _plain(source), text_of(cleared.article.body), "\n".join(map(_plain, credit))]
    return ReprintView(html="\n".join(html) + "\n", text="\n\n".join(plain) + "\n")


def _may_be_reprinted(cleared: Cleared) -> bool:
    matter = cleared.article.matter
    if matter.withdrawn is not None or matter.kind not in (Kind.FULL, Kind.OWN) or not cleared.licence.permits_reprint:
        return False
    # A permission given to this digest is nobody else's, nor are the words of others that it quotes its own to offer.
    was_permitted = matter.review is not None and matter.review.finding is ReviewFinding.PERMISSION_GRANTED
    has_others_words = matter.kind is Kind.OWN and bool(cleared.article.body.quotations)
    asked = set(cleared.terms.conditions) if cleared.terms else set()
    return not was_permitted and not has_others_words and not (_NOT_FOR_READERS & asked)


def _source(cleared: Cleared, stated: Statement, page_url: str) -> _Line:
    """Who made it, and where it stands."""
    origin = cleared.article.matter.origin
    if origin is None:
        return f"{stated.credit}:", page_url
    by = f"By {wording.joined(origin.authors)}. " if origin.authors else ""
    if isinstance(origin.url, str):
        return f"{by}{stated.credit}:", origin.url
    return f"{by}{stated.credit}. The address of the original is not known.", ""


def _credit(cleared: Cleared, stated: Statement, page_url: str) -> list[_Line]:
    """The licence with its address, the notice, what was changed, where it was taken from, the lines that came with it.

    CC BY 4.0, section 3(a)(1): creator, notice, licence with its address, source address, changes.
    """
    matter, licence = cleared.article.matter, cleared.licence
    address = licence.url or licence.rights_statement or ""
    came_with_it = [*filter(None, [wording.tagline(cleared)]), *matter.credits]
    is_said = stated.notice in (licence.statement, *came_with_it)
    return [
        (f"Terms: {licence.name}{',' if address else ''}", address),
        (licence.statement, ""),
        *([] if is_said else [(stated.notice, "")]),
        *([(f"Changed: {'; '.join(matter.changes)}.", "")] if matter.changes else []),
        *([("Taken from", page_url)] if matter.origin else []),
        *((line, "") for line in came_with_it),
    ]


def _html(line: _Line) -> str:
    text, address = line
    if not address:
        return f"<p>{escape(text)}</p>"
    href = escape(address)
    return f'<p>{escape(text)} <a href="{href}">{href}</a></p>'


def _plain(line: _Line) -> str:
    return " ".join(filter(None, line))
