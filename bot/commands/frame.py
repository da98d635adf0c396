"""What all commands share: settings and logs before, how they run and end, and exit codes."""

# ruff: noqa: PLC0415 - imports stand inside, so that `kaia --help` is there at once

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from bot.settings import Settings

OK, NO, WRONG = 0, 1, 2

Context = Annotated[
    str | None,
    typer.Option(help="Context of the kubeconfig to read, instead of the current one."),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


def begin(*, is_for_a_person: bool, environ: Mapping[str, str] = os.environ) -> "Settings":
    from bot.settings import load_settings
    from bot.telemetry import set_up_logs

    settings = load_settings(environ)
    level = _quieter_level() if is_for_a_person else settings.log_level
    is_chosen = "log_level" in settings.model_fields_set
    set_up_logs(json=not sys.stderr.isatty(), level=settings.log_level if is_chosen else level)
    for remark in settings.remarks:
        typer.echo(f"kaia: {remark}", err=True)
    return settings


def _quieter_level() -> str:
    """Where a person reads the terminal, logs are not poured into the conversation."""
    return "critical" if sys.stderr.isatty() else "warning"


def run_to_the_end(start: Callable[[], Coroutine[Any, Any, int]]) -> NoReturn:
    """Runs to the end and exits. Ctrl-C and SIGTERM cancel once, and what runs then drains."""
    with asyncio.Runner() as runner:
        raise typer.Exit(runner.run(_until_terminated(start)))


async def _until_terminated(start: Callable[[], Coroutine[Any, Any, int]]) -> int:
    work = asyncio.create_task(start(), name="kaia")
    is_terminated = False

    def terminate() -> None:
        nonlocal is_terminated
        if not is_terminated:
            is_terminated = True
            work.cancel()

    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, terminate)
    try:
        return await work
    except asyncio.CancelledError:
        if is_terminated:
            return OK
        raise


def refuse(sentence: str) -> NoReturn:
    typer.echo(f"kaia: {sentence}", err=True)
    raise typer.Exit(WRONG)
