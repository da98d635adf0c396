"""The ledger sees what was answered, what twice, what out of order and what still hangs."""

import pytest

from bot.playground import Workspace
from bot.playground.clock import HandClock
from bot.playground.objects import Message, Session
from tests.doubles import ledger


@pytest.fixture
def workspace() -> Workspace:
    return Workspace(clock=HandClock())


def _answer(workspace: Workspace, root: str, asked: str, part: int = 1) -> Message:
    turn = ledger.turn_of(workspace, "incidents", asked)
    home, bot = workspace.directory.channel("incidents").id, workspace.bot
    message = Message(workspace.stamps.next(), home, bot.id, "so it is", thread_ts=root)
    message.bot_id, message.app_id = bot.bot_id, bot.app_id
    payload = {"turn": turn, "part": part}
    message.metadata = {"event_type": ledger.EVENT_TYPE, "event_payload": payload}
    return workspace.post(message)


def test_answers_are_found_by_turn_and_the_rest_is_unanswered(workspace: Workspace) -> None:
    root = workspace.say("ann", "incidents", "@kaia one")
    later = workspace.say("ann", "incidents", "two", root)
    parts = [_answer(workspace, root, root), _answer(workspace, root, root, part=2)]

    turn = ledger.turn_of(workspace, "incidents", root)
    assert ledger.answers_by_turn(workspace, "incidents", root) == {turn: parts}
    assert ledger.unanswered(workspace, "incidents", [root, later]) == [later]
    assert ledger.doubled(workspace) == []


def test_a_part_that_stands_twice_is_doubled(workspace: Workspace) -> None:
    root = workspace.say("ann", "incidents", "@kaia one")
    for _ in range(2):
        _answer(workspace, root, root)

    (doubled,) = ledger.doubled(workspace)
    assert doubled.endswith("part 1, piece 0: 2 times")


def test_the_same_metadata_of_another_app_counts_for_nothing(workspace: Workspace) -> None:
    root = workspace.say("ann", "incidents", "@kaia one")
    metadata = _answer(workspace, root, root).metadata
    workspace.say_as_app("parrot", "incidents", "so it is", root, metadata=metadata)

    assert ledger.doubled(workspace) == []


def test_an_answer_before_that_of_an_earlier_message_is_out_of_order(workspace: Workspace) -> None:
    root = workspace.say("ann", "incidents", "@kaia one")
    second = workspace.say("ann", "incidents", "two", root)
    _answer(workspace, root, second)
    assert ledger.out_of_order(workspace) == []
    _answer(workspace, root, root)

    assert ledger.out_of_order(workspace) == [f"{root} in {root} was answered after {second}"]


def test_signs_hang_until_they_are_taken_away(workspace: Workspace) -> None:
    root = workspace.say("ann", "incidents", "@kaia one")
    home = workspace.directory.channel("incidents").id
    workspace.set_status(home, root, "is thinking", [])
    workspace.sessions[home, root] = Session("processing")
    workspace.react_as("kaia", "incidents", root, "eyes")
    hanging = ledger.hanging(workspace)

    workspace.set_status(home, root, "", [])
    workspace.sessions[home, root].status = "active"
    workspace.unreact(workspace.message("incidents", root), workspace.bot.id, "eyes")

    assert len(hanging) == 3
    assert ledger.hanging(workspace) == []
