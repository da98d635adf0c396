"""Ingresses that nobody serves or that lead nowhere."""

from typing import Any

import pytest

from bot.cluster.checks.network.ingresses import check
from bot.cluster.findings import Finding, Ref, is_confirmed
from bot.cluster.needs import LabelsOf
from bot.cluster.objects import Object
from tests.doubles.network_objects import deployment, endpoints, meta, scene, service

NGINX: Object = {"kind": "IngressClass", "metadata": {"name": "nginx"}}
DEFAULT: Object = {
    "kind": "IngressClass",
    "metadata": {
        "name": "nginx",
        "annotations": {"ingressclass.kubernetes.io/is-default-class": "true"},
    },
}
WEB = service("web", {"app": "web"})
READY = endpoints("web", ("web-1", True))


def ingress(name: str = "web", port: dict[str, Any] | None = None, **spec: Any) -> dict[str, Any]:
    backend = {"service": {"name": name, "port": port or {"number": 80}}}
    path = {"path": "/", "pathType": "Prefix", "backend": backend}
    rules = [{"host": "shop.example.com", "http": {"paths": [path]}}]
    base = {"ingressClassName": "nginx", "rules": rules, **spec}
    return {
        "kind": "Ingress",
        "metadata": meta("front"),
        "spec": {key: value for key, value in base.items() if value is not None},
        "status": {"loadBalancer": {}},
    }


def found(*objects: Object) -> list[Finding]:
    return list(check(scene(*objects)))


def test_a_class_that_does_not_exist_is_compared_with_those_there_are() -> None:
    [finding] = found(ingress(ingressClassName="ngnix"), NGINX, WEB, READY)
    assert finding.reason == "IngressClassNotFound"
    assert finding.about == Ref("Ingress", "shop", "front")
    assert "IngressClass `ngnix`" in finding.cause
    assert finding.cause.endswith("Did you mean `nginx`?")
    assert is_confirmed(finding)


def test_no_class_and_no_default_is_a_warning() -> None:
    [finding] = found(ingress(ingressClassName=None), NGINX, WEB, READY)
    assert (finding.reason, finding.severity) == ("NoIngressClass", "warning")


def test_a_backend_that_does_not_exist_is_compared_with_the_services() -> None:
    [finding] = found(ingress("wbe"), NGINX, WEB, READY)
    assert finding.reason == "BackendNotFound"
    assert "`shop.example.com/` to Service `wbe`, which does not exist" in finding.cause
    assert finding.cause.endswith("Did you mean `web`?")


def test_a_backend_of_another_namespace_is_pointed_out() -> None:
    [finding] = found(ingress("api"), NGINX, service("api", {"app": "a"}, namespace="core"))
    assert "there is one in namespace `core`" in finding.cause


@pytest.mark.parametrize(
    ("port", "hint"), [({"number": 8080}, "Did you mean `80`?"), ({"name": "htp"}, "`http`?")]
)
def test_a_port_the_backend_does_not_have_is_named(port: dict[str, Any], hint: str) -> None:
    named = [{"port": 80, "name": "http", "targetPort": 8080}]
    [finding] = found(ingress(port=port), NGINX, service("web", {"app": "web"}, named), READY)
    assert finding.reason == "BackendPortNotFound"
    assert "which has 80 (`http`)" in finding.cause
    assert finding.cause.endswith(hint)


def test_a_backend_without_endpoints_is_because_of_its_service() -> None:
    owner = deployment("web", {"app": "web"})
    [finding] = found(ingress(), NGINX, WEB, endpoints("web", ("web-1", False)), owner)
    assert finding.reason == "BackendNotReady"
    assert finding.because_of[0] == Ref("Service", "shop", "web")


@pytest.mark.parametrize(
    "objects",
    [
        (ingress(), NGINX, WEB, READY),
        (ingress(ingressClassName=None), DEFAULT, WEB, READY),
        (ingress(port={"number": 81}), NGINX,
         service("web", None, [], type="ExternalName", externalName="x.example")),
        ({**ingress(ingressClassName=None),
          "status": {"loadBalancer": {"ingress": [{"ip": "10.0.0.1"}]}}}, NGINX, WEB, READY),
        ({"kind": "Ingress", "metadata": meta("odd"), "spec": {"rules": [1, {"http": 2}]},
          "status": None}, DEFAULT),
    ],
    ids=["whole", "default class", "external", "served all the same", "odd"],
)  # fmt: skip
def test_an_ingress_that_works_is_no_finding(objects: tuple[Object, ...]) -> None:
    assert found(*objects) == []


def test_a_workload_scaled_to_zero_is_told_of_by_itself() -> None:
    world = scene(
        ingress(), NGINX, WEB, endpoints("web"), deployment("web", {"app": "web"}, replicas=0)
    )
    world.answers[LabelsOf("pods", "shop")] = ()
    assert list(check(world)) == []
