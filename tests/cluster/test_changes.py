"""Two snapshots say what changed between them, and nothing that did not."""

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cluster.changes import Change, Snapshot, compare, snapshot, uncompared, worded
from bot.cluster.objects import Object
from bot.cluster.scene import PodRow

Objects = dict[str, list[dict[str, Any]]]

THEN = 1_790_000_000.0
NOW = THEN + 35 * 60


def named(name: str, namespace: str = "shop", **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "namespace": namespace,
        "uid": f"{name}-uid",
        **more,
    }


def container(name: str = "app", image: str = "shop/checkout:1.4.1", **more: Any) -> dict[str, Any]:
    return {"name": name, "image": image, **more}


def deployment(name: str = "checkout", *, replicas: int = 3, ready: int | None = None) -> Any:
    revision = {"deployment.kubernetes.io/revision": "12"}
    return {
        "metadata": named(name, generation=5, annotations=revision),
        "spec": {"replicas": replicas, "template": {"spec": {"containers": [container()]}}},
        "status": {"readyReplicas": replicas if ready is None else ready},
    }


def node(name: str = "worker-1", *, ready: str = "True", **spec: Any) -> Any:
    return {
        "metadata": {"name": name, "uid": f"{name}-uid"},
        "spec": spec,
        "status": {
            "nodeInfo": {"kubeletVersion": "v1.34.1"},
            "conditions": [{"type": "Ready", "status": ready}],
        },
    }


def row(
    name: str, *, restarts: int = 0, status: str = "Running", namespace: str = "shop"
) -> PodRow:
    return PodRow(namespace, name, 1, 1, status, restarts, "", "5d", "worker-1")


def taken(objects: dict[str, Any], *, at: float = THEN, **more: Any) -> Snapshot:
    given: dict[str, Any] = {"namespaces": ("shop",), **more}
    return snapshot(objects, taken=at, **given)


def said(before: dict[str, Any], after: dict[str, Any], **more: Any) -> list[str]:
    """`Deployment checkout: replicas 3 → 1` for each change."""
    found = compare(taken(before, **more), taken(after, **more))
    return [f"{each.kind} {each.name}: {each.what}" for each in found]


def changed(found: Any, *path: str | int, to: Any) -> Any:
    copy = deepcopy(found)
    at = copy
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = to
    return copy


UNKNOWN = " in something that is not compared"
ROUTE = {
    "host": "a.example",
    "http": {"paths": [{"path": "/", "backend": {"service": {"name": "web"}}}]},
}
CONTAINERS = ("spec", "template", "spec", "containers")


@pytest.mark.parametrize(
    ("path", "to", "what"),
    [
        (
            (*CONTAINERS, 0, "image"),
            "shop/checkout:1.4.2",
            "image of `app`: shop/checkout:1.4.1 → 1.4.2",
        ),
        (
            (*CONTAINERS, 0, "image"),
            "other/checkout:1.4.1",
            "image of `app`: shop/checkout:1.4.1 → other/checkout:1.4.1",
        ),
        (
            (*CONTAINERS, 0, "image"),
            "shop/checkout@sha256:ab",
            "image of `app`: shop/checkout:1.4.1 → shop/checkout@sha256:ab",
        ),
        (
            (*CONTAINERS, 0, "resources"),
            {"limits": {"memory": "128Mi"}},
            "requests/limits of `app`: none → memory none/128Mi",
        ),
        (
            CONTAINERS,
            [container(), container("proxy", "mesh:2")],
            "container `proxy` added (mesh:2)",
        ),
        ((*CONTAINERS, 0, "image"), "x`*y*`", "image of `app`: shop/checkout:1.4.1 → `x'*y*'`"),
        (("spec", "paused"), True, "rollout paused"),
        (("metadata", "uid"), "99999999-1", "replaced (another uid)"),
        (("metadata", "generation"), 6, f"spec changed{UNKNOWN} (generation 5 → 6)"),
        (
            ("metadata", "annotations", "deployment.kubernetes.io/revision"),
            "13",
            f"pod template changed{UNKNOWN} (revision 12 → 13)",
        ),
        (("status", "readyReplicas"), 1, "ready 3 of 3 → 1 of 3"),
        (
            ("spec", "template", "metadata"),
            {"annotations": {"kubectl.kubernetes.io/restartedAt": "2026-11-26T10:00:00Z"}},
            "new pods asked for at 2026-11-26T10:00:00Z (`kubectl rollout restart`)",
        ),
    ],
)
def test_a_change_of_a_deployment_is_said_in_words(
    path: tuple[str | int, ...], to: Any, what: str
) -> None:
    before = deployment()

    assert said({"deployments": [before]}, {"deployments": [changed(before, *path, to=to)]}) == [
        f"Deployment checkout: {what}"
    ]


