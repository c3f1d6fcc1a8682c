"""What the package's own themes were compiled to on this machine, for all its sites, as Python does with modules.

It lies beside what Python compiles this package to, may be written by whoever may write that, and is left out where
Python is told to write no such files. Each value is sealed with its key (`render.compiled`), so that one which is
damaged counts as absent.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

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
    if sys.dont_write_bytecode:
        return False
    fresh = FILE.with_name(f"{FILE.name}.{os.getpid()}")
    try:
        FILE.parent.mkdir(exist_ok=True)
        fresh.write_bytes(codec.pack(dict(store)))
        fresh.replace(FILE)
    except OSError:
        with suppress(OSError):
            fresh.unlink()
        return False
    return True
