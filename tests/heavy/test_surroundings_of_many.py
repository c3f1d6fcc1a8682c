"""The same bytes whatever the surroundings, with a thousand articles: enough for workers to be worth their start."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import corpus
from tests import building
from tests.test_surroundings import WAYS, Way, built, offered

ARTICLES = 1_000


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The site, built in no particular way."""
    folder = tmp_path_factory.mktemp("usual")
    corpus.write(ARTICLES, folder / "site")
    return built(Way("usual"), folder / "site")


@pytest.mark.parametrize("way", offered(WAYS), ids=lambda way: way.name.replace(" ", "-"))
def test_surroundings_leave_no_trace(way: Way, usual: dict[str, bytes], tmp_path: Path) -> None:
    """0 bytes of difference."""
    corpus.write(ARTICLES, tmp_path / "origin")
    site = building.copy_of(tmp_path / "origin", tmp_path / "site") if way.reverse else tmp_path / "origin"
    made = built(way, site)
    assert len(made) > ARTICLES
    assert building.differences(made, usual) == []
    assert made == usual
