"""What is wrong with a custom resource by its own word: conditions, phases, health; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bot.cluster.findings import Severity
from bot.cluster.objects import Object, flag, items, name_of, part, text

_GOOD = frozenset({
    "Ready", "Available", "Synced", "Healthy", "Reconciled", "Succeeded", "Accepted", "Programmed",
    "ResolvedRefs", "Established", "Installed", "Valid",
})  # fmt: skip
"""Types whose False is trouble."""
_BAD = frozenset({
    "Degraded", "Stalled", "ReconcileError", "Failed", "Failure", "Error", "Denied", "Conflicted",
    "InvalidRequest", "Fallback", "Unhealthy", "NotReady",
})  # fmt: skip
"""Types whose True is trouble."""
_BAD_PHASES = frozenset({
    "failed", "error", "errored", "invalid", "degraded", "partiallyfailed", "failedvalidation",
    "unavailable", "unhealthy",
})  # fmt: skip
_ENDING = frozenset({"Succeeded", "Failed"})
"""Of what runs once, like a Job: not known yet means under way."""
_ONE_SHOT_KINDS = frozenset({"CertificateRequest", "Order", "Challenge"})
_PHASE_ONLY_KINDS = frozenset({"Rollout"})
"""Their conditions are False in the midst of a canary that waits on purpose."""
_PAUSED = ("ReconcilePaused", "Suspended", "Paused")


@dataclass(frozen=True, slots=True)
class Ailment:
    severity: Severity
    reason: str
    words: str
    """`Ready is False`, `health is Degraded`."""
    message: str
    since: str
    field: str
    """Where it stands: `status.conditions[Ready]`."""
    is_unknown: bool = False
    """Not known yet, which is trouble only where it lasts."""
    runs_once: bool = False


def is_unwell(custom: Object) -> bool:
    """Worth keeping for a look: something in its status is not as it should be."""
    return next(ailments(custom), None) is not None


def ailments(custom: Object) -> Iterator[Ailment]:
    """The worst of each place, the most telling first."""
    if is_suspended(custom):
        yield Ailment(
            "info", "Suspended", "is suspended (spec.suspend is true)", "", "", "spec.suspend"
        )
        return
    if (
        text(custom, "apiVersion").startswith("argoproj.io/")
        and custom.get("kind") == "Application"
    ):
        yield from _of_application(custom)
        return
    runs_once = custom.get("kind") in _ONE_SHOT_KINDS
    if custom.get("kind") not in _PHASE_ONLY_KINDS:
        for place, label, conditions in _places(custom):
            for each in _of_conditions(place, label, conditions):
                yield replace(each, runs_once=each.runs_once or runs_once)
    yield from _of_phase(custom)


def is_suspended(custom: Object) -> bool:
    return flag(custom, "spec", "suspend")


def _places(custom: Object) -> Iterator[tuple[str, str, list[Object]]]:
    """Field, what to call it, and its conditions: the object's own, and those of its parts."""
    yield "status.conditions", "", items(custom, "status", "conditions")
    for each in items(custom, "status", "listeners"):
        name = text(each, "name")
        yield (
            f"status.listeners[{name}].conditions",
            f"listener `{name}`: ",
            items(each, "conditions"),
        )
    for plural, key in (("parents", "parentRef"), ("ancestors", "ancestorRef")):
        for each in items(custom, "status", plural):
            name = text(each, key, "name")
            label = f"for `{name}`: "
            yield f"status.{plural}[{name}].conditions", label, items(each, "conditions")


def _of_conditions(place: str, label: str, conditions: list[Object]) -> Iterator[Ailment]:
    found = [each for state in conditions for each in _of_condition(place, label, state)]
    found.sort(key=_weight)
    yield from found


def _weight(each: Ailment) -> tuple[bool, bool, bool, bool]:
    """What is known before what is not, and what comes with a message before what does not."""
    is_ready = each.field.endswith(("[Ready]", "[Available]", "[Programmed]"))
    return each.severity != "critical", each.is_unknown, not each.message, not is_ready


