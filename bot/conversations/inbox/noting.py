"""A line in a thread beside any outcome: best effort, bounded in time, and never an error."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.dialogue import Input
from bot.errors import KaiaError

Note = Callable[[Input, str], Awaitable[None]]
"""Says a line in the thread of that input."""

_log = structlog.get_logger()


async def say_nothing(_said: Input, _text: str) -> None:
    """Where nobody follows."""


async def try_to_note(note: Note, said: Input, text: str, *, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await note(said, text)
    except (TimeoutError, KaiaError):
        _log.warning("note.left_out", turn=said.id)
