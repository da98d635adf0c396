"""One's own cluster while a recorded one is shown: says so once it answers, and switches nothing.

What was said so far is about the recording, so the person is asked to start again.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace

from bot.app.shown import Shown, spoken
from bot.cluster.access import ClusterAccess, find_access
from bot.cluster.kubeconfig import find_kubeconfig, read_context
from bot.errors import ClusterError
from bot.playground import Workspace

_LOOK_SECONDS = 10.0


@asynccontextmanager
async def own_cluster_awaited(
    shown: Shown,
    workspace: Workspace,
    say: Callable[[str], None],
    environ: Mapping[str, str],
    *,
    seconds: float = _LOOK_SECONDS,
) -> AsyncIterator[None]:
    """While this is open; does nothing where one's own was not looked for in the first place."""
    if not shown.is_substitute:
        yield
        return
    waiting = asyncio.create_task(
        _tell_once(workspace, say, environ, seconds), name="own cluster awaited"
    )
    try:
        yield
    finally:
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)


async def _tell_once(
    workspace: Workspace, say: Callable[[str], None], environ: Mapping[str, str], seconds: float
) -> None:
    own = await _answering(environ, seconds)
    say(
        f"Your cluster answers now: {spoken(own)}. To look at it, end this with Ctrl-C and start"
        " again; what was said here is then forgotten."
    )
    which = f"context {own.context}" if own.context else "the one this runs in"
    told = f"Your cluster answers now ({which}): start again to look at it."
    banner = f"{told} {workspace.welcome.banner}"
    workspace.welcome = replace(workspace.welcome, banner=banner)
    workspace.changes.notify()


async def _answering(environ: Mapping[str, str], seconds: float) -> ClusterAccess:
    while True:
        await asyncio.sleep(seconds)
        if await asyncio.to_thread(_logs_in, environ):
            continue
        own = await find_access(environ)
        if own.kind != "none":
            return own


def _logs_in(environ: Mapping[str, str]) -> bool:
    """A credential plugin may open a browser: nobody wants that again and again, unasked."""
    kubeconfig = find_kubeconfig(environ)
    try:
        return kubeconfig is not None and read_context(kubeconfig, None).has_exec_plugin
    except ClusterError:
        return False
