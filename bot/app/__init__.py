"""The composition root: builds everything, starts it, closes it in reverse; it decides nothing."""

from bot.app.chat import run_chat
from bot.app.playground import run_playground
from bot.app.slack import run_slack

__all__ = ["run_chat", "run_playground", "run_slack"]
