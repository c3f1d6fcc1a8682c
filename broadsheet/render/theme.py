"""A theme, and the environment in which its templates run.

Themes are trusted code, as in Hugo's security model; content is not, so everything is escaped unless it is `Markup`.
An undefined name is an error. A template is looked up in the site's own `templates/`, then in the theme, then in its
parents; `theme/NAME` leaves the site's own out, `THEME/NAME` means that theme's file, so that an override can extend
what it overrides.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterator, Mapping, MutableMapping

from jinja2 import TemplateNotFound, TemplateSyntaxError
from jinja2.exceptions import TemplateError
from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from broadsheet.problem import Problem
from broadsheet.render import jinja
from broadsheet.render.compiled import Compiled
from broadsheet.render.jinja import Attributes
from broadsheet.site.views import TEMPLATES, ArticlePage, SiteView, SlipView, View

SITE = ""
"""Stands for the site's own `templates/` among the layers of a theme."""


class Source(Struct, frozen=True):
    """A template's text."""

    path: str
    """Of its file, for problems."""
    text: str


class Asset(Struct, frozen=True):
    """A file of a theme's `static/`."""

    path: str
    version: str
    """Beginning of the hash of its bytes."""


class Theme(Struct, frozen=True):
    """A theme with its parents and the site's own templates, loaded."""

    layers: tuple[tuple[str, Mapping[str, Source]], ...]
    """(name, templates) from the site's own, named `SITE`, to the last parent."""
    assets: Mapping[str, Asset]
    options: Mapping[str, str]
    is_packaged: bool = False
    """All templates are the package's own."""

    def find(self, name: str) -> Source | None:
        """The template that a name means."""
        for layer, templates in self.layers:
            if name in templates:
                return templates[name]
            prefix, _, rest = name.partition("/")
            if rest in templates and layer != SITE and prefix in ("theme", layer):
                return templates[rest]
        return None

    def lookup(self, name: str) -> tuple[str, str] | None:
        """The text and the path of the template that a name means."""
        source = self.find(name)
        return (source.text, source.path) if source else None


