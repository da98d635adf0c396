"""What an outcome says, as Markdown that is not yet made safe; pure, and knows no blocks."""

from dataclasses import dataclass
from typing import assert_never

from bot.dialogue import Answer, Closed, Decided, Failure, Notice, Outcome, Receipt
from bot.slack.wording.text import code

_COMMAND_CHARACTERS = 300
_SHORT_REMARK_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class Words:
    said: str
    evidence: str = ""
    """What many will not read: the commands, and long remarks. May be folded."""
    title: str = ""
    """What the evidence is, in a line."""
    place: str = ""
    """The last line of what is said: of which cluster, and who has worded it."""


def worded(outcome: Outcome, cluster: str) -> Words:
    match outcome:
        case Answer():
            return _answer(outcome)
        case Notice() | Closed():
            return Words(outcome.markdown)
        case Failure():
            place = f"Cluster {code(cluster)} · reference" if cluster else "Reference"
            return Words(f"{outcome.sentence}\n\n{place} {code(outcome.reference)}")
        case Decided():
            shown = _sections(outcome.markdown, _place(cluster), _receipts(outcome.receipts))
            return Words(shown)
        case _:
            assert_never(outcome)


def _answer(answer: Answer) -> Words:
    short = [one for one in answer.remarks if len(one) <= _SHORT_REMARK_CHARACTERS]
    long = [one for one in answer.remarks if len(one) > _SHORT_REMARK_CHARACTERS]
    said = _sections(
        "\n".join(line for line in (answer.verdict, *answer.lead) if line),
        answer.caveat.strip(),
        answer.markdown.strip(),
        _remarks(short),
        _origin(answer),
    )
    evidence = _sections(_remarks(long), _receipts(answer.receipts))
    return Words(said, evidence, _title(answer, long), _origin(answer))


def _title(answer: Answer, remarks: list[str]) -> str:
    counted = {"command": len(answer.receipts), "remark": len(remarks)}
    told = [f"{n} {what}{'' if n == 1 else 's'}" for what, n in counted.items() if n]
    return f"Evidence: {', '.join(told)}"


def _remarks(remarks: list[str]) -> str:
    return "\n".join(f"_{remark}_" for remark in remarks)


def _sections(*sections: str) -> str:
    return "\n\n".join(_with_closed_fence(section) for section in sections if section)


def _receipts(receipts: tuple[Receipt, ...]) -> str:
    return "\n".join(_receipt(receipt) for receipt in receipts)


def _place(cluster: str) -> str:
    return f"Cluster {code(cluster)} · times are UTC" if cluster else ""


def _with_closed_fence(markdown: str) -> str:
    """A fence the model left open would swallow what code lists below it."""
    fence = ""
    for line in markdown.splitlines():
        mark = line.strip()[:3]
        if mark in {"```", "~~~"}:
            fence = mark if not fence else ("" if mark == fence else fence)
    return f"{markdown}\n{fence}" if fence else markdown


def _origin(answer: Answer) -> str:
    parts = [f"Cluster {code(answer.cluster)}"]
    parts += [f"worded by {code(answer.source)}"] if answer.source else []
    parts += ["times are UTC"]
    return " · ".join(parts)


def _receipt(receipt: Receipt) -> str:
    command = receipt.command
    if len(command) > _COMMAND_CHARACTERS:
        command = f"{command[:_COMMAND_CHARACTERS]}…"
    return f"- {receipt.number} {code(command)} {_ending(receipt)}"


def _ending(receipt: Receipt) -> str:
    note = " ".join(receipt.note.split())
    if receipt.verdict == "refused":
        return f"refused: {note}" if note else "refused"
    if receipt.exit_code is None:
        return note or "did not end"
    return f"exit {receipt.exit_code}, {note}" if note else f"exit {receipt.exit_code}"
