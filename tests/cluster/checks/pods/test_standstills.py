"""What is said of pods that stay in creation, and of init containers that do not end."""

import pytest

from bot.cluster.checks.pods.pods import check, needs
from bot.cluster.findings import Ref
from bot.cluster.needs import LogOf
from tests.doubles.ailing_pods import (
    POD,
    Json,
    a_node,
    a_pod,
    a_scene,
    ago,
    an_event,
    running,
    the_only,
    waiting,
)


def _creating(age: float = 240, **more: object) -> Json:
    pod = a_pod(statuses=[waiting("ContainerCreating")], phase="Pending", age=age)
    pod["spec"].update(more)
    return pod


@pytest.mark.parametrize(
    ("reason", "message"),
    [
        ("FailedMount", ('MountVolume.SetUp failed for volume "h" : hostPath type check failed: '
         "/data is not a directory")),
        ("FailedCreatePodSandBox", ("Failed to create pod sandbox: rpc error: code = Unknown "
         'desc = failed to get sandbox runtime: no runtime for "gvisor" is configured')),
        ("FailedAttachVolume", ('Multi-Attach error for volume "pvc-1" Volume is already used by '
         "pod(s) db-0")),
    ],
)  # fmt: skip
def test_what_holds_up_the_creation_is_quoted(reason: str, message: str) -> None:
    event = an_event(reason, message, container="", count=6)
    finding = the_only(a_scene(_creating(), events=[event]))
    assert finding.reason == reason
    assert finding.severity == "critical"
    assert message[:60] in finding.cause
    assert finding.since == ago(600)


def test_the_event_that_explains_is_preferred_to_the_one_that_sums_up() -> None:
    why = an_event("FailedMount", 'MountVolume.SetUp failed for volume "h" : no', container="")
    sums = an_event(
        "FailedMount",
        "Unable to attach or mount volumes: unmounted volumes=[h]",
        container="",
        last=1,
    )
    assert "SetUp failed" in the_only(a_scene(_creating(), events=[why, sums])).cause


def test_a_volume_that_cannot_be_attached_may_be_the_fault_of_its_claim() -> None:
    claim = {"name": "data", "persistentVolumeClaim": {"claimName": "data-db-0"}}
    event = an_event("FailedAttachVolume", "AttachVolume.Attach failed", container="")
    finding = the_only(a_scene(_creating(volumes=[claim]), events=[event]))
    assert Ref("PersistentVolumeClaim", "shop", "data-db-0") in finding.because_of


def test_a_volume_without_room_is_traced_to_a_tiny_memory_limit() -> None:
    box = {"name": "app", "image": "a", "resources": {"limits": {"memory": "64m"}}}
    event = an_event(
        "FailedMount",
        'MountVolume.SetUp failed for volume "kube-api-access-1" : no space left on device',
        container="",
    )
    cause = the_only(a_scene(_creating(containers=[box]), events=[event])).cause
    assert "The memory limit is 64m." in cause
    assert cause.endswith("Did you mean `64Mi`?")


def test_a_creation_without_any_event_is_a_guess_after_minutes() -> None:
    finding = the_only(a_scene(_creating()))
    assert finding.is_possible
    assert finding.severity == "warning"
    assert "in ContainerCreating for 4 min" in finding.cause


@pytest.mark.parametrize("age", [5, 40, 100])
def test_a_creation_that_has_just_begun_is_no_fault(age: float) -> None:
    passing = an_event(
        "FailedMount",
        'MountVolume.SetUp failed for volume "kube-api-access-1" : failed to sync configmap cache: '
        "timed out waiting for the condition",
        container="",
    )
    assert not list(check(a_scene(_creating(age), events=[passing])))


def test_a_pod_that_the_kubelet_does_not_take_up_points_at_its_node() -> None:
    pod = a_pod(phase="Pending", age=300)
    finding = the_only(a_scene(pod))
    assert finding.reason == "NotStarted"
    assert finding.because_of == (Ref("Node", "", "worker-1"),)
    assert "assigned to node `worker-1` for 5 min" in finding.cause


