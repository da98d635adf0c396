"""Changes on a real API server, with exactly the rights that docs/approvals.md gives."""

import json
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.audit import unrecorded
from bot.cluster.access import ClusterAccess
from bot.cluster.impersonation import Impersonation
from bot.dialogue import Proposal
from bot.errors import ClusterError
from bot.redaction import Redactor
from bot.settings import Writes, WritesIn
from bot.tools import policy
from bot.tools.changes import Changer, Drafter
from bot.tools.changes.drafting import NotProposed
from bot.tools.recording import Line
from bot.tools.runner import Kubectl
from tests.apiserver import limits, workloads
from tests.apiserver.approved import give_rights
from tests.apiserver.client import Client
from tests.apiserver.server import NODE, ApiServer

pytestmark = pytest.mark.cluster

NOW = 1_800_000_000.0
BOUND, UNBOUND = "shop-changes", "shop-elsewhere"
WRITES = Writes(
    approvers=frozenset({"U01APPROVER"}),
    namespaces={BOUND: WritesIn(), UNBOUND: WritesIn()},
    nodes=WritesIn(),
)

MakeKubectl = Callable[..., Kubectl]


@pytest.fixture(scope="module", autouse=True)
def rights(apiserver: ApiServer) -> None:
    client = apiserver.client
    for namespace in (BOUND, UNBOUND):
        workloads.add_namespace(client, namespace)
    give_rights(client, BOUND)


@pytest.fixture
def make_kubectl(apiserver: ApiServer, tmp_path: Path) -> MakeKubectl:
    def make(which: int = 0, namespace: str = BOUND) -> Kubectl:
        access = ClusterAccess(
            kind="kubeconfig",
            context="kaia-tests",
            server=apiserver.url,
            namespace=namespace,
            kubeconfig=str(apiserver.limited_kubeconfig),
        )
        return Kubectl(
            access,
            Redactor(),
            environ={"HOME": str(tmp_path)},
            program=apiserver.kubectls[which],
            folder=tmp_path / f"kubectl-{which}",
        )

    return make


@pytest.fixture
def kubectl(make_kubectl: MakeKubectl) -> Kubectl:
    return make_kubectl()


@pytest.fixture
def changer(kubectl: Kubectl) -> Changer:
    return changer_of(kubectl)


def changer_of(kubectl: Kubectl, writes: Writes = WRITES) -> Changer:
    return Changer(kubectl, Redactor(), writes, lambda: NOW)


async def propose(kubectl: Kubectl, line: str, namespace: str = BOUND) -> Proposal:
    verdict = policy.judge(line, namespace=namespace, changes=True)
    assert verdict.kind == "write", verdict.reason
    drafter = Drafter(kubectl, Redactor(), lambda: NOW)
    return await drafter.draft(verdict.argv, "because it has to [1]", "U02ASKED")


def set_up_history(client: Client, namespace: str, name: str) -> None:
    """A deployment of two revisions, as a controller would have left it."""
    deployment = workloads.add_deployment(client, namespace, name, replicas=3, available=3)
    for revision, image in ((1, "registry.example/shop/app:1.4.1"), (2, workloads.IMAGE)):
        labels = {"app": name, "pod-template-hash": f"hash{revision}"}
        spec = {"containers": [{"name": "app", "image": image}]}
        body = {
            "metadata": {
                "name": f"{name}-hash{revision}",
                "labels": labels,
                "annotations": {"deployment.kubernetes.io/revision": str(revision)},
                "ownerReferences": [workloads.owned_by(deployment)],
            },
            "spec": {
                "replicas": 0,
                "selector": {"matchLabels": labels},
                "template": {"metadata": {"labels": labels}, "spec": spec},
            },
        }
        client.post(f"/apis/apps/v1/namespaces/{namespace}/replicasets", body)
    path = f"/apis/apps/v1/namespaces/{namespace}/deployments/{name}"
    client.patch(path, {"metadata": {"annotations": {"deployment.kubernetes.io/revision": "2"}}})


