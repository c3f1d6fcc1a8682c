"""What a hub was told of last: the SHA-256 of each feed, by its address. In `.cache/told/`, a JSON file for each hub.

Deletable at any time: then the hub is told of all feeds once more. What cannot be understood is as if it were not
there.
"""

from __future__ import annotations

import json
from collections.abc import Container, Mapping
from pathlib import Path

from broadsheet import whole
from broadsheet.build.cache import FOLDER
from broadsheet.digest import digest


def file_of(source: Path, base_url: str, hub: str) -> Path:
    """Where it is noted what a hub was told of a site. Whatever folder it is built in, its feeds are the same."""
    return source / FOLDER / "told" / f"{digest(repr((base_url, hub)).encode('utf-8', 'surrogatepass')).hex()}.json"


def load(file: Path, addresses: Container[str]) -> dict[str, str]:
    """The digests by address, of these addresses."""
    try:
        found = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {address: known for address, known in found.items() if address in addresses and isinstance(known, str)}


def keep(file: Path, told: Mapping[str, str]) -> bool:
    """Note it; whether that could be done."""
    return whole.write(file, json.dumps(told, indent=0).encode())
