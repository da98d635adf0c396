"""A run in numbers, their intervals, and two runs side by side."""

import math
import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.chance import Share, of_signs
from bot.evaluation.comparing import compared
from bot.evaluation.figures import claimed, figures
from bot.evaluation.results import Command, Exchange, Problem, Run
from bot.evaluation.scenario import Expected, Scenario
from tests.evaluation.runs import MISSING, PRICE, attempt, attempts, run

COUNTS = st.integers(1, 2_000)


@given(COUNTS, st.floats(0, 1))
def test_an_interval_stays_within_0_and_1_and_around_its_share(of: int, share: float) -> None:
    found = Share(share * of, of)

    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.low < found.high


@given(COUNTS, st.floats(0, 1), st.floats(0, 1))
def test_a_larger_share_has_a_higher_interval(of: int, one: float, other: float) -> None:
    small, large = (Share(each * of, of) for each in sorted((one, other)))

    assert small.low <= large.low + 1e-12
    assert small.high <= large.high + 1e-12


@given(COUNTS, st.integers(2, 50), st.floats(0, 1))
def test_more_scenarios_make_an_interval_narrower(of: int, times: int, share: float) -> None:
    few, many = Share(share * of, of), Share(share * of * times, of * times)

    assert many.high - many.low < few.high - few.low


