"""Changes as people meet them: the real program, a real API server, a workspace with buttons."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, update

from bot.conversations.storage.tables import proposals
from tests.apiserver import workloads
from tests.apiserver.approved import give_rights
from tests.apiserver.server import NODE, ApiServer
from tests.doubles.admission import Gatekeeper, gatekeeper
from tests.doubles.approving import BOUND, UNBOUND, Stage, has_buttons, opened_stage, shown
from tests.doubles.kaia_process import KaiaProcess
from tests.doubles.postgres import Postgres

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(120)]

SCALE = "kubectl scale deployment/{} --replicas=3 -n " + BOUND


@pytest.fixture(scope="module", autouse=True)
def rights(apiserver: ApiServer) -> None:
    for namespace in (BOUND, UNBOUND):
        workloads.add_namespace(apiserver.client, namespace)
    give_rights(apiserver.client, BOUND)


@pytest.fixture
async def stage(apiserver: ApiServer, tmp_path: Path) -> AsyncIterator[Stage]:
    async with opened_stage(apiserver, tmp_path) as opened:
        yield opened


@pytest.fixture
async def kaia(stage: Stage) -> AsyncIterator[KaiaProcess]:
    async with stage.running() as process:
        yield process


@pytest.fixture
async def keeper(apiserver: ApiServer, tmp_path: Path) -> AsyncIterator[Gatekeeper]:
    (tmp_path / "keeper").mkdir()
    async with gatekeeper(apiserver.client, BOUND, tmp_path / "keeper") as opened:
        yield opened


def a_deployment(apiserver: ApiServer, name: str, namespace: str = BOUND) -> str:
    workloads.add_deployment(apiserver.client, namespace, name, replicas=1, available=1)
    return name


def make_older(store_url: str, *, seconds: float) -> None:
    """As if the proposals there had been made so much earlier."""
    with create_engine(store_url).begin() as connection:
        for row in connection.execute(select(proposals)).all():
            content = row.content | {"expires": row.content["expires"] - seconds}
            older = update(proposals).where(proposals.c.id == row.id)
            connection.execute(older.values(content=content, expires=content["expires"]))


@pytest.mark.usefixtures("kaia")
async def test_a_change_is_proposed_approved_made_once_and_told(
    stage: Stage, apiserver: ApiServer
) -> None:
    web = a_deployment(apiserver, "whole-way")
    root, [offer] = await stage.propose(SCALE.format(web))

    command = f"kubectl scale deployment/{web} --namespace={BOUND} --replicas=3"
    proposed = shown(offer)
    for part in (
        command,
        "**Now:** 1 of 1 pod ready",
        f"**Effect:** Starts 2 more pods of deployment `{web}`: 3 instead of 1.",
        f"**Undo:** `kubectl scale deployment/{web} --namespace={BOUND} --replicas=1`",
        "One pod is too few [1].",
        "Nothing has been changed yet",
        "`shop-test`",
    ):
        assert part in proposed
    assert stage.replicas(web) == 1
    assert "Nothing was changed: what is proposed below waits" in stage.text(root)
    assert f"you may propose changes in {UNBOUND}, {BOUND}" in stage.model.heard()

    since = stage.mark()
    stage.press("zoe", offer)
    told = await stage.until_said(root, "was run", "Approved by")

    assert stage.replicas(web) == 3
    [trial] = stage.trials(since)
    [change] = stage.ended(since)
    assert trial["requestReceivedTimestamp"] < change["requestReceivedTimestamp"]
    assert change["verb"] == "patch"
    assert change["user"]["username"] == "system:serviceaccount:kaia:kaia"
    assert change["impersonatedUser"]["username"] == "kaia-approved"
    assert "kaia-approved" in change["impersonatedUser"]["groups"]
    for part in (
        f"`{command}` was run (exit 0,",
        f"deployment.apps/{web} scaled (server dry run)",
        f"**Undo:** `kubectl scale deployment/{web} --namespace={BOUND} --replicas=1`",
        f"**Now:** `deployment/{web}`: 1 of 3 pods ready",
    ):
        assert part in told
    await stage.until(lambda _: not stage.offers(root))
    assert "Approved by zoe (" in shown(stage.workspace.message("incidents", offer.ts))

    stage.model.lines = ()
    stage.workspace.say("ann", "incidents", "and now?", thread_ts=root)
    await stage.until(lambda _: len(stage.said(root)) == 4)
    assert "What became of proposed changes since then" in stage.model.heard()
    assert "was run (exit 0" in stage.model.heard()
    await stage.until(lambda now: not now.problems)


@pytest.mark.usefixtures("kaia")
async def test_the_audit_tells_who_proposed_what_and_who_decided(
    stage: Stage, apiserver: ApiServer
) -> None:
    web = a_deployment(apiserver, "audited")
    root, [offer] = await stage.propose(SCALE.format(web))
    stage.press("max", offer)
    await stage.until_whispered("max", "not among those")
    stage.press("zoe", offer)
    await stage.until_said(root, "was run")

    lines = stage.audited()
    [proposal] = [each for each in lines if each["audit"] == "proposal"]
    [decision] = [each for each in lines if each["audit"] == "decision"]
    [refusal] = [each for each in lines if each["audit"] == "refusal"]
    commands = [each for each in lines if each["audit"] == "command"]
    id_of = stage.workspace.directory.person
    assert (proposal["who"], proposal["change"]) == (id_of("ann").id, "scale")
    assert (decision["who"], decision["outcome"]) == (id_of("zoe").id, "done")
    assert refusal["who"] == id_of("max").id
    assert len({proposal["proposal"], decision["proposal"], refusal["proposal"]}) == 1
    assert "redacted" not in proposal["proposal"]
    assert [each["verdict"] for each in commands][-2:] == ["dry-run", "write"]
    assert stage.audit_file.stat().st_mode & 0o777 == 0o600
    assert "please scale it" not in stage.audit_file.read_text()


# Who may


@pytest.mark.usefixtures("kaia")
async def test_who_is_no_approver_is_told_so_alone_and_nothing_runs(
    stage: Stage, apiserver: ApiServer
) -> None:
    web = a_deployment(apiserver, "not-max")
    root, [offer] = await stage.propose(SCALE.format(web))
    since, before = stage.mark(), stage.text(root)

    stage.press("max", offer)
    told = await stage.until_whispered("max", "not among those who may decide")

    assert "S0ONCALL" in told
    assert stage.text(root) == before
    assert not stage.changes(since)
    assert not stage.trials(since)
    assert not stage.workspace.whispers("ann")


async def test_who_asked_needs_somebody_else_unless_the_settings_say_otherwise(
    stage: Stage, apiserver: ApiServer
) -> None:
    web = a_deployment(apiserver, "own-request")
    async with stage.running():
        root, [offer] = await stage.propose(SCALE.format(web), by="zoe")
        since = stage.mark()
        stage.press("zoe", offer)
        await stage.until_whispered("zoe", "somebody else has to approve it")
        assert not stage.changes(since)

    stage.writes["own_requests"] = True
    async with stage.running():
        await stage.until(lambda now: now.deliveries.connections)
        stage.press("zoe", offer)
        await stage.until_said(root, "was run")
    assert stage.replicas(web) == 3


async def test_a_group_approves_for_as_long_as_one_is_in_it(
    stage: Stage, apiserver: ApiServer
) -> None:
    first, second = a_deployment(apiserver, "group-1"), a_deployment(apiserver, "group-2")
    async with stage.running():
        root, offers = await stage.propose(SCALE.format(first), SCALE.format(second))
        stage.press("ben", offers[0])
        await stage.until_said(root, "was run", "approved by ben")

    stage.workspace.directory.group("oncall").members.clear()
    async with stage.running():
        await stage.until(lambda now: now.deliveries.connections)
        since = stage.mark()
        stage.press("ben", offers[1])
        await stage.until_whispered("ben", "not among those who may decide")
        assert not stage.changes(since)
    assert (stage.replicas(first), stage.replicas(second)) == (3, 1)


@pytest.mark.usefixtures("kaia")
async def test_a_rejected_change_is_closed_and_the_model_hears_of_it(
    stage: Stage, apiserver: ApiServer
) -> None:
    web = a_deployment(apiserver, "rejected")
    root, [offer] = await stage.propose(SCALE.format(web))
    since = stage.mark()
    stage.press("ben", offer, approves=False)
    await stage.until_said(root, "was not run", "Rejected by ben")
    stage.press_again("zoe", offer)
    await stage.until_whispered("zoe", "was rejected by ben")
    stage.model.lines = ()
    stage.workspace.say("ann", "incidents", "and now?", thread_ts=root)
    await stage.until(lambda _: "rejected it" in stage.model.heard())

    assert not stage.changes(since)
    assert not stage.offers(root)


# Once


@pytest.mark.usefixtures("kaia")
async def test_two_people_and_a_press_delivered_twice_make_one_change(
    stage: Stage, apiserver: ApiServer
) -> None:
    web = a_deployment(apiserver, "once")
    root, [offer] = await stage.propose(SCALE.format(web))
    since = stage.mark()
    stage.workspace.deliveries.duplicate(2)
    first = stage.press("zoe", offer)
    stage.press("ben", offer)
    await stage.until_said(root, "was run")
    stage.workspace.deliveries.replay(first)
    await stage.until_whispered("zoe", "it was made")
    await stage.until_whispered("ben", "it was made")

    assert len(stage.changes(since)) == 1
    assert stage.text(root).count("was run (exit 0") == 1
    assert stage.replicas(web) == 3


async def test_two_replicas_make_one_change(
    postgres: Postgres, apiserver: ApiServer, tmp_path: Path
) -> None:
    web = a_deployment(apiserver, "replicas")
    async with (
        opened_stage(apiserver, tmp_path, postgres.url()) as stage,
        stage.running(),
        stage.running(),
    ):
        await stage.until(lambda now: len(now.deliveries.connections) >= 4)
        root, [offer] = await stage.propose(SCALE.format(web))
        since = stage.mark()
        stage.workspace.deliveries.duplicate(8)
        for user in ("zoe", "ben", "zoe", "ben"):
            stage.press(user, offer)
        await stage.until_said(root, "was run")
        await stage.until(lambda now: not now.deliveries.unacked)
        await stage.until_whispered("ben", "This change was")

        assert len(stage.changes(since)) == 1
        assert stage.text(root).count("was run (exit 0") == 1


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


# Later


@pytest.mark.usefixtures("kaia")
async def test_a_press_after_thanks_still_counts(stage: Stage, apiserver: ApiServer) -> None:
    web = a_deployment(apiserver, "after-thanks")
    root, [offer] = await stage.propose(SCALE.format(web))
    stage.workspace.say("ann", "incidents", "Thanks!", thread_ts=root)
    await stage.until(lambda _: len(stage.said(root)) == 3)
    stage.press("zoe", offer)
    await stage.until_said(root, "was run (exit 0", "Approved by zoe")
    count = len(stage.said(root))
    stage.workspace.say("ann", "incidents", "good", thread_ts=root)
    await stage.until(lambda now: not now.deliveries.unacked)

    assert len(stage.said(root)) == count
    assert stage.replicas(web) == 3


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


# Slack


async def test_where_slack_takes_no_buttons_the_text_says_what_can_be_done(
    stage: Stage, kaia: KaiaProcess, apiserver: ApiServer
) -> None:
    web = a_deployment(apiserver, "no-blocks")
    await stage.until(lambda now: now.deliveries.connections)
    stage.model.lines = (SCALE.format(web),)
    stage.workspace.faults.add("chat.postMessage", "error", times=9, after=1, code="invalid_blocks")
    root = stage.workspace.say("ann", "incidents", "@kaia please scale it")
    await stage.until_said(root, "Slack did not take the buttons")
    stage.workspace.faults.clear()

    assert not stage.offers(root)
    assert kaia.is_running
