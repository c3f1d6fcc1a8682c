"""The text: what trafilatura finds in a page, less what is about something else, with the standfirst that it loses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from broadsheet.importing import markup
from broadsheet.importing.draft import Removed
from broadsheet.importing.page.document import Element
from broadsheet.importing.page.layout import Layout, Line, bare

_OTHER = re.compile(
    r"(?:^|[\s_-])(?:related\w*|read-?(?:more|also|next)|more-?(?:about|from|on|stories)|next-?(?:story|post|article)|"
    r"newsletter\w*|subscri(?:be|ption)\w*|"
    r"shar(?:e|ing)(?:-?(?:buttons?|bar|links?|tools?))?|sharedaddy|likes?-widget\w*|rating|"
    r"author-?(?:bio|box|info|profile|card|desc\w*)|about-?(?:the-?)?author|bio|biography|"
    r"(?:image|photo|picture|media)-?(?:credit|caption)|wp-caption-text|wp-embedded-content|"
    r"disqus\w*|respond|cookie\w*|consent|content-?blocker)(?:$|[\s_-])|"
    r"(?:^|\s)comments?(?:-?(?:list|area|form|section))?(?:$|\s)"
)
_MOST = 0.3
"""Of the text of a page: what has more of it is no box beside it, whatever it is called."""
_LEAST = 40
"""Characters of a standfirst that the description confirms."""
_SENTENCES = 100
"""Characters from which a line is a standfirst on its own word."""
_FAR = 15
"""Lines from the headline to a standfirst: byline, date, picture and buttons stand between."""
_LITTLE = 500
"""Characters of a text that may not be all of the article."""
_SENTENCE_END = re.compile(r"[.!?…:»”\"“)。！？]\W*\Z")
# The same in the languages of Europe, at the beginning of a line.
_MORE = re.compile(
    r"[\W_]*(?:related\b|more (?:on|from|about|in|stories|articles|news)\b|read (?:more|also|next|on)\b|see also\b|"
    r"also (?:read|interesting|on)\b|you (?:might|may) (?:also )?(?:like|be interested)|recommended\b|"
    r"further reading\b|view comments\b|auch (?:interessant|lesen)|lesen sie (?:auch|mehr|hier)|lies auch|"
    r"weitere (?:\w+ )?(?:themen|artikel|beiträge|meldungen|nachrichten|informationen zum thema)|"
    r"mehr (?:zum thema|themen|artikel|dazu|über|lesen|aus)\b|schon gelesen|(?:das|dies) (?:\w+ )?könnte|"
    r"lust auf mehr|zum thema\b|passend dazu|meistgelesen|(?:[àa] )?lire (?:aussi|également)|sur le même sujet|"
    r"articles? (?:liés|similaires|associés)|lea también|lee también|leer más|[lt]e puede interesar|también te|"
    r"contenido relacionado|(?:notas?|noticias|artículos) relacionad[ao]s?|más (?:sobre|noticias|información)\b|"
    r"temas\b|leia (?:também|mais)|veja também|leggi anche|lees ook|meer over|czytaj (?:także|też|również|więcej)|"
    r"zobacz (?:także|też|również)|läs (?:också|även|mer)|les (?:også|mer)|læs også|"
    r"читайте также|по теме|相关|関連記事)",
    re.IGNORECASE,
)
_LINK = re.compile(r"\[(?:[^\[\]\\]|\\.)*\]\((?:<[^<>]*>|[^()\s]*)\)")
_ARROW = re.compile(r"[\s\\*_\[]*(?:>>|»|→|►|▶|➔|\+\+\+)")
_CREDIT = re.compile(
    r"©|\(c\)|copyright|licen[cs]|lizenz|quelle|source|agenc|agentur|(?:f|ph)oto|reprint|nachdruck|"
    r"\b(?:afp|ap|apa|dpa|efe|epd|kna|reuters|sda|upi)\b",
    re.IGNORECASE,
)
_LONG_LABEL = 80
"""Letters and digits from which a line is a sentence."""
_PARAGRAPH = 250
"""Characters from which what stands behind `Related` is the article going on."""
_ELSEWHERE = "leads to other articles"


_EMPTY = re.compile(r"<(?!br\b|hr\b|img\b)[a-z]\w*(?:\s[^<>]*)?/>")
_BOXES = ("div", "section", "aside", "ul", "ol", "p", "span", "blockquote", "figcaption")


class Candidate(Struct, frozen=True):
    """A line that may be a standfirst."""

    line: Line
    distance: int
    """From the headline, in lines."""
    is_said: bool
    """Whether the page says the same in its description."""


def extracted(layout: Layout, tree: Element, base: str) -> markup.Text:
    """What trafilatura finds; where that is next to nothing beside what the page shows, the paragraphs that it shows.

    The tree is used up. Raises ImportError where trafilatura is not installed.
    """
    import trafilatura

    shown = [line for line in layout.lines[layout.start + 1 :] if _is_within(layout, line)]
    _prune(layout, tree)
    # With `fast` it finds a fiftieth less and is no faster on whole pages; `favor_precision` loses as many good lines
    # as bad ones. docs/importing-pages.md has the figures.
    html = trafilatura.extract(
        tree,
        output_format="html",
        include_comments=False,
        include_tables=True,
        include_links=True,
        include_formatting=True,
    )
    # Empty elements come as XML writes them, and HTML reads `<a/>` as a link that all the rest is in.
    text = markup.blocks(_EMPTY.sub("", html or ""), base)
    size = sum(map(len, text.blocks))
    if size < _LITTLE and size * 4 < sum(len(line.text) for line in shown):
        return markup.Text(tuple(block for line in shown for block in _written(line, base)))
    return text


def _is_within(layout: Layout, line: Line) -> bool:
    is_prose = _is_prose(line, _LEAST) and _is_ours(layout, line.block)
    return is_prose and layout.root in (line.block, *line.block.iterancestors())


def _prune(layout: Layout, tree: Element) -> None:
    """Take out of the tree what its marks say is about something else: comments, teasers, captions, offers."""
    most = _MOST * sum(len(line.text) for line in layout.lines)
    for element in list(tree.iter(*_BOXES)):
        is_other = element.tag == "figcaption" or _OTHER.search(_label(element))
        if is_other and element not in layout.around and len(element.text_content()) < most:
            element.drop_tree()


def _label(element: Element) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}".lower()


def candidates(layout: Layout, descriptions: Iterable[str]) -> tuple[Candidate, ...]:
    """The lines below the headline that may be the article's standfirst, by what the page says it is about."""
    said = [one for one in map(bare, descriptions) if len(one) > _LEAST // 2]
    found = []
    for distance, line in enumerate(layout.lines[layout.start + 1 : layout.start + 1 + _FAR], 1):
        is_said = len(line.text) >= _LEAST and _is_said(bare(line.text), said)
        if is_said or (layout.start and _is_prose(line) and _is_ours(layout, line.block)):
            found.append(Candidate(line, distance, is_said))
    return tuple(found)


def _is_ours(layout: Layout, element: Element) -> bool:
    if layout.is_remote(element):
        return False
    while element is not None and element not in layout.around:
        if _OTHER.search(_label(element)):
            return False
        element = element.getparent()
    return True


def _written(line: Line, base: str) -> tuple[str, ...]:
    """A line as markdown; without its links where its element has other blocks in it too."""
    from lxml import html

    if len(bare(line.block.text_content())) > len(bare(line.text)):
        return (markup.escape(line.text),)
    return markup.blocks(html.tostring(line.block, encoding="unicode", with_tail=False), base).blocks


def standfirst(layout: Layout, candidates: Iterable[Candidate], blocks: Sequence[str], base: str) -> tuple[str, ...]:
    """The blocks between headline and text that the text lacks."""
    found = bare("".join(blocks))
    end = _beginning(layout, blocks)
    kept: list[str] = []
    for one in candidates:
        words = bare(one.line.text)
        if words not in found and (one.is_said or one.distance < end):
            kept.extend(_written(one.line, base))
            found += words
    return tuple(kept)


def without_leads(blocks: Sequence[str]) -> tuple[tuple[str, ...], tuple[Removed, ...]]:
    """The blocks less those that lead to other articles, and these: lines such as `Read also: …`, a list at the end.

    A heading such as `Related` ends the article where only links and short lines follow.
    """
    kept: list[str] = []
    found: list[Removed] = []
    end = _end(blocks)
    for n, block in enumerate(blocks):
        if n and (_is_lead(block) if n < end else not is_credit(block)):
            found.append(Removed(block, _ELSEWHERE))
        else:
            kept.append(block)
    return tuple(kept), tuple(found)


def is_credit(block: str) -> bool:
    """Whether a block may be a credit, which is never removed here: others put it where it is kept."""
    return bool(_CREDIT.search(block)) and not _LINK.search(block)


def _end(blocks: Sequence[str]) -> int:
    """Where a list of other articles begins: the first label behind which there are only links and little else."""
    sizes = [len(unlinked(block)) for block in blocks]
    whole, behind, end = sum(sizes), 0, len(blocks)
    for n in range(len(blocks) - 1, 0, -1):
        behind += sizes[n]
        if sizes[n] > _PARAGRAPH or behind * 5 >= whole:
            break
        if _is_label(blocks[n]) and not _LINK.search(blocks[n]):
            end = n
    return end


def _is_label(block: str) -> bool:
    return len(bare(block)) < _LONG_LABEL and bool(_MORE.match(block))


def _is_lead(block: str) -> bool:
    rest = bare(unlinked(block))
    if not _LINK.search(block):
        return _is_label(block) and len(rest) < _LONG_LABEL // 2 and block.rstrip("* ").endswith(":")
    return (_is_label(block) and len(rest) < _LONG_LABEL // 2) or (len(rest) < 3 and bool(_ARROW.match(block)))


def unlinked(block: str) -> str:
    """A block of markdown less its links and the words in them."""
    return _LINK.sub("", block)


def _beginning(layout: Layout, blocks: Sequence[str]) -> int:
    """How many lines below the headline the text begins; 0 where it cannot be told."""
    for block in blocks[:3]:
        opening = bare(block)[:40]
        for distance, line in enumerate(layout.lines[layout.start + 1 : layout.start + 60], 1):
            if len(opening) > 20 and opening in bare(line.text):
                return distance
    return 0


def _is_said(words: str, descriptions: Iterable[str]) -> bool:
    """Whether a line and a description begin alike, or the one has the other."""
    return any(words[:60] == one[:60] or words in one or (len(one) > 60 and one[:60] in words) for one in descriptions)


def _is_prose(line: Line, least: int = _SENTENCES) -> bool:
    linked = sum(len(link.text_content()) for link in line.block.iter("a"))
    return len(line.text) >= least and 2 * linked < len(line.text) and bool(_SENTENCE_END.search(line.text))
