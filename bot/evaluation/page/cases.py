"""The table of the scenarios, worst first; the page's script filters and sorts it.

On a narrow screen its figures stand in a line below the problems, instead of in columns.
"""

from collections.abc import Iterator, Sequence

from bot.evaluation.amounts import counted, dollars, number
from bot.evaluation.figures import Case, Figures
from bot.evaluation.page.markup import Markup, element
from bot.evaluation.page.parts import passes, places, state, table
from bot.evaluation.spending import spent_on

_HEADS = ("Scenario", "Passed", "Problems", "Seconds", "Calls", "Tokens", "Cost")
_STATES = {"": "All", "wrong": "Not always passed", "passed": "Always passed"}


def cases(found: Figures) -> Markup:
    where = places(found.cases)
    rows = [_row(each, where[each.name]) for each in found.cases]
    return element(
        "section",
        element("h2", "Scenarios, worst first"),
        _filter(found),
        table("Scenarios", _HEADS, element("tbody", *rows), class_="cases"),
        id="scenarios",
    )


def sorts(case: Case) -> str:
    """What the filter finds a scenario by, one between bars."""
    return "".join(f"|{each}" for each in sorted({each.sort for each in case.problems})) + "|"


def _filter(found: Figures) -> Markup:
    """Hidden until the script is there to heed it."""
    problems = {"": "Any problem or none", **{each: each for each in found.problems}}
    return element(
        "form",
        element("label", "Name ", element("input", type="search", name="name")),
        element("label", "Passed ", _select("state", _STATES)),
        element("label", "Problem ", _select("sort", problems)),
        element("output", name="count"),
        class_="filter",
        hidden=True,
    )


def _select(name: str, options: dict[str, str]) -> Markup:
    return element(
        "select", *(element("option", each, value=key) for key, each in options.items()), name=name
    )


def _row(case: Case, place: str) -> Markup:
    spent = case.spent
    tokens = spent.prompt_tokens.median + spent.completion_tokens.median
    name = element("a", case.name, href=f"#{place}")
    about = element("span", case.about, class_="below soft")
    took = element("span", spent_on(case), class_="below soft narrow") if case.attempts else ""
    return element(
        "tr",
        element("th", name, about, scope="row", data_value=case.name),
        element("td", passes(case), data_value=_number(case.share if case.attempts else 2)),
        element("td", *_problems(case), took, data_value=len(case.problems)),
        element("td", number(spent.seconds.median), data_value=_number(spent.seconds.median)),
        element(
            "td", number(spent.model_calls.median), data_value=_number(spent.model_calls.median)
        ),
        element("td", number(tokens), data_value=_number(tokens)),
        element("td", dollars(spent.dollars), data_value=_number(spent.dollars or 0)),
        data_case=place,
        data_state=state(case),
        data_sorts=sorts(case),
    )


def _number(value: float) -> str:
    return f"{value:.6g}"


def _problems(case: Case) -> Iterator[str]:
    told: Sequence[str] = list(dict.fromkeys(each.sentence for each in case.problems))
    if told:
        yield element("span", told[0])
    if len(told) > 1:
        yield element("span", f"and {counted(len(told) - 1, 'other')}", class_="below soft")
