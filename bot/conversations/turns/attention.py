"""Pure: whether something said in a thread that Kaia owns is for it, where several people talk."""

from collections.abc import Mapping
from typing import Any, Literal

from bot.conversations import words
from bot.conversations.asides import is_errand
from bot.conversations.turns import heard, people, phrasing
from bot.dialogue import Input

Judgement = Literal["answer", "listen", "offer"]

_KAIA = ("Kaia",)
_OFFERED_AT = 2
"""With so many things that were listened to, people are told of it."""


def judge(said: Input, notes: Mapping[str, Any]) -> Judgement:
    """`offer`: to be listened to, and the moment to say, once, that Kaia listens."""
    if is_for_kaia(said, notes):
        return "answer"
    talk = heard.of(notes)
    return "offer" if not talk.is_offered and talk.count + 1 >= _OFFERED_AT else "listen"


def is_surely_for_kaia(said: Input) -> bool:
    """Whatever was said before."""
    return bool(said.addressed or said.is_machine or said.watch) or said.decision is not None


def is_for_kaia(said: Input, notes: Mapping[str, Any]) -> bool:
    if is_surely_for_kaia(said):
        return True
    if said.mentions:
        return False
    if is_word(said.text) or phrasing.is_called(said.text, _KAIA) or _is_spoken(said):
        return True
    if _is_for_somebody_else(said, notes):
        return False
    return phrasing.asks(said.text) or _is_alone(said, notes) or _answers_kaia(said, notes)


def is_to_be_judged_by_ear(said: Input) -> bool:
    """A clip that stood alone and that nobody addressed to Kaia: once heard, it is judged anew."""
    if is_surely_for_kaia(said) or said.mentions or said.text.strip():
        return False
    return bool(said.files) and all(file.kind == "voice" for file in said.files)


def is_word(text: str) -> bool:
    """Meant for Kaia, whoever else is there."""
    return is_errand(text) or words.is_thanks(text)


def _is_spoken(said: Input) -> bool:
    """A voice clip and nothing else: nobody knows what it says before it is heard."""
    return not said.text.strip() and any(file.kind == "voice" for file in said.files)


def _is_for_somebody_else(said: Input, notes: Mapping[str, Any]) -> bool:
    known = people.of(notes)
    others = [about["name"] for person, about in known.items() if person != said.speaker]
    return phrasing.is_called(said.text, others) or phrasing.is_calling_somebody(said.text)


def _is_alone(said: Input, notes: Mapping[str, Any]) -> bool:
    return not set(people.of(notes)) - {said.speaker}


def _answers_kaia(said: Input, notes: Mapping[str, Any]) -> bool:
    """Kaia spoke last, to this person or with a question to all; and nobody waits for theirs."""
    talk = heard.of(notes)
    if talk.last != heard.KAIA or said.speaker in talk.called:
        return False
    return talk.asks_back or talk.asker in ("", said.speaker)
