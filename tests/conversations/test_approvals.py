"""A press on Approve or Reject: who may, what runs, and what the thread is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.conversations import Store
from bot.conversations.records import Conversation, Learnt, Turn
from bot.conversations.storage.proposals import Kept
from bot.conversations.turns.approvals import Approvals, Approved
from bot.dialogue import Answer, Closed, Decided, Failure, Input, Notice
from bot.settings import Writes
from tests.conversations.conftest import Engine
from tests.doubles.changing import NOON, WRITES, Clock, CountingChanges, press, proposal
from tests.doubles.conversation_edges import ReceiptToolbox, Shown, said

THREAD = "T1:C1:1.0"
COMMAND = "kubectl scale deployment/web --namespace=shop --replicas=3"


@dataclass
class Desk:
    """An engine in whose thread a change is proposed."""

    engine: Engine
    changes: CountingChanges
    clock: Clock
    approvals: Approvals
    audited: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    async def hear(self, message: Input) -> Shown:
        """What is shown because of it."""
        before = len(self.engine.gallery.shown)
        assert await self.engine.inbox.receive(message)
        return (await self.engine.gallery.showed(before + 1))[before]

    async def kept(self) -> Kept:
        found = await self.engine.store.proposals.find("p-1")
        assert found is not None
        return found

    def outcomes(self, kind: str) -> list[dict[str, Any]]:
        return [fields for each, fields in self.audited if each == kind]


@asynccontextmanager
async def proposed(
    url: str, changes: CountingChanges | None = None, writes: Writes = WRITES, **more: Any
) -> AsyncIterator[Desk]:
    changes, clock = changes or CountingChanges(), Clock()
    store = await Store.open(url, exclusive=True, clock=clock)
    audited: list[tuple[str, dict[str, Any]]] = []
    approvals = Approvals(
        store, changes, writes, clock, lambda kind, **fields: audited.append((kind, fields))
    )
    turning = {"approvals": approvals, "clock": clock}
    toolbox = ReceiptToolbox(proposals=[proposal(**more)])
    try:
        async with Engine(store, toolbox=toolbox, turning=turning).at_work() as engine:
            desk = Desk(engine, changes, clock, approvals, audited)
            answer = (await desk.hear(said("Scale web up."))).outcome
            assert isinstance(answer, Answer)
            assert [each.id for each in answer.proposals] == ["p-1"]
            yield desk
    finally:
        await store.close()


@pytest.fixture
async def desk(url: str) -> AsyncIterator[Desk]:
    async with proposed(url) as desk:
        yield desk


# What an approval does


async def test_an_approved_change_is_tried_and_made_once_and_the_thread_is_told(
    each_url: str,
) -> None:
    async with proposed(each_url) as desk:
        shown = await desk.hear(press())
        kept = await desk.kept()

    assert isinstance(shown.outcome, Decided)
    assert shown.outcome.verdict == "Approved by Zoe (U900) at 12:00:00 UTC"
    assert shown.outcome.message_ts == "1.5"
    assert shown.outcome.proposal == proposal()
    assert [receipt.verdict for receipt in shown.outcome.receipts] == ["dry-run", "write"]
    assert [receipt.number for receipt in shown.outcome.receipts] == [2, 3]
    for part in (
        f"`{COMMAND}` was run (exit 0, 0.2 s, 0 B), approved by Zoe (U900) at 12:00:00 UTC.",
        "```\ndeployment.apps/web scaled\n```",
        "**Dry run before it:** `deployment.apps/web scaled (server dry run)`",
        "**Undo:** `kubectl scale deployment/web --namespace=shop --replicas=1`",
        "**Now:** `deployment/web`: 3 of 3 pods ready",
    ):
        assert part in shown.text
    assert (desk.changes.rehearsed, desk.changes.ran) == ([COMMAND], [COMMAND])
    assert (kept.fate, kept.by, kept.at) == ("done", "Zoe (U900)", NOON)


async def test_a_change_is_marked_before_its_command_starts(url: str) -> None:
    changes = CountingChanges(gate=asyncio.Event())
    async with proposed(url, changes) as desk:
        assert changes.gate is not None
        await desk.engine.inbox.receive(press())
        await changes.started.wait()
        during = await desk.kept()
        changes.gate.set()
        await desk.engine.gallery.showed(2)

    assert (during.fate, during.by) == ("running", "Zoe (U900)")


async def test_the_second_press_is_told_who_was_first_and_nothing_runs_again(desk: Desk) -> None:
    await asyncio.gather(
        desk.engine.inbox.receive(press()),
        desk.engine.inbox.receive(press(by="U800", groups=("S500",))),
    )
    first, second = (await desk.engine.gallery.showed(3))[1:]

    assert isinstance(first.outcome, Decided)
    assert isinstance(second.outcome, Notice)
    assert second.outcome.only_for == "U800"
    assert second.text == "This change was approved by Zoe (U900) at 12:00:00 UTC, and it was made."
    assert desk.changes.ran == [COMMAND]


async def test_of_two_marks_one_wins(each_url: str) -> None:
    async with proposed(each_url) as desk:
        desk.changes.gate = asyncio.Event()
        await desk.engine.inbox.receive(press())
        await desk.changes.started.wait()
        outlook = await desk.engine.store.line.outlook(THREAD)
        assert outlook.running is not None
        won = await asyncio.gather(
            *(desk.engine.store.proposals.begin(outlook.running, "p-1", "x") for _ in range(5))
        )
        await desk.engine.store.proposals.reopen(outlook.running, "p-1")
        again = await asyncio.gather(
            *(desk.engine.store.proposals.begin(outlook.running, "p-1", "x") for _ in range(5))
        )
        desk.changes.gate.set()
        await desk.engine.gallery.showed(2)

    assert won == [False] * 5
    assert sorted(again) == [False] * 4 + [True]


async def test_a_rejected_change_runs_nothing_and_says_who(desk: Desk) -> None:
    shown = await desk.hear(press(approves=False))

    assert isinstance(shown.outcome, Decided)
    assert shown.outcome.verdict == "Rejected by Zoe (U900) at 12:00:00 UTC"
    assert shown.text == f"`{COMMAND}` was not run. Zoe (U900) rejected it."
    assert (desk.changes.rehearsed, desk.changes.ran) == ([], [])
    assert (await desk.kept()).fate == "rejected"
    late = await desk.hear(press())
    assert late.text.startswith("This change was rejected by Zoe (U900) at 12:00:00 UTC.")


# Who may decide


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (press(by="U2"), "not among those who may decide about changes in the namespace `shop`"),
        (press(by="U2", groups=("S600",)), "Ask one of the approvers (`S500`, `U900`)"),
        (press(by="U2", approves=False), "You are not among those"),
        (press(by="U1"), "You are not among those"),
        (press(by="U1", groups=("S500",)), "somebody else has to approve it"),
        (press(is_machine=True), "Only people decide"),
        (press(proposal="p-2"), "is not known here any more"),
        (press(thread="2.0"), "is not known here any more"),
    ],
)
async def test_who_may_not_is_told_alone_and_nothing_happens(
    desk: Desk, message: Input, reason: str
) -> None:
    objection = await desk.approvals.objection(message)
    shown = await desk.hear(message)

    assert reason in objection
    assert shown.outcome == Notice(objection, only_for=message.speaker)
    assert (desk.changes.rehearsed, desk.changes.ran) == ([], [])
    assert (await desk.kept()).fate == "open"
    assert [each["who"] for each in desk.outcomes("refusal")] == [message.speaker] * 2


@pytest.mark.parametrize(
    "message",
    [press(), press(by="U2", groups=("S400", "S500")), press(by="U1", approves=False)],
)
async def test_an_approver_one_of_an_approving_group_and_a_retracting_asker_may(
    desk: Desk, message: Input
) -> None:
    assert await desk.approvals.objection(message) == ""
    assert isinstance((await desk.hear(message)).outcome, Decided)


async def test_ones_own_request_may_be_approved_where_that_is_set(url: str) -> None:
    writes = WRITES.model_copy(update={"own_requests": True})
    async with proposed(url, writes=writes) as desk:
        shown = await desk.hear(press(by="U1", groups=("S500",)))

    assert isinstance(shown.outcome, Decided)
    assert desk.changes.ran == [COMMAND]


async def test_each_namespace_and_the_nodes_have_approvers_of_their_own(url: str) -> None:
    async with proposed(url, namespace="bank") as desk:
        assert "`bank`" in await desk.approvals.objection(press())
        assert await desk.approvals.objection(press(by="U700")) == ""


async def test_where_changes_are_not_allowed_any_more_nobody_may(url: str) -> None:
    async with proposed(url, namespace="left") as desk:
        why = await desk.approvals.objection(press())

    assert "in the namespace `left` are not allowed any more" in why


async def test_where_changes_are_off_everybody_is_told_so(store: Store) -> None:
    off = Approvals(store, None, WRITES)
    async with Engine(store).at_work() as engine:
        await engine.inbox.receive(press())
        [shown] = await engine.gallery.showed(1)

    assert "switched off" in shown.text
    assert shown.outcome == Notice(await off.objection(press()), only_for="U900")


# Whether it is still what was proposed


async def test_a_proposal_expires_by_the_clock(desk: Desk) -> None:
    desk.clock.now = NOON + 900
    shown = await desk.hear(press())

    assert isinstance(shown.outcome, Decided)
    assert shown.outcome.verdict == "Expired at 12:15:00 UTC"
    assert "was not run" in shown.text
    assert desk.changes.rehearsed == []
    assert (await desk.kept()).fate == "expired"


async def test_a_moment_before_it_has_not_expired(desk: Desk) -> None:
    desk.clock.now = NOON + 899
    await desk.hear(press())

    assert desk.changes.ran == [COMMAND]


async def test_an_object_that_was_changed_since_makes_it_void(url: str) -> None:
    async with proposed(url, CountingChanges(void="It was replaced.")) as desk:
        shown = await desk.hear(press())
        kept = await desk.kept()

    assert isinstance(shown.outcome, Decided)
    assert shown.outcome.verdict == "Void since 12:00:00 UTC: It was replaced."
    assert (desk.changes.rehearsed, kept.fate, kept.by) == ([], "void", "")


@pytest.mark.parametrize(
    "changes",
    [CountingChanges(unreadable="Nobody answers."), CountingChanges(dry_run=(None, ""))],
)
async def test_a_cluster_that_does_not_answer_leaves_the_proposal_open(
    url: str, changes: CountingChanges
) -> None:
    async with proposed(url, changes) as desk:
        shown = await desk.hear(press())
        kept = await desk.kept()
        changes.unreadable, changes.dry_run = "", (0, "tried")
        again = await desk.hear(press())

    assert isinstance(shown.outcome, Notice)
    assert "nothing was changed" in shown.text
    assert "stays open until 12:15:00 UTC: press Approve again" in shown.text
    assert kept.fate == "open"
    assert isinstance(again.outcome, Decided)
    assert changes.ran == [COMMAND]


async def test_a_refused_dry_run_is_shown_and_closes_the_proposal(url: str) -> None:
    refused = CountingChanges(dry_run=(1, "Error from server (Forbidden): …"))
    async with proposed(url, refused) as desk:
        shown = await desk.hear(press())
        kept = await desk.kept()

    assert isinstance(shown.outcome, Decided)
    assert "the dry run was refused, nothing was run" in shown.outcome.verdict
    assert "Error from server (Forbidden)" in shown.text
    assert (desk.changes.ran, kept.fate) == ([], "failed")


# What came of the command


async def test_a_command_that_fails_is_shown_with_the_object_as_it_is(url: str) -> None:
    async with proposed(url, CountingChanges(result=(1, "Error: conflict"))) as desk:
        shown = await desk.hear(press())
        kept = await desk.kept()

    assert "was run and failed (exit 1" in shown.text
    assert "Error: conflict" in shown.text
    assert "**Now:**" in shown.text
    assert "**Undo:**" not in shown.text
    assert kept.fate == "failed"


async def test_a_command_that_cannot_be_started_has_changed_nothing(url: str) -> None:
    async with proposed(url, CountingChanges(not_started="kubectl is not there.")) as desk:
        shown = await desk.hear(press())
        kept = await desk.kept()

    assert "could not be started, so nothing was changed: kubectl is not there." in shown.text
    assert kept.fate == "failed"


async def test_a_command_without_an_end_has_an_unknown_outcome(url: str) -> None:
    async with proposed(url, CountingChanges(result=(None, ""))) as desk:
        shown = await desk.hear(press())
        kept = await desk.kept()
        late = await desk.hear(press())

    assert isinstance(shown.outcome, Decided)
    assert shown.outcome.verdict.endswith("its outcome is unknown")
    assert "may have been made or not" in shown.text
    assert "**Now:** `deployment/web`: 3 of 3 pods ready" in shown.text
    assert kept.fate == "unknown"
    assert "lost sight of it" in late.text
    assert "**Now:**" in late.text
    assert desk.changes.ran == [COMMAND]


# A Stop


async def test_a_stop_while_the_command_runs_tells_what_is_unknown(url: str) -> None:
    changes = CountingChanges(gate=asyncio.Event())
    async with proposed(url, changes) as desk:
        await desk.engine.inbox.receive(press())
        await changes.started.wait()
        begun = asyncio.get_running_loop().time()
        await desk.engine.inbox.receive(said("stop", addressed=False))
        shown = (await desk.engine.gallery.showed(3))[1:]
        seconds = asyncio.get_running_loop().time() - begun
        kept = await desk.kept()

    decided = [each for each in shown if isinstance(each.outcome, Decided)]
    assert len(decided) == 1
    assert "the command was cut short" in decided[0].text
    assert "**Now:**" in decided[0].text
    assert kept.fate == "unknown"
    assert seconds < 2.0


async def test_a_command_that_ends_within_a_moment_of_the_stop_has_a_known_outcome(
    url: str,
) -> None:
    changes = CountingChanges(gate=asyncio.Event())
    async with proposed(url, changes) as desk:
        assert changes.gate is not None
        await desk.engine.inbox.receive(press())
        await changes.started.wait()
        await desk.engine.inbox.stop(THREAD)
        changes.gate.set()
        shown = (await desk.engine.gallery.showed(2))[1]
        kept = await desk.kept()

    assert isinstance(shown.outcome, Decided)
    assert kept.fate == "done"


async def test_a_stop_before_the_command_is_started_leaves_the_proposal_open(url: str) -> None:
    hurried = asyncio.Event()
    hurried.set()
    async with proposed(url) as desk:
        turn, conversation = await claimed(desk)
        assert turn.said.decision is not None
        ruled = await desk.approvals.rule(turn, conversation, turn.said.decision)
        assert isinstance(ruled, Approved)
        learnt = await desk.approvals.carry_out(ruled, hurried)

        assert (await desk.kept()).fate == "open"
    assert desk.changes.ran == []
    assert isinstance(learnt, Learnt)
    assert isinstance(learnt.outcome, Notice)
    assert "a Stop came before the command was started" in learnt.outcome.markdown


async def claimed(desk: Desk) -> tuple[Turn, Conversation]:
    """A press that no engine has seen yet."""
    store = desk.engine.store
    await desk.engine.settled(1)
    await desk.engine.inbox.aclose()
    await Engine(store).inbox.receive(press())
    [turn] = await store.line.claim("somebody", talk=1, words=0)
    return turn, await store.conversation(THREAD)


@pytest.mark.parametrize(("has_begun", "fate"), [(False, "open"), (True, "unknown")])
async def test_a_press_under_which_process_after_process_died_is_given_up(
    url: str, has_begun: bool, fate: str
) -> None:
    async with proposed(url) as desk:
        turn, _ = await claimed(desk)
        store = desk.engine.store
        if has_begun:
            await store.proposals.begin(turn, "p-1", "Zoe (U900)")
        for _ in range(2):
            await store.line.put_back(turn, crashed=True)
            [turn] = await store.line.claim("somebody", talk=1, words=0)
        await store.line.put_back(turn, crashed=True)
        async with Engine(store, turning={"approvals": desk.approvals}).at_work() as engine:
            [shown] = await engine.gallery.showed(1)
        kept = await desk.kept()

    if has_begun:
        assert isinstance(shown.outcome, Decided)
        assert shown.outcome.message_ts == "1.5"
    else:
        assert isinstance(shown.outcome, Failure)
    assert "it may have been made" in shown.text
    assert (kept.fate, desk.changes.ran) == (fate, [])


async def test_of_a_press_the_thread_hears_also_after_many_processes_died_under_it(
    desk: Desk,
) -> None:
    turn, _ = await claimed(desk)
    store = desk.engine.store
    for _ in range(7):
        await store.line.put_back(turn, crashed=True)
        [turn] = await store.line.claim("somebody", talk=1, words=0)
    await store.line.put_back(turn, crashed=True)
    async with Engine(store, turning={"approvals": desk.approvals}).at_work() as engine:
        [shown] = await engine.gallery.showed(1)

    assert "it may have been made" in shown.text


async def test_a_result_that_cannot_be_rendered_still_says_what_became_of_it(desk: Desk) -> None:
    desk.engine.gallery.errors = [KeyError("blocks")]
    shown = await desk.hear(press())

    assert isinstance(shown.outcome, Failure)
    assert "Approved by Zoe (U900) at 12:00:00 UTC" in shown.text
    assert "Nothing was changed" not in shown.text


# What goes on


async def test_after_thanks_a_press_still_works_and_opens_nothing(desk: Desk) -> None:
    assert isinstance((await desk.hear(said("Thanks!"))).outcome, Closed)
    shown = await desk.hear(press())

    assert isinstance(shown.outcome, Decided)
    assert desk.changes.ran == [COMMAND]
    await desk.engine.settled(3)
    assert not (await desk.engine.store.conversation(THREAD)).is_open


async def test_the_model_hears_of_it_once_with_the_next_question(desk: Desk) -> None:
    await desk.hear(press())
    await desk.hear(said("And now?", addressed=False))
    await desk.hear(said("Still?", addressed=False))

    heard = [asked.said for asked in desk.engine.assistant.asked]
    assert heard[1].startswith("What became of proposed changes since then:\n")
    assert f"`{COMMAND}` was run (exit 0" in heard[1]
    assert heard[1].index("deployment.apps/web scaled") < heard[1].index("And now?")
    assert heard[2] == "Ann (U1): Still?"


async def test_the_close_out_counts_changes_and_names_who_approved_them(desk: Desk) -> None:
    await desk.hear(press())
    shown = await desk.hear(said("Thanks!"))

    assert "1 read-only command run, 1 change approved by Zoe (U900) on `prod`" in shown.text


async def test_a_proposal_of_a_forgotten_conversation_says_so(desk: Desk) -> None:
    await desk.engine.settled(1)
    await desk.engine.store.forget_thread(THREAD)
    shown = await desk.hear(press())
    await desk.engine.settled(1)

    assert isinstance(shown.outcome, Notice)
    assert shown.outcome.only_for == "U900"
    assert "what was kept of the conversation has been deleted" in shown.text
    assert not (await desk.engine.store.conversation(THREAD)).is_open


async def test_the_audit_has_the_decision_and_nothing_printed(desk: Desk) -> None:
    await desk.hear(press())

    [decision] = desk.outcomes("decision")
    assert (decision["proposal"], decision["approves"], decision["outcome"]) == (
        "p-1",
        True,
        "done",
    )
    assert decision["argv"] == proposal().argv
    assert "scaled" not in str(desk.audited)


async def test_the_transcript_says_who_pressed_what(desk: Desk) -> None:
    await desk.hear(press())
    entries = await desk.engine.store.transcript(THREAD)

    assert (entries[-2].speaker, entries[-2].text) == ("U900", f"Approve: {COMMAND}")
    assert entries[-1].text.startswith(f"`{COMMAND}` was run")
