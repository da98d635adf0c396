"""How a person names the thread that is to be forgotten."""

import pytest

from bot.app.threads import thread_named
from bot.errors import SettingsError


@pytest.mark.parametrize(
    ("text", "channel", "root"),
    [
        ("https://acme.slack.com/archives/C01/p1764200000000100", "C01", "1764200000.000100"),
        (
            "https://acme.slack.com/archives/C0123ABCD/p1764200009000200?thread_ts=1764200000.000100",
            "C0123ABCD",
            "1764200000.000100",
        ),
        ("<https://acme.slack.com/archives/D1/p1764200000000100>", "D1", "1764200000.000100"),
        ("C0123ABCD:1764200000.000100", "C0123ABCD", "1764200000.000100"),
        ("T01:C0123ABCD:1764200000.000100", "C0123ABCD", "1764200000.000100"),
    ],
)
def test_a_link_or_the_thread_itself_names_it(text: str, channel: str, root: str) -> None:
    assert thread_named(text) == (channel, root)


@pytest.mark.parametrize("text", ["", "C0123ABCD", "https://acme.slack.com/archives/C1", "x; rm"])
def test_anything_else_is_answered_with_how_to_name_one(text: str) -> None:
    with pytest.raises(SettingsError, match="Copy link"):
        thread_named(text)
