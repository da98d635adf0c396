"""Pure: two runs side by side, on the scenarios that both tried with the same content."""

from dataclasses import dataclass
from typing import Literal

from bot.evaluation.chance import Share, of_signs
from bot.evaluation.figures import Case, Figures, figures
from bot.evaluation.results import Run

Standing = Literal["better", "worse", "same"]
_SURE = 0.05


@dataclass(frozen=True, slots=True)
class Pair:
    name: str
    own: Case
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
    """The other's."""
    pairs: tuple[Pair, ...]
    """Worse first, then better, then the same; each by name."""
    changed: tuple[str, ...]
    """Both tried it, with another content: not comparable."""
    unshared: int
    """Scenarios that only one of the two has tried."""

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
            return f"No difference in {_scenarios(len(self.pairs))}."
        p = "p < 0.001" if self.chance < 0.001 else f"p = {_two_digits(self.chance)}"
        told = "hardly chance" if self.chance < _SURE else "could be chance"
        return f"{better} better, {worse} worse, {self.count('same')} the same: {told} ({p})."


def compared(run: Run, other: Run) -> Comparison:
    own, others = figures(run), figures(other)
    there = {each.name: each for each in others.cases if each.attempts}
    here = {each.name: each for each in own.cases if each.attempts}
    both = sorted(here.keys() & there.keys())
    pairs = [
        Pair(name, here[name], there[name])
        for name in both
        if run.scenarios[name] == other.scenarios[name]
    ]
    order = ("worse", "better", "same")
    pairs.sort(key=lambda each: order.index(each.standing))
    changed = tuple(name for name in both if run.scenarios[name] != other.scenarios[name])
    return Comparison(other, others, tuple(pairs), changed, len(here.keys() ^ there.keys()))


def _scenarios(count: int) -> str:
    return f"{count} scenario" if count == 1 else f"{count} scenarios"


def _two_digits(p: float) -> str:
    return f"{p:.2f}" if p >= 0.1 else f"{p:.2g}"
