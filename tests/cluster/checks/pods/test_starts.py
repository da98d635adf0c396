"""What is said of containers that cannot be started."""

import pytest

from bot.cluster.checks.pods.pods import check, needs
from bot.cluster.findings import is_confirmed
from tests.doubles.ailing_pods import a_pod, a_scene, an_event, ended, looping, the_only, waiting

_RUNC = (
    "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc "
    "create failed: unable to start container process: error during container init: "
)


def _start_error(tail: str) -> str:
    return f"{_RUNC}{tail}: unknown"


@pytest.mark.parametrize(
    ("tail", "expected"),
    [
        ('exec: "srv": executable file not found in $PATH', "`srv` is not found in the image"),
        ('exec: "/srv": stat /srv: no such file or directory', "`/srv` does not exist"),
        ('exec: "/srv": permission denied', "`/srv` may not be executed"),
        ('exec: "/etc": is a directory', "`/etc` is a directory"),
        ('error mounting "/var/lib/kubelet/x" to rootfs at "/etc/a.conf": not a directory',
         "a file is mounted where a directory is"),
        ("something new", "cannot be started: “something new”"),
    ],
)  # fmt: skip
def test_what_the_runtime_says_of_a_start_is_explained(tail: str, expected: str) -> None:
    pod = a_pod(statuses=[looping(128, "StartError", message=_start_error(tail))])
    finding = the_only(a_scene(pod))
    assert finding.reason == "RunContainerError"
    assert expected in finding.cause
    assert finding.cause.count("unknown") == 0
    assert not list(needs(a_scene(pod)))


def test_a_command_that_is_not_there_is_shown_in_the_spec() -> None:
    box = {"name": "app", "image": "nginx:1.27", "command": ["ngnix", "-g", "daemon off;"]}
    message = _start_error('exec: "ngnix": executable file not found in $PATH')
    pod = a_pod(box, statuses=[waiting("RunContainerError", message, restartCount=1)])
    event = an_event("Failed", f"Error: {message}")
    finding = the_only(a_scene(pod, events=[event]))
    assert finding.cause == (
        "Container `app` cannot be started: its command `ngnix` is not found in the image "
        '(“exec: "ngnix": executable file not found in $PATH”).'
    )
    assert any(e.path.endswith("spec.containers[app].command[0]") for e in finding.evidence)
    assert is_confirmed(finding)


def test_a_failed_start_is_one_finding_whatever_state_each_pod_is_in() -> None:
    message = _start_error('exec: "srv": executable file not found in $PATH')
    one = a_pod(statuses=[looping(128, "StartError", message=message)], name="web-7c9d8b6f5d-a")
    two = a_pod(statuses=[waiting("RunContainerError", message)], name="web-7c9d8b6f5d-b")
    assert len(the_only(a_scene(one, two)).pods) == 2


def test_a_pod_that_is_never_restarted_and_could_not_start_is_told() -> None:
    message = _start_error('exec: "srv": executable file not found in $PATH')
    state = ended(128, "StartError", message=message)
    status = {"name": "app", "ready": False, "restartCount": 0, "state": state}
    pod = a_pod(statuses=[status], phase="Failed", owner=None, spec={"restartPolicy": "Never"})
    assert the_only(a_scene(pod)).reason == "RunContainerError"


@pytest.mark.parametrize(
    ("reason", "message", "expected"),
    [
        ("CreateContainerConfigError", ("container has runAsNonRoot and image will run as root "
         '(pod: "web_shop(1)", container: app)'), "cannot be created: `runAsNonRoot` forbids it"),
        ("CreateContainerError", ('failed to generate container "x" spec: failed to generate spec: '
         "no command specified"), "neither the image nor the spec names a command"),
        ("PostStartHookError", "PostStartHook failed", "its `postStart` hook fails (“PostStart"),
        ("CreateContainerError", "", "cannot be created: nothing says why."),
    ],
)  # fmt: skip
def test_waiting_reasons_are_told_with_their_message(
    reason: str, message: str, expected: str
) -> None:
    finding = the_only(a_scene(a_pod(statuses=[waiting(reason, message)], phase="Pending")))
    assert finding.reason == reason
    assert expected in finding.cause


def test_a_mount_and_a_forbidden_user_are_shown_in_the_spec() -> None:
    mount = {"name": "conf", "mountPath": "/etc/a.conf"}
    box = {"name": "app", "image": "a", "volumeMounts": [mount]}
    said = _start_error('error mounting "/x" to rootfs at "/etc/a.conf": not a directory')
    mounted = the_only(a_scene(a_pod(box, statuses=[waiting("RunContainerError", said)])))
    assert mounted.evidence[1].path.endswith("volumeMounts[conf].mountPath")
    said = "container has runAsNonRoot and image will run as root"
    pod = a_pod(
        statuses=[waiting("CreateContainerConfigError", said)],
        spec={"securityContext": {"runAsNonRoot": True}},
    )
    assert the_only(a_scene(pod)).evidence[1].path.endswith(":spec.securityContext.runAsNonRoot")


def test_a_hook_that_fails_after_the_start_is_told_while_the_kubelet_holds_back() -> None:
    pod = a_pod(statuses=[looping(137)])
    said = 'Exec lifecycle hook ([/warm.sh]) for Container "app" in Pod "web" failed'
    finding = the_only(a_scene(pod, events=[an_event("FailedPostStartHook", said)]))
    assert finding.reason == "PostStartHookError"
    assert "its `postStart` hook fails (“Exec lifecycle hook ([/warm.sh])" in finding.cause
    assert is_confirmed(finding)


def test_a_start_that_failed_once_and_works_now_is_history() -> None:
    status = {
        "name": "app",
        "ready": True,
        "restartCount": 1,
        "state": {"running": {"startedAt": "2026-03-04T11:00:00Z"}},
        "lastState": ended(128, "StartError", since=3700),
    }
    assert not list(check(a_scene(a_pod(statuses=[status]))))


def test_a_command_line_in_one_word_is_said_to_be_one() -> None:
    message = _start_error('exec: "srv --port 80": executable file not found in $PATH')
    pod = a_pod(statuses=[looping(128, "StartError", message=message)])
    assert "It is one word with spaces in it" in the_only(a_scene(pod)).cause


def test_the_command_of_a_hook_that_fails_is_quoted() -> None:
    hook = {"postStart": {"exec": {"command": ["cp", "/a", "/b"]}}}
    box = {"name": "app", "image": "a:1", "lifecycle": hook}
    pod = a_pod(box, statuses=[looping(137)])
    event = an_event("FailedPostStartHook", "PostStartHook failed")
    assert "its `postStart` hook (“cp /a /b”) fails" in the_only(a_scene(pod, events=[event])).cause
