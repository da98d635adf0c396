"""A namespace beside Kaia's, in which a pod fails for a reason that its log tells."""

from tests.apiserver import workloads
from tests.apiserver.client import Client, Manifest

NAMESPACE = "billing"
CANARY = "canary-71c3e8-never-shown"
CAUSE = "tax.yaml"
_POD = f"/api/v1/namespaces/{NAMESPACE}/pods/invoices"
_SCRIPT = """\
echo "starting invoices 2.3.1"
echo "FATAL: cannot open /etc/invoices/tax.yaml: No such file or directory"
exit 3
"""


def make(client: Client) -> None:
    """With a Secret, which nobody is to see."""
    if client.has(f"/api/v1/namespaces/{NAMESPACE}"):
        return
    client.post("/api/v1/namespaces", {"metadata": {"name": NAMESPACE}})
    workloads.add_secret(client, NAMESPACE, "ledger", CANARY)


def break_pod(client: Client) -> None:
    if not client.has(_POD):
        client.post(_POD.removesuffix("/invoices"), _pod())


def is_broken(client: Client) -> bool:
    [state] = client.get(_POD)["status"].get("containerStatuses") or [{}]
    waiting = state.get("state", {}).get("waiting", {})
    return bool(waiting.get("reason") == "CrashLoopBackOff")


def is_furnished(client: Client) -> bool:
    """Whether pods can be made there."""
    return client.has(f"/api/v1/namespaces/{NAMESPACE}/serviceaccounts/default")


def _pod() -> Manifest:
    container = {
        "name": "app",
        "image": "busybox:1.36",
        "imagePullPolicy": "IfNotPresent",
        "command": ["sh", "-c", _SCRIPT],
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "invoices"},
        "spec": {"automountServiceAccountToken": False, "containers": [container]},
    }
