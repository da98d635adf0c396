"""Tries what a run still lacks, some attempts at once; each is kept as it ends.

Every scenario is tried once before any is tried twice, so that a run that is stopped says
something of all of them.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.evaluation.attempt import Bench, attempted
from bot.evaluation.results import Attempt, Run
from bot.evaluation.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Task:
    scenario: Scenario
    digest: str
    number: int


def lacking(run: Run, scenarios: Sequence[Scenario]) -> list[Task]:
    """In the order in which they are tried."""
    ended = {(each.scenario, each.number) for each in run.attempts}
    return [
        Task(each, run.scenarios[each.name], number)
        for number in range(1, run.repeats + 1)
        for each in scenarios
        if (each.name, number) not in ended
    ]


async def try_all(
    tasks: Sequence[Task],
    bench: Bench,
    *,
    workers: int,
    on_begin: Callable[[Task], None],
    on_end: Callable[[Attempt], None],
) -> None:
    """Raises, in a group, what `attempted` and `on_end` raise; then nothing more is tried."""
    waiting = iter(tasks)
    async with asyncio.TaskGroup() as group:
        for number in range(min(workers, len(tasks))):
            working = _work(waiting, bench, on_begin, on_end)
            group.create_task(working, name=f"evaluation {number}")


async def _work(
    waiting: Iterator[Task],
    bench: Bench,
    on_begin: Callable[[Task], None],
    on_end: Callable[[Attempt], None],
) -> None:
    for task in waiting:
        on_begin(task)
        on_end(await attempted(task.scenario, task.digest, task.number, bench))
