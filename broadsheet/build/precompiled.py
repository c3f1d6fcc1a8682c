"""What the package's own themes were compiled to on this machine, for all its sites, as Python does with modules.

It lies beside what Python compiles this package to, may be written by whoever may write that, and is left out where
Python is told to write no such files. Each value is sealed with its key (`render.compiled`), so that one which is
damaged counts as absent.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from broadsheet import whole
from broadsheet.build import codec

FILE = Path(__file__).parent / "__pycache__" / f"templates.{sys.implementation.cache_tag}"


def load() -> dict[str, bytes]:
    """As far as it was kept, and is whole."""
    try:
        return codec.unpack(dict[str, bytes], FILE.read_bytes())
    except (OSError, ValueError):
        return {}


def keep(store: Mapping[str, bytes]) -> bool:
    """Keep what `load` gives the next process; whether that could be done, and is wanted (`python -B`)."""
    return not sys.dont_write_bytecode and whole.write(FILE, codec.pack(dict(store)))
