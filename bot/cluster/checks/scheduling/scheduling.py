"""Pods that no node takes, and why: the arithmetic of every node, in the scheduler's order."""

from collections.abc import Callable, Iterator

from bot.cluster.checks.evidence import absent, seen
from bot.cluster.checks.quotation import counted, listed, quoted
from bot.cluster.checks.scheduling.fitting import Clause, clauses, meant, wanted
from bot.cluster.checks.scheduling.hurdles import ref_of_pod
from bot.cluster.checks.scheduling.pending import (
    PATIENCE_SECONDS,
    Waiting,
    finding,
    look_at,
    seconds,
    waiting_pods,
)
from bot.cluster.checks.scheduling.selectors import named_nodes, near
from bot.cluster.checks.scheduling.verdicts import is_about_claims, message_of
from bot.cluster.checks.storage.claims import Trouble, claim_names, spoken_time, trouble_of
from bot.cluster.findings import Finding, Ref
from bot.cluster.likeness import spoken_hint
from bot.cluster.needs import Need, PodsOn
from bot.cluster.objects import Object, items, name_of, namespace_of, text
from bot.cluster.scene import Scene

_DEFAULT_SCHEDULER = "default-scheduler"
_OF_THE_NODE = frozenset({"cordon", "trouble"})


def needs(scene: Scene) -> Iterator[Need]:
    """All in the first round: no answer makes for another question."""
    if any(isinstance(each, PodsOn) for each in scene.answers):
        return
    for (_, state), waiting in waiting_pods(scene).items():
        if state == "unfit" and not is_about_claims(message_of(waiting.pod)):
            yield from wanted(scene, waiting.pod)


def check(scene: Scene) -> Iterator[Finding]:
    for (_, state), waiting in waiting_pods(scene).items():
        yield from _TELLERS[state](scene, waiting)


def _unfit(scene: Scene, waiting: Waiting) -> Iterator[Finding]:
    if is_about_claims(message_of(waiting.pod)):
        yield from _claimless(scene, waiting)
        return
    found = clauses(scene, waiting.pod)
    said = "; ".join(each.said for each in found)
    hint = spoken_hint(dict.fromkeys(hint for each in found for hint in each.hints))
    message = quoted(message_of(waiting.pod))
    scheduler = f" The scheduler says {message}." if message else ""
    cause = (
        f"{_refusal(waiting)}{': ' if said else ''}{said}.{hint}{scheduler}{_pushed(waiting.pod)}"
    )
    yield finding(
        scene,
        waiting,
        "Unschedulable",
        cause,
        tuple(proof for each in found for proof in each.evidence),
        next_=(look_at(waiting.pod), *_looks(found)),
        because_of=_nodes_to_blame(scene, waiting.pod, found),
    )


def _pushed(pod: Object) -> str:
    node = text(pod, "status", "nominatedNodeName")
    if not node:
        return ""
    return f" It has pushed out pods of lower priority on `{node}` and waits for them to end."


def _refusal(waiting: Waiting) -> str:
    """The pods of a DaemonSet are made for one node each."""
    named, others = named_nodes(waiting.pod), len(waiting.pods) - 1
    if len(named) != 1:
        return f"No node takes {waiting.spoken}"
    more = f" ({counted(others, 'more pod')} for other nodes)" if others else ""
    return f"Node `{named[0]}` does not take the pod that is meant for it{more}"


def _nodes_to_blame(scene: Scene, pod: Object, found: list[Clause]) -> tuple[Ref, ...]:
    """The pod asks for nothing special: its nodes take nobody at all."""
    nodes = {name_of(each) for each in meant(scene, pod)}
    stopped = {name for each in found for name in each.nodes}
    is_theirs = bool(found) and _OF_THE_NODE.issuperset(each.kind for each in found)
    return (
        tuple(Ref("Node", "", name) for name in sorted(nodes))
        if is_theirs and nodes == stopped
        else ()
    )


def _looks(found: list[Clause]) -> Iterator[str]:
    kinds = {each.kind for each in found}
    if kinds & {"labels", "spread"}:
        yield "kubectl get nodes --show-labels"
    nodes = [name for each in found for name in each.nodes]
    if nodes and kinds - {"labels", "spread"}:
        yield f"kubectl describe node {nodes[0]}"


def _claimless(scene: Scene, waiting: Waiting) -> Iterator[Finding]:
    """It waits for a claim, and the claim has a reason of its own."""
    namespace = namespace_of(waiting.pod)
    for name in claim_names(waiting.pod):
        claim = scene.one("PersistentVolumeClaim", namespace, name)
        if claim is None and scene.was_read("persistentvolumeclaims", namespace):
            yield _without_claim(scene, waiting, name)
            return
        trouble = trouble_of(scene, claim) if claim is not None else None
        if claim is not None and trouble is not None:
            yield _waits_for(scene, waiting, claim, trouble)
            return
    if seconds(scene, waiting.pod) >= PATIENCE_SECONDS:
        yield _waits_for_any(scene, waiting)


