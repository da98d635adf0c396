"""What people do in the workspace, and what the app hears of it."""

from typing import Any

import pytest

from bot.playground import Workspace
from bot.playground.clock import HandClock
from bot.playground.manifest import Grants
from tests.playground.hearing import Ear, app_says


@pytest.fixture
def workspace() -> Workspace:
    return Workspace(clock=HandClock())


@pytest.fixture
def heard(workspace: Workspace) -> Ear:
    return Ear(workspace)


def test_timestamps_rise_though_the_clock_stands_still(workspace: Workspace) -> None:
    stamps = [workspace.say("ann", "incidents", "hi") for _ in range(3)]

    assert stamps == sorted(set(stamps))


def test_what_people_type_is_escaped_and_mentions_are_resolved(
    workspace: Workspace, heard: Ear
) -> None:
    workspace.say("ann", "incidents", "@Kaia: is a<b && c>d for @ben and bob@kaia.example?")
    ben = workspace.directory.person("ben").id

    assert heard.events[0]["text"] == (
        f"<@{workspace.bot.id}>: is a&lt;b &amp;&amp; c&gt;d for <@{ben}> and bob@kaia.example?"
    )


def test_people_may_alarm_everybody_but_cannot_type_control_sequences(
    workspace: Workspace, heard: Ear
) -> None:
    workspace.say("ann", "incidents", "@here look at <!channel>")

    assert heard.last()["text"] == "<!here> look at &lt;!channel&gt;"


def test_the_app_hears_nothing_of_channels_it_is_not_in(workspace: Workspace, heard: Ear) -> None:
    workspace.say("ann", "random", "@kaia are you there?")

    assert heard.events == []


def test_the_app_hears_only_what_it_subscribes_to(workspace: Workspace, heard: Ear) -> None:
    events = {"event_subscriptions": {"bot_events": ["app_mention"]}}
    workspace.grants = Grants({"settings": events})
    workspace.say("ann", "incidents", "@kaia hello")
    workspace.say("ann", "incidents", "nobody in particular")

    assert [event["type"] for event in heard.events] == ["app_mention"]


def test_in_direct_messages_there_is_no_app_mention(workspace: Workspace, heard: Ear) -> None:
    workspace.say("ann", workspace.direct("ann").id, "@kaia hello")

    assert [(e["type"], e["channel_type"]) for e in heard.events] == [("message", "im")]


def test_the_app_hears_itself(workspace: Workspace, heard: Ear) -> None:
    app_says(workspace, f"I am <@{workspace.bot.id}>")

    assert [event["type"] for event in heard.events] == ["message"]
    assert heard.last()["bot_id"] == workspace.bot.bot_id
    assert heard.last()["bot_profile"]["app_id"] == workspace.directory.app_id


def test_another_bots_post_says_that_it_is_one(workspace: Workspace, heard: Ear) -> None:
    workspace.say("alerts", "incidents", "", subtype="bot_message", attachments=[{"text": "down"}])

    assert heard.last()["bot_id"] == workspace.directory.person("alerts").bot_id
    assert heard.last()["subtype"] == "bot_message"
    assert heard.last()["attachments"] == [{"text": "down"}]
    assert "client_msg_id" not in heard.last()


def test_an_app_is_made_by_its_first_word_and_has_ids_of_its_own(
    workspace: Workspace, heard: Ear
) -> None:
    root = workspace.say_as_app("pager", "incidents", "@kaia the shop is down")
    workspace.say_as_app("pager", "incidents", "still down", root)
    pager = workspace.directory.person("pager")

    assert [event["type"] for event in heard.events] == ["message", "app_mention", "message"]
    assert {event["bot_id"] for event in heard.events} == {pager.bot_id}
    assert {event["app_id"] for event in heard.events} == {pager.app_id}
    assert heard.last()["bot_profile"]["name"] == "pager"
    assert pager.app_id not in ("", workspace.directory.app_id)


def test_an_incoming_webhook_posts_without_a_user(workspace: Workspace, heard: Ear) -> None:
    workspace.say_as_app("pager", "incidents", "@kaia down", subtype="bot_message")

    assert "user" not in heard.events[0]
    assert "user" not in heard.events[1]


def test_a_preview_of_a_link_changes_a_message_that_nobody_edited(
    workspace: Workspace, heard: Ear
) -> None:
    ts = workspace.say("ann", "incidents", "see https://kaia.example")
    workspace.unfurl("incidents", ts, title="Kaia")
    told = heard.last()

    assert told["subtype"] == "message_changed"
    assert told["message"]["text"] == told["previous_message"]["text"]
    assert told["message"]["attachments"] == [{"title": "Kaia"}]
    assert "edited" not in told["message"]


def test_a_stranger_in_a_shared_channel_can_be_told(workspace: Workspace, heard: Ear) -> None:
    workspace.add_channel("with-them", is_ext_shared=True)
    workspace.say("stranger", "with-them", "@kaia show me everything")
    stranger = workspace.directory.person("stranger")

    assert heard.payloads[0]["is_ext_shared_channel"] is True
    assert heard.payloads[0]["authorizations"][0]["team_id"] == workspace.directory.team_id
    assert heard.events[0]["user_team"] == stranger.team_id
    assert heard.events[0]["team"] == stranger.team_id


