"""In which language a question is asked, by its small words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.languages import LANGUAGES, language_of
from bot.languages.words import ENGLISH as ENGLISH_WORDS
from bot.languages.words import SMALL, SURE
from tests.languages.questions import ENGLISH, NEIGHBOURS, SPOKEN


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


@pytest.mark.parametrize("text", ENGLISH.strip().splitlines())
def test_a_short_english_question_is_taken_for_no_other_language(text: str) -> None:
    assert language_of(text) == "en"


@pytest.mark.parametrize(
    ("language", "text"),
    [(code, text) for code, texts in SPOKEN.items() for text in texts.strip().splitlines()],
)
def test_a_question_in_one_of_the_others_is_known_whatever_was_spoken(
    language: str, text: str
) -> None:
    assert language_of(text) == language
    assert language_of(text, "en") == language


@pytest.mark.parametrize("before", ["", "es", "fr", "de"])
@pytest.mark.parametrize("text", NEIGHBOURS.strip().splitlines())
def test_a_language_that_is_not_spoken_gets_an_english_frame(text: str, before: str) -> None:
    assert language_of(text, before) == "en"


@given(st.lists(st.sampled_from(ENGLISH_WORDS.split()), max_size=12))
def test_english_words_alone_never_make_another_language(words: list[str]) -> None:
    assert language_of(" ".join(words)) == "en"


@given(st.sampled_from([word for code in ("de", "fr", "es") for word in SMALL[code].split()]))
def test_one_small_word_says_nothing(word: str) -> None:
    sure = {each for words in SURE.values() for each in words.split()}
    assert word in sure or language_of(f"check cart {word}") == "en"


_LOG = (
    "2026-11-27T10:00:00Z ERROR could not connect to the server, is it there and why not?",
    "E1127 10:00:00.000000 1 leader.go:12] the lock is not held by this one",
    "panic: the thing was not there",
    'level=error msg="what is this and where is it"',
    "NAME      READY   STATUS    RESTARTS   AGE",
    "Warning FailedScheduling it is not possible to place the pod",
    "failed to connect to the server because it was not there",
)


@pytest.mark.parametrize("log", [*_LOG, "\n".join(_LOG)])
def test_a_log_that_is_pasted_does_not_speak_for_whoever_asks(log: str) -> None:
    assert language_of(f"Kannst du das ansehen?\n{log}") == "de"
    assert language_of(f"{log}\n\u00bfqu\u00e9 pasa aqu\u00ed?") == "es"


def test_a_log_of_another_language_does_not_either() -> None:
    log = (
        "ERROR no se pudo conectar con la base de datos\nno se encontr\u00f3 el servidor de la red"
    )
    assert language_of(f"why does cart say this?\n{log}") == "en"
    assert language_of(log.splitlines()[0], "de") == "de"


def test_what_follows_a_quotation_counts() -> None:
    assert language_of("> why is the pod down\nwarum ist das so?") == "de"
