"""The one door to Slack's Web API: every call of Kaia's goes through it, and nothing live does.

It repeats only what Slack has sent back undone (429): of anything else only who made the call can
know whether it may be made again.
"""

import asyncio
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import DeliveryError
from bot.slack.sending.inert import inert
from bot.slack.sending.line import Rank, Superseded, TooLong, Waiting
from bot.slack.sending.pacing import Lines
from bot.telemetry.seams import UNMEASURED, Telemetry


class Method(StrEnum):
    """Every method Kaia calls. The manifest holds a scope for each; a test compares them."""

    AUTH_TEST = "auth.test"
    CONNECTIONS_OPEN = "apps.connections.open"
    POST_MESSAGE = "chat.postMessage"
    POST_EPHEMERAL = "chat.postEphemeral"
    UPDATE = "chat.update"
    DELETE = "chat.delete"
    REPLIES = "conversations.replies"
    CHANNEL_INFO = "conversations.info"
    USER_INFO = "users.info"
    GROUP_MEMBERS = "usergroups.users.list"
    ADD_REACTION = "reactions.add"
    REMOVE_REACTION = "reactions.remove"
    SET_STATUS = "assistant.threads.setStatus"
    SET_SESSION = "agents.sessions.setStatus"
    SET_PROMPTS = "assistant.threads.setSuggestedPrompts"
    VIEWS_PUBLISH = "views.publish"
    GET_UPLOAD_ADDRESS = "files.getUploadURLExternal"
    COMPLETE_UPLOAD = "files.completeUploadExternal"
    FILE_INFO = "files.info"


# Slack takes no JSON for these.
_READS = {Method.REPLIES, Method.CHANNEL_INFO, Method.USER_INFO, Method.GROUP_MEMBERS}
_READS |= {Method.FILE_INFO}
_FORMS = {Method.AUTH_TEST, Method.CONNECTIONS_OPEN, Method.GET_UPLOAD_ADDRESS}

# These wait in their channel's line even where nobody has said how.
_IN_LINE = {Method.POST_MESSAGE, Method.UPDATE, Method.DELETE}

# Slack says of these that part of the work may have been done.
_UNCLEAR = {"fatal_error", "internal_error", "request_timeout", "service_unavailable"}
# Whatever stands between may answer in Slack's name, and the SDK takes any JSON for an object.
_NOT_SLACKS = (ValueError, AttributeError, RecursionError)

_UPLOAD = "the upload of a file"
_DEFAULT_RETRY_AFTER_SECONDS = 30.0


class CallRefused(DeliveryError):
    """Slack understood the call and said no; nothing was done."""

    def __init__(self, method: str, code: str, needed: str = "") -> None:
        scope = f" It needs the scope {needed}." if needed else ""
        super().__init__(f"Slack refused {method} with {code!r}.{scope}")
        self.method = method
        self.code = code
        self.needed = needed


class CallLimited(DeliveryError):
    """Slack asks to wait; nothing was done."""

    def __init__(self, method: str, retry_after_seconds: float) -> None:
        super().__init__(f"Slack asks to wait {retry_after_seconds:g} s before {method}.")
        self.retry_after_seconds = retry_after_seconds


class CallDropped(DeliveryError):
    """A newer call shows what this one was to show; nothing was done."""

    def __init__(self, method: str) -> None:
        super().__init__(f"A newer call has taken the place of {method}.")


class CallUnclear(DeliveryError):
    """No usable answer: it may have been done all the same."""

    def __init__(self, method: str, why: str) -> None:
        super().__init__(f"Slack gave no answer to {method} ({why}). It may have been done.")


