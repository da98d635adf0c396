"""Whatever the policy permits, a real kubectl only reads, and no Secret: the audit log says so."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.tools.policy import judge
from tests.apiserver import workloads
from tests.apiserver.client import Manifest
from tests.apiserver.server import NODE, ApiServer
from tests.tools.kubectl import lines

pytestmark = pytest.mark.cluster

NAMESPACE = "bazaar"
CANARY = "canary-5e0c77-never-shown"
DEADLINE_SECONDS = 30

READING = {"get", "list", "watch"}
REVIEWS = {"selfsubjectaccessreviews", "selfsubjectrulesreviews", "selfsubjectreviews"}
HARMLESS_SUBRESOURCES = {"", "log", "status", "scale"}
GRAMMAR = ("unknown flag", "unknown shorthand", "unknown command", "invalid argument", "needs an")


@pytest.fixture(scope="module", autouse=True)
def bazaar(apiserver: ApiServer) -> None:
    """Objects that point at Secrets, as describing them is what reads more than one asked for."""
    client = apiserver.client
    workloads.add_namespace(client, NAMESPACE)
    workloads.add_secret(client, NAMESPACE, "db", CANARY)
    for name in ("web", "checkout"):
        workloads.add_deployment(client, NAMESPACE, name)
    for name in ("web", "web-0", "web-1", "checkout-7d9f8-abcde"):
        labels = {"app": name.partition("-")[0]}
        pod = workloads.add_pod(client, NAMESPACE, name, workloads.healthy(), labels=labels)
        workloads.add_log(apiserver, NAMESPACE, name, "started\n")
        workloads.add_log(apiserver, NAMESPACE, name, "gave up\n", previous=True)
    workloads.add_event(client, pod, "BackOff", "Back-off restarting failed container")
    for path, body in objects():
        client.post(path, body)


def objects() -> list[tuple[str, Manifest]]:
    """A Service, a ConfigMap and more, each of a kind that the commands name."""
    core, apps = f"/api/v1/namespaces/{NAMESPACE}", f"/apis/apps/v1/namespaces/{NAMESPACE}"
    batch = f"/apis/batch/v1/namespaces/{NAMESPACE}"
    network = f"/apis/networking.k8s.io/v1/namespaces/{NAMESPACE}"
    labels = {"matchLabels": {"app": "web"}}
    container = {
        "name": "app",
        "image": workloads.IMAGE,
        "envFrom": [{"secretRef": {"name": "db"}}],
    }
    template: dict[str, Any] = {
        "metadata": {"labels": {"app": "web"}},
        "spec": {"containers": [container], "imagePullSecrets": [{"name": "db"}]},
    }
    once = {**template, "spec": {**template["spec"], "restartPolicy": "Never"}}
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    rule = {"http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}
    tls = [{"hosts": ["web.example"], "secretName": "db"}]
    token = {"annotations": {"kubernetes.io/service-account.name": "default"}}
    return [
        (f"{core}/services", manifest("web", spec={"ports": [{"port": 80}]})),
        (f"{core}/configmaps", manifest("web", data={"mode": "open"})),
        (
            f"{core}/secrets",
            manifest("default-token", **token, type="kubernetes.io/service-account-token"),
        ),
        (
            f"{apps}/statefulsets",
            manifest("db", spec={"serviceName": "db", "selector": labels, "template": template}),
        ),
        (
            f"{apps}/daemonsets",
            manifest("node-agent", spec={"selector": labels, "template": template}),
        ),
        (f"{batch}/jobs", manifest("migrate", spec={"template": once})),
        (f"{network}/ingresses", manifest("web", spec={"rules": [rule], "tls": tls})),
    ]


def manifest(name: str, annotations: dict[str, str] | None = None, **rest: Any) -> Manifest:
    return {"metadata": {"name": name, "annotations": annotations or {}}, **rest}


def run(
    apiserver: ApiServer, program: Path, kubeconfig: Path, home: Path, arguments: Sequence[str]
) -> tuple[str, list[dict[str, Any]]]:
    """All that kubectl wrote, and the requests it made."""
    for name in ("home", "cache", "empty"):
        (home / name).mkdir()
    begin = apiserver.audit_log.stat().st_size
    done = subprocess.run(
        [str(program), *arguments],
        env={
            "PATH": str(home / "empty"),
            "HOME": str(home / "home"),
            "KUBECACHEDIR": str(home / "cache"),
            "KUBECONFIG": str(kubeconfig),
            "KUBECTL_KUBERC": "false",
            "KUBERC": "off",
        },
        cwd=home / "empty",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=DEADLINE_SECONDS,
    )
    made = [
        request
        for request in apiserver.requests(since=begin)
        if request.get("userAgent", "").startswith("kubectl")
    ]
    return done.stdout + done.stderr, made


def harm(requests: Sequence[dict[str, Any]]) -> list[str]:
    """The requests that do more than read, or that read Secrets."""
    return [f"{r['verb']} {r['requestURI']}" for r in requests if not is_harmless(r)]


def is_harmless(request: dict[str, Any]) -> bool:
    about = request.get("objectRef", {})
    resource = about.get("resource", "")
    if request["verb"] == "create":
        return resource in REVIEWS
    return (
        request["verb"] in READING
        and "secrets" not in request["requestURI"]
        and about.get("subresource", "") in HARMLESS_SUBRESOURCES
    )


@pytest.mark.parametrize("line", lines.permitted())
@pytest.mark.parametrize("which", [0, 1], ids=["newest", "own"])
def test_a_permitted_command_only_reads_and_reads_no_secret(
    apiserver: ApiServer, kubectls: list[Path], tmp_path: Path, line: str, which: int
) -> None:
    argv = permitted_here(line)
    # As an administrator: nothing that kubectl might try is held back by somebody else.
    wrote, made = run(apiserver, kubectls[which], apiserver.kubeconfig, tmp_path, argv)
    assert harm(made) == []
    assert not [phrase for phrase in GRAMMAR if phrase in wrote], wrote
    assert CANARY not in wrote
    assert made or "--client" in argv


@pytest.mark.parametrize("line", lines.needed())
def test_an_investigation_needs_no_right_that_reads_secrets(
    apiserver: ApiServer, tmp_path: Path, line: str
) -> None:
    argv = permitted_here(line)
    kubeconfig = apiserver.limited_kubeconfig
    wrote, made = run(apiserver, apiserver.kubectl, kubeconfig, tmp_path, argv)
    assert harm(made) == []
    assert "forbidden" not in wrote.lower()


def permitted_here(line: str) -> tuple[str, ...]:
    """The arguments that the policy lets through, for the objects of this module."""
    here = line.replace("shop", NAMESPACE).replace("worker-1", NODE)
    verdict = judge(here, namespace=NAMESPACE)
    assert verdict.kind == "read", verdict.reason
    return verdict.argv[1:]


@pytest.mark.parametrize(
    "arguments",
    [
        ("describe", "serviceaccount", "default"),
        ("get", "pods,secrets"),
        ("logs", "secret/db"),
        ("delete", "pod", "web-1", "--dry-run=server"),
        ("label", "pod", "web-1", "seen=yes"),
    ],
    ids=" ".join,
)
def test_the_audit_log_shows_what_the_policy_refuses(
    apiserver: ApiServer, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    assert judge(" ".join(arguments)).kind == "refused"
    there = (*arguments, f"--namespace={NAMESPACE}")
    _, made = run(apiserver, apiserver.kubectl, apiserver.kubeconfig, tmp_path, there)
    assert harm(made)


def test_the_newest_flags_work_with_the_newest_kubectl(
    apiserver: ApiServer, kubectls: list[Path], tmp_path: Path
) -> None:
    verdict = judge("explain pods --max-depth=1", version=(1, 37))
    wrote, made = run(apiserver, kubectls[0], apiserver.kubeconfig, tmp_path, verdict.argv[1:])
    assert "spec" in wrote
    assert harm(made) == []
