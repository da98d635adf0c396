"""Whole payloads: what is folded, the buttons, the file; and that Slack takes any of them."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import Answer, Attachment, Closed, Decided, Failure, Notice, Outcome, Receipt
from bot.playground import limits
from bot.playground.blocks import check
from bot.slack.wording.blocks import MARKDOWN_BYTES, file_of, plain_posts, posts
from bot.slack.wording.buttons import rating_of
from bot.slack.wording.post import CONTAINER, RATING_BLOCK, Post, without
from bot.slack.wording.text import file_name, safe_file
from tests.slack.conftest import PROPOSAL

TURN = "message:T1:C1:1700000000.000100"
RECEIPTS = tuple(
    Receipt(n, "kubectl", f"kubectl get pods -n shop-{n}", "read", 0, "", "3 lines", 0, 0.1)
    for n in range(1, 9)
)
FINE = f"Checked and fine: {', '.join(f'{n} services' for n in range(20))}."
ANSWER = Answer(
    "`pay` is out of memory [1].",
    "prod",
    RECEIPTS,
    verdict="**CONFIRMED** · Deployment shop/pay: OOMKilled [1].",
    lead=("**Cause:** It needs more than 64Mi. [1]", "**Next:** `kubectl top pods`"),
    remarks=(FINE, "Not checked: events (forbidden)."),
)


def _only(outcome: Outcome, **more: Any) -> Post:
    (post,) = posts(outcome, cluster="prod", turn=TURN, **more)
    return post


def _folded(post: Post) -> str:
    (found,) = (block for block in post.blocks if block["type"] == CONTAINER)
    return "\n".join(child["text"]["text"] for child in found["child_blocks"])


def test_long_evidence_is_folded_and_what_was_not_checked_stays_in_sight() -> None:
    post = _only(ANSWER)

    words, folded, _ = post.blocks
    assert [block["type"] for block in post.blocks] == ["markdown", CONTAINER, RATING_BLOCK]
    assert (folded["is_collapsible"], folded["default_collapsed"]) == (True, True)
    assert folded["title"]["text"] == "Evidence: 8 commands, 1 remark"
    assert "- 8 `kubectl get pods -n shop-8` exit 0, 3 lines" in _folded(post)
    assert FINE in _folded(post)
    assert "_Not checked: events (forbidden)._" in words["text"]
    assert "kubectl get pods -n shop-8" not in words["text"]


def test_what_is_folded_is_all_in_the_text_beside_it() -> None:
    post = _only(ANSWER)

    assert post.text.startswith("**CONFIRMED** · Deployment shop/pay: OOMKilled [1].\n**Cause:**")
    assert "- 8 `kubectl get pods -n shop-8`" in post.text


def test_short_evidence_is_not_folded() -> None:
    post = _only(Answer("Fine.", "prod", RECEIPTS[:1]))

    assert [block["type"] for block in post.blocks] == ["markdown", RATING_BLOCK]


def test_without_a_container_the_same_words_stand_below() -> None:
    full = _only(ANSWER)

    plain = without(full, {CONTAINER})

    assert [block["type"] for block in plain.blocks] == ["markdown", RATING_BLOCK]
    assert plain.blocks[0]["text"].startswith(full.blocks[0]["text"])
    assert plain.blocks[0]["text"].endswith("exit 0, 3 lines")
    assert [b["type"] for b in without(full, {CONTAINER, RATING_BLOCK}).blocks] == ["markdown"]


def test_an_answer_can_be_rated_in_words_that_are_read_out() -> None:
    (element,) = _only(ANSWER).blocks[-1]["elements"]

    assert (element["type"], element["action_id"]) == ("feedback_buttons", "kaia_rating")
    good, bad = element["positive_button"], element["negative_button"]
    assert (good["value"], bad["value"]) == (f"good:{TURN}", f"bad:{TURN}")
    assert (good["text"]["text"], bad["text"]["text"]) == ("Helpful", "Not helpful")
    assert good["accessibility_label"] == "Rate this answer of Kaia as helpful"


def test_only_answers_are_rated_and_only_where_a_press_could_say_which() -> None:
    for outcome in (Notice("help"), Failure("No.", "a1"), Closed("Bye.")):
        assert [block["type"] for block in _only(outcome).blocks] == ["markdown"]
    assert rating_of("") == ()
    assert rating_of("x" * 301) == ()


def test_a_close_out_offers_to_be_posted_or_exported_and_tells_of_its_file() -> None:
    post = _only(
        Closed("It was the disk.", Attachment("close-out.md", "# All"), offers_broadcast=True),
        is_attached=True,
    )

    told = [(each["action_id"], each["text"]["text"]) for each in post.blocks[-1]["elements"]]
    assert told == [
        ("kaia_broadcast", "Post to the channel"),
        ("kaia_export", "Export as a scenario"),
    ]
    assert "All of it is in the file `close-out.md`." in post.text


def test_only_the_first_part_of_a_notice_goes_to_the_channel() -> None:
    long = posts(Notice("word " * 4_000, is_broadcast=True), cluster="prod")

    assert [post.is_broadcast for post in long] == [True, False]
    plain = plain_posts(long[0])
    assert [post.is_broadcast for post in plain][:2] == [True, False]


def test_the_file_of_a_long_answer_holds_all_of_it_and_has_a_name_of_its_own() -> None:
    long = Answer("word " * 10_000, "prod", RECEIPTS)

    file = file_of(long, cluster="prod", ts="1700000000.000100")

    assert file is not None
    assert file.name == "answer-1700000000-000100.md"
    assert file.text.count("word ") >= 9_999
    assert "kubectl get pods -n shop-8" in file.text
    assert file_of(ANSWER, cluster="prod", ts="1.0") is None
    (begun,) = posts(long, cluster="prod", is_attached=True, turn=TURN)
    assert begun.blocks[-1]["type"] == RATING_BLOCK


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("receipt-3.txt", "receipt-3.txt"),
        ("<!channel> <@U1>.txt", "channel- -U1-.txt"),
        ("../../etc/passwd", "etc-passwd"),
        ("\x1b[31m\u202e", "31m"),
        ("", "file.txt"),
    ],
)
def test_a_file_name_is_only_a_name(name: str, expected: str) -> None:
    assert file_name(name) == expected or file_name(name) == "file.txt"
    assert not re.search(r"[<>@!/\\\x00-\x1f]", file_name(name))


def test_a_file_holds_no_html_and_no_image_but_its_code_as_it_is() -> None:
    written = "<img src=x> ![a](https://e.example)\n```\nIP: <none>\n```\n<b>"

    assert safe_file(written) == "&lt;img src=x> a\n```\nIP: <none>\n```\n&lt;b>"


hostile = st.lists(
    st.sampled_from([
        "<!channel>", "<@U1>", "<#C1>", "<https://evil.example|x>", "[a](https://e.example)",
        "![x](https://e.example)", "`", "```", "~~~", "\n", "\n\n", "> ", " ", "&lt;", "&amp;", "&",
        "<", ">", "https://evil.example/?q=", "word " * 30, "\u202e", "\x1b[31m", "é" * 80,
        "\u2028", "&" * 300, "```\n" + "line\n" * 40,
    ]) | st.text(max_size=40),
    max_size=25,
).map("".join)  # fmt: skip


@st.composite
def outcomes(draw: st.DrawFn) -> Outcome:
    text, name, times = draw(hostile), draw(hostile), draw(st.integers(1, 40))
    long = text * times
    file = draw(st.none() | st.just(Attachment(name, long)))
    receipt = Receipt(1, name, text, "refused", None, text, text, 0, 0.1)
    receipts = (receipt,) * draw(st.integers(0, 12))
    proposals = draw(st.sampled_from([(), (PROPOSAL,)]))
    made: list[Outcome] = [
        Answer(long, name, receipts, text, text, text, (text,) * 3, proposals, (text, name)),
        Notice(long, file, is_broadcast=draw(st.booleans())),
        Failure(text, name),
        Closed(long, file, offers_broadcast=draw(st.booleans())),
        Decided(long, PROPOSAL, "1.2", text, receipts),
    ]
    return draw(st.sampled_from(made))


def _strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for inner in value.values():
                yield from _strings(inner)
        case list() | tuple():
            for inner in value:
                yield from _strings(inner)


def _forms(post: Post) -> Iterator[Post]:
    """The post and every simpler form that the ladder may come to."""
    yield post
    while post.optional:
        post = without(post, {post.optional[0]})
        yield post
    yield from plain_posts(post)


@given(outcomes(), st.booleans(), st.sampled_from(["", TURN]))
def test_any_outcome_makes_payloads_that_slack_takes_and_nothing_in_them_is_alive(
    outcome: Outcome, is_attached: bool, turn: str
) -> None:
    for post in posts(outcome, cluster="prod", is_attached=is_attached, turn=turn):
        for form in _forms(post):
            check([dict(block) for block in form.blocks])
            assert form.text
            assert len(form.text.encode()) <= 3_500
            words = sum(len(b["text"].encode()) for b in form.blocks if b["type"] == "markdown")
            assert words <= MARKDOWN_BYTES < limits.MARKDOWN
            for said in _strings([form.text, *form.blocks]):
                assert "<" not in said
                assert "\x1b" not in said
                assert "](" not in said
                assert "\u202e" not in said


@given(outcomes(), hostile)
def test_no_name_of_a_file_is_anything_else(outcome: Outcome, ts: str) -> None:
    file = file_of(outcome, cluster="prod", ts=ts)

    if file is not None:
        assert re.fullmatch(r"[\w.() +-]{1,100}", file.name)
        assert file_name(file.name) == file.name


def test_evidence_that_grows_when_it_is_escaped_is_not_folded_but_fits() -> None:
    odd = Receipt(1, "kubectl", "&" * 300, "refused", None, "", "&" * 1_200, 0, 0.1)

    for post in posts(Answer("a", "prod", (odd,) * 5), cluster="prod"):
        check([dict(block) for block in post.blocks])
