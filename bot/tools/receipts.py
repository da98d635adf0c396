"""A finished command as the receipt that is kept of it; it runs nothing."""

from dataclasses import dataclass

from bot.dialogue import Receipt
from bot.tools.runner import Ran

RECEIPT_CHARS = 262_144
"""Output that a receipt keeps."""


@dataclass(frozen=True, slots=True)
class Call:
    """What is known of a command beside what came of it."""

    number: int
    tool: str
    command: str
    """Holds no secret."""
    verdict: str
    started: float


def receipt_of(call: Call, ran: Ran) -> Receipt:
    output, note = joined(ran.stdout, ran.stderr), ran.note
    if len(output) > RECEIPT_CHARS:
        output = output[: output.rfind("\n", 0, RECEIPT_CHARS) + 1 or RECEIPT_CHARS]
        note = "; ".join(filter(None, (note, f"kept up to {RECEIPT_CHARS // 1024} kB")))
    return Receipt(
        number=call.number,
        tool=call.tool,
        command=call.command,
        verdict=call.verdict,
        exit_code=ran.exit_code,
        output=output,
        note=note,
        started=call.started,
        seconds=ran.seconds,
        bytes=ran.bytes,
        redactions=ran.redactions,
    )


def joined(stdout: str, stderr: str) -> str:
    if stdout and stderr and not stdout.endswith("\n"):
        stdout += "\n"
    return stdout + stderr


def not_run(why: str) -> Ran:
    """What there is to keep of a command that never started."""
    return Ran("", "", None, why, 0.0)
