"""What may happen to a Kaia, as data: Hypothesis chooses acts, shrinks them and prints them."""

import asyncio
import random
from dataclasses import dataclass
from typing import Literal

from bot.playground import PlaygroundServer
from bot.playground.faults import FaultKind
from tests.faults.people import People


@dataclass
class World:
    server: PlaygroundServer
    people: People
    room: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A mention, or where the thread exists a reply in it."""

    thread: int

    async def happen(self, world: World) -> None:
        questions = world.people.questions
        roots = [each.root for each in questions if each.ts == each.root]
        root = roots[self.thread] if self.thread < len(roots) else ""
        world.people.say(world.room, [each for each in questions if each.root == root])


@dataclass(frozen=True, slots=True)
class Double:
    """The next envelopes come twice."""

    times: int

    async def happen(self, world: World) -> None:
        world.server.workspace.deliveries.duplicate(self.times)


@dataclass(frozen=True, slots=True)
class Hold:
    """Nothing is delivered until it is released."""

    async def happen(self, world: World) -> None:
        world.server.workspace.deliveries.hold()


@dataclass(frozen=True, slots=True)
class Release:
    """What was held comes in an order of this seed's."""

    seed: int

    async def happen(self, world: World) -> None:
        dice = random.Random(self.seed)  # noqa: S311 - an order, no secret
        world.server.workspace.deliveries.release(lambda held: dice.sample(held, len(held)))


@dataclass(frozen=True, slots=True)
class Replay:
    """Slack tells of an earlier message again, much later."""

    number: int

    async def happen(self, world: World) -> None:
        if questions := world.people.questions:
            question = questions[self.number % len(questions)]
            world.server.workspace.replay(question.channel, question.ts)


@dataclass(frozen=True, slots=True)
class LoseSockets:
    how: Literal["cut", "warning", "refresh_requested"]

    async def happen(self, world: World) -> None:
        if self.how == "cut":
            world.server.cut()
        else:
            await world.server.disconnect(self.how)


@dataclass(frozen=True, slots=True)
class Fail:
    """The next calls of a method go wrong."""

    method: str
    kind: FaultKind
    times: int

    async def happen(self, world: World) -> None:
        details = {"retry_after": 0} if self.kind == "ratelimited" else {}
        world.server.workspace.faults.add(self.method, self.kind, self.times, **details)


@dataclass(frozen=True, slots=True)
class Wait:
    seconds: float

    async def happen(self, world: World) -> None:  # noqa: ARG002 - it happens to nobody
        await asyncio.sleep(self.seconds)


Act = Ask | Double | Hold | Release | Replay | LoseSockets | Fail | Wait
