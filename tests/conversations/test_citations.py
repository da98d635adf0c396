"""A claim stands on commands that were run, or it is struck through; nothing else is touched."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversations.turns.citations import checked

KNOWN = range(1, 6)


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ("The pod was killed [3].", {3}),
        ("The pod was killed. [3]", {3}),
        ("Killed [1, 2] and gone [1][2].", {1, 2}),
        ("Killed [3-5], and [2\u20134].", {2, 3, 4, 5}),
        ("- **pay**: killed [1] [2]\n- web: well [4]", {1, 2, 4}),
        ("| pod | why |\n|---|---|\n| pay | killed [3] |", {3}),
        ("See [3]: it was killed (see [4]).", {3, 4}),
        ("`pay` [1] and `web`[2].", {1, 2}),
        ("[1] It was killed. [2] It is back.", {1, 2}),
        ("Nothing here.", set()),
    ],
)
def test_claims_on_commands_that_were_run_stand(said: str, numbers: set[int]) -> None:
    found = checked(said, KNOWN)

    assert (found.markdown, set(found.cited), found.struck) == (said, numbers, 0)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("It was killed [9].", "~~It was killed [9].~~{no9}"),
        ("It was killed. [9]", "~~It was killed. [9]~~{no9}"),
        (
            "It is up [1]. It was killed [9]. It is back [2].",
            "It is up [1]. ~~It was killed [9].~~{no9} It is back [2].",
        ),
        ("- killed [9]\n- well [1]", "- ~~killed [9]~~{no9}\n- well [1]"),
        ("3. killed [9]", "3. ~~killed [9]~~{no9}"),
        ("- [x] killed [9]", "- [x] ~~killed [9]~~{no9}"),
        ("> killed\n> twice [9]", "> ~~killed~~\n> ~~twice [9]~~{no9}"),
        ("# Killed [9]\nIt was.", "# ~~Killed [9]~~{no9}\nIt was."),
        ("killed [8][9]", "~~killed [8][9]~~ (no commands 8 and 9 were run)"),
        (
            "killed [11-20]",
            "~~killed [11-20]~~ (no commands 11, 12, 13, 14, 15 and others were run)",
        ),
        ("**Killed [9]. Twice.** And back [1].", "~~**Killed [9]. Twice.**~~{no9} And back [1]."),
        ("**Killed. Twice [9].** And back [1].", "~~**Killed. Twice [9].**~~{no9} And back [1]."),
        (
            "| pod | why [9] |\n|---|---|\n| pay \\| a | `x|y` [8] |",
            "| pod | ~~why [9]~~{no9} |\n|---|---|\n| pay \\| a | ~~`x|y` [8]~~{no8} |",
        ),
        ("~5 pods [9]", "~~\\~5 pods [9]~~{no9}"),
        ("a ~~b [9]", "~~a b [9]~~{no9}"),
        ("`a ~~ b` [9]~", "~~`a ~~ b` [9]~~{no9}"),
        ("killed  \nwell [9]", "killed  \n~~well [9]~~{no9}"),
        ("One [9], e.g. Pay. Two [1]", "~~One [9], e.g. Pay.~~{no9} Two [1]"),
        ("1.5 GiB of v1.2.3 [9]", "~~1.5 GiB of v1.2.3 [9]~~{no9}"),
        ("a [9]\r\n", "~~a [9]~~{no9}\r\n"),
        ("A [9].\n\n```\nx [9]\n```\nB [9]", "~~A [9].~~{no9}\n\n```\nx [9]\n```\n~~B [9]~~{no9}"),
    ],
)
def test_a_claim_on_nothing_that_was_run_is_struck_through(said: str, shown: str) -> None:
    noted = shown.replace("{no9}", " (no command 9 was run)")
    noted = noted.replace("{no8}", " (no command 8 was run)")

    assert checked(said, KNOWN).markdown == noted


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Killed [1, 9].", "Killed [1]."),
        ("Killed [1][9].", "Killed [1]."),
        ("Killed [9] and gone [1].", "Killed and gone [1]."),
        ("[9] Killed and gone [1].", "Killed and gone [1]."),
        ("Killed [3-7].", "Killed [3, 4, 5]."),
        ("Killed [1]. [9]", "Killed [1]."),
        ("- [9] killed [1]", "- killed [1]"),
        ("Killed [1], [9], [2].", "Killed [1],, [2]."),
    ],
)
def test_where_one_number_is_right_only_the_wrong_ones_go(said: str, shown: str) -> None:
    found = checked(said, KNOWN)

    assert (found.markdown, found.struck) == (shown, 0)
    assert 1 in found.cited or 3 in found.cited


@pytest.mark.parametrize(
    "said",
    [
        "`items[9]` and `[9]`",
        "items[9] is empty",
        "f()[9]",
        "a[0][9]",
        "``a ` [9]``",
        "```\n[9]\n```",
        "~~~yaml\n- [9]\n~~~",
        "- a\n  ```\n  [9]\n  ```",
        "> ```\n> [9]\n> ```",
        "text\n\n    code [9]",
        "```\n[9]",
        "[9](https://a.example)",
        "![9](a.png)",
        "[see [9]](https://a.example)",
        "https://a.example/x[9]",
        "<https://a.example/[9]>",
        "[9]: https://a.example\n\nSee [9] there.",
        "[^9] and\n\n[^9]: note",
        "- [x] done\n- [ ] not",
        "\\[9] is typed",
        "[9x] [x9] [a, 9]",
        "[12345678]",
        "~~killed [9]~~",
        "[9][here]",
        "[9]th",
        "[]",
    ],
)
def test_what_only_looks_like_a_citation_is_left_alone(said: str) -> None:
    found = checked(said, KNOWN)

    assert (found.markdown, found.cited, found.struck) == (said, frozenset(), 0)


def test_numbers_that_are_taken_out_or_struck_through_are_told() -> None:
    found = checked("A [9]. B [1, 8]. C [2] [7]. D `[5]`.", KNOWN)

    assert found.not_run == {7, 8, 9}
    assert checked("A [1]. B [2].", KNOWN).not_run == frozenset()


@pytest.mark.parametrize(
    "said",
    [
        "It ends with \u201cindex out of range [9] with length 7\u201d [1].",
        'It ends with "index out of range [9] with length 7".',
        "It says \u201cpanic [9] in main\u201d.",
    ],
)
def test_a_number_amid_quoted_words_is_a_programs(said: str) -> None:
    found = checked(said, KNOWN)

    assert (found.markdown, found.struck, found.not_run) == (said, 0, frozenset())


@pytest.mark.parametrize(
    "said", ['He said "it is full [9]."', "\u201cIt is full [9]\u201d it said."]
)
def test_a_number_behind_quoted_words_is_a_citation(said: str) -> None:
    assert checked(said, KNOWN).not_run == {9}


def test_how_many_claims_were_struck_is_counted() -> None:
    assert checked("A [9]. B [8]. C [1, 9]. D [2].", KNOWN).struck == 2


def test_a_range_without_end_is_no_work() -> None:
    found = checked("Killed [1-999999].", KNOWN)

    assert (found.markdown, set(found.cited)) == ("Killed [1].", {1})


PIECES = st.sampled_from(
    [
        "A pod",
        "was killed",
        "[1]",
        "[9]",
        " [1, 9]",
        "[3-7]",
        "[8][9]",
        ".",
        ". ",
        "! ",
        "\n",
        "\n\n",
        "- ",
        "1. ",
        "> ",
        "# ",
        "| ",
        "|---|---|",
        "```",
        "`",
        "**",
        "*",
        "_",
        "~~",
        "~",
        "  \n",
        "    ",
        "[x](https://a.example)",
        "items[9]",
        "[9]: x",
        "e.g. ",
        "(",
        ")",
        "\\",
        "\t",
        "\r\n",
        "[ ] ",
    ]
)
MARKDOWN = st.lists(PIECES, max_size=30).map("".join)


@settings(max_examples=400)
@given(MARKDOWN)
def test_checking_twice_is_checking_once(said: str) -> None:
    once = checked(said, KNOWN)

    twice = checked(once.markdown, KNOWN)
    assert twice.markdown == once.markdown
    assert twice.struck == 0


@given(st.text())
def test_any_text_without_a_number_in_brackets_comes_back_as_it_was(said: str) -> None:
    if not any(f"{digit}]" in said for digit in "0123456789"):
        assert checked(said, KNOWN).markdown == said


@given(MARKDOWN)
def test_where_every_command_was_run_nothing_changes(said: str) -> None:
    assert checked(said, range(100)).markdown == said


@given(MARKDOWN.filter(lambda said: "[" not in said and "`" not in said), st.text("ab. \n"))
def test_nothing_outside_the_claims_changes(before: str, after: str) -> None:
    said = f"{before}\n\nIt was killed [9].\n\n{after}"
    shown = checked(said, KNOWN).markdown

    assert shown in {f"{before}\n\n~~It was killed [9].~~ (no command 9 was run)\n\n{after}", said}


def test_a_long_answer_is_checked_quickly() -> None:
    said = "\n".join(["* [[a* `b` ~~c **d [9] _e (f` [1] | g"] * 800)

    assert set(checked(said, KNOWN).cited) == {1}