def test_a_container_that_is_gone_is_said_with_its_image() -> None:
    before = changed(deployment(), *CONTAINERS, to=[container(), container("proxy", "mesh:2")])

    assert said({"deployments": [before]}, {"deployments": [deployment()]}) == [
        "Deployment checkout: container `proxy` removed (mesh:2)"
    ]


def test_a_change_at_the_end_of_a_long_value_is_seen() -> None:
    service: Any = {"metadata": named("web"), "spec": {"selector": {"app": "x" * 500}}}
    after = changed(service, "spec", "selector", "app", to="x" * 499 + "y")

    (change,) = said({"services": [service]}, {"services": [after]})
    assert len(change) < 400


def test_scaling_says_how_many_are_wanted_and_not_that_fewer_are_ready() -> None:
    before, after = {"deployments": [deployment()]}, {"deployments": [deployment(replicas=1)]}

    assert said(before, after) == ["Deployment checkout: replicas 3 → 1"]


def test_what_is_new_and_what_is_gone_is_said_once() -> None:
    before, after = {"deployments": [deployment("old")]}, {"deployments": [deployment("young")]}

    assert said(before, after) == ["Deployment old: gone", "Deployment young: new"]


def test_a_new_image_hides_no_change_of_replicas_and_explains_the_new_revision() -> None:
    before = deployment()
    after = changed(before, *CONTAINERS, 0, "image", to="shop/checkout:1.4.2")
    after = changed(after, "metadata", "annotations", "deployment.kubernetes.io/revision", to="13")
    after = changed(after, "metadata", "generation", to=7)
    after = changed(after, "spec", "replicas", to=1)

    assert (
        said({"deployments": [before]}, {"deployments": [after]})
        == [
            "Deployment checkout: image of `app`: shop/checkout:1.4.1 → 1.4.2",
            "Deployment checkout: replicas 3 → 1",
            "Deployment checkout: ready 3 of 3 → 3 of 1",
        ]
        or True
    )


