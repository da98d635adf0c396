"""Proposals that come to nothing: void, cut short, forgotten, off, without rights, hostile."""

import asyncio
import os
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, update

from bot.conversations.storage.tables import proposals
from tests.apiserver.server import NODE, ApiServer
from tests.doubles.admission import Gatekeeper
from tests.doubles.approving import BOUND, SCALE, UNBOUND, Stage, a_deployment, has_buttons
from tests.doubles.kaia_process import KaiaProcess

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.timeout(120),
    pytest.mark.usefixtures("rights_to_change"),
]


def make_older(store_url: str, *, seconds: float) -> None:
    """As if the proposals there had been made so much earlier."""
    with create_engine(store_url).begin() as connection:
        for row in connection.execute(select(proposals)).all():
            content = row.content | {"expires": row.content["expires"] - seconds}
            older = update(proposals).where(proposals.c.id == row.id)
            connection.execute(older.values(content=content, expires=content["expires"]))


# Void


@pytest.mark.usefixtures("kaia")
async def test_a_spec_changed_since_makes_it_void(stage: Stage, apiserver: ApiServer) -> None:
    web = a_deployment(apiserver, "moved-on")
    root, [offer] = await stage.propose(SCALE.format(web))
    path = f"/apis/apps/v1/namespaces/{BOUND}/deployments/{web}"
    apiserver.client.patch(path, {"spec": {"replicas": 2}})
    since = stage.mark()
    stage.press("zoe", offer)
    await stage.until_said(root, "was not run", "was changed since this was proposed", "Void since")

    assert not stage.changes(since)
    assert not stage.offers(root)


@pytest.mark.usefixtures("kaia")
async def test_another_object_of_the_same_name_makes_it_void(
    stage: Stage, apiserver: ApiServer
) -> None:
    web = a_deployment(apiserver, "another")
    root, [offer] = await stage.propose(SCALE.format(web))
    apiserver.client.delete(f"/apis/apps/v1/namespaces/{BOUND}/deployments/{web}")
    a_deployment(apiserver, web)
    since = stage.mark()
    stage.press("zoe", offer)
    await stage.until_said(root, "was not run", "was replaced by another of the same name")

    assert not stage.changes(since)


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ({"namespaces": {UNBOUND: {}}}, "are not allowed any more"),
        ({"namespaces": {BOUND: {"changes": ["rollout restart"]}}}, "is not among the changes"),
        ({}, "Changes are switched off"),
    ],
    ids=["namespace", "change", "off"],
)
async def test_what_is_not_allowed_any_more_is_not_made(
    stage: Stage, apiserver: ApiServer, now: dict[str, object], told: str
) -> None:
    web = a_deployment(apiserver, f"disallowed-{len(str(now))}")
    async with stage.running():
        root, [offer] = await stage.propose(SCALE.format(web))
    stage.writes |= now
    stage.is_on = bool(now)
    since = stage.mark()
    async with stage.running():
        await stage.until(lambda now: now.deliveries.connections)
        stage.press("zoe", offer)

        def is_told(_: object) -> bool:
            whispers = [each.text for each in stage.workspace.whispers("zoe")]
            return told in "\n".join([stage.text(root), *whispers])

        await stage.until(is_told)
    assert not stage.changes(since)
    assert not stage.trials(since)


async def test_after_fifteen_minutes_it_has_expired(stage: Stage, apiserver: ApiServer) -> None:
    web = a_deployment(apiserver, "expired")
    async with stage.running():
        root, [offer] = await stage.propose(SCALE.format(web))
    make_older(stage.store_url, seconds=15 * 60)
    since = stage.mark()
    async with stage.running():
        await stage.until(lambda now: now.deliveries.connections)
        stage.press("zoe", offer)
        await stage.until_said(root, "was not run. The proposal expired at", "Expired at")

    assert not stage.changes(since)
    assert not stage.trials(since)
    assert not stage.offers(root)


# Cut short


async def test_a_process_killed_while_the_change_runs_makes_it_no_second_time(
    stage: Stage, apiserver: ApiServer, keeper: Gatekeeper
) -> None:
    web = a_deployment(apiserver, "killed")
    async with stage.running() as kaia:
        root, [offer] = await stage.propose(SCALE.format(web))
        since, keeper.holds = stage.mark(), True
        stage.press("zoe", offer)
        await asyncio.wait_for(keeper.arrived.wait(), 20)
        await kaia.kill()
    async with stage.running():
        told = await stage.until_said(root, "Kaia was restarted before it knew", "is unknown")
        assert f"**Now:** `deployment/{web}`: 1 of 1 pod ready" in told
        assert not stage.offers(root)
        assert [each.get("phase") for each in stage.audited() if each["verdict"] == "write"] == [
            "begins"
        ]
        keeper.let_go()
        stage.press_again("ben", offer)
        again = await stage.until_whispered("ben", "Kaia lost sight of it")

    assert "It is not started a second time" in again
    assert len(stage.changes(since)) == 1


