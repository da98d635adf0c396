"""Whatever a model's client raised, as one of our errors in plain words; it never shows a key."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.errors import (
    ModelBusy,
    ModelError,
    ModelMissing,
    ModelRefused,
    ModelTimedOut,
    ModelUnreachable,
    ModelWithoutTools,
)

BUSY = frozenset({502, 503, 504, 529})
"""What a server or a proxy before it says when trying again soon may help; 529 is Anthropic's."""

# Each client brings its own classes for these; their names are the same since httpx 0.1.
_CUT = frozenset({"ConnectionError", "TransportError", "APIConnectionError"})
_SLOW = frozenset({"TimeoutError", "TimeoutException", "APITimeoutError"})
_NOT_JSON = frozenset({
    "JSONDecodeError", "ValidationError", "APIResponseValidationError", "UnicodeDecodeError",
    "DecodingError", "RecursionError",
})  # fmt: skip
_MISREAD = frozenset({"AttributeError", "TypeError", "IndexError", "KeyError"})
"""What clients raise that take whatever came for an answer, a page for people too."""

_NO_TOOLS = ("does not support tools", "tool choice requires", "does not support function")
_NO_THINKING = ("does not support thinking", "think value")
_TOO_LONG = ("context length", "context_length", "too long", "maximum context", "too many tokens")


@dataclass(frozen=True, slots=True)
class Origin:
    """Which model, where: what the sentences name."""

    provider: str
    model: str
    host: str = ""
    """Name and port, without what an address may hold of user and password."""

    @property
    def label(self) -> str:
        return self.provider if self.provider == "builtin" else f"{self.provider}:{self.model}"

    @property
    def place(self) -> str:
        return self.host or self.provider


def host_of(url: str) -> str:
    """`ollama:11434`, from an address that may hold a password."""
    address = urlsplit(url)
    name = f"[{address.hostname}]" if ":" in (address.hostname or "") else address.hostname or ""
    return f"{name}:{address.port}" if address.port else name


def status_of(error: BaseException) -> int | None:
    found = getattr(error, "status_code", None)
    return found if isinstance(found, int) and found > 0 else None


def was_cut(error: BaseException) -> bool:
    """Whether there was no connection, or it ended before the answer did."""
    return bool(_CUT & _kinds(error)) and not took_too_long(error)


def took_too_long(error: BaseException) -> bool:
    return bool(_SLOW & _kinds(error))


def may_pass(error: BaseException) -> bool:
    """Whether the same request may succeed a moment later."""
    return was_cut(error) or status_of(error) in BUSY


def explain(error: BaseException, origin: Origin) -> ModelError:
    """Never quotes the error: what servers say may hold addresses, keys and traces."""
    if isinstance(error, ModelError):
        return error
    status = status_of(error)
    if status is not None:
        return _explain_status(status, str(error).lower(), origin)
    if took_too_long(error):
        return timed_out(origin)
    if was_cut(error):
        return _distrusted(origin) if _is_of_a_certificate(error) else _unreachable(origin)
    if _NOT_JSON & _kinds(error) or (origin.host and _MISREAD & _kinds(error)):
        return _gibberish(origin)
    return ModelError(
        f"The model {origin.label} could not be asked ({type(error).__name__}). Ask again; if it"
        " stays, `kaia doctor` and Kaia's log say more."
    )


def timed_out(origin: Origin, seconds: float | None = None) -> ModelTimedOut:
    within = f" within {seconds:g} s" if seconds is not None else ""
    return ModelTimedOut(
        f"The model {origin.label} gave no answer{within}, waiting in its queue included. Ask"
        " again when it is less busy, use a smaller model, or raise KAIA_MODEL_TIMEOUT_SECONDS."
    )


def _kinds(error: BaseException) -> frozenset[str]:
    return frozenset(kind.__name__ for kind in type(error).__mro__)


def _explain_status(status: int, said: str, origin: Origin) -> ModelError:
    match status:
        case 401 | 403:
            return _forbidden(origin)
        case 404:
            return missing(origin)
        case 429:
            return _rate_limited(origin)
        case 408:
            return timed_out(origin)
        case _ if status in BUSY:
            return _busy(status, origin)
        case 400 | 413 | 422 | 500:
            return _explain_request(status, said, origin)
        case _:
            return _failed_inside(status, origin)


