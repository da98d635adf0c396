"""YAML and JSON that must fit: what every object has goes first, and the text stays readable."""

import json
import re
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.tools.compaction import compact
from bot.tools.compaction.documents import read_yaml, write_json, write_yaml
from tests.tools.compaction.timing import is_quick

YAML = ("kubectl", "get", "pods", "--output=yaml")
JSON = ("kubectl", "get", "pods", "--output=json")
TOKEN = {"name": "kube-api-access-x", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"}


def pod(name: str, *, is_well: bool = True, metadata: Any = None) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": name,
            "namespace": "shop",
            "uid": "11111111-2222",
            "resourceVersion": "42",
            "creationTimestamp": "2026-11-01T00:00:00Z",
            "annotations": {
                "kubectl.kubernetes.io/last-applied-configuration": "{}",
                "note": "kept",
            },
            "labels": {"app": "web", "uid": "a label"},
            "ownerReferences": [
                {"kind": "ReplicaSet", "name": "web", "uid": "3", "controller": True}
            ],
            **(metadata or {}),
        },
        "spec": {
            "containers": [
                {
                    "name": "app",
                    "image": "shop/web:1.2",
                    "imagePullPolicy": "IfNotPresent",
                    "resources": {"limits": {"memory": "128Mi"}},
                    "terminationMessagePath": "/dev/termination-log",
                    "terminationMessagePolicy": "File",
                    "readinessProbe": {"httpGet": {"path": "/ready"}, "successThreshold": 1},
                    "volumeMounts": [TOKEN, {"name": "data", "mountPath": "/data"}],
                }
            ],
            "dnsPolicy": "ClusterFirst",
            "schedulerName": "default-scheduler",
            "tolerations": [
                {"key": "node.kubernetes.io/not-ready", "effect": "NoExecute", "operator": "Exists",
                 "tolerationSeconds": 300},
                {"key": "gpu", "operator": "Exists"},
            ],
            "volumes": [
                {"name": "kube-api-access-x", "projected": {"defaultMode": 420}},
                {"name": "data", "persistentVolumeClaim": {"claimName": "data-0"}},
            ],
        },
        "status": {
            "conditions": [
                {"lastProbeTime": None, "status": "True" if is_well else "False", "type": "Ready"}
            ],
            "containerStatuses": [
                {
                    "containerID": "containerd://1",
                    "imageID": "sha256:1",
                    "name": "app",
                    "ready": is_well,
                    "restartCount": 0 if is_well else 17,
                    "state": {} if is_well else {"waiting": {"reason": "CrashLoopBackOff"}},
                }
            ],
            "hostIPs": [{"ip": "10.0.0.1"}],
            "phase": "Running",
            "qosClass": "Burstable",
        },
    }  # fmt: skip


def listed(*items: dict[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "items": list(items),
        "kind": "List",
        "metadata": {"resourceVersion": ""},
    }


def in_yaml(tree: object) -> str:
    """Through JSON, so that what is the same object twice is no alias."""
    return yaml.safe_dump(json.loads(json.dumps(tree)), width=10_000)


def in_json(tree: object) -> str:
    return json.dumps(tree, indent=4) + "\n"


MANAGED = {"managedFields": [{"manager": "kubectl", "fieldsV1": {"f:spec": {}}}]}
UID = "u" * 500
_ROOM = {YAML: 1_400, JSON: 2_100}
FORMS = [(in_yaml, YAML, yaml.safe_load), (in_json, JSON, json.loads)]


@pytest.mark.parametrize(("write", "argv", "_read"), FORMS)
def test_what_fits_is_the_same_to_the_byte(write: Any, argv: Any, _read: Any) -> None:
    text = write(pod("web-0"))

    assert compact(text, len(text), argv).text == text.removesuffix("\n")


@pytest.mark.parametrize(("write", "argv", "read"), FORMS)
def test_managed_fields_go_even_where_they_fit(write: Any, argv: Any, read: Any) -> None:
    shown = compact(write(pod("web-0", metadata=MANAGED)), 100_000, argv)

    text, _, remark = shown.text.rpartition("\n")
    assert remark.startswith("# left out: ")
    assert remark.endswith("managedFields")
    assert read(text) == pod("web-0")
    assert shown.cut


@pytest.mark.parametrize(("write", "argv", "read"), FORMS)
def test_what_every_object_has_goes_first(write: Any, argv: Any, read: Any) -> None:
    text = write(pod("web-0"))

    shown = read(compact(text, _ROOM[argv], argv).text.rpartition("\n# left out: ")[0])

    assert shown["metadata"] == {
        "name": "web-0",
        "namespace": "shop",
        "creationTimestamp": pytest.approx(shown["metadata"]["creationTimestamp"]),
        "annotations": {"note": "kept"},
        "labels": {"app": "web", "uid": "a label"},
        "ownerReferences": [{"kind": "ReplicaSet", "name": "web"}],
    }
    assert shown["spec"] == {
        "containers": [
            {
                "name": "app",
                "image": "shop/web:1.2",
                "resources": {"limits": {"memory": "128Mi"}},
                "readinessProbe": {"httpGet": {"path": "/ready"}},
                "volumeMounts": [{"name": "data", "mountPath": "/data"}],
            }
        ],
        "tolerations": [{"key": "gpu", "operator": "Exists"}],
        "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data-0"}}],
    }
    assert shown["status"]["phase"] == "Running"
    assert "hostIPs" not in shown["status"]
    assert "qosClass" not in shown["status"]


