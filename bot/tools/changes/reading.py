"""Reads the object of a change under Kaia's own rights; it changes nothing."""

import re
from dataclasses import replace

from bot.errors import ClusterError
from bot.tools.changes.seen import Asked, Seen, part
from bot.tools.outcomes import Got, read_exit
from bot.tools.runner import Kubectl, Ran
from bot.tools.targets import Target

_REVISION = re.compile(r"^([0-9]+)\s", re.MULTILINE)
_AUTOSCALERS = "horizontalpodautoscalers.autoscaling"


async def read(kubectl: Kubectl, target: Target, namespace: str) -> Seen | None:
    """None where there is no such object. Raises ClusterError where that cannot be told."""
    if kubectl.access.kind == "none":
        raise ClusterError(f"No cluster can be seen. {kubectl.access.reason}")
    argv = ("kubectl", "get", target.written, *_in(namespace), "--output=json")
    body, ran = await kubectl.json(argv)
    if body is not None:
        return Seen(target, body)
    if _got(argv, ran) is Got.NOT_FOUND:
        return None
    why = ran.note or ran.stderr.strip()[:300] or "kubectl printed nothing"
    raise ClusterError(f"{target.written} could not be read, so nothing is known of it: {why}")


async def read_around(kubectl: Kubectl, asked: Asked, seen: Seen) -> Seen:
    """What matters beside the object. What may not be read is left out."""
    match asked.change:
        case "scale":
            return replace(seen, scalers=await _scalers(kubectl, asked))
        case "rollout undo" | "rollout restart":
            return replace(seen, revisions=await _revisions(kubectl, asked))
        case "cordon" | "uncordon":
            return replace(seen, pods=await _pods_on(kubectl, asked.target.name))
        case _:
            return seen


def _in(namespace: str) -> tuple[str, ...]:
    return (f"--namespace={namespace}",) if namespace else ()


def _got(argv: tuple[str, ...], ran: Ran) -> Got:
    if ran.exit_code is None:
        return Got.CUT_SHORT
    return read_exit(argv, ran.exit_code, ran.stdout, ran.stderr).got


async def _scalers(kubectl: Kubectl, asked: Asked) -> tuple[str, ...]:
    argv = ("kubectl", "get", _AUTOSCALERS, *_in(asked.namespace), "--output=json")
    found, _ = await kubectl.json(argv)
    said = []
    for each in (found or {}).get("items") or ():
        spec = part(each, "spec")
        about = part(spec, "scaleTargetRef")
        if (str(about.get("kind")).lower(), about.get("name")) == (
            asked.target.kind,
            asked.target.name,
        ):
            name = part(each, "metadata").get("name")
            bounds = f"{spec.get('minReplicas', 1)} to {spec.get('maxReplicas')}"
            said.append(f"HorizontalPodAutoscaler `{name}` ({bounds})")
    return tuple(said)


async def _revisions(kubectl: Kubectl, asked: Asked) -> tuple[int, ...] | None:
    argv = ("kubectl", "rollout", "history", asked.target.written, *_in(asked.namespace))
    ran = await kubectl.run(argv)
    return tuple(map(int, _REVISION.findall(ran.stdout))) if ran.exit_code == 0 else None


async def _pods_on(kubectl: Kubectl, node: str) -> int | None:
    argv = ("kubectl", "get", "pods", "--all-namespaces", f"--field-selector=spec.nodeName={node}")
    ran = await kubectl.run((*argv, "--output=name"))
    return len(ran.stdout.split()) if ran.exit_code == 0 else None
