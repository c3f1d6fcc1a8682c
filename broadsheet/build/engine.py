"""The stages in their order, from a site's folder to its published output. A full build defines what is right."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import compress
from pathlib import Path

from broadsheet.build import files, themes
from broadsheet.build.publish import Published, PublishError, publish
from broadsheet.build.settings import load_config
from broadsheet.config import Config
from broadsheet.fingerprint import Fingerprint
from broadsheet.model import Article, Page
from broadsheet.problem import Finding, Problem
from broadsheet.reading.article import locate, read_article, read_fingerprint, read_page
from broadsheet.render.output import render
from broadsheet.render.theme import Renderer, Theme, ThemeError, renderer
from broadsheet.rights import Cleared, Policy, check_days, check_page, clear
from broadsheet.site import assemble, plan, urls
from broadsheet.site.articles import picture_file
from broadsheet.site.feed import item_id
from broadsheet.site.masthead import masthead
from broadsheet.site.plan import Copy, Target

Progress = Callable[[str, int, int], None]
"""Called with a stage's name, how much is done and how much there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
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


@dataclass(frozen=True, slots=True)
class Report:
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


@dataclass(frozen=True, slots=True)
class Read:
    """All content of a site that could be read."""

    articles: tuple[Article, ...]
    pages: tuple[Page, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """All content of a site, after the gate."""

    due: tuple[Cleared, ...]
    pages: tuple[Page, ...]
    problems: tuple[Problem, ...]
    drafts: int
    future: tuple[datetime, ...]
    """Dates of the articles held back, in order."""


def build(options: Options, progress: Progress) -> Report:
    """Build the site, and publish it unless there are problems."""
    try:
        return _build(options, progress)
    except OSError as error:
        path = (
            os.path.relpath(error.filename, options.source) if isinstance(error.filename, str) else str(options.source)
        )
        return Report((files.unreadable(path, error),), None)


def _build(options: Options, progress: Progress) -> Report:
    config = load_config(options.config, options.base_url)
    if not isinstance(config, Config):
        return Report(config, None, is_misconfigured=True)
    theme = themes.load(options.source, config, options.config)
    misplaced = _check_output(options)
    if not isinstance(theme, Theme) or misplaced:
        return Report((theme if isinstance(theme, tuple) else ()) + misplaced, None, is_misconfigured=True)
    judged = _judge(read(options.source, progress), options, config, progress)
    settled, targets, clashes = _settle(list(judged.due), judged.pages, config, theme, options)
    problems = tuple(sorted({*judged.problems, *clashes}))
    if settled is None or (problems and not options.keep_going):
        return Report(problems, None)
    try:
        html = renderer(theme, masthead(settled), config.base_path)
        published = publish(_rendered(targets, html, options.source, progress), options.output, _ids(settled))
    except (ThemeError, PublishError) as error:
        return Report((*problems, error.problem), None)
    left_out = len({problem.path for problem in problems})
    return Report(problems, published, len(settled.articles), left_out, judged.drafts, judged.future)


def _ids(site: assemble.Site) -> dict[str, str]:
    """The id of each article's item in feeds, by the file of its page."""
    return {urls.file_of(urls.article(c)): item_id(site, c) for c in (*site.articles, *site.withdrawn)}


def read(source: Path, progress: Progress) -> Read:
    """All content of a site."""
    content = files.scan(source)
    articles: list[Article] = []
    pages: list[Page] = []
    problems = list(content.problems)
    total = len(content.articles) + len(content.pages)
    for n, path in enumerate((*content.articles, *content.pages), 1):
        data = files.read(source, path)
        if isinstance(data, Problem):
            problems.append(data)
            continue
        beside = _fingerprint(source, path, content)
        if isinstance(beside, Problem):
            problems.append(beside)
            continue
        thing = read_article(path, data, beside) if path.startswith(files.ARTICLES) else read_page(path, data)
        if isinstance(thing, Article):
            articles.append(thing)
        elif isinstance(thing, Page):
            pages.append(thing)
        else:
            problems += thing
        progress("Reading", n, total)
    return Read(tuple(articles), tuple(pages), tuple(problems))


def _fingerprint(source: Path, path: str, content: files.Content) -> Fingerprint | Problem | None:
    """What is stored of an article's captured text."""
    beside = files.fingerprint_of(path)
    if beside not in content.fingerprints:
        return None
    data = files.read(source, beside)
    return data if isinstance(data, Problem) else read_fingerprint(beside, data)


def _judge(content: Read, options: Options, config: Config, progress: Progress) -> Judged:
    """What may be published now. What is dated in the future is judged too, so that no scheduled build fails later."""
    judging = policy(config, options.now)
    finished = [article for article in content.articles if options.drafts or not article.matter.draft]
    cleared, uncleared = _clear(finished, options.source, judging, progress)
    cleared, beyond = _check_days(cleared, options.source, judging)
    pages, unfit = _check_pages(content.pages, options, judging)
    is_due = [options.future or c.article.date <= options.now for c in cleared]
    return Judged(
        due=tuple(compress(cleared, is_due)),
        pages=pages,
        problems=(*content.problems, *uncleared, *beyond, *unfit, *_unpublishable(options.source)),
        drafts=len(content.articles) - len(finished),
        future=tuple(sorted(c.article.date for c, due in zip(cleared, is_due, strict=True) if not due)),
    )


def _check_pages(pages: tuple[Page, ...], options: Options, judging: Policy) -> tuple[tuple[Page, ...], list[Problem]]:
    """The pages that are finished and quote no more than they may."""
    finished = [page for page in pages if options.drafts or not page.matter.draft]
    findings = {page.path: check_page(page, judging) for page in finished}
    problems = [problem for path in findings for problem in _locate(options.source, path, findings[path])]
    return tuple(page for page in finished if not findings[page.path]), problems


def policy(config: Config, now: datetime) -> Policy:
    """What the gate judges by, on the day of `now`."""
    return Policy(config.register, config.rights, now.astimezone(UTC).date(), config.licence)


def _clear(
    articles: list[Article], source: Path, judging: Policy, progress: Progress
) -> tuple[list[Cleared], list[Problem]]:
    cleared: list[Cleared] = []
    problems: list[Problem] = []
    for n, article in enumerate(articles, 1):
        result = clear(article, judging)
        if isinstance(result, Cleared):
            cleared.append(result)
        else:
            problems += _locate(source, article.path, result)
        progress("Clearing", n, len(articles))
    return cleared, problems


def _check_days(cleared: list[Cleared], source: Path, judging: Policy) -> tuple[list[Cleared], list[Problem]]:
    """The articles that are no excerpt too many on their day."""
    findings = check_days(cleared, judging)
    problems = [problem for path in findings for problem in _locate(source, path, findings[path])]
    return [c for c in cleared if c.article.path not in findings], problems


def _settle(
    cleared: list[Cleared], pages: tuple[Page, ...], config: Config, theme: Theme, options: Options
) -> tuple[assemble.Site | None, tuple[Target, ...], list[Problem]]:
    """The site and its targets without those files that are in each other's way; no site where that cannot be had."""
    problems: list[Problem] = []
    copied, pictures = _copied(theme, options.source), _pictures(cleared, options.source)
    while True:
        site = assemble.assemble(cleared, pages, config)
        targets = plan.plan(site, copied, pictures)
        findings = _clashes(cleared, targets, options.source)
        found = [problem for path in findings for problem in _locate(options.source, path, findings[path])]
        problems += found
        at_fault = {problem.path for problem in found}
        if not found or not options.keep_going:
            return site, targets, problems
        remaining = [c for c in cleared if c.article.path not in at_fault]
        remaining_pages = tuple(page for page in pages if page.path not in at_fault)
        if len(remaining) == len(cleared) and len(remaining_pages) == len(pages):
            return None, (), problems
        cleared, pages = remaining, remaining_pages


def _clashes(cleared: list[Cleared], targets: tuple[Target, ...], source: Path) -> dict[str, list[Finding]]:
    """All that files do to each other. Two spellings also share an address, which is then not said again."""
    found = dict(assemble.check(cleared))
    for more in (plan.check(targets), _check_copies(targets, source)):
        for path, findings in more.items():
            if path or not found:
                found[path] = [*found.get(path, ()), *findings]
    return found


def _unpublishable(source: Path) -> list[Problem]:
    """Files that cannot be published as they are: links, which may lead anywhere, and names that are not text."""
    found = list(files.walk(source, "static", hidden=True))
    links = [files.linked(path) for path, is_link in found if is_link]
    return links + [files.badly_named(path) for path, is_link in found if not is_link and not files.is_utf_8(path)]


def _locate(source: Path, path: str, findings: Iterable[Finding]) -> tuple[Problem, ...]:
    """Findings of a later stage as problems: in a content file with line and column, in any other at its beginning."""
    data = files.read(source, path) if path.startswith((files.ARTICLES, files.PAGES)) else None
    if isinstance(data, bytes):
        return locate(path, data, tuple(findings))
    return tuple(Problem(path, 1, 1, f.rule, f.message, f.remedy) for f in findings)


def _copied(theme: Theme, source: Path) -> dict[str, Copy]:
    """The files that are published as they are, by address; the site's own stand over the theme's."""
    own = {
        path.removeprefix("static"): Copy(path, path)
        for path, is_link in files.walk(source, "static", hidden=True)
        if not is_link
    }
    themed = {f"/theme/{name}": Copy(asset.path, f"themes/…/static/{name}") for name, asset in theme.assets.items()}
    return {**themed, **own}


def _pictures(cleared: list[Cleared], source: Path) -> dict[str, str]:
    """The SHA-256 of each picture that articles show, by the path of its file."""
    found = {}
    for c in cleared:
        if c.article.matter.image is not None:
            path = picture_file(c, c.article.matter.image)
            if (source / path).is_file() and not (source / path).is_symlink():
                found[path] = hashlib.sha256((source / path).read_bytes()).hexdigest()
    return found


def _check_copies(targets: Iterable[Target], source: Path) -> dict[str, list[Finding]]:
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


def _rendered(
    targets: tuple[Target, ...], html: Renderer, source: Path, progress: Progress
) -> Iterator[tuple[str, bytes]]:
    for n, target in enumerate(targets, 1):
        content = target.content
        data = (source / content.path).read_bytes() if isinstance(content, Copy) else render(content, html)
        yield target.file, data
        progress("Writing", n, len(targets))


def _check_output(options: Options) -> tuple[Problem, ...]:
    """An output that is, holds or lies in what must not be overwritten."""
    source, output = options.source.resolve(), options.output.resolve()
    inner = [source / name for name in ("content", "themes", "templates", "static", ".git", "broadsheet")]
    home = Path(os.path.expanduser("~")).resolve()  # noqa: PTH111 -- Path.home() raises where there is no home
    if source.is_relative_to(output) or any(output.is_relative_to(folder) for folder in inner) or output == home:
        message = f"the output '{options.output}' is, holds or lies in a folder of the site's sources or yours"
        return (Problem(str(options.output), 1, 1, "output/dangerous", message, "Name another folder with --output"),)
    return ()
