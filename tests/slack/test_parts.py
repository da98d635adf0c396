"""Long answers are cut where a reader would cut them, fit, and lose nothing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.wording.parts import split

LIMIT = 300


def _without_space(text: str) -> str:
    return re.sub(r"\s", "", text)


def _is_subsequence(wanted: str, text: str) -> bool:
    rest = iter(text)
    return all(character in rest for character in wanted)


def _is_balanced(part: str) -> bool:
    fence = ""
    for line in part.split("\n"):
        mark = re.match(r" {0,3}(`{3,}|~{3,})", line)
        if mark and not fence:
            fence = mark[1]
        elif mark and set(line.strip()) == {fence[0]} and len(line.strip()) >= len(fence):
            fence = ""
    return not fence


def test_short_text_is_one_part() -> None:
    assert split("one\n\ntwo", 100) == ("one\n\ntwo",)


def test_text_is_cut_between_paragraphs() -> None:
    first, second = "a " * 100, "b " * 100

    assert [part.strip() for part in split(f"{first}\n\n{second}", 350)] == [
        first.strip(),
        second.strip(),
    ]


def test_an_open_fence_is_closed_and_opened_again_with_its_language() -> None:
    lines = "\n".join(f"line {number}" for number in range(60))

    parts = split(f"before\n```text\n{lines}\n```\nafter", LIMIT)

    assert len(parts) > 1
    assert parts[0].endswith("\n```")
    assert all(part.startswith("```text\n") for part in parts[1:])
    assert all(_is_balanced(part) for part in parts)


def test_a_word_longer_than_a_part_is_cut_but_never_inside_an_escape() -> None:
    parts = split("&lt;" * 400, LIMIT)

    assert all(part.replace("\n", "").replace("&lt;", "") == "" for part in parts)
    assert _without_space("".join(parts)) == "&lt;" * 400


paragraph = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="`~"), max_size=400)
fenced = paragraph.map(lambda text: f"```yaml\n{text}\n```")
tilded = paragraph.map(lambda text: f"~~~~\n{text}\n```\n~~~~")
documents = st.lists(paragraph | fenced | tilded, max_size=12).map("\n\n".join)


@given(documents, st.sampled_from([250, 400, 1000]))
def test_parts_fit_and_hold_all_of_the_text_in_order(text: str, limit: int) -> None:
    parts = split(text, limit)

    assert all(len(part.encode()) <= limit for part in parts)
    assert _is_subsequence(_without_space(text), _without_space("".join(parts)))
    added = len(_without_space("".join(parts))) - len(_without_space(text))
    assert added <= 80 * len(parts)


@given(documents)
def test_every_part_has_its_fences_closed(text: str) -> None:
    assert all(_is_balanced(part) for part in split(text, 250))


@pytest.mark.parametrize("marks", ["```", "~~~", "````"])
def test_a_fence_that_is_never_closed_is_closed_in_every_part_but_the_last(marks: str) -> None:
    parts = split(f"{marks}\n" + "x y z\n" * 100, LIMIT)

    assert all(_is_balanced(part) for part in parts[:-1])
