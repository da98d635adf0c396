"""Pure: a command and what it printed, as people are shown them again."""

import re
from datetime import UTC, datetime

from bot.dialogue import Attachment, Notice, Receipt

_SHOWN = 3_000
"""Characters of a receipt's output in a message, of a longer one its beginning and its end: the
whole is attached."""
_NOT_RUN = ("refused", "proposed")


def no_such_receipt(number: int, newest: int) -> Notice:
    if newest < 1:
        return Notice("No command has been run in this thread yet, so there is nothing to show.")
    which = "only command 1" if newest == 1 else f"commands 1 to {newest}"
    return Notice(f"There is no command {number} in this thread. It has {which}.")


def receipt_notice(receipt: Receipt, *, cluster: str) -> Notice:
    begun = datetime.fromtimestamp(receipt.started, UTC)
    facts = [
        f"**{receipt.number}.** {as_code(receipt.command)}",
        f"{begun:%Y-%m-%d %H:%M:%S} UTC, cluster {as_code(cluster)}, {how_it_ended(receipt)}",
    ]
    if receipt.note:
        facts.append(receipt.note)
    if receipt.redactions:
        facts.append(_hidden(receipt.redactions))
    if receipt.verdict != "refused":
        facts.append(in_fence(shortened(receipt.output)))
    is_long = len(receipt.output) > _SHOWN and receipt.verdict != "refused"
    attached = Attachment(f"command-{receipt.number}.txt", receipt.output) if is_long else None
    return Notice("\n".join(facts), attached)


def _hidden(redactions: int) -> str:
    return f"{redactions} secret{'' if redactions == 1 else 's'} hidden."


def rerun_notice(before: Receipt, after: Receipt, difference: str) -> Notice:
    begun = datetime.fromtimestamp(before.started, UTC)
    head = (
        f"**{after.number}.** {as_code(after.command)} again ({how_it_ended(after)}),"
        f" compared with {before.number} of {begun:%Y-%m-%d %H:%M:%S} UTC:"
    )
    return Notice(f"{head}\n\n{difference}")


def not_run_again(before: Receipt, why: str) -> Notice:
    return Notice(f"{as_code(before.command)} was not run again: {' '.join(why.split())}")


def how_it_ended(receipt: Receipt) -> str:
    if receipt.verdict in _NOT_RUN:
        return f"{receipt.verdict}, not run"
    if receipt.exit_code is None:
        return f"ended before its own end after {receipt.seconds:.1f} s"
    return f"exit {receipt.exit_code}, {receipt.seconds:.1f} s, {_spoken_bytes(receipt.bytes)}"


def _spoken_bytes(count: int) -> str:
    return f"{count / 1000:.1f} kB" if count >= 1000 else f"{count} B"


def as_code(command: str) -> str:
    return "`" + " ".join(command.split()).replace("`", "'") + "`"


def in_fence(output: str) -> str:
    """Three backticks in a row within it would end it early."""
    if not output.strip():
        return "It printed nothing."
    return "```\n" + re.sub("`{3,}", lambda ticks: "'" * len(ticks[0]), output).rstrip() + "\n```"


def shortened(output: str, chars: int = _SHOWN) -> str:
    if len(output) <= chars:
        return output
    head, tail = output[: chars * 2 // 3], output[-chars // 3 :]
    return f"{head}\n… {len(output) - len(head) - len(tail)} characters left out …\n{tail}"
