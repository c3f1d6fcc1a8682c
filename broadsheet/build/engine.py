"""The stages in their order, from a site's folder to its published output. A full build defines what is right.

What was made before is taken from the cache where everything that it was made of is the same, and a file of the output
is rendered only where its key has changed. Everything else is as in a full build, in the same order, by the same
functions.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, time
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from broadsheet import config as configuration
from broadsheet.build import cache, codec, files, inputs, places, precompiled, themes
from broadsheet.build.cache import Cache, CacheDamagedError, Kept
from broadsheet.build.content import Progress, read_pages
from broadsheet.build.inputs import Inputs
from broadsheet.build.last import (
    FOREVER,
    Asked,
    Glance,
    Last,
    Noted,
    forget,
    instant,
    is_still_noted,
    named,
    remember,
    stamped_anew,
    stamps_of,
)
from broadsheet.build.manifest import MANIFEST
from broadsheet.build.output import Shop, stage_all
from broadsheet.build.pages import Keys, Reason
from broadsheet.build.preparing import Desk
from broadsheet.build.profile import Profile
from broadsheet.build.publish import Press, Published, PublishError, publishing
from broadsheet.build.rendering import Look
from broadsheet.build.settings import read_config
from broadsheet.build.settling import due, settle
from broadsheet.build.shelf import Preparing, Shelf, fill, retake
from broadsheet.build.stamps import packed, stamp
from broadsheet.build.workers import Crew
from broadsheet.config import Config
from broadsheet.digest import SIZE, digest
from broadsheet.problem import Problem
from broadsheet.render.dependencies import compile_all, digests
from broadsheet.render.theme import Theme, ThemeError
from broadsheet.rights import Policy, era, next_change
from broadsheet.site import urls
from broadsheet.site.assemble import Site
from broadsheet.site.imprint import imprint
from broadsheet.site.masthead import masthead
from broadsheet.site.plan import Copy, Target
from broadsheet.site.syndication import FeedOf
from broadsheet.site.views import SiteView

if TYPE_CHECKING:
    from concurrent.futures import Executor


class Options(Struct, frozen=True, kw_only=True):
    """What a build is asked for."""

    source: Path
    config: Path
    output: Path
    now: datetime
    """Aware; articles dated later are held back."""
    base_url: str | None = None
    drafts: bool = False
    future: bool = False
    keep_going: bool = False
    jobs: int = 1
    """Workers that work side by side: processes, or those of the executor."""
    executor: Executor | None = None
    """Where they are; None for processes of this machine."""
    with_cache: bool = False
    """Use what the last build knew, and keep what this one knows."""
    seen: Glance | None = None
    """What lies in the site's folders and what the last build left, where somebody has looked just now."""
    profile: Profile = field(default_factory=Profile)
    """Where the time goes is added up here."""
    on_wait: Callable[[int], None] = lambda _: None
    """Called with the number of another process that is publishing to the same output, before it is waited for."""

    @property
    def asked(self) -> Asked:
        """What of it has a cache of its own."""
        return Asked(
            source=self.source,
            config=self.config,
            output=self.output,
            base_url=self.base_url,
            drafts=self.drafts,
            future=self.future,
        )


class Report(Struct, frozen=True):
    """What a build did, or why it did nothing."""

    problems: tuple[Problem, ...]
    """Sorted by place."""
    published: Published | None
    """None where the output is as it was."""
    articles: int = 0
    left_out: int = 0
    """Files with problems, left out under `keep_going`."""
    drafts: int = 0
    future: tuple[datetime, ...] = ()
    """Dates of the articles held back, in order."""
    is_misconfigured: bool = False
    """The problems are those of the configuration, the theme's choice or the output's place."""
    reasons: tuple[tuple[str, Reason], ...] = ()
    """Why each file was rendered, by file."""
    feeds: tuple[str, ...] = ()
    """Addresses, within the site, of the documents that readers subscribe to."""


def build(options: Options, progress: Progress) -> Report:
    """Build the site, and publish it unless there are problems."""
    try:
        return _build_by_cache(options, progress)
    except PublishError as error:
        return Report((error.problem,), None)
    except OSError as error:
        path = (
            os.path.relpath(error.filename, options.source) if isinstance(error.filename, str) else str(options.source)
        )
        return Report((files.unreadable(path, error),), None)


