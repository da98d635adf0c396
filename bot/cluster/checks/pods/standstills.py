"""Pods that stay in creation, and init containers that do not end; it waits for none."""

import re
from collections.abc import Sequence

from bot.cluster.checks.evidence import absent, logged, seen, told
from bot.cluster.checks.logs.logs import telling_lines
from bot.cluster.checks.logs.wording import is_order
from bot.cluster.checks.pods.commands import command_of
from bot.cluster.checks.pods.containers import (
    Container,
    Trouble,
    age_of,
    began,
    breakdown,
    containers_in,
    describe,
    is_lost,
    lasting,
    node_of,
    pod_events,
    pod_ref,
    quoted,
    read_log,
)
from bot.cluster.checks.pods.memory import tiny_hint
from bot.cluster.findings import Ref
from bot.cluster.likeness import did_you_mean, spoken_hint
from bot.cluster.needs import LogOf
from bot.cluster.objects import Object, age_seconds, items, name_of, namespace_of, text
from bot.cluster.scene import Scene

_CREATING = frozenset({"", "ContainerCreating", "PodInitializing"})
_OBSTACLES = (
    "FailedMount", "FailedAttachVolume", "FailedMapVolume", "FailedCreatePodSandBox",
    "NetworkNotReady", "SysctlForbidden", "FailedCreatePodContainer",
)  # fmt: skip
_PASSING = re.compile(r"failed to sync \w+ cache|object .* not registered")
_NO_FOLDER = re.compile(r"hostPath type check failed: (\S+) is not")
_MANY = "(combined from similar events): "
_SETTLED_SECONDS = 45
_BLOCKING_SECONDS = 90
_SLOW_SECONDS = 180
_LONG_SECONDS = 300
_ASKED = re.compile(
    r"(?:\bnslookup|\bping(?: -\w+(?: \d+)?)*|\bgetent hosts|\bhost|\bnc(?: -\w+(?: \d+)?)*"
    r"|\bpg_isready\b[^;|&]*?-h|\bredis-cli\b[^;|&]*?-h|\bmysqladmin\b[^;|&]*?-h"
    r"|https?://|/dev/tcp/)[ =]?[\"']?([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*)"
)


def examine_creation(scene: Scene, pod: Object) -> Trouble | None:
    """Nothing of it runs yet, for longer than a start takes."""
    front = front_of(pod)
    if front is None:
        return None
    events = [
        each
        for each in pod_events(scene, pod, *_OBSTACLES)
        if not _PASSING.search(text(each, "message"))
    ]
    age = age_of(pod, scene.now)
    if age < (_SETTLED_SECONDS if events else _SLOW_SECONDS):
        return None
    return _obstructed(scene, pod, events) if events else _silent(scene, front, age)


def front_of(pod: Object) -> Container | None:
    """The container whose creation the pod waits for; None where it waits for none."""
    front = next((each for each in containers_in(pod) if not _is_past(each)), None)
    if front is None or front.is_running or front.end or front.waiting not in _CREATING:
        return None
    return front


def examine_blocking(scene: Scene, container: Container) -> Trouble | None:
    """An init container that runs on and on holds up what comes after it."""
    runs = _blocked_seconds(scene, container)
    if runs is None:
        return None
    lines = telling_lines(scene.logs.get(_log_of(container), ()))
    unknown, hint = _unknown_host(scene, container)
    is_fault = bool(unknown) or runs > _LONG_SECONDS
    started = container.field("state.running.startedAt")
    since = text(container.status, "state", "running", "startedAt")
    return Trouble(
        container.pod,
        "PodInitializing",
        breakdown(scene, container.pod) if is_fault else "warning",
        f"{container.spoken} has been running for {lasting(runs)} and does not end, so that "
        f"nothing after it starts{_waits_for(unknown)}{_last_words(lines)}.{hint}",
        key=container.name,
        since=since,
        evidence=(
            seen(container.about, started, since),
            *((absent("Service", unknown),) if unknown else ()),
            *(logged(name_of(container.pod), container.name, each) for each in lines),
        ),
        next=(read_log(container), describe(container.pod)),
    )


def _waits_for(unknown: str) -> str:
    asks = f": it asks for `{unknown}`, and the namespace has no Service of this name"
    return asks if unknown else ""


def _last_words(lines: Sequence[str]) -> str:
    said = next((each for each in reversed(lines) if not is_order(each)), "")
    return f"; its last words: {quoted(said)}" if said else ""


def wanted_log(scene: Scene, container: Container) -> LogOf | None:
    return _log_of(container) if _blocked_seconds(scene, container) is not None else None


