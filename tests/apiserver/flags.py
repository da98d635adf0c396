"""The command lines of etcd and kube-apiserver; it starts neither."""

from pathlib import Path

from tests.apiserver.certificates import Authority, new_signing_key

SERVICES = "10.96.0.0/16"
_FIRST_SERVICE = "10.96.0.1"

# Blocking and with RequestReceived: a request stands in the log before it is answered.
_AUDIT_POLICY = """\
apiVersion: audit.k8s.io/v1
kind: Policy
rules: [{level: Metadata}]
"""


def etcd(program: Path, home: Path, port: int, peer_port: int) -> list[str]:
    client, peer = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{peer_port}"
    return [
        str(program),
        "--name=kaia",
        f"--data-dir={home / 'etcd'}",
        f"--listen-client-urls={client}",
        f"--advertise-client-urls={client}",
        f"--listen-peer-urls={peer}",
        f"--initial-advertise-peer-urls={peer}",
        f"--initial-cluster=kaia={peer}",
    ]


def apiserver(
    program: Path, home: Path, authority: Authority, *, etcd_port: int, address: str, port: int
) -> list[str]:
    """With RBAC and an audit log; what a cluster of one sort alone needs is added to it."""
    addresses = tuple(dict.fromkeys(("127.0.0.1", address, _FIRST_SERVICE)))
    serving = authority.issue("kube-apiserver", addresses=addresses)
    to_kubelet = authority.issue("kube-apiserver-kubelet-client", group="system:masters")
    signing_key = new_signing_key(signing_key_in(home))
    policy = home / "audit-policy.yaml"
    policy.write_text(_AUDIT_POLICY)
    return [
        str(program),
        f"--etcd-servers=http://127.0.0.1:{etcd_port}",
        f"--bind-address={address}",
        f"--advertise-address={address}",
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
        f"--service-cluster-ip-range={SERVICES}",
        "--authorization-mode=Node,RBAC",
        "--profiling=false",
        f"--audit-log-path={home / 'audit.log'}",
        f"--audit-policy-file={policy}",
        "--audit-log-format=json",
        "--audit-log-mode=blocking",
    ]


def signing_key_in(home: Path) -> Path:
    """The key of the ServiceAccounts' tokens."""
    return home / "pki" / "serviceaccounts.key"
