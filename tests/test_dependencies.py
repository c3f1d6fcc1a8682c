"""Which templates a page is made of."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from broadsheet.render.compiled import sealed
from broadsheet.render.dependencies import dependencies, digests
from broadsheet.render.theme import SITE, Asset, Source, Theme
from broadsheet.site.views import TEMPLATES

BASE = '{% from "date.html" import date %}<title>{% block main %}{% endblock %}'
CHILD = {"article.html": '{% extends "parent/article.html" %}', "404.html": "Gone"}
PARENT = {
    "base.html": BASE,
    "article.html": '{% extends "base.html" %}{% import "card.html" as c %}{% include ["none.html", "foot.html"] %}',
    "page.html": '{% extends "base.html" %}',
    "card.html": "{% macro card() %}{% endmacro %}",
    "foot.html": "",
    "date.html": "{% macro date(it) %}{% endmacro %}",
}


def theme(site: dict[str, str] | None = None, child: dict[str, str] | None = None, **parent: str) -> Theme:
    """The site's own templates over those of a theme over those of its parent; names without their ending."""
    named = {f"{name}.html": text for name, text in parent.items()}
    layers = ((SITE, site or {}), ("child", child or CHILD), ("parent", {**PARENT, **named}))
    return Theme(
        tuple(
            (layer, {n: Source(f"{layer or 'own'}/{n}", text) for n, text in texts.items()}) for layer, texts in layers
        ),
        {"style.css": Asset("/somewhere/style.css", "abc")},
        {"colour": "red"},
    )


def test_all_that_is_reached_counts_and_no_more() -> None:
    """Through extends, import, from and include, in the layer that each name means."""
    made = theme()
    assert dependencies(made, "article.html") == {
        "child/article.html",
        "parent/article.html",
        "parent/base.html",
        "parent/card.html",
        "parent/date.html",
        "parent/foot.html",
    }
    assert dependencies(made, "page.html") == {"parent/page.html", "parent/base.html", "parent/date.html"}
    assert dependencies(made, "404.html") == {"child/404.html"}


def test_an_override_stands_for_what_it_overrides() -> None:
    """And may extend it."""
    made = theme({"date.html": "mine", "404.html": '{% extends "theme/404.html" %}'})
    assert dependencies(made, "page.html") == {"parent/page.html", "parent/base.html", "own/date.html"}
    assert dependencies(made, "404.html") == {"own/404.html", "child/404.html"}


@pytest.mark.parametrize(
    "tag", ["{% include page.kind %}", "{% extends 'a' ~ 'b' %}", "{% import x if y else z as m %}"]
)
def test_a_name_that_is_worked_out_may_be_any(tag: str) -> None:
    """All templates of all layers are meant, those too that others stand over."""
    made = theme({"date.html": "mine"}, page=tag)
    everything = {source.path for _, templates in made.layers for source in templates.values()}
    assert dependencies(made, "page.html") == everything


def test_templates_that_reach_each_other_come_to_an_end() -> None:
    """Rendering them does not, and says so."""
    made = theme(page='{% include "foot.html" %}', foot='{% include "page.html" %}')
    assert dependencies(made, "page.html") == {"parent/page.html", "parent/foot.html"}


def differing(before: Theme, after: Theme) -> set[str]:
    """The templates whose digests differ between two themes."""
    one, two = digests(before), digests(after)
    assert set(one) == set(two) == set(TEMPLATES.values())
    return {name for name in one if one[name] != two[name]}


@pytest.mark.parametrize(
    ("changed", "differ"),
    [
        (theme(), set()),
        (theme(card="new"), {"article.html"}),
        (theme(date="new"), {"article.html", "page.html"}),
        (theme({"card.html": PARENT["card.html"]}), {"article.html"}),
        (theme({"none.html": ""}), {"article.html"}),
        (theme(child={**CHILD, "date.html": PARENT["date.html"]}), {"article.html", "page.html"}),
        (theme({"404.html": "Gone"}), {"404.html"}),
        (theme({"404.html": "{% if"}), {"404.html"}),
        (theme({"unused.html": "new"}), set()),
        (replace(theme(), options={"colour": "blue"}), set(TEMPLATES.values())),
        (replace(theme(), assets={"style.css": Asset("/somewhere/style.css", "abd")}), set(TEMPLATES.values())),
        (replace(theme(), assets={"style.css": Asset("/elsewhere/style.css", "abc")}), set()),
    ],
    ids="same, imported, shared, override, absent, child, leaf, broken, unused, option, asset, moved".split(", "),
)
def test_a_digest_changes_with_what_can_show(changed: Theme, differ: set[str]) -> None:
    """With a name that begins to mean something else as well, and with nothing that the page cannot reach."""
    assert differing(theme(), changed) == differ


def test_what_is_stored_changes_nothing() -> None:
    """Neither what was found in a text, nor what is damaged or lies."""
    store: dict[str, bytes] = {}
    first = digests(theme(), store)
    assert store
    assert digests(theme(), store) == first == digests(theme())
    assert digests(theme(), {key: value[:-1] for key, value in store.items()}) == first
    assert digests(theme(), {key: sealed("other", b"[]") for key in store}) == first
