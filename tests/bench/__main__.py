"""`make bench`: prints the figures beside their aims. It judges nothing: machines differ."""

import asyncio
import statistics
import tempfile
from pathlib import Path

import typer

from bot.evaluation.figures import Case, Figures
from bot.telemetry import set_up_logs
from tests.apiserver.programs import ProgramsMissing
from tests.bench import (
    burst,
    first_look,
    idle,
    idle_process,
    replicas,
    secrets,
    solving,
    takeover,
    turns,
)
from tests.doubles.other_host import NoOtherHost
from tests.doubles.postgres import NoPostgres, Postgres, running_postgres

ROUNDS = 3


async def main() -> None:
    set_up_logs(json=False, level="error")
    with tempfile.TemporaryDirectory(prefix="kaia-bench-") as folder:
        await _acks(Path(folder))
        await _turns(Path(folder))
        await _idle(Path(folder))
        await _on_postgres(Path(folder))
        await _first_look(Path(folder))
    await _solving()
    _redaction()


async def _acks(folder: Path) -> None:
    ratios = []
    for number in range(ROUNDS):
        here = folder / f"acks-{number}"
        here.mkdir()
        bare, kaia = await burst.bare(here), await burst.kaia(here)
        ratios.append(kaia.worst / bare.worst)
        _say(
            f"worst ack of {burst.EVENTS} events at once: kaia {kaia.worst:.0f} ms,"
            f" bare Bolt {bare.worst:.0f} ms (medians {kaia.median:.0f}, {bare.median:.0f})"
        )
    _say(f"  ratio at the median of {ROUNDS} rounds: {statistics.median(ratios):.2f} (aim: 1.0)")


async def _turns(folder: Path) -> None:
    time = await turns.measure(folder)
    _say(
        f"a turn with one tool call: {time.whole:.0f} ms, of which kubectl {time.kubectl:.0f} ms;"
        f" Kaia's own {time.own:.0f} ms (aim: 60)"
    )
    _say(
        f"  from the event to the model's first request: {time.first_request:.0f} ms (aim: 40),"
        f" p95 {time.late_request:.0f} ms"
    )


async def _idle(folder: Path) -> None:
    found = await idle.measure(folder)
    _say(
        f"an idle conversation: {found.tasks} tasks, {found.teams} teams in memory (aim: 0),"
        f" {found.kilobytes:.1f} KB on disk for {idle.TURNS} turns of 1 KB (aim: 30)"
    )


async def _on_postgres(folder: Path) -> None:
    lite = await idle_process.measure(folder, "sqlite", f"sqlite:///{folder / 'idle-alone.db'}")
    _say(f"kaia slack idle on SQLite: {lite:.2%} of a core (aim: 0.50%)")
    try:
        with running_postgres() as postgres:
            await _replicas(folder, postgres)
    except NoPostgres as missing:
        _say(f"no figures on Postgres: {missing}")


async def _replicas(folder: Path, postgres: Postgres) -> None:
    share = await idle_process.measure(folder, "postgres", postgres.url())
    _say(f"kaia slack idle on Postgres: {share:.2%} of a core (aim: 0.50%)")
    one, *others = await replicas.measure(folder, postgres)
    _say(
        f"one process on Postgres: {one.turns_per_second:.0f} turns/s, each of"
        f" {replicas.MODEL_SECONDS:g} s in the model, {one.busy:.0%} of the cores busy"
    )
    for each in others:
        ratio = each.turns_per_second / one.turns_per_second
        _say(
            f"  {each.processes} processes: {each.turns_per_second:.0f} turns/s, {ratio:.2f} times"
            f" (aim: {0.8 * each.processes:.1f} until all cores are full; {each.busy:.0%} were)"
        )
    _say(
        f"takeover after kill -9: {_spread(await takeover.after_a_kill(folder, postgres))}"
        " (aim: 2 s)"
    )
    try:
        vanished = await takeover.after_a_host_vanished(folder)
    except NoOtherHost as missing:
        _say(f"no takeover from a vanished host: {missing}")
    else:
        _say(f"takeover from a vanished host: {_spread(vanished)} (aim: 14 s)")


def _spread(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.2f} s at the median, {max(seconds):.2f} s at most"


async def _first_look(folder: Path) -> None:
    try:
        found = await first_look.measure(folder)
    except ProgramsMissing as missing:
        _say(f"no look at {first_look.PODS} pods: {missing}")
        return
    kaia, kubectl = found.triage, found.kubectl
    _say(
        f"kaia triage -A on {first_look.PODS} pods, {first_look.BROKEN} broken: reading and judging"
        f" {found.own_seconds:.2f} s (aim: 0.4), the process {kaia.seconds:.2f} s (aim: 1.0)"
        f" and {kaia.megabytes:.0f} MB (aim: 120); {found.found} findings"
    )
    _say(
        f"  kubectl get … -A -o json beside it: {kubectl.seconds:.2f} s,"
        f" {kubectl.megabytes:.0f} MB;"
        f" ratio {kaia.seconds / kubectl.seconds:.2f}"
    )


async def _solving() -> None:
    found = await solving.measure()
    rules, words = found.built_in, found.wording
    _say(
        f"builtin passes {_passed(rules)} shipped scenarios (aim: all it claims;"
        f" {len(found.broken)} of these fail), {_seconds(rules)}"
    )
    for each in found.broken:
        _say(f"  fails: {each}")
    calls, tokens = words.spent.model_calls.median, words.spent.prompt_tokens.median
    worst = max(words.cases, key=_tokens)
    _say(
        f"a model that words what it is given passes {_passed(words)}, at the median with"
        f" {calls:g} call{'' if calls == 1 else 's'} (aim: 2) and {tokens:.0f} tokens of input"
        f" (aim: 6000), {_seconds(words)}; the most: {_tokens(worst):.0f} ({worst.name})"
    )
    for case in words.cases:
        if case.share < 1:
            _say(f"  not solved: {case.name}")


def _tokens(case: Case) -> float:
    return case.spent.prompt_tokens.median


def _passed(found: Figures) -> str:
    share = found.pass_at_1
    return f"{share.passed:g} of {share.of}"


def _seconds(found: Figures) -> str:
    spent = found.spent.seconds
    return f"{spent.median:.2f} s an attempt at the median, p90 {spent.p90:.2f} s, 4 at once"


def _redaction() -> None:
    plain, full = secrets.seconds_for_a_megabyte(), secrets.seconds_for_a_megabyte_with_secrets()
    _say(
        f"a megabyte of pods is redacted in {plain:.2f} s, full of secrets in {full:.2f} s (aim: 1)"
    )


def _say(line: str) -> None:
    typer.echo(line)


if __name__ == "__main__":
    asyncio.run(main())
