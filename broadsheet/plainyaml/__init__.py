"""YAML as people write it in front matter: text -> mappings, lists and strings; all else is refused with a place.

All scalars are strings and an empty value is None, so that `NO`, `12:30` and `010` mean what they say; a field's
type decides later (`record`). Refused are anchors, aliases, tags, duplicate keys, keys that are not plain text, more
than one document, more than `MAX_BYTES` or `MAX_DEPTH`. The parser's events are walked without recursion and never
composed by PyYAML, whose composer crashes the process on deep nesting. https://yaml.org/spec/1.2.2/

Lines are read by `lines`, as far as they can be, and all else by `events`, which PyYAML makes of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from broadsheet.plainyaml import lines
from broadsheet.plainyaml.document import MAX_BYTES, MAX_DEPTH, Places, Plain, YamlError, wrong
from broadsheet.problem import Finding, Problem

__all__ = ["MAX_BYTES", "MAX_DEPTH", "Places", "Plain", "YamlError", "locate", "parse", "place"]


def parse(text: str, max_bytes: int = MAX_BYTES) -> Plain:
    """The document's data. Raises `YamlError` on anything else, whatever the input."""
    _refuse_large(text, max_bytes)
    data = lines.read(text)
    if data is not None:
        return data
    from broadsheet.plainyaml import events  # PyYAML takes 10 ms to import, and most sites never need it

    return events.read(text, None)


def locate(text: str, max_bytes: int = MAX_BYTES) -> Places:
    """Where each value and key stands. Costs as much as parsing, so it is asked for only where there is a problem."""
    from broadsheet.plainyaml import events

    places = Places({}, {})
    with suppress(YamlError):  # what was found before the fault still helps
        _refuse_large(text, max_bytes)
        events.read(text, places)
    return places


def place(findings: Iterable[Finding], path: str, text: str, first_line: int = 1) -> tuple[Problem, ...]:
    """The findings on a document as problems of the file in which it begins on `first_line`; lines stay as they are."""
    places: Places | None = None
    problems = []
    for found in findings:
        line, column = (found.at, 1) if isinstance(found.at, int) else (0, 0)
        if isinstance(found.at, tuple):
            places = places or locate(text, len(text.encode()))
            line, column = places.find(found.at, found.key)
            line += first_line - 1
        problems.append(Problem(path, line, column, found.rule, found.message, found.remedy))
    return tuple(problems)


def _refuse_large(text: str, max_bytes: int) -> None:
    if len(text.encode(errors="surrogatepass")) > max_bytes:
        raise wrong("too-large", f"more than {max_bytes // 1024} kB of YAML", "Shorten it", (1, 1))
