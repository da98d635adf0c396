"""Pure: two runs side by side, on the scenarios that both tried with the same content.

Of each scenario the first attempts count, as many as both have. A share of five attempts can only
rarely be as whole as one of a single attempt: between two models that are equally good, nearly
every difference would speak for one of them.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from bot.evaluation.amounts import counted
from bot.evaluation.chance import Share, of_signs
from bot.evaluation.figures import Case, Figures, figures
from bot.evaluation.results import Run

Standing = Literal["better", "worse", "same"]
_SURE = 0.05


@dataclass(frozen=True, slots=True)
class Pair:
    name: str
    own: Case
    """With as many attempts as the other."""
    other: Case

    @property
    def standing(self) -> Standing:
        """The run's own, beside the other."""
        if self.own.share == self.other.share:
            return "same"
        return "better" if self.own.share > self.other.share else "worse"


@dataclass(frozen=True, slots=True)
class Comparison:
    other: Run
    figures: Figures
    """The other's, of all its attempts."""
    pairs: tuple[Pair, ...]
    """Worse first, then better, then the same; each by name."""
    changed: tuple[str, ...]
    """Both tried it, with another content: not comparable."""
    unshared: int
    """Scenarios that only one of the two has tried."""
    left_out: int
    """Attempts at the pairs' scenarios that only one of the two has made."""

    def count(self, standing: Standing) -> int:
        return sum(each.standing == standing for each in self.pairs)

    @property
    def own_share(self) -> Share:
        """Pass@1 on the pairs alone."""
        return Share(sum(each.own.share for each in self.pairs), len(self.pairs))

    @property
    def other_share(self) -> Share:
        return Share(sum(each.other.share for each in self.pairs), len(self.pairs))

    @property
    def chance(self) -> float:
        """The p of a sign test, paired by scenario."""
        return of_signs(self.count("better"), self.count("worse"))

    @property
    def sentence(self) -> str:
        better, worse = self.count("better"), self.count("worse")
        if not self.pairs:
            return "Nothing to compare: the two have no scenario in common."
        if not better + worse:
            return f"No difference in {counted(len(self.pairs), 'scenario')}."
        p = "p < 0.001" if self.chance < 0.001 else f"p = {_two_digits(self.chance)}"
        told = "hardly chance" if self.chance < _SURE else "could be chance"
        return f"{better} better, {worse} worse, {self.count('same')} the same: {told} ({p})."

    @property
    def fairness(self) -> str:
        """Why not all attempts were compared; empty where all were."""
        if not self.left_out:
            return ""
        left_out = counted(self.left_out, "further attempt")
        return (
            "Judged on the first attempts at each scenario, as many as both runs have:"
            f" {left_out} left out."
        )


def compared(run: Run, other: Run) -> Comparison:
    here, there = _begun(run), _begun(other)
    both = sorted(here.keys() & there.keys())
    alike = [name for name in both if run.scenarios[name] == other.scenarios[name]]
    most = {name: min(here[name], there[name]) for name in alike}
    own, others = _cases(run, most), _cases(other, most)
    pairs = [Pair(name, own[name], others[name]) for name in alike]
    order = ("worse", "better", "same")
    pairs.sort(key=lambda each: order.index(each.standing))
    return Comparison(
        other,
        figures(other),
        tuple(pairs),
        changed=tuple(name for name in both if name not in most),
        unshared=len(here.keys() ^ there.keys()),
        left_out=sum(abs(here[name] - there[name]) for name in alike),
    )


def _begun(run: Run) -> Counter[str]:
    """Attempts at each scenario that was tried."""
    return Counter(each.scenario for each in run.attempts if each.scenario in run.scenarios)


def _cases(run: Run, most: Mapping[str, int]) -> dict[str, Case]:
    """Of these scenarios, each with at most so many attempts: the first ones."""
    seen: Counter[str] = Counter()
    attempts = []
    for each in run.attempts:
        seen[each.scenario] += 1
        if seen[each.scenario] <= most.get(each.scenario, 0):
            attempts.append(each)
    cut = replace(run, scenarios=dict.fromkeys(most, ""), attempts=tuple(attempts))
    return {each.name: each for each in figures(cut).cases}


def _two_digits(p: float) -> str:
    return f"{p:.2f}" if p >= 0.1 else f"{p:.2g}"
