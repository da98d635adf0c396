"""A thread sees signs of work, then the answer exactly once, whatever Slack does meanwhile."""

import asyncio
from typing import Any

import pytest

from bot.dialogue import Answer, Audience, Closed, Failure, Input, Notice, Receipt, Step
from bot.errors import DeliveryError, ThreadGone
from bot.playground.faults import FaultKind
from bot.playground.objects import Message
from bot.playground.workspace import Workspace
from bot.slack import SlackFront
from bot.slack.sending.posting import Patience
from tests.slack.conftest import BuildFront, Receiver

ANSWER = Answer(
    "`pay` is out of memory.",
    "prod",
    (Receipt(1, "kubectl", "kubectl get pods -n shop", "read", 0, "", "3 lines", 0, 0.1),),
    "builtin",
)


@pytest.fixture
async def said(front: SlackFront, slack: Workspace, receiver: Receiver) -> Input:
    assert front.is_ready
    slack.say("ann", "incidents", "@kaia what is wrong?")
    # Its thread has been read by then.
    await slack.wait_for(lambda now: receiver.inputs and not now.deliveries.unacked)
    slack.calls.clear()
    return receiver.only


@pytest.fixture
def audience(front: SlackFront, said: Input) -> Audience:
    return front.audience_for(said)


def _answers(slack: Workspace, said: Input) -> list[Message]:
    return [m for m in slack.thread("incidents", said.thread.ts) if m.user == slack.bot.id]


def _markdown(message: Message) -> str:
    return "\n".join(block["text"] for block in message.blocks if block["type"] == "markdown")


def _status(slack: Workspace, said: Input) -> str:
    return slack.status(said.thread.channel, said.thread.ts)


def _called(slack: Workspace, method: str) -> list[dict[str, Any]]:
    return [call.arguments for call in slack.calls if call.method == method]


async def test_the_answer_is_posted_in_the_thread_with_its_turn_and_nothing_unfurled(
    audience: Audience, slack: Workspace, said: Input
) -> None:
    ts = await audience.deliver(ANSWER, turn="t1", repeated=False)

    (posted,) = _answers(slack, said)
    assert posted.ts == ts
    assert posted.thread_ts == said.thread.ts
    assert posted.metadata == {
        "event_type": "kaia_turn",
        "event_payload": {"turn": "t1", "part": 1},
    }
    assert (posted.unfurl_links, posted.unfurl_media) == (False, False)
    assert "Cluster `prod`" in _markdown(posted)
    assert posted.text.startswith("`pay` is out of memory.")


async def test_a_status_shows_at_once_follows_the_steps_and_is_taken_away(
    audience: Audience, slack: Workspace, said: Input
) -> None:
    await audience.begin()
    await slack.wait_for(lambda now: _status(now, said) == "is looking …", timeout=1)
    await audience.step(Step("kubectl get pods -n shop"))
    await slack.wait_for(lambda now: _status(now, said).startswith("kubectl get pods -n shop"))
    assert slack.sessions[said.thread.channel, said.thread.ts].status == "processing"

    await audience.end()

    await slack.wait_for(lambda now: not _status(now, said))
    session = said.thread.channel, said.thread.ts
    await slack.wait_for(lambda now: now.sessions[session].status == "active")


async def test_a_status_is_renewed_with_the_seconds_its_step_has_taken(
    audience: Audience, slack: Workspace, said: Input
) -> None:
    await audience.begin()
    await audience.step(Step("kubectl logs pay -n shop"))

    await slack.wait_for(lambda now: _status(now, said) == "kubectl logs pay -n shop, 1 s")

    await audience.end()


async def test_quick_steps_are_gathered_into_few_statuses(
    audience: Audience, slack: Workspace, said: Input
) -> None:
    await audience.begin()
    for number in range(200):
        await audience.step(Step(f"step {number}"))
        await asyncio.sleep(0)

    await slack.wait_for(lambda now: _status(now, said) == "step 199")
    await audience.end()

    assert len(_called(slack, "assistant.threads.setStatus")) <= 5


async def test_ending_without_having_begun_is_nothing(audience: Audience, slack: Workspace) -> None:
    await audience.end()

    assert not _called(slack, "assistant.threads.setStatus")


