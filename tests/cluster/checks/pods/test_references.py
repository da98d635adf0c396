"""What is said of ConfigMaps, Secrets and keys that are not there."""

from typing import Any

import pytest

from bot.cluster.checks.pods.pods import check, needs
from bot.cluster.checks.pods.references import Missing, named_in
from bot.cluster.findings import is_confirmed
from bot.cluster.needs import ListOf
from tests.doubles.ailing_pods import Json, a_pod, a_scene, an_event, the_only, waiting

_MAPS = ListOf("configmaps", "shop")


def _config_map(name: str, *keys: str) -> Json:
    return {"metadata": {"name": name, "namespace": "shop"}, "keys": list(keys)}


def _environment(message: str, **spec: Any) -> Json:
    box = {"name": "app", "image": "a:1", **spec}
    return a_pod(box, statuses=[waiting("CreateContainerConfigError", message)], phase="Pending")


def _volume_pod(*volumes: Json, age: float = 120) -> Json:
    pod = a_pod(statuses=[waiting("ContainerCreating")], phase="Pending", age=age)
    pod["spec"]["volumes"] = list(volumes)
    return pod


def test_a_missing_config_map_of_the_environment_is_named_with_a_near_name() -> None:
    pod = _environment(
        'configmap "app-confg" not found', envFrom=[{"configMapRef": {"name": "app-confg"}}]
    )
    scene = a_scene(pod, answers={_MAPS: (_config_map("app-config", "a"), _config_map("other"))})
    finding = the_only(scene)
    assert finding.reason == "ConfigMapMissing"
    assert finding.cause == (
        "Container `app` cannot be created: the ConfigMap `app-confg` does not exist in the "
        "namespace. Did you mean `app-config`?"
    )
    paths = [each.path for each in finding.evidence]
    assert any(path.endswith("spec.containers[app].envFrom[0].configMapRef.name") for path in paths)
    assert "absent/configmap/app-confg" in paths
    assert is_confirmed(finding)


def test_a_missing_key_is_named_with_the_keys_there_are() -> None:
    ref = {"name": "app-config", "key": "LOG_LEVL"}
    pod = _environment(
        "couldn't find key LOG_LEVL in ConfigMap shop/app-config",
        env=[{"name": "LOG_LEVEL", "valueFrom": {"configMapKeyRef": ref}}],
    )
    finding = the_only(
        a_scene(pod, answers={_MAPS: (_config_map("app-config", "LOG_LEVEL", "PORT"),)})
    )
    assert finding.reason == "ConfigMapKeyMissing"
    assert "the key `LOG_LEVL` of the ConfigMap `app-config` does not exist" in finding.cause
    assert finding.cause.endswith("has `LOG_LEVEL`, `PORT`. Did you mean `LOG_LEVEL`?")


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ('secret "db" not found', "the Secret `db` does not exist, says the kubelet"),
        ("couldn't find key password in Secret shop/db", "the key `password` of the Secret `db`"),
    ],
)
def test_of_a_secret_the_kubelet_is_believed_and_nothing_is_read(
    message: str, expected: str
) -> None:
    ref = {"name": "db", "key": "password"}
    pod = _environment(message, env=[{"name": "PW", "valueFrom": {"secretKeyRef": ref}}])
    scene = a_scene(pod)
    finding = the_only(scene)
    assert expected in finding.cause
    assert "never reads Secrets" in finding.cause
    assert not any("secret" in each.lower() for each in finding.next)
    assert not list(needs(scene))


def test_what_came_to_be_in_the_meantime_is_no_fault() -> None:
    pod = _environment('configmap "late" not found')
    finding = the_only(a_scene(pod, answers={_MAPS: (_config_map("late", "a"),)}))
    assert finding.severity == "info"
    assert "is there now" in finding.cause


def test_where_config_maps_could_not_be_read_the_kubelet_is_believed() -> None:
    finding = the_only(a_scene(_environment('configmap "gone" not found')))
    assert "does not exist, says the kubelet" in finding.cause
    assert not any(each.path.startswith("absent/") for each in finding.evidence)


def test_config_maps_are_asked_for_only_where_one_is_missing() -> None:
    assert list(needs(a_scene(_environment('configmap "gone" not found')))) == [_MAPS]
    assert not list(needs(a_scene(_environment('secret "gone" not found'))))


