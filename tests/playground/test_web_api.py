"""The Web API as foreign clients see it: encodings, tokens, scopes, errors."""

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import PlaygroundServer, Workspace
from bot.playground.manifest import Grants

NOT_UTF_8 = b'--a\r\nContent-Disposition: form-data; name="foo"\r\n\r\n\xff\r\n--a--\r\n'
JSON_WITH_CHARSET = "application/json; charset=utf-8"

Ask = Callable[..., Awaitable[dict[str, Any]]]


class TestEncodings:
    @pytest.mark.parametrize(
        "sent",
        [
            {"json": {"foo": "bar"}},
            {"data": {"foo": "bar"}},
            {"data": b'{"foo": "bar"}', "headers": {"Content-Type": JSON_WITH_CHARSET}},
            {"params": {"foo": "bar"}},
        ],
        ids=["json", "form", "json with charset", "query"],
    )
    async def test_arguments_may_come_in_any_of_them(
        self, server: PlaygroundServer, http: aiohttp.ClientSession, sent: dict[str, Any]
    ) -> None:
        async with http.post(server.api_url + "api.test", **sent) as answer:
            assert await answer.json() == {"ok": True, "args": {"foo": "bar"}}

    async def test_multipart_is_a_form_too(
        self, server: PlaygroundServer, http: aiohttp.ClientSession
    ) -> None:
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("foo", "bar", content_type="text/plain")
        async with http.post(server.api_url + "api.test", data=form) as answer:
            assert (await answer.json())["args"] == {"foo": "bar"}

    async def test_get_works_like_post(
        self, server: PlaygroundServer, http: aiohttp.ClientSession
    ) -> None:
        token = {"token": server.bot_token}
        async with http.get(server.api_url + "auth.test", params=token) as answer:
            assert (await answer.json())["user_id"] == server.workspace.bot.id

    @pytest.mark.parametrize(
        ("body", "content_type", "error"),
        [
            (b"{", "application/json", "invalid_json"),
            (b"[]", "application/json", "json_not_object"),
            (b"<a/>", "application/xml", "invalid_post_type"),
            (b"foo=bar", "", "missing_post_type"),
            (b"foo", "multipart/form-data", "invalid_form_data"),
            (b"foo", "multipart/form-data; boundary=a", "invalid_form_data"),
            (NOT_UTF_8, "multipart/form-data; boundary=a", "invalid_form_data"),
        ],
    )
    async def test_a_body_that_is_not_what_it_says_is_refused(
        self,
        server: PlaygroundServer,
        http: aiohttp.ClientSession,
        body: bytes,
        content_type: str,
        error: str,
    ) -> None:
        said = {"headers": {"Content-Type": content_type}} if content_type else {}
        plain: Any = {"skip_auto_headers": ["Content-Type"], **said}
        async with http.post(server.api_url + "api.test", data=body, **plain) as answer:
            assert (await answer.json())["error"] == error

    async def test_what_is_nested_without_end_is_refused(self, ask: Ask) -> None:
        deep: list[Any] = []
        for _ in range(200):
            deep = [deep]
        card = {"type": "card", "body": deep}

        refused = await ask("chat.postMessage", channel="incidents", blocks=[card])

        assert refused["error"] == "invalid_blocks_format"

    @pytest.mark.parametrize("cursor", ["next", "bmV4dDo²", "bmV4dDo" + "9" * 5_000])
    async def test_a_cursor_that_was_never_given_is_refused(self, ask: Ask, cursor: str) -> None:
        refused = await ask("conversations.history", channel="incidents", cursor=cursor)

        assert refused["error"] == "invalid_cursor"

    async def test_blocks_may_be_json_in_a_form(
        self, server: PlaygroundServer, http: aiohttp.ClientSession, incidents: str
    ) -> None:
        said = {"token": server.bot_token, "channel": incidents, "blocks": '[{"type":"divider"}]'}
        async with http.post(server.api_url + "chat.postMessage", data=said) as answer:
            assert (await answer.json())["message"]["blocks"][0]["type"] == "divider"


