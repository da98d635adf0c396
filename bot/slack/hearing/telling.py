"""Whether what nobody has just asked may be said in a thread now: whoever asked for it, and the
channel, are judged anew by the gate. It tells nobody why not; the log does.
"""

import asyncio

import structlog

from bot.dialogue import Input
from bot.errors import DeliveryError
from bot.slack.hearing.gate import Gate
from bot.slack.hearing.remembered import LOOK_UP_SECONDS
from bot.slack.hearing.said import Said
from bot.slack.sending.outbound import CallRefused

log = structlog.get_logger()


async def may_be_told(gate: Gate, said: Input) -> bool:
    """Raises DeliveryError where Slack does not answer: then it may be asked later."""
    try:
        async with asyncio.timeout(LOOK_UP_SECONDS):
            why = (await gate.admit_again(_as_said(said))).problem
    except CallRefused as refused:
        why = str(refused)
    except TimeoutError as error:
        raise DeliveryError("Slack did not say in time who may hear this.") from error
    if why:
        log.warning(
            "slack.not_told", user=said.speaker, channel=said.thread.channel, input=said.id, why=why
        )
    return not why


def _as_said(said: Input) -> Said:
    """Without what only the event told: that is asked of Slack."""
    channel = said.thread.channel
    return Said(
        channel=channel,
        ts=said.ts,
        thread_ts=said.thread.ts,
        speaker=said.speaker,
        is_direct=channel.startswith("D"),
        is_addressed=True,
        teams=frozenset(),
        is_shared_channel=None,
        event={},
        app_name=(said.speaker_name or said.speaker) if said.is_machine else "",
    )
