"""What is said of files that a volume was to bring: that are not there, or may not be executed."""

import pytest

from bot.cluster.checks.logs import logs
from bot.cluster.checks.pods import pods
from bot.cluster.findings import Finding, is_confirmed
from bot.cluster.needs import ListOf, LogOf, Need
from bot.cluster.scene import Scene
from tests.doubles.ailing_pods import (
    POD,
    Json,
    a_pod,
    a_scene,
    back_off,
    looping,
    the_only,
    waiting,
)

_LOG = LogOf("shop", POD, "app", previous=True)
_CONFIG_MAPS = ListOf("configmaps", "shop")
_SCRIPTS: Json = {"metadata": {"name": "scripts", "namespace": "shop"}, "keys": ["load.sh"]}


def _mounting(volume: Json, *, sub_path: str = "", command: str = "/scripts/loads.sh") -> Json:
    mount = {
        "name": "files",
        "mountPath": "/scripts",
        **({"subPath": sub_path} if sub_path else {}),
    }
    box = {"name": "app", "image": "busybox", "command": [command], "volumeMounts": [mount]}
    spec = {"volumes": [{"name": "files", **volume}]}
    return a_pod(box, statuses=[looping(2)], spec=spec)


def _saying(pod: Json, line: str = "sh: can't open '/scripts/loads.sh': No such file") -> Scene:
    answers: dict[Need, tuple[Json, ...]] = {_CONFIG_MAPS: (_SCRIPTS,)}
    scene = a_scene(pod, events=[back_off()], answers=answers)
    scene.logs[_LOG] = (line,)
    return scene


def _found(scene: Scene) -> Finding | None:
    return next(logs.check(scene), None)


def test_a_file_that_its_config_map_does_not_have_is_compared_with_its_keys() -> None:
    scene = _saying(_mounting({"configMap": {"name": "scripts"}}))
    assert _CONFIG_MAPS in set(logs.needs(scene))
    finding = _found(scene)
    assert finding is not None
    assert finding.reason == "FileMissing"
    assert "the ConfigMap `scripts` gives it no `loads.sh`, but `load.sh`." in finding.cause
    assert finding.cause.endswith("Did you mean `load.sh`?")
    assert is_confirmed(finding)


def test_only_the_keys_that_a_volume_chooses_are_files() -> None:
    chosen = {"name": "scripts", "items": [{"key": "load.sh", "path": "loads.sh"}]}
    finding = _found(_saying(_mounting({"configMap": chosen})))
    assert finding is not None
    assert "gives it no" not in finding.cause


@pytest.mark.parametrize(
    ("volume", "expected"),
    [
        ({"secret": {"secretName": "keys"}}, "the Secret `keys`, of which Kaia reads nothing"),
        ({"persistentVolumeClaim": {"claimName": "data"}}, "which is the claim `data`"),
        ({"emptyDir": {}}, "an emptyDir, which is empty when the pod begins"),
    ],
)
def test_other_volumes_are_named_with_the_file(volume: Json, expected: str) -> None:
    finding = _found(_saying(_mounting(volume)))
    assert finding is not None
    assert expected in finding.cause


@pytest.mark.parametrize("line", ["open /etc/app.yaml: no such file or directory", "sh: no"])
def test_a_file_of_no_volume_is_left_to_the_crash(line: str) -> None:
    assert _found(_saying(_mounting({"configMap": {"name": "scripts"}}), line)) is None


def test_a_volume_that_is_mounted_as_one_file_brings_no_other() -> None:
    assert _found(_saying(_mounting({"emptyDir": {}}, sub_path="loads.sh"))) is None


def _refused(pod: Json, tail: str) -> Json:
    message = f'unable to start container process: exec: "/scripts/loads.sh": {tail}'
    pod["status"]["containerStatuses"] = [waiting("RunContainerError", message)]
    return pod


def test_a_script_without_the_right_to_be_executed_names_its_mode() -> None:
    volume = {"configMap": {"name": "scripts", "defaultMode": 420}}
    finding = the_only(a_scene(_refused(_mounting(volume), "permission denied")))
    assert "files of the ConfigMap `scripts` get the mode 0644 there" in finding.cause
    assert any(each.value == "0644" for each in finding.evidence)


@pytest.mark.parametrize(
    "volume", [{"configMap": {"name": "scripts", "defaultMode": 493}}, {"emptyDir": {}}]
)
def test_a_mode_that_permits_it_is_not_to_blame(volume: Json) -> None:
    finding = the_only(a_scene(_refused(_mounting(volume), "permission denied")))
    assert "mode" not in finding.cause


def test_a_command_that_its_config_map_does_not_have_is_compared_as_well() -> None:
    pod = _refused(_mounting({"configMap": {"name": "scripts"}}), "no such file or directory")
    scene = a_scene(pod, answers={_CONFIG_MAPS: (_SCRIPTS,)})
    assert _CONFIG_MAPS in set(pods.needs(scene))
    assert the_only(scene).cause.endswith("Did you mean `load.sh`?")
