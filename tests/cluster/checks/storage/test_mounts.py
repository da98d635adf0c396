"""Bound claims whose volume does not come to its pod."""

import pytest

from bot.cluster.checks.storage.mounts import check
from bot.cluster.findings import Finding, Ref, is_confirmed
from bot.cluster.scene import Scene
from tests.doubles.idle_pods import Json, a_claim, a_pod, a_scene, an_event, mounting

POD = "web-7c9d8b6f5d-x2x9k"
MULTI = 'Multi-Attach error for volume "pvc-77" Volume is already used by pod(s) web-7c9d8b6f5d-old'
NO_DRIVER = (
    'MountVolume.MountDevice failed for volume "pvc-77" : kubernetes.io/csi: attacher.MountDevice '
    "failed to create newCsiDriverClient: driver name disk.example.com not found in the list of "
    "registered CSI drivers"
)


def _scene(pod: Json, *events: Json) -> Scene:
    claim = a_claim(phase="Bound", volume="pvc-77", has="10Gi")
    return a_scene(pods=[pod], events=list(events), persistentvolumeclaims=[claim])


def _waiting(message: str, reason: str = "FailedMount") -> Scene:
    pod = a_pod(node="node-2", spec=mounting("data"))
    return _scene(pod, an_event("Pod", POD, reason, message))


def _only(scene: Scene) -> Finding:
    found = list(check(scene))
    assert len(found) == 1, found
    return found[0]


def test_a_disk_that_another_pod_holds_is_told_with_its_access_mode_and_both_pods() -> None:
    found = _only(_waiting(MULTI, "FailedAttachVolume"))
    assert found.reason == "MultiAttach"
    assert found.about == Ref("PersistentVolumeClaim", "shop", "data")
    assert found.affects == (Ref("Deployment", "shop", "web"),)
    assert found.cause.startswith(
        "Claim `data` (ReadWriteOnce) cannot be attached to node `node-2` for pod "
        f"`{POD}`, because pod `web-7c9d8b6f5d-old` still holds it: “Multi-Attach error"
    )
    assert found.since == "2026-03-04T11:58:30Z"
    assert is_confirmed(found)


def test_a_disk_that_another_node_holds_is_told_without_a_pod() -> None:
    message = (
        'Multi-Attach error for volume "pvc-77" Volume is already exclusively attached to one '
        "node and can't be attached to another"
    )
    assert "because another node still holds it" in _only(_waiting(message)).cause


def test_a_missing_driver_is_quoted_with_claim_volume_and_node() -> None:
    found = _only(_waiting(NO_DRIVER))
    assert found.reason == "FailedMount"
    assert "Claim `data` (volume `pvc-77`) cannot be mounted on node `node-2`" in found.cause


def test_the_precise_event_is_preferred_to_the_one_that_sums_up() -> None:
    summary = (
        "Unable to attach or mount volumes: unmounted volumes=[vol-data], unattached volumes=[], "
        "failed to process volumes=[]: context deadline exceeded"
    )
    pod = a_pod(node="node-2", spec=mounting("data"))
    precise = an_event("Pod", POD, "FailedMount", NO_DRIVER)
    later = an_event("Pod", POD, "FailedMount", summary, seconds=1)
    assert "registered CSI drivers" in _only(_scene(pod, precise, later)).cause
    assert "context deadline exceeded" in _only(_scene(pod, later)).cause


@pytest.mark.parametrize(
    "scene",
    [
        _waiting('MountVolume.SetUp failed for volume "settings" : configmap "x" not found'),
        _waiting('MountVolume.SetUp failed for volume "pvc-9" : timed out'),
        _scene(
            a_pod(node="node-2", phase="Running", spec=mounting("data")),
            an_event("Pod", POD, "FailedMount", NO_DRIVER),
        ),
        _scene(a_pod(node="node-2", spec=mounting("data"))),
        _scene(a_pod(spec=mounting("data")), an_event("Pod", POD, "FailedMount", NO_DRIVER)),
    ],
)
def test_other_volumes_running_pods_and_silence_are_left_alone(scene: Scene) -> None:
    assert not list(check(scene))
