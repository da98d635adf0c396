"""Logs that must fit: repeats are counted, errors keep what stands around them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tools.compaction import compact
from tests.tools.compaction.timing import is_quick

LOGS = ("kubectl", "logs", "web-0")
MARK = re.compile(r"\[… .* …\]|… [\d,]+ more (?:lines|traces) like it.*")


def clock(second: int) -> str:
    return f"2026-11-01T10:{second // 60 % 60:02d}:{second % 60:02d}Z"


def various(count: int, start: int = 0) -> list[str]:
    """Lines of which no two are alike."""
    letters = "bcdfghjklmnpqrstvwxz"
    return [
        f"{clock(n)} step {letters[n % 20]}{letters[n // 20 % 20]}{letters[n // 400 % 20]} done"
        for n in range(start, start + count)
    ]


JAVA = [
    "java.lang.IllegalStateException: no pool",
    "\tat com.shop.Cart.open(Cart.java:12)",
    "\tat com.shop.Cart.main(Cart.java:4)",
    "Caused by: java.net.ConnectException: refused",
    "\t... 4 more",
]
PYTHON = [
    "Traceback (most recent call last):",
    '  File "/app/main.py", line 3, in <module>',
    "    connect()",
    "ConnectionRefusedError: [Errno 111]",
]
GO = [
    "panic: assignment to entry in nil map",
    "",
    "goroutine 1 [running]:",
    "main.main()",
    "\t/app/main.go:12 +0x1d",
    "exit status 2",
]
LINES = st.lists(
    st.one_of(
        st.text(st.characters(exclude_characters="\n"), max_size=60),
        st.sampled_from([*JAVA, *PYTHON, *GO, "ERROR it broke", f"{clock(3)} tick 12", "x" * 900]),
    ),
    max_size=120,
)


@given(LINES, st.integers(0, 3_000))
def test_it_fits_and_counts_every_line(lines: list[str], budget: int) -> None:
    text = "".join(f"{line}\n" for line in lines)

    shown = compact(text, budget, LOGS)

    assert len(shown.text) <= budget
    assert shown.total_lines == len(lines)
    assert 0 <= shown.shown_lines <= shown.total_lines
    assert compact(text, budget, LOGS) == shown


@given(LINES, st.integers(800, 3_000))
def test_every_line_shown_was_there(lines: list[str], budget: int) -> None:
    shown = compact("\n".join(lines), budget, LOGS)

    told = [line for line in shown.text.split("\n") if "[… " not in line]
    told = [line for line in told if not MARK.fullmatch(line)]
    assert set(told) <= {*lines, ""}


@given(st.lists(st.sampled_from([*JAVA, *PYTHON, *GO, "tick 1", "tick 2"]), max_size=200))
def test_shown_repeated_and_left_out_are_all_lines(lines: list[str]) -> None:
    shown = compact("\n".join(lines), 400, LOGS)

    gaps = sum(int(n) for n in re.findall(r"\[… (\d+) lines? left out …\]", shown.text))
    assert shown.shown_lines + gaps <= shown.total_lines


def test_near_repeats_are_counted_with_the_time_they_span() -> None:
    lines = [f"{clock(n)} request {n + 1_000} took {n % 7} ms" for n in range(1_205)]

    shown = compact("\n".join([*lines, *various(20, 1_300)]), 2_000, LOGS).text.split("\n")

    assert shown[0] == lines[0]
    assert shown[1] == "… 1,204 more lines like it, 10:00:00 to 10:20:04"


def test_a_time_span_over_midnight_names_the_days() -> None:
    lines = [f"2026-11-0{1 + n // 50}T23:00:{n % 50:02d}Z tick {n}" for n in range(100)]

    shown = compact("\n".join([*lines, *various(20)]), 1_500, LOGS).text

    assert ", 2026-11-01 23:00:00 to 2026-11-02 23:00:49" in shown


def test_repeats_need_not_follow_each_other() -> None:
    lines = [line for n in range(300) for line in (f"ping {n}", f"pong {n}")]

    shown = compact("\n".join([*lines, *various(20)]), 1_200, LOGS).text

    assert "ping 0\n… 299 more lines like it\npong 0\n… 299 more lines like it" in shown


def test_a_failed_request_is_no_repeat_of_a_good_one() -> None:
    lines = [f"GET /cart/{n} 200 in {n}ms" for n in range(500)]
    lines[250] = "GET /cart/250 503 in 3ms"

    assert lines[250] in compact("\n".join([*lines, *various(20)]), 1_500, LOGS).text


def test_the_same_line_from_several_containers_is_told_once() -> None:
    lines = [f"[pod/web-{n % 3}/app] {clock(n)} cache miss {n}" for n in range(90)]

    shown = compact("\n".join([*lines, *various(20)]), 1_500, LOGS).text

    assert "… 89 more lines like it, 10:00:00 to 10:01:29, from 3 containers" in shown


@pytest.mark.parametrize("trace", [JAVA, PYTHON, GO])
@pytest.mark.parametrize("prefix", ["", "[pod/web-0/app] ", f"{clock(9)} "])
def test_a_stack_trace_stays_together(trace: list[str], prefix: str) -> None:
    told = [f"{prefix}{line}" for line in trace]
    lines = [*various(300), *told, *various(300, 300)]

    assert "\n".join(told) in compact("\n".join(lines), 1_800, LOGS).text


def test_a_trace_that_is_told_often_is_told_once() -> None:
    lines = [line for n in range(40) for line in (f"{clock(n)} try {n}", *JAVA)]

    shown = compact("\n".join([*lines, *various(20)]), 1_500, LOGS).text

    assert shown.count("IllegalStateException") == 1
    assert "… 39 more traces like it" in shown


def test_of_a_long_trace_both_ends_are_shown() -> None:
    frames = [f"\tat com.shop.Frame{n}.call(Frame.java:{n})" for n in range(200)]
    trace = [JAVA[0], *frames, "Caused by: java.net.ConnectException: refused"]

    shown = compact("\n".join([*various(100), *trace, *various(100, 100)]), 1_500, LOGS).text

    assert JAVA[0] in shown
    assert "Caused by: java.net.ConnectException" in shown
    assert re.search(r"\[… \d+ lines of it left out …\]", shown)


def test_an_error_keeps_the_lines_beside_it() -> None:
    lines = [*various(400), "ERROR could not connect", *various(400, 400)]

    shown = compact("\n".join(lines), 1_500, LOGS).text

    assert f"{lines[399]}\nERROR could not connect\n{lines[401]}" in shown


def test_the_end_of_a_log_is_told_as_it_is() -> None:
    lines = [f"{clock(n)} tick {n}" for n in range(400)]

    assert compact("\n".join(lines), 1_000, LOGS).text.endswith("\n".join(lines[-8:]))


def test_the_last_error_is_there_among_thousands() -> None:
    lines = [*various(2_000), "FATAL disk is gone", *various(2_000, 2_000)]

    assert "FATAL disk is gone" in compact("\n".join(lines), 800, LOGS).text


@pytest.mark.parametrize(
    "line",
    [
        f"{clock(5)} INFO request 5 from 10.0.0.5 took 7 ms path=/api/v1/cart/5 agent=curl",
        "panic: " + "(" * 400,
        "A" * 200 + "(",
    ],
)
def test_a_megabyte_takes_less_than_half_a_second(line: str) -> None:
    text = "\n".join(f"{line} {n}" for n in range(1_000_000 // len(line)))

    assert is_quick(text, LOGS)
