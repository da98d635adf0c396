"""The environment as typed settings; read once, at start, and handed down."""

from bot.settings.environment import load_settings
from bot.settings.fields import SLACK_API_URL, Settings
from bot.settings.file import Change, FileSettings, Writes, WritesIn
from bot.settings.needs import SlackTokens, require_slack, store_in_state_folder, store_of_kaia
from bot.settings.values import is_this_machine

__all__ = [
    "SLACK_API_URL",
    "Change",
    "FileSettings",
    "Settings",
    "SlackTokens",
    "Writes",
    "WritesIn",
    "is_this_machine",
    "load_settings",
    "require_slack",
    "store_in_state_folder",
    "store_of_kaia",
]
