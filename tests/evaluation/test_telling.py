"""A run as text for a terminal, and as data for programs."""

import json

import pytest

from bot.evaluation import printed
from bot.evaluation.amounts import dollars, number, percent
from bot.evaluation.printed import to_json
from bot.evaluation.results import Exchange, Problem
from bot.evaluation.telling import told
from tests.evaluation.runs import MISSING, PRICE, attempt, attempts, command, run

HOSTILE = "\x1b]0;owned\x07\x1b[31mred\u202e\r\n"


def test_a_run_is_told_in_lines() -> None:
    tried = run(attempts("cart", 2, 2), attempts("images", 0, 2), price=PRICE)

    assert told(tried).splitlines() == [
        "ollama:qwen3:8b: 2 scenarios, each tried 2 times, by Kaia 0.1.0",
        "",
        "Pass@1      50 % of 2 scenarios (95 %: 9 % to 91 %)",
        "Pass^2      50 % of 2 scenarios (95 %: 9 % to 91 %)",
        "seconds     11.5 for an attempt, nine of ten: 12 or less",
        "calls       2 for an attempt",
        "tokens in   1,500 for an attempt, nine of ten: 2,000 or less",
        "tokens out  150 for an attempt, nine of ten: 200 or less",
        "cost        $0.012 for all, $0.003 for an attempt",
        "problems    missing fact 2",
        "verdicts    CONFIRMED 4",
        "",
        "Worst first, of 1 scenario that did not always pass:",
        "  0 of 2    images",
        "            The answer does not say “64Mi”.",
        "            11.5 s, 2 calls, 1,500 tokens in, 150 out, $0.003",
    ]


def test_a_cost_that_nobody_knows_is_a_dash() -> None:
    assert "cost        -\n" in told(run(attempts("cart", 1, 1)))


def test_a_run_of_one_attempt_each_has_no_second_share() -> None:
    said = told(run(attempts("cart", 1, 1)))

    assert "Pass^" not in said
    assert "1 scenario, each tried once" in said
    assert said.endswith("\n\nEvery attempt passed.\n")


def test_a_run_that_goes_on_says_how_far_it_is() -> None:
    said = told(run(attempts("cart", 1, 1), repeats=5))

    assert "Not whole yet: 1 of 5 attempts have ended." in said
    assert "Pass^5      -\n" in said
    assert told(run(scenarios={"cart": "x"})).endswith("Nothing has been tried yet.\n")


def test_refused_commands_are_counted() -> None:
    refused = command(verdict="refused", exit_code=None)
    tried = attempt("cart", 1, exchanges=(Exchange("a", commands=(refused, refused)),))

    assert "refused     2 commands in 1 attempt\n" in told(run([tried]))


def test_at_most_fifteen_scenarios_are_told() -> None:
    said = told(run(*(attempts(f"s{each:02}", 0, 1) for each in range(20))))

    assert said.count("0 of 1") == 15
    assert said.endswith("  and 5 more\n")


def test_two_runs_are_told_side_by_side() -> None:
    one = run(attempts("a", 0, 2), attempts("b", 2, 2), attempts("c", 2, 2), attempts("d", 1, 2))
    there = {"a": "digest-a", "b": "digest-b", "c": "of-another-day"}
    other = run(
        *(attempts("a", 1, 2), attempts("b", 1, 2), attempts("c", 0, 2)),
        model="builtin",
        scenarios=there,
    )

    assert told(one, [other]).splitlines()[-6:] == [
        "Beside builtin (builtin, Kaia 0.1.0):",
        "  1 better, 1 worse, 0 the same: could be chance (p = 1.00).",
        "  Pass@1 on the scenarios in common: 50 %, and 50 % there.",
        "  worse: a (0 %, 50 % there)",
        "  Not comparable, for their content differs: c",
        "  Tried in one of the two alone: 1",
    ]


def test_nothing_that_a_model_said_reaches_the_terminal_as_it_is() -> None:
    problem = Problem("no answer", f"Question 1 got no answer: {HOSTILE}")
    tried = run([attempt(f"a{HOSTILE}", 1, problem)], model=f"m{HOSTILE}", kaia=HOSTILE)
    said = told(tried, [run(attempts("b", 1, 1), model=HOSTILE, folder=HOSTILE)])

    assert said.isprintable() or set(filter(lambda each: not each.isprintable(), said)) == {"\n"}
    assert "owned" not in said


