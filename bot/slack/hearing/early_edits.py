"""What messages say since they were edited or deleted, for edits that overtake what they change.

Slack promises no order. Kept for a minute and a half in memory, as early replies are.
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, replace

from bot.dialogue import Input, Revision
from bot.slack.hearing.stamps import moment

_SECONDS = 90.0
_MOST = 500


@dataclass(frozen=True, slots=True)
class _Edit:
    revision: Revision
    stamp: str


class EarlyEdits:
    def __init__(self, seconds: float = _SECONDS, most: int = _MOST) -> None:
        self._seconds = seconds
        self._most = most
        self._kept: OrderedDict[str, _Edit] = OrderedDict()

    def keep(self, revision: Revision, stamp: str) -> bool:
        """`stamp`: of the edit. False where a later edit of the message is known already."""
        known = self._kept.get(revision.id)
        if known is not None and moment(known.stamp) > moment(stamp):
            return False
        edit = self._kept[revision.id] = _Edit(revision, stamp)
        asyncio.get_running_loop().call_later(self._seconds, self._drop, edit)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return True

    def of(self, key: str) -> Revision | None:
        """The latest known of the message with this `Input.id`."""
        known = self._kept.get(key)
        return known.revision if known else None

    def applied(self, said: Input) -> Input | None:
        """The input as its message stands now; None where it has been deleted."""
        revision = self.of(said.id)
        if revision is None:
            return said
        return None if revision.text is None else replace(said, text=revision.text)

    def _drop(self, edit: _Edit) -> None:
        if self._kept.get(edit.revision.id) is edit:
            del self._kept[edit.revision.id]
