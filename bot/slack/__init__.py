"""The Slack front end: events become inputs, outcomes become messages; it decides nothing else."""

from bot.slack.audience import Manner
from bot.slack.front import SlackFront
from bot.slack.house import House
from bot.slack.sockets.watch import Watch

__all__ = ["House", "Manner", "SlackFront", "Watch"]