async def test_where_there_are_no_statuses_the_question_is_marked_with_eyes(
    audience: Audience, slack: Workspace, said: Input
) -> None:
    slack.faults.add("assistant.threads.setStatus", "error", times=99, code="unknown_method")
    await audience.begin()
    question = slack.message("incidents", said.ts)
    await slack.wait_for(lambda _: "eyes" in question.reactions)
    await audience.step(Step("kubectl get pods"))

    await audience.end()

    await slack.wait_for(lambda _: "eyes" not in question.reactions)
    assert len(_called(slack, "assistant.threads.setStatus")) == 1


@pytest.mark.parametrize(
    "code", ["missing_scope", "not_allowed_token_type", "access_denied", "unknown_method"]
)
async def test_without_any_decoration_the_answer_still_comes(
    audience: Audience, front: SlackFront, slack: Workspace, said: Input, code: str
) -> None:
    decorations = (
        "assistant.threads.setStatus",
        "agents.sessions.setStatus",
        "reactions.add",
        "reactions.remove",
    )
    for method in decorations:
        slack.faults.add(method, "error", times=99, code=code)
    for turn in ("t1", "t2"):
        audience = front.audience_for(said)
        await audience.begin()
        await slack.wait_for(lambda _: len(slack.faults.met) >= 3)
        await audience.deliver(Closed("Glad to help."), turn=turn, repeated=False)
        await audience.end()

    assert len(_answers(slack, said)) == 2
    assert all(len(_called(slack, method)) <= 1 for method in decorations)


async def test_decorations_that_hang_do_not_hold_up_the_answer(
    audience: Audience, slack: Workspace, said: Input
) -> None:
    for method in ("assistant.threads.setStatus", "agents.sessions.setStatus"):
        slack.faults.add(method, "hang", times=99)
    started = asyncio.get_running_loop().time()
    await audience.begin()
    await audience.deliver(ANSWER, turn="t1", repeated=False)
    assert asyncio.get_running_loop().time() - started < 1

    await audience.end()

    assert asyncio.get_running_loop().time() - started < 4
    assert len(_answers(slack, said)) == 1


async def test_thanks_are_marked_and_the_session_is_closed(
    audience: Audience, slack: Workspace, said: Input
) -> None:
    await audience.begin()
    await audience.deliver(Closed("Glad to help."), turn="t1", repeated=False)
    await audience.end()

    question, session = slack.message("incidents", said.ts), (said.thread.channel, said.thread.ts)
    await slack.wait_for(lambda _: question.reactions == {"white_check_mark": [slack.bot.id]})
    await slack.wait_for(lambda now: now.sessions[session].status == "closed")
    assert [m.text for m in _answers(slack, said)] == ["Glad to help."]


@pytest.mark.parametrize(
    ("kind", "times"),
    [
        ("ratelimited", 3),
        ("server_error", 2),
        ("unavailable", 2),
        ("hang", 1),
        ("drop", 2),
        ("drop_after_commit", 1),
    ],
)
async def test_trouble_with_slack_ends_with_exactly_one_message(
    audience: Audience, slack: Workspace, said: Input, kind: FaultKind, times: int
) -> None:
    details = {"retry_after": 0} if kind == "ratelimited" else {}
    slack.faults.add("chat.postMessage", kind, times=times, **details)

    ts = await audience.deliver(ANSWER, turn="t1", repeated=False)

    assert [posted.ts for posted in _answers(slack, said)] == [ts]


@pytest.mark.parametrize("code", ["fatal_error", "internal_error"])
async def test_an_error_that_may_have_been_a_success_is_looked_up_first(
    audience: Audience, slack: Workspace, said: Input, code: str
) -> None:
    slack.faults.add("chat.postMessage", "error", code=code)

    await audience.deliver(ANSWER, turn="t1", repeated=False)

    assert len(_called(slack, "conversations.replies")) == Patience().looks
    assert len(_answers(slack, said)) == 1


async def test_a_look_up_that_fails_is_tried_again_before_anything_is_posted_twice(
    audience: Audience, slack: Workspace, said: Input
) -> None:
    slack.faults.add("chat.postMessage", "drop_after_commit")
    slack.faults.add("conversations.replies", "server_error")

    await audience.deliver(ANSWER, turn="t1", repeated=False)

    assert len(_answers(slack, said)) == 1


