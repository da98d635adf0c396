"""Slack's text is read as people typed it, and nothing anybody wrote leaves alive."""

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.slack.wording.hanging import with_attachments
from bot.slack.wording.text import (
    code,
    mentioned_users,
    read,
    safe_markdown,
    safe_mrkdwn,
)

NAMES = {"U2": "ben", "C1": "incidents"}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("<@U1> what is wrong?", "what is wrong?"),
        ("<@U1|kaia>: what is wrong?", "what is wrong?"),
        ("what is wrong, <@U1>?", "what is wrong,?"),
        ("ask <@U2> or <@U3>", "ask @ben or @U3"),
        ("ask <@U3|cleo>", "ask @cleo"),
        ("see <#C1> and <#C9|random>", "see #incidents and #random"),
        ("<!here> <!subteam^S1|@ops> <!channel>", "@here @ops @channel"),
        ("<!date^1|{date}^x|yesterday>", "{date}^x|yesterday"),
        ("is <http://shop.prod.svc|shop.prod.svc> up?", "is shop.prod.svc up?"),
        ("see <https://example.org/a|the page>", "see the page (https://example.org/a)"),
        ("see <https://example.org/a>", "see https://example.org/a"),
        ("<mailto:ann@example.org|ann@example.org>", "ann@example.org"),
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("&amp;lt;", "&lt;"),
        ("```kubectl get pods\n-n shop```", "```kubectl get pods\n-n shop```"),
        ("red\x1b[31m and \u202eturned", "red and turned"),
        ("<@U1>", ""),
    ],
)
def test_slack_text_is_read_as_it_was_typed(typed: str, expected: str) -> None:
    assert read(typed, own="U1", names=NAMES) == expected


def test_an_escaped_mention_is_no_mention() -> None:
    assert mentioned_users("&lt;@U2&gt; <@U3> <@W4|x> <@U3>") == ("U3", "W4")
    assert read("&lt;@U2&gt;", own="U1", names=NAMES) == "<@U2>"


def test_very_long_text_is_cut_in_the_middle_and_says_so() -> None:
    readable = read("a" * 30_000 + "the end", own="U1", names={})

    assert len(readable) < 20_100
    assert readable.endswith("the end")
    assert "10007 characters left out" in readable


def test_alerts_forwarded_messages_and_files_are_part_of_what_was_said() -> None:
    event = {
        "text": "<@U1> look",
        "attachments": [
            {"title": "KubePodCrashLooping", "text": "shop/pay restarts", "fallback": "no"},
            {"fields": [{"title": "severity", "value": "page"}]},
            {"fallback": "only this"},
        ],
        "files": [{"name": "dump.txt"}, {"id": "F1"}],
    }

    text = with_attachments(event)

    assert text.splitlines() == [
        "<@U1> look",
        "KubePodCrashLooping",
        "shop/pay restarts",
        "severity: page",
        "only this",
        "(file: dump.txt)",
    ]


def test_previews_of_links_are_not_what_was_said() -> None:
    preview = {"from_url": "https://x.example", "title": "Preview", "text": "Obey."}
    forwarded = {"from_url": "https://s.example", "is_share": True, "text": "It broke."}

    said = with_attachments({"text": "see", "attachments": [preview, forwarded]})

    assert said == "see\nIt broke."


def test_what_only_stands_in_blocks_is_read_from_there() -> None:
    words = [{"type": "text", "text": "a < b "}, {"type": "user", "user_id": "U1"}]
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": "Shop & co"}},
        {"type": "section", "text": {"type": "mrkdwn", "text": "<@U0> &lt;down&gt;"},
         "fields": [{"type": "mrkdwn", "text": " since noon"}]},
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": words}]},
        {"type": "divider"}, "odd", {"type": "rich_text", "elements": "odd", "text": 5},
    ]  # fmt: skip

    said = with_attachments({"text": "", "blocks": blocks})

    assert said == "Shop &amp; co\n<@U0> &lt;down&gt; since noon\na &lt; b <@U1>"
    hanging = with_attachments({"attachments": [{"blocks": blocks[:1], "fallback": "no"}]})
    assert hanging == "Shop &amp; co"
    assert with_attachments({"text": "typed", "blocks": blocks}) == "typed"


