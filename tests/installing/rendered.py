"""The chart's objects for some values, and what they would need to be taken by an API server."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from tests.apiserver.client import Client, Manifest
from tests.installing.commands import Command
from tests.installing.installed import CHART, RELEASE

CI = sorted((CHART / "ci").glob("*-values.yaml"))
_MONITORING = "monitoring.coreos.com"
_DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
_CLASSES: dict[str, tuple[str, Manifest]] = {
    "priorityClassName": ("/apis/scheduling.k8s.io/v1/priorityclasses", {"value": 1}),
    "runtimeClassName": ("/apis/node.k8s.io/v1/runtimeclasses", {"handler": "none"}),
}


async def objects(helm: Command, namespace: str, version: str, *values: Path) -> list[Manifest]:
    """Hooks included."""
    files = [word for file in values for word in ("--values", str(file))]
    where = ("--namespace", namespace, "--kube-version", version)
    text = await helm("template", RELEASE, str(CHART), *where, *files)
    return [each for each in yaml.safe_load_all(text) if each]


def pods(manifests: Iterable[Manifest]) -> list[Manifest]:
    """Those that stand alone, and of each workload the one it would make."""
    return [
        each if each["kind"] == "Pod" else _pod(each)
        for each in manifests
        if each["kind"] == "Pod" or "template" in each.get("spec", {})
    ]


def make_room(client: Client, namespace: str, manifests: list[Manifest]) -> None:
    """Makes what the objects refer to and a chart cannot bring: namespaces, classes, accounts."""
    named = {each["metadata"].get("namespace", namespace) for each in manifests}
    for name in sorted(named):
        _make(client, "/api/v1/namespaces", name)
    for path, name, body in _classes(manifests):
        _make(client, path, name, **body)
    for each in manifests:
        if each["kind"] == "ServiceAccount":
            _make(client, f"/api/v1/namespaces/{namespace}/serviceaccounts", _name(each))


def define_monitoring(client: Client) -> None:
    """The kinds of the Prometheus Operator, with any content."""
    for kind in ("ServiceMonitor", "PrometheusRule"):
        name = f"{kind.lower()}s.{_MONITORING}"
        _make(client, _DEFINITIONS, name, spec=_definition(kind))


def forget_monitoring(client: Client) -> None:
    for kind in ("servicemonitors", "prometheusrules"):
        client.delete(f"{_DEFINITIONS}/{kind}.{_MONITORING}")


def _classes(manifests: Iterable[Manifest]) -> Iterator[tuple[str, str, Manifest]]:
    for pod in pods(manifests):
        for field, (path, body) in _CLASSES.items():
            if name := pod["spec"].get(field):
                yield path, name, body


def _make(client: Client, path: str, name: str, **body: object) -> None:
    if not client.has(f"{path}/{name}"):
        client.post(path, {"metadata": {"name": name}, **body})


def _pod(workload: Manifest) -> Manifest:
    template = workload["spec"]["template"]
    metadata = template["metadata"] | {"name": f"{_name(workload)}-pod"}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]}


def _name(manifest: Manifest) -> str:
    return str(manifest["metadata"]["name"])


def _definition(kind: str) -> Manifest:
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    return {
        "group": _MONITORING,
        "names": {"kind": kind, "plural": f"{kind.lower()}s"},
        "scope": "Namespaced",
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {"openAPIV3Schema": schema},
            }
        ],
    }
