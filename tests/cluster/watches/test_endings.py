"""When something is said of a watch, and when not."""

from typing import Any

import pytest

from bot.cluster.watches.endings import ending
from bot.cluster.watches.pods import see_pod
from bot.cluster.watches.seen import Seen, see_claim, see_job, see_node, see_workload
from bot.cluster.watches.states import Baseline, State, baseline_of, state_of
from bot.cluster.watches.targets import Goal, Target
from tests.doubles.shop import NOW, PLACE, a_deployment, ago, meta, state

WEB = Target("deployment", PLACE, "web")
POD = Target("pod", PLACE, "web-1")


def box(
    reason: str = "", *, restarts: int = 0, last: str = "", age: float = 5000
) -> dict[str, Any]:
    waiting = {"waiting": {"reason": reason}} if reason else {"running": {}}
    ended = {"terminated": {"reason": last, "exitCode": 137, "finishedAt": ago(age)}}
    return {
        "name": "app",
        "ready": not reason,
        "restartCount": restarts,
        "state": waiting,
        "lastState": ended if last else {},
    }


def a_pod(*boxes: dict[str, Any], name: str = "web-1", phase: str = "Running", uid: str = "u1",
          owner: tuple[str, str] | None = None, **status: Any) -> Seen:  # fmt: skip
    is_ready = all(each["ready"] for each in boxes)
    conditions = [state("Ready", "True" if is_ready else "False")]
    return see_pod({
        "metadata": meta(name, owner=owner, uid=uid, labels={"pod-template-hash": "abc"}),
        "spec": {"containers": [{"name": "app"} for _ in boxes]},
        "status": {
            "phase": phase, "conditions": conditions, "containerStatuses": list(boxes), **status
        },
    })  # fmt: skip


def web(**more: Any) -> Seen:
    return see_workload("deployment", a_deployment("web", **more))


def of_web(name: str, *boxes: dict[str, Any], uid: str = "u1") -> Seen:
    return a_pod(*boxes, name=name, uid=uid, owner=("ReplicaSet", "web-abc"))


def was(target: Target, *seen: Seen) -> Baseline:
    """Also through its JSON."""
    return Baseline.from_json(baseline_of(state_of(target, seen), NOW).to_json())


def now(target: Target, *seen: Seen) -> State:
    return state_of(target, seen)


def said(goal: Goal, target: Target, before: tuple[Seen, ...], after: tuple[Seen, ...]) -> str:
    return ending(goal, was(target, *before), now(target, *after), "4 min")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (web(ready=1), web(ready=2)),
        (web(ready=3), web(ready=3)),
        (web(ready=3), web(wanted=1, present=1, updated=1, ready=1)),
        (
            web(ready=3),
            web(ready=2, conditions=[state("Progressing", "True", "ReplicaSetUpdated")]),
        ),
        (web(ready=1), web(ready=3, updated=2)),
    ],
    ids=["nearer", "as before", "scaled down", "rolling out", "old pods among the ready"],
)
def test_nothing_is_said_while_there_is_nothing_to_say(before: Seen, after: Seen) -> None:
    goal: Goal = "worse" if before.ready == 3 else "ready"

    assert said(goal, WEB, (before,), (after,)) == ""


def test_fewer_ready_than_at_the_beginning_is_worse() -> None:
    assert said("worse", WEB, (web(),), (web(ready=2),)) == (
        "deployment/web in shop has got worse: deployment/web has fewer ready: 2 of 3 (was 3). It"
        " is now: 2 of 3 ready (was 3 of 3 ready), after 4 min."
    )


def test_another_pod_with_the_same_trouble_is_no_news() -> None:
    looping = box("CrashLoopBackOff", restarts=4, last="Error")
    before = (web(ready=1), of_web("web-abc-1", looping))
    after = (web(ready=1), of_web("web-abc-2", looping, uid="u2"))

    assert said("ready", WEB, before, after) == ""


def test_a_container_that_came_back_after_a_crash_has_crashed() -> None:
    before = (a_pod(box(restarts=2, last="Error")),)
    after = (a_pod(box(restarts=3, last="OOMKilled")),)

    assert "app was restarted and last ended with OOMKilled (exit code 137)" in said(
        "worse", POD, before, after
    )


def test_a_container_that_crashed_a_moment_ago_is_in_trouble_already() -> None:
    before = (a_pod(box(restarts=2, last="Error", age=60)),)
    after = (a_pod(box("CrashLoopBackOff", restarts=3, last="Error")),)

    assert "app is in CrashLoopBackOff" not in said("changed", POD, before, before)
    assert "no longer ready" in said("worse", POD, before, after)
    assert "CrashLoopBackOff and last" not in said("worse", POD, before, after)


def test_an_eviction_is_news_though_another_pod_was_evicted_before() -> None:
    first = a_pod(name="web-1", phase="Failed", uid="u1", reason="Evicted")
    second = a_pod(name="web-2", phase="Failed", uid="u2", reason="Evicted")

    assert "pod/web-2 was evicted" in said(
        "ready", WEB, (web(ready=1), first), (web(ready=1), second)
    )


def test_free_text_of_the_cluster_is_never_repeated() -> None:
    pod = a_pod(box("CrashLoopBackOff"), phase="Failed", reason="<!channel> password=hunter2")

    told = now(POD, pod).told

    assert "hunter2" not in told
    assert "channel" not in told


@pytest.mark.parametrize(
    ("target", "before", "after", "words"),
    [
        (
            Target("node", "", "n1"),
            see_node({
                "metadata": {"name": "n1"}, "status": {"conditions": [state("Ready", "True")]}
            }),
            see_node({
                "metadata": {"name": "n1"},
                "status": {"conditions": [state("Ready", "Unknown", "NodeStatusUnknown")]},
            }),
            "node/n1 is not ready (NodeStatusUnknown)",
        ),
        (
            Target("job", PLACE, "j"),
            see_job({"metadata": meta("j"), "status": {"active": 1}}),
            see_job({
                "metadata": meta("j"),
                "status": {"conditions": [state("Failed", "True", "BackoffLimitExceeded")]},
            }),
            "job/j has failed (BackoffLimitExceeded)",
        ),
        (
            Target("pvc", PLACE, "c"),
            see_claim({"metadata": meta("c"), "status": {"phase": "Bound"}}),
            see_claim({"metadata": meta("c"), "status": {"phase": "Lost"}}),
            "pvc/c has lost its volume",
        ),
    ],
)  # fmt: skip
def test_other_kinds_get_worse_too(target: Target, before: Seen, after: Seen, words: str) -> None:
    assert words in said("worse", target, (before,), (after,))


def test_a_job_is_complete() -> None:
    job = Target("job", PLACE, "j")
    before = see_job({"metadata": meta("j"), "status": {"active": 1}})
    after = see_job({
        "metadata": meta("j"), "status": {"conditions": [state("Complete", "True")], "succeeded": 1}
    })  # fmt: skip

    assert "is complete: 0 active, 1 succeeded" in said("complete", job, (before,), (after,))


def test_what_is_gone_is_wished_for_or_worse() -> None:
    assert "is gone (was" in said("gone", WEB, (web(),), ())
    assert "is gone: it was deleted" in said("ready", WEB, (web(ready=1),), ())
