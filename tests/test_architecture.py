"""The architecture, held to its picture in docs/architecture.md."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

PACKAGE = Path(__file__).parent.parent / "broadsheet"
LAYERS = (
    ("problem", "words", "url", "slug", "digest", "whole", "extras"),
    ("network",),
    ("fingerprint",),
    ("plainyaml",),
    ("record",),
    ("fields",),
    ("model",),
    ("register",),
    ("config",),
    ("bill",),
    ("reading",),
    ("rights",),
    ("site",),
    ("render",),
    ("build",),
    ("audit",),
    ("serve",),
    ("importing",),
    ("cli",),
    ("__main__",),
)
"""From the floor up: a module imports from its own layer and from those below."""
PURE = (
    "problem",
    "words",
    "url",
    "slug",
    "digest",
    "fingerprint",
    "plainyaml",
    "record",
    "fields",
    "model",
    "reading",
    "rights",
    "site",
    "render",
)
IMPURE = {"os", "time", "random", "socket", "subprocess", "logging", "tempfile", "shutil", "locale"}
IMPURE_NAMES = {"pathlib", "pathlib.Path", "urllib.request"}


def modules() -> list[Path]:
    """All modules of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def layer(name: str) -> int:
    """The number of the layer of `broadsheet.NAME…`."""
    top = name.split(".")[1] if "." in name else ""
    return next((n for n, names in enumerate(LAYERS) if top in names), -1)


def dotted(path: Path) -> str:
    """`broadsheet.rights.gate` for its path."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> set[str]:
    """The dotted names that a module imports, also within functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", modules(), ids=dotted)
def test_imports_point_one_way(path: Path) -> None:
    """A module imports nothing from a layer above its own."""
    own = layer(dotted(path))
    above = {name for name in imports(path) if name.startswith("broadsheet.") and layer(name) > own}
    assert dotted(path) == "broadsheet" or own >= 0, "a module that stands in no layer"
    assert not above


@pytest.mark.parametrize(
    "path", [p for p in modules() if dotted(p).partition(".")[2].split(".")[0] in PURE], ids=dotted
)
def test_the_core_touches_nothing_outside(path: Path) -> None:
    """Reading, rights, site and render know no clock, disk, network, environment or log."""
    assert not [name for name in imports(path) if name.split(".")[0] in IMPURE or name in IMPURE_NAMES]
    calls = [n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Attribute)]
    assert not [n for n in calls if n.attr in ("now", "today", "utcnow")]


def test_only_the_gate_makes_cleared() -> None:
    """`Cleared(` is called in rights/gate.py and nowhere else, so nothing uncleared can reach the site."""
    makers = [
        dotted(path)
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Cleared"
    ]
    assert set(makers) == {"broadsheet.rights.gate"}


def test_every_layer_exists() -> None:
    """The layers of this test are the package's own modules and folders, none missing and none made up."""
    there = {
        p.stem if p.is_file() else p.name
        for p in PACKAGE.iterdir()
        if p.suffix == ".py" or (p / "__init__.py").exists()
    }
    assert there - {"__init__"} == {name for names in LAYERS for name in names}


def repeated_groups(parsed: Any) -> Iterator[str]:
    """What possessive quantifiers repeat in a pattern as `re` parses it, where it is more than one character."""
    if isinstance(parsed, tuple) and str(parsed[:1]) == "(POSSESSIVE_REPEAT,)":
        repeated = parsed[1][2]
        if len(repeated) > 1 or str(repeated[0][0]) not in {"LITERAL", "NOT_LITERAL", "ANY", "IN"}:
            yield str(repeated)
    if isinstance(parsed, tuple | list) or hasattr(parsed, "getwidth"):
        for part in parsed:
            yield from repeated_groups(part)


@pytest.mark.parametrize("path", [p for p in modules() if p.name != "__main__.py"], ids=dotted)
def test_possessive_quantifiers_repeat_one_character(path: Path) -> None:
    """Repeated groups are atomic, `(?>(…)*)`: Python 3.11.0 to 3.11.4 misread `(…)*+` (gh-106052)."""
    parse = import_module("re._parser").parse
    patterns = [value for value in vars(import_module(dotted(path))).values() if isinstance(value, re.Pattern)]
    assert not [found for p in patterns for found in repeated_groups(parse(p.pattern, p.flags))]


def test_repeated_groups_are_found() -> None:
    """What the test above looks for is found wherever it stands in a pattern."""
    parse = import_module("re._parser").parse
    for wrong in ("(?:ab)*+", "x|(?:y(?=(a|b)++))", "(?>(?:a(?:bc)?+)*)", "(?<!a)(?:a++)++"):
        assert list(repeated_groups(parse(wrong))), wrong
    assert not list(repeated_groups(parse(r"(?>(?:a++|[^b]*+|\n)*).?+")))