class Outbound:
    def __init__(
        self,
        client: AsyncWebClient,
        *,
        timeout_seconds: float = 15,
        lines: Lines | None = None,
        telemetry: Telemetry = UNMEASURED,
    ) -> None:
        """`lines` are shared by all that speak for one app."""
        self.client = client
        self._timeout_seconds = timeout_seconds
        self._lines = lines or Lines()
        self._telemetry = telemetry

    async def call(
        self,
        method: Method,
        *,
        timeout_seconds: float | None = None,
        waiting: Waiting | None = None,
        **arguments: Any,
    ) -> Mapping[str, Any]:
        """What Slack answers, with the token's `scopes`.

        `waiting` puts it into its channel's line, where it also waits for what Slack asks to wait;
        without it nothing is waited for. An argument that can be called is asked for its value
        when its turn has come. Raises CallRefused, CallLimited, CallUnclear, CallDropped.
        """
        waiting = waiting or _place_of(method, arguments)
        if waiting is None:
            return await self._at_once(method, arguments, timeout_seconds)
        until = self._lines.now() + waiting.seconds
        is_again = False
        while True:
            try:
                await self._lines.turn(method, waiting, until=until, again=is_again)
                with self._telemetry.doing("slack", method):
                    return await self._made(method, waiting.channel, arguments, timeout_seconds)
            except CallLimited:
                is_again = True  # and its turn comes when Slack has said
            except TooLong as too_long:
                raise CallLimited(method, too_long.seconds) from None
            except Superseded:
                raise CallDropped(method) from None

    async def _at_once(
        self, method: Method, arguments: Mapping[str, Any], timeout_seconds: float | None
    ) -> Mapping[str, Any]:
        channel = str(arguments.get("channel") or "")
        if (left := self._lines.left(method, channel)) > 0:
            raise CallLimited(method, left)
        with self._telemetry.doing("slack", method):
            return await self._made(method, channel, arguments, timeout_seconds)

    async def _made(
        self,
        method: Method,
        channel: str,
        arguments: Mapping[str, Any],
        timeout_seconds: float | None,
    ) -> Mapping[str, Any]:
        said = {name: _said(value) for name, value in arguments.items() if value is not None}
        if method is Method.POST_MESSAGE:
            # Slack fetches what is unfurled: an address in a log would carry its query away.
            said |= {"unfurl_links": False, "unfurl_media": False}
        try:
            async with asyncio.timeout(timeout_seconds or self._timeout_seconds):
                return await self._sent(method, said)
        except SlackApiError as error:
            understood = _understood(method, error)
            if isinstance(understood, CallLimited):
                self._telemetry.count("limited", method)
                self._lines.stop(method, channel, understood.retry_after_seconds)
            raise understood from error
        except (TimeoutError, aiohttp.ClientError, OSError, *_NOT_SLACKS) as error:
            raise CallUnclear(method, type(error).__name__) from error

    async def upload(self, address: str, content: bytes) -> None:
        """Brings a file's bytes to where Slack wants them; no token goes there.

        Raises CallRefused, CallUnclear: until the upload is completed nobody sees it.
        """
        session = self.client.session
        if session is None:
            raise CallUnclear(_UPLOAD, "no session")
        try:
            async with (
                asyncio.timeout(self._timeout_seconds),
                session.post(
                    address, data=content, proxy=self.client.proxy, allow_redirects=False
                ) as answer,
            ):
                if answer.status != 200:
                    raise CallRefused(_UPLOAD, f"HTTP {answer.status}")
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            raise CallUnclear(_UPLOAD, type(error).__name__) from error

    async def _sent(self, method: Method, said: dict[str, Any]) -> Mapping[str, Any]:
        if method in _READS:
            answer = await self.client.api_call(method, http_verb="GET", params=said)
        elif method in _FORMS:
            answer = await self.client.api_call(method, params=said)
        else:
            answer = await self.client.api_call(method, json=said)
        if not isinstance(answer.data, dict):
            raise ValueError(method)
        return {**answer.data, "scopes": str(answer.headers.get("x-oauth-scopes", ""))}


def _place_of(method: Method, arguments: Mapping[str, Any]) -> Waiting | None:
    if method not in _IN_LINE:
        return None
    thread = str(arguments.get("thread_ts") or arguments.get("ts") or "")
    return Waiting(str(arguments.get("channel") or ""), thread, Rank.DECORATION)


def _said(value: Any) -> Any:
    return inert(value() if callable(value) else value)


def _understood(method: Method, error: SlackApiError) -> DeliveryError:
    """What an unsuccessful answer means; bodies that are no JSON included."""
    response = error.response
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0))
    data = getattr(response, "data", None)
    said = data if isinstance(data, dict) else {}
    code = str(said.get("error") or "")
    if status == 429 or code in {"ratelimited", "rate_limited"}:
        return CallLimited(method, _retry_after(getattr(response, "headers", {})))
    if status >= 500 or code in _UNCLEAR:
        return CallUnclear(method, code or f"HTTP {status}")
    if not code:
        return _without_code(method, status)
    return CallRefused(method, code, str(said.get("needed") or ""))


def _without_code(method: Method, status: int) -> DeliveryError:
    # Slack itself always gives a code; a server that knows no such method may only say 404.
    if status in {404, 405, 501}:
        return CallRefused(method, "unknown_method")
    return CallUnclear(method, f"HTTP {status}, not what Slack answers")


def _retry_after(headers: Mapping[str, str]) -> float:
    for name, value in headers.items():
        if name.lower() == "retry-after":
            try:
                return max(0.0, float(value))
            except ValueError:
                break
    return _DEFAULT_RETRY_AFTER_SECONDS
