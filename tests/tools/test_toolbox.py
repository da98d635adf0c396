"""What holds over all commands of one turn."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.cluster.access import ClusterAccess
from bot.cluster.api import ClusterApi, opened_api
from bot.dialogue import Step, ToolResult, unfence
from bot.tools import policy
from bot.tools.toolbox import Toolbox, TurnTools
from tests.doubles.kube_api import KubeApi, pod
from tests.doubles.tiny_cluster import TinyCluster, serve_tiny_cluster
from tests.tools.conftest import MakeKubectl


async def ignore(_: Step) -> None:
    """Nobody looks."""


@pytest.fixture
async def api(access: ClusterAccess) -> AsyncIterator[ClusterApi]:
    async with opened_api(access, {}) as api:
        yield api


def begin_turn(
    make_kubectl: MakeKubectl,
    api: ClusterApi,
    *,
    first_receipt: int = 1,
    namespace: str | None = None,
    most_calls: int = 24,
) -> TurnTools:
    toolbox = Toolbox(make_kubectl(), api, budget_chars=4_000, most_calls=most_calls)
    return toolbox.for_turn(first_receipt=first_receipt, namespace=namespace, on_step=ignore)


async def ask(turn: TurnTools, *commands: str) -> Sequence[ToolResult]:
    return [await turn.kubectl.run({"command": command}) for command in commands]


def pod_requests(api: KubeApi) -> int:
    return sum(seen.path.endswith("/pods") for seen in api.seen)


async def test_receipts_are_numbered_through_the_thread(
    make_kubectl: MakeKubectl, api: ClusterApi
) -> None:
    turn = begin_turn(make_kubectl, api, first_receipt=7)

    await ask(turn, "get pods", "delete pod web-0", "get pod web-0")

    assert [receipt.number for receipt in turn.receipts] == [7, 8, 9]
    assert [receipt.verdict for receipt in turn.receipts] == ["read", "refused", "read"]


async def test_parallel_calls_have_numbers_of_their_own_in_order(
    make_kubectl: MakeKubectl,
    api: ClusterApi,
) -> None:
    turn = begin_turn(make_kubectl, api)
    commands = [f"get pod p{n}" for n in range(8)]

    await asyncio.gather(*(turn.kubectl.run({"command": command}) for command in commands))

    assert [receipt.number for receipt in turn.receipts] == list(range(1, 9))


async def test_the_namespace_of_the_channel_is_meant_where_none_is_named(
    make_kubectl: MakeKubectl,
    api: ClusterApi,
) -> None:
    turn = begin_turn(make_kubectl, api, namespace="bank")

    default, named, everywhere = await ask(turn, "get pods", "get pods -n shop", "get pods -A")

    assert "--namespace=bank" in default.text
    assert "--namespace=shop" in named.text
    assert "--namespace" not in everywhere.text


async def test_too_many_commands_are_told_to_conclude(
    make_kubectl: MakeKubectl, api: ClusterApi
) -> None:
    turn = begin_turn(make_kubectl, api, most_calls=2)

    *_, last = await ask(turn, "get pods", "get pod web-0", "get pod web-1")

    assert last.is_error
    assert "all 2 commands of this turn are used" in last.text
    assert len(turn.receipts) == 2


async def test_calls_that_run_nothing_count_too(make_kubectl: MakeKubectl, api: ClusterApi) -> None:
    turn = begin_turn(make_kubectl, api, most_calls=2)

    for _ in range(2):
        await turn.kubectl.run({"wrong": "argument"})
    [last] = await ask(turn, "get pods")

    assert "are used" in last.text


async def test_the_same_command_runs_once_in_a_turn(
    make_kubectl: MakeKubectl, api: ClusterApi, kube_api: KubeApi
) -> None:
    turn = begin_turn(make_kubectl, api)

    first, second, third = await ask(
        turn, "get pods -n shop", "kubectl get pod --namespace shop", "get pods"
    )

    assert unfence(first.text)
    assert second.text.startswith("not run again: receipt 1 answers it: ")
    assert "Conclude now" in third.text
    assert third.receipt is None
    assert pod_requests(kube_api) == 1


async def test_the_same_command_runs_again_in_another_turn(
    make_kubectl: MakeKubectl, api: ClusterApi, kube_api: KubeApi
) -> None:
    await ask(begin_turn(make_kubectl, api), "get pods")
    kube_api.pods["shop"].append(pod("web-1"))

    [second] = await ask(begin_turn(make_kubectl, api), "get pods")

    assert "web-1" in unfence(second.text)


async def test_the_third_refusal_says_to_stop_trying(
    make_kubectl: MakeKubectl, api: ClusterApi
) -> None:
    turn = begin_turn(make_kubectl, api)

    results = await ask(turn, "delete pod a", "exec a -- sh", "get secrets", "edit pod a")

    assert ["stop trying" in result.text for result in results] == [False, False, True, True]
    assert all(result.text.startswith("receipt ") for result in results)


async def test_a_turn_knows_nothing_of_the_turn_before(
    make_kubectl: MakeKubectl, api: ClusterApi
) -> None:
    toolbox = Toolbox(make_kubectl(), api, budget_chars=4_000)

    for first in (1, 4):
        turn = toolbox.for_turn(first_receipt=first, namespace=None, on_step=ignore)
        [result] = await ask(turn, "get pods")
        assert "web-0" in unfence(result.text)
        assert result.text.startswith(f"receipt {first}: ")


class TestTheFirstLook:
    """Beside the question, and what is left of it for the answer and for the next turn."""

    @pytest.fixture
    async def cluster(self) -> AsyncIterator[TinyCluster]:
        async with serve_tiny_cluster() as tiny:
            tiny.add_namespaces("bank", "shop")
            tiny.add_pod("shop", "cart", status="CrashLoopBackOff")
            tiny.add_pod("bank", "ledger")
            tiny.add("services", "bank", "ledger", spec={"type": "ExternalName"})
            yield tiny

    @pytest.fixture
    async def toolbox(
        self, cluster: TinyCluster, make_kubectl: MakeKubectl, tmp_path: Path
    ) -> AsyncIterator[Toolbox]:
        access = cluster.access(tmp_path)
        async with opened_api(access, {}) as api:
            yield Toolbox(make_kubectl(access=access), api, budget_chars=6_000)

    @staticmethod
    def begin(toolbox: Toolbox, **more: Any) -> TurnTools:
        return toolbox.for_turn(first_receipt=1, namespace=None, on_step=ignore, **more)

    async def test_it_is_the_first_receipt_and_stands_in_a_fence(self, toolbox: Toolbox) -> None:
        turn = self.begin(toolbox)

        text = await turn.first_look("what is wrong in shop?")

        assert text.startswith("Kaia's first look, receipt 1: kaia triage -n shop\n<<<data ")
        assert '"object":"Pod shop/cart"' in unfence(text)
        assert [each.number for each in turn.receipts] == [1]

    async def test_it_decides_the_verdict_with_what_the_answer_says(self, toolbox: Toolbox) -> None:
        turn = self.begin(toolbox)
        await turn.first_look("what is wrong with cart?")

        right = turn.verdict("`cart` ends with exit code 3 [1].", {1})
        wrong = turn.verdict("`cart` has no network [1].", {1})

        assert right.certainty in {"CONFIRMED", "LIKELY"}
        assert "Pod shop/cart" in right.line
        assert wrong.certainty == "INCONCLUSIVE"

    async def test_a_look_that_found_something_may_be_cited(self, toolbox: Toolbox) -> None:
        turn = self.begin(toolbox)
        await turn.first_look("show me the service ledger in bank")
        await turn.triage.run({"where": "shop"})

        assert turn.receipts[1].exit_code == 1
        assert turn.verdict("It is an ExternalName [2].", {2}).certainty == "CONFIRMED"
        assert turn.verdict("It is an ExternalName [7].", {7}).certainty == "INCONCLUSIVE"

    async def test_what_was_fine_and_what_was_not_seen_is_remarked(
        self, toolbox: Toolbox, cluster: TinyCluster
    ) -> None:
        cluster.forbidden = {"nodes"}
        turn = self.begin(toolbox)
        await turn.first_look("what is wrong in bank?")

        fine, unseen = turn.remarks()

        assert fine == "Checked and fine: 1 pod, 1 Service."
        assert unseen == "Not checked: nodes (forbidden)."

    async def test_of_many_gaps_some_are_named_and_the_rest_is_counted(
        self, toolbox: Toolbox, cluster: TinyCluster
    ) -> None:
        cluster.forbidden = {
            "nodes", "services", "jobs", "cronjobs", "ingresses", "events", "deployments",
            "daemonsets",
        }  # fmt: skip
        turn = self.begin(toolbox)
        await turn.first_look("what is wrong in bank?")

        unseen = turn.remarks()[-1]

        assert unseen.count("(forbidden)") == 6
        assert unseen.endswith(" and 2 more.")

    async def test_the_next_turn_knows_what_was_spoken_of(self, toolbox: Toolbox) -> None:
        first = self.begin(toolbox)
        await first.first_look("is pod cart well?")
        kept = json.loads(json.dumps({**first.notes, "snapshot": dict(first.snapshot or {})}))

        then = self.begin(toolbox, notes=kept)
        await then.first_look("and its logs?")

        assert first.snapshot is not None
        assert then.snapshot is None
        assert then.triage.first is not None
        assert [ref.name for ref in then.triage.first[1].objects] == ["cart"]

    async def test_each_look_leaves_how_often_pods_had_been_restarted_and_asks_no_more_for_it(
        self, toolbox: Toolbox, cluster: TinyCluster
    ) -> None:
        earlier = {"at": 1_000.0, "pods": {"shop/pay": 1}}
        turn = self.begin(toolbox, notes={"restarts": [earlier], "snapshot": {}})
        await turn.first_look("what is wrong in shop?")
        asked = len(cluster.paths)

        kept = json.loads(json.dumps(turn.notes))["restarts"]

        assert len(cluster.paths) == asked
        assert kept[0]["pods"] == earlier["pods"]
        assert [*kept[1]] == ["at", "pods", "in"]
        assert kept[1]["in"] == ["shop"]

    async def test_it_can_be_run_again_from_its_receipt(self, toolbox: Toolbox) -> None:
        turn = self.begin(toolbox)
        await turn.first_look("is pod cart well?")

        again = (await self.begin(toolbox).rerun(turn.receipts[0])).receipt

        assert again is not None
        assert again.command == turn.receipts[0].command
        assert again.output == turn.receipts[0].output

    async def test_the_next_command_is_the_one_that_would_tell_more(self, toolbox: Toolbox) -> None:
        turn = self.begin(toolbox)
        assert turn.next_command() == ""

        await turn.first_look("what is wrong in shop?")

        assert policy.judge(turn.next_command()).kind == "read"

    async def test_without_a_cluster_there_is_nothing_to_say(
        self, toolbox: Toolbox, cluster: TinyCluster
    ) -> None:
        cluster.forbidden = {"namespaces", "pods"}
        turn = self.begin(toolbox)

        assert turn.remarks() == ()
        assert turn.notes == {}
        assert turn.verdict("All is healthy.", set()).certainty == "INCONCLUSIVE"
        await turn.first_look("what is wrong?")
        assert turn.verdict("All is healthy [1].", {1}).certainty == "INCONCLUSIVE"
