"""`kaia` and its subcommands; what they do is built elsewhere and imported when it is asked for."""

# ruff: noqa: PLC0415 - imports stand inside the commands, so that `kaia --help` is there at once

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from bot.errors import KaiaError

if TYPE_CHECKING:
    from bot.settings import Settings

_OK, _NO, _WRONG = 0, 1, 2

app = typer.Typer(
    name="kaia",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Kaia answers questions about a Kubernetes cluster, in the Slack thread they come from.",
)

Context = Annotated[
    str | None,
    typer.Option(help="Context of the kubeconfig to read, instead of the current one."),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


def main() -> None:
    """Errors that a person can mend are said in their sentence, without a traceback."""
    sentences: list[str] = []
    try:
        app(prog_name="kaia")
    except* KaiaError as errors:
        sentences = list(_sentences(errors))
    typer.echo("\n".join(sentences), err=True)
    sys.exit(_WRONG)


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


@app.command()
def slack() -> None:
    """Answer in Slack. Needs SLACK_BOT_TOKEN and SLACK_APP_TOKEN."""
    settings = _begin(is_for_a_person=False)
    from bot.app.slack import run_slack

    run_to_the_end(lambda: run_slack(settings))


@app.command()
def chat(context: Context = None) -> None:
    """Answer here in the terminal, with the same engine and the same tools."""
    settings = _begin(is_for_a_person=True)
    from bot.app.chat import run_chat

    run_to_the_end(lambda: run_chat(settings, context))


@app.command()
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
        _refuse_to_go_on("--context, --shop and --recording each name what to look at: give one.")
    settings = _begin(is_for_a_person=True)
    from bot.app.playground import run_playground
    from bot.app.shown import SHOP

    shown = SHOP if shop else recording
    run_to_the_end(lambda: run_playground(settings, context, port, server_only, shown))


@app.command(context_settings={"allow_extra_args": True})
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
        _refuse_to_go_on(sentence)
    settings = _begin(is_for_a_person=True)
    run_to_the_end(
        lambda: run_triage(
            settings, context, namespaces=places, everywhere=all_namespaces, as_json=as_json
        )
    )


@app.command(context_settings={"allow_extra_args": True})
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
        _refuse_to_go_on(sentence)
    settings = _begin(is_for_a_person=True)
    run_to_the_end(
        lambda: run_record(settings, context, output.absolute(), namespaces=places, note=note)
    )


@app.command()
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
    _begin(is_for_a_person=True)
    from bot.app.replay import run_replay

    run_to_the_end(lambda: run_replay(folder, port=port, file=kubeconfig))


@app.command()
def doctor(context: Context = None, as_json: AsJson = False) -> None:
    """Look for what is missing: settings, Slack, model, cluster and its rights, store."""
    from bot.doctor import examine, report
    from bot.slack.identity import REQUIRED_SCOPES
    from bot.telemetry import set_up_logs

    set_up_logs(json=not sys.stderr.isatty(), level="error")

    async def look() -> int:
        checks = await examine(os.environ, context=context, needed_scopes=REQUIRED_SCOPES)
        typer.echo(report(checks, as_json=as_json))
        return _NO if any(check.state == "failed" for check in checks) else _OK

    run_to_the_end(look)


@app.command("check-command", context_settings={"ignore_unknown_options": True})
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
        _refuse_to_go_on(str(error))
    raise typer.Exit(code)


@app.command()
def forget(
    thread: Annotated[str, typer.Argument(help="The link of one of its messages, or CHANNEL:TS.")],
) -> None:
    """Delete what is kept of one conversation: words, outputs, proposals."""
    settings = _begin(is_for_a_person=True)
    from bot.app.forget import run_forget

    run_to_the_end(lambda: run_forget(settings, thread))


def _begin(*, is_for_a_person: bool) -> "Settings":
    from bot.settings import load_settings
    from bot.telemetry import set_up_logs

    settings = load_settings(os.environ)
    level = _quieter_level() if is_for_a_person else settings.log_level
    is_chosen = "log_level" in settings.model_fields_set
    set_up_logs(json=not sys.stderr.isatty(), level=settings.log_level if is_chosen else level)
    for remark in settings.remarks:
        typer.echo(f"kaia: {remark}", err=True)
    return settings


def _quieter_level() -> str:
    """Where a person reads the terminal, logs are not poured into the conversation."""
    return "critical" if sys.stderr.isatty() else "warning"


def run_to_the_end(begin: Callable[[], Coroutine[Any, Any, int]]) -> NoReturn:
    """Runs to the end and exits. Ctrl-C and SIGTERM cancel once, and what runs then drains."""
    with asyncio.Runner() as runner:
        raise typer.Exit(runner.run(_until_terminated(begin)))


async def _until_terminated(begin: Callable[[], Coroutine[Any, Any, int]]) -> int:
    work = asyncio.create_task(begin(), name="kaia")
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
            return _OK
        raise


def _refuse_to_go_on(sentence: str) -> NoReturn:
    typer.echo(f"kaia: {sentence}", err=True)
    raise typer.Exit(_WRONG)


if __name__ == "__main__":
    main()
