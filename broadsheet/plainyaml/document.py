"""What a YAML document is here: its data, where they stand, what is wrong with it, and how large it may be."""

from __future__ import annotations

from msgspec import Struct

from broadsheet.problem import Finding, Pointer, Problem

Plain = dict[str, "Plain"] | list["Plain"] | str | None
MAX_BYTES = 64 * 1024
MAX_DEPTH = 20
NULLS = ("", "~", "null", "Null", "NULL")


class Places(Struct, frozen=True):
    """Where each pointer of a document stands: 1-based (line, column) within its text."""

    values: dict[Pointer, tuple[int, int]]
    keys: dict[Pointer, tuple[int, int]]

    def find(self, at: Pointer, key: bool = False) -> tuple[int, int]:
        """The place of a pointer, or of its nearest ancestor that is written down, or the document's start."""
        if key and at in self.keys:
            return self.keys[at]
        for end in range(len(at), 0, -1):
            place = self.values.get(at[:end]) or self.keys.get(at[:end])
            if place:
                return place
        return (1, 1)


class YamlError(Exception):
    """The text is not YAML of this kind. Carries what is wrong and its 1-based (line, column)."""

    def __init__(self, finding: Finding, place: tuple[int, int]) -> None:
        super().__init__(finding, place)
        self.finding, self.place = finding, place

    def problem(self, path: str, first_line: int = 1) -> Problem:
        """The problem of the file in which the document begins on `first_line`."""
        line, column = self.place
        found = self.finding
        return Problem(path, line + first_line - 1, column, found.rule, found.message, found.remedy)


def wrong(what: str, message: str, remedy: str, place: tuple[int, int]) -> YamlError:
    """What is wrong at a place."""
    return YamlError(Finding(f"yaml/{what}", message, remedy), place)
