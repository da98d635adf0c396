"""`kaia playground` as a process of its own, in a home where nothing is configured."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.doubles.kaia_process import KaiaProcess

_PAGE = re.compile(r"^Open (http://\S+) and mention @kaia", re.MULTILINE)
_STARTED_WITHIN_SECONDS = 40


@dataclass(frozen=True, slots=True)
class Playground:
    page_url: str
    lines: list[str]
    """What it said to the person at the terminal until the page could be opened."""
    seconds: float
    """How long that took."""


@asynccontextmanager
async def running_playground(
    folder: Path, *arguments: str, **environ: str
) -> AsyncIterator[Playground]:
    """With the built-in wording, and no kubeconfig unless one is given."""
    begun = time.monotonic()
    own = {"HOME": str(folder), "KAIA_MODEL": "builtin", **environ}
    process = await KaiaProcess.start(
        "playground", *arguments, log=folder / "playground.log", environ=own
    )
    try:
        url = await _page_of(process)
        yield Playground(url, process.said.splitlines(), time.monotonic() - begun)
    finally:
        await process.terminate()


async def _page_of(process: KaiaProcess) -> str:
    async with asyncio.timeout(_STARTED_WITHIN_SECONDS):
        while not (found := _PAGE.search(process.said)):
            assert process.is_running, process.said
            await asyncio.sleep(0.05)
    return found[1]
