"""The addresses that a text may link to."""

from __future__ import annotations

import re

from broadsheet import url

# What only counts clicks, by the makers' own documentation; `ref` is left alone, which some sites need.
_TRACKING = re.compile(
    r"(?:utm_\w+|_?hsenc|_hsmi|mkt_tok|fbclid|gclid|gbraid|wbraid|dclid|msclkid|twclid|yclid|igshid|mc_[ce]id|"
    r"ref_src|ref_url|cmpid|ito|xtor|wt_mc|at_(?:medium|campaign|custom\d|link_\w+))(?:=|\Z)",
    re.IGNORECASE,
)
_MAIL = re.compile(r"mailto:[^\s<>()\\\"]{1,300}", re.IGNORECASE)


def link(href: str, base: str) -> str | None:
    """The absolute address a link may keep; None where it is dead, or of a scheme that is not let through."""
    href = href.strip("\t\n\f\r ")
    if href in ("", "#") or href.lower().startswith(("#!", "#top")):
        return None
    try:
        address = url.join(base, href)
    except ValueError:  # of a host in brackets that is no IPv6 address
        return None
    is_kept = url.is_web_address(address) or (address.lower().startswith("mailto:") and _MAIL.fullmatch(address))
    return without_tracking(address) if is_kept and url.is_allowed(address) else None


def source(given: str | None, base: str) -> str:
    """The absolute address of a picture or recording; empty where it has none of the web."""
    if not given or not given.strip():
        return ""
    try:
        address = url.join(base, given.strip())
    except ValueError:
        return ""
    return address if url.is_web_address(address) else ""


def without_tracking(address: str) -> str:
    """The address less the parameters that only count clicks."""
    head, question, rest = address.partition("?")
    query, hash_, fragment = rest.partition("#")
    if not question or "#" in head:
        return address
    kept = "&".join(pair for pair in query.split("&") if not _TRACKING.match(pair))
    return f"{head}{'?' if kept else ''}{kept}{hash_}{fragment}"