class ThemeError(Exception):
    """A template that cannot be rendered; carries the problem for the theme's author."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


Renderer = Callable[[View], bytes]


def renderer(
    theme: Theme, site: SiteView, base_path: str, compiled: MutableMapping[str, bytes] | None = None
) -> Renderer:
    """A function from a page's record to its HTML in UTF-8. It raises `ThemeError`.

    `compiled` keeps what templates were compiled to for the next renderer, in this process or another.
    """

    def asset(name: str) -> str:
        found = theme.assets.get(name)
        if found is None:
            raise TemplateError(f"the theme has no file static/{name}")
        # Only what no other file refers to by name can carry its version in its address.
        return f"{base_path}theme/{name}" + (f"?v={found.version}" if name.endswith(".css") else "")

    names = {"site": site, "asset": asset}
    keeper = None if compiled is None else Compiled(compiled)
    quick = jinja.quick(theme.lookup, {**names, "option": Attributes(theme.options)}, keeper)
    plain = jinja.plain(theme.lookup, {**names, "option": dict(theme.options)})
    failed: dict[str, int] = {}
    """How many of the ways of showing a page to the quick Jinja are not enough for a template."""

    def html_of(view: View) -> tuple[bytes, bytes]:
        template = TEMPLATES[type(view)]
        for n in range(failed.get(template, 0), len(_QUICK_WAYS)):
            try:
                return jinja.rendered(quick, template, _QUICK_WAYS[n](view))
            except Exception:  # noqa: BLE001 -- whatever it is, Jinja itself says what it means
                failed[template] = n + 1
        try:
            html = plain.get_template(template).render(page=_with_texts(view)).encode()
        except Exception as error:
            raise ThemeError(_problem(error, theme, template, view)) from error
        return html, html

    def render(view: View) -> bytes:
        html, shell = html_of(view)
        # An article's text, which is sanitised, neither opens nor closes what is not shown, but may say the same.
        if (
            isinstance(view, ArticlePage)
            and _missing_credit(view.slip, shell)
            and (missing := _missing_credit(view.slip, html))
        ):
            raise ThemeError(_without_credit(theme, view, missing))
        return html

    return render


def _with_long_texts(view: View) -> View:
    """A page as it is printed most quickly, where nothing else is done with its long texts."""
    return _with(view, jinja.LongMarkup, jinja.LongText)


def _with_texts(view: View) -> View:
    """A page as templates are promised it."""
    return _with(view, lambda utf8: Markup(utf8.decode()), bytes.decode)  # noqa: S704 -- that is what it is


def _with(view: View, markup: Callable[[bytes], object], text: Callable[[bytes], object]) -> View:
    if not isinstance(view, ArticlePage):
        return view
    copy = view.reprint and replace(view.reprint, html=text(view.reprint.html), text=text(view.reprint.text))
    return replace(view, body=markup(view.body), reprint=copy)


_QUICK_WAYS = (_with_long_texts, _with_texts)


def _missing_credit(slip: SlipView, html: bytes) -> str:
    """What of an article's credit block a page does not hold; empty where nothing is missing.

    It looks for bytes, where Python finds some ten times as fast as among wide characters. In UTF-8 that is the same.
    """
    texts = (slip.heading, slip.sentence, *(value.text for fact in slip.facts for value in fact.values))
    wanted = jinja.escaped("\0".join(texts)).encode().split(b"\0")  # which no text holds (`words.scrub`)
    # Most themes print them in their order in one place, so that each is looked for from the one before.
    found = 0
    for start, end in _shown(html):
        at = start
        while found < len(wanted) and (at := html.find(wanted[found], at, end)) >= 0:
            found += 1
        if found == len(wanted):
            return ""
    shown = b"".join(html[start:end] for start, end in _shown(html))
    return next((text for text, escaped in zip(texts, wanted, strict=True) if escaped not in shown), "")


def _shown(html: bytes) -> Iterator[tuple[int, int]]:
    r"""The parts of a page between comments and elements that are not shown, as (start, end), in order.

    A first look, at once; the audit sees the page as browsers do. Between them lies what the regular expression
    `<(textarea|script|template|style)(?=[\s/>]).*?</\1>|<!--.*?-->` matches, which takes its time where nothing is
    closed. (What ends the name of an element: HTML Standard, 13.2.5.8, "Tag name state".)
    """
    start = at = 0
    unclosed: set[bytes] = set()
    while opening := _NOT_SHOWN.search(html, at):
        closing = b"-->" if opening[0] == b"<!--" else b"</%b>" % opening[0][1:]
        end = -1 if closing in unclosed else html.find(closing, opening.end())
        if end >= 0:
            yield start, opening.start()
            start = at = end + len(closing)
        else:
            unclosed.add(closing)
            at = opening.end()
    yield start, len(html)


_NAMES = (b"textarea", b"script", b"template", b"style")
_NOT_SHOWN = re.compile(rb"<(?:!--|%b)" % b"|".join(rb"%b(?=[\s/>])" % name for name in _NAMES))


def _without_credit(theme: Theme, view: ArticlePage, missing: str) -> Problem:
    template = TEMPLATES[ArticlePage]
    source = theme.find(template)
    message = f"the page of an article does not show '{missing}', which is part of its credit"
    remedy = f"Print the whole of 'page.slip' (themes/CONTRACT.md); it was rendering {view.head.title}"
    return Problem(source.path if source else template, 1, 1, "theme/slip-missing", message, remedy)


def _problem(error: Exception, theme: Theme, template: str, view: View) -> Problem:
    """What went wrong, at the innermost template line of the traceback."""
    paths = {source.path for _, templates in theme.layers for source in templates.values()}
    page = view.head.canonical or view.head.title
    start = theme.find(template)
    path, line = (start.path if start else f"templates/{template}"), 1
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename in paths:
            path, line = frame.filename, frame.lineno or 1
    if isinstance(error, TemplateSyntaxError):
        path, line = error.filename or path, error.lineno
    if isinstance(error, TemplateNotFound):
        message = f"there is no template '{error.name}'"
    elif isinstance(error, RecursionError):
        message = "the templates extend, include or call each other without an end"
    else:
        message = f"{error}".rstrip(".") or type(error).__name__
    remedy = f"Mend the template; it was rendering {page}"
    return Problem(path, line, 1, "theme/template", message, remedy)
