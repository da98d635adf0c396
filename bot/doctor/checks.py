"""What the doctor found about one thing; it holds no secret."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warning", "failed"]


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    state: State
    sentence: str
    """What is so."""
    advice: str = ""
    """What a person can do; empty where there is nothing to do."""


def failed(name: str, text: str) -> Check:
    """From the sentences of an error, the last of which says what to do."""
    sentence, _, advice = text.rpartition(". ")
    return (
        Check(name, "failed", f"{sentence}.", advice) if sentence else Check(name, "failed", text)
    )
