"""NetworkPolicies that may cut an unwell pod off; one in a namespace of healthy pods is no news."""

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.cluster.checks.evidence import told
from bot.cluster.checks.logs.logs import complaints_of, finding_of, judge
from bot.cluster.checks.logs.unwell import Unwell, unwell_containers
from bot.cluster.checks.network.reach import Obstacle, dns_obstacle
from bot.cluster.findings import Finding
from bot.cluster.needs import LabelsOf, Need
from bot.cluster.objects import Object, name_of, namespace_of, text
from bot.cluster.scene import Scene

# A probe that is refused or not found says nothing of what the pod itself depends on.
_WAITS = re.compile(r"statuscode: 5\d\d|timeout|deadline exceeded|timed out", re.IGNORECASE)
_CUT_OFF = frozenset({"HostNotFound", "ConnectionRefused", "ConnectionTimeout"})


def needs(scene: Scene) -> Iterator[Need]:
    """Nothing but what the logs need, and the labels of pods where there are policies."""
    places = {namespace_of(each) for each in scene.all("networkpolicies")}
    troubled = {each.namespace for each in unwell_containers(scene)}
    yield from (LabelsOf("pods", place) for place in sorted(places & troubled))


def check(scene: Scene) -> Iterator[Finding]:
    for unwell in unwell_containers(scene):
        complaints = [e for e in complaints_of(scene, unwell) if e.reason in _CUT_OFF]
        blocked = [(each, judge(scene, unwell, each)) for each in complaints]
        shown = [each for each in blocked if each[1].obstacle is not None][:1]
        for complaint, judgement in shown:
            yield _with_policy(finding_of(scene, unwell, complaint, judgement), judgement.obstacle)
        if not complaints and not unwell.has_crashed:
            yield from _possible(scene, unwell)


def _with_policy(finding: Finding, obstacle: Obstacle | None) -> Finding:
    if obstacle is None:
        return finding
    return replace(finding, next=(_look(obstacle), *finding.next)[:3])


def _possible(scene: Scene, unwell: Unwell) -> Iterator[Finding]:
    """It is not ready, and what it waits for may be what a policy does not let through."""
    event = _waiting(scene, unwell)
    obstacle = dns_obstacle(scene, unwell.pod) if event is not None else None
    if event is None or obstacle is None:
        return
    yield Finding(
        reason="NetworkPolicyMayBlock",
        severity="info",
        about=unwell.owner,
        cause=(
            f"{obstacle.sentence} Container `{unwell.name}` is not ready, which may be because it "
            f"cannot reach what it needs."
        ),
        since=unwell.since(scene),
        evidence=(obstacle.evidence, told(event)),
        next=(_look(obstacle), unwell.log_command),
        is_possible=True,
        pods=unwell.pods if unwell.owner.kind != "Pod" else (),
    )


def _waiting(scene: Scene, unwell: Unwell) -> Object | None:
    events = scene.events_about("Pod", unwell.namespace, name_of(unwell.pod))
    probes = [e for e in events if text(e, "reason") == "Unhealthy"]
    return next((e for e in reversed(probes) if _WAITS.search(text(e, "message"))), None)


def _look(obstacle: Obstacle) -> str:
    policy = obstacle.policy
    return f"kubectl describe networkpolicy {policy.name} -n {policy.namespace}"
