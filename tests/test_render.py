"""Rendering: the quick Jinja gives what Jinja gives, and a page without its credit is not made."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import jinja2
import markupsafe
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jinja2.runtime import Macro
from markupsafe import Markup

from broadsheet.build import rendering
from broadsheet.render import jinja, theme
from broadsheet.render.theme import _missing_credit, _with_long_texts, _with_texts
from broadsheet.site.views import FactValueView, FactView, LabelView, SlipView
from tests.making import Site

GOLDEN = Path(__file__).parent / "golden/site"


@dataclass(frozen=True, slots=True)
class Record:
    """What a template sees, in the fewest fields that differ in kind."""

    text: str
    html: Markup
    none: None
    number: int
    items: tuple[Record, ...]
    of: dict[str, str]


LEAF = Record("<b>'&\" – ü", Markup("<i>&amp;</i>"), None, 3, (), {"a": "<", "items": "x"})
LONG = replace(LEAF, text=jinja.LongText(LEAF.text.encode()), html=jinja.LongMarkup(LEAF.html.encode()))
PAGE = Record("Plain", Markup(""), None, 0, (LEAF, LEAF), {})
OTHER = Record("<Other>", Markup("<b>"), None, 1, (LEAF,), {"a": "b"})
LONG_PAGE = replace(PAGE, items=(LONG, LEAF))
OPTION = {"label": "<RSS>", "items": "shadowed"}
SAME = (
    "{{ site.text }}{{ option.label }}{% for x in site.items %}{{ x.text }}{% endfor %}{{ asset('x') }}{{ site.html }}"
)
MACROS = """
{% macro plain(it) %}[{{ it.text }}|{{ it.html }}]{% endmacro %}
{% macro nested(it, tag) %}<{{ tag }}>{{ plain(it) }}{{ site.text }}</{{ tag }}>{% endmacro %}
{% macro defaults(it, tag='p', other=site.text) %}{{ tag }}{{ other }}{{ it.number }}{% endmacro %}
{% macro many(it) %}{{ varargs|length }}{{ kwargs|length }}{{ it.text }}{% endmacro %}
{% macro around(it) %}<{{ caller(it.text) }}>{{ plain(it) }}{% endmacro %}
{% macro maybe(it) %}{% if caller is defined %}{{ caller() }}{% else %}none{% endif %}{{ it.number }}{% endmacro %}
{% macro raw(it) %}{% autoescape false %}{{ it.text }}{{ plain(it) }}{% endautoescape %}{% endmacro %}
{% set shared = "<shared>" %}
"""
SOURCES = {
    "macros.html": MACROS,
    "part.html": "({{ page.text }}{{ it.text if it is defined }})",
    "alone.html": "({{ site.text }}{{ option.label }})",
    "base.html": "<{% block top %}{{ page.text }}{% block inner %}in{% endblock %}{% endblock %}>{{ self.inner() }}"
    f"{SAME}{{% autoescape false %}}{{% block raw %}}{SAME}{{% endblock %}}{{% endautoescape %}}"
    "{% for it in page.items %}{% block each scoped %}{{ it.text }}{% endblock %}{% endfor %}",
}
CALLS = ["it", "it, 'b'", "it, tag='b'", "it=it", "it, 'b', 'c'", "it, x=1", "*[it]", "**{'it': it}", ""]
NAMES = ["plain", "nested", "defaults", "many", "around", "maybe", "raw", "m.plain", "m.defaults", "missing", "own"]
ATTRIBUTES = ["text", "html", "none", "number", "items", "of", "of.a", "of.items", "nothing", "text.upper()", "class"]
NAMED = ["it", "page", "site", "option", "loop", "shared", "m", "ns", "undefined_name", "d", "'<lit>'", "1"]
PRINTED = st.one_of(
    st.builds("{}.{}".format, st.sampled_from(NAMED), st.sampled_from([*ATTRIBUTES, "label", "index", "last", "n"])),
    st.builds("{}({})".format, st.sampled_from(NAMES), st.sampled_from(CALLS)),
    st.sampled_from(
        [*NAMED, "asset('x')", "asset()", "range(3)|list", "dict(a=1).a", "loop.cycle('a', '<')", "super()"]
    ),
)
EXPRESSIONS = st.one_of(
    PRINTED,
    st.builds("{}|{}".format, PRINTED, st.sampled_from(["e", "safe", "upper", "length", "default('<d>')", "string"])),
    st.builds("{} ~ {}".format, PRINTED, PRINTED),
    st.builds("{} is {}".format, PRINTED, st.sampled_from(["defined", "none", "mapping", "string", "undefined"])),
    st.builds("({} or {})".format, PRINTED, PRINTED),
    st.builds("plain({})".format, PRINTED),
)


def blocks(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Statements round what `inner` gives."""
    return st.one_of(
        st.builds("{}{}".format, inner, inner),
        st.builds("{{% if {} %}}{}{{% else %}}{}{{% endif %}}".format, EXPRESSIONS, inner, inner),
        st.builds("{{% for it in page.items %}}{}{{% endfor %}}".format, inner),
        st.builds("{{% for it in page.items if {} %}}{}{{% endfor %}}".format, EXPRESSIONS, inner),
        st.builds("{{% set it %}}{}{{% endset %}}".format, inner),
        st.builds("{{% set it = {} %}}{}".format, EXPRESSIONS, inner),
        st.builds("{{% set ns.n = {} %}}{}".format, EXPRESSIONS, inner),
        st.builds("{{% filter upper %}}{}{{% endfilter %}}".format, inner),
        st.builds("{{% autoescape {} %}}{}{{% endautoescape %}}".format, st.sampled_from(["true", "false"]), inner),
        st.builds("{{% call(x) around(it) %}}{{{{ x }}}}{}{{% endcall %}}".format, inner),
        st.builds("{{% call maybe(it) %}}{}{{% endcall %}}".format, inner),
        st.builds("{{% macro own(it, b='<') %}}{}{{{{ b }}}}{{% endmacro %}}{{{{ own(page) }}}}".format, inner),
        st.builds("{{% with it = {} %}}{}{{% endwith %}}".format, EXPRESSIONS, inner),
        st.builds("{{% set {} = page %}}{}".format, SHADOWED, inner),
        st.builds("{{% for {} in page.items %}}{}{{% endfor %}}".format, SHADOWED, inner),
        st.builds("{{% macro own({}) %}}{}{{% endmacro %}}{{{{ own(page) }}}}".format, SHADOWED, inner),
        st.builds("{{% from 'macros.html' import plain as {} %}}{}".format, SHADOWED, inner),
    )


