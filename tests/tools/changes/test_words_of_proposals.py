"""What a proposal says of an object: how it is, what the change touches, how to undo it."""

from typing import Any

import pytest

from bot.tools import policy
from bot.tools.changes.effects import effect
from bot.tools.changes.objections import objection
from bot.tools.changes.present import present
from bot.tools.changes.rehearsal import rehearsal
from bot.tools.changes.seen import Asked, Seen, read_change
from bot.tools.changes.undoing import undo

IMAGE = "registry.example/shop/web:1.4.2"


def asked(line: str) -> Asked:
    verdict = policy.judge(line, namespace="shop", changes=True)
    assert verdict.kind == "write", verdict.reason
    return read_change(verdict.argv)


def seen(line: str, body: dict[str, Any], **around: Any) -> tuple[Asked, Seen]:
    change = asked(line)
    return change, Seen(change.target, body, **around)


def workload(
    replicas: int = 3, *, ready: int = 3, owner: tuple[str, str] | None = None, **spec: Any
) -> dict[str, Any]:
    containers = {"containers": [{"name": "app", "image": IMAGE}]}
    return {
        "metadata": {"uid": "u-1", "generation": 7, "ownerReferences": owners(owner)},
        "spec": {"replicas": replicas, "template": {"spec": containers}, **spec},
        "status": {"readyReplicas": ready, "updatedReplicas": replicas},
    }


def owners(owner: tuple[str, str] | None) -> list[dict[str, Any]]:
    if owner is None:
        return []
    return [{"kind": owner[0], "name": owner[1], "controller": True}]


def pod(owner: tuple[str, str] | None = None, **spec: Any) -> dict[str, Any]:
    status = {"name": "app", "ready": True, "restartCount": 4}
    return {
        "metadata": {"uid": "u-2", "ownerReferences": owners(owner)},
        "spec": {"nodeName": "node-1", "containers": [{"name": "app", "image": IMAGE}], **spec},
        "status": {"phase": "Running", "containerStatuses": [status]},
    }


def node(**spec: Any) -> dict[str, Any]:
    ready = {"type": "Ready", "status": "True"}
    info = {"kubeletVersion": "v1.34.4"}
    return {"metadata": {}, "spec": spec, "status": {"conditions": [ready], "nodeInfo": info}}


def daemonset(**spec: Any) -> dict[str, Any]:
    held = workload(**spec)
    held["status"] = {"desiredNumberScheduled": 4, "numberReady": 3, "updatedNumberScheduled": 4}
    return held


def rolling(**more: Any) -> dict[str, Any]:
    return {"type": "RollingUpdate", "rollingUpdate": more}


@pytest.mark.parametrize(
    ("line", "body", "said"),
    [
        (
            "scale deploy/web --replicas=5",
            workload(),
            f"3 of 3 pods ready, `app` runs `{IMAGE}`, generation 7",
        ),
        ("rollout resume deploy/web", workload(paused=True), "its rollout is paused"),
        ("rollout restart ds/agent", daemonset(), "3 of 4 pods ready, `app`"),
        (
            "delete pod web-0",
            pod(("ReplicaSet", "web-7d9")),
            (
                "Running, 1 of 1 containers ready, 4 restarts, on node `node-1`, "
                "made by ReplicaSet `web-7d9`"
            ),
        ),
        ("delete pod web-0", pod(), "made by no controller"),
        ("cordon node-1", node(), "Ready, takes new pods, kubelet `v1.34.4`"),
        ("uncordon node-1", node(unschedulable=True), "Ready, cordoned"),
        ("delete pod web-0", {"metadata": {}, "spec": {}, "status": {}}, "Pending, 0 of 0"),
    ],
)
def test_an_object_is_said_as_it_is(line: str, body: dict[str, Any], said: str) -> None:
    _, held = seen(line, body)
    assert said in present(held)