def _explain_request(status: int, said: str, origin: Origin) -> ModelError:
    table: tuple[tuple[tuple[str, ...], Callable[[Origin], ModelError]], ...] = (
        (_NO_TOOLS, without_tools),
        (_NO_THINKING, _without_thinking),
        (_TOO_LONG, _too_long),
    )
    for words, explained in table:
        if any(word in said for word in words):
            return explained(origin)
    if status == 413:
        return _too_long(origin)
    return _failed_inside(status, origin) if status >= 500 else _bad_request(status, origin)


def missing(origin: Origin) -> ModelMissing:
    if origin.provider == "ollama":
        return ModelMissing(
            f"The Ollama at {origin.host} does not have the model {origin.model}. Get it with"
            f" `ollama pull {origin.model}`, or name another one in KAIA_MODEL."
        )
    return ModelMissing(
        f"{origin.place} does not know the model {origin.model}. Check the name"
        " in KAIA_MODEL, and the base URL if one is set."
    )


def without_tools(origin: Origin) -> ModelWithoutTools:
    return ModelWithoutTools(
        f"The model {origin.model} cannot call tools, so it cannot look at the cluster. Set"
        " KAIA_MODEL to one that can, such as ollama:qwen3:8b, or to builtin."
    )


def _unreachable(origin: Origin) -> ModelUnreachable:
    hint = (
        "Check that Ollama runs there and that OLLAMA_HOST is right"
        if origin.provider == "ollama"
        else "Check the network, HTTPS_PROXY and the base URL if one is set"
    )
    return ModelUnreachable(
        f"There was no connection to the model at {origin.place}, or it was cut"
        f" before the answer was whole. {hint}, then ask again."
    )


def _is_of_a_certificate(error: BaseException | None) -> bool:
    """Clients hide the first cause behind classes of their own."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _distrusted(origin: Origin) -> ModelUnreachable:
    return ModelUnreachable(
        f"The certificate of {origin.place} is not trusted here. If a proxy or a"
        " server of your own uses its own authority, set SSL_CERT_FILE to that authority's file."
    )


def _forbidden(origin: Origin) -> ModelRefused:
    hint = (
        "Check what stands before the Ollama, and OLLAMA_ORIGINS"
        if origin.provider == "ollama"
        else "Check that the API key is right and may use this model"
    )
    return ModelRefused(f"{origin.place} refused the request. {hint}.")


def _rate_limited(origin: Origin) -> ModelBusy:
    return ModelBusy(
        f"{origin.place} takes no more requests from this key for now. Ask again"
        " in a minute; if it stays, look at the key's limits and its credit."
    )


def _busy(status: int, origin: Origin) -> ModelBusy:
    return ModelBusy(
        f"The model server at {origin.place} is too busy to answer ({status})."
        " Ask again in a minute."
    )


def _without_thinking(origin: Origin) -> ModelRefused:
    return ModelRefused(f"The model {origin.model} cannot think first. Set KAIA_THINK=false.")


def _too_long(origin: Origin) -> ModelRefused:
    return ModelRefused(
        f"This conversation is longer than the window of {origin.label}. Ask in a new thread, or"
        " set KAIA_NUM_CTX to the window that the model really has."
    )


def _bad_request(status: int, origin: Origin) -> ModelRefused:
    return ModelRefused(
        f"{origin.place} would not take the request for {origin.model}"
        f" ({status}). That server's log has its reason; another model in KAIA_MODEL may help."
    )


def _failed_inside(status: int, origin: Origin) -> ModelError:
    return ModelError(
        f"The model server at {origin.place} failed ({status}). Ask again; if it"
        " stays, look at the log of that server."
    )


def _gibberish(origin: Origin) -> ModelError:
    return ModelError(
        f"What answered at {origin.place} does not speak like a model server of"
        f" the kind {origin.provider}. Check the address, and proxies on the way."
    )
