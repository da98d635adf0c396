"""The way of a press: may this person decide, is it still open, does it run, what came of it.

It runs nothing itself, and never lets a change run twice: the proposal is marked before its command
starts, and whoever finds the mark later does not start it again.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.audit import Record, unrecorded
from bot.conversations.records import Conversation, Fate, Learnt, Turn
from bot.conversations.seams import Changes
from bot.conversations.storage.proposals import Kept
from bot.conversations.storage.store import Store
from bot.conversations.turns import rulings
from bot.conversations.turns.presses import Press, given_up
from bot.conversations.turns.rights import why_not
from bot.conversations.turns.rulings import Ruling
from bot.conversations.turns.unstoppable import unless_hurried
from bot.dialogue import Decision, Input, Notice, Receipt
from bot.errors import ClusterError
from bot.settings import Writes

_STOPPED = "a Stop came before the command was started."


@dataclass(frozen=True, slots=True)
class Approved:
    """All was checked and tried: only the change itself is missing."""

    press: Press
    rehearsal: Receipt


class Approvals:
    def __init__(
        self,
        store: Store,
        changes: Changes | None,
        writes: Writes,
        clock: Callable[[], float] = time.time,
        record: Record = unrecorded,
    ) -> None:
        """Without `changes` they are switched off."""
        self._store = store
        self._changes = changes
        self._writes = writes
        self._clock = clock
        self._record = record

    async def objection(self, said: Input) -> str:
        """Why this person may not decide what they pressed, for them; or nothing. Raises
        StoreError.
        """
        if said.decision is None:
            return ""
        kept = await self._find(said, said.decision)
        why = self._objection(said, said.decision, kept)
        if why:
            self._record_refusal(said, said.decision, why)
        return why

    async def rule(
        self, turn: Turn, conversation: Conversation, decision: Decision
    ) -> Approved | Learnt | Notice:
        """Everything before the change itself. A Notice leaves nothing behind. Raises StoreError,
        NotOurs.
        """
        kept = await self._find(turn.said, decision)
        if kept is not None and kept.fate == "running" and kept.turn == turn.seq:
            return await self._lost_sight(Press(turn, conversation, decision, kept))
        why = self._objection(turn.said, decision, kept)
        if why or kept is None:
            self._record_refusal(turn.said, decision, why)
            return Notice(await self._with_present_state(why, kept), only_for=turn.said.speaker)
        press = Press(turn, conversation, decision, kept)
        if self._clock() >= kept.proposal.expires:
            return self._settled(press, "expired", rulings.expired(kept.proposal))
        if not decision.approves:
            ruling = rulings.rejected(kept.proposal, press.by, self._clock())
            return self._settled(press, "rejected", ruling)
        return await self._try(press)

    async def carry_out(self, approved: Approved, haste: asyncio.Event) -> Learnt | Notice:
        """Marks it and runs it. Where there is `haste`, the command has a moment to end. Raises
        StoreError, NotOurs.
        """
        press, rehearsal = approved.press, approved.rehearsal
        proposal = press.proposal
        if not await self._store.proposals.begin(press.turn, proposal.id, press.by):
            return await self._overtaken(press)
        if haste.is_set():
            await self._store.proposals.reopen(press.turn, proposal.id)
            return self._still_open(press, _STOPPED, rehearsal)
        at, number = self._clock(), rehearsal.number + 1
        try:
            result = await unless_hurried(self._on.carry_out(proposal, number), haste)
        except ClusterError as error:
            ruling = rulings.not_started(proposal, press.by, at, str(error))
            return self._settled(press, "failed", ruling, rehearsal)
        return await self._carried_out(approved, at, result, haste)

    async def give_up(self, turn: Turn, conversation: Conversation, decision: Decision) -> Learnt:
        """Of a press under which process after process died: the cluster is not asked. What was
        begun loses its buttons, what was not keeps them. Raises StoreError.
        """
        kept = await self._find(turn.said, decision)
        if kept is None or kept.fate != "running" or kept.turn != turn.seq:
            return given_up(turn, decision, conversation)
        ruling = rulings.unknown(kept.proposal, kept.by, kept.at, rulings.RESTARTED, "")
        return self._settled(Press(turn, conversation, decision, kept), "unknown", ruling)

    @property
    def _on(self) -> Changes:
        assert self._changes is not None  # noqa: S101 - `_objection` has seen to it
        return self._changes

    # Before

    async def _find(self, said: Input, decision: Decision) -> Kept | None:
        """A proposal is decided in its own thread, whatever a button says."""
        kept = await self._store.proposals.find(decision.proposal)
        return kept if kept is not None and kept.thread == said.thread.id else None

    def _objection(self, said: Input, decision: Decision, kept: Kept | None) -> str:
        if self._changes is None:
            return rulings.OFF
        if kept is None:
            return rulings.UNKNOWN_PROPOSAL
        return why_not(said, decision, kept.proposal, self._writes) or rulings.already(kept)

    async def _with_present_state(self, why: str, kept: Kept | None) -> str:
        """Where nobody knows what became of it, the object is looked at."""
        if self._changes is None or kept is None or kept.fate not in ("running", "unknown"):
            return why
        now = await self._changes.look(kept.proposal)
        return f"{why}\n\n{rulings.as_it_is(kept.proposal, now)}"

    async def _try(self, press: Press) -> Approved | Learnt:
        proposal = press.proposal
        try:
            if why := await self._on.check(proposal):
                return self._settled(press, "void", rulings.void(proposal, why, self._clock()))
            rehearsal = await self._on.rehearse(proposal, press.conversation.next_receipt)
        except ClusterError as error:
            return self._still_open(press, str(error))
        if rehearsal.exit_code == 0:
            return Approved(press, rehearsal)
        if rehearsal.exit_code is None and rehearsal.verdict != "refused":
            return self._still_open(press, f"the dry run had no end ({rehearsal.note}).", rehearsal)
        ruling = rulings.dry_run_refused(proposal, press.by, self._clock(), rehearsal)
        return self._settled(press, "failed", ruling, rehearsal)

    # After

    async def _carried_out(
        self, approved: Approved, at: float, result: Receipt | None, haste: asyncio.Event
    ) -> Learnt:
        press, rehearsal = approved.press, approved.rehearsal
        proposal, by = press.proposal, press.by
        if result is not None and result.verdict == "refused":
            ruling = rulings.not_started(proposal, by, at, result.note)
            return self._settled(press, "failed", ruling, rehearsal, result)
        now = await unless_hurried(self._on.look(proposal), haste) or ""
        if result is None or result.exit_code is None:
            left = (rehearsal,) if result is None else (rehearsal, result)
            ruling = rulings.unknown(proposal, by, at, rulings.CUT_SHORT, now)
            return self._settled(press, "unknown", ruling, *left)
        fate: Fate = "done" if result.exit_code == 0 else "failed"
        ruling = rulings.carried_out(proposal, by, at, (rehearsal, result), now)
        return self._settled(press, fate, ruling, rehearsal, result)

    async def _lost_sight(self, press: Press) -> Learnt:
        """An earlier attempt at this turn had marked it, and ended."""
        kept = press.kept
        now = await self._changes.look(kept.proposal) if self._changes else ""
        ruling = rulings.unknown(kept.proposal, kept.by, kept.at, rulings.RESTARTED, now)
        return self._settled(press, "unknown", ruling)

    async def _overtaken(self, press: Press) -> Learnt | Notice:
        """Another turn was first, between the look at it and the mark; or the store broke off after
        it had kept this turn's own.
        """
        kept = await self._find(press.turn.said, press.decision)
        if kept is not None and kept.fate == "running" and kept.turn == press.turn.seq:
            return await self._lost_sight(replace(press, kept=kept))
        why = rulings.already(kept) if kept else rulings.UNKNOWN_PROPOSAL
        return Notice(why, only_for=press.turn.said.speaker)

    def _still_open(self, press: Press, why: str, *receipts: Receipt) -> Learnt:
        self._record_decision(press, "open")
        return press.still_open(why, *receipts)

    def _settled(self, press: Press, fate: Fate, ruling: Ruling, *receipts: Receipt) -> Learnt:
        self._record_decision(press, fate)
        return press.settled(fate, ruling, *receipts)

    # For the audit

    def _record_refusal(self, said: Input, decision: Decision, why: str) -> None:
        self._record(
            "refusal",
            why=why,
            proposal=decision.proposal,
            approves=decision.approves,
            who=said.speaker,
            where=said.thread.channel,
            thread=said.thread.id,
        )

    def _record_decision(self, press: Press, outcome: Fate) -> None:
        self._record(
            "decision",
            proposal=press.proposal.id,
            change=press.proposal.change,
            argv=press.proposal.argv,
            approves=press.decision.approves,
            outcome=outcome,
        )
