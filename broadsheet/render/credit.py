"""`SlipView` -> the credit at the end of a feed item, in plain markup that every reader's sanitiser lets through."""

from __future__ import annotations

from markupsafe import Markup

from broadsheet.site.views import FactValueView, LinkView, SlipView


def credit_html(slip: SlipView) -> Markup:
    """The whole credit block: label, heading, sentence, facts."""
    facts = Markup("").join(
        Markup("<li>{}: {}</li>").format(fact.term, Markup("; ").join(map(_value, fact.values))) for fact in slip.facts
    )
    return Markup("\n<hr>\n<p><strong>{} · {}</strong></p>\n<p>{}</p>\n<ul>{}</ul>").format(
        slip.label.text, slip.heading, slip.sentence, facts
    )


def byline_html(authors: str, original: LinkView | None) -> Markup:
    """Whose words follow, with the link before them, as some publishers ask; nothing for the digest's own."""
    if original is None:
        return Markup("")
    by = Markup("By {} · ").format(authors) if authors else Markup("")
    return Markup('<p>{}<a href="{}">{}</a></p>\n').format(by, original.href, original.text)


def _value(value: FactValueView) -> Markup:
    text = Markup("<em>{}</em>").format(value.text) if value.is_verbatim else Markup("{}").format(value.text)
    return Markup('<a href="{}">{}</a>').format(value.href, text) if value.href else text
