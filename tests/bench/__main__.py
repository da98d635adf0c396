"""`make bench`: prints the figures beside their aims. It judges nothing: machines differ."""

import asyncio
import statistics
import tempfile
from pathlib import Path

import typer

from bot.telemetry import set_up_logs
from tests.bench import burst, idle, secrets, turns

ROUNDS = 3


async def main() -> None:
    set_up_logs(json=False, level="error")
    with tempfile.TemporaryDirectory(prefix="kaia-bench-") as folder:
        await _acks(Path(folder))
        await _turns(Path(folder))
        await _idle(Path(folder))
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
    _say(f"  from the event to the model's first request: {time.first_request:.0f} ms (aim: 40)")


async def _idle(folder: Path) -> None:
    found = await idle.measure(folder)
    _say(
        f"an idle conversation: {found.tasks} tasks, {found.teams} teams in memory (aim: 0),"
        f" {found.kilobytes:.1f} KB on disk for {idle.TURNS} turns of 1 KB (aim: 30)"
    )


def _redaction() -> None:
    _say(f"a megabyte of pods is redacted in {secrets.seconds_for_a_megabyte():.2f} s (aim: 1)")


def _say(line: str) -> None:
    typer.echo(line)


if __name__ == "__main__":
    asyncio.run(main())
