"""In which language somebody asks, and what code says around an answer in it.

It translates nothing that a model, a check or the cluster says.
"""

from collections.abc import Mapping
from typing import Any

from bot.languages.detection import language_of
from bot.languages.english import ENGLISH
from bot.languages.french import FRENCH
from bot.languages.german import GERMAN
from bot.languages.phrases import Phrases
from bot.languages.spanish import SPANISH

__all__ = [
    "ENGLISH",
    "LANGUAGES",
    "NOTE",
    "Phrases",
    "answering",
    "certainty_of",
    "language_of",
    "speaking",
]

NOTE = "language"
"""The note of a conversation that keeps in which it was spoken last."""

LANGUAGES: Mapping[str, Phrases] = {each.code: each for each in (ENGLISH, GERMAN, FRENCH, SPANISH)}


def speaking(code: str) -> Phrases:
    """English where nobody knows the language: another release may have kept it."""
    return LANGUAGES.get(code, ENGLISH)


def answering(text: str, notes: Mapping[str, Any]) -> Phrases:
    """For whoever said this in a conversation with these notes."""
    return speaking(language_of(text, str(notes.get(NOTE) or "")))


def certainty_of(line: str) -> str:
    """`CONFIRMED`, `LIKELY` or `INCONCLUSIVE`, from a verdict's line in any language; or nothing.

    Only what the line begins with counts: the rest quotes names.
    """
    for each in LANGUAGES.values():
        for name in ("confirmed", "likely", "inconclusive"):
            if line.startswith(f"**{getattr(each, name)}**"):
                return str(getattr(ENGLISH, name))
    return ""
