"""What an app would have heard, read from the deliveries of a workspace without a connection."""

from typing import Any

from bot.playground import Workspace
from bot.playground.objects import Message


class Ear:
    """Everything that was sent to the app."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    @property
    def payloads(self) -> list[dict[str, Any]]:
        return [delivery.payload for delivery in self.workspace.deliveries.all]

    @property
    def events(self) -> list[dict[str, Any]]:
        return [payload["event"] for payload in self.payloads if "event" in payload]

    def last(self) -> dict[str, Any]:
        return self.events[-1]


def app_says(workspace: Workspace, text: str, **more: Any) -> Message:
    channel, bot = workspace.directory.channel("incidents"), workspace.bot
    message = Message(workspace.stamps.next(), channel.id, bot.id, text, **more)
    message.bot_id, message.app_id = bot.bot_id, bot.app_id
    return workspace.post(message)
