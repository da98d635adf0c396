"""Envelopes to an app: sent to one connection, counted until acked, sent again where they are not.

It knows connections only as something that takes text; sockets are none of its business.
"""

import asyncio
import contextlib
import random
import uuid
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import orjson

from bot.playground.clock import Clock
from bot.playground.directory import new_id
from bot.playground.objects import Json


class Connection(Protocol):
    """One Socket Mode connection."""

    def give(self, frame: str) -> None:
        """Queues a text frame; never waits."""


@dataclass(frozen=True, slots=True)
class Ack:
    """One acknowledgement, with the seconds it took since that attempt was sent."""

    envelope_id: str
    key: str
    """Event id, or trigger id of an interaction."""
    type: str
    attempt: int
    seconds: float
    payload: Any = None


@dataclass(slots=True)
class Delivery:
    """One thing an app is to hear of, however many envelopes that takes."""

    key: str
    type: str
    payload: Json
    attempt: int = 0
    reason: str = ""
    envelopes: dict[str, tuple[int, float]] = field(default_factory=dict)
    """Envelope id -> attempt and when it was sent."""
    acked: bool = False
    given_up: bool = False
    timer: asyncio.Task[None] | None = None


Choose = Callable[[Sequence[Connection], int], Connection]
"""Which connection gets the n-th envelope."""


def take_turns(connections: Sequence[Connection], turn: int) -> Connection:
    return connections[turn % len(connections)]


def at_random(seed: int) -> Choose:
    """Any connection gets any envelope, the same ones for the same seed."""
    dice = random.Random(seed)  # noqa: S311 - a schedule, no secret

    return lambda connections, _: dice.choice(connections)


class Deliveries:
    def __init__(
        self, clock: Clock, notify: Callable[[], None], redelivery_seconds: float = 3.0
    ) -> None:
        self._clock = clock
        self._notify = notify
        self.redelivery_seconds = redelivery_seconds
        """How long an ack may take before the event is sent again."""
        self.most_attempts = 4
        self.choose: Choose = take_turns
        self.connections: list[Connection] = []
        self.acks: list[Ack] = []
        self.all: deque[Delivery] = deque(maxlen=10_000)
        self._by_envelope: dict[str, Delivery] = {}
        self._waiting: deque[Delivery] = deque()
        self._held: list[Delivery] | None = None
        self._copies = 0
        self._turn = 0

    def send(self, kind: str, payload: Json, key: str) -> Delivery:
        """Delivers now, or as soon as an app is connected and nothing is held."""
        delivery = Delivery(key, kind, payload)
        self.all.append(delivery)
        if self._held is not None:
            self._held.append(delivery)
        else:
            self._dispatch(delivery)
        return delivery

    def replay(self, delivery: Delivery) -> Delivery:
        """The same event once more, however old it is, under a new event id."""
        key = new_id("Ev", 11)
        return self.send(delivery.type, delivery.payload | {"event_id": key}, key)

    def duplicate(self, times: int = 1) -> None:
        """The next envelopes are each delivered twice, as Slack sometimes does."""
        self._copies += times

    def hold(self) -> None:
        self._held = self._held or []

    def release(self, order: Callable[[list[Delivery]], Sequence[Delivery]] | None = None) -> None:
        """Delivers what was held; backwards, or in the order that `order` makes of it."""
        held, self._held = self._held or [], None
        for delivery in order(held) if order else reversed(held):
            self._dispatch(delivery)

    def joined(self, connection: Connection) -> None:
        self.connections.append(connection)
        waiting, self._waiting = self._waiting, deque()
        for delivery in waiting:
            self._dispatch(delivery)
        self._notify()

    def left(self, connection: Connection) -> None:
        with contextlib.suppress(ValueError):
            self.connections.remove(connection)
        self._notify()

    def acknowledge(self, envelope_id: str, payload: Any = None) -> None:
        delivery = self._by_envelope.get(envelope_id)
        if delivery is None:
            return
        attempt, sent = delivery.envelopes[envelope_id]
        delivery.acked = True
        if delivery.timer is not None:
            delivery.timer.cancel()
        seconds = self._clock.now() - sent
        self.acks.append(Ack(envelope_id, delivery.key, delivery.type, attempt, seconds, payload))
        self._notify()

    @property
    def unacked(self) -> list[Delivery]:
        return [delivery for delivery in self.all if not delivery.acked]

    async def close(self) -> None:
        timers = [delivery.timer for delivery in self.all if delivery.timer is not None]
        for timer in timers:
            timer.cancel()
        await asyncio.gather(*timers, return_exceptions=True)

    def _dispatch(self, delivery: Delivery) -> None:
        if not self.connections:
            self._wait(delivery)
            return
        self._put(delivery)
        if self._copies > 0:
            self._copies -= 1
            self._put(delivery)
        if delivery.acked:
            return
        delivery.timer = asyncio.create_task(
            self._watch(delivery), name=f"playground redelivery of {delivery.key}"
        )

    def _wait(self, delivery: Delivery) -> None:
        # A press is not kept for later: the person is told at once that it did not work.
        if delivery.type == "events_api":
            self._waiting.append(delivery)
        else:
            self._give_up(delivery)

    def _give_up(self, delivery: Delivery) -> None:
        delivery.given_up = True
        self._notify()

    def _put(self, delivery: Delivery) -> None:
        connection = self.choose(self.connections, self._turn)
        self._turn += 1
        envelope_id = str(uuid.uuid4())
        delivery.envelopes[envelope_id] = (delivery.attempt, self._clock.now())
        self._by_envelope[envelope_id] = delivery
        frame = {
            "envelope_id": envelope_id,
            "type": delivery.type,
            "accepts_response_payload": delivery.type != "events_api",
            "payload": delivery.payload,
        }
        if delivery.type == "events_api":
            frame |= {"retry_attempt": delivery.attempt, "retry_reason": delivery.reason}
        connection.give(orjson.dumps(frame).decode())

    async def _watch(self, delivery: Delivery) -> None:
        await self._clock.sleep(self.redelivery_seconds)
        # An unacked click is shown to the person as failed; Slack does not repeat it.
        if delivery.type != "events_api" or delivery.attempt + 1 >= self.most_attempts:
            self._give_up(delivery)
            return
        delivery.attempt += 1
        delivery.reason = "timeout"
        self._dispatch(delivery)
        self._notify()
