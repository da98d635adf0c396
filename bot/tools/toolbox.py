"""The tools of a conversation, made anew for each turn; it holds nothing between turns."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from bot.cluster.api import ClusterApi
from bot.dialogue import Receipt, Tool, ToolResult
from bot.errors import ClusterError
from bot.tools import policy
from bot.tools.changed import compared, take
from bot.tools.kubectl import Judge, Kubectl, KubectlTool, OnStep
from bot.tools.ledger import Ledger
from bot.tools.looking import Focus, Looker
from bot.tools.names import hint_about
from bot.tools.runbooks import Runbooks, Subject, quoted, select
from bot.tools.telling import relevant, where_of
from bot.tools.triage import TriageTool
from bot.tools.verdict import Verdict, judge

_log = structlog.get_logger()

_LOOKS_AT_ONCE = 3
_RUNBOOK_SHARE = 0.4
"""Of what one result may take."""
_GAPS = 6
"""Told below an answer by name; a look's receipt has all of them."""


@dataclass(slots=True)
class TurnTools:
    """What the model may call in one turn, and what that leaves."""

    kubectl: KubectlTool
    triage: TriageTool
    ledger: Ledger
    api: ClusterApi
    runbooks: Runbooks
    budget_chars: int
    wants_snapshot: bool
    """The conversation has none yet."""
    snapshot: Mapping[str, Any] | None = field(default=None, init=False)
    """How the cluster was at this turn's look, as JSON."""
    used_runbooks: tuple[str, ...] = field(default=(), init=False)
    """Titles of those that were quoted to the model."""

    @property
    def tools(self) -> tuple[Tool, ...]:
        return (self.triage, self.kubectl)

    @property
    def receipts(self) -> list[Receipt]:
        """In the order of their numbers; grows while the turn runs."""
        return self.ledger.receipts

    async def first_look(self, question: str) -> str:
        """For the model, beside the question: what the checks see, and what the house says."""
        result = await self.triage.first_look(question)
        await self._take_snapshot()
        guide = await self._guide()
        self.triage.release()
        return "\n\n".join(filter(None, (f"Kaia's first look, {result.text}", guide)))

    async def _take_snapshot(self) -> None:
        scene = self.triage.first[1].scene if self.triage.first else None
        if scene is None or not self.wants_snapshot:
            return
        try:
            self.snapshot = (await take(self.api, scene)).kept
        except ClusterError as error:
            _log.warning("snapshot.failed", reason=str(error))

    async def _guide(self) -> str:
        subjects = _subjects(self.triage)
        chosen = select(await self.runbooks.all(), subjects) if subjects else ()
        self.used_runbooks = tuple(each.title for each in chosen)
        return quoted(chosen, int(self.budget_chars * _RUNBOOK_SHARE)) if chosen else ""

    @property
    def notes(self) -> Mapping[str, Any]:
        """What the conversation should keep of this turn's look; empty where there was none."""
        if self.triage.first is None:
            return {}
        _, look = self.triage.first
        return {"focus": look.focus.to_json()}

    def verdict(self, answer: str, cited: Collection[int]) -> Verdict:
        number, look = self.triage.first or (0, None)
        # A look that found something ends with 1, as it does in a terminal.
        good = {self.triage.name: (0, 1)}
        ran = {each.number for each in self.receipts if each.exit_code in good.get(each.tool, (0,))}
        return judge(look, answer, cited=cited, ran=ran | {number}, receipt=number)

    def remarks(self) -> tuple[str, ...]:
        """What code says below the answer: what was ruled out, what was not seen."""
        look = self.triage.first[1] if self.triage.first else None
        report = look.report if look else None
        if report is None:
            return ()
        remarks = []
        if self.used_runbooks:
            remarks.append(f"Runbook: {', '.join(self.used_runbooks)}.")
        if report.fine:
            remarks.append(f"Checked and fine: {', '.join(report.fine)}.")
        if report.not_read:
            gaps = ", ".join(f"{each.what} ({each.why})" for each in report.not_read[:_GAPS])
            more = len(report.not_read) - _GAPS
            remarks.append(f"Not checked: {gaps}{f' and {more} more' if more > 0 else ''}.")
        return tuple(remarks)

    def next_command(self) -> str:
        """What would tell more, for an answer that is only a part of one."""
        look = self.triage.first[1] if self.triage.first else None
        found = relevant(look) if look else ()
        return next((each.next[0] for each in found if each.next), "")

    async def rerun(self, receipt: Receipt) -> ToolResult:
        """The same command again, judged again."""
        if receipt.tool == self.triage.name:
            return await self.triage.run({"where": where_of(receipt)})
        return await self.kubectl.run({"command": receipt.command})


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
    ) -> None:
        """`budget_chars`: what one result may give to the model; about `num_ctx` / 4 * 3."""
        self._kubectl = kubectl
        self._api = api
        self._budget_chars = budget_chars
        self._runbooks = runbooks or Runbooks(None)
        self._judge = judge
        self._most_calls = most_calls
        self._turns = asyncio.Semaphore(_LOOKS_AT_ONCE)

    def for_turn(
        self,
        *,
        first_receipt: int,
        namespace: str | None,
        on_step: OnStep,
        notes: Mapping[str, Any] | None = None,
        key: bytes = b"",
    ) -> TurnTools:
        """`namespace` is meant where a command names none; None is the cluster's default.

        `notes` are those that an earlier turn left; `key` is the conversation's, for redaction.
        """
        ledger = Ledger(first_receipt=first_receipt, most_calls=self._most_calls)
        redactor = self._kubectl.redactor.keyed(key)
        triage = TriageTool(
            Looker(self._api, redactor.redact),
            ledger,
            on_step=on_step,
            budget_chars=self._budget_chars,
            turns=self._turns,
            namespace=namespace or "",
            earlier=Focus.from_json((notes or {}).get("focus")),
        )
        kubectl = KubectlTool(
            self._kubectl,
            ledger,
            on_step=on_step,
            budget_chars=self._budget_chars,
            namespace=namespace or "",
            judge=self._judge,
            names=hint_about(triage, self._api),
            redactor=redactor,
        )
        wants_snapshot = "snapshot" not in (notes or {})
        return TurnTools(
            kubectl,
            triage,
            ledger,
            self._api,
            self._runbooks,
            self._budget_chars,
            wants_snapshot,
        )

    async def what_changed(self, before: Mapping[str, Any], now: float) -> str:
        """Markdown: how the cluster differs from a snapshot. Raises ClusterError."""
        return await compared(self._api, before, now)


def _subjects(triage: TriageTool) -> list[Subject]:
    look = triage.first[1] if triage.first else None
    if look is None or look.report is None:
        return []
    found = [
        Subject(
            each.about.namespace,
            each.about.kind,
            each.about.name,
            dict(look.report.labels.get(each.about, {})),
            each.reason,
        )
        for each in relevant(look)
    ]
    asked = [Subject(ref.namespace, ref.kind, ref.name, {}, "") for ref in look.objects]
    return [*found, *asked]