@pytest.mark.parametrize(
    ("columns", "widest"), [(20, 60), (60, 60), (79, 79), (90, 90), (100, 100), (300, 100)]
)
def test_no_line_is_wider_than_a_terminal(columns: int, widest: int) -> None:
    wide = Problem("missing fact", "word " * 100)
    names = [f"{'n' * 95}{each}" for each in range(3)]
    tokens = {"prompt_tokens": 10**9, "completion_tokens": 10**9, "seconds": 10**5}
    tried = run(
        *([attempt(name, 1, wide, **tokens)] for name in names),
        [attempt("last", 1, MISSING)],
        model="m" * 60,
        kaia="k" * 40,
        price=PRICE,
    )
    other = run(*(attempts(name, 2, 2) for name in names), folder="f" * 80)
    changed = run(*(attempts(name, 1, 1) for name in names), scenarios=dict.fromkeys(names, "x"))
    lines = told(tried, [other, changed], width=columns).splitlines()

    assert widest - 5 < max(map(len, lines)) <= widest


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "0 %"), (0.001, "<1 %"), (0.504, "50 %"), (0.999, ">99 %"), (1, "100 %")],
)
def test_only_all_of_them_are_a_hundred_percent(value: float, said: str) -> None:
    assert percent(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "-"),
        (0.0, "$0.00"),
        (0.00042, "$0.00042"),
        (0.000056, "$0.000056"),
        (0.0000000002, "<$0.000001"),
        (0.003, "$0.003"),
        (0.0999, "$0.1"),
        (0.1, "$0.10"),
        (1234.5, "$1,234.50"),
    ],
)
def test_small_sums_keep_their_digits(value: float | None, said: str) -> None:
    assert dollars(value) == said


def test_numbers_have_as_many_digits_as_mean_something() -> None:
    assert [number(each) for each in (2, 2.34, 123.4, 12345)] == ["2", "2.3", "123", "12,345"]


def test_of_figures_that_are_all_the_same_one_is_told() -> None:
    free = {"prompt_tokens": 0, "completion_tokens": 0, "model_calls": 0}
    said = told(run([attempt("cart", each, **free) for each in (1, 2)]))

    assert "calls       0 for an attempt\n" in said
    assert "tokens in   0 for an attempt\n" in said
    assert "seconds     11.5 for an attempt, nine of ten: 12 or less\n" in said


def test_of_runs_with_unlike_numbers_of_attempts_it_is_said_which_are_compared() -> None:
    one, other = run(attempts("a", 1, 1)), run(attempts("a", 1, 5))
    text = " ".join(told(one, [other]).split())

    assert (
        "No difference in 1 scenario. Pass@1 on the scenarios in common: 100 %, and 100 %" in text
    )
    assert "as many as both runs have: 4 further attempts left out." in text
    assert to_json(one, [other])["comparisons"][0]["left_out"] == 4


def test_the_data_are_json_and_hold_everything_but_outputs() -> None:
    one = run(attempts("cart", 1, 2), attempts("images", 0, 2), price=PRICE)
    other = run(attempts("cart", 2, 2), model="builtin")
    found = json.loads(json.dumps(to_json(one, [other])))

    assert list(found) == ["run", "scenarios", "comparisons"]
    assert found["run"]["pass_at_1"] == {
        "share": 0.25,
        "low": pytest.approx(0.0267, abs=1e-4),
        "high": pytest.approx(0.8021, abs=1e-4),
        "scenarios": 2,
    }
    assert found["run"]["price"] == {"prompt": 1.0, "completion": 10.0}
    assert found["run"]["problems"] == {"missing fact": 3}
    assert [each["name"] for each in found["scenarios"]] == ["images", "cart"]
    [first, second] = found["scenarios"][1]["attempts"]
    assert (first["has_passed"], second["has_passed"]) == (True, False)
    assert second["problems"] == [{"sort": MISSING.sort, "sentence": MISSING.sentence}]
    [receipt] = first["exchanges"][0]["commands"]
    assert receipt["command"] == "kubectl get pods -n shop"
    assert "output" not in receipt
    [beside] = found["comparisons"]
    assert (beside["run"]["model"], beside["worse"], beside["unshared"]) == ("builtin", 1, 1)
    assert beside["scenarios"] == [
        {"name": "cart", "standing": "worse", "share": 0.5, "other_share": 1.0}
    ]


def test_the_keys_of_the_data_are_documented() -> None:
    found = to_json(run(attempts("cart", 1, 2)), [run(attempts("cart", 2, 2))])
    documented = printed.__doc__ or ""
    keys = [*found, *found["run"], *found["scenarios"][0], *found["comparisons"][0]]

    assert [each for each in keys if f"`{each}`" not in documented] == []


def test_the_data_hold_nothing_that_a_terminal_obeys() -> None:
    exchange = Exchange(HOSTILE, answer=HOSTILE, lead=(HOSTILE,), commands=(command(note=HOSTILE),))
    found = to_json(
        run([attempt("a", 1, exchanges=(exchange,))], about={"a": HOSTILE}, kaia=HOSTILE)
    )

    assert "\\u001b" not in json.dumps(found)
    assert "\\u202e" not in json.dumps(found)


def test_of_a_run_that_tried_nothing_shares_are_null() -> None:
    found = to_json(run(scenarios={"cart": "x"}))

    assert found["run"]["pass_all"]["share"] is None
    assert found["run"]["dollars"] is None
