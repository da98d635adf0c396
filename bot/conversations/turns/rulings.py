"""Pure: what is said of a proposed change once somebody has pressed a button below it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.conversations.replies import clock_time, plain_name
from bot.conversations.storage.proposals import Kept
from bot.conversations.turns.printed import as_code, how_it_ended, in_fence, shortened
from bot.dialogue import Decided, Input, Proposal, Receipt, fence

_PRINTED = 1_500
_PRINTED_FOR_THE_MODEL = 400
_DECISIONS_KEPT = 5

OFF = (
    "Changes are switched off, so nothing can be approved or rejected. Whoever runs Kaia can switch"
    " them on with KAIA_WRITES=approve."
)
UNKNOWN_PROPOSAL = (
    "This proposal is not known here any more: what was kept of the conversation has been deleted."
    " Nothing was run. Ask for the change again."
)
GIVEN_UP = (
    "I tried three times to act on this press, and each time my process ended. I have stopped"
    " trying. If the change was approved, it may have been made: look at the object before you ask"
    " for it again."
)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What became of a proposal: for the thread, in place of its buttons, and for the model."""

    markdown: str
    verdict: str
    told: str


def who(said: Input) -> str:
    """`Ann (U1)`: mentions are the front end's."""
    name = plain_name(said.speaker_name)
    return f"{name} ({said.speaker})" if name and name != said.speaker else said.speaker


def already(kept: Kept) -> str:
    """For somebody who comes too late; nothing while it is open."""
    when = f"by {kept.by} at {clock_time(kept.at)}" if kept.by else f"at {clock_time(kept.at)}"
    match kept.fate:
        case "open":
            return ""
        case "done":
            return f"This change was approved {when}, and it was made."
        case "failed":
            return f"This change was approved {when}, and it failed. Ask for it again if you like."
        case "rejected":
            return f"This change was rejected {when}. Ask for it again if you like."
        case "expired":
            return "This proposal has expired, and nothing was run. Ask for the change again."
        case "void":
            return (
                f"This proposal became void {when}: the object was not any more as it had been."
                " Nothing was run. Ask for the change again."
            )
        case "running" | "unknown":
            return (
                f"This change was approved {when}, and Kaia lost sight of it while it was made: it"
                " may have been made or not. It is not started a second time. Ask for it again once"
                " you know how the object is."
            )


def rejected(proposal: Proposal, by: str, now: float) -> Ruling:
    line = f"Rejected by {by} at {clock_time(now)}"
    return _not_run(proposal, line, f"{by} rejected it.")


def expired(proposal: Proposal) -> Ruling:
    line = f"Expired at {clock_time(proposal.expires)}"
    why = f"The proposal expired at {clock_time(proposal.expires)}, before it was decided."
    return _not_run(proposal, line, f"{why} Ask for it again if it is still needed.")


def void(proposal: Proposal, why: str, now: float) -> Ruling:
    return _not_run(
        proposal, f"Void since {clock_time(now)}: {why}", f"The proposal is void. {why}"
    )


def _not_run(proposal: Proposal, verdict: str, why: str) -> Ruling:
    command = as_code(proposal.command)
    return Ruling(f"{command} was not run. {why}", verdict, f"{command} was not run. {why}")


def still_open(proposal: Proposal, by: str, why: str) -> str:
    """Approved, and yet nothing was begun."""
    return (
        f"{by} approved {as_code(proposal.command)}, but nothing was changed: {why.strip()} The"
        f" proposal stays open until {clock_time(proposal.expires)}: press Approve again."
    )


def dry_run_refused(proposal: Proposal, by: str, at: float, rehearsal: Receipt) -> Ruling:
    line = f"Approved by {by} at {clock_time(at)}; the dry run was refused, nothing was run"
    head = (
        f"{by} approved {as_code(proposal.command)}, but nothing was changed: the API server"
        f" refused it in a dry run ({how_it_ended(rehearsal)})."
    )
    advice = "Once the reason is mended, ask for the change again."
    told = f"{head} {_fenced(rehearsal)}"
    return Ruling("\n\n".join((head, _printed(rehearsal), advice)), line, told)