SHADOWED = st.sampled_from(["site", "option", "asset"])
VALUES = st.sampled_from(
    [
        *("site.text", "site.html", "site.number", "site.of.a", "site['text']", "option.label", "option.none"),
        *("asset('x')", "asset(site.text)", "site.text if option.label else site.html", "site.text ~ option.label"),
        *("x.text", "loop.index"),
    ]
)
SAMES = st.one_of(
    st.just(SAME),
    st.lists(st.builds("{{{{ {} }}}}".format, VALUES), min_size=3, max_size=6).map("-".join),
    st.builds(
        "{{% for x in site.items %}}{{{{ {} }}}}{{{{ {} }}}}{{% else %}}{}{{% endfor %}}".format,
        VALUES,
        VALUES,
        st.just(SAME),
    ),
    st.builds("{{% if {} == {} %}}{}{{% endif %}}".format, VALUES, VALUES, st.just(SAME)),
)
INCLUDES = ["include 'part.html'", "include 'alone.html' without context", "include ['none.html', 'alone.html']"]
BODIES = st.recursive(
    st.one_of(
        st.builds("{{{{ {} }}}}".format, EXPRESSIONS),
        st.sampled_from(["<p>", "·", *(f"{{% {include} %}}" for include in INCLUDES)]),
        SAMES,
    ),
    blocks,
    max_leaves=8,
)
HEADS = [
    "{% from 'macros.html' import plain, nested, defaults, many, around, maybe, raw, shared %}",
    "{% from 'macros.html' import plain, around, maybe with context %}",
    "{% import 'macros.html' as m %}{% from m.shared import x %}",
    "{% import 'macros.html' as m %}",
    "",
]
OUTER = "{% macro inner(it) %}{{ it.text }}{% endmacro %}{% macro outer(it) %}{{ inner(it) }}{% endmacro %}"

