"""Puts by what a look with findings saw, while the model is asked; no turn fails for it."""

import asyncio
from collections.abc import Mapping
from typing import Any

import structlog

from bot.cluster.report import Report
from bot.cluster.scene import Scene
from bot.recordings.incident import kept_of
from bot.redaction import Redactor
from bot.tools.looking import Look

LOOKED = "looked"
"""The note that a conversation keeps it in."""
_MOST_SECONDS = 10.0

_log = structlog.get_logger()


class Keeping:
    """Of one turn. Whoever begins it ends it."""

    def __init__(self, redactor: Redactor) -> None:
        """`redactor` is the conversation's own."""
        self._redactor = redactor
        self._task: asyncio.Task[Mapping[str, Any] | None] | None = None

    def begin(self, look: Look) -> None:
        """Nobody may ask for more in the look's scene afterwards: a thread reads it."""
        if look.scene is None or look.report is None or not look.report.faults:
            return
        self._task = asyncio.create_task(self._kept(look.scene, look.report), name="keeping a look")

    async def kept(self) -> Mapping[str, Any] | None:
        """What is kept with the conversation; None where nothing is wrong, or it took too long."""
        if self._task is None:
            return None
        done, _ = await asyncio.wait({self._task}, timeout=_MOST_SECONDS)
        if not done:
            _log.warning("look.not_kept", reason=f"it took longer than {_MOST_SECONDS:g} s")
            return None
        return None if self._task.cancelled() else self._task.result()

    def end(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _kept(self, scene: Scene, report: Report) -> Mapping[str, Any] | None:
        try:
            kept = await asyncio.to_thread(kept_of, scene, report, self._redactor)
        except Exception as error:  # noqa: BLE001 - a turn does not fail for what is only put by
            _log.warning("look.not_kept", reason=type(error).__name__)
            return None
        return kept.to_json() if kept is not None else None
