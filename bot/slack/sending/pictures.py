"""Figures as a picture in their thread, where Slack takes no charts: an addition that may fail."""

import asyncio
from collections.abc import Sequence

import structlog

from bot.dialogue import Figure, Thread
from bot.errors import DeliveryError
from bot.slack.sending.files import Files
from bot.slack.wording.drawing import png_of

log = structlog.get_logger()

_MOST_SECONDS = 20.0
_ALT_CHARACTERS = 1_000
"""So many Slack takes of what a picture shows, for screen readers."""


async def share_picture(
    files: Files, figures: Sequence[Figure], *, name: str, thread: Thread
) -> bool:
    """Whether it is in the thread. Raises nothing: the numbers stand in words already."""
    try:
        async with asyncio.timeout(_MOST_SECONDS):
            drawn = await asyncio.to_thread(png_of, figures)
        return await files.share_bytes(name, drawn, thread, shows=in_words(figures))
    except (ValueError, RuntimeError, OSError, TimeoutError, DeliveryError) as error:
        log.warning("slack.picture_not_shared", problem=str(error) or type(error).__name__)
        return False


def in_words(figures: Sequence[Figure]) -> str:
    """For who cannot see it."""
    told = " ".join(f"{figure.title}: {_numbers(figure)}." for figure in figures)
    return told if len(told) <= _ALT_CHARACTERS else f"{told[: _ALT_CHARACTERS - 1]}…"


def _numbers(figure: Figure) -> str:
    is_one = len(figure.series) == 1
    return ", ".join(
        f"{label} {value}" if is_one else f"{label} {value} {name}"
        for name, data in figure.series
        for label, value in data
        if value
    )
