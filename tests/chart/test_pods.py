"""Every pod of every way to install it: restricted, bounded, and with no right it does not use."""

import re

import pytest

from tests.chart.objects import containers, of_kind, pod_templates
from tests.chart.reading import kaia_of
from tests.chart.rendering import Object, Renderer
from tests.chart.restricted import violations

pytestmark = pytest.mark.chart

_TOKENS = "/var/run/secrets/kubernetes.io/serviceaccount"


@pytest.fixture(scope="session")
def pods(rendered: dict[str, list[Object]]) -> dict[str, Object]:
    return {
        f"{file}: {name}": pod
        for file, objects in rendered.items()
        for name, pod in pod_templates(objects)
    }


def test_there_are_pods_of_kaia_of_ollama_and_of_the_test(pods: dict[str, Object]) -> None:
    kinds = {name.partition(": ")[2].partition("/")[0] for name in pods}
    assert kinds >= {"Deployment", "Pod"}
    assert any("ollama" in name.partition(": ")[2] for name in pods)


def test_every_pod_keeps_the_restricted_profile(pods: dict[str, Object]) -> None:
    assert {name: violations(pod) for name, pod in pods.items() if violations(pod)} == {}


def test_every_container_has_a_root_file_system_it_cannot_write(pods: dict[str, Object]) -> None:
    writable = [
        f"{name}: {each['name']}"
        for name, pod in pods.items()
        for each in containers(pod)
        if each["securityContext"].get("readOnlyRootFilesystem") is not True
    ]
    assert writable == []


def test_every_container_says_what_it_needs_and_how_much_memory_it_may_take(
    pods: dict[str, Object],
) -> None:
    for name, pod in pods.items():
        for each in containers(pod):
            resources = each["resources"]
            assert set(resources["requests"]) >= {"cpu", "memory"}, name
            assert "memory" in resources["limits"], name


def test_every_image_has_a_version_of_its_own(pods: dict[str, Object]) -> None:
    fixed = re.compile(r"@sha256:[0-9a-f]{64}$|:(?!latest$)[\w][\w.-]*$")
    images = {each["image"] for pod in pods.values() for each in containers(pod)}
    assert [image for image in images if not fixed.search(image)] == []


def test_a_digest_wins_over_the_tag(chart: Renderer) -> None:
    digest = f"sha256:{'a' * 64}"
    image = {"registry": "registry.example/team", "tag": "9", "digest": digest}
    _pod, kaia = kaia_of(chart.objects({"image": image}))
    assert kaia["image"].startswith("registry.example/team/kaia")
    assert kaia["image"].endswith(f"@{digest}")


def test_no_pod_hears_of_services_or_gets_a_token_unasked(pods: dict[str, Object]) -> None:
    for name, pod in pods.items():
        assert pod["spec"]["enableServiceLinks"] is False, name
        assert pod["spec"]["automountServiceAccountToken"] is False, name


def test_only_kaia_gets_a_token_and_it_is_short_lived(pods: dict[str, Object]) -> None:
    for name, pod in pods.items():
        sources = [
            source["serviceAccountToken"]
            for volume in pod["spec"].get("volumes") or ()
            for source in volume.get("projected", {}).get("sources") or ()
            if "serviceAccountToken" in source
        ]
        is_kaia = any(each["name"] == "kaia" for each in containers(pod))
        assert len(sources) == (1 if is_kaia else 0), name
        assert all(600 <= token["expirationSeconds"] <= 86_400 for token in sources), name


def test_the_token_lies_where_kubectl_looks_for_it_and_nothing_may_write_there(
    rendered: dict[str, list[Object]],
) -> None:
    pod, kaia = kaia_of(rendered["no values"])
    (mount,) = [each for each in kaia["volumeMounts"] if each["mountPath"] == _TOKENS]
    (volume,) = [each for each in pod["spec"]["volumes"] if each["name"] == mount["name"]]
    paths = {item["path"] for source in volume["projected"]["sources"] for item in _items(source)}
    assert mount["readOnly"] is True
    assert paths == {"token", "ca.crt", "namespace"}


def test_what_is_mounted_from_secrets_and_config_maps_is_read_only(pods: dict[str, Object]) -> None:
    for name, pod in pods.items():
        kinds = {each["name"]: set(each) for each in pod["spec"].get("volumes") or ()}
        for each in containers(pod):
            for mount in each.get("volumeMounts") or ():
                if kinds[mount["name"]] & {"secret", "configMap", "projected"}:
                    assert mount.get("readOnly") is True, f"{name}: {mount['mountPath']}"


def test_every_empty_folder_in_a_pod_has_a_limit(pods: dict[str, Object]) -> None:
    for name, pod in pods.items():
        for volume in pod["spec"].get("volumes") or ():
            if "emptyDir" in volume:
                assert "sizeLimit" in volume["emptyDir"], f"{name}: {volume['name']}"


def test_probes_ask_for_what_they_mean(rendered: dict[str, list[Object]]) -> None:
    _pod, kaia = kaia_of(rendered["no values"])
    paths = {kind: kaia[f"{kind}Probe"]["httpGet"]["path"] for kind in ("liveness", "readiness")}
    assert paths == {"liveness": "/healthz", "readiness": "/readyz"}
    assert kaia["startupProbe"]["httpGet"]["path"] == "/healthz"


def test_a_store_on_a_volume_is_never_opened_by_two(chart: Renderer) -> None:
    (alone,) = of_kind(chart.objects(), "Deployment")
    assert alone["spec"]["strategy"] == {"type": "Recreate"}
    store = {"type": "postgres", "existingSecret": "store"}
    (many,) = of_kind(chart.objects({"replicaCount": 3, "store": store}), "Deployment")
    assert many["spec"]["replicas"] == 3
    assert many["spec"]["strategy"]["type"] == "RollingUpdate"
    assert many["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


def test_claims_outlive_the_release(rendered: dict[str, list[Object]]) -> None:
    claims = [
        each for objects in rendered.values() for each in of_kind(objects, "PersistentVolumeClaim")
    ]
    assert claims
    for claim in claims:
        assert claim["metadata"]["annotations"]["helm.sh/resource-policy"] == "keep"


def _items(source: Object) -> list[Object]:
    match source:
        case {"serviceAccountToken": token}:
            return [token]
        case {"configMap": {"items": items}} | {"downwardAPI": {"items": items}}:
            return list(items)
        case _:
            raise AssertionError(f"{source} is no part of a ServiceAccount's folder")
