"""Pure: what `kaia eval --json` prints. What a model said is cleaned.

The keys of the data: `run` has `model`, `repeats`, `started` (seconds since the epoch), `kaia`,
`folder`, `price` (dollars for a million tokens, or null), `parallel` (attempts at once, or null
where it was not always the same), `is_whole`, and of the run as a whole
`pass_at_1` and `pass_all` (each `share`, `low`, `high` and `scenarios`), `spent`, `dollars`,
`problems`, `refused_commands`, `verdicts`; `scenarios`, worst first, have `name`, `about`,
`digest`, `passed`, `tried`, `spent` and `attempts`: everything but what commands printed.
`spent` is of an attempt: `seconds`, `model_calls`, `prompt_tokens`, `completion_tokens`, each with
`median` and `p90`, and `dollars`, its mean. `comparisons` have `run`, the other as above,
`sentence`, `p`, `better`, `worse`, `same`, `changed`, `unshared`, `left_out` (attempts that only
one of the two has made, which are not compared) and `scenarios`.
"""

import dataclasses
from collections.abc import Sequence
from typing import Any

from bot.evaluation.chance import Share
from bot.evaluation.comparing import Comparison, compared
from bot.evaluation.figures import Case, Figures, Spent, figures
from bot.evaluation.results import Attempt, Run
from bot.plaintext import clean


def to_json(run: Run, others: Sequence[Run] = ()) -> dict[str, Any]:
    """The keys are above."""
    found = figures(run)
    data = {
        "run": _run(run, found),
        "scenarios": [_case(run, each) for each in found.cases],
        "comparisons": [_comparison(compared(run, each)) for each in others],
    }
    return {name: _cleaned(each) for name, each in data.items()}


def _run(run: Run, found: Figures) -> dict[str, Any]:
    return {
        **{name: getattr(run, name) for name in ("model", "repeats", "started", "kaia", "folder")},
        "price": dataclasses.asdict(run.price) if run.price else None,
        "parallel": run.parallel or None,
        "is_whole": run.is_whole,
        "pass_at_1": _share(found.pass_at_1),
        "pass_all": _share(found.pass_all),
        "spent": _spent(found.spent),
        "dollars": found.dollars,
        "problems": dict(found.problems),
        "refused_commands": found.refused,
        "verdicts": dict(found.verdicts),
    }


def _share(share: Share) -> dict[str, Any]:
    """Null where nothing was tried."""
    value = share.value if share.of else None
    return {"share": value, "low": share.low, "high": share.high, "scenarios": share.of}


def _spent(spent: Spent) -> dict[str, Any]:
    """All of its figures, by their names there."""
    return dataclasses.asdict(spent)


def _case(run: Run, case: Case) -> dict[str, Any]:
    return {
        "name": case.name,
        "about": case.about,
        "digest": run.scenarios[case.name],
        "passed": case.passed,
        "tried": len(case.attempts),
        "spent": _spent(case.spent),
        "attempts": [_attempt(each) for each in case.attempts],
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    kept = attempt.to_json()
    for exchange in kept["exchanges"]:
        for command in exchange["commands"]:
            del command["output"]
    return {**kept, "has_passed": attempt.has_passed}


def _cleaned(value: Any) -> Any:
    match value:
        case str():
            return clean(value)
        case dict():
            return {name: _cleaned(each) for name, each in value.items()}
        case list() | tuple():
            return [_cleaned(each) for each in value]
    return value


def _comparison(comparison: Comparison) -> dict[str, Any]:
    return {
        "run": _run(comparison.other, comparison.figures),
        "sentence": comparison.sentence,
        "p": comparison.chance,
        "better": comparison.count("better"),
        "worse": comparison.count("worse"),
        "same": comparison.count("same"),
        "changed": list(comparison.changed),
        "unshared": comparison.unshared,
        "left_out": comparison.left_out,
        "scenarios": [
            {
                "name": each.name,
                "standing": each.standing,
                "share": each.own.share,
                "other_share": each.other.share,
            }
            for each in comparison.pairs
        ],
    }
