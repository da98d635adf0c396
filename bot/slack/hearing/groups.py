"""Which user groups somebody is in now; what Slack does not say counts as not being in them."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from bot.errors import DeliveryError
from bot.slack.hearing.remembered import LOOK_UP_SECONDS, Remembered
from bot.slack.sending.outbound import CallRefused, Method, Outbound

log = structlog.get_logger()

SCOPE = "usergroups:read"
_SECONDS = 60.0
"""Who was taken out of a group approves nothing any more after so long."""
_MOST = 200

Members = frozenset[str] | None
"""None where Slack will not say."""


@dataclass(frozen=True, slots=True)
class Belonging:
    """One person's groups, of those asked about."""

    groups: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    """Groups of which Slack did not say who is in them: nobody is, then."""
    failure: DeliveryError | None = None
    """Why, where asking again may help."""

    @property
    def doubt(self) -> str:
        """A sentence about the groups that could not be looked up, or nothing."""
        if not self.unknown:
            return ""
        return (
            f"I could not find out who is in the user group {', '.join(sorted(self.unknown))},"
            " so nobody counts as a member of it now."
        )


NONE = Belonging()


class Groups:
    def __init__(self, outbound: Outbound, clock: Callable[[], float] = time.monotonic) -> None:
        self._outbound = outbound
        self._members = Remembered(self._ask, seconds=_SECONDS, most=_MOST, clock=clock)

    async def of(self, user: str, among: frozenset[str]) -> Belonging:
        """Those of the groups that the person is in. Raises nothing."""
        asked = sorted(among)
        answers = await asyncio.gather(
            *(self._members.get(group) for group in asked), return_exceptions=True
        )
        said = dict(zip(asked, answers, strict=True))
        known = {group: users for group, users in said.items() if isinstance(users, frozenset)}
        return Belonging(
            groups=frozenset(group for group, users in known.items() if user in users),
            unknown=frozenset(said.keys() - known.keys()),
            failure=next(filter(None, map(_passing, said.values())), None),
        )

    async def close(self) -> None:
        await self._members.close()

    async def _ask(self, group: str) -> Members:
        try:
            answer = await self._outbound.call(
                Method.GROUP_MEMBERS, usergroup=group, timeout_seconds=LOOK_UP_SECONDS
            )
        except CallRefused as refused:
            log.warning(
                "slack.group_not_looked_up", group=group, code=refused.code, needed=refused.needed
            )
            return None
        return frozenset(str(user) for user in answer.get("users") or ())


def _passing(answer: Members | BaseException) -> DeliveryError | None:
    if answer is None or isinstance(answer, frozenset):
        return None
    if isinstance(answer, DeliveryError):
        return answer
    raise answer
