"""How the object of a change is now, in a line of Markdown; pure."""

from bot.tools.changes.seen import Json, Seen, code, part, pods, word


def present(seen: Seen) -> str:
    match seen.target.kind:
        case "pod":
            said = _pod(seen)
        case "node":
            said = _node(seen)
        case _:
            said = _workload(seen)
    return ", ".join(filter(None, said))


def _workload(seen: Seen) -> list[str]:
    status, wanted = seen.status, seen.replicas
    ready = int(status.get("numberReady" if _is_daemonset(seen) else "readyReplicas") or 0)
    said = [f"{ready} of {pods(wanted)} ready", _up_to_date(seen)]
    said.append("its rollout is paused" if seen.is_paused else "")
    said += [f"{code(name)} runs {code(image)}" for name, image in seen.images.items()]
    said += [*seen.scalers, f"generation {seen.meta.get('generation')}"]
    return said


def _up_to_date(seen: Seen) -> str:
    name = "updatedNumberScheduled" if _is_daemonset(seen) else "updatedReplicas"
    count = int(seen.status.get(name) or 0)
    if seen.target.kind == "replicaset" or count == seen.replicas:
        return ""
    return f"{count} of the newest template"


def _is_daemonset(seen: Seen) -> bool:
    return seen.target.kind == "daemonset"


def _pod(seen: Seen) -> list[str]:
    statuses = seen.status.get("containerStatuses") or ()
    ready = sum(bool(each.get("ready")) for each in statuses)
    restarts = sum(int(each.get("restartCount") or 0) for each in statuses)
    owner = seen.owner
    node = seen.spec.get("nodeName")
    return [
        "is being deleted" if seen.is_ending else "",
        word(str(seen.status.get("phase") or "Pending")),
        f"{ready} of {len(seen.images)} containers ready",
        f"{restarts} restarts" if restarts else "",
        f"on node {code(str(node))}" if node else "on no node",
        f"made by {owner[0]} {code(owner[1])}" if owner else "made by no controller",
    ]


def _node(seen: Seen) -> list[str]:
    is_ready = any(
        _is_true(condition, "Ready") for condition in seen.status.get("conditions") or ()
    )
    return [
        "Ready" if is_ready else "not Ready",
        "cordoned" if seen.is_cordoned else "takes new pods",
        "" if seen.pods is None else f"{pods(seen.pods)} on it",
        _version(seen),
    ]


def _is_true(condition: Json, kind: str) -> bool:
    return condition.get("type") == kind and condition.get("status") == "True"


def _version(seen: Seen) -> str:
    version = part(seen.status, "nodeInfo").get("kubeletVersion")
    return f"kubelet {code(str(version))}" if version else ""
