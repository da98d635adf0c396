"""Socket Mode connections that heal: two of them, renewed one after the other and without a gap.

A socket that Slack means to end is read until another has taken over. Whatever ends one, the next
has an address of its own, and only what a person must mend is tried slowly.
"""

import asyncio

from bot.slack.sockets.addresses import Addresses
from bot.slack.sockets.canary import Canary
from bot.slack.sockets.dispatcher import Dispatcher
from bot.slack.sockets.link import KEPT_OUT, Link
from bot.slack.sockets.watch import Watch
from bot.slack.sockets.websocket import Envelope, Opener, Socket
from bot.telemetry.seams import UNMEASURED, Telemetry


class Connection:
    """All links of one app, and what they say together."""

    def __init__(
        self,
        addresses: Addresses,
        opener: Opener,
        dispatcher: Dispatcher,
        canary: Canary,
        watch: Watch,
        telemetry: Telemetry = UNMEASURED,
    ) -> None:
        self._addresses = addresses
        self._opener = opener
        self._dispatcher = dispatcher
        self._canary = canary
        self._watch = watch
        self._links = [Link(self, watch, telemetry) for _ in range(watch.connections)]
        self._tasks: list[asyncio.Task[None]] = []
        self._is_ending = False
        # One socket is opened at a time, so that two are never renewed at the same moment.
        self.door = asyncio.Lock()

    @property
    def is_listening(self) -> bool:
        return any(link.is_up for link in self._links)

    @property
    def is_up(self) -> bool:
        """Slack has greeted us, takes our tokens, and we take what it sends."""
        return self.is_listening and not self._canary.refusal and not self._is_ending

    @property
    def is_dead(self) -> bool:
        """No event can reach us though Slack answers: only a new process may help."""
        down = min(link.seconds_down for link in self._links)
        is_kept_out = self._addresses.trouble != ""
        return down > self._watch.dead_seconds and self._canary.is_answered and not is_kept_out

    async def run(self) -> None:
        """Until `stop`, or until it is cancelled."""
        if self._is_ending:
            return
        async with asyncio.TaskGroup() as group:
            running = self._canary.run(self._watch.canary_seconds)
            self._tasks = [group.create_task(running, name="slack canary")]
            for number, link in enumerate(self._links, start=1):
                task = group.create_task(link.run(), name=f"slack connection {number}")
                self._tasks.append(task)

    async def stop(self) -> None:
        """Takes no more: what is being handled is acked, then the sockets are closed."""
        self._is_ending = True
        await self._dispatcher.settle(self._watch.closing_seconds)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._opener.close()

    # For its links

    async def opened(self) -> Socket:
        """A new socket, not yet read. Raises one of LOST."""
        address = await self._addresses.next()
        return Socket(await self._opener.open(address), self._take, self._watch)

    def greeted(self) -> None:
        self._addresses.heal()

    def pause_after(self, reason: str, failures: int) -> float:
        """Seconds before the next socket is opened, after so many that came to nothing."""
        chance = self._addresses.chance()
        if reason in KEPT_OUT:
            self._addresses.complain(reason)
            return self._watch.refused_pause(chance)
        if failures:
            return self._watch.pause_after(failures, chance)
        # While none is open every moment counts: an event nobody takes comes again in a minute.
        return self._watch.jitter_seconds * chance if self.is_listening else 0

    def _take(self, socket: Socket, envelope: Envelope) -> None:
        async def reply(text: str) -> None:
            await self._answered_on(socket).send(text)

        self._dispatcher.take(envelope, reply)

    def _answered_on(self, socket: Socket) -> Socket:
        """The socket an envelope came on; where it has ended meanwhile, any other."""
        if socket.is_up:
            return socket
        return next((link.socket for link in self._links if link.is_up and link.socket), socket)
