"""Runs for tests, as `kaia eval` keeps them."""

from collections.abc import Sequence
from typing import Any

from bot.evaluation.results import Attempt, Command, Exchange, Price, Problem, Run

MISSING = Problem("missing fact", "The answer does not say “64Mi”.")
PRICE = Price(prompt=1.0, completion=10.0)


def command(number: int = 1, output: str = "NAME  READY\ncart  0/1\n", **more: Any) -> Command:
    base = {"tool": "kubectl", "command": "kubectl get pods -n shop", "verdict": "read"}
    return Command(**{"number": number, "exit_code": 0, "output": output, **base, **more})


def attempt(name: str, number: int = 1, *problems: Problem, **more: Any) -> Attempt:
    exchange = Exchange(
        asked="why is cart down?",
        verdict="**CONFIRMED** · Container cart runs out of memory.",
        lead=("Raise its limit.",),
        answer="The container ends with **OOMKilled** [1].",
        remarks=("Command [1] was cut.",),
        source="ollama:qwen3:8b",
        commands=(command(),),
    )
    base = {"exchanges": (exchange,), "seconds": 10.0 + number, "model_calls": 2}
    tokens = {"prompt_tokens": 1_000 * number, "completion_tokens": 100 * number}
    return Attempt(name, number, f"digest-{name}", problems=problems, **{**base, **tokens, **more})


def attempts(name: str, passed: int, of: int) -> list[Attempt]:
    """The first ones pass."""
    return [
        attempt(name, each, *([] if each <= passed else [MISSING])) for each in range(1, of + 1)
    ]


def run(*tried: Sequence[Attempt], model: str = "ollama:qwen3:8b", **more: Any) -> Run:
    all_of_them = tuple(each for some in tried for each in some)
    names = dict.fromkeys(each.scenario for each in all_of_them)
    base = {
        "repeats": max((each.number for each in all_of_them), default=1),
        "started": 1_790_000_000.0,
        "kaia": "0.1.0",
        "scenarios": {name: f"digest-{name}" for name in names},
        "about": {name: f"{name} is broken" for name in names},
        "attempts": all_of_them,
        "folder": model.replace(":", "-"),
    }
    return Run(model, **{**base, **more})
