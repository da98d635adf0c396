"""Plain questions from end to end: the words, the look, the built-in answer and its first line."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.agents.builtin.facts import parse
from bot.agents.builtin.wording import word
from bot.cluster.api import opened_api
from bot.tools.looking import Focus, Look, Looker
from bot.tools.telling import for_model
from bot.tools.verdict import Verdict, judge
from tests.doubles.tiny_cluster import TinyCluster, serve_tiny_cluster

ENDED = {"terminated": {"reason": "OOMKilled", "exitCode": 137, "finishedAt": "2026-11-18T01:02Z"}}


def a_deployment(cluster: TinyCluster, namespace: str, name: str, **row: Any) -> None:
    spec = {"replicas": 1, "selector": {"matchLabels": {"app": name}}}
    status = {"readyReplicas": 1, "replicas": 1, "updatedReplicas": 1, "availableReplicas": 1}
    cluster.add("deployments", namespace, name, spec=spec, status=status)
    cluster.add_pod(namespace, f"{name}-7d9f8c6b5d-x2k4z", **row)


@pytest.fixture
async def cluster() -> AsyncIterator[TinyCluster]:
    async with serve_tiny_cluster() as tiny:
        tiny.add_namespaces("calm", "ill", "kaia", "logs", "shop")
        a_deployment(tiny, "calm", "web", restarts="4 (9d ago)")
        tiny.objects["pods"][-1]["status"]["containerStatuses"][0]["lastState"] = ENDED
        tiny.add("services", "calm", "front")
        a_deployment(tiny, "ill", "slow", status="CrashLoopBackOff")
        a_deployment(tiny, "shop", "checkout", status="CrashLoopBackOff")
        a_deployment(tiny, "shop", "stock")
        yield tiny


@pytest.fixture
async def looker(cluster: TinyCluster, tmp_path: Path) -> AsyncIterator[Looker]:
    async with opened_api(cluster.access(tmp_path, namespace="calm"), {}) as api:
        yield Looker(api, str)


async def ask(looker: Looker, text: str) -> tuple[Look, str, Verdict]:
    look = await looker.look(text, namespace="", earlier=Focus())
    facts = parse(for_model(look, 20_000))
    assert facts is not None
    said = word(facts, 1)
    return look, said, judge(look, said, cited={1}, ran={1}, receipt=1)


@pytest.mark.parametrize(
    "text",
    [
        "is `payments` in calm ok?",
        "what is wrong with the payments deployment in calm?",
        "what is wrong with payments in calm?",
        "does calm have errors in payments?",
        "is the payments service in calm down?",
        "why does payments crash in namespace calm?",
    ],
)
async def test_what_is_not_there_is_never_said_to_be_healthy(looker: Looker, text: str) -> None:
    look, said, verdict = await ask(looker, text)

    assert look.report is not None
    assert look.report.namespaces == ("calm",)
    assert verdict.certainty == "LIKELY"
    assert "in namespace calm is called `payments` [1]" in verdict.words
    assert "in namespace calm is called `payments` [1]." in said


async def test_a_name_that_is_elsewhere_is_offered_from_there(looker: Looker) -> None:
    _, said, verdict = await ask(looker, "is `checkout` in calm ok?")

    assert verdict.certainty == "CONFIRMED"
    assert "no deployment `checkout` in namespace calm" in verdict.words
    assert "Did you mean `shop/checkout`?" in said


@pytest.mark.parametrize(
    "text",
    [
        "is the payment service in ill down?",
        "a pod is stuck in Terminating in ill",
        "the migration job in ill failed, why?",
        "why were pods evicted in ill?",
    ],
)
async def test_a_word_that_nothing_is_called_hides_no_finding(looker: Looker, text: str) -> None:
    look, said, verdict = await ask(looker, text)

    assert look.missing == ()
    assert "ill/slow" in said
    assert "slow" in verdict.words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("is the namespace kaia healthy?", ("kaia",)),
        ("what is wrong in kaia?", ("kaia",)),
        ("what is wrong in namespace logs?", ("logs",)),
        ("what is wrong in logs?", ("logs",)),
        ("is my namespace healthy?", ("calm", "ill", "kaia", "logs", "shop")),
    ],
)
async def test_a_common_word_is_a_namespace_where_one_has_that_name(
    looker: Looker, text: str, expected: tuple[str, ...]
) -> None:
    look, _, _ = await ask(looker, text)

    assert look.report is not None
    assert look.report.namespaces == expected
    assert look.asked.intent.value == "wellness"


@pytest.mark.parametrize(
    "text", ["what is wrong in ill?", "is slow in ill ok?", "is slow in namespace ill ok?"]
)
async def test_a_namespace_is_found_where_none_may_be_listed(
    looker: Looker, cluster: TinyCluster, text: str
) -> None:
    cluster.forbidden = {"namespaces"}

    look, said, verdict = await ask(looker, text)

    assert look.report is not None
    assert look.report.namespaces == ("ill",)
    assert "ill/slow" in said
    assert "slow" in verdict.words


@pytest.mark.parametrize("forbidden", ["pods", "pods/ill"])
async def test_a_namespace_that_may_not_be_read_is_inconclusive(
    looker: Looker, cluster: TinyCluster, forbidden: str
) -> None:
    cluster.forbidden = {"namespaces", forbidden}

    look, _, verdict = await ask(looker, "what is wrong in ill?")

    assert look.missing == ()
    assert verdict.certainty == "INCONCLUSIVE"
    assert "may not read pods here (ns=ill" in verdict.words


async def test_old_restarts_are_told_where_they_are_asked_about(looker: Looker) -> None:
    look, said, verdict = await ask(looker, "why did web in calm restart?")

    assert verdict.certainty == "CONFIRMED"
    assert "it has restarted: `deployment/web`: 1 of 1 ready, 4 restarts" in verdict.words
    assert "9d ago, app last ended OOMKilled (exit code 137) at 2026-11-18T01:02Z" in said
    wrong = judge(look, "web restarted because of DNS [1]", cited={1}, ran={1}, receipt=1)
    assert wrong.certainty == "INCONCLUSIVE"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("how many pods are in calm?", "1 pod: 1 Running [1]."),
        ("how many pods are in ill?", "1 pod: 1 CrashLoopBackOff [1]."),
        ("list services in calm", "Service, 1: `front` [1]."),
        ("which deployments are in shop", "Deployment, 2: `checkout`, `stock` [1]."),
        ("how many cronjobs are in shop?", "CronJob, 0: none [1]."),
    ],
)
async def test_counts_and_names_are_told(looker: Looker, text: str, expected: str) -> None:
    _, said, verdict = await ask(looker, text)

    assert expected in said
    assert verdict.certainty != "INCONCLUSIVE"


async def test_a_secret_is_never_shown(looker: Looker) -> None:
    look, said, verdict = await ask(looker, "show secret db-password in calm")

    assert look.unknown == ()
    assert said.startswith("I never read Secrets, so I can show none.")
    assert "Healthy" not in said
    assert verdict.line == "**INCONCLUSIVE** · Kaia never reads Secrets."


@pytest.mark.parametrize("text", ["What has changed since 23:00?", "what changed in calm?"])
async def test_whoever_asks_for_changes_is_told_how(looker: Looker, text: str) -> None:
    _, said, _ = await ask(looker, text)

    assert said.startswith("Ask `what changed?`")


async def test_no_log_is_no_knowledge(looker: Looker) -> None:
    look, _, _ = await ask(looker, "show me the logs of web in calm")

    alone = judge(look, "web is well [1]", cited={1}, ran={1, 2}, receipt=1)
    read = judge(look, "It says hello [2].", cited={2}, ran={1, 2}, receipt=1)

    assert (alone.certainty, read.certainty) == ("INCONCLUSIVE", "CONFIRMED")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("warum läuft der Pod checkout-7 nicht?", "checkout-7"),
        ("pourquoi le pod rien-la ne marche pas ?", "rien-la"),
        ("¿por qué no funciona el pod nada-0?", "nada-0"),
        ("was ist im Namespace gibtsnicht los?", "gibtsnicht"),
    ],
)
async def test_what_is_missing_is_said_in_every_language(
    looker: Looker, text: str, name: str
) -> None:
    look, _, verdict = await ask(looker, text)

    assert [each.name for each in look.missing] == [name]
    assert f"`{name}`" in verdict.words


@pytest.mark.parametrize("text", ["und jetzt?", "pourquoi ?", "y ahora?", "e agora?"])
async def test_a_short_reply_keeps_its_subject_in_every_language(looker: Looker, text: str) -> None:
    before = await looker.look("ist web ok?", namespace="", earlier=Focus())

    look = await looker.look(text, namespace="", earlier=before.focus)

    assert [each.name for each in look.objects] == ["web"]


async def test_no_secret_is_shown_in_german_either(looker: Looker) -> None:
    _, _, verdict = await ask(looker, "Zeig mir die Secrets in shop")

    assert verdict.certainty == "INCONCLUSIVE"
    assert "Secrets" in verdict.line
