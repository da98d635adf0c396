"""Pods, restarts and events as numbers under labels; pure, and it judges none of them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from bot.cluster.objects import (
    Object,
    event_time,
    moment,
    namespace_of,
    text,
)
from bot.cluster.scene import PodRow
from bot.dialogue import Figure
from bot.plaintext import clean
from bot.tools.counting import state_word
from bot.tools.restarting import restarts_of as of_containers
from bot.tools.restarting import workload_of

MOST_LABELS = 12
STEP = timedelta(minutes=5)
STEPS = 12
_LABEL_CHARS = 80


def pods_by_state(rows: Iterable[PodRow]) -> Figure | None:
    """None where there is nothing to draw, as below."""
    return _counted("Pods by state", "pods", Counter(map(state_word, rows)))


def restarts_of(pod: Object, *, with_namespace: bool) -> dict[str, int]:
    """`web (app)` -> how often this container was restarted; those that never were are left out."""
    place = f"{namespace_of(pod)}/" if with_namespace else ""
    workload = f"{place}{workload_of(pod)}"
    return {f"{workload} ({name})": count for name, count in of_containers(pod).items()}


def restarts(counted: Counter[str]) -> Figure | None:
    return _counted("Restarts by workload and container", "restarts", counted)


def _counted(title: str, unit: str, counted: Counter[str]) -> Figure | None:
    """The largest; what there is no room for is the last of them, as one number."""
    found = [(_label(name), value) for name, value in counted.most_common()]
    if len(found) > MOST_LABELS:
        rest = found[MOST_LABELS - 1 :]
        found = [*found[: MOST_LABELS - 1], (f"{len(rest)} others", sum(n for _, n in rest))]
    return Figure(title, unit, ((unit, tuple(found)),)) if found else None


def events_over_time(events: Iterable[Object], now: datetime) -> Figure | None:
    """By when they were last seen, in the hour before `now`, in UTC."""
    first = _step_of(now) - (STEPS - 1) * STEP
    steps = [first + count * STEP for count in range(STEPS)]
    counts: Mapping[str, Counter[datetime]] = {"Warning": Counter(), "Normal": Counter()}
    for event in events:
        seen = moment(event_time(event))
        if seen is not None and first <= seen <= now:
            kind = "Warning" if text(event, "type") == "Warning" else "Normal"
            counts[kind][_step_of(seen)] += 1
    if not any(counts.values()):
        return None
    series = ((kind, tuple((f"{at:%H:%M}", of[at]) for at in steps)) for kind, of in counts.items())
    return Figure("Events of the last hour, by 5 minutes", "events", tuple(series))


def _step_of(when: datetime) -> datetime:
    whole = when.astimezone(UTC).replace(second=0, microsecond=0)
    return whole - timedelta(minutes=whole.minute % 5)


def _label(written: str) -> str:
    return " ".join(clean(written).replace("`", "'").split())[:_LABEL_CHARS] or "unknown"
