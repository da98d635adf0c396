"""What is read beside the object of a change, where a script stands for kubectl."""

import json

import pytest

from bot.cluster.access import ClusterAccess
from bot.cluster.processes import Bounds
from bot.errors import ClusterError
from bot.redaction import Redactor
from bot.tools import policy
from bot.tools.changes import Drafter
from bot.tools.changes.drafting import NotProposed
from bot.tools.changes.reading import read, read_around
from bot.tools.changes.seen import Asked, Seen, read_change
from bot.tools.targets import Target
from tests.tools.conftest import MakeKubectl

WEB = Target("deployment", "web")
FORBIDDEN = "echo 'Error from server (Forbidden): pods is forbidden' >&2; exit 1"


def asked(line: str) -> Asked:
    return read_change(policy.judge(line, namespace="shop", changes=True).argv)


def autoscalers() -> str:
    def one(name: str, kind: str, target: str) -> dict[str, object]:
        about = {"kind": kind, "name": target}
        spec = {"minReplicas": 2, "maxReplicas": 9, "scaleTargetRef": about}
        return {"metadata": {"name": name}, "spec": spec}

    items = [one("a", "Deployment", "web"), one("b", "StatefulSet", "web"), one("c", "Job", "x")]
    return f"echo '{json.dumps({'items': items})}'"


@pytest.mark.parametrize(
    ("line", "script", "found"),
    [
        ("scale deploy/web --replicas=5", autoscalers(), ("HorizontalPodAutoscaler `a` (2 to 9)",)),
        ("scale deploy/web --replicas=5", FORBIDDEN, ()),
    ],
)
async def test_the_autoscalers_of_the_object_are_found(
    make_kubectl: MakeKubectl, line: str, script: str, found: tuple[str, ...]
) -> None:
    seen = await read_around(make_kubectl(script=script), asked(line), Seen(WEB, {}))
    assert seen.scalers == found


async def test_revisions_are_those_of_the_history(make_kubectl: MakeKubectl) -> None:
    script = "printf 'deployment.apps/web\\nREVISION  CHANGE-CAUSE\\n4  <none>\\n12  <none>\\n'"
    for line in ("rollout undo deploy/web", "rollout restart deploy/web"):
        seen = await read_around(make_kubectl(script=script), asked(line), Seen(WEB, {}))
        assert seen.revisions == (4, 12)
        unknown = await read_around(make_kubectl(script=FORBIDDEN), asked(line), Seen(WEB, {}))
        assert unknown.revisions is None


async def test_the_pods_of_a_node_are_counted(make_kubectl: MakeKubectl) -> None:
    node = Seen(Target("node", "node-1"), {})
    script = 'case "$*" in *spec.nodeName=node-1*) printf "pod/a\\npod/b\\n";; *) exit 1;; esac'
    seen = await read_around(make_kubectl(script=script), asked("cordon node-1"), node)
    unknown = await read_around(make_kubectl(script=FORBIDDEN), asked("cordon node-1"), node)
    assert (seen.pods, unknown.pods) == (2, None)


async def test_nothing_is_read_beside_what_needs_nothing(make_kubectl: MakeKubectl) -> None:
    seen = Seen(WEB, {})
    assert await read_around(make_kubectl(), asked("rollout pause deploy/web"), seen) is seen


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (FORBIDDEN, "forbidden"),
        ("echo no JSON", "kubectl printed nothing"),
        ("sleep 60", "killed after 0.5 s"),
    ],
)
async def test_what_cannot_be_read_is_an_error_and_not_an_absence(
    make_kubectl: MakeKubectl, script: str, said: str
) -> None:
    kubectl = make_kubectl(script=script, bounds=Bounds(deadline_seconds=0.5))
    with pytest.raises(ClusterError, match=f"could not be read.*{said}"):
        await read(kubectl, WEB, "shop")


async def test_without_a_cluster_nothing_is_started(make_kubectl: MakeKubectl) -> None:
    nobody = make_kubectl(access=ClusterAccess(kind="none", reason="Nobody answers."))
    with pytest.raises(ClusterError, match="Nobody answers"):
        await read(nobody, WEB, "shop")


async def test_what_would_do_nothing_is_not_proposed(make_kubectl: MakeKubectl) -> None:
    body = {"metadata": {"uid": "u"}, "spec": {"replicas": 3}, "status": {}}
    drafter = Drafter(make_kubectl(script=f"echo '{json.dumps(body)}'"), Redactor(), lambda: 0.0)
    with pytest.raises(NotProposed, match="3 replicas already"):
        await drafter.draft(asked("scale deploy/web --replicas=3").argv, "why", "U02")
