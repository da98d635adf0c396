"""A small shop with a broken checkout, for trying Kaia on a real API server."""

from tests.apiserver import workloads
from tests.apiserver.server import ApiServer

NAMESPACE = "shop"
POD = f"checkout-{workloads.TEMPLATE_HASH}-x2k4z"
CANARY = "canary-9f2d51-never-shown"

_LOG = """\
starting checkout 1.4.2
reading settings from /etc/checkout
connecting to postgres at db.shop.svc:5432
ERROR dial tcp 10.96.14.7:5432: connect: connection refused
giving up after 5 attempts
"""


def set_up(server: ApiServer) -> None:
    """Makes the namespace, its pods, a Secret and the logs, where they are not there yet."""
    client = server.client
    if client.has(f"/api/v1/namespaces/{NAMESPACE}"):
        return
    workloads.add_namespace(client, NAMESPACE)
    workloads.add_secret(client, NAMESPACE, "db", CANARY)
    deployment = workloads.add_deployment(client, NAMESPACE, "checkout")
    replicas = workloads.add_replicaset(client, NAMESPACE, deployment)
    workloads.add_pod(client, NAMESPACE, "cart", workloads.healthy())
    workloads.add_log(server, NAMESPACE, "cart", "listening on :8080\n")
    labels = {"app": "checkout", "pod-template-hash": workloads.TEMPLATE_HASH}
    checkout = workloads.add_pod(
        client, NAMESPACE, POD, workloads.crash_looping(), labels=labels, owner=replicas
    )
    workloads.add_event(
        client,
        checkout,
        "BackOff",
        f"Back-off restarting failed container app in pod {POD}",
        count=12,
    )
    for previous in (False, True):
        workloads.add_log(server, NAMESPACE, POD, _LOG, previous=previous)
