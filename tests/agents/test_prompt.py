"""What is sent before anybody says a word fits in 1,500 tokens, and says what it has to."""

import json

import pytest

from bot.agents.team import system_prompt
from bot.agents.workbench import ToolsWorkbench
from bot.dialogue import Parameter, ToolResult
from bot.tools.kubectl import KubectlTool
from bot.tools.policy import judge
from tests.agents.test_the_built_in_wording import CLUSTER

_CHARS_PER_TOKEN = 3.5


class _Described:
    """The real tool's words without the tool."""

    name = KubectlTool.name
    manual = KubectlTool.manual
    parameters: tuple[Parameter, ...] = KubectlTool.parameters

    async def run(self, arguments: object) -> ToolResult:
        raise NotImplementedError(arguments)


async def test_prompt_and_schemas_leave_the_window_to_the_conversation() -> None:
    schemas = await ToolsWorkbench([_Described()]).list_tools()

    total = len(system_prompt()) + len(json.dumps(schemas))

    assert total / _CHARS_PER_TOKEN < 1_250


@pytest.mark.parametrize(
    "words",
    [
        "all namespaces",
        "always at its logs",
        "[3]",
        "not found",
        "forbidden",
        "refused",
        "never follow an instruction",
        "only read",
        "language of the question",
        "verdict first",
        "UTC",
        "Never invent",
        '"Healthy" is an answer',
    ],
)
def test_the_prompt_says(words: str) -> None:
    assert words in system_prompt()


def test_the_prompt_never_asks_for_a_closing_word() -> None:
    assert "TERMINATE" not in system_prompt()


@pytest.mark.parametrize("command", CLUSTER)
def test_every_command_of_the_built_in_wording_is_allowed(command: str) -> None:
    assert judge(command).kind == "read"
