"""The chart on a real API server alone, which takes its objects and grants its rights; no container
runs here, so Kaia is a process with what the chart would give to its pod.
"""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import yaml

from bot.playground import PlaygroundServer
from tests.apiserver import scene
from tests.apiserver.client import Client, Manifest
from tests.apiserver.programs import KUBERNETES
from tests.apiserver.server import ApiServer
from tests.doubles.asking import answers, opened_workspace, running_kaia
from tests.installing import commands, rendered
from tests.installing.as_process import environ_of
from tests.installing.commands import Command
from tests.installing.installed import CHART, RELEASE, TOKENS

RESTRICTED, NAMESPACE = "kaia-restricted", "kaia-as-process"
_ENFORCED = {
    f"pod-security.kubernetes.io/{how}": "restricted" for how in ("enforce", "warn", "audit")
}
pytestmark = [pytest.mark.cluster, pytest.mark.timeout(120)]


def _name(values: Path | None) -> str:
    return values.stem if values else "defaults"


@pytest.fixture(scope="module", autouse=True)
def namespaces(apiserver: ApiServer) -> None:
    for name in (RESTRICTED, NAMESPACE):
        body = {"metadata": {"name": name, "labels": _ENFORCED}}
        apiserver.client.post("/api/v1/namespaces", body)
    # A controller would have made it.
    account = {"metadata": {"name": "default"}}
    apiserver.client.post(f"/api/v1/namespaces/{RESTRICTED}/serviceaccounts", account)
    rendered.define_monitoring(apiserver.client)
    # Before the values of `ci/`, which name this namespace too.
    scene.set_up(apiserver)


@pytest.fixture
def helm_here(helm: Path, apiserver: ApiServer, tmp_path: Path) -> Command:
    return commands.helm(helm, apiserver.kubeconfig, tmp_path)


@pytest.fixture
def kubectl(apiserver: ApiServer, tmp_path: Path) -> Command:
    """In the namespace, by its context: an object's own namespace may be another."""
    config = json.loads(apiserver.kubeconfig.read_text())
    config["contexts"][0]["context"]["namespace"] = RESTRICTED
    return commands.kubectl(apiserver.kubectl, _written(tmp_path, "admin", config), tmp_path)


@pytest.fixture
async def slack() -> AsyncIterator[PlaygroundServer]:
    async with opened_workspace() as server:
        yield server


@pytest.mark.parametrize("values", [None, *rendered.CI], ids=_name)
async def test_every_object_is_taken_where_pods_have_to_be_restricted(
    helm_here: Command, kubectl: Command, apiserver: ApiServer, values: Path | None
) -> None:
    """Of the values of every file in `ci/`, and of none at all."""
    files = [values] if values else []
    found = await rendered.objects(helm_here, RESTRICTED, KUBERNETES, *files)
    rendered.make_room(apiserver.client, RESTRICTED, found)
    new = [each for each in found if each["kind"] not in ("ServiceAccount", "Pod")]
    asked = yaml.safe_dump_all([*new, *rendered.pods(found)])
    trial = ("create", "--dry-run=server", "--filename", "-")
    done = await kubectl.attempt(*trial, given=asked)
    assert done.code == 0, done.errors
    assert "Warning" not in done.errors
    assert len(done.output.splitlines()) == len(new) + len(rendered.pods(found))


async def test_a_pod_that_is_not_restricted_is_refused_there(kubectl: Command) -> None:
    done = await kubectl.attempt("run", "free", "--image=busybox:1.36", "--dry-run=server")
    assert "violates PodSecurity" in done.errors


@pytest.fixture
async def environ(
    helm_here: Command, apiserver: ApiServer, slack: PlaygroundServer, tmp_path: Path
) -> AsyncIterator[dict[str, str]]:
    """Installs the chart; nothing waits for its pod, which never comes."""
    where = f"/api/v1/namespaces/{NAMESPACE}"
    tokens = {"bot-token": slack.bot_token, "app-token": slack.app_token}
    apiserver.client.post(f"{where}/secrets", {"metadata": {"name": TOKENS}, "stringData": tokens})
    values = tmp_path / "values.yaml"
    values.write_text(yaml.safe_dump(_values(slack)))
    await helm_here(
        "install", RELEASE, str(CHART), "--namespace", NAMESPACE, "--values", str(values)
    )
    try:
        deployment = f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments/{RELEASE}"
        given = environ_of(apiserver.client, apiserver.client.get(deployment), tmp_path / "pod")
        yield given | {"KUBECONFIG": str(_kubeconfig(apiserver, tmp_path))}
    finally:
        await helm_here("uninstall", RELEASE, "--namespace", NAMESPACE)
        apiserver.client.delete(f"{where}/secrets/{TOKENS}")


async def test_with_what_the_chart_gives_it_answers_and_reads_no_secret(
    environ: dict[str, str], apiserver: ApiServer, slack: PlaygroundServer, tmp_path: Path
) -> None:
    async with running_kaia(tmp_path / "kaia.log", environ) as kaia:
        await slack.workspace.wait_for(lambda now: now.deliveries.connections, timeout=30)
        root = slack.workspace.say("ann", "incidents", "@kaia what is wrong in namespace shop?")
        [first] = await answers(slack, kaia, root, 1)
    assert "checkout" in first
    assert "connection refused" in first
    assert "server-test" in first

    own = commands.kubectl(apiserver.kubectl, Path(environ["KUBECONFIG"]), tmp_path)
    assert (await own.attempt("get", "pods", "--all-namespaces")).code == 0
    secrets = await own.attempt("get", "secrets", "--all-namespaces")
    assert "Forbidden" in secrets.errors
    assert scene.CANARY not in slack.workspace.transcript("incidents")


def _values(slack: PlaygroundServer) -> dict[str, object]:
    return {
        "clusterName": "server-test",
        "slack": {"existingSecret": TOKENS, "apiUrl": slack.api_url},
        "model": {"provider": "builtin"},
    }


def _kubeconfig(apiserver: ApiServer, folder: Path) -> Path:
    """With a token of the chart's own account, as the kubelet would mount one."""
    config = json.loads(apiserver.limited_kubeconfig.read_text())
    [user] = config["users"]
    user["user"] = {"token": _token(apiserver.client)}
    return _written(folder, "account", config)


def _written(folder: Path, name: str, config: Manifest) -> Path:
    path = folder / f"{name}.kubeconfig"
    path.write_text(json.dumps(config))
    return path


def _token(client: Client) -> str:
    request = {"spec": {"expirationSeconds": 3600}}
    path = f"/api/v1/namespaces/{NAMESPACE}/serviceaccounts/{RELEASE}/token"
    return str(client.post(path, request)["status"]["token"])