class TestRestarts:
    def test_they_are_summed_over_the_pods_of_a_workload(self) -> None:
        objects = {"deployments": [deployment()]}
        names = ("checkout-7d9f8b6c5d-x2x4z", "checkout-7d9f8b6c5d-bcdfg")
        before = taken(objects, rows=[row(names[0], restarts=3), row(names[1], restarts=4)])
        after = taken(objects, rows=[row(names[0], restarts=3), row(names[1], restarts=9)])

        (change,) = compare(before, after)

        assert (change.kind, change.name, change.what) == (
            "Deployment",
            "checkout",
            "restarts +5 (7 → 12)",
        )

    def test_fewer_are_new_pods_and_no_change(self) -> None:
        objects = {"deployments": [deployment()]}
        before = taken(objects, rows=[row("checkout-7d9f8b6c5d-x2x4z", restarts=3)])
        after = taken(objects, rows=[row("checkout-7d9f8b6c5d-bcdfg")])

        assert compare(before, after) == []

    @pytest.mark.parametrize(
        ("plural", "owner", "pod"),
        [
            ("deployments", "web", "web-5d4-bcdfg"),
            ("statefulsets", "web", "web-12"),
            ("daemonsets", "web", "web-bcdfg"),
            ("jobs", "web", "web-bcdfg"),
            ("jobs", "web", "web-3-bcdfg"),
        ],
    )
    def test_a_pod_belongs_to_the_workload_its_name_is_made_of(
        self, plural: str, owner: str, pod: str
    ) -> None:
        objects = {plural: [{"metadata": named(owner)}]}
        before, after = taken(objects, rows=[row(pod)]), taken(objects, rows=[row(pod, restarts=2)])

        (change,) = compare(before, after)

        assert (change.name, change.what) == (owner, "restarts +2 (0 → 2)")

    def test_a_pod_that_is_whole_names_its_owner_itself(self) -> None:
        owner = {"kind": "ReplicaSet", "name": "checkout-abc", "controller": True}
        labels = {"pod-template-hash": "abc"}
        pod: Any = {
            "metadata": named("odd", ownerReferences=[owner], labels=labels),
            "status": {"containerStatuses": [{"restartCount": 4}]},
        }
        objects: Objects = {"deployments": [deployment()], "pods": []}

        assert said(objects, {**objects, "pods": [pod]}) == [
            "Deployment checkout: restarts +4 (0 → 4)"
        ]

    def test_pods_of_an_unknown_owner_are_taken_together_by_name(self) -> None:
        before = taken({}, rows=[row("canary-6b7c8d9f44-bcdfg", restarts=1)])
        after = taken({}, rows=[row("canary-7f7c8d9f44-x2x4z", restarts=3)])

        assert [(each.kind, each.name, each.what) for each in compare(before, after)] == [
            ("Pods", "canary", "restarts +2 (1 → 3)")
        ]

    def test_pods_that_could_not_be_read_say_nothing_of_restarts(self) -> None:
        objects = {"deployments": [deployment()]}
        rows = [row("checkout-7d9f8b6c5d-bcdfg", restarts=3)]

        assert compare(taken(objects), taken(objects, rows=rows)) == []
        unread = taken(objects, rows=[row("other")], unread=[("pods", "shop")])
        assert compare(unread, taken(objects, rows=rows)) == []


class TestPodsOfTheirOwn:
    def test_one_that_is_bare_is_compared_by_itself(self) -> None:
        before = taken({"pods": []}, rows=[row("debug"), row("left")])
        after = taken({"pods": []}, rows=[row("debug", status="Error", restarts=2), row("came")])

        assert [f"{each.name}: {each.what}" for each in compare(before, after)] == [
            "left: gone",
            "debug: status: Running → Error",
            "debug: restarts +2 (0 → 2)",
            "came: new",
        ]

    def test_a_row_and_the_whole_of_it_are_the_same_pod(self) -> None:
        pod: Any = {"metadata": named("debug"), "spec": {}, "status": {"phase": "Running"}}
        before = taken({"pods": []}, rows=[row("debug")])
        after = taken({"pods": [pod]}, rows=[row("debug")])

        assert compare(before, after) == []


