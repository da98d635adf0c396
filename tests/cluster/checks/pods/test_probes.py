"""What is said of probes that fail."""

from typing import Any

import pytest

from bot.cluster.checks.pods.pods import check
from bot.cluster.findings import is_confirmed
from tests.doubles.ailing_pods import (
    Json,
    a_pod,
    a_scene,
    ago,
    an_event,
    ended,
    looping,
    running,
    the_only,
)

_REFUSED = (
    'Get "http://10.244.0.7:8080/healthz": dial tcp 10.244.0.7:8080: connect: connection refused'
)


def _http(port: int | str, **more: Any) -> Json:
    return {"httpGet": {"path": "/healthz", "port": port, "scheme": "HTTP"}, **more}


def _box(**more: Any) -> Json:
    ports = [{"name": "http", "containerPort": 80, "protocol": "TCP"}]
    return {"name": "app", "image": "nginx:1.27", "ports": ports, **more}


def _unhealthy(kind: str, said: str, count: int = 20) -> Json:
    return an_event("Unhealthy", f"{kind} probe failed: {said}", count=count)


def test_a_readiness_probe_on_an_undeclared_port_is_compared_with_the_declared_one() -> None:
    pod = a_pod(_box(readinessProbe=_http(8080)), statuses=[running(ready=False)])
    finding = the_only(a_scene(pod, events=[_unhealthy("Readiness", _REFUSED)]))
    assert finding.reason == "ReadinessFailed"
    assert finding.severity == "critical"
    assert finding.cause == (
        "Container `app` runs and is not ready: its readiness probe (HTTP GET /healthz on port "
        f"8080) fails: “{_REFUSED}”; the container declares port 80."
    )
    assert is_confirmed(finding)


def test_that_a_probe_is_declared_is_no_second_sign_that_it_fails() -> None:
    pod = a_pod(_box(readinessProbe=_http(80)), statuses=[running(ready=False)])
    finding = the_only(a_scene(pod))
    assert finding.reason == "ReadinessFailed"
    assert not is_confirmed(finding)


def test_a_probe_of_a_port_that_is_not_there_is_shown_by_the_spec_alone() -> None:
    pod = a_pod(_box(readinessProbe=_http("htp")), statuses=[running(ready=False)])
    assert is_confirmed(the_only(a_scene(pod)))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("HTTP probe failed with statuscode: 404", "“HTTP probe failed with statuscode: 404”"),
        (('Get "http://10.0.0.1:80/": context deadline exceeded (Client.Timeout exceeded while '
         "awaiting headers)"), "awaiting headers)” (it allows 2 s)"),
    ],
)  # fmt: skip
def test_a_probe_of_the_declared_port_is_told_with_its_answer(said: str, expected: str) -> None:
    probe = _http(80, timeoutSeconds=2)
    pod = a_pod(_box(readinessProbe=probe), statuses=[running(ready=False)])
    cause = the_only(a_scene(pod, events=[_unhealthy("Readiness", said)])).cause
    assert expected in cause
    assert "declares" not in cause


def test_a_named_port_that_no_container_has_is_told_with_a_near_name() -> None:
    pod = a_pod(_box(readinessProbe=_http("htp")), statuses=[running(25, ready=False)])
    message = (
        "Readiness probe errored and resulted in unknown state: strconv.Atoi: parsing "
        '"htp": invalid syntax'
    )
    finding = the_only(a_scene(pod, events=[an_event("Unhealthy", message)]))
    assert "the container has no port named `htp` (it has `http`)" in finding.cause
    assert "Did you mean `http`?" in finding.cause
    assert "“strconv.Atoi" in finding.cause


def test_a_liveness_probe_that_fails_too_is_mentioned_and_no_second_finding() -> None:
    box = _box(readinessProbe=_http(8080), livenessProbe=_http(8080, failureThreshold=99))
    pod = a_pod(box, statuses=[running(ready=False)])
    events = [_unhealthy("Readiness", _REFUSED), _unhealthy("Liveness", _REFUSED)]
    assert "the liveness probe fails as well" in the_only(a_scene(pod, events=events)).cause


@pytest.mark.parametrize("code", [0, 137, 143])
def test_a_liveness_probe_that_kills_the_container_is_the_cause(code: int) -> None:
    reason = "Completed" if code == 0 else "Error"
    pod = a_pod(
        _box(livenessProbe=_http(8080)), statuses=[looping(code, reason, since=40, lasted=30)]
    )
    finding = the_only(a_scene(pod, events=[_unhealthy("Liveness", _REFUSED)]))
    assert finding.reason == "LivenessFailed"
    assert "is killed and restarted by its liveness probe" in finding.cause
    assert "; the container declares port 80, 5 restarts, last with exit code" in finding.cause
    assert is_confirmed(finding)


def test_a_container_killed_by_its_liveness_probe_is_told_while_it_runs_again() -> None:
    last = ended(137, since=20, lasted=60)
    pod = a_pod(
        _box(livenessProbe=_http(80)), statuses=[running(19, restartCount=3, lastState=last)]
    )
    events = [_unhealthy("Liveness", "HTTP probe failed with statuscode: 500", count=9)]
    assert the_only(a_scene(pod, events=events)).reason == "LivenessFailed"


def test_a_program_that_crashes_by_itself_is_not_blamed_on_its_liveness_probe() -> None:
    pod = a_pod(_box(livenessProbe=_http(80)), statuses=[looping(1, since=40, lasted=30)])
    events = [_unhealthy("Liveness", "connect: connection refused", count=2)]
    assert the_only(a_scene(pod, events=events)).reason == "CrashLoopBackOff"