def not_started(proposal: Proposal, by: str, at: float, why: str) -> Ruling:
    line = f"Approved by {by} at {clock_time(at)}; it could not be started"
    said = (
        f"{by} approved {as_code(proposal.command)}, but the command could not be started, so"
        f" nothing was changed: {why.strip()} Ask for the change again."
    )
    return Ruling(said, line, said)


def carried_out(
    proposal: Proposal, by: str, at: float, receipts: tuple[Receipt, Receipt], now: str
) -> Ruling:
    """`receipts`: the dry run's, and the change's own."""
    rehearsal, result = receipts
    is_done = result.exit_code == 0
    ended = f"{'was run' if is_done else 'was run and failed'} ({how_it_ended(result)})"
    head = f"{as_code(proposal.command)} {ended}, approved by {by} at {clock_time(at)}."
    facts = [
        f"{head}\n{_printed(result)}",
        f"**Dry run before it:** {_briefly(rehearsal)}",
        f"**Undo:** {proposal.undo}" if is_done else "",
        as_it_is(proposal, now),
    ]
    verdict = f"Approved by {by} at {clock_time(at)}" + ("" if is_done else "; the command failed")
    return Ruling("\n\n".join(filter(None, facts)), verdict, f"{head} {_fenced(result)}")


CUT_SHORT = "the command was cut short"
RESTARTED = "Kaia was restarted before it knew how the command ended"


def unknown(proposal: Proposal, by: str, at: float, why: str, now: str) -> Ruling:
    head = (
        f"{as_code(proposal.command)} was approved by {by} at {clock_time(at)} and begun, but"
        f" {why}: it may have been made or not. I do not start it a second time. Look at the object"
        " before you ask for it again."
    )
    facts = filter(None, (head, f"**Undo:** {proposal.undo}", as_it_is(proposal, now)))
    verdict = f"Approved by {by} at {clock_time(at)}; its outcome is unknown"
    return Ruling("\n\n".join(facts), verdict, head)


def unshown(decided: Decided) -> str:
    """Where the whole of it cannot be put into a message."""
    return (
        f"What became of {as_code(decided.proposal.command)} cannot be shown here in full:"
        f" {decided.verdict}. My log says why under the reference; look at the object itself."
    )


def as_it_is(proposal: Proposal, now: str) -> str:
    return f"**Now:** {as_code(proposal.target)}: {now}" if now else ""


def _printed(receipt: Receipt) -> str:
    said = in_fence(shortened(receipt.output, _PRINTED))
    return "\n".join(filter(None, (receipt.note, said)))


def _briefly(receipt: Receipt) -> str:
    lines = receipt.output.strip().splitlines()
    return as_code(lines[0]) if len(lines) == 1 else f"\n{_printed(receipt)}"


def _fenced(receipt: Receipt) -> str:
    """What kubectl printed is data, for the model too."""
    return fence(receipt.output.strip()[:_PRINTED_FOR_THE_MODEL]) if receipt.output.strip() else ""


# What the model hears of it, once, with the next question

DECIDED = "decided"
"""The note that keeps what the model has not heard yet."""


def noted(notes: Mapping[str, Any], told: str) -> dict[str, Any]:
    return {DECIDED: [*notes.get(DECIDED, ()), told][-_DECISIONS_KEPT:]}


def told_now(notes: Mapping[str, Any]) -> str:
    """In front of the question; or nothing."""
    told: Sequence[str] = notes.get(DECIDED, ())
    if not told:
        return ""
    return "\n".join(("What became of proposed changes since then:", *told))


def heard(notes: Mapping[str, Any]) -> dict[str, Any]:
    return {DECIDED: []} if notes.get(DECIDED) else {}
