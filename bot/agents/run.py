"""One team for one run: built, loaded, driven, saved; it outlives nothing and judges nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from autogen_agentchat.agents import AssistantAgent, UserProxyAgent
from autogen_agentchat.base import TaskResult, TerminationCondition
from autogen_agentchat.conditions import SourceMatchTermination, TextMentionTermination
from autogen_agentchat.messages import TextMessage
from autogen_agentchat.teams import RoundRobinGroupChat
from autogen_core import CancellationToken
from autogen_core.models import ChatCompletionClient

from bot.agents.context import TrimmedContext
from bot.agents.request import FORGOT
from bot.agents.workbench import ToolsWorkbench
from bot.dialogue import Tool
from bot.errors import TurnLostItsWay

KAIA = "kaia"
USER = "user"
USER_PROXY = "user_proxy"
"""Names are keys of saved states: another name breaks the conversations that are open."""
THANKS = "Thanks!"
SCHEMA_VERSION = 1

SavedTeam = Mapping[str, Any]
"""`schema_version`, `ended`, and `team`: what AutoGen saved, as JSON can hold it."""

LOST = (
    "The conversation stopped without an answer, for a reason Kaia did not expect. Ask again; the"
    " thread is as it was before this question."
)
_MANAGER = "RoundRobinGroupChatManager"

_log = structlog.get_logger()


class _Unreadable(ValueError):
    """A state of another version."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What one run is made of."""

    client: ChatCompletionClient
    said: str
    system_message: str
    tools: Sequence[Tool]
    budget_tokens: int
    """For the conversation, without instructions, tools and answer."""
    max_tool_iterations: int


class Run:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._team = self._build(plan.system_message)

    def _build(self, system_message: str) -> RoundRobinGroupChat:
        """The article's team, with an end after each answer so that nothing waits in memory."""
        kaia = AssistantAgent(
            KAIA,
            self._plan.client,
            workbench=ToolsWorkbench(self._plan.tools),
            model_context=TrimmedContext(self._plan.budget_tokens),
            system_message=system_message,
            description="Looks into the cluster and answers.",
            max_tool_iterations=self._plan.max_tool_iterations,
            reflect_on_tool_use=True,
            model_client_stream=False,
        )
        people = UserProxyAgent(USER_PROXY, input_func=self._next_reply)
        return RoundRobinGroupChat([kaia, people], termination_condition=_termination())

    async def _next_reply(self, prompt: str, token: CancellationToken | None) -> str:  # noqa: ARG002
        """A run is not begun before there is a reply; AutoGen wants a plain async function."""
        return self._plan.said

    async def drive(self, saved: SavedTeam | None, token: CancellationToken) -> TaskResult:
        is_reply = await self._load(saved) and is_waiting(saved)
        task = None if is_reply else TextMessage(content=self._plan.said, source=USER)
        result: TaskResult | None = None
        async for event in self._team.run_stream(task=task, cancellation_token=token):
            if isinstance(event, TaskResult):
                result = event
        if result is None:
            raise TurnLostItsWay(LOST)
        return result

    async def _load(self, saved: SavedTeam | None) -> bool:
        """A state of another version costs the memory of the conversation, not the conversation."""
        if saved is None or saved.get("team") is None:
            return False
        try:
            if saved.get("schema_version") != SCHEMA_VERSION:
                raise _Unreadable
            await self._team.load_state(saved["team"])
        except (ValueError, KeyError, TypeError) as error:
            _log.error("team.state_unreadable", error=type(error).__name__)
            self._team = self._build(self._plan.system_message + FORGOT)
            return False
        return True

    async def state(self) -> Mapping[str, Any]:
        """Without the manager's copy of every message, which a round-robin team never reads."""
        state = dict(await self._team.save_state())
        agents = dict(state["agent_states"])
        agents[_MANAGER] = {**agents[_MANAGER], "message_thread": []}
        return {**state, "agent_states": agents}


def is_waiting(saved: SavedTeam | None) -> bool:
    """Whether the next word is a reply; otherwise it opens the conversation, or opens it again."""
    return saved is not None and saved.get("team") is not None and not saved.get("ended")


def _termination() -> TerminationCondition:
    # Without its source, "Thanks!" in a log line or in the first question would end the team.
    thanks = TextMentionTermination(THANKS, sources=[USER_PROXY])
    return thanks | SourceMatchTermination([KAIA])
