"""An outcome becomes messages that name the cluster, list the commands and fit into Slack."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import Answer, Closed, Failure, Notice, Receipt
from bot.slack.wording.blocks import MARKDOWN_BYTES, TEXT_BYTES, Post, plain_posts, posts

RECEIPT = Receipt(1, "kubectl", "kubectl get pods -n shop", "read", 0, "…", "12 lines", 0, 0.1)


def _markdown(post: Post) -> str:
    return str(post.blocks[0]["text"])


def _only(outcome: Answer | Notice | Failure | Closed, cluster: str = "prod") -> str:
    (post,) = posts(outcome, cluster=cluster)
    return _markdown(post)


def test_an_answer_names_its_cluster_its_source_and_every_command() -> None:
    refused = replace(
        RECEIPT, number=2, command="kubectl delete pod x", verdict="refused", exit_code=None,
        note="writes are off",
    )  # fmt: skip
    killed = replace(
        RECEIPT, number=3, command="kubectl logs x", exit_code=None, note="killed after 20 s"
    )
    silent = replace(RECEIPT, number=4, exit_code=1, note="")

    shown = _only(
        Answer("It is **pay**.", "prod", (RECEIPT, refused, killed, silent), "ollama:qwen3:8b")
    )

    assert shown.split("\n") == [
        "It is **pay**.",
        "",
        "Cluster `prod` · worded by `ollama:qwen3:8b` · times are UTC",
        "",
        "- 1 `kubectl get pods -n shop` exit 0, 12 lines",
        "- 2 `kubectl delete pod x` refused: writes are off",
        "- 3 `kubectl logs x` killed after 20 s",
        "- 4 `kubectl get pods -n shop` exit 1",
    ]


def test_verdict_cause_and_next_step_come_first_and_what_code_remarks_comes_after_the_words() -> (
    None
):
    shown = _only(
        Answer(
            "It is the disk.", "prod", (), "builtin", "No model.",
            verdict="**LIKELY** · Pod shop/db: DiskFull [1].",
            lead=("**Likely cause:** The disk is full. [1]", "**Next:** `kubectl get pvc`"),
            remarks=("Checked and fine: 3 nodes.", "Not checked: events (forbidden)."),
        )
    )  # fmt: skip

    assert shown.split("\n") == [
        "**LIKELY** · Pod shop/db: DiskFull [1].",
        "**Likely cause:** The disk is full. [1]",
        "**Next:** `kubectl get pvc`",
        "",
        "No model.",
        "",
        "It is the disk.",
        "",
        "_Checked and fine: 3 nodes._",
        "_Not checked: events (forbidden)._",
        "",
        "Cluster `prod` · worded by `builtin`, fixed rules and no model · times are UTC",
    ]


def test_a_fence_in_the_words_does_not_swallow_the_remarks() -> None:
    shown = _only(Answer("```\nlog", "prod", verdict="**LIKELY** · x", remarks=("Fine: y.",)))

    assert "```\nlog\n```\n\n_Fine: y._" in shown


def test_a_caveat_stands_above_what_it_is_about() -> None:
    shown = _only(Answer("a", "prod", (), "builtin", "The model did not answer."))

    assert shown.startswith("The model did not answer.\n\na\n\nCluster")


def test_a_fence_the_model_left_open_does_not_swallow_the_commands() -> None:
    shown = _only(Answer("```\nlog", "prod", (RECEIPT,)))

    assert shown.startswith("```\nlog\n```\n\nCluster")


def test_a_failure_says_where_and_gives_its_reference() -> None:
    assert _only(Failure("The model did not answer. Ask again.", "a1b2")) == (
        "The model did not answer. Ask again.\n\nCluster `prod` · reference `a1b2`"
    )
    assert _only(Failure("No.", "a1b2"), cluster="").endswith("Reference `a1b2`")


def test_notices_and_goodbyes_are_shown_as_they_are() -> None:
    assert _only(Notice("**help**")) == "**help**"
    assert _only(Closed("Glad to help.")) == "Glad to help."


def test_the_text_beside_the_blocks_holds_the_same_words_escaped_once() -> None:
    (post,) = posts(Notice("# Title\n\na < b & c\n```\nx\n```"), cluster="")

    assert post.text == "# Title\n\na &lt; b &amp; c\n```\nx\n```"


def test_the_text_beside_the_blocks_is_cut_where_slack_would_refuse_it_and_says_so() -> None:
    (post,) = posts(Notice("word " * 1_000), cluster="")

    assert 3_000 < len(post.text) <= TEXT_BYTES
    assert post.text.endswith("word \n…")


def test_nothing_but_spaces_is_still_a_message() -> None:
    (post,) = posts(Notice(" \n "), cluster="")

    assert post.text == "(empty)"
    assert [plain.text for plain in plain_posts(post)] == ["(empty)"]


def test_a_command_cannot_break_out_of_its_code() -> None:
    receipt = replace(RECEIPT, command="kubectl get `x` <!channel>\n" + "y" * 400)

    line = _only(Answer("a", "prod", (receipt,))).splitlines()[-1]

    assert line.startswith("- 1 `kubectl get 'x' &lt;!channel&gt; yyy")
    assert line.endswith("…` exit 0, 12 lines")


def test_long_answers_are_numbered() -> None:
    parts = posts(Answer("word " * 5_000, "prod"), cluster="prod")

    assert len(parts) == 3
    assert _markdown(parts[0]).endswith("_Part 1 of 3_")
    assert _markdown(parts[2]).endswith("_Part 3 of 3_")


@given(st.text(max_size=3_000), st.integers(1, 12))
def test_any_answer_fits_into_slack(text: str, times: int) -> None:
    for post in posts(Answer(text * times, "prod", (RECEIPT,)), cluster="prod"):
        assert len(_markdown(post).encode()) + len(post.text.encode()) <= MARKDOWN_BYTES
        assert len(post.text.encode()) <= TEXT_BYTES
        assert post.text
        assert "<" not in _markdown(post) + post.text
        for plain in plain_posts(post):
            assert len(plain.text.encode()) <= TEXT_BYTES
            assert "<" not in plain.text


def test_the_plain_form_holds_the_same_words() -> None:
    (post,) = posts(Notice("a < b & c\n> quote"), cluster="")

    assert [plain.text for plain in plain_posts(post)] == ["a &lt; b &amp; c\n&gt; quote"]
