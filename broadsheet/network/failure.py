"""What can go wrong on the way, named: a rule for each kind, with what to do about it."""

from __future__ import annotations

import re

from broadsheet import extras
from broadsheet.problem import Finding, printable

_USER = re.compile("//[^/@]{0,1000}@")
_SAVE = "open it in a browser, save the page and import the file"
REMEDIES = {
    "not-installed": extras.remedy("import"),
    "address": (
        "Give an address that begins with http:// or https://, with a host's name, no user name and no brackets; "
        f"or {_SAVE}"
    ),
    "port": f"{_SAVE[0].upper()}{_SAVE[1:]}, or say --allow-private, which allows every port",
    "private": "If the host is your own and meant, say --allow-private",
    "no-host": "Check how its host is spelt, or try again later",
    "unreachable": "Try again later",
    "untrusted": "Look at its certificate in a browser; if you trust it, save the page there and import the file",
    "silent": f"Try again later, or {_SAVE}",
    "garbled": f"Try again later, or {_SAVE}",
    "too-large": "Save what you want of it to a file and import that",
    "encoding": f"{_SAVE[0].upper()}{_SAVE[1:]}",
    "media-type": "Import the page or the feed that tells of it",
    "redirects": f"Look in a browser where it leads, and import that; or {_SAVE}",
    "downgrade": "If a connection that anybody may alter will do, import the address that it leads to",
    "gone": "Check how it is spelt, or import a copy that https://web.archive.org/ keeps",
    "refused": f"If you may read it in a browser, {_SAVE.removeprefix('open it in a browser, ')}",
    "server-error": "Try again later",
    "later": "Import it again then",
    "status": f"{_SAVE[0].upper()}{_SAVE[1:]}",
    "robots": f"Ask its publisher; or, if you may, {_SAVE}",
    "robots-unknown": f"Try again later, or {_SAVE}",
    "proxy": "Set http_proxy and https_proxy to http://HOST:PORT of a proxy that takes connections, or unset them",
}
"""By rule, without `import/`: what to do."""


class FetchError(Exception):
    """Nothing was fetched. It becomes a `Finding` where a fetch ends, and never leaves this package."""

    def __init__(self, rule: str, said: str) -> None:
        super().__init__(rule, said)
        self.rule, self.said = rule, said

    def finding(self, asked: str, reached: str) -> Finding:
        """The finding, for the address that was asked for and the one that redirects led to, which may be the same."""
        leads = "" if reached == asked else f", which leads to {_shown(reached)},"
        message = printable(f"{_shown(asked)}{leads} was not fetched: {self.said}")
        return Finding(f"import/{self.rule}", message, REMEDIES[self.rule])


class LaterError(FetchError):
    """A server asks for time."""

    def __init__(self, said: str, wait: float) -> None:
        super().__init__("later", said)
        self.wait = wait
        """Seconds; endless where it does not say how long."""


def _shown(address: str) -> str:
    """An address for a message: not too long, and without a name and a password."""
    address = _USER.sub("//", address)
    return f"'{address}'" if len(address) <= 300 else f"'{address[:299]}…'"
