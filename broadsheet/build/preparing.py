"""The first half of a build, an article at a time: read it, clear it, make of it all that needs no other article.

These functions run in workers. A worker reads the files itself where it can; one on another machine gets their bytes.
"""

from __future__ import annotations

from contextlib import suppress
from time import perf_counter

from msgspec import Struct
from msgspec.structs import replace

from broadsheet.build import codec
from broadsheet.build.content import Original, read_article
from broadsheet.build.sheets import LEAST, Sheets
from broadsheet.digest import digest
from broadsheet.model import Article
from broadsheet.problem import Problem
from broadsheet.reading.article import locate
from broadsheet.rights import Cleared, Policy, clear
from broadsheet.site.entry import prepare
from broadsheet.site.imprint import Imprint


class Desk(Struct, frozen=True):
    """What articles are prepared by."""

    source: str
    """The site's folder."""
    imprint: Imprint
    policy: Policy
    with_drafts: bool
    sheets: str = ""
    """The folder where what is prepared is kept; empty where it is to be sent."""


class Made(Struct, frozen=True):
    """What was made of an article. A draft has no entry, page and bill; what is still the same has nothing."""

    path: str
    source: bytes
    """Digest of the bytes of its files; empty where they could not be read."""
    is_same: bool = False
    entry: bytes = b""
    listed: bytes = digest(b"")
    """Digest of the entry."""
    page: bytes = b""
    shown: bytes = digest(b"")
    """Digest of the page."""
    bill: bytes = b""
    billed: bytes = digest(b"")
    """Digest of its line in the bill."""
    compared: bytes = b""
    """Value of a `Compared`."""
    leaf: bytes = b""
    """Where page and bill were kept, and are not sent; empty where they are."""
    problems: tuple[Problem, ...] = ()
    seconds: tuple[float, ...] = ()
    """Spent on each of `STEPS`, as far as it came."""


STEPS = ("read", "cleared", "prepared", "packed")


def prepare_all(desk: Desk, originals: list[Original]) -> list[Made]:
    """What is made of each article."""
    made = [_prepare(desk, original) for original in originals]
    if desk.sheets and len(originals) >= LEAST:
        with suppress(OSError):  # where nothing can be kept, it is sent
            return _on_sheet(Sheets(desk.sheets), made)
    return made


def _on_sheet(sheets: Sheets, made: list[Made]) -> list[Made]:
    """The same, with what was made of texts on a sheet."""
    new = [one for one in made if one.page]
    digests = [digest for one in new for digest in (one.billed, one.shown)]
    leaves = iter(sheets.put([(one.bill, one.page) for one in new], *digests) if new else ())
    return [replace(one, leaf=next(leaves), page=b"", bill=b"") if one.page else one for one in made]


def _prepare(desk: Desk, original: Original) -> Made:
    began = perf_counter()
    article, data, source = read_article(desk.source, original)
    if source == original.known != b"":
        return Made(original.path, source, is_same=True)
    if not isinstance(article, Article):
        return Made(original.path, source, problems=article)
    if article.matter.draft and not desk.with_drafts:
        return Made(original.path, source)
    was_read = perf_counter()
    cleared = clear(article, desk.policy)
    if not isinstance(cleared, Cleared):
        return Made(original.path, source, problems=locate(original.path, data, cleared))
    was_cleared = perf_counter()
    made = prepare(desk.imprint, cleared)
    was_prepared = perf_counter()
    entry, page, bill = codec.pack(made.entry), codec.pack(made.page), made.bill.encode()
    seconds = (was_read - began, was_cleared - was_read, was_prepared - was_cleared, perf_counter() - was_prepared)
    return Made(
        original.path,
        source,
        entry=entry,
        listed=digest(entry),
        page=page,
        shown=digest(page),
        bill=bill,
        billed=digest(bill),
        compared=made.compared.value.encode(),
        seconds=seconds,
    )
