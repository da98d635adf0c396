"""`helm install` on a real node: the pod answers in Slack and may no more than it should."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from tests.installing import rights, trouble
from tests.installing.installed import RELEASE, Installed, installed, until
from tests.installing.names import names_of_services
from tests.node.node import Node

NAMESPACE = "kaia-installed"
_RBAC = "/apis/rbac.authorization.k8s.io/v1"
pytestmark = [
    pytest.mark.cluster,
    pytest.mark.timeout(400),
    pytest.mark.asyncio(loop_scope="module"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def release(
    node: Node,
    kaia_image: Path,
    helm: Path,
    figure: Callable[[str], None],
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Installed]:
    trouble.make(node.client)
    folder = tmp_path_factory.mktemp("install")
    async with installed(node, kaia_image, helm, folder, NAMESPACE) as release:
        figure(f"helm install until ready: {release.install_seconds:.1f} s")
        yield release


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def broken(release: Installed) -> None:
    """A pod in another namespace that crashes."""
    client = release.client
    await until(lambda: trouble.is_furnished(client))
    trouble.break_pod(client)
    await until(lambda: trouble.is_broken(client))


@pytest.mark.usefixtures("broken")
async def test_a_mention_about_another_namespace_is_answered_with_the_cause(
    release: Installed,
) -> None:
    root = release.ask(f"what is wrong in namespace {trouble.NAMESPACE}?")
    [first] = await release.answers(root, 1)
    assert "invoices" in first
    assert trouble.CAUSE in first
    assert "node-test" in first
    await release.slack.workspace.wait_for(lambda now: not now.problems)


async def test_its_pod_is_restricted_and_mounts_no_long_lived_token(release: Installed) -> None:
    [pod] = release.pods()
    account = f"/api/v1/namespaces/{NAMESPACE}/serviceaccounts/{pod['spec']['serviceAccountName']}"
    seconds = [
        source["serviceAccountToken"]["expirationSeconds"]
        for each in pod["spec"]["volumes"]
        for source in each.get("projected", {}).get("sources", [])
        if "serviceAccountToken" in source
    ]
    assert seconds == [3600]
    assert release.client.get(account)["automountServiceAccountToken"] is False
    written = await release.in_pod("python", "-c", "open('/etc/of-ours', 'w')")
    assert "Read-only file system" in written.errors


async def test_the_store_lies_on_the_volume(release: Installed) -> None:
    listed = list((release.node.home / "volumes" / NAMESPACE).rglob("*.db"))
    assert listed


async def test_kubectl_in_the_pod_reads_pods_and_no_secret(release: Installed) -> None:
    pods = await release.in_pod("kubectl", "get", "pods", "--all-namespaces")
    assert (pods.code, "kaia" in pods.output) == (0, True)
    for where in ("--all-namespaces", f"--namespace={trouble.NAMESPACE}"):
        secrets = await release.in_pod("kubectl", "get", "secrets", where)
        assert secrets.code == 1
        assert "Forbidden" in secrets.errors
        assert trouble.CANARY not in secrets.output


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/pods?limit=1", 200),
        ("/api/v1/secrets", 403),
        (f"/api/v1/namespaces/{trouble.NAMESPACE}/secrets/ledger", 403),
        (f"/api/v1/namespaces/{NAMESPACE}/secrets/slack-tokens", 403),
        ("/api/v1/nodes/kaia-node/proxy/pods", 403),
        (f"/api/v1/namespaces/{NAMESPACE}/services/http:kaia:http/proxy/metrics", 403),
    ],
)
async def test_its_token_alone_reads_pods_and_no_secret(
    release: Installed, path: str, status: int
) -> None:
    assert await rights.asked_by_http(release, path) == status


async def test_its_token_may_what_the_role_says_and_nothing_else(release: Installed) -> None:
    role = release.client.get(f"{_RBAC}/clusterroles/{RELEASE}-read.{NAMESPACE}")
    listed = await rights.listed(release, trouble.NAMESPACE)
    assert listed == rights.given(role["rules"])
    assert set().union(*listed.values()) == {"get", "list", "watch"}
    assert not {name for name in listed if name.startswith(("secrets", "*"))}


async def test_the_doctor_in_the_pod_agrees(release: Installed) -> None:
    done = await release.in_pod("kaia", "doctor", seconds=90)
    assert "Kaia cannot read Secrets." in done.output
    assert "Kaia cannot delete pods nor run anything in them." in done.output
    assert "in all namespaces" in done.output
    assert done.code == 0, done.output


async def test_helm_test_passes(release: Installed) -> None:
    where = ("--namespace", NAMESPACE, "--timeout", "90s")
    async with names_of_services(release.node):
        said = await release.helm("test", RELEASE, *where, seconds=120)
    assert "Succeeded" in said
