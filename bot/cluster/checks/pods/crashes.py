"""Containers that end with an exit code or by a signal, and their last words; restarts none."""

import re
from collections.abc import Sequence

from bot.cluster.checks.evidence import logged, seen, told
from bot.cluster.checks.logs.logs import telling_lines
from bot.cluster.checks.logs.wording import is_order
from bot.cluster.checks.pods.containers import (
    Container,
    Trouble,
    back_offs,
    breakdown,
    describe,
    lasting,
    quoted,
    read_log,
)
from bot.cluster.checks.pods.restarts import (
    failing_since,
    gravity,
    is_failing,
    is_looping,
    is_out_of_memory,
    is_with_node,
    seconds_since_end,
    seconds_to_end,
    spoken_exit,
)
from bot.cluster.checks.quotation import counted
from bot.cluster.findings import Evidence, Severity
from bot.cluster.needs import LogOf
from bot.cluster.objects import name_of, namespace_of, number, text, words
from bot.cluster.scene import Scene

_HOUR = 3_600
_MANY = 5
_MEANINGS = {
    126: ", which means that its command cannot be executed",
    127: ", which means that a command was not found",
    132: ", which means that the CPU does not know one of its instructions",
    134: ", which means that it gave up by itself",
    137: ", which means that something killed it",
    139: ", which means that it used memory that is not its own (a segmentation fault)",
    143: ", which means that it was asked to stop",
}
_HINTS = (
    (re.compile("exec format error"),
     " (the program is built for another architecture than the node's)"),
    # Before it executes a file, the runtime has made sure that there is one.
    (re.compile("^exec .*: no such file or directory"),
     " (the file is there; the interpreter that its first line names, or its loader, is not)"),
)  # fmt: skip
_UNKNOWN = frozenset({"ContainerStatusUnknown", "Unknown"})


def examine_exit(scene: Scene, container: Container) -> Trouble | None:
    """It fails now: it ends, is started again and ends again, or has failed for good."""
    if not is_failing(container, scene.now):
        return None
    if not container.end:
        return _unexplained(scene, container)
    if _code(container) == 0:
        return _examine_success(scene, container)
    return _ended(scene, container, gravity(scene, container) or "info", "keeps failing: it ends")


def _unexplained(scene: Scene, container: Container) -> Trouble:
    """The kubelet says that it holds the container back, and no longer how it ended."""
    events = back_offs(scene, container)
    state = seen(container.about, container.field("state.waiting.reason"), container.waiting)
    return Trouble(
        container.pod,
        "CrashLoopBackOff",
        breakdown(scene, container.pod),
        f"{container.spoken} ends and is restarted again and again, "
        f"{counted(container.restarts, 'restart')}; the kubelet does not say how it ended.",
        key=container.name,
        since=failing_since(container, events),
        evidence=(state, *map(told, events[-1:])),
        next=(read_log(container, previous=True), describe(container.pod)),
        weight=container.restarts,
    )


def examine_restart(scene: Scene, container: Container) -> Trouble | None:
    """It runs now, and ended badly a while ago."""
    age = seconds_since_end(container, scene.now)
    code = _code(container)
    is_back = container.is_running or container.is_done
    if not container.end or not is_back or age is None or age > _HOUR:
        return None
    is_killed = 128 < code < 255 and text(container.end, "reason") not in _UNKNOWN
    is_repeated = container.restarts >= (2 if is_killed else _MANY)
    if code == 0 and not is_repeated:
        return None
    is_fault = is_repeated and code != 0 and not is_with_node(scene, container)
    severity: Severity = "warning" if is_fault else "info"
    return _ended(scene, container, severity, f"runs again, after it ended {lasting(age)} ago")


def wanted_log(scene: Scene, container: Container) -> LogOf | None:
    """Where it fails with an exit code: what its program said last."""
    is_asked = is_failing(container, scene.now) and not is_out_of_memory(container)
    if not is_asked or _code(container) == 0 or text(container.end, "reason") == "StartError":
        return None
    return _log_of(container)


