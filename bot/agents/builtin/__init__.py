"""The model that needs no model: it words the first look by fixed rules, and never guesses."""

from bot.agents.builtin.client import BuiltinClient

__all__ = ["BuiltinClient"]
