"""The one address policy: what may be asked, for links that are checked and for what is imported.

Addresses come from content, and where they redirect to is anybody's choice. Only `http` and `https` are spoken, without
user names, and only to hosts of which every address is a public one. Whoever asks connects to the very address that
was looked at here, so that a name that changes its mind in between (DNS rebinding) gains nothing; all this again at
each redirect. Addresses of IPv6 in brackets are not asked at all.
"""

from __future__ import annotations

import re
import socket
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urlsplit

from msgspec import Struct

from broadsheet import url

Resolve = Callable[[str, int], list[str]]
"""Host and port -> numeric addresses, best first. Raises OSError where there is none."""
IsPublic = Callable[[str], bool]

USUAL_PORTS = (80, 443)
MOST_TRIED = 3
"""Addresses of a host, one after another."""
_UNENCODED = "!$%&'()*+,/:;=?@[]~"
_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)")
_LOCAL_NAMES = ("localhost", "local", "internal", "localdomain", "lan", "home", "corp", "test", "invalid", "onion")
_PROTOCOLS = IPv4Network("192.0.0.0/24")  # assigned to protocols, which ipaddress knows in part in some versions
_AZURE = IPv4Address("168.63.129.16")  # looks public, and is the host of whoever asks it from within that cloud
_UNICAST = IPv6Network("2000::/3")
_UNUSED = IPv6Network("3fff::/20")  # documentation, which ipaddress does not know in all versions
_NAT64 = IPv6Network("64:ff9b::/96")


class AddressError(ValueError):
    """An address that is not asked: no web address, or none of a plain host."""


class NoHostError(AddressError):
    """Its host has no numeric address."""


class NotPublicError(AddressError):
    """Its host has a numeric address that is not the public internet's."""


class Target(Struct, frozen=True):
    """An address, taken apart for a request."""

    scheme: str
    host: str
    """As DNS has it."""
    port: int
    path: str
    """With the query, as it is sent."""

    @property
    def authority(self) -> str:
        """What the header Host says."""
        usual = 443 if self.scheme == "https" else 80
        return self.host if self.port == usual else f"{self.host}:{self.port}"

    @property
    def origin(self) -> str:
        """The address without its path."""
        return f"{self.scheme}://{self.authority}"


def target(address: str) -> Target:
    """Raises `AddressError` where an address is none that is asked."""
    if not url.is_web_address(address):
        raise AddressError(address)
    parts = urlsplit(address)
    path = quote(parts.path or "/", safe=_UNENCODED)
    query = f"?{quote(parts.query, safe=_UNENCODED)}" if parts.query else ""
    port = parts.port if parts.port is not None else 443 if parts.scheme == "https" else 80
    return Target(parts.scheme, _ascii(parts.hostname or ""), port, path + query)


def sendable(address: str) -> str:
    """A web address as it may stand in a header, in ASCII; empty for what is none."""
    try:
        to = target(address)
    except AddressError:
        return ""
    return to.origin + to.path


def redirected(address: str, location: str) -> str:
    """The address, without its fragment, that a header Location of what lies at `address` means.

    Raises `AddressError` where it means none; whether what it means is asked is `target`'s to say.
    """
    with suppress(UnicodeError):  # headers are read as Latin-1, and written in UTF-8 by those who write more than ASCII
        location = location.encode("latin-1").decode()
    try:
        return url.join(address, location.strip().replace(" ", "%20")).partition("#")[0]
    except ValueError:
        raise AddressError(location) from None


def numeric(to: Target, resolve: Resolve, is_public: IsPublic) -> list[str]:
    """The numeric addresses to connect to, each looked at. One that is not public is enough to refuse its host.

    Raises `NoHostError` and `NotPublicError`.
    """
    try:
        found = list(dict.fromkeys(resolve(to.host, to.port)))
    except (OSError, UnicodeError):
        found = []
    if not found:
        raise NoHostError(to.host)
    if not all(map(is_public, found)):
        raise NotPublicError(to.host)
    return found[:MOST_TRIED]


def resolve(host: str, port: int) -> list[str]:
    """The addresses that the system knows for a host."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def is_public(address: str) -> bool:
    """Whether a numeric address is one of the public internet's, also where it wraps one of IPv4.

    `is_global` alone says yes to multicast, and, by version, to more: https://github.com/python/cpython/issues/81930
    Metadata of clouds are at private addresses, but for two: of Oracle's, in 192.0.0.0/24, and Azure's
    (https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16).
    """
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (IPv4Address(int(ip) & 0xFFFF_FFFF) if ip in _NAT64 else None)
        if inner is None and (ip not in _UNICAST or ip in _UNUSED):
            return False
        ip = inner or ip
    if ip == _AZURE or ip in _PROTOCOLS:
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def is_public_name(host: str) -> bool:
    """Whether a host, as DNS has it, may be one of the public DNS, for all that its name says.

    A last label that is a number makes a numeric address of it (https://url.spec.whatwg.org/#ends-in-a-number-checker);
    names for local use are those of RFC 6761 and 6762, and what else is in use for it.
    """
    *others, last = host.split(".")
    return bool(others) and not _NUMBER.fullmatch(last) and last not in _LOCAL_NAMES and not host.endswith(".home.arpa")


def _ascii(host: str) -> str:
    """A host as DNS has it, the way of browsers (UTS 46): to Python's `idna`, of 2003, straße.de is strasse.de."""
    plain = unicodedata.normalize("NFKC", host.lower()).rstrip(".")
    labels = (label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in plain.split("."))
    name = ".".join(labels)
    if not _NAME.fullmatch(name):
        raise AddressError(host)
    return name
