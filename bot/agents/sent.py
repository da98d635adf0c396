"""What a run sent to its model, as it is kept: hashes, and how each request is put together again.

Texts that stand in the saved state are not kept a second time.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autogen_core.model_context import ChatCompletionContextState
from autogen_core.models import LLMMessage, SystemMessage
from autogen_core.tools import Tool, ToolSchema

from bot.agents.request import FORGOT, Request, system_message

Dumped = Mapping[str, Any]
"""A message as JSON."""


@dataclass(frozen=True, slots=True)
class Call:
    label: str
    digest: str
    prompt_digest: str
    recipe: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """The whole of one request, as JSON can hold it."""

    system: str
    messages: tuple[Dumped, ...]
    tools: tuple[ToolSchema, ...]
    options: Mapping[str, Any]

    @property
    def digest(self) -> str:
        return digest_of([self.system, list(self.messages), list(self.tools), self.options])

    @property
    def digests(self) -> dict[str, str]:
        """Of its parts, by which it is told what has changed."""
        return {
            "system": digest_of(self.system),
            "messages": digest_of(list(self.messages)),
            "tools": digest_of(list(self.tools)),
        }


@dataclass(frozen=True, slots=True)
class _Line:
    at: float
    sent: Sent
    notes: tuple[str, ...]

    @property
    def heard(self) -> tuple[Dumped, ...]:
        """What came from the conversation, without what code said on top."""
        return self.sent.messages[: len(self.sent.messages) - len(self.notes)]


class Ledger:
    """Of one run."""

    def __init__(
        self,
        label: str,
        prompt: str,
        situation: str,
        options: Mapping[str, Any],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._label = label
        self._prompt = prompt
        self._situation = situation
        self._options = dict(options)
        self._clock = clock
        self._lines: list[_Line] = []

    def add(self, request: Request) -> None:
        first, rest = request.messages[0], request.messages[1:]
        system = first.content if isinstance(first, SystemMessage) else ""
        messages = tuple(map(dumped, rest if system else request.messages))
        tools = tuple(each.schema if isinstance(each, Tool) else each for each in request.tools)
        options = {**self._options, "tool_choice": str(request.tool_choice)}
        sent = Sent(system, messages, tools, options)
        self._lines.append(_Line(self._clock(), sent, request.notes))

    def of_good_run(self) -> tuple[Call, ...]:
        """Its state holds every message."""
        return tuple(
            self._call(line, {"from": "state", "messages": len(line.heard)}) for line in self._lines
        )

    def of_lost_run(self, saved: Mapping[str, Any] | None) -> tuple[Call, ...]:
        """It failed, or its state is thrown away. Its messages are kept nowhere else: those
        that the state before it does not hold.
        """
        before: Sequence[Dumped] = messages_in(saved)
        calls = []
        for number, line in enumerate(self._lines):
            same = same_at_first(before, line.heard)
            then = {"messages": same, "then": list(line.heard[same:])}
            calls.append(self._call(line, {"from": "before" if number else "state", **then}))
            before = line.heard
        return tuple(calls)

    def _call(self, line: _Line, of_messages: Mapping[str, Any]) -> Call:
        recipe = {
            "at": line.at,
            "situation": self._situation,
            "forgot": line.sent.system == system_message(self._prompt, self._situation) + FORGOT,
            "notes": list(line.notes),
            "tools": [tool["name"] for tool in line.sent.tools],
            "options": line.sent.options,
            "digests": line.sent.digests,
            **of_messages,
        }
        return Call(self._label, line.sent.digest, digest_of(self._prompt), recipe)


def dumped(message: LLMMessage) -> Dumped:
    return message.model_dump(mode="python")


def texts_of(request: Request) -> Iterator[str]:
    """All that a request says, text by text: in JSON some signs would be written otherwise."""
    schemas = [each.schema if isinstance(each, Tool) else each for each in request.tools]
    return _texts([*map(dumped, request.messages), *schemas])


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for each in value.values():
                yield from _texts(each)
        case list() | tuple():
            for each in value:
                yield from _texts(each)


def messages_in(saved: Mapping[str, Any] | None) -> tuple[Dumped, ...]:
    """What the model is given of a saved conversation; nothing where it cannot be read."""
    try:
        context = (saved or {})["team"]["agent_states"]["kaia"]["agent_state"]["llm_context"]
        return tuple(map(dumped, ChatCompletionContextState.model_validate(context).messages))
    except (KeyError, TypeError, ValueError):
        return ()


def digest_of(value: Any) -> str:
    """SHA-256, hex, of a text or of JSON with sorted keys and ASCII alone."""
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def same_at_first(before: Sequence[Dumped], now: Sequence[Dumped]) -> int:
    """How many messages both begin with."""
    same = 0
    for one, other in zip(before, now, strict=False):
        if one != other:
            break
        same += 1
    return same
