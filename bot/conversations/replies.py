"""Pure: what Kaia says by herself, without a model: help, status, stopped, a receipt again."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.conversations.closing import spoken_seconds
from bot.conversations.records import Outlook, Stopped
from bot.dialogue import Attachment, Input, Notice, Receipt

_QUOTED = 80
_NAMED = 40
_SHOWN = 3_000
"""Characters of a receipt's output in a message, of a longer one its beginning and its end: the
whole is attached."""

HELP = """\
Ask me about the cluster in your own words. I look with `kubectl`, read-only, and say what I found.

- Replies in this thread go on without a mention.
- `stop` ends what I am doing here and drops what waits.
- `status` says what I am doing here.
- `show 3` shows command 3 with its output, `rerun 3` runs it again and says what differs.
- `what changed?` compares the cluster with how it was when this conversation began.
- `Thanks!` closes the conversation; a mention opens it again."""

NOT_AT_WORK = "You're welcome! Nothing is open here; mention me with a question whenever you like."

PARTIAL = (
    "Partial: the model used up its commands for this question and answered from what it had seen."
)

WITHOUT_MODEL = (
    "The model did not answer: {why}. What follows is partial: it was put together without a"
    " model, from what was found until then."
)

NO_CLUSTER_THEN = (
    "I have no picture of the cluster from the beginning of this conversation to compare with:"
    " ask me a question about it first."
)

POISONED = (
    "I tried this three times, and each time my process ended before I had an answer, so I have"
    " stopped trying. The thread goes on: ask again in other words, or look into my log with the"
    " reference."
)

BROKEN = (
    "Something went wrong inside me while I worked on this, so there is no answer. Nothing was"
    " changed in the cluster. Please ask again; if it happens again, my log says more under the"
    " reference."
)


def greeting(about: str) -> Notice:
    return Notice(f"Hello! {about.strip()}\n\n{HELP}".strip())


def help_notice(about: str) -> Notice:
    return Notice(f"{HELP}\n\n{about.strip()}".strip())


def spoken(said: Input) -> str:
    """For the model: who says it, in front of what is said."""
    name = plain_name(said.speaker_name)
    who = f"{name} ({said.speaker})" if name and name != said.speaker else said.speaker
    return f"{who}: {said.text}"


def plain_name(name: str) -> str:
    """A display name is free text: nothing of it may look like another speaker or a new line."""
    kept = "".join(sign if _is_of_a_name(sign) else " " for sign in name)
    return " ".join(kept.split())[:_NAMED].strip()


def _is_of_a_name(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LMN" or sign in "-'._"


def stopped_notice(stopped: Stopped) -> Notice:
    match stopped.running, stopped.waiting:
        case (), 0:
            return Notice("Nothing is running in this thread.")
        case (), waiting:
            return Notice(f"Stopped. {_waiting_dropped(waiting)}. Ask again when you like.")
        case _, 0:
            return Notice("Stopped. Ask again when you like.")
        case _, waiting:
            return Notice(f"Stopped. {_waiting_dropped(waiting)} too. Ask again when you like.")


def _waiting_dropped(waiting: int) -> str:
    return (
        "1 waiting question was dropped"
        if waiting == 1
        else f"{waiting} waiting questions were dropped"
    )


def status_notice(outlook: Outlook, *, doing: str, is_open: bool, now: float) -> Notice:
    """`doing` is the step under way, or nothing."""
    waiting = _waits(outlook.waiting)
    if outlook.running is None:
        return Notice(_idle(is_open) if not waiting else f"About to begin. {waiting}")
    turn = outlook.running
    since = f"{_clock_time(turn.started)} ({spoken_seconds(now - turn.started)})"
    parts = [
        f"Working on {quoted(turn.said.text)} since {since}.",
        f"Right now: {quoted(doing)}." if doing else "",
        waiting or "Nothing waits behind it.",
        "`stop` ends it.",
    ]
    return Notice(" ".join(part for part in parts if part))


def _idle(is_open: bool) -> str:
    if is_open:
        return "Nothing is running here. The conversation is open: go on without a mention."
    return "Nothing is running here, and no conversation is open. Mention me to begin one."


def _waits(waiting: Sequence[Input]) -> str:
    if not waiting:
        return ""
    first = ", ".join(quoted(said.text) for said in waiting[:3])
    more = f" and {len(waiting) - 3} more" if len(waiting) > 3 else ""
    verb = "waits" if len(waiting) == 1 else "wait"
    return f"{len(waiting)} {verb}: {first}{more}."


def quoted(text: str) -> str:
    """One short line of it, that cannot end the quotation or format what follows."""
    line = " ".join(text.split()).replace("`", "'")
    return f"`{line if len(line) <= _QUOTED else line[: _QUOTED - 1] + '…'}`"


def no_such_receipt(number: int, newest: int) -> Notice:
    if newest < 1:
        return Notice("No command has been run in this thread yet, so there is nothing to show.")
    which = "only command 1" if newest == 1 else f"commands 1 to {newest}"
    return Notice(f"There is no command {number} in this thread. It has {which}.")


def receipt_notice(receipt: Receipt, *, cluster: str) -> Notice:
    begun = datetime.fromtimestamp(receipt.started, UTC)
    facts = [
        f"**{receipt.number}.** {_as_code(receipt.command)}",
        f"{begun:%Y-%m-%d %H:%M:%S} UTC, cluster {_as_code(cluster)}, {_how_it_ended(receipt)}",
    ]
    if receipt.note:
        facts.append(receipt.note)
    if receipt.redactions:
        facts.append(_hidden(receipt.redactions))
    if receipt.verdict != "refused":
        facts.append(_in_fence(_bounded(receipt.output)))
    is_long = len(receipt.output) > _SHOWN and receipt.verdict != "refused"
    attached = Attachment(f"command-{receipt.number}.txt", receipt.output) if is_long else None
    return Notice("\n".join(facts), attached)


def _hidden(redactions: int) -> str:
    return f"{redactions} secret{'' if redactions == 1 else 's'} hidden."


def rerun_notice(before: Receipt, after: Receipt, difference: str) -> Notice:
    begun = datetime.fromtimestamp(before.started, UTC)
    head = (
        f"**{after.number}.** {_as_code(after.command)} again ({_how_it_ended(after)}),"
        f" compared with {before.number} of {begun:%Y-%m-%d %H:%M:%S} UTC:"
    )
    return Notice(f"{head}\n\n{difference}")


def not_run_again(before: Receipt, why: str) -> Notice:
    return Notice(f"{_as_code(before.command)} was not run again: {' '.join(why.split())}")


def _how_it_ended(receipt: Receipt) -> str:
    if receipt.verdict == "refused":
        return "refused, not run"
    if receipt.exit_code is None:
        return f"ended before its own end after {receipt.seconds:.1f} s"
    return f"exit {receipt.exit_code}, {receipt.seconds:.1f} s, {_spoken_bytes(receipt.bytes)}"


def _spoken_bytes(count: int) -> str:
    return f"{count / 1000:.1f} kB" if count >= 1000 else f"{count} B"


def _as_code(command: str) -> str:
    return "`" + " ".join(command.split()).replace("`", "'") + "`"


def _in_fence(output: str) -> str:
    """Three backticks in a row within it would end it early."""
    if not output.strip():
        return "It printed nothing."
    return "```\n" + re.sub("`{3,}", lambda ticks: "'" * len(ticks[0]), output).rstrip() + "\n```"


def _bounded(output: str) -> str:
    if len(output) <= _SHOWN:
        return output
    head, tail = output[: _SHOWN * 2 // 3], output[-_SHOWN // 3 :]
    return f"{head}\n… {len(output) - len(head) - len(tail)} characters left out …\n{tail}"


def _clock_time(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%H:%M:%S} UTC"
