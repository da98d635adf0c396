"""In which language a question is asked, by its small words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.languages import LANGUAGES, language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("why is cart failing?", "en"),
        ("and its logs?", "en"),
        ("check cart please", "en"),
        ("What was that die in there?", "en"),
        ("warum startet cart nicht?", "de"),
        ("Hallo, kannst du mal nach cart schauen", "de"),
        ("shop kaputt?", "de"),
        ("Pourquoi cart ne démarre pas ?", "fr"),
        ("Le pod web-1 est-il prêt ?", "fr"),
        ("Qu\u2019est-ce qui se passe dans shop ?", "fr"),
        ("¿Por qué falla cart?", "es"),
        ("por que esta fallando el pod cart-0", "es"),
        ("Qué pasa en shop?", "es"),
    ],
)
def test_a_question_says_its_language_by_its_small_words(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("text", ["", "cart?", "logs?", "show 3", "status of web", "in shop"])
def test_what_says_too_little_is_english_or_what_was_spoken_before(text: str) -> None:
    assert language_of(text) == "en"
    assert language_of(text, "de") == "de"


def test_who_changes_the_language_is_followed() -> None:
    assert language_of("why is cart failing?", "de") == "en"
    assert language_of("und jetzt?", "en") == "de"


@pytest.mark.parametrize(
    "text",
    [
        "Was sagt das: `why is the pod not in the list and how do we restart it`?",
        "Warum steht da „the server could not find the requested resource“?",
        "Wieso das?\n```\nthe error is in the thing, and it was not there\n```",
        "Wieso das?\n> why is the pod down, and since when is it so?",
        "Warum ist where-are-the-logs-0 in the.is.are/what kaputt?",
        "@what-is-the warum geht das nicht? https://the.is/where?why=how",
    ],
)
def test_names_code_quotations_and_links_are_nobodys_words(text: str) -> None:
    assert language_of(text) == "de"


@given(st.text(max_size=300), st.sampled_from(["", *LANGUAGES]))
def test_any_text_has_one_of_the_languages(text: str, before: str) -> None:
    assert language_of(text, before) in LANGUAGES
