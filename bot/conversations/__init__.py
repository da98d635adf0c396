"""The engine: durable turns, one at a time per thread. It knows neither Slack nor AutoGen."""

from bot.conversations.queue import Inbox
from bot.conversations.store import Store
from bot.conversations.turn import Turns

__all__ = ["Inbox", "Store", "Turns"]
