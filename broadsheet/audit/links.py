"""The audit of links within the site: every page and every anchor is there, and none leaves the site's folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from urllib.parse import unquote, urldefrag

from broadsheet.audit.built import Claims, address
from broadsheet.audit.surface import Surface
from broadsheet.problem import Problem

_WEB = ("http:", "https:")
_RUN = ("javascript:", "vbscript:", "data:")
_CORRECT = "Correct it"


class Web:
    """What links to what, collected file by file."""

    def __init__(self, claims: Claims) -> None:
        self._claims = claims
        self.outer: dict[str, set[str]] = {}
        """By address elsewhere: the files that link there."""
        self._inner: dict[str, tuple[str, str]] = {}
        """By address in full, with its fragment: the first file that links there, and how."""
        self._anchors: dict[str, set[str]] = {}
        """By page: the ids in it."""

    def take(self, surface: Surface, source: str) -> Iterator[Problem]:
        """Add a page; those of its links are problems by themselves that run something, or send readers elsewhere."""
        claims = self._claims
        self._anchors[surface.file] = surface.ids
        links = [*(link.href for link in surface.links), *surface.references, *surface.refreshes]
        self.add(surface.file, surface.base, [*links, *(url for _, url in surface.media)])
        for reference in links:
            if surface.resolve(reference).casefold().startswith(_RUN):
                message = f"'{reference[:80]}' is no address: it runs or shows something of its own"
                yield claims.problem(surface.file, source, reference, "audit/link-runs", message, "Link to a page")
        for reference in surface.refreshes:
            if not claims.is_here(surface.resolve(reference)):
                message = f"the page sends its readers on to '{reference[:80]}', which is elsewhere"
                remedy = "Let it link there instead"
                yield claims.problem(surface.file, source, reference, "audit/link-escapes", message, remedy)

    def add(self, file: str, base: str, references: Iterable[str]) -> None:
        """Add what a file refers to; addresses there resolve against `base`."""
        for reference in references:
            url = address(base, reference)
            if self._claims.is_here(url):
                self._inner.setdefault(url, (file, reference))
            elif url.startswith(_WEB):
                self.outer.setdefault(urldefrag(url).url, set()).add(file)

    def check(self, text_of: Callable[[str], str]) -> Iterator[Problem]:
        """Links that lead nowhere. `text_of` gives the text of a file in which there is a fault."""
        claims = self._claims
        for url, (file, reference) in sorted(self._inner.items(), key=lambda pair: pair[1]):
            fault = self._fault(url, reference)
            if fault is not None:
                rule, message, remedy = fault
                yield claims.problem(file, text_of(file), reference, rule, message, remedy)

    def _fault(self, url: str, reference: str) -> tuple[str, str, str] | None:
        """(rule, message, remedy) of an address that leads nowhere."""
        claims, said = self._claims, f"'{reference[:80]}'"
        target, fragment = urldefrag(url)
        answer = claims.file_of(target)
        if answer is None:
            remedy = "Write addresses of this site from '/', which means its folder, or in full"
            return "audit/link-escapes", f"{said} leaves the folder of the site, {claims.base_path}", remedy
        if answer not in claims.files:
            is_folder = f"{answer}/index.html" in claims.files
            remedy = "Write it with a slash at its end" if is_folder else _CORRECT
            return "audit/link-broken", f"{said} leads to nothing: there is no {answer}", remedy
        if _is_missing(fragment.partition(":~:")[0], self._anchors.get(answer)):
            message = f"{said} leads to no place on its page: nothing there has the id '{unquote(fragment)[:80]}'"
            return "audit/anchor-broken", message, _CORRECT
        return None


def _is_missing(fragment: str, anchors: set[str] | None) -> bool:
    """Whether a page has no such anchor; `top` and none at all are everywhere (HTML standard, scroll to a fragment)."""
    if anchors is None or fragment in anchors:
        return False
    anchor = unquote(fragment)
    return anchor not in anchors and anchor.casefold() not in ("", "top")
