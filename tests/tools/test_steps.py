"""Whoever follows a turn reads what is being done, not command lines."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tools.steps import spoken


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("kubectl get events --namespace=shop", "reading events in shop"),
        ("kubectl get pods --namespace shop", "reading pods in shop"),
        ("get pods -A", "reading pods in all namespaces"),
        ("kubectl get pod web-1 -n shop", "reading pod web-1 in shop"),
        ("kubectl get pods web-1 web-2 web-3 -n shop", "reading pod web-1 and 2 more in shop"),
        ("kubectl get deployment/web -n shop -o yaml", "reading deployment web in shop"),
        ("kubectl get pods,services -n shop", "reading pods, services in shop"),
        ("kubectl get pods -n shop --selector=app=web", "reading pods with app=web in shop"),
        ("kubectl get nodes --namespace=shop", "reading nodes"),
        ("kubectl describe pod web-1 -n shop", "looking closely at pod web-1 in shop"),
        ("kubectl logs web-1 -n shop --tail=50", "reading the log of pod web-1 in shop"),
        ("kubectl logs deployments/web -n shop", "reading the log of deployment web in shop"),
        (
            "kubectl logs web-1 -n shop --previous",
            "reading the log of pod web-1 from before its restart in shop",
        ),
        ("kubectl logs -l app=web -n shop", "reading the log of pods with app=web in shop"),
        ("kubectl events -n shop", "reading events in shop"),
        ("kubectl events -n shop --for=pod/web-1", "reading events of pod web-1 in shop"),
        ("kubectl top pods -n shop", "measuring the load of pods in shop"),
        ("kubectl top nodes", "measuring the load of nodes"),
        ("kubectl top node n-1", "measuring the load of node n-1"),
        (
            "kubectl rollout status deployment/web -n shop",
            "checking the rollout of deployment web in shop",
        ),
        (
            "kubectl rollout history deployment web -n shop",
            "reading the rollout history of deployment web in shop",
        ),
        ("kubectl explain pods.spec", "reading what pods.spec means"),
        ("kubectl auth can-i --list -n shop", "checking what I may do"),
        ("kubectl version", "reading the cluster's version"),
    ],
)
def test_a_reading_command_is_said_in_words(command: str, words: str) -> None:
    assert spoken(shlex.split(command)) == words


def test_what_only_a_table_knows_is_shown_as_it_is_written() -> None:
    assert spoken(["kubectl", "scale", "deployment/web"]) == "running kubectl scale deployment/web"


@given(st.lists(st.text(max_size=30), max_size=6))
def test_whatever_is_run_there_are_words_for_it(argv: list[str]) -> None:
    assert spoken(["kubectl", *argv])
