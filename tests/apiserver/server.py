"""etcd, kube-apiserver and the kubelet double on loopback, with RBAC and an audit log."""

import json
import shutil
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.apiserver import flags, kubeconfigs, processes
from tests.apiserver.certificates import Authority
from tests.apiserver.client import Client
from tests.apiserver.limits import allow_reading, token
from tests.apiserver.programs import Programs

NODE = "node-1"
_READY_WITHIN_SECONDS = 45


class ServerFailed(Exception):
    """A program ended or did not get ready; holds the end of its log."""


@dataclass(frozen=True, slots=True)
class ApiServer:
    """A running API server and the ways to reach it."""

    home: Path
    url: str
    client: Client
    """As an administrator, for setting scenes up."""
    kubectl: Path
    """Of the API server's own version."""
    kubectls: tuple[Path, ...]
    """The newest, and the one of the API server's own version."""

    @property
    def kubeconfig(self) -> Path:
        """An administrator's."""
        return self.home / "admin.kubeconfig"

    @property
    def limited_kubeconfig(self) -> Path:
        """A ServiceAccount's, which reads everything but Secrets."""
        return self.home / "limited.kubeconfig"

    @property
    def audit_log(self) -> Path:
        """One JSON event a line and stage; `RequestReceived` is written before the answer."""
        return self.home / "audit.log"

    @property
    def logs(self) -> Path:
        """Where the kubelet double finds container logs."""
        return self.home / "logs"

    def requests(self, since: int = 0) -> list[dict[str, Any]]:
        """Every request that arrived, in order, one audit event each, from byte `since` on."""
        with self.audit_log.open("rb") as log:
            log.seek(since)
            events = [json.loads(line) for line in log]
        return [event for event in events if event["stage"] == "RequestReceived"]


def start(home: Path, programs: Programs, *, outlives_us: bool = False) -> ApiServer:
    """Starts everything in an empty `home` and returns when it is ready. Raises ServerFailed."""
    (home / "pki").mkdir(parents=True)
    authority = Authority(home / "pki")
    etcd_port, peer_port, api_port = _free_ports(3)
    url = f"https://127.0.0.1:{api_port}"
    admin = authority.issue("admin", group="system:masters")
    client = Client(url, authority, admin)
    kubectls = (programs.newest_kubectl, programs.kubectl)
    server = ApiServer(home, url, client, programs.kubectl, kubectls)
    try:
        etcd = flags.etcd(programs.etcd, home, etcd_port, peer_port)
        processes.start(home, "etcd", etcd, outlives_us=outlives_us)
        apiserver = _apiserver(programs, home, authority, etcd_port, api_port)
        processes.start(home, "apiserver", apiserver, outlives_us=outlives_us)
        _start_kubelet(home, authority, outlives_us=outlives_us)
        _until(home, client.is_ready)
        _register(server, authority)
    except BaseException:
        processes.stop(home)
        raise
    return server


def stop(home: Path) -> list[str]:
    """Ends everything and takes its state away; returns what was still running."""
    ended = processes.stop(home)
    shutil.rmtree(home)
    return ended


def _apiserver(
    programs: Programs, home: Path, authority: Authority, etcd_port: int, port: int
) -> list[str]:
    argv = flags.apiserver(
        programs.apiserver, home, authority, etcd_port=etcd_port, address="127.0.0.1", port=port
    )
    # A loopback address may not become the endpoint of the Service `kubernetes`.
    return [*argv, "--endpoint-reconciler-type=none"]


def _start_kubelet(home: Path, authority: Authority, *, outlives_us: bool) -> None:
    authority.issue("kubelet", group="system:nodes", addresses=("127.0.0.1",))
    argv = [sys.executable, "-m", "tests.apiserver.kubelet", str(home)]
    processes.start(home, "kubelet", argv, outlives_us=outlives_us)


def _register(server: ApiServer, authority: Authority) -> None:
    """Makes the node known, and the account whose rights the tests look at."""
    _until(server.home, (server.home / "kubelet.port").exists)
    port = int((server.home / "kubelet.port").read_text())
    node = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": NODE}}
    server.client.post("/api/v1/nodes", node)
    server.client.patch(f"/api/v1/nodes/{NODE}/status", {"status": _node_status(port)})
    allow_reading(server.client)
    admin = kubeconfigs.certificate_of(authority, "admin")
    kubeconfigs.write(server.kubeconfig, server.url, authority, admin)
    limited = {"token": token(server.client)}
    kubeconfigs.write(server.limited_kubeconfig, server.url, authority, limited)


def _node_status(kubelet_port: int) -> dict[str, Any]:
    resources = {"cpu": "4", "memory": "8Gi", "pods": "110"}
    return {
        "capacity": resources,
        "allocatable": resources,
        "addresses": [{"type": "InternalIP", "address": "127.0.0.1"}],
        "daemonEndpoints": {"kubeletEndpoint": {"Port": kubelet_port}},
        "conditions": [{"type": "Ready", "status": "True", "reason": "KubeletReady"}],
    }


def _free_ports(count: int) -> list[int]:
    """Ports that were free a moment ago; all are held until all are known, so no two are equal."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports: list[int] = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def _until(home: Path, holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _READY_WITHIN_SECONDS
    while not holds():
        for name in ("etcd", "apiserver", "kubelet"):
            if not processes.is_running(home, name):
                raise ServerFailed(f"{name} ended:\n{processes.end_of_log(home, name)}")
        if time.monotonic() > deadline:
            raise ServerFailed(f"not ready in time:\n{processes.end_of_log(home, 'apiserver')}")
        time.sleep(0.05)
