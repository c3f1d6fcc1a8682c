"""What came of importing one thing."""

from __future__ import annotations

import enum

from msgspec import Struct

from broadsheet.importing.draft import Draft
from broadsheet.importing.merge import Merged
from broadsheet.importing.proposal import Proposal
from broadsheet.problem import Problem


class State(enum.Enum):
    """What was done."""

    NEW = "new"
    """An article was written."""
    SAME = "same"
    """The site has it already, and nothing has changed."""
    CHANGED = "changed"
    """The site has it, and the original is another now; nothing was written."""
    UPDATED = "updated"
    """The site has it, and now follows the original."""
    UNMODIFIED = "unmodified"
    """A feed that its server says has not changed."""
    EMPTY = "empty"
    """A feed without an entry, or with none that was asked for."""
    REFUSED = "refused"
    """Nothing was written, for a reason that `problem` gives."""


class Outcome(Struct, frozen=True, kw_only=True):
    """One item, done."""

    name: str
    """The file, the address, or the feed's entry."""
    state: State
    problem: Problem | None = None
    path: str = ""
    """Of the article, relative to the site's folder, with `/`."""
    kind_of_input: str = ""
    words: int = 0
    draft: Draft | None = None
    proposal: Proposal | None = None
    why_same: str = ""
    doubts: tuple[str, ...] = ()
    """Of the feed, said with its first entry."""
    near: tuple[str, ...] = ()
    """Articles that share much of the text, for people."""
    story: str = ""
    """A slug that would group it with others on the same event; proposed, not set."""
    story_with: tuple[str, ...] = ()
    """Paths of those others."""
    difference: tuple[str, ...] = ()
    """Lines of a comparison of the original's text then and now."""
    merged: Merged | None = None
    correction: str = ""
    """What was proposed as the correction of a published reprint."""
