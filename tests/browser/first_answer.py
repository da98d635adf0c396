"""`python -m tests.browser.first_answer`: from `git clone` to a first answer, in seconds.

As on a machine that has git, make and a Python, but no kubectl, no cluster and no model: what is
installed is got anew, from wherever pip gets things here. One click and Enter ask the question.
"""

import asyncio
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.browser.chromium import ChromiumMissing, opened_chromium
from tests.browser.picture import asked, opened
from tests.doubles.kaia_process import KaiaProcess

_ROOT = Path(__file__).parents[2]
_OPEN = re.compile(r"^Open (http://\S+) and mention @kaia", re.MULTILINE)
_STARTED_WITHIN_SECONDS = 600
_MISSING = ("kubectl", "ollama", "uv")
_OF_PIP = re.compile(r"PIP_\w+|\w*_PROXY|SSL_CERT_FILE", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Measured:
    name: str
    seconds: float


async def measured(home: Path) -> AsyncIterator[Measured]:
    """Raises ChromiumMissing."""
    clone, environ = home / "kaia", _environ(home)
    begun = time.monotonic()
    await _run("git", "clone", "--quiet", str(_ROOT), str(clone))
    yield Measured("git clone (from this disk)", time.monotonic() - begun)
    async with opened_chromium() as chromium:
        for name in ("first", "second"):
            begun = time.monotonic()
            async with _made(clone, home / f"{name}.log", environ) as url:
                yield Measured(f"make run, {name} time, until the page", time.monotonic() - begun)
                begun = time.monotonic()
                page = await opened(chromium, url)
                yield Measured("the page in the browser", time.monotonic() - begun)
                begun = time.monotonic()
                await asked(page)
                yield Measured("one click and Enter, until the answer", time.monotonic() - begun)


@asynccontextmanager
async def _made(clone: Path, log: Path, environ: dict[str, str]) -> AsyncIterator[str]:
    """The address of the page that `make run` opens."""
    command = ("make", "--directory", str(clone), "run")
    process = await KaiaProcess.run(command, log=log, environ=environ)
    try:
        async with asyncio.timeout(_STARTED_WITHIN_SECONDS):
            while not (found := _OPEN.search(process.said)):
                assert process.is_running, process.said
                await asyncio.sleep(0.1)
        yield found[1]
    finally:
        await process.terminate()


async def _run(*command: str) -> None:
    process = await asyncio.create_subprocess_exec(*command)
    assert await process.wait() == 0, command


def _environ(home: Path) -> dict[str, str]:
    programs = home / "bin"
    programs.mkdir()
    for name, place in _programs():
        (programs / name).symlink_to(place)
    kept = {name: value for name, value in os.environ.items() if _OF_PIP.fullmatch(name)}
    return {**kept, "PATH": str(programs), "HOME": str(home)}


def _programs() -> Iterator[tuple[str, Path]]:
    """What the system has, but for what is said to be missing."""
    found = {each.name: each for each in [*Path("/bin").iterdir(), *Path("/usr/bin").iterdir()]}
    yield from ((name, each) for name, each in found.items() if name not in _MISSING)


async def _measure() -> None:
    home = Path(tempfile.mkdtemp(prefix="kaia-first-answer-"))
    try:
        async for each in measured(home):
            print(f"{each.seconds:6.1f} s  {each.name}")  # noqa: T201 - a command line's own words
    finally:
        shutil.rmtree(home)


def main() -> int:
    try:
        asyncio.run(_measure())
    except (ChromiumMissing, OSError) as problem:
        print(problem, file=sys.stderr)  # noqa: T201 - the same
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
