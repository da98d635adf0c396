"""CronJobs that do not start, or whose runs hang or never succeed; failed runs are in jobs."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice, takewhile

from bot.cluster.checks.evidence import seen, told
from bot.cluster.checks.jobs.schedules import parsed, zone_of
from bot.cluster.checks.quotation import listed, quoted
from bot.cluster.checks.workloads.refusals import understood
from bot.cluster.checks.workloads.replicas import owned, ref_of
from bot.cluster.findings import Finding, Ref
from bot.cluster.objects import Object, event_count, event_time, flag, items, moment, text
from bot.cluster.scene import Scene

_GRACE = timedelta(minutes=5)
"""A moment late is not missed."""
_RUN_TIME = timedelta(minutes=10)
_MOST_COUNTED = 100
_UNUSABLE = frozenset({
    "UnparseableSchedule", "InvalidSchedule", "UnParseableCronJobSchedule", "UnknownTimeZone",
})  # fmt: skip
_MISSED = frozenset({"MissSchedule", "TooManyMissedTimes", "FailedNeedsStart"})


def check(scene: Scene) -> Iterator[Finding]:
    for cron in scene.all("cronjobs"):
        about = ref_of(cron, "CronJob")
        if flag(cron, "spec", "suspend"):
            yield _suspended(about, cron)
            continue
        found = [*_from_events(scene, about, cron)] or [*_from_times(scene, about, cron)]
        yield from found or _fruitless(scene, about, cron)


def _last_run(cron: Object) -> str:
    return text(cron, "status", "lastScheduleTime")


def _ran(cron: Object) -> str:
    last = _last_run(cron)
    return f"its last run was at {last}" if last else "it has never run"


def _commands(about: Ref) -> tuple[str, ...]:
    place = f"-n {about.namespace}"
    return f"kubectl describe cronjob {about.name} {place}", f"kubectl get jobs {place}"


def _from_events(scene: Scene, about: Ref, cron: Object) -> Iterator[Finding]:
    """What the controller says last, unless it has started a run since."""
    begun = moment(_last_run(cron))
    for event in reversed(scene.events_about("CronJob", about.namespace, about.name)):
        at = moment(event_time(event))
        reason, message = text(event, "reason"), text(event, "message")
        if begun is not None and at is not None and at < begun:
            return
        if reason in _UNUSABLE:
            yield _unusable(about, cron, event)
            return
        if reason == "FailedCreate":
            yield _refused(about, event, message)
            return
        if reason in _MISSED:
            yield _missed_event(about, cron, event)
            return


def _unusable(about: Ref, cron: Object, event: Object) -> Finding:
    schedule, zone = text(cron, "spec", "schedule"), text(cron, "spec", "timeZone")
    what = (
        f"time zone `{zone}`"
        if text(event, "reason") == "UnknownTimeZone"
        else f"schedule `{schedule}`"
    )
    return Finding(
        "InvalidSchedule",
        "critical",
        about,
        f"CronJob `{about.name}` never starts: its {what} cannot be read:"
        f" {quoted(text(event, 'message'))}.",
        since=text(event, "firstTimestamp") or event_time(event),
        evidence=(seen(about, "spec.schedule", schedule), told(event)),
        next=_commands(about),
    )


def _refused(about: Ref, event: Object, message: str) -> Finding:
    refusal = understood(message)
    quota = Ref(refusal.kind, about.namespace, refusal.name)
    return Finding(
        refusal.reason,
        "critical",
        about,
        f"CronJob `{about.name}` cannot create its Job: {refusal.words}.",
        since=text(event, "firstTimestamp") or event_time(event),
        evidence=(told(event),),
        next=_commands(about),
        explains=(quota,) if refusal.kind == "ResourceQuota" else (),
    )


def _missed_event(about: Ref, cron: Object, event: Object) -> Finding:
    deadline = text(cron, "spec", "startingDeadlineSeconds")
    limit = f"; its startingDeadlineSeconds is {deadline}" if deadline else ""
    return Finding(
        "MissedRuns",
        "warning",
        about,
        f"CronJob `{about.name}` missed its time {event_count(event)} times{limit}:"
        f" {quoted(text(event, 'message'))}.",
        since=text(event, "firstTimestamp") or event_time(event),
        evidence=(
            told(event),
            seen(about, "status.lastScheduleTime", _last_run(cron) or "never"),
            *((seen(about, "spec.startingDeadlineSeconds", deadline),) if deadline else ()),
        ),
        next=_commands(about),
    )


def _from_times(scene: Scene, about: Ref, cron: Object) -> Iterator[Finding]:
    """Its schedule says that it was due, and its status that it did not run."""
    schedule, zone = parsed(text(cron, "spec", "schedule")), zone_of(text(cron, "spec", "timeZone"))
    last = moment(_last_run(cron)) or moment(text(cron, "metadata", "creationTimestamp"))
    if schedule is None or zone is None or last is None:
        return
    due = schedule.before(scene.now - _GRACE, zone)
    missed = [*islice(takewhile(lambda each: each > last, due), _MOST_COUNTED)]
    if not missed:
        return
    active = [text(each, "name") for each in items(cron, "status", "active")]
    if active and text(cron, "spec", "concurrencyPolicy") == "Forbid":
        yield _hanging(about, cron, active, missed)
    else:
        yield _missed(about, cron, missed)


def _spoken(missed: list[datetime]) -> str:
    """`12 times, first at 2026-01-05T10:00:00Z`."""
    count = "over 99" if len(missed) == _MOST_COUNTED else str(len(missed))
    times = "once" if len(missed) == 1 else f"{count} times"
    return f"{times}, last at {_written(missed[0])}"


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _missed(about: Ref, cron: Object, missed: list[datetime]) -> Finding:
    last = _last_run(cron)
    return Finding(
        "MissedRuns",
        "warning",
        about,
        f"CronJob `{about.name}` (`{text(cron, 'spec', 'schedule')}`) was due and did not start:"
        f" {_spoken(missed)}; {_ran(cron)}.",
        since=_written(missed[-1]),
        evidence=(
            seen(about, "spec.schedule", text(cron, "spec", "schedule")),
            seen(about, "status.lastScheduleTime", last or "never"),
        ),
        next=_commands(about),
    )


def _hanging(about: Ref, cron: Object, active: list[str], missed: list[datetime]) -> Finding:
    verb = "is" if len(active) == 1 else "are"
    return Finding(
        "RunHangs",
        "warning",
        about,
        f"CronJob `{about.name}` starts no new run: {listed(active)} of {_last_run(cron)} {verb}"
        f" still active and its concurrencyPolicy is Forbid; runs were skipped {_spoken(missed)}.",
        since=_written(missed[-1]),
        evidence=(
            seen(about, "status.active", ", ".join(active)),
            seen(about, "spec.concurrencyPolicy", "Forbid"),
        ),
        next=(f"kubectl describe job {active[0]} -n {about.namespace}", *_commands(about)),
        because_of=(about, Ref("Job", about.namespace, active[0])),
    )


def _fruitless(scene: Scene, about: Ref, cron: Object) -> Iterator[Finding]:
    """Runs start and none succeeds, and the failed Jobs are no longer there to be seen."""
    started, succeeded = moment(_last_run(cron)), moment(text(cron, "status", "lastSuccessfulTime"))
    if started is None or scene.now - started < _RUN_TIME or items(cron, "status", "active"):
        return
    runs = owned(scene.all("jobs", about.namespace), about)
    if runs or (succeeded is not None and succeeded >= started):
        return
    last = text(cron, "status", "lastSuccessfulTime")
    yield Finding(
        "RunsDoNotSucceed",
        "warning",
        about,
        f"The last run of CronJob `{about.name}`, of {_last_run(cron)}, did not succeed and is"
        f" gone; {f'the last success was at {last}' if last else 'no run ever succeeded'}.",
        since=_last_run(cron),
        evidence=(
            seen(about, "status.lastScheduleTime", _last_run(cron)),
            seen(about, "status.lastSuccessfulTime", last or "never"),
        ),
        next=_commands(about),
    )


def _suspended(about: Ref, cron: Object) -> Finding:
    return Finding(
        "CronJobSuspended",
        "info",
        about,
        f"CronJob `{about.name}` is suspended (spec.suspend is true); {_ran(cron)}.",
        evidence=(seen(about, "spec.suspend", "true"),),
        next=_commands(about),
    )