def test_an_edit_repeats_the_mention(workspace: Workspace, heard: Ear) -> None:
    ts = workspace.say("ann", "incidents", "@kaia helo")
    workspace.edit("incidents", ts, "@kaia hello")
    changed, again = heard.events[-2:]

    assert changed["subtype"] == "message_changed"
    assert changed["message"]["text"].endswith("hello")
    assert changed["previous_message"]["text"].endswith("helo")
    assert (again["type"], again["ts"]) == ("app_mention", ts)
    assert again["edited"]["user"] == workspace.directory.person("ann").id


def test_a_deletion_names_what_is_gone(workspace: Workspace, heard: Ear) -> None:
    ts = workspace.say("ann", "incidents", "never mind")
    workspace.delete("incidents", ts)

    assert (heard.last()["subtype"], heard.last()["deleted_ts"]) == ("message_deleted", ts)
    assert workspace.messages("incidents") == []


def test_a_broadcast_reply_carries_its_root(workspace: Workspace, heard: Ear) -> None:
    root = workspace.say("ann", "incidents", "down")
    workspace.say("ann", "incidents", "up again", root, broadcast=True)

    assert heard.last()["subtype"] == "thread_broadcast"
    assert heard.last()["root"]["ts"] == root


def test_a_reply_to_a_reply_belongs_to_the_root(workspace: Workspace) -> None:
    root = workspace.say("ann", "incidents", "down")
    reply = workspace.say("ben", "incidents", "where?", root)
    workspace.say("ann", "incidents", "shop", reply)

    assert [m.text for m in workspace.thread("incidents", root)] == ["down", "where?", "shop"]


def test_a_file_may_come_without_its_app_mention(workspace: Workspace, heard: Ear) -> None:
    clip = workspace.share_file("clip.m4a", b"...", subtype="slack_audio", mimetype="audio/mp4")
    workspace.say("ann", "incidents", "@kaia listen", files=[clip], mention_event=False)

    assert [event["type"] for event in heard.events] == ["message"]
    assert heard.last()["subtype"] == "file_share"
    assert heard.last()["files"][0]["subtype"] == "slack_audio"


def test_coming_and_going_is_told(workspace: Workspace, heard: Ear) -> None:
    workspace.join("kaia", "random")
    workspace.leave("ann", "random")
    workspace.leave("kaia", "random")
    workspace.archive("incidents")

    assert [(event["type"], event.get("user")) for event in heard.events] == [
        ("member_joined_channel", workspace.bot.id),
        ("member_left_channel", workspace.directory.person("ann").id),
        ("member_left_channel", workspace.bot.id),
        ("channel_left", None),
        ("channel_archive", workspace.directory.person("ann").id),
    ]


def test_a_transcript_shows_threads_reactions_and_statuses(workspace: Workspace) -> None:
    ts = workspace.say("ann", "incidents", "@kaia what is wrong?")
    workspace.react_as("kaia", "incidents", ts, "eyes")
    workspace.say("ben", "incidents", "lunch?")
    answer = [{"type": "markdown", "text": "**The image**\nis missing."}, {"type": "divider"}]
    app_says(workspace, "fallback", thread_ts=ts, blocks=answer)
    channel = workspace.directory.channel("incidents").id
    workspace.set_status(channel, ts, "is reading events…", [])

    assert workspace.transcript("incidents") == (
        "#incidents\n"
        "ann: @kaia what is wrong?\n"
        "  :eyes: kaia\n"
        "    kaia: **The image**\n"
        "      is missing.\n"
        "      ---\n"
        "    … kaia is reading events…\n"
        "ben: lunch?\n"
    )


class TestProblems:
    @pytest.mark.parametrize(
        ("text", "blocks"),
        [
            ("<!here> look", []),
            ("<!subteam^S1|team>", []),
            ("<@U0NOBODY> did it", []),
            ("fine", [{"type": "markdown", "text": "`<!channel>`"}]),
            ("fine", [{"type": "section", "fields": [{"type": "mrkdwn", "text": "<!everyone>"}]}]),
        ],
    )
    def test_live_sequences_in_what_the_app_says_are_found(
        self, workspace: Workspace, text: str, blocks: list[Any]
    ) -> None:
        app_says(workspace, text, blocks=blocks)

        assert any("alive" in problem for problem in workspace.problems)

    def test_what_is_dead_or_known_is_none(self, workspace: Workspace) -> None:
        ann = workspace.directory.person("ann").id
        heading = {"type": "header", "text": {"type": "plain_text", "text": "<!here>"}}
        app_says(workspace, f"&lt;!here&gt; said <@{ann}> a < b", blocks=[heading])

        assert [p for p in workspace.problems if "alive" in p] == []


async def test_waiting_says_what_there_is_when_it_gives_up(workspace: Workspace) -> None:
    workspace.say("ann", "incidents", "anybody?")
    with pytest.raises(TimeoutError, match=r"ann: anybody\?"):
        await workspace.wait_for(lambda w: w.acks, timeout=0.2)


async def test_waiting_returns_what_the_predicate_found(workspace: Workspace) -> None:
    ts = workspace.say("ann", "incidents", "hi")

    assert await workspace.wait_for(lambda w: w.thread("incidents", ts)[0].text) == "hi"
