"""The check itself: each rule of the profile, broken once."""

import copy
from typing import Any

import pytest

from tests.chart.restricted import violations

_FINE: dict[str, Any] = {
    "metadata": {"name": "kaia"},
    "spec": {
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 65532,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [
            {
                "name": "kaia",
                "securityContext": {
                    "allowPrivilegeEscalation": False,
                    "capabilities": {"drop": ["ALL"]},
                },
            }
        ],
        "volumes": [{"name": "state", "emptyDir": {}}],
    },
}
_POD = ("spec", "securityContext")
_CONTAINER = ("spec", "containers", 0)
_CONTEXT = (*_CONTAINER, "securityContext")


def _with(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    pod = copy.deepcopy(_FINE)
    inside: Any = pod
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = value
    return pod


def test_a_restricted_pod_breaks_no_rule() -> None:
    assert violations(_FINE) == []


@pytest.mark.parametrize(
    ("path", "value", "broken"),
    [
        (("spec", "hostNetwork"), True, "pod: hostNetwork"),
        (("spec", "hostPID"), True, "pod: hostPID"),
        (("spec", "hostIPC"), True, "pod: hostIPC"),
        (("spec", "volumes"), [{"name": "a", "hostPath": {"path": "/"}}], "pod: volume hostPath"),
        (("spec", "volumes"), [{"name": "a", "nfs": {}}], "pod: volume nfs"),
        ((*_POD, "sysctls"), [{"name": "kernel.msgmax"}], "pod: sysctl kernel.msgmax"),
        ((*_POD, "runAsUser"), 0, "pod: runAsUser"),
        ((*_POD, "runAsNonRoot"), False, "kaia: runAsNonRoot"),
        ((*_POD, "seccompProfile"), {"type": "Unconfined"}, "pod: seccompProfile"),
        ((*_POD, "seccompProfile"), None, "kaia: seccompProfile"),
        ((*_POD, "appArmorProfile"), {"type": "Unconfined"}, "pod: appArmorProfile"),
        ((*_POD, "windowsOptions"), {"hostProcess": True}, "pod: hostProcess"),
        ((*_POD, "seLinuxOptions"), {"user": "root"}, "pod: seLinuxOptions"),
        (
            ("metadata", "annotations"),
            {"container.apparmor.security.beta.kubernetes.io/kaia": "unconfined"},
            "pod: container.apparmor.security.beta.kubernetes.io/kaia",
        ),
        ((*_CONTEXT, "privileged"), True, "kaia: privileged"),
        ((*_CONTEXT, "runAsUser"), 0, "kaia: runAsUser"),
        ((*_CONTEXT, "runAsNonRoot"), False, "kaia: runAsNonRoot"),
        ((*_CONTEXT, "procMount"), "Unmasked", "kaia: procMount"),
        ((*_CONTEXT, "seLinuxOptions"), {"type": "spc_t"}, "kaia: seLinuxOptions"),
        ((*_CONTEXT, "allowPrivilegeEscalation"), None, "kaia: allowPrivilegeEscalation"),
        ((*_CONTEXT, "capabilities"), {}, "kaia: capabilities.drop"),
        (
            (*_CONTEXT, "capabilities"),
            {"drop": ["ALL"], "add": ["SYS_TIME"]},
            "kaia: capabilities.add",
        ),
        ((*_CONTAINER, "ports"), [{"hostPort": 80}], "kaia: hostPort"),
        ((*_CONTAINER, "startupProbe"), {"httpGet": {"host": "a"}}, "kaia: host of a probe"),
        (
            (*_CONTAINER, "lifecycle"),
            {"preStop": {"tcpSocket": {"host": "a"}}},
            "kaia: host of a probe",
        ),
        (("spec", "initContainers"), [{"name": "first"}], "first: allowPrivilegeEscalation"),
    ],
)
def test_what_the_profile_refuses_is_found(
    path: tuple[str | int, ...], value: Any, broken: str
) -> None:
    assert broken in violations(_with(path, value))