def _build_by_cache(options: Options, progress: Progress) -> Report:
    """With the cache as it is, else with a new one, else with none: it is there to save time, never to cost a build."""
    damaged = (CacheDamagedError, sqlite3.DatabaseError)
    if options.with_cache:
        with suppress(*damaged):
            return _build(options, progress)
        cache.discard(options.asked.cache_file())
        with suppress(*damaged):
            return _build(replace(options, seen=None), progress)
    return _build(replace(options, seen=None, with_cache=False), progress)


def policy(config: Config, now: datetime) -> Policy:
    """What the gate judges by, on the day of `now`."""
    return Policy(config.register, config.rights, now.astimezone(UTC).date(), config.licence)


def _build(options: Options, progress: Progress) -> Report:
    given = _given(options, progress)
    if isinstance(given, Report):
        return given
    with publishing(options.output, options.on_wait) as press:
        if press.has_waited:  # and the one before us may have published what we have not seen
            given = _given(replace(options, seen=None), progress)
        if isinstance(given, Report):
            return given
        with _cache(options, press) as kept, Crew(options.jobs, options.executor) as crew:
            try:
                return _publish(given, press, kept, crew)
            except ThemeError as error:
                return Report((error.problem,), None)


class Given(Struct, frozen=True):
    """What a build begins with."""

    options: Options
    progress: Progress
    inputs: Inputs
    config: Config
    theme: Theme
    judging: Policy
    desk: Desk
    content: files.Content
    settings: bytes
    """What stands for all that an article is prepared by, apart from its files and the program."""

    @property
    def profile(self) -> Profile:
        """Where the time goes."""
        return self.options.profile


class Wanted(Struct, frozen=True):
    """What is to be in the output."""

    targets: tuple[Target, ...]
    """Files that may have to be made anew: where only texts were edited, not all."""
    articles: Mapping[str, Kept]
    masthead: SiteView
    files: Collection[str] | int
    """All of the output's, or their number where they are those that it has."""
    ids: Mapping[str, str] = MappingProxyType({})
    """Of items in feeds, by the file of the page."""


def _given(options: Options, progress: Progress) -> Given | Report:
    """What a build begins with, or why it cannot."""
    with options.profile.stage("configuration and theme"):
        looked = options.seen.inputs if options.seen else inputs.look(options.source, options.config)
        seen = inputs.unread(looked)
        data = read_config(options.config)
        if isinstance(data, Problem):
            return Report((data,), None, is_misconfigured=True)
        config = configuration.read(options.config.name, data, options.base_url)
        if not isinstance(config, Config):
            return Report(config, None, is_misconfigured=True)
        theme = themes.load(options.source, config, options.config)
    misplaced = _check_output(options)
    if not isinstance(theme, Theme) or misplaced:
        return Report((theme if isinstance(theme, tuple) else ()) + misplaced, None, is_misconfigured=True)
    judging = policy(config, options.now)
    said = (options.base_url, options.drafts, era(judging))
    settings = digest(digest(data), repr(said).encode("utf-8", "surrogatepass"))
    desk = Desk(str(options.source), imprint(config), judging, options.drafts)
    return Given(options, progress, seen, config, theme, judging, desk, files.content_of(seen.content), settings)


def _cache(options: Options, press: Press) -> Cache:
    version = inputs.program()
    file = options.asked.cache_file() if options.with_cache else None
    known = cache.existing(file, version) if file else None
    return known or cache.begin(file, version, press.scratch())


def _publish(given: Given, press: Press, kept: Cache, crew: Crew) -> Report:
    before = given.options.seen.noted if given.options.seen else None
    # Another build may have ended between the look and our turn: then what was seen is not what lies there.
    if before is not None and not is_still_noted(kept, before):
        before = None
    edited = _publish_edit(given, press, kept, crew, before) if before else None
    return edited or _publish_whole(given, press, kept, crew, before)