def test_an_old_failure_of_the_liveness_probe_is_not_blamed_for_a_later_kill() -> None:
    last = ended(137, since=30, lasted=900)
    status = running(29, restartCount=3, lastState=last)
    pod = a_pod(_box(livenessProbe=_http(80)), statuses=[status])
    old = an_event("Unhealthy", "Liveness probe failed: x", count=9, first=3000, last=2000)
    assert the_only(a_scene(pod, events=[old])).reason == "ContainerRestarted"


def test_a_loop_is_the_probes_doing_though_the_kubelet_tells_only_some_of_its_failures() -> None:
    pod = a_pod(_box(livenessProbe=_http(80)), statuses=[looping(137, since=40, lasted=30)])
    older = an_event("Unhealthy", "Liveness probe failed: x", count=9, first=600, last=300)
    assert the_only(a_scene(pod, events=[older])).reason == "LivenessFailed"


@pytest.mark.parametrize(("count", "reason"), [(3, "LivenessFailed"), (2, "CrashLoopBackOff")])
def test_a_patient_probe_is_blamed_after_a_few_failures_that_were_told(
    count: int, reason: str
) -> None:
    probe = _http(80, failureThreshold=30, periodSeconds=1)
    pod = a_pod(_box(livenessProbe=probe), statuses=[looping(137, since=40, lasted=35)])
    events = [_unhealthy("Liveness", "x", count=count)]
    assert the_only(a_scene(pod, events=events)).reason == reason


@pytest.mark.parametrize(("count", "reason"), [(15, "LivenessFailed"), (14, "CrashLoopBackOff")])
def test_an_exit_code_of_its_own_needs_a_failed_probe_for_every_restart(
    count: int, reason: str
) -> None:
    pod = a_pod(_box(livenessProbe=_http(80)), statuses=[looping(1, since=40, lasted=30)])
    events = [_unhealthy("Liveness", "x", count=count)]
    assert the_only(a_scene(pod, events=events)).reason == reason


def test_a_run_that_was_too_short_for_the_probe_is_not_blamed_on_it() -> None:
    pod = a_pod(_box(livenessProbe=_http(80)), statuses=[looping(137, since=40, lasted=3)])
    events = [_unhealthy("Liveness", "refused")]
    assert the_only(a_scene(pod, events=events)).reason == "CrashLoopBackOff"


def test_a_startup_probe_that_kills_the_container_is_the_cause() -> None:
    probe = _http(8080, failureThreshold=3, periodSeconds=5)
    pod = a_pod(_box(startupProbe=probe), statuses=[looping(137, since=40, lasted=16)])
    finding = the_only(a_scene(pod, events=[_unhealthy("Startup", _REFUSED)]))
    assert finding.reason == "StartupFailed"
    assert "by its startup probe (HTTP GET /healthz on port 8080)" in finding.cause


@pytest.mark.parametrize(
    ("port", "since", "severity"),
    [(80, 30, None), (80, 90, "info"), (80, 400, "critical"), (8080, 30, "critical")],
)
def test_a_slow_start_within_its_time_is_no_fault(
    port: int, since: float, severity: str | None
) -> None:
    probe = _http(port, failureThreshold=30)
    status = running(since, ready=False, started=False)
    pod = a_pod(_box(startupProbe=probe), statuses=[status], age=since + 5)
    found = list(check(a_scene(pod, events=[_unhealthy("Startup", "refused")])))
    assert [each.severity for each in found] == ([severity] if severity else [])


@pytest.mark.parametrize(("since", "delay", "count"), [(20, 0, 0), (50, 0, 1), (50, 60, 0)])
def test_a_container_has_time_to_become_ready(since: float, delay: int, count: int) -> None:
    probe = _http(80, initialDelaySeconds=delay)
    pod = a_pod(_box(readinessProbe=probe), statuses=[running(since, ready=False)])
    assert len(list(check(a_scene(pod)))) == count


def test_without_events_the_state_speaks_alone() -> None:
    pod = a_pod(_box(readinessProbe=_http(80)), statuses=[running(7200, ready=False)], age=7300)
    finding = the_only(a_scene(pod))
    assert finding.cause.endswith("its readiness probe (HTTP GET /healthz on port 80) fails.")
    assert finding.since == ago(7295)


def test_a_ready_container_with_an_old_event_is_well() -> None:
    pod = a_pod(_box(readinessProbe=_http(80)), statuses=[running()])
    assert not list(check(a_scene(pod, events=[_unhealthy("Readiness", "x", count=1)])))


def test_an_event_of_another_container_is_not_taken_for_this_one() -> None:
    boxes = [_box(readinessProbe=_http(80)), {**_box(readinessProbe=_http(80)), "name": "other"}]
    statuses = [running(ready=False), {**running(), "name": "other"}]
    event = an_event("Unhealthy", "Readiness probe failed: of other", container="other")
    assert (
        "of other" not in the_only(a_scene(a_pod(*boxes, statuses=statuses), events=[event])).cause
    )


def test_a_command_that_the_image_lacks_is_told_without_who_passed_it_on() -> None:
    said = (
        "Readiness probe errored and resulted in unknown state: rpc error: code = Unknown desc = "
        'failed to exec in container: failed to start exec "ca92": OCI runtime exec failed: exec '
        'failed: unable to start container process: exec: "curl": executable file not found in '
        "$PATH: unknown"
    )
    box = {"name": "app", "readinessProbe": {"exec": {"command": ["curl", "localhost"]}}}
    pod = a_pod(box, statuses=[running(ready=False)])
    finding = the_only(a_scene(pod, events=[an_event("Unhealthy", said, count=9)]))
    assert 'fails: “exec: "curl": executable file not found in $PATH”' in finding.cause
