"""Where the data lies is told on the command line; without it a test here fails, for nothing was tested."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--digitalgov FOLDER`, `--feeds FOLDER`, `--seeds FOLDER`."""
    parser.addoption("--digitalgov", metavar="FOLDER", help="content/news of https://github.com/GSA/digitalgov.gov")
    parser.addoption("--seeds", metavar="FOLDER", help="the two texts of the sample site, as they were captured")
    parser.addoption("--feeds", metavar="FOLDER", help="tests of https://github.com/kurtmckee/feedparser")


@pytest.fixture(scope="session")
def digitalgov(pytestconfig: pytest.Config) -> Path:
    """The folder of the posts."""
    folder = pytestconfig.getoption("digitalgov")
    if not folder or not Path(folder).is_dir():
        pytest.fail("name the folder of the posts: --digitalgov FOLDER")
    return Path(folder)


@pytest.fixture(scope="session")
def seeds(pytestconfig: pytest.Config) -> Path:
    """The folder of voa.txt and the-new-american.txt."""
    folder = pytestconfig.getoption("seeds")
    if not folder or not Path(folder).is_dir():
        pytest.fail("name the folder of the captured texts: --seeds FOLDER")
    return Path(folder)


@pytest.fixture(scope="session")
def feeds(pytestconfig: pytest.Config) -> Path:
    """The folder of feedparser's test feeds."""
    folder = pytestconfig.getoption("feeds")
    if not folder or not Path(folder).is_dir():
        pytest.fail("name the folder of the feeds: --feeds FOLDER")
    return Path(folder)
