"""One workspace, one mind, one cluster, one store, and replicas between them; nothing breaks."""

import contextlib
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.playground import PlaygroundServer
from bot.playground.deliveries import at_random
from tests.doubles.asking import of_slack, opened_workspace
from tests.doubles.breaking_proxy import BreakingProxy, breaking_proxy
from tests.doubles.kube_api import serve_kube_api
from tests.faults.crew import Crew, Place
from tests.faults.model import Mind, NumberedModel
from tests.faults.people import Habits, People

USUAL_ERRORS = frozenset({"turn.failed"})
"""One given up after three kills says so in the log."""
ERRORS_WITHOUT_STORE = USUAL_ERRORS | {
    "inbox.refused",
    "inbox.waits",
    "seat.lost",
    "seat.refused",
    "slack.listener_failed",
    "turn.unsaved",
    "turn.waits",
    "library.complained",  # AutoGen, of turns that were cancelled
}
"""What has to be in the log of a Kaia whose store is away."""

_REAL_SECONDS = 0.15


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is made of. The same seed asks and breaks the same things, as far as processes
    of their own speed allow."""

    seed: int
    processes: int
    store_url: str
    through_proxy: bool = False
    """Between Kaia and Slack stands one that can break connections."""
    slack_seconds: float = 0.0
    """What passes the proxy takes up to so long, in each direction."""
    habits: Habits = field(default_factory=Habits)
    expected: frozenset[str] = USUAL_ERRORS
    """Errors that may stand in logs."""


def far_from_slack(seed: int, processes: int, store_url: str, habits: Habits) -> Plan:
    """With the time a call takes in the real world: most of what a kill can hit is on its way."""
    return Plan(
        seed, processes, store_url, through_proxy=True, slack_seconds=_REAL_SECONDS, habits=habits
    )


@dataclass
class Stage:
    plan: Plan
    dice: random.Random
    server: PlaygroundServer
    mind: Mind
    crew: Crew
    people: People
    cluster_url: str
    proxy: BreakingProxy | None = None


@asynccontextmanager
async def opened_stage(plan: Plan, folder: Path) -> AsyncIterator[Stage]:
    """Everything but the processes is running; those are the caller's to start."""
    dice = random.Random(plan.seed)  # noqa: S311 - a schedule, no secret
    logs = folder / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    async with contextlib.AsyncExitStack() as stack:
        server = await stack.enter_async_context(opened_workspace())
        server.workspace.deliveries.choose = at_random(plan.seed)
        proxy = None
        if plan.through_proxy:
            proxy = await stack.enter_async_context(breaking_proxy(server.port, seed=plan.seed))
            proxy.delay_seconds = plan.slack_seconds
            server.reached_by(proxy.url)
        mind = Mind(random.Random(dice.random()))  # noqa: S311 - the same
        cluster = await stack.enter_async_context(serve_kube_api())
        kubeconfig = cluster.write_kubeconfig(folder / "config")
        places = []
        for number in range(1, plan.processes + 1):
            model = await stack.enter_async_context(NumberedModel(mind, f"kaia-{number}"))
            environ = of_slack(server) | _of_kaia(plan, kubeconfig, model.url)
            places.append(Place(f"kaia-{number}", environ))
        crew = Crew(logs, mind, places)
        stack.push_async_callback(crew.abandon)
        people = People(server.workspace, random.Random(dice.random()), plan.habits)  # noqa: S311
        mind.threads = people.threads
        yield Stage(plan, dice, server, mind, crew, people, cluster.url, proxy)


def _of_kaia(plan: Plan, kubeconfig: Path, model_url: str) -> dict[str, str]:
    return {
        "KAIA_MODEL": "ollama:qwen3:8b",
        "OLLAMA_HOST": model_url,
        "KAIA_CLUSTER_NAME": "staging",
        "KAIA_STORE": plan.store_url,
        "KAIA_TURNS_PER_HOUR": "1000",
        "KUBECONFIG": str(kubeconfig),
    }
