"""The engine: durable turns, one at a time per thread. It knows neither Slack nor AutoGen."""

from bot.conversations.inbox.queue import Inbox
from bot.conversations.storage.store import Store
from bot.conversations.turns.turn import Turns

__all__ = ["Inbox", "Store", "Turns"]
