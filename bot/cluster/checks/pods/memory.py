"""Containers killed for running out of memory, and the limit that they hit; it frees none."""

from bot.cluster.checks.evidence import seen, told
from bot.cluster.checks.pods.containers import (
    Container,
    Trouble,
    back_offs,
    describe,
    lasting,
    read_log,
)
from bot.cluster.checks.pods.restarts import (
    failing_since,
    gravity,
    is_looping,
    is_out_of_memory,
    seconds_since_end,
    spoken_exit,
)
from bot.cluster.checks.quotation import counted
from bot.cluster.findings import Evidence
from bot.cluster.objects import items, number, quantity, text
from bot.cluster.scene import Scene

_TINY_BYTES = 1_048_576


def examine(scene: Scene, container: Container) -> Trouble | None:
    severity = gravity(scene, container)
    if not is_out_of_memory(container) or severity is None:
        return None
    limit, path = _memory_limit(container)
    events = back_offs(scene, container)
    return Trouble(
        container.pod,
        "OOMKilled",
        severity,
        _cause(scene, container, limit),
        key=container.name,
        since=failing_since(container, events),
        evidence=(
            *_end_evidence(container),
            seen(container.about, path, limit or "none"),
            *(
                seen(container.about, f"spec.volumes[{each}].emptyDir.medium", "Memory")
                for each in memory_volumes(container)
            ),
            *map(told, events[-1:]),
        ),
        next=(describe(container.pod), read_log(container, previous=container.restarts > 0)),
        weight=container.restarts,
    )


def _cause(scene: Scene, container: Container, limit: str) -> str:
    hit = f"its limit is {limit}" if limit else "it has no limit of its own, so the node ran out"
    code = spoken_exit(number(container.end, "exitCode"))
    restarts = counted(container.restarts, "restart")
    doing = "is killed again and again" if is_looping(container, scene.now) else "was killed"
    since = _since_then(scene, container)
    return (
        f"{container.spoken} {doing} for running out of memory{since}: {hit} ({code}), {restarts}."
        f"{tiny_hint(limit)}{_volume_hint(container) if limit else ''}"
    )


def _since_then(scene: Scene, container: Container) -> str:
    """Where it was once: that it is up again tells the past from the present."""
    age = seconds_since_end(container, scene.now)
    if age is None or not container.is_running or is_looping(container, scene.now):
        return ""
    return f" {lasting(age)} ago, and runs again"


def _end_evidence(container: Container) -> tuple[Evidence, ...]:
    return tuple(
        seen(container.about, container.field(f"{container.end_path}.{each}"), container.end[each])
        for each in ("reason", "exitCode")
        if each in container.end
    )


def _memory_limit(container: Container) -> tuple[str, str]:
    """The limit it hit and where it stands; of the pod as a whole where it has none itself."""
    own = text(container.spec, "resources", "limits", "memory")
    shared = text(container.pod, "spec", "resources", "limits", "memory")
    if shared and not own:
        return shared, "spec.resources.limits.memory"
    return own, container.wish("resources.limits.memory")


def memory_volumes(container: Container) -> list[str]:
    """Names of its volumes that are in memory."""
    volumes = items(container.pod, "spec", "volumes")
    in_memory = {text(v, "name") for v in volumes if text(v, "emptyDir", "medium") == "Memory"}
    mounted = (text(each, "name") for each in items(container.spec, "volumeMounts"))
    return [name for name in mounted if name in in_memory]


def _volume_hint(container: Container) -> str:
    names = ", ".join(f"`{each}`" for each in memory_volumes(container))
    counts = "which is in memory, count towards the limit and outlive a restart"
    return f" Files in its volume {names}, {counts}." if names else ""


def tiny_hint(limit: str) -> str:
    """A limit of `128m` is an eighth of a byte, and was meant otherwise."""
    size = quantity(limit)
    if size is None or size >= _TINY_BYTES:
        return ""
    digits = limit.rstrip("mkKi")
    return f" That is less than 1Mi. Did you mean `{digits}Mi`?"
