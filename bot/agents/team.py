"""Kaia on one model: runs a team once per word said, and holds nothing of any conversation.

AutoGen's teams are good for one run: after an error or a cancellation they hang or stop early, so
nothing of a team that failed is kept, and its caller goes on from the state it had.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any

import structlog
from autogen_agentchat.base import TaskResult
from autogen_agentchat.messages import TextMessage
from autogen_core import CancellationToken

from bot.agents.context import tokens
from bot.agents.messages import entries_of
from bot.agents.meter import Meter
from bot.agents.rebuilding import Kept, Rebuilt, rebuilt
from bot.agents.request import system_message
from bot.agents.run import (
    KAIA,
    LOST,
    SCHEMA_VERSION,
    THANKS,
    USER,
    Plan,
    Run,
    SavedTeam,
    is_waiting,
)
from bot.agents.sent import Call, Ledger
from bot.agents.wrapped import Before, Model, WrappedClient
from bot.dialogue import Entry, Step, Tool, Usage
from bot.errors import TurnLostItsWay, TurnTimedOut

OnStep = Callable[[Step], Awaitable[None]]

_ANSWERED = f"'{KAIA}' answered"
_THANKED = f"Text '{THANKS}' mentioned"
_LATE = (
    "No answer was found within {seconds:g} s, so the search was stopped. Ask for something"
    " narrower, such as one namespace or one pod; KAIA_TURN_TIMEOUT_SECONDS gives more time."
)
_SCHEMA_TOKENS = 60
"""What a tool's schema takes beside its words."""

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class TeamRun:
    """One run that went well."""

    saved: SavedTeam
    answer: str
    entries: tuple[Entry, ...]
    usage: Usage
    ended: bool
    """Whether the team heard "Thanks!"."""
    is_cut: bool = False
    """Whether the model used up its calls, and would have gone on."""
    calls: tuple[Call, ...] = ()
    """What was sent to the model."""


