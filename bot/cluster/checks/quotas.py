"""ResourceQuotas that are used up, or nearly; what they have refused is told elsewhere."""

from collections.abc import Iterator

from bot.cluster.checks.evidence import seen
from bot.cluster.checks.scheduling.room import amounts, spoken
from bot.cluster.findings import Finding, Ref
from bot.cluster.objects import Object, name_of, namespace_of
from bot.cluster.scene import Scene

_NEARLY = 0.9


def check(scene: Scene) -> Iterator[Finding]:
    for quota in scene.all("resourcequotas"):
        shares = _shares(quota)
        if shares:
            yield _finding(quota, shares)


def _shares(quota: Object) -> dict[str, float]:
    """Resource -> the part of it that is used, the fullest first. A limit of zero is a ban."""
    hard, used = amounts(quota, "status", "hard"), amounts(quota, "status", "used")
    shares = {k: used.get(k, 0.0) / most for k, most in hard.items() if most > 0}
    full = {k: share for k, share in shares.items() if share >= _NEARLY}
    return dict(sorted(full.items(), key=lambda each: (-each[1], each[0])))


def _finding(quota: Object, shares: dict[str, float]) -> Finding:
    name, namespace = name_of(quota), namespace_of(quota)
    ref = Ref("ResourceQuota", namespace, name)
    is_full = max(shares.values()) >= 1
    hard, used = amounts(quota, "status", "hard"), amounts(quota, "status", "used")
    said = ", ".join(
        f"`{k}` {spoken(k, used.get(k, 0.0))} of {spoken(k, hard[k])} ({100 * share:.0f} %)"
        for k, share in shares.items()
    )
    effect = "nothing more that needs them can be made here" if is_full else "little is left"
    proofs = [
        proof
        for k in list(shares)[:4]
        for proof in (
            seen(ref, f"status.used.{k}", spoken(k, used.get(k, 0.0))),
            seen(ref, f"spec.hard.{k}", spoken(k, hard[k])),
        )
    ]
    return Finding(
        reason="QuotaUsedUp" if is_full else "QuotaNearlyUsedUp",
        severity="warning" if is_full else "info",
        about=ref,
        cause=f"Quota `{name}` is {'used up' if is_full else 'nearly used up'}: {said}; {effect}.",
        evidence=tuple(proofs),
        next=(f"kubectl describe resourcequota {name} -n {namespace}",),
    )
