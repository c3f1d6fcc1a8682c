"""The words of a paragraph, each with what it is in -> markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from broadsheet.importing.markup import signs

STYLES = {"strong": "**", "em": "*", "del": "~~"}
"""The signs of each style, the outermost first."""


class Run(Struct, frozen=True):
    """Words in one hand: all in the same link and styles."""

    text: str
    link: str | None = None
    styles: frozenset[str] = frozenset()
    is_code: bool = False
    breaks: bool = False
    """A line break, without text."""

    @property
    def is_plain(self) -> bool:
        """Whether it is nothing but text."""
        return not (self.link or self.styles or self.is_code)

    def is_like(self, other: Run) -> bool:
        """Whether the two are in one hand."""
        return (self.link, self.styles, self.is_code) == (other.link, other.styles, other.is_code)


def paragraph(runs: Sequence[Run]) -> tuple[str, str, tuple[str, ...]]:
    """(markdown, its words, the addresses it links to); plainer where the reader would give other words."""
    lines = list(_lines(runs))
    text = " ".join("".join(run.text for run in line).strip() for line in lines)
    unstyled = [[Run(run.text, run.link) for run in line] for line in lines]
    for form in (lines, unstyled) if signs.is_prose(text) else ():
        if not all(run.is_plain for line in form for run in line):
            links = tuple(address for line in form for address, _ in _by_link(line) if address)
            written = "\\\n".join(map(_rendered, form))
            if signs.reads_as(written, text, sum(not address.startswith("mailto:") for address in links)):
                return written, text, links
    written = "\\\n".join(signs.escape("".join(run.text for run in line)) for line in lines)
    return (written if len(lines) < 2 or signs.reads_as(written, text) else signs.escape(text)), text, ()


def _lines(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """The lines between breaks, with white space as single spaces across runs, equal neighbours joined."""
    for is_break, line in groupby(runs, key=lambda run: run.breaks):
        tidy = [] if is_break else _tidy(line)
        if any(not run.text.isspace() for run in tidy):
            yield tidy


def _tidy(line: Iterator[Run]) -> list[Run]:
    joined: list[Run] = []
    for run in line:
        text = signs.spaced(run.text)
        if text.startswith(" ") and (not joined or joined[-1].text.endswith(" ")):
            text = text[1:]
        if not text:
            continue
        if joined and run.is_like(joined[-1]):
            joined[-1] = replace(run, text=joined[-1].text + text)
        else:
            joined.append(replace(run, text=text))
    return joined


def _by_link(line: Sequence[Run]) -> Iterator[tuple[str | None, list[Run]]]:
    for address, group in groupby(line, key=lambda run: run.link):
        runs = list(group)
        yield (address if any(run.text.strip() for run in runs) else None), runs


def _rendered(line: list[Run]) -> str:
    if len(line) == 1 and line[0].is_plain:
        return signs.escape(line[0].text)
    parts = []
    for address, runs in _by_link(line):
        inner = _styled(runs, tuple(STYLES), bool(address))
        parts.append(_wrapped(inner, "[", f"]({_destination(address)})") if address else inner)
    written = "".join(parts).strip()
    return signs.opening(written) if line[0].is_plain else written


def _styled(runs: Sequence[Run], styles: tuple[str, ...], in_link: bool) -> str:
    if not styles or not any(run.styles for run in runs):
        return "".join(_code(run.text) if run.is_code else _within(run.text, in_link) for run in runs)
    parts = []
    for is_styled, group in groupby(runs, key=lambda run: styles[0] in run.styles):
        inner = _styled(list(group), styles[1:], in_link)
        sign = STYLES[styles[0]]
        parts.append(_wrapped(inner, sign, sign) if is_styled else inner)
    return "".join(parts)


def _wrapped(inner: str, before: str, after: str) -> str:
    """In its signs, with the white space at its ends outside them."""
    core = inner.strip()
    if not core:
        return inner
    start = inner.index(core)
    return f"{inner[:start]}{before}{core}{after}{inner[start + len(core) :]}"


def _within(text: str, in_link: bool) -> str:
    line = signs.line(text)
    return re.sub(r"(?<!\\)[\[\]]", r"\\\g<0>", line) if in_link else line


def _code(text: str) -> str:
    core = text.strip()
    if not core:
        return text
    fence = "`" * (1 + max(map(len, re.findall("`+", core)), default=0))
    pad = " " if core[0] == "`" or core[-1] == "`" else ""
    return _wrapped(text, fence + pad, pad + fence)


def _destination(address: str) -> str:
    """CommonMark, link destination: in angle brackets where round ones would end it too soon."""
    address = re.sub(r"&(?=#?\w{1,32};)|[*_`\\]", r"\\\g<0>", address.replace("<", "%3C").replace(">", "%3E"))
    return f"<{address}>" if re.search(r"[()]", address) else address
