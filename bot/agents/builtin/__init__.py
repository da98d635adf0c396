"""The model that needs no model: it looks at pods by fixed rules, and never guesses."""

from bot.agents.builtin.client import BuiltinClient

__all__ = ["BuiltinClient"]