def _is_past(container: Container) -> bool:
    """What comes after it may start."""
    is_to_end = container.is_init and not container.is_sidecar
    return container.is_done or (container.is_started and not is_to_end)


def _log_of(container: Container) -> LogOf:
    return LogOf(namespace_of(container.pod), name_of(container.pod), container.name)


def _blocked_seconds(scene: Scene, container: Container) -> float | None:
    """How long it has held up the others; None where it does not, or not for long."""
    if not container.is_init or container.is_sidecar or not container.is_running:
        return None
    started = text(container.status, "state", "running", "startedAt")
    runs = age_seconds(started, scene.now) or 0.0
    return runs if runs >= _BLOCKING_SECONDS else None


def _unknown_host(scene: Scene, container: Container) -> tuple[str, str]:
    """A Service that its command asks for and that does not exist, and a hint."""
    namespace = namespace_of(container.pod)
    known = {name_of(each) for each in scene.all("services", namespace)}
    if not scene.was_read("services", namespace):
        return "", ""
    for found in _ASKED.finditer(command_of(container.spec)):
        name, _, rest = found[1].partition(".")
        is_ours = not rest or rest.split(".")[0] in {namespace, "svc"}
        if is_ours and name not in {*known, "localhost"}:
            return name, spoken_hint(did_you_mean(name, known))
    return "", ""


def _obstructed(scene: Scene, pod: Object, events: list[Object]) -> Trouble:
    # `Unable to attach or mount volumes` only sums up what another event explains.
    event = next(
        (e for e in reversed(events) if "Unable to attach" not in text(e, "message")), None
    )
    event = event or events[-1]
    reason = text(event, "reason")
    node = (Ref("Node", "", node_of(pod)),) if is_lost(scene, node_of(pod)) else ()
    claims = _claims(pod) if "Attach" in reason or "Mount" in reason else ()
    return Trouble(
        pod,
        reason,
        breakdown(scene, pod),
        f"No container has started for {lasting(age_of(pod, scene.now))}: "
        f"{quoted(text(event, 'message').removeprefix(_MANY))} ({reason})."
        f"{_memory_hint(pod, event)}{_folder_hint(pod, event)}",
        key=reason,
        since=began(pod, events),
        evidence=(told(event), seen(pod_ref(pod), "status.phase", text(pod, "status", "phase"))),
        next=(describe(pod),),
        because_of=(*claims, *node),
    )


def _memory_hint(pod: Object, event: Object) -> str:
    """Volumes in memory have the size of the limit: one of `64m` leaves no room for a file."""
    if "no space left" not in text(event, "message"):
        return ""
    limits = (text(c.spec, "resources", "limits", "memory") for c in containers_in(pod))
    return next(
        (f" The memory limit is {it}.{hint}" for it in limits if (hint := tiny_hint(it))), ""
    )


def _folder_hint(pod: Object, event: Object) -> str:
    """What a hostPath of a certain type wants is on the node, and not in the image."""
    found = _NO_FOLDER.search(text(event, "message"))
    paths = {text(v, "hostPath", "path"): v for v in items(pod, "spec", "volumes")}
    volume = paths.get(found[1]) if found else None
    if volume is None:
        return ""
    kind = text(volume, "hostPath", "type")
    wants = f"volume `{text(volume, 'name')}` wants that path to be a {kind}"
    return f" It is a path of node `{node_of(pod)}` itself: {wants}."


def _silent(scene: Scene, front: Container, age: float) -> Trouble:
    pod, node = front.pod, node_of(front.pod)
    where = Ref("Node", "", node)
    if not front.status:
        return Trouble(
            pod,
            "NotStarted",
            breakdown(scene, pod),
            f"The pod has been assigned to node `{node}` for {lasting(age)}, and the kubelet there "
            "has not started anything of it.",
            since=began(pod, []),
            evidence=(seen(pod_ref(pod), "spec.nodeName", node),),
            next=(f"kubectl describe node {node}", describe(pod)),
            because_of=(where,),
        )
    return Trouble(
        pod,
        "ContainerCreating",
        "warning",
        f"{front.spoken} has been in {front.waiting} for {lasting(age)} and no event says why; "
        "a large image that is still being pulled looks like this.",
        key=front.name,
        since=began(pod, []),
        evidence=(seen(front.about, front.field("state.waiting.reason"), front.waiting),),
        next=(describe(pod),),
        because_of=(where,) if is_lost(scene, node) else (),
        is_possible=True,
    )


def _claims(pod: Object) -> tuple[Ref, ...]:
    names = [
        text(each, "persistentVolumeClaim", "claimName") for each in items(pod, "spec", "volumes")
    ]
    kind = "PersistentVolumeClaim"
    return tuple(Ref(kind, namespace_of(pod), each) for each in names if each)