def _publish_whole(given: Given, press: Press, kept: Cache, crew: Crew, before: Noted | None) -> Report:
    """Plan the whole site, and publish what of it is new. With `before`, the output is as that build left it."""
    options, source = given.options, given.options.source
    with given.profile.stage("articles"):
        shelf = fill(_preparing(given, kept, crew))
    with given.profile.stage("plan"):
        pages, unread = read_pages(source, given.content)
        now = None if options.future else options.now
        judged = due(source, shelf.entries.values(), pages, given.judging, now, options.drafts)
        settled, clashes = settle(
            source, judged, given.desk.imprint, shelf.compared, _copies(given), options.keep_going
        )
    unpublishable = (*given.content.problems, *unread, *_unpublishable(given.inputs))
    problems = tuple(sorted({*shelf.problems, *judged.problems, *unpublishable, *clashes}))
    forget(kept)
    if settled is None or (problems and not options.keep_going):
        _commit(kept, shelf)
        return Report(problems, None)
    site, targets = settled.site, settled.targets
    ids = {urls.file_of(entry.address): entry.item_id for entry in (*site.articles, *site.withdrawn)}
    names = [target.file for target in targets]
    wanted = Wanted(targets, shelf.kept, masthead(site), frozenset(names), ids)
    published, reasons, seen = _bring_out(given, wanted, press, kept, crew, is_as_left=before is not None)
    done = Report(
        problems,
        published,
        articles=len(site.articles),
        left_out=len({problem.path for problem in problems}),
        drafts=shelf.drafts,
        future=judged.future,
        reasons=reasons,
        feeds=places.subscribed(it.content.document for it in targets if isinstance(it.content, FeedOf)),
    )
    with given.profile.stage("cache"):
        if not problems:
            places.keep(kept, site, targets, wanted.masthead, given.inputs)
            if before and before.files == named(names):
                stamps = stamped_anew(options.output, before, published.changed)
            else:
                stamps = b"".join([seen.get(file) or stamps_of(options.output, [file]) for file in (*names, MANIFEST)])
            remember(kept, Noted(_last(given, done, site), named(names), stamps))
        _commit(kept, shelf)
    return done


def _commit(kept: Cache, shelf: Shelf) -> None:
    kept.commit()
    kept.sheets.tidy(article.leaf for article in shelf.kept.values() if article.leaf)


def _publish_edit(given: Given, press: Press, kept: Cache, crew: Crew, before: Noted) -> Report | None:
    """Where only texts were edited, publish what shows them; None where the whole site has to be planned."""
    if before.last.settings != given.settings.hex():
        return None
    seen = places.seen(given.inputs)
    changed = places.edited(kept, seen)
    if changed is None:
        return None
    with given.profile.stage("articles"):
        retaken = retake(_preparing(given, kept, crew), changed)
    if retaken is None:
        return None
    edit = places.edit(kept, retaken)
    wanted = Wanted(edit.targets, edit.articles, edit.masthead, before.last.files)
    published, reasons, _ = _bring_out(given, wanted, press, kept, crew, is_as_left=True)
    last = before.last._replace(inputs=given.inputs.digest.hex())
    with given.profile.stage("cache"):
        if edit.plan is not None:
            places.keep_plan(kept, edit.plan)
        places.keep_seen(kept, seen)
        stamps = stamped_anew(given.options.output, before, published.changed)
        remember(kept, Noted(last, before.files, stamps))
        kept.commit()
    future = tuple(map(datetime.fromisoformat, last.future))
    return Report(
        (),
        published,
        articles=last.articles,
        drafts=last.drafts,
        future=future,
        reasons=reasons,
        feeds=edit.feeds,
    )


def _compiled(theme: Theme, kept: Cache) -> dict[str, bytes]:
    """What the theme's templates were compiled to by the last build that saw them, or by this one."""
    compiled = precompiled.load()  # what a theme or a site has of its own is laid over the package's templates
    noted = b"" if compiled and theme.is_packaged else kept.sealed("templates")
    if noted:
        compiled.update(codec.unpack(dict[str, bytes], noted))
    before = len(compiled)
    compile_all(theme, compiled)
    if len(compiled) > before and not (theme.is_packaged and precompiled.keep(compiled)):
        kept.put_sealed("templates", codec.pack(compiled))
    return compiled


def _preparing(given: Given, kept: Cache, crew: Crew) -> Preparing:
    return Preparing(kept, crew, given.desk, given.settings, given.inputs, given.content, given.progress, given.profile)