class TestTokens:
    async def test_auth_test_says_who_the_bot_is_and_what_it_may(
        self, slack: AsyncWebClient, workspace: Workspace
    ) -> None:
        answer = await slack.auth_test()

        assert answer["user"] == "kaia"
        assert answer["bot_id"] == workspace.bot.bot_id
        assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")

    async def test_tokens_have_slacks_shape_and_are_new_every_time(
        self, server: PlaygroundServer
    ) -> None:
        other = PlaygroundServer(Workspace())

        assert server.bot_token.startswith("xoxb-")
        assert server.app_token.startswith(f"xapp-1-{server.workspace.directory.app_id}-")
        assert server.bot_token != other.bot_token

    @pytest.mark.parametrize("refusal", ["token_revoked", "account_inactive", "token_expired"])
    async def test_a_token_may_be_made_bad(
        self, workspace: Workspace, ask: Ask, refusal: str
    ) -> None:
        workspace.tokens.bot.refusal = refusal

        assert (await ask("auth.test"))["error"] == refusal

    async def test_unknown_missing_and_wrong_tokens_are_told_apart(
        self, server: PlaygroundServer, http: aiohttp.ClientSession, ask: Ask
    ) -> None:
        async with http.post(server.api_url + "auth.test") as answer:
            missing = await answer.json()
            assert "x-oauth-scopes" not in answer.headers
        unknown = await ask("auth.test", token="xoxb-1-2-three")
        wrong = await ask("users.list", token=server.app_token)

        errors = [missing["error"], unknown["error"], wrong["error"]]
        assert errors == ["not_authed", "invalid_auth", "not_allowed_token_type"]

    async def test_an_unknown_method_is_said_to_be_one(self, ask: Ask) -> None:
        assert (await ask("chat.shout"))["error"] == "unknown_method"


class TestScopes:
    async def test_they_are_those_of_the_manifest(self, workspace: Workspace, ask: Ask) -> None:
        workspace.grants = Grants({"oauth_config": {"scopes": {"bot": ["users:read"]}}})

        refused = await ask("chat.postMessage", channel="incidents", text="hi")

        assert refused["error"] == "missing_scope"
        assert refused["needed"] == "chat:write"
        assert refused["provided"] == "users:read"
        assert (await ask("users.list"))["ok"]

    async def test_history_needs_the_scope_of_that_kind_of_channel(
        self, workspace: Workspace, ask: Ask
    ) -> None:
        workspace.grants = Grants({"oauth_config": {"scopes": {"bot": ["channels:history"]}}})
        direct = workspace.direct("ann").id

        refused = await ask("conversations.history", channel=direct)
        allowed = await ask("conversations.history", channel="incidents")

        assert (refused["error"], refused["needed"]) == ("missing_scope", "im:history")
        assert allowed["ok"]

    async def test_socket_mode_must_be_switched_on_in_the_manifest(
        self, server: PlaygroundServer, ask: Ask
    ) -> None:
        server.workspace.grants = Grants({})

        refused = await ask("apps.connections.open", token=server.app_token)

        assert refused["ok"] is False


async def test_a_foreign_client_sees_errors_as_slacks(slack: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        await slack.chat_postMessage(channel="C0NOWHERE", text="hi")

    assert refused.value.response["error"] == "channel_not_found"


async def test_every_call_is_remembered_without_its_token(
    server: PlaygroundServer, http: aiohttp.ClientSession
) -> None:
    said = {"token": server.bot_token, "channel": "nowhere", "text": "hi"}
    async with http.post(server.api_url + "chat.postMessage", data=said):
        pass

    [call] = server.workspace.calls
    assert (call.method, call.error) == ("chat.postMessage", "channel_not_found")
    assert call.arguments == {"channel": "nowhere", "text": "hi"}
