"""One replica runs on another host, and the host vanishes: how that is set up and gone through."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.doubles.other_host import OtherHost
from tests.doubles.postgres import Postgres, running_postgres
from tests.faults.crew import Place
from tests.faults.stage import Stage
from tests.faults.storms import asking

_MOST_SECONDS = 60.0
_SETTLING_SECONDS = 5.0


@contextmanager
def postgres_reached_from(host: OtherHost) -> Iterator[Postgres]:
    """Raises NoPostgres."""
    with running_postgres() as server:
        ((rules,),) = server.execute("show hba_file")
        with Path(rules).open("a") as allowed:
            allowed.write(f"host all all {host.network} trust\n")
        server.restart("fast", f"listen_addresses=127.0.0.1,{host.address}")
        yield server


@asynccontextmanager
async def moved(stage: Stage, host: OtherHost, folder: Path) -> AsyncIterator[Place]:
    """The first replica will run on the other host; Slack is where both can reach it."""
    place = stage.crew.places[0]
    stage.server.reached_by(host.seen_from_there(stage.server.workspace.base_url))
    urls = [stage.server.api_url, place.environ["OLLAMA_HOST"], stage.cluster_url]
    _move(place, host, folder)
    async with host.reaching(*(urlsplit(url).port or 0 for url in urls)):
        yield place


def _move(place: Place, host: OtherHost, folder: Path) -> None:
    there = folder / "config-there"
    there.write_text(host.seen_from_there(Path(place.environ["KUBECONFIG"]).read_text()))
    seen = {name: host.seen_from_there(value) for name, value in place.environ.items()}
    place.environ = seen | {"KUBECONFIG": str(there)}
    place.command = (*host.prefix, sys.executable, "-m", "bot", "slack")


async def vanished_under_load(stage: Stage, host: OtherHost, lonely: Place) -> list[float]:
    """Seconds until each turn that was under way there ran elsewhere; then the host is back."""
    async with asking(stage):
        await until(lambda: len(stage.mind.open_at(lonely.name)) > 1)
        left = stage.crew.vanished(lonely)
        host.vanish()
        await until(lambda: len(stage.crew.takeovers()) == len(left))
        host.come_back()
        await asyncio.sleep(_SETTLING_SECONDS)
    return stage.crew.takeovers()


async def until(is_so: Callable[[], bool]) -> None:
    """Looks again and again, for a minute."""
    async with asyncio.timeout(_MOST_SECONDS):
        while not is_so():  # noqa: ASYNC110 - several things at once, none of which tells
            await asyncio.sleep(0.05)
