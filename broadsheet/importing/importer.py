"""The stages of an import in their order: input, capture, draft, proposal, file. One bad item never stops the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from broadsheet.build.files import FINGERPRINT
from broadsheet.fingerprint import dump
from broadsheet.importing import again, captures, inputs, lines, recognise, sheet, text
from broadsheet.importing import source as sources
from broadsheet.importing.capture import Capture
from broadsheet.importing.given import Given, overlay
from broadsheet.importing.inputs import Unmodified, problem
from broadsheet.importing.item import FEEDS, SUFFIXES, Item, Order
from broadsheet.importing.known import duplicates, shelf, stories
from broadsheet.importing.known.shelf import Known, Shelf
from broadsheet.importing.outcome import Outcome, State
from broadsheet.importing.proposal import Desk, Proposal, Text, measure, propose
from broadsheet.importing.recognise import InputKind
from broadsheet.problem import Finding, Problem
from broadsheet.reading.frontmatter import MAX_BYTES

if TYPE_CHECKING:
    from broadsheet.importing.feeds.feed import Feed

Progress = Callable[[str, int, int], None]
"""Called with what is done, the number of items done, and the same again: how many there are is not known before."""


class Importer:
    """One run. It knows what the site has, and learns what it wrote."""

    def __init__(self, order: Order, given: Given, desk: Desk, reader: inputs.Reader, known: Shelf) -> None:
        self._order, self._given, self._desk, self._reader, self._shelf = order, given, desk, reader, known
        self._planned: set[str] = set()
        self.lacks: set[str] = set()
        """Libraries for want of which no stories were proposed."""

    def take(self, names: Iterable[str], progress: Progress) -> Iterator[Outcome]:
        """Import all that is named, item by item."""
        done = 0
        for captured in self._reader.read_all(names):
            for outcome in self._take(captured):
                done += 1
                progress("Importing", done, done)
                yield outcome

    def _take(self, captured: inputs.Input, *, is_listed: bool = False) -> Iterator[Outcome]:
        """`is_listed`: it was named by an OPML file, which names feeds and no further such files."""
        if isinstance(captured, Unmodified):
            yield Outcome(name=captured.name, state=State.UNMODIFIED)
            return
        if isinstance(captured, Problem):
            yield Outcome(name=captured.path, state=State.REFUSED, problem=captured)
            return
        kind = recognise.kind_of(captured)
        if isinstance(kind, Finding):
            yield _refused(captured.name, kind)
        elif kind is InputKind.OPML and is_listed:
            message = "a list of feeds names another list of feeds"
            yield _refused(captured.name, Finding("import/opml-in-opml", message, "Import that list by itself"))
        elif kind is InputKind.OPML:
            yield from self._take_subscriptions(captured)
        elif kind in FEEDS:
            yield from self._take_feed(captured, kind)
        else:
            yield self._take_one(captured, kind)

    def _take_subscriptions(self, captured: Capture) -> Iterator[Outcome]:
        from broadsheet.importing.feeds import opml

        subscriptions = opml.read(captured)
        if isinstance(subscriptions, Finding):
            yield _refused(captured.name, subscriptions)
            return
        for subscription in subscriptions:
            yield from self._take(self._reader.fetch(subscription.feed), is_listed=True)

    def _take_feed(self, captured: Capture, kind: InputKind) -> Iterator[Outcome]:
        from broadsheet.importing.feeds import feed, json_feed

        if self._given.is_of_one:
            message = "--title, --url and --quote are about one article, and a feed has many"
            yield _refused(captured.name, Finding("import/one-only", message, "Leave them out"))
            return
        reader = feed if kind is InputKind.FEED else json_feed
        read: Feed | Finding = reader.read(captured, self._order.newest, self._order.since)
        if isinstance(read, Finding):
            yield _refused(captured.name, read)
            return
        is_whole = self._order.newest is None and self._order.since is None
        number, doubts = 0, read.doubts
        for number, entry in enumerate(read.entries, 1):
            name = f"{captured.name}, entry {number}"
            if isinstance(entry, Finding):
                outcome = _refused(name, entry)
            else:
                name = entry.url.value if entry.url else name
                outcome = self._finish(Item(name, captured, kind, entry))
            yield replace(outcome, doubts=doubts)
            doubts = ()
        if number == 0:
            yield Outcome(name=captured.name, state=State.EMPTY, doubts=doubts)
        if not self._order.is_dry:
            # Only of a feed that was taken in whole may the next run hear that nothing is new.
            kept = captured if is_whole else replace(captured, etag="", modified="")
            captures.keep_feed(self._order.source, kept, SUFFIXES[kind])

    def _take_one(self, captured: Capture, kind: InputKind) -> Outcome:
        if kind is InputKind.HTML:
            from broadsheet.importing import page  # its library is an extra, and slow to import

            draft = page.read(captured)
        else:
            draft = text.read(captured, self._desk.policy.register)
        if isinstance(draft, Finding):
            return _refused(captured.name, draft)
        return self._finish(Item(captured.name, captured, kind, draft))

    def _finish(self, item: Item) -> Outcome:
        """From a draft to what is written, or to the reason why nothing is."""
        register = self._desk.policy.register
        publisher = sources.recognise(overlay(item.draft, self._given), register, self._given.publisher)
        draft = lines.sort(item.draft, register, publisher.value if publisher else None)
        item = replace(item, draft=overlay(replace(draft, publisher=publisher), self._given))
        measured = measure(item.draft)
        known = shelf.of_draft(item.draft, measured.plain, self._desk.now)
        digests = measured.digests(item.draft.credits) if measured.plain else ("",)
        matches = (duplicates.same(replace(known, sha256=digest), self._shelf) for digest in digests)
        match = next((found for found in matches if found is not None), None)
        if match is None:
            return self._write(item, measured, known)
        return again.take(self._order, self._given, self._desk, item, measured, match.known.path, match.reason)

    def _write(self, item: Item, measured: Text, known: Known) -> Outcome:
        proposal = propose(item.draft, measured, self._given, self._desk, item.retrieved(measured))
        if isinstance(proposal, Finding):
            return replace(_refused(item.name, proposal), draft=item.draft)
        written = sheet.text(proposal)
        if len(written.encode()) > MAX_BYTES:
            message = f"the article would be longer than {MAX_BYTES // 1024} kB, which no build reads"
            return _refused(item.name, Finding("import/too-large", message, "Make it an excerpt, with --kind excerpt"))
        path = self._path(proposal)
        matter = proposal.matter
        known = replace(known, path=path, kind=matter.kind, story=matter.story or "", draft=matter.draft)
        near = duplicates.near(known, self._shelf)
        story = self._story(known)
        if not self._order.is_dry:
            self._store(item, measured, proposal, path, written)
        self._shelf.add(known)
        return Outcome(
            name=item.name,
            state=State.NEW,
            path=path,
            kind_of_input=item.kind.value,
            words=measured.words,
            draft=item.draft,
            proposal=proposal,
            near=tuple(one.reason("this text", one.known.path) for one in near),
            story=story.slug if story else "",
            story_with=_others(story, path) if story else (),
        )

    def _story(self, known: Known) -> stories.Group | None:
        try:
            return stories.propose(known, self._shelf)
        except ModuleNotFoundError as error:
            self.lacks.add(str(error.name))
            return None

    def _path(self, proposal: Proposal) -> str:
        """Where no article is yet."""
        stem = f"content/articles/{proposal.matter.date:%Y/%m}/{proposal.slug}"
        number, path = 1, f"{stem}.md"
        while path in self._planned or (self._order.source / path).exists():
            number += 1
            path = f"{stem}-{number}.md"
        if self._order.is_dry:
            self._planned.add(path)
        return path

    def _store(self, item: Item, measured: Text, proposal: Proposal, path: str, written: str) -> None:
        """The capture first, the article last: what is there when this is cut short can be taken up again."""
        if measured.plain:
            item.keep(self._order.source, measured, path, written)
        file = self._order.source / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if proposal.fingerprint is not None:
            captures.write(file.with_suffix(FINGERPRINT), dump(proposal.fingerprint).encode())
        captures.write(file, written.encode())


def _others(story: stories.Group, path: str) -> tuple[str, ...]:
    named = (known.path for alike in story.proposed for known in (alike.item, alike.known))
    return tuple(dict.fromkeys(other for other in named if other != path))


def _refused(name: str, finding: Finding) -> Outcome:
    said = problem(name, finding.rule, finding.message, finding.remedy)
    return Outcome(name=name, state=State.REFUSED, problem=said)
