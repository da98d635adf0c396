"""Which blocks a message may hold: a table of payloads with what is wrong with them."""

import contextlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playground import blocks
from bot.playground.calls import Refused


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, str]:
    return {"type": "mrkdwn", "text": text}


def button(**more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain("Go"), "action_id": "go", **more}


CONFIRM = {
    "title": plain("Sure?"),
    "text": mrkdwn("*Yes*"),
    "confirm": plain("Y"),
    "deny": plain("N"),
}

GOOD: dict[str, dict[str, Any]] = {
    "markdown": {"type": "markdown", "text": "# hi"},
    "section": {"type": "section", "text": mrkdwn("hi"), "accessory": button()},
    "fields": {"type": "section", "fields": [mrkdwn("a")] * 10},
    "header": {"type": "header", "text": plain("h" * 150)},
    "divider": {"type": "divider"},
    "context": {"type": "context", "elements": [mrkdwn("a"), plain("b")]},
    "actions": {"type": "actions", "elements": [button(confirm=CONFIRM, style="danger")]},
    "feedback": {"type": "context_actions", "elements": [{"type": "feedback_buttons"}]},
    "table": {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]},
    "container": {"type": "container", "child_blocks": [{"type": "divider"}]},
    "image": {"type": "image", "alt_text": "a", "image_url": "https://example.org/a.png"},
    "rich text": {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]},
}

BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no type": ({"text": "hi"}, "missing required field: type"),
    "unknown": ({"type": "marquee"}, "unsupported type: marquee"),
    "alert is for modals": ({"type": "alert"}, "unsupported type: alert"),
    "input is for modals": ({"type": "input"}, "unsupported type: input"),
    "empty markdown": ({"type": "markdown", "text": ""}, "more than 0 characters"),
    "section of nothing": ({"type": "section"}, "missing required field: text"),
    "section text as string": ({"type": "section", "text": "hi"}, "text object"),
    "long section": ({"type": "section", "text": mrkdwn("x" * 3_001)}, "less than 3001"),
    "11 fields": ({"type": "section", "fields": [mrkdwn("a")] * 11}, "no more than 10"),
    "long field": ({"type": "section", "fields": [mrkdwn("x" * 2_001)]}, "less than 2001"),
    "long header": ({"type": "header", "text": plain("h" * 151)}, "less than 151"),
    "mrkdwn header": ({"type": "header", "text": mrkdwn("h")}, "plain_text"),
    "empty context": ({"type": "context", "elements": []}, "no fewer than 1"),
    "11 in context": ({"type": "context", "elements": [mrkdwn("a")] * 11}, "no more than 10"),
    "26 actions": (
        {"type": "actions", "elements": [button(action_id=str(n)) for n in range(26)]},
        "no more than 25",
    ),
    "action twice": ({"type": "actions", "elements": [button(), button()]}, "already exists"),
    "text in actions": ({"type": "actions", "elements": [mrkdwn("a")]}, "unsupported type"),
    "long button": ({"type": "actions", "elements": [button(text=plain("b" * 76))]}, "than 76"),
    "long value": ({"type": "actions", "elements": [button(value="v" * 2_001)]}, "than 2001"),
    "odd style": ({"type": "actions", "elements": [button(style="loud")]}, "primary, danger"),
    "bare confirm": ({"type": "actions", "elements": [button(confirm={})]}, "text object"),
    "button as feedback": ({"type": "context_actions", "elements": [button()]}, "unsupported"),
    "long row": ({"type": "table", "rows": [[{"type": "raw_text", "text": "a"}] * 21]}, "than 20"),
    "long table": ({"type": "table", "rows": [[{"type": "raw_text"}]] * 101}, "than 100"),
    "odd cell": ({"type": "table", "rows": [[mrkdwn("a")]]}, "unsupported type: mrkdwn"),
    "full container": (
        {"type": "container", "child_blocks": [{"type": "divider"}] * 11},
        "no more than 10",
    ),
    "odd child": ({"type": "container", "child_blocks": [{"type": "x"}]}, "unsupported type: x"),
    "image without words": ({"type": "image", "image_url": "https://a.example"}, "alt_text"),
    "kind that is no word": ({"type": ["section"]}, "unsupported type: ['section']"),
    "element of no kind": ({"type": "actions", "elements": [{"type": {}}, 3]}, "unsupported"),
    "numbered block": ({"type": "divider", "block_id": 5}, "must be a string"),
    "odd rich text": ({"type": "rich_text", "elements": [mrkdwn("a")]}, "unsupported type"),
}


@pytest.mark.parametrize("name", GOOD)
def test_good_blocks_pass(name: str) -> None:
    blocks.check([GOOD[name]])


@pytest.mark.parametrize("name", BAD)
def test_bad_blocks_are_refused_with_what_is_wrong(name: str) -> None:
    block, expected = BAD[name]
    with pytest.raises(Refused) as refused:
        blocks.check([block])

    assert refused.value.error == "invalid_blocks"
    assert any(expected in message for message in refused.value.fields["errors"])
    assert all("json-pointer:/blocks" in message for message in refused.value.fields["errors"])


def test_a_block_id_stands_for_one_block() -> None:
    with pytest.raises(Refused) as refused:
        blocks.check([{"type": "divider", "block_id": "a"}] * 2)

    assert "already exists" in refused.value.fields["errors"][0]


def test_there_is_one_table_to_a_message() -> None:
    with pytest.raises(Refused, match="invalid_blocks"):
        blocks.check([GOOD["table"]] * 2)


_WORDS = st.sampled_from(
    [
        "type",
        "text",
        "elements",
        "rows",
        "fields",
        "accessory",
        "label",
        "element",
        "child_blocks",
        "block_id",
        "action_id",
        "options",
        "confirm",
        "style",
        "title",
        "deny",
    ]
)
_KINDS = st.sampled_from([*(str(block["type"]) for block in GOOD.values()), "mrkdwn", "plain_text"])
_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | _KINDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_WORDS, inner, max_size=5),
    max_leaves=12,
)


@settings(deadline=None)
@given(st.lists(st.dictionaries(_WORDS, _ANYTHING, min_size=1), max_size=3), _KINDS)
def test_whatever_an_app_sends_is_taken_or_refused(sent: list[dict[str, Any]], kind: str) -> None:
    with contextlib.suppress(Refused):
        blocks.check([{**block, "type": kind} for block in sent])
    with contextlib.suppress(Refused):
        blocks.check(sent)
