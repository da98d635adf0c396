"""A call to Slack now and then: it shows that Slack is there and takes our bot token, and has
revived deaf sockets.
"""

import asyncio

import structlog

from bot.errors import DeliveryError
from bot.slack.sending.outbound import CallRefused, Method, Outbound

log = structlog.get_logger()

_PROBLEM = (
    "Slack no longer takes SLACK_BOT_TOKEN: install the app in its workspace again, give Kaia its"
    " token and start it again."
)


class Canary:
    def __init__(self, bot: Outbound) -> None:
        self._bot = bot
        self.is_answered = False
        """Slack answered well the last time."""
        self.refusal = ""
        """Slack's word for what is wrong with the token."""

    async def run(self, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            await self.sing()

    async def sing(self) -> None:
        try:
            await self._bot.call(Method.AUTH_TEST)
        except CallRefused as refused:
            self._refused(refused.code)
        except DeliveryError as error:
            self.is_answered = False
            log.warning("slack.silent", problem=str(error))
        else:
            self._answered()

    def _refused(self, code: str) -> None:
        self.is_answered = False
        if code != self.refusal:
            self.refusal = code
            log.error("slack.token_refused", code=code, problem=_PROBLEM)

    def _answered(self) -> None:
        self.is_answered = True
        if self.refusal:
            log.info("slack.token_taken", was=self.refusal)
            self.refusal = ""
