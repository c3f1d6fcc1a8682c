"""The proxy that the environment names: `http_proxy`, `https_proxy`, `all_proxy`, and `no_proxy` for exceptions.

Who sets it trusts it: its own address may be a private one. Where it connects to is its own decision, so that the
addresses of what is fetched are looked at here as far as they can be found here, and no further.
"""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from broadsheet.network.addresses import Target
from broadsheet.network.failure import FetchError


class Proxy(Struct, frozen=True):
    """A proxy that speaks HTTP without TLS, through which TLS is spoken with the server itself."""

    host: str
    port: int
    authorization: str = ""
    """For the header Proxy-Authorization; empty without a user name."""

    @property
    def headers(self) -> dict[str, str]:
        """What only the proxy is told."""
        return {"Proxy-Authorization": self.authorization} if self.authorization else {}


def proxy_for(to: Target) -> Proxy | None:
    """None for no proxy. Raises `FetchError` for one that is not spoken to, over TLS or SOCKS."""
    from urllib.request import getproxies, proxy_bypass  # slow to import

    proxies = getproxies()
    address = proxies.get(to.scheme) or proxies.get("all")
    if not address or proxy_bypass(to.authority):
        return None
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        port = parts.port
    except ValueError:
        raise FetchError("proxy", "the proxy that the environment names has no address that can be read") from None
    if parts.scheme != "http" or not parts.hostname:
        raise FetchError("proxy", f"the proxy that the environment names is of a kind not used here: {parts.scheme}")
    user = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
    basic = f"Basic {b64encode(user.encode()).decode()}" if parts.username else ""
    return Proxy(parts.hostname, port or 80, basic)
