"""Which Slack payload goes where; every one of them is acked once it is dealt with.

A listener that raises is not acked, so that Slack delivers the event again.
"""

import re
import traceback
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.dialogue import Receiver
from bot.errors import KaiaError
from bot.slack.hearing.clicks import Clicks
from bot.slack.hearing.doors import Doors
from bot.slack.hearing.early_edits import EarlyEdits
from bot.slack.hearing.early_replies import EarlyReplies
from bot.slack.hearing.gate import Gate
from bot.slack.hearing.inputs import Inputs
from bot.slack.hearing.intake import Intake
from bot.slack.hearing.overtaken import Overtaken
from bot.slack.hearing.people import People
from bot.slack.hearing.presses import APPROVE, BROADCAST, EXPORT, RATING, REJECT
from bot.slack.hearing.ratings import Ratings
from bot.slack.hearing.refusals import Refusals
from bot.slack.hearing.revisions import Revisions
from bot.slack.hearing.shortcuts import INVESTIGATE, Shortcuts
from bot.slack.home.homes import Homes
from bot.slack.house import House, Identity
from bot.slack.sending.progress import STOP

log = structlog.get_logger()

Body = dict[str, Any]

_ANYTHING = re.compile(".*", re.DOTALL)


def listen(
    app: AsyncApp,
    identity: Identity,
    house: House,
    people: People,
    refusals: Refusals,
    overtaken: Overtaken,
    receiver: Receiver,
    homes: Homes,
) -> None:
    """Listeners for what the manifest subscribes to, then for everything else: Slack repeats
    whatever nobody acks, and Bolt acks only what somebody listens to."""
    gate, inputs = Gate(identity, house, people), Inputs(identity, people)
    early, edits = EarlyReplies(), EarlyEdits()
    intake = Intake(gate, inputs, refusals, receiver, early, edits, overtaken)
    revisions = Revisions(gate, inputs, intake, receiver, early, edits, refusals)
    _register_messages(app, intake, revisions)
    doors = Doors(gate, people, refusals)
    clicks = Clicks(identity, doors, inputs, refusals, receiver)
    _register_presses(app, clicks, Ratings(identity, doors, refusals, receiver))
    _register_homes(app, homes)
    _register_shortcuts(app, Shortcuts(gate, people, inputs, refusals, receiver))
    _register_rest(app)


def _register_messages(app: AsyncApp, intake: Intake, revisions: Revisions) -> None:
    @app.event("message")
    async def message(body: Body) -> None:
        match body["event"].get("subtype"):
            case "message_changed":
                await revisions.changed(body)
            case "message_deleted":
                await revisions.deleted(body)
            case _:
                await intake.message(body)

    @app.event("app_mention")
    async def mention(body: Body) -> None:
        await intake.message(body)

    @app.event("agent_session_stopped")
    async def stopped(body: Body) -> None:
        await intake.stop(body)


def _register_presses(app: AsyncApp, clicks: Clicks, ratings: Ratings) -> None:
    # Bolt acks events by itself, but no press: one that could not be kept is shown as failed.
    async def decided(ack: AsyncAck, body: Body) -> None:
        await clicks.decided(body)
        await ack()

    async def stopped(ack: AsyncAck, body: Body) -> None:
        await clicks.stopped(body)
        await ack()

    async def rated(ack: AsyncAck, body: Body) -> None:
        await ratings.rated(body)
        await ack()

    async def broadcast(ack: AsyncAck, body: Body) -> None:
        await clicks.broadcast(body)
        await ack()

    async def exported(ack: AsyncAck, body: Body) -> None:
        await clicks.exported(body)
        await ack()

    app.action(APPROVE)(decided)
    app.action(REJECT)(decided)
    app.action(STOP)(stopped)
    app.action(RATING)(rated)
    app.action(BROADCAST)(broadcast)
    app.action(EXPORT)(exported)


def _register_homes(app: AsyncApp, homes: Homes) -> None:
    @app.event("app_home_opened")
    async def opened(body: Body) -> None:
        homes.opened(body)


def _register_shortcuts(app: AsyncApp, shortcuts: Shortcuts) -> None:
    @app.message_shortcut(INVESTIGATE)
    async def chosen(ack: AsyncAck, body: Body) -> None:
        await shortcuts.investigate(body)
        await ack()


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
