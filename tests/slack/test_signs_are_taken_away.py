"""No sign of work outlives its turn, whatever Slack does, and whichever process showed it."""

import asyncio
import dataclasses

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from bot.dialogue import Answer, Audience, Input, Notice, Step
from bot.playground.faults import FaultKind
from bot.playground.objects import Message, Session
from bot.playground.workspace import Workspace
from bot.slack import SlackFront
from bot.slack.sending.outbound import Method
from bot.slack.sending.progress import STOP
from bot.slack.sending.signs import Rhythm
from tests.doubles.ledger import hanging
from tests.slack.conftest import BRISK, Connect, Receiver

QUICK_STOP = dataclasses.replace(
    BRISK,
    rhythm=Rhythm(heartbeat_seconds=0.3, step_seconds=0.1, stop_seconds=0.2, ending_seconds=0.02),
)
ANSWER = Answer("all is well", "prod")


@pytest.fixture
async def front(connect: Connect) -> SlackFront:
    return await connect(manner=QUICK_STOP)


@pytest.fixture
async def said(front: SlackFront, slack: Workspace, receiver: Receiver) -> Input:
    assert front.is_ready
    slack.say("ann", "incidents", "@kaia what is wrong?")
    # Its thread has been read by then.
    await slack.wait_for(lambda now: receiver.inputs and not now.deliveries.unacked)
    return receiver.only


@pytest.fixture
def audience(front: SlackFront, said: Input) -> Audience:
    return front.audience_for(said)


async def _shown(slack: Workspace, said: Input) -> None:
    await slack.wait_for(lambda now: now.status(said.thread.channel, said.thread.ts))
    await slack.wait_for(lambda now: _session(now, said) == "processing")


def _session(slack: Workspace, said: Input) -> str:
    return slack.sessions[said.thread.channel, said.thread.ts].status


def _buttons(slack: Workspace, said: Input) -> list[Message]:
    return [one for one in slack.thread("incidents", said.thread.ts) if STOP in str(one.blocks)]


@pytest.mark.parametrize("kind", ["server_error", "hang", "drop", "unavailable", "ratelimited"])
async def test_what_cannot_be_taken_away_now_is_taken_away_later_and_holds_up_nobody(
    audience: Audience, slack: Workspace, said: Input, kind: FaultKind
) -> None:
    await audience.begin()
    await _shown(slack, said)
    details = {"retry_after": 2} if kind == "ratelimited" else {}
    for method in (Method.SET_STATUS, Method.SET_SESSION):
        slack.faults.add(method, kind, times=1 if kind == "hang" else 2, **details)
    started = asyncio.get_running_loop().time()

    await audience.end()

    assert asyncio.get_running_loop().time() - started < 1.5
    await slack.wait_for(lambda now: not hanging(now), timeout=20)


async def test_eyes_that_may_have_been_put_there_are_taken_away(
    audience: Audience, slack: Workspace, said: Input
) -> None:
    slack.faults.add(Method.SET_STATUS, "error", times=99, code="unknown_method")
    slack.faults.add(Method.ADD_REACTION, "drop_after_commit")
    slack.faults.add(Method.REMOVE_REACTION, "server_error", times=2)
    await audience.begin()
    await slack.wait_for(lambda now: "eyes" in now.message("incidents", said.ts).reactions)

    await audience.end()

    await slack.wait_for(lambda now: not hanging(now))


async def test_a_late_removal_leaves_the_next_turn_of_the_thread_alone(
    front: SlackFront, audience: Audience, slack: Workspace, said: Input
) -> None:
    await audience.begin()
    await _shown(slack, said)
    for method in (Method.SET_STATUS, Method.SET_SESSION):
        slack.faults.add(method, "server_error")  # and the second time it would work
    await audience.end()
    await slack.wait_for(lambda now: len(now.faults.met) == 2)

    following = front.audience_for(dataclasses.replace(said, id=f"{said.id}-next"))
    await following.begin()
    await _shown(slack, said)
    await asyncio.sleep(1)

    assert hanging(slack) == [
        f"status of {said.thread.ts}: is looking …",
        f"session of {said.thread.ts} is processing",
    ]
    await following.end()
    await slack.wait_for(lambda now: not hanging(now))


