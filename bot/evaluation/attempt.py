"""One attempt: a recording served as a cluster, the whole engine, and the questions in their order.

Nothing of an owner's own cluster or channels reaches it; their runbooks and redaction do.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from bot.agents.models import build_model
from bot.agents.wrapped import Model
from bot.app.engine import Engine, opened_engine
from bot.dialogue import Input, Receive, Thread, said_now
from bot.errors import StoreError
from bot.evaluation.canaries import Planted, planted
from bot.evaluation.grading import graded, is_other_wording
from bot.evaluation.homes import home
from bot.evaluation.results import Attempt, Exchange, Problem
from bot.evaluation.scenario import Expected, Scenario
from bot.evaluation.witness import Overheard, Witnesses, failed, shortened
from bot.recordings.format import Recording
from bot.recordings.incident import receipts_of
from bot.recordings.replay.serving import replayed
from bot.settings import Settings, Writes
from bot.tools.remembered import Remembered

_CHANNEL = "evaluation"
_SPEAKER = "somebody"
_THREAD = Thread("evaluation", _CHANNEL, "1.000000")
_BESIDE_THE_TURN_SECONDS = 60.0
"""For what is not the model's: the first look, and the built-in wording where the model failed."""
_TO_END_SECONDS = 1.0
_DELIVERIES = 5
_ENOUGH_TURNS = 1_000
_LATE = "There was no answer within {seconds:g} s."


@dataclass(frozen=True, slots=True)
class Bench:
    """What all attempts of a run have in common."""

    settings: Settings
    """With the model that is evaluated."""
    label: str
    """The model's."""
    environ: Mapping[str, str]
    parallel_calls: asyncio.Semaphore
    """Of the model, over all attempts."""
    beside_seconds: float = _BESIDE_THE_TURN_SECONDS
    plant: Callable[[Recording], Planted] = planted


async def attempted(scenario: Scenario, digest: str, number: int, bench: Bench) -> Attempt:
    """Raises RecordingError, ClusterError, StoreError, SettingsError: then no attempt can be made.
    What the model does wrong is no error.
    """
    stage = await asyncio.to_thread(_set, scenario, bench)
    overheard = Overheard()
    async with _opened(stage, scenario.expected, bench, overheard) as engine:
        began = time.monotonic()
        exchanges = await _conversed(engine, scenario.expected, bench)
        seconds = time.monotonic() - began
    problems = graded(scenario, exchanges, canaries=stage.planted.canaries, seen=overheard.texts)
    return Attempt(
        scenario.name,
        number,
        digest,
        tuple(map(shortened, exchanges)),
        (*problems, *_other_wording(exchanges, bench.label)),
        round(seconds, 3),
        overheard.model_calls,
        overheard.prompt_tokens,
        overheard.completion_tokens,
    )


@dataclass(frozen=True, slots=True)
class _Stage:
    planted: Planted
    remembered: Remembered
    """Of the conversation that the scenario was made of, where it was."""


def _set(scenario: Scenario, bench: Bench) -> _Stage:
    """Raises RecordingError."""
    planted = bench.plant(Recording.open(scenario.folder))
    return _Stage(planted, Remembered(receipts_of(scenario.folder)))


@asynccontextmanager
async def _opened(
    stage: _Stage, expected: Expected, bench: Bench, overheard: Overheard
) -> AsyncIterator[Engine]:
    with home() as folder:
        replaying = replayed(stage.planted.recording, bench.environ, folder, asks=False)
        async with (
            replaying as access,
            opened_engine(
                _settings(bench.settings, expected),
                store_url=f"sqlite:///{folder / 'attempt.db'}",
                model=_model(bench, overheard),
                access=access,
                environ=bench.environ,
                telemetry=overheard,
                remembered=stage.remembered,
            ) as engine,
        ):
            yield engine


def _model(bench: Bench, overheard: Overheard) -> Model:
    """A client of its own, which is closed with the engine; its calls wait for those of all."""
    model = build_model(bench.settings)
    return replace(model, parallel=bench.parallel_calls, overhear=overheard.hear)


def _settings(settings: Settings, expected: Expected) -> Settings:
    """A name of the cluster is seen by the model: the scenario's own would say what is broken."""
    channels = {_CHANNEL: expected.namespace} if expected.namespace else {}
    file = settings.file.model_copy(update={"channel_namespaces": channels, "writes": Writes()})
    return settings.model_copy(
        update={
            "cluster_name": None,
            "namespaces": (),
            "writes": "off",
            "audit_file": None,
            "turns_per_hour": _ENOUGH_TURNS,
            "daily_tokens": None,
            "grace_seconds": _TO_END_SECONDS,
            "file": file,
        }
    )


async def _conversed(engine: Engine, expected: Expected, bench: Bench) -> tuple[Exchange, ...]:
    witnesses = Witnesses()
    seconds = bench.settings.turn_timeout_seconds + bench.beside_seconds
    async with asyncio.TaskGroup() as tasks:
        working = tasks.create_task(engine.run(witnesses, watches=False), name="engine")
        exchanges = []
        for text in (expected.question, *expected.follow_ups):
            exchanges.append(await _said(engine, witnesses, text, seconds))
            if exchanges[-1].is_failure:
                break  # nobody goes on asking, and the attempt has not passed
        working.cancel()
    return tuple(exchanges)


async def _said(engine: Engine, witnesses: Witnesses, text: str, seconds: float) -> Exchange:
    said = said_now(_THREAD, _SPEAKER, text)
    witness = witnesses.expect(said)
    try:
        async with asyncio.timeout(seconds):
            if await delivered(engine.inbox.receive, said):
                await witness.is_over.wait()
    except TimeoutError:
        return failed(text, _LATE.format(seconds=seconds))
    return witness.exchange(text)


async def delivered(receive: Receive, said: Input) -> bool:
    """Once more where it was not kept in time, as Slack does: a machine that works on other
    attempts may be slow. Whether it is answered. Raises StoreError.
    """
    for left in reversed(range(_DELIVERIES)):
        try:
            return await receive(said) or left < _DELIVERIES - 1
        except StoreError:
            if not left:
                raise
    return False


def _other_wording(exchanges: Sequence[Exchange], label: str) -> Sequence[Problem]:
    """A model that has given out has answered nothing, whatever was said in its place."""
    return [
        Problem("other wording", _said_otherwise(number, each, label))
        for number, each in enumerate(exchanges, 1)
        if is_other_wording(each, label)
    ]


def _said_otherwise(number: int, exchange: Exchange, label: str) -> str:
    why = f" {exchange.caveat}" if exchange.caveat else ""
    return f"Answer {number} was worded by {exchange.source}, not by {label}.{why}"
