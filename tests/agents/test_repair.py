"""Calls that small models print as text are made, and answers that quote a call are answers."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.agents.repair import Call, calls_in, looks_like_a_call, named, repaired

OFFERED = {"kubectl": ("command",)}
GET = Call("kubectl", '{"command": "get pods"}')
OBJECT = '{"name": "kubectl", "arguments": {"command": "get pods"}}'

PRINTED = {
    "tag": f"<tool_call>\n{OBJECT}\n</tool_call>",
    "open tag": f"Let me look.\n<tool_call>{OBJECT}",
    "fence": f"```json\n{OBJECT}\n```",
    "fence after words": f"I will run this:\n```json\n{OBJECT}\n```",
    "bare": OBJECT,
    "bare after words": f"Let me look. {OBJECT}",
    "list": f"[{OBJECT}]",
    "parameters": OBJECT.replace("arguments", "parameters"),
    "arguments as text": '{"name": "kubectl", "arguments": "{\\"command\\": \\"get pods\\"}"}',
    "a bare text": '{"name": "kubectl", "arguments": "get pods"}',
    "nested": f'{{"type": "function", "function": {OBJECT}}}',
    "function": '<function=kubectl>{"command": "get pods"}</function>',
    "parameter": "<function=kubectl>\n<parameter=command>\nget pods\n</parameter>\n</function>",
    "python tag": f"<|python_tag|>{OBJECT}",
    "mistral": f"[TOOL_CALLS] [{OBJECT}]",
    "answer of openai": f'{{"tool_calls": [{{"type": "function", "function": {OBJECT}}}]}}',
    "python": 'kubectl(command="get pods")',
    "python in a list": "[kubectl(command='get pods')]",
    "other case": OBJECT.replace('"kubectl"', '"functions.Kubectl"'),
}


@pytest.mark.parametrize("text", PRINTED.values(), ids=PRINTED)
def test_a_printed_call_is_read(text: str) -> None:
    assert calls_in(text, OFFERED) == (GET,)


def test_several_printed_calls_are_all_read() -> None:
    two = f"{OBJECT}\n{OBJECT.replace('pods', 'nodes')}"

    assert [json.loads(call.arguments)["command"] for call in calls_in(two, OFFERED)] == [
        "get pods",
        "get nodes",
    ]


NOT_CALLS = {
    "words": "The pod is fine.",
    "another tool": '{"name": "shell", "arguments": {"command": "id"}}',
    "another object": 'The config is {"a": 1}.',
    "no arguments": '{"name": "kubectl"}',
    "broken": '<tool_call>{"name": "kubectl", "arguments": {',
    "deepseek": "<\uff5ctool\u2581calls\u2581begin\uff5c>function",
    "kimi": 'functions.kubectl:0{"command": "get pods"}',
    "python of another tool": 'shell(command="id")',
    "quoted in an answer": f"{'The log of this pod says a lot. ' * 15}<tool_call>{OBJECT}",
}


@pytest.mark.parametrize("text", NOT_CALLS.values(), ids=NOT_CALLS)
def test_what_is_no_call_is_not_made(text: str) -> None:
    assert calls_in(text, OFFERED) == ()


@pytest.mark.parametrize(
    ("name", "is_meant"),
    [
        ("words", False),
        ("another tool", True),
        ("another object", False),
        ("no arguments", True),
        ("broken", True),
        ("deepseek", True),
        ("kimi", True),
        ("python of another tool", True),
        ("quoted in an answer", False),
    ],
)
def test_what_was_meant_as_a_call_is_no_answer(name: str, is_meant: bool) -> None:
    assert looks_like_a_call(NOT_CALLS[name]) is is_meant


def test_a_call_after_a_few_words_is_no_answer() -> None:
    assert looks_like_a_call(f"I will check the pods now.\n\n{OBJECT}")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("kubectl", "kubectl"),
        ("Kubectl ", "kubectl"),
        ("functions.kubectl", "kubectl"),
        ("functions_kubectl", "kubectl"),
        ("_kubectl_", "kubectl"),
        ("bash", "bash"),
        ("ku\x1b[31m<!channel>", "ku_31m_channel_"),
        ("k" * 5_000, "k" * 64),
        ("", "none"),
    ],
)
def test_a_name_is_an_offered_one_or_one_that_every_provider_takes(
    written: str, meant: str
) -> None:
    assert named(written, OFFERED) == meant


ARGUMENTS = {
    '{"command": "get pods"}': {"command": "get pods"},
    '"{\\"command\\": \\"get pods\\"}"': {"command": "get pods"},
    "get pods": {"command": "get pods"},
    '"get pods"': {"command": "get pods"},
    '{"command": ["kubectl", "get", "pods"]}': {"command": "kubectl get pods"},
    '{"input": {"command": "get pods"}}': {"command": "get pods"},
    '{"parameters": "{\\"command\\": \\"x\\"}"}': {"command": "x"},
    '{"command": 3}': {"command": "3"},
    '{"command": "x", "namespace": "y"}': {"command": "x", "namespace": "y"},
    "": {},
    "null": {},
    "[1]": {"unreadable_arguments": "[1]"},
    "{broken": {"unreadable_arguments": "{broken"},
    "x" * 30_000: {"unreadable_arguments": "x" * 500},
}


@pytest.mark.parametrize(
    ("given_", "wanted"), ARGUMENTS.items(), ids=[each[:40] for each in ARGUMENTS]
)
def test_arguments_become_an_object(given_: str, wanted: dict[str, str]) -> None:
    assert json.loads(repaired("kubectl", given_, OFFERED)) == wanted


@given(st.text(), st.text())
def test_no_text_breaks_the_repair(text: str, more: str) -> None:
    for each in (
        text,
        f"<tool_call>{text}",
        f"<function=kubectl>{text}",
        f"{more}```\n{text}\n```",
    ):
        for call in calls_in(each, OFFERED):
            assert isinstance(json.loads(call.arguments), dict)
        looks_like_a_call(each)
    assert isinstance(json.loads(repaired("kubectl", text, OFFERED)), dict)
