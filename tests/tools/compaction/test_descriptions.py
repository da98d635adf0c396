"""Descriptions that must fit: states, conditions and events are there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tools.compaction import compact
from tests.tools.compaction.timing import is_quick

DESCRIBE = ("kubectl", "describe", "pod", "web-0")
POD = """\
Name:             web-0
Namespace:        shop
Priority:         0
Service Account:  default
Node:             node-1/10.0.0.4
Start Time:       Sat, 01 Nov 2026 10:00:00 +0000
Labels:           app=web
                  tier=front
Status:           Running
IP:               10.1.0.7
IPs:
  IP:           10.1.0.7
Controlled By:  ReplicaSet/web
Containers:
  app:
    Container ID:   containerd://0123456789abcdef0123456789abcdef
    Image:          shop/web:1.2
    Image ID:       shop/web@sha256:0123456789abcdef0123456789abcdef
    Port:           8080/TCP
    Host Port:      0/TCP
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       OOMKilled
      Exit Code:    137
    Ready:          False
    Restart Count:  17
    Limits:
      memory:  128Mi
    Requests:
      cpu:        10m
    Readiness:    http-get http://:8080/ready delay=0s timeout=1s period=10s
    Environment:  <none>
    Mounts:
      /data from data (rw)
      /var/run/secrets/kubernetes.io/serviceaccount from kube-api-access-x2x4z (ro)
Conditions:
  Type              Status
  Ready             False
  PodScheduled      True
Volumes:
  data:
    Type:       PersistentVolumeClaim (a reference to a PersistentVolumeClaim)
    ClaimName:  data-web-0
    ReadOnly:   false
  kube-api-access-x2x4z:
    Type:                    Projected (a volume that contains injected data)
    TokenExpirationSeconds:  3607
    ConfigMapName:           kube-root-ca.crt
    Optional:                false
    DownwardAPI:             true
QoS Class:                   Burstable
Node-Selectors:              <none>
Tolerations:                 node.kubernetes.io/not-ready:NoExecute op=Exists for 300s
                             node.kubernetes.io/unreachable:NoExecute op=Exists for 300s
Events:
  Type     Reason   Age                From     Message
  ----     ------   ----               ----     -------
  Normal   Pulled   3m (x17 over 2h)   kubelet  Container image already present
  Warning  BackOff  2m (x80 over 2h)   kubelet  Back-off restarting failed container
"""


def test_what_fits_is_the_same_to_the_byte() -> None:
    assert compact(POD, len(POD), DESCRIBE).text == POD.removesuffix("\n")


@pytest.mark.parametrize(
    "kept",
    [
        "Name:             web-0",
        "Containers:\n  app:",
        "    State:          Waiting\n      Reason:       CrashLoopBackOff",
        "    Last State:     Terminated\n      Reason:       OOMKilled\n      Exit Code:    137",
        "    Limits:\n      memory:  128Mi",
        "    Requests:\n      cpu:        10m",
        "    Readiness:    http-get",
        "Conditions:\n  Type              Status\n  Ready             False",
        "  Warning  BackOff  2m (x80 over 2h)   kubelet  Back-off restarting failed container",
        "    ClaimName:  data-web-0",
    ],
)
def test_states_conditions_limits_probes_and_events_stay(kept: str) -> None:
    assert kept in compact(POD, 1_700, DESCRIBE).text


@pytest.mark.parametrize(
    "gone",
    ["QoS Class", "Tolerations", "unreachable", "kube-api-access", "Container ID", "TokenExpir"],
)
def test_boilerplate_goes_first(gone: str) -> None:
    shown = compact(POD, 1_700, DESCRIBE)

    assert gone not in shown.text
    assert shown.cut
    assert shown.text.endswith("lines left out, least telling …]")


def test_at_the_tightest_trouble_is_what_stays() -> None:
    shown = compact(POD, 500, DESCRIBE).text

    assert "OOMKilled" in shown
    assert "Back-off restarting" in shown


def test_of_many_the_worst_is_told_first() -> None:
    fine = POD.replace("CrashLoopBackOff", "x").replace("OOMKilled", "Completed")
    text = "\n\n".join([*[fine] * 40, POD.replace("web-0", "cart-9")])

    shown = compact(text, 3_000, ("kubectl", "describe", "pods")).text

    assert "cart-9" in shown
    assert "OOMKilled" in shown


@given(
    st.lists(
        st.one_of(st.sampled_from(POD.splitlines()), st.text("ab :\t", max_size=30)), max_size=150
    ),
    st.integers(0, 3_000),
)
def test_it_fits_in_order_and_counts_every_line(lines: list[str], budget: int) -> None:
    text = "".join(f"{line}\n" for line in lines)

    shown = compact(text, budget, DESCRIBE)

    assert len(shown.text) <= budget
    assert shown.total_lines == len(lines)
    told = [line for line in shown.text.split("\n") if "[…" not in line]
    assert budget < 100 or set(told) <= {*lines, ""}
    assert compact(text, budget, DESCRIBE) == shown


def test_a_megabyte_takes_less_than_half_a_second() -> None:
    text = POD * (1_000_000 // len(POD))

    assert is_quick(text, DESCRIBE)
