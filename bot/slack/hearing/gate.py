"""Whether somebody may talk to Kaia here: the same for every message, edit and press."""

from dataclasses import dataclass, replace

import structlog

from bot.slack.hearing.groups import NONE, Belonging
from bot.slack.hearing.judging import (
    channel_objection,
    machine_objection,
    needs_channel_name,
    needs_groups,
    objection,
)
from bot.slack.hearing.machines import MachineCap
from bot.slack.hearing.people import Channel, People
from bot.slack.hearing.said import Said
from bot.slack.house import House, Identity

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Admission:
    name: str = ""
    """What to call them; empty where they may not ask."""
    problem: str = ""
    """Why they may not, in a sentence for them."""
    is_told: bool = True
    """Whether they are to hear it: neither bots nor who has left are."""


class Gate:
    def __init__(self, identity: Identity, house: House, people: People) -> None:
        self.identity = identity
        self.house = house
        self._people = people
        self._cap = MachineCap(house.app_turns_per_hour)

    async def admit(self, said: Said) -> Admission:
        """Raises DeliveryError where Slack cannot be asked now."""
        admission = await self._machine(said) if said.is_machine else await self._person(said)
        if admission.problem:
            log.info(
                "slack.refused", user=said.speaker, channel=said.channel, why=admission.problem
            )
        return admission

    async def admit_at_home(self, said: Said) -> Admission:
        """The same of whoever opens Kaia's home, which is in no channel."""
        return await self._somebody(said)

    async def admit_again(self, said: Said) -> Admission:
        """The same of who was admitted before, without counting it as asked."""
        if not said.is_machine:
            return await self._person(said)
        return Admission(said.app_name, await self._machines_problem(said))

    async def _machine(self, said: Said) -> Admission:
        if problem := await self._machines_problem(said):
            return Admission(problem=problem, is_told=False)
        excess = self._cap.excess(said)
        if excess is not None:
            return Admission(problem=excess.why, is_told=excess.is_first)
        return Admission(said.app_name)

    async def _machines_problem(self, said: Said) -> str:
        if said.is_permitted:
            said = await self._placed(said)
        return machine_objection(said, self.identity) or await self._channel_objection(said)

    async def _person(self, said: Said) -> Admission:
        admission = await self._somebody(said)
        if admission.problem:
            return admission
        problem = await self._channel_objection(said)
        return Admission(problem=problem) if problem else admission

    async def _somebody(self, said: Said) -> Admission:
        person = await self._people.person(said.speaker)
        if person.is_bot or person.is_gone:
            who = "a bot user" if person.is_bot else "somebody whose account is deactivated"
            return Admission(problem=who, is_told=False)
        said = await self._placed(said)
        belonging = await self._belonging(said)
        problem = objection(said, person, self.identity, self.house, belonging)
        return Admission(problem=problem) if problem else Admission(person.name)

    async def _belonging(self, said: Said) -> Belonging:
        if not needs_groups(said, self.house):
            return NONE
        belonging = await self._people.groups(said.speaker, self.house.asking_groups)
        if belonging.failure and not belonging.groups:
            raise belonging.failure
        return belonging

    async def _channel_objection(self, said: Said) -> str:
        name = ""
        if needs_channel_name(self.house) and not said.is_direct:
            name = (await self._channel(said)).name
        return channel_objection(said, name, self.house)

    async def _placed(self, said: Said) -> Said:
        """With whether its channel is shared, as far as Slack tells that at all."""
        if said.is_shared_channel is not None:
            return said
        return replace(said, is_shared_channel=(await self._channel(said)).is_shared)

    async def _channel(self, said: Said) -> Channel:
        # Slack brings a message again that was not acked, but no press: that one is refused now.
        ask = self._people.channel_if_known if said.is_press else self._people.channel
        return await ask(said.channel)
