"""Templates compiled once: nothing is served that is damaged, moved, or of another template."""

from __future__ import annotations

import marshal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from broadsheet.render import jinja
from broadsheet.render.compiled import Compiled, sealed, unsealed
from broadsheet.render.theme import SITE, Source, Theme, renderer
from broadsheet.site.views import DateView, HeadView, LinkView, NotFoundPage, SiteView

HEAD = HeadView("Title", "", "", "en", "ltr", "", (), (), "/", "", jinja.Markup(""))
PAGE = NotFoundPage(HEAD, ())
VIEW = SiteView("Site", "", "/", DateView("", ""), (), (), "", (), "", "", "", LinkView("", ""), "")
THEME = Theme(
    (
        (SITE, {}),
        (
            "own",
            {
                "404.html": Source(
                    "themes/own/templates/404.html", '{% from "a.html" import a %}<p>{{ a(page.head) }}'
                ),
                "a.html": Source("themes/own/templates/a.html", "{% macro a(it) %}{{ it.title }}{% endmacro %}"),
            },
        ),
    ),
    {},
    {},
)


def changed(name: str, text: str) -> Theme:
    """The theme with another text for one of its templates."""
    templates = THEME.layers[1][1]
    layer = {**templates, name: replace(templates[name], text=text)}
    return replace(THEME, layers=(THEME.layers[0], ("own", layer)))


def made(store: dict[str, bytes], theme: Theme = THEME) -> str:
    """The page through a renderer of its own."""
    return renderer(theme, VIEW, "/", store)(PAGE).decode()


@pytest.fixture(scope="module")
def store() -> dict[str, bytes]:
    """What one renderer leaves."""
    kept: dict[str, bytes] = {}
    assert made(kept) == "<p>Title"
    return kept


def test_what_was_compiled_is_not_compiled_again(store: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """One value for each template, under the same keys in the next renderer."""
    assert len(store) == 2
    monkeypatch.setattr(jinja._Quick, "compile", None)
    assert made(dict(store)) == "<p>Title"


def test_a_changed_template_is_compiled_anew(store: dict[str, bytes]) -> None:
    """So is one of another name or file with the same text."""
    kept = dict(store)
    assert made(kept, changed("a.html", "{% macro a(it) %}{{ it.title }}!{% endmacro %}")) == "<p>Title!"
    assert len(kept) == 3
    moved = {name: replace(source, path=f"other/{name}") for name, source in THEME.layers[1][1].items()}
    made(kept, replace(THEME, layers=(THEME.layers[0], ("own", moved))))
    assert len(kept) == 5


def test_whatever_the_store_holds_the_page_is_the_same(store: dict[str, bytes]) -> None:
    """Every truncation, a flip in every byte, values in each other's place, and what is no code: compiled again."""
    for key, value in store.items():
        for size in range(0, len(value), 7):
            assert made({**store, key: value[:size]}) == "<p>Title"
        for at in range(0, len(value), 7):
            damaged = bytearray(value)
            damaged[at] ^= 1 << at % 8
            assert made({**store, key: bytes(damaged)}) == "<p>Title"
        assert made({**store, key: sealed(key, marshal.dumps("no code"))}) == "<p>Title"
    one, two = store
    assert made({one: store[two], two: store[one]}) == "<p>Title"


@given(st.binary(max_size=99), st.data())
def test_only_what_was_sealed_comes_back(data: bytes, draw: st.DataObject) -> None:
    """For its own key, whole, and unchanged."""
    value = sealed("key", data)
    assert unsealed("key", value) == data
    assert unsealed("other", value) is None
    assert unsealed("key", value[: draw.draw(st.integers(0, len(value) - 1))]) is None
    at, flip = draw.draw(st.integers(0, len(value) - 1)), draw.draw(st.integers(1, 255))
    assert unsealed("key", value[:at] + bytes([value[at] ^ flip]) + value[at + 1 :]) is None
    assert unsealed("key", None) is None


def test_damage_is_replaced(store: dict[str, bytes]) -> None:
    """The next renderer finds what it needs."""
    kept = dict.fromkeys(store, b"")
    made(kept)
    assert kept == store


def test_a_mistake_has_its_line_from_stored_code_too() -> None:
    """The code knows its file."""
    theme = changed("404.html", "one\ntwo\n{{ page.nothing }}")
    kept: dict[str, bytes] = {}
    for _ in range(2):
        with pytest.raises(Exception, match="nothing") as caught:
            made(kept, theme)
        assert (caught.value.problem.path, caught.value.problem.line) == ("themes/own/templates/404.html", 3)  # type: ignore[attr-defined]


def test_stores_are_jinja_s_caches() -> None:
    """Jinja itself asks them, in its own way."""
    assert isinstance(Compiled({}), jinja.BytecodeCache)
