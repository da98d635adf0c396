"""Questions in other languages, in the English words that reading them needs."""

import time

import pytest

from bot.languages.glossing import glossed
from bot.languages.vocabulary import VOCABULARY


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("warum?", "why?"),
        ("und jetzt?", "and now?"),
        ("immer noch?", "still?"),
        ("et maintenant ?", "and now ?"),
        ("\u00bfpor qu\u00e9?", "why?"),
        ("y ahora?", "and now?"),
        ("e agora?", "and now?"),
        ("liste alle pods", "list all pods"),
        ("ist der web-Pod ok?", "is the web Pod ok?"),
        ("le d\u00e9ploiement web marche-t-il ?", "the deployment web works ?"),
        ("pods in allen Namespaces", "pods in all Namespaces"),
    ],
)
def test_a_short_question_is_read_in_any_of_the_languages(text: str, expected: str) -> None:
    assert glossed(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "a pod has no logs",
        "is cart in an error state?",
        "was web ok",
        "restart a pod in an hour",
        "why is la broken",
        "no endpoints for a service",
        "did the die job run",
        "check los",
        "pods in el",
        "",
    ],
)
def test_english_is_left_as_it_is(text: str) -> None:
    assert glossed(text) == text


def test_names_paths_and_code_are_no_words() -> None:
    said = glossed("warum l\u00e4uft `dienst` nicht, und shop/dienst, dienst-0 und 'knoten'?")

    assert said == "why works `dienst` not, and shop/dienst, dienst-0 and 'knoten'?"


def test_what_is_a_namespace_is_kept() -> None:
    assert glossed("was ist in dienst los?", {"dienst"}) == "what is in dienst going on?"


@pytest.mark.parametrize("code", VOCABULARY)
def test_every_line_of_the_tables_is_read(code: str) -> None:
    assert all(word and word == word.lower().strip() for word in VOCABULARY[code])


def test_a_long_text_is_read_in_no_time() -> None:
    began = time.process_time()
    glossed("warum ist qu' " * 20_000)
    assert time.process_time() - began < 0.5
