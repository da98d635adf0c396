"""Whatever becomes of one optional call: the answers come once, and no sign of work is left."""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from bot.dialogue import Answer, Attachment, Audience, Decided, Home, Input, Notice, Step
from bot.playground.faults import FaultKind
from bot.playground.workspace import Workspace
from bot.slack import SlackFront
from bot.slack.sending.outbound import Method
from bot.slack.sending.signs import Rhythm
from tests.doubles.ledger import answers_by_turn, doubled, hanging
from tests.slack.conftest import BRISK, PROPOSAL, Connect, Receiver

_ALWAYS = 10_000
_CHANNELS = ("incidents", "payments")
"""One question in each."""
_MOST_TRIES = 20
"""Of one call that fails for ever, while two questions are answered."""

# At once a sign of every kind, where Slack itself shows neither a status nor a Stop button.
_EVERY_SIGN = Rhythm(
    heartbeat_seconds=0.1,
    step_seconds=0.05,
    first_seconds=0,
    progress_seconds=0,
    stop_seconds=0,
)


@dataclass(frozen=True)
class Trouble:
    kind: FaultKind
    details: dict[str, Any] = field(default_factory=dict)
    is_final: bool = False
    """Slack says that it will never be done."""


_TROUBLES = {
    "unknown_method": Trouble("error", {"code": "unknown_method"}, is_final=True),
    "missing_scope": Trouble("error", {"code": "missing_scope", "needed": "x"}, is_final=True),
    "limited": Trouble("ratelimited", {"retry_after": 60}),
    "broken": Trouble("server_error"),
    "hanging": Trouble("hang"),
    "dropped": Trouble("drop"),
    "a page": Trouble("garbled"),
}

_SIGNS_BESIDE_STATUSES = [
    Method.ADD_REACTION,
    Method.REMOVE_REACTION,
    Method.UPDATE,
    Method.DELETE,
]
_OPTIONAL = [
    Method.SET_STATUS,
    Method.SET_SESSION,
    Method.SET_PROMPTS,
    Method.VIEWS_PUBLISH,
    Method.POST_EPHEMERAL,
    Method.FILE_INFO,
    Method.GET_UPLOAD_ADDRESS,
    Method.COMPLETE_UPLOAD,
    Method.REPLIES,
    *_SIGNS_BESIDE_STATUSES,
]
# Beside the one that shows that it is never done: what is no decoration asks for itself, once.
_ASKED_EVERY_TIME = {Method.REPLIES: 2 * len(_CHANNELS), Method.UPDATE: len(_CHANNELS)}


async def _home(person: str) -> Home:
    return Home((("How I am", f"Connected, {person}."),))


async def _begun(front: SlackFront, slack: Workspace, said: Input) -> Audience:
    audience = front.audience_for(said)
    await audience.begin()
    await audience.step(Step("kubectl get pods -n shop"))
    await audience.note("In short: `web` is down.", only_for=slack.directory.person("ben").id)
    await audience.earlier("")
    await audience.contents(said.files[0])
    return audience


async def _delivered(slack: Workspace, audience: Audience, said: Input, method: Method) -> None:
    """A long output as a file; or an answer with a proposal, and what was decided on it."""
    if method is not Method.UPDATE:
        output = Notice("`web` is out of memory.", Attachment("command-3.txt", "line\n" * 500))
        await audience.deliver(output, turn=said.id, repeated=False)
        return
    answer = Answer("`web` is out of memory.", "prod", proposals=(PROPOSAL,))
    await audience.deliver(answer, turn=said.id, repeated=False)
    proposal = answers_by_turn(slack, said.thread.channel)[said.id][1]
    decided = Decided("Restarted.", PROPOSAL, proposal.ts, "Approved by ben")
    await audience.deliver(decided, turn=f"{said.id}:decided", repeated=False)


async def _question(slack: Workspace, receiver: Receiver, channel: str) -> Input:
    root = slack.say("ben", channel, "web is down")
    file = slack.share_file("web.log", b"out of memory")
    ts = slack.say("ann", channel, "@kaia why?", root, files=[file])
    found = await slack.wait_for(
        lambda _: [one for one in receiver.inputs.values() if one.ts == ts]
    )
    return found[0]


def _working(slack: Workspace) -> list[str]:
    """Messages that say that work goes on."""
    said = [one.text for channel in _CHANNELS for one in slack.messages(channel)]
    return [text for text in said if "Still at work" in text]


def _tries(slack: Workspace, method: Method) -> int:
    return Counter(name for name, _ in slack.faults.met)[method]


def _switched_off(logs: list[EventDict], method: Method) -> int:
    uploads = {Method.GET_UPLOAD_ADDRESS, Method.COMPLETE_UPLOAD}
    events = Counter(log["event"] for log in logs if log.get("method", method) == method)
    return events["slack.files_off" if method in uploads else "slack.capability_off"]


async def _story(
    front: SlackFront, slack: Workspace, receiver: Receiver, method: Method
) -> list[Input]:
    """Two questions one after the other, and both tabs opened before each."""
    asked = []
    for channel in _CHANNELS:
        slack.open_home("ann", "home")
        slack.open_home("ann", "messages")
        said = await _question(slack, receiver, channel)
        audience = await _begun(front, slack, said)
        if method in _SIGNS_BESIDE_STATUSES:
            await slack.wait_for(lambda now: _working(now))
        await _delivered(slack, audience, said, method)
        await audience.end()
        asked.append(said)
    return asked


def _assert_answered(slack: Workspace, asked: list[Input]) -> None:
    for said in asked:
        found = answers_by_turn(slack, said.thread.channel)
        assert [len(found[said.id]), *(len(found[turn]) for turn in found if turn != said.id)] in (
            [1],
            [2, 1],
        )
        assert found[said.id][0].text.startswith("`web` is out of memory.")
    assert doubled(slack) == []


@pytest.mark.parametrize("trouble", _TROUBLES)
@pytest.mark.parametrize("method", _OPTIONAL)
async def test_without_one_optional_call_everything_else_is_as_ever(
    connect: Connect, slack: Workspace, receiver: Receiver, method: Method, trouble: str
) -> None:
    slack.add_channel("payments", members=["ann", "ben", slack.bot.id])
    front = await connect(home=_home, manner=replace(BRISK, rhythm=_EVERY_SIGN))
    if method in _SIGNS_BESIDE_STATUSES:
        slack.faults.add(Method.SET_STATUS, "error", _ALWAYS, code="unknown_method")
        slack.faults.add(Method.SET_SESSION, "error", _ALWAYS, code="unknown_method")
    wrong = _TROUBLES[trouble]
    slack.faults.add(method, wrong.kind, _ALWAYS, **wrong.details)

    with capture_logs() as logs:
        asked = await _story(front, slack, receiver, method)
        _assert_answered(slack, asked)
        await slack.wait_for(lambda now: not _working(now) and not _signs_left(now, method))

    if wrong.is_final:
        most = 1 + _ASKED_EVERY_TIME.get(method, 0)
        assert 1 <= _tries(slack, method) <= most
        assert _switched_off(logs, method) == 1
    else:
        assert 1 <= _tries(slack, method) <= _MOST_TRIES
        assert _switched_off(logs, method) == 0


def _signs_left(slack: Workspace, broken: Method) -> list[str]:
    """Eyes that Slack does not let anybody take away cannot go."""
    return [
        sign
        for sign in hanging(slack)
        if broken is not Method.REMOVE_REACTION or not sign.startswith("reaction")
    ]
