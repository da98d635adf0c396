"""Containers that the kubelet or the runtime cannot start, and why; it starts none."""

import re
from collections.abc import Iterator

from bot.cluster.checks.evidence import seen, told
from bot.cluster.checks.pods.containers import (
    Container,
    Trouble,
    began,
    breakdown,
    describe,
    is_on,
    pod_events,
    quoted,
)
from bot.cluster.checks.pods.mounted import lacking_mode, missing_file, place_of
from bot.cluster.checks.pods.mounted import needs as needs_of
from bot.cluster.checks.pods.restarts import is_failing, is_out_of_memory
from bot.cluster.findings import Evidence
from bot.cluster.needs import ListOf
from bot.cluster.objects import flag, items, part, text, words
from bot.cluster.scene import Scene

WAITING = frozenset({
    "CreateContainerConfigError", "CreateContainerError", "RunContainerError",
    "PostStartHookError", "PreStartHookError", "PreCreateHookError", "ContainerCannotRun",
})  # fmt: skip
_HOOK_FAILED = "FailedPostStartHook"
_ENDED = frozenset({"StartError", "ContainerCannotRun"})
# The first that is found begins what tells.
_TELLING = ('exec: "', "error during container init: ", "unable to start container process: ")
_WHY = (
    (r"executable file not found", "its command `{command}` is not found in the image"),
    (r"exec:.*no such file or directory", "its command `{command}` does not exist there"),
    (r"exec:.*permission denied", "its command `{command}` may not be executed"),
    (r"exec:.*is a directory", "its command `{command}` is a directory in the image"),
    (r"PostStartHook|lifecycle hook", "its `postStart` hook fails"),
    (r"exec format error", "its command is built for another architecture than the node's"),
    (r"not a directory", "a file is mounted where a directory is, or a directory where a file is"),
    (r"no command specified|no command$", "neither the image nor the spec names a command"),
    (r"runAsNonRoot", "`runAsNonRoot` forbids it: the image's user is root, or has no number"),
)  # fmt: skip


def examine(scene: Scene, container: Container) -> Trouble | None:
    """The runtime or the kubelet could not create or start it."""
    reason, message, path = _said(scene, container)
    if not reason or is_out_of_memory(container) or "OOM-killed" in message:
        return None
    why, command = explain(message)
    hint, proofs = _about_volume(scene, container, message, command)
    hint = hint or _about_words(message, command)
    events = pod_events(scene, container.pod, "Failed", _HOOK_FAILED)
    events = [each for each in events if is_on(each, container)]
    value = text(container.status, *path.split("."))
    return Trouble(
        container.pod,
        reason,
        breakdown(scene, container.pod),
        _cause(container, reason, message, why) + hint,
        key=f"{container.name} {command}",
        since=began(container.pod, events),
        evidence=(
            seen(container.about, container.field(path), value),
            *_wishes(container, message, command),
            *proofs,
            *map(told, events[-1:]),
        ),
        next=(describe(container.pod),),
        weight=container.restarts,
    )


def needs(scene: Scene, container: Container) -> Iterator[ListOf]:
    """The keys of the ConfigMap that a missing command was to come from."""
    _, message, _ = _said(scene, container)
    if "no such file" in message:
        yield from needs_of(place_of(container.pod, container.spec, explain(message)[1]))


def _about_volume(
    scene: Scene, container: Container, message: str, command: str
) -> tuple[str, tuple[Evidence, ...]]:
    """What a volume has to do with a command that is not there, or may not be executed."""
    place = place_of(container.pod, container.spec, command)
    if place is None:
        return "", ()
    if "permission denied" in message:
        return lacking_mode(place)
    return missing_file(scene, place) if "no such file" in message else ("", ())


def _about_words(message: str, command: str) -> str:
    is_line = " " in command and ("not found" in message or "no such file" in message)
    items_of_list = "a command and each of its arguments are items of the list"
    return f" It is one word with spaces in it: {items_of_list}." if is_line else ""


def _cause(container: Container, waiting: str, message: str, why: str) -> str:
    quote = quoted(runtime_words(message)) if message else "nothing says why"
    if "postStart" in part(container.spec, "lifecycle"):
        why = why.replace("`postStart` hook", f"`postStart` hook ({quoted(_hook(container))})")
    verb = "created" if waiting.startswith("Create") else "started"
    return f"{container.spoken} cannot be {verb}: {f'{why} ({quote})' if why else quote}."


def _wishes(container: Container, message: str, command: str) -> Iterator[Evidence]:
    """The fields of the spec that it is about."""
    about, spec = container.about, container.spec
    for field in ("command", "args"):
        wanted = words(spec, field)
        if command and command in wanted:
            yield seen(about, container.wish(f"{field}[{wanted.index(command)}]"), command)
            return
    for each in items(spec, "volumeMounts"):
        if f'at "{text(each, "mountPath")}"' in message:
            path = container.wish(f"volumeMounts[{text(each, 'name')}].mountPath")
            yield seen(about, path, text(each, "mountPath"))
    if "postStart" in part(spec, "lifecycle"):
        yield seen(about, container.wish("lifecycle.postStart"), _hook(container))
    if "runAsNonRoot" in message:
        own = flag(spec, "securityContext", "runAsNonRoot")
        field = "securityContext.runAsNonRoot"
        yield seen(about, container.wish(field) if own else f"spec.{field}", "true")


def explain(message: str) -> tuple[str, str]:
    """What a message of the runtime means, and the command it is about."""
    found = re.search(r'exec: "([^"]*)"', message)
    command = found[1] if found else ""
    for pattern, why in _WHY:
        if re.search(pattern, message, re.DOTALL) and (command or "{command}" not in why):
            return why.format(command=command), command
    return "", command


def _hook(container: Container) -> str:
    hook = part(container.spec, "lifecycle", "postStart")
    return " ".join(words(hook, "exec", "command")) or ", ".join(hook)


def _said(scene: Scene, container: Container) -> tuple[str, str, str]:
    """The reason, what the kubelet says of the start that failed, and the field that shows it."""
    if container.waiting in WAITING:
        field = "message" if container.message else "reason"
        return container.waiting, container.message, f"state.waiting.{field}"
    if not is_failing(container, scene.now):
        return "", "", ""
    if text(container.end, "reason") in _ENDED:
        message = text(container.end, "message")
        return "RunContainerError", message, f"{container.end_path}.message"
    hooks = [
        each for each in pod_events(scene, container.pod, _HOOK_FAILED) if is_on(each, container)
    ]
    if hooks:
        message = text(hooks[-1], "message")
        return "PostStartHookError", message, f"{container.end_path}.exitCode"
    return "", "", ""


def runtime_words(message: str) -> str:
    """What the runtime says itself, without who passed it on."""
    start = next((each for each in _TELLING if each in message), "")
    said = message[message.index(start) :].removeprefix(_TELLING[1]).removeprefix(_TELLING[2])
    return said.strip().removesuffix(": unknown")
