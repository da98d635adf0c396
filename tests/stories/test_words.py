"""Words that are commands: each is answered by code alone."""

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversations.storage.tables import metadata
from bot.playground.objects import Message
from tests.stories.stage import Stage

SECRETLY = "zebra"


@pytest.mark.parametrize(
    ("story", "word"),
    [
        ("help", "Help!"),
        ("status", "status?"),
        ("stop_of_nothing", "STOP"),
        ("show", "show 1"),
        ("rerun", "rerun 2"),
        ("what_changed", "what changed?"),
        ("summary", "summary"),
        ("chart", "chart"),
    ],
)
async def test_a_word_is_answered_without_a_model(by_model: Stage, story: str, word: str) -> None:
    root = await by_model.asked()
    before = len(by_model.ollama.requests)
    by_model.say("ben", word, root)
    await by_model.answered(root, 2)
    await by_model.settled()
    by_model.tells(f"word_{story}")
    assert len(by_model.ollama.requests) == before


async def test_while_a_turn_runs_status_says_so_and_stop_ends_it(by_model: Stage) -> None:
    by_model.ollama.may_answer.clear()
    root = by_model.say("ann", "@kaia why is cart failing?")
    await by_model.ollama.until(lambda: bool(by_model.ollama.most_at_once))
    by_model.say("ben", "status", root)
    await by_model.slack.wait_for(lambda _: len(by_model.kaias(root)) == 1)
    by_model.say("ben", "stop", root)
    await by_model.answered(root, 3)
    by_model.tells("stop")


async def test_what_changed_names_what_has_changed(by_model: Stage) -> None:
    root = await by_model.asked()
    by_model.shop.deploy("web", wanted=2, ready=0)
    by_model.say("ann", "what changed?", root)
    await by_model.answered(root, 2)
    by_model.tells("what_changed_after_a_change")


async def test_what_was_sent_is_a_file_equal_to_what_the_model_received(by_model: Stage) -> None:
    root = await by_model.asked()
    by_model.say("ann", "what did you send?", root)
    await by_model.answered(root, 3)
    by_model.tells("what_was_sent")
    file = _file(by_model, by_model.kaias(root))
    for request in by_model.ollama.requests:
        for message in request["messages"]:
            assert message.get("content", "") in file
    assert "THEY DIFFER" not in file
    [sent] = await by_model.engine.store.sent(_thread(by_model, root))
    assert all(call.digest in file for call in sent.calls)
    assert len(sent.calls) == len(by_model.ollama.requests)


async def test_what_is_forgotten_is_nowhere_and_nobody_is_answered_until_a_mention(
    by_model: Stage,
) -> None:
    root = await by_model.asked(f"@kaia why is cart failing? {SECRETLY}")
    assert [row for row in await _rows(by_model) if SECRETLY in row]
    by_model.say("ann", "forget", root)
    await by_model.answered(root, 2)
    assert not [row for row in await _rows(by_model) if SECRETLY in row or "cart-0" in row]
    by_model.say("ann", "and now?", root)
    await by_model.settled()
    by_model.say("ann", "@kaia and now?", root)
    await by_model.answered(root, 3)
    by_model.tells("forget")


async def test_a_watch_says_once_that_it_is_so(by_model: Stage) -> None:
    by_model.shop.deploy("web", wanted=2, ready=1)
    root = await by_model.asked()
    by_model.say("ann", "watch deployment/web until ready", root)
    await by_model.answered(root, 2)
    by_model.shop.deploy("web", wanted=2, ready=2)
    await by_model.answered(root, 3)
    await by_model.settled()
    by_model.tells("watch")
    assert len(by_model.kaias(root)) == 3


async def test_unwatch_ends_it(by_model: Stage) -> None:
    by_model.shop.deploy("web", wanted=2, ready=1)
    root = await by_model.asked()
    for count, word in enumerate(("watch deployment/web until ready", "watch", "unwatch"), 2):
        by_model.say("ann", word, root)
        await by_model.answered(root, count)
    by_model.tells("unwatch")
    assert not await by_model.engine.store.watches.open()


async def _rows(stage: Stage) -> list[str]:
    """All that the store holds."""

    async def read(connection: AsyncConnection) -> list[str]:
        found = [await connection.execute(select(table)) for table in metadata.sorted_tables]
        return [str(row) for rows in found for row in rows]

    return await stage.engine.store.database.transact(read)


def _thread(stage: Stage, root: str) -> str:
    home = stage.slack.directory.channel("incidents").id
    return f"{stage.slack.directory.team_id}:{home}:{root}"


def _file(stage: Stage, said: list[Message]) -> str:
    [name] = [file for message in said for file in message.files]
    return (stage.slack.files[name].content or b"").decode()
