"""What a question names, read from its words alone."""

import pytest

from bot.tools.asked import Intent, Named, Wish, read

KNOWN = ("kaia", "logs", "shop")


@pytest.mark.parametrize(
    ("text", "namespaces"),
    [
        ("is the namespace kaia healthy?", ("kaia",)),
        ("is namespace billing broken", ("billing",)),
        ("what is wrong in logs?", ("logs",)),
        ("ns/service", ("service",)),
        ("kubectl get pods -n check", ("check",)),
        ("what is in the logs of cart?", ()),
        ("is my namespace healthy?", ()),
        ("is the namespace ok?", ()),
    ],
)
def test_a_common_word_is_a_namespace_where_it_is_plainly_one(
    text: str, namespaces: tuple[str, ...]
) -> None:
    assert read(text, KNOWN).namespaces == namespaces


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("deployment/logs", Named("logs", "Deployment", is_sure=True)),
        ("check deployment", Named("check", "Deployment", is_common=True)),
        ("service kaia in namespace kaia", Named("kaia", "Service", is_sure=True)),
        ("`service`", Named("service")),
        ("why were pods evicted in shop?", Named("evicted", "Pod", is_common=True)),
        ("pods/log is forbidden", Named("log", "Pod", is_common=True)),
    ],
)
def test_a_common_word_is_a_name_where_it_is_said_to_be_one(text: str, expected: Named) -> None:
    assert expected in read(text, KNOWN).named


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("what is wrong in namespace logs?", Intent.WELLNESS),
        ("what is wrong in logs?", Intent.WELLNESS),
        ("is deployment/logs ok?", Intent.WELLNESS),
        ("show the logs in logs", Intent.LOGS),
        ("what is in the logs?", Intent.LOGS),
        ("logs of cart.", Intent.LOGS),
    ],
)
def test_a_place_called_logs_is_no_wish_for_logs(text: str, intent: Intent) -> None:
    assert read(text, KNOWN).intent is intent


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("is payments in shop ok?", ("payments",)),
        ("why does billing crash?", ("billing",)),
        ("what is wrong with the payments deployment in shop?", ("payments",)),
        ("is pod cart well?", ("cart",)),
        ("payments keeps crashing", ("payments",)),
        ("does shop have errors in payments?", ("payments",)),
        ("is `payments` up", ("payments",)),
        ("a pod is stuck in Terminating in shop", ()),
        ("why is it `CrashLoopBackOff`", ()),
        ("is the failing pod ok", ()),
        ("is memory ok in shop?", ()),
        ("why are changes not deployed in shop?", ()),
        ("what about pods in shop", ()),
        ("show secret db-password in shop", ()),
    ],
)
def test_subjects_stand_where_names_stand(text: str, subjects: tuple[str, ...]) -> None:
    found = read(text, KNOWN).subjects

    assert tuple(each for each in found if each not in KNOWN) == subjects


@pytest.mark.parametrize(
    ("text", "wishes"),
    [
        ("why did web restart?", {Wish.RESTARTS}),
        ("print the secret db-password", {Wish.SECRETS}),
        ("what has changed since 23:00?", {Wish.CHANGES}),
        ("why are changes not deployed?", set()),
        ("why does the secret not mount?", set()),
        ("is cart ok?", set()),
    ],
)
def test_what_a_question_is_after(text: str, wishes: set[Wish]) -> None:
    assert read(text).wishes == wishes


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("list services in shop", ("Service",)),
        ("how many pods are running?", ("Pod",)),
        ("which failing deployments are there", ("Deployment",)),
        ("what is wrong with the services?", ()),
    ],
)
def test_kinds_that_are_to_be_listed(text: str, kinds: tuple[str, ...]) -> None:
    assert read(text).kinds == kinds


@pytest.mark.parametrize(
    ("text", "named", "namespaces"),
    [
        ("warum läuft der Pod checkout-7 nicht?", {"checkout-7"}, ()),
        ("ist das Deployment web in shop kaputt?", {"web"}, ("shop",)),
        ("vergleiche Pod web und Pod cart", {"web", "cart"}, ()),
        ("was ist im Namespace gibtsnicht los?", set(), ("gibtsnicht",)),
        ("pourquoi le pod rien-la ne marche pas ?", {"rien-la"}, ()),
        ("le service web est-il en panne dans shop ?", {"web"}, ("shop",)),
        ("montre le pod web et le pod cart", {"web", "cart"}, ()),
        ("que se passe-t-il dans l'espace de noms nulle ?", set(), ("nulle",)),
        ("el pod rien-la no funciona", {"rien-la"}, ()),
        ("¿funciona el servicio web en shop?", {"web"}, ("shop",)),
        ("compara el pod web y el pod cart", {"web", "cart"}, ()),
        ("¿qué pasa en el espacio de nombres ninguno?", set(), ("ninguno",)),
        ("mein Pod startet ständig neu", set(), ()),
        ("mon pod redémarre sans cesse", set(), ()),
        ("mi pod se reinicia siempre", set(), ()),
    ],
)
def test_names_are_read_in_german_french_and_spanish(
    text: str, named: set[str], namespaces: tuple[str, ...]
) -> None:
    asked = read(text, KNOWN)

    assert {each.name for each in asked.named if each.is_sure} == named
    assert asked.namespaces == namespaces
    assert asked.points_back or asked.intent is Intent.WELLNESS


@pytest.mark.parametrize(
    "text",
    [
        *("und jetzt?", "warum?", "immer noch?", "et maintenant ?", "pourquoi ?", "encore ?"),
        *("y ahora?", "¿por qué?", "¿todavía?", "e agora?"),
    ],
)
def test_a_short_reply_points_back_in_every_language(text: str) -> None:
    asked = read(text)

    assert asked.points_back
    assert asked.names_nothing


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("liste alle pods", ("Pod",)),
        ("wie viele Pods laufen?", ("Pod",)),
        ("welche Dienste gibt es in shop?", ("Service",)),
        ("montre les pods", ("Pod",)),
        ("combien de pods y a-t-il ?", ("Pod",)),
        ("muestra los pods", ("Pod",)),
        ("¿cuántos pods hay?", ("Pod",)),
    ],
)
def test_lists_are_asked_for_in_every_language(text: str, kinds: tuple[str, ...]) -> None:
    assert read(text, KNOWN).kinds == kinds


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("Zeig mir die Secrets in shop", Wish.SECRETS),
        ("montre-moi les secrets", Wish.SECRETS),
        ("muéstrame los secretos", Wish.SECRETS),
        ("was hat sich geändert?", Wish.CHANGES),
        ("qu'est-ce qui a changé ?", Wish.CHANGES),
        ("¿qué ha cambiado?", Wish.CHANGES),
        ("warum startet web neu?", Wish.RESTARTS),
    ],
)
def test_wishes_are_read_in_every_language(text: str, wish: Wish) -> None:
    assert wish in read(text, KNOWN).wishes
