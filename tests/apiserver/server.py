"""etcd, kube-apiserver and the kubelet double on loopback, with RBAC and an audit log."""

import base64
import json
import shutil
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.apiserver import processes
from tests.apiserver.certificates import Authority, new_signing_key
from tests.apiserver.client import Client
from tests.apiserver.limits import allow_reading, token
from tests.apiserver.programs import Programs

NODE = "node-1"
_READY_WITHIN_SECONDS = 45

# Blocking and with RequestReceived: a request stands in the log before it is answered.
_AUDIT_POLICY = """\
apiVersion: audit.k8s.io/v1
kind: Policy
rules: [{level: Metadata}]
"""


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
        processes.start(
            home, "etcd", _etcd(programs, home, etcd_port, peer_port), outlives_us=outlives_us
        )
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


def _etcd(programs: Programs, home: Path, port: int, peer_port: int) -> list[str]:
    client, peer = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{peer_port}"
    return [
        str(programs.etcd),
        "--name=kaia",
        f"--data-dir={home / 'etcd'}",
        f"--listen-client-urls={client}",
        f"--advertise-client-urls={client}",
        f"--listen-peer-urls={peer}",
        f"--initial-advertise-peer-urls={peer}",
        f"--initial-cluster=kaia={peer}",
    ]


def _apiserver(
    programs: Programs, home: Path, authority: Authority, etcd_port: int, port: int
) -> list[str]:
    serving = authority.issue("kube-apiserver", addresses=("127.0.0.1", "10.96.0.1"))
    to_kubelet = authority.issue("kube-apiserver-kubelet-client", group="system:masters")
    signing_key = new_signing_key(home / "pki" / "serviceaccounts.key")
    policy = home / "audit-policy.yaml"
    policy.write_text(_AUDIT_POLICY)
    return [
        str(programs.apiserver),
        f"--etcd-servers=http://127.0.0.1:{etcd_port}",
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        # A loopback address may not become the endpoint of the Service `kubernetes`.
        "--endpoint-reconciler-type=none",
        f"--secure-port={port}",
        f"--tls-cert-file={serving.certificate}",
        f"--tls-private-key-file={serving.key}",
        f"--client-ca-file={authority.certificate}",
        f"--kubelet-client-certificate={to_kubelet.certificate}",
        f"--kubelet-client-key={to_kubelet.key}",
        f"--kubelet-certificate-authority={authority.certificate}",
        "--kubelet-preferred-address-types=InternalIP",
        "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
        f"--service-account-key-file={signing_key}",
        f"--service-account-signing-key-file={signing_key}",
        "--service-cluster-ip-range=10.96.0.0/16",
        "--authorization-mode=Node,RBAC",
        "--profiling=false",
        f"--audit-log-path={home / 'audit.log'}",
        f"--audit-policy-file={policy}",
        "--audit-log-format=json",
        "--audit-log-mode=blocking",
    ]


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
    _write_kubeconfig(server.kubeconfig, server.url, authority, _certificate_of(authority, "admin"))
    limited = {"token": token(server.client)}
    _write_kubeconfig(server.limited_kubeconfig, server.url, authority, limited)


def _node_status(kubelet_port: int) -> dict[str, Any]:
    resources = {"cpu": "4", "memory": "8Gi", "pods": "110"}
    return {
        "capacity": resources,
        "allocatable": resources,
        "addresses": [{"type": "InternalIP", "address": "127.0.0.1"}],
        "daemonEndpoints": {"kubeletEndpoint": {"Port": kubelet_port}},
        "conditions": [{"type": "Ready", "status": "True", "reason": "KubeletReady"}],
    }


def _certificate_of(authority: Authority, name: str) -> dict[str, str]:
    folder = authority.certificate.parent
    return {
        "client-certificate-data": _base64(folder / f"{name}.crt"),
        "client-key-data": _base64(folder / f"{name}.key"),
    }


def _write_kubeconfig(path: Path, url: str, authority: Authority, user: dict[str, str]) -> None:
    cluster = {"server": url, "certificate-authority-data": _base64(authority.certificate)}
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "kaia-tests", "cluster": cluster}],
        "users": [{"name": path.stem, "user": user}],
        "contexts": [
            {"name": "kaia-tests", "context": {"cluster": "kaia-tests", "user": path.stem}}
        ],
        "current-context": "kaia-tests",
    }
    path.touch(mode=0o600)
    path.write_text(json.dumps(config, indent=1))


def _base64(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()


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
                raise ServerFailed(f"{name} ended:\n{_end_of_log(home, name)}")
        if time.monotonic() > deadline:
            raise ServerFailed(f"not ready in time:\n{_end_of_log(home, 'apiserver')}")
        time.sleep(0.05)


def _end_of_log(home: Path, name: str) -> str:
    return "\n".join((home / f"{name}.log").read_text(errors="replace").splitlines()[-15:])
