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
from bot.slack.hearing.people import People
from bot.slack.hearing.said import Said
from bot.slack.house import House, Identity

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Admission:
    name: str = ""
    """What to call them; empty where they may not ask."""
    problem: str = ""
    """Why they may not, in a sentence for them; empty where there is nobody to tell."""

    @property
    def is_granted(self) -> bool:
        return bool(self.name)


_NOBODY = Admission()


class Gate:
    def __init__(self, identity: Identity, house: House, people: People) -> None:
        self.identity = identity
        self.house = house
        self._people = people

    async def admit(self, said: Said) -> Admission:
        """Raises DeliveryError where Slack cannot be asked now."""
        if said.is_shared_channel is None:
            channel = await self._people.channel(said.channel)
            said = replace(said, is_shared_channel=channel.is_shared)
        admission = await self._machine(said) if said.is_machine else await self._person(said)
        if admission.problem:
            log.info(
                "slack.refused", user=said.speaker, channel=said.channel, why=admission.problem
            )
        return _NOBODY if said.is_machine and admission.problem else admission

    async def _machine(self, said: Said) -> Admission:
        problem = machine_objection(said, self.identity) or await self._channel_objection(said)
        return Admission(problem=problem) if problem else Admission(said.app_name)

    async def _person(self, said: Said) -> Admission:
        person = await self._people.person(said.speaker)
        if person.is_bot or person.is_gone:
            return _NOBODY
        belonging = await self._belonging(said)
        problem = objection(said, person, self.identity, self.house, belonging)
        problem = problem or await self._channel_objection(said)
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
            name = (await self._people.channel(said.channel)).name
        return channel_objection(said, name, self.house)
