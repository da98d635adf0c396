"""Pure: what attempts took, as terminal and page say it in the same words."""

from bot.evaluation.amounts import counted, dollars, number
from bot.evaluation.figures import Case, Spread


def nine_of_ten(spread: Spread) -> str:
    """Empty where it says no more than the median."""
    most = number(spread.p90)
    return "" if most == number(spread.median) else f"nine of ten: {most} or less"


def spent_on(case: Case) -> str:
    """On an attempt at it, in the middle: `12 s, 2 calls, 1,000 tokens in, 100 out`."""
    spent = case.spent
    calls = spent.model_calls.median
    told = [
        f"{number(spent.seconds.median)} s",
        counted(1, "call") if calls == 1 else f"{number(calls)} calls",
        f"{number(spent.prompt_tokens.median)} tokens in",
        f"{number(spent.completion_tokens.median)} out",
    ]
    cost = [dollars(spent.dollars)] if spent.dollars is not None else []
    return ", ".join([*told, *cost])
