"""What words of questions are in English, as far as reading a question needs it; lists only.

It is no translation: of a verb only that something works or fails counts, an ending says nothing,
and what only colours a sentence is left out (under `-`). Longer phrases are found first.
"""

from bot.languages.vocabulary.french import FRENCH
from bot.languages.vocabulary.german import GERMAN
from bot.languages.vocabulary.spanish import PORTUGUESE, SPANISH


def _read(table: str) -> dict[str, str]:
    lines = (line.partition(": ") for line in table.strip().splitlines())
    return {word.strip(): said.strip("-") for said, _, words in lines for word in words.split(",")}


VOCABULARY = {
    "de": _read(GERMAN),
    "fr": _read(FRENCH),
    "es": _read(SPANISH),
    "pt": _read(PORTUGUESE),
}
"""Language -> word or phrase -> in English; where nothing stands, it is left out."""
