"""What templates were compiled to, kept from one run to the next.

A value carries the SHA-256 of its key and itself: what was damaged or put elsewhere counts as absent, for
`marshal.loads` of such bytes can end the process (docs.python.org/3/library/marshal.html). A key covers all that the
code comes from. Nothing here uses pickle, as Jinja's own files do.
"""

from __future__ import annotations

import hashlib
import json
import marshal
import sys
from collections.abc import MutableMapping
from types import CodeType

import jinja2
from jinja2 import meta, nodes
from jinja2.bccache import Bucket

import broadsheet
from broadsheet.render.jinja import SAME_ON_ALL_PAGES, SETTINGS, WRITER

Store = MutableMapping[str, bytes]

_SIZE = hashlib.sha256().digest_size
_SETTINGS = (sorted((name, repr(value)) for name, value in SETTINGS.items()), sorted(SAME_ON_ALL_PAGES))
_MAKERS = (broadsheet.__version__, jinja2.__version__, sys.version, sys.flags.optimize, _SETTINGS, WRITER)
_MADE_BY = hashlib.sha256(repr(_MAKERS).encode()).hexdigest()


def sealed(key: str, data: bytes) -> bytes:
    """A value for a store: the data behind the SHA-256 of key and data."""
    return hashlib.sha256(key.encode() + data).digest() + data


def unsealed(key: str, value: bytes | None) -> bytes | None:
    """The data of a value; None where there is none, or it is not what was sealed for this key."""
    if value is None:
        return None
    data = value[_SIZE:]
    return data if hashlib.sha256(key.encode() + data).digest() == value[:_SIZE] else None


def named(text: str, store: Store) -> list[str | None] | None:
    """The templates that a text names, as far as the store knows; see `keep_named`."""
    key = _key_of_names(text)
    data = unsealed(key, store.get(key))
    found: list[str | None] | None = None if data is None else json.loads(data)
    return found


def keep_named(text: str, syntax: nodes.Template, store: Store) -> list[str | None]:
    """The templates that a text names in its tags, None for a name that is worked out; from now on in the store."""
    found = list(dict.fromkeys(meta.find_referenced_templates(syntax)))
    key = _key_of_names(text)
    store[key] = sealed(key, json.dumps(found).encode())
    return found


class Compiled(jinja2.BytecodeCache):
    """Jinja's way to keep code, with a mapping for its store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket with the code of its template, if it is there."""
        key = _key(bucket)
        data = unsealed(key, self._store.get(key))
        code = None if data is None else marshal.loads(data)  # noqa: S302 -- these bytes were sealed below
        bucket.code = code if isinstance(code, CodeType) else None

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Store the code of a bucket."""
        key = _key(bucket)
        self._store[key] = sealed(key, marshal.dumps(bucket.code))


def _key_of_names(text: str) -> str:
    return hashlib.sha256(repr(("named", jinja2.__version__, text)).encode("utf-8", "surrogatepass")).hexdigest()


def _key(bucket: Bucket) -> str:
    """Of the template's name and file (`bucket.key`), its source (`bucket.checksum`), and what compiles it."""
    return hashlib.sha256(repr((bucket.key, bucket.checksum, _MADE_BY)).encode()).hexdigest()
