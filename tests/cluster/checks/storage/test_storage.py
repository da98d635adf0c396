"""Claims without a volume, volumes that failed, and those that do not grow."""

import pytest

from bot.cluster.checks.storage.storage import check
from bot.cluster.findings import Finding, Ref, is_confirmed
from bot.cluster.scene import Scene
from tests.doubles.idle_pods import (
    Json,
    a_claim,
    a_class,
    a_condition,
    a_pod,
    a_scene,
    a_volume,
    an_event,
    mounting,
)

CLAIM = Ref("PersistentVolumeClaim", "shop", "data")
PROVISIONER = "volume.kubernetes.io/storage-provisioner"


def _only(scene: Scene) -> Finding:
    found = list(check(scene))
    assert len(found) == 1, found
    return found[0]


def _of(claim: Json, *classes: Json, volumes: list[Json] | None = None) -> Scene:
    return a_scene(
        persistentvolumeclaims=[claim],
        storageclasses=list(classes),
        persistentvolumes=volumes or [],
    )


def test_a_class_that_does_not_exist_is_told_with_one_that_does() -> None:
    found = _only(_of(a_claim(storage_class="fastssd"), a_class("fast-ssd")))
    assert found.reason == "StorageClassNotFound"
    assert found.about == CLAIM
    assert found.severity == "warning"
    assert found.cause == (
        "Claim `data` names the StorageClass `fastssd`, which does not exist. "
        "Did you mean `fast-ssd`?"
    )
    assert is_confirmed(found)


def test_where_no_name_is_near_the_classes_are_listed() -> None:
    said = _only(_of(a_claim(storage_class="gp3"), a_class("local-path"))).cause
    assert said.endswith("which does not exist (there are `local-path`).")


def test_a_claim_that_pods_wait_for_is_critical_and_says_whom_it_affects() -> None:
    scene = _of(a_claim(storage_class="fast"))
    scene.lists["pods"] = (a_pod(spec=mounting("data")),)
    found = _only(scene)
    assert found.severity == "critical"
    assert found.affects == (Ref("Deployment", "shop", "web"),)


def test_no_class_and_no_default_is_told_with_the_classes_there_are() -> None:
    found = _only(_of(a_claim(), a_class("fast")))
    assert found.reason == "NoStorageClass"
    assert "names no StorageClass, and none is the default (there are `fast`)" in found.cause


@pytest.mark.parametrize(
    ("volume", "said"),
    [
        (a_volume(size="1Gi", storage_class="manual"), "has 1Gi of the 10Gi asked for"),
        (
            a_volume(modes=["ReadOnlyMany"], storage_class="manual"),
            "offers ReadOnlyMany and not ReadWriteOnce",
        ),
        (
            a_volume(storage_class="manual", phase="Released", owner="old"),
            "is Released and still belongs to claim `shop/old`",
        ),
        (
            a_volume(storage_class="manual", phase="Released", owner="data"),
            "is Released and still belongs to claim `shop/data`",
        ),
        (
            a_volume(storage_class="manual", phase="Bound", owner="other"),
            "is Bound and belongs to claim `shop/other`",
        ),
    ],
)
def test_what_a_volume_of_the_class_lacks_is_told(volume: Json, said: str) -> None:
    scene = _of(a_claim(storage_class="manual"), volumes=[volume])
    found = next(each for each in check(scene) if each.about == CLAIM)
    assert found.reason == "NoMatchingVolume"
    assert f"which no StorageClass makes: volume `pv-1` {said}" in found.cause
    assert is_confirmed(found)


def test_a_volume_without_the_labels_of_the_selector_does_not_fit() -> None:
    claim = a_claim(storage_class="manual")
    claim["spec"]["selector"] = {"matchLabels": {"tier": "fast"}}
    said = _only(_of(claim, volumes=[a_volume(storage_class="manual")])).cause
    assert "does not have the labels of the claim's selector" in said


def test_a_volume_that_fits_will_be_bound_in_a_moment() -> None:
    scene = _of(a_claim(storage_class="manual"), volumes=[a_volume(storage_class="manual")])
    assert not list(check(scene))


def test_a_class_that_makes_nothing_needs_a_volume_that_is_there() -> None:
    found = _only(
        _of(a_claim(storage_class="local"), a_class("local", "kubernetes.io/no-provisioner"))
    )
    assert "makes none (kubernetes.io/no-provisioner): there is no volume of class" in found.cause


def test_a_claim_that_waits_for_its_first_pod_is_no_fault() -> None:
    late = a_class("late", "kubernetes.io/no-provisioner", mode="WaitForFirstConsumer")
    assert not list(check(_of(a_claim(storage_class="late"), late)))
    late = a_class("late", mode="WaitForFirstConsumer")
    assert not list(check(_of(a_claim(storage_class="late"), late)))


