"""Replies that arrived before the mention they follow: Slack promises no order.

Kept for a minute and a half in memory, never longer: most are talk that is none of Kaia's.
"""

import asyncio
from collections import OrderedDict
from dataclasses import replace

from bot.dialogue import Input, Revision
from bot.slack.hearing.stamps import moment

_SECONDS = 90.0
"""Slack's second attempt at an event comes a minute after the first."""
_MOST = 500


class EarlyReplies:
    def __init__(self, seconds: float = _SECONDS, most: int = _MOST) -> None:
        self._seconds = seconds
        self._most = most
        self._kept: OrderedDict[str, Input] = OrderedDict()

    def keep(self, reply: Input) -> None:
        if reply.id in self._kept:
            return
        self._kept[reply.id] = reply
        asyncio.get_running_loop().call_later(self._seconds, self.drop, reply)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def drop(self, reply: Input) -> None:
        self._kept.pop(reply.id, None)

    def revise(self, revision: Revision) -> None:
        """What was deleted is forgotten, what was edited says what it says now."""
        kept = self._kept.pop(revision.id, None)
        if kept is not None and revision.text is not None:
            self._kept[revision.id] = replace(kept, text=revision.text)

    def take(self, mention: Input) -> list[Input]:
        """What was said in the mention's thread after it, oldest first."""
        later = [
            reply
            for reply in self._kept.values()
            if reply.thread == mention.thread and moment(reply.ts) > moment(mention.ts)
        ]
        for reply in later:
            self.drop(reply)
        return sorted(later, key=lambda reply: moment(reply.ts))
