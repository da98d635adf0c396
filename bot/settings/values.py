"""Pure: what a setting's text may be, and the one form in which the program knows it."""

import ipaddress
import re
from difflib import SequenceMatcher
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator

PROVIDERS: Final = ("ollama", "openai", "anthropic", "gemini", "azure", "builtin")
STORES: Final = ("sqlite", "postgresql")

_LIKELY = 0.6
_HERE = {None: "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - replaces it
_PORTS = {"http": 80, "https": 443}
_OLLAMA_PORT = 11434


class WrongValue(ValueError):
    """Says in its own words why; the words of other ValueErrors may hold the value itself."""


def nearest(word: str, words: tuple[str, ...]) -> tuple[str, float]:
    """Whichever of the words is most like this one, and how like, from 0 to 1."""
    likeness = {each: SequenceMatcher(None, word, each).ratio() for each in words}
    best = max(words, key=lambda each: likeness[each])
    return best, likeness[best]


def is_this_machine(host: str) -> bool:
    """Proxies are meant for elsewhere: this name or address would be another machine to them."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def web_address(value: str) -> str:
    address = urlsplit(value)
    if address.scheme not in _PORTS or not address.hostname or address.port == 0:
        raise ValueError
    return value


def api_base(value: str) -> str:
    """Slack's clients append the method's name to it."""
    return web_address(value).rstrip("/") + "/"


def ollama_address(value: str) -> str:
    """Takes what Ollama takes: `host`, `host:port`, `:port`, a URL; what listens on all is here."""
    scheme, found, rest = value.rpartition("://")
    address = urlsplit(f"//{rest}")
    name = address.hostname
    host = _HERE.get(name) or (f"[{name}]" if name and ":" in name else name)
    port = address.port or (_PORTS.get(scheme, 0) if found else _OLLAMA_PORT)
    return web_address(f"{scheme or 'http'}://{host}:{port}{address.path.rstrip('/')}")


def model_name(value: str) -> str:
    provider, _, name = value.partition(":")
    if value == "builtin" or (provider in PROVIDERS[:-1] and name.strip()):
        return value
    if provider in PROVIDERS[:-1]:
        raise WrongValue(f"names the provider {provider} but no model")
    likely, likeness = nearest(provider.lower(), PROVIDERS)
    hint = f"; the nearest is {likely}" if likeness > _LIKELY else ""
    raise WrongValue(f"begins with no provider Kaia knows{hint}")


def store_url(value: str) -> str:
    scheme, found, rest = value.partition("://")
    if found and scheme in STORES and rest.strip("/"):
        return value
    likely, likeness = nearest(scheme.lower(), STORES)
    hint = f"; the nearest is {likely}://" if likeness > _LIKELY else ""
    raise WrongValue(f"names no kind of store Kaia knows{hint}")


def pattern(value: str) -> str:
    try:
        matches_nothing = re.compile(value).search("")
    except re.error as error:
        raise WrongValue(f"is no regular expression ({error.msg})") from None
    if matches_nothing:
        raise WrongValue("matches the empty text, so that it would replace everything")
    return value


def _split(value: object) -> object:
    return re.split(r"[,\s]+", value.strip(", \t\r\n")) if isinstance(value, str) else value


def _without_repeats(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _shaped(shape: str) -> AfterValidator:
    def check(value: str) -> str:
        if not re.fullmatch(shape, value):
            raise ValueError
        return value

    return AfterValidator(check)


_CHANNEL_ID = "[CGD][A-Z0-9]{2,20}"

WebAddress = Annotated[str, AfterValidator(web_address)]
ApiBase = Annotated[str, AfterValidator(api_base)]
OllamaAddress = Annotated[str, AfterValidator(ollama_address)]
ModelName = Annotated[str, AfterValidator(model_name)]
StoreUrl = Annotated[str, AfterValidator(store_url)]
Pattern = Annotated[str, AfterValidator(pattern)]
Duration = Annotated[str, _shaped(r"-?[0-9]+|([0-9]+(\.[0-9]+)?(ms|s|m|h))+")]
ChannelId = Annotated[str, _shaped(_CHANNEL_ID)]
Channel = Annotated[str, _shaped(rf"{_CHANNEL_ID}|#[^\s#,A-Z]{{1,80}}|im")]
"""Direct messages are `im`, Slack's own word for them."""
Namespace = Annotated[str, _shaped(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")]
Namespaces = Annotated[
    tuple[Namespace, ...], BeforeValidator(_split), AfterValidator(_without_repeats)
]
Channels = Annotated[frozenset[Channel], BeforeValidator(_split)]
UserOrGroup = Annotated[str, _shaped(r"[UWS][A-Z0-9]{2,20}")]
"""A member, or a user group, whose ids begin with S."""
App = Annotated[str, _shaped(r"[AB][A-Z0-9]{2,20}")]
GroupName = Annotated[str, _shaped(r"(?!system:)[A-Za-z0-9]([A-Za-z0-9:._@/-]{0,251}[A-Za-z0-9])?")]
"""Of a Kubernetes user or group. Whoever may be `system:masters` may do everything."""
Users = Annotated[frozenset[UserOrGroup], BeforeValidator(_split)]
Apps = Annotated[frozenset[App], BeforeValidator(_split)]
