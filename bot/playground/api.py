"""The Web API behind one address: token, scope, fault, method, answer."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any, assert_never

from aiohttp import web

from bot.playground.calls import Arguments, Call, Method, Refused
from bot.playground.encodings import arguments_of, token_of
from bot.playground.faults import PAGE, Fault
from bot.playground.methods import (
    agents,
    chat,
    connection,
    conversations,
    files,
    people,
    reactions,
    streams,
    usergroups,
    views,
)
from bot.playground.objects import ApiCall, Json
from bot.playground.workspace import Workspace

METHODS: Mapping[str, Method] = {
    **connection.METHODS,
    **chat.METHODS,
    **streams.METHODS,
    **conversations.METHODS,
    **people.METHODS,
    **usergroups.METHODS,
    **reactions.METHODS,
    **agents.METHODS,
    **files.METHODS,
    **views.METHODS,
}


class Api:
    def __init__(self, workspace: Workspace, extra: Mapping[str, Method]) -> None:
        """`extra` are the methods that need the server itself: apps.connections.open."""
        self._workspace = workspace
        self._methods = {**METHODS, **extra}

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answers one HTTP request to `/api/METHOD`."""
        method = request.match_info["method"]
        try:
            arguments = await arguments_of(request)
        except Refused as refused:
            return self._respond(method, Arguments({}), {"ok": False, "error": refused.error})
        fault = self._workspace.faults.take(method)
        if fault is not None and fault.kind == "slow":
            self._workspace.changes.notify()
            await self._workspace.clock.sleep(float(fault.details.get("seconds", 1)))
            fault = None
        if fault is not None and fault.kind != "drop_after_commit":
            return await self._fail(fault, request, method, arguments)
        if seconds := self._too_soon(method, arguments):
            return self._limit(method, arguments, seconds)
        token = token_of(request, arguments)
        answer = self._run(method, arguments, token)
        if fault is not None:
            return await _drop(request)
        return self._respond(method, arguments, answer, token=token)

    def _run(self, method: str, arguments: Arguments, token: str) -> Json:
        try:
            return {"ok": True} | self._allowed(method, token, arguments)
        except Refused as refused:
            return {"ok": False, "error": refused.error} | refused.fields

    def _allowed(self, method: str, token: str, arguments: Arguments) -> Json:
        call = Call(method, arguments, self._workspace)
        if method == "api.test":
            return connection.api_test(call)
        wanted = self._methods.get(method)
        if wanted is None:
            raise Refused("unknown_method", req_method=method)
        self._check_token(token, wanted)
        if method == "auth.test" and token == self._workspace.tokens.app.text:
            place = self._workspace.directory
            return {"app_id": place.app_id, "app_name": place.bot.real_name}
        call.need_scope(*wanted.scopes)
        return wanted.run(call)

    def _check_token(self, text: str, method: Method) -> None:
        if not text:
            raise Refused("not_authed")
        token = self._workspace.tokens.find(text)
        if token is None:
            raise Refused("invalid_auth")
        if token.refusal:
            raise Refused(token.refusal)
        if token.kind not in method.tokens:
            raise Refused("not_allowed_token_type")

    def _respond(
        self, method: str, arguments: Arguments, answer: Json, *, token: str = ""
    ) -> web.Response:
        error = "" if answer["ok"] else str(answer["error"])
        shown = {name: value for name, value in arguments.values.items() if name != "token"}
        now = self._workspace.clock.now()
        self._workspace.calls.append(ApiCall(method, shown, error, now))
        self._workspace.changes.notify()
        is_known = self._workspace.tokens.find(token) is not None
        headers = {"x-oauth-scopes": self._scopes(token)} if is_known else {}
        known = self._methods.get(method)
        if known is not None and known.scopes:
            headers["x-accepted-oauth-scopes"] = ",".join(known.scopes)
        return web.json_response(answer, headers=headers)

    def _scopes(self, token: str) -> str:
        if token == self._workspace.tokens.app.text:
            return "connections:write"
        return ",".join(self._workspace.grants.scopes)

    def _too_soon(self, method: str, arguments: Arguments) -> int:
        channel = arguments.values.get("channel")
        return self._workspace.rates.wait_for(method, channel if isinstance(channel, str) else "")

    def _limit(self, method: str, arguments: Arguments, seconds: float) -> web.Response:
        body = {"ok": False, "error": "ratelimited"}
        self._respond(method, arguments, body)
        return web.json_response(body, status=429, headers={"Retry-After": str(seconds)})

    async def _fail(
        self, fault: Fault, request: web.Request, method: str, arguments: Arguments
    ) -> web.StreamResponse:
        details: dict[str, Any] = dict(fault.details)
        self._workspace.changes.notify()
        match fault.kind:
            case "ratelimited":
                return self._limit(method, arguments, details.pop("retry_after", 1))
            case "server_error":
                return web.Response(status=500, text="")
            case "unavailable":
                return web.Response(status=503, text="upstream connect error")
            case "error":
                code = details.pop("code", "internal_error")
                return self._respond(method, arguments, {"ok": False, "error": code, **details})
            case "hang":
                return await self._hang(request, details.get("seconds"))
            case "garbled":
                return _garbled(**details)
            case "drop" | "drop_after_commit" | "slow":
                return await _drop(request)
            case _:
                assert_never(fault.kind)

    async def _hang(self, request: web.Request, seconds: float | None) -> web.StreamResponse:
        """Says nothing until the caller goes, the server closes or the seconds have passed."""
        if seconds is None:
            await asyncio.Event().wait()
        else:
            await self._workspace.clock.sleep(seconds)
        return await _drop(request)


def _garbled(body: str | bytes = PAGE, mimetype: str = "text/html") -> web.Response:
    content = body.encode() if isinstance(body, str) else body
    return web.Response(body=content, content_type=mimetype)


async def _drop(request: web.Request) -> web.StreamResponse:
    """Cuts the connection without an answer."""
    with contextlib.suppress(AttributeError):
        request.transport.abort()  # type: ignore[union-attr]
    raise asyncio.CancelledError
