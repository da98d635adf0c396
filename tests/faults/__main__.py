"""`python -m tests.faults`: kills Kaia's processes under load and prints what became of it all."""

import asyncio
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from tests.doubles.postgres import running_postgres
from tests.faults.balance import Balance
from tests.faults.people import Habits
from tests.faults.stage import Plan, opened_stage
from tests.faults.storms import Kills, weathered


def main(
    kills: Annotated[int, typer.Option(help="How often a process is killed.")] = 50,
    seed: Annotated[int, typer.Option(help="Repeats an earlier run; 0 takes a new one.")] = 0,
    processes: Annotated[int, typer.Option(help="1 on SQLite; more on Postgres.")] = 1,
    postgres: Annotated[bool, typer.Option(help="A Postgres of its own, for one too.")] = False,
    threads: Annotated[int, typer.Option(help="How many conversations go on at once.")] = 12,
    pause: Annotated[float, typer.Option(help="Seconds between questions of a thread.")] = 3.0,
    overtaking: Annotated[float, typer.Option(help="Share of replies before their mention.")] = 0.0,
    keep: Annotated[Path | None, typer.Option(help="Where logs and store stay.")] = None,
) -> None:
    """Says at the end what was lost, doubled or out of order; exit 1 where anything was."""
    seed = seed or random.SystemRandom().randrange(1, 1_000_000)
    habits = Habits(threads=threads, pause_seconds=pause, overtaking=overtaking)
    typer.echo(f"seed {seed}: {kills} kills, {processes} processes")
    with tempfile.TemporaryDirectory(prefix="kaia-faults-") as temporary:
        folder = keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        with _store(folder, is_postgres=postgres or processes > 1) as url:
            balance = asyncio.run(_run(Plan(seed, processes, url, habits=habits), kills, folder))
    typer.echo(balance.table())
    for fault in balance.faults:
        typer.echo(f"  {fault}")
    raise typer.Exit(1 if balance.faults else 0)


async def _run(plan: Plan, kills: int, folder: Path) -> Balance:
    async with opened_stage(plan, folder) as stage:
        return await weathered(stage, Kills(kills))


@contextmanager
def _store(folder: Path, *, is_postgres: bool) -> Iterator[str]:
    if is_postgres:
        with running_postgres() as postgres:
            yield postgres.url()
    else:
        yield f"sqlite:///{folder / 'kaia.db'}"


if __name__ == "__main__":
    typer.run(main)
