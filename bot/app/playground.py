"""`kaia playground`: a workspace on this machine with the real Kaia connected to it."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import typer
import yaml

import bot
from bot.agents.probe import Choice, choose_model
from bot.app.awaited import own_cluster_awaited
from bot.app.engine import opened_engine
from bot.app.shown import Shown, opened_cluster
from bot.app.slack import opened_speech, serve, slack_front
from bot.errors import SettingsError
from bot.plaintext import clean
from bot.playground import PlaygroundServer, Workspace
from bot.playground.directory import ONCALL
from bot.settings import Settings, SlackTokens, Writes


async def run_playground(
    settings: Settings,
    context: str | None,
    port: int,
    server_only: bool,
    recording: Path | None = None,
    environ: Mapping[str, str] = os.environ,
) -> int:
    """Until it is cancelled. Shows this recording in the place of one's own cluster."""
    if server_only:
        return await _run_server_only(port)
    with tempfile.TemporaryDirectory(prefix="kaia-playground-") as home:
        folder = Path(home)
        async with opened_cluster(
            settings, environ, folder, context=context, recording=recording
        ) as shown:
            await _show(shown, port, context, environ, folder)
    return 0


async def _show(
    shown: Shown, port: int, context: str | None, environ: Mapping[str, str], folder: Path
) -> None:
    chosen = await choose_model(shown.settings)
    for sentence in (*shown.lines, *chosen.sentences):
        _say(sentence)
    async with _opened_server(port) as server:
        server.workspace.welcome = shown.welcome
        async with own_cluster_awaited(shown, server.workspace, _say, environ):
            await _serve(shown, server, chosen, context, environ, folder)


async def _serve(
    shown: Shown,
    server: PlaygroundServer,
    chosen: Choice,
    context: str | None,
    environ: Mapping[str, str],
    folder: Path,
) -> None:
    settings = _pointed_at(shown.settings, server)
    # The workspace forgets everything at its end, so the conversations in it must not outlive it.
    async with (
        opened_engine(
            settings,
            store_url=f"sqlite:///{folder / 'playground.db'}",
            model=chosen.model,
            access=shown.access,
            environ=environ,
        ) as engine,
        opened_speech(settings) as speech,
    ):
        tokens = SlackTokens(server.bot_token, server.app_token)
        front = slack_front(settings, tokens, engine, speech)
        _say(
            f"Open {server.page_url} and mention @kaia in #incidents. Ctrl-C ends it."
            " This is not Slack: for a real workspace see `kaia slack`."
        )
        await serve(front, engine, environ=environ, context=context)


async def _run_server_only(port: int) -> int:
    async with _opened_server(port) as server:
        _say(f"SLACK_API_URL={server.api_url}")
        _say(f"SLACK_BOT_TOKEN={server.bot_token}")
        _say(f"SLACK_APP_TOKEN={server.app_token}")
        _say(f"# The page is {server.page_url}; Ctrl-C ends it. Nothing here is Slack's.")
        await asyncio.Event().wait()
    return 0


@asynccontextmanager
async def _opened_server(port: int) -> AsyncIterator[PlaygroundServer]:
    server = PlaygroundServer(Workspace(), port=port, manifest=read_manifest())
    try:
        await _start(server, port)
        yield server
    finally:
        await server.close()


async def _start(server: PlaygroundServer, port: int) -> None:
    try:
        await server.start()
    except OSError as error:
        raise SettingsError(
            f"The workspace cannot listen on port {port} ({error.strerror}): end what holds it,"
            " or give another one with --port."
        ) from error


def read_manifest() -> dict[str, Any]:
    """The app's manifest: inside the package where it was installed, beside it in a checkout."""
    package = Path(bot.__file__).parent
    inside = package / "manifest.yml"
    path = inside if inside.is_file() else package.parent / "manifest.yml"
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def _pointed_at(settings: Settings, server: PlaygroundServer) -> Settings:
    """The same settings, but for the workspace here and everybody in it."""
    return settings.model_copy(
        update={
            "slack_api_url": server.api_url,
            "allowed_channels": frozenset(),
            "allowed_users": frozenset(),
            "allowed_apps": frozenset(),
            "file": settings.file.model_copy(update={"writes": _decided_here(settings)}),
        }
    )


def _decided_here(settings: Settings) -> Writes:
    """Approvers of another workspace are nobody here: the group @oncall decides in their place."""
    writes = settings.file.writes
    nobody: dict[str, Any] = {"approvers": frozenset()}
    return writes.model_copy(
        update={
            "approvers": frozenset({ONCALL}),
            "namespaces": {
                name: place.model_copy(update=nobody) for name, place in writes.namespaces.items()
            },
            "nodes": writes.nodes and writes.nodes.model_copy(update=nobody),
        }
    )


def _say(line: str) -> None:
    typer.echo(clean(line))
