"""A process that makes changes and can be killed: `python -m tests.conversations.change_process`.

Arguments: the store's URL, and whether its command hangs (`hang`) or ends (`end`) once it has run.
A line for each deed: `ran`, and what it posted.
"""

import asyncio
import os
import sys

import orjson
import structlog

from bot.conversations import Inbox, Store, Turns
from bot.conversations.turns.approvals import Approvals
from bot.dialogue import (
    Contents,
    Decided,
    Input,
    Outcome,
    Passage,
    Proposal,
    Receipt,
    SharedFile,
    Step,
)
from tests.doubles.changing import WRITES, Clock, CountingChanges
from tests.doubles.conversation_edges import MaskingRedactor, ReceiptToolbox, ScriptedAssistant


def say(what: str, text: str = "") -> None:
    os.write(1, orjson.dumps({"what": what, "text": text}) + b"\n")


class Changes(CountingChanges):
    async def carry_out(self, proposal: Proposal, number: int) -> Receipt:
        say("ran", proposal.command)
        return await super().carry_out(proposal, number)


class Poster:
    def __init__(self, said: Input) -> None:
        self.said = said

    async def begin(self) -> None: ...

    async def step(self, step: Step) -> None: ...

    async def note(self, markdown: str, *, only_for: str = "") -> None: ...

    async def contents(self, file: SharedFile) -> Contents:  # noqa: ARG002
        return Contents(problem="There are no files here.")

    async def earlier(self, since: str) -> tuple[Passage, ...]:  # noqa: ARG002
        return ()

    async def place(self) -> str:
        return ""

    async def may_be_told(self) -> bool:
        return True

    async def end(self) -> None: ...

    async def deliver(self, outcome: Outcome, *, turn: str, repeated: bool) -> str:  # noqa: ARG002
        assert isinstance(outcome, Decided)
        say("posted", f"{outcome.verdict}\n{outcome.markdown}")
        return "2.5"


async def main(url: str, mode: str) -> None:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    store = await Store.open(url, exclusive=True)
    changes = Changes(gate=asyncio.Event() if mode == "hang" else None)
    redactor = MaskingRedactor()
    turns = Turns(
        store,
        audience_for=Poster,
        assistant=ScriptedAssistant(),
        fallback=None,
        toolbox=ReceiptToolbox(),
        redactor=redactor,
        cluster=lambda: "prod",
        about=lambda: "",
        situation=lambda said: said.thread.channel,
        approvals=Approvals(store, changes, WRITES, Clock()),
    )
    await Inbox(store, turns.run, redactor).run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
