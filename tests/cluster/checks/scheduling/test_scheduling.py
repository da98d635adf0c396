"""Why a pod has no node, in numbers and names."""

from typing import Any

import pytest

from bot.cluster.checks.scheduling.scheduling import check, needs
from bot.cluster.findings import Finding, Ref, is_confirmed
from bot.cluster.needs import LabelsOf, PodsOn
from bot.cluster.scene import Scene
from tests.doubles.idle_pods import (
    Json,
    a_claim,
    a_class,
    a_condition,
    a_deployment,
    a_node,
    a_pod,
    a_scene,
    a_volume,
    an_event,
    mounting,
)

WEB = Ref("Deployment", "shop", "web")
NODE = Ref("Node", "", "node-1")
CONTROL_PLANE = {"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}
NO_LABEL = "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector."
NO_CPU = (
    "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 "
    "nodes are available: 1 No preemption victims found for incoming pod."
)
NO_CLAIM = "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found"
HOST = "kubernetes.io/hostname"
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


def _only(scene: Scene) -> Finding:
    found = list(check(scene))
    assert len(found) == 1, found
    return found[0]


def _affinity(kind: str, app: str, key: str = HOST) -> Json:
    term = {"labelSelector": {"matchLabels": {"app": app}}, "topologyKey": key}
    return {"affinity": {kind: {REQUIRED: [term]}}}


def test_a_label_that_the_only_node_has_otherwise_is_named_with_both_values() -> None:
    pod = a_pod(message=NO_LABEL, spec={"nodeSelector": {"disktype": "ssd"}})
    found = _only(a_scene(nodes=[a_node(labels={"disktype": "hdd"})], pods=[pod]))
    assert found.cause == (
        "No node takes its pod: it wants a node with `disktype=ssd`, and the only node `node-1` "
        "has `disktype=hdd`. The scheduler says “0/1 nodes are available: 1 node(s) didn't match "
        "Pod's node affinity/selector”."
    )
    assert (found.reason, found.about, found.severity) == ("Unschedulable", WEB, "critical")
    assert found.since == "2026-03-04T11:40:00Z"
    assert found.pods == ("web-7c9d8b6f5d-x2x9k",)
    assert is_confirmed(found)
    assert "node/node-1:metadata.labels.disktype" in {each.path for each in found.evidence}


@pytest.mark.parametrize(
    ("wanted", "labels", "hint"),
    [
        ({"disk-type": "ssd"}, {"disktype": "ssd"}, "Did you mean `disktype=ssd`?"),
        ({"disktype": "SSD"}, {"disktype": "ssd"}, "Did you mean `disktype=ssd`?"),
        ({"zone": "a"}, {"topology.kubernetes.io/zone": "a"}, "`topology.kubernetes.io/zone=a`?"),
        ({"pool": "batch"}, {"disktype": "ssd"}, "has no label `pool`. The"),
    ],
)
def test_labels_that_may_have_been_meant_are_offered(
    wanted: dict[str, str], labels: dict[str, str], hint: str
) -> None:
    pod = a_pod(message=NO_LABEL, spec={"nodeSelector": wanted})
    assert hint in _only(a_scene(nodes=[a_node(labels=labels)], pods=[pod])).cause


def test_node_affinity_is_told_with_what_each_node_has() -> None:
    rule = {"key": "zone", "operator": "In", "values": ["c", "d"]}
    terms = {"nodeSelectorTerms": [{"matchExpressions": [rule]}]}
    pod = a_pod(message=NO_LABEL, spec={"affinity": {"nodeAffinity": {REQUIRED: terms}}})
    nodes = [a_node("n1", labels={"zone": "a"}), a_node("n2", labels={"zone": "a"}), a_node("n3")]
    said = _only(a_scene(nodes=nodes, pods=[pod])).cause
    assert "it wants a node with `zone` `c` or `d`" in said
    assert "2 nodes (`n1`, `n2`) have `zone=a`, node `n3` has no label `zone`" in said


def test_a_request_no_node_could_ever_meet_is_told_with_the_largest_node() -> None:
    pod = a_pod(message=NO_CPU, requests={"cpu": "64"})
    found = _only(a_scene(nodes=[a_node("n1"), a_node("n2", cpu="8")], pods=[pod]))
    assert "container `app` asks for 64 cpu, and of 2 nodes the largest, `n2`, has 8" in found.cause
    assert "preemption" not in found.cause
    assert not list(needs(a_scene(nodes=[a_node()], pods=[pod])))


def test_a_forgotten_m_is_guessed() -> None:
    pod = a_pod(message=NO_CPU, requests={"cpu": "500"})
    assert "Did you mean `500m`?" in _only(a_scene(nodes=[a_node()], pods=[pod])).cause


def test_a_device_that_no_node_offers_is_named() -> None:
    message = "0/1 nodes are available: 1 Insufficient nvidia.com/gpu."
    pod = a_pod(message=message, requests={"nvidia.com/gpu": "1"})
    found = _only(a_scene(nodes=[a_node(offers={"amd.com/gpu": "1"})], pods=[pod]))
    assert "asks for 1 `nvidia.com/gpu`, and the only node `node-1` has none of it" in found.cause
    assert "Did you mean `amd.com/gpu`?" in found.cause


def test_what_others_have_asked_for_is_subtracted_and_named() -> None:
    pod = a_pod(message=NO_CPU, requests={"cpu": "1500m"})
    scene = a_scene(nodes=[a_node()], pods=[pod])
    assert list(needs(scene)) == [PodsOn("node-1")]
    cache = a_pod("cache-0", requests={"cpu": "3500m"}, phase="Running", node="node-1")
    done = a_pod("job-1", requests={"cpu": "4"}, phase="Succeeded", node="node-1")
    scene.answers[PodsOn("node-1")] = (cache, done)
    found = _only(scene)
    assert "asks for 1500m cpu, and the only node `node-1` has 500m of 4 left" in found.cause
    assert "(asked for by others: `shop/cache-0` 3500m)" in found.cause
    assert is_confirmed(found)


def test_where_the_other_pods_cannot_be_read_the_scheduler_is_believed() -> None:
    pod = a_pod(message=NO_CPU, requests={"cpu": "1500m"})
    found = _only(a_scene(nodes=[a_node()], pods=[pod]))
    assert "container `app` asks for 1500m cpu, and 1 node cannot give it" in found.cause


def test_no_more_than_six_nodes_are_asked_for_and_only_those_that_would_do() -> None:
    nodes = [a_node(f"n{i}", cpu=str(4 + i)) for i in range(9)]
    nodes.append(a_node("big", cpu="64", taints=[CONTROL_PLANE]))
    scene = a_scene(nodes=nodes, pods=[a_pod(message=NO_CPU, requests={"cpu": "2"})])
    assert list(needs(scene)) == [PodsOn(f"n{i}") for i in (8, 7, 6, 5, 4, 3)]


def test_a_taint_is_told_with_the_toleration_that_is_nearly_right() -> None:
    message = "0/1 nodes are available: 1 node(s) had untolerated taint(s)."
    taint = {"key": "dedicated", "value": "gpu", "effect": "NoSchedule"}
    tolerated = [{"key": "dedicated", "operator": "Equal", "value": "cpu", "effect": "NoSchedule"}]
    pod = a_pod(message=message, spec={"tolerations": tolerated})
    said = _only(a_scene(nodes=[a_node(taints=[taint])], pods=[pod])).cause
    assert "it does not tolerate the taint `dedicated=gpu:NoSchedule`" in said
    assert "(it tolerates `dedicated=cpu:NoSchedule`), and the only node `node-1` has it" in said


@pytest.mark.parametrize(
    "toleration",
    [
        {"operator": "Exists"},
        {"key": "dedicated", "operator": "Exists"},
        {"key": "dedicated", "value": "gpu"},
        {"key": "dedicated", "operator": "Equal", "value": "gpu", "effect": "NoSchedule"},
    ],
)
def test_a_tolerated_taint_keeps_nobody_away(toleration: Json) -> None:
    taint = {"key": "dedicated", "value": "gpu", "effect": "NoSchedule"}
    pod = a_pod(message=NO_CPU, spec={"tolerations": [toleration]})
    assert "tolerate" not in _only(a_scene(nodes=[a_node(taints=[taint])], pods=[pod])).cause


def test_a_preference_is_no_hurdle() -> None:
    taint = {"key": "slow", "effect": "PreferNoSchedule"}
    said = _only(a_scene(nodes=[a_node(taints=[taint])], pods=[a_pod(message=NO_CPU)])).cause
    assert "slow" not in said


def test_where_all_nodes_are_cordoned_the_nodes_are_to_blame() -> None:
    message = "0/1 nodes are available: 1 node(s) were unschedulable."
    found = _only(a_scene(nodes=[a_node(unschedulable=True)], pods=[a_pod(message=message)]))
    assert "the only node `node-1` has been cordoned (`spec.unschedulable`)" in found.cause
    assert found.because_of == (NODE,)


def test_a_node_that_is_not_well_is_to_blame() -> None:
    message = "0/1 nodes are available: 1 node(s) had untolerated taint(s)."
    taint = {"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"}
    found = _only(a_scene(nodes=[a_node(taints=[taint])], pods=[a_pod(message=message)]))
    assert found.because_of == (NODE,)


def test_a_wish_no_node_fulfils_is_not_blamed_on_a_cordon() -> None:
    pod = a_pod(message=NO_LABEL, spec={"nodeSelector": {"disktype": "ssd"}})
    found = _only(a_scene(nodes=[a_node(unschedulable=True)], pods=[pod]))
    assert "cordoned" in found.cause
    assert "`disktype=ssd`" in found.cause
    assert not found.because_of


def test_each_node_is_told_by_what_stops_it_first() -> None:
    message = (
        "0/3 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match Pod's node "
        "affinity/selector, 1 node(s) had untolerated taint(s)."
    )
    pod = a_pod(message=message, requests={"cpu": "8"}, spec={"nodeSelector": {"disktype": "ssd"}})
    nodes = [
        a_node("n1", cpu="16", taints=[CONTROL_PLANE], labels={"disktype": "ssd"}),
        a_node("n2", cpu="16"),
        a_node("n3", labels={"disktype": "ssd"}),
    ]
    said = _only(a_scene(nodes=nodes, pods=[pod])).cause
    assert "control-plane:NoSchedule`, and node `n1` has it" in said
    assert "`disktype=ssd`, and node `n2` has no label `disktype`" in said
    assert "asks for 8 cpu, and node `n3` has 4 in all" in said


def test_pods_that_keep_each_other_off_a_host_are_named() -> None:
    message = "0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules."
    pod = a_pod(message=message, spec=_affinity("podAntiAffinity", "web"))
    scene = a_scene(nodes=[a_node()], pods=[pod], deployments=[a_deployment(ready=1)])
    there = a_pod("web-7c9d8b6f5d-aaaaa", phase="Running", node="node-1")
    scene.answers[PodsOn("node-1")] = (there,)
    found = _only(scene)
    assert "keeps it from every host that has a pod with `app=web`" in found.cause
    assert "the only node `node-1` has `shop/web-7c9d8b6f5d-aaaaa`" in found.cause
    assert found.severity == "warning"


def test_a_pod_that_is_there_may_not_want_the_new_one() -> None:
    message = "0/1 nodes are available: 1 node(s) didn't satisfy existing pods anti-affinity rules."
    scene = a_scene(nodes=[a_node()], pods=[a_pod(message=message)])
    alone = _affinity("podAntiAffinity", "web")
    there = a_pod("loner-1", phase="Running", node="node-1", labels={"app": "loner"}, spec=alone)
    scene.answers[PodsOn("node-1")] = (there,)
    assert "`shop/loner-1`, whose anti-affinity names `app=web`" in _only(scene).cause


def test_a_neighbour_that_does_not_exist_is_told_with_one_that_does() -> None:
    message = "0/1 nodes are available: 1 node(s) didn't match pod affinity rules."
    pod = a_pod(message=message, spec=_affinity("podAffinity", "cashe"))
    scene = a_scene(nodes=[a_node()], pods=[pod])
    assert LabelsOf("pods", "shop") in set(needs(scene))
    scene.answers[LabelsOf("pods", "shop")] = (a_pod("cache-0", labels={"app": "cache"}),)
    said = _only(scene).cause
    assert "beside a pod with `app=cashe`, and namespace `shop` has none" in said
    assert "Did you mean `app=cache`?" in said


def test_a_host_port_is_told_with_who_has_it() -> None:
    message = (
        "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports."
    )
    ports = {"containers": [{"name": "app", "ports": [{"containerPort": 80, "hostPort": 8080}]}]}
    scene = a_scene(nodes=[a_node()], pods=[a_pod(message=message, spec=ports)])
    scene.answers[PodsOn("node-1")] = (a_pod("edge-1", phase="Running", node="node-1", spec=ports),)
    said = _only(scene).cause
    assert "port 8080/TCP of its host" in said
    assert "has that port taken by pod `shop/edge-1`" in said


def test_a_full_node_is_told_by_its_places() -> None:
    message = "0/1 nodes are available: 1 Too many pods."
    scene = a_scene(nodes=[a_node(offers={"pods": "1"})], pods=[a_pod(message=message)])
    scene.answers[PodsOn("node-1")] = (a_pod("one", phase="Running", node="node-1"),)
    assert "has all of its 1 places for pods taken" in _only(scene).cause


def test_places_taken_since_the_scheduler_looked_are_not_its_reason() -> None:
    full = a_node(offers={"pods": "1", "cpu": "4"})
    scene = a_scene(nodes=[full], pods=[a_pod(message=NO_CPU, requests={"cpu": "3"})])
    other = a_pod("one", phase="Running", node="node-1", requests={"cpu": "2"})
    scene.answers[PodsOn("node-1")] = (other,)
    said = _only(scene).cause
    assert "places for pods" not in said
    assert "asks for 3 cpu" in said


def test_a_spread_over_a_label_that_no_node_has_is_named() -> None:
    message = (
        "0/1 nodes are available: 1 node(s) didn't match pod topology spread constraints "
        "(missing required label)."
    )
    rule = {"maxSkew": 1, "topologyKey": "rack", "whenUnsatisfiable": "DoNotSchedule"}
    pod = a_pod(message=message, spec={"topologySpreadConstraints": [rule]})
    said = _only(a_scene(nodes=[a_node()], pods=[pod])).cause
    assert "spread over `rack`, and the only node `node-1` has no label `rack`" in said


def test_a_spread_that_is_full_is_told_in_its_own_numbers() -> None:
    message = "0/1 nodes are available: 1 node(s) didn't match pod topology spread constraints."
    rule = {
        "maxSkew": 1,
        "minDomains": 3,
        "topologyKey": HOST,
        "whenUnsatisfiable": "DoNotSchedule",
    }
    pod = a_pod(message=message, spec={"topologySpreadConstraints": [rule]})
    said = _only(a_scene(nodes=[a_node()], pods=[pod])).cause
    assert "over `kubernetes.io/hostname` (maxSkew 1, minDomains 3) permits no further" in said


def test_a_volume_that_is_on_another_host_is_named() -> None:
    message = "0/1 nodes are available: 1 node(s) didn't match PersistentVolume's node affinity."
    found = _only(
        a_scene(
            nodes=[a_node()],
            pods=[a_pod(message=message, spec=mounting("data"))],
            persistentvolumeclaims=[a_claim(phase="Bound", volume="pv-1")],
            persistentvolumes=[a_volume(hosts=["node-9"], owner="data", phase="Bound")],
        )
    )
    assert "its claim `data` is bound to volume `pv-1`" in found.cause
    assert "wants `kubernetes.io/hostname=node-9`, and the only node `node-1` has another" in (
        found.cause
    )


def test_a_daemon_that_does_not_fit_on_its_node_is_told_for_that_node() -> None:
    message = (
        "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't satisfy plugin(s) "
        "[NodeAffinity]."
    )
    field = {"key": "metadata.name", "operator": "In", "values": ["n2"]}
    terms = {"nodeSelectorTerms": [{"matchFields": [field]}]}
    spec = {"affinity": {"nodeAffinity": {REQUIRED: terms}}}
    pod = a_pod(message=message, requests={"cpu": "8"}, spec=spec)
    said = _only(a_scene(nodes=[a_node("n1", cpu="16"), a_node("n2")], pods=[pod])).cause
    assert said.startswith("Node `n2` does not take the pod that is meant for it: container `app`")
    assert "`n1`" not in said


def test_a_claim_of_a_missing_class_is_the_cause_and_takes_its_own_finding_along() -> None:
    found = _only(
        a_scene(
            nodes=[a_node()],
            pods=[a_pod(message=NO_CLAIM, spec=mounting("data"))],
            persistentvolumeclaims=[a_claim(storage_class="fastssd")],
            storageclasses=[a_class("fast-ssd")],
        )
    )
    assert found.cause == (
        "No node takes its pod: its claim `data` names the StorageClass `fastssd`, which does "
        "not exist. Did you mean `fast-ssd`?"
    )
    assert (found.reason, found.about) == ("UnboundClaim", WEB)
    assert found.explains == (Ref("PersistentVolumeClaim", "shop", "data"),)
    assert is_confirmed(found)


def test_a_claim_that_does_not_exist_is_named_with_one_that_does() -> None:
    message = '0/1 nodes are available: persistentvolumeclaim "dta" not found. not found'
    pod = a_pod(message=message, spec=mounting("dta"))
    found = _only(a_scene(nodes=[a_node()], pods=[pod], persistentvolumeclaims=[a_claim()]))
    assert found.reason == "ClaimNotFound"
    assert found.cause.endswith("its claim `dta` does not exist. Did you mean `data`?")


def test_a_claim_that_was_made_a_moment_ago_gets_its_time() -> None:
    scene = a_scene(
        nodes=[a_node()],
        pods=[a_pod(message=NO_CLAIM, age=10, spec=mounting("data"))],
        persistentvolumeclaims=[a_claim(storage_class="fast", age=10)],
        storageclasses=[a_class("fast")],
    )
    assert not list(check(scene))


def test_the_pods_of_a_workload_are_told_once() -> None:
    names = ["web-7c9d8b6f5d-a", "web-7c9d8b6f5d-b", "web-7c9d8b6f5d-c"]
    pods = [a_pod(each, NO_CPU, requests={"cpu": "64"}) for each in names]
    found = _only(a_scene(nodes=[a_node()], pods=pods))
    assert "its pod (3 of them wait)" in found.cause
    assert found.pods == tuple(names)


def test_the_event_is_evidence_too() -> None:
    pod = a_pod(message=NO_CPU, requests={"cpu": "64"})
    event = an_event("Pod", "web-7c9d8b6f5d-x2x9k", "FailedScheduling", NO_CPU)
    found = _only(a_scene(nodes=[a_node()], pods=[pod], events=[event]))
    assert "event/web-7c9d8b6f5d-x2x9k:FailedScheduling" in {e.path for e in found.evidence}


def test_a_scheduler_that_does_not_exist_is_named() -> None:
    pod = a_pod(spec={"schedulerName": "default-schedular"})
    found = _only(a_scene(nodes=[a_node()], pods=[pod]))
    assert found.reason == "NotScheduled"
    assert "`spec.schedulerName` asks for `default-schedular`" in found.cause
    assert "Did you mean `default-scheduler`?" in found.cause


def test_silence_of_the_default_scheduler_is_told_as_such() -> None:
    said = _only(a_scene(nodes=[a_node()], pods=[a_pod(is_owned=False)])).cause
    assert said.startswith("No scheduler has looked at this pod for 15 minutes:")


def test_a_gate_is_named() -> None:
    pod = a_pod(message="Scheduling is blocked due to non-empty scheduling gates")
    pod["status"]["conditions"][0]["reason"] = "SchedulingGated"
    pod["spec"]["schedulingGates"] = [{"name": "example.com/hold"}]
    found = _only(a_scene(nodes=[a_node()], pods=[pod]))
    assert (found.reason, found.severity) == ("SchedulingGated", "warning")
    assert "`example.com/hold`" in found.cause


def test_a_node_that_does_not_exist_is_named() -> None:
    found = _only(a_scene(nodes=[a_node("node-1")], pods=[a_pod(node="node1")]))
    assert found.reason == "NodeNotFound"
    assert found.cause.endswith("`node1`, which does not exist. Did you mean `node-1`?")


def test_a_pod_that_has_pushed_out_others_is_told_to_wait_for_them() -> None:
    pod = a_pod(message=NO_CPU, requests={"cpu": "64"})
    pod["status"]["nominatedNodeName"] = "node-1"
    said = _only(a_scene(nodes=[a_node()], pods=[pod])).cause
    assert "has pushed out pods of lower priority on `node-1`" in said


def test_a_cluster_without_nodes_is_told_in_the_schedulers_words() -> None:
    pod = a_pod(message="no nodes available to schedule pods")
    assert "“no nodes available to schedule pods”" in _only(a_scene(pods=[pod])).cause


@pytest.mark.parametrize(
    "pod",
    [
        a_pod(phase="Running", node="node-1"),
        a_pod(node="node-1"),
        a_pod(age=20),
        a_pod(phase="Succeeded"),
        {"kind": "Pod", "metadata": {"name": "odd", "namespace": "shop"}, "status": {"phase": 3}},
        a_pod(message=NO_CPU, deleted="2026-03-04T11:59:00Z"),
    ],
)
def test_pods_that_are_placed_or_new_or_done_are_left_alone(pod: dict[str, Any]) -> None:
    assert not list(check(a_scene(nodes=[a_node()], pods=[pod])))


def test_odd_objects_break_nothing() -> None:
    odd = a_pod(message=NO_CPU, requests={"cpu": "lots"})
    odd["spec"]["affinity"] = "none"
    odd["spec"]["tolerations"] = [3, {"key": 4}]
    node = {"metadata": {"name": "n"}, "spec": {"taints": "all"}, "status": {"allocatable": []}}
    scene = a_scene(nodes=[node], pods=[odd])
    list(needs(scene))
    assert _only(scene).reason == "Unschedulable"


@pytest.mark.parametrize(
    ("message", "is_blamed"),
    [
        (NO_CPU, False),
        ("0/1 nodes are available: 1 node(s) had untolerated taint {x: }.", True),
    ],
)
def test_a_taint_that_a_node_has_got_over_is_blamed_only_by_the_scheduler(
    message: str, is_blamed: bool
) -> None:
    left = {"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"}
    node = a_node(taints=[left], conditions=[a_condition("Ready", "True", "KubeletReady")])
    found = _only(a_scene(nodes=[node], pods=[a_pod(message=message, requests={"cpu": "64"})]))
    assert ("not-ready:NoSchedule" in found.cause) is is_blamed
