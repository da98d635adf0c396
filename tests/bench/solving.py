"""What the shipped scenarios cost: by fixed rules, and by a model that words what it is given."""

import json
from dataclasses import dataclass
from typing import Any

from bot.evaluation.figures import Figures, claimed, figures
from bot.evaluation.options import SHIPPED
from bot.evaluation.scenario import load_all
from tests.doubles.ollama_server import OllamaServer
from tests.doubles.wording_model import word_what_is_given
from tests.evaluation.trying import tried

_CHARS_PER_TOKEN = 3.5


class _CountingServer(OllamaServer):
    def tokens_of(self, body: dict[str, Any]) -> int:
        """Instructions and tools included."""
        return int(len(json.dumps(body)) / _CHARS_PER_TOKEN)


@dataclass(frozen=True, slots=True)
class Solved:
    built_in: Figures
    wording: Figures
    broken: tuple[str, ...]
    """What the built-in wording claims to solve, and does not."""


async def measure() -> Solved:
    scenarios = load_all(SHIPPED)
    by_rules = await tried(scenarios, {"KAIA_MODEL": "builtin"})
    async with _CountingServer(otherwise=word_what_is_given) as server:
        model = {"KAIA_MODEL": "ollama:qwen3:8b", "OLLAMA_HOST": server.url}
        worded = await tried(scenarios, model)
    _, broken = claimed(by_rules, {each.name: each for each in scenarios})
    return Solved(figures(by_rules), figures(worded), broken)
