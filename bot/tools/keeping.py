"""Puts by what a look with findings saw, while the model is asked; no turn fails for it.

Of one conversation: the first such look, and each that found something in another namespace.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import structlog

from bot.cluster.report import Report
from bot.cluster.scene import Scene
from bot.recordings.incident import Kept, kept_of, merged
from bot.redaction import Redactor
from bot.tools.looking import Look

LOOKED = "looked"
"""The note that a conversation keeps it in."""
_MOST_SECONDS = 10.0

_log = structlog.get_logger()


class Keeping:
    """Of one turn. Whoever begins it ends it."""

    def __init__(self, redactor: Redactor, earlier: Mapping[str, Any] | None = None) -> None:
        """`redactor` is the conversation's own; `earlier` what it has kept so far."""
        self._redactor = redactor
        self._earlier = earlier
        self._task: asyncio.Task[Mapping[str, Any] | None] | None = None

    def begin(self, look: Look) -> None:
        """Nobody may ask for more in the look's scene afterwards: a thread reads it."""
        if look.scene is None or look.report is None or not self._has_more(look.report):
            return
        self._task = asyncio.create_task(self._kept(look.scene, look.report), name="keeping a look")

    def _has_more(self, report: Report) -> bool:
        if self._earlier is None:
            return bool(report.faults)
        known = {*self._earlier.get("namespaces", ()), ""}
        return any(each.about.namespace not in known for each in report.faults)

    async def kept(self) -> Mapping[str, Any] | None:
        """What to keep with the conversation from now on; None where nothing else is wrong, or it
        took too long.
        """
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
            return await asyncio.to_thread(self._put_by, scene, report)
        except Exception as error:  # noqa: BLE001 - a turn does not fail for what is only put by
            _log.warning("look.not_kept", reason=type(error).__name__)
            return None

    def _put_by(self, scene: Scene, report: Report) -> Mapping[str, Any] | None:
        kept, earlier = kept_of(scene, report, self._redactor), Kept.from_json(self._earlier)
        if kept is not None and earlier is not None:
            kept = merged(earlier, kept)
        return kept.to_json() if kept is not None else None