def _bring_out(
    given: Given, wanted: Wanted, press: Press, kept: Cache, crew: Crew, *, is_as_left: bool
) -> tuple[Published, tuple[tuple[str, Reason], ...], dict[str, bytes]]:
    """Render, stage and move into place what is stale; what was published and why, and stamps of what was stale."""
    output = given.options.output
    compiled = _compiled(given.theme, kept)
    stage = None if crew.is_far else press.stage
    look = Look(given.theme, wanted.masthead, given.desk.imprint, compiled, stage, kept.sheets.folder)
    keys = Keys(
        articles=wanted.articles,
        copies=_digests_of_copies(given, kept),
        settings=given.settings,
        masthead=digest(codec.pack(wanted.masthead)),
        templates={name: bytes.fromhex(made)[:SIZE] for name, made in digests(given.theme, compiled).items()},
    )
    shop = Shop(
        source=given.options.source,
        cache=kept,
        crew=crew,
        desk=given.desk,
        look=look,
        keys=keys,
        press=press,
        is_as_left=is_as_left,
        progress=given.progress,
        profile=given.profile,
    )
    with given.profile.stage("pages"):
        staged = stage_all(shop, wanted.targets)
        crew.dismiss()
    with given.profile.stage("into place"):
        published, gone = _put_into_place(press, wanted, staged.changed, kept)
    seen = {file: packed(stamp(f"{output}/{file}")) for file in staged.keys}
    rows = {file: (key, seen[file]) for file, key in staged.keys.items()}
    kept.put_pages(rows, gone)
    return published, tuple(sorted(staged.reasons.items())), seen


def _put_into_place(
    press: Press, wanted: Wanted, changed: tuple[str, ...], kept: Cache
) -> tuple[Published, Iterable[str]]:
    """What was published, and the files of which there are keys in the cache and which are no more."""
    if isinstance(wanted.files, int):
        return press.renew(changed, wanted.files), ()
    return press.commit(wanted.files, changed, wanted.ids), kept.pages_except(wanted.files)


def _digests_of_copies(given: Given, kept: Cache) -> Callable[[str], bytes]:
    """SHA-256 of files that are published as they are; one is read only where its stamp is not as it was."""

    def digest_of(path: str) -> bytes:
        file = given.options.source / path
        now = stamp(file)
        is_known = now is not None and not given.inputs.is_fresh(now)
        found = kept.copy(path, packed(now)) if is_known else None
        if found is None:
            found = hashlib.sha256(file.read_bytes()).digest()
            if is_known:
                kept.put_copy(path, packed(now), found)
        return found

    return digest_of


def _copies(given: Given) -> dict[str, Copy]:
    """The files that are published as they are, by address; the site's own stand over the theme's."""
    own = {
        path.removeprefix("static"): Copy(path, path)
        for path, stamp in given.inputs.others
        if path.startswith("static/") and stamp is not None
    }
    assets = given.theme.assets.items()
    return {**{f"/theme/{name}": Copy(asset.path, f"themes/…/static/{name}") for name, asset in assets}, **own}


def _unpublishable(seen: Inputs) -> list[Problem]:
    """Files that cannot be published as they are: links, which may lead anywhere, and names that are not text."""
    found = [(path, stamp) for path, stamp in seen.others if path == "static" or path.startswith("static/")]
    links = [files.linked(path) for path, stamp in found if stamp is None]
    return links + [files.badly_named(path) for path, stamp in found if stamp is not None and not files.is_utf_8(path)]


def _last(given: Given, done: Report, site: Site) -> Last:
    """What this build did, and until when another would do the same."""
    options = given.options
    day = next_change(given.judging)
    changes = [*done.future[:1], *([datetime.combine(day, time(), UTC)] if day else [])]
    dates = [] if options.future else [entry.date for entry in (*site.articles[:1], *site.withdrawn[:1])]
    return Last(
        inputs=given.inputs.digest.hex(),
        settings=given.settings.hex(),
        since=max(map(instant, dates), default=""),
        before=min(map(instant, changes), default=FOREVER),
        articles=done.articles,
        files=done.published.files if done.published else 0,
        drafts=done.drafts,
        future=tuple(f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in done.future),
    )


def _check_output(options: Options) -> tuple[Problem, ...]:
    """An output that is, holds or lies in what must not be overwritten."""
    source, output = options.source.resolve(), options.output.resolve()
    inner = [source / name for name in ("content", "themes", "templates", "static", ".git", "broadsheet")]
    home = Path(os.path.expanduser("~")).resolve()  # noqa: PTH111 -- Path.home() raises where there is no home
    if source.is_relative_to(output) or any(output.is_relative_to(folder) for folder in inner) or output == home:
        message = f"the output '{options.output}' is, holds or lies in a folder of the site's sources or yours"
        return (Problem(str(options.output), 1, 1, "output/dangerous", message, "Name another folder with --output"),)
    return ()
