"""Every language says the same things, with the same blanks to fill in."""

import re
from dataclasses import fields
from pathlib import Path
from string import Formatter

import pytest

import bot
from bot.languages import ENGLISH, LANGUAGES, Phrases, certainty_of, speaking
from bot.languages.places import place_in, scope_in, why_in

NAMES = [field.name for field in fields(Phrases)]
OTHERS = [each for each in LANGUAGES.values() if each is not ENGLISH]


def blanks(phrase: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(phrase) if name is not None)


@pytest.mark.parametrize("say", OTHERS, ids=lambda say: say.code)
@pytest.mark.parametrize("name", NAMES)
def test_a_phrase_has_the_same_blanks_in_every_language(say: Phrases, name: str) -> None:
    phrase, english = getattr(say, name), getattr(ENGLISH, name)
    wanted = set(blanks(english))
    assert set(blanks(phrase)) == wanted
    assert phrase.strip()
    assert phrase.count("`") == english.count("`")
    assert phrase.count("**") == english.count("**")
    assert phrase[:1].isspace() or not english[:1].isspace()


@pytest.mark.parametrize("say", OTHERS, ids=lambda say: say.code)
def test_most_phrases_are_translated(say: Phrases) -> None:
    same = [name for name in NAMES if getattr(say, name) == getattr(ENGLISH, name)]
    assert len(same) < len(NAMES) // 10, same


def test_every_phrase_is_said_somewhere() -> None:
    folder = Path(bot.__file__).parent
    code = [path for path in folder.rglob("*.py") if path.parent.name != "languages"]
    code += [folder / "languages" / "places.py", folder / "languages" / "__init__.py"]
    said = "\n".join(path.read_text("utf-8") for path in code)
    unsaid = [name for name in NAMES if not re.search(rf"\.{name}\b|\"{name}\"", said)]
    assert unsaid == []


def test_a_language_that_nobody_knows_is_english() -> None:
    assert speaking("tlh") is ENGLISH
    assert speaking("") is ENGLISH


def test_how_sure_a_verdict_is_can_be_read_from_its_beginning_in_any_language() -> None:
    assert certainty_of("**BESTÄTIGT** · Pod shop/cart") == "CONFIRMED"
    assert certainty_of("**INDÉTERMINÉ** · rien") == "INCONCLUSIVE"
    assert certainty_of("**LIKELY** · **CONFIRMED** is what it says") == "LIKELY"
    assert certainty_of("something else") == ""
    assert certainty_of("a pod called **CONFIRMED**") == ""


@pytest.mark.parametrize(
    "scope",
    [
        "ns=shop, 6 pods",
        "ns=shop, web, 1 pod",
        "all 12 namespaces, 40 pods",
        "looked only at 7 namespaces, 3 pods, without a, b",
        "something nobody knows",
    ],
)
def test_where_was_looked_is_the_same_in_english(scope: str) -> None:
    assert scope_in(ENGLISH, scope) == scope


def test_where_was_looked_is_said_in_the_language() -> None:
    german = LANGUAGES["de"]
    scope = "looked only at all 12 namespaces, 1 pod, without a"
    assert scope_in(german, scope) == "nur angesehen: alle Namespaces (12), 1 Pod, ohne a"
    for where in ("in any namespace", "in this cluster", "in namespace shop", "there", "in a, b"):
        assert place_in(ENGLISH, where) == where
        assert place_in(german, where) != where or where == "in a, b"
    assert [why_in(german, why) for why in ("forbidden", "odd")] == ["verboten", "odd"]
