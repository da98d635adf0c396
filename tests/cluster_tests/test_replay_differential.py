"""A recording says what the server said: every permitted command, with both kubectls, on both."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.tools.policy import judge
from tests.apiserver import metrics, workloads
from tests.apiserver.server import NODE, ApiServer
from tests.cluster_tests import test_policy_differential as policy
from tests.tools.kubectl import lines

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(120)]

NAMESPACE = "fair"
OTHERS = {
    "kubectl auth whoami": "a recording does not say who made it",
}
"""Lines whose answers differ, and why."""

_ROOT = Path(__file__).parents[2]
_WITHIN_SECONDS = 20
_AGE = re.compile(r"(?<![\w.-])(\d+(\.\d+)?(ms|[smhdy]))+(?![\w-])")
_MOMENTS = (
    re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"),
    re.compile(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}"),
)
_ADDRESS = re.compile(r"https?://127\.0\.0\.1:\d+")


class Pair(NamedTuple):
    """The kubeconfigs of the server and of its recording."""

    real: Path
    recorded: Path


def set_up(apiserver: ApiServer) -> None:
    """Pods in each kind of trouble, and what the commands name."""
    client = apiserver.client
    workloads.add_namespace(client, NAMESPACE)
    deployments = [
        workloads.add_deployment(client, NAMESPACE, name) for name in ("web", "checkout")
    ]
    for each in deployments:
        workloads.add_replicaset(client, NAMESPACE, each)
    states = {
        "web": workloads.healthy(),
        "web-0": workloads.crash_looping(),
        "web-1": workloads.out_of_memory(),
        "checkout-7d9f8-abcde": workloads.image_pull_backoff(),
        "late": workloads.unschedulable(),
    }
    for name, status in states.items():
        labels = {"app": name.partition("-")[0]}
        pod = workloads.add_pod(client, NAMESPACE, name, status, labels=labels)
        workloads.add_event(client, pod, "BackOff", f"Back-off restarting {name}", count=12)
        if name != "late":
            workloads.add_log(apiserver, NAMESPACE, name, "started\nworking\nstopped\n")
            workloads.add_log(apiserver, NAMESPACE, name, "gave up\n", previous=True)
    for path, body in policy.objects():
        if not path.endswith("/secrets"):
            client.post(path.replace(policy.NAMESPACE, NAMESPACE), body)


def measure(apiserver: ApiServer) -> None:
    """What the API of metrics says of some of the pods: those that are not well use most."""
    used = {"web": ("7m", "20Mi"), "web-0": ("1200m", "1Gi"), "web-1": ("90m", "300Mi")}
    pods = [
        metrics.pod(NAMESPACE, name, {"app": "web"}, {"app": (cpu, memory), "side": ("1m", "3Mi")})
        for name, (cpu, memory) in used.items()
    ]
    metrics.start(apiserver, pods, [metrics.node(NODE, {"zone": "a"}, "1300m", "2Gi")])


@pytest.fixture(scope="module")
def apiserver(own_apiserver: ApiServer) -> ApiServer:
    return own_apiserver


@pytest.fixture(scope="module")
def kubectls(apiserver: ApiServer) -> list[Path]:
    return list(apiserver.kubectls)


@pytest.fixture(scope="module")
def pair(apiserver: ApiServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    set_up(apiserver)
    measure(apiserver)
    home = tmp_path_factory.mktemp("recorded")
    folder, kubeconfig = home / "recordings" / "fair", home / "kubeconfig"
    folder.parent.mkdir()
    done = kaia(home, apiserver.kubeconfig, "record", "-o", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    argv = [sys.executable, "-m", "bot", "replay", str(folder), "--kubeconfig", str(kubeconfig)]
    with subprocess.Popen(argv, cwd=_ROOT, env=environ(home, None)) as served:
        until(kubeconfig, served)
        yield Pair(apiserver.kubeconfig, kubeconfig)
        served.terminate()
        assert served.wait(10) == 0
    assert not kubeconfig.exists()


def kaia(home: Path, kubeconfig: Path, *argv: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *argv],
        cwd=_ROOT,
        env=environ(home, kubeconfig),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def environ(home: Path, kubeconfig: Path | None) -> dict[str, str]:
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent)])
    found = {"PATH": path, "HOME": str(home)}
    return found if kubeconfig is None else {**found, "KUBECONFIG": str(kubeconfig)}


def until(kubeconfig: Path, served: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _WITHIN_SECONDS
    while not kubeconfig.exists():
        assert served.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)


def ask(program: Path, kubeconfig: Path, home: Path, argv: tuple[str, ...]) -> tuple[int, str]:
    home.mkdir()
    done = subprocess.run(
        [str(program), *argv],
        env={
            "PATH": str(home),
            "HOME": str(home),
            "KUBECACHEDIR": str(home / "cache"),
            "KUBECONFIG": str(kubeconfig),
            "KUBECTL_KUBERC": "false",
            "KUBERC": "off",
        },
        cwd=home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    # What looks like an age there is a share of a CPU.
    said = done.stdout if argv[0] == "top" else normal(done.stdout)
    # Of several pods kubectl reads the logs at once, and prints what comes first.
    if argv[0] == "logs" and not argv[1][0].isalpha():
        said = "\n".join(sorted(said.splitlines()))
    return done.returncode, said + normal(done.stderr)


def normal(text: str) -> str:
    """Without the address, and without what a second more changes: ages, times, columns' width."""
    text = _ADDRESS.sub("<address>", text)
    for moment in _MOMENTS:
        text = moment.sub("<time>", text)
    text = _AGE.sub("<age>", text)
    # klog's own lines hold the process and the time.
    kept = [line for line in text.splitlines() if not re.match(r"[EWI]\d{4} ", line)]
    return "\n".join(re.sub(r"[ \t]+", " ", line).rstrip() for line in kept)


