"""What is kept of an object while it is followed: no free text, so nothing of it can be secret or
look like an instruction. Pure.
"""

import re
from dataclasses import dataclass

from bot.cluster.objects import (
    Object,
    condition,
    flag,
    items,
    name_of,
    number,
    part,
    strings,
    text,
    words,
)

_WORD = re.compile(r"[A-Za-z0-9_./-]{1,80}")


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that does not work now."""

    key: str
    """Stays the same when another pod of the same workload has it."""
    words: str
    """`pod/web-1: app is in CrashLoopBackOff`."""


@dataclass(frozen=True, slots=True)
class End:
    """How often a container was restarted, and how it last ended."""

    key: str
    """Of the container in this one pod."""
    trouble: Trouble
    restarts: int
    is_bad: bool
    finished: str
    """RFC 3339, or empty."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One object at one moment."""

    spoken: str
    """`deployment/web`."""
    uid: str
    words: str
    """`1 of 3 ready`."""
    ready: int
    wanted: int
    is_ready: bool
    is_complete: bool = False
    is_rolling: bool = False
    """Fewer ready than before is what a rollout does."""
    is_owned: bool = False
    """A controller answers for how many of these are ready."""
    version: str = ""
    """Of the spec."""
    troubles: tuple[Trouble, ...] = ()
    ends: tuple[End, ...] = ()
    selector: str = ""
    """Of its pods, as the API takes it."""

    @property
    def mark(self) -> str:
        """What is another one when anything that people look at has changed."""
        return "|".join((self.uid, self.version, self.words, *(t.key for t in self.troubles)))


def word(found: Object, *path: str) -> str:
    """A reason or a phase: a field that a controller wrote as one word, or nothing."""
    value = text(found, *path)
    return value if _WORD.fullmatch(value) else ""


def see_workload(kind: str, found: Object) -> Seen:
    """A Deployment, StatefulSet or DaemonSet."""
    if kind == "daemonset":
        wanted, ready = (
            number(found, "status", key) for key in ("desiredNumberScheduled", "numberReady")
        )
        updated = number(found, "status", "updatedNumberScheduled")
    else:
        wanted = number(found, "spec", "replicas", default=1)
        ready, updated = (number(found, "status", key) for key in _COUNTS)
    is_observed = number(found, "status", "observedGeneration") >= _generation(found)
    are_all_new = updated >= wanted and number(found, "status", "replicas") <= wanted
    spoken = f"{kind}/{name_of(found)}"
    return Seen(
        spoken,
        text(found, "metadata", "uid"),
        f"{ready} of {wanted} ready",
        ready,
        wanted,
        is_ready=is_observed and are_all_new and ready >= wanted,
        is_rolling=_is_rolling(found, is_observed=is_observed, are_all_new=are_all_new),
        version=str(_generation(found)),
        troubles=_stalled(spoken, found),
        selector=_selector(part(found, "spec", "selector")),
    )


_COUNTS = ("readyReplicas", "updatedReplicas")


def _generation(found: Object) -> int:
    return number(found, "metadata", "generation")


def _is_rolling(found: Object, *, is_observed: bool, are_all_new: bool) -> bool:
    progress = condition(found, "Progressing")
    if text(condition(found, "Available"), "status") == "False":
        return False
    if progress:
        is_done = text(progress, "reason") == "NewReplicaSetAvailable"
        return not is_observed or (text(progress, "status") == "True" and not is_done)
    revisions = (text(found, "status", key) for key in ("currentRevision", "updateRevision"))
    return not (is_observed and are_all_new) or len({*revisions}) > 1


def _stalled(spoken: str, found: Object) -> tuple[Trouble, ...]:
    if text(condition(found, "Progressing"), "status") != "False":
        return ()
    reason = word(condition(found, "Progressing"), "reason") or "no reason given"
    return (Trouble(f"{spoken}:progress", f"{spoken}: its rollout is stuck ({reason})"),)


def _selector(found: Object) -> str:
    terms = [f"{key}={value}" for key, value in strings(found, "matchLabels").items()]
    for each in items(found, "matchExpressions"):
        key, values = text(each, "key"), ",".join(words(each, "values"))
        match text(each, "operator"):
            case "In":
                terms.append(f"{key} in ({values})")
            case "NotIn":
                terms.append(f"{key} notin ({values})")
            case "Exists":
                terms.append(key)
            case "DoesNotExist":
                terms.append(f"!{key}")
    return ",".join(sorted(terms))


def see_job(found: Object) -> Seen:
    spoken = f"job/{name_of(found)}"
    failed = condition(found, "Failed")
    is_failed = text(failed, "status") == "True"
    is_complete = text(condition(found, "Complete"), "status") == "True"
    counts = {key: number(found, "status", key) for key in ("active", "succeeded", "failed")}
    reason = word(failed, "reason") or "no reason given"
    lost = (Trouble(f"{spoken}:failed", f"{spoken} has failed ({reason})"),) if is_failed else ()
    return Seen(
        spoken,
        text(found, "metadata", "uid"),
        ", ".join(f"{count} {key}" for key, count in counts.items()),
        ready=0,
        wanted=0,
        is_ready=not is_failed,
        is_complete=is_complete,
        version=str(_generation(found)),
        troubles=lost,
    )


def see_node(found: Object) -> Seen:
    spoken = f"node/{name_of(found)}"
    is_ready = text(condition(found, "Ready"), "status") == "True"
    reason = word(condition(found, "Ready"), "reason")
    pressures = [each for each in _PRESSURES if text(condition(found, each), "status") == "True"]
    troubles = [Trouble(f"{spoken}:{each}", f"{spoken} has {each}") for each in pressures]
    if not is_ready:
        why = f" ({reason})" if reason else ""
        troubles.insert(0, Trouble(f"{spoken}:ready", f"{spoken} is not ready{why}"))
    cordoned = ", cordoned" if flag(found, "spec", "unschedulable") else ""
    state = ("Ready" if is_ready else "not ready") + cordoned
    return Seen(
        spoken,
        text(found, "metadata", "uid"),
        ", ".join((state, *pressures)),
        int(is_ready),
        1,
        is_ready,
        troubles=tuple(troubles),
    )


_PRESSURES = ("MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable")


def see_claim(found: Object) -> Seen:
    spoken = f"pvc/{name_of(found)}"
    phase = word(found, "status", "phase") or "Pending"
    is_bound = phase == "Bound"
    lost = (Trouble(f"{spoken}:lost", f"{spoken} has lost its volume"),) if phase == "Lost" else ()
    return Seen(
        spoken,
        text(found, "metadata", "uid"),
        phase,
        int(is_bound),
        1,
        is_bound,
        version=text(found, "spec", "resources", "requests", "storage"),
        troubles=lost,
    )


def see_namespace(found: Object) -> Seen:
    name, phase = name_of(found), word(found, "status", "phase") or "Active"
    return Seen(
        f"namespace/{name}", text(found, "metadata", "uid"), phase, 0, 0, is_ready=phase == "Active"
    )
