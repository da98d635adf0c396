"""Slack's text: escaping, mentions, what is alive."""

from hypothesis import given
from hypothesis import strategies as st

from bot.playground import text

MOSTLY_SIGNS = st.text(alphabet=st.sampled_from("<>&@!|#ab U0;ltgm\n") | st.characters())


@given(MOSTLY_SIGNS)
def test_what_people_type_comes_back_when_it_is_unescaped(said: str) -> None:
    assert text.unescape(text.typed_by_person(said, {})) == said


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
        assert "".join(part + (f"<@{user}>" if user else "") for part, user in parts) == said