def _without_claim(scene: Scene, waiting: Waiting, name: str) -> Finding:
    namespace = namespace_of(waiting.pod)
    known = [name_of(each) for each in scene.all("persistentvolumeclaims", namespace)]
    hint = spoken_hint(near(name, known))
    cause = f"No node takes {waiting.spoken}: its claim `{name}` does not exist.{hint}"
    asked = seen(ref_of_pod(waiting.pod), "spec.volumes.persistentVolumeClaim.claimName", name)
    proofs = (asked, absent("PersistentVolumeClaim", name))
    next_ = (look_at(waiting.pod), f"kubectl get pvc -n {namespace}")
    return finding(scene, waiting, "ClaimNotFound", cause, proofs, next_=next_)


def _waits_for(scene: Scene, waiting: Waiting, claim: Object, trouble: Trouble) -> Finding:
    name, namespace = name_of(claim), namespace_of(claim)
    cause = f"No node takes {waiting.spoken}: its claim `{name}` {trouble.why}.{trouble.hint}"
    names = {each for pod in waiting.pods for each in claim_names(pod)}
    return finding(
        scene,
        waiting,
        "UnboundClaim" if not trouble.is_lost else trouble.reason,
        cause,
        trouble.evidence,
        next_=(
            f"kubectl describe pvc {name} -n {namespace}",
            "kubectl get storageclasses,persistentvolumes",
            look_at(waiting.pod),
        ),
        explains=tuple(Ref("PersistentVolumeClaim", namespace, n) for n in sorted(names)),
    )


def _waits_for_any(scene: Scene, waiting: Waiting) -> Finding:
    """Nothing of the claims themselves says why."""
    names = listed(list(claim_names(waiting.pod)))
    message = quoted(message_of(waiting.pod))
    cause = f"No node takes {waiting.spoken}, because of its claims ({names}): {message}."
    next_ = (f"kubectl describe pvc -n {namespace_of(waiting.pod)}", look_at(waiting.pod))
    return finding(scene, waiting, "UnboundClaim", cause, (), next_=next_)


def _gated(scene: Scene, waiting: Waiting) -> Iterator[Finding]:
    gates = [text(each, "name") for each in items(waiting.pod, "spec", "schedulingGates")]
    cause = (
        f"Scheduling of {waiting.spoken} is held back by {listed(gates)} in "
        "`spec.schedulingGates`, which whoever set it has not taken away."
    )
    proof = seen(ref_of_pod(waiting.pod), "spec.schedulingGates", ", ".join(gates))
    yield finding(scene, waiting, "SchedulingGated", cause, (proof,), next_=(look_at(waiting.pod),))


def _ignored(scene: Scene, waiting: Waiting) -> Iterator[Finding]:
    """Not even a refusal: nobody has looked at it."""
    named = text(waiting.pod, "spec", "schedulerName") or _DEFAULT_SCHEDULER
    ref = ref_of_pod(waiting.pod)
    since = spoken_time(seconds(scene, waiting.pod))
    if named == _DEFAULT_SCHEDULER:
        why = f"`{named}` has said nothing of it: it may not be running"
        look = "kubectl get pods -n kube-system"
    else:
        why = f"`spec.schedulerName` asks for `{named}`, and no such scheduler has taken it up"
        look = "kubectl get pods -A -o wide"
    hint = spoken_hint(near(named, (_DEFAULT_SCHEDULER,)))
    cause = f"No scheduler has looked at {waiting.spoken} for {since}: {why}.{hint}"
    proofs = (
        seen(ref, "spec.schedulerName", named),
        seen(ref, "status.conditions[PodScheduled]", "(not set)"),
    )
    next_ = (look_at(waiting.pod), look)
    yield finding(scene, waiting, "NotScheduled", cause, proofs, next_=next_)


def _nowhere(scene: Scene, waiting: Waiting) -> Iterator[Finding]:
    """Bound by name to a node that is not there, past any scheduler."""
    node = text(waiting.pod, "spec", "nodeName")
    hint = spoken_hint(near(node, (name_of(each) for each in scene.all("nodes"))))
    who = waiting.spoken.capitalize()
    cause = f"{who} is bound to the node `{node}`, which does not exist.{hint}"
    proofs = (seen(ref_of_pod(waiting.pod), "spec.nodeName", node), absent("Node", node))
    next_ = ("kubectl get nodes", look_at(waiting.pod))
    yield finding(scene, waiting, "NodeNotFound", cause, proofs, next_=next_)


_TELLERS: dict[str, Callable[[Scene, Waiting], Iterator[Finding]]] = {
    "unfit": _unfit,
    "gated": _gated,
    "ignored": _ignored,
    "nowhere": _nowhere,
}
