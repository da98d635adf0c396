"""Why a change would do nothing, or cannot be done, seen before anybody is asked; pure."""

from bot.tools.changes.seen import Asked, Seen, code

_HERE_AND_BACK = 2
"""The revision that runs, and one to go back to."""


def objection(asked: Asked, seen: Seen) -> str:
    """A sentence for the model, or nothing."""
    match asked.change:
        case "rollout restart" if seen.is_paused:
            return f"{_it(seen)} is paused, so it cannot be restarted. Resume it first."
        case "rollout undo":
            return _about_undo(asked, seen)
        case "rollout pause" if seen.is_paused:
            return f"{_it(seen)} is paused already."
        case "rollout resume" if not seen.is_paused:
            return f"{_it(seen)} is not paused."
        case "scale":
            return _about_scale(asked, seen)
        case "delete pod" if seen.is_ending:
            return f"{_it(seen)} is being deleted already."
        case "set image":
            return _about_images(asked, seen)
        case "cordon" if seen.is_cordoned:
            return f"{_it(seen)} is cordoned already."
        case "uncordon" if not seen.is_cordoned:
            return f"{_it(seen)} is not cordoned."
        case _:
            return ""


def _it(seen: Seen) -> str:
    return seen.target.written


def _about_undo(asked: Asked, seen: Seen) -> str:
    if seen.is_paused:
        return f"{_it(seen)} is paused, so it cannot be rolled back. Resume it first."
    there, wanted = seen.revisions, asked.number("to-revision")
    if there is None:
        return ""
    if len(there) < _HERE_AND_BACK:
        return f"{_it(seen)} has no earlier revision to go back to."
    if wanted == max(there):
        return f"{_it(seen)} runs revision {wanted} already."
    if wanted and wanted not in there:
        known = ", ".join(map(str, sorted(there)))
        return f"{_it(seen)} has no revision {wanted}. There are {known}."
    return ""


def _about_scale(asked: Asked, seen: Seen) -> str:
    now, wanted = seen.replicas, asked.number("replicas")
    expected = asked.number("current-replicas")
    owner = seen.owner
    if seen.target.kind == "replicaset" and owner and owner[0] == "Deployment":
        return f"{_it(seen)} belongs to deployment/{owner[1]}, which would set it back. Scale that."
    if expected is not None and expected != now:
        return f"{_it(seen)} has {now} replicas now, not {expected}."
    return f"{_it(seen)} is to have {now} replicas already." if wanted == now else ""


def _about_images(asked: Asked, seen: Seen) -> str:
    now = seen.images
    for container, _ in asked.target.images:
        if container not in now:
            known = ", ".join(map(code, now))
            return f"{_it(seen)} has no container {code(container)}. There are {known}."
    if all(now[container] == image for container, image in asked.target.images):
        return f"{_it(seen)} has this image already."
    return ""
