"""The Slack front end: events become inputs, outcomes become messages; it decides nothing else."""

from bot.slack.audience import Manner
from bot.slack.connection import Watch
from bot.slack.front import SlackFront
from bot.slack.judging import House

__all__ = ["House", "Manner", "SlackFront", "Watch"]
