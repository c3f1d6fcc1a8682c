"""The second half of a build, a file of the output at a time: its record -> its bytes, staged. Runs in workers."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import closing

from msgspec import Struct

from broadsheet.build import codec
from broadsheet.build.cache import CacheDamagedError
from broadsheet.build.sheets import Sheets
from broadsheet.build.stage import Stage
from broadsheet.digest import digest
from broadsheet.render.output import render
from broadsheet.render.theme import Renderer, Theme, renderer
from broadsheet.site import views
from broadsheet.site.articles import placed
from broadsheet.site.entry import Entry
from broadsheet.site.feed import Feed, feed, item
from broadsheet.site.imprint import Imprint
from broadsheet.site.opml import Opml
from broadsheet.site.plan import BillSchema, Robots, Sitemap, SitemapIndex, Whole
from broadsheet.site.reservation import Reserved, TdmRep
from broadsheet.site.syndication import Document
from broadsheet.site.views import ArticlePage, CardView, SiteView, StoryView

WHOLES: dict[str, type[Whole]] = {
    kind.__name__: kind
    for kind in (*views.TEMPLATES, BillSchema, Opml, Reserved, Robots, Sitemap, SitemapIndex, TdmRep)
}
"""By name, what is packed and sent to be rendered."""


_TEMPLATES: Mapping[type, str] = {**views.TEMPLATES}


class Look(Struct, frozen=True):
    """What everything is rendered by."""

    theme: Theme
    masthead: SiteView
    imprint: Imprint
    compiled: dict[str, bytes]
    """What its templates were compiled to."""
    stage: Stage | None
    """Where finished files are put; None where the worker has no disk in common with us."""
    sheets: str
    """Where prepared pages are, if they do not come with their jobs."""


class Place(Struct, frozen=True):
    """Where an article's page stands among the others."""

    story: StoryView | None
    older: CardView | None
    newer: CardView | None


class Packed(Struct, frozen=True, array_like=True):
    """A packed record: here, or where on a sheet."""

    data: bytes = b""
    leaf: bytes = b""
    """Where it is; empty where it is here."""
    digest: bytes = b""
    """Of what lies there; empty where that need not be looked at."""


class FeedJob(Struct, frozen=True):
    """A document of a feed and what its items are made of."""

    document: Document
    items: tuple[tuple[Entry, Packed], ...]
    """Entry of each article and its page."""


class Job(Struct, frozen=True):
    """A file to be rendered."""

    file: str
    kind: str
    """A key of `WHOLES`, or `FeedJob`."""
    record: Packed
    place: bytes = b""
    """Of an article's page."""
    cost: int = 1
    """By what an article's page takes."""


class Proof(Struct, frozen=True):
    """What came of a job."""

    file: str
    is_staged: bool
    """Not staged is what the output has already."""
    data: bytes | None
    """For whoever has to stage it, where the worker cannot."""
    seconds: float
    template: str
    """Which it was rendered from, or the kind of its record."""


def render_all(look: Look, jobs: list[Job]) -> list[Proof]:
    """Each job's file. Raises `ThemeError`, `PublishError`, `CacheDamagedError`."""
    html = _renderer(look)
    with closing(Sheets(look.sheets)) as sheets:
        return [_render(look, html, job, sheets) for job in jobs]


def _render(look: Look, html: Renderer, job: Job, sheets: Sheets) -> Proof:
    started = time.perf_counter()
    record = _record(look, job, sheets)
    template = _TEMPLATES.get(type(record), type(record).__name__)
    made = render(record, html)
    if look.stage is None:
        return Proof(job.file, False, made, time.perf_counter() - started, template)
    is_staged = look.stage.put(job.file, made)
    return Proof(job.file, is_staged, None, time.perf_counter() - started, template)


def _data(packed: Packed, sheets: Sheets) -> bytes:
    if not packed.leaf:
        return packed.data
    data = sheets.page(packed.leaf)
    if not data or (packed.digest and digest(data) != packed.digest):
        raise CacheDamagedError(packed.leaf.hex())
    return data


def _record(look: Look, job: Job, sheets: Sheets) -> Whole | Feed:
    data = _data(job.record, sheets)
    if job.kind == FeedJob.__name__:
        made = codec.unpack(FeedJob, data)
        pages = ((entry, codec.unpack(ArticlePage, _data(page, sheets))) for entry, page in made.items)
        return feed(look.imprint, made.document, (item(look.imprint, entry, page) for entry, page in pages))
    record = codec.unpack(WHOLES[job.kind], data)
    if isinstance(record, ArticlePage) and job.place:
        place = codec.unpack(Place, job.place)
        return placed(record, place.story, place.older, place.newer)
    return record


def _renderer(look: Look) -> Renderer:
    """The last one is kept: compiling a theme's templates takes as long as rendering a hundred pages."""
    by = (look.theme, look.masthead, look.imprint.base.path)
    kept = _latest[0]
    if kept is None or kept[0] != by:
        kept = _latest[0] = (by, renderer(*by, look.compiled))
    return kept[1]


_latest: list[tuple[tuple[Theme, SiteView, str], Renderer] | None] = [None]
