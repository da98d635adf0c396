"""What the policy lets through runs with the chart's rights to read, but for the types left out."""

import asyncio
import shlex
from pathlib import Path
from typing import Any

import pytest

from bot.cluster import processes
from bot.tools import policy
from bot.tools.verbs import READS
from tests.apiserver import workloads
from tests.apiserver.client import Client
from tests.apiserver.server import NODE, ApiServer
from tests.chart.rendering import Renderer
from tests.rights.table import NOT_GIVEN
from tests.rights.tiers import CLUSTER, Given, give, roles

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]

PLACE = "rights-commands"
_AT_ONCE = 4
_COMMANDS = f"""\
kubectl get pods -n {PLACE}
kubectl get all -n {PLACE}
kubectl get deploy,rs,pods -n {PLACE} -o yaml
kubectl get pods -A -o wide
kubectl get deployment rights-web -n {PLACE} --subresource=scale
kubectl get pod rights-cart -n {PLACE} --subresource=status
kubectl get node {NODE} --subresource=status
kubectl describe pod rights-cart -n {PLACE}
kubectl describe node {NODE}
kubectl describe namespace {PLACE}
kubectl logs rights-cart -n {PLACE} --tail=20
kubectl logs deploy/rights-web -n {PLACE}
kubectl top pods -n {PLACE}
kubectl top nodes
kubectl events -n {PLACE} --for pod/rights-cart
kubectl rollout status deployment/rights-web -n {PLACE}
kubectl rollout history deployment/rights-web -n {PLACE}
kubectl rollout history statefulset/rights-db -n {PLACE}
kubectl explain pods.spec
kubectl api-resources
kubectl api-versions
kubectl version
kubectl cluster-info
kubectl auth can-i list pods -n {PLACE}
kubectl auth can-i --list -n {PLACE}
kubectl auth whoami
""".splitlines()


@pytest.fixture(scope="module")
def apiserver(own_apiserver: ApiServer) -> ApiServer:
    return own_apiserver


@pytest.fixture(scope="module")
def given(helm: Path, apiserver: ApiServer, tmp_path_factory: pytest.TempPathFactory) -> Given:
    folder = tmp_path_factory.mktemp("wide")
    found = give(apiserver, CLUSTER, roles(Renderer(helm), CLUSTER), folder)
    furnish(apiserver)
    return found


def furnish(apiserver: ApiServer) -> None:
    """Objects of which kubectl reads more than they are when it describes them."""
    client = apiserver.client
    workloads.add_namespace(client, PLACE)
    deployment = workloads.add_deployment(client, PLACE, "rights-web")
    replicas = workloads.add_replicaset(client, PLACE, deployment)
    labels = {"app": "rights-web", "pod-template-hash": workloads.TEMPLATE_HASH}
    workloads.add_pod(
        client, PLACE, "rights-web-1", workloads.healthy(), labels=labels, owner=replicas
    )
    workloads.add_log(apiserver, PLACE, "rights-web-1", "listening\n")
    workloads.add_pod(client, PLACE, "rights-cart", workloads.healthy())
    workloads.add_log(apiserver, PLACE, "rights-cart", "listening\n")
    for path, spec in _others().items():
        group, _, plural = path.rpartition("/")
        add(client, group, plural, spec)


