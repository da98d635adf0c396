"""Work that a Stop hurries and does not cut short: a change, and saying what became of it.

A change that has begun cannot be taken back by ending the turn; it could only be forgotten.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

STOP = "stop"
"""What a turn's task is cancelled with where somebody in the thread wants it to end."""
_MOMENT_SECONDS = 0.7
"""For a command to end by itself once there is haste; then it is killed."""
_PARTING_SECONDS = 3.0
"""For the rest, where this process is about to end or has lost the store."""

T = TypeVar("T")


async def seen_through(work: Callable[[asyncio.Event], Coroutine[Any, Any, T]]) -> T:
    """Lets the work end, whose event is set once there is haste. After a Stop its result counts;
    a cancellation for any other reason goes on once the work has had some seconds.
    """
    haste = asyncio.Event()
    task = asyncio.create_task(work(haste), name="work.unstoppable")
    try:
        await asyncio.wait({task})
    except asyncio.CancelledError as error:
        haste.set()
        if error.args != (STOP,):
            await asyncio.wait({task}, timeout=_PARTING_SECONDS)
            raise
        await asyncio.wait({task})
        go_on()
    finally:
        await ended(task)
    return task.result()


def go_on() -> None:
    """The cancellation has been heeded."""
    if (current := asyncio.current_task()) is not None:
        current.uncancel()


async def unless_hurried(work: Awaitable[T], haste: asyncio.Event) -> T | None:
    """None where there was haste and the work did not end in a moment: it is cancelled then."""
    task = asyncio.ensure_future(work)
    hurried = asyncio.create_task(haste.wait(), name="work.haste")
    try:
        await asyncio.wait({task, hurried}, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait({task}, timeout=0 if task.done() else _MOMENT_SECONDS)
    finally:
        hurried.cancel()
        await ended(task)
    return None if task.cancelled() else task.result()


async def ended(task: "asyncio.Future[Any]") -> None:
    """A cancelled task may still have to kill a process."""
    if not task.done():
        task.cancel()
        await asyncio.wait({task})
    if not task.cancelled():
        task.exception()  # looked at, so that asyncio does not complain where nobody else does
