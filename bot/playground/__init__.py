"""A Slack workspace on localhost: state, Web API, Socket Mode and a page; knows no Slack SDK."""

from bot.playground.server import PlaygroundServer
from bot.playground.welcome import Welcome
from bot.playground.workspace import Workspace

__all__ = ["PlaygroundServer", "Welcome", "Workspace"]
