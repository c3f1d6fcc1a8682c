"""Hundreds of hostile strings from the test suites of sanitisers, in every field of articles, feeds and configuration.

    python -m pytest tests/beside/test_hostile_corpus.py --hostile FOLDER

What is asked of each is what tests/test_hostile.py and tests/test_feed_hostile.py ask of the project's own strings.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from broadsheet.fields import MAX_LINE
from broadsheet.words import one_line
from tests import test_feed_hostile, test_hostile
from tests.making import Site


@pytest.fixture(scope="module")
def strings(hostile: Path) -> list[str]:
    """The strings, as far as a line of front matter may be so long."""
    found = [it["payload"] for it in json.loads((hostile / "hostile.json").read_text(encoding="utf-8"))]
    return [text for text in dict.fromkeys(found) if 0 < len(one_line(text)) <= MAX_LINE]


@pytest.mark.parametrize("kind", ["full", "excerpt", "own"])
def test_nothing_runs_and_nothing_breaks(site: Site, kind: str, strings: list[str]) -> None:
    test_hostile.check(site, kind, strings)


def test_what_the_configuration_says(strings: list[str]) -> None:
    test_feed_hostile.check_configuration(strings)


def test_names_of_topics_and_publishers(site: Site, strings: list[str]) -> None:
    test_feed_hostile.check_names(site, strings)
