"""What of a model's reply is an answer: no thoughts, nothing invisible, nothing endless."""

import pytest
from autogen_core.models import CreateResult, RequestUsage

from bot.agents.replies import Flaw, Usable, judge

OFFERED = {"kubectl": ("command",)}
OBJECT = '{"name": "kubectl", "arguments": {"command": "get pods"}}'
CALL = f"<tool_call>{OBJECT}</tool_call>"


def judged(text: str, *, may_call: bool = True) -> Usable | Flaw:
    result = CreateResult(
        finish_reason="stop", content=text, usage=RequestUsage(1, 1), cached=False
    )
    return judge(result, OFFERED if may_call else {}, answer_tokens=100)


def answer_in(text: str) -> str:
    found = judged(text)
    assert isinstance(found, Usable)
    assert isinstance(found.result.content, str)
    return found.result.content.strip()


def called_in(text: str) -> list[str]:
    found = judged(text)
    assert isinstance(found, Usable)
    assert isinstance(found.result.content, list)
    return [call.name for call in found.result.content]


@pytest.mark.parametrize(
    "text",
    [
        "<think>What now?</think>All is well.",
        "<thinking>a</thinking>\n<think>b</think>\n\nAll is well.",
        "What now?\n</think>\n\nAll is well.",
        f"<think>I could run {CALL}, but no.</think>All is well.",
    ],
)
def test_thoughts_before_an_answer_are_left_out(text: str) -> None:
    assert answer_in(text) == "All is well."


@pytest.mark.parametrize(
    "text", ["The log ends with `</think>` here.", "It prints `<think>` and stops."]
)
def test_an_answer_about_such_marks_is_kept(text: str) -> None:
    assert answer_in(text) == text


@pytest.mark.parametrize(
    "text", [f"<think>pods!</think>\n{OBJECT}", f"<think>pods! {CALL}</think>"]
)
def test_a_call_after_thoughts_or_at_their_end_is_made(text: str) -> None:
    assert called_in(text) == ["kubectl"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "\u00a0\u200b\u2003",
        "\x1b[31m\x1b[0m",
        "<think>hm</think>",
        "<think>never ends",
    ],
)
def test_what_nobody_could_see_is_no_answer(text: str) -> None:
    assert judged(text) is Flaw.EMPTY


def test_a_call_after_thoughts_where_none_may_be_made_is_no_answer() -> None:
    assert judged(f"<think>pods!</think>\n{OBJECT}", may_call=False) is Flaw.BROKEN


def test_an_endless_answer_is_cut_and_says_so() -> None:
    answer = answer_in("word " * 40_000)

    assert len(answer) < 41_000
    assert answer.endswith(
        "(The model's answer had 200000 characters; what followed here was left out.)"
    )
