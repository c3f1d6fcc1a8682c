"""Fixtures of all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.making import CONFIG, Site


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site with a configuration and nothing in it."""
    made = Site(tmp_path / "site")
    made.write("config.yaml", CONFIG)
    return made
