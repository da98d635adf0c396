"""Statuses, sessions, streams and files as foreign clients see them."""

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import PlaygroundServer, Workspace
from bot.playground.clock import HandClock
from bot.playground.manifest import Grants

Ask = Callable[..., Awaitable[dict[str, Any]]]


class TestAgentFeatures:
    async def test_a_status_shows_until_something_is_posted(
        self, ask: Ask, workspace: Workspace, incidents: str, asked: str
    ) -> None:
        thread = {"channel_id": incidents, "thread_ts": asked}
        await ask("assistant.threads.setStatus", **thread, status="is thinking…")
        before = workspace.status(incidents, asked)
        await ask("chat.postMessage", channel=incidents, thread_ts=asked, text="done")

        assert before == "is thinking…"
        assert workspace.status(incidents, asked) == ""

    async def test_a_status_ends_after_two_minutes(
        self, ask: Ask, workspace: Workspace, clock: HandClock, incidents: str, asked: str
    ) -> None:
        thread = {"channel_id": incidents, "thread_ts": asked}
        await ask("assistant.threads.setStatus", **thread, status="is thinking…")
        clock.advance(119)
        before = workspace.status(incidents, asked)
        clock.advance(1)

        assert before == "is thinking…"
        assert workspace.status(incidents, asked) == ""

    async def test_an_empty_status_clears_it(
        self, ask: Ask, workspace: Workspace, incidents: str, asked: str
    ) -> None:
        thread = {"channel_id": incidents, "thread_ts": asked}
        await ask("assistant.threads.setStatus", **thread, status="is thinking…")
        await ask("assistant.threads.setStatus", **thread, status="")

        assert workspace.status(incidents, asked) == ""

    async def test_a_session_warns_where_nobody_hears_its_stop_button(
        self, ask: Ask, workspace: Workspace, incidents: str, asked: str
    ) -> None:
        manifest = {
            "features": {"agent_view": {"agent_description": "reads"}},
            "oauth_config": {"scopes": {"bot": ["chat:write"]}},
        }
        workspace.grants = Grants(manifest)
        thread = {"channel_id": incidents, "thread_ts": asked}

        answer = await ask("agents.sessions.setStatus", **thread, status="processing")

        assert answer["agent_status"] == "processing"
        assert answer["warning"] == "missing_agent_session_stopped_event_subscription"
        assert workspace.sessions[incidents, asked].status == "processing"


class TestStreams:
    async def start(self, ask: Ask, workspace: Workspace, asked: str) -> str:
        ann = workspace.directory.person("ann")
        answer = await ask(
            "chat.startStream",
            channel="incidents",
            thread_ts=asked,
            recipient_user_id=ann.id,
            recipient_team_id=ann.team_id,
        )
        return str(answer["ts"])

    async def test_a_stream_is_appended_to_and_stopped(
        self, ask: Ask, workspace: Workspace, asked: str
    ) -> None:
        ts = await self.start(ask, workspace, asked)
        for word in ("one ", "two"):
            await ask("chat.appendStream", channel="incidents", ts=ts, markdown_text=word)
        await ask("chat.stopStream", channel="incidents", ts=ts)
        late = await ask("chat.appendStream", channel="incidents", ts=ts, markdown_text="three")

        assert workspace.message("incidents", ts).text == "one two"
        assert late["error"] == "message_not_in_streaming_state"

    async def test_it_ends_by_itself_after_five_minutes(
        self, ask: Ask, workspace: Workspace, clock: HandClock, asked: str
    ) -> None:
        ts = await self.start(ask, workspace, asked)
        clock.advance(301)
        late = await ask("chat.appendStream", channel="incidents", ts=ts, markdown_text="late")

        assert late["error"] == "message_not_in_streaming_state"

    async def test_its_rules_are_slacks(self, ask: Ask, workspace: Workspace, asked: str) -> None:
        ts = await self.start(ask, workspace, asked)
        chunk = [{"type": "markdown_text", "text": "c"}]
        stream = {"channel": "incidents", "ts": ts}
        both = await ask("chat.appendStream", **stream, markdown_text="m", chunks=chunk)
        await ask("chat.appendStream", **stream, markdown_text="m")
        mixed = await ask("chat.appendStream", **stream, chunks=chunk)
        large = await ask("chat.appendStream", **stream, markdown_text="m" * 12_000)
        nobody = await ask("chat.startStream", channel="incidents", thread_ts=asked)

        assert [both["error"], mixed["error"], large["error"], nobody["error"]] == [
            "cannot_provide_both_markdown_text_and_chunks",
            "streaming_mode_mismatch",
            "msg_too_long",
            "missing_recipient_user_id",
        ]


class TestFiles:
    async def test_an_upload_ends_as_a_message_in_the_thread(
        self, slack: AsyncWebClient, workspace: Workspace, incidents: str, asked: str
    ) -> None:
        await slack.files_upload_v2(
            content="line\n" * 100, filename="pods.log", channel=incidents, thread_ts=asked
        )
        shared = workspace.thread("incidents", asked)[1]

        assert shared.subtype == "file_share"
        assert workspace.files[shared.files[0]].content == b"line\n" * 100

    async def test_an_upload_of_another_length_is_refused(
        self, http: aiohttp.ClientSession, ask: Ask
    ) -> None:
        begun = await ask("files.getUploadURLExternal", filename="a.log", length=3)
        async with http.post(begun["upload_url"], data=b"four") as answer:
            status = answer.status
        ended = await ask("files.completeUploadExternal", files=[{"id": begun["file_id"]}])

        assert (status, ended["error"]) == (400, "file_not_found")

    async def test_a_file_is_given_to_the_bot_only(
        self, server: PlaygroundServer, http: aiohttp.ClientSession, ask: Ask
    ) -> None:
        file_id = server.workspace.share_file("clip.txt", b"heard")
        url = (await ask("files.info", file=file_id))["file"]["url_private"]
        headers = {"Authorization": f"Bearer {server.bot_token}"}
        async with http.get(url) as bare, http.get(url, headers=headers) as good:
            types = (bare.content_type, good.content_type)
            login, content = await bare.text(), await good.read()

        assert (bare.status, good.status) == (200, 200)
        assert types == ("text/html", "text/plain")
        assert "Sign in" in login
        assert "heard" not in login
        assert content == b"heard"

    async def test_a_transcription_is_ready_after_some_looks(
        self, ask: Ask, workspace: Workspace
    ) -> None:
        transcription = {"status": "processing"}
        file_id = workspace.share_file(
            "clip.m4a", b"", transcription=transcription, ready_after_looks=1
        )
        looks = [(await ask("files.info", file=file_id))["file"] for _ in range(2)]

        seen = [look["transcription"]["status"] for look in looks]
        assert seen == ["processing", "complete"]
