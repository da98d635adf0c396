"""Pure: a run in numbers, as a whole and scenario by scenario; it words nothing.

Pass@1 is the mean, over the scenarios, of the share of their attempts that passed: how often a
first answer is right. Pass^n is the share of scenarios of which all n attempts passed: how often
one can rely on it. Both intervals count scenarios, not attempts, which depend on each other.
"""

import math
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.evaluation.chance import Share
from bot.evaluation.results import Attempt, Problem, Run
from bot.evaluation.scenario import Scenario
from bot.languages import certainty_of


@dataclass(frozen=True, slots=True)
class Spread:
    median: float
    p90: float
    """Nine of ten are not above it."""


@dataclass(frozen=True, slots=True)
class Spent:
    """On an attempt."""

    seconds: Spread
    model_calls: Spread
    prompt_tokens: Spread
    completion_tokens: Spread
    dollars: float | None
    """Its mean; None where nobody named a price."""


@dataclass(frozen=True, slots=True)
class Case:
    """A scenario in a run."""

    name: str
    about: str
    attempts: tuple[Attempt, ...]
    """That ended."""
    repeats: int
    spent: Spent

    @property
    def passed(self) -> int:
        return sum(each.has_passed for each in self.attempts)

    @property
    def share(self) -> float:
        return self.passed / len(self.attempts) if self.attempts else 0.0

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(problem for each in self.attempts for problem in each.problems)

    @property
    def is_tried(self) -> bool:
        """As often as it was to be."""
        return len(self.attempts) >= self.repeats


@dataclass(frozen=True, slots=True)
class Figures:
    pass_at_1: Share
    pass_all: Share
    """Pass^n."""
    spent: Spent
    dollars: float | None
    """In all."""
    problems: Mapping[str, int]
    """Sort -> attempts that have such a problem, the most frequent first."""
    refused: int
    """Commands."""
    refusing_attempts: int
    verdicts: Mapping[str, int]
    """`CONFIRMED`, … or `none` -> answers, the most frequent first."""
    cases: tuple[Case, ...]
    """Worst first: fewest passes, most problems, name. Those that were not tried come last."""


def figures(run: Run) -> Figures:
    cases = sorted((_case(run, name) for name in run.scenarios), key=_worst_first)
    begun = [each for each in cases if each.attempts]
    tried = [each for each in cases if each.is_tried]
    refused = [each.refused for each in run.attempts]
    return Figures(
        pass_at_1=Share(math.fsum(each.share for each in begun), len(begun)),
        pass_all=Share(sum(each.passed == len(each.attempts) for each in tried), len(tried)),
        spent=_spent(run, run.attempts),
        dollars=math.fsum(map(run.price.of, run.attempts)) if run.price else None,
        problems=_counted(
            sort for each in run.attempts for sort in {one.sort for one in each.problems}
        ),
        refused=sum(refused),
        refusing_attempts=sum(each > 0 for each in refused),
        verdicts=_counted(
            certainty_of(one.verdict) or "none"
            for each in run.attempts
            for one in each.exchanges
            if not one.is_failure
        ),
        cases=tuple(cases),
    )


def claimed(run: Run, scenarios: Mapping[str, Scenario]) -> tuple[Share, tuple[str, ...]]:
    """Of the scenarios that the built-in wording claims to solve: those that passed whenever they
    were tried, and the names of the others.
    """
    names = [each for each, one in scenarios.items() if one.expected.builtin]
    cases = [each for each in (_case(run, name) for name in names) if each.attempts]
    broken = tuple(sorted(each.name for each in cases if each.passed < len(each.attempts)))
    return Share(len(cases) - len(broken), len(cases)), broken


def _case(run: Run, name: str) -> Case:
    attempts = tuple(each for each in run.attempts if each.scenario == name)
    return Case(name, run.about.get(name, ""), attempts, run.repeats, _spent(run, attempts))


def _worst_first(case: Case) -> tuple[bool, float, int, str]:
    return not case.attempts, case.share, -len(case.problems), case.name


def _spent(run: Run, attempts: Sequence[Attempt]) -> Spent:
    def spread(of: Callable[[Attempt], float]) -> Spread:
        return _spread([of(each) for each in attempts])

    price = run.price if attempts else None
    return Spent(
        spread(lambda each: each.seconds),
        spread(lambda each: each.model_calls),
        spread(lambda each: each.prompt_tokens),
        spread(lambda each: each.completion_tokens),
        math.fsum(map(price.of, attempts)) / len(attempts) if price else None,
    )


def _spread(values: Sequence[float]) -> Spread:
    if not values:
        return Spread(0.0, 0.0)
    place = math.ceil(0.9 * len(values)) - 1
    return Spread(statistics.median(values), sorted(values)[place])


def _counted(found: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(found).items(), key=lambda each: (-each[1], each[0])))
