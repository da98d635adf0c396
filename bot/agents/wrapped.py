"""A model's client with a deadline, one retry, a limit and repair; it never hides what failed."""

import asyncio
import math
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import structlog
from autogen_core import CancellationToken
from autogen_core.models import (
    ChatCompletionClient,
    CreateResult,
    LLMMessage,
    ModelInfo,
    RequestUsage,
)
from autogen_core.tools import Tool, ToolSchema
from pydantic import BaseModel

from bot.agents.failures import Origin, explain, may_pass, timed_out
from bot.agents.meter import Meter
from bot.agents.replies import Usable, explained, judge, offered_by
from bot.agents.request import Request
from bot.agents.sent import Ledger, texts_of
from bot.dialogue import Usage
from bot.errors import ModelError, ModelSaidNothing
from bot.telemetry.seams import UNMEASURED, Telemetry

_FULL = 0.95

Before = Callable[[], Awaitable[None]]

_log = structlog.get_logger()


@dataclass(frozen=True)
class Model:
    """One per process: a provider's client and the limits that all conversations share."""

    origin: Origin
    inner: ChatCompletionClient
    num_ctx: int
    """Window in tokens, the measure of how much is sent."""
    answer_tokens: int
    """What of the window is kept free for the answer."""
    timeout_seconds: float
    """For one call with its retries, queueing included."""
    parallel: asyncio.Semaphore
    pause_seconds: float = 0.5
    """Between a call that failed and its one retry."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """What `inner` sends beside words and tools, for those who ask what was sent."""
    telemetry: Telemetry = UNMEASURED
    overhear: Callable[[Iterable[str]], None] | None = None
    """Hears all texts of each request as it is sent."""

    @property
    def label(self) -> str:
        return self.origin.label

    def for_run(
        self,
        before_call: Before | None = None,
        meter: Meter | None = None,
        ledger: Ledger | None = None,
    ) -> "WrappedClient":
        return WrappedClient(self, before_call, meter, ledger)

    async def close(self) -> None:
        await self.inner.close()


class WrappedClient(ChatCompletionClient):
    """What one run of a team speaks to. AutoGen loses an error's type: it is kept in `error`."""

    def __init__(
        self,
        model: Model,
        before_call: Before | None = None,
        meter: Meter | None = None,
        ledger: Ledger | None = None,
    ) -> None:
        self._model = model
        self._before_call = before_call
        self._meter = meter
        self._ledger = ledger
        self.usage = Usage()
        self.error: ModelError | None = None
        self.is_cut = False
        """No more calls were left, and the model was told to answer from what it had."""

    async def create(
        self,
        messages: Sequence[LLMMessage],
        *,
        tools: Sequence[Tool | ToolSchema] = (),
        tool_choice: Tool | Literal["auto", "required", "none"] = "auto",
        json_output: bool | type[BaseModel] | None = None,
        extra_create_args: Mapping[str, Any] | None = None,
        cancellation_token: CancellationToken | None = None,
    ) -> CreateResult:
        """Raises errors of bot.errors alone, or CancelledError by the token."""
        offered = {} if tool_choice == "none" else offered_by(tools)
        request = Request(
            messages, tools, tool_choice, json_output, extra_create_args or {}, offered
        )
        if tool_choice == "none" and _follows_tools(messages):
            self.is_cut = True
            request = request.with_note("LAST_WORDS")
        call = asyncio.create_task(self._measured(request), name="model.call")
        if cancellation_token is not None:
            cancellation_token.link_future(call)
        return await call

    async def _measured(self, request: Request) -> CreateResult:
        with self._model.telemetry.doing("model", self._model.origin.provider) as asking:
            result = await self._answer(request)
            used = result.usage
            asking.notes(prompt_tokens=used.prompt_tokens, answer_tokens=used.completion_tokens)
            return result

    async def _answer(self, request: Request) -> CreateResult:
        model = self._model
        limit = asyncio.timeout(model.timeout_seconds)
        try:
            async with limit:
                if self._before_call is not None:
                    await self._before_call()
                return await self._usable(request)
        except Exception as error:
            # Each provider has errors of its own, and AutoGen makes all of them one RuntimeError.
            late = isinstance(error, TimeoutError) and limit.expired()
            seconds = model.timeout_seconds
            self.error = timed_out(model.origin, seconds) if late else explain(error, model.origin)
            _log.warning("model.failed", model=model.label, error=type(error).__name__)
            raise self.error from error

    async def _usable(self, request: Request) -> CreateResult:
        """Asks once more, saying what was wrong, where the reply is empty or a broken call."""
        flaw = None
        for _ in range(2):
            result = await self._asked(request.with_note(flaw.name) if flaw else request)
            judged = judge(result, request.offered, answer_tokens=self._model.answer_tokens)
            if isinstance(judged, Usable):
                if judged.was_repaired:
                    _log.info("model.call_repaired", model=self._model.label)
                return judged.result
            flaw = judged
            _log.warning("model.reply_unusable", model=self._model.label, flaw=flaw.name.lower())
        raise ModelSaidNothing(explained(flaw, self._model.label))

    async def _asked(self, request: Request) -> CreateResult:
        """One retry where the same request may succeed a moment later."""
        try:
            return await self._called(request)
        except Exception as error:
            if not may_pass(error):
                raise
            _log.info("model.retried", model=self._model.label, error=type(error).__name__)
        await asyncio.sleep(self._model.pause_seconds)
        return await self._called(request)

    async def _called(self, request: Request) -> CreateResult:
        if self._meter is not None and (why := self._meter.used_up()):
            raise ModelError(why)
        async with self._model.parallel:
            if self._ledger is not None:
                self._ledger.add(request)
            if self._model.overhear is not None:
                self._model.overhear(texts_of(request))
            result = await self._model.inner.create(
                request.messages,
                tools=request.tools,
                tool_choice=request.tool_choice,
                json_output=request.json_output,
                extra_create_args=request.extra,
            )
        self._count(result.usage)
        return result

    def _count(self, usage: RequestUsage) -> None:
        prompt, completion, window = usage.prompt_tokens, usage.completion_tokens, self._window
        taken = Usage(1, prompt, completion)
        self.usage += taken
        self._model.telemetry.count("tokens", "in", prompt)
        self._model.telemetry.count("tokens", "out", completion)
        if self._meter is not None:
            self._meter.count(taken)
        if prompt >= window or prompt + completion >= _FULL * window:
            # Ollama drops the beginning of what does not fit, and says so nowhere.
            _log.warning(
                "model.window_full", model=self._model.label, tokens=prompt + completion, of=window
            )

    @property
    def _window(self) -> float:
        return self._model.num_ctx if self._model.origin.provider == "ollama" else math.inf

    async def create_stream(
        self,
        messages: Sequence[LLMMessage],
        *,
        tools: Sequence[Tool | ToolSchema] = (),
        tool_choice: Tool | Literal["auto", "required", "none"] = "auto",
        json_output: bool | type[BaseModel] | None = None,
        extra_create_args: Mapping[str, Any] | None = None,
        cancellation_token: CancellationToken | None = None,
    ) -> AsyncGenerator[str | CreateResult, None]:
        """The whole answer at once: Kaia does not stream."""
        yield await self.create(
            messages,
            tools=tools,
            tool_choice=tool_choice,
            json_output=json_output,
            extra_create_args=extra_create_args,
            cancellation_token=cancellation_token,
        )

    async def close(self) -> None:
        """The shared client stays open: `Model.close` ends it."""

    def actual_usage(self) -> RequestUsage:
        return self.total_usage()

    def total_usage(self) -> RequestUsage:
        return RequestUsage(self.usage.prompt_tokens, self.usage.completion_tokens)

    def count_tokens(
        self, messages: Sequence[LLMMessage], *, tools: Sequence[Tool | ToolSchema] = ()
    ) -> int:
        """Never asked for: the real clients would fetch a tokenizer from the network."""
        raise NotImplementedError

    def remaining_tokens(
        self, messages: Sequence[LLMMessage], *, tools: Sequence[Tool | ToolSchema] = ()
    ) -> int:
        raise NotImplementedError

    @property
    def model_info(self) -> ModelInfo:
        return self._model.inner.model_info

    @property
    def capabilities(self) -> ModelInfo:
        return self.model_info


def _follows_tools(messages: Sequence[LLMMessage]) -> bool:
    return bool(messages) and messages[-1].type == "FunctionExecutionResultMessage"
