"""How much of a work is quoted, and how much may be.

The caps are the editor's, no law's: 17 USC 107 knows no safe number of words, and in AP v. Meltwater (S.D.N.Y. 2013)
excerpts of 4.5 to 60 % were not fair use.
"""

from __future__ import annotations

from math import floor

from broadsheet.model import Article, Body, Kind
from broadsheet.problem import Finding, Pointer
from broadsheet.rights.case import Case
from broadsheet.words import count_words


def words_quoted(body: Body) -> int:
    """The words of all blockquotes, with what is nested in them and the footnotes to which they refer."""
    return sum(count_words(quotation.text) for quotation in body.quotations)


def own_words(body: Body) -> int:
    """The words outside the blockquotes."""
    return sum(count_words(passage.text) for passage in body.passages if not passage.is_quoted)


def check(case: Case) -> list[Finding]:
    """An excerpt quotes something, adds something, and stays within the caps; a link quotes nothing."""
    quotations = case.article.body.quotations
    if case.kind is Kind.LINK and quotations:
        message = "a link shows the headline and your own words only, and this quotes"
        remedy = "Make the kind 'excerpt', or remove the quotation"
        return [Finding("rights/quotation-in-link", message, remedy, quotations[0].line)]
    if case.kind is not Kind.EXCERPT:
        return []
    return [*_both_voices(case.article), *_caps(case)]


def _both_voices(article: Article) -> list[Finding]:
    found = []
    if words_quoted(article.body) == 0:
        message = "an excerpt without a quotation"
        remedy = "Quote some words in a blockquote ('> …'), or make the kind 'link'"
        found.append(Finding("rights/excerpt-empty", message, remedy, article.body.line))
    if own_words(article.body) == 0:
        message = "an excerpt without a word of your own"
        remedy = "Say outside the quotation why it is worth reading"
        found.append(Finding("rights/excerpt-without-own-words", message, remedy, article.body.line))
    return found


def _caps(case: Case) -> list[Finding]:
    article, policy = case.article, case.policy
    # Credit lines are the original's words too.
    quoted = words_quoted(article.body) + sum(map(count_words, article.matter.credits))
    at: Pointer | int = article.body.quotations[0].line if article.body.quotations else ("credits",)
    found = []
    if quoted > policy.rights.excerpt_words:
        message = f"{quoted} words are quoted, credits included, and {policy.rights.excerpt_words} are allowed"
        remedy = f"Quote {quoted - policy.rights.excerpt_words} fewer"
        found.append(Finding("rights/excerpt-too-long", message, remedy, at))
    original = article.matter.retrieved.words if article.matter.retrieved else None
    share = floor((original or 0) * policy.rights.excerpt_share + 1e-9)
    if original is not None and quoted > share:
        percent = f"{policy.rights.excerpt_share:.0%}"
        message = f"{quoted} of the original's {original} words are quoted, and {percent} ({share}) are allowed"
        remedy = f"Quote {quoted - share} fewer"
        found.append(Finding("rights/excerpt-share", message, remedy, at))
    return found


def check_own(body: Body, most_words: int) -> list[Finding]:
    """What is wrong with the quotations of a text of the digest's own.

    They may be of many works, so each is within the cap by itself; and the text is mostly the digest's.
    """
    found = []
    if (quoted := words_quoted(body)) > (own := own_words(body)):
        message = f"{quoted} words are quoted in a text of your own that has {own}"
        remedy = "Quote less than you write, or make it an excerpt of one work"
        found.append(Finding("rights/own-mostly-quoted", message, remedy, body.quotations[0].line))
    for quotation in body.quotations:
        if (quoted := count_words(quotation.text)) > most_words:
            message = f"{quoted} words are quoted in one piece, and {most_words} are allowed"
            found.append(
                Finding("rights/excerpt-too-long", message, f"Quote {quoted - most_words} fewer", quotation.line)
            )
    return found
