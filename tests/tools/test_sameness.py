"""When two commands ask the same, and when an output says nothing new."""

import shlex

import pytest

from bot.tools import policy
from bot.tools.questions import looked_for, plural, singular
from bot.tools.sameness import (
    answers,
    bears_on,
    essence,
    gist,
    part_asked_for,
    said_before,
)


def written(command: str) -> tuple[str, ...]:
    return ("kubectl", *shlex.split(command))


def rebuilt(command: str) -> tuple[str, ...]:
    return policy.judge(command, namespace="shop").argv


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("get po x -n y", "get pod/x --namespace=y"),
        ("get po x -n y", "get pods x -n y -o wide"),
        ("get pods", "get pods -n default"),
        ("-n y get pods", "get pods -n y"),
        ("get pods -l a=b -n y", "get pods -n=y --selector a=b"),
        ("logs x --tail=100", "logs pod/x --tail=50"),
        ("logs x app", "logs x -c app"),
        ("describe pod x", "describe pods/x"),
        ("get deploy", "get deployments.apps"),
        ("get deploy", "get deployments.v1.apps"),
        ("get svc,po", "get pods,services"),
        ("get pod a b", "get pod/b po/a"),
        ("get pod x -o yaml", "get pod x -o json"),
        ("top po", "top pods"),
        ("get nodes", "get no -n shop"),
        ("explain pods.spec", "explain pod.spec"),
        ("events --for pod/x", "events --for=pods/x"),
        ("get pods --no-headers --chunk-size 100", "get pods"),
    ],
)
def test_the_same_question_in_other_words_has_the_same_gist(one: str, other: str) -> None:
    assert gist(written(one)) == gist(written(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("get pods -n a", "get pods -n b"),
        ("get pods", "get pods -A"),
        ("get pods", "get pod x"),
        ("get pod x", "get pod y"),
        ("get pod x", "describe pod x"),
        ("get pod x", "get pod x -o yaml"),
        ("get pod x -o yaml", "get pod x -o jsonpath='{.status}'"),
        ("get pods", "get pods -l app=web"),
        ("get services", "get services.serving.knative.dev"),
        ("logs x", "logs x -p"),
        ("logs x", "logs x -c app"),
        ("logs x", "logs x --since=5m"),
        ("events", "events --types=Warning"),
        ("auth can-i get pods", "auth can-i list pods"),
        ("delete pod x", "delete pod y"),
    ],
)
def test_another_question_has_another_gist(one: str, other: str) -> None:
    assert gist(written(one)) != gist(written(other))


def test_the_namespace_that_is_meant_may_be_said_or_not() -> None:
    assert gist(written("get pods"), "shop") == gist(written("get pods -n shop"), "shop")


@pytest.mark.parametrize(
    ("earlier", "later", "holds"),
    [
        ("logs x --tail=100", "logs x --tail=50", True),
        ("logs x --tail=50", "logs x --tail=100", False),
        ("logs x", "logs x --tail=500", True),
        ("logs x --timestamps", "logs x", True),
        ("logs x", "logs x --timestamps", False),
        ("logs x --limit-bytes=10", "logs x", False),
        ("get pods -o wide", "get pods", True),
        ("get pods", "get pods -o wide", False),
        ("get pods", "get pods -o name", True),
        ("get pods -o name", "get pods", False),
        ("get pods", "get pods --show-labels", False),
        ("get pods", "get pods --sort-by=.metadata.name", False),
        ("get pods", "get pods -A", False),
        ("describe pod x", "describe po/x", True),
    ],
)
def test_a_larger_answer_holds_the_smaller_one(earlier: str, later: str, holds: bool) -> None:
    assert answers(rebuilt(earlier), rebuilt(later)) is holds


def test_what_the_policy_does_not_know_answers_only_itself() -> None:
    assert answers(("kubectl", "drain"), ("kubectl", "drain"))
    assert not answers(("kubectl", "drain"), ("kubectl", "drain", "n1"))


def test_of_a_log_the_last_lines_are_the_part_asked_for() -> None:
    output = "".join(f"line {n}\n" for n in range(9))

    assert part_asked_for(rebuilt("logs x --tail=2"), output) == "line 7\nline 8\n"
    assert part_asked_for(rebuilt("get pods"), output) == output
    assert part_asked_for(rebuilt("logs -l app=web --tail=2"), output) == output


