"""Slack's rate limits by method, which are off until they are switched on."""

import math
from dataclasses import dataclass

from bot.playground.clock import Clock

_TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
"""Tier -> calls a minute that Slack always allows."""
_MINUTE = 60.0
_OTHERS = 3

TIER_OF = {
    "apps.connections.open": 1,
    "chat.startStream": 2,
    "chat.stopStream": 2,
    "conversations.list": 2,
    "users.list": 2,
    "usergroups.list": 2,
    "usergroups.users.list": 2,
    "chat.appendStream": 4,
    "chat.postEphemeral": 4,
    "conversations.members": 4,
    "files.completeUploadExternal": 4,
    "files.getUploadURLExternal": 4,
    "files.info": 4,
    "users.info": 4,
    "views.open": 4,
    "views.publish": 4,
    "views.push": 4,
    "views.update": 4,
}
"""What is not named here is of tier 3."""
UNLIMITED = {"api.test", "auth.test"}
"""Hundreds a minute."""
STATUSES_A_MINUTE = 600
"""Of assistant.threads.setStatus, as reported."""


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Rates:
    """Calls are counted by method, those of chat.postMessage by channel."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.are_on = False
        self.posts_a_second = 1.0
        """In one channel, over time."""
        self.burst = 4
        """Posts that one channel takes at once."""
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def wait_for(self, method: str, channel: str) -> int:
        """Counts a call; whole seconds to wait before another where it is one too many, else 0."""
        if not self.are_on or method in UNLIMITED:
            return 0
        if method == "chat.postMessage":
            return self._take((method, channel), self.burst, self.posts_a_second)
        if method == "assistant.threads.setStatus":
            return self._take((method, ""), STATUSES_A_MINUTE, STATUSES_A_MINUTE / _MINUTE)
        most = _TIERS[TIER_OF.get(method, _OTHERS)]
        return self._take((method, ""), most, most / _MINUTE)

    def _take(self, key: tuple[str, str], most: float, a_second: float) -> int:
        now = self._clock.now()
        bucket = self._buckets.setdefault(key, _Bucket(most, now))
        bucket.left = min(most, bucket.left + (now - bucket.at) * a_second)
        bucket.at = now
        if bucket.left < 1:
            return max(1, math.ceil((1 - bucket.left) / a_second))
        bucket.left -= 1
        return 0
