"""Loading a theme with its parents, its static files and the site's own templates."""

from __future__ import annotations

import hashlib
from pathlib import Path

from msgspec import Struct, field

from broadsheet.build.inputs import theme_folders
from broadsheet.build.stamps import walk
from broadsheet.config import Config
from broadsheet.fields import Line, Slug, Verbatim
from broadsheet.plainyaml import YamlError, parse, place
from broadsheet.problem import Finding, Pointer, Problem, did_you_mean
from broadsheet.record import decode
from broadsheet.render.theme import SITE, Asset, Source, Theme


class Option(Struct, frozen=True, kw_only=True):
    """A setting that a theme offers in `theme_options`."""

    default: Line
    help: Line


class ThemeFile(Struct, frozen=True, kw_only=True):
    """`theme.yaml`."""

    name: Line
    version: Line | None = None
    author: Line | None = None
    licence: Line | None = None
    parent: Slug | None = None
    options: dict[str, Option] = field(default_factory=dict)
    description: Verbatim | None = None


def load(source: Path, config: Config, config_file: Path) -> Theme | tuple[Problem, ...]:
    """The theme that the configuration names, ready to render. Raises OSError where a folder cannot be read."""
    layers: list[tuple[str, dict[str, Source]]] = [(SITE, _templates(source, "templates"))]
    assets: dict[str, Asset] = {}
    options: dict[str, str] = {}
    wanted: str | None = config.theme
    at = config_file
    seen: list[str] = []
    while wanted is not None:
        folder = next((path for path in theme_folders(source) if (path / wanted / "theme.yaml").is_file()), None)
        if folder is None or wanted in seen:
            return (_not_found(at, wanted, seen, theme_folders(source)),)
        described = _describe(folder, wanted)
        if isinstance(described, tuple):
            return described
        layers.append((wanted, _templates(folder, f"{wanted}/templates")))
        assets = {**_assets(folder, f"{wanted}/static"), **assets}
        options = {**{name: option.default for name, option in described.options.items()}, **options}
        seen.append(wanted)
        at, wanted = folder / wanted / "theme.yaml", described.parent
    unknown = [name for name in config.theme_options if name not in options]
    if unknown:
        return tuple(_unknown_option(config_file, name, options) for name in unknown)
    is_packaged = not layers[0][1] and not (source / "themes").is_dir()
    return Theme(tuple(layers), assets, {**options, **config.theme_options}, is_packaged)


def _describe(folder: Path, name: str) -> ThemeFile | tuple[Problem, ...]:
    path = f"themes/{name}/theme.yaml"
    try:
        text = (folder / name / "theme.yaml").read_text(encoding="utf-8")
        described = decode(ThemeFile, parse(text), "theme")
    except YamlError as error:
        return (error.problem(path),)
    except (OSError, UnicodeDecodeError) as error:
        return (Problem(path, 1, 1, "file/unreadable", f"it cannot be read: {error}", "Save it as UTF-8"),)
    if isinstance(described, ThemeFile):
        return described
    return place(described, path, text)


def _templates(root: Path, folder: str) -> dict[str, Source]:
    prefix = f"themes/{folder}" if folder != "templates" else folder
    return {
        path.removeprefix(f"{folder}/"): Source(
            path.replace(folder, prefix, 1), (root / path).read_text(encoding="utf-8", errors="replace")
        )
        for path, stamp in walk(root, folder)
        if stamp is not None and path.endswith(".html")
    }


def _assets(root: Path, folder: str) -> dict[str, Asset]:
    return {
        path.removeprefix(f"{folder}/"): Asset(
            str(root / path), hashlib.sha256((root / path).read_bytes()).hexdigest()[:8]
        )
        for path, stamp in walk(root, folder)
        if stamp is not None
    }


def _not_found(at: Path, wanted: str, seen: list[str], looked: list[Path]) -> Problem:
    key = "parent" if seen else "theme"
    if wanted in seen:
        return _problem(at, (key,), "theme/loop", f"theme '{wanted}' is its own ancestor", "Name another parent")
    known = sorted({path.parent.name for folder in looked for path in folder.glob("*/theme.yaml")})
    remedy = f"{did_you_mean(wanted, known)}Known are: {', '.join(known)}"
    return _problem(at, (key,), "theme/unknown", f"there is no theme '{wanted}'", remedy)


def _unknown_option(at: Path, name: str, options: dict[str, str]) -> Problem:
    remedy = f"{did_you_mean(name, options)}It has: {', '.join(options) or 'none'}"
    return _problem(at, ("theme_options", name), "theme/unknown-option", f"the theme has no option '{name}'", remedy)


def _problem(file: Path, at: Pointer, rule: str, message: str, remedy: str) -> Problem:
    """A problem at a key of config.yaml or of a theme.yaml."""
    finding = Finding(rule, message, remedy, at, key=at[0] == "theme_options")
    path = f"themes/{file.parent.name}/{file.name}" if file.name == "theme.yaml" else file.name
    return place([finding], path, file.read_text(encoding="utf-8", errors="replace"))[0]
