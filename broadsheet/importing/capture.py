"""What was taken in, as it came: bytes, and where and when they were got. Nothing is read out of them here."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from msgspec import Struct


class Capture(Struct, frozen=True, kw_only=True):
    """A thing to import."""

    data: bytes
    """As received, content encoding undone."""
    name: str
    """Of a file, without its folders; `-` for standard input; else the address that was asked for."""
    at: datetime
    """UTC."""
    url: str | None = None
    """Where it was found after all redirects; None for files."""
    media_type: str = ""
    """As the server states it, in small letters, without parameters; empty for files."""
    charset: str = ""
    """As the server states it; empty where it does not."""
    etag: str = ""
    """Entity tag for the next conditional request (RFC 9110, section 8.8.3); empty where there is none."""
    modified: str = ""
    """Last-Modified for the next conditional request, as it came."""

    @property
    def sha256(self) -> str:
        """Of the bytes, 64 hexadecimal digits. Not kept, for most are asked for once."""
        return sha256(self.data).hexdigest()
