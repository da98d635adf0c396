"""How the last pod of a Job ended; it says nothing of pods of other workloads."""

from collections.abc import Iterator
from typing import NamedTuple

from bot.cluster.checks.quotation import quoted
from bot.cluster.objects import (
    Object,
    controller_of,
    items,
    name_of,
    namespace_of,
    number,
    part,
    text,
)
from bot.cluster.scene import Scene

_STATUSES = ("initContainerStatuses", "containerStatuses")


class End(NamedTuple):
    """How a container of a Job's pod ended: not with success."""

    pod: str
    container: str
    field: str
    """`status.containerStatuses[app].state.terminated`."""
    state: Object

    @property
    def is_previous(self) -> bool:
        """Its container runs again, so its log is the previous one."""
        return ".lastState." in self.field

    @property
    def spoken(self) -> str:
        code, reason = text(self.state, "exitCode"), text(self.state, "reason")
        why = f" ({reason})" if reason not in {"", "Error", "Completed"} else ""
        said = quoted(text(self.state, "message"), 160)
        return f"container `{self.container}` ended with exit code {code}{why}" + (
            f", saying {said}" if said else ""
        )


def last_end(scene: Scene, job: Object) -> End | None:
    """Of its youngest pod that ended badly; None where no such pod is left."""
    ends = [
        (text(pod, "metadata", "creationTimestamp"), end)
        for pod in scene.pods
        if namespace_of(pod) == namespace_of(job) and controller_of(pod) == ("Job", name_of(job))
        for end in _ends(pod)
    ]
    return max(ends, key=lambda each: each[0])[1] if ends else None


def _ends(pod: Object) -> Iterator[End]:
    for plural in _STATUSES:
        for status in items(pod, "status", plural):
            name = text(status, "name")
            for when in ("state", "lastState"):
                state = part(status, when, "terminated")
                if number(state, "exitCode"):
                    field = f"status.{plural}[{name}].{when}.terminated"
                    yield End(name_of(pod), name, field, state)
                    break
