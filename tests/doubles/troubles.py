"""Namespaces of a real API server with troubles in them, and accounts that may read some of it."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from tests.apiserver import workloads
from tests.apiserver.client import Client, Manifest
from tests.apiserver.server import ApiServer

CANARY = "canary-5e0b77-QzWx83-never-shown"
GROUP = "tests.example"
_SERVED_WITHIN_SECONDS = 20.0
_RBAC = "/apis/rbac.authorization.k8s.io/v1"
_CLUSTER_WIDE = frozenset({
    "namespaces", "nodes", "persistentvolumes", "mutatingwebhookconfigurations", "storageclasses",
    "validatingwebhookconfigurations", "customresourcedefinitions", "apiservices", "csidrivers",
    "ingressclasses", "clusterrolebindings", "clusterroles", "priorityclasses", "csinodes",
    "volumeattachments",
})  # fmt: skip

Rule = dict[str, Any]


def add_crashing(
    server: ApiServer, namespace: str, name: str, log: str = "ERROR it broke\n"
) -> Manifest:
    """A pod that crashes again and again, with its event and its log."""
    pod = workloads.add_pod(server.client, namespace, name, workloads.crash_looping())
    message = f"Back-off restarting failed container app in pod {name}"
    workloads.add_event(server.client, pod, "BackOff", message, count=12)
    for previous in (False, True):
        workloads.add_log(server, namespace, name, log, previous=previous)
    return pod


def add_config_map(client: Client, namespace: str, name: str, **data: str) -> None:
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}
    client.post(f"/api/v1/namespaces/{namespace}/configmaps", body)


@contextmanager
def served_widgets(client: Client) -> Iterator[str]:
    """A kind of custom resources, for as long as it lasts; gives the path of its API."""
    path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    client.post(path, _definition())
    root = f"/apis/{GROUP}/v1"
    try:
        _wait_until_served(client, f"{path}/widgets.{GROUP}", f"{root}/widgets")
        yield root
    finally:
        client.delete(f"{path}/widgets.{GROUP}")
        _wait_until(lambda: not client.has(f"{path}/widgets.{GROUP}"))


def _wait_until_served(client: Client, definition: str, path: str) -> None:
    """A definition is there at once, what it defines a moment later."""
    _wait_until(lambda: _is_established(client, definition) and client.has(path))


def _wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _SERVED_WITHIN_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "the API server did not get that far in time"
        time.sleep(0.05)


def _is_established(client: Client, definition: str) -> bool:
    # Right after its creation they are null.
    conditions = client.get(definition).get("status", {}).get("conditions") or []
    return any(each["type"] == "Established" and each["status"] == "True" for each in conditions)


def add_widget(client: Client, root: str, namespace: str, name: str, *, is_ready: bool) -> None:
    state = {
        "type": "Ready",
        "status": "True" if is_ready else "False",
        "reason": "Fine" if is_ready else "NoPaper",
        "message": "" if is_ready else "the press has run out of paper",
        "lastTransitionTime": workloads.moment(10),
    }
    body = {
        "apiVersion": f"{GROUP}/v1",
        "kind": "Widget",
        "metadata": {"name": name},
        "spec": {"password": CANARY},
        "status": {"conditions": [state]},
    }
    client.post(f"{root}/namespaces/{namespace}/widgets", body)


def add_account(client: Client, namespace: str, name: str) -> None:
    body = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}}
    client.post(f"/api/v1/namespaces/{namespace}/serviceaccounts", body)


def allow(
    client: Client,
    account: tuple[str, str],
    name: str,
    rules: Iterable[Rule],
    *,
    inside: str = "",
) -> None:
    """Binds a role with these rules to the account, in one namespace or everywhere."""
    sort = "Role" if inside else "ClusterRole"
    path = f"{_RBAC}/namespaces/{inside}" if inside else _RBAC
    api = {"apiVersion": "rbac.authorization.k8s.io/v1", "metadata": {"name": name}}
    client.post(f"{path}/{sort.lower()}s", {**api, "kind": sort, "rules": list(rules)})
    namespace, its_name = account
    subject = {"kind": "ServiceAccount", "name": its_name, "namespace": namespace}
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": sort, "name": name}
    binding = {**api, "kind": f"{sort}Binding", "roleRef": role, "subjects": [subject]}
    client.post(f"{path}/{sort.lower()}bindings", binding)


def readable(client: Client, *, but: Iterable[str] = (), is_namespaced: bool = False) -> list[Rule]:
    """What Kaia's own account may read, without some of it."""
    hidden = {*but, *(_CLUSTER_WIDE if is_namespaced else ())}
    rules = client.get(f"{_RBAC}/clusterroles/kaia")["rules"]
    left = [(rule, [each for each in rule["resources"] if each not in hidden]) for rule in rules]
    return [{**rule, "resources": resources} for rule, resources in left if resources]


def rules_in(text: str) -> list[Rule]:
    found: list[Rule] = yaml.safe_load(text)
    return found


def kubeconfig_of(server: ApiServer, account: tuple[str, str], path: Path) -> Path:
    """The account's own, with its namespace as the default."""
    namespace, name = account
    asked: Manifest = {
        "apiVersion": "authentication.k8s.io/v1",
        "kind": "TokenRequest",
        "spec": {"expirationSeconds": 3600},
    }
    where = f"/api/v1/namespaces/{namespace}/serviceaccounts/{name}/token"
    config = json.loads(server.limited_kubeconfig.read_text())
    config["users"][0]["user"] = {"token": server.client.post(where, asked)["status"]["token"]}
    config["contexts"][0]["context"]["namespace"] = namespace
    path.touch(mode=0o600)
    path.write_text(json.dumps(config))
    return path


def _definition() -> Manifest:
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    version = {
        "name": "v1",
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": schema},
    }
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"widgets.{GROUP}"},
        "spec": {
            "group": GROUP,
            "scope": "Namespaced",
            "names": {"plural": "widgets", "singular": "widget", "kind": "Widget"},
            "versions": [version],
        },
    }
