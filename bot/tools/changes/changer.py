"""Tries and makes an approved change, once each, with the rights of another; it decides nothing."""

import shlex
import time
from collections.abc import Callable
from dataclasses import replace

from bot.cluster.impersonation import Impersonation
from bot.dialogue import Proposal, Receipt
from bot.errors import ClusterError
from bot.plaintext import clean
from bot.redaction import Redactor
from bot.settings import Writes
from bot.tools import policy
from bot.tools.changes.places import refusal
from bot.tools.changes.present import present
from bot.tools.changes.reading import read, read_around
from bot.tools.changes.rehearsal import rehearsal
from bot.tools.changes.seen import Asked, Seen, read_change
from bot.tools.ledger import audited
from bot.tools.receipts import Call, not_run, receipt_of
from bot.tools.recording import Line
from bot.tools.runner import Kubectl, Ran

_TOOL = "kubectl"
_NOT_A_CHANGE = (
    "The kept command is not one that Kaia runs as a change. Nothing was run; ask for it again."
)


class Changer:
    """What the engine calls when somebody has pressed a button."""

    def __init__(
        self,
        kubectl: Kubectl,
        redactor: Redactor,
        writes: Writes,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Raises SettingsError where the identity is one of Kubernetes' own."""
        self._kubectl = kubectl
        self._redactor = redactor
        self._writes = writes
        self._clock = clock
        self._identity = Impersonation(writes.as_user, writes.as_group)

    async def check(self, proposal: Proposal) -> str:
        """Why it is void now, in a sentence; or nothing. Raises ClusterError where the object
        cannot be read: then nothing is to be run.
        """
        asked = _judged(proposal)
        if asked is None:
            return _NOT_A_CHANGE
        if why_not := refusal(self._writes, asked.change, asked.namespace):
            return why_not
        seen = await read(self._kubectl, asked.target, asked.namespace)
        return _why_void(proposal, seen, self._redactor)

    async def rehearse(self, proposal: Proposal, number: int) -> Receipt:
        """The server tries it with the rights it will have, and keeps nothing of it. What kubectl
        says stands in the receipt; raises ClusterError where kubectl cannot be started.
        """
        asked = self._allowed(proposal)
        if asked is None:
            return self._refused(proposal, number)
        return await self._run(asked, rehearsal(asked, self._clock()), number, "dry-run")

    async def carry_out(self, proposal: Proposal, number: int) -> Receipt:
        """Runs it, once. A row of the database is not trusted, so it is judged again before.

        Without an exit code the outcome is unknown. Raises ClusterError where it was not started.
        """
        asked = self._allowed(proposal)
        if asked is None:
            return self._refused(proposal, number)
        return await self._run(asked, asked.argv, number, "write")

    async def look(self, proposal: Proposal) -> str:
        """The object as it is now: one line of Markdown, also where it cannot be read."""
        asked = _judged(proposal)
        if asked is None:
            return _NOT_A_CHANGE
        try:
            seen = await read(self._kubectl, asked.target, asked.namespace)
            if seen is None:
                return f"`{asked.target.written}` is not there."
            return self._safe(present(await read_around(self._kubectl, asked, seen)))
        except ClusterError as error:
            return self._safe(str(error))

    def _allowed(self, proposal: Proposal) -> Asked | None:
        asked = _judged(proposal)
        if asked is None or refusal(self._writes, asked.change, asked.namespace):
            return None
        return asked

    async def _run(self, asked: Asked, argv: tuple[str, ...], number: int, verdict: str) -> Receipt:
        if self._kubectl.access.kind == "none":
            raise ClusterError(f"No cluster can be seen. {self._kubectl.access.reason}")
        started = self._clock()
        line = Line(self._kubectl.record, argv, verdict, asked.change)
        ran = await self._kubectl.run_as(argv, self._identity, line)
        if why := self._why_forbidden(ran):
            ran = replace(ran, note="; ".join(filter(None, (ran.note, why))))
        return self._receipt(argv, number, verdict, ran, started)

    def _why_forbidden(self, ran: Ran) -> str:
        """kubectl says only "unknown" where it may not even ask as somebody else."""
        user, group = self._identity.user, self._identity.group
        if not ran.exit_code or "forbidden" not in ran.stderr.lower():
            return ""
        if f'"{user}"' in ran.stderr and "impersonate" not in ran.stderr:
            return f"the group {group} has no right to do this: docs/approvals.md shows the roles"
        return f"Kaia may not act as {user} and {group}: docs/approvals.md shows the role"

    def _refused(self, proposal: Proposal, number: int) -> Receipt:
        reason = not_run("not run: the policy or KAIA_CONFIG does not allow it now")
        receipt = self._receipt(proposal.argv, number, "refused", reason, self._clock())
        self._kubectl.record("command", **audited(receipt), rule="writes")
        return receipt

    def _receipt(
        self, argv: tuple[str, ...], number: int, verdict: str, ran: Ran, started: float
    ) -> Receipt:
        return receipt_of(Call(number, _TOOL, self._safe(shlex.join(argv)), verdict, started), ran)

    def _safe(self, text: str) -> str:
        return self._redactor.redact(clean(text))


def _judged(proposal: Proposal) -> Asked | None:
    """None for anything that the table does not write in just this way."""
    verdict = policy.judge(shlex.join(proposal.argv), changes=True)
    if verdict.kind != "write" or verdict.argv != proposal.argv:
        return None
    asked = read_change(verdict.argv)
    shown = (asked.change, asked.namespace, asked.target.written, shlex.join(asked.argv))
    kept = (proposal.change, proposal.namespace, proposal.target, proposal.command)
    return asked if shown == kept else None


def _why_void(proposal: Proposal, seen: Seen | None, redactor: Redactor) -> str:
    again = "Ask for it again, and look at it anew."
    if seen is None:
        return f"`{proposal.target}` is not there any more."
    if seen.uid != proposal.uid:
        return f"`{proposal.target}` was replaced by another of the same name. {again}"
    if seen.is_ending:
        return f"`{proposal.target}` is being deleted already."
    if seen.fingerprint(redactor.keyed(b"").redact) != proposal.fingerprint:
        return f"The spec of `{proposal.target}` was changed since this was proposed. {again}"
    return ""
