"""How good a model is at recorded incidents."""

# ruff: noqa: PLC0415 - imports stand inside the commands, so that `kaia --help` is there at once

import os
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.frame import begin, run_to_the_end


def evaluate(
    model: Annotated[
        str | None,
        typer.Option(help="provider:model, or builtin; instead of KAIA_MODEL.", show_default=False),
    ] = None,
    scenarios: Annotated[
        Path | None,
        typer.Option(help="A folder of scenarios, instead of those that ship with Kaia."),
    ] = None,
    attempts: Annotated[
        int | None,
        typer.Option(
            "-n",
            min=1,
            max=100,
            help="Attempts at each scenario: 5; 1 for builtin, whose wording never differs.",
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(help="Scenarios of this name alone, with * for any letters; repeatable."),
    ] = None,
    parallel: Annotated[
        int | None,
        typer.Option(min=1, max=64, help="Attempts at once: 2; for builtin one a CPU, at most 4."),
    ] = None,
    price: Annotated[
        str | None,
        typer.Option(metavar="IN,OUT", help="Dollars for a million tokens sent, and answered."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="The run's folder, new or to go on with; else ./kaia-eval/…"
        ),
    ] = None,
    against: Annotated[
        list[Path] | None,
        typer.Option(help="The folder of another run to compare with; repeatable."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Try a model on recorded incidents. Exit 0: all passed, 1: some did not, 2: could not run."""
    settings = begin(
        is_for_a_person=True, environ=os.environ | ({"KAIA_MODEL": model} if model else {})
    )
    from bot.evaluation.command import run_eval
    from bot.evaluation.options import Asked, price_of

    asked = Asked(
        scenarios=scenarios,
        repeats=attempts,
        only=tuple(only or ()),
        parallel=parallel,
        price=price_of(price) if price else None,
        output=output,
        against=tuple(against or ()),
        as_json=as_json,
    )
    run_to_the_end(lambda: run_eval(settings, asked))
