"""An Ollama that answers as the real 0.17 does, with a model that says what the test tells it."""

import asyncio
import re
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from tests.doubles.served import Calls, Fails, Reply, Says, ScriptedServer

_BUSY = "server busy, please try again.  maximum pending requests exceeded"
_DURATION = re.compile(r"-?(\d+(\.\d+)?(ns|us|ms|s|m|h))+")


@dataclass(frozen=True)
class Weights:
    """A model that the server has."""

    capabilities: tuple[str, ...] = ("completion", "tools")
    window: int = 40_960
    loaded: int | None = None
    """num_ctx it is loaded with, where it is."""


def busy() -> Fails:
    return Fails(503, _BUSY)


@dataclass
class OllamaServer(ScriptedServer):
    models: dict[str, Weights] = field(default_factory=lambda: {"qwen3:8b": Weights()})
    prompt_tokens: int = 100
    answer_tokens: int = 10
    done_reason: str = "stop"
    show_hangs: bool = False

    def add_routes(self, app: web.Application) -> None:
        app.router.add_post("/api/chat", self.answer)
        app.router.add_post("/api/show", self._show)
        app.router.add_get("/api/tags", self._tags)
        app.router.add_get("/api/ps", self._ps)
        app.router.add_get("/api/version", _version)
        app.router.add_get("/", _root)

    def refusal(self, body: dict[str, Any]) -> web.Response | None:
        name = body.get("model") or ""
        weights = self.models.get(_tagged(name, self.models))
        if not name:
            return _error(400, "model is required")
        if weights is None:
            return _error(404, f"model '{name}' not found")
        return _refuse_fields(body) or _refuse_abilities(body, name, weights)

    def worded(self, reply: Reply, body: dict[str, Any]) -> web.Response:
        match reply:
            case Fails(status=status, error=error):
                return _error(status, error)
            case Says(text=text):
                return self._done(body, {"role": "assistant", "content": text})
            case Calls():
                return self._done(body, _message(reply, body))
            case _:
                raise AssertionError(reply)

    def tokens_of(self, body: dict[str, Any]) -> int:  # noqa: ARG002 - for those who count
        return self.prompt_tokens

    def _done(self, body: dict[str, Any], message: dict[str, Any]) -> web.Response:
        return web.json_response(
            {
                "model": body["model"],
                "created_at": datetime.now(UTC).isoformat(),
                "message": message,
                "done": True,
                "done_reason": self.done_reason,
                "total_duration": 9_000_000,
                "load_duration": 1_000_000,
                "prompt_eval_count": self.tokens_of(body),
                "prompt_eval_duration": 4_000_000,
                "eval_count": self.answer_tokens,
                "eval_duration": 4_000_000,
            }
        )

    async def _show(self, request: web.Request) -> web.Response:
        body = await request.json()
        if self.show_hangs:
            await asyncio.Event().wait()
        name = body.get("model") or body.get("name") or ""
        weights = self.models.get(_tagged(name, self.models))
        if weights is None:
            return _error(404, f"model '{name}' not found")
        return web.json_response(
            {
                "details": {"family": "qwen3"},
                "model_info": {
                    "general.architecture": "qwen3",
                    "qwen3.context_length": weights.window,
                },
                "capabilities": list(weights.capabilities),
                "modified_at": datetime.now(UTC).isoformat(),
            }
        )

    async def _tags(self, request: web.Request) -> web.Response:  # noqa: ARG002
        models = [{"name": name, "model": name, "size": 1} for name in self.models]
        return web.json_response({"models": models})

    async def _ps(self, request: web.Request) -> web.Response:  # noqa: ARG002
        models = [
            {"name": name, "model": name, "context_length": weights.loaded}
            for name, weights in self.models.items()
            if weights.loaded
        ]
        return web.json_response({"models": models})


def _tagged(name: str, known: dict[str, Weights]) -> str:
    return name if name in known else f"{name}:latest"


def _refuse_fields(body: dict[str, Any]) -> web.Response | None:
    keep_alive = body.get("keep_alive")
    if isinstance(keep_alive, str) and not _DURATION.fullmatch(keep_alive):
        return _error(400, f'time: missing unit in duration "{keep_alive}"')
    if not isinstance(body.get("options", {}).get("num_ctx", 1), int):
        return _error(500, 'option "num_ctx" must be of type integer')
    for message in body.get("messages", []):
        if not isinstance(message.get("content", ""), str):
            return _error(400, "json: cannot unmarshal array into Go struct field ChatRequest")
        for call in message.get("tool_calls") or ():
            if not isinstance(call["function"]["arguments"], dict):
                return _error(400, "Value looks like object, but can't find closing '}' symbol")
    return None


def _refuse_abilities(body: dict[str, Any], name: str, weights: Weights) -> web.Response | None:
    if body.get("tools") and "tools" not in weights.capabilities:
        return _error(400, f"registry.ollama.ai/library/{name} does not support tools")
    if body.get("think") and "thinking" not in weights.capabilities:
        return _error(400, f'"{name}" does not support thinking')
    return None


def _message(reply: Calls, body: dict[str, Any]) -> dict[str, Any]:
    """The real one swallows calls of tools that were not offered, and offers none without tools."""
    offered = {tool["function"]["name"] for tool in body.get("tools") or ()}
    known = [(name, given) for name, given in reply.calls if name in offered]
    if len(known) < len(reply.calls):
        return {"role": "assistant", "content": ""}
    return {"role": "assistant", "content": reply.text, "tool_calls": _tool_calls(reply)}


def _tool_calls(reply: Calls) -> list[dict[str, Any]]:
    return [
        {
            "id": f"call_{secrets.token_hex(4)}",
            "function": {"index": index, "name": name, "arguments": given},
        }
        for index, (name, given) in enumerate(reply.calls)
    ]


def _error(status: int, text: str) -> web.Response:
    return web.json_response({"error": text}, status=status)


async def _version(request: web.Request) -> web.Response:  # noqa: ARG001
    return web.json_response({"version": "0.17.4"})


async def _root(request: web.Request) -> web.Response:  # noqa: ARG001
    return web.Response(text="Ollama is running")
