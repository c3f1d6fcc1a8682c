"""A theme -> which of its files a page is made of, so that it is rendered again when one of them changes."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress

import jinja2

from broadsheet.render import jinja
from broadsheet.render.compiled import Compiled, Store, keep_named, named
from broadsheet.render.theme import Theme
from broadsheet.site.views import TEMPLATES


def dependencies(theme: Theme, template: str, store: Store | None = None) -> frozenset[str]:
    """The paths of all template files that a template can reach by extending, including or importing, and its own.

    A name that is worked out when a page is rendered can be any, so that then all templates are meant. `store` keeps
    what was found in a text.
    """
    found = _reached(theme, template, {} if store is None else store)
    return frozenset(source.path for name in found if (source := theme.find(name)))


def digests(theme: Theme, store: Store | None = None) -> dict[str, str]:
    """For each template that pages are made with, one SHA-256 of all of the theme that can show in them.

    That is: every name that it can reach, with the file and the text that it means now, or that it means none; the
    theme's options; the names and versions of its assets; and Jinja's version.
    """
    known: Store = {} if store is None else store
    assets = sorted((name, asset.version) for name, asset in theme.assets.items())
    common = [jinja2.__version__, sorted(theme.options.items()), assets]
    return {name: _sha256([common, _meant(theme, _reached(theme, name, known))]) for name in TEMPLATES.values()}


def compile_all(theme: Theme, store: Store) -> None:
    """Compile all that pages can be made with, and keep what each names, so that each text is parsed once.

    What cannot be compiled is left to whoever renders with it.
    """
    environment = jinja.quick(theme.lookup, {}, Compiled(store))
    environment.parsed = lambda text, syntax: keep_named(text, syntax, store)
    done: set[str] = set()
    waiting = [*TEMPLATES.values()]
    while waiting:
        name = waiting.pop()
        source = theme.find(name)
        if name in done or source is None:
            continue
        done.add(name)
        with suppress(Exception):
            environment.get_template(name)
        waiting += [other for other in named(source.text, store) or () if other is not None]


def _meant(theme: Theme, names: set[str]) -> list[tuple[str, str, str]]:
    """Names with the path and the text of what each means, "" where it means nothing."""
    sources = [(name, theme.find(name)) for name in sorted(names)]
    return [(name, source.path if source else "", source.text if source else "") for name, source in sources]


def _reached(theme: Theme, template: str, store: Store) -> set[str]:
    """All names that can be asked for, also those that mean no template."""
    reached: set[str] = set()
    waiting = [template]
    while waiting:
        name = waiting.pop()
        if name in reached:
            continue
        reached.add(name)
        source = theme.find(name)
        for other in _named(source.text, store) if source else ():
            waiting += _all_names(theme) if other is None else [other]
    return reached


def _all_names(theme: Theme) -> list[str]:
    """Every name that means a template: as it is, behind `theme/`, and behind the name of each theme."""
    prefixes = ["", "theme/", *(f"{layer}/" for layer, _ in theme.layers if layer)]
    return sorted({prefix + name for _, templates in theme.layers for name in templates for prefix in prefixes})


def _named(text: str, store: Store) -> list[str | None]:
    """The templates that a text names in its tags; None for a name that is worked out."""
    known = named(text, store)
    if known is not None:
        return known
    try:
        syntax = jinja.plain(lambda _: None, {}).parse(text)
    except jinja2.TemplateSyntaxError:
        return []  # no page is made with it before it is mended, and that is another text
    return keep_named(text, syntax, store)


def _sha256(parts: list[object]) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()
