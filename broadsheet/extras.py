"""Libraries that only some verbs need, and what to do where one of them is not there."""

from __future__ import annotations


def remedy(extra: str) -> str:
    """How to install an extra, a sentence without its full stop."""
    return f"Run: pip install -r requirements-{extra}.txt, or, for the package, pip install 'broadsheet[{extra}]'"
