"""The stages of an import in their order: input, capture, draft, proposal, file. One bad item never stops the rest."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import TYPE_CHECKING

from msgspec.structs import replace

from broadsheet.build.files import ARTICLES, MARKDOWN, fingerprint_of
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
from broadsheet.model import Article
from broadsheet.problem import Finding, Problem
from broadsheet.reading.article import read_article
from broadsheet.reading.frontmatter import MAX_BYTES
from broadsheet.slug import MAX_BYTES as MAX_SLUG
from broadsheet.slug import slugify

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
            try:
                captures.keep_feed(self._order.source, kept, SUFFIXES[kind])
            except OSError as error:
                yield _unwritten(captured.name, error)

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
        try:
            return self._compare(item)
        except OSError as error:
            return _unwritten(item.name, error)

    def _compare(self, item: Item) -> Outcome:
        register = self._desk.policy.register
        publisher = sources.recognise(overlay(item.draft, self._given), register, self._given.publisher)
        draft = lines.sort(item.draft, register, publisher.value if publisher else None)
        item = replace(item, draft=overlay(replace(draft, publisher=publisher), self._given))
        measured = measure(item.draft)
        digest = measured.sha256 if measured.words else ""
        known = shelf.of_draft(item.draft, digest, measured.words, self._desk.now)
        digests = measured.digests(item.draft.credits) if measured.plain else ("",)
        matches = (duplicates.same(replace(known, sha256=digest), self._shelf) for digest in digests)
        match = next((found for found in matches if found is not None), None)
        if match is None:
            unread = self._unread(measured)
            return _refused(item.name, unread) if unread else self._write(item, measured, known)
        return again.take(self._order, self._given, self._desk, item, measured, match)

    def _unread(self, measured: Text) -> Finding | None:
        """Why a text waits that went into an article which cannot be read: it may be withdrawn, or still the same."""
        kept = captures.load(self._order.source, measured.sha256)
        if kept is None or self._shelf.get(kept.article) or not (self._order.source / kept.article).is_file():
            return None
        message = f"it was taken in before, and the article made of it cannot be read: {kept.article}"
        return Finding("import/article-unreadable", message, "Mend that file, which 'build' says more of, or remove it")

    def _write(self, item: Item, measured: Text, known: Known) -> Outcome:
        proposal = propose(item.draft, measured, self._given, self._desk, item.retrieved(measured))
        if isinstance(proposal, Finding):
            return replace(_refused(item.name, proposal), draft=item.draft)
        written = sheet.text(proposal)
        if len(written.encode()) > MAX_BYTES:
            message = f"the article would be longer than {MAX_BYTES // 1024} kB, which no build reads"
            return _refused(item.name, Finding("import/too-large", message, "Make it an excerpt, with --kind excerpt"))
        path = self._path(proposal)
        article = read_article(path, written.encode())
        if not isinstance(article, Article):
            message = f"no build would read the article: {article[0].rule}: {article[0].message}"
            return _refused(item.name, Finding("import/not-readable", message, article[0].remedy))
        matter = proposal.matter
        known = replace(known, path=path, kind=matter.kind, story=matter.story or "", draft=matter.draft)
        description = item.draft.description.value if item.draft.description else ""
        known = shelf.with_words(known, measured.plain, description, proposal.fingerprint)
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
        folder = f"{ARTICLES}{proposal.matter.date:%Y/%m}"
        paths = (f"{folder}/{name}{MARKDOWN}" for name in slugs(proposal.slug))
        path = next(path for path in paths if not (path in self._planned or os.path.lexists(self._order.source / path)))
        if self._order.is_dry:
            self._planned.add(path)
        return path

    def _store(self, item: Item, measured: Text, proposal: Proposal, path: str, written: str) -> None:
        """The capture first, the article last: what is there when this is cut short can be taken up again."""
        if measured.plain:
            item.keep(self._order.source, measured, path, written)
        if proposal.fingerprint is not None:
            captures.write(self._order.source, fingerprint_of(path), dump(proposal.fingerprint).encode())
        captures.write(self._order.source, path, written.encode())


def slugs(slug: str) -> Iterator[str]:
    """A slug, and others that are like it, each a slug: a number at the end of a long one takes letters away."""
    yield slug
    for number in count(2):
        end = f"-{number}"
        yield slugify(slug.encode()[: MAX_SLUG - len(end)].decode(errors="ignore")) + end


def _unwritten(name: str, error: OSError) -> Outcome:
    message = f"it cannot be written: {error.strerror or error} ({error.filename})"
    return _refused(name, Finding("import/unwritable", message, "Look at the folder, its permissions and its disk"))


def _others(story: stories.Group, path: str) -> tuple[str, ...]:
    named = (known.path for alike in story.proposed for known in (alike.item, alike.known))
    return tuple(dict.fromkeys(other for other in named if other != path))


def _refused(name: str, finding: Finding) -> Outcome:
    said = problem(name, finding.rule, finding.message, finding.remedy)
    return Outcome(name=name, state=State.REFUSED, problem=said)
