"""Which taints a pod tolerates, as the scheduler reads them; pure."""

from bot.cluster.checks.scheduling.selectors import near_keys
from bot.cluster.objects import Object, items, text


def spoken_taint(taint: Object) -> str:
    """`dedicated=gpu:NoSchedule`, as kubectl writes it; of a toleration for any effect no colon."""
    key, value, effect = (text(taint, each) for each in ("key", "value", "effect"))
    return f"{key}{'=' if value else ''}{value}{':' if effect else ''}{effect}"


def nearly_tolerated(key: str, pod: Object) -> str:
    """What it does tolerate that is nearly this taint."""
    tolerated = {text(each, "key"): each for each in items(pod, "spec", "tolerations")}
    near = (key,) if key in tolerated else near_keys(key, (k for k in tolerated if k))
    return f" (it tolerates `{spoken_taint(tolerated[near[0]])}`)" if near else ""


def is_tolerated(taint: Object, pod: Object) -> bool:
    return any(_covers(each, taint) for each in items(pod, "spec", "tolerations"))


def _covers(toleration: Object, taint: Object) -> bool:
    key, effect = text(toleration, "key"), text(toleration, "effect")
    if effect not in {"", text(taint, "effect")} or key not in {"", text(taint, "key")}:
        return False
    if text(toleration, "operator") == "Exists":
        return True
    return bool(key) and text(toleration, "value") == text(taint, "value")
