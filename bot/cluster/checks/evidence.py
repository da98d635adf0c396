"""Evidence in the one notation that all checks use; pure."""

from bot.cluster.findings import Evidence, Ref
from bot.cluster.objects import Object, event_count, text

_VALUE_CHARS = 300


def seen(about: Ref, field: str, value: object) -> Evidence:
    """`seen(pod, "status.phase", "Failed")`: a field of an object."""
    return Evidence(f"{about.spoken}:{field}", _short(value))


def absent(kind: str, name: str, where: str = "") -> Evidence:
    """What is named somewhere and does not exist."""
    return Evidence(f"absent/{kind.lower()}/{name}", where or "does not exist")


def told(event: Object) -> Evidence:
    """An event's message, with how often it came."""
    count = event_count(event)
    times = f" (x{count})" if count > 1 else ""
    path = f"event/{text(event, 'involvedObject', 'name')}:{text(event, 'reason')}"
    return Evidence(path, _short(text(event, "message")) + times)


def logged(pod: str, container: str, line: str) -> Evidence:
    """A line of a log, which is data whatever it says."""
    return Evidence(f"log/{pod}/{container}", _short(line))


def _short(value: object) -> str:
    flat = " ".join(str(value).split())
    return flat if len(flat) <= _VALUE_CHARS else f"{flat[: _VALUE_CHARS - 1]}…"
