"""A process that runs turns and can be killed: `python -m tests.conversations.engine_process`.

Arguments: the store's URL, what it does with a question (`answer`, `hang-in-model`,
`hang-before-post`), and the seconds it gives its turns once it is told to end. `work 0.4` is a
question whose answer takes so long. Everything it does it says, a line of JSON for each deed.
"""

import asyncio
import os
import signal
import sys
import time
from typing import Any

import orjson
import structlog

from bot.conversations import Inbox, Store, Turns
from bot.conversations.inbox.pace import Pace
from bot.conversations.records import Ending, Turn
from bot.dialogue import (
    Answer,
    Closed,
    Contents,
    Decided,
    Failure,
    Input,
    Notice,
    Outcome,
    Passage,
    SharedFile,
    Step,
)
from tests.doubles.conversation_edges import MaskingRedactor, ReceiptToolbox, ScriptedAssistant


def say(what: str, said: Input | None = None, **more: Any) -> None:
    """In one write, which a kill does not cut in two. Moments are comparable between processes."""
    deed = {"what": what, "by": os.getpid(), "at": time.monotonic(), **more}
    if said is not None:
        deed |= {"turn": said.id, "thread": said.thread.ts, "said": said.text}
    os.write(1, orjson.dumps(deed) + b"\n")


class Poster:
    """Posts by saying so: what a process has said outlives it, like Slack's messages."""

    def __init__(self, mode: str, said: Input) -> None:
        self.mode = mode
        self.said = said

    async def begin(self) -> None: ...

    async def note(self, markdown: str, *, only_for: str = "") -> None:  # noqa: ARG002
        say("note", self.said, text=markdown)

    async def contents(self, file: SharedFile) -> Contents:  # noqa: ARG002
        return Contents(problem="There are no files here.")

    async def earlier(self, since: str) -> tuple[Passage, ...]:  # noqa: ARG002
        return ()

    async def place(self) -> str:
        return ""

    async def may_be_told(self) -> bool:
        return True

    async def step(self, step: Step) -> None:  # noqa: ARG002 - only that it is called matters
        if self.mode == "hang-in-model":
            say("hangs", self.said)

    async def end(self) -> None: ...

    async def deliver(self, outcome: Outcome, *, turn: str, repeated: bool) -> str:
        del turn
        if self.mode == "hang-before-post":
            say("hangs", self.said)
            await asyncio.Event().wait()
        match outcome:
            case Failure():
                text = outcome.sentence
            case Answer() | Notice() | Closed() | Decided():
                text = outcome.markdown
        say("posted", self.said, repeated=repeated, text=text, kind=type(outcome).__name__)
        return "1.5"


class Worker(ScriptedAssistant):
    async def _answer(self, said: str, saved: Any, tools: Any, meter: Any) -> Any:
        _, _, seconds = said.partition(": work ")
        await asyncio.sleep(float(seconds or 0))
        return await super()._answer(said, saved, tools, meter)


async def main(url: str, mode: str, drain_seconds: str) -> None:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    store = await Store.open(url, exclusive=True)
    redactor = MaskingRedactor()
    turns = Turns(
        store,
        audience_for=lambda said: Poster(mode, said),
        assistant=Worker(gate=asyncio.Event() if mode == "hang-in-model" else None),
        fallback=None,
        toolbox=ReceiptToolbox(),
        redactor=redactor,
        cluster=lambda: "prod",
        about=lambda: "",
        situation=lambda said: said.thread.channel,
    )

    async def handle(turn: Turn) -> Ending:
        say("begins", turn.said, attempt=turn.attempt, crashes=turn.crashes)
        try:
            return await turns.run(turn)
        finally:
            say("ends", turn.said)

    inbox = Inbox(
        store,
        handle,
        redactor,
        note=lambda said, text: Poster(mode, said).note(text),
        pace=Pace(drain_seconds=float(drain_seconds)),
    )
    running = asyncio.create_task(inbox.run())
    told_to_end = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told_to_end.set)
    while not inbox.is_ready:  # noqa: ASYNC110 - nobody is told of it but who asks
        await asyncio.sleep(0.01)
    say("ready")
    await told_to_end.wait()
    await inbox.aclose()
    await running
    await store.close()
    say("ended")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
