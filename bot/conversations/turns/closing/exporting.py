"""What a conversation gives to an export: its question, its cause and its receipts; pure.

Nobody's name is in it. The words of a question stay as they were asked, but for whom they mention.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from bot.conversations.spans import day, moment
from bot.conversations.turns.closing.facts import KAIA, Exchange, Facts, Finding
from bot.dialogue import Receipt
from bot.recordings.incident import Incident, Kept, PastReceipt
from bot.redaction.marks import is_redacted
from bot.tools.keeping import LOOKED

SCENARIO = "scenario.yaml"
_FORMAT = 1
_ABOUT_CHARS = 400
_QUESTION_CHARS = 4_000
_FOLLOW_UP_CHARS = 400
_MOST_FOLLOW_UPS = 20
_MOST_VALUES = 3
_MOST_NAMES = 20
_CAUSE_CHARS = 2_000
_MOST_RECEIPTS = 400
_OTHERWISE = "what is wrong?"
_UNCONFIRMED = (
    "Not confirmed in the conversation. Write here what it was, and in `must` what to say."
)
_ID = re.compile(r"<[@!][A-Z0-9]+(?:\|[^<>]*)?>")
_MENTION = re.compile(r"(?<!\S)@[^\s@,.:;!?()]+")
_CITED = re.compile(r" ?\[\d+(?:, ?\d+)*\]")
_QUOTED = re.compile(r"`([^`]{2,120})`|\"([^\"]{2,120})\"|(?<!\w)'([^']{2,120})'(?!\w)")
_TELLING = re.compile(r"[\d./:_-]")


def incident_of(facts: Facts, notes: Mapping[str, Any], *, namespace: str, source: str) -> Incident:
    """`namespace` is the channel's own, or empty; `source` names the thread."""
    kept = Kept.from_json(notes.get(LOOKED))
    if kept is not None and kept.at.timestamp() < facts.opened:
        kept = None  # of a trouble before this one
    until = over_since(facts)
    receipts = [_past(each, until) for each in facts.receipts if _is_kubectl(each)]
    return Incident(
        kept,
        tuple(receipts[:_MOST_RECEIPTS]),
        namespace or "default",
        note=f"From a conversation of {day(facts.opened)}: {_about(facts)}",
        files={SCENARIO: _scenario(facts, namespace, source)},
    )


def confirmed(facts: Facts) -> Finding | None:
    found = facts.decisive
    is_sure = found is not None and (found.says, found.certainty) == ("cause", "CONFIRMED")
    return found if is_sure else None


def over_since(facts: Facts) -> float:
    """When somebody changed the cluster, or Kaia said that all is well again: what was read after
    that shows no trouble. Infinite where it did not end.
    """
    changed = (each.started for each in facts.receipts if each.verdict == "write")
    cause = facts.decisive
    well = facts.recovered(cause) if cause is not None else None
    return min((*changed, *([well.at] if well is not None else ())), default=float("inf"))


def _scenario(facts: Facts, namespace: str, source: str) -> str:
    question, follow_ups = _asked(facts)
    cause = confirmed(facts)
    expected: dict[str, Any] = {
        "format": _FORMAT,
        "about": _about(facts),
        "question": question,
        "follow_ups": follow_ups,
        "namespace": namespace,
        "must": list(_must(cause)) if cause is not None else [],
        "cause": _cause(cause) if cause is not None else _UNCONFIRMED,
        "source": f"{source}, {moment(facts.opened)}"[:_ABOUT_CHARS],
        "builtin": False,
    }
    shown = {key: value for key, value in expected.items() if value != "" and value != []}
    return yaml.safe_dump(shown, sort_keys=False, allow_unicode=True, width=100)


def _about(facts: Facts) -> str:
    cause = confirmed(facts)
    said = _plain(cause.verdict).partition(" · ")[2] if cause is not None else _asked(facts)[0]
    return " ".join(said.split())[:_ABOUT_CHARS] or _OTHERWISE


def _asked(facts: Facts) -> tuple[str, list[str]]:
    """The question, and what people asked further as long as the trouble lasted."""
    until = over_since(facts)
    asked = [each for each in facts.exchanges if _is_question(each)]
    question = _unnamed(asked[0].asked.entry.text, facts) if asked else ""
    people = [
        _unnamed(each.asked.entry.text, facts)
        for each in asked[1:]
        if _is_of_person(each) and _when(each) < until
    ]
    fitting = [each for each in people if 0 < len(each) <= _FOLLOW_UP_CHARS]
    return question[:_QUESTION_CHARS] or _OTHERWISE, fitting[:_MOST_FOLLOW_UPS]


def _is_question(exchange: Exchange) -> bool:
    return exchange.finding is not None and exchange.asked.entry.speaker != KAIA


def _is_of_person(exchange: Exchange) -> bool:
    """Apps go by the ids of their bots."""
    return not exchange.asked.entry.speaker.startswith("B")


def _when(exchange: Exchange) -> float:
    return exchange.finding.at if exchange.finding is not None else exchange.asked.kept


def _unnamed(text: str, facts: Facts) -> str:
    for name in sorted(facts.people.values(), key=len, reverse=True):
        text = text.replace(f"@{name}", "someone") if name else text
    return _MENTION.sub("someone", _ID.sub("someone", text)).strip()


def _cause(found: Finding) -> str:
    return "\n".join(map(_plain, (found.verdict, *found.lead[:1])))[:_CAUSE_CHARS]


def _must(found: Finding) -> Iterator[list[str]]:
    """One of its names; of what its cause quotes, what is no plain word."""
    said = _plain(" ".join((found.verdict, *found.lead[:1])))
    names = sorted({name for _, _, name in found.about if name}, key=lambda each: (len(each), each))
    told = [each for each in names if each in said] or names
    if told:
        yield told[:_MOST_NAMES]
    quoted = (next(filter(None, one)) for one in _QUOTED.findall(said))
    values: list[str] = []
    for each in quoted:
        if _is_telling(each, names) and not any(each in taken for taken in values):
            values.append(each)
    yield from (_spellings(each) for each in values[:_MOST_VALUES])


def _is_telling(value: str, names: Sequence[str]) -> bool:
    is_other = not any(value in each or each == value for each in names)
    is_command = value.startswith(("kubectl ", "kaia "))
    return is_other and not is_command and not is_redacted(value) and bool(_TELLING.search(value))


def _spellings(value: str) -> list[str]:
    """An image's tag, a path's last part: whoever says that says enough."""
    last = re.split(r"[/:]", value)[-1]
    return [value] if last == value or not _TELLING.search(last) else [value, last]


def _plain(markdown: str) -> str:
    return _CITED.sub("", markdown.replace("**", "")).strip()


def _is_kubectl(receipt: Receipt) -> bool:
    return receipt.tool == "kubectl" and receipt.verdict == "read"


def _past(receipt: Receipt, until: float) -> PastReceipt:
    return PastReceipt(
        receipt.number,
        receipt.command,
        receipt.exit_code,
        receipt.output,
        receipt.note,
        receipt.started,
        answers=receipt.started < until and receipt.exit_code is not None,
    )