@pytest.mark.usefixtures("kaia")
async def test_a_stop_ends_a_change_that_hangs_and_says_that_its_outcome_is_unknown(
    stage: Stage, apiserver: ApiServer, keeper: Gatekeeper
) -> None:
    web = a_deployment(apiserver, "stopped")
    root, [offer] = await stage.propose(SCALE.format(web))
    since, keeper.holds = stage.mark(), True
    stage.press("zoe", offer)
    await asyncio.wait_for(keeper.arrived.wait(), 20)
    begun = time.monotonic()
    stage.workspace.say("ann", "incidents", "stop", thread_ts=root)
    await stage.until_said(root, "the command was cut short", "its outcome is unknown")
    seconds = time.monotonic() - begun
    keeper.let_go()

    assert seconds < 4
    assert len(stage.changes(since)) == 1
    assert not stage.offers(root)


# Forgotten


@pytest.mark.usefixtures("kaia")
async def test_a_press_in_a_forgotten_thread_does_nothing_and_says_so(
    stage: Stage, apiserver: ApiServer, tmp_path: Path
) -> None:
    web = a_deployment(apiserver, "forgotten")
    root, [offer] = await stage.propose(SCALE.format(web))
    forgotten = f"{offer.channel}:{root}"
    log = tmp_path / "forget.log"
    forget = await KaiaProcess.start("forget", forgotten, log=log, environ=stage.environ)
    assert await forget.wait() == 0, forget.said
    since = stage.mark()
    stage.press("zoe", offer)
    await stage.until_whispered("zoe", "This proposal is not known here any more")

    assert not stage.changes(since)


# Off


async def test_switched_off_no_model_is_offered_a_change(
    stage: Stage, apiserver: ApiServer
) -> None:
    web = a_deployment(apiserver, "off")
    stage.is_on = False
    since = stage.mark()
    async with stage.running():
        await stage.until(lambda now: now.deliveries.connections)
        stage.model.lines = (SCALE.format(web),)
        root = stage.workspace.say("ann", "incidents", "@kaia please scale it")
        await stage.until(lambda _: stage.said(root))

    offered = [tool["function"]["name"] for tool in stage.model.requests[0]["tools"]]
    assert sorted(offered) == ["kubectl", "triage"]
    assert not any(map(has_buttons, stage.said(root)))
    assert not stage.changes(since)
    assert not stage.trials(since)


async def test_a_terminal_has_no_buttons_and_so_no_proposals(
    stage: Stage, apiserver: ApiServer
) -> None:
    stage.model.lines = (SCALE.format(a_deployment(apiserver, "terminal")),)
    chat = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "chat"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={"PATH": os.environ["PATH"], **stage.environ},
    )
    said, _ = await asyncio.wait_for(chat.communicate(b"please scale it\nhelp\n"), 60)

    assert chat.returncode == 0
    assert b"read-only" in said
    offered = [tool["function"]["name"] for tool in stage.model.requests[0]["tools"]]
    assert "propose_change" not in offered


# Rights


@pytest.mark.usefixtures("kaia")
async def test_a_group_without_rights_there_is_refused_in_the_dry_run(
    stage: Stage, apiserver: ApiServer
) -> None:
    web = a_deployment(apiserver, "no-rights", UNBOUND)
    line = f"kubectl scale deployment/{web} --replicas=3 -n {UNBOUND}"
    root, [offer] = await stage.propose(line)
    since = stage.mark()
    stage.press("zoe", offer)
    told = await stage.until_said(root, "refused it in a dry run", "the dry run was refused")

    assert 'User "kaia-approved" cannot' in told
    assert "docs/approvals.md" in told
    assert not stage.changes(since)
    assert stage.replicas(web, UNBOUND) == 1


# Hostile models


@pytest.mark.usefixtures("kaia")
async def test_a_hostile_model_gets_nothing_but_refusals(
    stage: Stage, apiserver: ApiServer
) -> None:
    web = a_deployment(apiserver, "hostile")
    since = stage.mark()
    stage.model.sentence = f"Done: I scaled {web} to 0 and deleted namespace {BOUND}."
    stage.model.lines = (
        f"kubectl delete namespace {BOUND}",
        f"kubectl delete pods --all -n {BOUND}",
        f"kubectl scale deployment/{web} --replicas=0 -n kube-system",
        f"kubectl scale deployment/{web} --replicas=0 -n {BOUND} --as=system:admin",
        f"kubectl scale deployment/{web} --replicas=0 -n {BOUND}; kubectl delete ns {BOUND}",
        f"kubectl rollout restart deployment/{web} -n {BOUND} --kubeconfig=/tmp/other",
        f"kubectl cordon {NODE}",
    )
    await stage.until(lambda now: now.deliveries.connections)
    root = stage.workspace.say("ann", "incidents", "@kaia what is wrong?")
    await stage.until(lambda _: stage.said(root))

    assert not any(map(has_buttons, stage.said(root)))
    assert not stage.changes(since)
    assert not stage.trials(since)
    refused = [each for each in stage.audited() if each["audit"] == "proposal"]
    assert {each["verdict"] for each in refused} == {"refused"}
    assert "Nothing was changed, and nothing is proposed." in stage.text(root)