@pytest.mark.parametrize(("write", "argv", "_read"), FORMS)
def test_it_says_what_was_left_out(write: Any, argv: Any, _read: Any) -> None:
    text = write(pod("web-0"))

    remark = compact(text, _ROOM[argv], argv).text.rpartition("# left out: ")[2]

    for what in ("defaults", "uids and versions", "details of status", "default tolerations",
                 "last-applied-configuration", "the service account's token volume"):  # fmt: skip
        assert what in remark


@pytest.mark.parametrize(("write", "argv", "read"), FORMS)
def test_of_many_objects_the_unwell_one_is_told_and_the_rest_counted(
    write: Any, argv: Any, read: Any
) -> None:
    pods = [pod(f"web-{n}", is_well=n != 150) for n in range(300)]

    shown = compact(write(listed(*pods)), 4_000, argv)

    text, _, remark = shown.text.rpartition("\n# left out: ")
    items = read(text)["items"]
    assert items[0]["metadata"]["name"] == "web-150"
    assert items[0]["status"]["containerStatuses"][0]["state"] == {
        "waiting": {"reason": "CrashLoopBackOff"}
    }
    assert f"{300 - len(items)} of 300 objects (such as web-" in remark
    assert len(shown.text) <= 4_000


@pytest.mark.parametrize(("write", "argv", "read"), FORMS)
def test_of_a_few_objects_all_are_told_in_outline(write: Any, argv: Any, read: Any) -> None:
    pods = [pod(f"web-{n}") for n in range(6)]

    text = compact(write(listed(*pods)), 4_500, argv).text.rpartition("\n# left out: ")[0]

    names = [item["metadata"]["name"] for item in read(text)["items"]]
    assert names == [f"web-{n}" for n in range(6)]
    assert all(item["spec"]["containers"][0]["image"] for item in read(text)["items"])


@pytest.mark.parametrize(("write", "argv", "read"), FORMS)
def test_a_long_value_is_cut_in_its_middle(write: Any, argv: Any, read: Any) -> None:
    tree = {"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": "x" * 9_000 + "end", "b": "2"}}

    text = compact(write(tree), 4_000, argv).text.rpartition("\n# left out: ")[0]

    data = read(text)["data"]
    assert "characters left out" in data["a"]
    assert data["a"].endswith("end")
    assert data["b"] in ("2", 2)


def test_a_block_of_yaml_stays_a_block() -> None:
    lines = "".join(f"    setting-{n}: some value\n" for n in range(400))
    text = f"apiVersion: v1\ndata:\n  app.yaml: |\n{lines}kind: ConfigMap\n"

    shown = yaml.safe_load(compact(text, 2_500, YAML).text)

    assert shown["data"]["app.yaml"].startswith("setting-0: some value\nsetting-1:")
    assert "lines left out" in shown["data"]["app.yaml"]
    assert shown["kind"] == "ConfigMap"


@pytest.mark.parametrize(("write", "argv", "_read"), FORMS)
def test_what_is_too_much_even_in_outline_is_cut_by_lines(
    write: Any, argv: Any, _read: Any
) -> None:
    tree = {"apiVersion": "v1", "kind": "ConfigMap", "data": {f"key-{n}": "x" for n in range(900)}}

    shown = compact(write(tree), 2_000, argv).text

    assert "key-0" in shown
    assert re.search(r"\[… \d+ lines left out …\]", shown)


