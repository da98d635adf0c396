"""Watches are bounded: five to a thread, fifty in all; those whose time is over do not count."""

import pytest

from bot.cluster.access import ClusterAccess
from bot.cluster.api import opened_api
from bot.cluster.watches.watcher import Watcher
from bot.conversations import Store
from bot.conversations.records import Arrival, Conversation, Learnt, Turn, Watch
from bot.conversations.turns.watching import Watching
from bot.conversations.watches import notices
from bot.dialogue import Notice
from tests.doubles.conversation_edges import said

NOW = 1_000.0
LOOKED = "I watch nothing: no cluster here."
"""There is room: only the cluster is missing."""


async def claimed(store: Store, thread: str) -> Turn:
    await store.line.add([Arrival(said("watch deployment/web", thread=thread), "talk")])
    [turn] = await store.line.claim("me", talk=1, words=0)
    return turn


async def watched(store: Store, count: int, *, per_thread: int, expires: float = 9e12) -> None:
    for first in range(0, count, per_thread):
        turn = await claimed(store, f"{first + 100}.0")
        made = tuple(
            Watch(f"w{number}", turn.said, {}, f"deployment/web-{number}", 1.0, expires)
            for number in range(first, min(count, first + per_thread))
        )
        await store.conclude(turn, Learnt(Notice("watching"), "open", watches=made))
        await store.line.finish(turn, "done")


async def asked(store: Store, thread: str) -> str:
    turn = await claimed(store, thread)
    async with opened_api(ClusterAccess("none", reason="no cluster here."), {}) as api:
        watching = Watching(store, Watcher(api), clock=lambda: NOW)
        told = await watching.asked(turn, Conversation(), "deployment/web", "shop")
    assert isinstance(told, Notice)
    return told.markdown


@pytest.mark.parametrize(
    ("count", "told"), [(notices.IN_ALL - 1, LOOKED), (notices.IN_ALL, notices.TOO_MANY)]
)
async def test_the_fifty_first_is_not_taken(store: Store, count: int, told: str) -> None:
    await watched(store, count, per_thread=notices.PER_THREAD)

    assert await asked(store, "1.0") == told


@pytest.mark.parametrize(
    ("count", "told"),
    [(notices.PER_THREAD - 1, LOOKED), (notices.PER_THREAD, notices.TOO_MANY_HERE)],
)
async def test_the_sixth_of_a_thread_is_not_taken(store: Store, count: int, told: str) -> None:
    await watched(store, count, per_thread=count)

    assert await asked(store, "100.0") == told


async def test_those_whose_time_is_over_leave_their_place(store: Store) -> None:
    await watched(store, notices.IN_ALL, per_thread=notices.PER_THREAD, expires=NOW)

    assert await asked(store, "100.0") == LOOKED