async def test_a_removal_that_slack_is_slow_with_does_not_wipe_out_what_comes_next(
    front: SlackFront, audience: Audience, slack: Workspace, said: Input
) -> None:
    await audience.begin()
    await _shown(slack, said)
    for method in (Method.SET_STATUS, Method.SET_SESSION):
        slack.faults.add(method, "slow", seconds=0.7)
    await audience.end()
    await slack.wait_for(lambda now: len(now.faults.met) == 2)

    following = front.audience_for(dataclasses.replace(said, id=f"{said.id}-next"))
    await following.begin()
    await asyncio.sleep(1.5)

    assert len(hanging(slack)) == 2
    await following.end()
    await slack.wait_for(lambda now: not hanging(now))


async def test_where_slack_is_well_nothing_is_left_when_a_turn_has_ended(
    connect: Connect, slack: Workspace, said: Input
) -> None:
    """Whoever is killed after that has nobody who takes it away."""
    audience = (await connect(manner=BRISK)).audience_for(said)
    await audience.begin()
    await _shown(slack, said)

    await audience.end()

    assert not hanging(slack)


@pytest.mark.parametrize("kind", ["hang", "ratelimited"])
@pytest.mark.parametrize("method", [Method.SET_STATUS, Method.SET_SESSION])
async def test_ending_waits_only_its_time_and_a_close_takes_away_what_is_left(
    front: SlackFront, slack: Workspace, said: Input, method: Method, kind: FaultKind
) -> None:
    audience = front.audience_for(said)
    await audience.begin()
    await _shown(slack, said)
    slack.faults.add(method, kind, seconds=0.2, retry_after=0.1)
    started = asyncio.get_running_loop().time()

    await audience.end()

    assert asyncio.get_running_loop().time() - started < 0.05
    assert hanging(slack)
    await front.close()
    assert not hanging(slack)


async def test_a_session_that_slack_lets_hang_is_soon_asked_for_no_more(
    front: SlackFront, slack: Workspace, said: Input
) -> None:
    slack.faults.add(Method.SET_SESSION, "hang", times=99)
    with capture_logs() as logs:
        first = front.audience_for(said)
        await first.begin()
        await first.end()
        await slack.wait_for(lambda _: _rests(logs), timeout=20)
        slack.faults.clear()
        slack.calls.clear()
        for number in range(3):
            later = front.audience_for(dataclasses.replace(said, id=f"{said.id}-{number}"))
            await later.begin()
            await slack.wait_for(lambda now: now.status(said.thread.channel, said.thread.ts))
            await later.end()

    assert [log["method"] for log in _rests(logs)] == [Method.SET_SESSION]
    sessions = [call for call in slack.calls if call.method == Method.SET_SESSION]
    assert {str(call.arguments.get("status")) for call in sessions} <= {"active"}
    await slack.wait_for(lambda now: not hanging(now))


def _rests(logs: list[EventDict]) -> list[EventDict]:
    return [log for log in logs if log["event"] == "slack.capability_rests"]


async def test_a_later_attempt_takes_away_what_a_dead_process_left(
    audience: Audience, slack: Workspace, said: Input
) -> None:
    await audience.deliver(ANSWER, turn=said.id, repeated=False)
    slack.set_status(said.thread.channel, said.thread.ts, "kubectl get pods", [])
    slack.sessions[said.thread.channel, said.thread.ts] = Session("processing")
    slack.message("incidents", said.ts).reactions["eyes"] = [slack.bot.id]
    assert len(hanging(slack)) == 3

    await audience.deliver(ANSWER, turn=said.id, repeated=True)
    await audience.end()

    await slack.wait_for(lambda now: not hanging(now))


async def test_a_first_attempt_that_showed_nothing_takes_nothing_away(
    audience: Audience, slack: Workspace, said: Input
) -> None:
    await audience.deliver(Notice("help"), turn=said.id, repeated=False)
    await audience.end()

    methods = {call.method for call in slack.calls}
    assert not methods & {Method.SET_STATUS.value, Method.SET_SESSION.value}


# The Stop button


async def test_where_slack_has_a_stop_of_its_own_there_is_no_second_one(
    audience: Audience, slack: Workspace, said: Input
) -> None:
    await audience.begin()
    await _shown(slack, said)
    await asyncio.sleep(0.5)

    assert not _buttons(slack, said)
    await audience.end()


