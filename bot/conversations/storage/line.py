"""The line of turns: who came, who is first, who runs, how it ended. It runs nothing itself."""

from collections.abc import Callable, Sequence
from functools import partial

from sqlalchemy import and_, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversations.asides import is_aside
from bot.conversations.records import (
    Arrival,
    Counts,
    Outlook,
    Recovered,
    Status,
    Stopped,
    Turn,
)
from bot.conversations.storage import edited, listened, outlooks, statements
from bot.conversations.storage.database import Database
from bot.conversations.storage.dialects import tell_replicas
from bot.conversations.storage.edited import Edited
from bot.conversations.storage.overtaking import overtake, overtakes
from bot.conversations.storage.stopping import stop_thread
from bot.conversations.storage.tables import is_running, turns

_FORGOTTEN_AT_ONCE = 500


class Line:
    def __init__(
        self,
        database: Database,
        clock: Callable[[], float],
        on_stop: Callable[[Sequence[int]], None] = lambda _seqs: None,
    ) -> None:
        """`on_stop` is called with the running turns whose place a new question takes, or whose
        question was deleted.
        """
        self._database = database
        self._clock = clock
        self._on_stop = on_stop

    async def add(self, arrivals: Sequence[Arrival]) -> list[bool]:
        """All in one commit; for each whether it was new and for Kaia."""

        async def work(connection: AsyncConnection) -> tuple[list[bool], list[int]]:
            kept = await statements.add(connection, arrivals)
            stopped: list[int] = []
            for arrival, is_kept in zip(arrivals, kept, strict=True):
                if is_kept and overtakes(arrival):
                    stopped += await overtake(connection, arrival, self._clock())
            return kept, stopped

        kept, stopped = await self._database.transact(work)
        if stopped:
            self._on_stop(stopped)
        return kept

    async def claim(self, owner: str, *, talk: int, words: int) -> list[Turn]:
        """At most so many heads of each kind, now running and owned."""

        async def work(connection: AsyncConnection) -> list[Turn]:
            now = self._clock()
            heads = await statements.heads_of(connection, "talk", talk, now)
            heads += await statements.heads_of(connection, "word", words, now)
            return await statements.claim(connection, heads, owner, now) if heads else []

        return await self._database.transact(work)

    async def finish(self, turn: Turn, status: Status, posted_ts: str | None = None) -> None:
        """Raises NotOurs."""
        values = statements.ended(status, self._clock()) | {"posted_ts": posted_ts}
        if turn.kind == "talk" and is_aside(turn.said):
            values["kind"] = "aside"

        async def work(connection: AsyncConnection) -> None:
            await statements.fenced(connection, turn, values)

        await self._database.transact(work)

    async def put_back(self, turn: Turn, *, after: float = 0, crashed: bool = False) -> None:
        """Into its old place, not to be tried before `after` seconds. Raises NotOurs."""
        now = self._clock()
        values = {
            **statements.back_in_line(now),
            "not_before": now + after if after else 0,
            "crashes": turns.c.crashes + int(crashed),
        }

        async def work(connection: AsyncConnection) -> None:
            await statements.fenced(connection, turn, values)
            await tell_replicas(connection, "turns")

        await self._database.transact(work)

    async def hand_back(self, owner: str) -> int:
        """Whatever that owner still has, as it ends in peace."""
        mine = and_(is_running, turns.c.owner == owner)

        async def work(connection: AsyncConnection) -> int:
            done = await connection.execute(
                update(turns).where(mine).values(**statements.back_in_line(self._clock()))
            )
            await tell_replicas(connection, "turns")
            return done.rowcount

        return await self._database.transact(work)

    async def recover(self) -> Recovered:
        """At start: what runs was left by a process that died, for the file's lock is ours."""
        return await self._database.transact(partial(statements.recover, now=self._clock()))

    async def revise(self, said_id: str, judge: statements.Judge | None) -> bool:
        """Changes a question that waits into what `judge` makes of it, or drops it without one.
        False where there is none, or somebody has begun to answer it: what was listened to is
        changed then, and a deleted question stopped.
        """

        async def work(connection: AsyncConnection) -> tuple[bool, tuple[int, ...]]:
            now = self._clock()
            if await statements.revise(connection, said_id, judge, now):
                return True, ()
            return False, await listened.revise(connection, said_id, judge, now)

        is_changed, stopped = await self._database.transact(work)
        if stopped:
            self._on_stop(stopped)
        return is_changed

    async def edited(self, said_id: str, judge: statements.Judge) -> Edited | None:
        """A question that is answered in other words than it has now."""
        now = self._clock()
        work = partial(edited.find, said_id=said_id, judge=judge, now=now)
        return await self._database.transact(work)

    async def keep_edit(self, found: Edited, judge: statements.Judge) -> bool:
        """Whether its thread has not been told yet."""
        work = partial(edited.keep, edited=found, judge=judge, now=self._clock())
        return await self._database.transact(work)

    async def asked_lately(
        self, thread: str, *, after: float, up_to: int | None = None, most: int
    ) -> list[float]:
        """When questions came there after that moment, the latest first; of those up to a place
        in line. What was only listened to, or refused in silence, is none, and no aside is.
        """
        work = partial(outlooks.asked_lately, thread=thread, after=after, up_to=up_to, most=most)
        return await self._database.transact(work)

    async def places(self, ids: Sequence[str]) -> tuple[dict[str, int], int]:
        """How many are before those that still wait, each in its thread; how many turns run."""
        return await self._database.transact(partial(outlooks.places, ids=ids))

    async def stop(self, thread: str) -> Stopped:
        work = partial(stop_thread, thread=thread, now=self._clock())
        return await self._database.transact(work)

    async def outlook(self, thread: str) -> Outlook:
        return await self._database.transact(partial(outlooks.outlook, thread=thread))

    async def counts(self) -> Counts:
        return await self._database.transact(outlooks.counts)

    async def forget(self, *, older_than: float) -> int:
        """Deletes some turns that ended before that moment; call again until it says 0."""
        old = select(turns.c.seq).where(turns.c.finished < older_than).limit(_FORGOTTEN_AT_ONCE)

        async def work(connection: AsyncConnection) -> int:
            return (await connection.execute(delete(turns).where(turns.c.seq.in_(old)))).rowcount

        return await self._database.transact(work)
