"""How late a new message can be read back: Slack's own copies need a moment to agree."""

from bot.playground.clock import Clock
from bot.playground.objects import Message


class Visibility:
    """Of what is posted while a delay is set; what was there before is seen at once."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.after_looks = 0
        """How many times history or replies are read in vain before a message is in them."""
        self.after_seconds = 0.0
        self._looks: dict[tuple[str, str], int] = {}
        self._until: dict[tuple[str, str], float] = {}

    def posted(self, message: Message) -> None:
        key = (message.channel, message.ts)
        if self.after_looks:
            self._looks[key] = self.after_looks
        if self.after_seconds:
            self._until[key] = self._clock.now() + self.after_seconds

    def of(self, messages: list[Message]) -> list[Message]:
        """Those that one more look finds."""
        return [message for message in messages if self._is_seen((message.channel, message.ts))]

    def _is_seen(self, key: tuple[str, str]) -> bool:
        looks = self._looks.get(key, 0)
        if looks > 0:
            self._looks[key] = looks - 1
        return looks <= 0 and self._until.get(key, 0.0) <= self._clock.now()
