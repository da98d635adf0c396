"""`python -m tests.faults`: kills Kaia's processes under load and prints what became of it all."""

import asyncio
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from tests.doubles.postgres import running_postgres
from tests.faults.balance import Balance
from tests.faults.people import Habits
from tests.faults.stage import Plan, far_from_slack, opened_stage
from tests.faults.storms import Kills, weathered


def main(
    kills: Annotated[int, typer.Option(help="How often a process is killed.")] = 500,
    seed: Annotated[int, typer.Option(help="Repeats an earlier run; 0 takes a new one.")] = 0,
    processes: Annotated[
        int,
        typer.Option(help="1 on SQLite, more on Postgres; 0: half of it with 1, half with 3."),
    ] = 0,
    postgres: Annotated[bool, typer.Option(help="A Postgres of its own, for one too.")] = False,
    threads: Annotated[int, typer.Option(help="How many conversations go on at once.")] = 12,
    pause: Annotated[float, typer.Option(help="Seconds between questions of a thread.")] = 3.0,
    overtaking: Annotated[float, typer.Option(help="Share of replies before their mention.")] = 0.0,
    keep: Annotated[Path | None, typer.Option(help="Where logs and store stay.")] = None,
) -> None:
    """Says at the end what was lost, doubled or out of order; exit 1 where anything was."""
    seed = seed or random.SystemRandom().randrange(1, 1_000_000)
    habits = Habits(threads=threads, pause_seconds=pause, overtaking=overtaking)
    runs = [(processes, kills)] if processes else [(1, kills - kills // 2), (3, kills // 2)]
    faults = 0
    for number, share in runs:
        typer.echo(f"seed {seed}: {share} kills, {number} processes")
        balance = _storm(
            far_from_slack(seed, number, "", habits), share, keep, is_postgres=postgres
        )
        typer.echo(balance.table())
        for fault in balance.faults:
            typer.echo(f"  {fault}")
        faults += len(balance.faults)
    raise typer.Exit(1 if faults else 0)


def _storm(plan: Plan, kills: int, keep: Path | None, *, is_postgres: bool) -> Balance:
    with tempfile.TemporaryDirectory(prefix="kaia-faults-") as temporary:
        folder = (keep or Path(temporary)) / f"processes-{plan.processes}"
        folder.mkdir(parents=True, exist_ok=True)
        with _store(folder, is_postgres=is_postgres or plan.processes > 1) as url:
            return asyncio.run(_run(replace(plan, store_url=url), kills, folder))


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
