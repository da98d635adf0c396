"""A pod as it is kept while it is followed: readiness, ailments, how containers ended. Pure."""

from collections.abc import Iterator

from bot.cluster.objects import (
    Object,
    condition,
    controller_of,
    items,
    labels_of,
    name_of,
    number,
    part,
    text,
)
from bot.cluster.watches.seen import End, Seen, Trouble, word

_AILMENTS = {
    "CrashLoopBackOff": "crash",
    "ErrImagePull": "image",
    "ImagePullBackOff": "image",
    "ErrImageNeverPull": "image",
    "InvalidImageName": "image",
    "RegistryUnavailable": "image",
    "CreateContainerConfigError": "start",
    "CreateContainerError": "start",
    "RunContainerError": "start",
}
"""Reasons of waiting containers -> what they are a case of."""


def see_pod(found: Object) -> Seen:
    name, phase = name_of(found), word(found, "status", "phase") or "Pending"
    owner = _owner(found) or f"pod/{name}"
    containers = items(found, "status", "containerStatuses")
    ready = sum(each.get("ready") is True for each in containers)
    wanted = len(items(found, "spec", "containers"))
    is_job = owner.startswith("job/")
    troubles = () if is_job else (*_gone_wrong(owner, found), *_ailing(owner, found))
    return Seen(
        f"pod/{name}",
        text(found, "metadata", "uid"),
        f"{_state(found, phase)}, {ready} of {wanted} ready",
        int(phase != "Succeeded" and _is_ready(found)),
        1,
        is_ready=_is_ready(found) or phase == "Succeeded",
        is_complete=phase == "Succeeded",
        is_owned=owner != f"pod/{name}",
        version=text(found, "metadata", "generation"),
        troubles=troubles,
        ends=() if is_job else tuple(_ends(owner, found)),
    )


def _owner(found: Object) -> str:
    """`deployment/web` for a pod of its ReplicaSet."""
    kind, name = controller_of(found)
    template = labels_of(found).get("pod-template-hash", "")
    if kind == "ReplicaSet" and template and name.endswith(f"-{template}"):
        return f"deployment/{name.removesuffix(f'-{template}')}"
    return f"{kind.lower()}/{name}" if kind else ""


def _is_ready(found: Object) -> bool:
    return text(condition(found, "Ready"), "status") == "True"


def _state(found: Object, phase: str) -> str:
    """The first reason why it does not run, else its phase."""
    if text(found, "metadata", "deletionTimestamp"):
        return "Terminating"
    if reason := word(found, "status", "reason"):
        return reason
    for each in _containers(found):
        waiting = word(each, "state", "waiting", "reason")
        if waiting in _AILMENTS:
            return waiting
    return phase


def _containers(found: Object) -> list[Object]:
    names = ("initContainerStatuses", "containerStatuses")
    return [each for name in names for each in items(found, "status", name)]


def _gone_wrong(owner: str, found: Object) -> Iterator[Trouble]:
    """The whole pod: evicted, or failed. Each such pod is news, as none comes back."""
    if text(found, "status", "phase") != "Failed":
        return
    reason = word(found, "status", "reason")
    told = "was evicted" if reason == "Evicted" else f"has failed ({reason or 'no reason given'})"
    uid = text(found, "metadata", "uid")
    yield Trouble(f"{owner}:failed:{uid}", f"pod/{name_of(found)} {told}")


def _ailing(owner: str, found: Object) -> Iterator[Trouble]:
    for each in _containers(found):
        container = word(each, "name")
        about = f"pod/{name_of(found)}: {container}"
        reason = word(each, "state", "waiting", "reason")
        ended = part(each, "state", "terminated")
        if (case := _AILMENTS.get(reason)) is not None:
            yield Trouble(f"{owner}:{container}:{case}", f"{about} is in {reason}{_last(each)}")
        elif _is_bad(ended):
            yield Trouble(f"{owner}:{container}:crash", f"{about} {_how(ended)}")


def _last(container: Object) -> str:
    ended = part(container, "lastState", "terminated")
    return f" and {_how(ended, last=True)}" if _is_bad(ended) else ""


def _ends(owner: str, found: Object) -> Iterator[End]:
    uid = text(found, "metadata", "uid")
    for each in _containers(found):
        container, ended = word(each, "name"), part(each, "lastState", "terminated")
        if not (restarts := number(each, "restartCount")):
            continue
        told = f"pod/{name_of(found)}: {container} was restarted and {_how(ended, last=True)}"
        yield End(
            f"{uid}/{container}",
            Trouble(f"{owner}:{container}:crash", told),
            restarts,
            _is_bad(ended),
            text(ended, "finishedAt"),
        )


def _is_bad(ended: Object) -> bool:
    return bool(ended) and (
        number(ended, "exitCode") != 0 or text(ended, "reason") in {"OOMKilled", "Error"}
    )


def _how(ended: Object, *, last: bool = False) -> str:
    reason, code = word(ended, "reason") or "Error", number(ended, "exitCode")
    return f"{'last ' if last else ''}ended with {reason} (exit code {code})"
