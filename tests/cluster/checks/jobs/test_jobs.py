"""What is said of Jobs and CronJobs."""

import pytest

from bot.cluster.checks.jobs import jobs
from bot.cluster.findings import Ref, is_confirmed
from bot.cluster.needs import LogOf
from tests.doubles.shop import (
    Json,
    a_pod,
    a_scene,
    ago,
    an_event,
    meta,
    reasons,
    state,
    the_only,
)

_LOG = LogOf("shop", "migrate-a", "app", previous=False)


def _job(
    name: str = "migrate",
    reason: str = "BackoffLimitExceeded",
    *,
    owner: tuple[str, str] | None = None,
    failed_ago: float = 600,
    message: str = "",
    **spec: object,
) -> Json:
    ends = [state("Failed", "True", reason, message, age=failed_ago)] if reason else []
    return {
        "metadata": meta(name, owner=owner, age=failed_ago + 100),
        "spec": {"backoffLimit": 2, "parallelism": 1, "completions": 1, **spec},
        "status": {"failed": 3, "startTime": ago(failed_ago + 100), "conditions": ends},
    }


def _ended(
    code: int, *, job: str = "migrate", name: str = "migrate-a", reason: str = "Error"
) -> Json:
    end = {"exitCode": code, "reason": reason, "finishedAt": ago(610)}
    status = [{"name": "app", "restartCount": 0, "state": {"terminated": end}}]
    return a_pod(name, ("Job", job), phase="Failed", containerStatuses=status)


def test_a_job_that_was_given_up_tells_how_its_last_pod_ended() -> None:
    scene = a_scene(jobs=[_job()], pods=[_ended(3)])
    assert list(jobs.needs(scene)) == [_LOG]
    scene.logs[_LOG] = ("starting", "FATAL: relation orders does not exist")
    finding = the_only(jobs, scene)
    assert (finding.reason, finding.severity) == ("JobFailed", "critical")
    assert finding.about == Ref("Job", "shop", "migrate")
    assert finding.cause == (
        "Job `migrate` was given up after 3 failed pods (backoffLimit 2): container `app` ended "
        "with exit code 3 in pod `migrate-a`; its last words: “FATAL: relation orders does not "
        "exist”."
    )
    assert finding.next[0] == "kubectl logs migrate-a -n shop -c app"
    assert finding.since == ago(600)
    assert finding.because_of == (finding.about,)
    assert is_confirmed(finding)


def test_an_overlong_job_is_told_with_its_deadline() -> None:
    job = _job(reason="DeadlineExceeded", activeDeadlineSeconds=30)
    finding = the_only(jobs, a_scene(jobs=[job]))
    assert "ran longer than its activeDeadlineSeconds of 30 s" in finding.cause
    assert finding.because_of == ()
    assert is_confirmed(finding)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("PodFailurePolicy", "by its podFailurePolicy: “Container app failed with exit code 42”"),
        ("FailedIndexes", "(FailedIndexes: “Container app failed with exit code 42”)"),
    ],
)
def test_other_reasons_quote_the_controller(reason: str, words: str) -> None:
    job = _job(reason=reason, message="Container app failed with exit code 42")
    assert words in the_only(jobs, a_scene(jobs=[job])).cause


def test_a_container_killed_for_memory_is_named_so() -> None:
    scene = a_scene(jobs=[_job()], pods=[_ended(137, reason="OOMKilled")])
    assert "exit code 137 (OOMKilled)" in the_only(jobs, scene).cause


def test_a_job_that_is_tried_again_limps() -> None:
    finding = the_only(jobs, a_scene(jobs=[_job(reason="")], pods=[_ended(1)]))
    assert (finding.reason, finding.severity) == ("JobRetrying", "warning")
    assert "has failed 3 times and is tried again until its backoffLimit of 2" in finding.cause


@pytest.mark.parametrize(
    "job",
    [
        {"metadata": meta("a"), "status": {"conditions": [state("Complete", "True")]}},
        {"metadata": meta("a"), "status": {"active": 1}},
        {"metadata": meta("a"), "status": {"failed": 1, "succeeded": 1,
                                           "conditions": [state("Complete", "True")]}},
        {},
    ],
    ids=["done", "running", "done at the second try", "odd"],
)  # fmt: skip
def test_these_jobs_are_no_faults(job: Json) -> None:
    assert reasons(jobs, a_scene(jobs=[job])) == []


def test_a_suspended_job_is_worth_knowing() -> None:
    job = {"metadata": meta("later"), "spec": {"suspend": True}, "status": {}}
    finding = the_only(jobs, a_scene(jobs=[job]))
    assert (finding.reason, finding.severity) == ("JobSuspended", "info")


def test_a_failure_of_long_ago_only_limps() -> None:
    assert the_only(jobs, a_scene(jobs=[_job(failed_ago=90_000)])).severity == "warning"


# CronJobs


def _cron(schedule: str = "*/10 * * * *", *, ran_ago: float | None = 500, **more: object) -> Json:
    status = {"lastScheduleTime": ago(ran_ago)} if ran_ago is not None else {}
    found: Json = {
        "metadata": meta("report", age=90_000),
        "spec": {"schedule": schedule, "concurrencyPolicy": "Allow"},
        "status": {**status, "lastSuccessfulTime": ago(ran_ago - 5) if ran_ago else ago(90_000)},
    }
    for key, value in more.items():
        found["status" if key in {"active", "lastSuccessfulTime"} else "spec"][key] = value
    return found


