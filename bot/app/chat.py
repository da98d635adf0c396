"""`kaia chat`: the same engine in the terminal."""

import asyncio
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from bot.agents.probe import choose_model
from bot.app.engine import Engine, opened_engine
from bot.cluster.access import find_access
from bot.settings import Settings
from bot.terminal import Lines, TerminalFront


async def run_chat(
    settings: Settings, context: str | None, environ: Mapping[str, str] = os.environ
) -> int:
    """Until "Thanks!" or the end of input; returns the exit code."""
    access = await find_access(environ, context=context)
    chosen = await choose_model(settings)
    # Nobody can come back to a terminal's conversation, so nothing of it is left behind.
    with tempfile.TemporaryDirectory(prefix="kaia-chat-") as folder:
        async with opened_engine(
            settings,
            store_url=f"sqlite:///{Path(folder) / 'chat.db'}",
            model=chosen.model,
            access=access,
            environ=environ,
        ) as engine:
            return await _converse(engine)


async def _converse(engine: Engine) -> int:
    front = TerminalFront(engine.inbox.receive, Console(), Lines(sys.stdin.fileno()))
    async with asyncio.TaskGroup() as tasks:
        working = tasks.create_task(engine.run(front.audience_for), name="engine")
        code = await front.run()
        working.cancel()
    return code
