"""Whichever kinds of blocks a Slack does not take, messages arrive once, with all their words."""

from collections import Counter

import pytest
from structlog.testing import capture_logs

from bot.dialogue import Answer, Closed, Figure, Notice, Outcome, Receipt, Thread
from bot.playground.objects import Message
from bot.playground.workspace import Workspace
from bot.slack.sending.kinds import BlockKinds
from bot.slack.sending.line import Pace
from bot.slack.sending.outbound import Outbound
from bot.slack.sending.pacing import Lines
from bot.slack.sending.posting import Posting
from bot.slack.sending.traces import Place
from bot.slack.wording.blocks import posts
from tests.doubles.ledger import answers_by_turn, doubled
from tests.slack.conftest import PROPOSAL

_KINDS = ("container", "context_actions", "data_visualization", "actions", "markdown")
_ROUNDS = 3
_COMMANDS = tuple(f"kubectl get pods -n shop-{number}" for number in range(12))
_RECEIPTS = tuple(
    Receipt(number, "kubectl", command, "read", 0, "", "3 lines", 0, 0.1)
    for number, command in enumerate(_COMMANDS, start=1)
)
_POINTS = (("web", 3), ("pay", 1))
_OUTCOMES: dict[str, tuple[Outcome, tuple[str, ...]]] = {
    "answer": (
        Answer(
            "`web` is out of memory.",
            "prod",
            _RECEIPTS,
            verdict="**CONFIRMED**",
            lead=("Cause: its limit is 64 Mi.", "Next: raise it."),
        ),
        ("out of memory", "CONFIRMED", "its limit is 64 Mi.", "Next: raise it.", *_COMMANDS),
    ),
    "figures": (
        Notice("web 3 restarts, pay 1 restart", figures=(Figure("R", "n", (("n", _POINTS),)),)),
        ("web 3 restarts, pay 1 restart",),
    ),
    "proposal": (Answer("Restart `web`.", "prod", proposals=(PROPOSAL,)), (PROPOSAL.command,)),
    "closing": (Closed("Closed: it was memory.", offers_broadcast=True), ("it was memory",)),
}


def _readable(messages: list[Message]) -> str:
    """What somebody reads there: the blocks where there are some, else the text."""
    return "\n".join(str(one.blocks or one.text) for one in messages)


def _refusals(slack: Workspace) -> int:
    return len([call for call in slack.calls if call.error == "invalid_blocks"])


@pytest.fixture
def unhurried(outbound: Outbound) -> Outbound:
    """Without the pace that a real Slack asks for: nothing here is about it."""
    return Outbound(outbound.client, lines=Lines(Pace(seconds=0.001, burst=1_000)))


async def _posted(outbound: Outbound, slack: Workspace, kinds: BlockKinds, number: int) -> None:
    root = slack.say("ann", "incidents", "why?")
    thread = Thread("T1", slack.directory.channel("incidents").id, root)
    for name, (outcome, _) in _OUTCOMES.items():
        turn = f"{name}-{number}"
        posting = Posting(outbound, slack.bot.id, Place(thread, root, turn), kinds=kinds)
        await posting.post(posts(outcome, cluster="prod", turn=turn))


@pytest.mark.parametrize("refused", [*((kind,) for kind in _KINDS), _KINDS], ids="+".join)
async def test_whatever_blocks_are_refused_all_the_words_arrive_once(
    unhurried: Outbound, slack: Workspace, refused: tuple[str, ...]
) -> None:
    kinds = BlockKinds()
    slack.refuse_blocks(refused)

    with capture_logs() as logs:
        for number in range(_ROUNDS):
            before = _refusals(slack)
            await _posted(unhurried, slack, kinds, number)

    assert _refusals(slack) >= 1
    assert _refusals(slack) - before <= (1 if refused == ("actions",) else 0)
    found = answers_by_turn(slack, "incidents")
    assert len(found) == _ROUNDS * len(_OUTCOMES)
    for turn, messages in found.items():
        for words in _OUTCOMES[turn.partition("-")[0]][1]:
            assert words in _readable(messages), (turn, words)
        assert all(one.text for one in messages)
    assert doubled(slack) == []
    off = Counter(log["kind"] for log in logs if log["event"] == "slack.block_type_off")
    assert set(off.values()) == {1}
    assert set(off) <= {*refused, "markdown"}