YIELDING = "{% macro own() %}{% include 'alone.html' without context %}{% endmacro %}"


def asset(name: str) -> str:
    """As in a theme: a function."""
    return f"/theme/{name}?a&b"


def rendered(environment: jinja2.Environment, page: Record = PAGE) -> str | None:
    """The page without the addresses of objects; None where there is an error."""
    try:
        return re.sub("(?i)0x[0-9a-f]+", "0x", jinja.rendered(environment, "page.html", page)[0].decode())
    except Exception:  # noqa: BLE001 -- whatever it is
        return None


@settings(max_examples=300)
@given(st.sampled_from(HEADS), BODIES, st.booleans())
@example(HEADS[0], "{{ nested(page, 'b') }}{{ raw(page) }}", True)
@example(HEADS[0], "{% autoescape false %}{{ plain(page) }}{{ plain(page.items[0]) }}{% endautoescape %}", False)
@example(HEADS[0], "{% autoescape false %}{{ plain(page.items[0])|e }}{% endautoescape %}", False)
@example(HEADS[0], f"{OUTER}{{% autoescape false %}}{{{{ outer(page.items[0]) }}}}{{% endautoescape %}}", False)
@example(HEADS[0], "{{ plain(page, x=1) }}", False)
@example(HEADS[0], "{{ plain(page, x=1) ~ '' }}", False)
@example(HEADS[0], "{% set it = page.items[0] %}{% call(x) around(it) %}{{ x }}{% endcall %}", True)
@example("{% set site = page %}", SAME, True)
@example("", "{% set option = page.items[0] %}" + SAME, True)
@example(
    "", f"{{% for it in page.items %}}{SAME}{{% endfor %}}{{% for site in page.items %}}{SAME}{{% endfor %}}", False
)
@example("", SAME + "{{ page.items[1].text }}", False)
@example(HEADS[0], "{{ plain }}", False)
@example("", f"{{% filter upper %}}{SAME}{{% include 'alone.html' without context %}}{SAME}{{% endfilter %}}", True)
@example("", "<p>{% include 'alone.html' without context %}·", False)
@example(
    "",
    f"·{{% autoescape false %}}{YIELDING}{{% for x in own() %}}{{{{ x }}}}{{% endfor %}}{{% endautoescape %}}",
    False,
)
def test_what_the_quick_jinja_gives_jinja_gives(head: str, body: str, extends: bool) -> None:
    """Where it gives anything, on one page after another, with long texts too; and our settings are Jinja's own."""
    prepared = f"{head}{{% set d = {{'a': '<'}} %}}{{% set ns = namespace(n='<') %}}"
    page = "{% extends 'base.html' %}" + prepared + "{% block top %}" + body + "{% endblock %}"
    sources = {**SOURCES, "page.html": page if extends else prepared + body}

    def find(name: str) -> tuple[str, str] | None:
        return (sources[name], name) if name in sources else None

    names = {"site": LEAF, "asset": asset}
    own = jinja2.Environment(
        loader=jinja2.DictLoader(sources),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        optimized=False,  # where it folds constants, what fails to be one is an error even where it is never reached
    )
    own.globals.update(names, option=OPTION)
    plain = jinja.plain(find, {**names, "option": OPTION})
    quick = jinja.quick(find, {**names, "option": jinja.Attributes(OPTION)})
    for seen, same in ((PAGE, PAGE), (OTHER, OTHER), (PAGE, LONG_PAGE)):
        expected = rendered(own, seen)
        assert rendered(plain, seen) == expected
        assert rendered(quick, same) in (None, expected)


