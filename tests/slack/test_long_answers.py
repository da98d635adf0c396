"""A very long answer's message says what counts: the verdict, its beginning, and its evidence."""

import pytest

from bot.dialogue import Answer, Receipt
from bot.slack.wording.blocks import MARKDOWN_BYTES, Post, file_of, posts
from bot.slack.wording.parts import split

TEXT = "\n\n".join(f"## Heading {number}\n\n{'word ' * 180}" for number in range(40))
HEADING = "## Heading"


def _receipts(count: int) -> tuple[Receipt, ...]:
    return tuple(
        Receipt(n, "kubectl", f"kubectl get pods -n shop-{n} > '&'", "read", 0, "", "3 lines", 0, 1)
        for n in range(1, count + 1)
    )


def _answer(text: str, count: int) -> Answer:
    return Answer(
        text,
        "prod",
        _receipts(count),
        "ollama:x",
        verdict="**CONFIRMED**",
        lead=("Cause.", "Next."),
    )


def _begun(answer: Answer) -> Post:
    assert file_of(answer, cluster="prod", ts="1.0") is not None
    (post,) = posts(answer, cluster="prod", is_attached=True, turn="t1")
    return post


@pytest.mark.parametrize("count", [0, 1, 12, 300])
def test_it_has_its_verdict_its_commands_and_its_cluster_and_fits(count: int) -> None:
    post = _begun(_answer(TEXT, count))

    assert post.plain.startswith("**CONFIRMED**\nCause.\nNext.\n\n## Heading 0")
    assert post.plain.count("Cluster `prod` · worded by `ollama:x`") == 1
    assert post.plain.count("all of it is in the file above") == 1
    assert ("kubectl get pods -n shop-1 " in post.plain) is (count > 0)
    assert ("The rest of the evidence is in the file above" in post.plain) is (count == 300)
    assert ("container" in [block["type"] for block in post.blocks]) is (count == 12)
    words = sum(len(str(block).encode()) for block in post.blocks if block["type"] == "markdown")
    assert words + len(post.text.encode()) <= MARKDOWN_BYTES + 100
    assert post.blocks[-1]["type"] == "context_actions"


def test_where_only_the_evidence_is_long_the_words_stand_whole() -> None:
    post = _begun(_answer("It is the disk.", 600))

    assert "It is the disk." in post.plain
    assert post.plain.count("Cluster `prod`") == 1


def test_of_the_beginning_no_heading_is_left_without_its_text() -> None:
    said = _begun(_answer(TEXT, 0)).plain.partition("\n\n_This is the beginning")[0]

    assert not said.rsplit("\n", 1)[-1].startswith(HEADING)


@pytest.mark.parametrize("heading", ["## Heading", "**Heading**"])
@pytest.mark.parametrize("room", range(300, 420, 7))
def test_nothing_is_cut_right_below_a_heading(heading: str, room: int) -> None:
    text = "\n\n".join(f"{heading}\n\n{'word ' * 18}" for _ in range(12))
    parts = split(text, room)

    assert not [part for part in parts if part.rsplit("\n", 1)[-1] == heading]
    assert "".join("".join(parts).split()) == "".join(text.split())
