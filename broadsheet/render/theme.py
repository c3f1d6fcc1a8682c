"""A theme, and the environment in which its templates run.

Themes are trusted code, as in Hugo's security model; content is not, so everything is escaped unless it is `Markup`.
An undefined name is an error. A template is looked up in the site's own `templates/`, then in the theme, then in its
parents; `theme/NAME` leaves the site's own out, `THEME/NAME` means that theme's file, so that an override can extend
what it overrides.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from jinja2 import Environment, FunctionLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError
from jinja2.exceptions import TemplateError
from markupsafe import escape

from broadsheet.problem import Problem
from broadsheet.site.views import TEMPLATES, ArticlePage, SiteView, SlipView, View

SITE = ""
"""Stands for the site's own `templates/` among the layers of a theme."""


@dataclass(frozen=True, slots=True)
class Source:
    """A template's text."""

    path: str
    """Of its file, for problems."""
    text: str


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of a theme's `static/`."""

    path: str
    version: str
    """Beginning of the hash of its bytes."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme with its parents and the site's own templates, loaded."""

    layers: tuple[tuple[str, Mapping[str, Source]], ...]
    """(name, templates) from the site's own, named `SITE`, to the last parent."""
    assets: Mapping[str, Asset]
    options: Mapping[str, str]

    def find(self, name: str) -> Source | None:
        """The template that a name means."""
        for layer, templates in self.layers:
            if name in templates:
                return templates[name]
            prefix, _, rest = name.partition("/")
            if rest in templates and layer != SITE and prefix in ("theme", layer):
                return templates[rest]
        return None


class ThemeError(Exception):
    """A template that cannot be rendered; carries the problem for the theme's author."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


Renderer = Callable[[View], str]


def renderer(theme: Theme, site: SiteView, base_path: str) -> Renderer:
    """A function from a page's record to its HTML. It raises `ThemeError`."""
    environment = _environment(theme)

    def asset(name: str) -> str:
        found = theme.assets.get(name)
        if found is None:
            raise TemplateError(f"the theme has no file static/{name}")
        # Only what no other file refers to by name can carry its version in its address.
        return f"{base_path}theme/{name}" + (f"?v={found.version}" if name.endswith(".css") else "")

    environment.globals.update(site=site, option=dict(theme.options), asset=asset)

    def render(view: View) -> str:
        template = TEMPLATES[type(view)]
        try:
            html = environment.get_template(template).render(page=view)
        except Exception as error:
            raise ThemeError(_problem(error, theme, template, view)) from error
        if isinstance(view, ArticlePage) and (missing := _missing_credit(view.slip, html)):
            raise ThemeError(_without_credit(theme, template, view, missing))
        return html

    return render


def _missing_credit(slip: SlipView, html: str) -> str:
    """What of an article's credit block a page does not hold; empty where nothing is missing."""
    shown = _NOT_SHOWN.sub("", html)
    facts = (value.text for fact in slip.facts for value in fact.values)
    return next((text for text in (slip.heading, slip.sentence, *facts) if str(escape(text)) not in shown), "")


_NOT_SHOWN = re.compile(r"<(textarea|script|template|style)\b.*?</\1>|<!--.*?-->", re.DOTALL)
"""A first look, at once; the audit sees the page as browsers do."""


def _without_credit(theme: Theme, template: str, view: View, missing: str) -> Problem:
    source = theme.find(template)
    message = f"the page of an article does not show '{missing}', which is part of its credit"
    remedy = f"Print the whole of 'page.slip' (themes/CONTRACT.md); it was rendering {view.head.title}"
    return Problem(source.path if source else template, 1, 1, "theme/slip-missing", message, remedy)


def _environment(theme: Theme) -> Environment:
    def load(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        source = theme.find(name)
        return (source.text, source.path, lambda: True) if source else None

    return Environment(
        loader=FunctionLoader(load),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )


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
