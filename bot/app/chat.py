"""`kaia chat`: the same engine in the terminal."""

import asyncio
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bot.agents.probe import choose_model
from bot.app.engine import Engine, opened_engine
from bot.app.reach import chosen_access
from bot.settings import Settings
from bot.terminal import Lines, TerminalFront
from bot.terminal.screen import show

_ONLY_IN_SLACK = (
    "Here I only read: a change can be proposed and approved only in Slack, where others see it."
)


async def run_chat(
    settings: Settings, context: str | None, environ: Mapping[str, str] = os.environ
) -> int:
    """Until "Thanks!" or the end of input; returns the exit code."""
    access = await chosen_access(settings, environ, context)
    chosen = await choose_model(settings)
    # Nobody can come back to a terminal's conversation, so nothing of it is left behind.
    with tempfile.TemporaryDirectory(prefix="kaia-chat-") as folder:
        async with opened_engine(
            # A terminal has no buttons and knows nobody by name: nobody could approve anything.
            settings.model_copy(update={"writes": "off"}),
            store_url=f"sqlite:///{Path(folder) / 'chat.db'}",
            model=chosen.model,
            access=access,
            environ=environ,
        ) as engine:
            remarks = chosen.sentences
            if settings.writes == "approve":
                remarks = (*remarks, _ONLY_IN_SLACK)
            return await _converse(engine, remarks)


async def _converse(engine: Engine, remarks: Sequence[str]) -> int:
    console = Console()
    if console.is_terminal:
        show(console, Text("\n".join([engine.about(), *remarks])))
    front = TerminalFront(engine.inbox.receive, console, Lines(sys.stdin.fileno()))
    async with asyncio.TaskGroup() as tasks:
        working = tasks.create_task(engine.run(front.audience_for, watches=False), name="engine")
        code = await front.run()
        working.cancel()
    return code
