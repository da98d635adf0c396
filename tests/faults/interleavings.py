"""One Kaia in this process, between a real workspace and a real store, while acts happen to it."""

import asyncio
import contextlib
import random
import re
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast

from bot.conversations import Store
from bot.playground import PlaygroundServer, Workspace
from bot.slack import SlackFront
from tests.conversations.conftest import Engine
from tests.doubles import ledger
from tests.doubles.asking import opened_workspace_of
from tests.doubles.conversation_edges import Gallery, ScriptedAssistant
from tests.faults.acts import Act, World
from tests.faults.answers import Answers
from tests.faults.model import answer_to
from tests.faults.people import Habits, People
from tests.slack.conftest import BRISK, QUICK

_REDELIVERY_SECONDS = 0.3
_REST_SECONDS = 15.0
_NUMBER = re.compile(r"question (\d+)")


async def verdict_on(acts: Sequence[Act]) -> list[str]:
    """What is wrong at the end: nothing, where every question has one answer and nothing hangs."""
    with tempfile.TemporaryDirectory(prefix="kaia-acts-") as folder:
        async with _kaia(f"sqlite:///{folder}/kaia.db") as server:
            people = People(server.workspace, random.Random(0), Habits())  # noqa: S311
            world = World(server, people, people.move_in()[0])
            for act in acts:
                await act.happen(world)
            return await _at_rest(server.workspace, people)


@asynccontextmanager
async def _kaia(store_url: str) -> AsyncIterator[PlaygroundServer]:
    async with contextlib.AsyncExitStack() as stack:
        workspace = Workspace(redelivery_seconds=_REDELIVERY_SECONDS)
        workspace.deliveries.most_attempts = 100
        server = await stack.enter_async_context(opened_workspace_of(workspace))
        store = await Store.open(store_url, exclusive=True)
        stack.push_async_callback(store.close)
        fronts: list[SlackFront] = []
        gallery = cast("Gallery", lambda said: fronts[0].audience_for(said))
        engine = Engine(store, ScriptedAssistant(answer=_answer), gallery=gallery)
        front = _front(server, engine)
        fronts.append(front)
        await front.start()
        stack.push_async_callback(front.close)
        await stack.enter_async_context(engine.at_work())
        running = asyncio.create_task(front.run(), name="slack front")
        stack.push_async_callback(_ended, running)
        yield server


def _front(server: PlaygroundServer, engine: Engine) -> SlackFront:
    given: dict[str, Any] = {"watch": QUICK, "manner": BRISK, "call_timeout_seconds": 0.5}
    return SlackFront(
        bot_token=server.bot_token,
        app_token=server.app_token,
        api_url=server.api_url,
        receiver=engine.inbox,
        environ={},
        **given,
    )


async def _ended(running: asyncio.Task[None]) -> None:
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def _answer(said: str) -> str:
    found = _NUMBER.search(said)
    return answer_to(int(found[1]) if found else 0)


async def _at_rest(workspace: Workspace, people: People) -> list[str]:
    workspace.deliveries.release()

    def left() -> list[str]:
        answers = Answers(workspace, people.questions)
        waiting = [f"unacked: {each.key}" for each in workspace.deliveries.unacked]
        return [*answers.lost(), *ledger.hanging(workspace), *waiting]

    try:
        async with asyncio.timeout(_REST_SECONDS):
            while left():  # noqa: ASYNC110 - dear to find out, so not on every change
                await asyncio.sleep(0.02)
    except TimeoutError:
        pass
    answers = Answers(workspace, people.questions)
    wrong = [*answers.doubled(), *answers.out_of_order(), *answers.in_other_words()]
    return [*left(), *wrong]
