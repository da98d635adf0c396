"""What holds over all commands of one turn."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from bot.cluster.access import ClusterAccess
from bot.cluster.api import ClusterApi, opened_api
from bot.dialogue import Step, ToolResult, unfence
from bot.tools.toolbox import Toolbox, TurnTools
from tests.doubles.kube_api import KubeApi, pod
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
