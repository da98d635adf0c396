"""Changes as people meet them: the real program, a real API server, a workspace with buttons."""

from pathlib import Path

import pytest

from tests.apiserver.server import ApiServer
from tests.doubles.approving import (
    BOUND,
    SCALE,
    UNBOUND,
    Stage,
    a_deployment,
    opened_stage,
    shown,
)
from tests.doubles.kaia_process import KaiaProcess
from tests.doubles.postgres import Postgres

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.timeout(120),
    pytest.mark.usefixtures("rights_to_change"),
]


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
    run = [(each["verdict"], each.get("phase"), each["rule"], each["exit"]) for each in commands]
    [trial] = [place for place, each in enumerate(run) if each[0] == "dry-run"]
    assert run[trial - 1 : trial + 4] == [
        ("read", None, None, 0),  # the object, right before
        ("dry-run", None, "scale", 0),
        ("write", "begins", "scale", None),
        ("write", "ends", "scale", 0),
        ("read", None, None, 0),  # and after
    ]
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
