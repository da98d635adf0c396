"""Pure: messages that code answers alone, whole as they are; it answers none of them.

People may say them where nothing is open, and above the cap of an hour.
"""

from collections.abc import Callable

from bot.conversations import words
from bot.dialogue import Input

_Asks = Callable[[str], object]
_WORDS: tuple[_Asks, ...] = (
    words.word_of,
    words.is_changes_asked,
    words.is_summary_asked,
    words.is_sent_asked,
    words.is_forget_asked,
    words.is_broadcast_asked,
    words.is_export_asked,
)
_WORDS_WITH_MORE: tuple[_Asks, ...] = (
    words.receipt_asked_for,
    words.rerun_asked_for,
    words.watch_asked_for,
    words.unwatch_asked_for,
    words.is_chart_asked,
)


def is_errand(text: str) -> bool:
    return any(asks(text) for asks in _WORDS) or any(
        asked_for(text) is not None for asked_for in _WORDS_WITH_MORE
    )


def is_aside(said: Input) -> bool:
    """An errand, or thanks, of a person: no question that counts towards a cap. What apps say to
    each other counts, whatever it is; so does an export, which reads the cluster for a while.
    """
    is_said = not said.is_machine and not said.watch and said.decision is None
    is_light = is_errand(said.text) and not words.is_export_asked(said.text)
    return is_said and (is_light or words.is_thanks(said.text))