@pytest.mark.parametrize(
    ("line", "body", "said"),
    [
        (
            "rollout restart deploy/web",
            workload(strategy=rolling(maxUnavailable="25%", maxSurge=1)),
            "Restarts 3 pods of deployment `web`, step by step (maxUnavailable 25%, maxSurge 1).",
        ),
        (
            "rollout restart deploy/web",
            workload(strategy={"type": "Recreate"}),
            "Restarts 3 pods of deployment `web`, all at once: none serves until",
        ),
        ("rollout restart deploy/web", workload(0), "No pod is replaced, as deployment `web` has"),
        (
            "rollout restart sts/db",
            workload(2, updateStrategy=rolling()),
            "Restarts 2 pods of statefulset `db`, one after another, the last first.",
        ),
        (
            "rollout restart sts/db",
            workload(3, updateStrategy=rolling(partition=2)),
            "the last first and none below number 2 (partition).",
        ),
        (
            "rollout restart ds/agent",
            daemonset(updateStrategy=rolling(maxUnavailable=2)),
            "Restarts 4 pods of daemonset `agent`, node by node (maxUnavailable 2).",
        ),
        (
            "rollout restart ds/agent",
            daemonset(updateStrategy={"type": "OnDelete"}),
            "each only when somebody deletes it (updateStrategy OnDelete).",
        ),
        (
            "rollout undo deploy/web",
            workload(),
            "Takes the pod template back to the revision before. Replaces 3 pods",
        ),
        ("rollout undo deploy/web --to-revision=4", workload(), "back to revision 4."),
        ("rollout pause deploy/web", workload(), "are not rolled out until it is resumed."),
        ("rollout resume deploy/web", workload(paused=True), "was paused is rolled out: step by"),
        (
            "scale deploy/web --replicas=5",
            workload(),
            "Starts 2 more pods of deployment `web`: 5 instead of 3.",
        ),
        ("scale deploy/web --replicas=1", workload(), "Ends 2 of 3 pods of deployment `web`, so"),
        (
            "scale deploy/web --replicas=0",
            workload(1),
            "Ends 1 pod of deployment `web`, and nothing",
        ),
        ("scale rs/web --replicas=5", workload(owner=("Rollout", "web")), "belongs to Rollout `we"),
        (
            "delete pod web-0",
            pod(("ReplicaSet", "web-7d9"), volumes=[{"name": "tmp", "emptyDir": {}}]),
            (
                "Ends and deletes pod `web-0`, which ReplicaSet `web-7d9` replaces."
                " What it keeps in emptyDir volumes is lost."
            ),
        ),
        ("delete pod web-0", pod(), "which nothing replaces."),
        ("delete pod web-0", pod(("Node", "node-1")), "runs from a file and shows again."),
        ("delete pod web-0", pod(("Job", "load")), "which Job `load` may replace"),
        (
            "set image deploy/web app=shop/web:2",
            workload(),
            f"Container `app` runs `shop/web:2` instead of `{IMAGE}`. Replaces 3 pods",
        ),
        (
            "set image deploy/web app=shop/web:2",
            workload(paused=True),
            "Nothing is rolled out until it is resumed.",
        ),
        ("cordon node-1", node(), "No new pods are scheduled to node `node-1`."),
        ("uncordon node-1", node(unschedulable=True), "New pods may be scheduled to node `node-1`"),
    ],
)
def test_an_effect_says_what_is_touched(line: str, body: dict[str, Any], said: str) -> None:
    assert said in effect(*seen(line, body))


def test_an_autoscaler_is_named_beside_what_it_scales() -> None:
    scalers = ("HorizontalPodAutoscaler `web` (2 to 9)",)
    up, off = (
        effect(*seen(f"scale deploy/web --replicas={number}", workload(), scalers=scalers))
        for number in (5, 0)
    )
    assert up.endswith("HorizontalPodAutoscaler `web` (2 to 9) may change the number again.")
    assert off.endswith("does nothing while the number is 0.")


def test_the_pods_of_a_node_are_counted() -> None:
    change, held = seen("cordon node-1", node(), pods=12)
    assert "12 pods on it" in present(held)
    assert effect(change, held).endswith("The 12 pods on it stay there.")


@pytest.mark.parametrize(
    ("line", "body", "said"),
    [
        ("rollout pause deploy/web", workload(), "rollout resume deployment/web --namespace=shop"),
        ("rollout resume deploy/web", workload(), "rollout pause deployment/web --namespace=shop"),
        ("scale sts/db --replicas=5", workload(2), "scale statefulset/db --namespace=shop --repl"),
        (
            "set image deploy/web app=shop/web:2",
            workload(),
            f"set image deployment/web app={IMAGE} --namespace=shop",
        ),
        ("cordon node-1", node(), "uncordon node/node-1"),
        ("uncordon node-1", node(), "cordon node/node-1"),
        ("rollout undo ds/agent", daemonset(), "rollout undo daemonset/agent --namespace=shop --t"),
    ],
)
def test_what_undoes_a_change_is_a_change_in_its_one_form(
    line: str, body: dict[str, Any], said: str
) -> None:
    text = undo(*seen(line, body, revisions=(1, 3)))
    command = text.split("`")[1]
    assert command.startswith(f"kubectl {said}")
    assert " ".join(policy.judge(command, changes=True).argv) == command


def test_what_nothing_undoes_says_so() -> None:
    assert "Nothing brings back" in undo(*seen("delete pod a", pod(("ReplicaSet", "a"))))
    assert "Nothing undoes it" in undo(*seen("delete pod a", pod()))
    restart = undo(*seen("rollout restart deploy/web", workload(), revisions=(4, 5)))
    assert restart.startswith("Not needed")
    assert "--to-revision=5" in restart
    assert "rollout history" in undo(*seen("rollout undo deploy/web", workload()))


