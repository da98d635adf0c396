"""Pure: a run as text for a terminal. What a model said is cleaned of what a terminal obeys."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from bot.evaluation.amounts import (
    at_once,
    counted,
    dollars,
    interval,
    number,
    percent,
    short,
    times,
)
from bot.evaluation.chance import Share
from bot.evaluation.comparing import Comparison, compared
from bot.evaluation.figures import Case, Figures, figures
from bot.evaluation.results import Run
from bot.evaluation.spending import nine_of_ten, spent_on
from bot.plaintext import clean

NARROWEST, USUAL, WIDEST = 60, 90, 100
"""Columns."""
_MOST_CASES = 15
_NAME_WIDTH = 70
_LABEL_WIDTH = 12


def told(run: Run, others: Sequence[Run] = (), *, width: int = USUAL) -> str:
    """For a terminal of this width; a line is never wider than WIDEST."""
    return _Teller(min(max(width, NARROWEST), WIDEST)).told(run, others)


class _Teller:
    def __init__(self, width: int) -> None:
        self._width = width

    def told(self, run: Run, others: Sequence[Run]) -> str:
        found = figures(run)
        lines = [*self._head(run), "", *self._as_a_whole(run, found), "", *self._worst(run, found)]
        for other in others:
            lines += ["", *self._beside(compared(run, other))]
        return "\n".join(lines) + "\n"

    def _head(self, run: Run) -> Iterator[str]:
        scenarios = counted(len(run.scenarios), "scenario")
        tries = f"each tried {times(run.repeats)}{at_once(run.parallel)}, by Kaia {run.kaia}"
        yield from self._wrapped(f"{run.model}: {scenarios}, {tries}")
        if not run.is_whole:
            whole = len(run.scenarios) * run.repeats
            yield f"Not whole yet: {len(run.attempts):,} of {whole:,} attempts have ended."

    def _as_a_whole(self, run: Run, found: Figures) -> Iterator[str]:
        for label, told in _whole(run, found):
            yield from self._wrapped(f"{label:<{_LABEL_WIDTH}}{told}", indent=_LABEL_WIDTH)

    def _worst(self, run: Run, found: Figures) -> Iterator[str]:
        failed = [each for each in found.cases if each.passed < len(each.attempts)]
        if not failed:
            yield "Every attempt passed." if run.attempts else "Nothing has been tried yet."
            return
        yield f"Worst first, of {counted(len(failed), 'scenario')} that did not always pass:"
        for each in failed[:_MOST_CASES]:
            yield from self._case(each)
        yield from _more(failed)

    def _case(self, case: Case) -> Iterator[str]:
        passed = f"{case.passed} of {len(case.attempts)}"
        yield self._cut(f"  {passed:<9} {short(clean(case.name), _NAME_WIDTH)}")
        problem = " ".join(clean(case.problems[0].sentence).split())
        for text in (problem, spent_on(case)):
            yield self._cut(f"{'':<{_LABEL_WIDTH}}{text}")

    def _beside(self, comparison: Comparison) -> Iterator[str]:
        other = comparison.other
        where = other.folder or "unnamed"
        yield from self._wrapped(f"Beside {other.model} ({where}, Kaia {other.kaia}):")
        for text in _compared(comparison):
            yield from self._indented(text)
        worse = [each for each in comparison.pairs if each.standing == "worse"]
        for each in worse[:_MOST_CASES]:
            shares = f" ({percent(each.own.share)}, {percent(each.other.share)} there)"
            name = short(clean(each.name), self._width - len(shares) - len("  worse: "))
            yield f"  worse: {name}{shares}"
        yield from _more(worse)
        if comparison.changed:
            names = ", ".join(comparison.changed)
            yield from self._indented(f"Not comparable, for their content differs: {names}")
        if comparison.unshared:
            yield from self._indented(f"Tried in one of the two alone: {comparison.unshared}")

    def _cut(self, line: str) -> str:
        return short(line, self._width)

    def _indented(self, text: str) -> list[str]:
        return textwrap.wrap(clean(text), self._width, initial_indent="  ", subsequent_indent="  ")

    def _wrapped(self, text: str, indent: int = 0) -> list[str]:
        return textwrap.wrap(clean(text), self._width, subsequent_indent=" " * indent)


def _whole(run: Run, found: Figures) -> Iterator[tuple[str, str]]:
    """Label and what stands behind it."""
    yield "Pass@1", _share(found.pass_at_1)
    if run.repeats > 1:
        yield f"Pass^{run.repeats}", _share(found.pass_all)
    yield from _spent(found)
    yield "problems", _listed(found.problems)
    yield "verdicts", _listed(found.verdicts)
    if found.refused:
        attempts = counted(found.refusing_attempts, "attempt")
        yield "refused", f"{counted(found.refused, 'command')} in {attempts}"


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items()) or "none"


def _share(share: Share) -> str:
    if not share.of:
        return "-"
    told = f"{percent(share.value)} of {counted(share.of, 'scenario')}"
    return f"{told} (95 %: {interval(share)})"


def _spent(found: Figures) -> Iterator[tuple[str, str]]:
    spent = found.spent
    for label, of in (
        ("seconds", spent.seconds),
        ("calls", spent.model_calls),
        ("tokens in", spent.prompt_tokens),
        ("tokens out", spent.completion_tokens),
    ):
        told = f"{number(of.median)} for an attempt"
        yield label, ", ".join(filter(None, (told, nine_of_ten(of))))
    each = f" for all, {dollars(spent.dollars)} for an attempt" if found.dollars is not None else ""
    yield "cost", f"{dollars(found.dollars)}{each}"


def _compared(comparison: Comparison) -> Iterator[str]:
    yield comparison.sentence
    if comparison.pairs:
        own, others = percent(comparison.own_share.value), percent(comparison.other_share.value)
        yield f"Pass@1 on the scenarios in common: {own}, and {others} there."
    if comparison.fairness:
        yield comparison.fairness


def _more(listed: Sequence[object]) -> Iterator[str]:
    if len(listed) > _MOST_CASES:
        yield f"  and {len(listed) - _MOST_CASES} more"