def _log_of(container: Container) -> LogOf:
    previous = container.end_path.startswith("last")
    pod = container.pod
    return LogOf(namespace_of(pod), name_of(pod), container.name, previous)


def _ended(scene: Scene, container: Container, severity: Severity, how: str) -> Trouble:
    lines = telling_lines(scene.logs.get(_log_of(container), ()))
    events = back_offs(scene, container)
    code = _code(container)
    if not container.restarts and how.startswith("keeps"):
        how = "failed: it ended"
    while_running = _after(container)
    meaning = f"{_MEANINGS[code]}," if code in _MEANINGS else ""
    exit_spoken = f"with {spoken_exit(code)}{meaning}"
    restarts = f", {counted(container.restarts, 'restart')}" if container.restarts else ""
    said = _last_words(container, lines)
    return Trouble(
        container.pod,
        _reason(container, scene),
        severity,
        f"{container.spoken} {how} {exit_spoken}{while_running}{restarts}{said}.",
        key=f"{container.name} {code}",
        since=failing_since(container, events),
        evidence=(*_end_evidence(container), *map(told, events[-1:]), *_words(container, lines)),
        next=(_read_end(container), describe(container.pod)),
        weight=container.restarts,
    )


def _reason(container: Container, scene: Scene) -> str:
    if is_looping(container, scene.now):
        return "CrashLoopBackOff"
    return "ContainerFailed" if is_failing(container, scene.now) else "ContainerRestarted"


def _examine_success(scene: Scene, container: Container) -> Trouble | None:
    severity = gravity(scene, container)
    if severity is None:
        return None
    while_running = _after(container)
    command = " ".join(words(container.spec, "command") or words(container.spec, "args"))
    named = f"its command {quoted(command[:80])}" if command else "the command of its image"
    owner = scene.owner(container.pod).kind
    expects = "`restartPolicy: Always`" if owner == "Pod" else f"a {owner}"
    events = back_offs(scene, container)
    return Trouble(
        container.pod,
        "CrashLoopBackOff",
        severity,
        f"{container.spoken} ends by itself with success (exit code 0){while_running} and is "
        f"restarted again and again, {counted(container.restarts, 'restart')}: {named} finishes, "
        f"and {expects} expects it to keep running.",
        key=f"{container.name} 0",
        since=failing_since(container, events),
        evidence=(
            *_end_evidence(container),
            seen(container.about, "spec.restartPolicy", "Always"),
            *map(told, events[-1:]),
        ),
        next=(_read_end(container), describe(container.pod)),
        weight=container.restarts,
    )


def _after(container: Container) -> str:
    """How long it had run; times are told to the second."""
    lasted = seconds_to_end(container)
    if lasted is None:
        return ""
    return f" after {lasting(lasted)}" if lasted >= 1 else " at once"


def _code(container: Container) -> int:
    return number(container.end, "exitCode")


def _end_evidence(container: Container) -> tuple[Evidence, ...]:
    ends, about = container.end_path, container.about
    waiting = container.waiting
    state = (seen(about, container.field("state.waiting.reason"), waiting),) if waiting else ()
    return (
        *state,
        seen(about, container.field(f"{ends}.exitCode"), _code(container)),
        seen(about, container.field("restartCount"), container.restarts),
    )


def _words(container: Container, lines: Sequence[str]) -> tuple[Evidence, ...]:
    return tuple(logged(name_of(container.pod), container.name, each) for each in lines)


def _last_words(container: Container, lines: Sequence[str]) -> str:
    """What its program said of it: its termination message, or else a line of its log."""
    message = text(container.end, "message")
    said = [*telling_lines(message.splitlines(), 1), *reversed(lines)]
    honest = next((each for each in said if not is_order(each)), "")
    if not honest:
        return ""
    hint = next((hint for pattern, hint in _HINTS if pattern.search(honest)), "")
    return f"; its last words: {quoted(honest)}{hint}"


def _read_end(container: Container) -> str:
    return read_log(container, previous=container.end_path.startswith("last"))
