"""`python -m tests.evaluation.recording`: sets each scenario up for real and records it anew."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from fnmatch import fnmatchcase
from itertools import chain
from pathlib import Path

from bot.errors import KaiaError
from bot.evaluation.scenario import FILE
from tests.apiserver.programs import ProgramsMissing
from tests.apiserver.server import ServerFailed
from tests.evaluation.recording.expectations import written
from tests.evaluation.recording.making import NotAsExpected, forget_servers, make
from tests.evaluation.recording.stages import on_a_node, on_a_server
from tests.node.machine import NodeImpossible
from tests.scenarios.scenario import Scenario, ScenarioFaulty, load_all

SHIPPED = Path(__file__).parents[3] / "bot" / "evaluation" / "scenarios"


def main() -> int:
    given = _parser().parse_args()
    every = load_all()
    chosen = [each for each in every if _is_chosen(each.name, given.only)]
    if given.words:
        write_words(chosen, given.output)
        return 0
    try:
        made = record(chosen, given.output, every)
    except (NodeImpossible, ProgramsMissing, ScenarioFaulty, ServerFailed) as problem:
        _say(str(problem))
        return 1
    _say(f"{made} of {len(chosen)} scenarios are recorded in {given.output}.")
    return 0 if made == len(chosen) else 1


def record(chosen: Sequence[Scenario], target: Path, every: Sequence[Scenario]) -> int:
    """How many were recorded; why another was not is said."""
    (target / "servers").mkdir(parents=True, exist_ok=True)
    on = {where: [one for one in chosen if one.runs_on == where] for where in ("server", "node")}
    made = 0
    for scenario, kubeconfig in chain(on_a_server(on["server"]), on_a_node(on["node"])):
        try:
            asyncio.run(make(scenario, kubeconfig, target, every))
        except (KaiaError, NotAsExpected) as problem:
            _say(str(problem))
        else:
            made += 1
            _say(f"recorded {scenario.name}")
    forget_servers(target)
    return made


def write_words(chosen: Sequence[Scenario], target: Path) -> None:
    """What is asked and expected, of those that are recorded."""
    for scenario in chosen:
        if (target / scenario.name / FILE).is_file():
            (target / scenario.name / FILE).write_text(written(scenario))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.evaluation.recording")
    parser.add_argument("-o", "--output", type=Path, default=SHIPPED, help="the shipped ones")
    parser.add_argument("--words", action="store_true", help="record none, write scenario.yaml")
    parser.add_argument("--only", nargs="+", default=["*"], help="names, also with `*`")
    return parser


def _is_chosen(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, each) for each in patterns)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201 - a command line's own words


if __name__ == "__main__":
    raise SystemExit(main())
