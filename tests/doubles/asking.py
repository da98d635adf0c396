"""Talking to the real program in the emulated workspace: who it is told to be, what it said."""

from bot.playground import PlaygroundServer, Workspace
from bot.playground.objects import Message
from tests.doubles.kaia_process import KaiaProcess


def of_slack(server: PlaygroundServer) -> dict[str, str]:
    """The environment that points any Slack client at the workspace."""
    return {
        "SLACK_API_URL": server.api_url,
        "SLACK_BOT_TOKEN": server.bot_token,
        "SLACK_APP_TOKEN": server.app_token,
    }


def said_by_kaia(workspace: Workspace, root: str) -> list[str]:
    """All that a reader sees of Kaia's messages in a thread of #incidents."""
    thread = workspace.thread("incidents", root)
    return [_shown(message) for message in thread if message.user == workspace.bot.id]


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
