"""Connections to an Ollama server; it decides nothing about what is said over them."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from autogen_core.models import ModelInfo
from autogen_ext.models.ollama import OllamaChatCompletionClient
from ollama import AsyncClient

from bot.settings import is_this_machine


def connect(host: str, *, timeout_seconds: float | None = None) -> AsyncClient:
    """HTTP_PROXY is meant for elsewhere: no proxy gets what is said to this very machine."""
    is_here = is_this_machine(urlsplit(host).hostname or "")
    direct = {"mounts": {"http://": None, "https://": None}} if is_here else {}
    return AsyncClient(host, timeout=timeout_seconds, **direct)


async def disconnect(client: AsyncClient) -> None:
    await client.close()  # type: ignore[no-untyped-call]


class OllamaClient(OllamaChatCompletionClient):
    """AutoGen's, on a connection that can be closed: AutoGen's own passes nothing but the host."""

    def __init__(self, *, host: str, **settings: Any) -> None:
        super().__init__(host=host, **settings)
        self._client = connect(host)

    async def close(self) -> None:
        await disconnect(self._client)


def client_for(
    model: str,
    host: str,
    *,
    keep_alive: str,
    think: bool,
    options: Mapping[str, int],
    info: ModelInfo,
) -> OllamaClient:
    return OllamaClient(
        model=model,
        host=host,
        keep_alive=_seconds_or_text(keep_alive),
        think=think,
        options=dict(options),
        model_info=info,
    )


def _seconds_or_text(text: str) -> str | int:
    """Ollama takes "60m" as a text, but -1 and other bare seconds only as a number."""
    return int(text) if text.lstrip("-").isdigit() else text
