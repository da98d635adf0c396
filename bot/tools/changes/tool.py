"""`propose_change` as one turn's model sees it: it asks people, and changes nothing."""

import asyncio
import shlex
from collections.abc import Mapping

import structlog

from bot.dialogue import Parameter, Proposal, Receipt, Step, ToolResult
from bot.errors import ClusterError
from bot.plaintext import clean
from bot.settings import Writes
from bot.tools import policy
from bot.tools.changes.drafting import Drafter, NotProposed
from bot.tools.changes.places import refusal
from bot.tools.kubectl import OnStep
from bot.tools.ledger import Ledger
from bot.tools.receipts import Call, not_run, receipt_of
from bot.tools.runner import Ran

MOST_PROPOSALS = 3
"""In one turn: more than anybody would read before they approve."""

_WRONG_ARGUMENTS = (
    'not proposed: this tool takes exactly two arguments, "command" with the whole command line '
    'and "reason" with one sentence, such as {"command": "kubectl rollout restart deployment/web '
    '-n shop", "reason": "its pods hold a stale connection [2]"}.'
)
_ENOUGH = (
    f"not proposed: {MOST_PROPOSALS} changes are proposed in this turn already. Conclude, and say "
    "what else might be done."
)
_WAITS = (
    "It waits for people: nothing has been changed. Say that it is proposed, never that it is done."
)

_log = structlog.get_logger()


class ProposeTool:
    name = "propose_change"
    manual = (
        "Proposes one change of the cluster. It does not run it: people see the proposal below the "
        "answer and approve or reject it. Say that it is proposed, never that it is done. Propose "
        "only what the evidence calls for, or what was asked for. One object, named, in one of "
        "these forms: kubectl rollout restart|undo|pause|resume deployment/NAME, kubectl scale "
        "deployment/NAME --replicas=N, kubectl delete pod NAME, kubectl cordon|uncordon NODE, "
        "kubectl set image deployment/NAME CONTAINER=IMAGE; each with -n NAMESPACE but for nodes."
    )
    parameters = (
        Parameter(
            "command",
            "the whole command line, such as: kubectl rollout undo deployment/web -n shop",
        ),
        Parameter("reason", "why, in one sentence, with the receipt that shows it"),
    )

    def __init__(
        self,
        drafter: Drafter,
        ledger: Ledger,
        writes: Writes,
        *,
        on_step: OnStep,
        namespace: str,
        asked_by: str,
    ) -> None:
        self.proposals: list[Proposal] = []
        """Grows while the turn runs."""
        self._drafter = drafter
        self._ledger = ledger
        self._writes = writes
        self._on_step = on_step
        self._namespace = namespace
        self._asked_by = asked_by
        # Calls of one answer run at once, and two of the same are one proposal.
        self._one_at_a_time = asyncio.Lock()

    async def run(self, arguments: Mapping[str, str]) -> ToolResult:
        """Whatever goes wrong is in the result, as `dialogue` asks."""
        try:
            async with self._one_at_a_time:
                return await self._answer(arguments)
        except asyncio.CancelledError:
            return _fail("not proposed: cancelled")
        except ClusterError as error:
            self._ledger.note_call()
            return _fail(f"not proposed: {error}")

    def takes(self, command: str) -> bool:
        """Whether the policy lets this command be proposed."""
        return self._judge(command).kind == "write"

    def _judge(self, command: str) -> policy.Verdict:
        return policy.judge(command, namespace=self._namespace, changes=True)

    async def _answer(self, arguments: Mapping[str, str]) -> ToolResult:
        command, reason = arguments.get("command"), arguments.get("reason")
        if len(arguments) > 2 or not (isinstance(command, str) and isinstance(reason, str)):
            self._ledger.note_call()
            return _fail(_WRONG_ARGUMENTS)
        if self._ledger.is_spent:
            return _fail("not proposed: all calls of this turn are used. Conclude.")
        verdict = self._judge(command)
        if why_not := self._why_not(verdict):
            return self._refuse(command, why_not, verdict.rule or "writes")
        if earlier := self._proposed(verdict.argv):
            self._ledger.note_call()
            return ToolResult(f"proposed already: {earlier.command}. {_WAITS}", proposal=earlier)
        if len(self.proposals) >= MOST_PROPOSALS:
            self._ledger.note_call()
            return _fail(_ENOUGH)
        return await self._propose(verdict.argv, reason)

    def _why_not(self, verdict: policy.Verdict) -> str:
        match verdict.kind:
            case "refused":
                return verdict.reason
            case "read":
                return f"{verdict.reason} Run it with the tool kubectl."
            case "write":
                return refusal(self._writes, verdict.change, _namespace_of(verdict.argv))

    def _proposed(self, argv: tuple[str, ...]) -> Proposal | None:
        return next((each for each in self.proposals if each.argv == argv), None)

    async def _propose(self, argv: tuple[str, ...], reason: str) -> ToolResult:
        await self._on_step(Step(f"looking at what {shlex.join(argv)} would change"))
        try:
            proposal = await self._drafter.draft(argv, reason, self._asked_by)
        except NotProposed as why_not:
            return self._refuse(shlex.join(argv), str(why_not), "objection")
        self.proposals.append(proposal)
        shown = f"Now: {proposal.present}\nEffect: {proposal.effect}\nUndo: {proposal.undo}"
        ran = Ran(shown, "", None, "not run: proposed", 0.0)
        receipt = self._keep(proposal.command, ran, proposal=proposal.id, change=proposal.change)
        _log.info("change.proposed", change=proposal.change, receipt=receipt.number)
        text = f"receipt {receipt.number}: proposed: {proposal.command}\n{shown}\n{_WAITS}"
        return ToolResult(text, receipt=receipt, proposal=proposal)

    def _refuse(self, command: str, reason: str, rule: str) -> ToolResult:
        reason = self._safe(reason)
        receipt = self._keep(self._safe(command), not_run(reason), rule)
        text = f"receipt {receipt.number}: refused, not proposed: {reason}"
        if self._ledger.refuse():
            text += "\nThat is too many refusals in this turn: stop trying, and answer."
        _log.info("change.refused", receipt=receipt.number, rule=rule)
        return ToolResult(text, is_error=True, receipt=receipt)

    def _keep(self, command: str, ran: Ran, rule: str = "", **audited: str) -> Receipt:
        verdict = "refused" if rule else "proposed"
        call = Call(self._ledger.begin(), self.name, command, verdict, self._drafter.clock())
        receipt = receipt_of(call, ran)
        self._ledger.add_recorded(receipt, rule, kind="proposal", **audited)
        return receipt

    def _safe(self, text: str) -> str:
        return self._drafter.redactor.redact(clean(text))


def _namespace_of(argv: tuple[str, ...]) -> str:
    flag = "--namespace="
    return next((word.removeprefix(flag) for word in argv if word.startswith(flag)), "")


def _fail(text: str) -> ToolResult:
    return ToolResult(text, is_error=True)
