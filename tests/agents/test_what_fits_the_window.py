"""Whole turns leave, never half of one; the question stays; results stay with their call."""

import json
from collections.abc import Sequence

from autogen_core import FunctionCall
from autogen_core.models import (
    AssistantMessage,
    FunctionExecutionResult,
    FunctionExecutionResultMessage,
    LLMMessage,
    UserMessage,
)
from hypothesis import given
from hypothesis import strategies as st

from bot.agents.context import TrimmedContext, fitted, tokens, tokens_of
from bot.agents.team import Assistant
from bot.dialogue import unfence
from tests.agents.conftest import BuildModel, KubectlDouble
from tests.agents.looks import beside
from tests.doubles.ollama_server import OllamaServer
from tests.doubles.served import runs


def asks(text: str) -> UserMessage:
    return UserMessage(content=text, source="user")


def says(text: str) -> AssistantMessage:
    return AssistantMessage(content=text, source="kaia")


def looks(output: str, call: str = "c1") -> list[LLMMessage]:
    made = FunctionCall(id=call, name="kubectl", arguments='{"command": "get pods"}')
    result = FunctionExecutionResult(content=output, name="kubectl", call_id=call, is_error=False)
    return [
        AssistantMessage(content=[made], source="kaia"),
        FunctionExecutionResultMessage(content=[result]),
    ]


def turn(number: int, output_chars: int = 0) -> list[LLMMessage]:
    looked = looks("x" * output_chars, f"c{number}") if output_chars else []
    return [asks(f"question {number}"), *looked, says(f"answer {number}")]


def test_what_fits_is_left_as_it_is() -> None:
    messages = [*turn(1, 300), *turn(2), asks("now?")]

    assert fitted(messages, 10_000) == messages


def test_old_output_loses_its_length_before_a_turn_is_dropped() -> None:
    messages = [*turn(1, 9_000), *turn(2), asks("now?")]

    kept = fitted(messages, 1_000)

    assert [type(each) for each in kept] == [type(each) for each in messages]
    assert "characters left out" in str(kept[2])
    assert kept[-1] == asks("now?")


def test_an_old_look_beside_its_question_loses_its_length_and_the_latest_does_not() -> None:
    data = {"findings": ["x" * 4_000]}
    messages: list[LLMMessage] = [asks(beside("why?", data)), says("so")]
    messages.append(asks(beside("and now?", data)))

    kept = fitted(messages, 2_700)

    old, latest = str(kept[0].content), str(kept[-1].content)
    assert tokens_of(kept) <= 2_700
    assert old.startswith("why?\n\nKaia's first look, receipt 1: kaia triage")
    assert "left out ...]" in old
    assert json.loads(unfence(latest)) == data


def test_the_oldest_turns_are_dropped_whole() -> None:
    messages = [message for number in range(60) for message in turn(number, 300)]

    kept = fitted([*messages, asks("now?")], 2_000)

    assert tokens_of(kept) <= 2_000
    assert isinstance(kept[0], UserMessage)
    assert kept[-2:] == [says("answer 59"), asks("now?")]
    assert_no_orphans(kept)


def test_the_question_stays_however_long_the_search_is() -> None:
    rounds = [message for number in range(30) for message in looks("x" * 3_000, f"c{number}")]

    kept = fitted([*turn(1), asks("the question"), *rounds], 1_500)

    assert tokens_of(kept) <= 1_500
    assert kept[0] == asks("the question")
    assert_no_orphans(kept)


def test_a_question_longer_than_the_window_keeps_its_head_and_its_tail() -> None:
    kept = fitted([asks(f"why? {'x' * 50_000} the end")], 2_000)

    (question,) = kept
    assert str(question.content).startswith("why?")
    assert str(question.content).endswith("the end")
    assert tokens_of(kept) <= 2_000


def test_letters_of_other_scripts_are_counted_for_more() -> None:
    assert tokens("τι έπαθε αυτό το pod;") > tokens("what happened to the ")


MESSAGES = st.lists(
    st.one_of(
        st.text(max_size=2_000).map(lambda text: [asks(text)]),
        st.text(max_size=2_000).map(lambda text: [says(text)]),
        st.tuples(st.integers(0, 6_000), st.uuids()).map(
            lambda pair: looks("y" * pair[0], str(pair[1]))
        ),
    ),
    max_size=25,
)


@given(MESSAGES, st.integers(400, 4_000))
def test_whatever_was_said_the_question_stays_and_nothing_is_orphaned(
    groups: list[list[LLMMessage]], budget: int
) -> None:
    messages = [asks("first"), *(message for group in groups for message in group)]

    kept = fitted(messages, budget)

    asked = [message for message in messages if isinstance(message, UserMessage)]
    left = [message for message in kept if isinstance(message, UserMessage)]
    assert left, "the question is gone"
    assert str(left[-1].content)[:10] == str(asked[-1].content)[:10]
    assert_no_orphans(kept)
    assert fitted(kept, budget) == kept


def assert_no_orphans(messages: Sequence[LLMMessage]) -> None:
    known: set[str] = set()
    answered: set[str] = set()
    for message in messages:
        match message:
            case AssistantMessage(content=list(calls)):
                known |= {call.id for call in calls}
            case FunctionExecutionResultMessage():
                answered |= {result.call_id for result in message.content}
            case _:
                pass
    assert answered == known


async def test_a_saved_state_holds_no_more_than_can_be_sent() -> None:
    context = TrimmedContext(1_000)
    for number in range(50):
        for message in turn(number, 2_000):
            await context.add_message(message)

    assert len(json.dumps(await context.save_state())) < 8_000


async def test_a_long_conversation_never_asks_for_more_than_the_window(
    model_on: BuildModel, ollama: OllamaServer, kubectl: KubectlDouble
) -> None:
    kaia = Assistant(model_on(num_ctx=4_096), deadline_seconds=20)
    kubectl.outputs = {"kubectl get pods": "y" * 4_000}
    saved = None
    for number in range(8):
        ollama.say(runs("kubectl get pods"), f"answer {number}")
        run = await kaia.run(f"question {number}", saved=saved, situation="", tools=[kubectl])
        saved = run.saved

    sent = [len(json.dumps(body["messages"])) for body in ollama.requests]
    assert max(sent) < 4_096 * 3
    assert "question 7" in json.dumps(ollama.requests[-1])
    assert len(json.dumps(saved)) < 14_000