async def test_a_long_turn_gets_a_stop_button_where_slack_has_none_and_it_is_never_left(
    audience: Audience, slack: Workspace, said: Input
) -> None:
    slack.faults.add(Method.SET_SESSION, "error", times=99, code="unknown_method")
    await audience.begin()
    (message,) = await slack.wait_for(lambda now: _buttons(now, said))
    (button,) = message.blocks[-1]["elements"]
    assert button["action_id"] == "kaia_stop"
    assert "stop" in message.text
    await slack.wait_for(lambda now: now.status(said.thread.channel, said.thread.ts))

    await audience.end()

    await slack.wait_for(lambda now: not _buttons(now, said) and not hanging(now))


async def test_a_short_turn_gets_no_stop_button(
    connect: Connect, slack: Workspace, said: Input
) -> None:
    slack.faults.add(Method.SET_SESSION, "error", times=99, code="unknown_method")
    front = await connect()  # with the usual ten seconds
    audience = front.audience_for(said)
    await audience.begin()
    await slack.wait_for(lambda now: now.status(said.thread.channel, said.thread.ts))
    await audience.end()

    assert Method.POST_MESSAGE.value not in {call.method for call in slack.calls}


@pytest.mark.parametrize("kind", ["drop_after_commit", "server_error"])
async def test_a_stop_button_that_may_have_been_posted_is_looked_for(
    audience: Audience, slack: Workspace, said: Input, kind: FaultKind
) -> None:
    slack.faults.add(Method.SET_SESSION, "error", times=99, code="unknown_method")
    slack.faults.add(Method.POST_MESSAGE, kind)
    slack.faults.add(Method.DELETE, "server_error", times=1)
    await audience.begin()
    await slack.wait_for(lambda now: (Method.POST_MESSAGE.value, kind) in now.faults.met)

    await audience.end()

    await slack.wait_for(lambda now: not _buttons(now, said))
    assert Method.REPLIES.value in {call.method for call in slack.calls}


async def test_a_later_attempt_finds_and_removes_a_dead_process_stop_button(
    front: SlackFront, audience: Audience, slack: Workspace, said: Input
) -> None:
    slack.faults.add(Method.SET_SESSION, "error", times=99, code="unknown_method")
    await audience.begin()
    await slack.wait_for(lambda now: _buttons(now, said))
    await _dies(said)

    again = front.audience_for(said)
    await again.deliver(ANSWER, turn=said.id, repeated=True)
    await again.end()

    await slack.wait_for(lambda now: not _buttons(now, said))


async def _dies(said: Input) -> None:
    """The task that shows the signs ends as with its process: without taking anything away."""
    for task in asyncio.all_tasks():
        if task.get_name() == f"slack status of {said.thread.id}":
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


# The message that says what is done

NEITHER = dataclasses.replace(
    BRISK,
    rhythm=Rhythm(heartbeat_seconds=0.3, step_seconds=0.1, progress_seconds=0.2, stop_seconds=9),
)


async def _without_signs(slack: Workspace, connect: Connect, said: Input) -> Audience:
    for method in (Method.SET_SESSION, Method.SET_STATUS):
        slack.faults.add(method, "error", times=99, code="unknown_method")
    return (await connect(manner=NEITHER)).audience_for(said)


async def test_where_slack_shows_no_work_one_message_says_it_with_the_step_and_disappears(
    connect: Connect, slack: Workspace, said: Input
) -> None:
    audience = await _without_signs(slack, connect, said)
    await audience.begin()
    (message,) = await slack.wait_for(lambda now: _buttons(now, said))
    await audience.step(Step("reading events in shop"))
    await slack.wait_for(lambda _: "reading events in shop, 1 s." in message.text)
    await audience.step(Step("reading <!channel>"))
    await slack.wait_for(lambda _: "reading &lt;!channel&gt;" in message.text)
    assert len(_buttons(slack, said)) == 1
    assert message.text in str(message.blocks)

    await audience.deliver(ANSWER, turn=said.id, repeated=False)
    await audience.end()

    await slack.wait_for(lambda now: not _buttons(now, said) and not hanging(now))


