"""What is wrong, here and now: in the cluster, in the settings, with a command line."""

# ruff: noqa: PLC0415 - imports stand inside the commands, so that `kaia --help` is there at once

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.frame import NO, OK, AsJson, Context, begin, refuse, run_to_the_end
from bot.errors import KaiaError


def triage(
    words: typer.Context,
    namespace: Annotated[
        list[str] | None,
        typer.Option(
            "--namespace", "-n", help="Where to look, instead of the context's own; repeatable."
        ),
    ] = None,
    all_namespaces: Annotated[
        bool, typer.Option("--all-namespaces", "-A", help="Look at the whole cluster.")
    ] = False,
    context: Context = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Say what is wrong, and how that is known. Exit 0: healthy, 1: findings, 2: could not look."""
    from bot.app.triage import misread, run_triage

    places = namespace or []
    if sentence := misread(places, words.args, everywhere=all_namespaces):
        refuse(sentence)
    settings = begin(is_for_a_person=True)
    run_to_the_end(
        lambda: run_triage(
            settings, context, namespaces=places, everywhere=all_namespaces, as_json=as_json
        )
    )


def doctor(context: Context = None, as_json: AsJson = False) -> None:
    """Look for what is missing: settings, Slack, model, cluster and its rights, store."""
    from bot.doctor import examine, report
    from bot.slack.identity import REQUIRED_SCOPES
    from bot.telemetry import set_up_logs

    set_up_logs(json=not sys.stderr.isatty(), level="error")

    async def look() -> int:
        checks = await examine(os.environ, context=context, needed_scopes=REQUIRED_SCOPES)
        typer.echo(report(checks, as_json=as_json))
        return NO if any(check.state == "failed" for check in checks) else OK

    run_to_the_end(look)


def check_command(
    commands: Annotated[
        list[str] | None,
        typer.Argument(
            help="Each one whole command line, in quotes; - reads stdin.", show_default=False
        ),
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="A file of command lines; - reads stdin.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say for each kubectl command line whether Kaia would run it. Nothing is run."""
    from bot.app.check_command import run_check_command

    try:
        code = run_check_command(commands or (), file, as_json=as_json, environ=os.environ)
    except KaiaError as error:
        refuse(str(error))
    raise typer.Exit(code)
