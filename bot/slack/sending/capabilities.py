"""Calls that may be missing, or fail: decorations. What Slack will never do is asked only once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import structlog

from bot.dialogue import Thread
from bot.errors import DeliveryError
from bot.slack.sending.kinds import BlockKinds
from bot.slack.sending.line import Rank, Waiting
from bot.slack.sending.outbound import (
    CallDropped,
    CallRefused,
    CallUnclear,
    Method,
    Outbound,
)
from bot.slack.sending.resting import Resting
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
# What is not only a decoration is tried every time, however often Slack has let it hang.
_NEVER_RESTS = {Method.POST_MESSAGE, Method.UPDATE, Method.DELETE, Method.REPLIES}
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


def has_hung(error: DeliveryError) -> bool:
    """Slack has said nothing in time."""
    return isinstance(error, CallUnclear) and isinstance(error.__cause__, TimeoutError)


class Capabilities:
    def __init__(
        self,
        outbound: Outbound,
        bot_user: str = "",
        *,
        timeout_seconds: float = 2,
        resting: Resting | None = None,
    ) -> None:
        self.outbound = outbound
        self.bot_user = bot_user
        self.timeout_seconds = timeout_seconds
        self.tidying = Tidying()
        self.kinds = BlockKinds()
        self._resting = resting or Resting()
        self._off: set[tuple[Method, str]] = set()
        self._told: set[tuple[Method, str]] = set()

    def has(self, method: Method, channel: str) -> bool:
        return not (self._is_off(method, channel) or self._resting.rests(method))

    def _is_off(self, method: Method, channel: str) -> bool:
        return bool({(method, ""), (method, channel)} & self._off)

    async def tried(
        self,
        method: Method,
        thread: Thread,
        *,
        key: str = "",
        insists: bool = False,
        **arguments: Any,
    ) -> Tried:
        """Calls it once, behind the answers of its channel. Raises nothing.

        Of what has the same key only the newest is called. `insists` where it takes away what may
        be there: that is called though Slack has let such calls hang.
        """
        if self._is_off(method, thread.channel):
            return Tried("refused")
        if not insists and not self._resting.may_try(method):
            return Tried("refused")
        place = Waiting(thread.channel, thread.ts, Rank.DECORATION, self.timeout_seconds, key)
        try:
            answer = await self.outbound.call(
                method, timeout_seconds=self.timeout_seconds, waiting=place, **arguments
            )
        except CallRefused as refused:
            self._resting.answered(method)
            return self.refused(refused, method, thread.channel)
        except CallDropped:
            return Tried("done")
        except DeliveryError as error:
            log.debug("slack.decoration_failed", method=method, error=str(error))
            self._unanswered(method, error)
            return Tried("failed")
        self._resting.answered(method)
        return Tried("done", answer)

    def _unanswered(self, method: Method, error: DeliveryError) -> None:
        if has_hung(error) and method not in _NEVER_RESTS:
            self._resting.unanswered(method)

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
