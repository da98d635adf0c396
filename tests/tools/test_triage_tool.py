"""The look as the model calls it: what it gives back, and that nothing gets out of it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.cluster.api import opened_api
from bot.dialogue import Step, unfence
from bot.tools.ledger import Ledger
from bot.tools.looking import Looker
from bot.tools.triage import TriageTool
from tests.doubles.tiny_cluster import TinyCluster, serve_tiny_cluster

MakeTool = Callable[..., TriageTool]


@pytest.fixture
async def cluster() -> AsyncIterator[TinyCluster]:
    async with serve_tiny_cluster() as tiny:
        tiny.add_namespaces("bank", "shop", "web")
        tiny.add_pod("shop", "cart", status="CrashLoopBackOff")
        tiny.add_pod("web", "nginx")
        yield tiny


@pytest.fixture
async def make(cluster: TinyCluster, tmp_path: Path) -> AsyncIterator[MakeTool]:
    steps: list[Step] = []

    async def on_step(step: Step) -> None:
        steps.append(step)

    async with opened_api(cluster.access(tmp_path), {}) as api:

        def build(*, most_calls: int = 24, budget_chars: int = 6_000) -> TriageTool:
            return TriageTool(
                Looker(api, str),
                Ledger(first_receipt=4, most_calls=most_calls),
                on_step=on_step,
                budget_chars=budget_chars,
                turns=asyncio.Semaphore(1),
                namespace="web",
            )

        yield build
    assert all(step.text.startswith("looking at pods") for step in steps)


async def test_it_gives_a_receipt_and_the_findings_inside_a_fence(make: MakeTool) -> None:
    result = await make().run({"where": "shop"})

    assert result.text.startswith("receipt 4: kaia triage -n shop\n<<<data ")
    found = json.loads(unfence(result.text))
    assert found["findings"][0]["object"] == "Pod shop/cart"
    assert result.receipt is not None
    assert (result.receipt.verdict, result.receipt.exit_code) == ("read", 1)
    assert "CRITICAL  Pod shop/cart" in result.receipt.output


@pytest.mark.parametrize(
    ("where", "command", "exit_code"),
    [
        ("shop", "kaia triage -n shop", 1),
        ("web", "kaia triage -n web", 0),
        ("shop/cart", "kaia triage -n shop", 1),
        ("cart", "kaia triage -n shop", 1),
        ("all", "kaia triage -A", 1),
        ("namespace shpo", "kaia triage", 2),
    ],
)
async def test_where_it_looks_and_how_it_ends(
    make: MakeTool, where: str, command: str, exit_code: int
) -> None:
    receipt = (await make().run({"where": where})).receipt

    assert receipt is not None
    assert (receipt.command, receipt.exit_code) == (command, exit_code)


async def test_what_may_not_be_read_ends_it_with_2(make: MakeTool, cluster: TinyCluster) -> None:
    cluster.forbidden = {"pods"}

    receipt = (await make().run({"where": "shop"})).receipt

    assert receipt is not None
    assert receipt.exit_code == 2


async def test_nothing_found_in_a_part_of_the_cluster_is_no_health(
    make: MakeTool, cluster: TinyCluster
) -> None:
    cluster.forbidden = {"namespaces"}
    ill = (await make().run({"where": "all"})).receipt
    cluster.rows["shop"], cluster.objects["pods"] = [], []
    cluster.add_pod("shop", "cart")

    receipt = (await make().run({"where": "all"})).receipt

    assert ill is not None
    assert (ill.command, ill.exit_code) == ("kaia triage -A", 1)
    assert receipt is not None
    assert (receipt.command, receipt.exit_code) == ("kaia triage -A", 2)
    assert "Nothing found, but not all could be looked at (looked only at ns=shop" in receipt.output


async def test_the_whole_result_stays_within_its_budget(
    make: MakeTool, cluster: TinyCluster
) -> None:
    for number in range(60):
        cluster.add_pod("shop", f"pod-{number}-{'x' * 40}", status="CrashLoopBackOff")

    result = await make(budget_chars=2_500).run({"where": "shop"})

    assert len(result.text) <= 2_500
    assert json.loads(unfence(result.text))["findings_left_out"] > 10


@pytest.mark.parametrize("arguments", [{}, {"namespace": "shop"}, {"where": "shop", "x": "y"}])
async def test_wrong_arguments_are_told_and_count(
    make: MakeTool, arguments: dict[str, str]
) -> None:
    tool = make(most_calls=1)

    first = await tool.run(arguments)
    second = await tool.run({"where": "shop"})

    assert first.is_error
    assert 'exactly one argument, "where"' in first.text
    assert "all 1 commands of this turn are used" in second.text


async def test_only_the_look_at_the_question_is_remembered(make: MakeTool) -> None:
    tool = make()

    await tool.first_look("what is wrong?")
    await tool.run({"where": "shop"})

    assert tool.first is not None
    number, look = tool.first
    assert number == 4
    assert look.report is not None
    assert look.report.namespaces == ("web",)


async def test_what_was_read_is_let_go(make: MakeTool) -> None:
    tool = make()
    await tool.first_look("what is wrong?")

    tool.release()

    assert tool.first is not None
    assert tool.first[1].scene is None
    assert tool.first[1].report is not None


async def test_a_cluster_that_does_not_answer_is_said_to_be_unseen(tmp_path: Path) -> None:
    async with serve_tiny_cluster() as gone:
        access = gone.access(tmp_path)
    async with opened_api(access, {}) as api:
        ledger = Ledger(first_receipt=1, most_calls=24)
        tool = TriageTool(
            Looker(api, str), ledger, on_step=ignore, budget_chars=6_000,
            turns=asyncio.Semaphore(1),
        )  # fmt: skip
        result = await tool.first_look("what is wrong?")

    assert result.is_error
    assert result.text.startswith("not run: no cluster can be seen. The cluster at http://")
    assert tool.first is None
    assert ledger.receipts == []


async def test_a_cancelled_look_says_so_and_lets_nothing_out(
    make: MakeTool, cluster: TinyCluster
) -> None:
    cluster.is_hanging = True
    looking = asyncio.create_task(make().run({"where": "shop"}))
    await cluster.asked.wait()

    looking.cancel()

    assert "cancelled" in (await looking).text


async def test_the_first_look_lets_a_cancellation_out(make: MakeTool, cluster: TinyCluster) -> None:
    cluster.is_hanging = True
    looking = asyncio.create_task(make().first_look("what is wrong?"))
    await cluster.asked.wait()

    looking.cancel()

    with pytest.raises(asyncio.CancelledError):
        await looking


async def ignore(_: Step) -> None:
    """Nobody looks."""
