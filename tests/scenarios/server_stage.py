"""Sets a scenario up on an API server alone: what no controller writes there, it writes."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

from tests.apiserver import workloads
from tests.apiserver.client import ApiRefused, Manifest
from tests.apiserver.kubelet import log_file, write_log
from tests.apiserver.server import NODE, ApiServer
from tests.scenarios import well
from tests.scenarios.objects import Objects, in_time
from tests.scenarios.scenario import Event, Log, NodeOf, Scenario, ScenarioFaulty

_Made = dict[tuple[str, str], Manifest]
"""Kind and name -> object."""


@contextmanager
def set_up(scenario: Scenario, server: ApiServer) -> Iterator[None]:
    """Its namespace stays, as nobody here could empty one; what has no namespace goes again."""
    objects = Objects(server.client)
    made: _Made = {}
    try:
        _make(scenario, objects, made)
        _write_statuses(scenario, objects, made)
        for event in scenario.events:
            objects.add(_event(event, scenario.namespace, made), scenario.namespace)
        for log in scenario.logs:
            _write_log(server, scenario.namespace, log)
        yield
    finally:
        for one in made.values():
            if "namespace" not in one["metadata"]:
                server.client.delete(objects.path_of(one))


def _make(scenario: Scenario, objects: Objects, made: _Made) -> None:
    workloads.add_namespace(objects.client, scenario.namespace)
    authority = {"metadata": {"name": "kube-root-ca.crt"}, "data": {"ca.crt": ""}}
    objects.add({"apiVersion": "v1", "kind": "ConfigMap", **authority}, scenario.namespace)
    for manifest in (*map(_node, scenario.nodes), *scenario.manifests):
        try:
            one = objects.add(_placed(manifest, scenario), scenario.namespace)
        except (ApiRefused, KeyError) as problem:
            raise ScenarioFaulty(f"{scenario.name}: {problem}") from None
        made[one["kind"], one["metadata"]["name"]] = one


def _write_statuses(scenario: Scenario, objects: Objects, made: _Made) -> None:
    """What has none in the file is well."""
    given = {(one.kind, one.name): one.status for one in scenario.statuses}
    if unknown := given.keys() - made.keys():
        raise ScenarioFaulty(f"{scenario.name}: a status of what is not made: {unknown}")
    nodes = {("Node", one.name): well.node() | one.status for one in scenario.nodes}
    for key, one in made.items():
        status = (nodes | given).get(key) or well.status_of(one)
        if status is not None:
            objects.write_status(one, status)


def _placed(manifest: Manifest, scenario: Scenario) -> Manifest:
    """A pod is on the node unless its status says that no node would have it."""
    if manifest["kind"] != "Pod" or "nodeName" in manifest["spec"]:
        return manifest
    name = manifest["metadata"]["name"]
    statuses = [one.status for one in scenario.statuses if (one.kind, one.name) == ("Pod", name)]
    if any(workloads.is_unscheduled(status) for status in statuses):
        return manifest
    return {**manifest, "spec": {**manifest["spec"], "nodeName": NODE}}


def _node(node: NodeOf) -> Manifest:
    metadata = {"name": node.name, "labels": node.labels}
    return {"apiVersion": "v1", "kind": "Node", "metadata": metadata, "spec": node.spec}


def _event(event: Event, namespace: str, made: _Made) -> Manifest:
    about = made[event.kind, event.name]
    keys = ("name", "namespace", "uid", "resourceVersion")
    involved = {key: about["metadata"][key] for key in keys if key in about["metadata"]}
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"generateName": f"{event.name}.", "namespace": namespace},
        "involvedObject": {"kind": event.kind, "apiVersion": about["apiVersion"], **involved},
        "reason": event.reason,
        "message": event.message,
        "type": event.type,
        "count": event.count,
        "firstTimestamp": event.first,
        "lastTimestamp": event.last,
        "source": {"component": event.source},
    }


def _write_log(server: ApiServer, namespace: str, log: Log) -> None:
    file = log_file(server.logs, namespace, log.pod, log.container, previous=log.previous)
    last = datetime.datetime.fromisoformat(in_time("1m ago"))
    write_log(file, log.text, last=last)
