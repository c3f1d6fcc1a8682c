"""feedparser's own test feeds: well formed, ill formed, in odd encodings, each with what a reader should find in it.

    git clone --depth 1 https://github.com/kurtmckee/feedparser
    python -m pytest tests/beside/test_feeds_corpus.py --feeds feedparser/tests -s

The expectations are Python expressions over feedparser's records. Those parts of them that are about an entry's facts
are looked up in the draft: words of titles and texts, links, days, names, terms. The rest is counted as out of scope.
"""

from __future__ import annotations

import ast
import html
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from broadsheet.importing import encoding, moment, recognise
from broadsheet.importing.capture import Capture
from broadsheet.importing.draft import Draft
from broadsheet.importing.feeds import entry as feed_entry
from broadsheet.importing.feeds import feed
from broadsheet.importing.feeds import parsing as entries
from broadsheet.importing.feeds.facts import without_tags
from broadsheet.importing.recognise import InputKind
from broadsheet.problem import Finding
from broadsheet.reading import markdown
from broadsheet.words import plain

NOW = datetime(2026, 11, 22, tzinfo=UTC)
EXPECT = re.compile(r"Expect:\s*(?:not bozo and |bozo and )?(.*?)\s*-->", re.DOTALL)
HEADER = re.compile(r"Header:\s*([\w\-]+):[ \t]*([^\r\n]*)")


@dataclass(frozen=True)
class Case:
    """A feed and what is said of it."""

    name: str
    capture: Capture
    expectation: str

    def claims(self) -> Iterator[tuple[str, Any]]:
        """(path, value) of each part `entries[0]… == value`; of all others (source, None)."""
        try:
            tree = ast.parse(self.expectation.strip(), mode="eval").body
        except SyntaxError:
            yield self.expectation, None
            return
        for part in tree.values if isinstance(tree, ast.BoolOp) else [tree]:
            path = claimed(part)
            yield (path, ast.literal_eval(part.comparators[-1])) if path else (ast.unparse(part), None)  # type: ignore[attr-defined]


def claimed(part: ast.expr) -> str:
    """`title_detail.value` of `entries[0]['title_detail']['value'] == '…'`."""
    if not (isinstance(part, ast.Compare) and isinstance(part.ops[0], ast.Eq)):
        return ""
    steps: list[str] = []
    node = part.left
    try:
        ast.literal_eval(part.comparators[-1])
        while not isinstance(node, ast.Name):
            step = node.attr if isinstance(node, ast.Attribute) else str(ast.literal_eval(node.slice))  # type: ignore[attr-defined]
            steps.insert(0, step)
            node = node.value  # type: ignore[attr-defined]
    except (AttributeError, ValueError):
        return ""
    return ".".join(steps[1:]) if node.id == "entries" and steps[0] == "0" else ""


@pytest.fixture(scope="module")
def cases(feeds: Path) -> list[Case]:
    found = [case(file) for file in sorted(feeds.rglob("*.xml"))]
    assert len(found) > 1000
    return found


def case(file: Path) -> Case:
    data = file.read_bytes()
    said = encoding.utf8(data).data.decode()
    headers = {name.lower(): value.strip() for name, value in HEADER.findall(said)}
    media_type, _, rest = headers.get("content-type", "").partition(";")
    charset = re.sub(r"\s*charset\s*=\s*|['\" ]", "", rest) if "=" in rest else ""
    expect = EXPECT.search(said)
    address = headers.get("content-location", "")
    if not address and file.name.startswith("http_"):
        address = f"http://127.0.0.1:8097/tests/wellformed/{file.parent.name}/{file.name}"  # feedparser's own server
    capture = Capture(
        data=data,
        name=file.name,
        at=NOW,
        url=address if address.startswith("http") else None,
        media_type=media_type,
        charset=charset,
    )
    return Case(f"{file.parent.name}/{file.stem}", capture, expect[1] if expect else "")


def drafted(capture: Capture) -> Draft | None:
    """Of the first entry, however little there is of it."""
    parsed = entries.parse(encoding.utf8(capture.data, capture.charset).data, capture.url or "")
    if isinstance(parsed, Finding) or not parsed.entries:
        return None
    base = capture.url or feed_entry.head_of(parsed.head, "", is_atom=False).address
    head = feed_entry.head_of(parsed.head, base, is_atom=parsed.version.startswith("atom"))
    draft = feed_entry.draft(dict(parsed.entries[0]), head)
    return draft if isinstance(draft, Draft) else None


