"""What the cluster itself says of the object that stood in a pod's way: quota, account, webhook."""

from bot.cluster.checks.evidence import absent, seen
from bot.cluster.checks.workloads.refusals import Refusal
from bot.cluster.checks.workloads.replicas import ref_of, workload
from bot.cluster.findings import Evidence, Ref
from bot.cluster.likeness import did_you_mean, spoken_hint
from bot.cluster.needs import ListOf
from bot.cluster.objects import items, name_of, strings, text
from bot.cluster.scene import Scene

_LEVEL = "pod-security.kubernetes.io/enforce"
WEBHOOK_KINDS = {
    "ValidatingWebhookConfiguration": "validatingwebhookconfigurations",
    "MutatingWebhookConfiguration": "mutatingwebhookconfigurations",
}
Obstacle = tuple[tuple[Evidence, ...], str, tuple[Ref, ...]]
"""Evidence, one more sentence with its leading space or nothing, and the object."""


def looked_up(scene: Scene, about: Ref, refusal: Refusal) -> Obstacle:
    """What the cluster itself says of the named object, a hint, and the object."""
    match refusal.kind:
        case "ResourceQuota":
            quota = Ref("ResourceQuota", about.namespace, refusal.name)
            return _quota_proof(scene, quota, refusal), "", (quota,)
        case "ServiceAccount":
            return _missing(scene, ListOf("serviceaccounts", about.namespace), about, refusal)
        case "PriorityClass":
            return _missing(scene, ListOf("priorityclasses"), about, refusal)
        case "Namespace":
            return _enforced(scene, about.namespace)
        case "LimitRange":
            return _limits(scene, about.namespace)
        case "Webhook":
            owner = webhook_owners(scene, refusal.name)
            return tuple(seen(each, "webhooks[].name", refusal.name) for each in owner), "", owner
        case _:
            return (), "", ()


def _quota_proof(scene: Scene, quota: Ref, refusal: Refusal) -> tuple[Evidence, ...]:
    found = workload(scene, quota)
    hard, used = strings(found, "status", "hard"), strings(found, "status", "used")
    return tuple(
        seen(quota, f"status.used[{each}]", f"{used.get(each, '0')} of {hard[each]}")
        for each in refusal.fields
        if each in hard
    )


def _missing(scene: Scene, need: ListOf, about: Ref, refusal: Refusal) -> Obstacle:
    known = scene.answer(need)
    names = [name_of(each) for each in (*(known or ()), *scene.all(need.plural))]
    if known is None or refusal.name in names:
        return (), "", ()
    field = "serviceAccountName" if refusal.kind == "ServiceAccount" else "priorityClassName"
    proof = (
        absent(refusal.kind, refusal.name),
        seen(about, f"spec.template.spec.{field}", refusal.name),
    )
    return proof, spoken_hint(did_you_mean(refusal.name, names)), ()


def _enforced(scene: Scene, namespace: str) -> Obstacle:
    about = Ref("Namespace", "", namespace)
    level = strings(workload(scene, about), "metadata", "labels").get(_LEVEL, "")
    return ((seen(about, f"metadata.labels[{_LEVEL}]", level),) if level else (), "", ())


def _limits(scene: Scene, namespace: str) -> Obstacle:
    known = scene.answer(ListOf("limitranges", namespace)) or scene.all("limitranges", namespace)
    proof = [
        seen(
            ref_of(each, "LimitRange"), f"spec.limits[{text(limit, 'type')}].{bound}", _flat(values)
        )
        for each in known
        for limit in items(each, "spec", "limits")
        for bound in ("max", "min", "maxLimitRequestRatio")
        if (values := strings(limit, bound))
    ]
    names = [f"`{name_of(each)}`" for each in known]
    hint = f" It is the LimitRange {names[0]}." if len(names) == 1 else ""
    return tuple(proof[:4]), hint, ()


def _flat(values: dict[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in sorted(values.items()))


def webhook_owners(scene: Scene, webhook: str) -> tuple[Ref, ...]:
    """The configurations that hold a webhook of this name."""
    return tuple(
        ref_of(each, kind)
        for kind, plural in WEBHOOK_KINDS.items()
        for each in scene.all(plural)
        if any(text(hook, "name") == webhook for hook in items(each, "webhooks"))
    )
