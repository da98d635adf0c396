"""Calls that may be missing, or fail: decorations. What Slack will never do is asked only once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import structlog

from bot.dialogue import Thread
from bot.errors import DeliveryError
from bot.slack.sending.kinds import BlockKinds
from bot.slack.sending.line import Rank, Waiting
from bot.slack.sending.outbound import CallDropped, CallRefused, Method, Outbound
from bot.slack.sending.tidying import Tidying

log = structlog.get_logger()

# Refusals that mean that the method is not for this app, whatever it is asked for.
NOT_FOR_US = {"missing_scope", "unknown_method", "not_allowed_token_type"}
# Those that mean that this Slack will never do it.
NEVER = NOT_FOR_US | {
    "access_denied",
    "not_allowed",
    "team_access_not_granted",
    "feature_not_enabled",
    "method_deprecated",
    "assistant_not_enabled",
    "no_permission",
}
_NEVER_HERE = "channel_type_not_supported"
_HARMLESS = {"already_reacted", "no_reaction", "message_not_found"}


@dataclass(frozen=True, slots=True)
class Tried:
    """How a decoration went. `failed` may go well later, `refused` will not."""

    how: Literal["done", "failed", "refused"]
    answer: Mapping[str, Any] = field(default_factory=dict)
    code: str = ""
    """Why Slack has refused it just now."""

    @property
    def is_done(self) -> bool:
        return self.how == "done"


class Capabilities:
    def __init__(
        self, outbound: Outbound, bot_user: str = "", *, timeout_seconds: float = 2
    ) -> None:
        self.outbound = outbound
        self.bot_user = bot_user
        self.timeout_seconds = timeout_seconds
        self.tidying = Tidying()
        self.kinds = BlockKinds()
        self._off: set[tuple[Method, str]] = set()
        self._told: set[tuple[Method, str]] = set()

    def has(self, method: Method, channel: str) -> bool:
        return not {(method, ""), (method, channel)} & self._off

    async def tried(
        self, method: Method, thread: Thread, *, key: str = "", **arguments: Any
    ) -> Tried:
        """Calls it once, behind the answers of its channel. Raises nothing.

        Of what has the same key only the newest is called.
        """
        if not self.has(method, thread.channel):
            return Tried("refused")
        place = Waiting(thread.channel, thread.ts, Rank.DECORATION, self.timeout_seconds, key)
        try:
            answer = await self.outbound.call(
                method, timeout_seconds=self.timeout_seconds, waiting=place, **arguments
            )
        except CallRefused as refused:
            return self.refused(refused, method, thread.channel)
        except CallDropped:
            return Tried("done")
        except DeliveryError as error:
            log.debug("slack.decoration_failed", method=method, error=str(error))
            return Tried("failed")
        return Tried("done", answer)

    def refused(self, refused: CallRefused, method: Method, channel: str) -> Tried:
        """Remembers what will never be done, and says once of each refusal that there is one."""
        if refused.code in _HARMLESS:
            return Tried("done")
        if refused.code in NEVER or refused.code == _NEVER_HERE:
            is_here = refused.code == _NEVER_HERE
            # Which scope a thread's reading takes depends on the kind of its channel.
            is_here |= method is Method.REPLIES and refused.code == "missing_scope"
            is_known = method in {off for off, _ in self._off}
            self._off.add((method, channel if is_here else ""))
            if not is_known:
                log.warning(
                    "slack.capability_off", method=method, code=refused.code, needed=refused.needed
                )
        elif (method, refused.code) not in self._told:
            self._told.add((method, refused.code))
            log.warning("slack.decoration_refused", method=method, code=refused.code)
        return Tried("refused", code=refused.code)