@pytest.mark.parametrize(
    ("line", "body", "said"),
    [
        ("rollout restart deploy/web", workload(paused=True), "is paused, so it cannot be restart"),
        ("rollout pause deploy/web", workload(paused=True), "is paused already"),
        ("rollout resume deploy/web", workload(), "is not paused"),
        ("rollout undo deploy/web", workload(paused=True), "Resume it first"),
        ("rollout undo deploy/web --to-revision=5", workload(), "runs revision 5 already"),
        ("rollout undo deploy/web --to-revision=9", workload(), "There are 4, 5."),
        ("scale deploy/web --replicas=3", workload(), "is to have 3 replicas already"),
        ("scale deploy/web --replicas=4 --current-replicas=2", workload(), "has 3 replicas now"),
        ("scale rs/web --replicas=5", workload(owner=("Deployment", "web")), "deployment/web, whi"),
        ("set image deploy/web side=a/b:1", workload(), "no container `side`. There are `app`."),
        (f"set image deploy/web app={IMAGE}", workload(), "has this image already"),
        ("cordon node-1", node(unschedulable=True), "is cordoned already"),
        ("uncordon node-1", node(), "is not cordoned"),
        ("delete pod a", {"metadata": {"deletionTimestamp": "x"}}, "is being deleted already"),
    ],
)
def test_what_would_do_nothing_or_fail_is_not_proposed(
    line: str, body: dict[str, Any], said: str
) -> None:
    assert said in objection(*seen(line, body, revisions=(5, 4)))


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("rollout restart deploy/web", workload()),
        ("rollout undo deploy/web", workload()),
        ("rollout undo deploy/web --to-revision=4", workload()),
        ("scale rs/web --replicas=5", workload(owner=("Rollout", "web"))),
        ("scale deploy/web --replicas=4 --current-replicas=3", workload()),
        ("delete pod a", pod()),
        ("cordon node-1", node()),
    ],
)
def test_what_makes_sense_is_not_objected_to(line: str, body: dict[str, Any]) -> None:
    assert objection(*seen(line, body, revisions=(4, 5))) == ""


def test_one_revision_is_nothing_to_go_back_to() -> None:
    change, held = seen("rollout undo deploy/web", workload(), revisions=(1,))
    assert "no earlier revision" in objection(change, held)
    assert objection(*seen("rollout undo deploy/web", workload())) == ""


@pytest.mark.parametrize(
    ("line", "argv"),
    [
        (
            "scale deploy/web --replicas=5",
            ("scale", "deployment/web", "--namespace=shop", "--replicas=5", "--dry-run=server"),
        ),
        ("cordon node-1", ("cordon", "node/node-1", "--dry-run=server")),
        (
            "rollout resume deploy/web",
            (
                "patch",
                "deployment/web",
                "--namespace=shop",
                "--type=merge",
                '--patch={"spec":{"paused":false}}',
                "--dry-run=server",
            ),
        ),
        (
            "rollout restart sts/db",
            (
                "patch",
                "statefulset/db",
                "--namespace=shop",
                "--type=merge",
                (
                    '--patch={"spec":{"template":{"metadata":{"annotations":'
                    '{"kubectl.kubernetes.io/restartedAt":"2027-01-15T08:00:00Z"}}}}}'
                ),
                "--dry-run=server",
            ),
        ),
        (
            "rollout pause deploy/web",
            (
                "patch",
                "deployment/web",
                "--namespace=shop",
                "--type=merge",
                '--patch={"spec":{"paused":true}}',
                "--dry-run=server",
            ),
        ),
    ],
)
def test_a_rehearsal_keeps_nothing_on_the_server(line: str, argv: tuple[str, ...]) -> None:
    assert rehearsal(asked(line), 1_800_000_000.0) == ("kubectl", *argv)


def test_what_a_cluster_says_of_itself_makes_no_markup() -> None:
    held = pod(("Replica*Set`\n# approve", "x"), containers=[{"name": "a`b", "image": "i`j\nk"}])
    held["status"]["phase"] = "*Run*ning\n> now"
    said = present(seen("delete pod a", held)[1])
    assert said.startswith("Runningnow, ")
    assert "ReplicaSetapprove `x`" in said
    assert "\n" not in said


def plain(text: str) -> str:
    return text


def test_a_fingerprint_follows_the_spec_and_nothing_else() -> None:
    before = seen("delete pod a", pod())[1]
    touched = pod()
    touched["metadata"]["labels"] = {"a": "b"}
    touched["status"]["phase"] = "Failed"
    other = seen("delete pod a", pod(nodeName="node-2"))[1]

    assert before.fingerprint(plain) == seen("delete pod a", touched)[1].fingerprint(plain)
    assert before.fingerprint(plain) != other.fingerprint(plain)
    assert seen("scale deploy/web --replicas=5", workload())[1].fingerprint(plain) == "7"
