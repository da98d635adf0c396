"""The tools of a conversation, made anew for each turn; it holds nothing between turns."""

from dataclasses import dataclass

from bot.dialogue import Receipt, Tool
from bot.tools import policy
from bot.tools.kubectl import Judge, Kubectl, KubectlTool, OnStep
from bot.tools.ledger import Ledger


@dataclass(frozen=True, slots=True)
class TurnTools:
    """What the model may call in one turn, and what that leaves."""

    tools: tuple[Tool, ...]
    receipts: list[Receipt]
    """In the order of their numbers; grows while the turn runs."""


class Toolbox:
    """Knows every tool there is, and what each needs for a turn."""

    def __init__(
        self,
        kubectl: Kubectl,
        *,
        budget_chars: int,
        judge: Judge = policy.judge,
        most_calls: int = 24,
    ) -> None:
        """`budget_chars`: what one result may give to the model; about `num_ctx` / 4 * 3."""
        self._kubectl = kubectl
        self._budget_chars = budget_chars
        self._judge = judge
        self._most_calls = most_calls

    def for_turn(self, *, first_receipt: int, namespace: str | None, on_step: OnStep) -> TurnTools:
        """`namespace` is meant where a command names none; None is the cluster's default."""
        ledger = Ledger(first_receipt=first_receipt, most_calls=self._most_calls)
        kubectl = KubectlTool(
            self._kubectl,
            ledger,
            on_step=on_step,
            budget_chars=self._budget_chars,
            namespace=namespace or "",
            judge=self._judge,
        )
        return TurnTools((kubectl,), ledger.receipts)
