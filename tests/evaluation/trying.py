"""Tries scenarios as `kaia eval` does, in this process, and keeps nothing of it."""

import asyncio
import os
from collections.abc import Mapping, Sequence

from bot.agents.models import build_model
from bot.evaluation.attempt import Bench
from bot.evaluation.results import Attempt, Run
from bot.evaluation.running import lacking, try_all
from bot.evaluation.scenario import Scenario
from bot.settings import load_settings

_AT_ONCE = 4


async def tried(scenarios: Sequence[Scenario], model: Mapping[str, str]) -> Run:
    """Each once. `model` is what an environment says of it."""
    environ = {"PATH": os.environ["PATH"], **model}
    settings = load_settings(environ)
    client = build_model(settings)
    await client.close()
    bench = Bench(settings, client.label, environ, asyncio.Semaphore(_AT_ONCE))
    run = Run(client.label, 1, 0.0, "", {each.name: "as it is" for each in scenarios})
    ended: list[Attempt] = []
    await try_all(
        lacking(run, scenarios),
        bench,
        workers=_AT_ONCE,
        on_begin=lambda _: None,
        on_end=ended.append,
    )
    attempts = tuple(sorted(ended, key=lambda each: each.scenario))
    return Run(run.model, 1, 0.0, "", run.scenarios, attempts=attempts)