async def test_a_turn_that_is_over_at_once_gets_no_message(
    connect: Connect, slack: Workspace, said: Input
) -> None:
    audience = await _without_signs(slack, connect, said)
    await audience.begin()
    await audience.end()
    await asyncio.sleep(0.4)

    assert Method.POST_MESSAGE.value not in {call.method for call in slack.calls}


async def test_quick_steps_are_few_edits(connect: Connect, slack: Workspace, said: Input) -> None:
    audience = await _without_signs(slack, connect, said)
    await audience.begin()
    (message,) = await slack.wait_for(lambda now: _buttons(now, said))
    for number in range(200):
        await audience.step(Step(f"step {number}"))
        await asyncio.sleep(0)
    await slack.wait_for(lambda _: "step 199" in message.text)
    await audience.end()

    assert len([call for call in slack.calls if call.method == Method.UPDATE]) <= 6


async def test_where_nothing_may_be_deleted_the_message_says_that_it_is_done(
    connect: Connect, slack: Workspace, said: Input
) -> None:
    slack.faults.add(Method.DELETE, "error", times=99, code="cant_delete_message")
    slack.faults.add(Method.UPDATE, "server_error", after=1)
    audience = await _without_signs(slack, connect, said)
    await audience.begin()
    (message,) = await slack.wait_for(lambda now: _buttons(now, said))

    await audience.end()

    await slack.wait_for(lambda now: not _buttons(now, said))
    assert message.text == "Done, see below."


@pytest.mark.parametrize("kind", ["drop_after_commit", "server_error", "ratelimited"])
async def test_a_message_of_work_is_not_left_though_slack_has_a_stop_by_then(
    connect: Connect, slack: Workspace, said: Input, kind: FaultKind
) -> None:
    details = {"retry_after": 1} if kind == "ratelimited" else {}
    for method in (Method.SET_SESSION, Method.SET_STATUS):
        slack.faults.add(method, "server_error")
    slack.faults.add(Method.DELETE, kind, **details)
    audience = (await connect(manner=NEITHER)).audience_for(said)
    await audience.begin()
    await slack.wait_for(lambda now: len(now.faults.met) == 2)
    await audience.deliver(ANSWER, turn=said.id, repeated=False)

    await audience.end()

    await slack.wait_for(lambda now: not _buttons(now, said) and not hanging(now))


async def test_a_slow_status_is_preceded_by_eyes_within_a_second(
    audience: Audience, slack: Workspace, said: Input
) -> None:
    for method in (Method.SET_SESSION, Method.SET_STATUS):
        slack.faults.add(method, "hang")
    await audience.begin()

    await slack.wait_for(lambda now: now.message("incidents", said.ts).reactions, timeout=1)

    await audience.end()
    await slack.wait_for(lambda now: not hanging(now), timeout=20)


# Notes


async def test_a_note_for_one_person_is_seen_by_nobody_else(
    audience: Audience, slack: Workspace, said: Input
) -> None:
    before = len(slack.thread("incidents", said.thread.ts))
    ben = slack.directory.person("ben").id

    await audience.note("Five lines <!here>", only_for=ben)

    told = await slack.wait_for(lambda now: now.whispers("ben"))
    assert [one.text for one in told] == ["Five lines &lt;!here&gt;"]
    assert len(slack.thread("incidents", said.thread.ts)) == before


async def test_a_note_is_one_plain_line_in_the_thread(
    audience: Audience, slack: Workspace, said: Input
) -> None:
    await audience.note("Your question waits for 2 others. <!channel>")

    (note,) = [one for one in slack.thread("incidents", said.thread.ts) if one.bot_id]
    assert note.text == "Your question waits for 2 others. &lt;!channel&gt;"


@pytest.mark.parametrize("kind", ["server_error", "hang", "drop_after_commit", "ratelimited"])
async def test_a_note_fails_silently_and_is_not_said_twice(
    audience: Audience, slack: Workspace, kind: FaultKind
) -> None:
    details = {"retry_after": 60} if kind == "ratelimited" else {}
    slack.faults.add(Method.POST_MESSAGE, kind, **details)

    await asyncio.wait_for(audience.note("Kaia is restarting."), 7)

    assert len([c for c in slack.calls if c.method == Method.POST_MESSAGE]) <= 1
