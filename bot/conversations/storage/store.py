"""What is kept of conversations: state, transcript, receipts, outcomes. It never shows anything."""

import hashlib
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversations.records import (
    Conversation,
    Counts,
    Learnt,
    Recent,
    Said,
    Sent,
    Sizes,
    Stopped,
    Turn,
)
from bot.conversations.storage.conclusions import conclude, open_if_new
from bot.conversations.storage.database import Database
from bot.conversations.storage.forgetting import Forgetting
from bot.conversations.storage.history import History
from bot.conversations.storage.line import Line
from bot.conversations.storage.notes import read_notes, read_salt
from bot.conversations.storage.outcomes import outcome_from_json, outcome_to_json, receipts_named
from bot.conversations.storage.proposals import Proposals
from bot.conversations.storage.ratings import rate
from bot.conversations.storage.rows import receipt_of
from bot.conversations.storage.schema import bring_up
from bot.conversations.storage.spending import tokens_on
from bot.conversations.storage.statements import fenced
from bot.conversations.storage.stopping import stop_thread
from bot.conversations.storage.tables import conversations, receipts
from bot.conversations.storage.watches import Watches
from bot.dialogue import Entry, Notice, Outcome, Rating, Receipt

_UPGRADE_SECONDS = 300.0
"""Of the tables; and others may be at it already."""

OnStop = Callable[[Sequence[int]], None]


class Store:
    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self.database = database
        self.line = Line(database, clock, self._tell)
        self.proposals = Proposals(database, clock)
        self.watches = Watches(database)
        self._history = History(database)
        self._forgetting = Forgetting(database, clock)
        self._clock = clock
        self._salt = b""
        self._on_stop: list[OnStop] = []

    @classmethod
    async def open(
        cls, url: str, *, exclusive: bool, clock: Callable[[], float] = time.time
    ) -> "Store":
        """`exclusive` for a process that runs turns. Raises StoreError, StoreIsHeld."""
        database = Database.open(url, exclusive=exclusive)
        try:
            upgrading = partial(bring_up, name=database.name)
            await database.transact(upgrading, seconds=_UPGRADE_SECONDS)
            store = cls(database, clock)
            store._salt = await database.transact(partial(read_salt, now=clock()))
        except BaseException:
            await database.close()
            raise
        return store

    def key_of(self, thread: str) -> bytes:
        """A conversation's own key, the same after a restart: equal secrets get equal marks in
        it, and nobody can compare them with those of another.
        """
        return hashlib.blake2b(thread.encode(), key=self._salt, digest_size=32).digest()

    async def close(self) -> None:
        await self.database.close()

    def when_stopped(self, on_stop: OnStop) -> None:
        """Calls back with the running turns that somebody wants to end."""
        self._on_stop.append(on_stop)

    async def conversation(self, thread: str) -> Conversation:
        async def work(connection: AsyncConnection) -> Conversation:
            row = await _conversation_row(connection, thread)
            if row is None:
                return Conversation()
            return Conversation(
                row.status == "open",
                row.state,
                row.next_receipt,
                row.questions,
                row.opened,
                await read_notes(connection, thread),
            )

        return await self.database.transact(work)

    async def conclude(self, turn: Turn, learnt: Learnt) -> None:
        """One transaction, only while the turn is this attempt's. Raises NotOurs."""
        await self.database.transact(partial(conclude, turn=turn, learnt=learnt, now=self._clock()))

    async def conclude_stop(self, turn: Turn, say: Callable[[Stopped], Notice]) -> Notice:
        """Stops what came before `turn` in its thread, with what is said of it. Raises NotOurs."""
        now = self._clock()

        async def work(connection: AsyncConnection) -> tuple[Stopped, Notice]:
            thread = turn.said.thread
            stopped = await stop_thread(connection, thread.id, now, before=turn.seq)
            if stopped.running or stopped.waiting:
                await open_if_new(connection, thread, now)
            notice = say(stopped)
            await fenced(connection, turn, {"conclusion": outcome_to_json(notice)})
            return stopped, notice

        stopped, notice = await self.database.transact(work)
        self._tell(stopped.running)
        return notice

    async def stop(self, thread: str) -> Stopped:
        """Ends what waits in a thread and flags what runs there."""
        stopped = await self.line.stop(thread)
        self._tell(stopped.running)
        return stopped

    def _tell(self, seqs: Sequence[int]) -> None:
        for on_stop in self._on_stop:
            on_stop(seqs)

    async def outcome(self, turn: Turn) -> Outcome | None:
        """What an earlier attempt concluded and may not have shown."""
        if turn.conclusion is None:
            return None
        numbers = receipts_named(turn.conclusion)
        kept = await self._receipts(turn.said.thread.id, numbers) if numbers else ()
        return outcome_from_json(turn.conclusion, kept)

    async def receipt(self, thread: str, number: int) -> Receipt | None:
        found = await self._receipts(thread, [number])
        return found[0] if found else None

    async def _receipts(self, thread: str, numbers: Sequence[int]) -> tuple[Receipt, ...]:
        asked = (
            select(receipts)
            .where(receipts.c.thread == thread, receipts.c.number.in_(numbers))
            .order_by(receipts.c.number)
        )

        async def work(connection: AsyncConnection) -> tuple[Receipt, ...]:
            return tuple(receipt_of(row) for row in await connection.execute(asked))

        return await self.database.transact(work)

    async def transcript(self, thread: str) -> tuple[Entry, ...]:
        return tuple(line.entry for line in await self.said(thread))

    async def said(self, thread: str, since: float = 0) -> tuple[Said, ...]:
        """The transcript with its times; of old releases without."""
        return await self._history.said(thread, since)

    async def receipts_since(self, thread: str, since: float) -> tuple[Receipt, ...]:
        return await self._history.receipts_since(thread, since)

    async def sent(self, thread: str) -> tuple[Sent, ...]:
        """What models were sent there, turn by turn, oldest first."""
        return await self._history.sent(thread)

    async def recent_of(self, person: str, most: int = 10) -> tuple[Recent, ...]:
        """The conversations somebody took part in, the latest first."""
        return await self._history.recent_of(person, most)

    async def rate(self, rating: Rating) -> bool:
        """The last press of a person counts. False where the conversation is no longer kept."""
        return await self.database.transact(partial(rate, rating=rating))

    async def counts(self) -> Counts:
        return await self.line.counts()

    async def ping(self) -> None:
        """Raises StoreError where nothing could be kept just now."""

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(select(1))

        await self.database.transact(work)

    async def tokens_on(self, moment: float) -> int:
        """What models took on the UTC day of that moment."""
        return await self.database.transact(partial(tokens_on, moment=moment))

    # Forgetting

    async def threads_named(self, channel: str, root: str) -> list[str]:
        return await self._forgetting.threads_named(channel, root)

    async def forget_thread(self, thread: str) -> None:
        """Raises StoreError, also while a question is being worked on there."""
        await self._forgetting.forget_thread(thread)

    async def conclude_forget(self, turn: Turn, say: Callable[[bool], Notice]) -> Notice:
        """Deletes what is kept of the turn's own thread, and keeps what is said of that. Raises
        NotOurs.
        """
        return await self._forgetting.conclude(turn, say)

    async def forget_older(self, than: float) -> int:
        """Some of what was kept before that moment; call again until it says 0."""
        return await self._forgetting.forget_older(than)

    async def sizes(self) -> Sizes:
        return await self._forgetting.sizes()


async def _conversation_row(connection: AsyncConnection, thread: str) -> Any:
    asked = select(conversations).where(conversations.c.thread == thread)
    return (await connection.execute(asked)).one_or_none()