PRINTING = [
    "{{ it.text }}{{ it.html }}{% if it.text %}yes{% endif %}{{ it.text or 'none' }}{{ it.html is none }}",
    "{% set x %}{{ it.text }}{% endset %}{{ x|length }}{{ x }}{{ it.text }}",
    "{% filter upper %}{{ it.text }}{{ plain(it) }}{% endfilter %}",
    "{{ plain(it) }}{{ plain(it)|length }}{{ plain(it)|upper }}{{ plain(it=it)|length }}",
    "{% call(x) around(it) %}{{ it.html }}{% endcall %}",
    "{% call maybe(it) %}{{ it.text }}{% endcall %}{{ it.html }}",
    "{% autoescape false %}{{ plain(it) }}{% endautoescape %}{{ it.text }}",
    "{% include 'long.html' %}{% filter upper %}{% include 'long.html' %}{% endfilter %}",
    "{% import 'long.html' as long with context %}{{ long }}{{ long|upper }}{{ it.text }}",
    "{% from 'long.html' import x with context %}{{ x|length }}{{ it.html }}",
    "{% block long %}{{ page.items[0].text }}{% endblock %}{{ self.long()|length }}{{ self.long() }}",
]
LOOKING = [
    *("it", "it.text|length", "it.html|striptags", "it.html|upper", "it.text ~ it.html", "it.text == ''", "it.text[0]"),
    *("it.html is escaped", "it.text is escaped", "it.text is string", "it.text is sequence", "it.text is iterable"),
    *("'&' in it.html", "it.html in [1]", "it.text.upper()", "it.text|e", "it.html|e", "it.text|list", "it.html|safe"),
]


def with_long_texts(body: str) -> dict[str, str]:
    """The templates of a page on which `it` has long texts."""
    head = "{% from 'macros.html' import plain, around, maybe %}{% set it = page.items[0] %}"
    return {
        **SOURCES,
        "page.html": head + body,
        "long.html": "{% set x %}{{ page.items[0].html }}{% endset %}{{ page.items[0].text }}",
    }


@pytest.mark.parametrize("body", PRINTING)
def test_what_is_printed_of_a_long_text_is_the_text(body: str) -> None:
    """As of any other, in its place, and whatever is made of it then."""
    sources = with_long_texts(body)
    plain = jinja.plain(lambda name: (sources[name], name), {"site": LEAF})
    quick = jinja.quick(lambda name: (sources[name], name), {"site": LEAF})
    assert rendered(quick, LONG_PAGE) == rendered(plain, PAGE) is not None


@pytest.mark.parametrize("expression", LOOKING)
def test_nothing_is_made_of_a_long_text_that_is_not_the_text(expression: str) -> None:
    """Whoever looks into one is given it as any other."""
    sources = with_long_texts(f"{{{{ {expression} }}}}")
    quick = jinja.quick(lambda name: (sources[name], name), {"site": LEAF})
    plain = jinja.plain(lambda name: (sources[name], name), {"site": LEAF})
    expected = rendered(plain, PAGE)
    assert expected is not None
    assert rendered(quick, LONG_PAGE) in (None, expected)


def test_a_template_may_hold_the_mark_of_a_long_text() -> None:
    """Then Jinja itself is asked, for nobody can tell them apart."""
    quick = jinja.quick(lambda name: ("\0{{ page.items[0].html }}", name), {})
    assert rendered(quick, LONG_PAGE) is None


def test_what_is_the_same_on_all_pages_is_made_once() -> None:
    """Also where pages differ in the template that they are made with."""
    asked: list[str] = []

    def counted(name: str) -> str:
        asked.append(name)
        return name

    sources = {**SOURCES, "page.html": "{% extends 'base.html' %}", "other.html": "{% extends 'base.html' %}"}
    names = {"site": LEAF, "asset": counted, "option": jinja.Attributes(OPTION)}
    quick = jinja.quick(lambda name: (sources[name], name), names)
    for name, page in (("page.html", PAGE), ("other.html", OTHER), ("page.html", OTHER)):
        quick.get_template(name).render(page=page)
    assert asked.count("x") == 4  # once in the base, and thrice where it is not escaped


