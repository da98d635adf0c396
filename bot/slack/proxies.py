"""Which proxy an address is reached through. Slack's SDK knows HTTPS_PROXY but not NO_PROXY."""

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]

_SCHEMES = {"https": "https", "wss": "https", "http": "http", "ws": "http"}


def proxy_for(url: str, environ: Mapping[str, str]) -> str | None:
    parts = urlsplit(url)
    scheme = _SCHEMES.get(parts.scheme, "https")
    proxy = _setting(f"{scheme}_proxy", environ)
    without = _setting("no_proxy", environ)
    if _is_here(parts.hostname or ""):
        return None
    if not proxy or proxy_bypass_environment(parts.netloc.rpartition("@")[2], {"no": without}):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _is_here(host: str) -> bool:
    """A proxy elsewhere would look for this address on its own machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _setting(name: str, environ: Mapping[str, str]) -> str:
    return (environ.get(name) or environ.get(name.upper()) or "").strip()
