"""`kaia slack`: the engine behind a real Slack workspace, or behind another that speaks like it."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import structlog

from bot.agents.models import build_model
from bot.agents.probe import report_on
from bot.agents.wrapped import Model
from bot.app.engine import Engine, opened_engine
from bot.app.health import Health
from bot.app.home import home_of
from bot.app.measuring import opened_telemetry
from bot.cluster.access import find_access
from bot.errors import KaiaError
from bot.settings import Settings, SlackTokens, require_slack, store_of_kaia
from bot.slack.audience import Manner
from bot.slack.front import SlackFront
from bot.slack.house import House, is_group
from bot.speech import Speech
from bot.web import HealthServer

_LOOK_SECONDS = 5.0

_log = structlog.get_logger()


async def run_slack(settings: Settings, environ: Mapping[str, str] = os.environ) -> int:
    """Until it is cancelled. Raises SettingsError, StoreError; KaiaError where Slack is lost."""
    tokens = require_slack(settings)
    model = build_model(settings)
    access = await find_access(environ, namespaces=settings.namespaces)
    async with (
        opened_telemetry(settings) as telemetry,
        _health_server(settings, health := Health(telemetry.meters)),
        opened_engine(
            settings,
            store_url=store_of_kaia(settings),
            model=model,
            access=access,
            environ=environ,
            is_patient=True,
            telemetry=telemetry,
        ) as engine,
        opened_speech(settings) as speech,
    ):
        front = slack_front(settings, tokens, engine, speech)
        health.knows(front, engine)
        _log.info("kaia.starts", cluster=engine.cluster(), model=model.label, access=access.kind)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_say_model(model, settings), name="model probe")
            await serve(front, engine, environ=environ)
    return 0


async def _say_model(model: Model, settings: Settings) -> None:
    """Kaia starts without its model too; whoever reads the log should know before people ask."""
    report = await report_on(model.origin, settings)
    say = _log.info if report.is_usable else _log.warning
    say("model.probed", model=report.label, usable=report.is_usable, found=report.sentences)


@asynccontextmanager
async def opened_speech(settings: Settings) -> AsyncIterator[Speech | None]:
    """None where nobody has named a server that turns speech into text."""
    if settings.transcription_url is None:
        yield None
        return
    key = settings.transcription_api_key
    speech = Speech(
        settings.transcription_url,
        settings.transcription_model,
        key.get_secret_value() if key else "",
    )
    try:
        yield speech
    finally:
        await speech.aclose()


def slack_front(
    settings: Settings, tokens: SlackTokens, engine: Engine, speech: Speech | None = None
) -> SlackFront:
    return SlackFront(
        bot_token=tokens.bot,
        app_token=tokens.app,
        api_url=settings.slack_api_url,
        receiver=engine.inbox,
        house=house_of(settings),
        manner=Manner(cluster=engine.cluster),
        record=engine.record,
        telemetry=engine.telemetry,
        home=home_of(settings, engine),
        speech=speech,
    )


def house_of(settings: Settings) -> House:
    approvers = settings.file.writes.all_approvers if settings.writes == "approve" else ()
    return House(
        users=settings.allowed_users,
        channels=settings.allowed_channels,
        apps=settings.allowed_apps,
        approver_groups=frozenset(filter(is_group, approvers)),
        app_turns_per_hour=settings.turns_per_hour,
    )


async def serve(
    front: SlackFront, engine: Engine, *, environ: Mapping[str, str], context: str | None = None
) -> None:
    """Front end and engine side by side; what runs is drained while Slack can still be told."""
    try:
        await front.start()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(front.run(), name="slack")
            turns = tasks.create_task(engine.run(front.audience_for), name="engine")
            tasks.create_task(_watch(front), name="liveness")
            tasks.create_task(
                engine.keep_looking_for_a_cluster(environ, context), name="look for a cluster"
            )
            try:
                await asyncio.wait({turns})
            finally:
                # What comes from now on is for another replica; answers can still be posted.
                await asyncio.gather(front.stop_taking(), engine.aclose())
    finally:
        await front.close()


async def _watch(front: SlackFront) -> None:
    while front.is_alive:  # noqa: ASYNC110 - a verdict that time alone may change
        await asyncio.sleep(_LOOK_SECONDS)
    raise KaiaError(
        "Slack answers, but none of Kaia's connections to it has worked for minutes."
        " A new process is needed: start Kaia again."
    )


@asynccontextmanager
async def _health_server(settings: Settings, health: Health) -> AsyncIterator[None]:
    if settings.http_port is None:
        yield
        return
    server = HealthServer(
        host="0.0.0.0",  # noqa: S104 - the kubelet asks from outside the pod
        port=settings.http_port,
        is_alive=lambda: health.is_alive,
        readiness=health.parts,
        metrics=health.metrics,
    )
    await server.start()
    try:
        yield
    finally:
        await server.close()
