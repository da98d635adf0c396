"""A process that runs turns and can be killed: `python -m tests.conversations.engine_process`.

Arguments: the store's URL, the file its audience posts to, and what it does with a question:
`answer`, `hang-in-model`, or `hang-before-post`. It prints a line when it hangs, and when it posts.
"""

import asyncio
import sys
from pathlib import Path

import orjson

from bot.conversations import Inbox, Store, Turns
from bot.dialogue import Answer, Closed, Decided, Failure, Input, Notice, Outcome, Step
from tests.doubles.conversation_edges import MaskingRedactor, ReceiptToolbox, ScriptedAssistant


class Poster:
    """Posts as lines of a file, which like Slack's messages outlive the process."""

    def __init__(self, path: Path, mode: str) -> None:
        self.path = path
        self.mode = mode

    def __call__(self, said: Input) -> "Poster":  # noqa: ARG002 - everybody's posts go there
        return self

    async def begin(self) -> None: ...

    async def note(self, markdown: str) -> None: ...

    async def step(self, step: Step) -> None:  # noqa: ARG002 - only that it is called matters
        if self.mode == "hang-in-model":
            print("hangs", flush=True)  # noqa: T201 - this is how the parent knows

    async def end(self) -> None: ...

    async def deliver(self, outcome: Outcome, *, turn: str, repeated: bool) -> str:
        if self.mode == "hang-before-post":
            print("hangs", flush=True)  # noqa: T201
            await asyncio.Event().wait()
        match outcome:
            case Failure():
                text = outcome.sentence
            case Answer() | Notice() | Closed() | Decided():
                text = outcome.markdown
        line = {"turn": turn, "repeated": repeated, "text": text, "kind": type(outcome).__name__}
        with self.path.open("ab") as posts:
            posts.write(orjson.dumps(line) + b"\n")
        print("posted", flush=True)  # noqa: T201
        return "1.5"


async def main(url: str, posts: str, mode: str) -> None:
    store = await Store.open(url, exclusive=True)
    redactor = MaskingRedactor()
    turns = Turns(
        store,
        audience_for=Poster(Path(posts), mode),
        assistant=ScriptedAssistant(gate=asyncio.Event() if mode == "hang-in-model" else None),
        fallback=None,
        toolbox=ReceiptToolbox(),
        redactor=redactor,
        cluster=lambda: "prod",
        about=lambda: "",
        situation=lambda said: said.thread.channel,
    )
    await Inbox(store, turns.run, redactor).run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