def _run(name: str, failed_ago: float) -> Json:
    return _job(name, owner=("CronJob", "report"), failed_ago=failed_ago)


def test_failed_runs_are_told_once_at_their_cronjob() -> None:
    runs = [_run("report-1", 1200), _run("report-2", 600)]
    pods = [_ended(1, job="report-2", name="report-2-a")]
    finding = the_only(jobs, a_scene(jobs=runs, cronjobs=[_cron(lastSuccessfulTime="")], pods=pods))
    assert finding.about == Ref("CronJob", "shop", "report")
    assert "The last run that failed, Job `report-2`, was given up" in finding.cause
    assert finding.cause.endswith(" 2 of its 2 last runs failed.")


@pytest.mark.parametrize(
    ("failed_ago", "expected"), [(1200, ["info"]), (100_000, [])], ids=["today", "long ago"]
)
def test_a_failed_run_before_a_success_is_over(failed_ago: float, expected: list[str]) -> None:
    scene = a_scene(jobs=[_run("report-1", failed_ago)], cronjobs=[_cron()])
    assert [each.severity for each in jobs.check(scene)] == expected


def test_a_cronjob_that_runs_is_no_fault() -> None:
    assert reasons(jobs, a_scene(cronjobs=[_cron(), _cron("@every 5m"), _cron("0 0 1 1 *")])) == []


def test_a_cronjob_that_was_made_after_its_hour_is_no_fault() -> None:
    cron = _cron("0 3 * * *", ran_ago=None)
    cron["metadata"]["creationTimestamp"] = ago(300)
    assert reasons(jobs, a_scene(cronjobs=[cron])) == []


def test_missed_runs_are_counted() -> None:
    finding = the_only(jobs, a_scene(cronjobs=[_cron(ran_ago=3600)]))
    assert (finding.reason, finding.severity) == ("MissedRuns", "warning")
    assert "did not start: 5 times, last at 2026-03-04T11:50:00Z" in finding.cause
    assert f"its last run was at {ago(3600)}" in finding.cause


def test_a_run_that_hangs_keeps_the_next_from_starting() -> None:
    active = [{"kind": "Job", "name": "report-7"}]
    cron = _cron(ran_ago=3600, concurrencyPolicy="Forbid", active=active)
    finding = the_only(jobs, a_scene(cronjobs=[cron]))
    assert finding.reason == "RunHangs"
    assert "`report-7`" in finding.cause
    assert Ref("Job", "shop", "report-7") in finding.because_of


def test_a_suspended_cronjob_is_worth_knowing_and_misses_nothing() -> None:
    finding = the_only(jobs, a_scene(cronjobs=[_cron(ran_ago=50_000, suspend=True)]))
    assert (finding.reason, finding.severity) == ("CronJobSuspended", "info")


@pytest.mark.parametrize(
    ("reason", "message", "expected", "severity"),
    [
        ("UnparseableSchedule", 'unparseable schedule: "a" : nope', "InvalidSchedule", "critical"),
        ("UnknownTimeZone", 'invalid timeZone: "Mars": unknown', "InvalidSchedule", "critical"),
        ("FailedCreate", ("Error creating job: jobs.batch is forbidden: exceeded quota: q, "
         "requested: count/jobs.batch=1, used: count/jobs.batch=2, limited: count/jobs.batch=2"),
         "QuotaExceeded", "critical"),
        ("MissSchedule", "Missed scheduled time to start a job: Wed", "MissedRuns", "warning"),
        ("TooManyMissedTimes", "too many missed start times", "MissedRuns", "warning"),
    ],
)  # fmt: skip
def test_the_controllers_events_say_why_nothing_starts(
    reason: str, message: str, expected: str, severity: str
) -> None:
    event = an_event("CronJob", "report", reason, message)
    finding = the_only(jobs, a_scene(cronjobs=[_cron()], events=[event]))
    assert (finding.reason, finding.severity) == (expected, severity)


def test_an_event_from_before_the_last_run_is_over() -> None:
    event = an_event("CronJob", "report", "MissSchedule", "Missed", age=800)
    assert reasons(jobs, a_scene(cronjobs=[_cron()], events=[event])) == []


def test_runs_that_vanish_without_a_success_are_told() -> None:
    cron = _cron("0 * * * *", ran_ago=3600, lastSuccessfulTime=ago(90_000))
    cron["status"]["lastScheduleTime"] = ago(700)
    finding = the_only(jobs, a_scene(cronjobs=[cron]))
    assert finding.reason == "RunsDoNotSucceed"
    assert f"the last success was at {ago(90_000)}" in finding.cause


def test_a_job_past_its_deadline_says_that_its_pod_is_gone() -> None:
    late = _job(reason="DeadlineExceeded", activeDeadlineSeconds=15)
    finding = the_only(jobs, a_scene(jobs=[late]))
    assert "activeDeadlineSeconds of 15 s. The pod that ran then was deleted" in finding.cause
