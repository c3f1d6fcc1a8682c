"""Where the data lies is told on the command line; without it a test here fails, for nothing was tested."""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDERS = {
    "digitalgov": "content/news of https://github.com/GSA/digitalgov.gov",
    "feeds": "tests of https://github.com/kurtmckee/feedparser",
    "hostile": "hostile.json, a list of objects whose `payload` is a string that somebody may send",
    "seeds": "the two texts of the sample site, as they were captured",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--digitalgov FOLDER` and so on."""
    for name, what in FOLDERS.items():
        parser.addoption(f"--{name}", metavar="FOLDER", help=what)


@pytest.fixture(scope="session")
def digitalgov(pytestconfig: pytest.Config) -> Path:
    """The folder of the posts."""
    return folder(pytestconfig, "digitalgov")


@pytest.fixture(scope="session")
def feeds(pytestconfig: pytest.Config) -> Path:
    """The folder of feedparser's test feeds."""
    return folder(pytestconfig, "feeds")


@pytest.fixture(scope="session")
def hostile(pytestconfig: pytest.Config) -> Path:
    """The folder of the hostile strings."""
    return folder(pytestconfig, "hostile")


@pytest.fixture(scope="session")
def seeds(pytestconfig: pytest.Config) -> Path:
    """The folder of voa.txt and the-new-american.txt."""
    return folder(pytestconfig, "seeds")


def folder(config: pytest.Config, name: str) -> Path:
    """The folder that the command line names."""
    given = config.getoption(name)
    if not given or not Path(given).is_dir():
        pytest.fail(f"name the folder: --{name} FOLDER, {FOLDERS[name]}")
    return Path(given)
