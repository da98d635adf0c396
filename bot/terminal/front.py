"""Asks for a line, hands it over, waits for what comes of it; it never runs a turn itself."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.text import Text

from bot.dialogue import (
    Closed,
    Failure,
    Input,
    Outcome,
    Receive,
    Thread,
    said_now,
    timestamp,
)
from bot.errors import KaiaError
from bot.terminal.screen import TerminalAudience, show

ReadLine = Callable[[], Awaitable[str | None]]
"""The next line without its end, or None where there is no more."""

INVITATION = "Type 'Thanks!' if you're done."
_PROMPT = "> "
_NO_ANSWER = "Kaia could not finish this. Ask again, or run `kaia doctor` to see what is missing."
_INTERRUPTED = 130


class TerminalFront:
    """One person, one conversation: a question is answered before the next one is read."""

    def __init__(
        self, receive: Receive, console: Console, read_line: ReadLine, *, speaker: str = "you"
    ) -> None:
        self._receive = receive
        self._console = console
        self._read_line = read_line
        self._speaker = speaker
        self._thread = Thread("terminal", "terminal", timestamp(time.time_ns()))
        self._audiences: dict[str, TerminalAudience] = {}
        self._reading: asyncio.Future[str | None] | None = None
        self._asking: TerminalAudience | None = None
        self._stopping: asyncio.Task[None] | None = None
        self._is_interrupted = False

    def audience_for(self, said: Input) -> TerminalAudience:
        return self._audiences.get(said.id) or TerminalAudience(self._console)

    async def run(self) -> int:
        """Until "Thanks!", the end of the input or Ctrl-C; returns the exit code of `kaia chat`."""
        if self._console.is_terminal:
            show(self._console, Text(INVITATION))
        with _on_interrupt(self.interrupt):
            last = await self._converse()
        return _INTERRUPTED if self._is_interrupted else int(isinstance(last, Failure))

    def interrupt(self) -> None:
        """Ctrl-C: stops the turn that runs; at the prompt, or the second time, ends the chat."""
        if self._asking is not None and self._stopping is None:
            self._stopping = asyncio.create_task(self._stop(), name="terminal.stop")
            return
        self._is_interrupted = True
        if self._reading is not None:
            self._reading.cancel()
        for audience in self._audiences.values():
            audience.is_over.set()

    async def _converse(self) -> Outcome | None:
        last: Outcome | None = None
        while not self._is_interrupted and not isinstance(last, Closed):
            line = await self._ask()
            if line is None:
                break
            if line.strip():
                last = await self._say(line)
        return last

    async def _ask(self) -> str | None:
        if self._console.is_terminal:
            show(self._console, Text(_PROMPT), end="")
        self._reading = asyncio.ensure_future(self._read_line())
        try:
            return await self._reading
        except asyncio.CancelledError:
            if self._is_interrupted:
                return None
            raise
        finally:
            self._reading = None

    async def _say(self, line: str) -> Outcome | None:
        """What came of it; nothing where it was stopped, for the stop has an answer of its own."""
        said = self._input(line)
        self._asking = self._audiences[said.id] = TerminalAudience(self._console)
        try:
            outcome = await self._hear(said)
            if self._stopping is not None:
                await self._stopping
        finally:
            if self._stopping is not None:
                self._stopping.cancel()
            self._asking = self._stopping = None
        return outcome

    async def _stop(self) -> None:
        said = self._input("stop")
        self._audiences[said.id] = TerminalAudience(self._console)
        await self._hear(said)

    async def _hear(self, said: Input) -> Outcome | None:
        audience = self._audiences[said.id]
        try:
            if not await self._receive(said):
                return None
            await audience.is_over.wait()
        except KaiaError as error:
            await audience.deliver(Failure(str(error), ""), turn=said.id, repeated=False)
        finally:
            del self._audiences[said.id]
            await audience.end()
        if audience.outcome is None and self._stopping is None and not self._is_interrupted:
            await audience.deliver(Failure(_NO_ANSWER, ""), turn=said.id, repeated=False)
        return audience.outcome

    def _input(self, text: str) -> Input:
        return said_now(self._thread, self._speaker, text)


@contextmanager
def _on_interrupt(interrupt: Callable[[], None]) -> Iterator[None]:
    """Ctrl-C means what the front says while it runs, and what it meant before afterwards."""
    loop, before = asyncio.get_running_loop(), signal.getsignal(signal.SIGINT)
    loop.add_signal_handler(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        signal.signal(signal.SIGINT, before)
