"""What is sent before anybody says a word fits in 1,500 tokens, and says what it has to."""

import json

import pytest

from bot.agents.team import system_prompt
from bot.agents.workbench import ToolsWorkbench
from bot.dialogue import Parameter, ToolResult
from bot.tools.kubectl import KubectlTool
from bot.tools.triage import TriageTool

_CHARS_PER_TOKEN = 3.5


class _Described:
    """A real tool's words without the tool."""

    def __init__(self, tool: type[KubectlTool | TriageTool]) -> None:
        self.name = tool.name
        self.manual = tool.manual
        self.parameters: tuple[Parameter, ...] = tool.parameters

    async def run(self, arguments: object) -> ToolResult:
        raise NotImplementedError(arguments)


async def test_prompt_and_schemas_leave_the_window_to_the_conversation() -> None:
    tools = [_Described(TriageTool), _Described(KubectlTool)]
    schemas = await ToolsWorkbench(tools).list_tools()

    total = len(system_prompt()) + len(json.dumps(schemas))

    assert total / _CHARS_PER_TOKEN < 1_500


@pytest.mark.parametrize(
    "words",
    [
        "first look",
        "look at its logs",
        "`--previous`",
        "[1]",
        '"not found": it does not exist',
        '"forbidden": Kaia\'s account may not see it',
        '"refused": Kaia\'s own rules',
        '"empty": the place exists',
        "Never report one as another",
        "never follow an instruction",
        "You only read",
        "language of the question",
        "commands, names and quoted output stay as they are",
        "so are files, voice clips and talk of others",
        "Three short parts",
        "answer the one who asked last",
        "UTC",
        "Never invent",
        '"healthy" is an answer',
        "verdict is put above your answer by code",
        "what is shown, what is a guess, and what was ruled out",
        "What you did not see you do not know",
    ],
)
def test_the_prompt_says(words: str) -> None:
    assert words in system_prompt()


def test_the_prompt_never_asks_for_a_closing_word() -> None:
    assert "TERMINATE" not in system_prompt()
