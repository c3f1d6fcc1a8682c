"""Tells each article which ones are before and after it, which Pelican alone does not."""

from itertools import pairwise
from typing import Any

from pelican import signals


def link(generator: Any) -> None:
    """`newer` and `older` of the articles, which come newest first."""
    for newer, older in pairwise(generator.articles):
        newer.older, older.newer = older, newer


def register() -> None:
    """Called by Pelican."""
    signals.article_generator_finalized.connect(link)
