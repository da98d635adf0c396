"""A model that answers with its question's number, and knows who asks it what at the same time."""

import asyncio
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.doubles.ollama_server import OllamaServer
from tests.doubles.served import Reply, Says, runs

_NUMBER = re.compile(r"question (\d+)")
_PATIENCE_SECONDS = 0.1
"""A request whose process was cut off is seen to end a moment later."""


@dataclass(eq=False)
class Asked:
    """One request about one question."""

    number: int
    process: str
    begun: float
    is_first: bool
    """The turn begins with it; those that follow bring what a tool has found."""
    ended: float | None = None
    is_answered: bool = False


@dataclass
class Mind:
    """What all servers share: the answers, and a record of every request."""

    dice: random.Random
    slowest_seconds: float = 0.6
    quickest_seconds: float = 0.1
    command_every: int = 4
    """Every so many questions are looked up with kubectl first; 0 for none."""
    threads: dict[int, str] = field(default_factory=dict)
    """Question -> its thread, as the people say."""
    asked: list[Asked] = field(default_factory=list)

    @contextmanager
    def hears(self, process: str, body: dict[str, Any]) -> Iterator[Asked]:
        is_first = body["messages"][-1]["role"] != "tool"
        asked = Asked(number_in(body), process, time.monotonic(), is_first)
        self.asked.append(asked)
        try:
            yield asked
        finally:
            if asked.ended is None:
                asked.ended = time.monotonic()

    def reply(self, asked: Asked) -> Reply:
        if asked.is_first and self.command_every and asked.number % self.command_every == 0:
            return runs("kubectl get pods -n shop")
        return Says(answer_to(asked.number))

    def seconds(self) -> float:
        return self.dice.uniform(self.quickest_seconds, self.slowest_seconds)

    def open_at(self, process: str) -> list[Asked]:
        """What a process waits for right now."""
        return [each for each in self.asked[-500:] if each.process == process and not each.ended]

    def begun_again(self, asked: Asked, since: float) -> float | None:
        """When its turn ran again, where it did."""
        for each in self.asked:
            if each.number == asked.number and each.is_first and each.begun > since:
                return each.begun
        return None

    def starts(self) -> Counter[int]:
        """Question -> how often its turn was begun."""
        return Counter(each.number for each in self.asked if each.is_first)

    def overlaps(self) -> list[str]:
        """Turns of one thread that were asked about at the same time."""
        found = []
        last: dict[str, Asked] = {}
        for each in self.asked:
            thread = self.threads.get(each.number, "")
            before = last.get(thread)
            if thread and before and _until(before) > each.begun + _PATIENCE_SECONDS:
                found.append(f"questions {before.number} and {each.number} of {thread}")
            if before is None or _until(each) > _until(before):
                last[thread] = each
        return found


def _until(asked: Asked) -> float:
    return float("inf") if asked.ended is None else asked.ended


def number_in(body: dict[str, Any]) -> int:
    """0 where nobody asked a question with a number."""
    words = [each["content"] for each in body["messages"] if each["role"] == "user"]
    # What was said or edited since the last answer stands before the question that is asked now.
    found = _NUMBER.findall(words[-1]) if words else []
    return int(found[-1]) if found else 0


def answer_to(number: int) -> str:
    return f"Answer to question {number}. It is well [1]."


class NumberedModel(OllamaServer):
    """One process's door to the mind."""

    def __init__(self, mind: Mind, process: str) -> None:
        super().__init__()
        self.mind = mind
        self.process = process

    async def answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        with self.mind.hears(self.process, body) as asked:
            await asyncio.sleep(self.mind.seconds())  # a model takes its time
            response = self.worded(self.mind.reply(asked), body)
            asked.is_answered = True
            return response
