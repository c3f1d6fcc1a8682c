"""The package's themes, compiled once a machine."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from broadsheet.build import precompiled
from broadsheet.render.compiled import sealed, unsealed
from tests.making import Site


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this machine would keep what the package's themes were compiled to."""
    file = tmp_path / "__pycache__/templates"
    monkeypatch.setattr(precompiled, "FILE", file)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return file


def test_the_package_s_themes_are_compiled_once_a_machine(machine: Path) -> None:
    """They come back as they were; whoever wants no compiled files gets none."""
    assert precompiled.load() == {}
    assert precompiled.keep({"key": b"code"})
    assert precompiled.load() == {"key": b"code"}
    assert [path.name for path in machine.parent.iterdir()] == ["templates"]


def test_a_site_with_templates_of_its_own_compiles_those_alone(
    machine: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The package's own, which it lays them over, are compiled already."""
    compiled: list[str] = []
    compile_one = Environment.compile

    def noted(self: Environment, source: str, name: str | None = None, *more: object, **given: object) -> object:
        compiled.append(str(name))
        return compile_one(self, source, name, *more, **given)  # type: ignore[call-overload]

    monkeypatch.setattr(Environment, "compile", noted)
    site.article()
    assert site.build().code == 0
    assert machine.exists()
    assert "base.html" in compiled
    compiled.clear()
    site.write("templates/404.html", "{% extends 'theme/404.html' %}")
    assert site.build().code == 0
    assert "404.html" in compiled
    assert "base.html" not in compiled


def test_who_wants_no_compiled_files_gets_none(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with Python's own, by `-B` or PYTHONDONTWRITEBYTECODE."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert not precompiled.keep({"key": b"code"})
    assert not machine.exists()


def test_a_package_that_nobody_may_write_to_does_no_harm(machine: Path) -> None:
    """The site's own cache holds them then."""
    machine.parent.write_text("a file")
    assert not precompiled.keep({"key": b"code"})
    assert precompiled.load() == {}


@given(damage=st.integers(0, 40))
def test_what_is_damaged_counts_as_absent(damage: int) -> None:
    """Wherever the file ends, and whatever is in it."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(precompiled, "FILE", Path(folder, "templates"))
        patch.setattr(sys, "dont_write_bytecode", False)
        precompiled.keep({"key": sealed("key", b"code")})
        whole = Path(folder, "templates").read_bytes()
        Path(folder, "templates").write_bytes(whole[:damage])
        assert unsealed("key", precompiled.load().get("key")) in (None, b"code")
        Path(folder, "templates").write_bytes(whole[:damage] + b"\xff" + whole[damage + 1 :])
        assert unsealed("key", precompiled.load().get("key")) in (None, b"code")
