"""What the home tab says of channels, in words; the rest is the engine's own."""

import pytest

from bot.app.home import where_it_answers
from bot.settings import Settings


@pytest.mark.parametrize(
    ("channels", "words"),
    [
        (frozenset(), "every channel that I am invited to"),
        (frozenset({"C0123", "#ops"}), "Only in `#ops`, `C0123`."),
        (frozenset({"#ops", "im"}), "Only in `#ops` and in direct messages."),
        (frozenset({"im"}), "Only in direct messages."),
    ],
)
def test_where_kaia_answers_is_said_in_words(channels: frozenset[str], words: str) -> None:
    settings = Settings.model_construct(allowed_channels=channels)

    assert words in where_it_answers(settings)
