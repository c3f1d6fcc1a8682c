"""The package's registers as they were read once on this machine: reading YAML takes 50 ms of every start.

They lie beside what Python compiles this package to, on the same terms (see `importlib`): whoever may write there is
trusted, nobody who wants no such files gets any, and what was made of other sources counts as absent.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from broadsheet import whole
from broadsheet.digest import SIZE, digest

T = TypeVar("T", bound=Struct)

_HERE = Path(__file__).parent
FILE = _HERE / "__pycache__" / f"registers.{sys.implementation.cache_tag}"
_READERS = (_HERE.parent, _HERE.parent / "plainyaml", _HERE)
"""Folders with all modules that have a part in reading registers."""


def key(texts: Iterable[bytes]) -> bytes:
    """What stands for the registers' texts and, by size and time as for Python, for the modules that read them."""
    modules = sorted(
        (entry.name, found.st_size, found.st_mtime_ns)
        for folder in _READERS
        for entry in os.scandir(folder)
        if entry.name.endswith(".py")
        for found in [entry.stat()]
    )
    return digest(msgspec.__version__.encode(), repr(modules).encode(), *texts)


def load(kind: type[T], key: bytes) -> T | None:
    """What was kept under this key; None where that is not there, or is not whole."""
    with suppress(OSError, msgspec.MsgspecError):
        data = FILE.read_bytes()
        if data[:SIZE] == digest(key, data[SIZE:]):
            return msgspec.msgpack.decode(data[SIZE:], type=kind)
    return None


def keep(record: Struct, key: bytes) -> None:
    """Keep it for the next process, where that can be done and is wanted (`python -B`)."""
    if not sys.dont_write_bytecode:
        data = msgspec.msgpack.encode(record)
        whole.write(FILE, digest(key, data) + data)
