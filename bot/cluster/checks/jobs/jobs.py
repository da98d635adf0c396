"""Jobs that failed, or keep failing, with how their last pod ended."""

from collections.abc import Iterator

from bot.cluster.checks.evidence import logged, seen
from bot.cluster.checks.jobs import cronjobs
from bot.cluster.checks.jobs.ends import End, last_end
from bot.cluster.checks.logs.logs import telling_lines
from bot.cluster.checks.quotation import counted, quoted
from bot.cluster.checks.workloads.replicas import is_finished, ref_of
from bot.cluster.findings import Evidence, Finding, Ref, Severity
from bot.cluster.needs import LogOf, Need
from bot.cluster.objects import (
    Object,
    age_seconds,
    condition,
    controller_of,
    flag,
    moment,
    name_of,
    namespace_of,
    number,
    text,
)
from bot.cluster.scene import Scene

_LONG_AGO_SECONDS = 24 * 3600.0
_MOST_LOGS = 8


def needs(scene: Scene) -> Iterator[Need]:
    for job in list(_latest(scene).values())[:_MOST_LOGS]:
        end = last_end(scene, job)
        if end is not None:
            yield _log_of(job, end)


def check(scene: Scene) -> Iterator[Finding]:
    for about, job in _latest(scene).items():
        if _has_failed(job):
            yield from _failed(scene, about, job)
        else:
            yield _retried(scene, about, job)
    for job in scene.all("jobs"):
        if flag(job, "spec", "suspend") and not is_finished(job):
            yield _suspended(ref_of(job, "Job"))
    yield from cronjobs.check(scene)


def _latest(scene: Scene) -> dict[Ref, Object]:
    """Of each Job, or of each CronJob, the last run that went wrong."""
    jobs = sorted(scene.all("jobs"), key=_created)
    return {_about(job): job for job in jobs if _has_failed(job) or _is_failing(job)}


def _created(job: Object) -> str:
    return text(job, "metadata", "creationTimestamp")


def _about(job: Object) -> Ref:
    kind, name = controller_of(job)
    return Ref(kind, namespace_of(job), name) if kind == "CronJob" else ref_of(job, "Job")


def _has_failed(job: Object) -> bool:
    return text(condition(job, "Failed"), "status") == "True"


def _is_failing(job: Object) -> bool:
    is_idle = is_finished(job) or flag(job, "spec", "suspend")
    return number(job, "status", "failed") > 0 and not is_idle


def _log_of(job: Object, end: End) -> LogOf:
    return LogOf(namespace_of(job), end.pod, end.container, end.is_previous)


def _failed(scene: Scene, about: Ref, job: Object) -> Iterator[Finding]:
    state = condition(job, "Failed")
    since = text(state, "lastTransitionTime")
    severity = _severity(scene, about, since)
    if severity is None:
        return
    end = last_end(scene, job)
    lines = _last_words(scene, job, end)
    yield Finding(
        "JobFailed",
        severity,
        about,
        f"{_spoken(about, job)} {_why(job, state)}{_ending(end, lines)}."
        f"{_without_pods(end, state)}{_others(scene, about)}{_recovery(scene, about, since)}",
        since=since,
        evidence=_evidence(job, state, end, lines),
        next=_commands(about, job, end),
        because_of=(about,) if end and text(state, "reason") != "DeadlineExceeded" else (),
        pods=(end.pod,) if end is not None else (),
    )


def _severity(scene: Scene, about: Ref, since: str) -> Severity | None:
    """None where it is over: a later run succeeded, and it is long ago."""
    is_old = (age_seconds(since, scene.now) or 0) > _LONG_AGO_SECONDS
    if _recovery(scene, about, since):
        return None if is_old else "info"
    return "warning" if is_old else "critical"


def _recovery(scene: Scene, about: Ref, since: str) -> str:
    cron = scene.one("CronJob", about.namespace, about.name) if about.kind == "CronJob" else None
    succeeded = text(cron, "status", "lastSuccessfulTime") if cron is not None else ""
    later, failed = moment(succeeded), moment(since)
    is_over = later is not None and failed is not None and later > failed
    return f" A run after it succeeded at {succeeded}." if is_over else ""


def _spoken(about: Ref, job: Object) -> str:
    if about.kind == "CronJob":
        return f"The last run that failed, Job `{name_of(job)}`,"
    return f"Job `{name_of(job)}`"


