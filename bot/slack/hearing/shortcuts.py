"""The message shortcut "Investigate with Kaia": whoever chooses it asks about that message.

Judged as a press on a button is; kept durably before Slack is acked.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import structlog

from bot.dialogue import Input, Receiver
from bot.errors import DeliveryError, StoreError
from bot.slack.hearing.gate import Admission, Gate
from bot.slack.hearing.inputs import Inputs
from bot.slack.hearing.people import People
from bot.slack.hearing.refusals import Refusals
from bot.slack.hearing.remembered import LOOK_UP_SECONDS
from bot.slack.hearing.said import Said, app_name
from bot.slack.house import Identity
from bot.slack.reading.kinds import shared_files

log = structlog.get_logger()

INVESTIGATE = "kaia_investigate"

_UNKNOWN = (
    "I could not find out who you are, because Slack did not answer, so I did not look into that"
    " message. Please choose it again in a moment."
)
_NOT_KEPT = (
    "I could not keep that you want this message looked into, because my store does not answer."
    " Please choose it again in a minute."
)
_NOT_HERE = (
    "I am not in this conversation, so I cannot answer here. In a channel, invite me first"
    " (/invite @{name}) and choose Investigate with Kaia again; or paste the message to me."
)
_BY = "{name} asked me to look at this message."
_BY_OF = "{name} asked me to look at the message of {author} in this thread."


@dataclass(frozen=True, slots=True)
class Choice:
    said: Said
    """Who chose it and where; its `ts` is that of the choosing."""
    message: Mapping[str, Any]
    reply_address: str
    """Where Slack takes a word to whoever chose it, also where Kaia is not; may be empty."""


class Shortcuts:
    def __init__(
        self, gate: Gate, people: People, inputs: Inputs, refusals: Refusals, receiver: Receiver
    ) -> None:
        self._gate = gate
        self._people = people
        self._inputs = inputs
        self._refusals = refusals
        self._receiver = receiver

    async def investigate(self, body: Mapping[str, Any]) -> None:
        """Raises StoreError where it was not kept."""
        choice = choice_in(body)
        if choice is None:
            log.warning("slack.shortcut_ignored", why="on no message")
            return
        said = choice.said
        is_elsewhere, admission = await asyncio.gather(
            self._is_elsewhere(said), self._admitted(said)
        )
        if is_elsewhere:
            log.info("slack.shortcut_elsewhere", user=said.speaker, channel=said.channel)
            why = _NOT_HERE.format(name=self._gate.identity.name)
            self._refusals.tell_at(choice.reply_address, said, why)
            return
        if admission.problem:
            self._refusals.refuse(said, admission)
            return
        author = await self._author(choice.message)
        try:
            await self._receiver.receive(await self._asked(choice, admission.name, author))
        except StoreError:
            self._refusals.tell_press(said, _NOT_KEPT)
            raise
        is_root = said.thread_ts == choice.message["ts"]
        by = (_BY if is_root else _BY_OF).format(name=admission.name, author=author)
        self._refusals.announce(said, by)

    async def _is_elsewhere(self, said: Said) -> bool:
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                return (await self._people.channel_if_known(said.channel)).is_member is False
        except TimeoutError:
            return False

    async def _admitted(self, said: Said) -> Admission:
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                return await self._gate.admit(said)
        except (DeliveryError, TimeoutError) as error:
            log.warning("slack.press_unclear", user=said.speaker, problem=str(error))
            return Admission(problem=_UNKNOWN)

    async def _asked(self, choice: Choice, name: str, author: str) -> Input:
        said, message = choice.said, choice.message
        about = await self._inputs.text(message)
        asked = self._inputs.worded(
            said,
            name,
            _key(choice, self._gate.identity),
            f"Investigate this message of {author}:\n{about}".strip(),
        )
        return replace(asked, files=shared_files(message))

    async def _author(self, message: Mapping[str, Any]) -> str:
        if app := app_name(message):
            return app
        user = str(message.get("user") or "")
        names = await self._people.names((user,)) if user else {}
        return names.get(user) or user or "somebody"


def choice_in(body: Mapping[str, Any]) -> Choice | None:
    """None where the payload names no message, no channel or nobody."""
    message, user = _part(body, "message"), _part(body, "user")
    channel, speaker = _word(_part(body, "channel"), "id"), _word(user, "id")
    message_ts = _word(body, "message_ts") or _word(message, "ts")
    if not (message and message_ts and channel and speaker):
        return None
    said = Said(
        channel=channel,
        ts=_word(body, "action_ts") or message_ts,
        thread_ts=_word(message, "thread_ts") or message_ts,
        speaker=speaker,
        is_direct=channel.startswith("D"),
        is_addressed=True,
        teams=frozenset({_word(user, "team_id")} - {""}),
        is_shared_channel=None,
        event={},
        is_press=True,
        is_choice=True,
    )
    return Choice(said, {**message, "ts": message_ts}, _word(body, "response_url"))


def _key(choice: Choice, identity: Identity) -> str:
    said, message_ts = choice.said, choice.message["ts"]
    return f"shortcut:{identity.team}:{said.channel}:{message_ts}:{said.ts}:{said.speaker}"


def _part(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = found.get(name)
    return part if isinstance(part, Mapping) else {}


def _word(found: Mapping[str, Any], name: str) -> str:
    return str(found.get(name) or "")
