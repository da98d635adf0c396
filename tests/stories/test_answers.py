"""The answer to one question: signs of life, three lines first, what is folded, what is refused."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversations.storage.tables import ratings
from bot.playground import Workspace
from tests.doubles.served import runs
from tests.stories.conftest import OpenStage
from tests.stories.stage import BY_MODEL, QUIET, Stage
from tests.stories.told import tell

THINKS = "thinking about what was found"
BUSY = replace(QUIET, heartbeat_seconds=0.3, first_seconds=0.1, progress_seconds=0.3)
LOOKS = [runs(f"kubectl get pods -n shop --selector=app={n}") for n in range(6)]


async def test_slacks_own_signs_say_what_is_done_and_go_with_the_answer(by_model: Stage) -> None:
    by_model.ollama.may_answer.clear()
    root = by_model.say("ann", "@kaia why is cart failing?")
    home = by_model.slack.directory.channel("incidents").id
    await by_model.slack.wait_for(lambda now: THINKS in now.status(home, root))
    meanwhile = by_model.slack.transcript("incidents")
    assert by_model.slack.sessions[home, root].status == "processing"

    by_model.ollama.may_answer.set()
    await by_model.answered(root)
    assert by_model.slack.sessions[home, root].status == "active"
    tell("signs_of_life", [meanwhile, by_model.slack.transcript("incidents")])


async def test_where_slack_takes_no_status_a_message_says_it_and_is_gone(
    open_stage: OpenStage,
) -> None:
    stage = await open_stage(BY_MODEL, rhythm=BUSY)
    for method in ("assistant.threads.setStatus", "agents.sessions.setStatus"):
        stage.slack.faults.add(method, "error", times=99, code="unknown_method")
    stage.ollama.may_answer.clear()
    root = stage.say("ann", "@kaia why is cart failing?")

    def is_shown(now: Workspace) -> bool:
        shown = now.transcript("incidents")
        return ":eyes:" in shown and THINKS in shown and "(edited)" in shown

    await stage.slack.wait_for(is_shown)
    meanwhile = stage.slack.transcript("incidents")
    stage.ollama.may_answer.set()
    await stage.slack.wait_for(lambda _: "CrashLoopBackOff" in stage.slack.transcript("incidents"))
    await stage.slack.wait_for(lambda _: len(stage.kaias(root)) == 1)
    await stage.slack.wait_for(lambda now: not now.message("incidents", root).reactions)
    tell("progress_message", [meanwhile, stage.slack.transcript("incidents")])


async def test_an_answer_has_three_lines_first_and_is_worded_by_rules(by_rules: Stage) -> None:
    await by_rules.asked()
    by_rules.tells("answer_by_rules")


async def test_an_answer_folds_its_evidence_and_is_rated(by_model: Stage) -> None:
    by_model.ollama.say(*LOOKS)
    root = await by_model.asked()
    answer = by_model.kaias(root)[-1]
    value = next(
        str(block["elements"][0]["positive_button"]["value"])
        for block in answer.blocks
        if block["type"] == "context_actions"
    )
    by_model.slack.click("ben", "incidents", answer.ts, "kaia_rating", value)
    await by_model.slack.wait_for(lambda now: now.whispers("ben"))
    by_model.tells("answer_folded_and_rated")

    async def kept(connection: AsyncConnection) -> list[tuple[str, bool, str]]:
        columns = (ratings.c.label, ratings.c.is_good, ratings.c.prompt_digest)
        return [tuple(row) for row in await connection.execute(select(*columns))]

    [sent] = await by_model.engine.store.sent(value.removeprefix("good:message:"))
    digest = sent.calls[-1].prompt_digest
    found = await by_model.engine.store.database.transact(kept)
    assert found == [("ollama:qwen3:8b", True, digest)]


async def test_where_slack_takes_no_container_the_evidence_is_unfolded(by_model: Stage) -> None:
    by_model.slack.refuse_blocks({"container"})
    by_model.ollama.say(*LOOKS)
    await by_model.asked()
    by_model.tells("container_refused")


async def test_where_slack_takes_no_blocks_at_all_the_answer_is_text(by_model: Stage) -> None:
    by_model.slack.refuse_blocks({"container", "markdown", "context_actions", "section"})
    by_model.ollama.say(*LOOKS)
    await by_model.asked()
    by_model.tells("all_blocks_refused")
