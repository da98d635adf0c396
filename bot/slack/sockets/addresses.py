"""Where to connect: addresses that Slack gives one at a time, asked for as slowly as it likes.

It knows what keeps them from us, and says it once.
"""

import asyncio
import random
from collections.abc import Callable

import structlog

from bot.errors import DeliveryError
from bot.slack.sending.outbound import CallLimited, CallRefused, Method, Outbound
from bot.slack.sockets.watch import Watch

log = structlog.get_logger()

# The same, as Slack says it on a socket and as it says it of a call.
_SOCKET_MODE_OFF = {"link_disabled", "socket_mode_not_enabled"}
_HOW_TO_MEND = {
    "socket_mode_not_enabled": "Socket Mode is off: switch it on again on the app's page.",
    "too_many_websockets": (
        "The app has as many connections as Slack allows (ten): run fewer replicas, or end"
        " whatever else connects with the same app-level token."
    ),
}
_NOT_TAKEN = "Slack no longer takes SLACK_APP_TOKEN: give Kaia a valid one and start it again."


class Addresses:
    def __init__(
        self,
        app: Outbound,
        first: str,
        watch: Watch,
        *,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """`first` is an address that was given already; each is good for one connection."""
        self._app = app
        self._first = first
        self._watch = watch
        self.chance = chance
        self.trouble = ""
        """Slack's word for what only a person can mend; empty where nothing is known."""

    async def next(self) -> str:
        """Tries until there is one."""
        address, self._first = self._first, ""
        failures = 0
        while not address:
            try:
                answer = await self._app.call(Method.CONNECTIONS_OPEN)
                return str(answer["url"])
            except CallRefused as refused:
                self.complain(refused.code)
                await asyncio.sleep(self._watch.refused_pause(self.chance()))
            except (DeliveryError, KeyError) as error:
                failures += 1
                await self._wait(error, failures)
        return address

    async def _wait(self, error: Exception, failures: int) -> None:
        pause = self._watch.pause_after(failures, self.chance())
        if isinstance(error, CallLimited):
            pause += error.retry_after_seconds
        log.warning("slack.no_address", problem=str(error), retry_seconds=round(pause, 1))
        await asyncio.sleep(pause)

    def complain(self, code: str) -> None:
        """Says what keeps us from connecting, and once is enough."""
        code = "socket_mode_not_enabled" if code in _SOCKET_MODE_OFF else code
        if code != self.trouble:
            self.trouble = code
            log.error("slack.kept_out", code=code, problem=_HOW_TO_MEND.get(code, _NOT_TAKEN))

    def heal(self) -> None:
        if self.trouble:
            log.info("slack.let_in", trouble=self.trouble)
            self.trouble = ""
