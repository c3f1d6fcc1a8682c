"""A digest to be hit by faults, for each module one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import building

pytest.register_assert_rewrite("tests.faults.harness")

from tests.faults.harness import Journey, journey  # noqa: E402 -- what it asserts is to be explained


@pytest.fixture(scope="module")
def begun() -> Iterator[Journey]:
    """The digest, published in its first state."""
    with building.fresh() as fresh, tempfile.TemporaryDirectory() as folder:
        yield journey(Path(folder).resolve() / "site", fresh)


@pytest.fixture
def going(begun: Journey) -> Journey:
    """The digest as it is; put in order where a test that failed left it in none."""
    begun.settle()
    return begun
