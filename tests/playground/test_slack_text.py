"""Slack's text: escaping, mentions, links, what is alive."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground import text
from bot.playground.wire import rich_text

MOSTLY_SIGNS = st.text(alphabet=st.sampled_from("<>&@!|#ab U0;ltgm\n") | st.characters())


@given(MOSTLY_SIGNS)
def test_what_people_type_comes_back_when_it_is_unescaped(said: str) -> None:
    assert "://" in said or text.unescape(text.typed_by_person(said, {})) == said


@given(MOSTLY_SIGNS)
def test_what_people_type_is_never_alive(said: str) -> None:
    assert list(text.live_sequences(text.typed_by_person(said, {}), {})) == []


@given(MOSTLY_SIGNS)
def test_escaping_what_an_app_wrote_twice_changes_nothing_more(said: str) -> None:
    once = text.written_by_app(said)
    assert text.written_by_app(once) == once


@given(MOSTLY_SIGNS)
def test_an_app_that_escapes_everything_is_never_alive(said: str) -> None:
    kept = text.written_by_app(text.escape(said))
    assert kept == text.escape(said)
    assert list(text.live_sequences(kept, {})) == []


@given(MOSTLY_SIGNS)
def test_words_and_mentions_together_are_the_whole_text(said: str) -> None:
    parts = list(text.apart(said))
    if "|" not in said:
        assert "".join(part + (f"<{control}>" if control else "") for part, control in parts) == (
            said
        )


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("see https://shop.example/a?b=1&c=2.", "see <https://shop.example/a?b=1&amp;c=2>."),
        ("(http://ann@shop.example/)", "(<http://ann@shop.example/>)"),
        ("`https://shop.example`", "`https://shop.example`"),
        ("https:// is no address", "https:// is no address"),
    ],
)
def test_addresses_people_type_become_links(typed: str, expected: str) -> None:
    assert text.typed_by_person(typed, {"ann": "U1"}) == expected


def test_what_people_type_is_told_apart_in_its_blocks() -> None:
    (block,) = rich_text("hi <@U1>, see <https://shop.example/?a=1&amp;b=2> &lt;now&gt; <!here>")

    assert block["elements"][0]["elements"] == [
        {"type": "text", "text": "hi "},
        {"type": "user", "user_id": "U1"},
        {"type": "text", "text": ", see "},
        {"type": "link", "url": "https://shop.example/?a=1&b=2"},
        {"type": "text", "text": " <now> "},
        {"type": "broadcast", "range": "here"},
    ]
