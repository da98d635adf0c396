"""Pure: who may decide about a proposed change, and why somebody may not."""

from bot.dialogue import Decision, Input, Proposal
from bot.settings import Writes

_NAMED = 10
"""Approvers in a sentence."""


def why_not(said: Input, decision: Decision, proposal: Proposal, writes: Writes) -> str:
    """A sentence for whoever pressed; nothing where they may decide."""
    if said.is_machine:
        return "Only people decide about changes, and this press came from an app."
    may_ask = said.speaker == proposal.asked_by
    approvers = writes.approvers_in(proposal.namespace)
    if not approvers & {said.speaker, *decision.groups}:
        return "" if may_ask and not decision.approves else _no_approver(approvers, proposal)
    if may_ask and decision.approves and not writes.own_requests:
        return (
            "You asked the question that led to this change, so somebody else has to approve it."
            f" {_ask(approvers - {said.speaker})} You may reject it."
        )
    return ""


def _no_approver(approvers: frozenset[str], proposal: Proposal) -> str:
    where = f"in the namespace `{proposal.namespace}`" if proposal.namespace else "of nodes"
    if not approvers:
        return (
            f"Changes {where} are not allowed any more, so nobody can approve this one. What is"
            " allowed stands in Kaia's KAIA_CONFIG, under writes."
        )
    return f"You are not among those who may decide about changes {where}. {_ask(approvers)}"


def _ask(approvers: frozenset[str]) -> str:
    known = sorted(approvers)
    named = ", ".join(f"`{each}`" for each in known[:_NAMED])
    more = f" and {len(known) - _NAMED} more" if len(known) > _NAMED else ""
    if not named:
        return "KAIA_CONFIG names nobody else under writes; whoever runs Kaia can change that."
    return (
        f"Ask one of the approvers ({named}{more}); who they are stands in Kaia's KAIA_CONFIG,"
        " under writes."
    )
