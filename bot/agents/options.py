"""Pure: what is sent beside words and tools, by provider; nothing of addresses or keys."""

from collections.abc import Mapping
from typing import Any

from bot.settings import Settings


def answer_tokens(settings: Settings) -> int:
    """A model that thinks first needs room to do so."""
    most = 8_192 if settings.think else 2_048
    return min(most, settings.num_ctx // (2 if settings.think else 4))


def ollama_options(settings: Settings) -> dict[str, int]:
    # Another num_ctx than the loaded one makes Ollama load the model again; none means 4096.
    return {
        "num_ctx": settings.num_ctx,
        "num_predict": answer_tokens(settings),
        "temperature": 0,
    }


def options_of(provider: str, settings: Settings) -> Mapping[str, Any]:
    """As people are shown them."""
    match provider:
        case "ollama":
            return {"options": ollama_options(settings), "think": settings.think}
        case "anthropic":
            return {"max_tokens": answer_tokens(settings)}
        case _:
            return {}
