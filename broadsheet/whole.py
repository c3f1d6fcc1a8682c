"""A file that is written whole or not at all: what is only remembered, and can be made again."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def write(file: Path, data: bytes) -> bool:
    """Put it in the place of what the file held, with the folders above it; whether that could be done.

    A kill leaves the file as it was or as it is to be. It is not flushed to the disk: whoever reads it must know what
    is damaged.
    """
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(data)
        draft.replace(file)
    except OSError:
        return False
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return True
