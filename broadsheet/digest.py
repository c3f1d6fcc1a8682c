"""What stands for bytes, to see whether they are still the same.

SHA-256, cut off: the processors of our day do it in hardware, in half the time of BLAKE2.
"""

from __future__ import annotations

from hashlib import sha256

SIZE = 12
"""Bytes."""


def digest(*parts: bytes) -> bytes:
    """What stands for these bytes in this order; where one part ends and the next begins counts too."""
    if len(parts) == 1:
        return sha256(parts[0]).digest()[:SIZE]
    lengths = repr(tuple(map(len, parts))).encode()
    return sha256(b"".join((lengths, *parts))).digest()[:SIZE]