def set_up_set(client: Client, namespace: str, name: str) -> None:
    """A statefulset of two revisions."""
    labels = {"app": name}

    def template(image: str) -> dict[str, Any]:
        return {
            "metadata": {"labels": labels},
            "spec": {"containers": [{"name": "app", "image": image}]},
        }

    path = f"/apis/apps/v1/namespaces/{namespace}"
    spec = {
        "serviceName": name,
        "replicas": 2,
        "selector": {"matchLabels": labels},
        "template": template("registry.example/shop/db:2"),
    }
    held = client.post(f"{path}/statefulsets", {"metadata": {"name": name}, "spec": spec})
    held |= {"apiVersion": "apps/v1", "kind": "StatefulSet"}
    for revision in (1, 2):
        data = {"spec": {"template": template(f"registry.example/shop/db:{revision}")}}
        data["spec"]["template"]["$patch"] = "replace"
        client.post(
            f"{path}/controllerrevisions",
            {
                "metadata": {
                    "name": f"{name}-{revision}",
                    "labels": labels,
                    "ownerReferences": [workloads.owned_by(held)],
                },
                "revision": revision,
                "data": data,
            },
        )


LINES = {
    "rollout restart": "rollout restart deploy/{name}",
    "rollout undo": "rollout undo deploy/{name}",
    "rollout pause": "rollout pause deploy/{name}",
    "rollout resume": "rollout resume deploy/{name}",
    "scale": "scale deploy {name} --replicas=5",
    "delete pod": "delete pod {name}",
    "set image": "set image deploy/{name} app=registry.example/shop/app:1.5.0",
}


def prepare(client: Client, change: str, which: int) -> str:
    """What the change is about, fresh; its line."""
    name = f"{change.replace(' ', '-')}-{which}"
    if change == "delete pod":
        workloads.add_pod(client, BOUND, name, workloads.healthy())
    else:
        set_up_history(client, BOUND, name)
    if change == "rollout resume":
        path = f"/apis/apps/v1/namespaces/{BOUND}/deployments/{name}"
        client.patch(path, {"spec": {"paused": True}})
    return LINES[change].format(name=name)


def acting_as_another(apiserver: ApiServer, *, since: int, verb: str) -> list[dict[str, Any]]:
    """Finished requests: who it is acted as is not known yet when they arrive."""
    with apiserver.audit_log.open("rb") as log:
        log.seek(since)
        events = [json.loads(line) for line in log]
    return [
        each
        for each in events
        if each["stage"] == "ResponseComplete" and each["verb"] == verb
        if "impersonatedUser" in each
    ]


def object_at(client: Client, proposal: Proposal) -> dict[str, Any]:
    kind, _, name = proposal.target.partition("/")
    if kind == "node":
        return client.get(f"/api/v1/nodes/{name}")
    group = "/api/v1" if kind == "pod" else "/apis/apps/v1"
    return client.get(f"{group}/namespaces/{proposal.namespace}/{kind}s/{name}")


@pytest.mark.parametrize("which", [0, 1], ids=["newest", "own"])
@pytest.mark.parametrize("change", LINES)
async def test_a_change_is_tried_without_a_trace_and_then_made(
    apiserver: ApiServer, make_kubectl: MakeKubectl, change: str, which: int
) -> None:
    client, kubectl = apiserver.client, make_kubectl(which)
    proposal = await propose(kubectl, prepare(client, change, which))
    changer = changer_of(kubectl)
    before = object_at(client, proposal)

    assert await changer.check(proposal) == ""
    rehearsed = await changer.rehearse(proposal, 7)
    assert (rehearsed.number, rehearsed.verdict, rehearsed.exit_code) == (7, "dry-run", 0)
    assert object_at(client, proposal) == before
    assert await changer.check(proposal) == ""

    made = await changer.carry_out(proposal, 8)
    assert (made.verdict, made.exit_code, made.command) == ("write", 0, proposal.command)
    assert made.output
    assert await changer.check(proposal) != ""


@pytest.mark.parametrize("which", [0, 1], ids=["newest", "own"])
async def test_a_node_is_cordoned_and_uncordoned(
    apiserver: ApiServer, make_kubectl: MakeKubectl, which: int
) -> None:
    kubectl = make_kubectl(which)
    changer = changer_of(kubectl)
    for word, is_cordoned in (("cordon", True), ("uncordon", None)):
        proposal = await propose(kubectl, f"{word} {NODE}")
        assert "on it" in proposal.present
        assert (await changer.rehearse(proposal, 1)).exit_code == 0
        assert (await changer.carry_out(proposal, 2)).exit_code == 0
        assert object_at(apiserver.client, proposal)["spec"].get("unschedulable") is is_cordoned


