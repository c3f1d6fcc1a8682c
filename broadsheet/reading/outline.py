"""The headings of a text: their levels, which follow the page's own, and their ids."""

from __future__ import annotations

from broadsheet.slug import slugify

ID_PREFIX = "s-"
"""Of every heading's id. HTML standard, named access on the Window object; DOM clobbering."""


class Outline:
    """The headings so far. They begin at 2, below the page's own, and never skip a level. WCAG 2.2, 1.3.1."""

    def __init__(self) -> None:
        self._open: list[int] = []
        self._taken: dict[str, int] = {}

    def level(self, written: int) -> int:
        """The level, 2 to 6, of the next heading, which was written with one of 1 to 6."""
        while self._open and self._open[-1] >= written:
            self._open.pop()
        self._open.append(written)
        return self.current

    @property
    def current(self) -> int:
        """The level of the heading that came last."""
        return min(1 + len(self._open), 6)

    def id(self, text: str) -> str:
        """The id of a heading by its text; no two are the same, and none can shadow a name of the DOM."""
        name = slugify(text) or "section"
        taken = self._taken[name] = self._taken.get(name, 0) + 1
        return f"{ID_PREFIX}{name}-{taken}" if taken > 1 else f"{ID_PREFIX}{name}"