async def test_slack_that_never_takes_it_ends_in_an_error_that_may_be_tried_again(
    audience: Audience, slack: Workspace, said: Input
) -> None:
    slack.faults.add("chat.postMessage", "server_error", times=99)

    with pytest.raises(DeliveryError, match="did not take the answer") as raised:
        await audience.deliver(ANSWER, turn="t1", repeated=False)

    assert not isinstance(raised.value, ThreadGone)
    slack.faults.clear()
    await audience.deliver(ANSWER, turn="t1", repeated=True)
    assert len(_answers(slack, said)) == 1


async def test_a_wait_that_is_too_long_is_left_to_the_engine(
    audience: Audience, slack: Workspace
) -> None:
    slack.faults.add("chat.postMessage", "ratelimited", retry_after=300)

    with pytest.raises(DeliveryError, match="asks to wait 300 s"):
        await audience.deliver(ANSWER, turn="t1", repeated=False)


async def test_what_an_earlier_process_posted_is_found_and_not_repeated(
    audience: Audience, front: SlackFront, slack: Workspace, said: Input
) -> None:
    first = await audience.deliver(ANSWER, turn="t1", repeated=False)
    slack.say("ben", "incidents", "thanks a lot", said.thread.ts)

    again = await front.audience_for(said).deliver(ANSWER, turn="t1", repeated=True)
    other = await front.audience_for(said).deliver(ANSWER, turn="t2", repeated=True)

    assert again == first
    assert [posted.ts for posted in _answers(slack, said)] == [first, other]


async def test_it_is_found_in_a_thread_of_several_pages(
    audience: Audience, slack: Workspace, said: Input
) -> None:
    for number in range(450):
        slack.say("ben", "incidents", f"noise {number}", said.thread.ts)
    # The noise is taken first: a look-up is given a second, and is not to share it with that.
    await slack.wait_for(lambda now: not now.deliveries.unacked, timeout=30)
    first = await audience.deliver(ANSWER, turn="t1", repeated=False)

    assert await audience.deliver(ANSWER, turn="t1", repeated=True) == first
    assert len(_called(slack, "conversations.replies")) == 3


async def test_a_foreign_message_with_our_metadata_is_not_taken_for_our_answer(
    audience: Audience, slack: Workspace, said: Input
) -> None:
    metadata = {"event_type": "kaia_turn", "event_payload": {"turn": "t1", "part": 1}}
    slack.directory.channel("incidents").members.append(slack.directory.person("alerts").id)
    slack.say("alerts", "incidents", "spoofed", said.thread.ts, metadata=metadata)

    await audience.deliver(ANSWER, turn="t1", repeated=True)

    assert len(_answers(slack, said)) == 1


async def test_where_nothing_can_be_looked_up_the_answer_is_posted_all_the_same(
    audience: Audience, slack: Workspace, said: Input
) -> None:
    slack.faults.add("conversations.replies", "error", times=9, code="missing_scope")

    await audience.deliver(ANSWER, turn="t1", repeated=True)

    assert len(_answers(slack, said)) == 1


LONG = Answer("\n\n".join(f"paragraph {n} " + "word " * 100 for n in range(60)), "prod")


async def test_a_long_answer_comes_in_numbered_parts_in_order(
    audience: Audience, slack: Workspace, said: Input
) -> None:
    slack.faults.add("files.getUploadURLExternal", "error", times=9, code="missing_scope")

    first = await audience.deliver(LONG, turn="t1", repeated=False)

    posted = _answers(slack, said)
    assert posted[0].ts == first
    assert len(posted) >= 3
    for number, message in enumerate(posted, start=1):
        assert f"_Part {number} of {len(posted)}_" in _markdown(message)


async def test_a_very_long_answer_begins_in_the_thread_and_is_whole_in_a_file_there(
    audience: Audience, slack: Workspace, said: Input
) -> None:
    await audience.deliver(LONG, turn="t1", repeated=False)

    shared, begun = _answers(slack, said)
    stored = slack.files[shared.files[0]]
    assert stored.name == f"answer-{said.ts.replace('.', '-')}.md"
    assert b"paragraph 59" in (stored.content or b"")
    assert "paragraph 0" in _markdown(begun)
    assert "all of it is in the file above" in _markdown(begun)
    assert "paragraph 59" not in _markdown(begun)


