"""Slack payloads become inputs: judge, hand over, return. Nothing else happens here.

A listener that raises is not acked, so that Slack delivers the event again.
"""

import re
import time
import traceback
from collections.abc import Mapping
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.dialogue import Input, Receiver, Thread
from bot.errors import KaiaError
from bot.slack.early import EarlyReplies
from bot.slack.judging import (
    House,
    Identity,
    Said,
    channel_objection,
    needs_channel_name,
    objection,
    said_in,
)
from bot.slack.people import People, Person
from bot.slack.refusals import Refusals
from bot.slack.text import mentioned_users, read, with_attachments

log = structlog.get_logger()

Body = dict[str, Any]

_ANYTHING = re.compile(".*", re.DOTALL)
_MOST_NAMES_LOOKED_UP = 10


class Intake:
    """Turns one event into one input, or into nothing."""

    def __init__(
        self,
        identity: Identity,
        house: House,
        people: People,
        refusals: Refusals,
        receiver: Receiver,
    ) -> None:
        self._identity = identity
        self._house = house
        self._people = people
        self._refusals = refusals
        self._receiver = receiver
        self._early = EarlyReplies()

    async def message(self, body: Mapping[str, Any]) -> None:
        """Takes a `message` or an `app_mention`; one message may arrive as both."""
        said = said_in(body, self._identity)
        if said is None:
            return
        person = await self._permitted(said)
        if person is not None:
            await self._hand_over(await self._input(said, person))

    async def _hand_over(self, said: Input) -> None:
        if not said.addressed:
            self._early.keep(said)
        is_new = await self._receiver.receive(said)
        if not is_new:
            return
        self._early.drop(said)
        for reply in self._early.take(said) if said.addressed else ():
            await self._receiver.receive(reply)

    async def stop(self, body: Mapping[str, Any]) -> None:
        """Takes a press on Slack's own Stop button as the word it stands for."""
        event = body.get("event") or {}
        stamp = str(event.get("event_ts") or body.get("event_id") or "")
        as_said = {**event, "type": "message", "ts": stamp, "text": "stop"}
        said = said_in({**body, "event": as_said}, self._identity)
        if said is None:
            return
        person = await self._permitted(said)
        if person is not None:
            key = f"stop:{self._identity.team}:{said.channel}:{said.thread_ts}:{stamp}:{said.user}"
            await self._receiver.receive(self._worded(said, person, key, "stop"))

    async def _permitted(self, said: Said) -> Person | None:
        person = await self._people.person(said.user)
        if person.is_bot or person.is_gone:
            return None
        problem = await self._objection(said, person)
        if not problem:
            return person
        log.info("slack.refused", user=said.user, channel=said.channel, why=problem)
        self._refusals.tell(said, problem)
        return None

    async def _objection(self, said: Said, person: Person) -> str:
        if problem := objection(said, person, self._identity, self._house):
            return problem
        name = ""
        if needs_channel_name(self._house) and not said.is_direct:
            name = await self._people.channel_name(said.channel)
        return channel_objection(said, name, self._house)

    async def _input(self, said: Said, person: Person) -> Input:
        text = with_attachments(said.event)
        others = [user for user in mentioned_users(text) if user != self._identity.user]
        names = await self._people.names(tuple(others[:_MOST_NAMES_LOOKED_UP]))
        readable = read(text, own=self._identity.user, names=names)
        key = f"message:{self._identity.team}:{said.channel}:{said.ts}"
        return self._worded(said, person, key, readable)

    def _worded(self, said: Said, person: Person, key: str, text: str) -> Input:
        return Input(
            id=key,
            thread=Thread(self._identity.team, said.channel, said.thread_ts),
            ts=said.ts,
            speaker=said.user,
            speaker_name=person.name,
            text=text,
            addressed=said.is_addressed,
            received=time.time(),
        )


def register(app: AsyncApp, intake: Intake) -> None:
    """Listeners for what the manifest subscribes to, then for everything else: Slack repeats
    whatever nobody acks, and Bolt acks only what somebody listens to."""

    @app.event("message")
    async def message(body: Body) -> None:
        await intake.message(body)

    @app.event("app_mention")
    async def mention(body: Body) -> None:
        await intake.message(body)

    @app.event("agent_session_stopped")
    async def stopped(body: Body) -> None:
        await intake.stop(body)

    _register_rest(app)


def _register_rest(app: AsyncApp) -> None:
    @app.event(_ANYTHING)
    async def other_event(body: Body) -> None:
        log.debug("slack.ignored", kind=(body.get("event") or {}).get("type"))

    async def other(ack: AsyncAck, body: Body) -> None:
        await ack()
        log.debug("slack.ignored", kind=body.get("type"))

    for kind in (app.action, app.shortcut, app.view, app.view_closed, app.options, app.command):
        kind(_ANYTHING)(other)

    @app.error
    async def failed(error: Exception, body: Body) -> None:
        # Never the error's own words, nor its locals: a database's may quote the message.
        log.error(
            "slack.listener_failed",
            error=type(error).__name__,
            problem=str(error) if isinstance(error, KaiaError) else "",
            where=_where(error),
            event_id=body.get("event_id"),
        )


def _where(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
