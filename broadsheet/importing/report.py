"""What an import says of each item: for people in lines, for machines as data. Both say the same.

No words of an original but its headline, its names and the lines that were taken out stand in either: a report may be
kept in a log.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import asdict

from broadsheet.importing.draft import Draft, LeftOut
from broadsheet.importing.outcome import Outcome, State
from broadsheet.importing.proposal import Proposal
from broadsheet.model import Kind
from broadsheet.problem import printable
from broadsheet.words import count_words, one_line

_LABEL = 14
_MOST = 100
"""Characters of a line that is shown of an original: enough to know it, too few to read it."""
_MOST_LEFT_OUT = 3
_STATES = {
    State.NEW: "new",
    State.SAME: "here already",
    State.CHANGED: "changed since",
    State.UPDATED: "updated",
    State.UNMODIFIED: "not changed",
    State.EMPTY: "nothing in it",
    State.REFUSED: "refused",
}


def as_lines(outcome: Outcome) -> list[str]:
    """All that is to be said of an item."""
    head = f"{outcome.name}: {_STATES[outcome.state]}"
    read = f" ({outcome.kind_of_input}, {outcome.words} words)" if outcome.kind_of_input else ""
    rows = [(label, text) for label, text in _rows(outcome) if text]
    return [printable(head + read), *(printable(f"  {label:<{_LABEL}}{text}") for label, text in rows)]


def as_line(outcome: Outcome) -> str:
    """The same in one line, for many items."""
    where = outcome.path or (str(outcome.problem) if outcome.problem else "")
    asked = len(outcome.proposal.questions) if outcome.proposal and outcome.state is State.NEW else 0
    kind = f", {outcome.proposal.matter.kind.value}" if outcome.proposal else ""
    questions = f", {asked} asked" if asked else ""
    return printable(f"{_STATES[outcome.state]}{kind}{questions}: {where or outcome.name}")


def as_data(outcome: Outcome) -> dict[str, object]:
    """The same for machines; what is not known is null."""
    draft, proposal = outcome.draft, outcome.proposal
    return {
        "name": outcome.name,
        "state": outcome.state.value,
        "problem": outcome.problem._asdict() if outcome.problem else None,
        "path": outcome.path or None,
        "input": outcome.kind_of_input or None,
        "words": outcome.words,
        "recognised": _recognised(draft) if draft else {},
        "kind": proposal.matter.kind.value if proposal else None,
        "draft": proposal.matter.draft if proposal else None,
        "licence": proposal.matter.licence if proposal else None,
        "claims": [asdict(claim) for claim in draft.licences] if draft else [],
        "credits": list(draft.credits) if draft else [],
        "routes": list(draft.routes) if draft else [],
        "removed": [asdict(line) for line in draft.removed] if draft else [],
        "left_out": [asdict(it) for it in draft.left_out] if draft else [],
        "doubts": [*outcome.doubts, *(draft.doubts if draft else ())],
        "why_not_full": [f"{found.rule}: {found.message}" for found in proposal.why_not_full] if proposal else [],
        "questions": [asdict(question) for question in proposal.questions] if proposal else [],
        "same_because": outcome.why_same or None,
        "near": list(outcome.near),
        "story": {"slug": outcome.story, "with": list(outcome.story_with)} if outcome.story else None,
        "difference": list(outcome.difference),
        "followed": list(outcome.merged.followed) if outcome.merged else [],
        "kept": list(outcome.merged.kept) if outcome.merged else [],
        "correction": outcome.correction or None,
        "next": _next(outcome) or None,
    }


def _recognised(draft: Draft) -> dict[str, object]:
    facts = {
        "title": draft.title,
        "authors": draft.authors,
        "published": draft.published,
        "url": draft.url,
        "site": draft.site,
        "publisher": draft.publisher,
        "language": draft.language,
    }
    return {name: {"value": fact.value, "where": fact.where} if fact else None for name, fact in facts.items()}


def _rows(outcome: Outcome) -> Iterator[tuple[str, str]]:
    if outcome.problem is not None:
        yield "problem", f"{outcome.problem.rule}: {outcome.problem.message}. {outcome.problem.remedy}."
        return
    yield from (("doubt", doubt) for doubt in outcome.doubts)
    if outcome.state is State.SAME:
        yield "because", outcome.why_same
        yield "article", outcome.path
        return
    if outcome.draft is not None and outcome.state is State.NEW:
        yield from _facts(outcome.draft)
    if outcome.proposal is not None and outcome.state is State.NEW:
        yield from _rights(outcome.proposal)
    if outcome.draft is not None and outcome.state is State.NEW:
        yield from _taken_out(outcome.draft)
    yield from (("near", text) for text in outcome.near)
    if outcome.story:
        yield "story", f"{outcome.story}? {', '.join(outcome.story_with)} may be on the same event"
    yield from (("change", line) for line in outcome.difference)
    yield from _merged(outcome)
    if outcome.proposal is not None and outcome.state is State.NEW:
        yield from (("asked", f"{question.field}: {question.text}") for question in outcome.proposal.questions)
    yield "next", _next(outcome)


def _facts(draft: Draft) -> Iterator[tuple[str, str]]:
    if draft.title:
        yield "title", _from(draft.title.value, draft.title.where)
    if draft.authors:
        yield "authors", _from(", ".join(draft.authors.value), draft.authors.where)
    if draft.published:
        yield "published", _from(draft.published.value, draft.published.where)
    if draft.publisher:
        yield "publisher", _from(draft.publisher.value, draft.publisher.where)
    if draft.url:
        yield "address", _from(draft.url.value, draft.url.where)
    yield from (("doubt", doubt) for doubt in draft.doubts)


def _from(value: str, where: str) -> str:
    return f"{one_line(value)[:200]} ({one_line(where)[:_MOST]})"


def _rights(proposal: Proposal) -> Iterator[tuple[str, str]]:
    kind = proposal.matter.kind
    said = {
        Kind.FULL: "in full",
        Kind.EXCERPT: "an excerpt",
        Kind.LINK: "a link",
        Kind.OWN: "own",
    }[kind]
    yield (
        "shown",
        f"{said}{', a draft' if proposal.matter.draft else ''}; licence {proposal.matter.licence or 'unknown'}",
    )
    yield from (("not in full", f"{found.rule}: {found.message}") for found in proposal.why_not_full)
    yield from (("claim", claim) for claim in proposal.claims)


def _taken_out(draft: Draft) -> Iterator[tuple[str, str]]:
    yield from (("credit", _short(line)) for line in draft.credits)
    yield from (("route", _short(line)) for line in draft.routes)
    yield from (("removed", f"{_short(it.line)} ({it.why})") for it in draft.removed)
    yield from (("left out", _left_out(it)) for it in draft.left_out[:_MOST_LEFT_OUT])
    if (more := len(draft.left_out) - _MOST_LEFT_OUT) > 0:
        yield "left out", f"{more} more; --format json has all"


def _left_out(it: LeftOut) -> str:
    said = "; ".join(filter(None, (it.address, _short(it.alt), it.credit and f"credit: {_short(it.credit)}")))
    return f"{it.what}: {said}"


def _short(line: str) -> str:
    text = one_line(line)
    return text if len(text) <= _MOST else f"{text[:_MOST].rstrip()} … ({count_words(text)} words)"


def _merged(outcome: Outcome) -> Iterator[tuple[str, str]]:
    if outcome.merged is None:
        return
    yield "followed", ", ".join(outcome.merged.followed)
    yield from (("kept as it is", what) for what in outcome.merged.kept)
    if outcome.correction:
        yield "correction", outcome.correction


def _next(outcome: Outcome) -> str:
    if outcome.state is State.CHANGED:
        return "import it again with --update to follow the original; what you wrote stays"
    if outcome.state is State.UPDATED:
        return f"look at {outcome.path}, then python build.py"
    if outcome.state is not State.NEW or outcome.proposal is None:
        return ""
    if outcome.proposal.matter.draft:
        return f"edit {outcome.path}, take 'draft: true' out, then python build.py"
    return "python build.py"
