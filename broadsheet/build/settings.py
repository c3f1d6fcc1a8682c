"""Reading a site's configuration, for verbs that need nothing else of a build."""

from __future__ import annotations

from pathlib import Path

from broadsheet import config as configuration
from broadsheet.build import files
from broadsheet.config import Config
from broadsheet.problem import Problem


def load_config(file: Path, base_url: str | None = None) -> Config | tuple[Problem, ...]:
    """The site's configuration."""
    data = read_config(file)
    return (data,) if isinstance(data, Problem) else configuration.read(file.name, data, base_url)


def read_config(file: Path) -> bytes | Problem:
    """The bytes of the site's configuration."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        remedy = "Write one with 'title:' and 'base_url:', or name the site's folder with --source"
        return Problem(file.name, 1, 1, "config/missing", f"there is no {file}", remedy)
    except OSError as error:
        return files.unreadable(file.name, error)