def all_lines() -> list[str]:
    return list(dict.fromkeys(lines.permitted()))


# The first: what is found changes with the ages of things, and those of a recording stand still.
def test_the_first_look_finds_the_same_in_the_recording(pair: Pair, tmp_path: Path) -> None:
    real, recorded = (
        json.loads(kaia(tmp_path, each, "triage", "-n", NAMESPACE, "--json").stdout)
        for each in pair
    )

    assert real["findings"]
    assert normal(json.dumps(recorded)) == normal(json.dumps(real))


@pytest.mark.parametrize("line", all_lines())
@pytest.mark.parametrize("which", [0, 1], ids=["newest", "own"])
def test_a_permitted_command_gets_the_servers_answer_from_the_recording(
    kubectls: list[Path], pair: Pair, tmp_path: Path, line: str, which: int
) -> None:
    here = line.replace("shop", NAMESPACE).replace("worker-1", NODE)
    argv = judge(here, namespace=NAMESPACE).argv[1:]
    program = kubectls[which]
    real = ask(program, pair.real, tmp_path / "real", argv)
    recorded = ask(program, pair.recorded, tmp_path / "recorded", argv)

    if any(line.startswith(each) for each in OTHERS):
        assert recorded != real
    else:
        assert recorded == real


@pytest.mark.parametrize(
    "line",
    [
        "get pods --field-selector=spec.color=red",
        "get deployments -A --field-selector=spec.color=red",
        "get pods -A -l a=b=c",
        "get pods -A --chunk-size=2 -o name",
        "get pods,deployments,services -A --chunk-size=1",
        "get pods nothing -n fair",
        "get deployments.apps nothing -n fair",
        "get nothings",
        "get all -A -o yaml",
        "get all -A -o json",
        "get pods -A --sort-by=.metadata.creationTimestamp -o wide",
        "describe all -n fair --show-events=true",
        "logs web-0 -c nothing -n fair",
        "logs nothing -n fair",
        "logs late -n fair",
        "logs web-0 -n fair --since=1s",
        "logs web-0 -n fair --limit-bytes=9",
        "logs -l app=web -n fair --all-containers --prefix --tail=1",
        "get deployments web -n fair --subresource=scale",
        "get pods -n nowhere",
        "get namespaces nowhere",
        "api-resources -o wide --sort-by=name",
        "api-resources --api-group=apps",
        "explain deployments.spec.strategy",
        "explain pods --recursive",
        "auth can-i --list -n fair",
        "auth can-i delete pods",
        "auth can-i get /healthz",
        "auth can-i list nodes",
        "get events.events.k8s.io -n fair",
        "get events.events.k8s.io -n fair -o json",
        "get events.events.k8s.io -A -o wide --sort-by=.deprecatedLastTimestamp",
        "get events.events.k8s.io -n fair --field-selector=regarding.name=web-0 -o name",
        "get events.events.k8s.io -n fair --field-selector=involvedObject.name=web-0",
        "describe events.events.k8s.io -n fair",
        "explain events --api-version=events.k8s.io/v1",
        "top pods -A --containers",
        "top pods -n fair --sort-by=memory",
        "top pods -n fair --sort-by=cpu --containers",
        "top pods -n fair -l app=web --sum",
        "top pods -n nowhere",
        "top pod nothing -n fair",
        "top nodes --sort-by=memory",
        "top nodes -l zone=b",
        "top node nothing",
        "get pods.metrics.k8s.io -A",
        "get nodes.metrics.k8s.io -o yaml",
        "describe pods.metrics.k8s.io web -n fair",
        "api-resources --api-group=metrics.k8s.io",
    ],
)
@pytest.mark.parametrize("which", [0, 1], ids=["newest", "own"])
def test_what_goes_wrong_or_comes_in_pages_is_said_in_the_servers_words(
    kubectls: list[Path], pair: Pair, tmp_path: Path, line: str, which: int
) -> None:
    argv, program = tuple(line.split()), kubectls[which]

    real = ask(program, pair.real, tmp_path / "real", argv)
    recorded = ask(program, pair.recorded, tmp_path / "recorded", argv)

    assert recorded == real


