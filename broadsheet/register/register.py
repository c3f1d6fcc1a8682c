"""Both registers and the news agencies, by id; what `config.yaml` adds stands over what the package brings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import TypeVar

from msgspec import Struct

from broadsheet.plainyaml import parse
from broadsheet.record import decode
from broadsheet.register.licence import Licence
from broadsheet.register.publisher import Agency, Publisher

T = TypeVar("T")


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
    return Register(
        _load("publishers.yaml", _Publishers).publishers,
        _load("licences.yaml", _Licences).licences,
        _load("agencies.yaml", _Agencies).agencies,
    )


def _load(name: str, kind: type[T]) -> T:
    text = resources.files("broadsheet.register").joinpath(name).read_text(encoding="utf-8")
    loaded = decode(kind, parse(text, 1_000_000), "register")
    if isinstance(loaded, tuple):
        raise ValueError(f"{name}: {loaded}")  # noqa: TRY004 -- the data is wrong, not its type
    return loaded
