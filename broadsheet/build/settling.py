"""What is published of what was prepared: what is due, and what stands in nobody's way. Problems are found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from broadsheet.build import files
from broadsheet.model import Kind, Page
from broadsheet.problem import Finding, Problem
from broadsheet.reading.article import locate
from broadsheet.rights import Policy, check_days, check_page
from broadsheet.site import assemble, plan
from broadsheet.site.assemble import Site
from broadsheet.site.entry import Compared, Entry
from broadsheet.site.imprint import Imprint
from broadsheet.site.plan import Copy, Target


class Due(Struct, frozen=True):
    """What is to be published now."""

    entries: tuple[Entry, ...]
    pages: tuple[Page, ...]
    problems: tuple[Problem, ...]
    future: tuple[datetime, ...]
    """Dates of the articles held back, in order."""


class Settled(Struct, frozen=True):
    """A site, and every file of its output."""

    site: Site
    targets: tuple[Target, ...]


def due(
    source: Path, entries: Iterable[Entry], pages: Iterable[Page], policy: Policy, now: datetime | None, drafts: bool
) -> Due:
    """What may be published at `now`, or at any time where that is None.

    What is dated in the future is judged too, so that no scheduled build fails later.
    """
    listed = list(entries)
    excerpts = [
        (entry.date, entry.path, entry.publisher)
        for entry in listed
        if entry.kind is Kind.EXCERPT and entry.publisher is not None and entry.withdrawn is None
    ]
    beyond = check_days(excerpts, policy)
    finished = [page for page in pages if drafts or not page.matter.draft]
    unfit = {page.path: findings for page in finished if (findings := check_page(page, policy))}
    kept = [entry for entry in listed if entry.path not in beyond]
    later = sorted(entry.date for entry in kept if now is not None and entry.date > now)
    return Due(
        tuple(entry for entry in kept if now is None or entry.date <= now),
        tuple(page for page in finished if page.path not in unfit),
        (*located(source, beyond), *located(source, unfit)),
        tuple(later),
    )


def settle(
    source: Path,
    given: Due,
    imprint: Imprint,
    compared: Callable[[str], Compared],
    copies: Mapping[str, Copy],
    keep_going: bool,
) -> tuple[Settled | None, list[Problem]]:
    """The site without those files that are in each other's way; no site where that cannot be had."""
    problems: list[Problem] = []
    entries, pages = given.entries, given.pages
    while True:
        site = assemble.assemble(entries, pages, imprint, compared)
        targets = plan.plan(site, copies)
        found = located(source, _clashes(entries, targets, source))
        problems += found
        at_fault = {problem.path for problem in found}
        if not found or not keep_going:
            return Settled(site, targets), problems
        remaining = tuple(entry for entry in entries if entry.path not in at_fault)
        remaining_pages = tuple(page for page in pages if page.path not in at_fault)
        if len(remaining) == len(entries) and len(remaining_pages) == len(pages):
            return None, problems
        entries, pages = remaining, remaining_pages


def located(source: Path, findings: Mapping[str, Iterable[Finding]]) -> list[Problem]:
    """Findings of a later stage as problems: in a content file with line and column, in any other at its beginning."""
    return [problem for path, found in findings.items() for problem in _locate(source, path, tuple(found))]


def _locate(source: Path, path: str, findings: tuple[Finding, ...]) -> tuple[Problem, ...]:
    data = files.read(source, path) if path.startswith((files.ARTICLES, files.PAGES)) else None
    if isinstance(data, bytes):
        return locate(path, data, findings)
    return tuple(Problem(path, 1, 1, f.rule, f.message, f.remedy) for f in findings)


def _clashes(entries: Iterable[Entry], targets: tuple[Target, ...], source: Path) -> dict[str, list[Finding]]:
    """All that files do to each other. Two spellings also share an address, which is then not said again."""
    found = dict(assemble.check(entries))
    for more in (plan.check(targets), _check_pictures(targets, source)):
        for path, findings in more.items():
            if path or not found:
                found[path] = [*found.get(path, ()), *findings]
    return found


def _check_pictures(targets: Iterable[Target], source: Path) -> dict[str, list[Finding]]:
    """Pictures that front matters name and that are not there, or are links."""
    found: dict[str, list[Finding]] = {}
    for target in targets:
        if isinstance(target.content, Copy) and target.source.startswith(files.ARTICLES):
            path = source / target.content.path
            if not path.is_file() or path.is_symlink():
                message = f"there is no file '{target.content.name}'"
                remedy = "Put the picture beside the article, or remove 'image:'"
                found[target.source] = [Finding("article/image-missing", message, remedy, target.at)]
            elif not files.is_picture(path):
                message = f"'{target.content.name}' is no picture, whatever its name"
                remedy = "Use a JPEG, PNG, GIF, WebP or AVIF file"
                found[target.source] = [Finding("article/image-not-a-picture", message, remedy, target.at)]
    return found
