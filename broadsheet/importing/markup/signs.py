"""Signs that markdown would take for markup: where they need a backslash, and whether a text is read as it was meant.

CommonMark 0.31.2, https://spec.commonmark.org/0.31.2/, and the reader's extensions.
"""

from __future__ import annotations

import re
from collections import Counter

from broadsheet.reading import markdown
from broadsheet.words import scrub

MANY = 1_000
"""Signs in a paragraph above which it is no prose, and nobody looks for the ones that could stay bare."""
_SPACE = re.compile("[^\\S\xa0\u202f]+")  # all white space but the no-break ones, which typography means
_SIGNS = re.compile(r"[\\`*_~\[\]<&^]")
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_OPENING = re.compile(
    r"(?P<sign>#{1,6}(?=\s|\Z)|[-+](?=\s|\Z)|>|[-=|:*_](?=[-=|:*_ ]*\Z)|~(?=~~)|`(?=``)|\[(?=[^\]]{0,999}\]:))"
    r"|(?P<number>\d{1,9})(?P<dot>[.)])(?=\s|\Z)"
)
_CLOSING_HASHES = re.compile(r"(?<=\s)#(?=#*\Z)")
_MARKUP = re.compile(
    r"(?P<run>\*+|_+|~~+)|(?P<ticks>`+)|\\(?=[!-/:-@\[-`{-~])|\[(?=\^)|\^(?=\[)|\](?=\()|"
    r"<(?=[A-Za-z/!?]|[^\s<>]{0,300}@)|&(?=#?\w{1,32};)"
)
# What can be read in one way only, without a parser: words without signs, links to plain addresses, emphasis of words
# that begin and end with a letter or digit. The last ones so flank their stars (6.2, rules 1 to 8); none is nested.
_BARE = r"[^\\`*_~\[\]<&^\n]"
_SIMPLE = re.compile(
    rf"(?>(?:{_BARE}"
    rf"|(?<!!)\[{_BARE}++\]\(https?://(?>(?:[A-Za-z0-9/.:?=#,;+@-]|\\_)+)\)"
    rf"|\*\*(?=\w){_BARE}++(?<=\w)\*\*(?!\*)"
    rf"|\*(?=\w){_BARE}++(?<=\w)\*(?!\*))*)"
)
_MARKS = re.compile(r"\[([^\]]*)\]\([^)]*\)|\*+")


def escape(text: str) -> str:
    """Plain text as one paragraph of markdown, with a backslash only where a sign would be read as markup.

    Read again, it is the same text but for white space, of which runs become one space; a no-break space stays.
    """
    said = spaced(text).strip()
    if not _SIGNS.search(said) and not _OPENING.match(said):
        return said
    for form in (opening(_inline(said, True)), opening(line(said))) if is_prose(said) else ():
        if reads_as(form, said):
            return form
    return _PUNCTUATION.sub(r"\\\g<0>", said)


def spaced(text: str) -> str:
    """The text with runs of white space as one space."""
    return _SPACE.sub(" ", scrub(text))


def is_prose(text: str) -> bool:
    """Whether a text has no more than `MANY` signs."""
    return len(_SIGNS.findall(text)) <= MANY


def reads_as(form: str, text: str, links: int = 0) -> bool:
    """Whether markdown is read as one paragraph of that text with so many links to the web, and nothing more."""
    if _SIMPLE.fullmatch(form) and not _OPENING.match(form):
        return _MARKS.sub(r"\1", form).strip() == text and form.count("](") == links
    body = markdown.read(form)
    return len(body.passages) == 1 and body.passages[0].text.strip() == text and len(body.links) == links


def line(text: str) -> str:
    """A piece of a line with its signs escaped. Its ends may touch markup."""
    text = _inline(text, False)
    is_open = text[-1:] in ("!", "^", "\\", "]", "&") and text[-2:-1] != "\\"
    return f"{text[:-1]}\\{text[-1]}" if is_open else text


def in_heading(text: str) -> str:
    """Markdown for a heading, of which it may not seem to be the end."""
    return _CLOSING_HASHES.sub(r"\\#", text)


def opening(text: str) -> str:
    """A line that begins no heading, list, quotation, rule, fence, definition or table."""
    match = _OPENING.match(text)
    if match is None:
        return text
    if match["number"]:
        return f"{match['number']}\\{text[match.end('number') :]}"
    return f"\\{text}"


def _inline(text: str, is_whole: bool) -> str:
    """`is_whole`: nothing comes before and nothing after it."""
    if not _SIGNS.search(text):
        return text
    runs = Counter(match.group()[0] for match in _MARKUP.finditer(text) if match["run"] or match["ticks"])

    def escaped(match: re.Match[str]) -> str:
        sign = match.group()
        if not (match["run"] or match["ticks"]):
            return f"\\{sign}"
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        if sign[0] == "_" and before.isalnum() and after.isalnum():
            return sign
        if sign[0] != "`" and _is_space(before, is_whole) and _is_space(after, is_whole):
            return sign
        if is_whole and runs[sign[0]] == 1:
            return sign
        return re.sub(".", r"\\\g<0>", sign)

    return _MARKUP.sub(escaped, text)


def _is_space(sign: str, at_end: bool) -> bool:
    """Whether a neighbour is white space; none counts as such where the text ends there."""
    return sign.isspace() if sign else at_end