def test_the_quick_jinja_is_quick_where_templates_are_as_in_the_contract() -> None:
    """Attributes, options, macros, blocks, loops and filters need nothing more."""
    body = """{% extends 'base.html' %}{% from 'macros.html' import nested, defaults, around, maybe %}
    {% block inner %}{{ super() }}{% for it in page.items %}{{ loop.index }}{{ nested(it, 'b') }}{{ it.text|length }}
    {{ defaults(it) }}{{ defaults(it, tag='b') }}{% call(x) around(it) %}{{ x }}{% endcall %}{{ maybe(it) }}
    {{ it.text if it.none is none else "" }}{{ option.label }}{{ asset('a') }}{% endfor %}{% endblock %}"""
    sources = {**SOURCES, "page.html": body}
    names = {"site": LEAF, "asset": asset}
    quick = jinja.quick(lambda name: (sources[name], name), {**names, "option": jinja.Attributes(OPTION)})
    assert rendered(quick) == rendered(jinja.plain(lambda name: (sources[name], name), {**names, "option": OPTION}))
    assert rendered(quick) is not None


def test_nothing_that_a_template_can_call_wants_its_context() -> None:
    """The quick Jinja passes no variables of loops and blocks with a call."""
    callables = [value for value in jinja.quick(lambda _: None, {}).globals.values() if callable(value)]
    assert callables
    assert not [value for value in callables if hasattr(value, "jinja_pass_arg")]
    assert Macro.__call__.jinja_pass_arg.name == "eval_context"  # type: ignore[attr-defined]


def test_the_default_theme_needs_the_quick_jinja_only_and_gives_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every feature once, through Jinja as it is and without it."""
    made = []
    for name, kind, way in (("plain", jinja.plain, _with_texts), ("quick", jinja.quick, _with_long_texts)):
        shutil.copytree(GOLDEN, tmp_path / name, ignore=shutil.ignore_patterns("themes", "templates"))
        site = Site(tmp_path / name)
        config = (GOLDEN / "config.yaml").read_text(encoding="utf-8")
        site.write("config.yaml", re.sub(r"(?m)^theme(_options)?:.*\n(  .*\n)*", "", config))
        with monkeypatch.context() as patch:
            patch.setattr(jinja, "quick", lambda find, names, code=None, kind=kind: kind(find, names))  # noqa: ARG005
            patch.setattr(jinja, "plain", lambda *_: None)
            patch.setattr(theme, "_QUICK_WAYS", (way,))
            patch.setattr(rendering, "_latest", [None])  # else the last renderer would be taken again
            result = site.build()
        assert (result.code, result.err) == (0, "")
        made.append(site.files())
    assert made[0] == made[1]


@given(st.one_of(st.text(), st.from_regex(r"[a<>&'\"ü–]*"), st.builds(Markup, st.text()), st.integers(), st.none()))
def test_a_value_is_escaped_as_markupsafe_does(value: object) -> None:
    """Whatever it is; only the type may be less."""
    assert str(jinja.html_of(value)) == str(markupsafe.escape(value))


PIECES = [
    *("<script>", "</script>", "<textarea a>", "</textarea>", "<style>", "</style>", "<template>", "</template>"),
    *(
        "<!--",
        "-->",
        "<!-->",
        "<textareas>",
        "<p>",
        "–",
        "You may",
        "You",
        " may",
        "A &amp; B",
        "one",
        "two",
        "<script",
        ">",
    ),
]
SLIP = SlipView(
    LabelView("full", "Full"),
    "You may",
    "A & B",
    (FactView("x", (FactValueView("one", "", "", "", False), FactValueView("two", "", "", "", False))),),
)


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@example("You mayA &amp; Bone<!--two-->")
@example("You mayA &amp; B<style>one</style>two<!-- one")
def test_a_credit_is_missing_that_stands_only_where_nothing_is_shown(html: str) -> None:
    """The first part of the credit that is not in the page without what is not shown."""
    shown = re.sub(r"<(textarea|script|template|style)(?=[\s/>]).*?</\1>|<!--.*?-->", "", html, flags=re.DOTALL)
    wanted = {"You may": "You may", "A & B": "A &amp; B", "one": "one", "two": "two"}
    assert _missing_credit(SLIP, html.encode()) == next(
        (text for text, escaped in wanted.items() if escaped not in shown), ""
    )
