"""Messages, threads, people and reactions as foreign clients see them."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import Workspace

Ask = Callable[..., Awaitable[dict[str, Any]]]


def markdown(length: int) -> dict[str, str]:
    return {"type": "markdown", "text": "m" * length}


def section(length: int) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": "s" * length}}


class TestPosting:
    async def test_a_post_is_kept_as_slack_keeps_it(
        self, slack: AsyncWebClient, workspace: Workspace, incidents: str, asked: str
    ) -> None:
        answer = await slack.chat_postMessage(
            channel=incidents,
            thread_ts=asked,
            text="a < b & c &lt; d <https://kubernetes.io|docs>",
            unfurl_links=False,
            unfurl_media=False,
        )
        root, reply = workspace.thread("incidents", asked)

        assert root.ts == asked
        assert reply.text == "a &lt; b &amp; c &lt; d <https://kubernetes.io|docs>"
        assert (reply.unfurl_links, reply.unfurl_media) == (False, False)
        assert answer["message"]["bot_id"] == workspace.bot.bot_id
        assert answer["message"]["parent_user_id"] == root.user

    async def test_metadata_is_shown_only_where_it_is_asked_for(
        self, slack: AsyncWebClient, incidents: str, asked: str
    ) -> None:
        metadata = {"event_type": "kaia_turn", "event_payload": {"turn": "t1"}}
        await slack.chat_postMessage(
            channel=incidents, thread_ts=asked, text="hi", metadata=metadata
        )

        bare = await slack.conversations_replies(channel=incidents, ts=asked)
        full = await slack.conversations_replies(
            channel=incidents, ts=asked, include_all_metadata=True
        )

        assert "metadata" not in bare["messages"][1]
        assert full["messages"][1]["metadata"] == metadata

    @pytest.mark.parametrize(
        ("arguments", "error"),
        [
            ({"channel": "C0NOWHERE", "text": "hi"}, "channel_not_found"),
            ({"channel": "random", "text": "hi"}, "not_in_channel"),
            ({"channel": "incidents"}, "no_text"),
            ({"channel": "incidents", "text": "  "}, "no_text"),
            ({"text": "hi"}, "invalid_arguments"),
            ({"channel": "incidents", "text": "hi", "thread_ts": "soon"}, "invalid_thread_ts"),
            ({"channel": "incidents", "text": "hi", "thread_ts": "1.000001"}, "thread_not_found"),
            ({"channel": "incidents", "blocks": "no json"}, "invalid_blocks_format"),
            ({"channel": "incidents", "markdown_text": "m" * 12_001}, "msg_too_long"),
            ({"channel": "incidents", "blocks": [markdown(12_001)]}, "msg_blocks_too_long"),
            ({"channel": "incidents", "blocks": [markdown(6_001)] * 2}, "msg_blocks_too_long"),
            ({"channel": "incidents", "blocks": [section(2_900)] * 5}, "msg_blocks_too_long"),
            ({"channel": "incidents", "blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
            ({"channel": "incidents", "text": "hi", "metadata": {}}, "invalid_metadata_schema"),
        ],
    )
    async def test_what_slack_refuses_is_refused(
        self, ask: Ask, arguments: dict[str, Any], error: str
    ) -> None:
        assert (await ask("chat.postMessage", **arguments))["error"] == error

    async def test_limits_hold_to_the_character(self, ask: Ask) -> None:
        whole = await ask("chat.postMessage", channel="incidents", blocks=[markdown(12_000)])
        longest = await ask("chat.postMessage", channel="incidents", blocks=[section(3_000)])
        longer = await ask("chat.postMessage", channel="incidents", blocks=[section(3_001)])

        assert whole["ok"]
        assert longest["ok"]
        assert longer["response_metadata"]["messages"] == [
            "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
        ]

    async def test_a_reply_to_a_reply_joins_the_thread(
        self, ask: Ask, workspace: Workspace, asked: str
    ) -> None:
        reply = workspace.say("ben", "incidents", "and?", asked)
        await ask("chat.postMessage", channel="incidents", thread_ts=reply, text="hi")

        assert [m.text for m in workspace.thread("incidents", asked)][1:] == ["and?", "hi"]

    async def test_very_long_text_is_cut_not_refused(self, ask: Ask, workspace: Workspace) -> None:
        answer = await ask("chat.postMessage", channel="incidents", text="t" * 40_001)

        assert len(workspace.message("incidents", answer["ts"]).text) == 40_000

    async def test_an_archived_channel_takes_nothing(self, ask: Ask, workspace: Workspace) -> None:
        workspace.archive("incidents")

        refused = await ask("chat.postMessage", channel="incidents", text="hi")

        assert refused["error"] == "is_archived"

    async def test_posting_to_a_person_is_a_direct_message(
        self, ask: Ask, workspace: Workspace
    ) -> None:
        ben = workspace.directory.person("ben").id

        answer = await ask("chat.postMessage", channel=ben, text="psst")

        assert answer["channel"] == workspace.direct("ben").id


class TestChanging:
    async def test_an_update_without_blocks_keeps_them_and_an_empty_list_removes_them(
        self, ask: Ask, workspace: Workspace
    ) -> None:
        posted = await ask("chat.postMessage", channel="incidents", blocks=[section(3)], text="a")
        await ask("chat.update", channel="incidents", ts=posted["ts"], text="b")
        kept = list(workspace.message("incidents", posted["ts"]).blocks)
        await ask("chat.update", channel="incidents", ts=posted["ts"], text="c", blocks=[])
        message = workspace.message("incidents", posted["ts"])

        assert kept[0]["type"] == "section"
        assert (message.text, message.blocks) == ("c", [])
        assert message.edited is not None

    async def test_other_peoples_messages_cannot_be_changed(self, ask: Ask, asked: str) -> None:
        updated = await ask("chat.update", channel="incidents", ts=asked, text="mine")
        deleted = await ask("chat.delete", channel="incidents", ts=asked)
        missing = await ask("chat.update", channel="incidents", ts="1.000001", text="mine")

        errors = [updated["error"], deleted["error"], missing["error"]]
        assert errors == ["cant_update_message", "cant_delete_message", "message_not_found"]

    async def test_a_long_update_is_refused_where_a_post_is_not(self, ask: Ask) -> None:
        posted = await ask("chat.postMessage", channel="incidents", text="t" * 4_001)
        refused = await ask("chat.update", channel="incidents", ts=posted["ts"], text="t" * 4_001)

        assert posted["ok"]
        assert refused["error"] == "msg_too_long"

    async def test_a_root_with_replies_leaves_a_tombstone(
        self, workspace: Workspace, asked: str
    ) -> None:
        workspace.say("ben", "incidents", "me too", asked)
        workspace.delete("incidents", asked)

        assert workspace.message("incidents", asked).subtype == "tombstone"

    async def test_an_ephemeral_message_is_in_no_history(
        self, ask: Ask, workspace: Workspace
    ) -> None:
        ann = workspace.directory.person("ann").id
        told = await ask("chat.postEphemeral", channel="incidents", user=ann, text="psst")
        history = await ask("conversations.history", channel="incidents")

        assert told["message_ts"]
        assert history["messages"] == []
        assert workspace.ephemerals[0].text == "psst"


class TestReading:
    async def test_a_thread_is_read_page_by_page_each_with_its_root(
        self, slack: AsyncWebClient, workspace: Workspace, incidents: str, asked: str
    ) -> None:
        for word in "abc":
            workspace.say("ben", "incidents", word, asked)

        first = await slack.conversations_replies(channel=incidents, ts=asked, limit=2)
        cursor = first["response_metadata"]["next_cursor"]
        second = await slack.conversations_replies(
            channel=incidents, ts=asked, limit=2, cursor=cursor
        )

        texts = [[m["text"] for m in page["messages"][1:]] for page in (first, second)]
        assert texts == [["a", "b"], ["c"]]
        assert [page["messages"][0]["ts"] for page in (first, second)] == [asked, asked]
        assert (first["has_more"], second["has_more"]) == (True, False)

    async def test_history_is_newest_first_and_without_threads(
        self, ask: Ask, workspace: Workspace, asked: str
    ) -> None:
        workspace.say("ben", "incidents", "in the thread", asked)
        workspace.say("ben", "incidents", "beside it")

        found = await ask("conversations.history", channel="incidents")

        assert found["messages"][0]["text"] == "beside it"
        assert found["messages"][1]["reply_count"] == 1
        assert len(found["messages"]) == 2

    @pytest.mark.parametrize(
        ("method", "arguments", "error"),
        [
            ("conversations.replies", {"channel": "incidents", "ts": "1.0"}, "thread_not_found"),
            ("conversations.replies", {"channel": "random", "ts": "1.0"}, "not_in_channel"),
            ("conversations.history", {"channel": "incidents", "cursor": "x"}, "invalid_cursor"),
            ("conversations.history", {"channel": "incidents", "limit": 0}, "invalid_limit"),
            ("conversations.info", {"channel": "nowhere"}, "channel_not_found"),
            ("conversations.list", {"types": "town_square"}, "invalid_types"),
            ("users.info", {"user": "U0NOBODY"}, "user_not_found"),
            ("bots.info", {"bot": "B0NOBODY"}, "bot_not_found"),
            ("files.info", {"file": "F0NOTHING"}, "file_not_found"),
            ("views.open", {"trigger_id": "1", "view": {"type": "modal"}}, "invalid_trigger_id"),
        ],
    )
    async def test_what_is_not_there_is_said_not_to_be(
        self, ask: Ask, method: str, arguments: dict[str, Any], error: str
    ) -> None:
        assert (await ask(method, **arguments))["error"] == error

    @pytest.mark.parametrize(
        ("name", "claim"),
        [
            ("guest", "is_restricted"),
            ("stranger", "is_stranger"),
            ("gone", "deleted"),
            ("alerts", "is_bot"),
        ],
    )
    async def test_people_are_told_apart(
        self, ask: Ask, workspace: Workspace, name: str, claim: str
    ) -> None:
        person = await ask("users.info", user=workspace.directory.person(name).id)
        ann = await ask("users.info", user=workspace.directory.person("ann").id)

        assert person["user"][claim] is True
        assert not ann["user"].get(claim)

    async def test_channels_say_whether_the_bot_is_in_them(self, ask: Ask) -> None:
        found = await ask("conversations.list")

        members = {channel["name"]: channel["is_member"] for channel in found["channels"]}
        assert members == {"incidents": True, "random": False}


class TestReactions:
    async def test_each_can_be_given_once_and_taken_once(
        self, ask: Ask, workspace: Workspace, asked: str
    ) -> None:
        marked = {"channel": "incidents", "timestamp": asked, "name": "eyes"}
        added = [await ask("reactions.add", **marked) for _ in range(2)]
        shown = await ask("reactions.get", channel="incidents", timestamp=asked)
        removed = [await ask("reactions.remove", **marked) for _ in range(2)]

        assert [answer.get("error") for answer in added] == [None, "already_reacted"]
        assert shown["message"]["reactions"][0]["users"] == [workspace.bot.id]
        assert [answer.get("error") for answer in removed] == [None, "no_reaction"]
