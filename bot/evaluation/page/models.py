"""The table of the models: a row for each run, those of one model together."""

from collections.abc import Sequence

from bot.evaluation.amounts import dollars, number
from bot.evaluation.comparing import Comparison
from bot.evaluation.figures import Figures
from bot.evaluation.page.markup import Markup, element
from bot.evaluation.page.parts import share, table
from bot.evaluation.page.summary import when
from bot.evaluation.results import Run

_HEADS = (
    "Run",
    "Pass@1",
    "Pass^n",
    "Scenarios",
    "Calls",
    "Tokens in",
    "Tokens out",
    "Seconds",
    "Cost",
)


def models(run: Run, found: Figures, beside: Sequence[Comparison]) -> Markup:
    rows: dict[str, list[Markup]] = {}
    for each, its in [(run, found), *((one.other, one.figures) for one in beside)]:
        rows.setdefault(each.model, []).append(_row(each, its, is_this=each is run))
    bodies = [element("tbody", _name(model), *of) for model, of in rows.items()]
    note = "Seconds, calls and tokens are medians of an attempt, the cost is its mean."
    return element(
        "section",
        element("h2", "Models"),
        table("Models and their runs", _HEADS, *bodies, class_="figures"),
        element("p", note, class_="soft note"),
        id="models",
    )


def _name(model: str) -> Markup:
    cell = element("th", model, colspan=len(_HEADS), scope="rowgroup", class_="name")
    return element("tr", cell)


def _row(run: Run, found: Figures, *, is_this: bool) -> Markup:
    spent = found.spent
    return element(
        "tr",
        element("th", *_label(run, is_this=is_this), scope="row"),
        element("td", share(found.pass_at_1)),
        element("td", share(found.pass_all), element("small", f" n = {run.repeats}")),
        element("td", f"{found.pass_at_1.of:,}"),
        element("td", number(spent.model_calls.median)),
        element("td", number(spent.prompt_tokens.median)),
        element("td", number(spent.completion_tokens.median)),
        element("td", number(spent.seconds.median)),
        element("td", dollars(spent.dollars)),
        class_=is_this and "this",
    )


def _label(run: Run, *, is_this: bool) -> list[str]:
    which = f"{when(run)}, this run" if is_this else when(run)
    kaia = f"Kaia {run.kaia}, {run.folder}" if run.folder else f"Kaia {run.kaia}"
    return [which, element("small", kaia, class_="below")]