@pytest.mark.parametrize(
    "line",
    [
        "get pods -n fair -w --request-timeout=1s",
        "get pods -n fair --watch-only --request-timeout=1s",
        "get events.events.k8s.io -n fair -w --request-timeout=1s",
        "wait pod/web-0 -n fair --for=condition=Ready --timeout=1s",
        "wait pod/web -n fair --for=jsonpath={.status.phase}=Running --timeout=1s",
        "wait pod/web-0 -n fair --for=delete --timeout=1s",
        "rollout status deploy/web -n fair --watch --timeout=1s",
        "logs web-0 -n fair -f",
    ],
)
@pytest.mark.parametrize("which", [0, 1], ids=["newest", "own"])
def test_who_waits_for_a_change_is_told_what_there_is_and_then_nothing(
    kubectls: list[Path], pair: Pair, tmp_path: Path, line: str, which: int
) -> None:
    argv, program = tuple(line.split()), kubectls[which]

    real = ask(program, pair.real, tmp_path / "real", argv)
    recorded = ask(program, pair.recorded, tmp_path / "recorded", argv)

    assert recorded == real


def test_the_older_openapi_is_refused_with_what_to_do(
    kubectls: list[Path], pair: Pair, tmp_path: Path
) -> None:
    argv = ("explain", "pods", "--output=plaintext-openapiv2")
    code, wrote = ask(kubectls[1], pair.recorded, tmp_path / "recorded", argv)

    assert code == 1
    assert "leave --output away" in wrote


def test_metrics_were_measured_for_this_test(
    kubectls: list[Path], pair: Pair, tmp_path: Path
) -> None:
    argv = ("top", "pods", "-n", NAMESPACE, "--no-headers", "--sort-by=memory")
    code, wrote = ask(kubectls[0], pair.recorded, tmp_path / "recorded", argv)

    assert code == 0
    assert [line.split() for line in wrote.splitlines()] == [
        ["web-0", "1201m", "1027Mi"],
        ["web-1", "91m", "303Mi"],
        ["web", "8m", "23Mi"],
    ]


@pytest.mark.parametrize(
    "line", ["delete pod web-0 -n fair", "scale deployment web -n fair --replicas=3"]
)
def test_nothing_changes_in_a_recording(
    kubectls: list[Path], pair: Pair, tmp_path: Path, line: str
) -> None:
    code, wrote = ask(kubectls[0], pair.recorded, tmp_path / "recorded", tuple(line.split()))

    assert code == 1
    assert "this is a recording" in wrote
