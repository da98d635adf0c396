"""What a change would touch, in sentences of Markdown; pure."""

from bot.tools.changes.seen import Asked, Seen, code, part, pods


def effect(asked: Asked, seen: Seen) -> str:
    return " ".join(filter(None, (_of_the_change(asked, seen), _of_its_owner(seen))))


def _of_the_change(asked: Asked, seen: Seen) -> str:
    match asked.change:
        case "rollout restart":
            return _rolls("Restarts", seen)
        case "rollout undo":
            return _undoes(asked, seen)
        case "rollout pause":
            return (
                f"Changes of {_name(seen)}'s pod template are not rolled out until it is resumed."
                " Pods that run go on."
            )
        case "rollout resume":
            return (
                f"What was changed in {_name(seen)}'s pod template since it was paused is rolled"
                f" out: {_step_by_step(seen)}."
            )
        case "scale":
            return _scales(asked, seen)
        case "delete pod":
            return _deletes(seen)
        case "set image":
            return _sets(asked, seen)
        case "cordon":
            return f"No new pods are scheduled to {_name(seen)}. {_its_pods(seen)} there."
        case "uncordon":
            return f"New pods may be scheduled to {_name(seen)} again."
        case other:
            raise AssertionError(other)


def _name(seen: Seen) -> str:
    return f"{seen.target.kind} {code(seen.target.name)}"


def _rolls(does: str, seen: Seen) -> str:
    count = seen.replicas
    if not count:
        return f"No pod is replaced, as {_name(seen)} has none."
    return f"{does} {pods(count)} of {_name(seen)}, {_step_by_step(seen)}."


def _step_by_step(seen: Seen) -> str:
    """By what its strategy says."""
    name = "strategy" if seen.target.kind == "deployment" else "updateStrategy"
    strategy = part(seen.spec, name)
    rolling = part(strategy, "rollingUpdate")
    match seen.target.kind, strategy.get("type"):
        case _, "OnDelete":
            return "each only when somebody deletes it (updateStrategy OnDelete)"
        case _, "Recreate":
            return "all at once: none serves until the new ones are ready (strategy Recreate)"
        case "statefulset", _:
            first = int(rolling.get("partition") or 0)
            part_of_them = f" and none below number {first} (partition)" if first else ""
            return f"one after another, the last first{part_of_them}"
        case "daemonset", _:
            return f"node by node (maxUnavailable {rolling.get('maxUnavailable', 1)})"
        case _:
            most = [
                f"{name} {rolling[name]}"
                for name in ("maxUnavailable", "maxSurge")
                if name in rolling
            ]
            return "step by step" + (f" ({', '.join(most)})" if most else "")


def _undoes(asked: Asked, seen: Seen) -> str:
    revision = asked.number("to-revision")
    which = f"revision {revision}" if revision else "the revision before"
    return f"Takes the pod template back to {which}. {_rolls('Replaces', seen)}"


def _scales(asked: Asked, seen: Seen) -> str:
    name, before, after = _name(seen), seen.replicas, asked.number("replicas") or 0
    if after > before:
        said = f"Starts {pods(after - before, 'more')} of {name}: {after} instead of {before}."
    elif after:
        said = f"Ends {before - after} of {pods(before)} of {name}, so that {after} stay."
    else:
        said = f"Ends {pods(before)} of {name}, and nothing of it runs then."
    return " ".join([said, *(f"{each} {_sets_back(after)}" for each in seen.scalers)])


def _sets_back(after: int) -> str:
    return "may change the number again." if after else "does nothing while the number is 0."


def _deletes(seen: Seen) -> str:
    said = f"Ends and deletes {_name(seen)}, which {_replaced_by(seen)}."
    volumes = seen.spec.get("volumes") or ()
    if any("emptyDir" in each for each in volumes):
        said += " What it keeps in emptyDir volumes is lost."
    return said


def _replaced_by(seen: Seen) -> str:
    match seen.owner:
        case None:
            return "nothing replaces"
        case "Node", name:
            return f"the kubelet of node {code(name)} runs from a file and shows again"
        case "Job", name:
            return f"Job {code(name)} may replace, and counts as failed"
        case kind, name:
            return f"{kind} {code(name)} replaces"


def _sets(asked: Asked, seen: Seen) -> str:
    now = seen.images
    said = ", ".join(
        f"{code(container)} runs {code(image)} instead of {code(now.get(container, ''))}"
        for container, image in asked.target.images
    )
    rolls = (
        "Nothing is rolled out until it is resumed." if seen.is_paused else _rolls("Replaces", seen)
    )
    return f"Container {said}. {rolls}"


def _its_pods(seen: Seen) -> str:
    return "Pods that run stay" if seen.pods is None else f"The {pods(seen.pods)} on it stay"


def _of_its_owner(seen: Seen) -> str:
    if seen.target.kind == "pod" or seen.owner is None:
        return ""
    kind, name = seen.owner
    return f"It belongs to {kind} {code(name)}, which may set it back."
