"""The scheduler's message, taken apart."""

import pytest

from bot.cluster.checks.scheduling.verdicts import (
    Verdict,
    is_about_claims,
    message_of,
    reworded,
    verdicts,
)
from tests.doubles.idle_pods import a_pod

TAINT = "node(s) had untolerated taint(s)"


def test_a_message_falls_into_reasons_with_their_numbers_of_nodes() -> None:
    message = f"0/4 nodes are available: 1 {TAINT}, 1 Too many pods, 2 Insufficient cpu."
    assert list(verdicts(message)) == [
        Verdict(1, TAINT),
        Verdict(1, "Too many pods"),
        Verdict(2, "Insufficient cpu"),
    ]
    assert not list(verdicts("no nodes available to schedule pods"))


@pytest.mark.parametrize(
    "tail",
    [
        "",
        ".",
        ". preemption: 0/1 nodes are available: 1 No preemption victims found.",
        ". no new claims to deallocate, preemption: 0/1 nodes are available.",
        ". not found",
    ],
)
def test_what_it_tried_in_vain_is_left_out(tail: str) -> None:
    head = f"0/1 nodes are available: 1 {TAINT}"
    assert message_of(a_pod(message=head + tail)) == head


@pytest.mark.parametrize(
    ("message", "is_so"),
    [
        ("pod has unbound immediate PersistentVolumeClaims", True),
        ('persistentvolumeclaim "data" not found', True),
        ("2 node(s) didn't find available persistent volumes to bind", True),
        ("1 node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)", True),
        ("1 node(s) didn't match PersistentVolume's node affinity", False),
        ("1 Insufficient cpu", False),
    ],
)
def test_it_is_known_whether_claims_are_what_is_missing(message: str, is_so: bool) -> None:
    assert is_about_claims(f"0/2 nodes are available: {message}.") is is_so


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("Insufficient memory", "room"),
        ("Too many pods", "pods"),
        ("node(s) didn't satisfy existing pods anti-affinity rules", "apart"),
        ("node(s) didn't match pod anti-affinity rules", "apart"),
        ("node(s) didn't match pod affinity rules", "beside"),
        ("node(s) didn't have free ports for the requested pod ports", "port"),
        ("node(s) were unschedulable", "cordon"),
        ("node(s) exceed max volume count", "volume"),
        ("node(s) had no available volume zone", "volume"),
        ("cannot allocate all claims", "other"),
    ],
)
def test_each_reason_is_said_again_with_its_number(reason: str, kind: str) -> None:
    found, said = reworded(a_pod(requests={"memory": "1Gi"}), Verdict(2, reason))
    assert found == kind
    assert "2 nodes" in said
