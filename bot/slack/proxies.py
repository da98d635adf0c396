"""Which proxy an address is reached through. Slack's SDK knows HTTPS_PROXY but not NO_PROXY."""

from collections.abc import Mapping
from urllib.parse import urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]

from bot.settings import is_this_machine

_SCHEMES = {"https": "https", "wss": "https", "http": "http", "ws": "http"}


def proxy_for(url: str, environ: Mapping[str, str]) -> str | None:
    parts = urlsplit(url)
    scheme = _SCHEMES.get(parts.scheme, "https")
    proxy = _setting(f"{scheme}_proxy", environ)
    without = _setting("no_proxy", environ)
    if is_this_machine(parts.hostname or ""):
        return None
    if not proxy or proxy_bypass_environment(parts.netloc.rpartition("@")[2], {"no": without}):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _setting(name: str, environ: Mapping[str, str]) -> str:
    return (environ.get(name) or environ.get(name.upper()) or "").strip()
