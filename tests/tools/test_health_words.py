"""Whether an answer says that something is well, in any of the languages."""

import pytest

from bot.languages import LANGUAGES, Phrases
from bot.tools.mentions import claims_health

BLANKS = {
    "names": "`shop/web`",
    "where": "(ns=shop, 2 pods) [1]",
    "number": 1,
    "rights": "pods in shop",
    "count": 2,
    "what": "`web`",
}


@pytest.mark.parametrize("say", LANGUAGES.values(), ids=lambda say: say.code)
@pytest.mark.parametrize("name", ["is_well", "are_well", "healthy_nothing_found", "healthy"])
def test_what_code_says_of_the_healthy_is_understood(say: Phrases, name: str) -> None:
    assert claims_health(getattr(say, name).format(**BLANKS))


@pytest.mark.parametrize("say", LANGUAGES.values(), ids=lambda say: say.code)
@pytest.mark.parametrize(
    "name",
    ["is_not_well", "are_not_well", "one_problem", "problems", "no_look", "no_log", "blind"],
)
def test_what_code_says_of_the_others_is_no_claim_of_health(say: Phrases, name: str) -> None:
    told = getattr(say, name).format(**BLANKS)
    assert not claims_health(told)
    assert not claims_health(f"{say.is_well.format(**BLANKS)}\n{told}") or name.startswith("no_")


@pytest.mark.parametrize(
    "answer",
    [
        "web is healthy",
        "No errors or crashes: web is fine.",
        "web est sain, sans erreur",
        "Tout va bien : aucune erreur.",
        "web fonctionne normalement",
        "il n'y a pas d'erreur, web va bien",
        "web está sano",
        "web funciona bien, no hay errores",
        "No se encontraron errores, todo está bien.",
        "web läuft normal, keine Fehler",
        "Der Pod ist gesund, ohne Fehler oder Neustarts.",
        "Es gibt keine bekannten Probleme.",
    ],
)
def test_an_answer_may_say_so_in_its_own_words(answer: str) -> None:
    assert claims_health(answer)


@pytest.mark.parametrize(
    "answer",
    [
        "web is not healthy",
        "web is healthy, cart fails",
        "web n'est pas sain",
        "web est en ordre, mais cart n'est pas en ordre",
        "web va bien mais cart plante",
        "cart ne fonctionne pas correctement",
        "web no está bien",
        "web está sano, pero cart no funciona",
        "hay errores en cart",
        "web ist nicht ganz in Ordnung",
        "web läuft normal, aber cart ist abgestürzt",
        "cart hat Fehler",
        "cart redémarre",
    ],
)
def test_a_denial_or_a_fault_beside_it_is_no_claim_of_health(answer: str) -> None:
    assert not claims_health(answer)
