"""What is imported again: nothing where nothing changed, else a comparison and, on request, a merge."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher, unified_diff
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from broadsheet import url
from broadsheet.build.files import fingerprint_of
from broadsheet.fields import Unknown
from broadsheet.fingerprint import dump, fingerprint
from broadsheet.importing import captures, sheet
from broadsheet.importing.draft import Draft, Fact
from broadsheet.importing.given import Given
from broadsheet.importing.item import Item, Order
from broadsheet.importing.known.duplicates import Match
from broadsheet.importing.merge import Merged, joined, merge, taken_apart
from broadsheet.importing.outcome import Outcome, State
from broadsheet.importing.proposal import Desk, Proposal, Text, agencies_named, propose
from broadsheet.importing.sentences import sentences
from broadsheet.importing.source import IN_FILE, Word, word_for
from broadsheet.model import Article, Kind
from broadsheet.problem import Finding, Problem
from broadsheet.reading.article import read_article, read_fingerprint
from broadsheet.reading.frontmatter import MAX_BYTES
from broadsheet.rights.verbatim import is_verbatim
from broadsheet.words import count_words


class Earlier(Struct, frozen=True):
    """The article that was made before."""

    path: str
    text: str
    """Of its file, line ends as LF."""
    article: Article
    is_crlf: bool


def take(order: Order, given: Given, desk: Desk, item: Item, measured: Text, match: Match) -> Outcome:
    """An item of which the site has an article already."""
    outcome = Outcome(
        name=item.name,
        state=State.SAME,
        path=match.known.path,
        kind_of_input=item.kind.value,
        words=measured.words,
        draft=item.draft,
        why_same=match.reason,
    )
    if match.by_text and not order.is_update:
        return outcome  # nothing has changed, and the article need not be read to know that
    earlier = _earlier(order.source, match.known.path)
    if earlier is None:
        return outcome
    is_bare = order.is_update and _lacks_fingerprint(earlier.article, measured)
    if not is_bare and not _has_changed(earlier.article, item.draft, measured):
        return outcome
    if not _is_original(earlier.article, item, desk):
        host = url.host(item.capture.url or "")
        return replace(outcome, why_same=f"{match.reason}; what {host} has of it says nothing of the original")
    outcome = replace(outcome, state=State.CHANGED, difference=_difference(order.source, earlier, measured))
    if not order.is_update:
        return outcome
    return _update(order, given, desk, item, measured, earlier, outcome)


def _earlier(source: Path, path: str) -> Earlier | None:
    """The article in a file; None where it cannot be read, which is a matter of the build."""
    try:
        data = (source / path).read_bytes()
        article = read_article(path, data)
    except OSError:
        return None
    if not isinstance(article, Article):
        return None
    beside = source / fingerprint_of(path)
    stored = read_fingerprint(path, beside.read_bytes()) if beside.is_file() else None
    article = replace(article, fingerprint=None if isinstance(stored, Problem) else stored)
    text = data.decode("utf-8-sig")
    return Earlier(path, text.replace("\r\n", "\n"), article, "\r\n" in text)


def _has_changed(article: Article, draft: Draft, measured: Text) -> bool:
    """Whether the text is another than the one that was captured. A part of a text says nothing of the whole."""
    retrieved = article.matter.retrieved
    if article.matter.withdrawn is not None or retrieved is None or retrieved.sha256 is None or not measured.plain:
        return False
    is_same = retrieved.sha256 in measured.digests(draft.credits)
    return not is_same and (draft.is_whole or (retrieved.words or 0) <= measured.words)


def _lacks_fingerprint(article: Article, measured: Text) -> bool:
    """Whether the fingerprint of a text that may not be kept has gone, without which no build sees what is copied."""
    matter = article.matter
    if matter.kind not in (Kind.EXCERPT, Kind.LINK) or matter.withdrawn is not None or matter.retrieved is None:
        return False
    return article.fingerprint is None and bool(measured.plain) and matter.retrieved.sha256 == measured.sha256


def _is_original(article: Article, item: Item, desk: Desk) -> bool:
    """Whether a text came from where the article's did, or from the publisher, or from the curator's own disk."""
    origin, retrieved = article.matter.origin, article.matter.retrieved
    came_from = item.capture.url
    if came_from is None or origin is None or (retrieved and url.host(retrieved.from_ or "") == url.host(came_from)):
        return True
    known = Fact(origin.publisher, "its file") if origin.publisher in desk.policy.register.publishers else None
    address = Fact(origin.url, "its file") if isinstance(origin.url, str) else None
    said = replace(item.draft, publisher=known, url=address)
    return word_for(item.draft, "", desk.policy.register) is Word.CURATOR or (
        word_for(said, came_from, desk.policy.register) is Word.PUBLISHER
    )


def _difference(source: Path, earlier: Earlier, measured: Text) -> tuple[str, ...]:
    """The lines of a comparison. Of what may not be reprinted, only how much changed: a report may be kept."""
    retrieved = earlier.article.matter.retrieved
    before = captures.text_of(source, retrieved.sha256 if retrieved else None)
    if before is None and earlier.article.matter.kind is Kind.FULL:
        before = " ".join(passage.text for passage in earlier.article.body.passages)
    if before is None:
        was = retrieved.words if retrieved else None
        return (f"{was or 'unknown'} words before, {measured.words} now; the earlier text is not kept here",)
    old, new = sentences(" ".join(before.split())), sentences(" ".join(measured.plain.split()))
    if earlier.article.matter.kind is Kind.FULL:
        lines = unified_diff(old, new, lineterm="", n=0)
        return tuple(line for line in lines if not line.startswith(("@@", "---", "+++")))
    return tuple(_in_numbers(old, new))


def _in_numbers(old: list[str], new: list[str]) -> Iterator[str]:
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    gone = [said for code, one, end, _, _ in codes if code != "equal" for said in old[one:end]]
    come = [said for code, _, _, one, end in codes if code != "equal" for said in new[one:end]]
    yield f"words in sentences that are gone or changed: {count_words(' '.join(gone))}"
    yield f"words in sentences that are new or changed: {count_words(' '.join(come))}"


def _update(
    order: Order, given: Given, desk: Desk, item: Item, measured: Text, earlier: Earlier, outcome: Outcome
) -> Outcome:
    matter = earlier.article.matter
    asked = replace(given, kind=matter.kind, quotations=(), comment="", date=matter.date)
    retrieved = item.retrieved(measured)
    proposal = propose(_with_known(item.draft, earlier.article), measured, asked, desk, retrieved)
    finding = proposal if isinstance(proposal, Finding) else _hindrance(proposal, earlier.article, desk)
    if finding is not None or isinstance(proposal, Finding):
        return _refused(outcome, finding)
    kept = captures.load(order.source, matter.retrieved.sha256 if matter.retrieved else None)
    written, theirs = kept.written if kept else None, sheet.text(proposal)
    if len(theirs.encode()) > MAX_BYTES:
        return _refused(outcome, Finding("import/merge-failed", "the text is longer than a build reads", "Shorten it"))
    merged = merge(
        written, earlier.text, _rebodied(theirs, written, earlier), is_untouched=is_verbatim(earlier.article)
    )
    merged = replace(merged, kept=(*merged.kept, *_fallen(earlier.article, measured)))
    correction = _correction(earlier.article, merged)
    if correction:
        merged = replace(merged, text=_corrected(merged.text, correction, f"{desk.now:%Y-%m-%d}"))
    article = read_article(earlier.path, merged.text.encode())
    if not isinstance(article, Article):
        return _refused(outcome, Finding("import/merge-failed", "the file cannot be merged", "Edit it by hand"))
    if not order.is_dry:
        _store(order.source, item, measured, theirs, merged, earlier, article)
    return replace(outcome, state=State.UPDATED, proposal=proposal, merged=merged, correction=correction)


def _rebodied(theirs: str, written: str | None, earlier: Earlier) -> str:
    """What the importer would write today, with the curator's text in it once they have written one."""
    ours = taken_apart(earlier.text).markdown
    if earlier.article.matter.kind is Kind.FULL or (written and taken_apart(written).markdown == ours):
        return theirs
    return joined(taken_apart(theirs).yaml, ours)


