"""`SlipView` -> the credit at the end of a feed item, in plain markup that every reader's sanitiser lets through.

What these functions give is HTML. `Markup.format` would say so, and takes most of the time that a feed does.
"""

from __future__ import annotations

from broadsheet.render.jinja import escaped
from broadsheet.site.feed import FeedImage
from broadsheet.site.views import CorrectionView, FactValueView, FactView, LabelView, LinkView, SlipView


def credit_html(slip: SlipView) -> str:
    """The whole credit block: label, heading, sentence, facts."""
    rows = f"\n<ul>{''.join(map(_row, slip.facts))}</ul>" if slip.facts else ""
    head = f"<strong>{escaped(slip.label.text)} · {escaped(slip.heading)}</strong>"
    return f"\n<hr>\n<p>{head}</p>\n<p>{escaped(slip.sentence)}</p>{rows}"


def byline_html(label: LabelView, authors: str, original: LinkView | None) -> str:
    """What follows and whose words they are, with the link before them, as some publishers ask."""
    parts = [f"<strong>{escaped(label.text)}</strong>"]
    if authors and (original is None or authors != original.text):
        parts.append(f"By {escaped(authors)}")
    if original is not None:
        parts.append(f'<a href="{escaped(original.href)}">{escaped(original.text)}</a>')
    return f"<p>{' · '.join(parts)}</p>\n"


def picture_html(image: FeedImage) -> str:
    """A picture with whose it is and its own terms, before the text."""
    licence = escaped(image.licence.text)
    if image.licence.href:
        licence = f'<a href="{escaped(image.licence.href)}">{licence}</a>'
    said = " ".join(filter(None, [escaped(image.credit), licence]))
    picture = f'<img src="{escaped(image.url)}" alt="{escaped(image.alt)}">'
    return f"<figure>{picture}<figcaption>{said}</figcaption></figure>\n"


def corrections_html(corrections: tuple[CorrectionView, ...]) -> str:
    """What was put right after publication, before the text that was wrong."""
    return "".join(_dated("Corrected", it) for it in corrections)


def withdrawal_html(withdrawn: CorrectionView | None) -> str:
    """The last word on a text that is gone."""
    return "" if withdrawn is None else _dated("Withdrawn", withdrawn)


def _dated(what: str, it: CorrectionView) -> str:
    return f"<p><strong>{what} on {escaped(it.date.text)}:</strong> {escaped(it.text)}</p>\n"


def _row(fact: FactView) -> str:
    return f"<li>{escaped(fact.term)}: {'; '.join(map(_value, fact.values))}</li>"


def _value(value: FactValueView) -> str:
    text = f"<em>{escaped(value.text)}</em>" if value.is_verbatim else escaped(value.text)
    return f'<a href="{escaped(value.href)}">{text}</a>' if value.href else text
