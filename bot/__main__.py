"""`kaia`: which subcommands there are, and how errors are said."""

import sys
from collections.abc import Iterator
from importlib.metadata import version
from typing import Annotated

import typer

from bot.commands import answering, evaluating, keeping, looking
from bot.commands.frame import WRONG
from bot.errors import KaiaError

app = typer.Typer(
    name="kaia",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Kaia answers questions about a Kubernetes cluster, in the Slack thread they come from.",
)


def main() -> None:
    """Errors that a person can mend are said in their sentence, without a traceback."""
    sentences: list[str] = []
    try:
        app(prog_name="kaia")
    except* KaiaError as errors:
        sentences = list(_sentences(errors))
    typer.echo("\n".join(sentences), err=True)
    sys.exit(WRONG)


def _sentences(error: BaseException) -> Iterator[str]:
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _sentences(each)
    else:
        yield from (f"kaia: {line}" for line in str(error).splitlines())


def _say_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"kaia {version('kaia')}")
        raise typer.Exit


@app.callback()
def kaia(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_say_version, is_eager=True, help="Say which this is."),
    ] = False,
) -> None:
    pass


_WORDS = {"allow_extra_args": True}
"""Words behind the options are refused by the command, which knows what was meant."""

app.command()(answering.slack)
app.command()(answering.chat)
app.command()(answering.playground)
app.command(context_settings=_WORDS)(looking.triage)
app.command(context_settings=_WORDS)(keeping.record)
app.command()(keeping.replay)
app.command("eval")(evaluating.evaluate)
app.command()(looking.doctor)
app.command("check-command", context_settings={"ignore_unknown_options": True})(
    looking.check_command
)
app.command()(keeping.export)
app.command()(keeping.forget)


if __name__ == "__main__":
    main()