def test_a_list_with_an_object_that_cannot_be_read_tells_the_others_and_counts_it() -> None:
    pods = in_yaml(listed(*(pod(f"web-{n}") for n in range(9))))
    text = pods.replace("kind: List", "- apiVersion: [\nkind: List")

    shown = compact(text, 3_000, YAML).text

    assert re.search(r"\d+ of 10 objects", shown)
    assert yaml.safe_load(shown)["items"][0]["metadata"]["name"] == "web-0"


def test_names_in_the_owners_own_data_are_no_noise() -> None:
    tree = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "x", "uid": UID},
        "data": {"uid": "mine", "dnsPolicy": "ClusterFirst", "filling": "y" * 900},
    }
    text = in_yaml(tree)

    shown = yaml.safe_load(compact(text, len(text) - 2, YAML).text)

    assert shown["data"]["uid"] == "mine"
    assert shown["data"]["dnsPolicy"] == "ClusterFirst"


def test_values_stay_spelled_as_they_were() -> None:
    text = (
        f"apiVersion: v1\nkind: X\nmetadata:\n  name: x\n  uid: {UID}\nspec:\n"
        "  a: \"on\"\n  b: 1e3\n"
        "  c: 2026-01-01\n  d: null\n  e: {}\n  f: []\n  g:\n  - - 1\n    - 2\n  - x: |-\n"
        "      one\n      two\n    y: z\n  h: '" + "k" * 900 + "'\n"
    )  # fmt: skip

    shown = compact(text, len(text) - 2, YAML).text

    assert shown.split("\n")[:-1] == text.replace(f"  uid: {UID}\n", "").split("\n")[:-1]


def test_an_error_below_a_manifest_is_kept() -> None:
    note = 'Error from server (NotFound): pods "b" not found'
    text = in_yaml(listed(*(pod(f"web-{n}") for n in range(20)))) + note + "\n"

    assert compact(text, 3_000, YAML).text.endswith(note)


@pytest.mark.parametrize(
    "text",
    [
        "a: [1, 2\n" * 500,
        "a: &x 1\nb: *x\n" * 300,
        "- just\n- a\n- list\n" * 300,
        "{" * 5_000,
        '{"a":' * 5_000 + "1" + "}" * 5_000,
        '{"a":' * 450 + '"' + "x" * 2_000 + '"' + "}" * 450,
        "just words\n" * 500,
        "\t\tnothing\n" * 500,
    ],
)
@pytest.mark.parametrize("argv", [YAML, JSON])
def test_what_is_no_manifest_is_cut_by_lines(text: str, argv: tuple[str, ...]) -> None:
    shown = compact(text, 1_000, argv)

    assert 0 < len(shown.text) <= 1_000
    assert shown.cut


TREES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-9, 9),
        st.text("ab: #'\"\\\n-{}[]|>&*!%@", max_size=20),
    ),
    lambda below: st.one_of(
        st.lists(below, max_size=4),
        st.dictionaries(
            st.sampled_from(["kind", "metadata", "spec", "status", "data", "uid", "name", "x"]),
            below,
            max_size=5,
        ),
    ),
    max_leaves=40,
)


@given(st.dictionaries(st.sampled_from(["spec", "status", "metadata", "x"]), TREES, min_size=1))
def test_a_document_that_is_read_and_written_is_the_same(tree: dict[str, Any]) -> None:
    text = in_yaml(tree)

    written = "\n".join(write_yaml(read_yaml(text))) + "\n"

    assert yaml.safe_load(written) == tree
    assert json.loads("\n".join(write_json(tree))) == tree


@given(st.lists(TREES, max_size=8), st.integers(0, 3_000))
def test_it_fits_and_counts_every_line(items: list[Any], budget: int) -> None:
    for write, argv, _ in FORMS:
        text = write(listed(*items))

        shown = compact(text, budget, argv)

        assert len(shown.text) <= budget
        assert shown.total_lines == len(text.splitlines())
        assert 0 <= shown.shown_lines <= shown.total_lines
        assert compact(text, budget, argv) == shown


@pytest.mark.parametrize(("write", "argv", "_read"), FORMS)
@pytest.mark.parametrize("is_well", [True, False])
def test_a_megabyte_takes_less_than_half_a_second(
    write: Any, argv: Any, _read: Any, is_well: bool
) -> None:
    text = write(listed(pod("web-0", is_well=is_well)))
    text = write(listed(*[pod("web-0", is_well=is_well)] * (1_000_000 // len(text))))

    assert is_quick(text, argv)
