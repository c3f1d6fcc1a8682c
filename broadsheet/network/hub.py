"""WebSub, the publisher's part: a hub is told that a feed has changed, and fetches it from its public address.

How a hub is told is for it and the publisher to agree on (https://www.w3.org/TR/websub/#publishing). What is done here
is what PubSubHubbub 0.3 had in its section 7.1, and public hubs still ask for: a form with `hub.mode=publish` and the
address as `hub.url`. Some read it from `hub.topic` instead, so both are sent. Any 2xx is a yes.
"""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urlencode

from broadsheet import extras
from broadsheet.network.exchange import Answer
from broadsheet.network.failure import FetchError
from broadsheet.network.fetch import Fetcher
from broadsheet.network.response import named, redirection
from broadsheet.problem import Finding
from broadsheet.words import one_line

NOT_DEPLOYED, REFUSED = "ping/not-deployed", "ping/refused"
"""Findings about one feed. After any other there is no point in going on."""
_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/plain, */*;q=0.1"}
_FRESH = {"Accept": "*/*", "Cache-Control": "no-cache"}
"""A cache on the way is to ask whether it still holds (RFC 9111, section 5.2.1.4)."""
_HEARD = 2_000
"""Bytes of a hub's reason that are read."""
_SHOWN = 200
"""Characters of it, and of an address that it names, that are shown."""
_MEND = "Mend what the hub says, or name another with 'feeds.hub'"
_DEPLOY = "Publish the output first, then tell the hub; a host may take some minutes to show what is new"


def compare(fetcher: Fetcher, address: str, built: bytes) -> Finding | None:
    """Why a hub is not to be told of a feed: what lies at its public address is not what was built."""

    def take(answer: Answer) -> Finding | None:
        leads = redirection(answer)
        if leads:
            remedy = "Set 'base_url' to where the site lies, for subscribers know the feed by that address"
            return Finding(NOT_DEPLOYED, f"'{address}' redirects to '{_shown(leads)}'", remedy)
        if answer.status != 200:
            return Finding(
                NOT_DEPLOYED, f"'{address}' is not there: its server answers {named(answer.status)}", _DEPLOY
            )
        if answer.beginning(len(built) + 1) != built:
            return Finding(NOT_DEPLOYED, f"what lies at '{address}' is not what was built", _DEPLOY)
        return None

    try:
        return fetcher.ask(address, _FRESH, take)
    except FetchError as error:
        if error.rule == "server-error":
            return Finding(NOT_DEPLOYED, f"'{address}' is not there: {error.said}", _DEPLOY)
        return _final(error, f"'{address}' cannot be looked at", "the site")


def tell(fetcher: Fetcher, hub: str, address: str) -> Finding | None:
    """Tell a hub that a feed has changed; why it was not told."""
    form = urlencode({"hub.mode": "publish", "hub.url": address, "hub.topic": address}).encode()
    try:
        answered = fetcher.ask(hub, _FORM, _refusal, form)
    except FetchError as error:
        if error.rule != "server-error":
            return _final(error, f"the hub '{hub}' was not told of '{address}'", "the hub")
        answered = error.said, _MEND
    if answered is None:
        return None
    said, remedy = answered
    return Finding(REFUSED, f"the hub '{hub}' was not told of '{address}': {said}", remedy)


def _refusal(answer: Answer) -> tuple[str, str] | None:
    """What the hub says, and what to do; None for yes."""
    if 200 <= answer.status < 300:
        return None
    leads = redirection(answer)
    if leads:
        return f"it redirects to '{_shown(leads)}'", "Look whether that is the hub, and name it with 'feeds.hub'"
    reason = _reason(answer)
    return f"its server answers {named(answer.status)}{f', and says: {reason}' if reason else ''}", _MEND


def _reason(answer: Answer) -> str:
    """The first words of an answer, where they are for people and no page."""
    with suppress(FetchError):
        words = one_line(answer.beginning(_HEARD).decode(errors="replace"))
        return "" if words.startswith("<") else _shown(words).rstrip(".")
    return ""


def _shown(words: str) -> str:
    return words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…"


def _final(error: FetchError, what: str, whose: str) -> Finding:
    """A failure that the next feed would meet too."""
    if error.rule == "not-installed":
        return Finding("ping/not-installed", f"{what}: {error.said}", extras.remedy("ping"))
    if error.rule == "later":
        return Finding("ping/later", f"{what}: {error.said}", "Run it again then; what the hub was told is noted")
    remedy = (
        f"Look whether the address of {whose} is right and answers, and run it again; what the hub was told is noted"
    )
    return Finding("ping/unreachable", f"{what}: {error.said}", remedy)