class Assistant:
    def __init__(
        self,
        model: Model,
        *,
        max_tool_iterations: int = 8,
        deadline_seconds: float,
        grace_seconds: float = 5.0,
        prompt: str | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`grace_seconds` is what a team gets to end after its token was cancelled."""
        self._model = model
        self._max_tool_iterations = max_tool_iterations
        self._deadline_seconds = deadline_seconds
        self._grace_seconds = grace_seconds
        self._clock = clock
        self._prompt = prompt if prompt is not None else system_prompt()

    @property
    def label(self) -> str:
        return self._model.label

    async def run(
        self,
        said: str,
        *,
        saved: SavedTeam | None,
        situation: str,
        tools: Sequence[Tool],
        on_step: OnStep | None = None,
        closing: bool = False,
        keeps_state: bool = True,
        meter: Meter | None = None,
    ) -> TeamRun:
        """Raises errors of bot.errors alone, or CancelledError once the team has really ended. Only
        `meter` knows then what was used and sent until then. Where its caller throws the new state
        away, what was sent is told upon `saved`.
        """
        if closing and not is_waiting(saved):
            return TeamRun(_nothing_to_end(saved), "", (), Usage(), ended=True)
        options = self._model.options
        ledger = Ledger(self.label, self._prompt, situation, options, self._clock)
        client = self._model.for_run(_thinking(on_step), meter, ledger)
        words = THANKS if closing else _without_the_mark(said)
        run = Run(self._plan(client, words, situation, tools))
        token = CancellationToken()
        work = asyncio.create_task(run.drive(saved, token), name="team.run")
        try:
            await self._supervise(work, token)
            judged = _judged(_result_of(work, client), said, client, await run.state())
        except BaseException:
            if meter is not None:
                meter.sent(ledger.of_lost_run(saved))
            raise
        calls = ledger.of_good_run() if keeps_state else ledger.of_lost_run(saved)
        return replace(judged, calls=calls)

    def rebuilt(
        self, saved: SavedTeam | None, calls: Sequence[Kept], tools: Sequence[Tool]
    ) -> tuple[Rebuilt, ...]:
        """The requests of one run, from the state that is kept of its conversation."""
        return rebuilt(calls, saved=saved, prompt=self._prompt, tools=tools)

    def _plan(
        self, client: WrappedClient, said: str, situation: str, tools: Sequence[Tool]
    ) -> Plan:
        message = system_message(self._prompt, situation)
        budget = self._budget_tokens(message, tools)
        return Plan(client, said, message, tools, budget, self._max_tool_iterations)

    def _budget_tokens(self, system_message: str, tools: Sequence[Tool]) -> int:
        fixed = tokens(system_message) + sum(map(_tokens_of, tools))
        window = self._model.num_ctx
        return max(window - self._model.answer_tokens - fixed, window // 4)

    async def _supervise(self, work: asyncio.Task[TaskResult], token: CancellationToken) -> None:
        """Ends the team through its token alone: a cancelled task of AutoGen's may hang."""
        try:
            await asyncio.wait({work}, timeout=self._deadline_seconds)
        except asyncio.CancelledError:
            await self._end(work, token)
            raise
        if not work.done():
            await self._end(work, token)
            raise TurnTimedOut(_LATE.format(seconds=self._deadline_seconds))

    async def _end(self, work: asyncio.Task[TaskResult], token: CancellationToken) -> None:
        token.cancel()
        try:
            await asyncio.wait({work}, timeout=self._grace_seconds)
        finally:
            if not work.done():
                await _force(work)
            _ = work.done() and (work.cancelled() or work.exception())  # looked at, as asyncio asks


def system_prompt() -> str:
    return resources.files("bot.agents").joinpath("prompts/system.md").read_text("utf-8").strip()


async def _force(work: asyncio.Task[TaskResult]) -> None:
    """The last resort: cancelled once AutoGen's stream waits for its runtime, twice it ends."""
    _log.error("team.leaked")
    for _ in range(2):
        work.cancel()
        await asyncio.wait({work}, timeout=0.5)


def _result_of(work: asyncio.Task[TaskResult], client: WrappedClient) -> TaskResult:
    if work.cancelled():
        raise TurnLostItsWay(LOST)
    error = work.exception()
    if error is None:
        return work.result()
    if client.error is not None:
        raise client.error from error
    raise TurnLostItsWay(LOST) from error


def _judged(
    result: TaskResult, said: str, client: WrappedClient, state: Mapping[str, Any]
) -> TeamRun:
    """Anything but the two expected ends is an error: AutoGen ends poisoned teams calmly."""
    ended = result.stop_reason == _THANKED
    if not ended and result.stop_reason != _ANSWERED:
        _log.error("team.lost", reason=result.stop_reason)
        raise TurnLostItsWay(LOST)
    saved = {"schema_version": SCHEMA_VERSION, "ended": ended, "team": state}
    answer = "" if ended else _answer(result)
    entries = (Entry(USER, said), *entries_of(result.messages, KAIA))
    return TeamRun(saved, answer, entries, client.usage, ended, client.is_cut)


def _answer(result: TaskResult) -> str:
    last = result.messages[-1]
    if not isinstance(last, TextMessage) or last.source != KAIA or not last.content.strip():
        raise TurnLostItsWay(LOST)
    return last.content.strip()


def _nothing_to_end(saved: SavedTeam | None) -> SavedTeam:
    team = saved["team"] if saved is not None else None
    return {"schema_version": SCHEMA_VERSION, "ended": True, "team": team}


def _without_the_mark(said: str) -> str:
    """AutoGen ends the team at the mark anywhere: "Thanks! But why?" would get no answer."""
    return said.replace(THANKS, "Thanks.")


def _tokens_of(tool: Tool) -> int:
    words = tool.manual + "".join(each.description for each in tool.parameters)
    return tokens(words) + _SCHEMA_TOKENS


def _thinking(on_step: OnStep | None) -> Before | None:
    if on_step is None:
        return None

    async def show() -> None:
        await on_step(Step("thinking about what was found"))

    return show
