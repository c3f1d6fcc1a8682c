"""A content file -> its front matter's data and its markdown, with the lines on which they stand.

The rules for what editors and systems do to files: a byte order mark and blank lines before the first `---` are
ignored; CR LF and CR end lines; the front matter ends with a line `---` or `...`; the file is UTF-8; a file without
front matter, or whose front matter never ends, is refused.
"""

from __future__ import annotations

import codecs
import re

from msgspec import Struct

from broadsheet.plainyaml import Plain, YamlError, parse, place
from broadsheet.problem import Finding, Problem
from broadsheet.words import scrub

MAX_BYTES = 256 * 1024
"""Of a content file. News is shorter, and markdown that was made to be slow ends within seconds at this size."""
# All bytes, in UTF-8, but those with which the characters begin that the scrubber removes or changes: most files have
# no other, and to see that costs a tenth of looking for the characters.
_CLEAN = bytes({*range(0x20, 0x100)} - {0x7F, 0xC2, 0xED, 0xEF}) + b"\t\n"
_OPENING = re.compile(r"\s*^---[ \t]*\n", re.MULTILINE)
_CLOSING = re.compile(r"\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)")


class Sheet(Struct, frozen=True):
    """A content file, taken apart."""

    path: str
    data: Plain
    yaml: str
    yaml_line: int
    """1-based line of the file on which the YAML begins."""
    markdown: str
    markdown_line: int
    """1-based line of the file on which the text begins."""

    def problems(self, findings: tuple[Finding, ...]) -> tuple[Problem, ...]:
        """The findings with their lines and columns in this file."""
        return place(findings, self.path, self.yaml, self.yaml_line)


def split(path: str, data: bytes) -> Sheet | Problem:
    """The two parts of a content file, or why it cannot be read."""
    if len(data) > MAX_BYTES:
        kilobytes = MAX_BYTES // 1024
        return Problem(path, 1, 1, "file/too-large", f"more than {kilobytes} kB of text", "Divide it, or shorten it")
    if b"\0" in data[:1024]:
        # UTF-16 without a mark is half NULs; were they scrubbed, it would be read as other words.
        return Problem(path, 1, 1, "file/not-utf-8", "this file is not text in UTF-8", "Save it as UTF-8")
    try:
        text = data.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        return Problem(path, line, column, "file/not-utf-8", "this file is not UTF-8", "Save it as UTF-8")
    if data.translate(None, _CLEAN):
        text = scrub(text)
    opening = _OPENING.match(text)
    if opening is None:
        line = len(text) - len(text.lstrip())
        at = text.count("\n", 0, line) + 1
        return Problem(path, at, 1, "file/no-front-matter", "no front matter", "Begin the file with a line '---'")
    closing = _CLOSING.search(text, opening.end() - 1)  # where the opening's line ends, another may end it at once
    yaml_line = text.count("\n", 0, opening.end()) + 1
    if closing is None:
        message = "the front matter that begins here has no end"
        return Problem(path, yaml_line - 1, 1, "file/front-matter-open", message, "End it with a line '---'")
    yaml = text[opening.end() : closing.start() + 1]
    try:
        parsed = parse(yaml)
    except YamlError as error:
        return error.problem(path, yaml_line)
    markdown_line = text.count("\n", 0, closing.end()) + 1
    return Sheet(path, parsed, yaml, yaml_line, text[closing.end() :], markdown_line)
