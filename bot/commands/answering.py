"""Where Kaia answers people: in Slack, in the terminal, in a workspace on this machine."""

# ruff: noqa: PLC0415 - imports stand inside the commands, so that `kaia --help` is there at once

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.frame import Context, begin, refuse, run_to_the_end


def slack() -> None:
    """Answer in Slack. Needs SLACK_BOT_TOKEN and SLACK_APP_TOKEN."""
    settings = begin(is_for_a_person=False)
    from bot.app.slack import run_slack

    run_to_the_end(lambda: run_slack(settings))


def chat(context: Context = None) -> None:
    """Answer here in the terminal, with the same engine and the same tools."""
    settings = begin(is_for_a_person=True)
    from bot.app.chat import run_chat

    run_to_the_end(lambda: run_chat(settings, context))


def playground(
    context: Context = None,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port of the page; 0 takes any free one.")
    ] = 0,
    server_only: Annotated[
        bool, typer.Option("--server-only", help="The workspace alone, for any Slack client.")
    ] = False,
    shop: Annotated[
        bool, typer.Option("--shop", help="A recorded broken shop, though a cluster answers.")
    ] = False,
    recording: Annotated[
        Path | None, typer.Option(help="A folder of `kaia record`, instead of a cluster.")
    ] = None,
) -> None:
    """Try Kaia on this machine: a small Slack-like workspace with the real Kaia in it."""
    if sum(map(bool, (context, shop, recording))) > 1:
        refuse("--context, --shop and --recording each name what to look at: give one.")
    settings = begin(is_for_a_person=True)
    from bot.app.playground import run_playground
    from bot.app.shown import SHOP

    shown = SHOP if shop else recording
    run_to_the_end(lambda: run_playground(settings, context, port, server_only, shown))