def test_all_are_recognised(cases: list[Case]) -> None:
    """All but one that has a comment and nothing else."""
    others = {case.name for case in cases if recognise.kind_of(case.capture) is not InputKind.FEED}
    assert others == {"illformed/rss_empty_document"}


def test_each_is_read_or_refused_with_a_reason(cases: list[Case]) -> None:
    counts: Counter[str] = Counter()
    for case in cases:
        read = feed.read(case.capture)
        counts["feeds"] += 1
        if isinstance(read, Finding):
            assert read.message
            counts[read.rule] += 1
            continue
        counts["with a doubt"] += bool(read.doubts)
        for entry in read.entries:
            counts[entry.rule if isinstance(entry, Finding) else "entries"] += 1
    print(dict(counts))
    assert counts["import/not-a-feed"] == 1  # the empty one
    assert counts["import/feed-broken"] == 0


# --- What is said of entries. ---


def shown(value: str) -> str:
    """The words that a reader sees of HTML."""
    return plain(without_tags(value))


def text(draft: Draft) -> str:
    """The words of the draft's blocks, as they will be shown."""
    return plain(html.unescape(without_tags(markdown.read("\n\n".join(draft.blocks)).html)))


def squeezed(value: str) -> str:
    return re.sub(r"\s+", "", value)


def says(expected: str, *found: str) -> bool:
    """Whether one of the texts has the words expected, whether the expectation be HTML or text."""
    wanted = {squeezed(shown(expected)), squeezed(plain(expected)), squeezed(plain(html.unescape(expected)))}
    return bool(wanted & {squeezed(plain(text)) for text in found}) or (
        not squeezed(shown(expected)) and not any(found)
    )


def links(value: str) -> set[str]:
    return {html.unescape(link) for link in re.findall(r'(?:href|src)="(https?://[^"]+)"', value)}


def has_text(draft: Draft, expected: str) -> bool:
    described = draft.description.value if draft.description else ""
    if not says(expected, text(draft), described):
        return False
    kept = links(markdown.read("\n\n".join(draft.blocks)).html) | {left.address for left in draft.left_out}
    anchors = set(re.findall(r'<(?:a|img|audio|video)\b[^>]*?(?:href|src)="(https?://[^"]+)"[^>]*>(?!</a>)', expected))
    return {unquote(html.unescape(one)).rstrip("/") for one in anchors} <= {unquote(one).rstrip("/") for one in kept}


def has_day(draft: Draft, expected: Any) -> bool:
    if isinstance(expected, str):
        return draft.published is not None and moment.written(expected)[0] == draft.published.value
    when = moment.instant(draft.published.value) if draft.published else None
    return when is not None and when.astimezone(UTC).timetuple()[:6] == tuple(expected[:6])


def has_author(draft: Draft, expected: str) -> bool:
    names = draft.authors.value if draft.authors else ()
    return any(name == expected or expected.startswith(f"{name} (") for name in names)


def has_title(draft: Draft, expected: str) -> bool:
    return says(expected, draft.title.value if draft.title else "")


def has_rights(draft: Draft, expected: str) -> bool:
    return says(expected, *[claim.words for claim in draft.licences], *draft.credits)


def has_link(draft: Draft, expected: str) -> bool:
    return draft.url is not None and draft.url.value.rstrip("/") == expected.rstrip("/")


def has_one_of_links(draft: Draft, expected: Any) -> bool:
    """A link of any relation that a draft takes up."""
    link = expected if isinstance(expected, dict) else {"href": expected}
    claimed = {feed_entry.licence_at(link["href"])}
    return (
        has_link(draft, link["href"])
        or any(left.address == link["href"] for left in draft.left_out)
        or any(claim.licence in claimed for claim in draft.licences)
    )


