"""Commands of a Kaia that is kept to some namespaces: what is refused, and with which words."""

import pytest

from bot.tools import policy
from bot.tools.boundary import kept_to

NAMESPACES = ("shop", "bank")


@pytest.mark.parametrize(
    "command",
    [
        "kubectl get pods -n shop",
        "kubectl get pods",
        "kubectl logs cart-1 -n bank",
        "kubectl get nodes",
        "kubectl get namespaces",
        "kubectl get namespace bank",
        "kubectl version",
        "kubectl explain pods",
    ],
)
def test_what_stays_inside_is_judged_as_ever(command: str) -> None:
    strict = kept_to(NAMESPACES, policy.judge)

    assert strict(command, namespace="shop") == policy.judge(command, namespace="shop")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("kubectl get pods -A", "only into shop, bank, not into all namespaces"),
        ("kubectl top pods --all-namespaces", "`-n shop`"),
        ("kubectl get pods -n pay", "pay is outside of the namespaces"),
        ("kubectl describe pod/x --namespace=pay", "pay is outside"),
        ("kubectl get ns pay", "pay is outside"),
        ("kubectl describe namespace/pay", "pay is outside"),
        ("kubectl get ns shop pay", "pay is outside"),
        ("kubectl rollout status deploy/x -n pay", "pay is outside"),
        ("kubectl auth can-i list pods -n pay", "pay is outside"),
    ],
)
def test_what_reaches_beyond_is_refused(command: str, said: str) -> None:
    verdict = kept_to(NAMESPACES, policy.judge)(command, namespace="shop")

    assert verdict.kind == "refused"
    assert verdict.rule == "stays_within_the_namespaces"
    assert said in verdict.reason
    assert verdict.argv == ()


def test_what_the_policy_refuses_is_refused_for_its_own_reason() -> None:
    verdict = kept_to(NAMESPACES, policy.judge)("kubectl delete pod x -n pay", namespace="shop")

    assert "changes the cluster" in verdict.reason


def test_no_namespaces_are_all_of_them() -> None:
    assert kept_to((), policy.judge) is policy.judge
