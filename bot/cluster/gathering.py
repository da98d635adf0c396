"""Several reads at once, of which none outlives the others; it reads nothing itself."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from bot.errors import ClusterError

T = TypeVar("T")


async def gathered(*reads: Coroutine[Any, Any, T]) -> list[T]:
    """Their results in order. Where the cluster does not answer, one ClusterError says so."""
    try:
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(read, name="cluster.read") for read in reads]
    except* ClusterError as errors:
        raise _first(errors) from None
    return [task.result() for task in running]


def _first(errors: BaseExceptionGroup[ClusterError]) -> BaseException:
    error: BaseException = errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
