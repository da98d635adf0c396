"""The terminal as a front end: one person, one conversation, nothing obeyed of what is shown."""

from bot.terminal.front import TerminalFront
from bot.terminal.lines import Lines
from bot.terminal.screen import TerminalAudience

__all__ = ["Lines", "TerminalAudience", "TerminalFront"]
