"""A page as it is sent: the built page, which stays as it is on the disk, with the preview's script let in."""

from __future__ import annotations

import html
import re

ROOM = "/.broadsheet/"
"""Addresses that are the server's own, outside any site: no site has names that begin with a dot there."""
CLIENT = f"{ROOM}client.js"
EVENTS = f"{ROOM}events"
_POLICY = re.compile(rb"""<meta\s[^>]*http-equiv=["']?content-security-policy\b[^>]*>""", re.IGNORECASE)
_CONTENT = re.compile(rb"""(\scontent=)(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_GOVERNING = {
    "script-src": ("script-src-elem", "script-src", "default-src"),
    "connect-src": ("connect-src", "default-src"),
}
"""By directive, those that are asked for it, the first that is there (Content Security Policy Level 3, section 6.8)."""


def with_client(page: bytes, origin: str, identity: str, number: int) -> bytes:
    """The page with the script that follows the preview at `origin`, and with a policy that lets it.

    The script is told what the page is (`Answer.identity`), and which build it is of (`State.number`).
    """
    head, end, rest = page.partition(b"</head>")
    if not end:
        head, rest = page, b""
    script = f'<script defer src="{CLIENT}" data-page="{identity}" data-number="{number}"></script>'
    return _POLICY.sub(lambda meta: _with_policy(meta[0], origin), head) + script.encode() + end + rest


def _with_policy(meta: bytes, origin: str) -> bytes:
    def opened_content(content: re.Match[bytes]) -> bytes:
        policy = html.unescape((content[2] or content[3] or b"").decode(errors="replace"))
        return (
            content[1] + b'"' + html.escape(opened(policy, origin), quote=False).replace('"', "&quot;").encode() + b'"'
        )

    return _CONTENT.sub(opened_content, meta, count=1)


def opened(policy: str, origin: str) -> str:
    """A Content-Security-Policy that also lets in the preview's script and its events, by their addresses alone.

    So that whatever else a theme's own page may not do, it may not do in the preview either.
    """
    directives: dict[str, list[str]] = {}
    for name, *sources in filter(None, (directive.split() for directive in policy.split(";"))):
        directives.setdefault(name.lower(), sources)  # the first of a name holds
    for name, address in (("script-src", CLIENT), ("connect-src", EVENTS)):
        governing = next((other for other in _GOVERNING[name] if other in directives), None)
        if governing is not None:
            kept = [source for source in directives[governing] if source.lower() != "'none'"]
            directives[name if governing == "default-src" else governing] = [*kept, f"{origin}{address}"]
    return "; ".join(" ".join((name, *sources)) for name, sources in directives.items())