def _why(job: Object, state: Object) -> str:
    failed = counted(number(job, "status", "failed"), "failed pod")
    match text(state, "reason"):
        case "BackoffLimitExceeded":
            return f"was given up after {failed} (backoffLimit {_limit(job)})"
        case "DeadlineExceeded":
            seconds = number(job, "spec", "activeDeadlineSeconds")
            return f"was stopped: it ran longer than its activeDeadlineSeconds of {seconds} s"
        case "PodFailurePolicy":
            return f"was given up by its podFailurePolicy: {quoted(text(state, 'message'))}"
        case reason:
            said = quoted(text(state, "message")) or "no message"
            return f"failed after {failed} ({reason or 'no reason given'}: {said})"


def _limit(job: Object) -> int:
    return number(job, "spec", "backoffLimit", default=6)


def _ending(end: End | None, lines: tuple[str, ...]) -> str:
    if end is None:
        return ""
    said = f"; its last words: {quoted(lines[-1], 160)}" if lines else ""
    return f": {end.spoken} in pod `{end.pod}`{said}"


def _without_pods(end: End | None, state: Object) -> str:
    is_late = text(state, "reason") == "DeadlineExceeded"
    gone = " The pod that ran then was deleted with its log, so what it waited for is not known."
    return gone if is_late and end is None else ""


def _last_words(scene: Scene, job: Object, end: End | None) -> tuple[str, ...]:
    if end is None:
        return ()
    need = _log_of(job, end)
    lines = scene.log(need.namespace, need.pod, need.container, previous=need.previous)
    return telling_lines(lines, 2)


def _others(scene: Scene, about: Ref) -> str:
    failed = [job for job in scene.all("jobs", about.namespace) if _about(job) == about]
    count = sum(_has_failed(job) for job in failed)
    return f" {count} of its {len(failed)} last runs failed." if count > 1 else ""


def _evidence(
    job: Object, state: Object, end: End | None, lines: tuple[str, ...]
) -> tuple[Evidence, ...]:
    about = ref_of(job, "Job")
    proof = [
        seen(about, "status.conditions[Failed].reason", text(state, "reason")),
        seen(about, "status.failed", number(job, "status", "failed")),
    ]
    if text(state, "reason") == "DeadlineExceeded":
        proof.append(
            seen(about, "spec.activeDeadlineSeconds", text(job, "spec", "activeDeadlineSeconds"))
        )
    else:
        proof.append(seen(about, "spec.backoffLimit", _limit(job)))
    return (*proof, *_end_proof(about, end, lines))


def _end_proof(about: Ref, end: End | None, lines: tuple[str, ...]) -> tuple[Evidence, ...]:
    if end is None:
        return ()
    pod = Ref("Pod", about.namespace, end.pod)
    return (
        seen(pod, f"{end.field}.exitCode", text(end.state, "exitCode")),
        *(logged(end.pod, end.container, line) for line in lines),
    )


def _commands(about: Ref, job: Object, end: End | None) -> tuple[str, ...]:
    place = f"-n {about.namespace}"
    describe = f"kubectl describe job {name_of(job)} {place}"
    if end is None:
        return (
            describe,
            f"kubectl get events {place} --field-selector involvedObject.name={name_of(job)}",
        )
    previous = " --previous" if end.is_previous else ""
    return f"kubectl logs {end.pod} {place} -c {end.container}{previous}", describe


def _retried(scene: Scene, about: Ref, job: Object) -> Finding:
    end = last_end(scene, job)
    lines = _last_words(scene, job, end)
    failed = number(job, "status", "failed")
    times = "once" if failed == 1 else f"{failed} times"
    own = ref_of(job, "Job")
    return Finding(
        "JobRetrying",
        "warning",
        about,
        f"Job `{name_of(job)}` has failed {times} and is tried again until its backoffLimit of"
        f" {_limit(job)}{_ending(end, lines)}.",
        since=text(job, "status", "startTime") or _created(job),
        evidence=(seen(own, "status.failed", failed), *_end_proof(own, end, lines)),
        next=_commands(about, job, end),
        because_of=(about,),
        pods=(end.pod,) if end is not None else (),
    )


def _suspended(about: Ref) -> Finding:
    return Finding(
        "JobSuspended",
        "info",
        about,
        f"Job `{about.name}` is suspended (spec.suspend is true), so it starts no pods.",
        evidence=(seen(about, "spec.suspend", "true"),),
        next=(f"kubectl describe job {about.name} -n {about.namespace}",),
    )
