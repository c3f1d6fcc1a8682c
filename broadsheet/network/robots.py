"""robots.txt as RFC 9309 has it: which paths a server asks us to leave alone. Reading only; nothing is fetched here.

`urllib.robotparser` takes the first rule that fits and knows neither `*` nor `$`, where RFC 9309 (2.2.2) has the
longest rule decide. Protego reads well, and would be one more dependency for what is a page of code; it also takes the
rules for an agent `Broad` for ours, where RFC 9309 (2.2.1) matches the product token as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, unquote_to_bytes

from msgspec import Struct, field

PRODUCT = "broadsheet"
"""Our product token, in small letters; the first part of the header User-Agent."""
_LINE = re.compile(rb"\r\n|\r|\n")
_AGENT = re.compile(r"[a-z_-]+")
_ESCAPE = re.compile("%[0-9A-Fa-f]{2}")
_UNRESERVED = re.compile("[A-Za-z0-9._~-]")
_DELAY = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?")
_KEPT = "!$%&'()*+,/:;=?@[]~"


class Robots(Struct, frozen=True):
    """What holds for us."""

    rules: tuple[tuple[str, bool], ...] = ()
    """Pattern, and whether it allows; those that decide before others first."""
    delay: float = 0.0
    """Crawl-delay in seconds, which is no part of the RFC."""

    def allows(self, path: str) -> bool:
        """Whether a path, with its query, may be asked for.

        The longest pattern that fits decides, and of two as long the one that allows.
        """
        path = _normal(path).replace("*", "%2A").replace("$", "%24")
        if path == "/robots.txt":
            return True
        return next((allows for pattern, allows in self.rules if _fits(pattern, path)), True)


class _Group(Struct):
    rules: list[tuple[str, bool]] = field(default_factory=list)
    delay: float = 0.0


def read(data: bytes) -> Robots:
    """What a robots.txt says to us: the groups for our token together, else those for `*`, else nothing.

    Lines that are none of its grammar are passed over; so is whatever stands before the first `User-agent`.
    """
    groups: dict[str, _Group] = {}
    current: list[_Group] = []
    has_rules = True
    for key, value in _fields(data):
        if key == "user-agent":
            current = [] if has_rules else current
            has_rules = False
            current.append(groups.setdefault(_agent(value), _Group()))
        elif key in ("allow", "disallow"):
            has_rules = True
            for group in current if value else ():
                group.rules.append((_pattern(value), key == "allow"))
        elif key == "crawl-delay" and _DELAY.fullmatch(value):
            for group in current:
                group.delay = float(value)
    ours = groups.get(PRODUCT) or groups.get("*") or _Group()
    rules = sorted(dict.fromkeys(ours.rules), key=lambda rule: (-len(rule[0]), not rule[1]))
    return Robots(tuple(rules), ours.delay)


def _fields(data: bytes) -> Iterator[tuple[str, str]]:
    for line in _LINE.split(data.removeprefix(b"\xef\xbb\xbf")):
        key, colon, value = line.partition(b"#")[0].decode("utf-8", "surrogateescape").partition(":")
        if colon:
            yield key.strip().lower(), value.strip()


def _agent(value: str) -> str:
    """The product token that a line names, without the version that some add to it."""
    if value.startswith("*"):
        return "*"
    token = _AGENT.match(value.lower())
    return token.group() if token else ""


def _pattern(value: str) -> str:
    """A `$` means the end only where it stands at the end."""
    end = "$" if value.endswith("$") else ""
    return _normal(value.removesuffix("$")).replace("$", "%24") + end


def _normal(path: str) -> str:
    """A path or pattern with everything escaped that must be, and nothing that need not (RFC 9309, 2.2.2)."""
    return _ESCAPE.sub(_unescaped, quote(path, safe=_KEPT, errors="surrogateescape"))


def _unescaped(escape: re.Match[str]) -> str:
    sign = unquote_to_bytes(escape.group()).decode("latin-1")
    return sign if _UNRESERVED.fullmatch(sign) else escape.group().upper()


def _fits(pattern: str, path: str) -> bool:
    """Whether a pattern fits the beginning of a path, or all of it where it ends in `$`. In linear time.

    Each part between two `*` is taken where it is first found, which leaves the most for those that follow.
    """
    is_whole = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    last = others.pop() if others and is_whole else None
    for part in others:
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    if last is not None:
        return len(path) - len(last) >= at and path.endswith(last)
    return not is_whole or at == len(path)
