"""Servers that speak OpenAI's wire format, with answers set by the test."""

import json
import secrets
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.doubles.served import Calls, Fails, Reply, Says, ScriptedServer


@dataclass
class OpenAIServer(ScriptedServer):
    """`/v1/chat/completions`; Gemini's and Azure's paths too, which speak the same."""

    def add_routes(self, app: web.Application) -> None:
        app.router.add_post("/v1/chat/completions", self.answer)
        app.router.add_post("/v1beta/openai/chat/completions", self.answer)
        app.router.add_post("/openai/deployments/{name}/chat/completions", self.answer)

    def refusal(self, body: dict[str, Any]) -> web.Response | None:
        """The real one wants an answer to every call, and arguments as text."""
        open_calls: set[str] = set()
        for message in body["messages"]:
            for call in message.get("tool_calls") or ():
                json.loads(call["function"]["arguments"])
                open_calls.add(call["id"])
            open_calls.discard(message.get("tool_call_id", ""))
        if open_calls:
            return _error(400, "An assistant message with 'tool_calls' must be followed", None)
        return None

    def worded(self, reply: Reply, body: dict[str, Any]) -> web.Response:
        match reply:
            case Fails(status=status, error=error, code=code):
                return _error(status, error, code)
            case Says(text=text):
                message: dict[str, Any] = {"role": "assistant", "content": text}
                return _completion(body, message, "stop")
            case Calls(calls=calls, text=text):
                made = [_tool_call(name, given) for name, given in calls]
                message = {"role": "assistant", "content": text or None, "tool_calls": made}
                return _completion(body, message, "tool_calls")
            case _:
                raise AssertionError(reply)


def _tool_call(name: str, given: Any) -> dict[str, Any]:
    arguments = given if isinstance(given, str) else json.dumps(given)
    function = {"name": name, "arguments": arguments}
    return {"id": f"call_{secrets.token_hex(12)}", "type": "function", "function": function}


def _completion(body: dict[str, Any], message: dict[str, Any], reason: str) -> web.Response:
    return web.json_response(
        {
            "id": f"chatcmpl-{secrets.token_hex(8)}",
            "object": "chat.completion",
            "created": 1_790_000_000,
            # Azure's requests name the model in the path alone.
            "model": body.get("model", "deployed"),
            "choices": [{"index": 0, "message": message, "finish_reason": reason}],
            "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
        }
    )


def _error(status: int, message: str, code: str | None) -> web.Response:
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": code}
    return web.json_response({"error": error}, status=status)
