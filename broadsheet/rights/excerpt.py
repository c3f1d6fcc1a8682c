"""How much of a work is quoted, and how much may be.

The caps are the editor's, no law's: 17 USC 107 knows no safe number of words, and in AP v. Meltwater (S.D.N.Y. 2013)
excerpts of 4.5 to 60 % were not fair use.
"""

from __future__ import annotations

from math import floor

from broadsheet.model import Article
from broadsheet.problem import Finding
from broadsheet.words import count_words


def words_quoted(article: Article) -> int:
    """The words of all blockquotes, nested ones and code within them included."""
    return sum(count_words(quotation.text) for quotation in article.body.quotations)


def own_words(article: Article) -> int:
    """The words outside the blockquotes."""
    return sum(map(count_words, article.body.paragraphs))


def check(article: Article, most_words: int, most_share: float) -> list[Finding]:
    """What is wrong with an excerpt's lengths."""
    quotations = article.body.quotations
    quoted = words_quoted(article)
    found = []
    if quoted == 0:
        message = "an excerpt without a quotation"
        remedy = "Quote some words in a blockquote ('> …'), or make the kind 'link'"
        found.append(Finding("rights/excerpt-empty", message, remedy, article.body.line))
    if own_words(article) == 0:
        message = "an excerpt without a word of your own"
        remedy = "Say outside the quotation why it is worth reading"
        found.append(Finding("rights/excerpt-without-own-words", message, remedy, article.body.line))
    if quoted > most_words:
        message = f"{quoted} words are quoted, and {most_words} are allowed"
        remedy = f"Quote {quoted - most_words} fewer"
        found.append(Finding("rights/excerpt-too-long", message, remedy, quotations[0].line))
    original = article.matter.retrieved.words if article.matter.retrieved else None
    if original is not None and quoted > (share := floor(original * most_share + 1e-9)):
        message = f"{quoted} of the original's {original} words are quoted, and {most_share:.0%} ({share}) are allowed"
        found.append(Finding("rights/excerpt-share", message, f"Quote {quoted - share} fewer", quotations[0].line))
    return found


def check_each(article: Article, most_words: int) -> list[Finding]:
    """What is wrong with the quotations of an article of the digest's own: each is within the cap by itself."""
    found = []
    for quotation in article.body.quotations:
        if (quoted := count_words(quotation.text)) > most_words:
            message = f"{quoted} words are quoted in one piece, and {most_words} are allowed"
            found.append(
                Finding("rights/excerpt-too-long", message, f"Quote {quoted - most_words} fewer", quotation.line)
            )
    return found
