"""What a conversation gives to an export: its question, its cause and its receipts; pure.

Who asked is not named, nor whom a question mentions. Its other words stay as they were asked, also
where they name somebody.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from bot.conversations.spans import day, moment
from bot.conversations.turns.closing.expecting import facts_to_say, plain
from bot.conversations.turns.closing.facts import KAIA, Exchange, Facts, Finding
from bot.dialogue import Receipt
from bot.recordings.incident import Incident, Kept, PastReceipt
from bot.tools.keeping import LOOKED

SCENARIO = "scenario.yaml"
_FORMAT = 1
_ABOUT_CHARS = 400
_QUESTION_CHARS = 4_000
_FOLLOW_UP_CHARS = 400
_MOST_FOLLOW_UPS = 20
_CAUSE_CHARS = 2_000
_MOST_RECEIPTS = 400
_OTHERWISE = "what is wrong?"
_UNCONFIRMED = (
    "Not confirmed in the conversation. Write here what it was, and in `must` what to say."
)
_ID = re.compile(r"<[@!][A-Z0-9]+(?:\|[^<>]*)?>")
_MENTION = re.compile(r"(?<!\S)@[^\s@,.:;!?()]+")


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
        note=f"From a conversation of {day(facts.opened)}: {_about(facts, kept)}",
        files={SCENARIO: _scenario(facts, kept, namespace, source)},
    )


def to_do(incident: Incident) -> str:
    """What is left to whoever has it, in a sentence."""
    expected = yaml.safe_load(incident.files[SCENARIO])
    if expected.get("must"):
        return "What answers must say stands in `scenario.yaml`, taken from the confirmed cause."
    if expected["cause"] == _UNCONFIRMED:
        return "Nothing was confirmed: write what answers must say into `scenario.yaml`."
    return (
        "The confirmed cause says nothing that the question does not say: write what answers must"
        " say into `scenario.yaml`."
    )


def _confirmed(facts: Facts, kept: Kept | None) -> Finding | None:
    """The last cause that was confirmed of what the scenario shows."""
    sure = [each for each in (*facts.others, facts.decisive) if each is not None and _is_sure(each)]
    return next((each for each in reversed(sure) if _is_shown(each, kept)), None)


def _is_sure(found: Finding) -> bool:
    return (found.says, found.certainty) == ("cause", "CONFIRMED")


def _is_shown(found: Finding | None, kept: Kept | None) -> bool:
    """Where no look was kept, all is read as it is now."""
    if kept is None or found is None:
        return True
    return kept.holds({namespace for _, namespace, _ in found.about})


def over_since(facts: Facts) -> float:
    """When somebody changed the cluster, or Kaia said that all is well again: what was read after
    that shows no trouble. Infinite where it did not end.
    """
    changed = (each.started for each in facts.receipts if each.verdict == "write")
    cause = facts.decisive
    well = facts.recovered(cause) if cause is not None else None
    return min((*changed, *([well.at] if well is not None else ())), default=float("inf"))


def _scenario(facts: Facts, kept: Kept | None, namespace: str, source: str) -> str:
    asked = _asked(facts, kept)
    question, follow_ups = _questions(asked, facts)
    cause = _confirmed(facts, kept)
    is_sure_at_once = bool(asked and asked[0].finding and _is_sure(asked[0].finding))
    said = (question, *follow_ups)
    expected: dict[str, Any] = {
        "format": _FORMAT,
        "about": _about(facts, kept),
        "question": question,
        "follow_ups": follow_ups,
        "namespace": namespace,
        "must": list(facts_to_say(cause, said)) if cause is not None else [],
        "verdict": ["CONFIRMED", "LIKELY"] if is_sure_at_once else [],
        "cause": _cause(cause) if cause is not None else _UNCONFIRMED,
        "source": f"{source}, {moment(facts.opened)}"[:_ABOUT_CHARS],
        "builtin": False,
    }
    shown = {key: value for key, value in expected.items() if value != "" and value != []}
    return yaml.safe_dump(shown, sort_keys=False, allow_unicode=True, width=100)


def _about(facts: Facts, kept: Kept | None) -> str:
    cause = _confirmed(facts, kept)
    question = _questions(_asked(facts, kept), facts)[0]
    said = plain(cause.verdict).partition(" · ")[2] if cause is not None else question
    return " ".join(said.split())[:_ABOUT_CHARS] or _OTHERWISE


def _asked(facts: Facts, kept: Kept | None) -> list[Exchange]:
    """Questions about what the scenario shows; of all where none is."""
    asked = [each for each in facts.exchanges if _is_question(each)]
    return [each for each in asked if _is_shown(each.finding, kept)] or asked


def _questions(asked: Sequence[Exchange], facts: Facts) -> tuple[str, list[str]]:
    """The first, and what people asked further as long as the trouble lasted."""
    until = over_since(facts)
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
    return "\n".join(map(plain, (found.verdict, *found.lead[:1])))[:_CAUSE_CHARS]


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
