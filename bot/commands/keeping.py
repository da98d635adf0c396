"""What is kept: clusters and conversations as folders of files, and what is to be forgotten."""

# ruff: noqa: PLC0415 - imports stand inside the commands, so that `kaia --help` is there at once

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.frame import Context, begin, refuse, run_to_the_end


def record(
    words: typer.Context,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="A new folder; what recordings share is beside.")
    ],
    namespace: Annotated[
        list[str] | None,
        typer.Option("--namespace", "-n", help="What to record, instead of all; repeatable."),
    ] = None,
    note: Annotated[str, typer.Option(help="What to remember of it: what is broken.")] = "",
    context: Context = None,
) -> None:
    """Record the cluster, without its secrets. Exit 0: whole, 1: with gaps, 2: not recorded."""
    from bot.app.record import misread, run_record

    places = namespace or []
    if sentence := misread(places, words.args):
        refuse(sentence)
    settings = begin(is_for_a_person=True)
    run_to_the_end(
        lambda: run_record(settings, context, output.absolute(), namespaces=places, note=note)
    )


def replay(
    folder: Annotated[Path, typer.Argument(help="A folder that `kaia record` has written.")],
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to serve on; 0 takes any free one.")
    ] = 0,
    kubeconfig: Annotated[
        Path | None, typer.Option(help="A new file for the kubeconfig, instead of a temporary one.")
    ] = None,
) -> None:
    """Serve a recording on this machine, so that kubectl and Kaia read it like a cluster."""
    begin(is_for_a_person=True)
    from bot.app.replay import run_replay

    run_to_the_end(lambda: run_replay(folder, port=port, file=kubeconfig))


def export(
    thread: Annotated[str, typer.Argument(help="The link of one of its messages, or CHANNEL:TS.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="A new folder; what recordings share is beside.")
    ],
    context: Context = None,
) -> None:
    """Make a scenario of a conversation: its objects as they were seen, its question, its cause.
    Exit 0: whole, 1: with gaps, 2: not exported.
    """
    settings = begin(is_for_a_person=True)
    from bot.app.export import run_export

    run_to_the_end(lambda: run_export(settings, thread, output.absolute(), context))


def forget(
    thread: Annotated[str, typer.Argument(help="The link of one of its messages, or CHANNEL:TS.")],
) -> None:
    """Delete what is kept of one conversation: words, outputs, proposals."""
    settings = begin(is_for_a_person=True)
    from bot.app.forget import run_forget

    run_to_the_end(lambda: run_forget(settings, thread))
