"""A content file -> an `Article` or a `Page`, or every problem that can be seen without knowing the registers."""

from __future__ import annotations

from datetime import datetime, timedelta

from broadsheet import url
from broadsheet.fingerprint import Fingerprint, FingerprintError, load
from broadsheet.model import Article, Body, FrontMatter, Kind, Page, PageFrontMatter
from broadsheet.problem import Finding, Problem
from broadsheet.reading import markdown
from broadsheet.reading.frontmatter import Sheet, split
from broadsheet.record import decode
from broadsheet.slug import slugify


def read_article(path: str, data: bytes, stored: Fingerprint | None = None) -> Article | tuple[Problem, ...]:
    """The article in a file. `path` is relative to the site's folder, with `/`; `stored` is what lies beside it."""
    sheet = split(path, data)
    if isinstance(sheet, Problem):
        return (sheet,)
    matter = decode(FrontMatter, sheet.data, "article")
    if isinstance(matter, tuple):
        return sheet.problems(matter)
    article = Article(path, _slug(path, matter), matter, markdown.read(sheet.markdown, sheet.markdown_line), stored)
    findings = tuple(_check(article))
    return sheet.problems(findings) if findings else article


def read_page(path: str, data: bytes) -> Page | tuple[Problem, ...]:
    """The page in a file. `path` is relative to the site's folder, with `/`."""
    sheet = split(path, data)
    if isinstance(sheet, Problem):
        return (sheet,)
    matter = decode(PageFrontMatter, sheet.data, "page")
    if isinstance(matter, tuple):
        return sheet.problems(matter)
    page = Page(path, _slug(path, matter), matter, markdown.read(sheet.markdown, sheet.markdown_line))
    unwritten = () if matter.draft else _check_placeholders(page.body, "page")
    findings = (*_check_slug(page.slug, "page"), *_check_pictures(page), *unwritten)
    return sheet.problems(findings) if findings else page


def read_fingerprint(path: str, data: bytes) -> Fingerprint | Problem:
    """The fingerprint in a file."""
    try:
        return load(data)
    except FingerprintError as error:
        remedy = "Take the text in again with 'new article --captured', or remove this file"
        return Problem(path, 1, 1, "file/not-a-fingerprint", f"this is no fingerprint: {error}", remedy)


def locate(path: str, data: bytes, findings: tuple[Finding, ...]) -> tuple[Problem, ...]:
    """The findings of a later stage, with their lines and columns in the file."""
    sheet = split(path, data)
    return sheet.problems(findings) if isinstance(sheet, Sheet) else (sheet,)


def _slug(path: str, matter: FrontMatter | PageFrontMatter) -> str:
    return matter.slug or slugify(_stem(path))


def _stem(path: str) -> str:
    """A file's name without its ending. `PurePosixPath.stem` takes longer than all else that is looked at of a path."""
    name = path[path.rfind("/") + 1 :]
    dot = name.rfind(".")
    return name[:dot] if 0 < dot < len(name) - 1 else name


def _check(article: Article) -> list[Finding]:
    matter = article.matter
    found = [*_check_slug(article.slug, "article"), *_check_kind(matter), *_check_dates(matter)]
    found += [] if matter.draft else _check_placeholders(article.body, "article")
    has_text = article.body.html and not article.body.html.isspace()
    if not has_text and matter.kind is not Kind.LINK and matter.withdrawn is None:
        message = "there is no text below the front matter"
        found.append(Finding("article/no-text", message, "Write it, or make the kind 'link'", article.body.line))
    return found


PLACEHOLDERS = (
    "The text of the original.",
    "Your own words: why is it worth reading?",
    "A short quotation, verbatim.",
    "Your own text.",
)
"""What `new` writes where the curator is to write: no text to publish."""


def _check_placeholders(body: Body, area: str) -> list[Finding]:
    remedy = "Write your text in its place, or make it a draft again"
    return [
        Finding(f"{area}/placeholder", f"'{passage.text}' is what 'new' wrote", remedy, passage.line)
        for passage in body.passages
        if passage.text in PLACEHOLDERS
    ]


_OF_OTHERS = ("origin", "retrieved", "credits", "changes", "review")


def _check_kind(matter: FrontMatter) -> list[Finding]:
    if matter.kind is not Kind.OWN:
        message = f"an article of kind '{matter.kind.value}' says whose work it is"
        missing = Finding("article/origin-missing", message, "Add 'origin:' with its publisher", ("kind",))
        return [] if matter.origin else [missing]
    return [
        Finding(
            "article/own-with-origin",
            f"'{key}' belongs to the work of others, and this article is of kind 'own'",
            f"Remove '{key}:', or choose another kind",
            (key,),
            key=True,
        )
        for key in _OF_OTHERS
        if getattr(matter, key)
    ]


_GRACE = timedelta(days=1)
"""The publisher's day may begin before the digest's."""


def _check_dates(matter: FrontMatter) -> list[Finding]:
    found = []
    if matter.updated is not None and matter.updated < matter.date:
        message = "'updated' lies before 'date'"
        found.append(Finding("article/updated-before-date", message, "Correct one of them", ("updated",)))
    published = matter.origin.published if matter.origin else None
    if isinstance(published, datetime) and published - matter.date > _GRACE:
        message = "the original was published after this digest's 'date'"
        found.append(Finding("article/published-after-date", message, "Correct one of them", ("origin", "published")))
    return found


def _check_pictures(page: Page) -> list[Finding]:
    """A page shows pictures of the site's own `static/` only: the front matter of a page has no rights for others."""
    message = "a page shows pictures of this site's 'static' folder only, and '{}' is none"
    remedy = "Put it there and write its address from '/', or leave it out"
    return [
        Finding("page/foreign-image", message.format(image.src[:80]), remedy, image.line)
        for image in page.body.images
        if not (image.src.startswith("/") and url.is_relative(image.src))
    ]


def _check_slug(slug: str, area: str) -> list[Finding]:
    if slug:
        return []
    return [
        Finding(
            f"{area}/no-slug", "no address can be made from the file's name", "Add 'slug:' in latin letters or digits"
        )
    ]
