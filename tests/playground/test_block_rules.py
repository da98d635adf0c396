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

CELL = {"type": "raw_text", "text": "a"}
TABLE = {
    "type": "data_table",
    "caption": "Pods",
    "rows": [[CELL, CELL], [CELL, {"type": "raw_number", "value": 3}]],
}
PIE = {"type": "pie", "segments": [{"label": "ready", "value": 2}]}
FEEDBACK = {
    "type": "feedback_buttons",
    "action_id": "rate",
    "positive_button": {"text": plain("Good"), "value": "good"},
    "negative_button": {"text": plain("Bad"), "value": "bad", "accessibility_label": "Not good"},
}


def feedback(**more: Any) -> dict[str, Any]:
    return {"type": "context_actions", "elements": [FEEDBACK | more]}


def container(children: list[Any], **more: Any) -> dict[str, Any]:
    return {"type": "container", "title": plain("Evidence"), "child_blocks": children} | more


def bars(*, series: int = 1, category: str = "a", label: str = "") -> dict[str, Any]:
    data = [{"label": label or category, "value": 4}]
    return {
        "type": "bar",
        "series": [{"name": f"s{n}", "data": data} for n in range(series)],
        "axis_config": {"categories": [category], "y_label": "restarts"},
    }


def chart(drawn: dict[str, Any]) -> dict[str, Any]:
    return {"type": "data_visualization", "title": "Restarts", "chart": drawn}


GOOD: dict[str, dict[str, Any]] = {
    "markdown": {"type": "markdown", "text": "# hi"},
    "section": {"type": "section", "text": mrkdwn("hi"), "accessory": button()},
    "fields": {"type": "section", "fields": [mrkdwn("a")] * 10},
    "header": {"type": "header", "text": plain("h" * 150)},
    "divider": {"type": "divider"},
    "context": {"type": "context", "elements": [mrkdwn("a"), plain("b")]},
    "actions": {"type": "actions", "elements": [button(confirm=CONFIRM, style="danger")]},
    "feedback": {"type": "context_actions", "elements": [FEEDBACK]},
    "data table": TABLE,
    "pie": {"type": "data_visualization", "title": "Pods", "chart": PIE},
    "bars": {"type": "data_visualization", "title": "Restarts", "chart": bars()},
    "table": {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]},
    "container": container([{"type": "divider"}], is_collapsible=True, default_collapsed=True),
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
        container([{"type": "divider"}] * 11),
        "no more than 10",
    ),
    "odd child": (container([{"type": "x"}]), "unsupported type: x"),
    "box in a box": (container([container([{"type": "divider"}])]), "unsupported type: container"),
    "container of no name": (container([{"type": "divider"}], title=None), "text object"),
    "folded for ever": (container([{"type": "divider"}], default_collapsed=True), "is_collapsible"),
    "half a feedback": (feedback(negative_button=None), "negative_button"),
    "feedback of no value": (
        feedback(positive_button={"text": plain("Good")}),
        "missing required field: value",
    ),
    "data without caption": ({**TABLE, "caption": ""}, "caption"),
    "data without rows": ({**TABLE, "rows": TABLE["rows"][:1]}, "no fewer than 2"),
    "uneven data": ({**TABLE, "rows": [TABLE["rows"][0], [CELL]]}, "same number"),
    "number in words": (
        {**TABLE, "rows": [TABLE["rows"][0], [CELL, {"type": "raw_number", "value": "1"}]]},
        "must be a number",
    ),
    "long page": ({**TABLE, "page_size": 101}, "between 1 and 100"),
    "chart of no title": ({"type": "data_visualization", "chart": PIE}, "more than 0"),
    "chart of no kind": (
        {"type": "data_visualization", "title": "a", "chart": {"type": "donut"}},
        "unsupported type: donut",
    ),
    "seven series": (chart(bars(series=7)), "no more than 6"),
    "long category": (chart(bars(category="c" * 21)), "less than 21"),
    "other categories": (chart(bars(label="z")), "must match"),
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


@pytest.mark.parametrize("kind", ["markdown", "container", "data table", "feedback", "table"])
def test_what_is_for_messages_is_refused_in_a_view(kind: str) -> None:
    assert any("unsupported type" in one for one in blocks.for_view([GOOD[kind]], "/view/blocks"))


def test_a_kind_that_is_switched_off_is_refused_inside_a_container_too() -> None:
    within = container([GOOD["bars"]])
    for shown in (GOOD["bars"], within):
        with pytest.raises(Refused) as refused:
            blocks.check([shown], {"data_visualization"})
        assert "unsupported type: data_visualization" in refused.value.fields["errors"][0]
    blocks.check([within])


def test_long_markdown_counts_inside_containers() -> None:
    with pytest.raises(Refused, match="msg_blocks_too_long"):
        blocks.check([container([{"type": "markdown", "text": "x" * 12_001}])])


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