def _fallen(article: Article, measured: Text) -> Iterator[str]:
    """Quotations that stood in the original, and do so no longer."""
    for quotation in article.body.quotations if article.matter.kind is not Kind.FULL else ():
        if not measured.has(quotation.text):
            yield f"line {quotation.line}, a quotation that no longer stands in the original"


def _refused(outcome: Outcome, finding: Finding | None) -> Outcome:
    assert finding is not None
    problem = Problem(outcome.path, 1, 1, finding.rule, finding.message, finding.remedy)
    return replace(outcome, state=State.REFUSED, problem=problem)


def _with_known(draft: Draft, article: Article) -> Draft:
    """The draft with what the file says where the capture says nothing: it may have been given the first time."""
    origin = article.matter.origin
    if origin is None:
        return draft
    published = None if isinstance(origin.published, Unknown) else origin.published
    return replace(
        draft,
        title=draft.title or Fact(article.matter.title, IN_FILE),
        authors=draft.authors or (Fact(origin.authors, IN_FILE) if origin.authors else None),
        published=draft.published or (Fact(published.isoformat(), IN_FILE) if published else None),
        url=draft.url or (Fact(origin.url, IN_FILE) if isinstance(origin.url, str) else None),
        publisher=Fact(origin.publisher, IN_FILE) if origin.publisher != "unknown" else draft.publisher,
    )


