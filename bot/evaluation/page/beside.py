"""The run beside each other one: what got better and worse, and whether that could be chance."""

from collections.abc import Iterator, Mapping, Sequence

from bot.evaluation.amounts import counted, percent
from bot.evaluation.comparing import Comparison, Pair
from bot.evaluation.figures import Figures
from bot.evaluation.page.markup import Markup, element
from bot.evaluation.page.parts import passes, places, table
from bot.evaluation.page.summary import when

_HEADS = ("Scenario", "Here", "There", "Standing")
_MOST_OPEN = 12


def comparisons(beside: Sequence[Comparison], found: Figures) -> Markup:
    if not beside:
        return Markup()
    where = places(found.cases)
    told = [_comparison(each, where) for each in beside]
    return element("section", element("h2", "Beside other runs"), *told, id="comparisons")


def _comparison(comparison: Comparison, where: Mapping[str, str]) -> Markup:
    other = comparison.other
    title = f"{other.model}, {when(other)}, Kaia {other.kaia}"
    name = element("span", other.folder, class_="soft below")
    differing = [each for each in comparison.pairs if each.standing != "same"]
    rows = [_row(each, where[each.name]) for each in differing]
    differences = _differences(title, rows) if rows else ""
    return element("article", element("h3", title, name), *_sentences(comparison), differences)


def _differences(title: str, rows: Sequence[Markup]) -> Markup:
    """Closed where they would push everything else away."""
    return element(
        "details",
        element("summary", f"{counted(len(rows), 'scenario')} with a difference"),
        table(f"Differences to {title}", _HEADS, element("tbody", *rows)),
        open=len(rows) <= _MOST_OPEN,
    )


def _sentences(comparison: Comparison) -> Iterator[Markup]:
    yield element("p", element("strong", comparison.sentence))
    if comparison.pairs:
        own, others = percent(comparison.own_share.value), percent(comparison.other_share.value)
        common = counted(len(comparison.pairs), "scenario")
        told = f"Pass@1 on the {common} in common: {own} here, {others} there."
        test = "Chance is judged by a sign test over the scenarios that differ."
        yield element("p", f"{told} {test}", class_="soft")
    if comparison.fairness:
        yield element("p", comparison.fairness, class_="soft")
    if comparison.changed:
        names = ", ".join(comparison.changed)
        told = f"Not comparable, for their content differs: {names}."
        yield element("p", told, class_="soft")
    if comparison.unshared:
        told = f"Tried in one of the two alone: {counted(comparison.unshared, 'scenario')}."
        yield element("p", told, class_="soft")


def _row(pair: Pair, place: str) -> Markup:
    return element(
        "tr",
        element("th", element("a", pair.name, href=f"#{place}"), scope="row"),
        element("td", passes(pair.own)),
        element("td", passes(pair.other)),
        element("td", element("span", pair.standing, class_=f"standing {pair.standing}")),
    )
