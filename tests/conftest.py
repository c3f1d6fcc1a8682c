"""Fixtures of all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.making import CONFIG, Site

# A slow machine is no fault of the code; in CI the same examples are tried every time.
settings.register_profile("here", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("here")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site with a configuration and nothing in it."""
    made = Site(tmp_path / "site")
    made.write("config.yaml", CONFIG)
    return made