def _hindrance(proposal: Proposal, article: Article, desk: Desk) -> Finding | None:
    """Why the text may not follow the original: it is no longer permitted, or names agencies that nobody looked at."""
    matter = article.matter
    if matter.kind is not Kind.FULL:
        return None
    if proposal.matter.kind is not Kind.FULL:
        said = proposal.why_not_full[0].message if proposal.why_not_full else "the gate refuses it"
        remedy = "Look at the original; then make the kind 'excerpt', or withdraw the article"
        return Finding("import/no-longer-permitted", f"the text as it is now may not be reprinted: {said}", remedy)
    new = [said for said in proposal.agencies if said not in agencies_named(matter, article.body, desk)]
    if matter.review is None or not new:
        return None
    message = f"the text as it is now was not reviewed: {new[0]}"
    return Finding("import/review-again", message, "Look at it, take the 'review:' out, and import again with --update")


def _correction(article: Article, merged: Merged) -> str:
    """The words under which a published reprint follows its original; a proposal, for the curator to better."""
    if article.matter.draft or article.matter.kind is not Kind.FULL or "text" not in merged.followed:
        return ""
    return "The publisher changed its text after this reprint was made, and the reprint now follows it."


def _corrected(text: str, correction: str, day: str) -> str:
    """The file with one more entry in `corrections`."""
    made = taken_apart(text)
    entry = [f"- date: {day}\n", f"  text: {sheet.scalar(correction)}\n"]
    lines = made.yaml.splitlines(keepends=True)
    first = next((n for n, line in enumerate(lines) if line.startswith("corrections:")), None)
    if first is None:
        lines += ["corrections:\n", *entry]
    else:
        lines[first + 1 : first + 1] = entry
    return joined("".join(lines), made.markdown)


def _store(
    source: Path, item: Item, measured: Text, theirs: str, merged: Merged, earlier: Earlier, article: Article
) -> None:
    item.keep(source, measured, earlier.path, theirs)
    if article.matter.kind is not Kind.FULL:
        # A quotation that no longer stands in the text is for the gate to find.
        standing = (quotation.text for quotation in article.body.quotations if measured.has(quotation.text))
        stored = fingerprint(measured.plain, standing, measured.links)
        captures.write(source, fingerprint_of(earlier.path), dump(stored).encode())
    text = merged.text.replace("\n", "\r\n") if earlier.is_crlf else merged.text
    captures.write(source, earlier.path, text.encode())