@pytest.mark.parametrize(
    ("passed", "of", "low", "high"),
    [
        (125, 125, 0.9702, 1.0),
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_intervals_are_those_of_wilson(passed: int, of: int, low: float, high: float) -> None:
    found = Share(passed, of)

    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_nothing_tried_may_be_anything() -> None:
    assert (Share(0, 0).value, Share(0, 0).low, Share(0, 0).high) == (0.0, 0.0, 1.0)


def test_pass_at_1_is_the_mean_of_the_scenarios_and_pass_n_counts_those_without_a_failure() -> None:
    found = figures(run(attempts("a", 4, 4), attempts("b", 2, 4), attempts("c", 0, 4)))

    assert (found.pass_at_1.value, found.pass_at_1.of) == (0.5, 3)
    assert (found.pass_all.passed, found.pass_all.of) == (1, 3)


def test_a_scenario_that_is_still_tried_counts_for_pass_at_1_alone() -> None:
    found = figures(run(attempts("a", 2, 2), attempts("b", 1, 1), repeats=2))

    assert (found.pass_at_1.value, found.pass_at_1.of) == (1.0, 2)
    assert (found.pass_all.passed, found.pass_all.of) == (1, 1)


def test_a_scenario_tried_more_often_weighs_no_more() -> None:
    found = figures(run(attempts("a", 4, 4), attempts("b", 0, 1), repeats=4))

    assert found.pass_at_1.value == 0.5


def test_what_an_attempt_took_is_told_by_median_and_nine_of_ten() -> None:
    tried = [attempt("a", each, seconds=float(each), model_calls=each) for each in range(1, 11)]
    spent = figures(run(tried)).spent

    assert (spent.seconds.median, spent.seconds.p90) == (5.5, 9.0)
    assert (spent.model_calls.median, spent.model_calls.p90) == (5.5, 9)
    assert (spent.prompt_tokens.median, spent.completion_tokens.p90) == (5_500, 900)


def test_cost_is_told_in_all_and_for_an_attempt_where_there_is_a_price() -> None:
    tried = run(attempts("a", 2, 2), attempts("b", 2, 2), price=PRICE)
    found = figures(tried)

    assert found.dollars == pytest.approx(2 * (0.001 + 0.001) + 2 * (0.002 + 0.002))
    assert found.spent.dollars == pytest.approx(0.003)
    assert found.cases[0].spent.dollars == pytest.approx(0.003)
    assert figures(run(attempts("a", 2, 2))).dollars is None
    assert figures(run(price=PRICE)).spent.dollars is None


def test_problems_are_counted_by_the_attempts_that_have_them() -> None:
    canary = Problem("canary", "A planted secret (kT9-…) is in the text of answer 1.")
    found = figures(
        run([attempt("a", 1, MISSING, MISSING), attempt("a", 2, canary, MISSING), attempt("a", 3)])
    )

    assert list(found.problems.items()) == [("missing fact", 2), ("canary", 1)]


def test_refused_commands_and_verdicts_are_counted() -> None:
    no = Command(1, "kubectl", "kubectl delete pod a", "refused", None, "")
    said = [
        Exchange("a", verdict="**CONFIRMED** · a", commands=(no, no)),
        Exchange("b", verdict="**WAHRSCHEINLICH** · b"),
        Exchange("c", verdict="**CONFIRMED** · c"),
        Exchange("d"),
        Exchange("e", is_failure=True),
    ]
    found = figures(run([attempt("a", 1, exchanges=tuple(said)), attempt("a", 2, exchanges=())]))

    assert (found.refused, found.refusing_attempts) == (2, 1)
    assert found.verdicts == {"CONFIRMED": 2, "LIKELY": 1, "none": 1}


def test_the_worst_scenarios_come_first_and_those_not_tried_last() -> None:
    two = [attempt("twice", 1, MISSING, MISSING), attempt("twice", 2, MISSING)]
    tried = run(attempts("good", 2, 2), attempts("half", 1, 2), attempts("bad", 0, 2), two)
    with_more = replace(tried, scenarios={"later": "x", **tried.scenarios})

    found = [each.name for each in figures(with_more).cases]
    assert found == ["twice", "bad", "half", "good", "later"]


def test_what_the_built_in_wording_claims_has_to_pass_whenever_it_was_tried() -> None:
    tried = run(attempts("a", 2, 2), attempts("b", 1, 2), attempts("c", 0, 2))
    share, broken = claimed(tried, _scenarios(a=True, b=True, c=False, d=True))

    assert (share.passed, share.of, broken) == (1, 2, ("b",))


def _scenarios(**claims: bool) -> dict[str, Scenario]:
    base = {"format": 1, "about": "a", "question": "b"}
    return {
        name: Scenario(name, Path(), Expected.model_validate({**base, "builtin": claim}))
        for name, claim in claims.items()
    }


def test_a_run_without_attempts_has_figures_too() -> None:
    found = figures(run(scenarios={"a": "x"}))

    assert (found.pass_at_1.of, found.pass_all.of, found.spent.seconds.median) == (0, 0, 0.0)
    assert [each.name for each in found.cases] == ["a"]


def test_two_runs_are_compared_scenario_by_scenario() -> None:
    one = run(attempts("a", 2, 2), attempts("b", 1, 2), attempts("c", 1, 2))
    other = run(attempts("a", 1, 2), attempts("b", 2, 2), attempts("c", 1, 2), model="builtin")
    found = compared(one, other)

    assert [(each.name, each.standing) for each in found.pairs] == [
        ("b", "worse"),
        ("a", "better"),
        ("c", "same"),
    ]
    assert found.sentence == "1 better, 1 worse, 1 the same: could be chance (p = 1.00)."
    assert (found.own_share.value, found.other_share.value) == (4 / 6, 4 / 6)


def test_scenarios_of_another_content_are_named_and_not_compared() -> None:
    one = run(attempts("a", 2, 2), attempts("b", 0, 2), attempts("mine", 1, 2))
    other = run(attempts("a", 2, 2), attempts("b", 2, 2), scenarios={"a": "digest-a", "b": "new"})
    found = compared(one, other)

    assert ([each.name for each in found.pairs], found.changed) == (["a"], ("b",))
    assert found.unshared == 1
    assert found.sentence == "No difference in 1 scenario."


def test_two_runs_are_compared_on_as_many_attempts_as_both_have() -> None:
    one = run(attempts("a", 1, 1), attempts("b", 1, 1), attempts("c", 2, 3))
    other = run(attempts("a", 4, 5), attempts("b", 0, 5), attempts("c", 1, 2))
    found = compared(one, other)

    assert {each.name: (each.standing, len(each.own.attempts)) for each in found.pairs} == {
        "a": ("same", 1),
        "b": ("better", 1),
        "c": ("better", 2),
    }
    assert (found.own_share.value, found.other_share.value) == (1.0, 0.5)
    assert found.left_out == 4 + 4 + 1
    assert "9 further attempts left out" in found.fairness
    assert found.figures.pass_at_1.value == pytest.approx((0.8 + 0 + 0.5) / 3)
    assert compared(one, one).fairness == ""


@pytest.mark.parametrize(("here", "there"), [(1, 5), (5, 1), (2, 5), (5, 5)])
def test_models_that_are_equally_good_seldom_differ_by_more_than_chance(
    here: int, there: int
) -> None:
    """Whatever their numbers of attempts: at most five of a hundred, and some luck."""
    chance = random.Random(8)  # noqa: S311 - nothing secret

    def tried(repeats: int) -> Run:
        return run(
            *(
                [
                    attempt(f"s{one}", each, *([] if chance.random() < 0.9 else [MISSING]))
                    for each in range(1, repeats + 1)
                ]
                for one in range(40)
            )
        )

    told = [compared(tried(here), tried(there)).chance < 0.05 for _ in range(100)]
    assert sum(told) <= 10


def test_runs_without_a_scenario_in_common_say_so() -> None:
    found = compared(run(attempts("a", 2, 2)), run(attempts("b", 2, 2)))

    assert found.sentence == "Nothing to compare: the two have no scenario in common."


@pytest.mark.parametrize(
    ("better", "worse", "said"),
    [
        (7, 2, "7 better, 2 worse, 0 the same: could be chance (p = 0.18)."),
        (7, 0, "7 better, 0 worse, 0 the same: hardly chance (p = 0.016)."),
        (0, 20, "0 better, 20 worse, 0 the same: hardly chance (p < 0.001)."),
    ],
)
def test_whether_a_difference_could_be_chance_is_said(better: int, worse: int, said: str) -> None:
    def tried(firsts: int, seconds: int) -> Run:
        names = [f"s{each}" for each in range(better + worse)]
        return run(
            *(attempts(name, firsts, 1) for name in names[:better]),
            *(attempts(name, seconds, 1) for name in names[better:]),
        )

    assert compared(tried(1, 0), tried(0, 1)).sentence == said


@given(st.integers(0, 300), st.integers(0, 300))
def test_the_sign_test_is_a_probability_that_knows_no_sides(better: int, worse: int) -> None:
    found = of_signs(better, worse)

    assert 0 < found <= 1
    assert found == of_signs(worse, better)
    assert found == 1.0 or better != worse


def test_the_sign_test_counts_exactly() -> None:
    assert math.isclose(of_signs(7, 2), 2 * (1 + 9 + 36) / 2**9)
    assert of_signs(0, 0) == 1.0
    assert 0 < of_signs(0, 1_000) < 1e-300
