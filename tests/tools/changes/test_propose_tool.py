"""`propose_change` in a turn, with a real kubectl on a small API: it asks, and changes nothing."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from bot.cluster.access import ClusterAccess
from bot.cluster.api import ClusterApi, opened_api
from bot.dialogue import Step, ToolResult
from bot.settings import Change, Writes, WritesIn
from bot.tools.toolbox import Toolbox, TurnTools
from tests.doubles.kube_api import KubeApi, pod
from tests.tools.conftest import MakeKubectl

NOW = 1_800_000_000.0
CANARY = "cAn4ry-Xq7vT2mLp9"
DELETE = "kubectl delete pod web-0 -n shop"

Begin = Callable[..., TurnTools]


def allowing(*changes: Change, **namespaces: WritesIn) -> Writes:
    there = WritesIn(changes=frozenset(changes)) if changes else WritesIn()
    return Writes(namespaces=namespaces or {"shop": there})


@pytest.fixture
async def api(access: ClusterAccess) -> AsyncIterator[ClusterApi]:
    async with opened_api(access, {}) as api:
        yield api


@pytest.fixture
def steps() -> list[Step]:
    return []


@pytest.fixture
def audited() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def begin(
    make_kubectl: MakeKubectl, api: ClusterApi, steps: list[Step], audited: list[dict[str, Any]]
) -> Begin:
    def begin(writes: Writes | None, *, most_calls: int = 24, **more: Any) -> TurnTools:
        async def on_step(step: Step) -> None:
            steps.append(step)

        def record(kind: str, **fields: Any) -> None:
            audited.append({"kind": kind, **fields})

        toolbox = Toolbox(
            make_kubectl(record=record, **more),
            api,
            budget_chars=4_000,
            most_calls=most_calls,
            writes=writes,
            clock=lambda: NOW,
            record=record,
        )
        return toolbox.for_turn(
            first_receipt=4, namespace=None, on_step=on_step, asked_by="U02ASKED"
        )

    return begin


async def propose(turn: TurnTools, command: str, reason: str = "it hangs [1]") -> ToolResult:
    assert turn.propose is not None
    return await turn.propose.run({"command": command, "reason": reason})


def test_where_changes_are_off_the_model_knows_of_no_such_tool(begin: Begin) -> None:
    turn = begin(None)
    assert [tool.name for tool in turn.tools] == ["triage", "kubectl"]
    assert turn.proposals == []


async def test_where_changes_are_off_a_change_is_refused_as_ever(begin: Begin) -> None:
    result = await begin(None).kubectl.run({"command": DELETE})
    assert "Kaia only reads it" in result.text
    assert "propose_change" not in result.text


async def test_a_change_is_proposed_and_not_made(
    begin: Begin, kube_api: KubeApi, steps: list[Step]
) -> None:
    turn = begin(allowing())
    result = await propose(turn, DELETE)

    [proposal] = turn.proposals
    assert result.proposal is proposal
    assert not result.is_error
    assert proposal.command == "kubectl delete pod/web-0 --namespace=shop --wait=false"
    assert (proposal.change, proposal.namespace) == ("delete pod", "shop")
    assert (proposal.target, proposal.uid) == ("pod/web-0", "uid-of-web-0")
    assert (proposal.asked_by, proposal.reason) == ("U02ASKED", "it hangs [1]")
    assert proposal.expires == NOW + 15 * 60
    assert len(proposal.id) >= 32
    assert "never that it is done" in result.text
    assert {seen.method for seen in kube_api.seen} == {"GET"}
    assert "would change" in steps[-1].text


async def test_a_proposal_leaves_a_receipt_that_says_it_did_not_run(begin: Begin) -> None:
    turn = begin(allowing())
    result = await propose(turn, DELETE)

    [receipt] = turn.receipts
    assert result.receipt is receipt
    assert (receipt.number, receipt.tool, receipt.verdict) == (4, "propose_change", "proposed")
    assert receipt.exit_code is None
    assert receipt.note == "not run: proposed"
    assert "Undo: Nothing undoes it" in receipt.output


async def test_the_same_change_is_proposed_once_in_a_turn(begin: Begin) -> None:
    turn = begin(allowing())
    again = "kubectl -n shop delete po/web-0"
    results = await asyncio.gather(propose(turn, DELETE), propose(turn, again))

    assert len(turn.proposals) == 1
    assert [each.proposal for each in results] == turn.proposals * 2
    assert "proposed already" in results[1].text


async def test_three_changes_are_proposed_in_a_turn_and_no_more(
    begin: Begin, kube_api: KubeApi
) -> None:
    kube_api.pods["shop"] = [pod(f"web-{number}") for number in range(4)]
    turn = begin(allowing())
    results = [await propose(turn, f"delete pod web-{number} -n shop") for number in range(4)]

    assert len(turn.proposals) == 3
    assert "3 changes are proposed" in results[-1].text
    assert (await propose(turn, "delete pod web-0 -n shop")).proposal is turn.proposals[0]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("kubectl delete pod nowhere -n shop", "There is no pod/nowhere in namespace shop."),
        ("kubectl delete pod web-0 -n bank", "Nothing may be changed in namespace bank. Whoever"),
        ("kubectl delete pod web-0 --force -n shop", "in order"),
        ("kubectl cordon node-1", "Nothing may be changed of nodes. Whoever runs Kaia"),
        ("kubectl scale deploy/web --replicas=2 -n shop", "`scale` is not among the changes in"),
        ("kubectl get pods", "Run it with the tool kubectl."),
        ("kubectl apply -f x", "What can be proposed"),
    ],
)
async def test_what_is_not_proposed_is_refused_with_a_receipt(
    begin: Begin, kube_api: KubeApi, audited: list[dict[str, Any]], command: str, said: str
) -> None:
    turn = begin(allowing("delete pod", "rollout undo"))
    result = await propose(turn, command)

    assert said in result.text
    assert result.is_error
    assert turn.proposals == []
    [receipt] = turn.receipts
    assert (receipt.verdict, receipt.exit_code) == ("refused", None)
    assert said in receipt.note
    assert (audited[-1]["kind"], audited[-1]["verdict"]) == ("proposal", "refused")
    assert audited[-1]["rule"]
    assert {seen.method for seen in kube_api.seen} <= {"GET"}


async def test_a_secret_in_a_command_is_not_shown_and_not_proposed(begin: Begin) -> None:
    turn = begin(allowing())
    result = await propose(turn, f"set image deploy/web token=shop/web:{CANARY} -n shop")

    assert "looks like a secret" in result.text
    assert CANARY not in result.text
    assert CANARY not in turn.receipts[0].command


async def test_a_secret_in_a_reason_is_not_kept(begin: Begin) -> None:
    turn = begin(allowing())
    await propose(turn, DELETE, f"password={CANARY}\n\n# done " + "x" * 900)

    [proposal] = turn.proposals
    assert CANARY not in proposal.reason
    assert "\n" not in proposal.reason
    assert len(proposal.reason) <= 300


async def test_the_third_refusal_says_to_stop(begin: Begin) -> None:
    turn = begin(allowing())
    results = [await propose(turn, "kubectl apply -f x") for _ in range(3)]
    assert ["stop trying" in each.text for each in results] == [False, False, True]


async def test_where_the_cluster_does_not_answer_nothing_is_proposed(
    begin: Begin, kube_api: KubeApi
) -> None:
    kube_api.token = "another"
    turn = begin(allowing())
    result = await propose(turn, DELETE)

    assert result.is_error
    assert "not proposed: pod/web-0 could not be read" in result.text
    assert turn.proposals == []


@pytest.mark.parametrize("arguments", [{}, {"command": DELETE}, {"command": DELETE, "why": "x"}])
async def test_wrong_arguments_are_explained(begin: Begin, arguments: dict[str, str]) -> None:
    turn = begin(allowing())
    assert turn.propose is not None
    result = await turn.propose.run(arguments)
    assert "exactly two arguments" in result.text


async def test_calls_of_a_turn_end(begin: Begin) -> None:
    turn = begin(allowing(), most_calls=1)
    await propose(turn, DELETE)
    assert "all calls of this turn are used" in (await propose(turn, DELETE)).text


async def test_a_cancelled_proposal_says_so(begin: Begin, kube_api: KubeApi) -> None:
    kube_api.is_hanging = True
    turn = begin(allowing())
    running = asyncio.create_task(propose(turn, DELETE))
    await kube_api.asked.wait()
    running.cancel()

    assert (await running).text == "not proposed: cancelled"
    assert turn.proposals == []


async def test_the_reading_tool_points_to_the_proposing_one(
    begin: Begin, audited: list[dict[str, Any]]
) -> None:
    turn = begin(allowing())
    change, other = [
        await turn.kubectl.run({"command": command}) for command in (DELETE, "kubectl apply -f x")
    ]

    assert "Call propose_change with the same command" in change.text
    assert "propose_change" not in other.text
    assert [each["rule"] for each in audited] == ["is_in_the_table"] * 2
    assert [receipt.verdict for receipt in turn.receipts] == ["refused", "refused"]


async def test_every_command_is_audited_without_what_it_printed(
    begin: Begin, audited: list[dict[str, Any]]
) -> None:
    turn = begin(allowing())
    await turn.kubectl.run({"command": "get pods -n shop"})
    await propose(turn, DELETE)

    assert [(each["kind"], each["tool"], each["verdict"]) for each in audited] == [
        ("command", "kubectl", "read"),
        ("command", "kubectl", "read"),
        ("proposal", "propose_change", "proposed"),
    ]
    assert audited[2]["proposal"] == turn.proposals[0].id
    assert audited[2]["change"] == "delete pod"
    assert audited[2]["argv"] == list(turn.proposals[0].argv)
    assert audited[1]["argv"][:3] == ("kubectl", "get", "pod/web-0")
    assert audited[0]["argv"] == ("kubectl", "get", "pods", "--namespace=shop")
    assert audited[0]["exit"] == 0
    assert "web-0" not in str(audited[0])
