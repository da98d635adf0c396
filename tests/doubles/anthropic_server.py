"""A server that speaks Anthropic's messages API, with answers set by the test."""

import secrets
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.doubles.served import Calls, Fails, Reply, Says, ScriptedServer


@dataclass
class AnthropicServer(ScriptedServer):
    def add_routes(self, app: web.Application) -> None:
        app.router.add_post("/v1/messages", self.answer)

    def refusal(self, body: dict[str, Any]) -> web.Response | None:
        """The real one wants each tool use answered in the next message, and no empty texts."""
        uses: set[str] = set()
        for message in body["messages"]:
            blocks = message["content"]
            for block in blocks if isinstance(blocks, list) else []:
                if block["type"] == "tool_use":
                    uses.add(block["id"])
                if block["type"] == "tool_result":
                    uses.discard(block["tool_use_id"])
                if block["type"] == "text" and not block["text"].strip():
                    return _error(400, "invalid_request_error", "text must be non-empty")
        if uses:
            return _error(400, "invalid_request_error", "`tool_use` ids without `tool_result`")
        return None

    def worded(self, reply: Reply, body: dict[str, Any]) -> web.Response:
        match reply:
            case Fails(status=status, error=error, code=code):
                return _error(status, code or "api_error", error)
            case Says(text=text):
                return _message(body, [{"type": "text", "text": text}], "end_turn")
            case Calls(calls=calls, text=text):
                said = [{"type": "text", "text": text}] if text else []
                return _message(body, [*said, *map(_tool_use, calls)], "tool_use")
            case _:
                raise AssertionError(reply)


def _tool_use(call: tuple[str, Any]) -> dict[str, Any]:
    name, given = call
    return {"type": "tool_use", "id": f"toolu_{secrets.token_hex(8)}", "name": name, "input": given}


def _message(body: dict[str, Any], content: list[dict[str, Any]], reason: str) -> web.Response:
    return web.json_response(
        {
            "id": f"msg_{secrets.token_hex(8)}",
            "type": "message",
            "role": "assistant",
            "model": body["model"],
            "content": content,
            "stop_reason": reason,
            "stop_sequence": None,
            "usage": {"input_tokens": 100, "output_tokens": 10},
        }
    )


def _error(status: int, kind: str, message: str) -> web.Response:
    error = {"type": "error", "error": {"type": kind, "message": message}}
    return web.json_response(error, status=status)
