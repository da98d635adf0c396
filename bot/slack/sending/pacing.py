"""When a call to Slack may be made: one line per channel, and what Slack has asked to wait for.

A channel where nobody waits is forgotten; there is no task here, and no call.
"""

import asyncio

from bot.slack.sending.line import PACE, PACED, Line, Pace, Timers, TooLong, Waiting

_MANY = 200


class Lines:
    """All channels' lines, and the methods that Slack has asked to leave alone for a while."""

    def __init__(self, pace: Pace = PACE, timers: Timers | None = None) -> None:
        self.pace = pace
        self._timers = timers
        self._lines: dict[str, Line] = {}
        self._stops: dict[tuple[str, str], float] = {}

    @property
    def timers(self) -> Timers:
        return self._timers or asyncio.get_running_loop()

    def now(self) -> float:
        return self.timers.time()

    def stop(self, method: str, channel: str, seconds: float) -> None:
        """Slack has asked to wait before this method is called again."""
        until = self.now() + max(seconds, self.pace.shortest_stop_seconds)
        key = _limited_together(method, channel)
        self._stops[key] = max(until, self._stops.get(key, 0))
        if method in PACED:
            self._line(channel).spend(until)
        self._forget()

    def left(self, method: str, channel: str) -> float:
        """Seconds until the method may be called again; 0 where it may be now."""
        return max(0.0, self._stops.get(_limited_together(method, channel), 0) - self.now())

    async def turn(
        self, method: str, waiting: Waiting, *, until: float | None = None, again: bool = False
    ) -> None:
        """Waits until the call may be made. Raises TooLong, Superseded.

        `until` is given where part of its time is used up. One that Slack has sent back waits
        `again`, at the head of its thread.
        """
        until = self.now() + waiting.seconds if until is None else until
        left = self.left(method, waiting.channel)
        if self.now() + left > until:
            raise TooLong(left)
        self._forget()
        await self._line(waiting.channel).turn(method, waiting, until, again=again)

    def _line(self, channel: str) -> Line:
        if channel not in self._lines:
            self._lines[channel] = Line(
                self.pace, self.timers, lambda method: self.left(method, channel)
            )
        return self._lines[channel]

    def _forget(self) -> None:
        """Lines and stops that say nothing any more, once there are many."""
        now = self.now()
        if len(self._lines) > _MANY:
            self._lines = {name: line for name, line in self._lines.items() if line.matters(now)}
        if len(self._stops) > _MANY:
            self._stops = {key: until for key, until in self._stops.items() if until > now}


def _limited_together(method: str, channel: str) -> tuple[str, str]:
    return method, channel if method in PACED else ""
