"""Pure: a press on a proposal, and what its turn learns from what became of it."""

from dataclasses import dataclass
from typing import Literal

from bot.conversations.records import Conversation, Fate, Learnt, Settled, Turn
from bot.conversations.storage.proposals import Kept
from bot.conversations.turns import rulings
from bot.conversations.turns.rulings import Ruling, who
from bot.conversations.turns.unanswered import failed
from bot.dialogue import Decided, Decision, Entry, Notice, Proposal, Receipt


@dataclass(frozen=True, slots=True)
class Press:
    """A turn that is about a proposal."""

    turn: Turn
    conversation: Conversation
    decision: Decision
    kept: Kept

    @property
    def by(self) -> str:
        return who(self.turn.said)

    @property
    def proposal(self) -> Proposal:
        return self.kept.proposal

    def settled(self, fate: Fate, ruling: Ruling, *receipts: Receipt) -> Learnt:
        """The proposal is closed, its message loses its buttons, and the model will hear of it."""
        decided = Decided(
            ruling.markdown, self.proposal, self.decision.message_ts, ruling.verdict, receipts
        )
        by = "" if fate in ("expired", "void") else self.by
        return Learnt(
            decided,
            unchanged(self.conversation),
            entries=self._entries(ruling.markdown),
            receipts=receipts,
            notes=rulings.noted(self.conversation.notes, ruling.told),
            settled=Settled(self.proposal.id, fate, by),
        )

    def still_open(self, why: str, *receipts: Receipt) -> Learnt:
        """It was approved, and nothing was begun."""
        said = rulings.still_open(self.proposal, self.by, why)
        return Learnt(
            Notice(said),
            unchanged(self.conversation),
            entries=self._entries(said),
            receipts=receipts,
        )

    def _entries(self, said: str) -> tuple[Entry, ...]:
        pressed = "Approve" if self.decision.approves else "Reject"
        asked = Entry(self.turn.said.speaker, f"{pressed}: {self.proposal.command}")
        return asked, Entry("kaia", said)


def given_up(turn: Turn, decision: Decision, conversation: Conversation) -> Learnt:
    """Of a press under which process after process died."""
    learnt = failed(turn, rulings.GIVEN_UP)
    return Learnt(
        learnt.outcome,
        unchanged(conversation),
        entries=learnt.entries,
        settled=Settled(decision.proposal, "unknown", who(turn.said)),
    )


def unchanged(conversation: Conversation) -> Literal["open", "closed"]:
    """A press opens no conversation that is closed."""
    return "open" if conversation.is_open else "closed"
