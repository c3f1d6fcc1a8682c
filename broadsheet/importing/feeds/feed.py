"""A feed -> drafts: RSS 0.9 to 2.0, RDF Site Summary, Atom 0.3 and 1.0, CDF."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, TypeVar

from msgspec import Struct

from broadsheet.importing import encoding, moment
from broadsheet.importing.capture import Capture
from broadsheet.importing.draft import Draft, Fact, LicenceClaim
from broadsheet.importing.feeds.entry import Head, draft, head_of, published
from broadsheet.importing.feeds.facts import empty, fact, is_empty, language
from broadsheet.problem import Finding

T = TypeVar("T")


class Feed(Struct, frozen=True, kw_only=True):
    """What a feed says of itself, and what is in it."""

    title: Fact[str] | None = None
    home: Fact[str] | None = None
    """The page that it is the feed of."""
    language: Fact[str] | None = None
    """BCP 47."""
    licences: tuple[LicenceClaim, ...] = ()
    """Of the feed as a whole. Entries to which they extend have them, too."""
    doubts: tuple[str, ...] = ()
    """For people: what was wrong with the feed."""
    entries: Iterator[Draft | Finding]
    """In the feed's order, each made when it is asked for. To be gone through once."""


def read(capture: Capture, newest: int | None = None, since: datetime | None = None) -> Feed | Finding:
    """A captured feed: `import/not-a-feed`, `import/feed-broken`, `import/feed-too-large`.

    Of entries: `import/entry-empty`, `import/entry-too-long`. Relative addresses are relative to the capture's, or else
    to the one that the feed gives itself. With `newest` or `since` only those are made into drafts, as by `choose`.
    """
    from broadsheet.importing.feeds import parsing as entries  # and feedparser with it, which is slow to import

    utf8 = encoding.utf8(capture.data, capture.charset)
    parsed = entries.parse(utf8.data, capture.url or "")
    if isinstance(parsed, Finding):
        return parsed
    if not parsed.version and not parsed.entries and not parsed.head:
        return Finding("import/not-a-feed", "it is neither RSS nor Atom", "Look whether it is the feed's own address")
    doubts = (*([f"the feed is {utf8.doubt}"] if utf8.doubt else []), *parsed.doubts)
    base = capture.url or head_of(parsed.head, "", is_atom=False).address
    head = head_of(parsed.head, base, is_atom=parsed.version.startswith("atom"))
    return Feed(
        title=fact(head.title, "the feed's title"),
        home=fact(head.home, "the feed's link"),
        language=fact(language(head.fields.get("language")), "the feed's language"),
        licences=head.licences,
        doubts=doubts,
        entries=_drafts(choose(parsed.entries, published, newest, since), head),
    )


def newest(found: Iterable[Draft | Finding], count: int) -> list[Draft | Finding]:
    """The newest drafts, newest first; up to that number then what has no date. Keeps no more than that in memory."""
    return choose(found, _date_of, newest=count)


def since(found: Iterable[Draft | Finding], start: datetime) -> list[Draft | Finding]:
    """What was published from an instant on, in the feed's order, and what has no date."""
    return choose(found, _date_of, since=start)


def choose(
    found: Iterable[T],
    date_of: Callable[[T], Fact[str] | None],
    newest: int | None = None,
    since: datetime | None = None,
) -> list[T]:
    """Of the entries of a feed those published from `since` on, and of these the newest.

    Without `newest` they are in the feed's order. What has no date stays, after all that has one; of what has a day
    without an hour, the day counts.
    """

    def is_late(item: T) -> bool:
        date = date_of(item) if since else None
        return since is None or date is None or moment.end(date.value) >= since

    def rank(numbered: tuple[int, T]) -> tuple[bool, float, int]:
        date = date_of(numbered[1])
        return date is not None, moment.instant(date.value).timestamp() if date else 0.0, -numbered[0]

    late = filter(is_late, found)
    return list(late) if newest is None else [item for _, item in heapq.nlargest(newest, enumerate(late), key=rank)]


def _date_of(item: Draft | Finding) -> Fact[str] | None:
    return item.published if isinstance(item, Draft) else None


def _drafts(found: list[dict[str, Any]], head: Head) -> Iterator[Draft | Finding]:
    found.reverse()
    while found:
        made = draft(found.pop(), head)  # popped, so that a long feed grows shorter while it is read
        yield empty() if isinstance(made, Draft) and is_empty(made) else made
