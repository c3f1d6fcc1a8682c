"""`SlipView` -> the credit at the end of a feed item, in plain markup that every reader's sanitiser lets through."""

from __future__ import annotations

from markupsafe import Markup

from broadsheet.site.views import CorrectionView, FactValueView, LabelView, LinkView, SlipView


def credit_html(slip: SlipView) -> Markup:
    """The whole credit block: label, heading, sentence, facts."""
    facts = Markup("").join(
        Markup("<li>{}: {}</li>").format(fact.term, Markup("; ").join(map(_value, fact.values))) for fact in slip.facts
    )
    rows = Markup("\n<ul>{}</ul>").format(facts) if facts else Markup()
    return Markup("\n<hr>\n<p><strong>{} · {}</strong></p>\n<p>{}</p>{}").format(
        slip.label.text, slip.heading, slip.sentence, rows
    )


def byline_html(label: LabelView, authors: str, original: LinkView | None) -> Markup:
    """What follows and whose words they are, with the link before them, as some publishers ask."""
    parts = [Markup("<strong>{}</strong>").format(label.text)]
    if authors and (original is None or authors != original.text):
        parts.append(Markup("By {}").format(authors))
    if original is not None:
        parts.append(Markup('<a href="{}">{}</a>').format(original.href, original.text))
    return Markup("<p>{}</p>\n").format(Markup(" · ").join(parts))


def corrections_html(corrections: tuple[CorrectionView, ...]) -> Markup:
    """What was put right after publication, before the text that was wrong."""
    return Markup("").join(
        Markup("<p><strong>Corrected on {}:</strong> {}</p>\n").format(it.date.text, it.text) for it in corrections
    )


def withdrawal_html(withdrawn: CorrectionView | None) -> Markup:
    """The last word on a text that is gone."""
    if withdrawn is None:
        return Markup()
    return Markup("<p><strong>Withdrawn on {}:</strong> {}</p>\n").format(withdrawn.date.text, withdrawn.text)


def _value(value: FactValueView) -> Markup:
    text = Markup("<em>{}</em>").format(value.text) if value.is_verbatim else Markup("{}").format(value.text)
    return Markup('<a href="{}">{}</a>').format(value.href, text) if value.href else text
