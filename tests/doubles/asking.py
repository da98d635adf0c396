"""Talking to the real program in the emulated workspace: who it is told to be, what it said."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from bot.app.playground import read_manifest
from bot.playground import PlaygroundServer, Workspace
from bot.playground.objects import Message
from tests.doubles.kaia_process import KaiaProcess


@asynccontextmanager
async def opened_workspace() -> AsyncIterator[PlaygroundServer]:
    """One that grants what the manifest asks for, and nothing else."""
    async with opened_workspace_of(Workspace()) as server:
        yield server


@asynccontextmanager
async def opened_workspace_of(workspace: Workspace) -> AsyncIterator[PlaygroundServer]:
    """The same for a workspace of one's own."""
    server = PlaygroundServer(workspace, manifest=read_manifest())
    await server.start()
    try:
        yield server
    finally:
        await server.close()


@asynccontextmanager
async def running_kaia(log: Path, environ: Mapping[str, str]) -> AsyncIterator[KaiaProcess]:
    """`kaia slack`, killed at the end where it still lives."""
    process = await KaiaProcess.start("slack", log=log, environ=environ)
    try:
        yield process
    finally:
        await process.kill()


def files_holding(text: str, folder: Path) -> list[Path]:
    return [each for each in folder.iterdir() if text.encode() in each.read_bytes()]


def of_slack(server: PlaygroundServer) -> dict[str, str]:
    """The environment that points any Slack client at the workspace."""
    return {
        "SLACK_API_URL": server.api_url,
        "SLACK_BOT_TOKEN": server.bot_token,
        "SLACK_APP_TOKEN": server.app_token,
    }


def said_by_kaia(workspace: Workspace, root: str) -> list[str]:
    """All that a reader sees of Kaia's messages in a thread of #incidents; a file beside one of
    them is none.
    """
    own = [one for one in workspace.thread("incidents", root) if one.user == workspace.bot.id]
    return [_shown(message) for message in own if message.text or message.blocks]


async def answers(
    server: PlaygroundServer, kaia: KaiaProcess, root: str, count: int, seconds: float = 40
) -> list[str]:
    """What Kaia said in a thread, as soon as it is so many messages."""

    def enough(workspace: Workspace) -> list[str]:
        said = said_by_kaia(workspace, root)
        return said if len(said) >= count else []

    try:
        return await server.workspace.wait_for(enough, timeout=seconds)
    except TimeoutError as error:
        raise AssertionError(f"{error}\n{kaia.said}") from None


def _shown(message: Message) -> str:
    return "\n".join([message.text, *(str(block.get("text", "")) for block in message.blocks)])
