"""Pure: a run as text for a terminal. What a model said is cleaned of what a terminal obeys."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from bot.evaluation.amounts import counted, dollars, interval, number, percent, short
from bot.evaluation.chance import Share
from bot.evaluation.comparing import Comparison, compared
from bot.evaluation.figures import Case, Figures, figures
from bot.evaluation.printed import to_json
from bot.evaluation.results import Run
from bot.plaintext import clean

__all__ = ["to_json", "told"]

_WIDTH = 90
_MOST_CASES = 15
_NAME_WIDTH = 70
_LABEL_WIDTH = 12


def told(run: Run, others: Sequence[Run] = ()) -> str:
    """Lines of at most 90 columns."""
    found = figures(run)
    lines = [*_head(run), "", *_as_a_whole(run, found), "", *_worst(run, found)]
    for other in others:
        lines += ["", *_beside(compared(run, other))]
    return "\n".join(lines) + "\n"


def _head(run: Run) -> Iterator[str]:
    tries = "once" if run.repeats == 1 else f"{run.repeats} times"
    scenarios = counted(len(run.scenarios), "scenario")
    yield from _wrapped(f"{run.model}: {scenarios}, each tried {tries}, by Kaia {run.kaia}")
    if not run.is_whole:
        whole = len(run.scenarios) * run.repeats
        yield f"Not whole yet: {len(run.attempts):,} of {whole:,} attempts have ended."


def _as_a_whole(run: Run, found: Figures) -> Iterator[str]:
    yield _line("Pass@1", _share(found.pass_at_1))
    if run.repeats > 1:
        yield _line(f"Pass^{run.repeats}", _share(found.pass_all))
    yield from _spent(found)
    yield from _listed("problems", found.problems)
    yield from _listed("verdicts", found.verdicts)
    if found.refused:
        attempts = counted(found.refusing_attempts, "attempt")
        yield _line("refused", f"{counted(found.refused, 'command')} in {attempts}")


def _share(share: Share) -> str:
    if not share.of:
        return "-"
    told = f"{percent(share.value)} of {counted(share.of, 'scenario')}"
    return f"{told} (95 %: {interval(share)})"


def _spent(found: Figures) -> Iterator[str]:
    spent = found.spent
    for label, spread in (
        ("seconds", spent.seconds),
        ("calls", spent.model_calls),
        ("tokens in", spent.prompt_tokens),
        ("tokens out", spent.completion_tokens),
    ):
        most = f"nine of ten: {number(spread.p90)} or less"
        yield _line(label, f"{number(spread.median)} for an attempt, {most}")
    each = f" for all, {dollars(spent.dollars)} for an attempt" if found.dollars is not None else ""
    yield _line("cost", f"{dollars(found.dollars)}{each}")


def _listed(label: str, counts: Mapping[str, int]) -> Iterator[str]:
    told = ", ".join(f"{name} {count:,}" for name, count in counts.items()) or "none"
    yield from _wrapped(_line(label, told), indent=_LABEL_WIDTH)


def _line(label: str, told: str) -> str:
    return f"{label:<{_LABEL_WIDTH}}{told}"


def _worst(run: Run, found: Figures) -> Iterator[str]:
    failed = [each for each in found.cases if each.passed < len(each.attempts)]
    if not failed:
        yield "Every attempt passed." if run.attempts else "Nothing has been tried yet."
        return
    yield f"Worst first, of {counted(len(failed), 'scenario')} that did not always pass:"
    for each in failed[:_MOST_CASES]:
        yield from _case(each)
    if len(failed) > _MOST_CASES:
        yield f"  and {len(failed) - _MOST_CASES} more"


def _case(case: Case) -> Iterator[str]:
    passed = f"{case.passed} of {len(case.attempts)}"
    yield f"  {passed:<9} {short(clean(case.name), _NAME_WIDTH)}"
    problem = " ".join(clean(case.problems[0].sentence).split())
    yield f"            {short(problem, _WIDTH - 12)}"


def _beside(comparison: Comparison) -> Iterator[str]:
    other = comparison.other
    yield from _wrapped(f"Beside {other.model} ({other.folder or 'unnamed'}, Kaia {other.kaia}):")
    yield from _indented(comparison.sentence)
    if comparison.pairs:
        own, others = percent(comparison.own_share.value), percent(comparison.other_share.value)
        yield from _indented(f"Pass@1 on the scenarios in common: {own}, and {others} there.")
    worse = [each for each in comparison.pairs if each.standing == "worse"]
    for each in worse[:_MOST_CASES]:
        shares = f"{percent(each.own.share)}, {percent(each.other.share)} there"
        yield f"  worse: {short(clean(each.name), _NAME_WIDTH - 20)} ({shares})"
    if len(worse) > _MOST_CASES:
        yield f"  and {len(worse) - _MOST_CASES} more"
    if comparison.changed:
        names = ", ".join(comparison.changed)
        yield from _indented(f"Not comparable, for their content differs: {names}")
    if comparison.unshared:
        yield from _indented(f"Tried in one of the two alone: {comparison.unshared}")


def _indented(text: str) -> list[str]:
    return textwrap.wrap(clean(text), _WIDTH, initial_indent="  ", subsequent_indent="  ")


def _wrapped(text: str, indent: int = 0) -> list[str]:
    return textwrap.wrap(clean(text), _WIDTH, subsequent_indent=" " * indent)
