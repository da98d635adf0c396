"""A replica's seat on Postgres: one session that listens, claims, takes over. It runs no turn."""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Callable, Sequence

import structlog

from bot.conversations.inbox import claims
from bot.conversations.inbox.seat import Crew, Pulse, Room
from bot.conversations.inbox.session import Session, SessionLost, StatementFailed
from bot.conversations.records import Turn
from bot.conversations.storage.statements import turn_of
from bot.errors import StoreError
from bot.telemetry.seams import UNMEASURED, Telemetry

_SWEEP_SECONDS = 1.0
_CERTAIN_SECONDS = 0.15
"""An owner that lives and has lost its session notices in milliseconds: so long it may use to
cancel its turns before they are begun elsewhere."""
_REMEMBERED = 20
"""Names under which this process sat before."""
_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 1.0

_log = structlog.get_logger()


class PostgresSeat:
    def __init__(
        self,
        conninfo: str,
        *,
        clock: Callable[[], float] = time.time,
        ticks: Callable[[], float] = time.monotonic,
        telemetry: Telemetry = UNMEASURED,
    ) -> None:
        self._conninfo = conninfo
        self._telemetry = telemetry
        self._clock = clock
        self._ticks = ticks
        self._wake = asyncio.Event()
        self._left = asyncio.Event()
        self._is_stop_said = False
        self._pulse = Pulse(patience_seconds=60.0, clock=ticks)
        self._former: deque[str] = deque(maxlen=_REMEMBERED)
        self._gone_since: dict[str, float] = {}
        self._next_sweep = 0.0
        self.is_held = False

    @property
    def is_stuck(self) -> bool:
        return self._pulse.is_stuck

    def wake(self) -> None:
        self._wake.set()

    def leave(self) -> None:
        self._left.set()
        self._wake.set()

    async def hold(self, crew: Crew) -> None:
        """Takes a lost seat again, for as long as it takes. Raises StoreError for a pooler."""
        pause = _FIRST_PAUSE_SECONDS
        while not self._left.is_set():
            session = await self._opened()
            if session is None:
                await self._pause(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
            else:
                pause = _FIRST_PAUSE_SECONDS
                await self._sit(session, crew)

    async def _opened(self) -> Session | None:
        try:
            with self._pulse.step():
                return await Session.open(self._conninfo, self._hear)
        except (SessionLost, StatementFailed) as error:
            _log.error("seat.refused", reason=str(error))
        except StoreError as error:
            if not self._former:
                raise
            _log.error("seat.refused", reason=str(error))
        return None

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._left.wait()

    def _hear(self, channel: str) -> None:
        self._is_stop_said |= channel == "turns_stop"
        self._wake.set()  # said while a statement was under way, it may not have been seen by it

    async def _sit(self, session: Session, crew: Crew) -> None:
        _log.info("seat.taken", owner=session.owner)
        self._next_sweep = self._ticks()
        try:
            while not self._left.is_set():
                self._wake.clear()
                with self._pulse.step():
                    await self._turn_round(session, crew)
                await session.rest(self._wake, max(0.0, self._next_sweep - self._ticks()))
            await self._hand_back(session)
        except SessionLost as error:
            crew.lose()
            self._former.append(session.owner)
            _log.error("seat.lost", owner=session.owner, reason=str(error))
        finally:
            self.is_held = False
            session.cut()

    async def _turn_round(self, session: Session, crew: Crew) -> None:
        """At least one statement each time: it takes in what woke us."""
        try:
            if self._ticks() >= self._next_sweep:
                await self._sweep(session, crew)
                self._is_stop_said = True  # or it was said while nobody listened
            room = crew.room()
            if room:
                crew.begin(await self._claimed(session, crew, room))
            if self._is_stop_said or not room:
                self._is_stop_said = False
                flagged = await session.execute(claims.TO_STOP, {"owner": session.owner})
                crew.stop([row.seq for row in flagged])
        except StatementFailed as error:
            self.is_held = False
            _log.error("inbox.waits", reason=str(error))
        else:
            self.is_held = True

    async def _claimed(self, session: Session, crew: Crew, room: Room) -> list[Turn]:
        values = {
            "owner": session.owner,
            "now": self._clock(),
            "lanes": crew.lanes(),
            "talk": room.talk,
            "words": room.words,
        }
        return [turn_of(row) for row in await session.execute(claims.CLAIM, values)]

    # Taking over

    async def _sweep(self, session: Session, crew: Crew) -> None:
        self._next_sweep = self._ticks() + _SWEEP_SECONDS
        gone = [row.owner for row in await session.execute(claims.DEAD, {"owner": session.owner})]
        if not gone:
            return self._gone_since.clear()
        await session.execute(claims.LET_GO, {"owners": gone})
        mine = [owner for owner in gone if owner in self._former]
        if mine:
            await self._put_back(session, claims.HAND_BACK, mine, crew.saving())
        if dead := self._certainly_dead([owner for owner in gone if owner not in mine]):
            await self._put_back(session, claims.TAKE_OVER, dead)
        return None

    def _certainly_dead(self, gone: Sequence[str]) -> list[str]:
        now = self._ticks()
        self._gone_since = {owner: self._gone_since.get(owner, now) for owner in gone}
        dead = [o for o, since in self._gone_since.items() if now - since >= _CERTAIN_SECONDS]
        if len(dead) < len(gone):
            self._next_sweep = now + _CERTAIN_SECONDS
        return dead

    async def _put_back(
        self, session: Session, how: str, owners: Sequence[str], spared: Sequence[int] = ()
    ) -> None:
        values = {
            "owners": list(owners),
            "spared": list(spared),
            "now": self._clock(),
            "server": session.server,
        }
        [row] = await session.execute(how, values)
        if how == claims.TAKE_OVER:
            self._telemetry.count("takeover", by=row.n)
        if row.n:
            _log.warning("turns.back_in_line", turns=row.n, owners=owners)

    async def _hand_back(self, session: Session) -> None:
        """Others begin at once what this one ran, or what came behind it."""
        try:
            await self._put_back(session, claims.HAND_BACK, [session.owner])
            await session.execute(claims.TELL)
        except StatementFailed as error:
            _log.error("seat.left", reason=str(error))
        else:
            _log.info("seat.left", owner=session.owner)
