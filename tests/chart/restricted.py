"""Pod Security's profile `restricted`, as rules over a pod; the server's own check is not asked.

https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

from collections.abc import Iterator
from typing import Any

from tests.chart.objects import containers
from tests.chart.rendering import Object

_VOLUMES = {
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "persistentVolumeClaim",
    "projected",
    "secret",
}
_SECCOMP = {"RuntimeDefault", "Localhost"}
_SELINUX = {"", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"}
_SYSCTLS = {
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
}


def violations(pod: Object) -> list[str]:
    """What the profile refuses in it, each as `where: what`."""
    return [*_of_the_pod(pod), *(f for each in containers(pod) for f in _of_a_container(pod, each))]


def _of_the_pod(pod: Object) -> Iterator[str]:
    spec = pod["spec"]
    for host in "hostNetwork", "hostPID", "hostIPC":
        if spec.get(host):
            yield f"pod: {host}"
    for volume in spec.get("volumes") or ():
        for kind in set(volume) - {"name"} - _VOLUMES:
            yield f"pod: volume {kind}"
    context = spec.get("securityContext") or {}
    for sysctl in context.get("sysctls") or ():
        if sysctl["name"] not in _SYSCTLS:
            yield f"pod: sysctl {sysctl['name']}"
    annotations = pod["metadata"].get("annotations") or {}
    for name, profile in annotations.items():
        if name.startswith("container.apparmor.") and profile == "unconfined":
            yield f"pod: {name}"
    yield from _of_either("pod", context)


def _of_a_container(pod: Object, container: Object) -> Iterator[str]:
    where, context = container["name"], container.get("securityContext") or {}
    both = {**(pod["spec"].get("securityContext") or {}), **context}
    if both.get("runAsNonRoot") is not True:
        yield f"{where}: runAsNonRoot"
    if (both.get("seccompProfile") or {}).get("type") not in _SECCOMP:
        yield f"{where}: seccompProfile"
    if context.get("allowPrivilegeEscalation") is not False:
        yield f"{where}: allowPrivilegeEscalation"
    yield from _of_capabilities(where, context.get("capabilities") or {})
    yield from _of_either(where, context)
    yield from _of_the_host(where, container)


def _of_capabilities(where: str, capabilities: Object) -> Iterator[str]:
    if "ALL" not in (capabilities.get("drop") or ()):
        yield f"{where}: capabilities.drop"
    if set(capabilities.get("add") or ()) - {"NET_BIND_SERVICE"}:
        yield f"{where}: capabilities.add"


def _of_either(where: str, context: Object) -> Iterator[str]:
    """What a pod's and a container's security context have in common."""
    selinux = context.get("seLinuxOptions") or {}
    refused: dict[str, Any] = {
        "privileged": context.get("privileged"),
        "runAsUser": context.get("runAsUser") == 0,
        "procMount": context.get("procMount", "Default") != "Default",
        "hostProcess": (context.get("windowsOptions") or {}).get("hostProcess"),
        "appArmorProfile": (context.get("appArmorProfile") or {}).get("type") == "Unconfined",
        "seccompProfile": (context.get("seccompProfile") or {}).get("type") == "Unconfined",
        "seLinuxOptions": selinux.get("type", "") not in _SELINUX
        or selinux.get("user")
        or selinux.get("role"),
    }
    yield from (f"{where}: {rule}" for rule, is_broken in refused.items() if is_broken)


def _of_the_host(where: str, container: Object) -> Iterator[str]:
    for port in container.get("ports") or ():
        if port.get("hostPort"):
            yield f"{where}: hostPort"
    lifecycle = container.get("lifecycle") or {}
    actions = [*lifecycle.values()]
    actions += [
        container.get(f"{kind}Probe") or {} for kind in ("liveness", "readiness", "startup")
    ]
    for action in actions:
        if (action.get("httpGet") or action.get("tcpSocket") or {}).get("host"):
            yield f"{where}: host of a probe"