def test_a_volume_asked_for_by_name_that_does_not_exist_is_named() -> None:
    found = _only(_of(a_claim(volume="pv1", storage_class=""), volumes=[a_volume("pv-1")]))
    assert found.cause == (
        "Claim `data` asks for the volume `pv1`, which does not exist. Did you mean `pv-1`?"
    )


def test_a_volume_asked_for_by_name_that_does_not_fit_is_told_with_what_it_lacks() -> None:
    volume = a_volume(size="1Gi", storage_class="slow")
    said = _only(_of(a_claim(volume="pv-1", storage_class="fast"), volumes=[volume])).cause
    assert "has 1Gi of the 10Gi asked for and has the class `slow`" in said


def test_a_provisioner_that_refuses_is_quoted() -> None:
    scene = _of(a_claim(storage_class="fast"), a_class("fast"))
    message = "failed to provision volume: rpc error: code = ResourceExhausted desc = no capacity"
    scene.lists["events"] = (
        an_event("PersistentVolumeClaim", "data", "ProvisioningFailed", message),
    )
    found = _only(scene)
    assert found.reason == "ProvisioningFailed"
    assert "no capacity" in found.cause
    assert is_confirmed(found)


def test_a_provisioner_that_says_nothing_is_named() -> None:
    claim = a_claim(storage_class="fast", annotations={PROVISIONER: "disk.example.com"})
    found = _only(_of(claim, a_class("fast")))
    assert found.reason == "ExternalProvisioning"
    assert "the provisioner `disk.example.com` of StorageClass `fast`" in found.cause
    assert "no volume in 15 minutes" in found.cause


def test_a_lost_volume_is_critical() -> None:
    found = _only(_of(a_claim(phase="Lost", volume="pv-1", storage_class="fast"), a_class("fast")))
    assert (found.reason, found.severity) == ("ClaimLost", "critical")
    assert "has lost its volume `pv-1`, which does not exist any more" in found.cause
    assert is_confirmed(found)


@pytest.mark.parametrize(
    "claim",
    [
        a_claim(phase="Bound", volume="pv-1", has="10Gi"),
        a_claim(storage_class="fast", age=5, annotations={PROVISIONER: "disk.example.com"}),
        a_claim(metadata={"deletionTimestamp": "2026-03-04T11:59:00Z"}),
        {"metadata": "odd", "spec": 3, "status": {"phase": None}},
    ],
)
def test_claims_that_are_bound_or_new_or_leaving_are_left_alone(claim: Json) -> None:
    assert not list(check(_of(claim, a_class("fast", default=True))))


def test_nothing_is_concluded_from_classes_that_could_not_be_read() -> None:
    scene = _of(a_claim(storage_class="fast"))
    scene.unread_plurals.add(("storageclasses", ""))
    assert not list(check(scene))


def test_a_failed_resize_is_told_with_both_sizes() -> None:
    claim = a_claim(phase="Bound", volume="pv-1", size="20Gi", has="10Gi")
    scene = _of(claim, a_class("fast"))
    scene.lists["events"] = (
        an_event("PersistentVolumeClaim", "data", "VolumeResizeFailed", "quota exceeded"),
    )
    found = _only(scene)
    assert found.cause == (
        "Claim `data` has 10Gi and was asked to grow to 20Gi: that failed: “quota exceeded”."
    )
    assert found.reason == "VolumeResizeFailed"


def test_a_file_system_that_waits_to_grow_is_told_by_its_condition() -> None:
    pending = a_condition("FileSystemResizePending", "True")
    claim = a_claim(phase="Bound", volume="pv-1", size="20Gi", has="10Gi", conditions=[pending])
    found = _only(_of(claim))
    assert found.reason == "FileSystemResizePending"
    assert "waits for a pod to mount it anew" in found.cause


def test_a_volume_that_could_not_be_cleaned_up_is_told_with_its_message() -> None:
    volume = a_volume(phase="Failed", owner="old", policy="Delete", message="no deleter found")
    found = _only(a_scene(persistentvolumes=[volume]))
    assert (found.reason, found.severity) == ("VolumeFailed", "warning")
    assert "claim `shop/old`: “no deleter found”" in found.cause


def test_a_volume_that_is_kept_on_purpose_is_worth_knowing_and_no_fault() -> None:
    volume = a_volume(phase="Released", owner="old")
    found = _only(a_scene(persistentvolumes=[volume]))
    assert (found.reason, found.severity) == ("VolumeReleased", "info")


def test_volumes_of_namespaces_that_nobody_asked_about_are_left_out() -> None:
    volume = a_volume(phase="Failed", owner="old")
    volume["spec"]["claimRef"]["namespace"] = "elsewhere"
    scene = a_scene(persistentvolumes=[volume])
    assert not list(check(scene))
    scene.is_whole_cluster = True
    assert _only(scene).reason == "VolumeFailed"
