"""A cluster with one number in it that approved changes raise; proposals about it."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from bot.dialogue import Decision, Input, Proposal, Receipt
from bot.errors import ClusterError
from bot.settings import Writes
from tests.doubles.conversation_edges import said

NOON = 1_700_049_600.0
"""2023-11-15 12:00:00 UTC."""
WRITES = Writes.model_validate(
    {
        "approvers": ["U900", "S500"],
        "namespaces": {"shop": {}, "bank": {"approvers": ["U700"]}},
        "nodes": {"approvers": ["U700"]},
    }
)


def proposal(**more: Any) -> Proposal:
    fields: dict[str, Any] = {
        "id": "p-1",
        "command": "kubectl scale deployment/web --namespace=shop --replicas=3",
        "argv": ("kubectl", "scale", "deployment/web", "--namespace=shop", "--replicas=3"),
        "change": "scale",
        "namespace": "shop",
        "target": "deployment/web",
        "uid": "u-1",
        "fingerprint": "4",
        "present": "1 of 1 pods ready",
        "effect": "Starts 2 pods more.",
        "undo": "`kubectl scale deployment/web --namespace=shop --replicas=1`",
        "reason": "One pod is too few [1].",
        "asked_by": "U1",
        "expires": NOON + 900,
    }
    return Proposal(**(fields | more))


def press(
    *, approves: bool = True, by: str = "U900", groups: tuple[str, ...] = (), **more: Any
) -> Input:
    """On a button of the proposal's message."""
    decided = Decision(more.pop("proposal", "p-1"), approves, "1.5", groups)
    fields: dict[str, Any] = {"speaker": by, "speaker_name": "Zoe", "text": "", "decision": decided}
    return said(**(fields | more))


@dataclass
class Clock:
    now: float = NOON

    def __call__(self) -> float:
        return self.now


@dataclass
class CountingChanges:
    """`seams.Changes`: says what it is told to, and counts what it ran."""

    void: str = ""
    unreadable: str = ""
    dry_run: tuple[int | None, str] = (0, "deployment.apps/web scaled (server dry run)")
    result: tuple[int | None, str] = (0, "deployment.apps/web scaled")
    not_started: str = ""
    gate: asyncio.Event | None = None
    """The command waits for it."""
    rehearsed: list[str] = field(default_factory=list)
    ran: list[str] = field(default_factory=list)
    looked: int = 0
    started: asyncio.Event = field(default_factory=asyncio.Event)

    async def check(self, proposal: Proposal) -> str:
        if self.unreadable:
            raise ClusterError(self.unreadable)
        return self.void if proposal.fingerprint == "4" else "It was changed."

    async def rehearse(self, proposal: Proposal, number: int) -> Receipt:
        self.rehearsed.append(proposal.command)
        return self._receipt(
            number, f"{proposal.command} --dry-run=server", "dry-run", self.dry_run
        )

    async def carry_out(self, proposal: Proposal, number: int) -> Receipt:
        if self.not_started:
            raise ClusterError(self.not_started)
        self.ran.append(proposal.command)
        self.started.set()
        if self.gate is not None:
            await self.gate.wait()
        return self._receipt(number, proposal.command, "write", self.result)

    async def look(self, proposal: Proposal) -> str:  # noqa: ARG002 - there is but one object
        self.looked += 1
        return f"{1 + 2 * len(self.ran)} of 3 pods ready"

    def _receipt(
        self, number: int, command: str, verdict: str, ended: tuple[int | None, str]
    ) -> Receipt:
        exit_code, output = ended
        note = "" if exit_code is not None else "killed at its deadline"
        return Receipt(number, "kubectl", command, verdict, exit_code, output, note, NOON, 0.2)
