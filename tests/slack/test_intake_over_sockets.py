"""What people say in the workspace reaches the engine once, and every envelope is acked."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.dialogue import Input, Notice, Revision, SharedFile
from bot.playground.workspace import Workspace
from bot.slack import House, SlackFront
from tests.slack.conftest import BRISK, Connect, Receiver


async def _first(slack: Workspace, receiver: Receiver) -> Input:
    return (await slack.wait_for(lambda _: list(receiver.inputs.values())))[0]


async def _all_acked(slack: Workspace) -> None:
    await slack.wait_for(lambda now: not now.deliveries.unacked)


@pytest.mark.usefixtures("front")
async def test_a_mention_is_one_input_though_it_arrives_as_two_events(
    slack: Workspace, receiver: Receiver
) -> None:
    ts = slack.say("ann", "incidents", "hi @kaia: what is wrong in `shop`?")

    said = await _first(slack, receiver)
    await _all_acked(slack)

    channel = slack.directory.channel("incidents").id
    assert said.id == f"message:{slack.directory.team_id}:{channel}:{ts}"
    assert said.text == "hi: what is wrong in `shop`?"
    assert (said.speaker, said.speaker_name) == (slack.directory.person("ann").id, "ann")
    assert said.addressed
    assert said.thread.ts == said.ts == ts
    assert len(slack.deliveries.all) == 2
    assert len(receiver.inputs) == 1


@pytest.mark.usefixtures("front")
async def test_a_reply_without_a_mention_is_handed_over_and_says_so(
    slack: Workspace, receiver: Receiver
) -> None:
    root = slack.say("ann", "incidents", "the shop is down")
    await _all_acked(slack)
    reply = slack.say("ben", "incidents", "since noon, ask @ann", root)

    said = await _first(slack, receiver)

    assert not said.addressed
    assert (said.thread.ts, said.ts) == (root, reply)
    assert said.text == "since noon, ask @ann"


@pytest.mark.usefixtures("front")
async def test_channel_talk_without_a_mention_never_reaches_the_engine(
    slack: Workspace, receiver: Receiver
) -> None:
    slack.say("ann", "incidents", "lunch?")

    await _all_acked(slack)

    assert receiver.calls == 0


@pytest.mark.usefixtures("front")
async def test_a_direct_message_needs_no_mention_and_is_a_thread_of_its_own(
    slack: Workspace, receiver: Receiver
) -> None:
    ts = slack.say("ann", slack.direct("ann").id, "help")

    said = await _first(slack, receiver)

    assert said.addressed
    assert said.thread.ts == ts


@pytest.mark.usefixtures("front")
async def test_a_group_of_direct_messages_needs_a_mention(
    slack: Workspace, receiver: Receiver
) -> None:
    group = slack.add_channel("mpdm", kind="mpim", members=["ann", "ben", "kaia"])
    slack.say("ann", group.id, "hello ben")
    await _all_acked(slack)
    assert receiver.calls == 0

    slack.say("ann", group.id, "@kaia hello")

    assert (await _first(slack, receiver)).addressed


@pytest.mark.usefixtures("front")
async def test_a_file_without_words_is_a_question_about_the_file(
    slack: Workspace, receiver: Receiver
) -> None:
    file = slack.share_file("dump.txt", b"x")
    slack.say("ann", slack.direct("ann").id, "", files=[file])

    said = await _first(slack, receiver)
    assert said.text == ""
    assert said.files == (SharedFile(file, "dump.txt", "text", bytes=1),)


@pytest.mark.usefixtures("front")
async def test_a_mention_with_a_file_counts_though_slack_sends_no_app_mention(
    slack: Workspace, receiver: Receiver
) -> None:
    file = slack.share_file("dump.txt", b"x")
    slack.say("ann", "incidents", "@kaia look", files=[file], mention_event=False)

    said = await _first(slack, receiver)

    assert said.addressed
    assert said.text == "look"
    assert [shared.name for shared in said.files] == ["dump.txt"]


@pytest.mark.usefixtures("front")
async def test_a_file_alone_in_a_thread_is_handed_over_unread(
    slack: Workspace, receiver: Receiver
) -> None:
    root = slack.say("ann", "incidents", "the shop is down")
    clip = slack.share_file("a.m4a", b"x", mimetype="audio/mp4", subtype="slack_audio")
    slack.say("ann", "incidents", "", root, files=[clip])

    said = await _first(slack, receiver)

    assert not said.addressed
    assert (said.thread.ts, said.text) == (root, "")
    assert said.files == (SharedFile(clip, "a.m4a", "voice", bytes=1),)
    assert not [call for call in slack.calls if call.method == "files.info"]


@pytest.mark.usefixtures("front")
async def test_the_others_whom_a_message_names_are_told_apart_from_kaia(
    slack: Workspace, receiver: Receiver
) -> None:
    slack.say("ann", "incidents", "@kaia ask @ben and @ben and @ann")

    said = await _first(slack, receiver)

    assert said.mentions == (slack.directory.person("ben").id, slack.directory.person("ann").id)


@pytest.mark.usefixtures("front")
async def test_a_forwarded_message_and_a_code_block_come_whole(
    slack: Workspace, receiver: Receiver
) -> None:
    forwarded = {
        "is_share": True,
        "from_url": "https://acme.slack.com/archives/C1/p1",
        "text": "KubePodCrashLooping &lt;pay&gt;",
        "fallback": "x",
    }
    slack.say("ann", "incidents", "@kaia why?\n```\na: {b}\n  c\n```", attachments=[forwarded])

    said = await _first(slack, receiver)

    assert said.text == "why?\n```\na: {b}\n  c\n```\nKubePodCrashLooping <pay>"


@pytest.mark.usefixtures("front")
async def test_a_forwarded_message_of_blocks_alone_is_read(
    slack: Workspace, receiver: Receiver
) -> None:
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "disk of db is full"}}
    forwarded = {"is_share": True, "message_blocks": [{"message": {"blocks": [block]}}]}
    slack.say("ann", "incidents", "@kaia why?", attachments=[forwarded])

    assert (await _first(slack, receiver)).text == "why?\ndisk of db is full"


@pytest.mark.usefixtures("front")
async def test_in_a_group_of_direct_messages_replies_need_no_mention(
    slack: Workspace, receiver: Receiver
) -> None:
    group = slack.add_channel("mpdm", kind="mpim", members=["ann", "ben", "kaia"])
    root = slack.say("ann", group.id, "@kaia hello")
    reply = slack.say("ben", group.id, "and now?", root)

    await slack.wait_for(lambda _: len(receiver.inputs) == 2)

    said = next(one for one in receiver.inputs.values() if one.ts == reply)
    assert (said.thread.ts, said.addressed) == (root, False)


@pytest.mark.usefixtures("front")
async def test_talk_in_a_thread_that_is_edited_or_deleted_is_told_to_the_engine(
    slack: Workspace, receiver: Receiver
) -> None:
    root = slack.say("ann", "incidents", "@kaia why?")
    reply = slack.say("ben", "incidents", "it is db-1", root)
    await slack.wait_for(lambda _: len(receiver.inputs) == 2)

    slack.edit("incidents", reply, "it is db-2")
    await slack.wait_for(lambda _: receiver.revisions)
    slack.delete("incidents", reply)
    await slack.wait_for(lambda _: len(receiver.revisions) == 2)

    channel = slack.directory.channel("incidents").id
    key = f"message:{slack.directory.team_id}:{channel}:{reply}"
    assert receiver.revisions == [Revision(key, "it is db-2"), Revision(key, None)]


@pytest.mark.usefixtures("front")
async def test_a_reply_sent_to_the_channel_too_is_taken(
    slack: Workspace, receiver: Receiver
) -> None:
    root = slack.say("ann", "incidents", "down")
    slack.say("ann", "incidents", "@kaia why?", root, broadcast=True)

    assert (await _first(slack, receiver)).thread.ts == root


@pytest.mark.usefixtures("front")
async def test_reactions_joins_and_what_nobody_knows_are_acked_and_ignored(
    slack: Workspace, receiver: Receiver
) -> None:
    ts = slack.say("ann", "incidents", "@kaia why?")
    await _first(slack, receiver)
    slack.react_as("ben", "incidents", ts, "eyes")
    slack.deliver({"type": "team_join", "user": {"id": "U1"}})
    slack.deliver({"type": "something_new"})

    await _all_acked(slack)

    assert len(receiver.inputs) == 1


@pytest.mark.usefixtures("front")
async def test_an_event_delivered_twice_is_one_input(slack: Workspace, receiver: Receiver) -> None:
    slack.deliveries.duplicate(2)
    slack.say("ann", "incidents", "@kaia why?")

    await slack.wait_for(lambda _: receiver.calls == 4)

    assert len(receiver.inputs) == 1


@pytest.mark.usefixtures("front")
async def test_what_the_store_could_not_keep_is_not_acked_and_comes_again(
    slack: Workspace, receiver: Receiver
) -> None:
    receiver.failures = 2
    slack.say("ann", "incidents", "@kaia why?")
    asked = {delivery.key for delivery in slack.deliveries.all}
    await slack.wait_for(lambda _: receiver.failures == 0)
    assert not receiver.inputs
    assert not [ack for ack in slack.acks if ack.key in asked]

    await _first(slack, receiver)
    await _all_acked(slack)

    assert [ack.attempt for ack in slack.acks if ack.key in asked] == [1, 1]
    assert len(receiver.inputs) == 1


@pytest.mark.usefixtures("front")
async def test_slack_is_acked_only_after_the_input_is_kept(
    slack: Workspace, receiver: Receiver
) -> None:
    receiver.slowness = 0.3
    slack.say("ann", "incidents", "@kaia why?")
    await _all_acked(slack)

    assert all(ack.seconds >= 0.3 for ack in slack.acks)


@pytest.mark.usefixtures("front")
async def test_a_look_up_that_fails_for_now_lets_slack_deliver_again(
    slack: Workspace, receiver: Receiver
) -> None:
    slack.faults.add("users.info", "server_error")
    slack.say("ann", "incidents", "@kaia why?")

    await _first(slack, receiver)
    await _all_acked(slack)


@pytest.mark.usefixtures("front")
async def test_a_burst_looks_each_person_up_once(slack: Workspace, receiver: Receiver) -> None:
    for _ in range(50):
        slack.say("ann", "incidents", "@kaia why?")

    await slack.wait_for(lambda _: len(receiver.inputs) == 50)
    await _all_acked(slack)

    assert [call.method for call in slack.calls].count("users.info") == 1


@pytest.mark.usefixtures("front")
async def test_the_stop_button_is_the_word_stop(slack: Workspace, receiver: Receiver) -> None:
    root = slack.say("ann", "incidents", "@kaia why?")
    await _first(slack, receiver)

    slack.stop("ann", "incidents", root)
    await slack.wait_for(lambda _: len(receiver.inputs) == 2)

    said = list(receiver.inputs.values())[1]
    assert said.id.startswith("stop:")
    assert (said.text, said.thread.ts) == ("stop", root)
    assert not said.addressed


async def test_kaias_own_stop_button_is_the_word_stop_too(
    connect: Connect, slack: Workspace, receiver: Receiver
) -> None:
    manner = replace(BRISK, rhythm=replace(BRISK.rhythm, stop_seconds=0))
    front = await connect(manner=manner)
    slack.faults.add("agents.sessions.setStatus", "error", times=99, code="unknown_method")
    root = slack.say("ann", "incidents", "@kaia why?")
    audience = front.audience_for(await _first(slack, receiver))
    await audience.begin()
    await slack.wait_for(lambda now: len(now.thread("incidents", root)) == 2)

    slack.click("ben", "incidents", slack.thread("incidents", root)[1].ts, "kaia_stop")
    await slack.wait_for(lambda _: len(receiver.inputs) == 2)
    await audience.end()
    await _all_acked(slack)

    said = list(receiver.inputs.values())[1]
    assert said.id.startswith("stop:")
    assert (said.text, said.thread.ts, said.speaker_name) == ("stop", root, "ben")


async def test_a_stop_button_of_kaias_obeys_nobody_who_may_not_ask(
    connect: Connect, slack: Workspace, receiver: Receiver
) -> None:
    manner = replace(BRISK, rhythm=replace(BRISK.rhythm, stop_seconds=0))
    front = await connect(manner=manner)
    slack.faults.add("agents.sessions.setStatus", "error", times=99, code="unknown_method")
    root = slack.say("ann", "incidents", "@kaia why?")
    slack.directory.channel("incidents").members.append(slack.directory.person("guest").id)
    audience = front.audience_for(await _first(slack, receiver))
    await audience.begin()
    await slack.wait_for(lambda now: len(now.thread("incidents", root)) == 2)

    slack.click("guest", "incidents", slack.thread("incidents", root)[1].ts, "kaia_stop")
    await slack.wait_for(lambda now: now.ephemerals)
    await audience.end()

    assert len(receiver.inputs) == 1


@pytest.mark.usefixtures("front")
async def test_buttons_shortcuts_and_dialogs_nobody_knows_are_acked(slack: Workspace) -> None:
    user = {"id": slack.directory.person("ann").id, "team_id": slack.directory.team_id}
    for payload in (
        {"type": "block_actions", "user": user, "actions": [{"action_id": "old", "block_id": "b"}]},
        {"type": "message_action", "user": user, "callback_id": "investigate"},
        {"type": "view_submission", "user": user, "view": {"type": "modal", "callback_id": "x"}},
        {"type": "view_closed", "user": user, "view": {"type": "modal", "callback_id": "x"}},
        {"type": "block_suggestion", "user": user, "action_id": "x", "value": ""},
        {"type": "something_new", "user": user},
    ):
        slack.deliveries.send("interactive", payload, str(payload["type"]))
    slack.deliveries.send("slash_commands", {"command": "/kaia", "text": "", "user_id": "U1"}, "c")

    await _all_acked(slack)


@pytest.mark.parametrize(
    ("user", "why"),
    [("stranger", "members of this workspace"), ("guest", "guests")],
)
async def test_strangers_and_guests_are_told_once_that_they_may_not_ask(
    connect: Connect, slack: Workspace, receiver: Receiver, user: str, why: str
) -> None:
    await connect()
    slack.directory.channel("incidents").members.append(slack.directory.person(user).id)
    root = slack.say(user, "incidents", "@kaia show me everything")
    slack.say(user, "incidents", "@kaia please", root)

    await slack.wait_for(lambda now: now.ephemerals)
    await _all_acked(slack)

    assert receiver.calls == 0
    (told,) = slack.ephemerals
    assert why in told.text
    assert told.user == slack.directory.person(user).id


@pytest.mark.usefixtures("front")
async def test_a_stranger_who_only_talks_in_some_thread_is_left_in_peace(
    slack: Workspace, receiver: Receiver
) -> None:
    root = slack.say("ann", "incidents", "down")
    slack.say("guest", "incidents", "really?", root)
    await _all_acked(slack)
    mention = slack.say(
        "guest", "incidents", "in another: @kaia?", slack.say("ann", "incidents", "x")
    )

    await slack.wait_for(lambda now: now.ephemerals)
    await _all_acked(slack)

    assert receiver.calls == 0
    told_in = [told.thread_ts for told in slack.ephemerals]
    assert told_in == [slack.message("incidents", mention).thread_ts]


async def test_a_guest_replying_in_a_thread_kaia_answers_in_is_told(
    front: SlackFront, slack: Workspace, receiver: Receiver
) -> None:
    root = slack.say("ann", "incidents", "@kaia why?")
    front.audience_for(await _first(slack, receiver))
    slack.say("guest", "incidents", "and billing?", root)

    await slack.wait_for(lambda now: now.ephemerals)

    assert slack.ephemerals[0].thread_ts == root
    assert len(receiver.inputs) == 1


@pytest.mark.parametrize("user", ["alerts", "gone"])
@pytest.mark.usefixtures("front")
async def test_bots_and_people_who_left_are_ignored_without_a_word(
    slack: Workspace, receiver: Receiver, user: str
) -> None:
    slack.directory.channel("incidents").members.append(slack.directory.person(user).id)
    slack.say(user, "incidents", "@kaia why?")

    await _all_acked(slack)

    assert receiver.calls == 0
    assert not slack.ephemerals


@pytest.mark.usefixtures("front")
async def test_nobody_is_answered_in_a_channel_shared_with_others(
    slack: Workspace, receiver: Receiver
) -> None:
    slack.add_channel("partners", members=["ann", "kaia"], is_ext_shared=True)
    slack.say("ann", "partners", "@kaia why?")

    await slack.wait_for(lambda now: now.ephemerals)
    await _all_acked(slack)

    assert receiver.calls == 0
    assert "shared with other workspaces" in slack.ephemerals[0].text


@pytest.mark.usefixtures("front")
async def test_who_cannot_be_looked_up_is_refused(slack: Workspace, receiver: Receiver) -> None:
    slack.faults.add("users.info", "error", times=9, code="missing_scope", needed="users:read")
    slack.say("ann", "incidents", "@kaia why?")

    await slack.wait_for(lambda now: now.ephemerals)

    assert "could not find out who you are" in slack.ephemerals[0].text
    assert receiver.calls == 0


@pytest.mark.usefixtures("front")
async def test_a_server_without_a_directory_of_people_is_no_obstacle(
    slack: Workspace, receiver: Receiver
) -> None:
    slack.faults.add("users.info", "error", times=9, code="unknown_method")
    slack.say("ann", "incidents", "@kaia why?")

    said = await _first(slack, receiver)

    assert said.speaker_name == said.speaker


Names = Callable[[Workspace], set[str]]


@pytest.mark.parametrize(
    ("permitted", "is_answered"),
    [
        (lambda slack: {slack.directory.channel("incidents").id}, True),
        (lambda _: {"incidents"}, True),
        (lambda _: {"#incidents"}, True),
        (lambda _: {"random", "im"}, False),
    ],
)
async def test_only_permitted_channels_are_answered(
    connect: Connect, slack: Workspace, receiver: Receiver, permitted: Names, is_answered: bool
) -> None:
    await connect(house=House(channels=frozenset(permitted(slack))))
    slack.say("ann", "incidents", "@kaia why?")

    await slack.wait_for(lambda now: receiver.inputs or now.ephemerals)

    assert bool(receiver.inputs) is is_answered
    assert all("KAIA_ALLOWED_CHANNELS" in told.text for told in slack.ephemerals)


@pytest.mark.parametrize(("permitted", "is_answered"), [("im", True), ("incidents", False)])
async def test_direct_messages_need_permission_where_channels_do(
    connect: Connect, slack: Workspace, receiver: Receiver, permitted: str, is_answered: bool
) -> None:
    await connect(house=House(channels=frozenset({permitted})))
    slack.say("ann", slack.direct("ann").id, "why?")

    await slack.wait_for(lambda now: receiver.inputs or now.ephemerals)

    assert bool(receiver.inputs) is is_answered


async def test_only_permitted_people_are_answered(
    connect: Connect, slack: Workspace, receiver: Receiver
) -> None:
    await connect(house=House(users=frozenset({slack.directory.person("ben").id})))
    slack.say("ann", "incidents", "@kaia why?")
    slack.say("ben", "incidents", "@kaia why?")

    said = await _first(slack, receiver)
    await slack.wait_for(lambda now: now.ephemerals)

    assert said.speaker_name == "ben"
    assert "KAIA_ALLOWED_USERS" in slack.ephemerals[0].text


async def test_kaia_does_not_hear_herself(
    front: SlackFront, slack: Workspace, receiver: Receiver
) -> None:
    slack.say("ann", "incidents", "@kaia why?")
    said = await _first(slack, receiver)
    audience = front.audience_for(said)
    await audience.deliver(Notice("I am @kaia"), turn="t1", repeated=False)
    await slack.wait_for(lambda now: len(now.deliveries.all) == 3)

    await _all_acked(slack)

    assert receiver.calls == 2