async def test_a_very_long_answer_that_is_repeated_is_shared_and_posted_once(
    audience: Audience, front: SlackFront, slack: Workspace, said: Input
) -> None:
    first = await audience.deliver(LONG, turn="t1", repeated=False)

    again = await front.audience_for(said).deliver(LONG, turn="t1", repeated=True)

    assert again == first
    assert len(_answers(slack, said)) == 2


async def test_only_the_missing_parts_of_a_long_answer_are_posted_again(
    audience: Audience, front: SlackFront, slack: Workspace, said: Input
) -> None:
    slack.faults.add("files.getUploadURLExternal", "error", times=9, code="missing_scope")
    slack.faults.add("chat.postMessage", "error", after=1, code="access_denied")
    with pytest.raises(DeliveryError, match="access_denied"):
        await audience.deliver(LONG, turn="t1", repeated=False)
    assert len(_answers(slack, said)) == 1

    first = await front.audience_for(said).deliver(LONG, turn="t1", repeated=True)

    posted = _answers(slack, said)
    assert posted[0].ts == first
    numbers = [m.metadata["event_payload"]["part"] for m in posted if m.metadata]
    assert numbers == list(range(1, len(posted) + 1))


@pytest.mark.parametrize("code", ["invalid_blocks", "msg_blocks_too_long"])
async def test_an_answer_whose_blocks_are_refused_arrives_as_plain_text(
    audience: Audience, slack: Workspace, said: Input, code: str
) -> None:
    slack.faults.add("chat.postMessage", "error", code=code)

    await audience.deliver(
        Notice("a <!channel> & b\n" + "word " * 1_000), turn="t1", repeated=False
    )

    posted = _answers(slack, said)
    assert len(posted) == 2
    assert not any(message.blocks for message in posted)
    assert posted[0].text.startswith("a &lt;!channel&gt; &amp; b")

    slack.faults.add("chat.postMessage", "error", times=9, code=code)
    await audience.deliver(Notice("a"), turn="t1", repeated=True)
    assert len(_answers(slack, said)) == 2


@pytest.mark.parametrize("code", ["is_archived", "channel_not_found", "not_in_channel"])
async def test_a_thread_that_is_gone_is_told_apart_from_one_to_try_again(
    audience: Audience, slack: Workspace, code: str
) -> None:
    slack.faults.add("chat.postMessage", "error", code=code)

    with pytest.raises(ThreadGone, match=code):
        await audience.deliver(ANSWER, turn="t1", repeated=False)


async def test_an_archived_channel_and_a_removed_bot_are_such_threads(
    audience: Audience, slack: Workspace
) -> None:
    slack.archive("incidents")
    with pytest.raises(ThreadGone):
        await audience.deliver(ANSWER, turn="t1", repeated=True)


async def test_nothing_a_model_wrote_is_alive_in_the_workspace(
    audience: Audience, slack: Workspace, said: Input
) -> None:
    evil = f"<!channel> <@{said.speaker}> <https://evil.example|docs> ![x](https://evil.example)"
    await audience.begin()
    await audience.step(Step(evil))
    await audience.deliver(Failure(evil, evil), turn="t1", repeated=False)
    await audience.deliver(Answer(evil, evil, (), evil, evil), turn="t2", repeated=False)
    await audience.end()
    await slack.wait_for(lambda now: not now.deliveries.unacked)

    assert slack.problems == []
    for posted in _answers(slack, said):
        assert "<" not in posted.text + _markdown(posted)
    assert all("<" not in str(sent) for sent in _called(slack, "assistant.threads.setStatus"))


async def test_before_slack_is_reached_answers_wait(build_front: BuildFront, said: Input) -> None:
    audience = build_front().audience_for(said)

    await audience.begin()
    await audience.step(Step("x"))
    with pytest.raises(DeliveryError, match="waits until"):
        await audience.deliver(ANSWER, turn="t1", repeated=False)
    await audience.end()