@pytest.mark.parametrize(
    ("earlier", "later", "said", "bears"),
    [
        ("get pods", "get pod x", "x 1/1 Running", True),
        ("get pods", "get pod x", "3", False),
        ("get pods,svc", "get svc", "web ClusterIP", True),
        ("get pods", "get svc", "web ClusterIP", False),
        ("get pods -n a", "get pods -n b -l x=y", "web-0 1/1", False),
        ("get pods", "top pods", "web-0 1/1", False),
        ("get pods -o yaml", "get pod x -o yaml", "name: x", True),
        ("get pod y -o yaml", "get pod x -o yaml", "name: x", False),
        ("describe pod y", "describe pod x", "Name: x", False),
        ("describe pods", "describe pod x", "Name: x", True),
        ("events", "events --for pod/x", "Warning BackOff Pod/x", True),
        ("logs x", "logs x --since=5m", "started", True),
        ("logs x", "logs y", "started", False),
        ("logs x", "logs x -p", "started", False),
        ("get pods", "drain", "x", False),
    ],
)
def test_lines_mean_the_same_only_where_both_tell_of_one_thing(
    earlier: str, later: str, said: str, bears: bool
) -> None:
    assert bears_on(written(earlier), written(later), frozenset({said})) is bears


def test_times_ages_and_widths_are_no_news() -> None:
    one = "2026-11-01T00:00:00Z started\nweb-0    1/1  Running   4 (3m ago)   5d2h\n\n"
    other = "2026-11-02T10:20:30.5Z  started\nweb-0 1/1 Running 4 (19m ago) 5d3h"

    assert essence(one) == essence(other)
    assert essence(one) != essence(other.replace("4 (", "5 ("))


def test_ages_inside_names_are_names() -> None:
    assert essence("web-5d") != essence("web-6d")


def test_what_was_said_before_is_found_in_one_receipt_or_in_several() -> None:
    earlier = {1: frozenset("ab"), 2: frozenset("bc"), 3: frozenset("z")}

    assert said_before(frozenset("a"), earlier) == [1]
    assert said_before(frozenset("ac"), earlier) == [1, 2]
    assert said_before(frozenset("ax"), earlier) == []
    assert said_before(frozenset(), earlier) == []
    assert said_before(frozenset("a"), {}) == []


@pytest.mark.parametrize(
    ("written", "one", "many"),
    [
        ("po", "pod", "pods"),
        ("PODS", "pod", "pods"),
        ("ingresses", "ingress", "ingresses"),
        ("ingress", "ingress", "ingresses"),
        ("ingressclasses", "ingressclass", "ingressclasses"),
        ("storageclasses.storage.k8s.io", "storageclass", "storageclasses"),
        ("networkpolicies", "networkpolicy", "networkpolicies"),
        ("endpoints", "endpoints", "endpoints"),
        ("certificates.cert-manager.io", "certificate.cert-manager.io",
         "certificates.cert-manager.io"),
        ("componentstatuses", "componentstatus", "componentstatuses"),
        ("", "", ""),
    ],
)  # fmt: skip
def test_a_type_has_one_spelling(written: str, one: str, many: str) -> None:
    assert singular(written) == one
    assert plural(one) == many


@pytest.mark.parametrize(
    ("command", "stderr", "found"),
    [
        ("get pod x -n y", "", ("pods", "y", "x")),
        ("get pods -n y", "No resources found in y namespace.", ("pods", "y", "")),
        ("get pods -A", "", ("pods", "", "")),
        (
            "get deploy a b -n y",
            'Error from server (NotFound): deployments.apps "b" not found',
            ("deployments", "y", "b"),
        ),
        (
            "logs x -n y",
            'Error from server (NotFound): namespaces "y" not found',
            ("pods", "y", "x"),
        ),
        ("get nodes n1", "", ("nodes", "", "n1")),
        ("drain", "", ("", "", "")),
    ],
)
def test_what_was_not_found_is_read_from_the_command_and_from_what_kubectl_says(
    command: str, stderr: str, found: tuple[str, str, str]
) -> None:
    assert looked_for(written(command), stderr) == found
