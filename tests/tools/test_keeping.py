"""What a turn's look saw is put by for the conversation, once, while the model is asked."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app.shown import SHOP
from bot.cluster.api import opened_api
from bot.cluster.scene import Scene
from bot.dialogue import Step
from bot.recordings.format import Recording
from bot.recordings.incident import Kept
from bot.redaction import Redactor
from bot.tools.keeping import LOOKED, Keeping
from bot.tools.runner import Kubectl
from bot.tools.toolbox import Toolbox, TurnTools
from tests.doubles.recorded import served


@pytest.fixture
async def toolbox(tmp_path: Path) -> AsyncIterator[Toolbox]:
    async with (
        served(Recording.open(SHOP), tmp_path / "kubeconfig", "shop") as access,
        opened_api(access, {}) as api,
    ):
        yield Toolbox(Kubectl(access, Redactor(), environ={}), api, budget_chars=8_000)


async def on_step(_: Step) -> None:
    pass


def tools_of(toolbox: Toolbox, notes: dict[str, object] | None = None) -> TurnTools:
    return toolbox.for_turn(first_receipt=1, namespace="shop", on_step=on_step, notes=notes)


async def test_a_look_with_findings_is_kept_though_its_objects_are_let_go(toolbox: Toolbox) -> None:
    tools = tools_of(toolbox)
    await tools.first_look("what is wrong in shop?")
    assert tools.triage.first is not None
    assert tools.triage.first[1].scene is None
    kept = Kept.from_json((await tools.looked())[LOOKED])
    assert kept is not None
    assert {each["metadata"]["name"] for each in kept.objects} >= {"cart", "db"}


async def test_of_one_namespace_only_the_first_is(toolbox: Toolbox) -> None:
    first = tools_of(toolbox)
    await first.first_look("what is wrong in shop?")
    again = tools_of(toolbox, dict(await first.looked()))
    await again.first_look("and what is wrong in shop now?")
    assert await again.looked() == {}


async def test_a_later_look_that_finds_something_elsewhere_is_kept_with_the_first(
    toolbox: Toolbox,
) -> None:
    mall = Kept(
        datetime(2026, 1, 1, tzinfo=UTC),
        ("mall",),
        ({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "till", "namespace": "mall"}},),
    )
    tools = tools_of(toolbox, {LOOKED: mall.to_json()})
    await tools.first_look("what is wrong in shop?")
    kept = Kept.from_json((await tools.looked())[LOOKED])
    assert kept is not None
    assert kept.namespaces == ("mall", "shop")
    assert kept.at > mall.at
    assert {each["metadata"]["name"] for each in kept.objects} >= {"till", "cart", "db"}


async def test_where_all_is_well_nothing_is_kept(toolbox: Toolbox) -> None:
    tools = tools_of(toolbox)
    await tools.first_look("is everything well in office?")
    assert await tools.looked() == {}
    tools.end()


async def test_what_cannot_be_kept_does_not_fail_the_turn(toolbox: Toolbox) -> None:
    tools = tools_of(toolbox)
    await tools.first_look("what is wrong in shop?")
    assert tools.triage.first is not None
    broken = Scene(datetime.now(UTC), ("shop",), lists={"deployments": ("no object",)})  # type: ignore[dict-item]
    keeping = Keeping(Redactor())
    keeping.begin(replace(tools.triage.first[1], scene=broken))
    assert await keeping.kept() is None


async def test_after_the_turn_nobody_waits_for_it(toolbox: Toolbox) -> None:
    tools = tools_of(toolbox)
    await tools.first_look("what is wrong in shop?")
    tools.end()
    assert await tools.looked() == {}