def test_blocks_within_blocks_end_somewhere() -> None:
    inside: dict[str, object] = {"type": "text", "text": "deep"}
    for _ in range(100):
        inside = {"type": "rich_text", "elements": [inside]}

    assert with_attachments({"blocks": [inside]}) == ""


def test_a_file_without_words_is_named() -> None:
    assert with_attachments({"text": "", "files": [{"name": "a.log"}]}) == "(file: a.log)"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("<!channel> <@U1> <#C1>", "&lt;!channel&gt; &lt;@U1&gt; &lt;#C1&gt;"),
        ("<https://evil.example|docs>", "&lt;`https://evil.example|docs`&gt;"),
        ("a && b &lt; c", "a && b &lt; c"),
        ("> quoted > text", "> quoted &gt; text"),
        ("![shot](https://evil.example/?q=1)", "shot"),
        ("[docs](https://evil.example/)", "docs (`https://evil.example/`)"),
        ("[docs](https://ok.example/a)", "[docs](https://ok.example/a)"),
        ("[docs](https://ok.example.evil.example/a)", "docs (`https://ok.example.evil.example/a`)"),
        ("[docs](http://ok.example/a)", "docs (`http://ok.example/a`)"),
        ("[docs](https://me@ok.example/a)", "docs (`https://me@ok.example/a`)"),
        (
            "[https://bank.example](https://ok.example/a)",
            "`https://bank.example` (`https://ok.example/a`)",
        ),
        ("go to https://evil.example/?q=1.", "go to `https://evil.example/?q=1`."),
        ("[a [b]](https://evil.example)", "[a [b]] (`https://evil.example`)"),
        ("[r]: https://evil.example", "[r] : `https://evil.example`"),
        ("`[a](https://x.example)`", "`[a] (https://x.example)`"),
        (
            "```\n[a](https://x.example) <!here>\n```",
            "```\n[a] (https://x.example) &lt;!here&gt;\n```",
        ),
        ("![!](x)[c](https://ok.example/)", "! [c](https://ok.example/)"),
        ("**bold** `code` | a | b |", "**bold** `code` | a | b |"),
        ("\x1b]8;;https://evil.example\x07click\x1b]8;;\x07", "click"),
    ],
)
def test_markdown_is_made_safe(written: str, expected: str) -> None:
    assert safe_markdown(written, {"ok.example"}) == expected


def test_plain_text_has_its_ampersands_escaped_too() -> None:
    assert safe_mrkdwn("a & <!here>") == "a &amp; &lt;!here&gt;"


def test_nothing_ends_inline_code_from_inside() -> None:
    assert code("a `b`\n\x1b[2J c") == "`a 'b' c`"


LIVE = re.compile(r"<[@#!a-zA-Z]")
ANYWHERE_LINK = re.compile(r"\]\(")
hostile = st.lists(
    st.sampled_from(
        [
            "<!channel>", "<@U1>", "<#C1>", "<https://evil.example|x>", "[a]", "(https://e.example)",
            "![", "](", "]", "[", "(", ")", "!", "`", "```", "~~~", "\n", "> ", " ",
            "&lt;", "&", "<", ">", "https://evil.example/?q=", "[r]: https://e.example", "word",
            "\u202e", "\u200b", "\x1b[31m", "(https://ok.example/a)",
        ]
    ),
    max_size=40,
).map("".join)  # fmt: skip


@given(hostile | st.text())
@example("![](x)![](x)[a](https://e.example)")
@example("`[a`](https://e.example)")
def test_no_text_leaves_a_live_sequence_an_image_or_a_foreign_link(text: str) -> None:
    safe = safe_markdown(text, {"ok.example"})

    assert "<" not in safe
    assert not re.search(r"!\[[^\]]*\]\(", safe)
    assert "\x1b" not in safe
    assert "\u202e" not in safe
    for found in ANYWHERE_LINK.finditer(safe):
        assert safe.startswith("](https://ok.example/", found.start())
    assert not LIVE.search(safe_mrkdwn(text))


@given(hostile)
def test_what_is_safe_already_stays_readable(text: str) -> None:
    words = text.count("word")

    assert safe_markdown(text).count("word") == words


@pytest.mark.parametrize("bad", ["[a](", "![", "`", "[", "](", "` `` ", "https://", "> ", "![a]("])
def test_no_text_makes_it_slow(bad: str) -> None:
    started = time.perf_counter()

    safe_markdown(bad * (40_000 // len(bad)))

    assert time.perf_counter() - started < 2
