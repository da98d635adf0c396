"""Tools as AutoGen calls them; no exception and no CancelledError gets out of here."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from autogen_core import CancellationToken
from autogen_core.tools import TextResultContent, ToolResult, ToolSchema, Workbench

from bot.dialogue import Tool

_PARALLEL = 4
_CANCELLED = "Cancelled: the person stopped this question, or its time is up."
_BROKE = "The tool failed inside ({kind}); nothing is known about its result. Do not repeat it."
_TOO_MANY = (
    "Not run: {most} calls were made for this question already. Answer from what you have seen,"
    " and say what is still open."
)

_log = structlog.get_logger()


class ToolsWorkbench(Workbench):
    """The tools of one turn. AutoGen itself would drop unknown arguments silently."""

    def __init__(
        self, tools: Sequence[Tool], *, most_calls: int = 24, grace_seconds: float = 3.0
    ) -> None:
        """`grace_seconds` is what a cancelled tool gets to end its process."""
        self._tools = {tool.name: tool for tool in tools}
        self._most_calls = most_calls
        self._calls = 0
        self._grace_seconds = grace_seconds
        self._parallel = asyncio.Semaphore(_PARALLEL)

    async def list_tools(self) -> list[ToolSchema]:
        return [schema_of(tool) for tool in self._tools.values()]

    async def call_tool(
        self,
        name: str,
        arguments: Mapping[str, Any] | None = None,
        cancellation_token: CancellationToken | None = None,
        call_id: str | None = None,  # noqa: ARG002 - AutoGen names it
    ) -> ToolResult:
        tool = self._tools.get(name)
        if tool is None:
            return _error(name, f"There is no tool {name}. There are: {', '.join(self._tools)}.")
        given = dict(arguments or {})
        if complaint := _complaint(tool, given):
            return _error(name, complaint)
        self._calls += 1
        if self._calls > self._most_calls:
            return _error(name, _TOO_MANY.format(most=self._most_calls))
        return await self._run(tool, given, cancellation_token or CancellationToken())

    async def _run(
        self, tool: Tool, arguments: Mapping[str, str], token: CancellationToken
    ) -> ToolResult:
        """AutoGen hangs for ever where a CancelledError comes out of a tool."""
        work = asyncio.create_task(self._limited(tool, arguments), name=f"tool.{tool.name}")
        stopped = asyncio.get_running_loop().create_future()
        token.link_future(stopped)
        try:
            await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            stopped.cancel()
        if not work.done():
            await self._end(work, tool.name)
        stopped.cancel()
        return self._result(tool.name, work)

    async def _limited(self, tool: Tool, arguments: Mapping[str, str]) -> ToolResult:
        async with self._parallel:
            result = await tool.run(arguments)
        return _result(tool.name, result.text, is_error=result.is_error)

    async def _end(self, work: asyncio.Task[ToolResult], name: str) -> None:
        work.cancel()
        try:
            await asyncio.wait({work}, timeout=self._grace_seconds)
        except asyncio.CancelledError:
            work.cancel()
        if not work.done():
            _log.error("tool.leaked", tool=name)

    def _result(self, name: str, work: asyncio.Task[ToolResult]) -> ToolResult:
        if not work.done() or work.cancelled():
            return _error(name, _CANCELLED)
        if error := work.exception():
            _log.error("tool.broke", tool=name, exc_info=error)
            return _error(name, _BROKE.format(kind=type(error).__name__))
        return work.result()

    async def start(self) -> None:
        """Nothing to start: tools belong to whoever made them."""

    async def stop(self) -> None:
        """Nothing to stop either."""

    async def reset(self) -> None:
        """A workbench lives for one run."""

    async def save_state(self) -> Mapping[str, Any]:
        return {}

    async def load_state(self, state: Mapping[str, Any]) -> None:
        """There is none."""


def schema_of(tool: Tool) -> ToolSchema:
    properties = {
        parameter.name: {"type": "string", "description": parameter.description}
        for parameter in tool.parameters
    }
    return {
        "name": tool.name,
        "description": tool.manual,
        "parameters": {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        },
    }


def _complaint(tool: Tool, given: Mapping[str, Any]) -> str:
    names = [parameter.name for parameter in tool.parameters]
    unknown = [name for name in given if name not in names]
    missing = [name for name in names if not given.get(name)]
    wrong = [name for name, value in given.items() if not isinstance(value, str)]
    problems = (
        ("has no argument", unknown),
        ("needs", missing),
        ("takes only text for", [name for name in wrong if name not in unknown]),
    )
    found = [f"{tool.name} {what} {', '.join(which)}." for what, which in problems if which]
    if not found:
        return ""
    return f"Not run: {' '.join(found)} Its only arguments are: {', '.join(names) or 'none'}."


def _result(name: str, text: str, *, is_error: bool) -> ToolResult:
    return ToolResult(name=name, result=[TextResultContent(content=text)], is_error=is_error)


def _error(name: str, text: str) -> ToolResult:
    return _result(name, text, is_error=True)
