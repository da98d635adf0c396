"""A large cluster written straight into an API server: thousands of pods, some of them broken."""

import asyncio
import ssl
from collections.abc import Iterator
from typing import Any

import aiohttp

from tests.apiserver import workloads
from tests.apiserver.server import ApiServer

_AT_ONCE = 24
_CONTAINERS = 2
_ENV_VALUES = 12
_PER_DEPLOYMENT = 10

Manifest = dict[str, Any]


async def write(server: ApiServer, *, pods: int, broken: int, namespaces: int = 10) -> None:
    """Deployments of ten pods with a Service each; every so many pods one crash-loops."""
    pki = server.home / "pki"
    tls = ssl.create_default_context(cafile=pki / "ca.crt")
    tls.load_cert_chain(pki / "admin.crt", pki / "admin.key")
    connector = aiohttp.TCPConnector(ssl=tls, limit=_AT_ONCE)
    async with aiohttp.ClientSession(server.url, connector=connector) as session:
        writer = _Writer(session)
        await writer.all(_namespaces(namespaces))
        count = pods // _PER_DEPLOYMENT
        every = max(pods // broken, 1) if broken else pods + 1
        await writer.all(
            writer.deployment(f"crowd-{n * namespaces // count}", f"app-{n:04}", n, every)
            for n in range(count)
        )


def _namespaces(count: int) -> Iterator[tuple[str, Manifest]]:
    for number in range(count):
        name = f"crowd-{number}"
        meta = {"metadata": {"name": name}}
        yield "/api/v1/namespaces", {"apiVersion": "v1", "kind": "Namespace", **meta}
        yield (
            f"/api/v1/namespaces/{name}/serviceaccounts",
            {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"}},
        )


class _Writer:
    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def all(self, writes: Any) -> None:
        """Posts in order, or runs coroutines at once."""
        listed = list(writes)
        if listed and isinstance(listed[0], tuple):
            for path, body in listed:
                await self.post(path, body)
            return
        async with asyncio.TaskGroup() as tasks:
            for each in listed:
                tasks.create_task(each)

    async def post(self, path: str, body: Manifest) -> Manifest:
        async with self._slots, self._session.post(path, json=body) as answer:
            found: Manifest = await answer.json()
            if answer.status >= 300:
                raise AssertionError(f"{path}: {found}")
            return found

    async def status(self, path: str, status: Manifest) -> None:
        headers = {"Content-Type": "application/merge-patch+json"}
        body = {"status": status}
        async with (
            self._slots,
            self._session.patch(f"{path}/status", json=body, headers=headers) as answer,
        ):
            if answer.status >= 300:
                raise AssertionError(f"{path}: {await answer.text()}")

    async def deployment(self, namespace: str, name: str, number: int, every: int) -> None:
        """With its ReplicaSet, pods, Service and EndpointSlice, as controllers would leave them."""
        labels = {"app": name}
        apps = f"/apis/apps/v1/namespaces/{namespace}"
        first = number * _PER_DEPLOYMENT
        sick = {n for n in range(first, first + _PER_DEPLOYMENT) if n % every == 0}
        healthy = _PER_DEPLOYMENT - len(sick)
        owner = await self.post(f"{apps}/deployments", _deployment(name, labels))
        await self.status(f"{apps}/deployments/{name}", _rollout(healthy))
        labels = {**labels, "pod-template-hash": "7d9f8c6b5"}
        sets = await self.post(f"{apps}/replicasets", _replicaset(name, labels, owner))
        await self.status(f"{apps}/replicasets/{sets['metadata']['name']}", _replicas(healthy))
        for n in range(first, first + _PER_DEPLOYMENT):
            await self._pod(namespace, name, n, labels, sets, is_sick=n in sick)
        await self._service(namespace, name, first, sick)

    async def _pod(
        self,
        namespace: str,
        name: str,
        number: int,
        labels: dict[str, str],
        owner: Manifest,
        *,
        is_sick: bool,
    ) -> None:
        path = f"/api/v1/namespaces/{namespace}/pods"
        pod = f"{name}-7d9f8c6b5-{number:05}"
        made = await self.post(path, _pod(pod, labels, owner))
        status = workloads.crash_looping() if is_sick else workloads.healthy()
        side = status["containerStatuses"][0] | {
            "name": "side", "ready": True, "started": True, "restartCount": 0, "lastState": {},
            "state": workloads.running(),
        }  # fmt: skip
        await self.status(f"{path}/{pod}", status | {"containerStatuses": [
            *status["containerStatuses"], side
        ]})  # fmt: skip
        if is_sick:
            await self.post(f"/api/v1/namespaces/{namespace}/events", _back_off(made))

    async def _service(self, namespace: str, name: str, first: int, sick: set[int]) -> None:
        service = {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": name},
            "spec": {"selector": {"app": name}, "ports": [{"port": 80, "targetPort": 8080}]},
        }
        await self.post(f"/api/v1/namespaces/{namespace}/services", service)
        slices = f"/apis/discovery.k8s.io/v1/namespaces/{namespace}/endpointslices"
        await self.post(slices, _slice(namespace, name, first, sick))


def _template(labels: dict[str, str]) -> Manifest:
    return {"metadata": {"labels": labels}, "spec": _spec()}


def _spec() -> Manifest:
    env = [{"name": f"SETTING_{n}", "value": f"value number {n}"} for n in range(_ENV_VALUES)]
    names = ("app", "side")[:_CONTAINERS]
    resources = {
        "requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"memory": "64Mi"}
    }  # fmt: skip
    return {
        "containers": [
            {"name": name, "image": workloads.IMAGE, "env": env, "resources": resources}
            for name in names
        ]
    }


def _deployment(name: str, labels: dict[str, str]) -> Manifest:
    spec = {
        "replicas": _PER_DEPLOYMENT,
        "selector": {"matchLabels": labels},
        "template": _template(labels),
    }
    meta = {"name": name, "labels": labels}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta, "spec": spec}


def _replicaset(name: str, labels: dict[str, str], owner: Manifest) -> Manifest:
    meta = {
        "name": f"{name}-7d9f8c6b5",
        "labels": labels,
        "ownerReferences": [_owned_by(owner, "apps/v1", "Deployment")],
    }
    spec = {
        "replicas": _PER_DEPLOYMENT,
        "selector": {"matchLabels": labels},
        "template": _template(labels),
    }
    return {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": meta, "spec": spec}


def _pod(name: str, labels: dict[str, str], owner: Manifest) -> Manifest:
    meta = {
        "name": name,
        "labels": labels,
        "ownerReferences": [_owned_by(owner, "apps/v1", "ReplicaSet")],
    }
    spec = _spec() | {"nodeName": "node-1"}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": spec}


def _owned_by(owner: Manifest, version: str, kind: str) -> Manifest:
    meta = owner["metadata"]
    return {
        "apiVersion": version,
        "kind": kind,
        "name": meta["name"],
        "uid": meta["uid"],
        "controller": True,
    }


def _rollout(healthy: int) -> Manifest:
    return {
        "observedGeneration": 1,
        "updatedReplicas": _PER_DEPLOYMENT,
        **_replicas(healthy),
        "unavailableReplicas": _PER_DEPLOYMENT - healthy,
    }


def _replicas(healthy: int) -> Manifest:
    return {
        "replicas": _PER_DEPLOYMENT,
        "readyReplicas": healthy,
        "availableReplicas": healthy,
        "observedGeneration": 1,
    }


def _back_off(pod: Manifest) -> Manifest:
    meta = pod["metadata"]
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"generateName": f"{meta['name']}.", "namespace": meta["namespace"]},
        "involvedObject": {"kind": "Pod", "apiVersion": "v1"}
        | {key: meta[key] for key in ("name", "namespace", "uid")},
        "reason": "BackOff",
        "message": "Back-off restarting failed container app",
        "type": "Warning",
        "count": 12,
        "firstTimestamp": workloads.moment(30),
        "lastTimestamp": workloads.moment(1),
    }


def _slice(namespace: str, name: str, first: int, sick: set[int]) -> Manifest:
    endpoints = [
        {
            "addresses": [f"10.{n // 65536}.{n // 256 % 256}.{n % 256}"],
            "conditions": {"ready": n not in sick},
            "targetRef": {
                "kind": "Pod", "namespace": namespace, "name": f"{name}-7d9f8c6b5-{n:05}"
            },
        }
        for n in range(first, first + _PER_DEPLOYMENT)
    ]  # fmt: skip
    meta = {"name": f"{name}-x", "labels": {"kubernetes.io/service-name": name}}
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": meta,
        "addressType": "IPv4",
        "endpoints": endpoints,
        "ports": [{"port": 8080, "protocol": "TCP"}],
    }
