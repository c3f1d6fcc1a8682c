"""How long is waited, and how much is taken."""

from __future__ import annotations

from msgspec import Struct

from broadsheet.network.addresses import USUAL_PORTS


class Limits(Struct, frozen=True):
    """Times in seconds, sizes in bytes."""

    connect: float = 10.0
    """For a connection to one address of a host, and for the handshake of TLS."""
    silence: float = 10.0
    """Without a byte."""
    answer: float = 30.0
    """For a whole answer, connection included."""
    pause: float = 1.0
    """After a request, until the same host gets the next."""
    crawl_delay: float = 10.0
    """The longest such pause that a robots.txt is granted."""
    patience: float = 10.0
    """How long a server may have us wait with Retry-After; for longer, it is left alone."""
    redirects: int = 5
    head: int = 49_152
    """Of an answer's status and headers."""
    received: int = 10_000_000
    """Of an answer's body, as it comes."""
    unpacked: int = 20_000_000
    """Of an answer's body without its content coding."""
    ratio: int = 100
    """Unpacked to received, for what unpacks to more than a mebibyte."""
    robots: int = 512_000
    """Of a robots.txt, of which the rest is not read (RFC 9309, 2.5)."""
    ports: tuple[int, ...] = USUAL_PORTS


USUAL = Limits()
