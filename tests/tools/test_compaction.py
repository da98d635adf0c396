"""Output that must fit, and must say what it does not show."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tools.compaction import Compacted, compact
from bot.tools.compaction.forms import Form, form_of

LINES = st.lists(
    st.one_of(
        st.text(st.characters(exclude_characters="\n"), max_size=60),
        st.sampled_from(["ERROR it broke", "same line", "", "x" * 5_000]),
    ),
    max_size=80,
)
FORM_OF = [
    (),
    ("kubectl", "get", "pods"),
    ("kubectl", "logs", "web-0"),
    ("kubectl", "describe", "pod", "web-0"),
    ("kubectl", "get", "pods", "--output=yaml"),
    ("kubectl", "get", "pods", "--output=json"),
]


def numbered(count: int) -> list[str]:
    return [f"line {n:05d} is quite ordinary" for n in range(count)]


@given(LINES, st.integers(0, 3_000))
def test_it_fits_and_counts_every_line(lines: list[str], budget: int) -> None:
    text = "".join(f"{line}\n" for line in lines)

    compacted = compact(text, budget)

    assert len(compacted.text) <= budget
    assert compacted.total_lines == len(lines)
    assert 0 <= compacted.shown_lines <= compacted.total_lines
    assert compacted.cut == (compacted.text != text.removesuffix("\n"))


@given(st.integers(0, 400), st.integers(100, 5_000))
def test_kept_lines_stay_in_order_and_the_rest_is_counted(count: int, budget: int) -> None:
    lines = [f"{line}, error" if n % 5 == 0 else line for n, line in enumerate(numbered(count))]

    shown = compact("\n".join(lines), budget)

    kept = [line for line in shown.text.split("\n") if line in lines]
    assert kept == sorted(kept)
    assert len(kept) == shown.shown_lines
    left_out = sum(int(n) for n in re.findall(r"\[… (\d+) lines? left out …\]", shown.text))
    assert left_out + len(kept) == count


def test_what_fits_is_given_back_whole() -> None:
    text = "same\n" * 20 + "x" * 300 + "\n"

    assert compact(text, 1_000) == Compacted(text[:-1], 21, 21, cut=False)


def test_nothing_is_no_line() -> None:
    assert compact("", 100) == Compacted("", 0, 0, cut=False)


def test_beginning_and_end_are_kept() -> None:
    shown = compact("\n".join(numbered(1_000)), 1_000).text.split("\n")

    assert shown[0] == "line 00000 is quite ordinary"
    assert shown[-1] == "line 00999 is quite ordinary"


@pytest.mark.parametrize(
    "trouble",
    [
        "ERROR could not connect",
        "panic: runtime error",
        "java.lang.NullPointerException",
        "dial tcp: connection refused",
        "permission denied",
        "context deadline exceeded",
        "Killed process 7 (java), OOM",
        "WARN disk is nearly full",
        "web-7   0/1   Running   0   5d",
        "web-7   0/1   CrashLoopBackOff   9   5d",
    ],
)
def test_trouble_in_the_middle_is_kept(trouble: str) -> None:
    lines = [*numbered(500), trouble, *numbered(500)]

    assert trouble in compact("\n".join(lines), 1_000).text.split("\n")


def test_each_kind_of_trouble_is_kept_before_any_a_second_time() -> None:
    lines = [*numbered(200), "warning: only once", *(f"error {n} of many" for n in range(500))]
    lines += numbered(200)

    assert "warning: only once" in compact("\n".join(lines), 900).text


def test_repeated_lines_are_folded() -> None:
    text = "\n".join(["begin", *["tick"] * 38, *numbered(3), "end"])

    shown = compact(text, 200)

    assert shown.text.split("\n")[:3] == ["begin", "tick", "… 37 more lines like it"]
    assert "left out" not in shown.text
    assert (shown.shown_lines, shown.total_lines, shown.cut) == (6, 43, True)


def test_lines_that_differ_in_their_time_alone_are_folded_and_say_when_they_ended() -> None:
    lines = [f"2026-11-01T00:00:{n:02d}Z tick" for n in range(30)]

    assert compact("\n".join(lines), 200).text == (
        "2026-11-01T00:00:00Z tick\n… 29 more lines like it, the last at 2026-11-01T00:00:29Z"
    )


def test_rows_that_differ_in_a_number_are_not_the_same() -> None:
    rows = [f"web-{n}   {n % 2}/1   Running" for n in range(40)]

    assert "like it" not in compact("\n".join(rows), 300).text


def test_a_long_line_is_cut_in_its_middle() -> None:
    shown = compact("begin" + "x" * 5_000 + "end", 600)

    assert re.fullmatch(r"beginx+\[… \d+ characters left out …\]x+end", shown.text)
    assert shown.cut


def test_even_a_budget_too_small_for_a_line_says_that_something_is_missing() -> None:
    assert compact("\n".join(numbered(10)), 30).text == "[… 10 lines left out …]"


@pytest.mark.parametrize(
    ("command", "form"),
    [
        ("get pods", Form.TABLE),
        ("get pods --output=wide", Form.TABLE),
        ("get pods --output=custom-columns=A:.x", Form.TABLE),
        ("top nodes", Form.TABLE),
        ("events", Form.TABLE),
        ("get pods --output=yaml", Form.YAML),
        ("version --output=json", Form.JSON),
        ("get pods --output=jsonpath={.items}", Form.TEXT),
        ("get pods --output=name", Form.TEXT),
        ("logs web-0", Form.LOG),
        ("describe pod web-0", Form.DESCRIPTION),
        ("rollout status deployment/web", Form.TEXT),
        ("", Form.TEXT),
    ],
)
def test_the_command_tells_the_form(command: str, form: Form) -> None:
    assert form_of(("kubectl", *command.split())) is form


@given(LINES, st.integers(0, 3_000), st.sampled_from(list(Form)))
def test_any_text_taken_for_any_form_fits_and_is_counted(
    lines: list[str], budget: int, form: Form
) -> None:
    argv = next(argv for argv in FORM_OF if form_of(argv) is form)
    text = "".join(f"{line}\n" for line in lines)

    compacted = compact(text, budget, argv)

    assert len(compacted.text) <= budget
    assert compacted.total_lines == len(lines)
    assert 0 <= compacted.shown_lines <= compacted.total_lines
    assert compacted == compact(text, budget, argv)
