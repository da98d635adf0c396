"""What an outcome says, as Markdown that is not yet made safe; pure, and knows no blocks."""

from dataclasses import dataclass
from typing import assert_never

from bot.dialogue import Answer, Closed, Decided, Failure, Notice, Outcome, Receipt
from bot.languages import Phrases, speaking
from bot.slack.wording.text import code

_COMMAND_CHARACTERS = 300
_SHORT_REMARK_CHARACTERS = 120
_BY_RULES = "builtin"
"""Who words answers without a model."""


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
            return Words(f"{outcome.sentence}\n\n{_reference(outcome, cluster)}")
        case Decided():
            receipts = _receipts(outcome.receipts, speaking("en"))
            shown = _sections(outcome.markdown, _place(cluster), receipts)
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
    evidence = _sections(_remarks(long), _receipts(answer.receipts, speaking(answer.language)))
    return Words(said, evidence, _title(answer, long), _origin(answer))


def _title(answer: Answer, remarks: list[str]) -> str:
    say = speaking(answer.language)
    commands = _counted(len(answer.receipts), say.one_command, say.commands)
    counted = (commands, _counted(len(remarks), say.one_remark, say.remarks))
    return say.evidence.format(counted=", ".join(filter(None, counted)))


def _counted(count: int, one: str, many: str) -> str:
    return one if count == 1 else many.format(count=count) if count else ""


def _reference(failure: Failure, cluster: str) -> str:
    say, reference = speaking(failure.language), code(failure.reference)
    if not cluster:
        return say.reference.format(reference=reference)
    return say.cluster_reference.format(name=code(cluster), reference=reference)


def _remarks(remarks: list[str]) -> str:
    return "\n".join(f"_{remark}_" for remark in remarks)


def _sections(*sections: str) -> str:
    return "\n\n".join(_with_closed_fence(section) for section in sections if section)


def _receipts(receipts: tuple[Receipt, ...], say: Phrases) -> str:
    return "\n".join(_receipt(receipt, say) for receipt in receipts)


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
    say = speaking(answer.language)
    by = say.worded_by_rules if answer.source == _BY_RULES else say.worded_by
    parts = [say.cluster.format(name=code(answer.cluster))]
    parts += [by.format(source=code(answer.source))] if answer.source else []
    return " · ".join([*parts, say.times])


def _receipt(receipt: Receipt, say: Phrases) -> str:
    command = receipt.command
    if len(command) > _COMMAND_CHARACTERS:
        command = f"{command[:_COMMAND_CHARACTERS]}…"
    return f"- {receipt.number} {code(command)} {_ending(receipt, say)}"


def _ending(receipt: Receipt, say: Phrases) -> str:
    note = " ".join(receipt.note.split())
    if receipt.verdict == "refused":
        return say.refused_why.format(note=note) if note else say.refused
    if receipt.exit_code is None:
        return note or say.did_not_end
    return ", ".join(filter(None, (say.exit.format(code=receipt.exit_code), note)))