def test_a_pod_on_a_node_that_is_not_ready_yields_to_the_node() -> None:
    finding = the_only(a_scene(_creating(), nodes=[a_node(ready="Unknown")]))
    assert finding.reason == "NodeLost"
    assert finding.because_of == (Ref("Node", "", "worker-1"),)


def test_a_pod_without_a_node_is_left_to_others() -> None:
    pod = a_pod(phase="Pending", spec={"nodeName": ""})
    assert not list(check(a_scene(pod)))
    assert not list(needs(a_scene(pod)))


def _blocked(command: str, since: float = 400) -> Json:
    init = {"name": "wait", "image": "busybox", "command": ["sh", "-c", command]}
    status = {**running(since, ready=False), "name": "wait"}
    return a_pod(
        inits=[init],
        init_statuses=[status],
        statuses=[waiting("PodInitializing")],
        phase="Pending",
        age=since,
    )


def _services(*names: str) -> list[Json]:
    return [{"metadata": {"name": each, "namespace": "shop"}} for each in names]


@pytest.mark.parametrize(
    "command",
    [
        "until nslookup mydb; do echo waiting; sleep 2; done",
        (
            "until nslookup mydb.$(cat /var/run/secrets/kubernetes.io/serviceaccount/namespace)"
            ".svc.cluster.local; do sleep 2; done"
        ),
        "while ! nc -z mydb 5432; do sleep 1; done",
        "until wget -qO- http://mydb.shop.svc/healthz; do sleep 1; done",
        "until pg_isready -U app -h mydb; do sleep 1; done",
    ],
)
def test_an_init_container_that_waits_for_a_service_that_is_not_there(command: str) -> None:
    finding = the_only(a_scene(_blocked(command), services=_services("my-db", "web")))
    assert finding.reason == "PodInitializing"
    assert "it asks for `mydb`, and the namespace has no Service of this name" in finding.cause
    assert "Did you mean `my-db`?" in finding.cause
    assert any(each.path == "absent/service/mydb" for each in finding.evidence)


@pytest.mark.parametrize(
    "command", ["nslookup db", "curl https://example.com/x", "nc -z localhost 80", "sleep 9999"]
)
def test_an_init_container_that_asks_for_what_exists_is_only_slow(command: str) -> None:
    finding = the_only(a_scene(_blocked(command, since=120), services=_services("db")))
    assert finding.severity == "warning"
    assert "no Service" not in finding.cause


def test_the_last_words_of_a_blocking_init_container_are_quoted() -> None:
    scene = a_scene(_blocked("wait"))
    log = LogOf("shop", POD, "wait")
    assert list(needs(scene)) == [log]
    scene.logs[log] = ("waiting for db", "error: db is not there")
    assert "“error: db is not there”" in the_only(scene).cause


def test_an_init_container_that_has_just_begun_is_no_fault() -> None:
    assert not list(check(a_scene(_blocked("wait", since=30))))


def test_a_sidecar_that_runs_blocks_nothing() -> None:
    sidecar = {"name": "proxy", "image": "a", "restartPolicy": "Always"}
    pod = a_pod(
        inits=[sidecar], init_statuses=[{**running(900), "name": "proxy"}], statuses=[running()]
    )
    assert not list(check(a_scene(pod)))


def test_a_folder_that_its_node_does_not_have_is_said_to_be_of_the_node() -> None:
    said = "hostPath type check failed: /opt/certs is not a directory"
    event = an_event("FailedMount", f'MountVolume.SetUp failed for volume "certs" : {said}')
    volume = {"name": "certs", "hostPath": {"path": "/opt/certs", "type": "Directory"}}
    finding = the_only(a_scene(_creating(volumes=[volume]), events=[event]))
    assert finding.cause.endswith(
        "It is a path of node `worker-1` itself: volume `certs` wants that path to be a Directory."
    )


def test_a_host_that_a_variable_names_is_one_that_is_asked_for() -> None:
    pod = _blocked('until nc -w 1 "$DB_HOST" 5432; do sleep 1; done')
    pod["spec"]["initContainers"][0]["env"] = [{"name": "DB_HOST", "value": "mydb"}]
    finding = the_only(a_scene(pod, services=_services("my-db")))
    assert "it asks for `mydb`, and the namespace has no Service of this name" in finding.cause