@pytest.mark.parametrize("which", [0, 1], ids=["newest", "own"])
async def test_a_statefulset_is_restarted_scaled_and_taken_back(
    apiserver: ApiServer, make_kubectl: MakeKubectl, which: int
) -> None:
    kubectl, name = make_kubectl(which), f"db-{which}"
    set_up_set(apiserver.client, BOUND, name)
    for line in (
        f"rollout undo sts/{name} --to-revision=1",
        f"scale sts/{name} --replicas=4 --current-replicas=2",
        f"rollout restart sts/{name}",
    ):
        proposal = await propose(kubectl, line)
        receipts = [await changer_of(kubectl).rehearse(proposal, 1)]
        receipts.append(await changer_of(kubectl).carry_out(proposal, 2))
        assert [each.exit_code for each in receipts] == [0, 0], receipts

    spec = object_at(apiserver.client, proposal)["spec"]
    assert spec["replicas"] == 4
    assert spec["template"]["spec"]["containers"][0]["image"] == "registry.example/shop/db:1"


async def test_kaias_own_account_may_change_nothing(
    apiserver: ApiServer, kubectl: Kubectl, changer: Changer
) -> None:
    workloads.add_deployment(apiserver.client, BOUND, "own", replicas=1)
    proposal = await propose(kubectl, "scale deploy/own --replicas=2")

    begin = apiserver.audit_log.stat().st_size
    ran = await kubectl.run(proposal.argv)
    made = await changer.carry_out(proposal, 1)

    assert ran.exit_code == 1
    assert "system:serviceaccount:kaia:kaia" in ran.stderr
    assert made.exit_code == 0
    [patch] = acting_as_another(apiserver, since=begin, verb="patch")
    assert patch["user"]["username"] == "system:serviceaccount:kaia:kaia"
    assert patch["impersonatedUser"]["username"] == "kaia-approved"
    assert "kaia-approved" in patch["impersonatedUser"]["groups"]


async def test_where_the_group_has_no_rights_the_rehearsal_is_refused_and_says_so(
    apiserver: ApiServer, kubectl: Kubectl, changer: Changer
) -> None:
    workloads.add_deployment(apiserver.client, UNBOUND, "web", replicas=1)
    proposal = await propose(kubectl, "scale deploy/web --replicas=2", UNBOUND)

    rehearsed = await changer.rehearse(proposal, 1)

    assert rehearsed.exit_code == 1
    assert 'User "kaia-approved" cannot' in rehearsed.output
    assert "group kaia-approved has no right" in rehearsed.note


@pytest.mark.parametrize(
    ("user", "group"), [("somebody", "kaia-approved"), ("kaia-approved", "admins")]
)
async def test_kaia_may_act_as_nobody_else(
    apiserver: ApiServer, kubectl: Kubectl, user: str, group: str
) -> None:
    workloads.add_deployment(apiserver.client, BOUND, f"for-{user}-{group}", replicas=1)
    proposal = await propose(kubectl, f"scale deploy/for-{user}-{group} --replicas=2")
    writes = WRITES.model_copy(update={"as_user": user, "as_group": group})

    tried = await changer_of(kubectl, writes).rehearse(proposal, 1)

    assert tried.exit_code == 1
    assert f"Kaia may not act as {user} and {group}" in tried.note


async def test_in_a_cluster_a_kubeconfig_names_the_token_and_the_identity(
    apiserver: ApiServer, tmp_path: Path
) -> None:
    account = tmp_path / "serviceaccount"
    account.mkdir()
    (account / "token").write_text(limits.token(apiserver.client))
    shutil.copyfile(apiserver.home / "pki" / "ca.crt", account / "ca.crt")
    address = urlsplit(apiserver.url)
    kubectl = Kubectl(
        ClusterAccess(kind="in-cluster", server=apiserver.url, namespace="kaia"),
        Redactor(),
        environ={
            "KUBERNETES_SERVICE_HOST": str(address.hostname),
            "KUBERNETES_SERVICE_PORT": str(address.port),
        },
        program=apiserver.kubectl,
        folder=tmp_path / "kubectl",
        service_account=account,
    )

    asked = ("kubectl", "auth", "whoami", "--output=json")
    ran = await kubectl.run_as(
        asked, Impersonation("kaia-approved", "kaia-approved"), Line(unrecorded, asked)
    )

    assert '"username": "kaia-approved"' in ran.stdout
    assert '"kaia-approved",' in ran.stdout
    written = tmp_path / "kubectl" / "approved.kubeconfig"
    assert written.stat().st_mode & 0o777 == 0o600
    assert (account / "token").read_text() not in written.read_text()