def _of_condition(place: str, label: str, state: Object) -> Iterator[Ailment]:
    kind, status = text(state, "type"), text(state, "status")
    is_good = kind in _GOOD or (kind.endswith("Ready") and kind not in _BAD)
    is_bad = kind in _BAD
    is_wrong = (is_good and status == "False") or (is_bad and status == "True")
    is_unknown = is_good and status == "Unknown" and kind not in _ENDING
    if not is_wrong and not is_unknown:
        return
    reason = text(state, "reason")
    yield Ailment(
        "info" if reason in _PAUSED else "warning" if is_unknown else "critical",
        reason or f"{kind}{status}",
        f"{label}{kind} is {status}",
        text(state, "message"),
        text(state, "lastTransitionTime"),
        f"{place}[{kind}]",
        is_unknown,
        kind in _ENDING,
    )


def _of_phase(custom: Object) -> Iterator[Ailment]:
    """Where a status has a word for it beside conditions: orders, backups, workflows, snapshots."""
    status = part(custom, "status")
    said = text(status, "error", "message")
    if said:
        yield Ailment("critical", "Error", "has an error", said, "", "status.error.message")
    for field in ("state", "phase"):
        phase = text(status, field)
        why = text(status, "reason") or text(status, "message") or text(status, "failureReason")
        is_waiting = phase == "pending" and custom.get("kind") in {"Order", "Challenge"}
        if phase.lower() in _BAD_PHASES or is_waiting:
            yield Ailment(
                "critical", phase.capitalize(), f"{field} is {phase}", why, _ended(status),
                f"status.{field}", is_waiting, runs_once=not is_waiting,
            )  # fmt: skip


def _ended(status: Object) -> str:
    fields = ("failureTime", "completionTimestamp", "finishedAt")
    return next((text(status, each) for each in fields if text(status, each)), "")


def _of_application(custom: Object) -> Iterator[Ailment]:
    """Argo CD's Applications have words of their own for how they are."""
    yield from _argo_errors(custom)
    yield from _argo_operation(custom)
    health = part(custom, "status", "health")
    state = text(health, "status")
    severities: Mapping[str, Severity] = {
        "Degraded": "critical", "Missing": "critical", "Unknown": "warning", "Suspended": "info",
    }  # fmt: skip
    if state in severities:
        since = text(health, "lastTransitionTime")
        yield Ailment(
            severities[state], state, f"health is {state}", _argo_health(custom), since,
            "status.health.status",
        )  # fmt: skip
    if text(custom, "status", "sync", "status") == "OutOfSync":
        is_automatic = bool(custom.get("spec")) and "automated" in part(
            custom, "spec", "syncPolicy"
        )
        yield Ailment(
            "warning" if is_automatic else "info", "OutOfSync", "sync is OutOfSync",
            _argo_differing(custom), "", "status.sync.status",
        )  # fmt: skip


def _argo_errors(custom: Object) -> Iterator[Ailment]:
    for each in items(custom, "status", "conditions"):
        kind = text(each, "type")
        severity: Severity = "critical" if kind.endswith("Error") else "info"
        yield Ailment(
            severity, kind, f"has {kind}", text(each, "message"),
            text(each, "lastTransitionTime"), f"status.conditions[{kind}].message",
        )  # fmt: skip


def _argo_operation(custom: Object) -> Iterator[Ailment]:
    state = part(custom, "status", "operationState")
    phase = text(state, "phase")
    if phase in {"Failed", "Error"}:
        is_fine = text(custom, "status", "health", "status") == "Healthy"
        yield Ailment(
            "warning" if is_fine else "critical", "SyncFailed", f"its last sync ended as {phase}",
            text(state, "message"), text(state, "finishedAt"), "status.operationState.phase",
        )  # fmt: skip


def _argo_health(custom: Object) -> str:
    """Its own message, or those of the resources that are not well."""
    own = text(custom, "status", "health", "message")
    parts = [
        f"{text(each, 'kind')} {text(each, 'name')} is {text(each, 'health', 'status')}"
        for each in items(custom, "status", "resources")
        if text(each, "health", "status") in {"Degraded", "Missing"}
    ]
    return own or ", ".join(parts[:4])


def _argo_differing(custom: Object) -> str:
    differing = [
        f"{text(each, 'kind')} {name_of({'metadata': each})}"
        for each in items(custom, "status", "resources")
        if text(each, "status") == "OutOfSync"
    ]
    return f"differs in {', '.join(differing[:4])}" if differing else ""
