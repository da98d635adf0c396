"""The tools of a conversation, made anew for each turn; it holds nothing between turns."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.audit import Record, unrecorded
from bot.cluster.api import ClusterApi
from bot.languages import Phrases, speaking
from bot.redaction import Redactor
from bot.settings import Writes
from bot.tools import policy
from bot.tools.boundary import kept_to
from bot.tools.changed import compared
from bot.tools.changes import Drafter, ProposeTool
from bot.tools.keeping import LOOKED, Keeping
from bot.tools.kubectl import Judge, Kubectl, KubectlTool, OnStep
from bot.tools.ledger import Ledger
from bot.tools.looking import Focus, Looker
from bot.tools.names import hint_about
from bot.tools.restarting import samples_in
from bot.tools.runbooks import Runbooks
from bot.tools.triage import TriageTool
from bot.tools.turn_tools import TurnTools

__all__ = ["Toolbox", "TurnTools"]

_LOOKS_AT_ONCE = 3


@dataclass(frozen=True, slots=True)
class _Turn:
    """What all tools of one turn share."""

    ledger: Ledger
    redactor: Redactor
    on_step: OnStep
    namespace: str
    asked_by: str
    say: Phrases


class Toolbox:
    """Knows every tool there is, and what each needs for a turn."""

    def __init__(
        self,
        kubectl: Kubectl,
        api: ClusterApi,
        *,
        budget_chars: int,
        runbooks: Runbooks | None = None,
        judge: Judge = policy.judge,
        most_calls: int = 24,
        writes: Writes | None = None,
        clock: Callable[[], float] = time.time,
        record: Record = unrecorded,
    ) -> None:
        """`budget_chars`: what one result may give to the model; about `num_ctx` / 4 * 3.
        `writes`: where which changes may be proposed; None where they are off.
        """
        self._kubectl = kubectl
        self._api = api
        self._budget_chars = budget_chars
        self._runbooks = runbooks or Runbooks(None)
        self._judge = judge
        self._most_calls = most_calls
        self._writes = writes
        self._clock = clock
        self._record = record
        self._turns = asyncio.Semaphore(_LOOKS_AT_ONCE)

    def for_turn(
        self,
        *,
        first_receipt: int,
        namespace: str | None,
        on_step: OnStep,
        notes: Mapping[str, Any] | None = None,
        key: bytes = b"",
        asked_by: str = "",
        language: str = "en",
    ) -> TurnTools:
        """`namespace` is meant where a command names none; None is the cluster's default.

        `notes` are those that an earlier turn left; `key` is the conversation's, for redaction;
        `asked_by` is whose question it is, `language` what people are told in.
        """
        ledger = Ledger(
            first_receipt=first_receipt, most_calls=self._most_calls, record=self._record
        )
        redactor = self._kubectl.redactor.keyed(key)
        turn = _Turn(ledger, redactor, on_step, namespace or "", asked_by, speaking(language))
        triage = self._triage(turn, notes or {})
        propose = self._propose(turn)
        return TurnTools(
            self._reading(turn, triage, propose),
            triage,
            ledger,
            self._api,
            self._runbooks,
            self._budget_chars,
            wants_snapshot="snapshot" not in (notes or {}),
            earlier_samples=samples_in(notes or {}),
            propose=propose,
            say=turn.say,
            keeping=Keeping(redactor, (notes or {}).get(LOOKED)),
        )

    def _triage(self, turn: _Turn, notes: Mapping[str, Any]) -> TriageTool:
        return TriageTool(
            Looker(self._api, turn.redactor.redact),
            turn.ledger,
            on_step=turn.on_step,
            budget_chars=self._budget_chars,
            turns=self._turns,
            namespace=turn.namespace,
            earlier=Focus.from_json(notes.get("focus")),
            say=turn.say,
        )

    def _reading(self, turn: _Turn, triage: TriageTool, propose: ProposeTool | None) -> KubectlTool:
        return KubectlTool(
            self._kubectl,
            turn.ledger,
            on_step=turn.on_step,
            budget_chars=self._budget_chars,
            namespace=turn.namespace,
            judge=kept_to(self._kubectl.access.namespaces, self._judge),
            names=hint_about(triage, self._api),
            redactor=turn.redactor,
            proposes=propose.takes if propose else None,
            say=turn.say,
        )

    def _propose(self, turn: _Turn) -> ProposeTool | None:
        if self._writes is None:
            return None
        return ProposeTool(
            Drafter(self._kubectl, turn.redactor, self._clock),
            turn.ledger,
            self._writes,
            on_step=turn.on_step,
            namespace=turn.namespace or self._kubectl.access.namespace,
            asked_by=turn.asked_by,
        )

    async def what_changed(self, before: Mapping[str, Any], now: float) -> str:
        """Markdown: how the cluster differs from a snapshot. Raises ClusterError."""
        return await compared(self._api, before, now)
