"""What happens at a click: looked at again, tried and run with the rights of another."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.cluster.access import ClusterAccess
from bot.cluster.processes import Bounds
from bot.dialogue import Proposal
from bot.errors import ClusterError, SettingsError
from bot.redaction import Redactor
from bot.settings import Writes, WritesIn
from bot.tools import policy
from bot.tools.changes import Changer, Drafter
from bot.tools.runner import Kubectl
from tests.doubles.kube_api import KubeApi, pod
from tests.tools.conftest import MakeKubectl

NOW = 1_800_000_000.0
WRITES = Writes(namespaces={"shop": WritesIn()})
CANARY = "cAn4ry-Xq7vT2mLp9"
SAY_ALL = 'echo "$@"; echo "$KUBECONFIG"'

Change = Callable[[Kubectl], Changer]


def changer_of(kubectl: Kubectl, writes: Writes = WRITES) -> Changer:
    return Changer(kubectl, Redactor(), writes, lambda: NOW)


@pytest.fixture
async def proposal(make_kubectl: MakeKubectl) -> Proposal:
    argv = policy.judge("delete pod web-0 -n shop", changes=True).argv
    return await Drafter(make_kubectl(), Redactor(key=b"k"), lambda: NOW).draft(argv, "why", "U02")


async def test_what_is_as_it_was_is_not_void(make_kubectl: MakeKubectl, proposal: Proposal) -> None:
    assert await changer_of(make_kubectl()).check(proposal) == ""


async def test_what_is_gone_replaced_changed_or_ending_is_void(
    make_kubectl: MakeKubectl, proposal: Proposal, kube_api: KubeApi
) -> None:
    changer = changer_of(make_kubectl())

    async def with_pod(**parts: Any) -> str:
        held = pod("web-0")
        kube_api.pods["shop"] = [{**held, **{k: {**held[k], **v} for k, v in parts.items()}}]
        return await changer.check(proposal)

    assert "was replaced" in await with_pod(metadata={"uid": "another"})
    assert "was changed since" in await with_pod(spec={"nodeName": "node-2"})
    assert "being deleted" in await with_pod(metadata={"deletionTimestamp": "2027-01-01T00:00:00Z"})
    assert await with_pod(status={"phase": "Failed"}) == ""
    kube_api.pods["shop"] = []
    assert "not there any more" in await changer.check(proposal)


async def test_where_it_cannot_be_told_an_error_is_raised(
    make_kubectl: MakeKubectl, proposal: Proposal, kube_api: KubeApi
) -> None:
    kube_api.token = "another"
    with pytest.raises(ClusterError, match="could not be read"):
        await changer_of(make_kubectl()).check(proposal)


@pytest.mark.parametrize(
    "writes",
    [
        Writes(),
        Writes(namespaces={"bank": WritesIn()}),
        Writes(namespaces={"shop": WritesIn(changes=frozenset({"scale"}))}),
    ],
)
async def test_what_is_no_longer_allowed_is_void_and_not_run(
    make_kubectl: MakeKubectl, proposal: Proposal, writes: Writes
) -> None:
    changer = changer_of(make_kubectl(script=SAY_ALL), writes)

    assert "KAIA_CONFIG" in await changer.check(proposal)
    for receipt in (await changer.rehearse(proposal, 1), await changer.carry_out(proposal, 2)):
        assert (receipt.verdict, receipt.exit_code, receipt.output) == ("refused", None, "")


@pytest.mark.parametrize(
    "tampered",
    [
        {"argv": ("kubectl", "delete", "namespace", "shop")},
        {"argv": ("kubectl", "delete", "pod/web-0", "--namespace=shop", "--wait=false", "--force")},
        {"argv": ("kubectl", "delete", "pod/web-0", "--namespace=shop")},
        {"argv": ("kubectl", "delete", "pod/web-1", "--namespace=shop", "--wait=false")},
        {"argv": ("sh", "-c", "id")},
        {"argv": ()},
        {"argv": ("kubectl", "get", "pods", "--namespace=shop")},
        {"command": "kubectl delete pod/web-1 --namespace=shop --wait=false"},
        {"namespace": "bank"},
        {"target": "pod/web-1"},
        {"change": "scale"},
    ],
)
async def test_a_row_that_was_tampered_with_is_not_run(
    make_kubectl: MakeKubectl, proposal: Proposal, tampered: dict[str, Any], tmp_path: Path
) -> None:
    changer = changer_of(make_kubectl(script=f"touch {tmp_path}/ran"))
    row = replace(proposal, **tampered)

    assert "not one that Kaia runs" in await changer.check(row)
    assert (await changer.rehearse(row, 1)).verdict == "refused"
    assert (await changer.carry_out(row, 2)).verdict == "refused"
    assert "not one that Kaia runs" in await changer.look(row)
    assert not (tmp_path / "ran").exists()


async def test_with_a_kubeconfig_flags_name_the_identity(
    make_kubectl: MakeKubectl, proposal: Proposal
) -> None:
    changer = changer_of(make_kubectl(script=SAY_ALL))

    tried = await changer.rehearse(proposal, 3)
    made = await changer.carry_out(proposal, 4)

    identity = "--context=shop-cluster --as=kaia-approved --as-group=kaia-approved"
    plain = "delete pod/web-0 --namespace=shop --wait=false"
    assert tried.output.startswith(f"{plain} --dry-run=server {identity}\n")
    assert made.output.startswith(f"{plain} {identity}\n")
    assert (tried.verdict, made.verdict) == ("dry-run", "write")
    assert (tried.number, made.number, made.started) == (3, 4, NOW)
    assert made.command == proposal.command
    assert tried.command == f"{proposal.command} --dry-run=server"


async def test_in_a_cluster_a_file_names_it_and_no_flag_does(
    make_kubectl: MakeKubectl, proposal: Proposal, tmp_path: Path
) -> None:
    access = ClusterAccess(kind="in-cluster", server="https://10.96.0.1:443", namespace="kaia")
    environ = {"KUBERNETES_SERVICE_HOST": "10.96.0.1"}
    kubectl = make_kubectl(script=SAY_ALL, access=access, environ=environ)

    made = await changer_of(kubectl).carry_out(proposal, 1)

    words, named = made.output.splitlines()
    path = tmp_path / "kubectl" / "approved.kubeconfig"
    assert words == "delete pod/web-0 --namespace=shop --wait=false"
    assert named == str(path)
    assert path.stat().st_mode & 0o777 == 0o600
    held = json.loads(path.read_text())
    assert held["users"][0]["user"] == {
        "tokenFile": "/var/run/secrets/kubernetes.io/serviceaccount/token",
        "as": "kaia-approved",
        "as-groups": ["kaia-approved"],
    }
    assert held["clusters"][0]["cluster"]["server"] == "https://10.96.0.1:443"
    assert not [*path.parent.glob("*.part")]


async def test_a_command_that_does_not_end_is_killed_and_has_no_exit_code(
    make_kubectl: MakeKubectl, proposal: Proposal, tmp_path: Path
) -> None:
    script = f"echo once >> {tmp_path}/runs; exec sleep 60"
    kubectl = make_kubectl(script=script, bounds=Bounds(deadline_seconds=0.5))

    made = await changer_of(kubectl).carry_out(proposal, 1)

    assert (made.verdict, made.exit_code) == ("write", None)
    assert "killed after 0.5 s" in made.note
    assert (tmp_path / "runs").read_text() == "once\n"


async def test_what_kubectl_prints_is_redacted(
    make_kubectl: MakeKubectl, proposal: Proposal
) -> None:
    kubectl = make_kubectl(script=f"echo password={CANARY}; exit 1")
    made = await changer_of(kubectl).carry_out(proposal, 1)
    assert made.exit_code == 1
    assert CANARY not in made.output


async def test_without_the_right_to_act_as_another_it_says_which_role_is_missing(
    make_kubectl: MakeKubectl, proposal: Proposal
) -> None:
    kubectl = make_kubectl(script="echo 'Error from server (Forbidden): unknown' >&2; exit 1")
    tried = await changer_of(kubectl).rehearse(proposal, 1)
    assert "Kaia may not act as kaia-approved" in tried.note
    assert "docs/approvals.md" in tried.note


async def test_the_object_is_shown_as_it_is_now(
    make_kubectl: MakeKubectl, proposal: Proposal, kube_api: KubeApi
) -> None:
    changer = changer_of(make_kubectl())
    assert "Running" in await changer.look(proposal)
    kube_api.pods["shop"] = []
    assert await changer.look(proposal) == "`pod/web-0` is not there."
    kube_api.token = "another"
    assert "could not be read" in await changer.look(proposal)


@pytest.mark.parametrize("name", ["system:masters", "system:admin", ""])
def test_nobody_of_kubernetes_own_is_acted_as(make_kubectl: MakeKubectl, name: str) -> None:
    for field in ("as_user", "as_group"):
        with pytest.raises(SettingsError, match="under writes in KAIA_CONFIG"):
            changer_of(make_kubectl(), WRITES.model_copy(update={field: name}))
