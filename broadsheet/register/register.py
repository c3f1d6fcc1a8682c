"""Both registers and the news agencies, by id; what `config.yaml` adds stands over what the package brings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from broadsheet.plainyaml import parse
from broadsheet.record import decode
from broadsheet.register import kept
from broadsheet.register.licence import Licence
from broadsheet.register.publisher import Agency, Publisher

T = TypeVar("T")

_FILES = ("publishers.yaml", "licences.yaml", "agencies.yaml")


class Register(Struct, frozen=True):
    """What is known of publishers, licences and news agencies."""

    publishers: Mapping[str, Publisher]
    licences: Mapping[str, Licence]
    agencies: Mapping[str, Agency]

    def with_own(self, publishers: Mapping[str, Publisher], licences: Mapping[str, Licence]) -> Register:
        """This register with a site's own entries over it."""
        return Register({**self.publishers, **publishers}, {**self.licences, **licences}, self.agencies)


class _Publishers(Struct, frozen=True):
    publishers: dict[str, Publisher]


class _Licences(Struct, frozen=True):
    licences: dict[str, Licence]


class _Agencies(Struct, frozen=True):
    agencies: dict[str, Agency]


@cache
def packaged() -> Register:
    """The register that comes with the package. A fault in it is a bug, and raises ValueError."""
    publishers, licences, agencies = texts = [Path(__file__).with_name(name).read_bytes() for name in _FILES]
    key = kept.key(texts)
    known = kept.load(Register, key)
    if known is None:
        known = Register(
            _read(publishers, _Publishers).publishers,
            _read(licences, _Licences).licences,
            _read(agencies, _Agencies).agencies,
        )
        kept.keep(known, key)
    return known


def _read(text: bytes, kind: type[T]) -> T:
    read = decode(kind, parse(text.decode(), 1_000_000), "register")
    if isinstance(read, tuple):
        raise ValueError(f"{kind.__name__}: {read}")  # noqa: TRY004 -- the data is wrong, not its type
    return read
