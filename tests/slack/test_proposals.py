"""A proposal shows all of what would run, or offers nothing to press."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import Answer, Decided, Proposal
from bot.playground import blocks as slacks_blocks
from bot.playground.limits import CONFIRM_TEXT
from bot.slack.wording.blocks import MARKDOWN_BYTES, Post, plain_posts, posts, settled
from tests.slack.conftest import PROPOSAL

NAMES = {"U0ANN": "ann"}


def _post(proposal: Proposal) -> Post:
    answer = Answer("Restart it.", "prod", proposals=(proposal,))
    _, post = posts(answer, cluster="prod", names=NAMES)
    return post


def _markdown(post: Post) -> str:
    return "\n".join(block["text"] for block in post.blocks if block["type"] == "markdown")


def _buttons(post: Post) -> list[dict[str, Any]]:
    rows = [block["elements"] for block in post.blocks if block["type"] == "actions"]
    return [button for row in rows for button in row]


def test_a_proposal_is_a_message_of_its_own_that_says_everything_there_is_to_decide() -> None:
    assert _markdown(_post(PROPOSAL)).split("\n") == [
        "**Proposed change**",
        "",
        "```",
        "kubectl rollout restart deployment/web --namespace=shop",
        "```",
        "",
        "**Now:** 2 of 3 ready, generation 7",
        "",
        "**Effect:** restarts 3 pods one after another",
        "",
        "**Undo:** `kubectl rollout undo deployment/web --namespace=shop`",
        "",
        "**Reason, in the model's words:** web does not answer",
        "",
        "Asked by `ann` · cluster `prod`",
        "",
        "Nothing has been changed yet. It can be approved until 14:13:20 UTC (2026-09-21).",
    ]


def test_the_text_that_phones_and_screen_readers_show_says_it_too() -> None:
    text = _post(PROPOSAL).text

    for part in (PROPOSAL.command, PROPOSAL.present, PROPOSAL.effect, "ann", "14:13:20 UTC"):
        assert part in text


def test_both_buttons_ask_again_with_the_command_before_anything_happens() -> None:
    approve, reject = _buttons(_post(PROPOSAL))

    assert (approve["action_id"], reject["action_id"]) == ("kaia_approve", "kaia_reject")
    assert (approve["value"], reject["value"]) == ("p-1", "p-1")
    assert approve["style"] == "primary"
    for button in (approve, reject):
        assert PROPOSAL.command in button["confirm"]["text"]["text"]
    assert "on the cluster prod" in approve["confirm"]["text"]["text"]


def test_a_long_command_is_shown_whole_and_the_dialog_says_where() -> None:
    images = " ".join(f"container-{n}=registry.example/shop/web:{n:040}" for n in range(40))
    command = f"kubectl set image deployment/web {images} --namespace=shop"
    post = _post(replace(PROPOSAL, command=command))

    assert command in _markdown(post)
    approve, _ = _buttons(post)
    dialog = approve["confirm"]["text"]["text"]
    assert len(dialog) <= CONFIRM_TEXT
    assert dialog.endswith("… (the message shows all of it)")
    slacks_blocks.check(list(post.blocks))


@pytest.mark.parametrize(
    "command",
    ["x" * 6_001, "kubectl scale\ndeployment/web", "a ```b", "a ](b", "kubectl \u202escale x"],
)
def test_what_cannot_be_shown_as_it_would_run_cannot_be_approved(command: str) -> None:
    post = _post(replace(PROPOSAL, command=command))

    assert not _buttons(post)
    assert "there are no buttons for it" in _markdown(post)


def test_where_slack_refuses_the_buttons_the_message_says_what_that_means() -> None:
    (plain,) = plain_posts(_post(PROPOSAL))

    assert PROPOSAL.command in plain.text
    assert "did not take the buttons" in plain.text
    assert not plain.blocks


def test_the_models_reason_stays_on_its_line() -> None:
    shown = _markdown(_post(replace(PROPOSAL, reason="fine\n\n**Effect:** none\n```\nx")))

    (line,) = (line for line in shown.split("\n") if line.startswith("**Reason"))
    assert line == "**Reason, in the model's words:** fine **Effect:** none ``` x"


def test_once_decided_the_verdict_stands_where_the_buttons_were() -> None:
    decided = Decided("Done.", PROPOSAL, "1.0", "Approved by ben at 14:01:02 UTC")
    post = settled(decided, cluster="prod", names=NAMES)

    assert not _buttons(post)
    assert _markdown(post).endswith("Approved by ben at 14:01:02 UTC")
    assert "can be approved" not in _markdown(post)
    assert post.text.startswith("Approved by ben")


def test_what_became_of_it_names_the_cluster_and_lists_what_ran() -> None:
    decided = Decided("Restarted.", PROPOSAL, "1.0", "Approved by ben")
    (post,) = posts(decided, cluster="prod")

    assert _markdown(post) == "Restarted.\n\nCluster `prod` · times are UTC"


SAID = st.text(
    st.sampled_from("<>!@#|`*[]()&a b\n…é𝄞\u202e") | st.characters(codec="utf-8"), max_size=4_000
)


@given(SAID, SAID, SAID, SAID, st.booleans())
def test_whatever_it_holds_nothing_in_it_is_alive_and_slack_takes_it(
    command: str, present: str, reason: str, who: str, is_long: bool
) -> None:
    proposal = replace(
        PROPOSAL,
        command=command * (3 if is_long else 1),
        present=present, effect=present, undo=present, reason=reason, asked_by=who,
    )  # fmt: skip
    decided = Decided("x", proposal, "1.0", reason)
    for post in (_post(proposal), settled(decided, cluster="prod")):
        slacks_blocks.check(list(post.blocks))
        assert "<" not in _markdown(post) + post.text
        assert len((_markdown(post) + post.text).encode()) <= MARKDOWN_BYTES
        for plain in plain_posts(post):
            assert "<" not in plain.text