async def test_a_proposal_is_void_once_the_spec_was_changed(
    apiserver: ApiServer, kubectl: Kubectl, changer: Changer
) -> None:
    workloads.add_deployment(apiserver.client, BOUND, "moved", replicas=1)
    proposal = await propose(kubectl, "rollout restart deploy/moved")
    path = f"/apis/apps/v1/namespaces/{BOUND}/deployments/moved"

    apiserver.client.patch(f"{path}/status", {"status": {"readyReplicas": 1, "replicas": 1}})
    after_status = await changer.check(proposal)
    apiserver.client.patch(path, {"spec": {"replicas": 2}})
    after_spec = await changer.check(proposal)

    assert after_status == ""
    assert "spec of `deployment/moved` was changed" in after_spec


@pytest.mark.parametrize("comes_back", [True, False])
async def test_a_proposal_is_void_once_the_object_is_another_one(
    apiserver: ApiServer, kubectl: Kubectl, changer: Changer, comes_back: bool
) -> None:
    client, name = apiserver.client, f"gone-{comes_back}".lower()
    workloads.add_pod(client, BOUND, name, workloads.healthy())
    proposal = await propose(kubectl, f"delete pod {name}")
    client.delete(f"/api/v1/namespaces/{BOUND}/pods/{name}")
    if comes_back:
        workloads.add_pod(client, BOUND, name, workloads.healthy())

    said = await changer.check(proposal)

    assert ("was replaced" in said) is comes_back
    assert ("not there any more" in said) is not comes_back


async def test_what_is_not_there_is_not_proposed(kubectl: Kubectl) -> None:
    with pytest.raises(NotProposed, match="no deployment/nowhere in namespace"):
        await propose(kubectl, "rollout restart deploy/nowhere")


async def test_a_proposal_says_how_it_is_and_how_to_undo_it(
    apiserver: ApiServer, kubectl: Kubectl
) -> None:
    set_up_history(apiserver.client, BOUND, "told")
    scaler = {
        "metadata": {"name": "told"},
        "spec": {
            "minReplicas": 2,
            "maxReplicas": 9,
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "told"},
        },
    }
    path = f"/apis/autoscaling/v2/namespaces/{BOUND}/horizontalpodautoscalers"
    apiserver.client.post(path, scaler)

    proposal = await propose(kubectl, "scale deploy/told --replicas=1")
    undone = await propose(kubectl, "rollout undo deploy/told")

    assert proposal.present.startswith("3 of 3 pods ready, `app` runs `registry.example/shop/app")
    assert "Ends 2 of 3 pods of deployment `told`, so that 1 stay." in proposal.effect
    assert "HorizontalPodAutoscaler `told` (2 to 9) may change the number again" in proposal.effect
    assert proposal.undo == f"`kubectl scale deployment/told --namespace={BOUND} --replicas=3`"
    assert proposal.expires == NOW + 15 * 60
    assert undone.undo.endswith("--to-revision=2`")
    for each in (proposal, undone):
        again = shlex.split(each.undo.strip("`"))
        assert policy.judge(shlex.join(again), changes=True).argv == tuple(again)


async def test_where_nothing_answers_nothing_is_known(
    apiserver: ApiServer, kubectl: Kubectl, tmp_path: Path
) -> None:
    workloads.add_deployment(apiserver.client, BOUND, "quiet", replicas=1)
    proposal = await propose(kubectl, "rollout restart deploy/quiet")
    nobody = Kubectl(
        ClusterAccess(kind="none", reason="Nobody answers."),
        Redactor(),
        environ={},
        folder=tmp_path / "nobody",
    )
    changer = changer_of(nobody)

    with pytest.raises(ClusterError, match="Nobody answers"):
        await changer.check(proposal)
    with pytest.raises(ClusterError, match="Nobody answers"):
        await changer.carry_out(proposal, 1)
    assert "Nobody answers" in await changer.look(proposal)
