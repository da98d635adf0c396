"""What a scenario costs a model that only words what it is given: calls, and tokens of input."""

import asyncio
import json
import os
import re
import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.dialogue import unfence
from tests.apiserver import programs, server
from tests.doubles.ollama_server import OllamaServer
from tests.doubles.served import Reply, Says, runs
from tests.scenarios import expectations, server_stage
from tests.scenarios.asking import answered
from tests.scenarios.scenario import Scenario, on

_CHARS_PER_TOKEN = 3.5
_RECEIPT = re.compile(r"receipt (\d+): kaia triage")


@dataclass(frozen=True, slots=True)
class Price:
    name: str
    calls: int
    tokens: int
    """Of all requests together, instructions and tools included."""
    is_solved: bool


def word_what_is_given(body: dict[str, Any]) -> Reply:
    """Reads a log where no finding is confirmed, then says what the findings say."""
    asked = [m["content"] for m in body["messages"] if m["role"] == "user"][-1]
    found = _RECEIPT.search(asked)
    facts = json.loads(unfence(asked[found.start() :])) if found else {}
    findings = facts.get("findings", [])
    has_looked = body["messages"][-1]["role"] == "tool"
    unsure = [each for each in findings if each["certainty"] == "likely" and each.get("next")]
    if unsure and unsure[0] is findings[0] and not has_looked:
        return runs(unsure[0]["next"][0])
    return Says(_words(facts, found[1] if found else "1"))


def _words(facts: dict[str, Any], number: str) -> str:
    missing = [
        f"There is no {each['kind']} `{each['name']}` [{number}]."
        + (f" Did you mean {', '.join(each['did_you_mean'])}?" if each["did_you_mean"] else "")
        for each in facts.get("not_found", [])
    ]
    asked = [f"{ref}: {state} [{number}]." for ref, state in facts.get("asked_about", {}).items()]
    said = [f"{each['object']}: {each['cause']} [{number}]" for each in facts.get("findings", [])]
    return "\n".join([*missing, *asked, *said]) or f"Healthy: nothing was found [{number}]."


async def measure(folder: Path) -> list[Price]:
    """Every scenario of the API server. Raises ProgramsMissing."""
    running = server.start(folder / "scenarios", programs.find(os.environ))
    try:
        async with OllamaServer(otherwise=word_what_is_given) as model:
            return [await _price(each, running, model) for each in on("server")]
    finally:
        server.stop(folder / "scenarios")


async def _price(scenario: Scenario, running: server.ApiServer, model: OllamaServer) -> Price:
    settings = {"KAIA_MODEL": "ollama:qwen3:8b", "OLLAMA_HOST": model.url}
    before = len(model.requests)
    stage = server_stage.set_up(scenario, running)
    await asyncio.to_thread(stage.__enter__)
    try:
        said = await answered(scenario, running.limited_kubeconfig, settings)
    finally:
        await asyncio.to_thread(stage.__exit__, None, None, None)
    chats = [each for each in model.requests[before:] if "messages" in each]
    tokens = sum(len(json.dumps(each)) for each in chats) / _CHARS_PER_TOKEN
    complaints = expectations.of_answer(scenario, said.markdown, said.receipts)
    return Price(scenario.name, len(chats), int(tokens), not complaints)


def medians(prices: list[Price]) -> tuple[float, float]:
    """Calls and tokens of the scenarios that were solved."""
    solved = [each for each in prices if each.is_solved]
    return (
        statistics.median(each.calls for each in solved),
        statistics.median(each.tokens for each in solved),
    )