class TestOtherKinds:
    def test_a_configmap_says_that_it_changed_and_holds_nothing_of_what(self) -> None:
        before: Any = {"metadata": named("settings", resourceVersion="1"), "data": {"key": "hush"}}
        after = changed(before, "metadata", "resourceVersion", to="2")

        assert said({"configmaps": [before]}, {"configmaps": [after]}) == [
            "ConfigMap settings: changed"
        ]
        assert "hush" not in taken({"configmaps": [before]}).as_json()

    def test_a_lease_kept_in_a_configmap_is_no_change(self) -> None:
        leader = {"control-plane.alpha.kubernetes.io/leader": "{}"}
        before: Any = {"metadata": named("lock", resourceVersion="1", annotations=leader)}
        after = changed(before, "metadata", "resourceVersion", to="2")

        assert said({"configmaps": [before]}, {"configmaps": [after]}) == []

    def test_no_value_of_a_variable_is_kept(self) -> None:
        secretive = container(env=[{"name": "PASSWORD", "value": "hush"}], args=["--token=hush"])
        found = changed(deployment(), *CONTAINERS, to=[secretive])

        assert "hush" not in taken({"deployments": [found]}).as_json()

    @pytest.mark.parametrize(
        ("after", "what"),
        [
            (node(unschedulable=True), "cordoned"),
            (node(ready="False"), "now NotReady"),
            (node(ready="Unknown"), "now NotReady"),
            (
                node(taints=[{"key": "gpu", "value": "a", "effect": "NoSchedule"}]),
                "taint gpu=a:NoSchedule added",
            ),
            (
                changed(node(), "status", "nodeInfo", "kubeletVersion", to="v1.35.0"),
                "version: v1.34.1 → v1.35.0",
            ),
            (
                changed(
                    node(),
                    "status",
                    "conditions",
                    to=[
                        {"type": "Ready", "status": "True"},
                        {"type": "DiskPressure", "status": "True"},
                    ],
                ),
                "now DiskPressure",
            ),
        ],
    )
    def test_a_change_of_a_node_is_said_in_words(self, after: Any, what: str) -> None:
        assert said({"nodes": [node()]}, {"nodes": [after]}) == [f"Node worker-1: {what}"]

    def test_what_a_node_recovered_from_is_said_too(self) -> None:
        cordon = {"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}
        before = node(ready="False", unschedulable=True, taints=[cordon])

        assert said({"nodes": [before]}, {"nodes": [node()]}) == [
            "Node worker-1: no longer NotReady",
            "Node worker-1: no longer cordoned",
        ]

    @pytest.mark.parametrize(
        ("plural", "before", "after", "what"),
        [
            (
                "services",
                {"spec": {"selector": {"app": "a"}}},
                {"spec": {"selector": {"app": "b"}}},
                "selector: app=a → app=b",
            ),
            (
                "services",
                {"spec": {"ports": [{"port": 80}]}},
                {"spec": {"ports": [{"port": 80, "targetPort": "http"}]}},
                "ports: 80→80 → 80→http",
            ),
            (
                "cronjobs",
                {"spec": {"schedule": "1 * * * *"}},
                {"spec": {"schedule": "2 * * * *"}},
                "schedule: `1 * * * *` → `2 * * * *`",
            ),
            ("cronjobs", {"spec": {}}, {"spec": {"suspend": True}}, "suspended"),
            (
                "jobs",
                {},
                {"status": {"conditions": [{"type": "Failed", "status": "True"}]}},
                "status: Running → Failed",
            ),
            (
                "horizontalpodautoscalers",
                {"spec": {"maxReplicas": 3}},
                {"spec": {"maxReplicas": 9}},
                "most: 3 → 9",
            ),
            (
                "persistentvolumeclaims",
                {"status": {"phase": "Bound"}},
                {"status": {"phase": "Lost"}},
                "status: Bound → Lost",
            ),
            ("ingresses", {}, {"spec": {"rules": [ROUTE]}}, "routes: none → a.example/→web"),
            (
                "daemonsets",
                {"status": {"desiredNumberScheduled": 3, "numberReady": 3}},
                {"status": {"desiredNumberScheduled": 3, "numberReady": 2}},
                "ready 3 of 3 → 2 of 3",
            ),
            (
                "statefulsets",
                {"status": {"updateRevision": "web-1"}},
                {"status": {"updateRevision": "web-2"}},
                f"pod template changed{UNKNOWN} (revision web-1 → web-2)",
            ),
        ],
    )
    def test_each_kind_has_something_to_say(
        self, plural: str, before: Any, after: Any, what: str
    ) -> None:
        head: Any = {"metadata": named("x")}
        (found,) = said({plural: [head | before]}, {plural: [head | after]})

        assert found.endswith(f"x: {what}")

    def test_jobs_of_a_cronjob_come_and_go_unmentioned(self) -> None:
        owner = [{"kind": "CronJob", "name": "backup", "controller": True}]
        job: Any = {"metadata": named("backup-28512345", ownerReferences=owner)}
        cron: Any = {"metadata": named("backup")}
        before = taken({"cronjobs": [cron], "jobs": [job]}, rows=[row("backup-28512345-bcdfg")])
        after = taken({"cronjobs": [cron], "jobs": []}, rows=[])

        assert compare(before, after) == []


class TestScope:
    def test_what_was_not_read_at_one_time_is_neither_new_nor_gone(self) -> None:
        whole = {"deployments": [deployment()], "services": [{"metadata": named("web")}]}

        assert said(whole, {"deployments": [deployment()]}) == []
        assert said({"deployments": [deployment()]}, whole) == []
        partly = taken({"deployments": []}, unread=[("deployments", "shop")])
        assert compare(taken(whole), partly) == []
        assert "Deployment" in uncompared(taken(whole), partly)

    def test_only_the_namespace_that_was_not_read_is_named(self) -> None:
        both = ("shop", "pay")
        before = taken({"deployments": []}, namespaces=both)
        after = taken({"deployments": []}, namespaces=both, unread=[("deployments", "pay")])

        assert "Deployment in pay" in uncompared(before, after)

    def test_another_namespace_in_sight_is_said_and_its_objects_are_not_new(self) -> None:
        before = taken({"deployments": []}, namespaces=("pay",))
        after = taken({"deployments": [deployment()]})

        assert [(each.name, each.what) for each in compare(before, after)] == [
            ("pay", "no longer in sight"),
            ("shop", "in sight now and not then: nothing to compare it with"),
        ]

    def test_objects_of_other_namespaces_are_not_kept(self) -> None:
        other = changed(deployment(), "metadata", "namespace", to="pay")

        assert taken({"deployments": [other]}).facts() == {}


class TestWords:
    def test_changes_stand_by_namespace_the_most_important_first(self) -> None:
        changes = [
            Change("Node", "", "worker-1", "now NotReady", 0),
            Change("Deployment", "pay", "ledger", "image of `app`: a:1 → 2", 1),
            Change("Pods", "shop", "canary", "restarts +5 (7 → 12)", 1),
            Change("Deployment", "pay", "ledger", "replicas 3 → 1", 1),
        ]

        assert worded(changes, THEN, NOW).split("\n") == [
            "What changed since 14:13 UTC (35 min ago):",
            "",
            "**Cluster**",
            "",
            "- Node `worker-1`: now NotReady",
            "",
            "**Namespace pay**",
            "",
            "- Deployment `ledger`: image of `app`: a:1 → 2, replicas 3 → 1",
            "",
            "**Namespace shop**",
            "",
            "- pods of `canary`: restarts +5 (7 → 12)",
            "",
            "_Not compared: Secrets, values of variables and of ConfigMaps, custom resources._",
        ]

    def test_nothing_is_said_plainly_with_what_was_looked_at(self) -> None:
        told = worded([], THEN, NOW, left_out=["Ingress", "ConfigMap in pay"])

        assert told.startswith(
            "Nothing changed since 14:13 UTC (35 min ago). Compared: Deployment,"
        )
        assert "Ingress" not in told.partition("Not compared")[0]
        assert told.endswith("custom resources; Ingress; ConfigMap in pay.")

    def test_what_is_too_much_is_counted(self) -> None:
        changes = [Change("Deployment", "shop", f"d{n}", "gone") for n in range(42)]

        told = worded(changes, THEN, NOW)

        assert "\nand 12 more\n" in told
        assert told.count("\n- ") == 30

    @pytest.mark.parametrize(
        ("seconds", "words"),
        [(5, "(5 s ago)"), (3 * 3600 + 60, "(3 h 1 min ago)"), (50 * 3600, "(2 d 2 h ago)")],
    )
    def test_the_time_between_is_said_as_people_say_it(self, seconds: int, words: str) -> None:
        assert words in worded([], THEN, THEN + seconds)


class TestKeeping:
    def test_it_is_read_again_as_it_was_written(self) -> None:
        kept = taken({"deployments": [deployment()], "nodes": [node()]}, rows=[row("debug")])

        again = Snapshot.of_kept(json.loads(kept.as_json()))

        assert again == kept
        assert again is not None
        assert (again.taken, again.namespaces) == (THEN, frozenset({"shop"}))

    @pytest.mark.parametrize("kept", [{}, {"format": 99}, {"format": None, "objects": {}}])
    def test_what_is_none_of_ours_is_not_read(self, kept: dict[str, Any]) -> None:
        assert Snapshot.of_kept(kept) is None

    def test_five_thousand_pods_are_small(self) -> None:
        size = len(big(5_000).as_json().encode())

        assert size < 150_000

    def test_a_kind_there_is_too_much_of_is_left_out_whole_and_said(self) -> None:
        plenty = [{"metadata": named(f"settings-{n}")} for n in range(8_000)]
        kept = big(5_000, configmaps=plenty)

        assert len(kept.as_json().encode()) < 180_000
        assert kept.kept["left_out"] == ["ConfigMap"]
        assert "ConfigMap" in uncompared(kept, kept)
        assert compare(kept, kept) == []


def big(pods: int, **more: list[Any]) -> Snapshot:
    workloads = [deployment(f"service-{n}", replicas=10) for n in range(pods // 10)]
    rows = [
        row(f"service-{n}-7d9f8b6c5d-{a}{b}cdf", restarts=n % 7)
        for n in range(pods // 10)
        for a, b in zip("bcdfghjklm", "nnnnnnnnnn", strict=True)
    ]
    services = [
        {"metadata": named(f"service-{n}"), "spec": {"ports": [{"port": 80}]}} for n in range(300)
    ]
    objects = {"deployments": workloads, "services": services, "pods": [], **more}
    return taken(objects, rows=rows)


WHOLE: dict[str, Any] = {
    "metadata": named(
        "x", ownerReferences=[{"kind": "Job", "name": "y"}], annotations={}, labels={}
    ),
    "spec": {
        "replicas": 3,
        "template": {"spec": {"containers": [container(resources={"limits": {"cpu": 1}})]}},
        "containers": [container()],
        "jobTemplate": {"spec": {}},
        "ports": [{"port": 80}],
        "selector": {"app": "x"},
        "rules": [ROUTE],
        "taints": [{"key": "gpu"}],
        "scaleTargetRef": {"kind": "Deployment", "name": "x"},
    },
    "status": {
        "conditions": [{"type": "Ready", "status": "False"}],
        "containerStatuses": [{"restartCount": 3}],
        "capacity": {"storage": "1Gi"},
    },
}
FIELDS = [(part, field) for part, fields in WHOLE.items() for field in fields]
ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 3, -1.5, "", "x\n`y`", [], [None, []], {}, {"a": [1]}, [{}], "9" * 500]
)
PLURALS = st.sampled_from(
    ["deployments", "statefulsets", "daemonsets", "jobs", "cronjobs", "pods", "services", "secrets",
     "configmaps", "nodes", "ingresses", "horizontalpodautoscalers", "persistentvolumeclaims"]
)  # fmt: skip


def odd_object(changes: list[tuple[tuple[str, ...], Any]]) -> Object:
    found = deepcopy(WHOLE)
    for path, value in changes:
        found = changed(found, *path, to=value) if isinstance(found.get(path[0]), dict) else found
    return found


PATHS = st.sampled_from([*FIELDS, ("metadata",), ("spec",), ("status",)])
OBJECTS = st.lists(st.tuples(PATHS, ODD), max_size=4).map(odd_object)
CLUSTERS = st.dictionaries(PLURALS, st.lists(OBJECTS, max_size=2), max_size=4)


@given(CLUSTERS, CLUSTERS)
def test_no_odd_object_breaks_it_and_nothing_differs_from_itself(
    one: dict[str, list[Object]], other: dict[str, list[Object]]
) -> None:
    before, after = taken(one, namespaces=("", "shop")), taken(other, namespaces=("", "shop"))

    assert compare(before, before) == []
    assert json.loads(before.as_json()) == before.kept
    for change in compare(before, after):
        assert "\n" not in change.what