CHECKS: dict[str, Callable[[Draft, Any], bool]] = {
    r"title|title_detail\.value": has_title,
    r"(summary|description|summary_detail\.value|content\.0\.value)": has_text,
    r"link": has_link,
    r"(published|updated|created|date)(_parsed)?": has_day,
    r"id|guid": lambda draft, expected: draft.key == expected,
    r"author|author_detail\.name|authors\.\d\.name": has_author,
    r"rights|rights_detail\.value|copyright": has_rights,
    r"license|(links|enclosures)\.0(\.(href|url))?": has_one_of_links,
    r"source\.title|source\.title_detail\.value": lambda d, expected: says(expected, d.site.value if d.site else ""),
    r"source\.rights|source\.rights_detail\.value": has_rights,
    r"source\.(author|author_detail\.name|authors\.\d\.name)": has_author,
    r"media_thumbnail\.0\.url|image\.href|content\.0\.src": lambda draft, expected: (
        expected in [left.address for left in draft.left_out]
    ),
    r"media_credit\.0\.content": lambda draft, expected: (
        expected in [*draft.credits, *(left.credit for left in draft.left_out)]
    ),
    r"(content\.0|title_detail|summary_detail)\.language|language": lambda draft, expected: (
        (draft.language.value if draft.language else None) == expected
    ),
}
_NO_WORDS = "a drawing without a word, or a formula: markup makes no text of it"
_ONE_LANGUAGE = "the entry is in the language of its text, and its title is in another one"
_NO_HEADER = "a capture does not keep Content-Language"
_TWO_SUMMARIES = "of two summaries the second is no content"
DIFFERENT = {
    "encoding/bozo_linenoise": "a broken character in UTF-8 does not make the others western",
    "atom10/entry_content_base64": "application/octet-stream is no text; a doubt says so",
    "atom10/entry_content_base64_2": "application/octet-stream is no text; a doubt says so",
    "lang/entry_title_xml_lang_inherit_3": _ONE_LANGUAGE,
    "lang/entry_title_xml_lang_inherit_4": _ONE_LANGUAGE,
    "lang/http_content_language_entry_title_inherit": _NO_HEADER,
    "lang/http_content_language_entry_title_inherit_2": _NO_HEADER,
    "namespace/atommathml": _NO_WORDS,
    "namespace/atomsvgdesc": _NO_WORDS,
    "namespace/atomsvgtitle": _NO_WORDS,
    "namespace/atomxlink": _NO_WORDS,
    "namespace/rss2.0xlink": _NO_WORDS,
    "rss/item_description_and_summary": _TWO_SUMMARIES,
    "rss/item_summary_and_description": _TWO_SUMMARIES,
    "rss/item_description_not_a_doctype": "browsers take it for a comment, so there is no word in it",
}
"""Case -> why the draft rightly has something else."""


OUT_OF_SCOPE = {
    "of the feed itself": r"feed\b|not feed|len\(feed",
    "encoding, version, headers": r"encoding|(not )?bozo|isinstance|version|1$|namespaces|headers|(not )?'?(etag|mod)",
    "categories, which are not taken over": r"(entries\[0\].?.?)?(tags|category|categories)",
    "places, podcast and chapter details": r".*(where|itunes|psc|rating|restriction|player|explicit)",
    "contributors, publishers": r".*(contributors|publisher)",
    "mail and web addresses of people": r".*author.*(email|url|href|uri)",
    "kind, base, length and title of a link or text": r".*(rel|type|base|title|length|hreflang)\b",
    "of an entry's source, but its title, author and rights": r"source",
}


def scope(path: str) -> str:
    return next((name for name, form in OUT_OF_SCOPE.items() if re.match(form, path)), f"other: {path[:60]}")


def test_what_is_said_of_entries_is_so(cases: list[Case]) -> None:
    """But for what is listed above with its reason, and nothing is listed that is so."""
    counts: Counter[str] = Counter()
    different = {}
    for case in cases:
        for path, expected in case.claims():
            check = next((check for form, check in CHECKS.items() if re.fullmatch(form, path)), None)
            if check is None or expected is None:
                counts[scope(path)] += 1
                continue
            counts["CHECKED"] += 1
            draft = drafted(case.capture)
            if draft is None or not check(draft, expected):
                counts["DIFFERENT"] += 1
                different[case.name] = f"{path} == {expected!r}, but {draft}"
    print(*sorted(counts.items()), sep="\n")
    assert {name: said for name, said in different.items() if name not in DIFFERENT} == {}
    assert set(DIFFERENT) == set(different)
    assert counts["CHECKED"] > 350