def test_a_volume_of_a_missing_config_map_is_named() -> None:
    pod = _volume_pod({"name": "conf", "configMap": {"name": "settings"}})
    event = an_event(
        "FailedMount",
        'MountVolume.SetUp failed for volume "conf" : configmap "settings" not found',
        container="",
        count=8,
    )
    finding = the_only(a_scene(pod, events=[event], answers={_MAPS: ()}))
    assert finding.reason == "ConfigMapMissing"
    assert "the volume `conf` cannot be mounted: the ConfigMap `settings`" in finding.cause
    assert is_confirmed(finding)


@pytest.mark.parametrize(
    "volume",
    [
        {"name": "conf", "configMap": {"name": "nginx", "items": [{"key": "ngnix.conf"}]}},
        {
            "name": "conf",
            "projected": {
                "sources": [
                    {"configMap": {"name": "other", "items": [{"key": "a"}]}},
                    {"configMap": {"name": "nginx", "items": [{"key": "ngnix.conf"}]}},
                ]
            },
        },
    ],
)
def test_a_missing_key_of_a_volume_is_traced_to_its_config_map(volume: Json) -> None:
    event = an_event(
        "FailedMount",
        'MountVolume.SetUp failed for volume "conf" : references non-existent config key: '
        "ngnix.conf",
        container="",
    )
    finding = the_only(
        a_scene(
            _volume_pod(volume),
            events=[event],
            answers={_MAPS: (_config_map("nginx", "nginx.conf"),)},
        )
    )
    assert finding.reason == "ConfigMapKeyMissing"
    assert "`ngnix.conf` of the ConfigMap `nginx`" in finding.cause
    assert "Did you mean `nginx.conf`?" in finding.cause


def test_a_missing_claim_of_a_pod_that_is_bound_to_a_node_is_named() -> None:
    pod = _volume_pod({"name": "data", "persistentVolumeClaim": {"claimName": "data"}})
    event = an_event(
        "FailedMount",
        "Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[], "
        "failed to process volumes=[data]: error processing PVC shop/data: failed to fetch PVC "
        'from API server: persistentvolumeclaims "data" not found',
        container="",
    )
    finding = the_only(a_scene(pod, events=[event]))
    assert finding.reason == "ClaimMissing"
    assert "the PersistentVolumeClaim `data`" in finding.cause


def test_two_missing_objects_of_a_pod_are_two_findings() -> None:
    pod = _volume_pod(
        {"name": "a", "configMap": {"name": "one"}}, {"name": "b", "secret": {"secretName": "two"}}
    )
    said = 'MountVolume.SetUp failed for volume "{}" : {} "{}" not found'
    events = [
        an_event("FailedMount", said.format("a", "configmap", "one"), container=""),
        an_event("FailedMount", said.format("b", "secret", "two"), container=""),
    ]
    found = {each.reason for each in check(a_scene(pod, events=events))}
    assert found == {"ConfigMapMissing", "SecretMissing"}


def test_an_old_mount_event_of_a_pod_that_runs_is_no_finding() -> None:
    pod = a_pod(
        statuses=[{"name": "app", "ready": False, "state": {"running": {"startedAt": "x"}}}]
    )
    event = an_event(
        "FailedMount", 'MountVolume.SetUp failed for volume "a" : configmap "one" not found'
    )
    assert not list(check(a_scene(pod, events=[event])))


def test_an_event_of_an_earlier_pod_of_the_same_name_is_no_finding() -> None:
    pod = _volume_pod({"name": "a", "configMap": {"name": "one"}}, age=10)
    event = an_event(
        "FailedMount", 'MountVolume.SetUp failed for volume "a" : configmap "one" not found'
    )
    event["involvedObject"]["uid"] = "another"
    assert not list(check(a_scene(pod, events=[event])))


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ('configmap "a.b" not found', Missing("ConfigMap", "a.b")),
        ("couldn't find key a.b in ConfigMap ns/c", Missing("ConfigMap", "c", "a.b")),
        ("failed to sync configmap cache: timed out waiting for the condition", None),
        ("", None),
    ],
)
def test_messages_of_the_kubelet_name_what_is_missing(
    message: str, expected: Missing | None
) -> None:
    assert named_in(message) == expected
