"""Whether a press counts: on a message of Kaia's, by somebody whom the gate lets in, now."""

import asyncio

import structlog

from bot.errors import DeliveryError
from bot.slack.hearing.gate import Admission, Gate
from bot.slack.hearing.groups import NONE, Belonging
from bot.slack.hearing.people import People
from bot.slack.hearing.presses import Press
from bot.slack.hearing.refusals import Refusals
from bot.slack.hearing.remembered import LOOK_UP_SECONDS

log = structlog.get_logger()

_UNKNOWN = (
    "I could not find out who you are, because Slack did not answer, so this press did nothing."
    " Please press again in a moment."
)


class Doors:
    def __init__(self, gate: Gate, people: People, refusals: Refusals) -> None:
        self._gate = gate
        self._people = people
        self._refusals = refusals

    async def judged(self, press: Press) -> tuple[str, Belonging]:
        """What to call who pressed, and their approving groups; no name where they may not, which
        they are told then.
        """
        said = press.said
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                admission, belonging = await asyncio.gather(
                    self._gate.admit(said),
                    self._people.groups(said.speaker, self._gate.house.approver_groups),
                )
        except (DeliveryError, TimeoutError) as error:
            log.warning("slack.press_unclear", user=said.speaker, problem=str(error))
            admission, belonging = Admission(problem=_UNKNOWN), NONE
        if admission.problem:
            self._refusals.refuse(said, admission)
        return admission.name, belonging
