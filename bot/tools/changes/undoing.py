"""How a change is undone: the command, or why none does it; pure."""

import shlex
from collections.abc import Sequence

from bot.tools.changes.seen import Asked, Seen, code


def undo(asked: Asked, seen: Seen) -> str:
    match asked.change:
        case "rollout restart":
            return (
                f"Not needed: the same template runs again.{_out_of_a_stuck_rollout(asked, seen)}"
            )
        case "rollout undo":
            return _back_to_now(asked, seen) or _back_by_history(asked)
        case "rollout pause":
            return _command(asked, "rollout resume")
        case "rollout resume":
            return f"{_command(asked, 'rollout pause')} stops what is not rolled out by then."
        case "scale":
            return _command(asked, "scale", flag=f"--replicas={seen.replicas}")
        case "delete pod":
            return _no_way_back(seen)
        case "set image":
            before = [f"{name}={seen.images.get(name, '')}" for name, _ in asked.target.images]
            return _command(asked, "set image", images=before)
        case "cordon":
            return _command(asked, "uncordon")
        case "uncordon":
            return _command(asked, "cordon")
        case other:
            raise AssertionError(other)


def _command(asked: Asked, verb: str, *, images: Sequence[str] = (), flag: str = "") -> str:
    place = f"--namespace={asked.namespace}" if asked.namespace else ""
    words = ["kubectl", *verb.split(), asked.target.written, *images, place, flag]
    return code(shlex.join(filter(None, words)))


def _back_to_now(asked: Asked, seen: Seen) -> str:
    """The newest revision is the one that runs, and keeps its template under its number."""
    if not seen.revisions:
        return ""
    return _command(asked, "rollout undo", flag=f"--to-revision={max(seen.revisions)}")


def _out_of_a_stuck_rollout(asked: Asked, seen: Seen) -> str:
    back = _back_to_now(asked, seen)
    return f" Out of a rollout that is stuck: {back}." if back else ""


def _back_by_history(asked: Asked) -> str:
    return f"Undo it to a revision that {_command(asked, 'rollout history')} shows."


def _no_way_back(seen: Seen) -> str:
    if seen.owner is None:
        return "Nothing undoes it: whoever made the pod has to make it again."
    return "Nothing brings back a pod that was deleted; what made it makes a new one."