def _others() -> dict[str, dict[str, Any]]:
    labels = {"matchLabels": {"app": "rights-db"}}
    pod = {"containers": [{"name": "app", "image": workloads.IMAGE}]}
    template = {"metadata": {"labels": {"app": "rights-db"}}, "spec": pod}
    once = {**template, "spec": {**pod, "restartPolicy": "Never"}}
    rule = {"http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": _BACKEND}]}}
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "rights-web"}
    size = {"requests": {"storage": "1Gi"}}
    return {
        "apis/apps/v1/statefulsets": {"selector": labels, "template": template, "serviceName": "d"},
        "apis/apps/v1/daemonsets": {"selector": labels, "template": template},
        "apis/batch/v1/jobs": {"template": once},
        "apis/batch/v1/cronjobs": {
            "schedule": "0 3 * * *",
            "jobTemplate": {"spec": {"template": once}},
        },
        "apis/autoscaling/v2/horizontalpodautoscalers": {
            "scaleTargetRef": target,
            "maxReplicas": 3,
        },
        "apis/policy/v1/poddisruptionbudgets": {"selector": labels, "minAvailable": 1},
        "apis/networking.k8s.io/v1/ingresses": {"rules": [rule], "tls": [{"secretName": "web"}]},
        "apis/networking.k8s.io/v1/networkpolicies": {"podSelector": labels},
        "api/v1/services": {"ports": [{"port": 80}], "selector": {"app": "rights-web"}},
        "api/v1/persistentvolumeclaims": {"accessModes": ["ReadWriteOnce"], "resources": size},
        "api/v1/resourcequotas": {"hard": {"services": "10"}},
        "api/v1/limitranges": {"limits": [{"type": "Container", "max": {"cpu": "2"}}]},
    }


_BACKEND = {"service": {"name": "rights-db", "port": {"number": 80}}}


def add(client: Client, group: str, plural: str, spec: dict[str, Any]) -> None:
    body = {"metadata": {"name": "rights-db"}, "spec": spec}
    client.post(f"/{group}/namespaces/{PLACE}/{plural}", body)


async def said(apiserver: ApiServer, given: Given, line: str) -> str:
    """All that kubectl writes where the policy lets the line through."""
    verdict = policy.judge(line, namespace=PLACE)
    assert verdict.kind == "read", f"{line}: {verdict.reason}"
    finished = await processes.run(
        (str(apiserver.kubectl), *verdict.argv[1:]),
        environ=given.environ,
        cwd=given.kubeconfig.parent,
        bounds=processes.Bounds(deadline_seconds=60, stdout_bytes=2**22),
    )
    return (finished.stdout + finished.stderr).decode()


async def forbidden(apiserver: ApiServer, given: Given, verb: str, types: list[str]) -> set[str]:
    slots = asyncio.Semaphore(_AT_ONCE)

    async def is_forbidden(each: str) -> bool:
        async with slots:
            text = await said(apiserver, given, f"kubectl {verb} {each} -A")
        return "forbidden" in text.lower()

    answers = await asyncio.gather(*map(is_forbidden, types))
    return {each for each, answer in zip(types, answers, strict=True) if answer}


@pytest.fixture(scope="module")
def types(apiserver: ApiServer) -> list[str]:
    """Every type of Kubernetes' own that can be listed, by its plural and group, as the policy
    takes it.
    """
    found = {
        f"{each['name']}.{name}" if name else each["name"]
        for name, path in _versions(apiserver.client)
        for each in apiserver.client.get(path)["resources"]
        if {"list", "get"} <= {*each["verbs"]} and "/" not in each["name"]
    }
    return sorted(found - {"secrets"})


def _versions(client: Client) -> list[tuple[str, str]]:
    groups = client.get("/apis")["groups"]
    return [("", "/api/v1")] + [
        (each["name"], f"/apis/{each['preferredVersion']['groupVersion']}") for each in groups
    ]


async def test_every_type_can_be_listed_but_those_that_are_left_out(
    apiserver: ApiServer, given: Given, types: list[str]
) -> None:
    assert await forbidden(apiserver, given, "get", types) == {*NOT_GIVEN}


async def test_every_type_can_be_described_but_those_that_are_left_out(
    apiserver: ApiServer, given: Given, types: list[str]
) -> None:
    described = [each for each in types if each != "serviceaccounts"]

    found = await forbidden(apiserver, given, "describe", described)

    assert found == {*NOT_GIVEN}


@pytest.mark.parametrize("line", _COMMANDS)
async def test_each_verb_has_the_rights_it_needs(
    apiserver: ApiServer, given: Given, line: str
) -> None:
    text = await said(apiserver, given, line)

    assert "forbidden" not in text.lower()


def test_no_verb_of_the_policy_is_left_out_here() -> None:
    tried = {" ".join(shlex.split(line)[1:]) for line in _COMMANDS}

    for verb in READS:
        assert any(line.startswith(verb.name) for line in tried), verb.name
